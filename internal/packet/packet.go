// Package packet is the algebra of packets: which peers may reach which ports.
//
// A [Set] is a set of points, each a peer and a port. Peers are the addresses of
// both families and, beside them, atoms: groups, lists, tags and accounts, of
// which a rule says a name and no address. An atom exists once in each family.
// Ports lie on one line, on which every protocol has a block of its own:
//
//	0         1<<16       2<<16         6<<16       7<<16              256<<16
//	|         | icmp      |  ...        | tcp       |  ...             |
//	          type<<8|code              port
//
// so that "all ports of tcp" never is "all protocols", and a protocol without
// ports is its whole block.
//
// Sets are made of rules by [New], and of sets by Union, Intersect and Subtract.
// Where a set lacks packets of rules, [Set.Attribute] says which rules lack
// which; [NewRanking] says which rules do what others do already.
//
// The empty set is nothing, and never everything: it is the zero value of Set,
// and so are the zero values of [Ports] and [Peer], and a rule without peers or
// without ports.
package packet

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"
)

// Rule lets each of its peers reach each of its ports. One without peers, or
// without ports, lets nothing pass.
type Rule struct {
	Peers []Peer
	Ports []Ports
}

// All yields what the rule lets pass as pairs without a common packet, as the set
// of it does. Most rules are one such pair, and need no set for that.
func (r Rule) All() iter.Seq2[Peer, Ports] {
	if peer, ports, ok := r.pair(); ok {
		return func(yield func(Peer, Ports) bool) { yield(peer, ports) }
	}
	return New(r).All()
}

// pair returns the one pair that the rule is: one peer that has no atoms among
// its addresses, and ports in one piece.
func (r Rule) pair() (peer Peer, ports Ports, ok bool) {
	if len(r.Peers) != 1 || len(r.Ports) != 1 || r.Ports[0].IsEmpty() {
		return Peer{}, Ports{}, false
	}
	peer = r.Peers[0]
	if peer.others || peer.IsNobody() || peer.prefix.IsValid() && peer.prefix.Bits() == 0 {
		return Peer{}, Ports{}, false
	}
	return peer, r.Ports[0], true
}

// String spells the rule, a line for each pair that All yields: equal texts are
// equal packets.
func (r Rule) String() string {
	if peer, ports, ok := r.pair(); ok {
		return peer.String() + " " + ports.String() + "\n"
	}
	return New(r).String()
}

// Set is a set of packets. It is immutable. The zero value is the empty set.
type Set struct{ ipv4, ipv6 space }

// New returns what the rules let pass together. A group consists of addresses:
// what every address of a family may do, by one rule or by several, each atom of
// that family may do.
func New(rules ...Rule) Set {
	var b builder
	for _, r := range rules {
		b.add(r, 0)
	}
	return b.set()
}

// Union returns the packets of either set.
func (s Set) Union(other Set) Set { return s.combine(other, space.union) }

// Intersect returns the packets of both sets.
func (s Set) Intersect(other Set) Set { return s.combine(other, space.intersect) }

// Subtract returns the packets of s that other lacks.
func (s Set) Subtract(other Set) Set { return s.combine(other, space.subtract) }

// IsSubset reports whether other has every packet of s.
func (s Set) IsSubset(other Set) bool {
	return s.ipv4.isSubset(other.ipv4) && s.ipv6.isSubset(other.ipv6)
}

// Equal reports whether both sets have the same packets.
func (s Set) Equal(other Set) bool { return s.IsSubset(other) && other.IsSubset(s) }

// IsEmpty reports whether the set has no packet.
func (s Set) IsEmpty() bool { return s.ipv4.isEmpty() && s.ipv6.isEmpty() }

// Contains reports whether the peer may reach all of the ports. Every peer may
// reach no ports at all.
func (s Set) Contains(peer Peer, ports Ports) bool {
	return s.family(peer.ipv6).covers(peer, ports, none)
}

// Overlaps reports whether the peer, or a part of it, may reach one of the ports.
func (s Set) Overlaps(peer Peer, ports Ports) bool {
	return s.family(peer.ipv6).overlaps(peer, ports)
}

// All yields the set as pairs without a common packet, in one order, IPv4 first:
// each port with the largest prefixes that may reach it, then the atoms. Equal
// sets yield equal pairs.
func (s Set) All() iter.Seq2[Peer, Ports] {
	return func(yield func(Peer, Ports) bool) {
		_ = s.ipv4.all(false, yield) && s.ipv6.all(true, yield)
	}
}

// String spells the set, a line for each pair that All yields.
func (s Set) String() string {
	var text strings.Builder
	for peer, ports := range s.All() {
		fmt.Fprintf(&text, "%s %s\n", peer, ports)
	}
	return text.String()
}

func (s Set) combine(other Set, op func(a, b space) space) Set {
	return Set{op(s.ipv4, other.ipv4), op(s.ipv6, other.ipv6)}
}

func (s Set) family(ipv6 bool) space {
	if ipv6 {
		return s.ipv6
	}
	return s.ipv4
}

// Peer is the other side of a connection: a prefix, an atom, or every other atom. It
// is comparable. The zero value is nobody.
type Peer struct {
	prefix netip.Prefix // of a kind that is neither of the two below
	atom   string
	others bool // every atom that is not named
	ipv6   bool
}

// Prefix returns the addresses of a prefix. A prefix with host bits is refused:
// nobody knows whether the address or the network was meant. So is one with a
// zone.
func Prefix(p netip.Prefix) (Peer, error) {
	if !p.IsValid() {
		return Peer{}, fmt.Errorf("%s is not a prefix", p)
	}
	if p.Masked() != p {
		return Peer{}, fmt.Errorf("%s has host bits: the network is %s", p, p.Masked())
	}
	return Peer{prefix: p, ipv6: p.Addr().Is6()}, nil
}

// Address returns a single address. An invalid one is nobody; a zone is dropped.
func Address(a netip.Addr) Peer {
	if !a.IsValid() {
		return Peer{}
	}
	a = a.WithZone("")
	return Peer{prefix: netip.PrefixFrom(a, a.BitLen()), ipv6: a.Is6()}
}

// Atom returns the addresses that a group, a list, a tag or an account has in one
// family. Atoms are compared by their names alone, which must not be empty: an
// empty one is nobody.
func Atom(name string, ipv6 bool) Peer {
	if name == "" {
		return Peer{}
	}
	return Peer{atom: name, ipv6: ipv6}
}

// Groups returns every atom of a family that a set does not name.
func Groups(ipv6 bool) Peer { return Peer{others: true, ipv6: ipv6} }

// Prefix returns the prefix that the peer is; false where it is not one.
func (p Peer) Prefix() (netip.Prefix, bool) { return p.prefix, p.prefix.IsValid() }

// Atom returns the name of the atom that the peer is; false where it is not one.
func (p Peer) Atom() (string, bool) { return p.atom, p.atom != "" }

// Is6 reports whether the peer is one of IPv6.
func (p Peer) Is6() bool { return p.ipv6 }

// IsNobody reports whether the peer is nobody.
func (p Peer) IsNobody() bool { return p == Peer{} }

// String spells the peer: 10.0.0.0/8, sg-1 (IPv4), every other group (IPv6).
func (p Peer) String() string {
	family := " (IPv4)"
	if p.ipv6 {
		family = " (IPv6)"
	}
	switch {
	case p.prefix.IsValid():
		return p.prefix.String()
	case p.others:
		return "every other group" + family
	case p.atom != "":
		return p.atom + family
	}
	return "nobody"
}
