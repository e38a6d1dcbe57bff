package cloud_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// written is a ruleset of this package's own, with what others have.
const written = `#!/usr/sbin/nft -f
table inet canopsis
delete table inet canopsis
table inet canopsis {
	chain input {
		type filter hook input priority -10; policy drop;
		ct state established,related accept
		iif "lo" accept
		icmp type { destination-unreachable, time-exceeded } accept
		jump early
		ct state invalid counter drop
		iifname "docker*" accept # the host itself
		meta nfproto ipv4 udp sport 67 udp dport 68 accept
		jump matrix
		goto refuse
	}
	chain forward {
		type filter hook forward priority -10; policy accept;
		iifname "docker0" goto out
		ct status dnat jump matrix
		ct status dnat goto refuse
		oifname "docker0" goto refuse
	}
	chain early {
		icmp type 5 icmp code 1 ip saddr 10.0.0.0/8 accept
	}
	chain matrix {
		meta l4proto tcp ct original proto-dst { 80, 8000-8010 } ip saddr {
			10.0.0.0/24,
			10.0.2.0/24
		} counter accept comment "users; tcp { }"
		meta l4proto 112 ip6 saddr 2001:db8::/32 accept
		ip protocol igmp return
		accept comment "the rest"
	}
	chain out {
		meta l4proto udp ct original proto-dst 53 ip daddr 10.9.9.9/32 accept
		counter reject with icmpx type admin-prohibited
	}
	chain refuse {
		limit rate 10/minute burst 20 packets log prefix "refused: "
		counter drop
	}
}
`

func TestRulesetPasses(t *testing.T) {
	t.Parallel()
	all := strings.Replace(written, "accept comment \"the rest\"\n", "\n", 1)
	for _, c := range []struct {
		passage  cloud.Passage
		protocol uint8
		port     uint16
		peer     string
		passes   bool
	}{
		{cloud.Passage{Hook: "input"}, 6, 80, "10.0.0.7", true},
		{cloud.Passage{Hook: "input"}, 6, 8010, "10.0.2.255", true},
		{cloud.Passage{Hook: "input"}, 6, 8011, "10.0.2.255", false},
		{cloud.Passage{Hook: "input"}, 6, 80, "10.0.1.0", false},
		{cloud.Passage{Hook: "input"}, 17, 80, "10.0.0.7", false},
		{cloud.Passage{Hook: "input"}, 17, 68, "203.0.113.1", true},
		{cloud.Passage{Hook: "input"}, 17, 68, "2001:db8::1", false},
		{cloud.Passage{Hook: "input"}, 112, 0, "2001:db8::1", true},
		{cloud.Passage{Hook: "input"}, 1, 3 << 8, "203.0.113.1", true},
		{cloud.Passage{Hook: "input"}, 1, 8 << 8, "10.0.0.7", false},
		{cloud.Passage{Hook: "input"}, 1, 5<<8 | 1, "10.0.0.7", true},  // before conntrack calls it invalid
		{cloud.Passage{Hook: "input"}, 1, 5<<8 | 2, "10.0.0.7", false}, // another code
		{cloud.Passage{Hook: "input", In: "docker7"}, 6, 1, "10.0.1.0", true},
		{cloud.Passage{Hook: "input", In: "lo"}, 6, 1, "10.0.1.0", true},
		{cloud.Passage{Hook: "forward", Dnat: true}, 6, 80, "10.0.0.7", true},
		{cloud.Passage{Hook: "forward", Dnat: true}, 6, 81, "10.0.0.7", false},
		{cloud.Passage{Hook: "forward"}, 6, 81, "10.0.0.7", true}, // the policy
		{cloud.Passage{Hook: "forward", Out: "docker0"}, 6, 80, "10.0.0.7", false},
		{cloud.Passage{Hook: "forward", In: "docker0"}, 17, 53, "10.9.9.9", true},
		{cloud.Passage{Hook: "forward", In: "docker0"}, 17, 54, "10.9.9.9", false},
		{cloud.Passage{Hook: "output"}, 17, 54, "10.9.9.9", true}, // nothing filters it
	} {
		r, err := cloud.ReadRuleset(all)
		if err != nil {
			t.Fatal(err)
		}
		passes, err := r.Passes(c.passage)
		if err != nil {
			t.Fatal(err)
		}
		if got := passes.Contains(packet.Address(netip.MustParseAddr(c.peer)), packet.PortRange(c.protocol, c.port, c.port)); got != c.passes {
			t.Errorf("%+v: %s to %d/%d passes: %t", c.passage, c.peer, c.protocol, c.port, got)
		}
	}
}

// What is left at the end of a chain comes back from a jump, and accept is for all.
func TestRulesetReturns(t *testing.T) {
	t.Parallel()
	r, err := cloud.ReadRuleset(written)
	if err != nil {
		t.Fatal(err)
	}
	passes, err := r.Passes(cloud.Passage{Hook: "input"})
	if err != nil {
		t.Fatal(err)
	}
	peer := packet.Address(netip.MustParseAddr("203.0.113.1"))
	if passes.Contains(peer, packet.Protocol(2)) || !passes.Contains(peer, packet.Protocol(6)) {
		t.Errorf("igmp, which returns, passes: %t; tcp, which the rest accepts: %t", passes.Contains(peer, packet.Protocol(2)), passes.Contains(peer, packet.Protocol(6)))
	}
}

func TestRulesetRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for what, change := range map[string][2]string{
		"another priority":        {"hook input priority -10", "hook input priority 0"},
		"another table":           {"table inet canopsis {", "table ip canopsis {"},
		"a flush":                 {"delete table inet canopsis\n", "flush ruleset\n"},
		"a set that is open":      {"10.0.2.0/24\n\t\t}", "10.0.2.0/24\n"},
		"an unknown match":        {"iif \"lo\"", "meta mark 7"},
		"an unknown statement":    {"counter drop\n", "counter queue\n"},
		"an unknown chain":        {"jump matrix", "jump matrices"},
		"host bits":               {"10.0.0.0/24", "10.0.0.1/24"},
		"the other family":        {"ip6 saddr 2001:db8::/32", "ip6 saddr 10.0.0.0/8"},
		"destinations of input":   {"ip saddr 10.0.0.0/8", "ip daddr 10.0.0.0/8"},
		"more behind a verdict":   {"accept comment \"the rest\"", "accept drop"},
		"a range that ends early": {"8000-8010", "8010-8000"},
	} {
		text := strings.Replace(written, change[0], change[1], 1)
		if text == written {
			t.Fatalf("%s: nothing changed", what)
		}
		r, err := cloud.ReadRuleset(text)
		if err == nil {
			_, err = r.Passes(cloud.Passage{Hook: "input"})
		}
		if err == nil {
			t.Errorf("%s is read", what)
		}
	}
}

// What no row decides, the policy does.
func TestRulesetPolicy(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]bool{"drop": false, "accept": true} {
		r, err := cloud.ReadRuleset("table inet canopsis {\nchain input {\ntype filter hook input priority -10; policy " + policy + ";\n}\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		passes, err := r.Passes(cloud.Passage{Hook: "input"})
		if err != nil {
			t.Fatal(err)
		}
		if passes.IsEmpty() == want {
			t.Errorf("with policy %s: %s", policy, passes)
		}
	}
}
