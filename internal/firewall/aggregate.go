package firewall

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"net/netip"
	"slices"
	"sort"

	"go4.org/netipx" // sets of addresses, and the fewest prefixes that hold one

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Aggregated are prefixes that hold given addresses.
type Aggregated struct {
	// Prefixes are sorted, IPv4 first; none covers another, and no two are the
	// halves of one.
	Prefixes []netip.Prefix
	// Widened are those of Prefixes that hold more than was given, in their order.
	Widened []Widened
}

// Widened is a prefix that has more addresses than were given.
type Widened struct {
	Prefix netip.Prefix
	Given  []netip.Prefix // the fewest prefixes of what was given inside it, sorted
	Added  *big.Int       // number of addresses inside it that were not given
}

// Widening says how far prefixes may be widened so that fewer are left.
type Widening struct {
	Most int // how many prefixes may be left, of both families together, from 1
	// The shortest length that a widened prefix may have, in each family; 0 for
	// the shortest that is no public block (law of publicBits4, publicBits6).
	Shortest4, Shortest6 int
}

// Aggregate returns the fewest prefixes that hold exactly the given addresses.
func Aggregate(prefixes []netip.Prefix) Aggregated {
	return Aggregated{Prefixes: fewest(prefixes)}
}

func fewest(prefixes []netip.Prefix) []netip.Prefix {
	var all netipx.IPSetBuilder
	for _, prefix := range prefixes {
		all.AddPrefix(prefix)
	}
	set, err := all.IPSet()
	if err != nil { // only for a prefix that is invalid, which has no address
		return nil
	}
	return set.Prefixes()
}

// AggregateTo returns the fewest prefixes that hold the given addresses, with as
// few others as may be where there would be more than w.Most of them. What is
// added is weighed by its share of its family's address space, so that a prefix
// of one length weighs the same in both: a /16 of IPv4 as much as a /16 of IPv6.
// Of two ways that add as much, the one with fewer prefixes is taken.
//
// No prefix that was not given as a whole becomes shorter than w allows, or a
// public block, or has private addresses together with those of the Internet;
// where w.Most is not to be had that way, the error at most says what is.
func AggregateTo(most refusal.Path, prefixes []netip.Prefix, w Widening) (Aggregated, error) {
	exact := fewest(prefixes)
	if len(exact) <= w.Most {
		return Aggregated{Prefixes: exact}, nil
	}
	root := w.tree(exact)
	if root.fewest > w.Most {
		return Aggregated{}, &refusal.Error{
			At: most, Summary: "Too few prefixes",
			Found: fmt.Sprintf("the addresses need %d prefixes, and widening leaves %d at least, which is more than %d", len(exact), root.fewest, w.Most),
			Remedy: fmt.Sprintf("Write %d or more, or allow shorter prefixes in spread; nothing is widened to a public block, shorter than a /8 of IPv4 or a /16 of IPv6, "+
				"or to one that has private addresses and others", root.fewest),
		}
	}
	best := 1
	for count := 1; count <= len(root.added); count++ {
		if root.added[count-1].less(root.added[best-1]) {
			best = count
		}
	}
	var result Aggregated
	root.collect(best, &result)
	return result, nil
}

// block is a node of the tree of given prefixes: one of them, or the longest
// prefix that covers the blocks of both branches.
//
//	10.0.0.0/22 ──┬── 10.0.0.0/24 ──┬── 10.0.0.0/26
//	              │                 └── 10.0.0.192/26
//	              └── 10.0.3.0/24
type block struct {
	prefix   netip.Prefix
	given    []netip.Prefix // the given prefixes inside it
	branches [2]*block      // nil where the block is a given prefix itself
	held     weight         // of the given addresses inside it

	// How many prefixes must be left of it at least, and where it may not be held
	// as a whole.
	fewest, fewestParts int

	// added[n-1] is the least that must be added to hold what was given in exactly
	// n prefixes: with one, the whole block; with more, never all of it. left[n-1]
	// is how many of the n are in the first branch.
	added []weight
	left  []int
}

// tree builds the tree of sorted prefixes of which no two overlap and no two are
// the halves of one, and solves every block of it, the smallest first. The two
// families are the branches of a root that stands for no prefix.
func (w Widening) tree(given []netip.Prefix) *block {
	second := sort.Search(len(given), func(i int) bool { return given[i].Addr().Is6() })
	if second == 0 || second == len(given) {
		return w.build(given)
	}
	root := &block{given: given, branches: [2]*block{w.build(given[:second]), w.build(given[second:])}}
	root.solve(w.Most, false)
	return root
}

func (w Widening) build(given []netip.Prefix) *block {
	b := &block{given: given, prefix: given[0]}
	if len(given) == 1 {
		b.held, b.added, b.fewest, b.fewestParts = weigh(b.prefix), make([]weight, 1), 1, math.MaxInt32
		return b
	}
	b.prefix = shared(given[0], given[len(given)-1])
	second := sort.Search(len(given), func(i int) bool { return bit(given[i].Addr(), b.prefix.Bits()) })
	b.branches = [2]*block{w.build(given[:second]), w.build(given[second:])}
	b.solve(w.Most, w.allows(b.prefix))
	return b
}

// solve fills in what a block with branches costs. Two branches that are the
// halves of the block, both whole, are the block itself, and so no way to hold it
// in two prefixes; where the whole may not be, neither may they.
func (b *block) solve(most int, wholeAllowed bool) {
	first, second := b.branches[0], b.branches[1]
	b.added, b.left = make([]weight, min(len(b.given), most)), make([]int, min(len(b.given), most))
	for i := range b.added {
		b.added[i] = tooMuch
	}
	b.held = first.held.plus(second.held)
	b.fewestParts = first.fewest + second.fewest
	halves := b.prefix.IsValid() && first.prefix.Bits() == b.prefix.Bits()+1 && second.prefix.Bits() == b.prefix.Bits()+1
	if halves && b.fewestParts == 2 {
		b.fewestParts = 1 + min(first.fewestParts, second.fewestParts)
	}
	b.fewest = b.fewestParts
	if wholeAllowed {
		b.fewest, b.added[0] = 1, weigh(b.prefix).minus(b.held)
	}
	for i, added := range first.added {
		if added == tooMuch {
			continue
		}
		for j, more := range second.added[:min(len(second.added), max(0, len(b.added)-i-1))] {
			if more == tooMuch || halves && i == 0 && j == 0 {
				continue
			}
			count := i + j + 2
			if sum := added.plus(more); sum.less(b.added[count-1]) {
				b.added[count-1], b.left[count-1] = sum, i+1
			}
		}
	}
}

// collect adds the block's prefixes, as many as count, to the result.
func (b *block) collect(count int, result *Aggregated) {
	switch {
	case count == 1 && b.branches[0] == nil:
		result.Prefixes = append(result.Prefixes, b.prefix)
	case count == 1:
		result.Prefixes = append(result.Prefixes, b.prefix)
		result.Widened = append(result.Widened, Widened{b.prefix, b.given, b.added[0].addresses(b.prefix.Addr().BitLen())})
	default:
		b.branches[0].collect(b.left[count-1], result)
		b.branches[1].collect(count-b.left[count-1], result)
	}
}

// allows reports whether a prefix may be widened to.
func (w Widening) allows(prefix netip.Prefix) bool {
	shortest := cmp.Or(w.Shortest4, publicBits4)
	if prefix.Addr().Is6() {
		shortest = cmp.Or(w.Shortest6, publicBits6)
		if w.Shortest6 == 0 && covers(uniqueLocal, prefix) {
			shortest = uniqueLocal.Bits()
		}
	}
	return prefix.Bits() >= shortest && !slices.ContainsFunc(apart[:], func(private netip.Prefix) bool {
		return private.Bits() > prefix.Bits() && covers(prefix, private)
	})
}

// apart are blocks that no widened prefix has together with what is around
// them: RFC 1918, RFC 6598, RFC 3927 and RFC 4193.
var apart = [...]netip.Prefix{
	netip.PrefixFrom(netip.AddrFrom4([4]byte{10}), 8),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16}), 12),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168}), 16),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{169, 254}), 16),
	uniqueLocal,
}

// shared returns the longest prefix that covers two of one family.
func shared(a, b netip.Prefix) netip.Prefix {
	length := 0
	for length < min(a.Bits(), b.Bits()) && bit(a.Addr(), length) == bit(b.Addr(), length) {
		length++
	}
	return netip.PrefixFrom(a.Addr(), length).Masked()
}

// bit reports whether an address has a bit set, counted from 0, the highest.
func bit(address netip.Addr, i int) bool {
	b := address.AsSlice()
	return b[i/8]&(1<<(7-i%8)) != 0
}

// weight is a share of a family's address space, in units of 2^-128: what one
// address of IPv6 weighs. A single prefix of length 0 would not fit, and is
// never widened to.
type weight struct{ high, low uint64 }

// tooMuch is the weight of what may not be.
var tooMuch = weight{1<<64 - 1, 1<<64 - 1}

func weigh(prefix netip.Prefix) weight {
	switch unit := 128 - prefix.Bits(); {
	case unit < 64:
		return weight{0, 1 << unit}
	case unit < 128:
		return weight{1 << (unit - 64), 0}
	}
	return weight{} // 2^128, which wraps around: it is only ever taken from
}

func (w weight) plus(other weight) weight {
	low, carry := bits.Add64(w.low, other.low, 0)
	high, _ := bits.Add64(w.high, other.high, carry)
	return weight{high, low}
}

func (w weight) minus(other weight) weight {
	low, borrow := bits.Sub64(w.low, other.low, 0)
	high, _ := bits.Sub64(w.high, other.high, borrow)
	return weight{high, low}
}

func (w weight) less(other weight) bool {
	return w.high < other.high || w.high == other.high && w.low < other.low
}

// addresses returns how many addresses of a family whose addresses have so many
// bits the weight is.
func (w weight) addresses(bitLen int) *big.Int {
	n := new(big.Int).SetUint64(w.high)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(w.low))
	return n.Rsh(n, uint(128-bitLen))
}
