// Package hosts_test sends real packets through the rulesets of hosts, between
// network namespaces that the tests make and take away. It needs root, ip and nft.
package hosts_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix" // setns
)

// lab is a network of namespaces on one wire. Every namespace has all of its
// addresses on that wire, and finds all others there.
type lab struct {
	t         *testing.T
	prefix    string
	addresses map[string][]string // by node, loopback's too
}

var labs atomic.Int32

// newLab skips the test where namespaces cannot be made.
func newLab(t *testing.T) *lab {
	t.Helper()
	for _, tool := range []string{"ip", "nft", "nsenter"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipped: no %s here", tool)
		}
	}
	l := &lab{t, fmt.Sprintf("cnp%d-%d-", os.Getpid(), labs.Add(1)), make(map[string][]string)}
	if out, err := exec.CommandContext(t.Context(), "ip", "netns", "add", l.prefix+"wire").CombinedOutput(); err != nil {
		t.Skipf("skipped: no namespaces can be made here: %s", strings.TrimSpace(string(out)))
	}
	l.remove("wire")
	l.run("wire", "ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up")
	return l
}

func (l *lab) remove(name string) {
	l.t.Cleanup(func() {
		if out, err := exec.Command("ip", "netns", "del", l.prefix+name).CombinedOutput(); err != nil {
			l.t.Errorf("a namespace stays: %v %s", err, out)
		}
	})
}

// node makes a namespace with addresses on the wire.
func (l *lab) node(name string, addresses ...string) {
	l.t.Helper()
	l.shell("", "ip netns add "+l.prefix+name)
	l.remove(name)
	l.addresses[name] = append([]string{"127.0.0.1", "::1"}, addresses...)
	port := "p-" + name
	l.shell("", fmt.Sprintf("ip -n %swire link add %s type veth peer name wire0 netns %s%s && ip -n %swire link set %s master br0 up", l.prefix, port, l.prefix, name, l.prefix, port))
	script := []string{
		"ip link set lo up",
		"for f in all default wire0; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; echo 0 > /proc/sys/net/ipv6/conf/$f/accept_dad; done",
		"echo 1 > /proc/sys/net/ipv4/ip_forward", "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit",
		"ip link set wire0 up",
	}
	for _, address := range addresses {
		prefix := "/32"
		if strings.Contains(address, ":") {
			prefix = "/128 nodad"
		}
		script = append(script, "ip addr add "+address+prefix+" dev wire0")
	}
	script = append(script, "ip route add default dev wire0", "ip -6 route add default dev wire0")
	l.run(name, strings.Join(script, " && "))
}

// shell runs a script, and fails the test where it does.
func (l *lab) shell(input, script string) string {
	l.t.Helper()
	command := exec.Command("sh", "-c", script)
	command.Stdin = strings.NewReader(input)
	out, err := command.CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s: %v\n%s\n%s", script, err, out, input)
	}
	return string(out)
}

// run runs a script in a namespace.
func (l *lab) run(name, script string) string {
	l.t.Helper()
	return l.shell("", l.enter(name)+" sh -c '"+script+"'")
}

func (l *lab) enter(name string) string { return "nsenter --net=/run/netns/" + l.prefix + name }

// load loads a ruleset in a namespace.
func (l *lab) load(name, text string) {
	l.t.Helper()
	l.shell(text, l.enter(name)+" nft -f -")
}

// in calls f on a thread that is in a namespace. What it opens stays there.
func (l *lab) in(name string, f func()) {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and ends with it
		file, err := os.Open("/run/netns/" + l.prefix + name)
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
			_ = file.Close()
		}
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		l.t.Errorf("namespace %s: %v", name, err)
	}
}

// serve listens in a namespace on ports, given as in "tcp/22", and answers. Who
// answers datagrams has to do it from the address that they came to.
func (l *lab) serve(name string, ports ...string) {
	l.t.Helper()
	for _, spec := range ports {
		protocol, port, _ := strings.Cut(spec, "/")
		l.in(name, func() {
			if protocol == "tcp" {
				l.serveConnections(":" + port)
				return
			}
			for _, address := range l.addresses[name] {
				l.serveDatagrams(net.JoinHostPort(address, port))
			}
		})
	}
}

func (l *lab) serveConnections(at string) {
	listener, err := net.Listen("tcp", at)
	if err != nil {
		l.t.Error(err)
		return
	}
	l.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
}

func (l *lab) serveDatagrams(at string) {
	conn, err := net.ListenPacket("udp", at)
	if err != nil {
		l.t.Error(err)
		return
	}
	l.t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buffer := make([]byte, 1<<16)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(buffer[:min(n, 8)], from)
		}
	}()
}

// probe is a connection that somebody tries.
type probe struct {
	node        string     // where it begins
	from        netip.Addr // its source
	to          netip.Addr
	protocol    string // tcp or udp
	port, bytes int    // bytes of a datagram; 0: few
	reason      string // for what is said
}

func (p probe) String() string {
	return fmt.Sprintf("%s %s -> %s %s/%d %s", p.node, p.from, p.to, p.protocol, p.port, p.reason)
}

// How long an answer may take: a first packet that was lost is sent again after a
// second.
const patience = 2500 * time.Millisecond

// passes tries a connection.
func (l *lab) passes(p probe) (passed bool) {
	l.in(p.node, func() {
		target := netip.AddrPortFrom(p.to, uint16(p.port))
		if p.protocol == "tcp" {
			dialer := net.Dialer{Timeout: patience, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(p.from, 0))}
			c, err := dialer.Dial("tcp", target.String())
			if passed = err == nil; passed {
				_ = c.Close()
			}
			return
		}
		c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.from, 0)), net.UDPAddrFromAddrPort(target))
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		answer := make([]byte, 16)
		for range 3 {
			if _, err := c.Write(make([]byte, max(p.bytes, 4))); err != nil {
				continue
			}
			_ = c.SetReadDeadline(time.Now().Add(patience / 3))
			if _, err := c.Read(answer); err == nil {
				passed = true
				return
			}
		}
	})
	return passed
}

// probed counts the probes of all tests.
var probed, opened atomic.Int32

// judge tries all probes, many at a time, and compares each with what it says of it.
func (l *lab) judge(probes []probe, allowed func(p probe) bool) {
	l.t.Helper()
	const together = 100
	var all sync.WaitGroup
	slots := make(chan struct{}, together)
	for _, p := range probes {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			want := allowed(p)
			got := l.passes(p)
			if !got && want { // a busy machine: nothing that is refused passes at a second try
				got = l.passes(p)
			}
			if probed.Add(1); got {
				opened.Add(1)
			}
			if got != want {
				l.t.Errorf("%s: passes: %t, and the flows say %t", p, got, want)
			}
		})
	}
	all.Wait()
}
