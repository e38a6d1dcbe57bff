package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// reportSurface has the cases of the reports, which read their arguments alike,
// through the one whose text is easily counted.
func reportSurface() surface {
	base := object{"deployment": object{"flows": object{"users-to-canopsis-nginx": writtenFlow}}}
	return surface{
		name: "functions csv_report, html_report, markdown_report, mermaid_diagram, svg_diagram",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			return []string{
				"deployment", "deployment.flows", "deployment.endpoints", "deployment.errata", "deployment.edition",
				"settings", "settings.addresses", "settings.audits", "settings.bindings", "settings.from", "settings.bom", "settings.language", "settings.request", "settings.rules", "settings.separator",
			}
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			name := "csv_report"
			switch c.argument { // no table has a form, or what is deployed
			case "settings.request", "settings.audits":
				name = "markdown_report"
			case "settings.from":
				name = "html_report"
			}
			return callReport(t, name, base.with(c.given))
		},
		cases: reportCases(),
	}
}

// pageLines is a page of writtenFlow with so many lines more.
func pageLines(more int) string { return fmt.Sprintf("%d lines", 239+more) }

// writtenAudit is what audit_rules returned, with a rule of every status that is
// written down.
var writtenAudit = object{
	"ok": false, "summary": "1 missing.", "limits": list{"Network ACLs may drop what security groups let through."}, "unseen": object{"redis": "read its rules"},
	"expected": object{"egress": object{}, "ingress": object{
		"right": object{"status": "present"}, "lacking": object{"status": "partial", "missing": list{"10.0.0.0/9 tcp/22", "10.128.0.0/10 tcp/22"}}, "open": object{"status": "undecided", "remedy": "write this"},
	}},
	"actual": object{
		"sgr-1": object{"status": "excess", "hosts": list{"canopsis", "mongodb"}, "opens": list{"0.0.0.0/0 tcp/22"}}, "sgr-2": object{"status": "redundant", "hosts": list{"canopsis"}},
		"sgr-3": object{"status": "undecided", "hosts": list{"canopsis"}, "remedy": "write that"},
	},
}

// writtenFlow is a flow as the flows data source gives it.
var writtenFlow = object{
	"source": "users", "destination": "canopsis", "component": "nginx", "purpose": "user_access", "origin": "published",
	"ports": list{object{"protocol": "tcp", "from_port": 8443, "to_port": 8443}},
}

// callReport calls a report, and counts the lines of its text.
func callReport(t *testing.T, name string, given object) outcome {
	t.Helper()
	value, funcErr := reportOf(t, name, given)
	if funcErr != nil {
		return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "deployment", "settings")
	}
	if !value.IsKnown() {
		return outcome{result: "(known after apply)"}
	}
	written, _ := text(value)
	return outcome{result: fmt.Sprintf("%d lines", strings.Count(written, "\n"))}
}

func writeReport(t *testing.T, name string, given object) string {
	t.Helper()
	value, funcErr := reportOf(t, name, given)
	if funcErr != nil {
		t.Fatal(funcErr.Text)
	}
	written, ok := text(value)
	if !ok {
		t.Fatalf("%s gives %s", name, value)
	}
	return written
}

// reportOf calls a report through the protocol.
func reportOf(t *testing.T, name string, given object) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	return callNamed(t, name, tftypes.String, given, "deployment", "settings")
}

func reportCases() []diagnosticCase {
	deployed := func(attributes object) object {
		return object{"deployment": object{"flows": object{"users-to-canopsis-nginx": writtenFlow}}.with(attributes)}
	}
	flow := func(attributes object) object {
		return deployed(object{"flows": object{"users-to-canopsis-nginx": writtenFlow.with(attributes)}})
	}
	settings := func(v any) object { return object{"settings": v} }
	const at = `deployment.flows["users-to-canopsis-nginx"]`
	return []diagnosticCase{
		{argument: "deployment", kind: isUnknown, given: object{"deployment": unknown},
			gives: "(known after apply)"},
		{argument: "deployment", kind: isNull, given: object{"deployment": nil},
			says: []string{"deployment", "left out or null", "data.canopsis_flows.this"}},
		{argument: "deployment", kind: isEmpty, given: object{"deployment": object{}},
			says: []string{"deployment", "no attribute flows", "data.canopsis_flows.this"}},
		{argument: "deployment", kind: isWrong, what: "a text", given: object{"deployment": "canopsis"},
			says: []string{"deployment", `the text "canopsis"`, "data.canopsis_flows.this"}},
		{argument: "deployment", kind: isWrong, what: "the rules", given: object{"deployment": writtenRules()},
			says: []string{"deployment", "no attribute flows", "data.canopsis_flows.this"}},

		{argument: "deployment.flows", kind: isUnknown, given: deployed(object{"flows": unknown}),
			gives: "(known after apply)"},
		{argument: "deployment.flows", kind: isUnknown, what: "port", given: flow(object{"ports": list{object{"protocol": "tcp", "from_port": unknown, "to_port": 8443}}}),
			gives: "(known after apply)"},
		{argument: "deployment.flows", kind: isNull, given: deployed(object{"flows": nil}),
			says: []string{"deployment.flows", "left out or null", "the data source's flows"}},
		{argument: "deployment.flows", kind: isNull, what: "flow", given: deployed(object{"flows": object{"users-to-canopsis-nginx": nil}}),
			says: []string{at, "null stands here", "leave the element out"}},
		{argument: "deployment.flows", kind: isNull, what: "attributes of a flow", given: flow(object{"description": nil, "reasons": nil, "origin": nil, "via_proxy": nil}),
			gives: "2 lines"},
		{argument: "deployment.flows", kind: isNull, what: "attributes that a flow must have", given: flow(object{"source": nil, "destination": nil, "component": nil, "purpose": nil, "ports": nil}),
			says: []string{at + ".source", at + ".destination", at + ".component", at + ".purpose", at + ".ports", "left out or null"}},
		{argument: "deployment.flows", kind: isEmpty, what: "flow", given: deployed(object{"flows": object{"x": object{}}}),
			says: []string{`deployment.flows["x"].source`, `deployment.flows["x"].ports`, "left out or null"}},
		{argument: "deployment.flows", kind: isEmpty, what: "ports", given: flow(object{"ports": list{}}),
			says: []string{at + ".ports", "the list is empty", "leave the flow out"}},
		{argument: "deployment.flows", kind: isWrong, what: "an origin that is not one", given: flow(object{"origin": "publshed"}),
			says: []string{at + ".origin", `"publshed"`, `Did you mean "published"?`}},
		{argument: "deployment.flows", kind: isWrong, what: "a purpose that is not one", given: flow(object{"purpose": "users"}),
			says: []string{at + ".purpose", `"users"`, "user_access"}},
		{argument: "deployment.flows", kind: isWrong, what: "a source that is not an id", given: flow(object{"source": "Users!"}),
			says: []string{at + ".source", `"Users!"`, "lower-case letter"}},
		{argument: "deployment.flows", kind: isWrong, what: "a kind of reason that is not one", given: flow(object{"description": "x", "reasons": list{object{"kind": "rowe", "parameters": list{}, "text": "x"}}}),
			says: []string{at + ".reasons[0].kind", `"rowe"`, `Did you mean "row"?`}},
		{argument: "deployment.flows", kind: isEmpty, given: deployed(object{"flows": object{}}),
			gives: "1 lines"},
		{argument: "deployment.flows", kind: isWrong, what: "a list", given: deployed(object{"flows": list{writtenFlow}}),
			says: []string{"deployment.flows", "a list", "the data source's flows"}},
		{argument: "deployment.flows", kind: isWrong, what: "a flow that is a text", given: deployed(object{"flows": object{"users-to-canopsis-nginx": "tcp/443"}}),
			says: []string{at, `the text "tcp/443"`, "with source, destination, component, purpose and ports"}},
		{argument: "deployment.flows", kind: isWrong, what: "a source that is a number", given: flow(object{"source": 1}),
			says: []string{at + ".source", "the number 1", "a text"}},
		{argument: "deployment.flows", kind: isWrong, what: "a flag that is a text", given: flow(object{"via_proxy": "yes"}),
			says: []string{at + ".via_proxy", `the text "yes"`, "true or false"}},
		{argument: "deployment.flows", kind: isWrong, what: "ports as texts", given: flow(object{"ports": list{"tcp/443"}}),
			says: []string{at + ".ports[0]", `the text "tcp/443"`, "protocol, from_port and to_port"}},
		{argument: "deployment.flows", kind: isWrong, what: "a port out of range", given: flow(object{"ports": list{object{"protocol": "tcp", "from_port": 0, "to_port": 70000}}}),
			says: []string{at + ".ports[0].from_port", at + ".ports[0].to_port", "from 1 to 65535"}},

		{argument: "deployment.endpoints", kind: isUnknown, given: deployed(object{"endpoints": unknown}),
			gives: "(known after apply)"},
		{argument: "deployment.endpoints", kind: isNull, given: deployed(object{"endpoints": nil}),
			gives: "2 lines"},
		{argument: "deployment.endpoints", kind: isEmpty, given: deployed(object{"endpoints": object{}}),
			gives: "2 lines"},
		{argument: "deployment.endpoints", kind: isWrong, what: "host names in a text", given: deployed(object{"endpoints": object{"users": object{"fqdns": "canopsis.net"}}}),
			says: []string{`deployment.endpoints["users"].fqdns`, `the text "canopsis.net"`, "a list of texts"}},

		{argument: "deployment.errata", kind: isUnknown, given: deployed(object{"errata": object{"redis_port": object{"reason": unknown}}}),
			gives: "(known after apply)"},
		{argument: "deployment.errata", kind: isNull, given: deployed(object{"errata": nil}),
			gives: "2 lines"},
		{argument: "deployment.errata", kind: isEmpty, given: deployed(object{"errata": object{}}),
			gives: "2 lines"},
		{argument: "deployment.errata", kind: isWrong, what: "a list", given: deployed(object{"errata": list{"redis_port"}}),
			says: []string{"deployment.errata", "a list", "the data source's errata"}},

		{argument: "deployment.edition", kind: isUnknown, given: deployed(object{"edition": unknown}),
			gives: "(known after apply)"},
		{argument: "deployment.edition", kind: isNull, given: deployed(object{"edition": nil}),
			gives: "2 lines"},
		{argument: "deployment.edition", kind: isEmpty, given: deployed(object{"edition": object{}}),
			gives: "2 lines"},
		{argument: "deployment.edition", kind: isWrong, what: "a text", given: deployed(object{"edition": "22.10"}),
			says: []string{"deployment.edition", `the text "22.10"`, "the data source's edition"}},

		{argument: "settings", kind: isUnknown, given: settings(unknown),
			gives: "(known after apply)"},
		{argument: "settings", kind: isNull, given: settings(nil),
			gives: "2 lines"},
		{argument: "settings", kind: isEmpty, given: settings(object{}),
			gives: "2 lines"},
		{argument: "settings", kind: isWrong, what: "a text", given: settings("fr"),
			says: []string{"settings", `the text "fr"`, `{ language = "fr" }`}},
		{argument: "settings", kind: isWrong, what: "misspelt", given: settings(object{"lang": "fr"}),
			says: []string{"settings.lang", `"lang"`, `Did you mean "language"?`, "addresses, bindings, bom, from, language, rules, separator"}},

		{argument: "settings.language", kind: isUnknown, given: settings(object{"language": unknown}),
			gives: "(known after apply)"},
		{argument: "settings.language", kind: isNull, given: settings(object{"language": nil}),
			gives: "2 lines"},
		{argument: "settings.language", kind: isEmpty, given: settings(object{"language": ""}),
			says: []string{"settings.language", `""`, "en, fr"}},
		{argument: "settings.language", kind: isWrong, what: "a language that is none", given: settings(object{"language": "de"}),
			says: []string{"settings.language", `"de"`, "en, fr"}},
		{argument: "settings.language", kind: isWrong, what: "a list", given: settings(object{"language": list{"fr"}}),
			says: []string{"settings.language", "a list", "a text"}},

		{argument: "settings.bindings", kind: isUnknown, given: settings(object{"bindings": object{"users": object{"cidrs": unknown}}}),
			gives: "(known after apply)"},
		{argument: "settings.bindings", kind: isNull, given: settings(object{"bindings": object{"users": nil}}),
			gives: "2 lines"},
		{argument: "settings.bindings", kind: isEmpty, given: settings(object{"bindings": object{}}),
			gives: "2 lines"},
		{argument: "settings.bindings", kind: isWrong, what: "a text for a list", given: settings(object{"bindings": object{"users": object{"cidrs": "10.20.0.0/16"}}}),
			says: []string{`settings.bindings["users"].cidrs`, `the text "10.20.0.0/16"`, "a list of prefixes"}},
		{argument: "settings.bindings", kind: isNull, what: "prefix", given: settings(object{"bindings": object{"users": object{"cidrs": list{nil}}}}),
			says: []string{`settings.bindings["users"].cidrs[0]`, "null", "leave the element out"}},
		{argument: "settings.bindings", kind: isEmpty, what: "endpoint", given: settings(object{"bindings": object{"": object{"cidrs": list{"10.20.0.0/16"}}}}),
			says: []string{`settings.bindings[""]`, "not a valid name", "lower-case letter"}},
		{argument: "settings.bindings", kind: isWrong, what: "host bits", given: settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.1/16"}}}}),
			says: []string{`settings.bindings["users"].cidrs[0]`, `"10.20.0.1/16"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "settings.bindings", kind: isWrong, what: "misspelt attribute", given: settings(object{"bindings": object{"users": object{"cidr": list{"10.20.0.0/16"}}}}),
			says: []string{`settings.bindings["users"].cidr`, `"cidr"`, `Did you mean "cidrs"?`}},
		{argument: "settings.bindings", kind: isWrong, what: "chain of same_as", given: settings(object{"bindings": object{"users": object{"same_as": "ldap"}, "ldap": object{"same_as": "canopsis"}, "canopsis": object{"cidrs": list{}}}}),
			says: []string{`settings.bindings["users"].same_as`, `"ldap"`, `"canopsis"`}},
		{argument: "settings.bindings", kind: isRight, what: "of any cloud",
			given: settings(object{"bindings": object{"canopsis": object{"security_group_id": "sg-1", "network_tags": list{"canopsis"}}, "users": object{"address_group_id": "ag-1"}}}),
			gives: "2 lines"},
		{argument: "settings.bindings", kind: isUnknown, what: "identifier", given: settings(object{"bindings": object{"canopsis": object{"security_group_id": unknown}}}),
			gives: "(known after apply)"},

		{argument: "settings.addresses", kind: isUnknown, given: settings(object{"addresses": object{"users": unknown}}),
			gives: "(known after apply)"},
		{argument: "settings.addresses", kind: isNull, given: settings(object{"addresses": nil}),
			gives: "2 lines"},
		{argument: "settings.addresses", kind: isNull, what: "list", given: settings(object{"addresses": object{"users": nil}}),
			says: []string{`settings.addresses["users"]`, "null", "leave the element out"}},
		{argument: "settings.addresses", kind: isEmpty, given: settings(object{"addresses": object{"users": list{}}}),
			gives: "2 lines"},
		{argument: "settings.addresses", kind: isEmpty, what: "text", given: settings(object{"addresses": object{"users": list{""}}}),
			says: []string{`settings.addresses["users"][0]`, `the text "" is empty`, "Leave the element out"}},
		{argument: "settings.addresses", kind: isWrong, what: "the vendor's other name of an endpoint", given: settings(object{"addresses": object{"utilisateurs": list{"10.20.0.0/16"}}}),
			says: []string{`settings.addresses["utilisateurs"]`, `"utilisateurs" is not an endpoint of these flows`, `Did you mean "users"?`}},
		{argument: "settings.addresses", kind: isWrong, what: "host bits", given: settings(object{"addresses": object{"users": list{"10.20.0.1/16"}}}),
			says: []string{`settings.addresses["users"][0]`, `"10.20.0.1/16"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "settings.addresses", kind: isWrong, what: "an address that is not one", given: settings(object{"addresses": object{"users": list{"10.20.0.256"}}}),
			says: []string{`settings.addresses["users"][0]`, `"10.20.0.256"`, "a prefix"}},
		{argument: "settings.addresses", kind: isWrong, what: "a text for a list", given: settings(object{"addresses": object{"users": "10.20.0.0/16"}}),
			says: []string{`settings.addresses["users"]`, `the text "10.20.0.0/16"`, "a list of prefixes"}},
		{argument: "settings.addresses", kind: isWrong, what: "an endpoint that is not an id", given: settings(object{"addresses": object{"Users": list{"10.20.0.0/16"}}}),
			says: []string{`settings.addresses["Users"]`, `"Users"`, "lower-case letter"}},

		{argument: "settings.rules", kind: isUnknown, given: settings(object{"rules": object{"aws": unknown}}),
			gives: "(known after apply)"},
		{argument: "settings.rules", kind: isNull, given: settings(object{"rules": nil}),
			gives: "2 lines"},
		{argument: "settings.rules", kind: isEmpty, given: settings(object{"rules": object{}}),
			gives: "2 lines"},
		{argument: "settings.rules", kind: isWrong, what: "one result without a name", given: settings(object{"rules": object{"ingress": object{}, "egress": object{}}}),
			says: []string{`settings.rules["egress"]`, "no ingress and egress", "rules = { aws = local.aws }"}},
		{argument: "settings.rules", kind: isWrong, what: "the data source's rules", given: settings(object{"rules": object{"aws": writtenRules()}}),
			says: []string{`settings.rules["aws"]`, "no ingress and egress", "rules = { aws = local.aws }"}},

		{argument: "settings.request", kind: isUnknown, given: settings(object{"request": object{"ticket": unknown}}),
			gives: "(known after apply)"},
		{argument: "settings.request", kind: isNull, given: settings(object{"request": nil}),
			gives: "9 lines"},
		{argument: "settings.request", kind: isEmpty, given: settings(object{"request": object{}}),
			gives: "24 lines"},
		{argument: "settings.request", kind: isWrong, what: "misspelt", given: settings(object{"request": object{"tickt": "CHG-1"}}),
			says: []string{"settings.request.tickt", `"tickt"`, `Did you mean "ticket"?`}},

		{argument: "settings.audits", kind: isUnknown, given: settings(object{"audits": object{"aws": writtenAudit.with(object{"ok": unknown})}}),
			gives: "(known after apply)"},
		{argument: "settings.audits", kind: isNull, given: settings(object{"audits": nil}),
			gives: "9 lines"},
		{argument: "settings.audits", kind: isEmpty, given: settings(object{"audits": object{}}),
			gives: "9 lines"},
		{argument: "settings.audits", kind: isWrong, what: "without a name", given: settings(object{"audits": writtenAudit}),
			says: []string{"settings.audits", "stands here", "what audit_rules returned, as in local.audit"}},
		{argument: "settings.audits", kind: isWrong, what: "rules in its place", given: settings(object{"audits": object{"aws": writtenExpected()}}),
			says: []string{`settings.audits["aws"]`, "no ok, expected and actual", "audits = { aws = local.audit }"}},
		{argument: "settings.audits", kind: isWrong, what: "a status that is none", given: settings(object{"audits": object{"aws": writtenAudit.with(object{"actual": object{"sgr-1": object{"status": "exces"}}})}}),
			says: []string{`settings.audits["aws"].actual["sgr-1"].status`, `Did you mean "excess"?`, "redundant"}},
		{argument: "settings.audits", kind: isEmpty, what: "a status", given: settings(object{"audits": object{"aws": writtenAudit.with(object{"expected": object{"ingress": object{"a": object{"status": ""}}, "egress": object{}}})}}),
			says: []string{`settings.audits["aws"].expected["ingress"]["a"].status`, `""`, "missing"}},
		{argument: "settings.audits", kind: isRight, what: "one", given: settings(object{"audits": object{"aws": writtenAudit}}),
			gives: "35 lines"},

		{argument: "settings.from", kind: isUnknown, given: settings(object{"from": unknown}),
			gives: "(known after apply)"},
		{argument: "settings.from", kind: isNull, given: settings(object{"from": nil}),
			gives: pageLines(0)},
		{argument: "settings.from", kind: isEmpty, given: settings(object{"from": object{}}),
			says: []string{"settings.from", "no attribute flows", "Give the data source itself"}},
		{argument: "settings.from", kind: isWrong, what: "a list", given: settings(object{"from": list{}}),
			says: []string{"settings.from", "a list", "the data source"}},
		{argument: "settings.from", kind: isRight, what: "no flow", given: settings(object{"from": object{"flows": object{}}}),
			gives: pageLines(7)},

		{argument: "settings.separator", kind: isUnknown, given: settings(object{"separator": unknown}),
			gives: "(known after apply)"},
		{argument: "settings.separator", kind: isNull, given: settings(object{"separator": nil}),
			gives: "2 lines"},
		{argument: "settings.separator", kind: isEmpty, given: settings(object{"separator": ""}),
			says: []string{"settings.separator", `""`, `";"`}},
		{argument: "settings.separator", kind: isWrong, what: "a letter", given: settings(object{"separator": "x"}),
			says: []string{"settings.separator", `"x"`, `";"`}},

		{argument: "settings.bindings", kind: isWrong, what: "addresses beside the same peer", given: settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.0/16"}}, "vpn": object{"same_as": "users", "cidrs": list{"10.9.0.0/16"}}}}),
			says: []string{`settings.bindings["vpn"].same_as`, "cidrs says what it is", "Leave same_as out"}},
		{argument: "settings.bom", kind: isUnknown, given: settings(object{"bom": unknown}),
			gives: "(known after apply)"},
		{argument: "settings.bom", kind: isNull, given: settings(object{"bom": nil}),
			gives: "2 lines"},
		{argument: "settings.bom", kind: isEmpty, given: settings(object{"bom": ""}),
			says: []string{"settings.bom", `the text ""`, "true or false"}},
		{argument: "settings.bom", kind: isWrong, what: "a text", given: settings(object{"bom": "yes"}),
			says: []string{"settings.bom", `the text "yes"`, "true or false"}},
	}
}

// Whoever approves an opening reads what stands for each end, and an empty cell
// never leaves them to guess.
func TestReportsNameAddresses(t *testing.T) {
	t.Parallel()
	flow := func(source, destination string) object {
		return writtenFlow.with(object{"source": source, "destination": destination})
	}
	given := object{
		"deployment": object{
			"flows": object{
				"users-to-canopsis-nginx":                flow("users", "canopsis"),
				"api_event_sources-to-canopsis-nginx":    flow("api_event_sources", "canopsis"),
				"canopsis-to-package_repositories-https": flow("canopsis", "package_repositories"),
				"administrators-to-canopsis-nginx":       flow("administrators", "canopsis"),
				"nobody-to-ldap-nginx":                   flow("nobody", "ldap"),
			},
			"endpoints": object{"package_repositories": object{"name": "Package repositories", "kind": "external", "fqdns": list{"git.canopsis.net"}}},
		},
		"settings": object{
			"bindings": object{
				"users":                object{"cidrs": list{"192.168.0.0/16", "10.20.0.0/16", "10.20.30.0/24"}, "named_cidrs": object{"paris": "2001:db8::/32"}},
				"api_event_sources":    object{"same_as": "users"},
				"canopsis":             object{"security_group_id": "sg-1"},
				"package_repositories": object{"cidrs": list{"10.2.0.8/32"}},
				"ldap":                 object{"cidrs": list{"10.1.0.10/32"}},
				"nobody":               object{"cidrs": list{}},
			},
			"addresses": object{"ldap": list{"10.9.0.0/24", "the directory"}},
		},
	}
	const users = "10.20.0.0/16, 192.168.0.0/16, 2001:db8::/32 (paris)"
	for name, want := range map[string][]string{
		"csv_report": {
			`administrators-to-canopsis-nginx,administrators,administrators,not bound,canopsis,canopsis,security group sg-1,`,
			`api_event_sources-to-canopsis-nginx,api_event_sources,api_event_sources,"` + users + `",canopsis,`,
			`users-to-canopsis-nginx,users,users,"` + users + `",canopsis,`,
			`canopsis-to-package_repositories-https,canopsis,canopsis,security group sg-1,package_repositories,Package repositories,10.2.0.8/32,`,
			`nobody-to-ldap-nginx,nobody,nobody,none,ldap,ldap,"10.9.0.0/24, the directory",`,
		},
		"markdown_report": {
			"| " + users + " | canopsis | security group sg-1 |",
			"| 10.2.0.8/32 | nginx |",
			"| nobody | none | ldap | 10.9.0.0/24, the directory |",
		},
		"html_report": {"<small>" + users + "</small>", "<small>not bound</small>", "<small>security group sg-1</small>"},
	} {
		written := writeReport(t, name, given)
		for _, line := range want {
			if !strings.Contains(written, line) {
				t.Errorf("%s: nothing says %s in\n%s", name, line, written)
			}
		}
		if got := strings.Count(written, users); got != 2 {
			t.Errorf("%s: the addresses of users stand there %d times, not for them and for those that are the same", name, got)
		}
	}
	without := writeReport(t, "csv_report", given.with(object{"settings": nil}))
	if want := "users-to-canopsis-nginx,users,users,not given,canopsis,canopsis,not given,"; !strings.Contains(without, want) {
		t.Errorf("nothing says %s in\n%s", want, without)
	}
}

// An audit and another deployment have sections of their own, with the words that
// they came with as texts.
func TestReportsOfWhatIsDeployed(t *testing.T) {
	t.Parallel()
	given := object{"deployment": object{"flows": object{"users-to-canopsis-nginx": writtenFlow}}, "settings": object{"audits": object{"aws": writtenAudit}}}
	document := writeReport(t, "markdown_report", given)
	for _, want := range []string{
		"\n## aws: as deployed\n\nThe rules that are there differ from those that are wanted. 1 missing.\n",
		"\n### Missing\n\n- lacking (ingress): 10.0.0.0/9 tcp/22, 10.128.0.0/10 tcp/22\n",
		"\n### Open beyond the matrix\n\n- sgr-1 (canopsis, mongodb): 0.0.0.0/0 tcp/22\n",
		"\n### Done by other rules already\n\n- sgr-2 (canopsis)\n",
		"\n### Not decided\n\n- open (ingress): write this\n- sgr-3 (canopsis): write that\n- redis: read its rules\n",
		"\n### What rules cannot show\n\n- Network ACLs may drop what security groups let through.\n",
	} {
		if !strings.Contains(document, want) {
			t.Errorf("it does not say %q:\n%s", want, document)
		}
	}
	given["settings"] = object{"language": "fr", "audits": object{"aws": writtenAudit}, "from": object{"flows": object{}}}
	table := writeReport(t, "csv_report", given.with(object{"settings": object{"from": object{"flows": object{}}}}))
	if !strings.Contains(table, ",Change\r\n") || !strings.Contains(table, ",opened\r\n") {
		t.Errorf("it does not say what is opened:\n%s", table)
	}
	page := writeReport(t, "html_report", given)
	for _, want := range []string{
		"<h2>aws : tel que déployé</h2>", `<ul class="opened">`, "<li>sgr-1 (canopsis, mongodb): 0.0.0.0/0 tcp/22</li>",
		"<h2>Évolution des flux réseau de Canopsis</h2>", "<li>&#43; users → canopsis, TCP 8443</li>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
