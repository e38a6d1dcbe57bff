package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// reportSurface has the cases of the reports, which read their arguments alike,
// through the one whose text is easily counted.
func reportSurface() surface {
	base := object{"deployment": object{"flows": object{"users-to-canopsis-nginx": writtenFlow}}}
	return surface{
		name: "functions csv_report, markdown_report, mermaid_diagram",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			return []string{
				"deployment", "deployment.flows", "deployment.endpoints", "deployment.errata", "deployment.edition",
				"settings", "settings.language", "settings.bindings",
			}
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			return callReport(t, "csv_report", base.with(c.given))
		},
		cases: reportCases(),
	}
}

// writtenFlow is a flow as the flows data source gives it.
var writtenFlow = object{
	"source": "users", "destination": "canopsis", "component": "nginx", "purpose": "user_access", "origin": "published",
	"ports": list{object{"protocol": "tcp", "from_port": 8443, "to_port": 8443}},
}

// callReport calls a report, and counts the lines of its text.
func callReport(t *testing.T, name string, given object) outcome {
	t.Helper()
	resp := reportOf(t, name, given)
	if resp.Error != nil {
		return functionOutcome(resp.Error.Text, resp.Error.FunctionArgument, "deployment", "settings")
	}
	value, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	if !value.IsKnown() {
		return outcome{result: "(known after apply)"}
	}
	written, _ := text(value)
	return outcome{result: fmt.Sprintf("%d lines", strings.Count(written, "\n"))}
}

func writeReport(t *testing.T, name string, given object) string {
	t.Helper()
	resp := reportOf(t, name, given)
	if resp.Error != nil {
		t.Fatal(resp.Error.Text)
	}
	value, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	written, ok := text(value)
	if !ok {
		t.Fatalf("%s gives %s", name, value)
	}
	return written
}

// reportOf calls a report through the protocol, with the settings where there
// are any.
func reportOf(t *testing.T, name string, given object) *tfprotov6.CallFunctionResponse {
	t.Helper()
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for _, argument := range []string{"deployment", "settings"} {
		v, ok := given[argument]
		if !ok {
			continue
		}
		value, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, untyped(v))
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &value)
	}
	resp, err := providerserver.NewProtocol6(New("test")())().CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
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
			says: []string{at, "left out or null", "with source, destination, component and ports"}},
		{argument: "deployment.flows", kind: isNull, what: "attributes of a flow", given: flow(object{"description": nil, "purpose": nil, "via_proxy": nil, "ports": nil}),
			gives: "2 lines"},
		{argument: "deployment.flows", kind: isEmpty, given: deployed(object{"flows": object{}}),
			gives: "1 lines"},
		{argument: "deployment.flows", kind: isWrong, what: "a list", given: deployed(object{"flows": list{writtenFlow}}),
			says: []string{"deployment.flows", "a list", "the data source's flows"}},
		{argument: "deployment.flows", kind: isWrong, what: "a flow that is a text", given: deployed(object{"flows": object{"users-to-canopsis-nginx": "tcp/443"}}),
			says: []string{at, `the text "tcp/443"`, "with source, destination, component and ports"}},
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
			says: []string{"settings.lang", `"lang"`, `Did you mean "language"?`, "bindings, language"}},

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
		{argument: "settings.bindings", kind: isRight, what: "of any cloud, unknown where no address stands",
			given: settings(object{"bindings": object{"canopsis": object{"security_group_id": unknown, "network_tags": list{"canopsis"}, "managed": unknown}, "users": object{"address_group_id": unknown}}}),
			gives: "2 lines"},
	}
}

// Whoever approves an opening reads whose addresses it is for.
func TestReportsNameAddresses(t *testing.T) {
	t.Parallel()
	flow := func(source, destination string) object {
		return writtenFlow.with(object{"source": source, "destination": destination})
	}
	given := object{
		"deployment": object{
			"flows": object{
				"users-to-canopsis-nginx":                  flow("users", "canopsis"),
				"api_event_sources-to-canopsis-nginx":      flow("api_event_sources", "canopsis"),
				"canopsis-to-package_repositories-https":   flow("canopsis", "package_repositories"),
				"administrators-to-canopsis-without-names": flow("administrators", "canopsis"),
			},
			"endpoints": object{"package_repositories": object{"name": "Package repositories", "kind": "external", "fqdns": list{"git.canopsis.net"}}},
		},
		"settings": object{"bindings": object{
			"users":                object{"cidrs": list{"192.168.0.0/16", "10.20.0.0/16", "10.20.30.0/24"}, "named_cidrs": object{"paris": "2001:db8::/32"}},
			"api_event_sources":    object{"same_as": "users"},
			"canopsis":             object{"security_group_id": "sg-1"},
			"package_repositories": object{"cidrs": list{"10.2.0.8/32"}},
		}},
	}
	const users = "10.20.0.0/16, 192.168.0.0/16, 2001:db8::/32 (paris)"
	for name, want := range map[string][]string{
		"csv_report": {
			`administrators-to-canopsis-without-names,administrators,,canopsis,,`,
			`api_event_sources-to-canopsis-nginx,api_event_sources,"` + users + `",canopsis,,`,
			`users-to-canopsis-nginx,users,"` + users + `",canopsis,,`,
			`canopsis-to-package_repositories-https,canopsis,,Package repositories (package_repositories),"10.2.0.8/32, git.canopsis.net",`,
		},
		"markdown_report": {
			"| " + users + " | canopsis |",
			"| 10.2.0.8/32, git.canopsis.net |",
		},
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
}
