// Package cloud says what a cloud does with a rule, ours or another's: rows of
// named values become packets.
//
// Each cloud is one file, written against the cloud's own documentation. It
// shares no code with what renders rules, so that one can be held against the
// other. An attribute that could narrow or widen a rule and is not known here is
// an error, never "any"; a value that is not known yet makes no rule.
package cloud

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Cloud reads the rules of one cloud.
type Cloud struct {
	Name string // "aws", as in the name of what renders for it

	// read reads a row that has at least one value.
	read func(r *row, direction Direction, w World) Rule

	// printed reads what command lines and APIs print; false where it is not that.
	printed func(value any) (Seen, bool)
	prints  string   // what prints it
	notes   []string // attributes in it that say nothing about who may reach what, wherever they stand

	repeated []string // attributes in it whose values many rules have in common: read once, and not to be changed
	optional []string // attributes in it of which null is as if they were not there

	// terraform reads an object of Terraform's that holds rules: false where it is
	// not one.
	terraform func(object map[string]any) (Seen, bool)
	// resources are the types whose objects hold rules, with the direction that the
	// type alone says.
	resources map[string]Direction

	openEgress     bool // what no rule denies may leave
	openNetwork    bool // what no rule denies may enter from the same network
	namedRules     bool // a rule's name is its identity
	foldsCase      bool // names of groups are the same in any case
	openUnselected bool // machines to which no rule of a direction is attached are open in it
}

// All returns all clouds.
func All() []Cloud { return []Cloud{AWS(), GCP(), OpenStack(), Kubernetes(), Azure()} }

// Direction is that of the connection, seen from the machines that a rule is
// attached to. The zero value says nothing.
type Direction string

// The directions.
const (
	Ingress Direction = "ingress"
	Egress  Direction = "egress"
)

// Rule is what one row does.
type Rule struct {
	ID        string    // the cloud's own name for it; empty where the row has none
	Import    string    // what an import takes for it; empty where the row does not say that
	Direction Direction // one of the two
	// Groups are the security groups, tags or accounts whose machines it is
	// attached to. Everywhere says that it is attached to every machine: no groups
	// alone never say so.
	Groups     []string
	Everywhere bool
	// Within is a group in which the machines have to be besides: the network security
	// group of a rule of Azure's that names application security groups.
	Within   string
	Selector bool // a group is a selector, NAMESPACE/LABEL=VALUE,...: it has every machine with all of the labels
	Packets  packet.Rule
	Lists    []string // lists of addresses that it names and whose entries are not known
	Deny     bool     // it takes away what later rules allow
	Priority int      // smaller comes first; of equal ones, those that deny
	IPv6     bool     // a prefix of IPv6 stands in it, whether packets of it exist or not
}

// World is what rows refer to by name. The zero value knows nothing of it, and
// names are then compared as such.
type World struct {
	// Addresses are what is in a group, a list of addresses, a tag or an account,
	// by its name. One that is not here is an atom. One that is here without
	// addresses is nobody.
	Addresses map[string][]netip.Prefix

	// IPv6 says that groups, tags and accounts that are atoms have addresses of
	// IPv6 too, where a rule leaves the family open.
	IPv6 bool

	// StateZeros says that rows are from a Terraform state, in which OpenStack's
	// provider keeps ports that were not given as 0.
	StateZeros bool
}

// Read reads a row of this cloud. The direction may be left open where the row
// has it, and may not contradict it. Where a value that decides anything is not
// known yet, known is false and the rule is not to be used. The error is an
// *refusal.Errors.
func (c Cloud) Read(values Row, direction Direction, w World) (rule Rule, known bool, err error) {
	r := newRow(values)
	defer r.spare()
	rule = c.read(r, direction, w)
	r.leftovers()
	rule.IPv6 = r.ipv6
	if *r.unknown {
		return Rule{}, false, nil // what else is wrong may follow from that
	}
	if err := r.errs.Err(); err != nil {
		return Rule{}, false, err
	}
	return rule, true, nil
}

// NamesRules reports whether a rule's name is its identity: one of another name is
// another rule, whatever it lets pass.
func (c Cloud) NamesRules() bool { return c.namedRules }

// GroupName returns the name of a group that somebody wrote as rules have it.
func (c Cloud) GroupName(text string) string {
	if c.foldsCase {
		return strings.ToLower(text)
	}
	return text
}

// Attached reports whether the rule applies to machines that are in one of the
// groups.
func (r Rule) Attached(groups ...string) bool {
	return r.Everywhere || slices.ContainsFunc(r.Groups, func(group string) bool {
		return slices.Contains(groups, group) || r.Selector && slices.ContainsFunc(groups, func(machines string) bool { return selectsPods(group, machines) })
	})
}

// Default is what a cloud lets pass in a direction where no rule decides; false
// where it lets nothing pass.
func (c Cloud) Default(direction Direction) (Rule, bool) {
	if direction == Ingress && c.openNetwork {
		return Rule{Direction: Ingress, Everywhere: true, Packets: network(), Priority: lastPriority}, true
	}
	if direction != Egress || !c.openEgress {
		return Rule{}, false
	}
	return Rule{Direction: Egress, Everywhere: true, Packets: anything(), Priority: lastPriority}, true
}

// DefaultFor is Default at machines to which rules of the direction are attached, or
// none is: Kubernetes leaves the latter open.
func (c Cloud) DefaultFor(direction Direction, attached bool) (Rule, bool) {
	if c.openUnselected && !attached {
		return Rule{Direction: direction, Everywhere: true, Packets: anything(), Priority: lastPriority}, true
	}
	return c.Default(direction)
}

// OpensUnselected reports whether machines to which no rule of a direction is
// attached are open in it.
func (c Cloud) OpensUnselected() bool { return c.openUnselected }

// Passes returns what the rules let pass in one direction at machines that are in
// the groups and in no other, and what they may let pass: there, a rule denies it
// to a name whose addresses are not known, or to addresses that a name may have.
func (c Cloud) Passes(rules []Rule, direction Direction, groups ...string) (passes, doubtful packet.Set) {
	var attached []Rule
	for _, r := range rules {
		if r.Direction == direction && r.Attached(groups...) {
			attached = append(attached, r)
		}
	}
	if open, ok := c.DefaultFor(direction, len(attached) > 0); ok {
		attached = append(attached, open)
	}
	slices.SortStableFunc(attached, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(rank(a), rank(b)))
	})
	var closed, doubt packet.Set
	for len(attached) > 0 {
		same := 1 // rules of one priority that all deny, or all allow
		for same < len(attached) && attached[same].Priority == attached[0].Priority && attached[same].Deny == attached[0].Deny {
			same++
		}
		these := packetsOf(attached[:same])
		if attached[0].Deny {
			closed = closed.Union(packet.New(these...))
			doubt = doubt.Union(packet.New(unclear(these)...))
		} else {
			open := packet.New(these...).Subtract(closed)
			doubtful = doubtful.Union(open.Intersect(doubt))
			passes = passes.Union(open.Subtract(doubt))
		}
		attached = attached[same:]
	}
	return passes, doubtful.Subtract(passes)
}

// lastPriority is behind every priority that a rule may have.
const lastPriority = 1 << 16

func rank(r Rule) int {
	if r.Deny {
		return 0
	}
	return 1
}

func packetsOf(rules []Rule) []packet.Rule {
	all := make([]packet.Rule, 0, len(rules))
	for _, r := range rules {
		all = append(all, r.Packets)
	}
	return all
}

// unclear returns what rules that deny leave open of others. Where one denies a
// name, nobody knows which addresses those are; where one denies addresses, nobody
// knows which groups have some of them.
func unclear(rules []packet.Rule) []packet.Rule {
	var all []packet.Rule
	for _, r := range rules {
		var peers []packet.Peer
		for _, peer := range r.Peers {
			peers = append(peers, packet.Groups(peer.Is6()))
			if _, ok := peer.Atom(); ok {
				peers = append(peers, Anyone(peer.Is6()))
			}
		}
		all = append(all, packet.Rule{Peers: peers, Ports: r.Ports})
	}
	return all
}

func anything() packet.Rule {
	return packet.Rule{Peers: []packet.Peer{Anyone(false), Anyone(true)}, Ports: []packet.Ports{packet.Everything()}}
}

// Anyone returns every address of a family.
func Anyone(ipv6 bool) packet.Peer {
	everywhere := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	if ipv6 {
		everywhere = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	peer, err := packet.Prefix(everywhere)
	if err != nil {
		panic(err) // it has no host bits
	}
	return peer
}

// families are those of a peer that a rule names.
type families struct{ ipv4, ipv6 bool }

// both is where a rule and what it names leave the family open.
var both = families{true, true}

// group returns the peers that a group, a tag or an account stands for where the
// rule leaves the family open.
func (w World) group(name string) []packet.Peer {
	if _, known := w.Addresses[name]; known {
		return w.named(name, both)
	}
	return w.named(name, families{true, w.IPv6})
}

// list returns the peers that a list of addresses stands for, and notes one whose
// entries are not known.
func (r *Rule) list(w World, name string, in families) []packet.Peer {
	if _, known := w.Addresses[name]; !known {
		r.Lists = append(r.Lists, name)
	}
	return w.named(name, in)
}

// named returns the peers that a name stands for, in some families: its addresses
// where they are known, else an atom.
func (w World) named(name string, in families) []packet.Peer {
	var peers []packet.Peer
	addresses, known := w.Addresses[name]
	for _, prefix := range addresses {
		if peer, err := packet.Prefix(prefix.Masked()); err == nil && (peer.Is6() && in.ipv6 || !peer.Is6() && in.ipv4) {
			peers = append(peers, peer)
		}
	}
	if known {
		return peers
	}
	if in.ipv4 {
		peers = append(peers, packet.Atom(name, false))
	}
	if in.ipv6 {
		peers = append(peers, packet.Atom(name, true))
	}
	return peers
}

// IANA's numbers of the protocols whose packets have ports, or types.
const (
	icmp   = 1
	tcp    = 6
	udp    = 17
	icmpv6 = 58
	sctp   = 132
)

// possible leaves out the peers to which a protocol does not exist: ICMP is of
// IPv4 alone, and ICMPv6 of IPv6.
func possible(peers []packet.Peer, protocol int) []packet.Peer {
	if protocol != icmp && protocol != icmpv6 {
		return peers
	}
	return slices.DeleteFunc(peers, func(p packet.Peer) bool { return p.Is6() != (protocol == icmpv6) })
}

// portRange returns the ports of a protocol that has them, both bounds inclusive.
// Port 0, on which nothing listens, goes with port 1: clouds keep 1 to 65535 as
// every port, and no ports as 1 to 65535.
func portRange(protocol uint8, first, last int64) packet.Ports {
	if last < 1 {
		return packet.Ports{}
	}
	if first == 1 {
		first = 0
	}
	return packet.PortRange(protocol, uint16(first), uint16(last))
}

// types returns the ports of ICMP that are one type with one code, or with any,
// or every type; -1 is any.
func types(protocol uint8, icmpType, code int64) packet.Ports {
	switch {
	case icmpType < 0:
		return packet.Protocol(protocol)
	case code < 0:
		return packet.PortRange(protocol, uint16(icmpType<<8), uint16(icmpType<<8|255))
	}
	return packet.PortRange(protocol, uint16(icmpType<<8|code), uint16(icmpType<<8|code))
}

// withoutAccount returns a group's id without the account that it is in, as in
// 123456789012/sg-1.
func withoutAccount(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }
