package packet

import (
	"maps"
	"net/netip"
	"slices"
)

// space is what is open in one family. The zero value is nothing.
type space struct {
	tree   *node           // to addresses
	atoms  map[string]line // to the atoms named, all of it: others adds nothing
	others line            // to every atom that is not named
	groups line            // to some atom, named or not; unranked
	except line            // to others, and not to some atom that is named; unranked
}

// atom returns what is open to an atom.
func (s space) atom(name string) line {
	if l, ok := s.atoms[name]; ok {
		return l
	}
	return s.others
}

func (s space) isEmpty() bool { return len(s.tree.anywhere()) == 0 && len(s.groups) == 0 }

// covers reports whether the peer may reach all of the ports by rules before a
// limit.
func (s space) covers(peer Peer, ports Ports, limit int32) bool {
	lines, _ := s.at(peer)
	return allOpen(lines, ports, limit)
}

// at returns the lines that have what is open to all of the peer, and of a prefix
// the topmost node inside it, or nil.
func (s space) at(peer Peer) (lines []line, inside *node) {
	switch {
	case peer.prefix.IsValid():
		return s.tree.path(peer.prefix)
	case peer.others:
		return []line{s.others}, nil
	case peer.atom != "":
		return []line{s.atom(peer.atom)}, nil
	}
	return nil, nil
}

func (s space) overlaps(peer Peer, ports Ports) bool {
	lines, inside := s.at(peer)
	return s.overlapsAt(peer, lines, inside, ports)
}

// overlapsAt is overlaps with what at returned.
func (s space) overlapsAt(peer Peer, lines []line, inside *node, ports Ports) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return l.overlaps(ports) }) ||
		peer.others && s.groups.overlaps(ports) || inside.anywhere().overlaps(ports)
}

func (s space) all(ipv6 bool, yield func(Peer, Ports) bool) bool {
	if !s.tree.all(nil, func(p netip.Prefix, ports Ports) bool { return yield(Peer{prefix: p, ipv6: ipv6}, ports) }) {
		return false
	}
	for _, name := range slices.Sorted(maps.Keys(s.atoms)) {
		peer := Peer{atom: name, ipv6: ipv6}
		if len(s.atoms[name]) == 0 && !yield(peer, Ports{}) { // unlike the others, it may do nothing
			return false
		}
		for _, span := range s.atoms[name] {
			if !yield(peer, span.Ports) {
				return false
			}
		}
	}
	for _, span := range s.others {
		if !yield(Peer{others: true, ipv6: ipv6}, span.Ports) {
			return false
		}
	}
	return true
}

func (s space) union(other space) space {
	var leaves []leaf
	for _, tree := range []*node{s.tree, other.tree} {
		tree.all(nil, func(p netip.Prefix, ports Ports) bool {
			leaves = append(leaves, leaf{p, line{{ports, 0}}})
			return true
		})
	}
	return s.byAtom(other, leaves, join)
}

func (s space) intersect(other space) space {
	var leaves []leaf
	s.tree.all(nil, func(p netip.Prefix, ports Ports) bool {
		other.tree.overlapping(p, ports, func(p netip.Prefix, ports Ports) {
			leaves = append(leaves, leaf{p, line{{ports, 0}}})
		})
		return true
	})
	return s.byAtom(other, leaves, meet)
}

func (s space) subtract(other space) space {
	var leaves []leaf
	s.tree.all(nil, func(p netip.Prefix, ports Ports) bool {
		lines, inside := other.tree.path(p)
		for gap := range gaps(lines, ports, none) {
			inside.cut(p, gap, func(p netip.Prefix, ports Ports) bool {
				leaves = append(leaves, leaf{p, line{{ports, 0}}})
				return true
			})
		}
		return true
	})
	return s.byAtom(other, leaves, minus)
}

// byAtom returns a space of leaves, with what op makes of each atom's lines.
func (s space) byAtom(other space, leaves []leaf, op func(a, b line) line) space {
	result := space{tree: grow(gather(leaves)), others: op(s.others, other.others)}
	names := make(map[string]line, len(s.atoms)+len(other.atoms))
	for _, atoms := range []map[string]line{s.atoms, other.atoms} {
		for name := range atoms {
			names[name] = op(s.atom(name), other.atom(name))
		}
	}
	return result.named(names)
}

// named sets the atoms' lines. One that has what every other atom has needs no
// name.
func (s space) named(atoms map[string]line) space {
	maps.DeleteFunc(atoms, func(_ string, l line) bool { return slices.Equal(l, s.others) })
	s.atoms = atoms
	open, lacking := []line{s.others.unranked()}, []line(nil)
	for _, l := range atoms {
		open = append(open, l.unranked())
		lacking = append(lacking, minus(s.others, l).unranked())
	}
	s.groups, s.except = joinAll(open), joinAll(lacking)
	return s
}

func (s space) isSubset(other space) bool {
	inside := s.tree.all(nil, func(p netip.Prefix, ports Ports) bool {
		return other.covers(Peer{prefix: p}, ports, none)
	})
	return inside && len(minus(s.others, other.others)) == 0 &&
		!s.anyAtomBeyond(s.atoms, other) && !s.anyAtomBeyond(other.atoms, other)
}

// anyAtomBeyond reports whether one of the atoms may do more in s than in other.
func (s space) anyAtomBeyond(atoms map[string]line, other space) bool {
	for name := range atoms {
		if len(minus(s.atom(name), other.atom(name))) > 0 {
			return true
		}
	}
	return false
}

// gather sorts leaves and joins those of one prefix.
func gather(leaves []leaf) []leaf {
	slices.SortFunc(leaves, func(a, b leaf) int { return a.prefix.Compare(b.prefix) })
	gathered := leaves[:0]
	var lines []line
	for i, l := range leaves {
		lines = append(lines, l.line)
		if i+1 < len(leaves) && leaves[i+1].prefix == l.prefix {
			continue
		}
		gathered = append(gathered, leaf{l.prefix, joinAll(lines)})
		lines = lines[:0]
	}
	return gathered
}

// builder gathers rules, for both families. The zero value is ready to use.
type builder struct{ ipv4, ipv6 familyBuilder }

type familyBuilder struct {
	leaves []leaf
	atoms  map[string][]line
	others []line
}

func (b *builder) add(r Rule, rank int32) {
	for _, ports := range r.Ports {
		if ports.IsEmpty() {
			continue
		}
		l := line{{ports, rank}} // shared: it says the same of every peer
		for _, peer := range r.Peers {
			f := &b.ipv4
			if peer.ipv6 {
				f = &b.ipv6
			}
			switch {
			case peer.prefix.IsValid():
				f.leaves = append(f.leaves, leaf{peer.prefix, l})
			case peer.others:
				f.others = append(f.others, l)
			case peer.atom != "":
				if f.atoms == nil {
					f.atoms = make(map[string][]line)
				}
				f.atoms[peer.atom] = append(f.atoms[peer.atom], l)
			}
		}
	}
}

// set returns what was added.
func (b *builder) set() Set { return Set{b.ipv4.space(), b.ipv6.space()} }

func (f *familyBuilder) space() space {
	s := space{tree: grow(gather(f.leaves)), others: joinAll(f.others)}
	if s.tree != nil && s.tree.prefix.Bits() == 0 {
		s.others = join(s.others, s.tree.line)
	}
	atoms := make(map[string]line, len(f.atoms))
	for name, lines := range f.atoms {
		atoms[name] = join(joinAll(lines), s.others)
	}
	return s.named(atoms)
}
