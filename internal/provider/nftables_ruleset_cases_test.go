package provider

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// nftablesBindings are addresses for writtenRules, whose host is canopsis.
var nftablesBindings = object{
	"users":             object{"cidrs": list{"10.20.0.0/16"}},
	"administrators":    object{"cidrs": list{"192.0.2.0/28"}},
	"snmp_trap_sources": object{"cidrs": list{"10.30.0.0/16"}},
	"mongodb":           object{"cidrs": list{"10.0.0.2/32"}},
	"ldap":              object{"cidrs": list{"10.40.0.5/32"}},
}

func nftablesRulesetSurface() surface {
	base := object{"rules": writtenRules(), "bindings": nftablesBindings, "host": "canopsis", "options": object{}}
	return surface{
		name: "function nftables_ruleset",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			arguments := []string{"rules", "bindings", "host", "options"}
			for name := range bindingAttributes(firewall.Nftables()) {
				arguments = append(arguments, "bindings."+name)
			}
			for name := range rulesetOptions() {
				arguments = append(arguments, "options."+name)
			}
			return arguments
		},
		run: typedRun(newNftablesRulesetFunction(), base, func(t *testing.T, result tftypes.Value) string {
			t.Helper()
			parts := children(t, result)
			ruleset := known(t, parts["ruleset"])
			if written, ok := text(parts["ruleset"]); ok && parts["ruleset"].IsKnown() {
				ruleset = shortened(written)
			}
			return fmt.Sprintf("%s, unenforced: %s", ruleset, cmp.Or(sortedKeys(children(t, parts["unenforced"])), "none"))
		}),
		cases: nftablesRulesetCases(),
	}
}

// shortened tells a ruleset by what the matrix lets in and out, and by lines that
// options write.
func shortened(text string) string {
	counted := fmt.Sprintf("%d rows in, %d out", strings.Count(text, " saddr ")-strings.Count(text, "saddr fe80::"), strings.Count(text, " daddr ")-strings.Count(text, "daddr { fe80::"))
	for _, line := range []string{"docker0", "igmp", "chain output"} {
		if strings.Contains(text, line) {
			counted += ", " + line
		}
	}
	return counted
}

func nftablesRulesetCases() []diagnosticCase {
	const all = "3 rows in, 0 out, unenforced: none"
	bound := func(id string, b any) object { return object{"bindings": nftablesBindings.with(object{id: b})} }
	option := func(name string, value any) object { return object{"options": object{name: value}} }
	asMongoDB := nftablesBindings.with(object{"canopsis": object{"cidrs": list{"10.0.0.1/32"}}}) // whose peer canopsis is
	closed := func(name string, value any) object { return object{"options": object{"egress": "closed", name: value}} }
	const lacks = "2 rows in, 0 out, unenforced: users-to-canopsis-nginx/tcp-8443"
	return []diagnosticCase{
		{argument: "rules", kind: isUnknown, given: object{"rules": unknown}, gives: "(known after apply)"},
		{argument: "rules", kind: isNull, given: object{"rules": nil}, says: []string{"rules", "null stands here", "{}"}},
		{argument: "rules", kind: isEmpty, given: object{"rules": object{}}, says: []string{"host", `"canopsis" is not a host of these rules`, "data.canopsis_flows.this.rules"}},
		{argument: "rules", kind: isWrong, what: "a text", given: object{"rules": "all"}, says: []string{"rules", `the text "all"`, "data.canopsis_flows"}},
		{argument: "rules", kind: isWrong, what: "without those for administrators", given: object{"rules": writtenRules().without("administrators-to-canopsis-ssh/tcp-22")},
			says: []string{"host", "no rule of component ssh leads to", "locked out", "allow_lockout"}},

		{argument: "bindings", kind: isUnknown, given: object{"bindings": unknown}, gives: "(known after apply)"},
		{argument: "bindings", kind: isUnknown, what: "binding", given: bound("users", unknown), says: []string{`bindings["users"]`, "not known yet", "one by one"}},
		{argument: "bindings", kind: isNull, given: object{"bindings": nil}, says: []string{"bindings", "null stands here", "an object"}},
		{argument: "bindings", kind: isNull, what: "binding", given: bound("users", nil), says: []string{"bindings", "users, needed by users-to-canopsis-nginx", `cidrs = ["10.20.0.0/16"]`}},
		{argument: "bindings", kind: isEmpty, given: object{"bindings": object{}}, says: []string{"bindings", "users, needed by", "administrators, needed by"}},
		{argument: "bindings", kind: isEmpty, what: "binding", given: bound("users", object{}), says: []string{`bindings["users"]`, "none of its attributes", "cidrs = []"}},
		{argument: "bindings", kind: isWrong, what: "a group", given: bound("mongodb", object{"security_group_id": "sg-1"}), says: []string{`bindings["mongodb"].security_group_id`, "addresses alone", "named_cidrs"}},
		{argument: "bindings", kind: isWrong, what: "tags", given: bound("mongodb", object{"network_tags": list{"db"}}), says: []string{`bindings["mongodb"].network_tags`, "addresses alone", "named_cidrs"}},
		{argument: "bindings", kind: isWrong, what: "attach, of which a host knows nothing", given: bound("mongodb", object{"attach": true}), says: []string{`bindings["mongodb"].attach`, "is not an attribute of a binding", "allow_public, cidrs"}},
		{argument: "bindings", kind: isRight, what: "the host's own, which no rule needs", given: bound("canopsis", object{"cidrs": list{"10.0.0.1/32"}}), gives: all},

		{argument: "bindings.cidrs", kind: isUnknown, given: bound("users", object{"cidrs": unknown}), says: []string{`bindings["users"].cidrs`, "named_cidrs", "not known yet"}},
		{argument: "bindings.cidrs", kind: isNull, given: bound("users", object{"cidrs": nil}), says: []string{`bindings["users"]`, "none of its attributes", "cidrs = []"}},
		{argument: "bindings.cidrs", kind: isEmpty, given: bound("users", object{"cidrs": list{}}), gives: lacks},
		{argument: "bindings.cidrs", kind: isWrong, given: bound("users", object{"cidrs": list{"10.0.0.5/24"}}), says: []string{`bindings["users"].cidrs[0]`, `Did you mean "10.0.0.0/24"?`, "CIDR notation"}},
		{argument: "bindings.named_cidrs", kind: isUnknown, given: bound("users", object{"named_cidrs": unknown}), says: []string{`bindings["users"].named_cidrs`, "not known yet", "Write the names"}},
		{argument: "bindings.named_cidrs", kind: isUnknown, what: "prefix", given: bound("users", object{"named_cidrs": object{"vpn": unknown}}), gives: "(known after apply), unenforced: none"},
		{argument: "bindings.named_cidrs", kind: isNull, given: bound("users", object{"named_cidrs": nil}), says: []string{`bindings["users"]`, "none of its attributes", "cidrs = []"}},
		{argument: "bindings.named_cidrs", kind: isEmpty, given: bound("users", object{"named_cidrs": object{}}), gives: lacks},
		{argument: "bindings.named_cidrs", kind: isWrong, given: bound("users", object{"named_cidrs": object{"vpn": "10.0.0.1"}}), says: []string{`bindings["users"].named_cidrs["vpn"]`, `Did you mean "10.0.0.1/32"?`, "CIDR notation"}},
		{argument: "bindings.same_as", kind: isUnknown, given: bound("users", object{"same_as": unknown}), says: []string{`bindings["users"].same_as`, "not known yet", "Write its id"}},
		{argument: "bindings.same_as", kind: isNull, given: bound("users", object{"same_as": nil}), says: []string{`bindings["users"]`, "none of its attributes", "cidrs = []"}},
		{argument: "bindings.same_as", kind: isEmpty, given: bound("users", object{"same_as": ""}), says: []string{`bindings["users"].same_as`, "an endpoint's id", "Write null"}},
		{argument: "bindings.same_as", kind: isWrong, given: bound("users", object{"same_as": "administrator"}), says: []string{`bindings["users"].same_as`, `Did you mean "administrators"?`, "ldap, mongodb, snmp_trap_sources."}},
		{argument: "bindings.allow_public", kind: isUnknown, given: bound("users", object{"cidrs": list{"0.0.0.0/0"}, "allow_public": unknown}), says: []string{`bindings["users"].allow_public`, "not known yet", "true or false"}},
		{argument: "bindings.allow_public", kind: isNull, given: bound("users", object{"cidrs": list{"0.0.0.0/0"}, "allow_public": nil}), says: []string{`bindings["users"]`, "allow_public = true", "narrower prefixes"}},
		{argument: "bindings.allow_public", kind: isEmpty, what: "which is false", given: bound("users", object{"cidrs": list{"0.0.0.0/0"}, "allow_public": false}), says: []string{`bindings["users"]`, "allow_public = true", "narrower prefixes"}},
		{argument: "bindings.allow_public", kind: isWrong, given: bound("users", object{"cidrs": list{}, "allow_public": "yes"}), says: []string{`bindings["users"].allow_public`, `the text "yes"`, "true or false"}},
		{argument: "bindings.allow_public", kind: isRight, given: bound("users", object{"cidrs": list{"0.0.0.0/0"}, "allow_public": true}), gives: all},

		{argument: "host", kind: isUnknown, given: object{"host": unknown}, gives: "(known after apply)"},
		{argument: "host", kind: isNull, given: object{"host": nil}, says: []string{"host", "left out or null", `as in "canopsis"`}},
		{argument: "host", kind: isEmpty, given: object{"host": ""}, says: []string{"host", `""`, "lower-case"}},
		{argument: "host", kind: isWrong, given: object{"host": "canopsys"}, says: []string{"host", `"canopsys" is not a host of these rules`, `Did you mean "canopsis"?`}},
		{argument: "host", kind: isWrong, what: "an actor", given: object{"host": "users"}, says: []string{"host", `"users" is only ever a source of user_access rules`, "Allowed: canopsis, mongodb"}},
		{argument: "host", kind: isWrong, what: "one without administrators", given: object{"host": "mongodb", "bindings": asMongoDB}, says: []string{"host", "no rule of component ssh leads to", "options.admin_component"}},

		{argument: "options", kind: isUnknown, given: object{"options": unknown}, gives: "(known after apply)"},
		{argument: "options", kind: isNull, given: object{"options": nil}, gives: all},
		{argument: "options", kind: isEmpty, given: object{"options": object{}}, gives: all},
		{argument: "options", kind: isWrong, given: object{"options": "closed"}, says: []string{"options", `the text "closed"`, `{ egress = "closed" }`}},
		{argument: "options", kind: isWrong, what: "a misspelt one", given: option("egres", "closed"), says: []string{"options.egres", `Did you mean "egress"?`, "container_interfaces"}},
		{argument: "options.egress", kind: isUnknown, given: option("egress", unknown), says: []string{"options.egress", "not known yet", `Write "open" or "closed"`}},
		{argument: "options.egress", kind: isNull, given: option("egress", nil), gives: all},
		{argument: "options.egress", kind: isEmpty, given: option("egress", ""), says: []string{"options.egress", `""`, "closed, open"}},
		{argument: "options.egress", kind: isWrong, given: option("egress", "close"), says: []string{"options.egress", `Did you mean "closed"?`, "closed, open"}},
		{argument: "options.egress", kind: isWrong, what: "a truth value", given: option("egress", true), says: []string{"options.egress", "true stands here", `"open" or "closed"`}},
		{argument: "options.egress", kind: isRight, what: "open", given: option("egress", "open"), gives: all},
		{argument: "options.egress", kind: isRight, what: "closed", given: option("egress", "closed"), gives: "3 rows in, 2 out, chain output, unenforced: options.container_interfaces"},
		{argument: "options.container_interfaces", kind: isUnknown, given: option("container_interfaces", unknown), says: []string{"options.container_interfaces", "not known yet", "Write their names"}},
		{argument: "options.container_interfaces", kind: isNull, given: option("container_interfaces", nil), gives: all},
		{argument: "options.container_interfaces", kind: isNull, what: "name", given: option("container_interfaces", list{nil}), says: []string{"options.container_interfaces[0]", "null", "leave the element out"}},
		{argument: "options.container_interfaces", kind: isEmpty, given: option("container_interfaces", list{}), gives: all},
		{argument: "options.container_interfaces", kind: isEmpty, what: "name", given: option("container_interfaces", list{""}), says: []string{"options.container_interfaces[0]", `""`, "docker0"}},
		{argument: "options.container_interfaces", kind: isWrong, what: "every interface", given: option("container_interfaces", list{"*"}), says: []string{"options.container_interfaces[0]", "open to everyone", "docker0"}},
		{argument: "options.container_interfaces", kind: isWrong, what: "the uplink", given: option("container_interfaces", list{"ens192"}), says: []string{"options.container_interfaces[0]", "the machine itself", "accepted"}},
		{argument: "options.container_interfaces", kind: isRight, given: closed("container_interfaces", list{"docker0"}), gives: "3 rows in, 2 out, docker0, chain output, unenforced: none"},
		{argument: "options.admin_component", kind: isUnknown, given: option("admin_component", unknown), says: []string{"options.admin_component", "not known yet", "Write a component's id"}},
		{argument: "options.admin_component", kind: isNull, given: option("admin_component", nil), gives: all},
		{argument: "options.admin_component", kind: isEmpty, given: option("admin_component", ""), says: []string{"options.admin_component", `""`, "lower-case"}},
		{argument: "options.admin_component", kind: isWrong, given: option("admin_component", "snpm"), says: []string{"options.admin_component", "no rule of component snpm leads to", "nginx, snmp, ssh"}},
		{argument: "options.admin_component", kind: isRight, what: "another", given: option("admin_component", "nginx"), gives: all},
		{argument: "options.allow_lockout", kind: isUnknown, given: option("allow_lockout", unknown), says: []string{"options.allow_lockout", "not known yet", "true or false"}},
		{argument: "options.allow_lockout", kind: isNull, given: object{"host": "mongodb", "bindings": asMongoDB, "options": object{"allow_lockout": nil}}, says: []string{"host", "locked out", "options.allow_lockout = true"}},
		{argument: "options.allow_lockout", kind: isEmpty, what: "which is false", given: object{"host": "mongodb", "bindings": asMongoDB, "options": object{"allow_lockout": false}}, says: []string{"host", "locked out", "options.allow_lockout = true"}},
		{argument: "options.allow_lockout", kind: isWrong, given: option("allow_lockout", "yes"), says: []string{"options.allow_lockout", `the text "yes"`, "true or false"}},
		{argument: "options.allow_lockout", kind: isRight, given: object{"host": "mongodb", "bindings": asMongoDB, "options": object{"allow_lockout": true}},
			gives: "1 rows in, 0 out, unenforced: none"},
		{argument: "options.extra_input", kind: isUnknown, given: option("extra_input", unknown), gives: "(known after apply), unenforced: none"},
		{argument: "options.extra_input", kind: isUnknown, what: "statement", given: option("extra_input", list{unknown}), gives: "(known after apply), unenforced: none"},
		{argument: "options.extra_input", kind: isNull, given: option("extra_input", nil), gives: all},
		{argument: "options.extra_input", kind: isNull, what: "statement", given: option("extra_input", list{nil}), says: []string{"options.extra_input[0]", "null", "leave the element out"}},
		{argument: "options.extra_input", kind: isEmpty, given: option("extra_input", list{}), gives: all},
		{argument: "options.extra_input", kind: isEmpty, what: "statement", given: option("extra_input", list{""}), says: []string{"options.extra_input[0]", "empty", "one rule of nftables"}},
		{argument: "options.extra_input", kind: isWrong, given: option("extra_input", list{"drop; accept"}), says: []string{"options.extra_input[0]", "semicolons", "one statement for each value"}},
		{argument: "options.extra_input", kind: isWrong, what: "a text", given: option("extra_input", "accept"), says: []string{"options.extra_input", `the text "accept"`, "a list of statements"}},
		{argument: "options.extra_input", kind: isRight, given: option("extra_input", list{"ip protocol igmp accept"}), gives: "3 rows in, 0 out, igmp, unenforced: none"},
		{argument: "options.extra_output", kind: isUnknown, given: closed("extra_output", unknown), gives: "(known after apply), unenforced: options.container_interfaces"},
		{argument: "options.extra_output", kind: isNull, given: option("extra_output", nil), gives: all},
		{argument: "options.extra_output", kind: isEmpty, given: option("extra_output", list{}), gives: all},
		{argument: "options.extra_output", kind: isWrong, given: closed("extra_output", list{"}"}), says: []string{"options.extra_output[0]", "braces", "without braces"}},
		{argument: "options.extra_output", kind: isWrong, what: "while egress is open", given: option("extra_output", list{"ip protocol igmp accept"}), says: []string{"options.extra_output", "egress is open", `egress = "closed"`}},
		{argument: "options.extra_output", kind: isRight, given: closed("extra_output", list{"ip protocol igmp accept"}), gives: "3 rows in, 2 out, igmp, chain output, unenforced: options.container_interfaces"},
	}
}
