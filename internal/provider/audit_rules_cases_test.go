package provider

import (
	"slices"
	"strings"
	"testing"
)

// writtenExpected is what aws_rules returns for one rule, written out.
func writtenExpected() object {
	return object{
		"ingress": object{"10.20.0.0/16-to-canopsis/tcp-8443": writtenBound()}, "egress": object{}, "unenforced": object{},
		"counts": object{"canopsis": object{"ingress": 1, "egress": 0}},
	}
}

func writtenBound() object {
	return object{
		"host": "canopsis", "peer": "10.20.0.0/16", "peer_kind": "cidr", "flows": list{"users-to-canopsis-nginx"},
		"security_group_id": "sg-0000000c", "ip_protocol": "tcp", "from_port": 8443, "to_port": 8443, "cidr_ipv4": "10.20.0.0/16", "cidr_ipv6": nil,
		"prefix_list_id": nil, "referenced_security_group_id": nil, "description": "10.20.0.0/16-to-canopsis/tcp-8443",
	}
}

func auditRulesSurface() surface {
	base := object{"expected": writtenExpected(), "actual": list{awsRuleData}}
	return surface{
		name: "function audit_rules",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			names := []string{"expected", "expected.counts", "expected.ingress", "actual", "settings"}
			for name := range auditSettings() {
				names = append(names, "settings."+name)
			}
			slices.Sort(names)
			return names
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			value, funcErr := auditRun(t, base.with(c.given))
			if funcErr != nil {
				return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "expected", "actual", "settings")
			}
			if !value.IsKnown() {
				return outcome{result: "(known after apply)"}
			}
			o, _ := plain(t, value).(object)
			return outcome{result: "ok = " + spell(o["ok"]) + ": " + strings.Join(statuses(t, part(t, o, "expected", "ingress")), ", ") +
				"; to look at: " + strings.Join(statuses(t, o["actual"]), ", ") + "; adopt: " + spell(part(t, o, "adopt", "ingress"))}
		},
		cases: auditRulesCases(),
	}
}

func auditRulesCases() []diagnosticCase {
	const (
		key     = "10.20.0.0/16-to-canopsis/tcp-8443"
		right   = `ok = true: ` + key + ` present; to look at: ; adopt: { ` + key + ` = "sgr-0a1" }`
		waiting = `ok = (known after apply): ` + key + ` (known after apply); to look at: (known after apply); adopt: `
		at      = `expected.ingress["` + key + `"]`
	)
	expected := func(attributes object) object { return object{"expected": writtenExpected().with(attributes)} }
	bound := func(attributes object) object {
		return expected(object{"ingress": object{key: writtenBound().with(attributes)}})
	}
	settings := func(v any) object { return object{"settings": v} }
	actual := func(v any) object { return object{"actual": v} }
	return []diagnosticCase{
		{argument: "expected", kind: isUnknown, given: object{"expected": unknown}, gives: "(known after apply)"},
		{argument: "expected", kind: isUnknown, what: "group", given: bound(object{"security_group_id": unknown}), gives: waiting + "{}"},
		{argument: "expected", kind: isNull, given: object{"expected": nil},
			says: []string{"expected", "left out or null", "the whole result of"}},
		{argument: "expected", kind: isEmpty, given: object{"expected": object{}},
			says: []string{"expected", "no ingress", "the whole result of"}},
		{argument: "expected", kind: isWrong, what: "a list", given: object{"expected": list{}},
			says: []string{"expected", "a list", "the whole result of"}},
		{argument: "expected", kind: isWrong, what: "one direction of it", given: object{"expected": writtenExpected()["ingress"]},
			says: []string{"expected", "no ingress", "the whole result of"}},
		{argument: "expected", kind: isWrong, what: "the matrix's rules", given: object{"expected": writtenRules()},
			says: []string{"expected", "no ingress", "the whole result of"}},

		{argument: "expected.counts", kind: isUnknown, given: expected(object{"counts": unknown}), gives: "(known after apply)"},
		{argument: "expected.counts", kind: isNull, given: expected(object{"counts": nil}),
			says: []string{"expected.counts", "left out or null", "the whole result of"}},
		{argument: "expected.counts", kind: isEmpty, given: expected(object{"counts": object{}}),
			says: []string{"expected.counts", "no rule is attached to any endpoint", "Bind at least one host"}},
		{argument: "expected.counts", kind: isWrong, what: "a list", given: expected(object{"counts": list{}}),
			says: []string{"expected.counts", "a list", "the whole result of"}},
		{argument: "expected.counts", kind: isWrong, what: "another host", given: expected(object{"counts": object{"mongodb": object{}}}),
			says: []string{at + ".host", `"canopsis" is not in counts`, "the whole result of"}},

		{argument: "expected.ingress", kind: isUnknown, given: expected(object{"ingress": unknown}), gives: "(known after apply)"},
		{argument: "expected.ingress", kind: isUnknown, what: "host", given: bound(object{"host": unknown}), gives: "(known after apply)"},
		{argument: "expected.ingress", kind: isUnknown, what: "prefix", given: bound(object{"cidr_ipv4": unknown}), gives: waiting + "{}"},
		{argument: "expected.ingress", kind: isNull, given: expected(object{"ingress": nil}),
			says: []string{"expected.ingress", "left out or null", "as the function returned them"}},
		{argument: "expected.ingress", kind: isNull, what: "rule", given: expected(object{"ingress": object{key: writtenBound(), "x": nil}}),
			says: []string{`expected.ingress["x"]`, "null stands here", "leave the element out"}},
		{argument: "expected.ingress", kind: isNull, what: "prefix", given: bound(object{"cidr_ipv4": nil}),
			says: []string{at + ".cidr_ipv4", "this one has none", "cidr_ipv6"}},
		{argument: "expected.ingress", kind: isEmpty, given: expected(object{"ingress": object{}}),
			says: []string{"expected", "nothing else says which cloud", `settings = { target = "aws" }`}},
		{argument: "expected.ingress", kind: isEmpty, what: "rule", given: expected(object{"ingress": object{key: object{}}}),
			says: []string{at, "the rule has no attribute", "the whole result of aws_rules"}},
		{argument: "expected.ingress", kind: isNull, what: "the only rule", given: expected(object{"ingress": object{key: nil}}),
			says: []string{at, "null stands here", "leave the element out"}},
		{argument: "expected.ingress", kind: isWrong, what: "a number, and nothing else", given: expected(object{"ingress": 5}),
			says: []string{"expected.ingress", "5", "the rules as the function returned them"}},
		{argument: "expected.ingress", kind: isWrong, what: "a text for the only rule", given: expected(object{"ingress": object{key: "tcp"}}),
			says: []string{at, `"tcp"`, "a rule as the function returned it"}},
		{argument: "expected.ingress", kind: isUnknown, what: "the only rule", given: expected(object{"ingress": object{key: unknown}}),
			gives: "(known after apply)"},
		{argument: "expected.ingress", kind: isWrong, what: "a list", given: expected(object{"ingress": list{writtenBound()}}).with(settings(object{"target": "aws"})),
			says: []string{"expected.ingress", "a list", "as the function returned them"}},
		{argument: "expected.ingress", kind: isWrong, what: "an attribute dropped", given: expected(object{"ingress": object{key: writtenBound().without("cidr_ipv6")}}).with(settings(object{"target": "aws"})),
			says: []string{at, "no cidr_ipv6", "the whole result of"}},
		{argument: "expected.ingress", kind: isWrong, what: "rules of another kind", given: expected(object{"ingress": object{key: object{"port": 443}}}),
			says: []string{"expected", "have the attributes port", "the whole result of"}},
		{argument: "expected.ingress", kind: isWrong, what: "a prefix that is none", given: bound(object{"cidr_ipv4": "10.20.0.1/16"}),
			says: []string{at + ".cidr_ipv4", "10.20.0.1/16", "10.20.0.0/16"}},

		{argument: "actual", kind: isUnknown, given: actual(unknown), gives: waiting + "(known after apply)"},
		{argument: "actual", kind: isUnknown, what: "element", given: actual(list{awsRuleData, unknown}), gives: waiting + "(known after apply)"},
		{argument: "actual", kind: isUnknown, what: "prefix of another rule", given: actual(list{awsRuleData, awsRuleData.with(object{"cidr_ipv4": unknown, "id": "sgr-0a2", "security_group_rule_id": "sgr-0a2"})}),
			gives: `ok = (known after apply): ` + key + ` present; to look at: (known after apply); adopt: { ` + key + ` = "sgr-0a1" }`},
		{argument: "actual", kind: isNull, given: actual(nil), says: []string{"actual", "this is null", "Write []"}},
		{argument: "actual", kind: isNull, what: "element", given: actual(list{nil}), says: []string{"actual[0]", "null stands here", "aws_security_group"}},
		{argument: "actual", kind: isEmpty, given: actual(list{}),
			gives: `ok = false: ` + key + ` undecided; to look at: ; adopt: {}`},
		{argument: "actual", kind: isEmpty, what: "text", given: actual(""), says: []string{"actual", "it is empty", "describe-security-group-rules"}},
		{argument: "actual", kind: isEmpty, what: "object", given: actual(object{}),
			gives: `ok = false: ` + key + ` undecided; to look at: ; adopt: {}`},
		{argument: "actual", kind: isRight, what: "a text", given: actual(describedRules), gives: right},
		{argument: "actual", kind: isWrong, what: "cut off", given: actual(describedRules[:100]), says: []string{"actual", "ends before it is complete", "describe-security-group-rules"}},
		{argument: "actual", kind: isWrong, what: "HTML", given: actual("<html>"), says: []string{"actual", "HTML", "describe-security-group-rules"}},
		{argument: "actual", kind: isWrong, what: "a page", given: actual(`{"NextToken": "x", "SecurityGroupRules": []}`), says: []string{"actual", "NextToken", "Give all of them"}},
		{argument: "actual", kind: isWrong, what: "true", given: actual(true), says: []string{"actual", "true stands here", "a text"}},
		{argument: "actual", kind: isWrong, what: "decoded", given: actual(object{"SecurityGroups": list{}}),
			says: []string{"actual", "what jsondecode makes of a text", "given as a text"}},
		{argument: "actual", kind: isWrong, what: "one direction", given: actual(object{"ingress": list{awsRuleResource}}), says: []string{"actual", "no egress", `directions = ["ingress"]`}},
		{argument: "actual", kind: isWrong, what: "no direction", given: actual(list{awsRuleResource}), says: []string{"actual[0]", "does not say its direction", "ingress, egress"}},
		{argument: "actual", kind: isWrong, what: "an attribute that is not known", given: actual(list{awsRuleData.with(object{"cidr_ipv44": "10.0.0.0/8"})}),
			says: []string{"actual[0].cidr_ipv44", "could narrow or widen", `Did you mean "cidr_ipv4"?`}},

		{argument: "settings", kind: isUnknown, given: settings(unknown), gives: "(known after apply)"},
		{argument: "settings", kind: isNull, given: settings(nil), gives: right},
		{argument: "settings", kind: isEmpty, given: settings(object{}), gives: right},
		{argument: "settings", kind: isWrong, what: "a text", given: settings("ingress"), says: []string{"settings", `the text "ingress"`, "an object"}},
		{argument: "settings", kind: isWrong, what: "a setting that is none", given: settings(object{"direction": list{"ingress"}}),
			says: []string{"settings.direction", "is not a setting of the audit", `Did you mean "directions"?`}},

		{argument: "settings.groups", kind: isUnknown, given: settings(object{"groups": object{"canopsis": list{unknown}}}), gives: waiting + "(known after apply)"},
		{argument: "settings.groups", kind: isNull, given: settings(object{"groups": nil}), gives: right},
		{argument: "settings.groups", kind: isNull, what: "groups of a host", given: settings(object{"groups": object{"canopsis": nil}}),
			says: []string{`settings.groups["canopsis"]`, "null stands here", "leave the element out"}},
		{argument: "settings.groups", kind: isEmpty, given: settings(object{"groups": object{}}), gives: right},
		{argument: "settings.groups", kind: isEmpty, what: "group", given: settings(object{"groups": object{"canopsis": list{""}}}),
			says: []string{`settings.groups["canopsis"][0]`, "is empty", "the group's id"}},
		{argument: "settings.groups", kind: isWrong, what: "a host that is none", given: settings(object{"groups": object{"canopis": list{"sg-0000000d"}}}),
			says: []string{`settings.groups["canopis"]`, "is not a host", `Did you mean "canopsis"?`}},
		{argument: "settings.groups", kind: isWrong, what: "a text", given: settings(object{"groups": object{"canopsis": "sg-0000000d"}}),
			says: []string{`settings.groups["canopsis"]`, `the text "sg-0000000d"`, "a list of groups"}},

		{argument: "settings.directions", kind: isUnknown, given: settings(object{"directions": unknown}),
			says: []string{"settings.directions", "not known yet", "Write the directions"}},
		{argument: "settings.directions", kind: isNull, given: settings(object{"directions": nil}), gives: right},
		{argument: "settings.directions", kind: isEmpty, given: settings(object{"directions": list{}}),
			says: []string{"settings.directions", "the list is empty", "Leave the setting out"}},
		{argument: "settings.directions", kind: isWrong, what: "a direction that is none", given: settings(object{"directions": list{"ingres"}}),
			says: []string{"settings.directions[0]", "is not a direction", `Did you mean "ingress"?`}},
		{argument: "settings.directions", kind: isRight, what: "twice", given: settings(object{"directions": list{"ingress", "ingress"}}), gives: right},

		{argument: "settings.prefix_lists", kind: isUnknown, given: settings(object{"prefix_lists": object{"pl-00000001": unknown}}), gives: waiting + "(known after apply)"},
		{argument: "settings.prefix_lists", kind: isNull, given: settings(object{"prefix_lists": nil}), gives: right},
		{argument: "settings.prefix_lists", kind: isEmpty, given: settings(object{"prefix_lists": object{"pl-00000001": list{}}}), gives: right},
		{argument: "settings.prefix_lists", kind: isWrong, what: "host bits", given: settings(object{"prefix_lists": object{"pl-00000001": list{"10.20.0.1/16"}}}),
			says: []string{`settings.prefix_lists["pl-00000001"][0]`, "10.20.0.1/16", "10.20.0.0/16"}},

		{argument: "settings.families", kind: isUnknown, given: settings(object{"families": list{unknown}}),
			says: []string{"settings.families[0]", "not known yet", "Write the families"}},
		{argument: "settings.families", kind: isNull, given: settings(object{"families": nil}), gives: right},
		{argument: "settings.families", kind: isEmpty, given: settings(object{"families": list{}}),
			says: []string{"settings.families", "[] stands here", `["ipv4"]`}},
		{argument: "settings.families", kind: isWrong, what: "IPv6 alone", given: settings(object{"families": list{"ipv6"}}),
			says: []string{"settings.families", `["ipv6"] stands here`, `["ipv4", "ipv6"]`}},
		{argument: "settings.families", kind: isRight, what: "both", given: settings(object{"families": list{"ipv6", "ipv4"}}), gives: right},

		{argument: "settings.target", kind: isUnknown, given: settings(object{"target": unknown}),
			says: []string{"settings.target", "not known yet", "Write it"}},
		{argument: "settings.target", kind: isNull, given: settings(object{"target": nil}), gives: right},
		{argument: "settings.target", kind: isEmpty, given: settings(object{"target": ""}),
			says: []string{"settings.target", "is empty", "aws, azure, gcp, kubernetes, openstack"}},
		{argument: "settings.target", kind: isWrong, what: "a target that is none", given: settings(object{"target": "gpc"}),
			says: []string{"settings.target", `"gpc"`, `Did you mean "gcp"?`}},
		{argument: "settings.target", kind: isWrong, what: "another target", given: settings(object{"target": "gcp"}),
			says: []string{at, "has no name", "the whole result of"}},
		{argument: "settings.target", kind: isRight, what: "without a rule", given: expected(object{"ingress": object{}}).with(settings(object{"target": "aws"})),
			gives: `ok = false: ; to look at: ; adopt: {}`},
	}
}
