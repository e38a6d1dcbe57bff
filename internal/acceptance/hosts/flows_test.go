package hosts_test

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// installation is what the flows and the addresses of a test are. Both the
// rulesets and what is expected of them follow from it, and from nothing else in
// common.
type installation struct {
	flows     []string            // "users canopsis tcp/8443"
	addresses map[string][]string // prefixes by endpoint
}

// ruleset writes a host's.
func (i installation) ruleset(t *testing.T, host string, options firewall.RulesetOptions) string {
	t.Helper()
	rules, bindings := make(map[string]deployment.Rule), make(map[string]firewall.Binding)
	for _, flow := range i.flows {
		words := strings.Fields(flow)
		r := deployment.Rule{
			Flow: words[0] + "-to-" + words[1], Source: words[0], Destination: words[1], Component: words[1],
			Purpose: matrix.UserAccess, Ports: matrix.MustPortRange(words[2]),
		}
		_, isHost := i.addresses[words[0]]
		switch isHost = isHost && slices.Contains(machines, words[0]); {
		case words[2] == "tcp/22":
			r.Component, r.Purpose = "ssh", matrix.Administration
		case isHost && slices.Contains(machines, words[1]):
			r.Purpose = matrix.Internal
		case isHost:
			r.Purpose = matrix.Outbound
		}
		rules[r.Key()] = r
	}
	for id, prefixes := range i.addresses {
		bindings[id] = firewall.Binding{CIDRs: prefixes}
	}
	ruleset, err := firewall.Ruleset(rules, bindings, host, options)
	if err != nil {
		t.Fatal(err)
	}
	text, ok := ruleset.Text.Get()
	if !ok {
		t.Fatal("the text is not known")
	}
	return text
}

// machines are the endpoints that are hosts in these tests.
var machines = []string{"canopsis", "mongodb", "postgresql", "redis"}

// is reports whether an address is an endpoint's.
func (i installation) is(endpoint string, address netip.Addr) bool {
	return slices.ContainsFunc(i.addresses[endpoint], func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(address) })
}

// allows reports whether a flow leads from an address to an endpoint on a port.
func (i installation) allows(from netip.Addr, to, protocol string, port int) bool {
	return slices.ContainsFunc(i.flows, func(flow string) bool {
		words := strings.Fields(flow)
		return words[1] == to && onPort(words[2], protocol, port) && i.is(words[0], from)
	})
}

// leads reports whether a flow leads from an endpoint to an address on a port.
func (i installation) leads(from string, to netip.Addr, protocol string, port int) bool {
	return slices.ContainsFunc(i.flows, func(flow string) bool {
		words := strings.Fields(flow)
		return words[0] == from && onPort(words[2], protocol, port) && i.is(words[1], to)
	})
}

func onPort(ports, protocol string, port int) bool {
	name, bounds, _ := strings.Cut(ports, "/")
	first, last, isRange := strings.Cut(bounds, "-")
	if !isRange {
		last = first
	}
	from, _ := strconv.Atoi(first)
	to, _ := strconv.Atoi(last)
	return name == protocol && from <= port && port <= to
}

// outsiders are addresses of all who are on the wire and of nobody's business: the
// first and the last of each prefix, and their neighbours.
var outsiders = []string{
	"10.20.0.1", "10.20.255.254", "10.19.255.255", "10.21.0.0", // users, and beside them
	"192.0.2.1", "192.0.2.14", "192.0.2.16", // administrators
	"10.30.0.9", "10.31.0.9", // event sources
	"10.40.0.5", "10.40.0.6", // directory
	"203.0.113.9", // a stranger
	"2001:db8:20::1", "2001:db8:21::1", "2001:db8:22::5", "2001:db8:bad::1",
}

// everyPort is what listens on every host of these tests.
var everyPort = []string{"tcp/22", "tcp/80", "tcp/443", "tcp/5432", "tcp/5672", "tcp/6379", "tcp/8080", "tcp/8443", "tcp/15672", "tcp/27017", "udp/53", "udp/161", "udp/162"}

// reach are probes of everyone, from a node, to addresses on all ports.
func reach(node string, sources []string, reason string, destinations ...string) []probe {
	var probes []probe
	for _, source := range sources {
		for _, destination := range destinations {
			from, to := netip.MustParseAddr(source), netip.MustParseAddr(destination)
			if from.Is4() != to.Is4() {
				continue
			}
			for _, spec := range everyPort {
				protocol, text, _ := strings.Cut(spec, "/")
				port, _ := strconv.Atoi(text)
				probes = append(probes, probe{node: node, from: from, to: to, protocol: protocol, port: port, reason: reason})
			}
		}
	}
	return probes
}
