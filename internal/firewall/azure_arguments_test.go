package firewall_test

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// TestAzureRulesAreWhatTheProviderTakes holds whatever is rendered against what
// azurerm_network_security_rule and Azure refuse, which no schema says: one form a side
// and no more, one address family, tags in the singular alone, a name and a priority
// once in a group.
func TestAzureRulesAreWhatTheProviderTakes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"canopsis", "mongodb", "users", "vpn", "ldap"}
		given := bindings{}
		for _, id := range ids {
			given[id] = drawAzureBinding(t, id)
		}
		rules := make(map[string]firewallRule)
		for range rapid.IntRange(1, 12).Draw(t, "rules") {
			r := ruleOf(rapid.SampledFrom(ids).Draw(t, "source") + " " + rapid.SampledFrom(ids).Draw(t, "destination") + " " +
				rapid.SampledFrom([]string{"tcp/80", "tcp/8000-8010", "udp/162", "icmp", "esp", "vrrp"}).Draw(t, "ports"))
			rules[r.Key()] = r
		}
		result, err := firewall.Azure().RenderWith(rules, given, map[string]firewall.Cell{"load_balancer_probes": {Bool: firewall.Known(rapid.Bool().Draw(t, "probes"))}})
		if err != nil {
			t.Fatal(err)
		}
		names, priorities := make(map[string]bool), make(map[string]bool)
		for part, bound := range result.Entries {
			for _, rule := range bound {
				row := written(firewall.Azure(), rule)
				if wrong := azureRefuses(row); wrong != "" {
					t.Fatalf("%s %s: %s: %v", part, rule.Key, wrong, row)
				}
				group := strings.ToLower(row["network_security_group_name"]) + " "
				name, priority := group+strings.ToLower(row["name"]), group+row["direction"]+" "+row["priority"]
				if names[name] || priorities[priority] {
					t.Fatalf("%s %s: its name or its priority stands twice in the group: %v", part, rule.Key, row)
				}
				names[name], priorities[priority] = true, true
			}
		}
	})
}

// drawAzureBinding draws a binding that Azure takes, whatever it is made of.
func drawAzureBinding(t *rapid.T, id string) firewall.Binding {
	b := firewall.Binding{Forms: firewall.Forms{}, Attach: true}
	octet := strconv.Itoa(len(id))
	if rapid.Bool().Draw(t, "listed") {
		b.CIDRs = []string{"10." + octet + ".0.0/16", "2001:db8:" + octet + "::/48"}
	}
	if rapid.Bool().Draw(t, "named") {
		b.NamedCIDRs = named(id+"_later", "?", id+"_office", "192.0.2."+octet+"/32")
	}
	switch rapid.SampledFrom([]string{"", "group", "tag"}).Draw(t, "form") {
	case "group":
		b.Forms = maps.Clone(inGroup("nsg", id).Forms)
		if rapid.Bool().Draw(t, "apart") {
			b.Forms["network_security_group_name"] = firewall.TextCell("nsg-" + id)
		}
	case "tag":
		b.Forms["service_tag"] = firewall.TextCell("AzureMonitor." + id)
	}
	if b.Forms["network_security_group_name"].IsAbsent() {
		b.Attach = false
	}
	if len(b.Forms) == 0 && b.CIDRs == nil && b.NamedCIDRs == nil {
		b.CIDRs = []string{}
	}
	return b
}

var azureRuleName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$`)

// azureRefuses says what is wrong with a rule's arguments; empty where nothing is.
func azureRefuses(row map[string]string) string {
	has := func(names ...string) int {
		return len(slices.DeleteFunc(names, func(name string) bool { return row[name] == "" }))
	}
	priority, err := strconv.Atoi(row["priority"])
	for _, side := range []string{"source", "destination"} {
		if has(side+"_address_prefix", side+"_address_prefixes", side+"_application_security_group_ids") != 1 {
			return "not exactly one form of the " + side
		}
		var families []bool
		for _, prefix := range strings.Fields(strings.Trim(row[side+"_address_prefixes"], "[]")) {
			if parsed, err := netip.ParsePrefix(prefix); err == nil {
				families = append(families, parsed.Addr().Is4())
			} else if prefix != "?" {
				return fmt.Sprintf("%q among the prefixes", prefix)
			}
		}
		if slices.Contains(families, true) && slices.Contains(families, false) {
			return "both families"
		}
	}
	switch {
	case err != nil || priority < 100 || priority > 4096:
		return "priority"
	case !azureRuleName.MatchString(row["name"]):
		return "name"
	case row["description"] == "" || len(row["description"]) > 140:
		return "description"
	case !slices.Contains([]string{"Inbound", "Outbound"}, row["direction"]) || !slices.Contains([]string{"Allow", "Deny"}, row["access"]):
		return "direction or access"
	case !slices.Contains([]string{"*", "Tcp", "Udp", "Icmp", "Esp", "Ah"}, row["protocol"]):
		return "protocol"
	case row["source_port_range"] != "*" || has("destination_port_range", "destination_port_ranges") != 1:
		return "ports"
	case (row["protocol"] == "Tcp" || row["protocol"] == "Udp") != (row["destination_port_ranges"] != ""):
		return "ports of a protocol that has none, or none of one that has"
	}
	return ""
}
