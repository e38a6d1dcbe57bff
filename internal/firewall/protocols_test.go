package firewall_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// spelt is how a target writes ports: the arguments that say so, or why it cannot.
type spelt struct {
	protocol, from, to string // empty: null
	lacks              string // in the reason; empty: it is written
}

// protocolTable is what one target makes of ports.
type protocolTable struct {
	arguments [3]string // of protocol, from and to; the last two may be one
	spelt     map[string]spelt
}

// protocolsOf returns the table of each target; each needs an entry here.
func protocolsOf(targets []firewall.Target) (map[string]protocolTable, error) {
	entries := map[string]protocolTable{
		"aws": {[3]string{"ip_protocol", "from_port", "to_port"}, map[string]spelt{
			"tcp/443": {"tcp", "443", "443", ""}, "udp/500-501": {"udp", "500", "501", ""},
			"icmp": {"icmp", "-1", "-1", ""}, "icmp/8": {"icmp", "8", "-1", ""}, "icmp/0": {"icmp", "0", "-1", ""},
			"icmp/3-4": {"icmp", "3", "4", ""}, "icmp/3-0": {"icmp", "3", "0", ""},
			"sctp/2905": {lacks: "every port of sctp"}, "sctp/1-65535": {"132", "", "", ""},
			"vrrp": {"112", "", "", ""}, "esp": {"50", "", "", ""}, "ip/253": {"253", "", "", ""},
		}},
		"gcp": {[3]string{"protocol", "ports", "ports"}, map[string]spelt{
			"tcp/443": {"tcp", "[443]", "[443]", ""}, "udp/500-501": {"udp", "[500-501]", "[500-501]", ""},
			"icmp": {"icmp", "", "", ""}, "icmp/8": {lacks: "every type of icmp"}, "icmp/0": {lacks: "every type of icmp"},
			"icmp/3-4": {lacks: "every type of icmp"}, "icmp/3-0": {lacks: "every type of icmp"},
			"sctp/2905": {"sctp", "[2905]", "[2905]", ""}, "sctp/1-65535": {"sctp", "[1-65535]", "[1-65535]", ""},
			"vrrp": {"112", "", "", ""}, "esp": {"esp", "", "", ""}, "ip/253": {"253", "", "", ""},
		}},
		"openstack": {[3]string{"protocol", "port_range_min", "port_range_max"}, map[string]spelt{
			"tcp/443": {"tcp", "443", "443", ""}, "udp/500-501": {"udp", "500", "501", ""},
			"icmp": {"icmp", "", "", ""}, "icmp/8": {"icmp", "8", "0", ""}, "icmp/0": {lacks: "in place of 0"},
			"icmp/3-4": {"icmp", "3", "4", ""}, "icmp/3-0": {lacks: "in place of 0"},
			"sctp/2905": {"sctp", "2905", "2905", ""}, "sctp/1-65535": {"sctp", "", "", ""},
			"vrrp": {"vrrp", "", "", ""}, "esp": {"esp", "", "", ""}, "ip/253": {"253", "", "", ""},
		}},
		"kubernetes": {}, // TestKubernetesSpellsPorts
		"address":    {}, // TestAddressRows
		"azure":      {}, // TestAzureProtocols
	}
	tables := make(map[string]protocolTable)
	for _, target := range targets {
		table, ok := entries[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q has no entry in the table of protocols", target.Name)
		}
		tables[target.Name] = table
	}
	return tables, nil
}

// Every target writes every kind of protocol in its own words, as it and its
// Terraform provider keep them, or says that it cannot.
func TestEveryTargetSpellsProtocols(t *testing.T) {
	t.Parallel()
	tables, err := protocolsOf(firewall.Targets())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clouds() {
		table := tables[c.Name]
		for _, ports := range slices.Sorted(maps.Keys(table.spelt)) {
			want := table.spelt[ports]
			result := render(t, c.Target, bindings{"canopsis": c.bind("canopsis"), "users": cidrs("10.20.0.0/16")}, "users canopsis "+ports)
			if want.lacks != "" {
				if reason := result.Unenforced["users-to-canopsis/"+strings.ReplaceAll(ports, "/", "-")]; len(result.Rules(firewall.Ingress)) > 0 || !strings.Contains(reason, want.lacks) {
					t.Errorf("%s: %s gives %v, unenforced %v", c.Name, ports, keys(result.Rules(firewall.Ingress)), result.Unenforced)
				}
				continue
			}
			if len(result.Rules(firewall.Ingress)) != 1 || len(result.Unenforced) != 0 {
				t.Fatalf("%s: %s gives %v, unenforced %v", c.Name, ports, keys(result.Rules(firewall.Ingress)), result.Unenforced)
			}
			if key := result.Rules(firewall.Ingress)[0].Key; strings.Contains(key, "/ip/") {
				t.Errorf("%s: %s has the key %s", c.Name, ports, key)
			}
			row := written(c.Target, result.Rules(firewall.Ingress)[0])
			got := spelt{row[table.arguments[0]], row[table.arguments[1]], row[table.arguments[2]], ""}
			if got != want {
				t.Errorf("%s writes %s as %+v, not as %+v", c.Name, ports, got, want)
			}
		}
	}
}

// ICMP is IPv4's alone and ICMPv6 IPv6's: prefixes of the other family make no
// rule, and a peer that has no other is reported.
func TestEveryTargetKeepsICMPToItsFamily(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		for ports, want := range map[string]struct{ prefix, other string }{
			"icmp":   {"10.20.0.0/16", "2001:db8::/32"},
			"icmpv6": {"2001:db8::/32", "10.20.0.0/16"},
		} {
			for what, users := range map[string]firewall.Binding{
				"both listed":             cidrs("10.20.0.0/16", "2001:db8::/32"),
				"the other listed, named": {CIDRs: []string{want.other}, NamedCIDRs: named("right", want.prefix)},
			} {
				result := render(t, c.Target, bindings{"canopsis": c.bind("canopsis"), "users": users}, "users canopsis "+ports, "canopsis users "+ports)
				if len(result.Rules(firewall.Ingress)) != 1 || len(result.Rules(firewall.Egress)) != 1 || len(result.Unenforced) != 0 {
					t.Errorf("%s: %s with %s gives %v and %v, unenforced %v", c.Name, ports, what, keys(result.Rules(firewall.Ingress)), keys(result.Rules(firewall.Egress)), result.Unenforced)
					continue
				}
				for _, rule := range []firewall.Bound{result.Rules(firewall.Ingress)[0], result.Rules(firewall.Egress)[0]} {
					row := fmt.Sprint(written(c.Target, rule))
					if !strings.Contains(row, want.prefix) || strings.Contains(row, want.other) {
						t.Errorf("%s: %s with %s gives %s", c.Name, ports, what, row)
					}
				}
			}
			result := render(t, c.Target, bindings{"canopsis": c.bind("canopsis"), "users": cidrs(want.other)}, "users canopsis "+ports)
			reason := result.Unenforced["users-to-canopsis/"+ports]
			if len(result.Rules(firewall.Ingress)) != 0 || !strings.HasPrefix(reason, "users has no IPv") || !strings.HasSuffix(reason, "alone") {
				t.Errorf("%s: %s with the other family listed gives %v, unenforced %v", c.Name, ports, keys(result.Rules(firewall.Ingress)), result.Unenforced)
			}
			// A name whose prefix is not known yet has a rule: its key is known.
			result = render(t, c.Target, bindings{"canopsis": c.bind("canopsis"), "users": {NamedCIDRs: named("office", "?")}}, "users canopsis "+ports)
			if len(result.Rules(firewall.Ingress)) != 1 || !strings.HasPrefix(result.Rules(firewall.Ingress)[0].Key, "office-to-canopsis/"+ports) {
				t.Errorf("%s: %s from a name that is not known yet gives %v", c.Name, ports, keys(result.Rules(firewall.Ingress)))
			}
		}
	}
}
