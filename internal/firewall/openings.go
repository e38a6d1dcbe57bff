package firewall

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// opening is one rule between a managed endpoint and one peer on one port range.
type opening struct {
	bucket
	peer  peer
	flows []string // sorted, unique
}

// key is the sentence that says what the opening is.
func (o opening) key() string {
	return o.direction.sides(o.host.id, o.peer.side) + "/" + o.ports.Key()
}

func (o opening) bound(key string, cells []Cell) Bound {
	return Bound{Key: key, Host: o.host.id, Peer: o.peer.side, PeerKind: o.peer.kind, Flows: o.flows, Cells: cells}
}

// bucket gathers what is opened between one managed endpoint and its peers on
// one port range in one direction.
type bucket struct {
	host      *party
	direction Direction
	ports     matrix.PortRange
}

// openings finds every rule of a cloud whose rules have one peer and one port
// range each.
func (p *plan) openings() []opening {
	buckets := make(map[bucket]contents)
	for _, e := range p.edges {
		b := bucket{e.host, e.direction, e.ports}
		if buckets[b] == nil {
			buckets[b] = make(contents)
		}
		buckets[b][e.other] = append(buckets[b][e.other], e.flow)
	}
	var found []opening
	for b, c := range buckets {
		for other := range c {
			c[other] = sortedSet(c[other])
		}
		found = append(found, c.named(b)...)
		found = append(found, c.listed(b)...)
	}
	return found
}

// contents are the other sides of a bucket with the flows that want them.
type contents map[*party][]string

// flows returns the flows that want any of the parties, sorted and unique.
func (c contents) flows(others []*party) []string {
	slices.SortFunc(others, func(a, b *party) int { return cmp.Compare(a.id, b.id) })
	others = slices.Compact(others)
	if len(others) == 1 {
		return c[others[0]]
	}
	var flows []string
	for _, other := range others {
		flows = append(flows, c[other]...)
	}
	return sortedSet(flows)
}

// named returns the openings to all but list CIDRs. What is the other side in the
// key identifies them.
func (c contents) named(b bucket) []opening {
	peers := make(map[string]peer)
	wanting := make(map[string][]*party)
	in := familiesOf(b.ports.Protocol())
	for other := range c {
		for _, p := range other.peers {
			if p.kind == CIDRPeer && !in.has(p.prefix) {
				continue
			}
			before, ok := peers[p.side]
			if !ok || before.prefix.IsUnknown() { // the same name may be known from another binding
				peers[p.side] = p
			}
			wanting[p.side] = append(wanting[p.side], other)
		}
	}
	found := make([]opening, 0, len(peers))
	for side, p := range peers {
		found = append(found, opening{b, p, c.flows(wanting[side])})
	}
	return found
}

// listed returns the openings to list CIDRs. One that another covers goes, and
// its flows go to the one that covers it.
func (c contents) listed(b bucket) []opening {
	type listedCIDR struct {
		prefix netip.Prefix
		party  *party
	}
	in, count := familiesOf(b.ports.Protocol()), 0
	for other := range c {
		count += len(other.prefixes)
	}
	all := make([]listedCIDR, 0, count)
	for other := range c {
		for _, prefix := range other.listed(in) {
			all = append(all, listedCIDR{prefix, other})
		}
	}
	slices.SortFunc(all, func(x, y listedCIDR) int { return comparePrefixes(x.prefix, y.prefix) })
	found := make([]opening, 0, count)
	for i := 0; i < len(all); {
		cover, wanting := all[i].prefix, []*party{all[i].party}
		for i++; i < len(all) && covers(cover, all[i].prefix); i++ {
			wanting = append(wanting, all[i].party)
		}
		found = append(found, opening{b, peer{kind: CIDRPeer, side: cover.String(), prefix: Known(cover)}, c.flows(wanting)})
	}
	return found
}

func sortedSet(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
