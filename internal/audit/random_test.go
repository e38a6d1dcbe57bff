package audit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Rules at random, as people write them: with overlaps, repetitions, groups and
// every protocol. Whether something is missing and whether something is excess, the
// packets alone say.
func TestRulesAtRandom(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	rules := func() string {
		var lines []string
		for range 1 + r.IntN(6) {
			protocol := []string{"tcp", "6", "udp", "-1", "icmp", "50"}[r.IntN(6)]
			ports := "-"
			switch protocol {
			case "tcp", "6", "udp":
				first := r.IntN(4)
				ports = fmt.Sprintf("%d-%d", first, first+r.IntN(3))
			case "icmp":
				ports = []string{"8--1", "3-4"}[r.IntN(2)]
			}
			peer := []string{"10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "2001:db8::/32", "::/0", "sg-2", "sg-3", "123456789012/sg-2"}[r.IntN(11)]
			lines = append(lines, strings.Join([]string{"sg-1", protocol, ports, peer}, " "))
		}
		return strings.Join(lines, "; ")
	}
	yeses := 0
	for i := range 1500 {
		expected := rules()
		actual := expected
		if i%4 > 0 {
			actual = rules()
		}
		in := of(expected, actual)
		for i := range in.Actual {
			in.Actual[i].Row["security_group_rule_id"] = fmt.Sprintf("sgr-%d", i)
		}
		result := run(t, in)
		ipv6 := strings.Contains(expected+actual, "::/")
		sets := make([]packet.Set, 2)
		for side, text := range []string{expected, actual} {
			var all []packet.Rule
			for _, line := range split(text) {
				rule, _, err := cloud.AWS().Read(row(line), cloud.Ingress, cloud.World{IPv6: ipv6})
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, rule.Packets)
			}
			sets[side] = packet.New(all...)
		}
		lacks, opens := !sets[0].IsSubset(sets[1]), !sets[1].IsSubset(sets[0])
		if missing := result.Counts[audit.Missing]+result.Counts[audit.Partial] > 0; missing != lacks {
			t.Fatalf("%s\nagainst %s: %s; something is missing: %t", actual, expected, result.Summary, lacks)
		}
		if excess := result.Counts[audit.Excess] > 0; excess != opens {
			t.Fatalf("%s\nagainst %s: %s; something is excess: %t", actual, expected, result.Summary, opens)
		}
		if (result.OK == audit.Yes) == (lacks || opens) {
			t.Fatalf("%s\nagainst %s: ok is %d", actual, expected, result.OK)
		}
		if result.OK == audit.Yes {
			yeses++
		}
	}
	if yeses < 250 {
		t.Errorf("%d of 1500 are right: the test says little", yeses)
	}
}
