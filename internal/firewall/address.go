package firewall

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const addressIPv6Names = "named_ipv6_cidrs"

// The narrowest limits of names among firewalls that are known: FortiOS takes 35
// characters for a policy and 79 for an address, PAN-OS 63 for an object.
const (
	addressRowLength    = 35
	addressDigestLength = 8
)

// Address renders to rows of addresses on both sides, for firewalls that know
// nothing else. A row names maps of prefixes, whose keys are known while named
// prefixes are not.
func Address() Target {
	return Target{
		Name:    "address",
		Summary: "Rules for firewalls that know addresses alone",
		Description: "Turns the matrix's rules into rows with addresses on both sides, and into the address and service objects that they name, for firewalls without groups: on the perimeter, on premises, of clouds without a function of their own. " +
			"A row is for one source, one destination, one protocol and one address family. " +
			"`sources` and `destinations` are never empty, which many firewalls would read as everybody: an endpoint without addresses makes no row, and its rules stand in `unenforced`. " +
			"Keys are known at plan even where named CIDRs are not; a name says the family: `named_cidrs` are of IPv4 here, and `named_ipv6_cidrs` of IPv6. " +
			"The rows say what may pass, and nothing of what may not: what no row names is the firewall's own last rule to deny. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "local.bastion_address",
		Closing: "The firewall's own last rule.",
		Forms: []Form{{
			Name: addressIPv6Names, Kind: Nested, One: "a map of prefixes", Example: `{ bastion_ipv6 = "2001:db8::5/128" }`,
			MustBeKnown: `Write the names in the configuration, as in named_ipv6_cidrs = { bastion_ipv6 = "${local.bastion_address}/128" }; the prefixes may be unknown`,
			Doc:         "Map from names to prefixes of IPv6 that need not be known at plan, as `named_cidrs` has those of IPv4. A name stands in one of the two maps.",
		}},
		Results: []Part{
			{Name: "rows", Kind: ObjectsPart, Doc: "By `SOURCE-to-DESTINATION/PROTOCOL`, with `-ipv6` behind it for the second family.", Arguments: []Argument{
				{"name", Text, "Name of the row within 35 characters: the key with `.` for `/`, and a digest at its end where it is cut"},
				{"source", Text, "Endpoint that connects"},
				{"destination", Text, "Endpoint that listens"},
				{"protocol", Text, "`tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, another protocol by its registered name, or `ip/NUMBER`"},
				{"protocol_number", Number, "Its number"},
				{"ipv6", Bool, "Whether the row is of IPv6; else it is of IPv4"},
				{"sources", TextMap, "Prefixes of the source, by keys of `addresses`; never empty"},
				{"destinations", TextMap, "Prefixes of the destination, by keys of `addresses`; never empty"},
				{"ports", RangeMap, "Ranges of ports with `from_port` and `to_port`, both inclusive, by what they say, as in `8443` or `8000-8010`; type and code of ICMP, of which null is any; empty where the protocol has neither, and for every type of ICMP"},
				{"services", TextList, "Keys of `services` that stand for the ports; never empty"},
				{"flows", TextList, "Ids of the flows that need the row, sorted"},
			}},
			{Name: "addresses", Kind: ObjectsPart, Doc: "What the rows name, for firewalls that want objects, by the prefix or its name.", Arguments: []Argument{
				{"name", Text, "Name of the object: the prefix with `_` for `/` and `-` for `:`, or its name; at most 63 characters"},
				{"cidr", Text, "The prefix; not known before apply where a named one is not"},
				{"ipv6", Bool, "Whether it is of IPv6"},
			}},
			{Name: "services", Kind: ObjectsPart, Doc: "By `PROTOCOL-PORTS`, or the protocol alone, which is the object's name.", Arguments: []Argument{
				{"protocol", Text, "As in `rows`"},
				{"protocol_number", Number, "Its number"},
				{"from_port", Number, "First port, inclusive; the type of ICMP; null for any type, or where the protocol has none"},
				{"to_port", Number, "Last port, inclusive; the code of ICMP; null for any code, or where the protocol has none"},
			}},
			{Name: "unenforced", Kind: ReasonsPart, Doc: "Why a rule has no row, by its key."},
		},
		Peers:      []PeerKind{CIDRPeer},
		unattached: true,
		check:      readNamedByFamily,
		across:     checkNamesByFamily,
		lacks:      lacksPair,
		render:     renderAddress,
	}
}

// readNamedByFamily reads the names of IPv6, and refuses a prefix that is of another
// family than its map says: keys follow from the map.
func readNamedByFamily(p *party, at refusal.Path, errs *refusal.Errors) {
	wrong := func(path refusal.Path, prefix netip.Prefix, other string) {
		errs.Add(&refusal.Error{
			At: path, Summary: "Address of another family",
			Found:  prefix.String() + " is of " + familyOf(prefix).name() + ", and the keys of the rows follow from the map in which it stands",
			Remedy: "Write it into " + other,
		})
	}
	for i := range p.named {
		p.named[i].family = ipv4
		if prefix, ok := p.named[i].prefix.Get(); ok && !prefix.Addr().Is4() {
			wrong(at.Attribute("named_cidrs").Key(p.named[i].name), prefix, addressIPv6Names)
		}
	}
	nested := p.form(addressIPv6Names).Nested
	if nested == nil {
		return
	}
	given := make(map[string]Value[string], len(nested.Object))
	for name, cell := range nested.Object {
		given[name] = cell.Text
	}
	for _, n := range readNamedCIDRs(at.Attribute(addressIPv6Names), given, errs) {
		n.family, n.attribute = ipv6, addressIPv6Names
		if prefix, ok := n.prefix.Get(); ok && prefix.Addr().Is4() {
			wrong(at.Attribute(addressIPv6Names).Key(n.name), prefix, "named_cidrs")
		}
		p.named = append(p.named, n)
	}
	slices.SortStableFunc(p.named, func(a, b namedCIDR) int { return cmp.Compare(a.name, b.name) })
}

// checkNamesByFamily refuses a name that stands for both families: it is one object.
func checkNamesByFamily(r *bindingsReader, parties map[string]*party) {
	family := make(map[string]families)
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		for _, n := range parties[id].named {
			if before, ok := family[n.name]; ok && before != n.family {
				r.Add(&refusal.Error{
					At: r.at.Key(id).Attribute(n.in()).Key(n.name), Summary: "Name with two meanings",
					Found: strconv.Quote(n.name) + " names a prefix of each family", Remedy: "Give each prefix a name of its own",
				})
				continue
			}
			family[n.name] = n.family
		}
	}
}

// lacksPair finds ends that have no addresses of one family.
func lacksPair(e edge) string {
	in := familiesOf(e.ports.Protocol())
	for _, family := range []families{ipv4, ipv6} {
		if in&family != 0 && e.other.hasFamily(family) && e.host.hasFamily(family) {
			return ""
		}
	}
	for _, end := range []*party{e.other, e.host} {
		switch {
		case !end.hasRanges():
			return end.id + " has no addresses"
		case !end.hasFamily(ipv4) && in == ipv4, !end.hasFamily(ipv6) && in == ipv6:
			return lacksFamilyOf(edge{other: end, ports: e.ports})
		}
	}
	return e.other.id + " and " + e.host.id + " have no address family in common"
}

// hasFamily reports whether the party has addresses of a family, or will.
func (p *party) hasFamily(family families) bool {
	return len(p.listed(family)) > 0 || slices.ContainsFunc(p.named, func(n namedCIDR) bool { return n.family == family })
}

// addressPair is what one row is for, its family apart.
type addressPair struct {
	source, destination *party
	protocol            matrix.Protocol
}

// addressContents are what a pair is opened for.
type addressContents struct {
	ports []matrix.PortRange
	flows []string
}

func renderAddress(p *plan) *Result {
	pairs := make(map[addressPair]*addressContents)
	for _, e := range p.edges {
		pair := addressPair{e.other, e.host, e.ports.Protocol()}
		if pairs[pair] == nil {
			pairs[pair] = &addressContents{}
		}
		pairs[pair].ports = append(pairs[pair].ports, e.ports)
		pairs[pair].flows = append(pairs[pair].flows, e.flow)
	}
	w := &addressWriter{addresses: make(map[string]Bound), services: make(map[string]Bound)}
	for pair, contents := range pairs {
		ranges, services := w.ports(pair.protocol, contents.ports)
		flows := sortedSet(contents.flows)
		for _, family := range []families{ipv4, ipv6} {
			if familiesOf(pair.protocol)&family == 0 || !pair.source.hasFamily(family) || !pair.destination.hasFamily(family) {
				continue
			}
			w.rows = append(w.rows, w.row(pair, family, ranges, services, flows))
		}
	}
	return &Result{Entries: map[string][]Bound{
		"rows": w.rows, "addresses": slices.Collect(maps.Values(w.addresses)), "services": slices.Collect(maps.Values(w.services)),
	}}
}

// addressWriter collects rows and the objects that they name.
type addressWriter struct {
	rows                []Bound
	addresses, services map[string]Bound
}

func (w *addressWriter) row(pair addressPair, family families, ranges, services Cell, flows []string) Bound {
	key := pair.source.id + "-to-" + pair.destination.id + "/" + pair.protocol.Key()
	if family == ipv6 {
		key += "-ipv6"
	}
	return Bound{Key: key, Host: pair.destination.id, Peer: pair.source.id, PeerKind: CIDRPeer, Flows: flows, Cells: []Cell{
		TextCell(shortened(strings.ReplaceAll(key, "/", "."), addressRowLength)),
		TextCell(pair.source.id),
		TextCell(pair.destination.id),
		TextCell(pair.protocol.String()),
		NumberCell(int64(pair.protocol)),
		{Bool: Known(family == ipv6)},
		w.side(pair.source, family),
		w.side(pair.destination, family),
		ranges,
		services,
		TextsCell(flows...),
	}}
}

// side returns the prefixes of a party by their names, and notes their objects.
func (w *addressWriter) side(p *party, family families) Cell {
	prefixes := make(map[string]Cell)
	add := func(key, name string, prefix Value[string]) {
		prefixes[key] = Cell{Text: prefix}
		if before, ok := w.addresses[key]; !ok || before.Cells[1].Text.IsUnknown() { // a name may be known from another binding
			w.addresses[key] = Bound{Key: key, Cells: []Cell{TextCell(name), {Text: prefix}, {Bool: Known(family == ipv6)}}}
		}
	}
	for _, prefix := range p.listed(family) {
		add(prefix.String(), strings.NewReplacer("/", "_", ":", "-").Replace(prefix.String()), Known(prefix.String()))
	}
	for _, n := range p.named {
		if n.family == family {
			add(n.name, n.name, prefixText(n.prefix))
		}
	}
	return object(prefixes)
}

// ports returns the ranges of a protocol by what they say, and the services that
// stand for them, and notes these.
func (w *addressWriter) ports(protocol matrix.Protocol, ranges []matrix.PortRange) (ports, services Cell) {
	named := make(map[string]Cell)
	var keys []string
	for r := range matrix.NewPorts(ranges...).All() {
		from, to := portCell(r.From()), portCell(r.To())
		if says, ok := strings.CutPrefix(r.Key(), protocol.Key()+"-"); ok {
			named[says] = object(map[string]Cell{"from_port": from, "to_port": to})
		}
		keys = append(keys, r.Key())
		w.services[r.Key()] = Bound{Key: r.Key(), Cells: []Cell{TextCell(protocol.String()), NumberCell(int64(protocol)), from, to}}
	}
	return object(named), TextsCell(keys...)
}

func portCell(port int) Cell {
	if port == matrix.None {
		return Cell{}
	}
	return NumberCell(int64(port))
}

// shortened returns a text within a length, with a digest of it at the end where it
// is cut.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	digest := sha256.Sum256([]byte(text))
	kept := strings.ToValidUTF8(text[:most-addressDigestLength-1], "")
	return strings.TrimRight(kept, "-._") + "-" + hex.EncodeToString(digest[:])[:addressDigestLength]
}
