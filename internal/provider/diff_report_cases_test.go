package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func diffReportSurface() surface {
	flow := func(port int) object {
		return object{"flows": object{"users-to-canopsis-nginx": writtenFlow.with(object{"ports": list{object{"protocol": "tcp", "from_port": port, "to_port": port}}})}}
	}
	base := object{"from": flow(8443), "to": flow(443)}
	return surface{
		name: "function diff_report",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			names := []string{"from", "to", "settings"}
			for name := range diffReportSettings() {
				names = append(names, "settings."+name)
			}
			slices.Sort(names)
			return names
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			value, funcErr := callNamed(t, "diff_report", tftypes.String, base.with(c.given), "from", "to", "settings")
			if funcErr != nil {
				return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "from", "to", "settings")
			}
			if !value.IsKnown() {
				return outcome{result: "(known after apply)"}
			}
			written, _ := text(value)
			title, _, _ := strings.Cut(strings.TrimPrefix(written, "# "), "\n")
			return outcome{result: fmt.Sprintf("%s, %d lines", title, strings.Count(written, "\n"))}
		},
		cases: diffReportCases(flow(8443)),
	}
}

func diffReportCases(right object) []diagnosticCase {
	const (
		differs = "Change of Canopsis's network flows, 35 lines"
		same    = "Change of Canopsis's network flows, 15 lines"
	)
	settings := func(v any) object { return object{"settings": v} }
	var cases []diagnosticCase
	for _, side := range []struct{ name, empty string }{{"from", "Change of Canopsis's network flows, 19 lines"}, {"to", "Change of Canopsis's network flows, 25 lines"}} {
		cases = append(cases,
			diagnosticCase{argument: side.name, kind: isUnknown, given: object{side.name: unknown}, gives: "(known after apply)"},
			diagnosticCase{argument: side.name, kind: isNull, given: object{side.name: nil}, says: []string{side.name, "left out or null", "the data source"}},
			diagnosticCase{argument: side.name, kind: isEmpty, given: object{side.name: object{}}, says: []string{side.name, "no attribute flows", "data.canopsis_flows.this"}},
			diagnosticCase{argument: side.name, kind: isEmpty, what: "flows", given: object{side.name: object{"flows": object{}}}, gives: side.empty},
			diagnosticCase{argument: side.name, kind: isWrong, what: "a list", given: object{side.name: list{}}, says: []string{side.name, "a list", "the data source"}},
			diagnosticCase{argument: side.name, kind: isWrong, what: "the flows alone", given: object{side.name: right["flows"]}, says: []string{side.name, "no attribute flows", "{ flows = data.canopsis_flows.this.flows }"}},
		)
	}
	return append(cases, []diagnosticCase{
		{argument: "to", kind: isRight, what: "the same", given: object{"to": right}, gives: same},

		{argument: "settings", kind: isUnknown, given: settings(unknown), gives: "(known after apply)"},
		{argument: "settings", kind: isNull, given: settings(nil), gives: differs},
		{argument: "settings", kind: isEmpty, given: settings(object{}), gives: differs},
		{argument: "settings", kind: isWrong, what: "a setting that is none", given: settings(object{"languages": "fr"}), says: []string{"settings.languages", "is not a setting of this report", `Did you mean "language"?`}},

		{argument: "settings.language", kind: isUnknown, given: settings(object{"language": unknown}), gives: "(known after apply)"},
		{argument: "settings.language", kind: isNull, given: settings(object{"language": nil}), gives: differs},
		{argument: "settings.language", kind: isEmpty, given: settings(object{"language": ""}), says: []string{"settings.language", `"" is not a language`, "en, fr"}},
		{argument: "settings.language", kind: isWrong, what: "German", given: settings(object{"language": "de"}), says: []string{"settings.language", `"de" is not a language`, "en, fr"}},
		{argument: "settings.language", kind: isRight, what: "French", given: settings(object{"language": "fr"}), gives: "Évolution des flux réseau de Canopsis, 35 lines"},

		{argument: "settings.addresses", kind: isUnknown, given: settings(object{"addresses": unknown}), gives: "(known after apply)"},
		{argument: "settings.addresses", kind: isNull, given: settings(object{"addresses": nil}), gives: differs},
		{argument: "settings.addresses", kind: isEmpty, given: settings(object{"addresses": object{}}), gives: differs},
		{argument: "settings.addresses", kind: isWrong, what: "host bits", given: settings(object{"addresses": object{"users": list{"10.20.0.1/16"}}}),
			says: []string{`settings.addresses["users"][0]`, "has host bits", "10.20.0.0/16"}},

		{argument: "settings.bindings", kind: isUnknown, given: settings(object{"bindings": object{"canopsis": object{"security_group_id": unknown}}}), gives: "(known after apply)"},
		{argument: "settings.bindings", kind: isNull, given: settings(object{"bindings": nil}), gives: differs},
		{argument: "settings.bindings", kind: isEmpty, given: settings(object{"bindings": object{}}), gives: differs},
		{argument: "settings.bindings", kind: isWrong, what: "host bits", given: settings(object{"bindings": object{"users": object{"cidrs": list{"10.20.0.1/16"}}}}),
			says: []string{`settings.bindings["users"].cidrs[0]`, "10.20.0.1/16", "10.20.0.0/16"}},
		{argument: "settings.bindings", kind: isRight, what: "the same peer by another name", gives: same,
			given: object{"to": object{"flows": object{"x": writtenFlow.with(object{"source": "api_event_sources"})}}}.with(settings(object{"bindings": object{
				"api_event_sources": object{"same_as": "users"}, "users": object{"cidrs": list{"10.20.0.0/16"}},
			}}))},
	}...)
}
