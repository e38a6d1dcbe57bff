package hosts_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// The rules with which a container engine publishes port 8443 of 172.30.0.2 as 443,
// 80 as 80 and MongoDB's 27017, on a bridge br-canopsis: as its documentation
// (docs.docker.com/engine/network/packet-filtering-firewalls) describes them, cut
// down to one network. raw has what engines from 28 on drop before routing.
const (
	dockerIptables = `
table ip nat {
	chain PREROUTING { type nat hook prerouting priority dstnat; fib daddr type local jump DOCKER; }
	chain OUTPUT { type nat hook output priority -100; ip daddr != 127.0.0.0/8 fib daddr type local jump DOCKER; }
	chain POSTROUTING { type nat hook postrouting priority srcnat; ip saddr 172.30.0.0/24 oifname != "br-canopsis" masquerade; }
	chain DOCKER {
		iifname != "br-canopsis" tcp dport 443 dnat to 172.30.0.2:8443
		iifname != "br-canopsis" tcp dport 80 dnat to 172.30.0.2:80
		iifname != "br-canopsis" tcp dport 27017 dnat to 172.30.0.2:27017
		iifname != "br-canopsis" udp dport 162 dnat to 172.30.0.2:162
	}
}
table ip filter {
	chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; jump DOCKER-FORWARD; }
	chain DOCKER-USER { return; }
	chain DOCKER-FORWARD {
		oifname "br-canopsis" ct state established,related accept
		oifname "br-canopsis" jump DOCKER
		iifname "br-canopsis" accept
	}
	chain DOCKER {
		iifname != "br-canopsis" oifname "br-canopsis" ip daddr 172.30.0.2 tcp dport { 80, 8443, 27017 } accept
		iifname != "br-canopsis" oifname "br-canopsis" ip daddr 172.30.0.2 udp dport 162 accept
		iifname != "br-canopsis" oifname "br-canopsis" drop
	}
}
`
	dockerRaw = `
table ip raw {
	chain PREROUTING { type filter hook prerouting priority raw; ip daddr 172.30.0.2 iifname != "br-canopsis" drop; }
}
`
	dockerNftables = `
table ip docker-bridges {
	map filter-forward-in-jumps { type ifname : verdict; elements = { "br-canopsis" : jump filter-forward-in__br-canopsis } }
	chain filter-FORWARD { type filter hook forward priority filter; policy accept; oifname vmap @filter-forward-in-jumps; }
	chain filter-forward-in__br-canopsis {
		ct state established,related counter accept
		iifname "br-canopsis" counter accept
		ip daddr 172.30.0.2 tcp dport { 80, 8443, 27017 } counter accept
		ip daddr 172.30.0.2 udp dport 162 counter accept
		counter drop
	}
	chain nat-PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump nat-prerouting-and-output; }
	chain nat-OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local counter jump nat-prerouting-and-output; }
	chain nat-prerouting-and-output {
		iifname != "br-canopsis" tcp dport 443 counter dnat to 172.30.0.2:8443
		iifname != "br-canopsis" tcp dport 80 counter dnat to 172.30.0.2:80
		iifname != "br-canopsis" tcp dport 27017 counter dnat to 172.30.0.2:27017
		iifname != "br-canopsis" udp dport 162 counter dnat to 172.30.0.2:162
	}
	chain nat-POSTROUTING { type nat hook postrouting priority srcnat; policy accept; ip saddr 172.30.0.0/24 oifname != "br-canopsis" counter masquerade; }
}
`
)

// compose is Canopsis in containers on one host: its users' ports are published,
// and so is MongoDB's, as the vendor's file does.
func compose() installation {
	i := usual()
	i.flows = []string{
		"users canopsis tcp/443", "users canopsis tcp/80", "administrators canopsis tcp/22", "event_sources canopsis udp/162", "canopsis ldap tcp/443", "canopsis ldap udp/53",
	}
	return i
}

// dockerHost makes a host with a container, a stranger who has a route to it, and
// all the others.
func dockerHost(l *lab, engine string) {
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1", "2001:db8::1")
	l.node("box") // the container
	l.run("box", "ip link del wire0")
	l.shell("", "ip -n "+l.prefix+"canopsis link add veth-box type veth peer name eth0 netns "+l.prefix+"box")
	l.run("canopsis", "ip link add br-canopsis type bridge && ip link set br-canopsis up && ip addr add 172.30.0.1/24 dev br-canopsis && ip link set veth-box master br-canopsis up")
	l.run("box", "ip link set eth0 up && ip addr add 172.30.0.2/24 dev eth0 && ip route add default via 172.30.0.1")
	l.addresses["box"] = []string{"127.0.0.1", "172.30.0.2"}
	l.run("world", "ip route add 172.30.0.0/24 via 10.0.0.1 dev wire0 onlink")
	l.serve("box", "tcp/80", "tcp/8443", "tcp/27017", "udp/162")
	l.serve("canopsis", "tcp/22", "tcp/5672", "tcp/15672", "udp/161")
	l.load("canopsis", engine)
}

// published are probes to the host, and to the container by a route.
func published() []probe {
	return append(reach("world", outsiders, "to the host", "10.0.0.1"), reach("world", outsiders, "by a route", "172.30.0.2")...)
}

// toPublished is what is allowed there: flows to the host, on ports that are
// published or that it listens on, and nothing by a route.
func (i installation) toPublished(p probe) bool {
	return p.to == netip.MustParseAddr("10.0.0.1") && i.allows(p.from, "canopsis", p.protocol, p.port)
}

var interfaces = firewall.RulesetOptions{ContainerInterfaces: []string{"br-canopsis"}}

func TestPublishedPorts(t *testing.T) {
	t.Parallel()
	for what, engine := range map[string]string{
		"iptables": dockerIptables + dockerRaw, "nftables": dockerNftables + strings.ReplaceAll(dockerRaw, "raw", "docker-raw"), "an older engine": dockerIptables,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			l, i := newLab(t), compose()
			dockerHost(l, strings.ReplaceAll(engine, "priority docker-raw", "priority raw"))
			l.load("canopsis", i.ruleset(t, "canopsis", interfaces))
			l.judge(published(), i.toPublished)
			// The container opens what it wants: egress is open.
			l.serve("world", "tcp/9999")
			l.judge([]probe{{node: "box", from: netip.MustParseAddr("172.30.0.2"), to: netip.MustParseAddr("203.0.113.9"), protocol: "tcp", port: 9999}}, func(probe) bool { return true })
		})
	}
}

// Containers' egress is judged by the same rows, where their bridge is named.
func TestContainersWithClosedEgress(t *testing.T) {
	t.Parallel()
	l, i := newLab(t), compose()
	dockerHost(l, dockerIptables)
	l.serve("world", everyPort...)
	closed := interfaces
	closed.ClosedEgress = true
	l.load("canopsis", i.ruleset(t, "canopsis", closed))
	l.judge(reach("box", []string{"172.30.0.2"}, "out of the container", "10.40.0.5", "10.40.0.6", "203.0.113.9"), func(p probe) bool {
		return i.leads("canopsis", p.to, p.protocol, p.port)
	})
	l.judge(reach("canopsis", []string{"10.0.0.1"}, "out of the host", "10.40.0.5", "10.40.0.6", "203.0.113.9"), func(p probe) bool {
		return i.leads("canopsis", p.to, p.protocol, p.port)
	})
	l.judge(published(), i.toPublished)
}

// Each trap opens where its line is taken out, to somebody whom no flow allows.
func TestTraps(t *testing.T) {
	t.Parallel()
	without := func(text string, lines ...string) string {
		for _, line := range lines {
			if !strings.Contains(text, line) {
				t.Errorf("no line %q", line)
			}
			text = strings.ReplaceAll(text, line, "")
		}
		return text
	}
	stranger := func(to, protocol string, port int) probe {
		return probe{node: "world", from: netip.MustParseAddr("203.0.113.9"), to: netip.MustParseAddr(to), protocol: protocol, port: port}
	}
	for what, c := range map[string]struct {
		engine  string
		options firewall.RulesetOptions
		change  func(text string) string
		opened  probe
	}{
		"filtering input alone": {dockerIptables + dockerRaw, interfaces, func(text string) string {
			return without(text, "\t\tct status dnat jump matrix_in\n", "\t\tct status dnat goto refuse\n", "\t\toifname \"br-canopsis\" goto refuse\n")
		}, stranger("10.0.0.1", "tcp", 27017)},
		"an older engine, no interface named": {dockerIptables, firewall.RulesetOptions{}, func(text string) string { return text }, stranger("172.30.0.2", "tcp", 27017)},
		"an older engine, direct routes":      {dockerIptables, interfaces, func(text string) string { return without(text, "\t\toifname \"br-canopsis\" goto refuse\n") }, stranger("172.30.0.2", "tcp", 27017)},
		"firewalld alone": {dockerIptables + dockerRaw, interfaces, func(string) string {
			// What firewalld has in its forward chain: ports that somebody published pass.
			return "table inet firewalld { chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept; ct state { established, related } accept; ct status dnat accept; reject; }; }"
		}, stranger("10.0.0.1", "tcp", 27017)},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			l, i := newLab(t), compose()
			dockerHost(l, c.engine)
			l.load("canopsis", c.change(i.ruleset(t, "canopsis", c.options)))
			if !l.passes(c.opened) {
				t.Errorf("%s does not pass: the trap is none", c.opened)
			}
			l.load("canopsis", i.ruleset(t, "canopsis", interfaces))
			if l.passes(c.opened) {
				t.Errorf("%s passes beside our ruleset", c.opened)
			}
		})
	}
}

// The engine's tables stay, whether ours comes or goes. What Debian's own unit does
// takes them all.
func TestOtherTablesStay(t *testing.T) {
	t.Parallel()
	l, i := newLab(t), compose()
	dockerHost(l, dockerIptables)
	before := l.run("canopsis", "nft list ruleset")
	l.load("canopsis", i.ruleset(t, "canopsis", interfaces))
	l.load("canopsis", i.ruleset(t, "canopsis", interfaces))
	if got := strings.Count(l.run("canopsis", "nft list ruleset"), "table inet canopsis"); got != 1 {
		t.Errorf("%d tables after two loads", got)
	}
	l.run("canopsis", "nft delete table inet canopsis")
	if after := l.run("canopsis", "nft list ruleset"); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
	l.run("canopsis", "nft flush ruleset")
	if left := l.run("canopsis", "nft list ruleset"); left != "" {
		t.Errorf("flush ruleset leaves %s", left)
	}
}

// A service that listens elsewhere than where the network knocks: users reach 443,
// and what it was redirected to stays closed.
func TestRedirectedPort(t *testing.T) {
	t.Parallel()
	l, i := newLab(t), compose()
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1")
	l.serve("canopsis", everyPort...)
	l.load("canopsis", "table ip nat { chain PREROUTING { type nat hook prerouting priority dstnat; tcp dport 443 redirect to :8443; }; }")
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	l.judge(reach("world", outsiders, "redirected", "10.0.0.1"), i.to("canopsis"))
}
