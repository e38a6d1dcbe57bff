package audit

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Side is one of two sides that are compared.
type Side struct {
	Openings []Opening
	Hosts    []string // those that no purpose shows
}

// Opening is a rule of one of two sides that are compared. It lets each of its
// peers reach each of its ports at each of the ends where it stands.
type Opening struct {
	Key         string // unique on its side
	Source      string // id of the endpoint that connects, or what stands for it
	Destination string // id of the endpoint that listens, or what stands for it
	Component   string // empty where the rule does not say
	Purpose     string // empty where the rule does not say
	Origin      string // empty where the rule does not say
	Flows       []string
	Erratum     string // id of the erratum that explains it; empty: none

	At, Peers []packet.Peer
	Ports     []packet.Ports
}

// Named returns the peers that an endpoint is where nothing says its addresses: an
// atom of its id.
func Named(id string) []packet.Peer { return []packet.Peer{packet.Atom(endpoint+id, false)} }

// endpoint is before the id of an endpoint that is an atom: no cloud's identifier
// begins so.
const endpoint = "endpoint "

// Diff is what differs between two sides.
type Diff struct {
	Equal     bool   // no packet differs
	Summary   string // a sentence
	Opened    map[string]Change
	Closed    map[string]Change
	Unchanged []string // keys of the second side, sorted
	// Moved and Changed are notes about opened and closed rules, which stay in both.
	Moved              []Move
	Changed            []PortChange
	OnlyFrom, OnlyTo   []string // endpoints that one side alone names, sorted
	HostsFrom, HostsTo []string // those of them that are hosts, sorted
}

// Change is a rule of which the other side lacks packets.
type Change struct {
	Opening
	Packets []string // what the other side lacks, the first few
}

// Move is a rule that is closed and one that is opened: of one source, component
// and ports, to another destination, or of one destination, from another source.
type Move struct {
	Closed, Opened   string // keys
	Component, Ports string
	End              string // "destination" or "source": the end that moves
	From, To         string // ids of that end
	Other            string // id of the end that stays
}

// PortChange is other ports of one component between the same ends.
type PortChange struct {
	Source, Destination, Component string
	Closed, Opened                 []string // keys
	From, To                       []string // ports
	Erratum                        string
}

// Compare compares the packets of two sides, at each end where one of either
// stands. Between which rules packets are shared out changes nothing.
func Compare(one, other Side) *Diff {
	d := &Diff{Opened: make(map[string]Change), Closed: make(map[string]Change)}
	from, to := one.Openings, other.Openings
	cells := cellsOf(from, to)
	before, after := cells.deal(from), cells.deal(to)
	for i := range cells.peers {
		if len(before[i]) == 0 && len(after[i]) == 0 || cells.isEmpty(i) {
			continue
		}
		cells.compare(i, before[i], from, after[i], to, d.Opened)
		cells.compare(i, after[i], to, before[i], from, d.Closed)
	}
	for _, o := range to {
		if _, ok := d.Opened[o.Key]; !ok {
			d.Unchanged = append(d.Unchanged, o.Key)
		}
	}
	slices.Sort(d.Unchanged)
	d.Equal = len(d.Opened) == 0 && len(d.Closed) == 0
	d.pair()
	d.ends(one, other)
	d.summarize()
	return d
}

// cells are the ends at which rules stand: prefixes, each without those inside it,
// and atoms.
type cells struct {
	peers []packet.Peer // prefixes first, sorted; then atoms
	count int           // of prefixes
	index map[packet.Peer]int
}

func cellsOf(sides ...[]Opening) cells {
	c := cells{index: make(map[packet.Peer]int)}
	for _, side := range sides {
		for _, o := range side {
			for _, at := range o.At {
				c.index[at] = 0
			}
		}
	}
	c.peers = slices.SortedFunc(maps.Keys(c.index), func(a, b packet.Peer) int {
		prefixA, isPrefixA := a.Prefix()
		prefixB, isPrefixB := b.Prefix()
		switch {
		case isPrefixA && isPrefixB:
			return prefixA.Compare(prefixB)
		case isPrefixA != isPrefixB && isPrefixA:
			return -1
		case isPrefixA != isPrefixB:
			return 1
		}
		return cmp.Compare(a.String(), b.String())
	})
	for i, p := range c.peers {
		c.index[p] = i
		if _, ok := p.Prefix(); ok {
			c.count = i + 1
		}
	}
	return c
}

// inside yields the prefixes in one of them, itself first.
func (c cells) inside(i int) []int {
	whole, ok := c.peers[i].Prefix()
	if !ok {
		return []int{i}
	}
	within := []int{i}
	for j := i + 1; j < c.count; j++ {
		if prefix, _ := c.peers[j].Prefix(); !whole.Contains(prefix.Addr()) || prefix.Addr().Is4() != whole.Addr().Is4() {
			break
		}
		within = append(within, j)
	}
	return within
}

// deal returns which of the openings stand at each cell.
func (c cells) deal(side []Opening) [][]int {
	at := make([][]int, len(c.peers))
	for i, o := range side {
		for _, end := range o.At {
			for _, cell := range c.inside(c.index[end]) {
				if n := len(at[cell]); n == 0 || at[cell][n-1] != i {
					at[cell] = append(at[cell], i)
				}
			}
		}
	}
	return at
}

// isEmpty reports whether the prefixes inside a prefix leave nothing of it.
func (c cells) isEmpty(i int) bool {
	inside := c.inside(i)[1:]
	if len(inside) == 0 {
		return false
	}
	port := []packet.Ports{packet.PortRange(6, 1, 1)}
	var smaller []packet.Peer
	for _, j := range inside {
		smaller = append(smaller, c.peers[j])
	}
	return packet.New(packet.Rule{Peers: smaller, Ports: port}).Contains(c.peers[i], port[0])
}

// compare notes what the others lack of a side's openings at a cell.
func (c cells) compare(cell int, otherIndexes []int, others []Opening, indexes []int, side []Opening, changes map[string]Change) {
	set := packet.New(rulesOf(otherIndexes, others)...)
	where := ""
	if prefix, ok := c.peers[cell].Prefix(); ok {
		where = " at " + prefix.String()
	}
	for _, d := range set.Attribute(rulesOf(indexes, side)) {
		o := side[indexes[d.Rule]]
		change, ok := changes[o.Key]
		if !ok {
			change.Opening = o
		}
		for _, text := range spellAt(d, addressesOf) {
			if len(change.Packets) < packet.MostRemainders {
				change.Packets = append(change.Packets, text+where)
			}
		}
		changes[o.Key] = change
	}
}

func rulesOf(indexes []int, of []Opening) []packet.Rule {
	rules := make([]packet.Rule, 0, len(indexes))
	for _, i := range indexes {
		rules = append(rules, packet.Rule{Peers: of[i].Peers, Ports: of[i].Ports})
	}
	return rules
}

// addressesOf spells the other side, and leaves out an endpoint, which a rule says by its
// source.
func addressesOf(r packet.Remainder) string {
	if atom, ok := r.Peer.Atom(); ok && strings.HasPrefix(atom, endpoint) {
		return ""
	}
	return r.Addresses()
}

// SpellPorts spells the ports: "tcp/5672".
func (o Opening) SpellPorts() string {
	var texts []string
	for _, p := range o.Ports {
		texts = append(texts, spellPorts(p))
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// Prefixes returns the peers that prefixes are; one with host bits is left out.
func Prefixes(prefixes ...netip.Prefix) []packet.Peer {
	var peers []packet.Peer
	for _, p := range prefixes {
		if peer, err := packet.Prefix(p); err == nil {
			peers = append(peers, peer)
		}
	}
	return peers
}
