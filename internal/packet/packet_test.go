package packet_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

func drawPeer(t *rapid.T) peer {
	p := peer{family: rapid.IntRange(0, 1).Draw(t, "family")}
	bits := networks[p.family].Bits()
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		p.atom = rapid.IntRange(0, 1).Draw(t, "atom")
	case 1, 2:
		cell := address(p.family, rapid.IntRange(0, cells-1).Draw(t, "cell"))
		p.prefix = netip.PrefixFrom(cell, rapid.IntRange(0, 3).Draw(t, "bits")).Masked()
	default:
		near := address(p.family, cells+rapid.IntRange(0, deep-1).Draw(t, "address"))
		p.prefix = netip.PrefixFrom(near, rapid.IntRange(bits, bits+3).Draw(t, "bits")).Masked()
	}
	return p
}

func drawRule(t *rapid.T) rule {
	var r rule
	for range rapid.IntRange(0, 3).Draw(t, "peers") {
		r.peers = append(r.peers, drawPeer(t))
	}
	for range rapid.IntRange(0, 2).Draw(t, "ports") {
		first := rapid.IntRange(0, len(cuts)-1).Draw(t, "first")
		last := rapid.IntRange(first, len(cuts)-1).Draw(t, "last")
		r.ports = append(r.ports, [2]int{first, last})
	}
	return r
}

func drawRules(t *rapid.T, name string) []rule {
	return rapid.SliceOfN(rapid.Custom(drawRule), 0, 8).Draw(t, name)
}

// pair is a set with its table. Sets of rules alone lack what only differences
// have: an atom that may do less than the others.
func drawPair(t *rapid.T, name string) (packet.Set, table) {
	rules := drawRules(t, name)
	s, plain := packet.New(made(rules)...), tableOf(rules...)
	if rapid.Bool().Draw(t, name+" is a difference") {
		less := drawRules(t, name+" without")
		s, plain = s.Subtract(packet.New(made(less)...)), plain.subtract(tableOf(less...))
	}
	return s, plain
}

func TestAlgebraAgreesWithTables(t *testing.T) {
	t.Parallel()
	rapid.Check(t, algebraAgreesWithTables)
}

func FuzzAlgebra(f *testing.F) { f.Fuzz(rapid.MakeFuzz(algebraAgreesWithTables)) }

func algebraAgreesWithTables(t *rapid.T) {
	a, plainA := drawPair(t, "a")
	b, plainB := drawPair(t, "b")
	for _, of := range []struct {
		name string
		set  packet.Set
		want table
	}{
		{"a", a, plainA},
		{"the union", a.Union(b), plainA.union(plainB)},
		{"the intersection", a.Intersect(b), plainA.intersect(plainB)},
		{"the difference", a.Subtract(b), plainA.subtract(plainB)},
	} {
		if got := tableFrom(of.set); got != of.want {
			t.Fatalf("%s has\n%v\nand should have\n%v\n%s", of.name, got, of.want, of.set)
		}
		if got := of.set.IsEmpty(); got != of.want.isEmpty() {
			t.Fatalf("%s is empty: %t", of.name, got)
		}
	}
	if got, want := a.IsSubset(b), plainA.subtract(plainB).isEmpty(); got != want {
		t.Fatalf("a is a subset of b: %t", got)
	}
	if got, want := a.Equal(b), plainA == plainB; got != want {
		t.Fatalf("a equals b: %t", got)
	}
	if got, want := a.String() == b.String(), plainA == plainB; got != want {
		t.Fatalf("a and b are spelt alike: %t\n%s\n%s", got, a, b)
	}
}

// A set is the union of its pairs, no two of which have a packet in common.
func TestPairsAreDisjointAndComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, want := drawPair(t, "set")
		var sum table
		for peer, ports := range s.All() {
			one := packet.New(packet.Rule{Peers: []packet.Peer{peer}, Ports: []packet.Ports{ports}})
			if ports.IsEmpty() { // an atom that may do nothing
				continue
			}
			pair := tableFrom(one)
			if prefix, ok := peer.Prefix(); ok && prefix.Bits() == 0 { // its atoms have pairs of their own
				pair = addresses(pair)
			}
			if named, ok := peer.Atom(); !ok && strings.HasPrefix(peer.String(), "every other") {
				pair = unnamed(pair, s, peer.Is6())
			} else if ok && named == "" {
				t.Fatal("an atom without a name")
			}
			if both := sum.intersect(pair); !both.isEmpty() {
				t.Fatalf("%v is in two pairs", both)
			}
			sum = sum.union(pair)
		}
		if sum != want {
			t.Fatalf("the pairs have\n%v\nand should have\n%v\n%s", sum, want, s)
		}
	})
}

// A rule is spelt and yields as the set of it does, whether it needs one or not.
func TestRulesAreTheirSets(t *testing.T) {
	t.Parallel()
	everyone, one := prefix(t, "0.0.0.0/0"), prefix(t, "10.0.0.0/8")
	ports := []packet.Ports{packet.PortRange(6, 22, 22)}
	for _, rule := range []packet.Rule{
		{}, {Peers: []packet.Peer{one}}, {Ports: ports}, {Peers: []packet.Peer{{}}, Ports: ports}, {Peers: []packet.Peer{one}, Ports: []packet.Ports{{}}},
		{Peers: []packet.Peer{one}, Ports: ports},
		{Peers: []packet.Peer{everyone}, Ports: ports},
		{Peers: []packet.Peer{packet.Atom("sg-1", false)}, Ports: ports},
		{Peers: []packet.Peer{packet.Atom("sg-1", true)}, Ports: []packet.Ports{packet.Everything()}},
		{Peers: []packet.Peer{packet.Groups(false)}, Ports: ports},
		{Peers: []packet.Peer{one, one}, Ports: ports},
		{Peers: []packet.Peer{one, everyone}, Ports: []packet.Ports{packet.PortRange(6, 1, 3), packet.PortRange(6, 2, 9)}},
	} {
		set := packet.New(rule)
		var lines strings.Builder
		for peer, ports := range rule.All() {
			lines.WriteString(peer.String() + " " + ports.String() + "\n")
		}
		if want := set.String(); rule.String() != want || lines.String() != want {
			t.Errorf("%v is spelt %q, yields %q, and is %q", rule, rule.String(), lines.String(), want)
		}
		if lacking := set.Attribute([]packet.Rule{rule}); len(lacking) > 0 {
			t.Errorf("%v lacks of itself %v", rule, lacking)
		}
	}
}

// addresses leaves the atoms out.
func addresses(t table) table {
	for family := range t {
		for i := cells + deep; i < len(t[family]); i++ {
			t[family][i] = [len(cuts)]bool{}
		}
	}
	return t
}

// unnamed leaves those atoms out that the set has pairs for.
func unnamed(t table, s packet.Set, ipv6 bool) table {
	for peer := range s.All() {
		name, ok := peer.Atom()
		if i := slices.Index(atomNames[:], name); ok && peer.Is6() == ipv6 {
			family := map[bool]int{false: 0, true: 1}[ipv6]
			t[family][cells+deep+i] = [len(cuts)]bool{}
		}
	}
	return t
}

func TestEveryDifferenceIsAttributed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, everyDifferenceIsAttributed)
}

func FuzzAttribution(f *testing.F) { f.Fuzz(rapid.MakeFuzz(everyDifferenceIsAttributed)) }

func everyDifferenceIsAttributed(t *rapid.T) {
	rules := drawRules(t, "rules")
	s, plain := drawPair(t, "set")
	found := make(map[int]packet.Difference)
	last := -1
	for _, d := range s.Attribute(made(rules)) {
		if d.Rule <= last {
			t.Fatalf("rule %d after %d", d.Rule, last)
		}
		last = d.Rule
		found[d.Rule] = d
	}
	for i, r := range rules {
		lacking := tableOf(r).subtract(plain)
		d, ok := found[i]
		if ok == lacking.isEmpty() {
			t.Fatalf("rule %d is attributed %t, and lacks %v", i, ok, lacking)
		}
		if !ok {
			continue
		}
		if whole := tableOf(r).intersect(plain).isEmpty(); d.Whole != whole {
			t.Fatalf("rule %d lacks everything: %t", i, d.Whole)
		}
		if len(d.Remainders) == 0 || len(d.Remainders) > packet.MostRemainders {
			t.Fatalf("rule %d has %d remainders", i, len(d.Remainders))
		}
		var spelt table
		for _, remainder := range d.Remainders {
			pair := tableOfRemainder(remainder)
			if name, _ := remainder.Peer.Atom(); name == "" {
				pair = unnamed(pair, s, remainder.Peer.Is6())
			}
			spelt = spelt.union(pair)
		}
		if !spelt.subtract(lacking).isEmpty() {
			t.Fatalf("rule %d lacks\n%v\nand its remainders say\n%v\n%+v", i, lacking, spelt, d)
		}
		if !d.More && groupsAmongAddresses(spelt) != groupsAmongAddresses(lacking) {
			t.Fatalf("rule %d lacks\n%v\nand its remainders say only\n%v\n%+v", i, lacking, spelt, d)
		}
	}
}

// groupsAmongAddresses leaves out the groups on ports that addresses lack too:
// they need not be named again.
func groupsAmongAddresses(t table) table {
	lacked := addresses(t)
	for family := range t {
		for port := range cuts {
			for i := range cells + deep {
				if lacked[family][i][port] {
					for atom := range atoms {
						t[family][cells+deep+atom][port] = false
					}
				}
			}
		}
	}
	return t
}

func tableOfRemainder(r packet.Remainder) table {
	ports := []packet.Ports{r.Ports}
	t := tableFrom(packet.New(packet.Rule{Peers: []packet.Peer{r.Peer}, Ports: ports}))
	if _, ok := r.Peer.Prefix(); ok {
		t = addresses(t)
	}
	for _, prefix := range r.Except {
		peer, err := packet.Prefix(prefix)
		if err != nil {
			panic(err)
		}
		t = t.subtract(tableFrom(packet.New(packet.Rule{Peers: []packet.Peer{peer}, Ports: ports})))
	}
	return t
}

func TestRankingAgreesWithTables(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := drawRules(t, "rules")
		ranking := packet.NewRanking(made(rules))
		var kept []rule
		for i, r := range rules {
			want := tableOf(r).subtract(tableOf(rules[:i]...)).isEmpty()
			if got := ranking.IsRedundant(i); got != want {
				t.Fatalf("rule %d is redundant: %t", i, got)
			}
			if !want {
				kept = append(kept, r)
			}
		}
		if tableOf(kept...) != tableOf(rules...) {
			t.Fatal("without the redundant rules, something is closed")
		}
		asked := drawRule(t)
		by := ranking.By(asked.made(), len(rules))
		var answer []rule
		for _, i := range by {
			// A group is let through by rules that together open a family.
			if both := tableOf(rules[i]).intersect(tableOf(asked)); both.isEmpty() && addresses(tableOf(rules[i])).isEmpty() {
				t.Fatalf("rule %d lets nothing of it through", i)
			}
			answer = append(answer, rules[i])
		}
		if !slices.IsSorted(by) {
			t.Fatalf("%v is not sorted", by)
		}
		wanted := tableOf(rules...).intersect(tableOf(asked))
		if got := tableOf(answer...).intersect(tableOf(asked)); addresses(got) != addresses(wanted) {
			t.Fatalf("rules %v let\n%v\nthrough of\n%v", by, got, wanted)
		}
		if few := ranking.By(asked.made(), 1); len(few) != min(1, len(by)) {
			t.Fatalf("at most one of %v: %v", by, few)
		}
	})
}

func prefix(t *testing.T, text string) packet.Peer {
	t.Helper()
	p, err := packet.Prefix(netip.MustParsePrefix(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Of rules that do the same, the first is to stay and is named.
func TestTheFirstRuleIsToStay(t *testing.T) {
	t.Parallel()
	rule := packet.Rule{Peers: []packet.Peer{prefix(t, "10.0.0.0/8")}, Ports: []packet.Ports{packet.PortRange(6, 443, 443)}}
	ranking := packet.NewRanking([]packet.Rule{rule, rule, rule})
	if ranking.IsRedundant(0) || !ranking.IsRedundant(1) || !ranking.IsRedundant(2) {
		t.Errorf("redundant: %t, %t, %t; want the second and the third", ranking.IsRedundant(0), ranking.IsRedundant(1), ranking.IsRedundant(2))
	}
	if by := ranking.By(rule, 8); !slices.Equal(by, []int{0}) {
		t.Errorf("let through by %v, not by the first", by)
	}
}

// What is nothing stays nothing.
func TestEmptyIsNeverEverything(t *testing.T) {
	t.Parallel()
	var zero packet.Set
	everywhere := prefix(t, "0.0.0.0/0")
	for name, s := range map[string]packet.Set{
		"the zero value":   zero,
		"no rules":         packet.New(),
		"an empty rule":    packet.New(packet.Rule{}),
		"no ports":         packet.New(packet.Rule{Peers: []packet.Peer{everywhere}}),
		"no peers":         packet.New(packet.Rule{Ports: []packet.Ports{packet.Everything()}}),
		"the zero ports":   packet.New(packet.Rule{Peers: []packet.Peer{everywhere}, Ports: []packet.Ports{{}}}),
		"nobody":           packet.New(packet.Rule{Peers: []packet.Peer{{}}, Ports: []packet.Ports{packet.Everything()}}),
		"an empty atom":    packet.New(packet.Rule{Peers: []packet.Peer{packet.Atom("", false)}, Ports: []packet.Ports{packet.Everything()}}),
		"no address":       packet.New(packet.Rule{Peers: []packet.Peer{packet.Address(netip.Addr{})}, Ports: []packet.Ports{packet.Everything()}}),
		"reversed ports":   packet.New(packet.Rule{Peers: []packet.Peer{everywhere}, Ports: []packet.Ports{packet.PortRange(6, 2, 1)}}),
		"zero less zero":   zero.Subtract(zero),
		"nothing in zero":  zero.Intersect(packet.New(packet.Rule{Peers: []packet.Peer{everywhere}, Ports: []packet.Ports{packet.Everything()}})),
		"zero beside zero": zero.Union(zero),
	} {
		if !s.IsEmpty() || !s.Equal(zero) || s.String() != "" || s.Contains(everywhere, packet.PortRange(6, 22, 22)) || s.Overlaps(everywhere, packet.Everything()) {
			t.Errorf("%s is not empty: %q", name, s)
		}
	}
	if packet.NewRanking(nil).By(packet.Rule{}, 8) == nil {
		t.Error("no rules should be an empty list")
	}
}

// The line of ports keeps apart what people take for one.
func TestProtocolsAreBlocksOfOneLine(t *testing.T) {
	t.Parallel()
	on := func(ports ...packet.Ports) packet.Set {
		return packet.New(packet.Rule{Peers: []packet.Peer{prefix(t, "10.0.0.0/8")}, Ports: ports})
	}
	everyPort := on(packet.PortRange(6, 0, 65535))
	for _, c := range []struct {
		name        string
		part, whole packet.Set
		want        bool
	}{
		{"everything has every port of tcp", everyPort, on(packet.Everything()), true},
		{"every port of tcp is not everything", on(packet.Everything()), everyPort, false},
		{"every port of tcp is tcp", on(packet.Protocol(6)), everyPort, true},
		{"1 to 65535 is not tcp: port 0 is missing", on(packet.Protocol(6)), on(packet.PortRange(6, 1, 65535)), false},
		{"an echo request is ICMP", on(packet.PortRange(1, 8<<8, 8<<8)), on(packet.Protocol(1)), true},
		{"an echo request is not every code of its type", on(packet.PortRange(1, 8<<8, 8<<8|255)), on(packet.PortRange(1, 8<<8, 8<<8)), false},
		{"ICMP is not ICMPv6", on(packet.Protocol(1)), on(packet.Protocol(58)), false},
		{"vrrp is in everything", on(packet.Protocol(112)), on(packet.Everything()), true},
		{"ranges add up", on(packet.PortRange(6, 8000, 8010)), on(packet.PortRange(6, 8000, 8005), packet.PortRange(6, 8006, 8010)), true},
		{"protocol 255 is the last", on(packet.Protocol(255)), on(packet.Everything()), true},
	} {
		if got := c.part.IsSubset(c.whole); got != c.want {
			t.Errorf("%s: %t", c.name, !c.want)
		}
	}
	for ports, want := range map[packet.Ports]string{
		{}:                                "no port",
		packet.Everything():               "everything",
		packet.Protocol(112):              "112",
		packet.PortRange(6, 443, 443):     "6/443",
		packet.PortRange(6, 8000, 8010):   "6/8000-8010",
		packet.PortRange(17, 1, 65535):    "17/1-65535",
		packet.PortRange(0, 0, 0):         "0/0",
		packet.PortRange(255, 1, 1<<16-1): "255/1-65535",
	} {
		if got := ports.String(); got != want {
			t.Errorf("%d to %d is spelt %q, not %q", ports.First(), ports.Last(), got, want)
		}
	}
}

// Whoever every address is, a group is too; a part of the addresses is no group.
func TestGroupsAreCoveredByEveryAddress(t *testing.T) {
	t.Parallel()
	ssh := packet.PortRange(6, 22, 22)
	group := packet.Atom("sg-1", false)
	for _, c := range []struct {
		prefixes string
		want     bool
	}{
		{"0.0.0.0/0", true},
		{"0.0.0.0/1 128.0.0.0/1", true},
		{"0.0.0.0/1 128.0.0.0/2", false},
		{"10.0.0.0/8", false},
		{"::/0", false},
	} {
		var peers []packet.Peer
		for _, text := range strings.Fields(c.prefixes) {
			peers = append(peers, prefix(t, text))
		}
		s := packet.New(packet.Rule{Peers: peers, Ports: []packet.Ports{ssh}})
		if got := s.Contains(group, ssh); got != c.want {
			t.Errorf("%s has a group of IPv4: %t", c.prefixes, got)
		}
	}
	named := packet.New(packet.Rule{Peers: []packet.Peer{group}, Ports: []packet.Ports{ssh}})
	for peer, want := range map[packet.Peer]bool{
		group: true, packet.Atom("sg-2", false): false, packet.Atom("sg-1", true): false, prefix(t, "0.0.0.0/0"): false, prefix(t, "10.0.0.1/32"): false,
	} {
		if got := named.Contains(peer, ssh); got != want {
			t.Errorf("a rule for sg-1 has %s: %t", peer, got)
		}
	}
}

func TestPrefixesWithHostBitsAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10.0.0.1/8":      "10.0.0.1/8 has host bits: the network is 10.0.0.0/8",
		"2001:db8::1/32":  "2001:db8::1/32 has host bits: the network is 2001:db8::/32",
		"10.0.0.0/8":      "",
		"2001:db8::/32":   "",
		"192.0.2.1/32":    "",
		"::ffff:0:0/96":   "",
		"255.255.255.0/0": "255.255.255.0/0 has host bits: the network is 0.0.0.0/0",
	} {
		_, err := packet.Prefix(netip.MustParsePrefix(text))
		if got := fmt.Sprint(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
	if p, err := packet.Prefix(netip.Prefix{}); err == nil || !p.IsNobody() {
		t.Errorf("the zero prefix is %s, %v", p, err)
	}
}

// Remainders are spelt as a person would.
func TestRemaindersAreShort(t *testing.T) {
	t.Parallel()
	tcp := func(first, last uint16) []packet.Ports { return []packet.Ports{packet.PortRange(6, first, last)} }
	peers := func(texts string) []packet.Peer {
		var all []packet.Peer
		for _, text := range strings.Fields(texts) {
			all = append(all, prefix(t, text))
		}
		return all
	}
	var holes []packet.Peer
	for i := range 20 {
		holes = append(holes, prefix(t, fmt.Sprintf("10.%d.0.1/32", i)))
	}
	for _, c := range []struct {
		name  string
		rule  packet.Rule
		has   []packet.Rule
		whole bool
		want  []string
		more  bool
	}{
		{"nothing is there", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(22, 22)}, nil, true, []string{"10.0.0.0/8 6/22"}, false},
		{"another port", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(22, 22)}, []packet.Rule{{Peers: peers("10.0.0.0/8"), Ports: tcp(23, 23)}}, true, []string{"10.0.0.0/8 6/22"}, false},
		{"one port of a range", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(8000, 8010)}, []packet.Rule{{Peers: peers("10.0.0.0/8"), Ports: tcp(8005, 8005)}}, false, []string{"10.0.0.0/8 6/8000-8004", "10.0.0.0/8 6/8006-8010"}, false},
		{"a half", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(22, 22)}, []packet.Rule{{Peers: peers("10.0.0.0/9"), Ports: tcp(22, 22)}}, false, []string{"10.128.0.0/9 6/22"}, false},
		{"a hole", packet.Rule{Peers: peers("0.0.0.0/0"), Ports: tcp(443, 443)}, []packet.Rule{{Peers: peers("10.0.0.0/8 192.168.0.0/16"), Ports: tcp(443, 443)}}, false,
			[]string{"0.0.0.0/0 except 10.0.0.0/8, 192.168.0.0/16 6/443"}, false},
		{"a hole on one port of a range", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(8000, 8010)}, []packet.Rule{{Peers: peers("10.1.2.3/32"), Ports: tcp(8005, 8005)}}, false,
			[]string{"10.0.0.0/8 6/8000-8004", "10.0.0.0/8 6/8006-8010", "10.0.0.0/8 except 10.1.2.3/32 6/8005"}, false},
		{"a group", packet.Rule{Peers: []packet.Peer{packet.Atom("sg-1", false)}, Ports: tcp(22, 23)}, []packet.Rule{{Peers: []packet.Peer{packet.Atom("sg-1", false)}, Ports: tcp(22, 22)}}, false, []string{"sg-1 (IPv4) 6/23"}, false},
		{"many holes", packet.Rule{Peers: peers("10.0.0.0/8"), Ports: tcp(22, 22)}, []packet.Rule{{Peers: holes, Ports: tcp(22, 22)}}, false,
			[]string{"10.0.0.0/32 6/22", "10.0.0.2/31 6/22", "10.0.0.4/30 6/22", "10.0.0.8/29 6/22", "10.0.0.16/28 6/22", "10.0.0.32/27 6/22", "10.0.0.64/26 6/22", "10.0.0.128/25 6/22"}, true},
	} {
		found := packet.New(c.has...).Attribute([]packet.Rule{c.rule})
		if len(found) != 1 {
			t.Errorf("%s: %d differences", c.name, len(found))
			continue
		}
		var spelt []string
		for _, r := range found[0].Remainders {
			spelt = append(spelt, r.String())
		}
		if !slices.Equal(spelt, c.want) || found[0].More != c.more || found[0].Whole != c.whole {
			t.Errorf("%s: whole %t, more %t\n  %s\nwant\n  %s", c.name, found[0].Whole, found[0].More, strings.Join(spelt, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}
