package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// addressRulesSurface has the cases of what a binding is to firewalls that know
// addresses alone; those of every target stand under aws_rules.
func addressRulesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": addressBindings}
	return surface{
		name:      "function address_rules",
		base:      base,
		arguments: ownBindingAttributes(firewall.Address()),
		run:       functionRun(func() function.Function { return newRulesFunction(firewall.Address()) }, base),
		cases:     addressBindingCases(base),
	}
}

// addressBindings bind every endpoint of writtenRules.
var addressBindings = awsBindings.with(object{
	"canopsis": object{"cidrs": list{"10.50.0.4/32"}},
	"mongodb":  object{"cidrs": list{"10.50.0.5/32"}},
})

func addressBindingCases(base object) []diagnosticCase {
	mongodb := func(attributes object) object { return bindings(base, object{"mongodb": attributes}) }
	const at = `bindings["mongodb"]`
	const all = "5 rows, 6 addresses, 5 services, unenforced: none"
	return []diagnosticCase{
		{argument: "bindings.named_ipv6_cidrs", kind: isUnknown, given: mongodb(object{"named_ipv6_cidrs": unknown}),
			says: []string{at + ".named_ipv6_cidrs", "not known yet", "the prefixes may be unknown"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isUnknown, what: "a prefix", given: mongodb(object{"cidrs": list{"10.50.0.5/32"}, "named_ipv6_cidrs": object{"db_ipv6": unknown}}),
			gives: all},
		{argument: "bindings.named_ipv6_cidrs", kind: isNull, given: mongodb(object{"cidrs": list{"10.50.0.5/32"}, "named_ipv6_cidrs": nil}),
			gives: all},
		{argument: "bindings.named_ipv6_cidrs", kind: isNull, what: "a prefix", given: mongodb(object{"named_ipv6_cidrs": object{"db_ipv6": nil}}),
			says: []string{at + `.named_ipv6_cidrs["db_ipv6"]`, "null stands here", "leave the element out"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isEmpty, given: mongodb(object{"named_ipv6_cidrs": object{}}),
			gives: "4 rows, 5 addresses, 4 services, unenforced: canopsis-to-mongodb/tcp-27017"},
		{argument: "bindings.named_ipv6_cidrs", kind: isWrong, what: "IPv4", given: mongodb(object{"named_ipv6_cidrs": object{"db": "10.50.0.5/32"}}),
			says: []string{at + `.named_ipv6_cidrs["db"]`, "10.50.0.5/32 is of IPv4", "Write it into named_cidrs"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isWrong, what: "IPv6 in named_cidrs", given: mongodb(object{"named_cidrs": object{"db": "2001:db8::5/128"}}),
			says: []string{at + `.named_cidrs["db"]`, "2001:db8::5/128 is of IPv6", "Write it into named_ipv6_cidrs"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isWrong, what: "an address", given: mongodb(object{"named_ipv6_cidrs": object{"db": "2001:db8::5"}}),
			says: []string{at + `.named_ipv6_cidrs["db"]`, `"2001:db8::5"`, "2001:db8::5/128"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isWrong, what: "a list", given: mongodb(object{"named_ipv6_cidrs": list{"2001:db8::5/128"}}),
			says: []string{at + ".named_ipv6_cidrs", "a list", "a map of prefixes"}},
		{argument: "bindings.named_ipv6_cidrs", kind: isWrong, what: "a security group", given: mongodb(object{"security_group_id": "sg-1"}),
			says: []string{at + ".security_group_id", "addresses alone are known here", "named_cidrs"}},
	}
}

// TestAddressRulesOverTheProtocol checks the types of rows: maps of one type, so that
// rows come by the ten thousand, and null where a protocol has no ports.
func TestAddressRulesOverTheProtocol(t *testing.T) {
	t.Parallel()
	rules := writtenRules()
	_, echo := writtenRule("users", "canopsis", "ping", "user_access", "icmp", 8)
	rules["echo"] = echo.with(object{"to_port": nil})
	result, funcErr := callRules(t, targetNamed("address").function(), rules, addressBindings.with(object{"canopsis": object{"named_cidrs": object{"front": unknown}}}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	rows := children(t, children(t, result)["rows"])
	if got := sortedKeys(rows); got != "administrators-to-canopsis/tcp, canopsis-to-ldap/tcp, canopsis-to-mongodb/tcp, snmp_trap_sources-to-canopsis/udp, users-to-canopsis/icmp, users-to-canopsis/tcp" {
		t.Errorf("rows %s", got)
	}
	row := children(t, rows["users-to-canopsis/icmp"])
	if got := fmt.Sprint(row["destinations"]); got != `tftypes.Map[tftypes.String]<"front":tftypes.String<unknown>>` {
		t.Errorf("destinations are %s", got)
	}
	echoed := children(t, children(t, row["ports"])["8"])
	if n, ok := wholeNumber(echoed["from_port"]); !ok || n != 8 || !echoed["to_port"].IsNull() {
		t.Errorf("ports are %s", row["ports"])
	}
	if ipv6, ok := boolean(row["ipv6"]); !ok || ipv6 {
		t.Errorf("ipv6 is %s", row["ipv6"])
	}
}

// openedRows returns what is wrong with rows: a side that names nobody, and blocks
// that nobody allowed.
func openedRows(key string, row tftypes.Value, publicAllowed bool) []string {
	var faults []string
	attributes, _ := elements(row)
	for _, side := range []string{"sources", "destinations"} {
		prefixes, _ := elements(attributes[side])
		if len(prefixes) == 0 {
			faults = append(faults, key+": "+side+" is empty, which a firewall may read as everyone")
		}
		for _, prefix := range prefixes {
			faults = append(faults, openedBy(key, map[string]tftypes.Value{"remote_ip_prefix": prefix}, publicAllowed)...)
		}
	}
	return faults
}
