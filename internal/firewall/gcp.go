package firewall

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const (
	gcpTags           = "network_tags"
	gcpAccounts       = "service_accounts"
	gcpSourceTags     = "source_tags"
	gcpSourceAccounts = "source_service_accounts"
)

// How many names one rule of Google's takes.
const (
	gcpMostTargetTags = 70
	gcpMostSourceTags = 30
	gcpMostAccounts   = 10
)

// GCP renders to google_compute_firewall. One of Google's rules has several
// ports and ranges: there is one for each host, other side, protocol and family.
func GCP() Target {
	return Target{
		Name:    "gcp",
		Summary: "Rules of Google Cloud's VPC firewall",
		Description: "Turns the matrix's rules into the arguments of `google_compute_firewall`, `protocol` and `ports` for its `allow` block. " +
			"Keys are known at plan even where tags, service accounts and named CIDRs are not. " +
			"One rule has every port of one protocol that one endpoint may reach on another; IPv6 ranges are a rule of their own, whose key ends in `-ipv6`, and more than 256 ranges are dealt out into parts. " +
			"What an endpoint's own list of CIDRs has twice merges; the rules of two endpoints stay apart. " +
			"Google names the destinations of egress by ranges alone: a host that has tags or service accounts only needs `cidrs` or `named_cidrs` too, or the egress of others towards it stands in `unenforced`. " +
			"Egress is enforced only beside a rule that denies all of it at a lower priority. " +
			"A VPC carries no multicast: the VRRP of relays that are in `clusters` is opened from machine to machine, and Keepalived needs `unicast_peer`. " +
			"Set `lifecycle { create_before_destroy = true }`: a rule whose ends change is a new resource. " +
			"Names are unique in a project: put a prefix of your own before `name` where one project has the same installation twice. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "google_compute_instance.bastion.network_interface[0].network_ip",
		Closing: "A rule of your own that denies all egress at priority 65534.",
		Forms: []Form{
			{
				Name: gcpTags, Kind: TextSet, Attaches: true, Refers: true, Peer: NetworkTagsPeer,
				One: "a network tag", Many: "a list of network tags", Example: `"canopsis"`, most: gcpMostTargetTags, wrong: networkTag(),
				Doc:  "Network tags of its machines, known at plan or not. Rules are attached to them, and peers refer to them where no `source_tags` stand beside them. Not in one call with service accounts.",
				Host: func(id string) string { return "[" + strconv.Quote(strings.ReplaceAll(id, "_", "-")) + "]" },
			},
			{
				Name: gcpAccounts, Kind: TextSet, Attaches: true, Refers: true, Peer: ServiceAccountsPeer,
				One: "a service account's email", Many: "a list of service accounts' emails", Example: `"canopsis@my-project.iam.gserviceaccount.com"`, most: gcpMostAccounts, wrong: serviceAccount(),
				Doc: "Service accounts of its machines, known at plan or not, in place of network tags. Peers refer to them where no `source_service_accounts` stand beside them.",
			},
			{
				Name: gcpSourceTags, Kind: TextSet, Refers: true, Peer: NetworkTagsPeer,
				One: "a network tag", Many: "a list of network tags", Example: `"bastion"`, most: gcpMostSourceTags, wrong: networkTag(),
				Doc: "Network tags that peers refer to, known at plan or not, and that nothing is attached to: someone else's bastion.",
			},
			{
				Name: gcpSourceAccounts, Kind: TextSet, Refers: true, Peer: ServiceAccountsPeer,
				One: "a service account's email", Many: "a list of service accounts' emails", Example: `"bastion@my-project.iam.gserviceaccount.com"`, most: gcpMostAccounts, wrong: serviceAccount(),
				Doc: "Service accounts that peers refer to, known at plan or not, and that nothing is attached to.",
			},
		},
		Arguments: []Argument{
			{"name", Text, "Name of the resource: what the key says, then a digest of both ends, so that other peers are a new resource; at most 52 of Google's 63 characters, so that a prefix of your own has room; not known before both ends are"},
			{"direction", Text, "`INGRESS` or `EGRESS`"},
			{"source_ranges", TextSet, "Prefixes of an ingress rule's peer, or null"},
			{"source_tags", TextSet, "Network tags of an ingress rule's peer, or null"},
			{"source_service_accounts", TextSet, "Service accounts of an ingress rule's peer, or null"},
			{"destination_ranges", TextSet, "Prefixes of an egress rule's peer, or null"},
			{"target_tags", TextSet, "Network tags of the host that the rule is attached to, or null"},
			{"target_service_accounts", TextSet, "Service accounts of the host that the rule is attached to, or null"},
			{"protocol", Text, "For the `allow` block: `tcp`, `udp`, `icmp`, `esp`, `ah`, `sctp`, `ipip`, or another protocol's number"},
			{"ports", TextList, "For the `allow` block: ports and ranges, both bounds inclusive, as in `8000-8010`; null for a protocol without ports"},
			{"description", Text, "The rule's key"},
		},
		Results: byDirection(),
		Peers:   []PeerKind{CIDRPeer, NetworkTagsPeer, ServiceAccountsPeer, CIDRAndNetworkTagsPeer, CIDRAndServiceAccountsPeer},
		Naming: map[string]PeerKind{
			"source_ranges": CIDRPeer, "destination_ranges": CIDRPeer,
			"source_tags": NetworkTagsPeer, "source_service_accounts": ServiceAccountsPeer,
		},
		unmixed: &unmixed{"Tags beside service accounts", [2][]string{{gcpTags, gcpSourceTags}, {gcpAccounts, gcpSourceAccounts}}},
		check:   checkSourceTags,
		lacks:   lacksRanges,
		render:  renderGCP,
	}
}

// networkTag is a tag as Compute Engine takes it, which is as its names are:
// [a-z]([-a-z0-9]{0,61}[a-z0-9])?
func networkTag() *wording {
	return &wording{
		valid: isNetworkTag, summary: "Invalid network tag", what: "a network tag",
		allowed: "a lower-case letter, then up to 62 lower-case letters, digits and hyphens, with no hyphen at the end",
		mend: func(text string) string {
			return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "_", "-")
		},
	}
}

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

func serviceAccount() *wording {
	return &wording{
		valid: isServiceAccount, summary: "Invalid service account", what: "a service account's email",
		allowed: "the account's email, as in canopsis@my-project.iam.gserviceaccount.com",
		mend: func(text string) string { // of an IAM member or a resource's name, the email
			text = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "serviceaccount:")
			return text[strings.LastIndexByte(text, '/')+1:]
		},
	}
}

// isServiceAccount reports whether a text could be a service account's email, of
// which every kind ends alike (iam., developer., appspot., cloudservices.):
// https://cloud.google.com/iam/docs/service-account-types
func isServiceAccount(text string) bool {
	name, domain, _ := strings.Cut(text, "@")
	project, ok := strings.CutSuffix(domain, ".gserviceaccount.com")
	return ok && name != "" && project != "" && strings.Trim(name+project, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// checkSourceTags finds network tags that peers refer to and that are too many for
// that: a rule takes more tags of targets than of sources.
func checkSourceTags(p *party, at refusal.Path, errs *refusal.Errors) {
	if p.referred == nil || p.referred.Name != gcpTags {
		return
	}
	tags, _ := p.form(gcpTags).values()
	if len(tags) > gcpMostSourceTags && len(tags) <= gcpMostTargetTags {
		errs.Add(&refusal.Error{
			At:      at.Attribute(gcpTags),
			Summary: "Too many in one list",
			Found:   strconv.Itoa(len(tags)) + " stand here, and a rule takes " + strconv.Itoa(gcpMostSourceTags) + " as its sources",
			Remedy:  "Add " + gcpSourceTags + " with one that all its machines have: peers refer to it then",
		})
	}
}

// lacksRanges also finds egress to what has no ranges: Google names
// destinations by nothing else. It has no word for one type of ICMP.
func lacksRanges(e edge) string {
	protocol := e.ports.Protocol()
	if protocol.IsICMP() && e.ports.From() != matrix.None {
		return "Google opens every type of " + protocol.String() + " or none: to open all of them, write " + protocol.String() + " in a flow of your own"
	}
	in, refers := familiesOf(protocol), e.other.referred != nil
	switch hasRanges := e.other.hasRangesIn(in); {
	case hasRanges || e.direction == Ingress && refers:
		return ""
	case refers && !e.other.hasRanges():
		return "Google names the destinations of egress by ranges alone, and " + e.other.id + " has none: to enforce the egress of " +
			e.host.id + ", give " + e.other.id + " cidrs or named_cidrs too"
	case e.other.hasRanges():
		return lacksFamilyOf(e)
	}
	return e.other.id + " has no addresses"
}

// gcpProtocol spells a protocol as Google does: seven have a name.
func gcpProtocol(protocol matrix.Protocol) string {
	switch name := protocol.String(); name {
	case "tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip":
		return name
	}
	return strconv.Itoa(int(protocol))
}

// gcpBucket gathers what is opened between a managed endpoint and one other
// side over one protocol in one direction.
type gcpBucket struct {
	host      *party
	direction Direction
	side      string // the other one, in the key: an endpoint or a CIDR's name
	protocol  matrix.Protocol
}

type gcpContents struct {
	other *party              // where the side is an endpoint
	named Value[netip.Prefix] // where it is a CIDR's name
	ports []matrix.PortRange
	flows []string
}

func renderGCP(p *plan) *Result {
	result := &Result{}
	forms := make(map[*party][]gcpForm)
	for b, c := range gcpBuckets(p.edges) {
		if c.other == nil {
			result.add(b.direction, gcpRule(b, c, gcpForm{ranges: Known([]Value[string]{prefixText(c.named)}), families: anyFamily}))
			continue
		}
		if forms[c.other] == nil {
			forms[c.other] = gcpForms(c.other)
		}
		for _, form := range forms[c.other] {
			if b.direction == Egress {
				form.tags, form.accounts = Texts{}, Texts{}
			}
			if form.families&familiesOf(b.protocol) == 0 {
				form.ranges = Texts{}
			}
			if !form.isEmpty() {
				result.add(b.direction, gcpRule(b, c, form))
			}
		}
	}
	result.countRules(p.hosts)
	return result
}

func gcpBuckets(edges []edge) map[gcpBucket]*gcpContents {
	buckets := make(map[gcpBucket]*gcpContents)
	for _, e := range edges {
		add := func(side string) *gcpContents {
			b := gcpBucket{e.host, e.direction, side, e.ports.Protocol()}
			if buckets[b] == nil {
				buckets[b] = &gcpContents{}
			}
			buckets[b].ports = append(buckets[b].ports, e.ports)
			buckets[b].flows = append(buckets[b].flows, e.flow)
			return buckets[b]
		}
		in := familiesOf(e.ports.Protocol())
		if len(e.other.listed(in)) > 0 || e.other.referred != nil {
			add(e.other.id).other = e.other
		}
		for _, n := range e.other.named {
			if !in.has(n.prefix) {
				continue
			}
			if c := add(n.name); c.named.IsAbsent() || c.named.IsUnknown() {
				c.named = n.prefix // the same name may be unknown in one binding and known in another
			}
		}
	}
	return buckets
}

// gcpForm is what one rule names of its peer. A rule admits what any of the
// three names.
type gcpForm struct {
	suffix         string // behind the protocol in the key
	ranges         Texts
	families       families // of the ranges
	tags, accounts Texts
}

func (f gcpForm) isEmpty() bool {
	return f.ranges.IsAbsent() && f.tags.IsAbsent() && f.accounts.IsAbsent()
}

func (f gcpForm) kind() PeerKind {
	switch {
	case !f.tags.IsAbsent() && !f.ranges.IsAbsent():
		return CIDRAndNetworkTagsPeer
	case !f.accounts.IsAbsent() && !f.ranges.IsAbsent():
		return CIDRAndServiceAccountsPeer
	case !f.tags.IsAbsent():
		return NetworkTagsPeer
	case !f.accounts.IsAbsent():
		return ServiceAccountsPeer
	}
	return CIDRPeer
}

// gcpForms returns a rule's worth of each of what an endpoint is as a peer, its
// named CIDRs apart. Google takes the two families in no common rule.
func gcpForms(p *party) []gcpForm {
	first := gcpForm{families: ipv4}
	if p.referred != nil {
		if texts := p.binding.Forms[p.referred.Name].Texts; p.referred.Peer == ServiceAccountsPeer {
			first.accounts = texts
		} else {
			first.tags = texts
		}
	}
	forms := make([]gcpForm, 1, 3)
	split, _ := slices.BinarySearchFunc(p.prefixes, netip.IPv6Unspecified(), func(prefix netip.Prefix, address netip.Addr) int {
		return prefix.Addr().Compare(address)
	})
	for i, prefixes := range [][]netip.Prefix{p.prefixes[:split], p.prefixes[split:]} {
		family := []string{"", "-ipv6"}[i]
		parts := dealt(prefixes, gcpMaxRanges)
		for n, part := range parts {
			form := gcpForm{suffix: family, ranges: part, families: families(1 << i)}
			switch {
			case part.IsAbsent():
				continue
			case len(parts) > 1:
				form.suffix += "-part-" + strconv.Itoa(n+1) + "-of-" + strconv.Itoa(len(parts))
			case family == "":
				first.ranges = part
				continue
			}
			forms = append(forms, form)
		}
	}
	forms[0] = first
	return forms
}

// gcpMaxRanges is how many ranges Google takes in one rule.
const gcpMaxRanges = 256

// dealt deals prefixes out into the least power of two of parts that hold at most so
// many each. A digest of the prefix decides, so that one prefix more changes one
// part.
func dealt(prefixes []netip.Prefix, most int) []Texts {
	digests := make([]uint32, len(prefixes))
	if len(prefixes) > most {
		for i, prefix := range prefixes {
			sum := sha256.Sum256([]byte(prefix.String()))
			digests[i] = binary.BigEndian.Uint32(sum[:])
		}
	}
	for count := uint32(1); ; count *= 2 {
		hands := make([][]Value[string], count)
		for i, prefix := range prefixes {
			n := digests[i] % count
			hands[n] = append(hands[n], Known(prefix.String()))
		}
		if slices.ContainsFunc(hands, func(part []Value[string]) bool { return len(part) > most }) {
			continue
		}
		parts := make([]Texts, count)
		for n, part := range hands {
			if len(part) > 0 {
				parts[n] = Known(part)
			}
		}
		return parts
	}
}

func gcpRule(b gcpBucket, c *gcpContents, form gcpForm) Bound {
	key := b.direction.sides(b.host.id, b.side) + "/" + b.protocol.Key() + form.suffix
	sources, destinations := form.ranges, Texts{}
	if b.direction == Egress {
		sources, destinations = destinations, sources
	}
	return Bound{
		Key:      key,
		Host:     b.host.id,
		Peer:     b.side,
		PeerKind: form.kind(),
		Flows:    sortedSet(slices.Clone(c.flows)),
		Cells: []Cell{
			{Text: gcpName(b, key, form)},
			{Text: Known(strings.ToUpper(b.direction.String()))},
			{Texts: sources},
			{Texts: form.tags},
			{Texts: form.accounts},
			{Texts: destinations},
			b.host.form(gcpTags),
			b.host.form(gcpAccounts),
			{Text: Known(gcpProtocol(b.protocol))},
			{Texts: gcpPorts(c.ports)},
			{Text: Known(key)},
		},
	}
}

// gcpPorts spells ports as Google does.
func gcpPorts(ranges []matrix.PortRange) Texts {
	if !ranges[0].Protocol().HasPorts() {
		return Texts{}
	}
	ports := matrix.NewPorts(ranges...)
	spelt := make([]Value[string], 0, ports.Len())
	for r := range ports.All() {
		text := strconv.Itoa(r.From())
		if r.To() != r.From() {
			text += "-" + strconv.Itoa(r.To())
		}
		spelt = append(spelt, Known(text))
	}
	return Known(spelt)
}

const (
	gcpNameLength   = 52
	gcpDigestLength = 10 // hexadecimal digits: 40 bits, for some thousand rules a project
)

// gcpName names the resource by its key and a digest of both its ends. Google's
// API merges what a change sends into what it has, so that a range may stay open
// that the configuration no longer has; with its ends in its name, a rule that
// changes them is another rule. Names are unique in a project: two installations
// whose hosts have other tags do not meet.
func gcpName(b gcpBucket, key string, form gcpForm) Value[string] {
	digest := sha256.New()
	write := func(words ...string) { digest.Write([]byte(strings.Join(words, " ") + "\n")) }
	write(b.direction.String(), key)
	for _, end := range []struct {
		name  string
		texts Texts
	}{
		{"range", form.ranges}, {"tag", form.tags}, {"account", form.accounts},
		{"host's tag", b.host.form(gcpTags).Texts}, {"host's account", b.host.form(gcpAccounts).Texts},
	} {
		texts, _ := end.texts.Get()
		if end.texts.IsUnknown() || slices.ContainsFunc(texts, Value[string].IsUnknown) {
			return Unknown[string]()
		}
		for _, text := range texts {
			value, _ := text.Get()
			write(end.name, value)
		}
	}
	words := strings.NewReplacer("/", "-", "_", "-").Replace(key)
	words = strings.TrimRight(words[:min(len(words), gcpNameLength-gcpDigestLength-1)], "-")
	return Known(words + "-" + hex.EncodeToString(digest.Sum(nil))[:gcpDigestLength])
}
