package firewall

import (
	"net/netip"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// familiesOf returns the address families in which a protocol exists: ICMP is
// IPv4's alone, and ICMPv6 IPv6's.
func familiesOf(protocol matrix.Protocol) families {
	switch protocol {
	case matrix.ICMP:
		return ipv4
	case matrix.ICMPv6:
		return ipv6
	}
	return anyFamily
}

// checkFamilies refuses a named CIDR on the other side of rules whose protocol does
// not exist in its family. Leaving the rule out would take away a key that was
// there while the CIDR was not known.
func (r *bindingsReader) checkFamilies(keys []string, rules map[string]deployment.Rule, resolved map[string]*party) {
	type named struct {
		of   *party
		name string
	}
	reported := make(map[named]bool)
	for _, key := range keys {
		protocol := rules[key].Ports.Protocol()
		in := familiesOf(protocol)
		ends := [2]*party{resolved[rules[key].Source], resolved[rules[key].Destination]}
		for i, p := range ends {
			if p == nil || ends[1-i] == nil || !ends[1-i].managed() {
				continue
			}
			for _, n := range p.named {
				if in.has(n.prefix) || reported[named{p, n.name}] {
					continue
				}
				reported[named{p, n.name}] = true
				prefix, _ := n.prefix.Get()
				r.Add(&refusal.Error{
					At:      r.at.Key(p.id).Attribute("named_cidrs").Key(n.name),
					Summary: "Address of another family",
					Found:   prefix.String() + " is of " + familyOf(prefix).name() + ", and " + protocol.String() + " of the rule " + strconv.Quote(key) + " exists in " + in.name() + " alone",
					Remedy:  "Write the prefix into cidrs, whose rules may follow from their values, or leave the flow out",
				})
			}
		}
	}
}

// name names the first of the families, for errors.
func (f families) name() string {
	if f&ipv4 != 0 {
		return "IPv4"
	}
	return "IPv6"
}

func familyOf(prefix netip.Prefix) families {
	if prefix.Addr().Is4() {
		return ipv4
	}
	return ipv6
}

// in reports whether a named prefix exists in any of the families. One that is
// not known yet does: its key has to be known.
func (f families) has(prefix Value[netip.Prefix]) bool {
	p, ok := prefix.Get()
	return !ok || familyOf(p)&f != 0
}

// listed returns the prefixes of the party's list that exist in the families.
func (p *party) listed(in families) []netip.Prefix {
	if in == anyFamily {
		return p.prefixes
	}
	split := 0
	for split < len(p.prefixes) && p.prefixes[split].Addr().Is4() {
		split++
	}
	if in == ipv4 {
		return p.prefixes[:split]
	}
	return p.prefixes[split:]
}

// lacksAddresses is the reason of clouds whose rules can name whatever an
// endpoint is, in both directions.
func lacksAddresses(e edge) string {
	if len(e.other.prefixes) == 0 && len(e.other.peers) == 0 {
		return e.other.id + " has no addresses"
	}
	in := familiesOf(e.ports.Protocol())
	if len(e.other.listed(in)) > 0 {
		return ""
	}
	for _, p := range e.other.peers {
		if p.party != nil || in.has(p.prefix) {
			return ""
		}
	}
	return lacksFamilyOf(e)
}

// lacksFamilyOf words that the other side has no address of the protocol's family.
func lacksFamilyOf(e edge) string {
	protocol := e.ports.Protocol()
	return e.other.id + " has no " + familiesOf(protocol).name() + " addresses, and " + protocol.String() + " exists in " + familiesOf(protocol).name() + " alone"
}
