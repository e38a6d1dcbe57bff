package proof

import (
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// sighting is a packet where a firewall sees it.
type sighting struct {
	direction firewall.Direction
	endpoint  string // whose rules it meets
	packet    Packet
}

// packets makes packets for a case. Most aim at a boundary of one of its rules:
// the first and last address of a prefix and their neighbours outside, the ports
// on both sides of a range's ends. The others stray.
type packets struct {
	g     *generator
	c     *Case
	hosts []string // groups, managed or not
	rules []deployment.Rule
}

func newPackets(c *Case) *packets {
	p := &packets{g: &generator{Rand: rand.New(rand.NewPCG(c.Seed, 1))}, c: c}
	for _, id := range slices.Sorted(maps.Keys(c.World)) {
		if c.World[id].Group {
			p.hosts = append(p.hosts, id)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Rules)) {
		p.rules = append(p.rules, c.Rules[key])
	}
	return p
}

// next makes a packet. It returns false where no endpoint has machines that could
// meet it, or no rule says what to aim at.
func (p *packets) next() (sighting, bool) {
	if len(p.hosts) == 0 || len(p.rules) == 0 {
		return sighting{}, false
	}
	r := pick(p.g, p.rules)
	direction, here, there := firewall.Ingress, p.c.World.Who(r.Destination), r.Source
	if p.g.chance(50) {
		direction, here, there = firewall.Egress, p.c.World.Who(r.Source), r.Destination
	}
	if !p.c.World[here].Group || p.g.chance(10) {
		here = pick(p.g, p.hosts)
	}
	if p.g.chance(10) {
		there = pick(p.g, slices.Sorted(maps.Keys(p.c.World)))
	}
	far := p.far(p.c.World[p.c.World.Who(there)])
	near := p.near(p.c.World[here], far.Is6())
	packet := Packet{Source: far, Destination: near, Protocol: uint8(r.Ports.Protocol()), Port: p.port(r)}
	if direction == firewall.Egress {
		packet.Source, packet.Destination = near, far
	}
	if p.g.chance(8) {
		packet.Protocol = pick(p.g, []uint8{0, 1, 6, 17, 58, 112, 132, 255})
	}
	return sighting{direction, here, packet}, true
}

// far is an address of the endpoint, or near one, or any.
func (p *packets) far(e Endpoint) netip.Addr {
	if p.g.chance(5) {
		return p.g.address(p.g.chance(50))
	}
	prefixes := slices.Concat(e.Listed, e.Entries, slices.Collect(values(e.Named)))
	for _, machine := range slices.Concat(e.Machines, e.Beside) {
		prefixes = append(prefixes, netip.PrefixFrom(machine, machine.BitLen()))
	}
	if len(prefixes) == 0 {
		return p.g.address(p.g.chance(50))
	}
	prefix := pick(p.g, prefixes)
	first, final := prefix.Addr(), last(prefix)
	address := pick(p.g, []netip.Addr{first, first, final, final, p.g.within(prefix), p.g.within(prefix), first.Prev(), final.Next()})
	if !address.IsValid() {
		return first // nothing lies outside of 0.0.0.0/0
	}
	return address
}

// values yields a map's values in the order of its keys.
func values(m map[string]netip.Prefix) func(func(netip.Prefix) bool) {
	return func(yield func(netip.Prefix) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(m[key]) {
				return
			}
		}
	}
}

// near is one of the endpoint's own addresses.
func (p *packets) near(e Endpoint, ipv6 bool) netip.Addr {
	var own []netip.Addr
	for _, machine := range e.Machines {
		if machine.Is6() == ipv6 {
			own = append(own, machine)
		}
	}
	return pick(p.g, own)
}

// port is one of the rule's, one next to them, or any, 0 included. Those of ICMP
// are types and codes.
func (p *packets) port(r deployment.Rule) uint16 {
	first, final := lineOf(r.Ports)
	if p.g.chance(5) {
		return uint16(p.g.IntN(65536))
	}
	return pick(p.g, []uint16{first, first, final, final, first + (final-first)/2, max(first, 1) - 1, min(final, 65534) + 1})
}
