package firewall_test

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

const azureApplications = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/"

// inGroup binds a host to a network security group, with an application security
// group where one is named; ? is one that is not known yet.
func inGroup(group, application string) firewall.Binding {
	b := firewall.Binding{Forms: firewall.Forms{"network_security_group_name": firewall.TextCell(group), "resource_group_name": firewall.TextCell("rg")}}
	switch application {
	case "":
	case "?":
		b.Forms["application_security_group_id"] = firewall.Cell{Text: firewall.Unknown[string]()}
	default:
		b.Forms["application_security_group_id"] = firewall.TextCell(azureApplications + application)
	}
	return b
}

// azureRow spells a rule's arguments that are not null, but for those that every rule
// has alike.
func azureRow(t *testing.T, rules []firewall.Bound, key string) map[string]string {
	t.Helper()
	row := written(firewall.Azure(), find(t, rules, key))
	delete(row, "priority")
	delete(row, "resource_group_name")
	for name, value := range row {
		row[name] = strings.ReplaceAll(value, azureApplications, "")
	}
	return row
}

func TestAzureRules(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.Azure(), bindings{
		"canopsis": inGroup("nsg-c", "c"),
		"mongodb":  inGroup("nsg-m", ""),
		"users":    cidrs("10.20.0.0/16", "10.30.0.0/16", "2001:db8::/32"),
		"vpn":      {NamedCIDRs: named("later", "?", "jump", "10.0.0.5/32")},
		"monitor":  {Forms: firewall.Forms{"service_tag": firewall.TextCell("AzureMonitor")}},
		"ldap":     {CIDRs: []string{}},
	}, "users canopsis tcp/8080", "users canopsis tcp/8443-8445", "vpn canopsis tcp/22", "monitor canopsis icmp", "canopsis mongodb tcp/27017", "canopsis ldap tcp/636")
	equalKeys(t, result.Rules(firewall.Ingress), "canopsis-to-mongodb/tcp-group", "deny-all-to-rg/nsg-c", "deny-all-to-rg/nsg-m", "jump-to-canopsis/tcp", "later-to-canopsis/tcp", "monitor-to-canopsis/icmp-tag", "users-to-canopsis/tcp", "users-to-canopsis/tcp-ipv6")
	equalKeys(t, result.Rules(firewall.Egress))
	equalKeys(t, result.Entries["egress_deny"], "deny-all-from-rg/nsg-c", "deny-all-from-rg/nsg-m")
	row := func(rules []firewall.Bound, key string, own map[string]string) {
		t.Helper()
		want := map[string]string{"name": strings.ReplaceAll(key, "/", "."), "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*", "description": key, "network_security_group_name": "nsg-c"}
		maps.Copy(want, own)
		maps.DeleteFunc(want, func(_, value string) bool { return value == "" })
		if got := azureRow(t, rules, key); !maps.Equal(got, want) {
			t.Errorf("%s is\n%v\nnot\n%v", key, got, want)
		}
	}
	in := result.Rules(firewall.Ingress)
	row(in, "users-to-canopsis/tcp", map[string]string{"source_address_prefixes": "[10.20.0.0/16 10.30.0.0/16]", "destination_application_security_group_ids": "[c]", "destination_port_ranges": "[8080 8443-8445]"})
	row(in, "users-to-canopsis/tcp-ipv6", map[string]string{"source_address_prefixes": "[2001:db8::/32]", "destination_application_security_group_ids": "[c]", "destination_port_ranges": "[8080 8443-8445]"})
	row(in, "later-to-canopsis/tcp", map[string]string{"source_address_prefixes": "[?]", "destination_application_security_group_ids": "[c]", "destination_port_ranges": "[22]"})
	row(in, "monitor-to-canopsis/icmp-tag", map[string]string{"source_address_prefix": "AzureMonitor", "destination_application_security_group_ids": "[c]", "destination_port_range": "*", "protocol": "Icmp"})
	row(in, "canopsis-to-mongodb/tcp-group", map[string]string{"source_application_security_group_ids": "[c]", "destination_address_prefix": "*", "destination_port_ranges": "[27017]", "network_security_group_name": "nsg-m"})
	row(in, "deny-all-to-rg/nsg-c", map[string]string{"source_address_prefix": "*", "destination_application_security_group_ids": "[c]", "destination_port_range": "*", "protocol": "*", "access": "Deny"})
	row(in, "deny-all-to-rg/nsg-m", map[string]string{"source_address_prefix": "*", "destination_address_prefix": "*", "destination_port_range": "*", "protocol": "*", "access": "Deny", "network_security_group_name": "nsg-m"})
	row(result.Entries["egress_deny"], "deny-all-from-rg/nsg-c", map[string]string{"name": "deny-all-from-rg.nsg-c.egress", "destination_address_prefix": "*", "source_application_security_group_ids": "[c]", "destination_port_range": "*", "protocol": "*", "access": "Deny", "direction": "Outbound"})
	if got := result.Unenforced; len(got) != 2 || got["canopsis-to-ldap/tcp-636"] != "ldap has no addresses" || got["canopsis-to-mongodb/tcp-27017"] != "mongodb has no addresses that its peers could name: give it application_security_group_id, cidrs or named_cidrs" {
		t.Errorf("unenforced is %v", got)
	}
	if want := map[string]firewall.Count{
		"canopsis": {Ingress: firewall.Known[int64](6), Egress: firewall.Known[int64](1)}, "mongodb": {Ingress: firewall.Known[int64](2), Egress: firewall.Known[int64](1)},
	}; !maps.Equal(result.Counts, want) {
		t.Errorf("counts are %+v", result.Counts)
	}
}

// What Azure has no word for stands in unenforced.
func TestAzureProtocols(t *testing.T) {
	t.Parallel()
	for ports, want := range map[string]string{"tcp/443": "Tcp", "udp/162": "Udp", "icmp": "Icmp", "ah": "Ah", "esp": "Esp", "icmp/8": "", "icmpv6": "", "sctp/2905": "", "vrrp": "", "ip/253": ""} {
		result := render(t, firewall.Azure(), bindings{"canopsis": inGroup("n", ""), "users": cidrs("10.20.0.0/16")}, "users canopsis "+ports)
		in := result.Rules(firewall.Ingress)
		if want == "" {
			if len(in) != 1 || len(result.Unenforced) != 1 {
				t.Errorf("%s gives %v, unenforced %v", ports, keys(in), result.Unenforced)
			}
			continue
		}
		if got := written(firewall.Azure(), in[1])["protocol"]; got != want {
			t.Errorf("%s is %s, not %s", ports, got, want)
		}
	}
}

// Hosts of one group are closed by one rule, which names the machines of each.
func TestAzureSharedGroups(t *testing.T) {
	t.Parallel()
	given := bindings{"canopsis": inGroup("shared", "c"), "mongodb": inGroup("Shared", "m"), "web": inGroup("other", ""), "users": cidrs("10.20.0.0/16")}
	result, err := firewall.Azure().RenderWith(rulesOf(t, "users canopsis tcp/8080", "users mongodb tcp/8080"), given, map[string]firewall.Cell{"load_balancer_probes": {Bool: firewall.Known(true)}})
	if err != nil {
		t.Fatal(err)
	}
	equalKeys(t, result.Rules(firewall.Ingress), "deny-all-to-rg/other", "deny-all-to-rg/shared", "load-balancer-probes-to-rg/other", "load-balancer-probes-to-rg/shared", "users-to-canopsis/tcp", "users-to-mongodb/tcp")
	in := result.Rules(firewall.Ingress)
	if got := azureRow(t, in, "deny-all-to-rg/shared")["destination_application_security_group_ids"]; got != "[c m]" {
		t.Errorf("the rule that closes the group is for %s", got)
	}
	probes := written(firewall.Azure(), find(t, in, "load-balancer-probes-to-rg/shared"))
	if probes["source_address_prefix"] != "AzureLoadBalancer" || probes["access"] != "Allow" || probes["priority"] != "4095" {
		t.Errorf("probes: %v", probes)
	}
	if got := written(firewall.Azure(), find(t, in, "deny-all-to-rg/shared"))["priority"]; got != "4096" {
		t.Errorf("the rule that closes has priority %s", got)
	}
	for what, c := range map[string]struct {
		given bindings
		says  string
	}{
		"one without an application group":   {bindings{"canopsis": inGroup("shared", "c"), "mongodb": inGroup("shared", "")}, "not each of them has an application security group"},
		"one application group, spelt twice": {bindings{"canopsis": inGroup("shared", "c"), "mongodb": inGroup("other", "C")}, `"canopsis" and "mongodb" have the same application_security_group_id`},
		"one application group twice":        {bindings{"canopsis": inGroup("shared", "c"), "mongodb": inGroup("other", "c")}, `"canopsis" and "mongodb" have the same application_security_group_id`},
	} {
		if wrong := refused(t, firewall.Azure(), c.given, "canopsis mongodb tcp/1"); !strings.Contains(wrong.Found, c.says) {
			t.Errorf("%s: %v", what, wrong)
		}
	}
	many, lines := make(bindings), []string{}
	for i := range 11 {
		id := fmt.Sprintf("host_%d", i)
		many[id] = inGroup("shared", id)
		many[id] = firewall.Binding{Forms: many[id].Forms, Attach: true}
		lines = append(lines, "host_0 "+id+" tcp/80")
	}
	if wrong := refused(t, firewall.Azure(), many, lines...); !strings.Contains(wrong.Found, "more than 10 hosts") {
		t.Errorf("eleven hosts: %v", wrong)
	}
}

// A name stands once in a group, whatever the direction: hosts that share one, and
// machines of one host, have a rule of the same key for each.
func TestAzureNamesInAGroup(t *testing.T) {
	t.Parallel()
	long := "a" + strings.Repeat("b", 62)
	result := render(t, firewall.Azure(), bindings{"canopsis": inGroup("shared", "c"), "mongodb": inGroup("Shared", "m"), long: {Forms: inGroup("shared", "l").Forms, Attach: true}},
		"canopsis mongodb tcp/27017", "canopsis canopsis tcp/5672", "mongodb "+long+" tcp/80")
	names := make(map[string]bool)
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress), result.Entries["egress_deny"]) {
		name := strings.ToLower(written(firewall.Azure(), rule)["name"])
		if names[name] {
			t.Errorf("two rules are called %q", name)
		}
		names[name] = true
	}
	if len(names) != 8 {
		t.Errorf("the names are %v", slices.Sorted(maps.Keys(names)))
	}
	if got := written(firewall.Azure(), find(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp-group"))["name"]; got != "canopsis-to-mongodb.tcp-group.egress" {
		t.Errorf("the rule of egress is called %q", got)
	}
}

// manyOpenings are rules from so many sources to one host, beside each other.
func manyOpenings(count int) (map[string]deployment.Rule, bindings) {
	rules, given := make(map[string]deployment.Rule), bindings{"canopsis": inGroup("nsg", "")}
	for i := range count {
		id := fmt.Sprintf("source_%d", i)
		given[id] = cidrs(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24).String())
		r := ruleOf(id + " canopsis tcp/8080")
		rules[r.Key()] = r
	}
	return rules, given
}

func prioritiesOf(t *testing.T, rules map[string]deployment.Rule, given bindings, settings map[string]firewall.Cell) map[string]string {
	t.Helper()
	result, err := firewall.Azure().RenderWith(rules, given, settings)
	if err != nil {
		t.Fatal(err)
	}
	found, taken := make(map[string]string), make(map[string]string)
	for _, rule := range result.Rules(firewall.Ingress) {
		row := written(firewall.Azure(), rule)
		if other, ok := taken[row["priority"]]; ok {
			t.Fatalf("%s and %s both have priority %s", rule.Key, other, row["priority"])
		}
		taken[row["priority"]], found[rule.Key] = rule.Key, row["priority"]
	}
	return found
}

// Priorities are unique, and one rule more seldom moves another: in 4 % of the
// additions at most, up to 200 rules in a group.
func TestAzurePrioritiesStay(t *testing.T) {
	t.Parallel()
	for _, count := range []int{12, 30, 100, 200} {
		rules, given := manyOpenings(count)
		before := prioritiesOf(t, rules, given, nil)
		const additions = 150
		moved := 0
		for i := range additions {
			id := fmt.Sprintf("added_%d", i)
			more, bound := maps.Clone(rules), maps.Clone(given)
			bound[id] = cidrs("172.16.0.0/16")
			r := ruleOf(id + " canopsis tcp/8080")
			more[r.Key()] = r
			after := prioritiesOf(t, more, bound, nil)
			if !slices.Equal(slices.Sorted(maps.Keys(before)), slices.DeleteFunc(slices.Sorted(maps.Keys(after)), func(key string) bool { return strings.HasPrefix(key, id) })) {
				t.Fatal("an addition changes the keys")
			}
			for key := range before {
				if before[key] != after[key] {
					moved++
					break
				}
			}
		}
		if 100*moved > 4*additions {
			t.Errorf("beside %d rules, %d of %d additions move another", count, moved, additions)
		}
	}
}

// What settings say stays, whatever else comes, and moves what stood there.
func TestAzurePinnedPriorities(t *testing.T) {
	t.Parallel()
	rules, given := manyOpenings(50)
	dealt := prioritiesOf(t, rules, given, nil)
	pins := func(pairs map[string]int64) map[string]firewall.Cell {
		cells := make(map[string]firewall.Cell)
		for key, n := range pairs {
			cells[key] = firewall.NumberCell(n)
		}
		return map[string]firewall.Cell{"priorities": {Nested: &firewall.NestedCell{Object: cells}}}
	}
	var taken int64
	if _, err := fmt.Sscan(dealt["source_7-to-canopsis/tcp"], &taken); err != nil {
		t.Fatal(err)
	}
	pinned := prioritiesOf(t, rules, given, pins(map[string]int64{"source_3-to-canopsis/tcp": taken, "source_4-to-canopsis/tcp": 100}))
	if pinned["source_3-to-canopsis/tcp"] != fmt.Sprint(taken) || pinned["source_4-to-canopsis/tcp"] != "100" || pinned["source_7-to-canopsis/tcp"] == fmt.Sprint(taken) {
		t.Errorf("pinned: %v", pinned)
	}
	for key := range dealt {
		if !strings.HasPrefix(key, "source_3-") && !strings.HasPrefix(key, "source_4-") && !strings.HasPrefix(key, "source_7-") && dealt[key] != pinned[key] {
			t.Errorf("pins of others move %s from %s to %s", key, dealt[key], pinned[key])
		}
	}
	narrow := prioritiesOf(t, rules, given, map[string]firewall.Cell{"first_priority": firewall.NumberCell(200), "last_priority": firewall.NumberCell(249)})
	for key, priority := range narrow {
		if len(priority) != 3 && !strings.HasPrefix(key, "deny-all") {
			t.Errorf("%s has priority %s, outside of 200 to 249", key, priority)
		}
	}
	for what, c := range map[string]struct {
		settings map[string]firewall.Cell
		at, says string
	}{
		"a rule that is not there": {pins(map[string]int64{"source_99-to-canopsis/tcp": 200}), `settings.priorities["source_99-to-canopsis/tcp"]`, "source_9-to-canopsis/tcp"},
		"the rule that closes":     {pins(map[string]int64{"source_9-to-canopsis/tcp": 4096}), `settings.priorities["source_9-to-canopsis/tcp"]`, "100 to 4094"},
		"one place for two":        {pins(map[string]int64{"source_9-to-canopsis/tcp": 200, "source_8-to-canopsis/tcp": 200}), `settings.priorities["source_9-to-canopsis/tcp"]`, "has 200 too"},
		"too low":                  {map[string]firewall.Cell{"first_priority": firewall.NumberCell(99)}, "settings.first_priority", "100 to 4094"},
		"too high":                 {map[string]firewall.Cell{"last_priority": firewall.NumberCell(4095)}, "settings.last_priority", "100 to 4094"},
		"a range that is reversed": {map[string]firewall.Cell{"first_priority": firewall.NumberCell(300), "last_priority": firewall.NumberCell(200)}, "settings.last_priority", "before first_priority"},
		"a range too narrow":       {map[string]firewall.Cell{"first_priority": firewall.NumberCell(200), "last_priority": firewall.NumberCell(248)}, "settings.last_priority", "fewer priorities than rules"},
	} {
		_, err := firewall.Azure().RenderWith(rules, given, c.settings)
		if err == nil {
			t.Errorf("%s is taken", what)
			continue
		}
		wrong := firstRefusal(t, err)
		if !strings.HasPrefix(wrong.At.String(), "settings") || !strings.Contains(err.Error(), c.at) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// No order of the input changes anything, nor what becomes known: keys, priorities
// and all that was known stay.
func TestAzureKnowsKeysOverUnknownValues(t *testing.T) {
	t.Parallel()
	given := func(application, prefix string, users ...string) bindings {
		return bindings{"canopsis": inGroup("nsg", application), "users": {CIDRs: users, NamedCIDRs: named("office", prefix)}, "mongodb": inGroup("nsg-m", application+"m")}
	}
	lines := []string{"users canopsis tcp/8080", "canopsis users tcp/443", "canopsis mongodb tcp/27017"}
	known := given("c", "192.0.2.0/24", "10.20.0.0/16", "10.30.0.0/16")
	applied := render(t, firewall.Azure(), known, lines...)
	unknown := given("?", "?", "10.30.0.0/16", "10.20.0.0/16", "10.20.1.0/24")
	unknown["mongodb"] = inGroup("nsg-m", "?")
	planned := render(t, firewall.Azure(), unknown, lines...)
	for part, rules := range planned.Entries {
		equalKeys(t, applied.Entries[part], keys(rules)...)
		for i, rule := range rules {
			consistent(t, firewall.Azure(), rule, applied.Entries[part][i])
		}
	}
	again := render(t, firewall.Azure(), given("c", "192.0.2.0/24", "10.30.0.0/16", "10.20.0.0/16"), lines...)
	if !reflect.DeepEqual(applied, again) {
		t.Errorf("the order of prefixes changes\n%+v\nto\n%+v", applied, again)
	}
}

// Names and descriptions fit, prefixes are dealt out where they are many, and no rule
// mixes what Azure does not mix.
func TestAzureLimits(t *testing.T) {
	t.Parallel()
	long, longer := "a"+strings.Repeat("b", 62), "a"+strings.Repeat("b", 61)+"c"
	result := render(t, firewall.Azure(), bindings{
		"canopsis": inGroup(strings.Repeat("n", 80), ""), long: cidrs("10.0.0.0/24"), longer: cidrs("10.0.1.0/24"), "sites": cidrs(manyCIDRs(9000)...),
	}, long+" canopsis tcp/80", longer+" canopsis tcp/80", "sites canopsis tcp/80")
	names := make(map[string]bool)
	total := 0
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Entries["egress_deny"]) {
		row := written(firewall.Azure(), rule)
		if len(row["name"]) > 80 || names[row["name"]] || len(row["description"]) > 140 || strings.ContainsAny(row["name"], "/: ") {
			t.Errorf("%s is called %q, described %q", rule.Key, row["name"], row["description"])
		}
		names[row["name"]] = true
		if n := len(strings.Fields(row["source_address_prefixes"])); n > 4000 {
			t.Errorf("%s has %d prefixes", rule.Key, n)
		} else if strings.HasPrefix(rule.Key, "sites") {
			total += n
		}
	}
	if total != 6750 { // every fourth is covered by another
		t.Errorf("%d prefixes are written", total)
	}
}

// A resource group's name may have what a rule's name may not, and be long in bytes.
func TestAzureResourceGroupsInNames(t *testing.T) {
	t.Parallel()
	for resourceGroup, want := range map[string][2]string{
		"rg(préprod)":           {"deny-all-to-rg-pr-prod-.nsg", "deny-all-to-rg(préprod)/nsg"},
		strings.Repeat("é", 90): {"", ""},
	} {
		bound := inGroup("nsg", "")
		bound.Forms["resource_group_name"] = firewall.TextCell(resourceGroup)
		in := render(t, firewall.Azure(), bindings{"canopsis": bound, "users": cidrs("10.20.0.0/16")}, "users canopsis tcp/8080").Rules(firewall.Ingress)
		row := written(firewall.Azure(), in[0])
		if want[0] != "" && (row["name"] != want[0] || row["description"] != want[1]) {
			t.Errorf("%s: the rule is called %q, described %q", resourceGroup, row["name"], row["description"])
		}
		if strings.Trim(row["name"], "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" || len(row["name"]) > 80 || !utf8.ValidString(row["description"]) || len(row["description"]) > 140 {
			t.Errorf("%s: the rule is called %q, described %q", resourceGroup, row["name"], row["description"])
		}
	}
}

func TestAzureRefusesBindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forms          firewall.Forms
		summary, found string
	}{
		"a group alone":          {firewall.Forms{"network_security_group_name": firewall.TextCell("n")}, "Missing attribute", "without resource_group_name"},
		"a resource group alone": {firewall.Forms{"resource_group_name": firewall.TextCell("n")}, "Attribute without its own", "without network_security_group_name"},
		"an id as a name":        {firewall.Forms{"network_security_group_name": firewall.TextCell("/subscriptions/s/n"), "resource_group_name": firewall.TextCell("g")}, "Invalid name", "is not a network security group's name"},
		"a name with a tab":      {firewall.Forms{"network_security_group_name": firewall.TextCell("n\t"), "resource_group_name": firewall.TextCell("g")}, "Invalid name", "is not a network security group's name"},
		"every name":             {firewall.Forms{"network_security_group_name": firewall.TextCell("*"), "resource_group_name": firewall.TextCell("g")}, "Invalid name", "is not a network security group's name"},
		"too long a name":        {firewall.Forms{"network_security_group_name": firewall.TextCell(strings.Repeat("n", 81)), "resource_group_name": firewall.TextCell("g")}, "Invalid name", "is not a network security group's name"},
		"an id of something":     {firewall.Forms{"application_security_group_id": firewall.TextCell("/applicationSecurityGroups/c")}, "Invalid identifier", "is not an application security group's id"},
		"a name as an id":        {firewall.Forms{"application_security_group_id": firewall.TextCell("canopsis")}, "Invalid identifier", "is not an application security group's id"},
		"a group and a tag":      {firewall.Forms{"application_security_group_id": firewall.TextCell(azureApplications + "c"), "service_tag": firewall.TextCell("AzureMonitor")}, "Two answers in one binding", "both set"},
		"a tag with a space":     {firewall.Forms{"service_tag": firewall.TextCell("Azure Monitor")}, "Invalid service tag", "is not a service tag"},
		"the Internet":           {firewall.Forms{"service_tag": firewall.TextCell("internet")}, "Public addresses", "hold 0.0.0.0/0"},
		"the cloud":              {firewall.Forms{"service_tag": firewall.TextCell("AzureCloud.WestEurope")}, "Public addresses", "hold 0.0.0.0/0"},
		"an empty tag":           {firewall.Forms{"service_tag": firewall.TextCell("")}, "Empty identifier", "the text is empty"},
	} {
		wrong := refused(t, firewall.Azure(), bindings{"canopsis": inGroup("nsg", ""), "peer": {Forms: c.forms}}, "canopsis peer tcp/8080")
		if wrong.Summary != c.summary && !strings.HasPrefix(wrong.Summary, c.summary) || !strings.Contains(wrong.Found, c.found) {
			t.Errorf("%s: %s: %s", name, wrong.Summary, wrong.Found)
		}
	}
	wrong := refused(t, firewall.Azure(), bindings{"canopsis": inGroup("nsg", ""), "users": inGroup("other", "")}, "users canopsis tcp/8080")
	if wrong.Summary != "Rules attached to what is no host" || !strings.Contains(wrong.Remedy, "In place of network_security_group_name and resource_group_name write application_security_group_id or service_tag, to which peers refer") {
		t.Errorf("a group of users: %v", wrong)
	}
	wrong = refused(t, firewall.Azure(), bindings{"canopsis": inGroup("nsg", ""), "users": inGroup("other", "users")}, "users canopsis tcp/8080")
	if !strings.Contains(wrong.Remedy, "Leave network_security_group_name and resource_group_name out, so that peers refer to application_security_group_id and nothing is attached") {
		t.Errorf("two groups of users: %v", wrong)
	}
}
