package firewall

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// A ruleset judges a port by what the network sees (ct original proto-dst), in
// input and in forward alike: the packet of a published port already has the
// container's when it gets there. Its words are those that nft 0.9.8 knows too.

// hostRow is one row of the matrix in a host's ruleset: one peer, one protocol
// and one family.
type hostRow struct {
	direction Direction
	peer      *party
	protocol  matrix.Protocol
	ports     matrix.Ports
	prefixes  []netip.Prefix // of one family, sorted; none covers another
}

// rulesetText writes a host's ruleset. It is unknown where an address or a
// statement is.
func rulesetText(host string, here *party, edges []edge, options RulesetOptions) Value[string] {
	rows, known := hostRows(here, edges, options.ClosedEgress)
	extraInput, ok1 := statements(options.ExtraInput)
	extraOutput, ok2 := statements(options.ExtraOutput)
	if !known || !ok1 || !ok2 {
		return Unknown[string]()
	}
	w := &rulesetWriter{containers: options.ContainerInterfaces, closed: options.ClosedEgress}
	for _, row := range rows {
		switch {
		case row.direction == Egress:
			w.out = append(w.out, row)
		case row.protocol.IsICMP():
			w.icmpIn = append(w.icmpIn, row)
		default:
			w.in = append(w.in, row)
		}
	}
	w.write(host, extraInput, extraOutput)
	return Known(w.String())
}

// statements returns the user's own, and whether all of them are known.
func statements(texts Texts) (known []string, all bool) {
	known, all = Cell{Texts: texts}.values()
	return known, all || texts.IsAbsent()
}

// hostRows puts together what one peer may reach over one protocol. Unless all
// the addresses are known there are none.
func hostRows(here *party, edges []edge, closedEgress bool) (rows []hostRow, known bool) {
	type bucket struct {
		direction Direction
		peer      *party
		protocol  matrix.Protocol
	}
	ports := make(map[bucket][]matrix.PortRange)
	for _, e := range edges {
		if e.host != here || e.direction == Egress && !closedEgress {
			continue
		}
		if slices.ContainsFunc(e.other.named, func(n namedCIDR) bool { return n.prefix.IsUnknown() }) {
			return nil, false
		}
		b := bucket{e.direction, e.other, e.ports.Protocol()}
		ports[b] = append(ports[b], e.ports)
	}
	for b, ranges := range ports {
		byFamily := b.peer.byFamily()
		if b.direction == Egress && b.peer == here && b.protocol == matrix.VRRP && len(byFamily[0]) > 0 {
			byFamily[0] = append(slices.Clone(byFamily[0]), netip.PrefixFrom(vrrpGroup, vrrpGroup.BitLen()))
		}
		for i, prefixes := range byFamily {
			if len(prefixes) > 0 && familiesOf(b.protocol)&(1<<i) != 0 {
				rows = append(rows, hostRow{b.direction, b.peer, b.protocol, matrix.NewPorts(ranges...), prefixes})
			}
		}
	}
	slices.SortFunc(rows, func(a, b hostRow) int {
		return cmp.Or(cmp.Compare(a.peer.id, b.peer.id), cmp.Compare(a.protocol, b.protocol), a.prefixes[0].Addr().Compare(b.prefixes[0].Addr()))
	})
	return rows, true
}

// vrrpGroup is where members of a cluster announce themselves (RFC 5798).
var vrrpGroup = netip.AddrFrom4([4]byte{224, 0, 0, 18})

// byFamily returns the addresses of the list and the known ones with names, IPv4
// first. nft refuses a set whose intervals overlap.
func (p *party) byFamily() [2][]netip.Prefix {
	all := slices.Clone(p.prefixes)
	for _, n := range p.named {
		if prefix, ok := n.prefix.Get(); ok {
			all = append(all, prefix)
		}
	}
	if len(p.named) > 0 {
		all = withoutCovered(all)
	}
	split, _ := slices.BinarySearchFunc(all, netip.IPv6Unspecified(), func(prefix netip.Prefix, address netip.Addr) int {
		return prefix.Addr().Compare(address)
	})
	return [2][]netip.Prefix{all[:split:split], all[split:]}
}

// rulesetWriter writes a host's ruleset.
type rulesetWriter struct {
	strings.Builder
	in, icmpIn, out []hostRow
	containers      []string
	closed          bool // egress is
}

// lines writes lines of a chain.
func (w *rulesetWriter) lines(lines ...string) {
	for _, line := range lines {
		w.WriteString("\t\t" + line + "\n")
	}
}

// chain writes a chain of lines that write writes.
func (w *rulesetWriter) chain(name string, write func()) {
	w.WriteString("\n\tchain " + name + " {\n")
	write()
	w.WriteString("\t}\n")
}

// each writes a line for each interface of containers.
func (w *rulesetWriter) each(match, verdict string) {
	for _, name := range w.containers {
		w.lines(match + ` "` + name + `" ` + verdict)
	}
}

func (w *rulesetWriter) write(host string, extraInput, extraOutput []string) {
	w.WriteString("#!/usr/sbin/nft -f\n# Firewall of " + host + ". Written from the flow matrix: change that, not this.\n" +
		"table inet canopsis\ndelete table inet canopsis\n\ntable inet canopsis {")
	w.chain("input", func() { w.input(len(extraInput) > 0) })
	w.chain("forward", w.forward)
	if len(extraInput) > 0 {
		w.chain("extra_in", func() { w.lines(extraInput...) })
	}
	if len(w.icmpIn) > 0 {
		w.chain("matrix_icmp_in", func() { w.rows(w.icmpIn, " saddr ") })
	}
	w.chain("matrix_in", func() { w.rows(w.in, " saddr ") })
	w.chain("refuse", func() {
		w.lines(`limit rate 10/minute burst 20 packets log prefix "canopsis refused: "`, "counter drop")
	})
	if w.closed {
		w.chain("output", func() { w.output(len(extraOutput) > 0) })
		if len(w.containers) > 0 {
			w.chain("from_containers", func() {
				w.each("oifname", "accept")
				w.judgeOut(len(extraOutput) > 0)
			})
		}
		if len(extraOutput) > 0 {
			w.chain("extra_out", func() { w.lines(extraOutput...) })
		}
		w.chain("matrix_out", func() { w.rows(w.out, " daddr ") })
		w.chain("refuse_out", func() { // an answer, so that programs fail at once
			w.lines("counter reject with icmpx type admin-prohibited")
		})
	}
	w.WriteString("}\n")
}

// input is what comes in to the host itself. Neighbour discovery stands before
// what is invalid: conntrack follows none of it. So do the matrix's own types of
// ICMP, of which conntrack takes requests alone for the beginning of something.
func (w *rulesetWriter) input(extra bool) {
	w.lines(
		"type filter hook input priority -10; policy drop;",
		"ct state established,related accept",
		`iif "lo" accept`,
		"icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept",
		"icmpv6 type { mld-listener-query, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept",
		"icmp type { destination-unreachable, time-exceeded, parameter-problem } accept",
	)
	if len(w.icmpIn) > 0 {
		w.lines("jump matrix_icmp_in")
	}
	w.lines("ct state invalid counter drop")
	w.each("iifname", "accept")
	w.lines(
		"meta nfproto ipv4 udp sport 67 udp dport 68 accept",
		"ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
	)
	if extra {
		w.lines("jump extra_in")
	}
	w.lines("jump matrix_in", "goto refuse")
}

// forward is what goes through the host: to published ports, which come as if to
// the host and were translated, and to and from containers. What else the host
// forwards is none of the matrix's.
func (w *rulesetWriter) forward() {
	w.lines(
		"type filter hook forward priority -10; policy accept;",
		"ct state established,related accept",
	)
	if w.closed {
		w.each("iifname", "goto from_containers")
	} else {
		w.each("iifname", "accept")
	}
	w.lines("ct status dnat jump matrix_in", "ct status dnat goto refuse")
	w.each("oifname", "goto refuse") // by a route of somebody's own, past what is published
}

// output is what the host itself opens.
func (w *rulesetWriter) output(extra bool) {
	w.lines(
		"type filter hook output priority -10; policy drop;",
		"ct state established,related accept",
		`oif "lo" accept`,
	)
	w.each("oifname", "accept")
	w.lines(
		"icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld-listener-done, mld2-listener-report, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept",
		"icmp type { destination-unreachable, time-exceeded, parameter-problem } accept",
		"meta nfproto ipv4 udp sport 68 udp dport 67 accept",
		"ip6 daddr { fe80::/10, ff02::1:2 } udp sport 546 udp dport 547 accept",
	)
	w.judgeOut(extra)
}

func (w *rulesetWriter) judgeOut(extra bool) {
	if extra {
		w.lines("jump extra_out")
	}
	w.lines("jump matrix_out", "goto refuse_out")
}

// rows writes the matrix's rows, ports first.
func (w *rulesetWriter) rows(rows []hostRow, side string) {
	for _, row := range rows {
		family := "ip6"
		if row.prefixes[0].Addr().Is4() {
			family = "ip"
		}
		for _, match := range row.matches() {
			w.WriteString("\t\t" + match + family + side)
			w.addresses(row.prefixes)
			w.WriteString(` counter accept comment "` + row.peer.id + " " + row.protocol.String() + "\"\n")
		}
	}
}

// fewAddresses stand on one line; of more each has its own, so that a plan shows
// which of them changes.
const fewAddresses = 3

// addresses writes a prefix, or a set of several without a name: one with a name
// is emptied and filled in two steps, and packets get lost between them.
func (w *rulesetWriter) addresses(prefixes []netip.Prefix) {
	if len(prefixes) == 1 {
		w.WriteString(prefixes[0].String())
		return
	}
	before, between, after := "{ ", ", ", " }"
	if len(prefixes) > fewAddresses {
		before, between, after = "{\n\t\t\t", ",\n\t\t\t", "\n\t\t}"
	}
	w.WriteString(before)
	var spelt [len("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")]byte
	for i, prefix := range prefixes {
		if i > 0 {
			w.WriteString(between)
		}
		w.Write(prefix.AppendTo(spelt[:0]))
	}
	w.WriteString(after)
}

// matches returns what stands before the addresses: one match for every port of a
// protocol that has some, one for each type of ICMP.
func (r hostRow) matches() []string {
	if r.protocol.HasPorts() {
		spelt := make([]string, 0, r.ports.Len())
		for ports := range r.ports.All() {
			text := strconv.Itoa(ports.From())
			if ports.To() != ports.From() {
				text += "-" + strconv.Itoa(ports.To())
			}
			spelt = append(spelt, text)
		}
		text := strings.Join(spelt, ", ")
		if len(spelt) > 1 {
			text = "{ " + text + " }"
		}
		return []string{"meta l4proto " + r.protocol.String() + " ct original proto-dst " + text + " "}
	}
	if !r.protocol.IsICMP() {
		return []string{"meta l4proto " + strconv.Itoa(int(r.protocol)) + " "}
	}
	var matches []string
	word := r.protocol.String()
	for types := range r.ports.All() {
		switch {
		case types.From() == matrix.None && r.protocol == matrix.ICMP:
			matches = append(matches, "meta l4proto icmp ")
		case types.From() == matrix.None:
			matches = append(matches, "meta l4proto ipv6-icmp ")
		case types.To() == matrix.None:
			matches = append(matches, word+" type "+strconv.Itoa(types.From())+" ")
		default:
			matches = append(matches, word+" type "+strconv.Itoa(types.From())+" "+word+" code "+strconv.Itoa(types.To())+" ")
		}
	}
	return matches
}
