package firewall

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// party is an endpoint with a binding that has been read.
type party struct {
	id       string
	binding  Binding
	prefixes []netip.Prefix // of the list: sorted, masked, none covers another
	named    []namedCIDR    // sorted by name
	peers    []peer         // what it is as the other side, its list of CIDRs apart
	families families       // of rules to and from its group or list
	managed  bool           // rules are attached to it
	public   netip.Prefix   // a public block that its addresses hold, as far as they are known; invalid: none
}

type namedCIDR struct {
	name   string
	prefix Value[netip.Prefix]
}

// peer is one form in which an endpoint is the other side of a rule. Exactly one
// of prefix, group and list is there.
type peer struct {
	kind        PeerKind
	side        string              // in the key
	prefix      Value[netip.Prefix] // unknown for a named CIDR until apply
	named       bool                // it is a named CIDR
	group, list Value[string]       // their ids
	entries     Value[int64]        // what a list counts for in quotas
	families    families            // of a group or a list
}

// families is a set of address families.
type families uint8

const (
	ipv4 families = 1 << iota
	ipv6

	anyFamily = ipv4 | ipv6
)

// readPeers fills in what the party is as the other side of a rule.
func (p *party) readPeers(t Target) {
	for _, n := range p.named {
		p.peers = append(p.peers, peer{kind: CIDRPeer, side: n.name, prefix: n.prefix, named: true})
	}
	if !p.binding.Group.IsAbsent() {
		p.peers = append(p.peers, peer{kind: SecurityGroupPeer, side: p.id, group: p.binding.Group, families: p.families})
	}
	if !p.binding.List.IsAbsent() {
		p.peers = append(p.peers, peer{kind: t.listPeer, side: p.id, list: p.binding.List, entries: p.binding.MaxEntries, families: p.families})
	}
}

// hasIdentifier reports whether the endpoint is a group, tags or accounts, which
// rules can be attached to.
func (b Binding) hasIdentifier() bool {
	return !b.Group.IsAbsent() || !b.Tags.IsAbsent() || !b.Accounts.IsAbsent()
}

// maxErrors bounds how many faults of one call are told, so that a list of
// 100,000 bad CIDRs stays readable.
const maxErrors = 20

// faults collects what is wrong with bindings.
type faults struct {
	at   refusal.Path // where they stand
	errs []error
	more int
}

func (f *faults) add(err error) {
	switch {
	case err == nil:
	case len(f.errs) == maxErrors:
		f.more++
	default:
		f.errs = append(f.errs, err)
	}
}

// addUnknown adds the fault of a name that is none of the allowed ones. Finding
// the nearest of thousands takes long, and is left out where nobody would see it.
func (f *faults) addUnknown(at refusal.Path, name, what string, allowed []string) {
	if len(f.errs) == maxErrors {
		f.more++
		return
	}
	f.add(refusal.Unknown(at, name, what, allowed))
}

func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(slices.Clone(f.errs), &refusal.Error{
			At:      f.at,
			Summary: "More errors",
			Found:   fmt.Sprintf("%d more errors of this kind are not shown", f.more),
			Remedy:  "Mend those above first",
		})...)
	}
	return errors.Join(f.errs...)
}

// readBindings reads every binding and checks each by itself.
func readBindings(t Target, bindings map[string]Binding, f *faults) map[string]*party {
	parties := make(map[string]*party, len(bindings))
	for _, id := range slices.Sorted(maps.Keys(bindings)) {
		at := f.at.Key(id)
		if !matrix.IsID(id) {
			f.add(matrix.InvalidID(at, id))
			continue
		}
		parties[id] = readBinding(t, at, id, bindings[id], f)
	}
	return parties
}

func readBinding(t Target, at refusal.Path, id string, b Binding, f *faults) *party {
	p := &party{id: id, binding: b, managed: b.hasIdentifier() && !b.Unmanaged}
	if !checkForms(t, at, b, f) {
		return p
	}
	checkIdentifier(at.Attribute(t.GroupAttribute), b.Group, f)
	checkIdentifier(at.Attribute(t.ListAttribute), b.List, f)
	p.binding.Tags = readTexts(at.Attribute(t.TagsAttribute), b.Tags, networkTag, f)
	p.binding.Accounts = readTexts(at.Attribute(t.AccountsAttribute), b.Accounts, serviceAccount, f)
	if n, ok := b.MaxEntries.Get(); ok && n < 1 {
		f.add(&refusal.Error{
			At:      at.Attribute(t.MaxEntriesAttribute),
			Summary: "Invalid size of a list",
			Found:   strconv.FormatInt(n, 10) + " is no size of a list",
			Allowed: "a whole number from 1",
		})
	}
	p.prefixes = readCIDRs(at.Attribute("cidrs"), b.CIDRs, f)
	p.named = readNamedCIDRs(at.Attribute("named_cidrs"), b.NamedCIDRs, f)
	p.families = readEthertypes(at.Attribute(t.EthertypesAttribute), b.Ethertypes, f)
	p.public = publicBlock(p)
	p.readPeers(t)
	return p
}

// checkForms refuses attributes that contradict each other or miss one another.
// It reports whether the binding says itself what the endpoint is.
func checkForms(t Target, at refusal.Path, b Binding, f *faults) bool {
	hasCIDRs := b.CIDRs != nil || b.NamedCIDRs != nil
	hasList := !b.List.IsAbsent()
	if b.SameAs != "" {
		if hasCIDRs || b.hasIdentifier() || hasList || b.Public || b.Unmanaged || !b.MaxEntries.IsAbsent() || b.Ethertypes != nil {
			f.add(&refusal.Error{
				At:      at.Attribute("same_as"),
				Summary: "Two answers in one binding",
				Found:   "same_as says that this endpoint is " + strconv.Quote(b.SameAs) + ", and other attributes say what it is",
				Remedy:  "Leave same_as out, or leave out the other attributes",
			})
		}
		return false
	}
	switch {
	case !hasCIDRs && !b.hasIdentifier() && !hasList:
		f.add(&refusal.Error{
			At:      at,
			Summary: "Binding without content",
			Found:   "none of its attributes says what the endpoint is: all are left out or null (an identifier that was unknown at plan may have become null)",
			Remedy:  "Write " + t.identifierAttributes() + " for a host, cidrs = [\"10.20.0.0/16\"] for a network, or cidrs = [] for what has no addresses yet",
		})
	case !b.Group.IsAbsent() && hasList:
		f.add(&refusal.Error{
			At:      at,
			Summary: "Two answers in one binding",
			Found:   t.GroupAttribute + " and " + t.ListAttribute + " are both set",
			Remedy:  "Keep one of the two; CIDRs may stand beside either",
		})
	case !b.Tags.IsAbsent() && !b.Accounts.IsAbsent():
		f.add(&refusal.Error{
			At:      at,
			Summary: "Tags beside service accounts",
			Found:   t.TagsAttribute + " and " + t.AccountsAttribute + " are both set, which cannot stand in one rule",
			Remedy:  "Use one of the two for every endpoint",
		})
	case hasList && t.MaxEntriesAttribute != "" && b.MaxEntries.IsAbsent():
		f.add(&refusal.Error{
			At:      at,
			Summary: "Missing size of a list",
			Found:   t.ListAttribute + " is set without " + t.MaxEntriesAttribute + "; the cloud counts the list as that many rules",
			Remedy:  "Add " + t.MaxEntriesAttribute + " = RESOURCE.max_entries, from the resource or data source that the id comes from",
		})
	case !hasList && !b.MaxEntries.IsAbsent():
		f.add(&refusal.Error{
			At:      at.Attribute(t.MaxEntriesAttribute),
			Summary: "Size without a list",
			Found:   t.MaxEntriesAttribute + " is set without " + t.ListAttribute,
			Remedy:  "Add " + t.ListAttribute + ", or leave " + t.MaxEntriesAttribute + " out",
		})
	case b.Ethertypes != nil && b.Group.IsAbsent() && !hasList:
		f.add(&refusal.Error{
			At:      at.Attribute(t.EthertypesAttribute),
			Summary: "Address families without a group",
			Found:   t.EthertypesAttribute + " is set without " + t.GroupAttribute + " or " + t.ListAttribute + ", and a CIDR says its family itself",
			Remedy:  "Leave " + t.EthertypesAttribute + " out, and list the CIDRs of the families that you want",
		})
	}
	return true
}

func checkIdentifier(at refusal.Path, id Value[string], f *faults) {
	if value, ok := id.Get(); ok && value == "" {
		f.add(&refusal.Error{
			At:      at,
			Summary: "Empty identifier",
			Found:   "the text is empty",
			Remedy:  "Give the resource's id, or null to leave the attribute out",
		})
	}
}

// wording is a kind of text that a cloud reads in a form of its own.
type wording struct {
	valid   func(text string) bool
	summary string // "Invalid network tag"
	what    string // "a network tag"
	allowed string
}

var (
	networkTag = wording{
		isNetworkTag,
		"Invalid network tag", "a network tag",
		"a lower-case letter, then up to 62 lower-case letters, digits and hyphens, with no hyphen at the end",
	}
	serviceAccount = wording{
		func(text string) bool {
			name, domain, ok := strings.Cut(text, "@")
			return ok && name != "" && domain != "" && !strings.ContainsAny(domain, "@") && !strings.ContainsFunc(text, unicode.IsSpace)
		},
		"Invalid service account", "a service account's email",
		"the account's email, as in canopsis@my-project.iam.gserviceaccount.com",
	}
)

// isNetworkTag reports whether Compute Engine takes a text as a tag, which is
// that of its names: [a-z]([-a-z0-9]{0,61}[a-z0-9])?
func isNetworkTag(text string) bool {
	const longest = 63
	if text == "" || len(text) > longest || text[0] < 'a' || text[0] > 'z' {
		return false
	}
	for i := 1; i < len(text); i++ {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == len(text)-1) {
			return false
		}
	}
	return true
}

// readTexts returns texts sorted, those that are unknown last. No text at all
// would be read as "every machine" by the cloud, and is refused.
func readTexts(at refusal.Path, texts Texts, w wording, f *faults) Texts {
	values, ok := texts.Get()
	if !ok {
		return texts
	}
	if len(values) == 0 {
		f.add(&refusal.Error{
			At:      at,
			Summary: "Empty list",
			Found:   "the list is empty, which the cloud would read as every machine of the network",
			Remedy:  "Name " + w.what + ", or write null to leave the attribute out",
		})
	}
	known := make([]string, 0, len(values))
	for i, value := range values {
		text, ok := value.Get()
		switch {
		case !ok:
		case !w.valid(text):
			f.add(&refusal.Error{
				At:      at.Index(i),
				Summary: w.summary,
				Found:   strconv.Quote(text) + " is not " + w.what,
				Allowed: w.allowed,
			})
		default:
			known = append(known, text)
		}
	}
	sorted := make([]Value[string], 0, len(values))
	for _, text := range sortedSet(known) {
		sorted = append(sorted, Known(text))
	}
	for _, value := range values {
		if value.IsUnknown() {
			sorted = append(sorted, value)
		}
	}
	return Known(sorted)
}

// readEthertypes returns the families that are named, both where none is.
func readEthertypes(at refusal.Path, ethertypes []string, f *faults) families {
	if ethertypes == nil {
		return anyFamily
	}
	if len(ethertypes) == 0 {
		f.add(&refusal.Error{
			At:      at,
			Summary: "Empty list",
			Found:   "no address family is named, and no rule could be made",
			Remedy:  `Name "IPv4", "IPv6" or both, or write null for both`,
		})
	}
	var found families
	for i, name := range ethertypes {
		switch name {
		case "IPv4":
			found |= ipv4
		case "IPv6":
			found |= ipv6
		default:
			f.add(refusal.Unknown(at.Index(i), name, "an address family", []string{"IPv4", "IPv6"}))
		}
	}
	return found
}

// readCIDRs returns the list's prefixes, without those that another covers.
func readCIDRs(at refusal.Path, cidrs []string, f *faults) []netip.Prefix {
	prefixes := make([]netip.Prefix, 0, len(cidrs))
	for i, text := range cidrs {
		prefix, err := ParseCIDR(at.Index(i), text)
		if err != nil {
			f.add(err)
			continue
		}
		prefixes = append(prefixes, prefix)
	}
	return withoutCovered(prefixes)
}

func readNamedCIDRs(at refusal.Path, cidrs map[string]Value[string], f *faults) []namedCIDR {
	named := make([]namedCIDR, 0, len(cidrs))
	for _, name := range slices.Sorted(maps.Keys(cidrs)) {
		if !matrix.IsID(name) {
			f.add(matrix.InvalidID(at.Key(name), name))
			continue
		}
		n := namedCIDR{name: name, prefix: Unknown[netip.Prefix]()}
		if text, ok := cidrs[name].Get(); ok {
			prefix, err := ParseCIDR(at.Key(name), text)
			if err != nil {
				f.add(err)
				continue
			}
			n.prefix = Known(prefix)
		} else if cidrs[name].IsAbsent() {
			f.add(&refusal.Error{
				At:      at.Key(name),
				Summary: "Null CIDR",
				Found:   "the CIDR is null",
				Remedy:  "Give its prefix, or leave its name out of the map",
			})
			continue
		}
		named = append(named, n)
	}
	return named
}
