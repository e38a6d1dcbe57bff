package cloud

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go4.org/netipx" // ranges of addresses as prefixes

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Ruleset is one table of nftables as its rows are read, from the text that nft
// loads or from the JSON that it prints. It says what passes as nft(8) does: rows
// in order, jump comes back, goto does not, and the policy is for what is left.
type Ruleset struct {
	chains map[string]*rulesetChain
}

type rulesetChain struct {
	hook   string // empty: only others lead to it
	accept bool   // the policy
	rows   []rulesetRow
}

type rulesetRow struct {
	matches []rulesetMatch
	verdict string // accept, drop, reject, jump, goto, return; empty: none
	target  string // of jump and goto
}

// rulesetMatch is one comparison: "ip saddr" with prefixes, "ct state" with words.
type rulesetMatch struct {
	key    string
	values []string
}

// Passage is where a new connection comes along: its first packet is judged.
type Passage struct {
	Hook    string // input, forward or output
	In, Out string // interfaces; empty: the network's
	Dnat    bool   // its destination was translated: a published port
}

// fromOutside reports whether the other side is the source. Containers send to it.
func (p Passage) fromOutside() bool { return p.Hook == "input" || p.Hook == "forward" && p.In == "" }

// Passes returns what a hook lets pass, by the peer and by the port that the
// network sees: the source of what comes in, the destination of what leaves. What
// packets have beside these (source ports, hop limits) is taken to match.
func (r *Ruleset) Passes(p Passage) (packet.Set, error) {
	all := everyPacket()
	for name, chain := range r.chains {
		if chain.hook != p.Hook {
			continue
		}
		v := &verdicts{ruleset: r, passage: p}
		left, err := v.walk(chain, all, 0)
		if err != nil {
			return packet.Set{}, fmt.Errorf("chain %s: %w", name, err)
		}
		if chain.accept {
			return v.accepted.Union(left).Union(v.ended), nil
		}
		return v.accepted, nil
	}
	return all, nil // nothing is filtered there
}

// verdicts are what a hook's chains have decided so far.
type verdicts struct {
	ruleset         *Ruleset
	passage         Passage
	accepted, ended packet.Set // ended: at the end of a chain that does not come back
}

// deepest is how far nft lets chains lead to each other.
const deepest = 16

// walk returns what comes to the end of a chain.
func (v *verdicts) walk(chain *rulesetChain, left packet.Set, depth int) (packet.Set, error) {
	if depth > deepest {
		return packet.Set{}, fmt.Errorf("chains lead in a circle")
	}
	var returned packet.Set
	for _, row := range chain.rows {
		matched := left
		for _, m := range row.matches {
			of, err := m.packets(v.passage)
			if err != nil {
				return packet.Set{}, err
			}
			matched = matched.Intersect(of)
		}
		if row.verdict == "" || matched.IsEmpty() {
			continue
		}
		left = left.Subtract(matched)
		switch row.verdict {
		case "accept":
			v.accepted = v.accepted.Union(matched)
		case "drop", "reject":
		case "return":
			returned = returned.Union(matched)
		case "jump", "goto":
			target := v.ruleset.chains[row.target]
			if target == nil {
				return packet.Set{}, fmt.Errorf("no chain %q", row.target)
			}
			back, err := v.walk(target, matched, depth+1)
			switch {
			case err != nil:
				return packet.Set{}, err
			case row.verdict == "jump":
				left = left.Union(back)
			case depth == 0:
				v.ended = v.ended.Union(back)
			default: // back to where the chain that it left was called from
				returned = returned.Union(back)
			}
		default:
			return packet.Set{}, fmt.Errorf("verdict %q", row.verdict)
		}
	}
	return left.Union(returned), nil
}

// everyone is every address, of both families.
func everyone() []packet.Peer { return []packet.Peer{Anyone(false), Anyone(true)} }

// everyPacket is what there is: ICMP is IPv4's, and ICMPv6 IPv6's.
var everyPacket = sync.OnceValue(func() packet.Set {
	none := packet.New(packet.Rule{Peers: everyone()[:1], Ports: []packet.Ports{packet.Protocol(icmpv6)}}, packet.Rule{Peers: everyone()[1:], Ports: []packet.Ports{packet.Protocol(icmp)}})
	return packet.New(anything()).Subtract(none)
})

// portsOf returns ports of everyone, of ICMPs in one family too many: it is taken
// together with what is there.
func portsOf(ports ...packet.Ports) packet.Set {
	return packet.New(packet.Rule{Peers: everyone(), Ports: ports})
}

// packets returns what a comparison matches of a new connection's first packets.
func (m rulesetMatch) packets(p Passage) (packet.Set, error) {
	switch m.key {
	case "ct state":
		return m.state(), nil
	case "ct status":
		return always(p.Dnat && slices.Contains(m.values, "dnat")), nil
	case "iif", "iifname":
		return always(m.names(p.In)), nil
	case "oif", "oifname":
		return always(m.names(p.Out)), nil
	case "udp sport", "tcp sport", "ip6 hoplimit":
		return everyPacket(), nil
	case "meta nfproto":
		return m.family(), nil
	case "meta l4proto", "ip protocol":
		return m.protocols()
	case "ct original proto-dst":
		return m.ports(tcp, udp, sctp)
	case "udp dport":
		return m.ports(udp)
	case "tcp dport":
		return m.ports(tcp)
	case "icmp type", "icmpv6 type", "icmp code", "icmpv6 code":
		return m.types()
	case "ip saddr", "ip6 saddr", "ip daddr", "ip6 daddr":
		if strings.HasSuffix(m.key, "saddr") != p.fromOutside() {
			return packet.Set{}, fmt.Errorf("%s is not the other side of what comes by %s", m.key, p.Hook)
		}
		return m.addresses()
	}
	return packet.Set{}, fmt.Errorf("%q is not compared here", m.key)
}

func always(matches bool) packet.Set {
	if matches {
		return everyPacket()
	}
	return packet.Set{}
}

// names reports whether an interface is one of the values, or begins like one.
func (m rulesetMatch) names(name string) bool {
	return slices.ContainsFunc(m.values, func(value string) bool {
		begin, isPattern := strings.CutSuffix(value, "*")
		return value == name || isPattern && name != "" && strings.HasPrefix(name, begin)
	})
}

// state returns what conntrack says of first packets: of ICMP, requests begin
// something, and what MLD and neighbour discovery send is not tracked; anything
// else is invalid (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c).
func (m rulesetMatch) state() packet.Set {
	if !slices.Contains(m.values, "invalid") {
		return always(slices.Contains(m.values, "new"))
	}
	return invalidPackets()
}

// invalidPackets are types of ICMP but those that begin something.
var invalidPackets = sync.OnceValue(func() packet.Set {
	var begin []packet.Ports
	for protocol, numbers := range map[uint8][]int64{icmp: {8, 13, 15, 17}, icmpv6: {128, 130, 131, 132, 133, 134, 135, 136, 137, 139, 143}} {
		for _, number := range numbers {
			begin = append(begin, types(protocol, number, -1))
		}
	}
	return portsOf(packet.Protocol(icmp), packet.Protocol(icmpv6)).Subtract(portsOf(begin...))
})

func (m rulesetMatch) family() packet.Set {
	peers := everyone()[1:]
	if slices.Contains(m.values, "ipv4") {
		peers = everyone()[:1]
	}
	return packet.New(packet.Rule{Peers: peers, Ports: []packet.Ports{packet.Everything()}})
}

func (m rulesetMatch) protocols() (packet.Set, error) {
	words := map[string]uint8{"icmp": icmp, "igmp": 2, "tcp": tcp, "udp": udp, "ipv6-icmp": icmpv6, "icmpv6": icmpv6, "sctp": sctp, "vrrp": 112, "esp": 50, "ah": 51, "gre": 47}
	var ports []packet.Ports
	for _, value := range m.values {
		number, ok := words[value]
		if !ok {
			n, err := strconv.ParseUint(value, 10, 8)
			if err != nil {
				return packet.Set{}, fmt.Errorf("%s %q", m.key, value)
			}
			number = uint8(n)
		}
		ports = append(ports, packet.Protocol(number))
	}
	return portsOf(ports...), nil
}

func (m rulesetMatch) ports(protocols ...uint8) (packet.Set, error) {
	var ports []packet.Ports
	for _, value := range m.values {
		first, last, isRange := strings.Cut(value, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.ParseUint(first, 10, 16)
		to, err2 := strconv.ParseUint(last, 10, 16)
		if err1 != nil || err2 != nil || from > to {
			return packet.Set{}, fmt.Errorf("%s %q", m.key, value)
		}
		for _, protocol := range protocols {
			ports = append(ports, packet.PortRange(protocol, uint16(from), uint16(to)))
		}
	}
	return portsOf(ports...), nil
}

// types reads types of ICMP, and codes, which are of every type.
func (m rulesetMatch) types() (packet.Set, error) {
	words := map[string]map[string]int{
		"icmp type":   {"echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "echo-request": 8, "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12, "timestamp-request": 13, "timestamp-reply": 14, "info-request": 15, "info-reply": 16, "address-mask-request": 17, "address-mask-reply": 18},
		"icmpv6 type": {"destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131, "mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133, "nd-router-advert": 134, "nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137, "mld2-listener-report": 143},
		"icmp code":   {"net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3, "frag-needed": 4, "net-prohibited": 9, "host-prohibited": 10, "admin-prohibited": 13},
		"icmpv6 code": {"no-route": 0, "admin-prohibited": 1, "addr-unreachable": 3, "port-unreachable": 4, "policy-fail": 5, "reject-route": 6},
	}
	protocol := uint8(icmp)
	if strings.HasPrefix(m.key, "icmpv6") {
		protocol = icmpv6
	}
	var ports []packet.Ports
	for _, value := range m.values {
		n, ok := words[m.key][value]
		if !ok {
			number, err := strconv.ParseUint(value, 10, 8)
			if err != nil {
				return packet.Set{}, fmt.Errorf("%s %q", m.key, value)
			}
			n = int(number)
		}
		if strings.HasSuffix(m.key, "type") {
			ports = append(ports, types(protocol, int64(n), -1))
			continue
		}
		for icmpType := range 256 {
			ports = append(ports, types(protocol, int64(icmpType), int64(n)))
		}
	}
	return portsOf(ports...), nil
}

func (m rulesetMatch) addresses() (packet.Set, error) {
	var peers []packet.Peer
	for _, value := range m.values {
		prefixes, err := addressesIn(value)
		if err != nil {
			return packet.Set{}, fmt.Errorf("%s %q: %w", m.key, value, err)
		}
		for _, prefix := range prefixes {
			peer, err := packet.Prefix(prefix)
			if err != nil || prefix.Addr().Is4() != strings.HasPrefix(m.key, "ip ") {
				return packet.Set{}, fmt.Errorf("%s %q is no network of this family", m.key, value)
			}
			peers = append(peers, peer)
		}
	}
	return packet.New(packet.Rule{Peers: peers, Ports: []packet.Ports{packet.Everything()}}), nil
}

// addressesIn reads an address, a prefix, or the range that the kernel makes of
// neighbours.
func addressesIn(value string) ([]netip.Prefix, error) {
	if first, last, ok := strings.Cut(value, "-"); ok {
		from, err1 := netip.ParseAddr(first)
		to, err2 := netip.ParseAddr(last)
		return netipx.IPRangeFrom(from, to).Prefixes(), errors.Join(err1, err2)
	}
	if address, err := netip.ParseAddr(value); err == nil {
		return []netip.Prefix{netip.PrefixFrom(address, address.BitLen())}, nil
	}
	prefix, err := netip.ParsePrefix(value)
	return []netip.Prefix{prefix}, err
}
