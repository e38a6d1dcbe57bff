package proof

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// world says what the ends of the rules are, and of a few endpoints more.
func (g *generator) world(rules map[string]deployment.Rule) World {
	ends := make(map[string]bool)
	if len(rules) == 0 || g.chance(20) {
		ends["nobody"] = true // a binding that no rule asks for
	}
	for _, r := range rules {
		ends[r.Source], ends[r.Destination] = true, true
	}
	ids := slices.Sorted(maps.Keys(ends))
	w := make(World, len(ids))
	for _, id := range ids {
		w[id] = g.endpoint()
	}
	g.name(w, ids)
	for i, id := range ids {
		if other := pick(g, ids[:i+1]); g.chance(12) && other != id && w[other].SameAs == "" && !g.isNamed(w, ids[i+1:], id) {
			w[id] = Endpoint{SameAs: other}
		}
	}
	g.publish(w, ids, rules)
	dropImpossible(w, rules)
	return w
}

// dropImpossible takes named CIDRs away from ends of rules in whose family there is
// no such protocol: that is an error, since a key may not follow from the value.
func dropImpossible(w World, rules map[string]deployment.Rule) {
	for _, r := range rules {
		protocol := r.Ports.Protocol()
		if !protocol.IsICMP() {
			continue
		}
		for _, id := range []string{r.Source, r.Destination} {
			for name, prefix := range w[w.Who(id)].Named {
				if prefix.Addr().Is6() != (protocol == matrix.ICMPv6) {
					delete(w[w.Who(id)].Named, name)
				}
			}
		}
	}
}

// isNamed reports whether one of the endpoints is the same as id.
func (g *generator) isNamed(w World, ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return w[other].SameAs == id })
}

func (g *generator) endpoint() Endpoint {
	var e Endpoint
	switch g.IntN(10) {
	case 0, 1, 2, 3, 4:
		e.Group = true
		e.Unmanaged = g.chance(20)
		for range 1 + g.IntN(3) {
			e.Machines = append(e.Machines, g.address(false), g.address(true))
		}
		if !g.cloud.oneGroup && !e.Unmanaged && g.chance(15) {
			e.Beside = append(e.Beside, g.address(false), g.address(true))
		}
	case 5:
		e.List = g.cloud.lists
	}
	if e.List {
		mixed, ipv6 := g.cloud.mixedLists, g.chance(50)
		for range 1 + g.IntN(4) {
			if mixed {
				ipv6 = g.chance(50)
			}
			e.Entries = append(e.Entries, g.prefix(ipv6))
		}
	}
	if g.cloud.families && (e.Group || e.List) && g.chance(40) {
		e.NoIPv4 = g.chance(50)
		e.NoIPv6 = !e.NoIPv4
	}
	wanted := 30
	if !e.Group && !e.List {
		wanted = 90
	}
	if g.chance(wanted) {
		for range 1 + g.IntN(6) {
			e.Listed = append(e.Listed, g.prefix(g.chance(40)))
		}
	}
	e.emptyCIDRs = len(e.Listed) == 0 && (g.chance(20) || !e.Group && !e.List)
	e.Public = g.chance(5) // allowed, and not used
	return e
}

// name gives CIDRs names, some in several bindings. A name has one prefix, and a
// prefix that is listed anywhere has none.
func (g *generator) name(w World, ids []string) {
	taken := make(map[netip.Prefix]bool)
	for _, e := range w {
		for _, prefix := range e.Listed {
			taken[prefix] = true
		}
	}
	for i := range g.IntN(4) {
		prefix := g.prefix(g.chance(40))
		if taken[prefix] {
			continue
		}
		taken[prefix] = true
		for range 1 + g.IntN(2) {
			id := pick(g, ids)
			e := w[id]
			if e.Named == nil {
				e.Named = make(map[string]netip.Prefix)
			}
			e.Named[fmt.Sprintf("name_%d", i)] = prefix
			w[id] = e
		}
	}
}

// publish puts the Internet behind an endpoint whose flows may have it.
func (g *generator) publish(w World, ids []string, rules map[string]deployment.Rule) {
	id := pick(g, ids)
	e := w[id]
	if e.SameAs != "" || !g.chance(15) {
		return
	}
	for _, r := range rules {
		touches := w.Who(r.Source) == id || w.Who(r.Destination) == id
		if touches && (r.Purpose == matrix.Administration || r.Purpose == matrix.Internal) {
			return
		}
	}
	e.Public = true
	e.Listed = append(e.Listed, pick(g, [][]netip.Prefix{
		{netip.MustParsePrefix("0.0.0.0/0")},
		{netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1")},
		{netip.MustParsePrefix("::/0")},
		{netip.MustParsePrefix("2000::/3"), netip.MustParsePrefix("0.0.0.0/0")},
	})...)
	e.emptyCIDRs = false
	w[id] = e
}

// The blocks that prefixes come from. None is public, nor are all together.
var (
	blocks4 = []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("203.0.113.0/24"),
	}
	blocks6 = []netip.Prefix{netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("2001:db8::/32")}
)

// prefix makes a prefix: often one that covers one made before, lies in it,
// beside it, or is it.
func (g *generator) prefix(ipv6 bool) netip.Prefix {
	var near []netip.Prefix
	for _, prefix := range g.prefixes {
		if prefix.Addr().Is6() == ipv6 {
			near = append(near, prefix)
		}
	}
	block := pick(g, blocks4)
	if ipv6 {
		block = pick(g, blocks6)
	}
	bits := block.Bits() + g.IntN(block.Addr().BitLen()-block.Bits()+1)
	address := g.within(block)
	if len(near) > 0 && g.chance(60) {
		prefix := pick(g, near)
		block = blockOf(prefix)
		address, bits = prefix.Addr(), prefix.Bits()
		switch g.IntN(4) {
		case 0: // covers it, or is it
			bits = max(block.Bits(), bits-g.IntN(8))
		case 1: // lies in it
			address = g.within(prefix)
			bits = min(address.BitLen(), bits+g.IntN(8))
		case 2: // its neighbour
			if next := last(prefix).Next(); next.IsValid() && block.Contains(next) {
				address = next
			}
		}
	}
	prefix := netip.PrefixFrom(address, bits).Masked()
	g.prefixes = append(g.prefixes, prefix)
	return prefix
}

func blockOf(prefix netip.Prefix) netip.Prefix {
	for _, block := range slices.Concat(blocks4, blocks6) {
		if block.Contains(prefix.Addr()) {
			return block
		}
	}
	return prefix
}

// address makes an address, mostly near a prefix.
func (g *generator) address(ipv6 bool) netip.Addr {
	return g.within(g.prefix(ipv6))
}

// within returns an address of the prefix.
func (g *generator) within(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < 8*len(bytes); i++ {
		if g.chance(50) {
			bytes[i/8] |= 0x80 >> (i % 8)
		}
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}

// last returns the prefix's last address.
func last(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < 8*len(bytes); i++ {
		bytes[i/8] |= 0x80 >> (i % 8)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}
