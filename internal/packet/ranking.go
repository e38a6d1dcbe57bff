package packet

import "slices"

// Ranking answers which rules do what others do already. It is immutable.
type Ranking struct {
	rules []Rule
	space Set // each port with the first rules that open it
}

// NewRanking ranks rules by their order: of two that do the same, the first is to
// stay.
func NewRanking(rules []Rule) Ranking {
	var b builder
	for i, r := range rules {
		b.add(r, int32(i))
	}
	return Ranking{slices.Clone(rules), b.set()}
}

// IsRedundant reports whether the rules before the i-th let through all that it
// does. All redundant rules of a ranking may be removed together: the first rule
// that opens something is never one of them.
func (r Ranking) IsRedundant(i int) bool {
	for peer, ports := range r.rules[i].All() {
		if !r.space.family(peer.ipv6).covers(peer, ports, int32(i)) {
			return false
		}
	}
	return true
}

// By returns which rules let packets of another one through, in ascending order,
// at most so many: for each port the first rule that opens it to all of a peer,
// and where there is none, those that open it to parts.
func (r Ranking) By(rule Rule, most int) []int {
	found := &ranks{make(map[int32]bool), most}
	for peer, ports := range rule.All() {
		s := r.space.family(peer.ipv6)
		lines, inside := s.at(peer)
		if inside != nil && inside.prefix == peer.prefix {
			lines[len(lines)-1] = inside.own(ports)
		}
		var open []line
		for _, l := range lines {
			open = append(open, slices.Collect(l.overlapping(ports)))
		}
		first := joinAll(open)
		for _, span := range first {
			found.add(span.rank)
		}
		for gap := range gaps([]line{first}, ports, none) {
			inside.rules(gap, found)
		}
	}
	by := make([]int, 0, len(found.set))
	for rank := range found.set {
		by = append(by, int(rank))
	}
	slices.Sort(by)
	return by[:min(len(by), most)]
}

// ranks is a set of ranks that need not grow beyond most.
type ranks struct {
	set  map[int32]bool
	most int
}

func (r *ranks) add(rank int32) { r.set[rank] = true }

func (r *ranks) full() bool { return len(r.set) >= r.most }

// rules adds the rules that open ports to parts of the node's prefix, or to all
// of it.
func (n *node) rules(ports Ports, found *ranks) {
	if n == nil || !n.any.overlaps(ports) || found.full() {
		return
	}
	own := n.own(ports)
	for _, span := range own {
		found.add(span.rank)
	}
	for gap := range gaps([]line{own}, ports, none) {
		n.left.rules(gap, found)
		n.right.rules(gap, found)
	}
}

// own returns what of the ports the node's own rules open: its line without what
// is there because both halves have it. A rule that opens something to both
// halves by name counts as theirs.
func (n *node) own(ports Ports) line {
	length := n.prefix.Bits() + 1
	part := func(l line) line { return slices.Collect(l.overlapping(ports)) }
	halves := meet(part(n.left.whole(length)), part(n.right.whole(length)))
	return combine(part(n.line), halves, func(line, halves int32) int32 {
		if line == halves {
			return none
		}
		return line
	})
}
