package packet_test

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// table is a set of packets without any cleverness: one boolean for each of a
// few peers and ports. Prefixes of the tests are of 0 to 3 bits, or lie in a
// small network, so that these peers stand for all:
//
//	cells    ├─────┼─────┼─────┼─────┼─────┼─────┼─────┼─────┤  an address each
//	network     ├┤                                              all of its 8 addresses
//
// Ports begin and end at a few positions of the line; one port stands for all
// between two of them.
type table [2][cells + deep + atoms][len(cuts)]bool // by family, peer and stretch of the line

const (
	cells = 8 // addresses: one in each eighth of a family, outside of the network
	deep  = 8 // and those of the network
	atoms = 3 // a, b, and one that no rule names
)

var (
	networks  = [2]netip.Prefix{netip.MustParsePrefix("10.0.0.0/29"), netip.MustParsePrefix("2001:db8::/125")}
	atomNames = [atoms]string{"a", "b", "z"}

	// cuts are where ports begin and end: the ends of the line, of ICMP's block, of
	// TCP's, and ports next to each other.
	cuts = [...]uint32{0, 1 << 16, 2 << 16, 6 << 16, 6<<16 | 22, 6<<16 | 23, 6<<16 | 24, 6<<16 | 443, 7 << 16, 17<<16 | 53}
)

// address returns the address of a table's peer, which is not an atom.
func address(family, i int) netip.Addr {
	bytes := networks[family].Addr().AsSlice()
	if i < cells {
		clear(bytes)
		bytes[0] = byte(i << 5)
	} else {
		bytes[len(bytes)-1] |= byte(i - cells)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

// peerAt returns a table's peer.
func peerAt(family, i int) packet.Peer {
	if i < cells+deep {
		return packet.Address(address(family, i))
	}
	return packet.Atom(atomNames[i-cells-deep], family == 1)
}

// portAt returns a port of a stretch.
func portAt(i int) packet.Ports {
	return packet.PortRange(uint8(cuts[i]>>16), uint16(cuts[i]), uint16(cuts[i]))
}

// rule is a rule in the words of the table.
type rule struct {
	peers []peer
	ports [][2]int // stretches, both inclusive
}

type peer struct {
	family int
	prefix netip.Prefix // zero: an atom
	atom   int
}

// made returns the rule as the package reads it.
func (r rule) made() packet.Rule {
	var made packet.Rule
	for _, p := range r.peers {
		if !p.prefix.IsValid() {
			made.Peers = append(made.Peers, packet.Atom(atomNames[p.atom], p.family == 1))
			continue
		}
		prefix, err := packet.Prefix(p.prefix)
		if err != nil {
			panic(err)
		}
		made.Peers = append(made.Peers, prefix)
	}
	for _, stretch := range r.ports {
		for i := stretch[0]; i <= stretch[1]; i++ {
			made.Ports = append(made.Ports, stretchAt(i)...)
		}
	}
	return made
}

// stretchAt returns all ports of a stretch, a range for each protocol.
func stretchAt(i int) []packet.Ports {
	end := uint32(256 << 16)
	if i+1 < len(cuts) {
		end = cuts[i+1]
	}
	var all []packet.Ports
	for first := cuts[i]; first < end; first = (first>>16 + 1) << 16 {
		last := min(end, (first>>16+1)<<16) - 1
		all = append(all, packet.PortRange(uint8(first>>16), uint16(first), uint16(last)))
	}
	return all
}

func made(rules []rule) []packet.Rule {
	all := make([]packet.Rule, 0, len(rules))
	for _, r := range rules {
		all = append(all, r.made())
	}
	return all
}

// tableOf returns what the rules let pass together: what every address of a
// family may do, every atom may do.
func tableOf(rules ...rule) table {
	var t table
	for _, r := range rules {
		for _, p := range r.peers {
			for _, stretch := range r.ports {
				for port := stretch[0]; port <= stretch[1]; port++ {
					for i := range t[p.family] {
						isAtom := i >= cells+deep
						if isAtom && !p.prefix.IsValid() && p.atom == i-cells-deep ||
							!isAtom && p.prefix.IsValid() && p.prefix.Contains(address(p.family, i)) {
							t[p.family][i][port] = true
						}
					}
				}
			}
		}
	}
	for family := range t {
		for port := range cuts {
			all := true
			for i := range cells + deep {
				all = all && t[family][i][port]
			}
			for i := range atoms {
				t[family][cells+deep+i][port] = t[family][cells+deep+i][port] || all
			}
		}
	}
	return t
}

// tableFrom reads a set into a table, packet by packet.
func tableFrom(s packet.Set) table {
	var t table
	for family := range t {
		for i := range t[family] {
			for port := range cuts {
				t[family][i][port] = s.Contains(peerAt(family, i), portAt(port))
			}
		}
	}
	return t
}

// combine decides every packet by op.
func (t table) combine(other table, op func(a, b bool) bool) table {
	for family := range t {
		for i := range t[family] {
			for port := range cuts {
				t[family][i][port] = op(t[family][i][port], other[family][i][port])
			}
		}
	}
	return t
}

func (t table) union(other table) table {
	return t.combine(other, func(a, b bool) bool { return a || b })
}

func (t table) intersect(other table) table {
	return t.combine(other, func(a, b bool) bool { return a && b })
}

func (t table) subtract(other table) table {
	return t.combine(other, func(a, b bool) bool { return a && !b })
}

func (t table) isEmpty() bool { return t == table{} }

// String lists the packets, for a person who has to find a fault.
func (t table) String() string {
	var lines []string
	for family := range t {
		for i := range t[family] {
			for port := range cuts {
				if t[family][i][port] {
					lines = append(lines, fmt.Sprintf("%s %s", peerAt(family, i), portAt(port)))
				}
			}
		}
	}
	return fmt.Sprint(slices.Compact(lines))
}
