package hosts_test

import (
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// meter counts, before the ruleset and behind it, what comes to a port. A datagram
// that nobody answers is new each time.
const meter = `
table inet counted {
	counter allowed_before { }
	counter allowed_behind { }
	counter stranger_before { }
	counter stranger_behind { }
	chain before { type filter hook input priority -20; ip saddr 10.30.0.9 udp dport 162 counter name allowed_before; ip saddr 203.0.113.9 udp dport 162 counter name stranger_before; }
	chain behind { type filter hook input priority 10; ip saddr 10.30.0.9 udp dport 162 counter name allowed_behind; ip saddr 203.0.113.9 udp dport 162 counter name stranger_behind; }
}
`

// counted reads the counters.
func (l *lab) counted() map[string]int {
	counts := make(map[string]int)
	for _, match := range regexp.MustCompile(`counter (\w+) \{\s+packets (\d+)`).FindAllStringSubmatch(l.run("canopsis", "nft list counters"), -1) {
		counts[match[1]], _ = strconv.Atoi(match[2])
	}
	return counts
}

// stream sends datagrams without a pause until it is told to stop.
func (l *lab) stream(from string, stop *atomic.Bool, all *sync.WaitGroup) {
	l.in("world", func() {
		c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.ParseIP(from)}, &net.UDPAddr{IP: net.ParseIP("10.0.0.1"), Port: 162})
		if err != nil {
			l.t.Error(err)
			return
		}
		all.Go(func() {
			defer func() { _ = c.Close() }()
			for !stop.Load() {
				_, _ = c.Write([]byte("trap"))
			}
		})
	})
}

// reloaded streams while a ruleset is loaded again and again.
func reloaded(t *testing.T, script string) map[string]int {
	t.Helper()
	l, i := newLab(t), usual()
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1")
	l.in("canopsis", func() { // somebody listens, or the host would answer with errors
		c, err := net.ListenPacket("udp", ":162")
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = c.Close() })
	})
	l.load("canopsis", meter)
	file := t.TempDir() + "/ruleset.nft"
	l.shell(i.ruleset(t, "canopsis", firewall.RulesetOptions{}), "cat > "+file)
	l.run("canopsis", "nft -f "+file)
	var stop atomic.Bool
	var streams sync.WaitGroup
	l.stream("10.30.0.9", &stop, &streams)
	l.stream("203.0.113.9", &stop, &streams)
	for began := time.Now(); ; { // until both come
		if c := l.counted(); c["allowed_before"] > 0 && c["stranger_before"] > 0 || time.Since(began) > time.Minute {
			break
		}
	}
	l.run("canopsis", "for n in $(seq 200); do "+strings.ReplaceAll(script, "FILE", file)+" || exit 1; done")
	stop.Store(true)
	streams.Wait()
	counts := l.counted()
	// What is on its way still arrives.
	for range 100 {
		time.Sleep(10 * time.Millisecond)
		next := l.counted()
		if next["allowed_before"] == counts["allowed_before"] && next["stranger_before"] == counts["stranger_before"] {
			break
		}
		counts = next
	}
	t.Logf("200 reloads: %v", counts)
	return counts
}

// One transaction: no allowed packet is lost, and nobody else gets through.
func TestReloads(t *testing.T) {
	t.Parallel()
	c := reloaded(t, "nft -f FILE")
	if c["allowed_before"] == 0 || c["allowed_before"] != c["allowed_behind"] {
		t.Errorf("of %d allowed packets %d came through", c["allowed_before"], c["allowed_behind"])
	}
	if c["stranger_before"] == 0 || c["stranger_behind"] != 0 {
		t.Errorf("of a stranger's %d packets %d came through", c["stranger_before"], c["stranger_behind"])
	}
}

// The control: two commands leave a gap, and the test sees it.
func TestReloadsInTwoCommands(t *testing.T) {
	t.Parallel()
	if c := reloaded(t, "nft delete table inet canopsis && nft -f FILE"); c["stranger_behind"] == 0 {
		t.Errorf("of a stranger's %d packets none came through: the test would not see a gap", c["stranger_before"])
	}
}

// heard returns the sources whose broadcasts come to a listener. The last of them
// is allowed, and so ends the waiting.
func (l *lab) heard(sources []string, last string) map[string]bool {
	l.t.Helper()
	var listener net.PacketConn
	l.in("canopsis", func() {
		var err error
		if listener, err = net.ListenPacket("udp4", ":162"); err != nil {
			l.t.Error(err)
		}
	})
	defer func() { _ = listener.Close() }()
	l.in("world", func() {
		for _, source := range append(sources, last) {
			c, err := net.ListenPacket("udp4", source+":0")
			if err != nil {
				l.t.Error(err)
				return
			}
			if _, err := c.WriteTo([]byte("trap"), &net.UDPAddr{IP: net.IPv4bcast, Port: 162}); err != nil {
				l.t.Error(err)
			}
			_ = c.Close()
		}
	})
	heard := make(map[string]bool)
	buffer := make([]byte, 16)
	for !heard[last] {
		_ = listener.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, from, err := listener.ReadFrom(buffer)
		if err != nil {
			l.t.Errorf("nothing comes from %s, who is allowed: %v", last, err)
			break
		}
		heard[netip.MustParseAddrPort(from.String()).Addr().String()] = true
	}
	return heard
}

// Datagrams to everyone are judged by their source, too. A ruleset that looks at
// what is addressed to the host alone does not see them.
func TestBroadcasts(t *testing.T) {
	t.Parallel()
	l, i := newLab(t), usual()
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1")
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	strangers := []string{"203.0.113.9", "10.20.0.1", "10.31.0.9"}
	heard := l.heard(strangers, "10.30.0.9")
	for _, stranger := range strangers {
		if heard[stranger] {
			t.Errorf("a broadcast of %s is heard", stranger)
		}
	}
	l.run("canopsis", "nft delete table inet canopsis")
	l.load("canopsis", "table inet other { chain one { type filter hook prerouting priority -10; fib daddr type local ip saddr 10.30.0.9 udp dport 162 accept; fib daddr type local drop; }; }")
	if !l.heard(strangers, "10.30.0.9")["203.0.113.9"] {
		t.Error("the trap is none: a prerouting chain that looks at local addresses hears no broadcast")
	}
}
