package firewall_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func prefixList(id string, entries int64) firewall.Binding {
	return firewall.Binding{Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known(id)}, "prefix_list_max_entries": {Number: firewall.Known(entries)}}}
}

func TestAWSRules(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.AWS(), bindings{
		"canopsis": group("sg-00000001"),
		"mongodb":  {Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}},
		"users":    {CIDRs: []string{"10.20.0.0/16", "2001:db8::/32"}, NamedCIDRs: named("office", "?")},
		"sites":    prefixList("pl-00000001", 20),
	}, "users canopsis tcp/8000-8010", "sites canopsis udp/162", "canopsis mongodb tcp/27017")
	for key, want := range map[string]map[string]string{
		"10.20.0.0/16-to-canopsis/tcp-8000-8010":  {"security_group_id": "sg-00000001", "ip_protocol": "tcp", "from_port": "8000", "to_port": "8010", "cidr_ipv4": "10.20.0.0/16"},
		"2001:db8::/32-to-canopsis/tcp-8000-8010": {"security_group_id": "sg-00000001", "ip_protocol": "tcp", "from_port": "8000", "to_port": "8010", "cidr_ipv6": "2001:db8::/32"},
		"office-to-canopsis/tcp-8000-8010":        {"security_group_id": "sg-00000001", "ip_protocol": "tcp", "from_port": "8000", "to_port": "8010", "cidr_ipv4": "?", "cidr_ipv6": "?"},
		"sites-to-canopsis/udp-162":               {"security_group_id": "sg-00000001", "ip_protocol": "udp", "from_port": "162", "to_port": "162", "prefix_list_id": "pl-00000001"},
		"canopsis-to-mongodb/tcp-27017":           {"security_group_id": "?", "ip_protocol": "tcp", "from_port": "27017", "to_port": "27017", "referenced_security_group_id": "sg-00000001"},
	} {
		want["description"] = key
		equalRow(t, firewall.AWS(), find(t, result.Rules(firewall.Ingress), key), want)
	}
	equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp-27017")
	equalRow(t, firewall.AWS(), result.Rules(firewall.Egress)[0], map[string]string{
		"security_group_id": "sg-00000001", "ip_protocol": "tcp", "from_port": "27017", "to_port": "27017",
		"referenced_security_group_id": "?", "description": "canopsis-to-mongodb/tcp-27017",
	})
}

// EC2 answers InvalidPermission.Duplicate to the second of two rules of one
// group that differ in nothing but their description.
func TestAWSTrap01EqualOpeningsAreOneRule(t *testing.T) {
	t.Parallel()
	rules := rulesOf(t, "users canopsis tcp/8080", "vpn canopsis tcp/8080", "web canopsis tcp/8080", "mongodb canopsis tcp/8080", "sites canopsis tcp/8080")
	for key, r := range maps.Clone(rules) { // each flow a second time, for another component
		r.Flow += "-again"
		rules[key+"/again"] = r
	}
	result, err := firewall.AWS().Render(rules, bindings{
		"canopsis": group("sg-00000001"),
		"mongodb":  group("sg-00000002"),
		"users":    {CIDRs: []string{"10.20.0.0/16", "2001:db8::/32", "2001:DB8::/32", "10.20.0.0/16"}, NamedCIDRs: named("office", "10.30.0.0/16")},
		"vpn":      {CIDRs: []string{"10.20.0.0/16", "10.20.1.0/24"}, NamedCIDRs: named("office", "10.30.0.0/16")},
		"web":      {SameAs: "mongodb"},
		"sites":    prefixList("pl-00000001", 20),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range [][]firewall.Bound{result.Rules(firewall.Ingress), result.Rules(firewall.Egress)} {
		seen := make(map[string]string)
		for _, rule := range of {
			row := written(firewall.AWS(), rule)
			delete(row, "description")
			if other, ok := seen[fmt.Sprint(row)]; ok {
				t.Errorf("%s and %s are one rule to EC2: %v", other, rule.Key, row)
			}
			seen[fmt.Sprint(row)] = rule.Key
		}
	}
	equalKeys(t, result.Rules(firewall.Ingress),
		"10.20.0.0/16-to-canopsis/tcp-8080", "2001:db8::/32-to-canopsis/tcp-8080", "mongodb-to-canopsis/tcp-8080",
		"office-to-canopsis/tcp-8080", "sites-to-canopsis/tcp-8080")
	if got := find(t, result.Rules(firewall.Ingress), "mongodb-to-canopsis/tcp-8080").Flows; !slices.Equal(got,
		[]string{"mongodb-to-canopsis", "mongodb-to-canopsis-again", "web-to-canopsis", "web-to-canopsis-again"}) {
		t.Errorf("the flows of the merged rule are %v", got)
	}
}

// The provider refuses host bits at plan, and plans a change for ever where an
// IPv6 prefix is not spelt as EC2 spells it.
func TestAWSTrap02PrefixesAreCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]string{
		"10.20.0.0/16":             {"cidr_ipv4": "10.20.0.0/16"},
		"2001:DB8::/32":            {"cidr_ipv6": "2001:db8::/32"},
		"2001:0db8:0000:0:0::0/64": {"cidr_ipv6": "2001:db8::/64"},
	} {
		for form, binding := range map[string]firewall.Binding{"listed": cidrs(text), "named": {NamedCIDRs: named("office", text)}} {
			rule := render(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "users": binding}, "users canopsis tcp/8080").Rules(firewall.Ingress)[0]
			row := written(firewall.AWS(), rule)
			maps.DeleteFunc(row, func(argument, _ string) bool { return !strings.HasPrefix(argument, "cidr_") })
			if !maps.Equal(row, want) {
				t.Errorf("%s %q is written %v, not %v", form, text, row, want)
			}
		}
	}
	for _, binding := range []firewall.Binding{cidrs("10.20.0.1/16"), {NamedCIDRs: named("office", "10.20.0.1/16")}} {
		wrong := refused(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "users": binding}, "users canopsis tcp/8080")
		if wrong.Nearest != "10.20.0.0/16" {
			t.Errorf("host bits: %v", wrong)
		}
	}
}

// Which of cidr_ipv4 and cidr_ipv6 an unknown CIDR fills is unknown too: null
// would be a promise. What users filter by is always known.
func TestAWSTrap03UnknownFamilyLeavesBothOpen(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"10.20.0.0/16", "2001:db8::/32"} {
		given := func(prefix string) bindings {
			return bindings{"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}}, "users": {NamedCIDRs: named("office", prefix)}}
		}
		planned := render(t, firewall.AWS(), given("?"), "users canopsis tcp/8080").Rules(firewall.Ingress)[0]
		applied := render(t, firewall.AWS(), given(prefix), "users canopsis tcp/8080").Rules(firewall.Ingress)[0]
		consistent(t, firewall.AWS(), planned, applied)
		if row := written(firewall.AWS(), planned); row["cidr_ipv4"] != "?" || row["cidr_ipv6"] != "?" || row["prefix_list_id"] != "" || row["referenced_security_group_id"] != "" {
			t.Errorf("at plan the rule is %v", row)
		}
		if planned.Host != "canopsis" || planned.Peer != "office" || planned.PeerKind != "cidr" {
			t.Errorf("at plan %+v", planned)
		}
	}
}

// EC2 takes descriptions shorter than 256 characters from a small set; the
// provider checks neither before apply.
func TestAWSTrap04DescriptionsFit(t *testing.T) {
	t.Parallel()
	longest := "h" + strings.Repeat("_", 62)
	other := "o" + strings.Repeat("9", 62)
	name := "n" + strings.Repeat("z", 62)
	const address = "2001:db8:1111:2222:3333:4444:5555:6666/128"
	result := render(t, firewall.AWS(), bindings{
		longest: group("sg-00000001"), other: group("sg-00000002"), "users": {CIDRs: []string{address}, NamedCIDRs: named(name, "?")},
	}, longest+" "+other+" udp/10000-65535", "users "+longest+" udp/10000-65535")
	equalKeys(t, result.Rules(firewall.Ingress), address+"-to-"+longest+"/udp-10000-65535", longest+"-to-"+other+"/udp-10000-65535", name+"-to-"+longest+"/udp-10000-65535")
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789. _-:/()#,@[]+=&;{}!$*"
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		description := written(firewall.AWS(), rule)["description"]
		if description != rule.Key {
			t.Errorf("the description of %s is %q", rule.Key, description)
		}
		if len(description) >= 256 || strings.Trim(description, allowed) != "" {
			t.Errorf("EC2 refuses the description %q of %d characters", description, len(description))
		}
	}
}

// tcp without both ports, a reversed range, an unknown word for a protocol and
// -1 beside ports pass plan and fail at apply, or plan a change for ever.
func TestAWSTrap05PortsAndProtocolsAreWhole(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string][3]string{
		"tcp/1":       {"tcp", "1", "1"},
		"udp/65535":   {"udp", "65535", "65535"},
		"tcp/1-65535": {"tcp", "1", "65535"},
		"udp/161-162": {"udp", "161", "162"},
	} {
		result := render(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "users": cidrs("10.20.0.0/16")}, "users canopsis "+spec, "canopsis users "+spec)
		for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
			row := written(firewall.AWS(), rule)
			if got := [3]string{row["ip_protocol"], row["from_port"], row["to_port"]}; got != want {
				t.Errorf("%s: %s is written %v, not %v", rule.Key, spec, got, want)
			}
		}
	}
}

// The provider refuses a rule with no peer and one with two.
func TestAWSTrap06OnePeerInEachRule(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.AWS(), bindings{
		"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known("sg-00000001")}}, CIDRs: []string{"10.9.0.0/24", "2001:db8:9::/48"}, NamedCIDRs: named("self", "10.8.0.0/24")},
		"mongodb":  group("sg-00000002"),
		"bastion":  {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000003")}}, CIDRs: []string{"10.7.0.0/24"}},
		"sites":    {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](5)}}, CIDRs: []string{"10.6.0.0/24"}, NamedCIDRs: named("other", "10.5.0.0/24")},
		"ldap":     cidrs(),
	}, "canopsis mongodb tcp/27017", "bastion canopsis tcp/22", "sites canopsis tcp/8080", "canopsis ldap tcp/636", "mongodb canopsis tcp/443")
	equalKeys(t, result.Rules(firewall.Ingress),
		"10.6.0.0/24-to-canopsis/tcp-8080", "10.7.0.0/24-to-canopsis/tcp-22", "10.9.0.0/24-to-mongodb/tcp-27017", "2001:db8:9::/48-to-mongodb/tcp-27017",
		"bastion-to-canopsis/tcp-22", "canopsis-to-mongodb/tcp-27017", "mongodb-to-canopsis/tcp-443", "other-to-canopsis/tcp-8080",
		"self-to-mongodb/tcp-27017", "sites-to-canopsis/tcp-8080")
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		row := written(firewall.AWS(), rule)
		peers := 0
		for _, argument := range []string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"} {
			if row[argument] != "" {
				peers++
			}
		}
		if peers != 1 {
			t.Errorf("%s has %d peers: %v", rule.Key, peers, row)
		}
	}
	if want := map[string]string{"canopsis-to-ldap/tcp-636": "ldap has no addresses"}; !maps.Equal(result.Unenforced, want) {
		t.Errorf("unenforced is %v, not %v", result.Unenforced, want)
	}
}

// Four keys at plan and two at apply is "provider produced inconsistent result":
// values that become known may be equal to others, or cover them, and no key
// goes.
func TestAWSTrap09KeysAtPlanAreKeysAtApply(t *testing.T) {
	t.Parallel()
	lines := []string{"users canopsis tcp/8080", "vpn canopsis tcp/8080", "mongodb canopsis tcp/8080", "canopsis vpn tcp/443"}
	given := func(office, branch string, id func(string) firewall.Value[string]) bindings {
		return bindings{
			"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: id("sg-00000001")}}},
			"mongodb":  {Forms: firewall.Forms{"security_group_id": {Text: id("sg-00000002")}}},
			"users":    {CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("office", office)},
			"vpn":      {NamedCIDRs: named("office", office, "branch", branch)},
		}
	}
	unknown := func(string) firewall.Value[string] { return firewall.Unknown[string]() }
	planned := render(t, firewall.AWS(), given("?", "?", unknown), lines...)
	equalKeys(t, planned.Rules(firewall.Ingress), "10.20.0.0/16-to-canopsis/tcp-8080", "branch-to-canopsis/tcp-8080", "mongodb-to-canopsis/tcp-8080", "office-to-canopsis/tcp-8080")
	equalKeys(t, planned.Rules(firewall.Egress), "canopsis-to-branch/tcp-443", "canopsis-to-office/tcp-443", "mongodb-to-canopsis/tcp-8080")
	for _, prefixes := range [][2]string{{"10.0.0.0/8", "10.20.1.0/24"}, {"10.20.1.0/24", "10.0.0.0/8"}, {"10.20.1.0/24", "10.20.1.1/32"}, {"10.21.0.0/16", "2001:db8::/32"}} {
		applied := render(t, firewall.AWS(), given(prefixes[0], prefixes[1], firewall.Known[string]), lines...)
		equalKeys(t, applied.Rules(firewall.Ingress), keys(planned.Rules(firewall.Ingress))...)
		equalKeys(t, applied.Rules(firewall.Egress), keys(planned.Rules(firewall.Egress))...)
		for i, rule := range planned.Rules(firewall.Ingress) {
			consistent(t, firewall.AWS(), rule, applied.Rules(firewall.Ingress)[i])
		}
		for i, rule := range planned.Rules(firewall.Egress) {
			consistent(t, firewall.AWS(), rule, applied.Rules(firewall.Egress)[i])
		}
	}
}

// Nothing is written into a group that someone else manages, and a prefix list
// counts as its max_entries in both families.
func TestAWSTrap10OthersGroupsAndQuotas(t *testing.T) {
	t.Parallel()
	given := bindings{
		"canopsis": group("sg-00000001"),
		"idle":     group("sg-00000002"),
		"bastion":  {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000009")}}},
		"sites":    prefixList("pl-00000001", 40),
		"users":    {CIDRs: []string{"10.20.0.0/16", "10.30.0.0/16", "10.40.0.0/16", "2001:db8::/32"}, NamedCIDRs: named("office", "?")},
	}
	lines := []string{"bastion canopsis tcp/22", "sites canopsis tcp/8080", "users canopsis tcp/8443", "canopsis users tcp/25", "canopsis bastion tcp/162"}
	result := render(t, firewall.AWS(), given, lines...)
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		if row := written(firewall.AWS(), rule); rule.Host != "canopsis" || row["security_group_id"] != "sg-00000001" {
			t.Errorf("%s is attached to %s of %s", rule.Key, row["security_group_id"], rule.Host)
		}
	}
	// IPv4: the bastion's group, the list's 40, three prefixes and the unknown one.
	want := map[string]firewall.Count{
		"canopsis": {Ingress: firewall.Known[int64](1 + 40 + 3 + 1), Egress: firewall.Known[int64](3 + 1 + 1)},
		"idle":     {Ingress: firewall.Known[int64](0), Egress: firewall.Known[int64](0)},
	}
	if !maps.Equal(result.Counts, want) {
		t.Errorf("counts are %v, not %v", result.Counts, want)
	}

	given["users"] = cidrs("10.20.0.0/16", "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48")
	result = render(t, firewall.AWS(), given, lines...)
	// IPv6: the group, the list's 40, three prefixes.
	want["canopsis"] = firewall.Count{Ingress: firewall.Known[int64](1 + 40 + 3), Egress: firewall.Known[int64](3 + 1)}
	if !maps.Equal(result.Counts, want) {
		t.Errorf("counts are %v, not %v", result.Counts, want)
	}

	// A prefix that is known at apply counts as it did while it was unknown.
	given["users"] = firewall.Binding{NamedCIDRs: named("office", "?")}
	planned := render(t, firewall.AWS(), given, lines...).Counts
	for _, prefix := range []string{"10.20.0.0/16", "2001:db8::/32"} {
		given["users"] = firewall.Binding{NamedCIDRs: named("office", prefix)}
		if applied := render(t, firewall.AWS(), given, lines...).Counts; !maps.Equal(applied, planned) {
			t.Errorf("with %s counts are %v, and were %v at plan", prefix, applied, planned)
		}
	}

	given["users"] = cidrs("10.20.0.0/16", "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48")
	given["sites"] = firewall.Binding{Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Unknown[string]()}, "prefix_list_max_entries": {Number: firewall.Unknown[int64]()}}}
	result = render(t, firewall.AWS(), given, lines...)
	want["canopsis"] = firewall.Count{Ingress: firewall.Unknown[int64](), Egress: firewall.Known[int64](3 + 1)}
	if !maps.Equal(result.Counts, want) {
		t.Errorf("with a list of unknown size counts are %v, not %v", result.Counts, want)
	}
}
