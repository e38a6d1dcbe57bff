package packet

import (
	"math/bits"
	"net/netip"
	"slices"
	"sort"
)

// node is a prefix in the tree of a family. Prefixes are laminar: of two that
// overlap, one contains the other. So a binary tree has room for all of them,
// with one node more where two branches part:
//
//	10.0.0.0/8  ──┬── 10.0.0.0/15 (parting) ──┬── 10.0.0.0/16
//	              │                           └── 10.1.0.0/16
//	              └── 10.200.0.0/16
//
// What is open to a prefix is on the lines of the nodes from the root down to it,
// and nowhere else: a line also has what both halves of its prefix open, whoever
// opens it there. In the drawing, what both /16 on the right open is on the line
// of 10.0.0.0/15. No line repeats what its ancestors have, so that a wide prefix
// with many ports costs the narrow ones nothing.
type node struct {
	prefix      netip.Prefix
	line        line  // open to all of the prefix by its own rules, or by both halves
	any         line  // open to some of the prefix, by this node or one below; unranked
	left, right *node // in the lower and the upper half; nil: nothing is open there
}

// leaf is what one prefix opens of its own.
type leaf struct {
	prefix netip.Prefix
	line   line
}

// grow returns the tree of leaves of one family, sorted, each prefix once.
func grow(leaves []leaf) *node {
	if len(leaves) == 0 {
		return nil
	}
	n := &node{prefix: common(leaves[0].prefix, leaves[len(leaves)-1].prefix)}
	if leaves[0].prefix == n.prefix { // the shortest comes first
		n.line = leaves[0].line
		leaves = leaves[1:]
	}
	length := n.prefix.Bits()
	upper := sort.Search(len(leaves), func(i int) bool { return bit(leaves[i].prefix.Addr(), length) })
	n.left, n.right = grow(leaves[:upper]), grow(leaves[upper:])
	n.line = join(n.line, meet(n.left.whole(length+1), n.right.whole(length+1)))
	n.any = join(n.line.unranked(), join(n.left.anywhere(), n.right.anywhere()))
	return n
}

// whole returns what the node opens to all of the prefix of this length that it
// lies in: nothing where it is only a part of it.
func (n *node) whole(length int) line {
	if n == nil || n.prefix.Bits() != length {
		return nil
	}
	return n.line
}

func (n *node) anywhere() line {
	if n == nil {
		return nil
	}
	return n.any
}

// path returns the lines from the root down to a prefix, its own included, and
// the topmost node inside the prefix, or nil.
func (n *node) path(p netip.Prefix) (lines []line, inside *node) {
	for n != nil && n.prefix.Bits() < p.Bits() && n.prefix.Contains(p.Addr()) {
		if len(n.line) > 0 {
			lines = append(lines, n.line)
		}
		if bit(p.Addr(), n.prefix.Bits()) {
			n = n.right
		} else {
			n = n.left
		}
	}
	if n == nil || !p.Contains(n.prefix.Addr()) || n.prefix.Bits() < p.Bits() {
		return lines, nil
	}
	if n.prefix == p {
		lines = append(lines, n.line)
	}
	return lines, n
}

// all yields the tree as pairs without a common packet, each port with the
// largest prefixes that may reach it. above has the ancestors' lines.
func (n *node) all(above []line, yield func(netip.Prefix, Ports) bool) bool {
	if n == nil {
		return true
	}
	for _, s := range n.line {
		for gap := range gaps(above, s.Ports, none) {
			if !yield(n.prefix, gap) {
				return false
			}
		}
	}
	if len(n.line) > 0 {
		above = append(slices.Clip(above), n.line)
	}
	return n.left.all(above, yield) && n.right.all(above, yield)
}

// overlapping yields what is open to parts of the prefix, pairs that may have
// packets in common.
func (n *node) overlapping(p netip.Prefix, ports Ports, yield func(netip.Prefix, Ports)) {
	lines, inside := n.path(p)
	for _, l := range lines {
		for s := range l.overlapping(ports) {
			yield(p, s.Ports)
		}
	}
	inside.below(ports, func(p netip.Prefix, s span) bool {
		yield(p, s.Ports)
		return true
	})
}

// below yields what the node and those below open of the ports, larger prefixes
// first; what a larger one opens is not yielded again.
func (n *node) below(ports Ports, yield func(netip.Prefix, span) bool) bool {
	if n == nil || !n.any.overlaps(ports) {
		return true
	}
	for s := range n.line.overlapping(ports) {
		if !yield(n.prefix, s) {
			return false
		}
	}
	for gap := range gaps([]line{n.line}, ports, none) {
		if !n.left.below(gap, yield) || !n.right.below(gap, yield) {
			return false
		}
	}
	return true
}

// cut yields what of the prefix's ports is not open, as the largest prefixes that
// say so, without a packet in common. n is the topmost node inside the prefix.
//
//	p      ├───────────────────────────────┤     halved until a half is
//	n                   ├───────┤                clear of n, or is n
//	yields ├───────────┤         ├─┤├──────┤
func (n *node) cut(p netip.Prefix, ports Ports, yield func(netip.Prefix, Ports) bool) bool {
	if n == nil {
		return yield(p, ports)
	}
	for untouched := range gaps([]line{n.any}, ports, none) {
		if !yield(p, untouched) {
			return false
		}
	}
	for touched := range n.any.overlapping(ports) {
		if n.prefix != p {
			lower, upper := halves(p)
			near, far := lower, upper
			if upper.Contains(n.prefix.Addr()) {
				near, far = upper, lower
			}
			if !n.cut(near, touched.Ports, yield) || !yield(far, touched.Ports) {
				return false
			}
			continue
		}
		for gap := range gaps([]line{n.line}, touched.Ports, none) {
			lower, upper := halves(p)
			if !n.left.cut(lower, gap, yield) || !n.right.cut(upper, gap, yield) {
				return false
			}
		}
	}
	return true
}

// common returns the longest prefix that contains both, of one family.
func common(a, b netip.Prefix) netip.Prefix {
	x, y := a.Addr().As16(), b.Addr().As16()
	length := 0
	for length < 128 && x[length/8] == y[length/8] {
		length += 8
	}
	if length < 128 {
		length += bits.LeadingZeros8(x[length/8] ^ y[length/8])
	}
	if a.Addr().Is4() {
		length -= 96 // the two are mapped into IPv6
	}
	return netip.PrefixFrom(a.Addr(), min(length, a.Bits(), b.Bits())).Masked()
}

// bit returns a bit of an address, counted from its first; behind the last bit,
// false.
func bit(a netip.Addr, i int) bool {
	if i >= a.BitLen() {
		return false
	}
	if a.Is4() {
		i += 96
	}
	bytes := a.As16()
	return bytes[i/8]&(0x80>>(i%8)) != 0
}

// halves returns the lower and the upper half of a prefix that is not a single
// address.
func halves(p netip.Prefix) (lower, upper netip.Prefix) {
	length := p.Bits()
	i, bytes := length, p.Addr().As16()
	if p.Addr().Is4() {
		i += 96
	}
	bytes[i/8] |= 0x80 >> (i % 8)
	address := netip.AddrFrom16(bytes)
	if p.Addr().Is4() {
		address = address.Unmap()
	}
	return netip.PrefixFrom(p.Addr(), length+1), netip.PrefixFrom(address, length+1)
}
