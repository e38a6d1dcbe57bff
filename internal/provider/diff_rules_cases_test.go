package provider

import (
	"slices"
	"testing"
)

// writtenLater are the rules of tomorrow: another port of Nginx.
func writtenLater() object {
	key, rule := writtenRule("users", "canopsis", "nginx", "user_access", "tcp", 443)
	return object{key: rule}
}

func diffRulesSurface() surface {
	key, rule := writtenRule("users", "canopsis", "nginx", "user_access", "tcp", 8443)
	base := object{"from": object{key: rule}, "to": writtenLater()}
	return surface{
		name: "function diff_rules",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			names := []string{"from", "to", "settings"}
			for name := range diffSettings() {
				names = append(names, "settings."+name)
			}
			slices.Sort(names)
			return names
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			value, funcErr := diffRun(t, base.with(c.given))
			if funcErr != nil {
				return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "from", "to", "settings")
			}
			if !value.IsKnown() {
				return outcome{result: "(known after apply)"}
			}
			o, _ := plain(t, value).(object)
			return outcome{result: spell(o["summary"])}
		},
		cases: diffRulesCases(key, rule),
	}
}

func diffRulesCases(key string, rule object) []diagnosticCase {
	const (
		differs = `"1 opened, 1 closed, 0 unchanged."`
		same    = `"Nothing changes: 1 rule on both sides."`
	)
	settings := func(v any) object { return object{"settings": v} }
	results := func(more object) object {
		return object{"from": writtenExpected(), "to": writtenExpected()}.with(more)
	}
	other := rule.with(object{"source": "api_event_sources", "flow": "x"})
	return []diagnosticCase{
		{argument: "from", kind: isUnknown, given: object{"from": unknown}, gives: "(known after apply)"},
		{argument: "from", kind: isUnknown, what: "port", given: object{"from": object{key: rule.with(object{"from_port": unknown})}},
			says: []string{"from[", "from_port", "not known yet", "depends_on"}},
		{argument: "from", kind: isNull, given: object{"from": nil}, says: []string{"from", "null stands here", "data.canopsis_flows.this.rules"}},
		{argument: "from", kind: isNull, what: "rule", given: object{"from": object{key: nil}}, says: []string{"from[", "left out or null", "leave the whole rule out"}},
		{argument: "from", kind: isEmpty, given: object{"from": object{}}, gives: `"1 opened, 0 closed, 0 unchanged. New hosts: canopsis."`},
		{argument: "from", kind: isWrong, what: "a list", given: object{"from": list{rule}}, says: []string{"from", "a list", "the data source's rules"}},
		{argument: "from", kind: isWrong, what: "the data source", given: object{"from": object{"rules": object{}, "flows": object{}}}, says: []string{"from", "the data source itself", "Add .rules"}},
		{argument: "from", kind: isWrong, what: "a result beside rules", given: object{"from": writtenExpected()}, says: []string{"to", "is not what a rules function returned", "on both"}},
		{argument: "from", kind: isWrong, what: "a result without a group", given: results(object{"from": writtenExpected().with(object{"ingress": object{"x": object{"host": "canopsis"}}})}),
			says: []string{"from", "have the attributes host", "the whole result of"}},
		{argument: "from", kind: isUnknown, what: "group", given: results(object{"from": writtenExpected().with(object{"ingress": object{"x": writtenBound().with(object{"security_group_id": unknown})}})}), gives: "(known after apply)"},
		{argument: "from", kind: isRight, what: "results", given: results(nil), gives: same},

		{argument: "to", kind: isUnknown, given: object{"to": unknown}, gives: "(known after apply)"},
		{argument: "to", kind: isNull, given: object{"to": nil}, says: []string{"to", "null stands here", "data.canopsis_flows.this.rules"}},
		{argument: "to", kind: isEmpty, given: object{"to": object{}}, gives: `"0 opened, 1 closed, 0 unchanged. Hosts that go: canopsis."`},
		{argument: "to", kind: isWrong, what: "a port that is none", given: object{"to": object{key: rule.with(object{"to_port": 70000})}}, says: []string{"to[", "to_port", "70000 is not a port"}},
		{argument: "to", kind: isWrong, what: "an origin that is no text", given: object{"to": object{key: rule.with(object{"origin": list{}})}}, says: []string{"to[", "origin", "a list", "a text"}},
		{argument: "to", kind: isWrong, what: "another target", given: results(object{"to": auditExpectedOnOpenStack()}), says: []string{"to", "rules of openstack", "results of one rules function"}},
		{argument: "to", kind: isRight, what: "an origin", given: object{"to": object{key: rule.with(object{"origin": "published"})}}, gives: same},

		{argument: "settings", kind: isUnknown, given: settings(unknown), gives: "(known after apply)"},
		{argument: "settings", kind: isNull, given: settings(nil), gives: differs},
		{argument: "settings", kind: isEmpty, given: settings(object{}), gives: differs},
		{argument: "settings", kind: isWrong, what: "a setting that is none", given: settings(object{"binding": object{}}), says: []string{"settings.binding", "is not a setting", `Did you mean "bindings"?`}},

		{argument: "settings.bindings", kind: isUnknown, given: settings(object{"bindings": unknown}), gives: "(known after apply)"},
		{argument: "settings.bindings", kind: isUnknown, what: "group", given: settings(object{"bindings": object{"canopsis": object{"security_group_id": unknown}}}), gives: "(known after apply)"},
		{argument: "settings.bindings", kind: isUnknown, what: "named prefix", given: settings(object{"bindings": object{"users": object{"named_cidrs": object{"office": unknown}}}}), gives: "(known after apply)"},
		{argument: "settings.bindings", kind: isUnknown, what: "list", given: settings(object{"bindings": object{"users": object{"cidrs": unknown}}}),
			says: []string{`settings.bindings["users"].cidrs`, "not known yet", "named_cidrs"}},
		{argument: "settings.bindings", kind: isNull, given: settings(object{"bindings": nil}), gives: differs},
		{argument: "settings.bindings", kind: isNull, what: "binding", given: settings(object{"bindings": object{"users": nil}}), gives: differs},
		{argument: "settings.bindings", kind: isEmpty, given: settings(object{"bindings": object{}}), gives: differs},
		{argument: "settings.bindings", kind: isWrong, what: "host bits", given: settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.1/16"}}}}),
			says: []string{`settings.bindings["users"].cidrs[0]`, "10.20.0.1/16", "10.20.0.0/16"}},
		{argument: "settings.bindings", kind: isWrong, what: "host bits of a name", given: settings(object{"bindings": object{"users": object{"named_cidrs": object{"office": "10.20.0.1/16"}}}}),
			says: []string{`settings.bindings["users"].named_cidrs["office"]`, "10.20.0.1/16", "10.20.0.0/16"}},
		{argument: "settings.bindings", kind: isWrong, what: "an attribute that is none", given: settings(object{"bindings": object{"users": object{"cidr": list{}}}}),
			says: []string{`settings.bindings["users"].cidr`, "is not an attribute of a binding", `Did you mean "cidrs"?`}},
		{argument: "settings.bindings", kind: isWrong, what: "beside results", given: results(settings(object{"bindings": object{}})),
			says: []string{"settings.bindings", "have their peers already", "Leave the setting out"}},
		{argument: "settings.bindings", kind: isWrong, what: "the same as nobody", given: settings(object{"bindings": object{"api_event_sources": object{"same_as": "usrs"}}}),
			says: []string{`settings.bindings["api_event_sources"].same_as`, `"usrs" is not an endpoint of these rules or bindings`, `Did you mean "users"?`}},
		{argument: "settings.bindings", kind: isWrong, what: "the same as itself", given: settings(object{"bindings": object{"users": object{"same_as": "users"}}}),
			says: []string{`settings.bindings["users"].same_as`, "the endpoint that the binding is for", "Name another endpoint"}},
		{argument: "settings.bindings", kind: isWrong, what: "the same as another that is", given: settings(object{"bindings": object{"users": object{"same_as": "vpn"}, "vpn": object{"same_as": "office"}, "office": object{"cidrs": list{"10.20.0.0/16"}}}}),
			says: []string{`settings.bindings["users"].same_as`, `"vpn" is itself the same as "office"`, "whose binding says what it is"}},
		{argument: "settings.bindings", kind: isWrong, what: "addresses beside the same peer", given: settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.0/16"}}, "api_event_sources": object{"same_as": "users", "cidrs": list{"10.9.0.0/16"}}}}),
			says: []string{`settings.bindings["api_event_sources"].same_as`, "cidrs says what it is", "Leave same_as out"}},
		{argument: "settings.bindings", kind: isRight, what: "the same peer by another name",
			given: object{"to": object{"x": other}}.with(settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.0/16"}}, "api_event_sources": object{"same_as": "users"}}})), gives: same},
		{argument: "settings.bindings", kind: isRight, what: "the same peer, which is bound to nothing",
			given: object{"to": object{"x": other}}.with(settings(object{"bindings": object{"api_event_sources": object{"same_as": "users"}}})), gives: same},

		{argument: "settings.from_bindings", kind: isUnknown, given: settings(object{"from_bindings": unknown}), gives: "(known after apply)"},
		{argument: "settings.from_bindings", kind: isNull, given: settings(object{"from_bindings": nil}), gives: differs},
		{argument: "settings.from_bindings", kind: isEmpty, given: settings(object{"from_bindings": object{}}), gives: differs},
		{argument: "settings.from_bindings", kind: isWrong, what: "a list", given: settings(object{"from_bindings": list{}}), says: []string{"settings.from_bindings", "a list", "bindings as the rules take them"}},
		{argument: "settings.from_bindings", kind: isRight, what: "a CIDR that one loses and another gains",
			given: object{"to": object{"x": other}}.with(settings(object{"bindings": object{"api_event_sources": object{"cidrs": list{"10.20.0.0/16"}}}, "from_bindings": object{"users": object{"cidrs": list{"10.20.0.0/16"}}}})), gives: same},

		{argument: "settings.target", kind: isUnknown, given: results(settings(object{"target": unknown})), says: []string{"settings.target", "not known yet", "Write it"}},
		{argument: "settings.target", kind: isNull, given: results(settings(object{"target": nil})), gives: same},
		{argument: "settings.target", kind: isEmpty, given: results(settings(object{"target": ""})), says: []string{"settings.target", "is empty", "aws, azure, gcp"}},
		{argument: "settings.target", kind: isWrong, what: "a target that is none", given: results(settings(object{"target": "gpc"})), says: []string{"settings.target", `"gpc"`, `Did you mean "gcp"?`}},
		{argument: "settings.target", kind: isRight, what: "without a rule", given: results(settings(object{"target": "aws"})).with(object{"to": writtenExpected().with(object{"ingress": object{}})}),
			gives: `"0 opened, 1 closed, 0 unchanged."`},
	}
}

// auditExpectedOnOpenStack is what openstack_rules returns for one rule, written out.
func auditExpectedOnOpenStack() object {
	return writtenExpected().with(object{"ingress": object{"10.20.0.0/16-to-canopsis/tcp-8443": object{
		"host": "canopsis", "peer": "10.20.0.0/16", "peer_kind": "cidr", "flows": list{}, "security_group_id": "7d9e0c5e-0000-4000-8000-00000000000c", "direction": "ingress",
		"ethertype": "IPv4", "protocol": "tcp", "port_range_min": 8443, "port_range_max": 8443, "remote_ip_prefix": "10.20.0.0/16", "remote_group_id": nil, "remote_address_group_id": nil, "description": "x",
	}}})
}
