package hosts_test

import (
	"fmt"
	"net/netip"
	"os"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// usual is Canopsis with its databases apart.
func usual() installation {
	return installation{
		flows: []string{
			"users canopsis tcp/8443", "users canopsis tcp/8080", "administrators canopsis tcp/22", "administrators canopsis tcp/15672",
			"administrators mongodb tcp/22", "administrators postgresql tcp/22", "administrators redis tcp/22",
			"event_sources canopsis tcp/5672", "event_sources canopsis udp/162",
			"canopsis mongodb tcp/27017", "canopsis postgresql tcp/5432", "canopsis redis tcp/6379", "canopsis ldap tcp/443", "canopsis ldap udp/53",
		},
		addresses: map[string][]string{
			"users":          {"10.20.0.0/16", "2001:db8:20::/48"},
			"administrators": {"192.0.2.0/28", "2001:db8:22::5/128"},
			"event_sources":  {"10.30.0.0/24"},
			"ldap":           {"10.40.0.5/32"},
			"canopsis":       {"10.0.0.1/32", "2001:db8::1/128"},
			"mongodb":        {"10.0.0.2/32", "2001:db8::2/128"},
			"postgresql":     {"10.0.0.3/32", "2001:db8::3/128"},
			"redis":          {"10.0.0.4/32", "2001:db8::4/128"},
		},
	}
}

func addressesOf(prefixes []string) []string {
	var all []string
	for _, prefix := range prefixes {
		all = append(all, netip.MustParsePrefix(prefix).Addr().String())
	}
	return all
}

// to is what is allowed to reach a host.
func (i installation) to(host string) func(p probe) bool {
	return func(p probe) bool { return i.allows(p.from, host, p.protocol, p.port) }
}

func TestSingleHost(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	i := usual()
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1", "2001:db8::1")
	l.serve("canopsis", everyPort...)
	everything := func(probe) bool { return true }
	l.judge(reach("world", []string{"203.0.113.9", "2001:db8:bad::1"}, "before", "10.0.0.1", "2001:db8::1"), everything)
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	l.judge(reach("world", outsiders, "to the host", "10.0.0.1", "2001:db8::1"), i.to("canopsis"))
	// The host opens what it wants, and reaches itself.
	l.serve("world", "tcp/9999", "udp/9998")
	out := []probe{
		{node: "canopsis", from: netip.MustParseAddr("10.0.0.1"), to: netip.MustParseAddr("203.0.113.9"), protocol: "tcp", port: 9999},
		{node: "canopsis", from: netip.MustParseAddr("10.0.0.1"), to: netip.MustParseAddr("203.0.113.9"), protocol: "udp", port: 9998},
	}
	l.judge(append(out, reach("canopsis", []string{"127.0.0.1", "10.0.0.1", "::1"}, "to itself", "127.0.0.1", "10.0.0.1", "::1")...), everything)
}

// Datagrams that come in pieces are judged like others.
func TestFragments(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	i := usual()
	i.flows = append(i.flows, "users canopsis udp/162") // IPv6 too
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1", "2001:db8::1")
	l.serve("canopsis", everyPort...)
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	var probes []probe
	for _, p := range reach("world", outsiders, "in pieces", "10.0.0.1", "2001:db8::1") {
		if p.bytes = 6000; p.protocol == "udp" {
			probes = append(probes, p)
		}
	}
	l.judge(probes, i.to("canopsis"))
}

func TestFourHosts(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	i := usual()
	l.node("world", outsiders...)
	for _, host := range machines {
		l.node(host, addressesOf(i.addresses[host])...)
		l.serve(host, everyPort...)
		l.load(host, i.ruleset(t, host, firewall.RulesetOptions{}))
	}
	for _, host := range machines {
		own := addressesOf(i.addresses[host])
		sources := []string{"10.20.0.1", "192.0.2.1", "203.0.113.9", "2001:db8:22::5", "2001:db8:bad::1"}
		probes := reach("world", sources, "to "+host, own...)
		for _, other := range machines {
			if other != host {
				probes = append(probes, reach(other, addressesOf(i.addresses[other]), "to "+host, own...)...)
			}
		}
		l.judge(probes, i.to(host))
	}
}

// A cluster is several machines under one name, each with the same ruleset.
func TestClusteredMongoDB(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	i := usual()
	i.flows = append(i.flows, "mongodb mongodb tcp/27017")
	i.addresses["mongodb"] = []string{"10.0.1.1/32", "10.0.1.2/32", "10.0.1.3/32"}
	l.node("world", outsiders...)
	l.node("canopsis", "10.0.0.1")
	ruleset := i.ruleset(t, "mongodb", firewall.RulesetOptions{ClosedEgress: true})
	members := []string{"m1", "m2", "m3"}
	for n, member := range members {
		l.node(member, addressesOf(i.addresses["mongodb"])[n])
		l.serve(member, everyPort...)
		l.load(member, ruleset)
	}
	for n, member := range members {
		address := addressesOf(i.addresses["mongodb"])[n]
		probes := append(reach("world", []string{"10.20.0.1", "192.0.2.1", "203.0.113.9"}, "to "+member, address), reach("canopsis", []string{"10.0.0.1"}, "to "+member, address)...)
		for m, other := range members {
			if other != member {
				probes = append(probes, reach(other, addressesOf(i.addresses["mongodb"])[m:m+1], "to "+member, address)...)
			}
		}
		l.judge(probes, i.to("mongodb"))
	}
}

func TestClosedEgress(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	i := usual()
	l.node("world", outsiders...)
	l.serve("world", everyPort...)
	l.node("canopsis", "10.0.0.1", "2001:db8::1")
	l.serve("canopsis", everyPort...)
	l.load("canopsis", i.ruleset(t, "canopsis", firewall.RulesetOptions{ClosedEgress: true}))
	l.judge(reach("canopsis", []string{"10.0.0.1", "2001:db8::1"}, "out", outsiders...), func(p probe) bool {
		return i.leads("canopsis", p.to, p.protocol, p.port)
	})
	l.judge(reach("world", outsiders, "in", "10.0.0.1", "2001:db8::1"), i.to("canopsis"))
	l.judge(reach("canopsis", []string{"127.0.0.1"}, "to itself", "127.0.0.1"), func(probe) bool { return true })
}

// TestMain tells how many packets the tests sent.
func TestMain(m *testing.M) {
	code := m.Run()
	if n := probed.Load(); n > 0 {
		fmt.Printf("%d probes, of which %d passed\n", n, opened.Load())
	}
	os.Exit(code)
}
