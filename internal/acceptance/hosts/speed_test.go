package hosts_test

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

var alone sync.Mutex

// needBench skips what takes minutes or a quiet machine: make bench runs it.
func needBench(t *testing.T) {
	t.Helper()
	alone.Lock() // nothing else is measured meanwhile
	t.Cleanup(alone.Unlock)
	if os.Getenv("CANOPSIS_BENCH") == "" {
		t.Skip("skipped: set CANOPSIS_BENCH, as make bench does")
	}
}

// scattered are prefixes of which no two join.
func scattered(count int) []string {
	prefixes := make([]string, count)
	for i := range prefixes {
		prefixes[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 14), byte(i >> 6), byte(i << 2)}), 31).String()
	}
	return prefixes
}

// sites is an installation whose users come from so many prefixes.
func sites(count int) installation {
	i := usual()
	i.addresses["users"] = scattered(count)
	return i
}

const manySites = 80_000

// TestSpeedOfTextBesideCapirca writes one rule for 80,000 prefixes, and has Debian's
// capirca write the same.
func TestSpeedOfTextBesideCapirca(t *testing.T) {
	t.Parallel()
	needBench(t)
	if _, err := exec.LookPath("aclgen"); err != nil {
		t.Skip("skipped: no capirca (aclgen) here")
	}
	i := sites(manySites)
	const times = 5
	began := time.Now()
	for range times {
		i.ruleset(t, "canopsis", firewall.RulesetOptions{})
	}
	ours := time.Since(began) / times

	folder := t.TempDir()
	for name, text := range map[string]string{
		"def/NETWORK.net":  "USERS = " + strings.Join(i.addresses["users"], "\n        ") + "\n",
		"def/SERVICES.svc": "WEB = 8080/tcp 8443/tcp\n",
		"pol/users.pol":    "header {\n  target:: nftables mixed input\n}\nterm users {\n  source-address:: USERS\n  destination-port:: WEB\n  protocol:: tcp\n  action:: accept\n}\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	began = time.Now()
	out, err := exec.Command("aclgen", "--base_directory", folder+"/pol", "--definitions_directory", folder+"/def", "--policy_file", folder+"/pol/users.pol", "--output_directory", folder).CombinedOutput()
	theirs := time.Since(began)
	written, _ := os.ReadFile(filepath.Join(folder, "users.nft"))
	if err != nil || strings.Count(string(written), "/31") < manySites {
		t.Skipf("skipped: capirca does not write them: %v %.500s", err, out)
	}
	ratio := ours.Seconds() / theirs.Seconds()
	t.Logf("%d prefixes to text: %.4f of capirca's time", manySites, ratio)
	if ratio > 0.1 {
		t.Errorf("it takes %.2f of capirca's time", ratio)
	}
}

// TestSpeedOfText checks that four times the prefixes take about four times as long.
func TestSpeedOfText(t *testing.T) {
	t.Parallel()
	needBench(t)
	taken := func(count int) float64 {
		i := sites(count)
		best := time.Hour
		for range 7 {
			began := time.Now()
			i.ruleset(t, "canopsis", firewall.RulesetOptions{})
			best = min(best, time.Since(began))
		}
		return best.Seconds()
	}
	ratio := taken(manySites) / taken(manySites/4)
	t.Logf("%d prefixes take %.1f times as long as %d", manySites, ratio, manySites/4)
	if ratio > 8 {
		t.Errorf("4 times the prefixes take %.1f times as long", ratio)
	}
}

// TestSpeedOfPackets compares what a new packet costs under a ruleset of 1,500
// prefixes with what it costs where conntrack alone looks at it.
func TestSpeedOfPackets(t *testing.T) {
	t.Parallel()
	needBench(t)
	l := newLab(t)
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1")
	l.in("canopsis", func() { // somebody listens, or the host would answer with errors
		c, err := net.ListenPacket("udp", ":8080")
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = c.Close() })
	})
	const many = 300_000
	cost := func() float64 {
		best := time.Hour
		for range 5 {
			l.in("world", func() {
				c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.ParseIP("192.0.2.1")}, &net.UDPAddr{IP: net.ParseIP("10.0.0.1"), Port: 8080})
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = c.Close() }()
				began := time.Now() // veth hands a packet over before send returns
				for range many {
					_, _ = c.Write([]byte("trap"))
				}
				best = min(best, time.Since(began))
			})
		}
		return best.Seconds()
	}
	l.load("canopsis", "table inet tracked { chain input { type filter hook input priority 0; policy accept; ct state new accept; }; }")
	alone := cost()
	i := usual()
	i.addresses["users"] = append(scattered(1500), "192.0.2.0/28")
	i.addresses["administrators"] = []string{"192.0.3.0/28"}
	i.flows = append(i.flows, "users canopsis udp/8080")
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	ratio := cost() / alone
	t.Logf("a new packet under 1,500 prefixes: %.2f of conntrack alone", ratio)
	if ratio > 1.5 {
		t.Errorf("a new packet costs %.2f of conntrack alone", ratio)
	}
}
