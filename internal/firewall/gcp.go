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
)

// GCP renders to google_compute_firewall. One of Google's rules holds several
// ports and ranges: there is one for each host, other side, protocol and family.
var GCP = Target{
	Name: "gcp",
	Arguments: []Argument{
		{"name", Text, "Name of the resource: what the key says, then a digest of both ends, so that other peers are a new resource; at most 52 of Google's 63 characters, so that a prefix of your own has room; not known before both ends are"},
		{"direction", Text, "`INGRESS` or `EGRESS`"},
		{"source_ranges", TextSet, "Prefixes of an ingress rule's peer, or null"},
		{"source_tags", TextSet, "Network tags of an ingress rule's peer, or null"},
		{"source_service_accounts", TextSet, "Service accounts of an ingress rule's peer, or null"},
		{"destination_ranges", TextSet, "Prefixes of an egress rule's peer, or null"},
		{"target_tags", TextSet, "Network tags of the host that the rule is attached to, or null"},
		{"target_service_accounts", TextSet, "Service accounts of the host that the rule is attached to, or null"},
		{"protocol", Text, "For the `allow` block: `tcp` or `udp`"},
		{"ports", TextList, "For the `allow` block: ports and ranges, both bounds inclusive, as in `8000-8010`"},
		{"description", Text, "The rule's key"},
	},
	TagsAttribute:     "network_tags",
	AccountsAttribute: "service_accounts",
	lacks:             lacksRanges,
	render:            renderGCP,
}

// lacksRanges also finds egress to what has no ranges: Google names
// destinations by nothing else.
func lacksRanges(host, other *party, direction Direction) string {
	switch hasRanges := len(other.prefixes) > 0 || len(other.named) > 0; {
	case hasRanges || direction == Ingress && other.binding.hasIdentifier():
		return ""
	case other.binding.hasIdentifier():
		return "Google names the destinations of egress by ranges alone, and " + other.id + " has none: to enforce the egress of " +
			host.id + ", give " + other.id + " cidrs or named_cidrs too"
	}
	return other.id + " has no addresses"
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
			result.add(b.direction, gcpRule(b, c, gcpForm{ranges: Known([]Value[string]{prefixText(c.named)})}))
			continue
		}
		if forms[c.other] == nil {
			forms[c.other] = gcpForms(c.other)
		}
		for _, form := range forms[c.other] {
			if b.direction == Egress {
				form.tags, form.accounts = Texts{}, Texts{}
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
		if len(e.other.prefixes) > 0 || e.other.binding.hasIdentifier() {
			add(e.other.id).other = e.other
		}
		for _, n := range e.other.named {
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
	first := gcpForm{tags: p.binding.Tags, accounts: p.binding.Accounts}
	forms := make([]gcpForm, 1, 3)
	split, _ := slices.BinarySearchFunc(p.prefixes, netip.IPv6Unspecified(), func(prefix netip.Prefix, address netip.Addr) int {
		return prefix.Addr().Compare(address)
	})
	for i, prefixes := range [][]netip.Prefix{p.prefixes[:split], p.prefixes[split:]} {
		family := []string{"", "-ipv6"}[i]
		parts := gcpParts(prefixes)
		for n, part := range parts {
			form := gcpForm{suffix: family, ranges: part}
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

// gcpParts deals prefixes out into the least power of two of parts that hold at
// most 256 each. A digest of the prefix decides, so that one prefix more changes
// one part.
func gcpParts(prefixes []netip.Prefix) []Texts {
	digests := make([]uint32, len(prefixes))
	if len(prefixes) > gcpMaxRanges {
		for i, prefix := range prefixes {
			sum := sha256.Sum256([]byte(prefix.String()))
			digests[i] = binary.BigEndian.Uint32(sum[:])
		}
	}
	for count := uint32(1); ; count *= 2 {
		dealt := make([][]Value[string], count)
		for i, prefix := range prefixes {
			n := digests[i] % count
			dealt[n] = append(dealt[n], Known(prefix.String()))
		}
		if slices.ContainsFunc(dealt, func(part []Value[string]) bool { return len(part) > gcpMaxRanges }) {
			continue
		}
		parts := make([]Texts, count)
		for n, part := range dealt {
			if len(part) > 0 {
				parts[n] = Known(part)
			}
		}
		return parts
	}
}

func gcpRule(b gcpBucket, c *gcpContents, form gcpForm) Bound {
	key := b.direction.sides(b.host.id, b.side) + "/" + b.protocol.String() + form.suffix
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
			{Texts: b.host.binding.Tags},
			{Texts: b.host.binding.Accounts},
			{Text: Known(b.protocol.String())},
			{Texts: gcpPorts(c.ports)},
			{Text: Known(key)},
		},
	}
}

// gcpPorts spells ports as Google does.
func gcpPorts(ranges []matrix.PortRange) Texts {
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
// that the configuration no longer holds; with its ends in its name, a rule that
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
		{"host's tag", b.host.binding.Tags}, {"host's account", b.host.binding.Accounts},
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
