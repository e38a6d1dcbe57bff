package packet

import (
	"iter"
	"math"
	"slices"
	"sort"
)

// span is a stretch of the line that something is open on.
type span struct {
	Ports
	rank int32 // of the first rule that opens it; 0 in a set
}

// line says what is open on the line of ports, and by which rule.
type line []span // sorted; apart from each other, or of different ranks

// none is the rank of what is not open: behind all others.
const none int32 = math.MaxInt32

// combine returns the line on which op decides every port by the ranks that it
// has on a and on b. Where both are none, op has to return none.
//
//	a       ────0────      ──0──
//	b             ─────0─────
//	      | |   | |   |   |  |      op is asked once between two bars
func combine(a, b line, op func(a, b int32) int32) line {
	var result line
	for position := uint32(0); len(a) > 0 || len(b) > 0; {
		rankA, untilA := a.at(position)
		rankB, untilB := b.at(position)
		until := min(untilA, untilB)
		if rank := op(rankA, rankB); rank != none {
			result = result.extend(span{Ports{position, until}, rank})
		}
		position = until
		a, b = a.from(position), b.from(position)
	}
	return result
}

// at returns the rank at a position that no span of the line ends before, and
// where it changes.
func (l line) at(position uint32) (rank int32, until uint32) {
	switch {
	case len(l) == 0:
		return none, lineEnd
	case position < l[0].first:
		return none, l[0].first
	}
	return l[0].rank, l[0].end
}

// from drops a first span that ends there or before.
func (l line) from(position uint32) line {
	if len(l) > 0 && l[0].end <= position {
		return l[1:]
	}
	return l
}

// extend adds a span behind the others.
func (l line) extend(s span) line {
	if last := len(l) - 1; last >= 0 && l[last].end == s.first && l[last].rank == s.rank {
		l[last].end = s.end
		return l
	}
	return append(l, s)
}

// join returns what is open on either line, by the first rule of either.
func join(a, b line) line {
	switch {
	case len(a) == 0 || same(a, b):
		return b
	case len(b) == 0:
		return a
	}
	return combine(a, b, func(a, b int32) int32 { return min(a, b) })
}

// meet returns what is open on both lines, by the later of the rules: only all
// rules up to that one open it.
func meet(a, b line) line {
	switch {
	case len(a) == 0 || len(b) == 0:
		return nil
	case same(a, b):
		return a
	}
	return combine(a, b, func(a, b int32) int32 { return max(a, b) })
}

// minus returns what is open on a and not on b.
func minus(a, b line) line {
	if len(a) == 0 || len(b) == 0 {
		return a
	}
	return combine(a, b, func(a, b int32) int32 {
		if b != none {
			return none
		}
		return a
	})
}

// same reports whether both are one line in memory, which saves most of the work
// where many peers have the ports of one.
func same(a, b line) bool { return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] }

// joinAll joins many lines, which it may reorder, in n log n.
func joinAll(lines []line) line {
	switch n := len(lines); n {
	case 0:
		return nil
	case 1:
		return lines[0]
	default:
		return join(joinAll(lines[:n/2]), joinAll(lines[n/2:]))
	}
}

// unranked returns the line with all ranks 0.
func (l line) unranked() line {
	if !slices.ContainsFunc(l, func(s span) bool { return s.rank != 0 }) {
		return l
	}
	var result line
	for _, s := range l {
		result = result.extend(span{s.Ports, 0})
	}
	return result
}

// ending returns the index of the first span that ends behind a position.
func (l line) ending(position uint32) int {
	return sort.Search(len(l), func(i int) bool { return l[i].end > position })
}

// overlapping yields the parts of the line that lie in p.
func (l line) overlapping(p Ports) iter.Seq[span] {
	return func(yield func(span) bool) {
		for i := l.ending(p.first); i < len(l) && l[i].first < p.end; i++ {
			if !yield(span{Ports{max(l[i].first, p.first), min(l[i].end, p.end)}, l[i].rank}) {
				return
			}
		}
	}
}

// overlaps reports whether one of the ports is open.
func (l line) overlaps(p Ports) bool {
	i := l.ending(p.first)
	return i < len(l) && l[i].first < p.end && !p.IsEmpty()
}

// open is the stretch of equal rank at a position, or the closed one, in which
// rules from a limit on do not count.
func (l line) open(position uint32, limit int32) (open bool, until uint32) {
	i := l.ending(position)
	for ; i < len(l); i++ {
		if l[i].rank < limit {
			if l[i].first <= position {
				return true, l[i].end
			}
			return false, l[i].first
		}
	}
	return false, lineEnd
}

// allOpen reports whether the lines open all of p by rules before the limit.
func allOpen(lines []line, p Ports, limit int32) bool {
	for range gaps(lines, p, limit) {
		return false
	}
	return true
}

// gaps yields the stretches of p that none of the lines opens by a rule before
// the limit.
//
//	p        ├──────────────────────────────┤
//	lines    ────────   ─────
//	                  ──────────      ────
//	gaps                        ──────    ──
func gaps(lines []line, p Ports, limit int32) iter.Seq[Ports] {
	return func(yield func(Ports) bool) {
		var gap Ports
		for position := p.first; position < p.end; {
			isOpen, furthest, nearest := false, position, uint32(lineEnd)
			for _, l := range lines {
				open, until := l.open(position, limit)
				if open {
					isOpen, furthest = true, max(furthest, until)
				} else {
					nearest = min(nearest, until)
				}
			}
			if isOpen {
				position = furthest
				continue
			}
			gap = Ports{position, min(nearest, p.end)}
			if !yield(gap) {
				return
			}
			position = gap.end
		}
	}
}
