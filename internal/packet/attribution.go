package packet

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// MostRemainders is how many remainders a Difference spells out, and how many
// prefixes one of them leaves out.
const MostRemainders = 8

// Difference is what a set lacks of one rule.
type Difference struct {
	Rule       int         // index
	Whole      bool        // the set has no packet of the rule
	Remainders []Remainder // what it lacks: at most MostRemainders, the first
	More       bool        // that is not all
}

// Remainder is a peer, or a prefix except some of its addresses, with ports. Where
// it has addresses of a family, the groups among them are not named again.
type Remainder struct {
	Peer   Peer
	Except []netip.Prefix // inside of Peer, sorted
	Ports  Ports
}

// String spells the remainder: 10.0.0.0/8 except 10.1.2.3/32 6/22.
func (r Remainder) String() string { return r.Addresses() + " " + r.Ports.String() }

// Addresses spells the remainder without its ports: 10.0.0.0/8 except 10.1.2.3/32.
func (r Remainder) Addresses() string {
	if len(r.Except) == 0 { // nearly always
		return r.Peer.String()
	}
	var text strings.Builder
	text.WriteString(r.Peer.String())
	for i, prefix := range r.Except {
		text.WriteString([]string{" except ", ", "}[min(i, 1)] + prefix.String())
	}
	return text.String()
}

// Attribute returns what the set lacks of the rules, by the rule that asks for
// it: a difference for each rule that the set does not have as a whole, in the
// order of the rules. There are none exactly if New(rules...) is a subset.
func (s Set) Attribute(rules []Rule) []Difference {
	var differences []Difference
	for i, r := range rules {
		if d, lacks := s.difference(r); lacks {
			d.Rule = i
			differences = append(differences, d)
		}
	}
	return differences
}

// difference returns what the set lacks of the rule; false where that is nothing.
func (s Set) difference(r Rule) (d Difference, lacks bool) {
	var lacking remainders
	if peer, ports, ok := r.pair(); ok { // most rules are, and need no set for it
		space := s.family(peer.ipv6)
		lines, inside := space.at(peer)
		if allOpen(lines, ports, none) {
			return d, false
		}
		d.Whole = !space.overlapsAt(peer, lines, inside, ports)
		space.lacksAt(peer, lines, inside, ports, &lacking)
	} else {
		own := New(r)
		if own.IsSubset(s) {
			return d, false
		}
		d.Whole = true
		for peer, ports := range own.All() {
			d.Whole = d.Whole && !s.Overlaps(peer, ports)
			s.family(peer.ipv6).lacks(peer, ports, &lacking)
		}
	}
	d.Remainders, d.More = lacking.first, lacking.more
	return d, true
}

// remainders keeps the first and counts no further.
type remainders struct {
	first []Remainder
	more  bool
}

// add reports whether there is room for more.
func (r *remainders) add(remainder Remainder) bool {
	if len(r.first) == MostRemainders {
		r.more = true
		return false
	}
	r.first = append(r.first, remainder)
	return true
}

// lacks adds what the space lacks of the pair.
func (s space) lacks(peer Peer, ports Ports, to *remainders) {
	if peer.others {
		s.lacksGroups(peer, ports, to)
		return
	}
	lines, inside := s.at(peer)
	s.lacksAt(peer, lines, inside, ports, to)
}

// lacksAt is lacks of a peer that is not every other group, with what at returned.
func (s space) lacksAt(peer Peer, lines []line, inside *node, ports Ports, to *remainders) {
	for gap := range gaps(lines, ports, none) {
		for untouched := range gaps([]line{inside.anywhere()}, gap, none) {
			if !to.add(Remainder{Peer: peer, Ports: untouched}) {
				return
			}
		}
		for touched := range inside.anywhere().overlapping(gap) {
			if !inside.spell(peer, touched.Ports, to) {
				return
			}
		}
	}
}

// lacksGroups adds the groups that lack a port which every address has. Where an
// address lacks it, a remainder says so already, and a group is among addresses.
func (s space) lacksGroups(others Peer, ports Ports, to *remainders) {
	if s.tree == nil || s.tree.prefix.Bits() > 0 {
		return
	}
	for span := range s.tree.line.overlapping(ports) {
		if !s.except.overlaps(span.Ports) && s.covers(others, span.Ports, none) {
			continue
		}
		peers := []Peer{others}
		for _, name := range slices.Sorted(maps.Keys(s.atoms)) {
			peers = append(peers, Peer{atom: name, ipv6: others.ipv6})
		}
		for _, peer := range peers {
			lines, _ := s.at(peer)
			for closed := range gaps(lines, span.Ports, none) {
				if !to.add(Remainder{Peer: peer, Ports: closed}) {
					return
				}
			}
		}
	}
}

// spell adds what is closed to the peer, a prefix, of ports of which each is open
// to a part of it: the closed parts, or the peer without the open ones, whichever
// has fewer prefixes. It reports whether there is room for more.
func (n *node) spell(peer Peer, ports Ports, to *remainders) bool {
	type hole struct {
		prefix netip.Prefix
		ports  Ports
	}
	var holes []hole
	bounds := []uint32{ports.first, ports.end}
	few := n.below(ports, func(p netip.Prefix, s span) bool {
		holes = append(holes, hole{p, s.Ports})
		bounds = append(bounds, s.first, s.end)
		return len(holes) <= MostRemainders
	})
	if !few {
		return n.cut(peer.prefix, ports, func(p netip.Prefix, ports Ports) bool {
			return to.add(Remainder{Peer: Peer{prefix: p, ipv6: peer.ipv6}, Ports: ports})
		})
	}
	// Between two bounds, a hole is open throughout or not at all.
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	for i, end := range bounds[1:] {
		part := Ports{bounds[i], end}
		var except []netip.Prefix
		for _, h := range holes {
			if h.ports.first <= part.first && part.end <= h.ports.end {
				except = append(except, h.prefix)
			}
		}
		slices.SortFunc(except, netip.Prefix.Compare)
		var closed []Remainder
		fewer := n.cut(peer.prefix, part, func(p netip.Prefix, _ Ports) bool {
			closed = append(closed, Remainder{Peer: Peer{prefix: p, ipv6: peer.ipv6}, Ports: part})
			return len(closed) <= 1+len(except)
		})
		if !fewer {
			closed = []Remainder{{Peer: peer, Except: except, Ports: part}}
		}
		if slices.ContainsFunc(closed, func(r Remainder) bool { return !to.add(r) }) {
			return false
		}
	}
	return true
}
