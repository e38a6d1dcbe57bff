package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// diffReportFunction writes what changes between two deployments.
type diffReportFunction struct{}

var _ function.Function = diffReportFunction{}

func newDiffReportFunction() function.Function { return diffReportFunction{} }

func (diffReportFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "diff_report"
}

// diffReportSettings are those of every report that say something of both sides.
func diffReportSettings() map[string]reportSetting {
	all := reportFunction{}.allSettings()
	return map[string]reportSetting{
		"language":  all["language"],
		"addresses": all["addresses"],
		"bindings": {
			settingDoc{"Map of Object", "The bindings of a rules function: the cells of addresses say what each endpoint is bound to, and both sides are compared by it, so that `same_as` and a CIDR that one endpoint loses and another gains are no change. An identifier that is unknown at plan makes the whole text \"(known after apply)\"."},
			(*reportReader).bindings,
		},
	}
}

func (diffReportFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What changes between two deployments, as a Markdown document",
		MarkdownDescription: "Writes for a change board what one deployment opens and closes that another does not, packet by packet as [`diff_rules`](diff_rules.md) compares them: the editions and their errors, hosts gained and lost, what is opened and closed with addresses, ports and reasons, what moves to another host, which ports change, and last what breaks if something is closed before the upgrade. " +
			"The two may be two releases, an installation before and after a choice, or, with `corrections = \"none\"` on both and your copy of the vendor's page as one of them, the page then and now." +
			documentedSettings("settings", diffReportSettings()) +
			documentedText("The document, which begins with a heading of the first level. Not known while anything that it says is not.") + documentedGuides("diff_report"),
		Parameters: []function.Parameter{
			parameter{"from", "The deployment of today: the data source `canopsis_flows`, or an object with its `flows` and, for names and errors of the page, its `endpoints`, `errata` and `edition`.", tftypes.DynamicPseudoType},
			parameter{"to", "The deployment of tomorrow, in the same form.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ language = \"fr\" }`.", tftypes.DynamicPseudoType},
		Return:            result{tftypes.String},
	}
}

func (diffReportFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	names := []string{"from", "to", "settings"}
	arguments, funcErr := withSettings(ctx, req.Arguments, "{ language = \"fr\" }", names...)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	from, to := &reportReader{}, &reportReader{}
	from.deployment(from.Root("from", arguments[0]))
	to.deployment(to.Root("to", arguments[1]))
	to.settings(to.Root("settings", arguments[2]), diffReportSettings())
	var read reader
	read.Merge(from.Err())
	read.Merge(to.Err())
	if err := read.Err(); err != nil {
		resp.Error = functionError(err, names...)
		return
	}
	if from.unknown || to.unknown {
		return // a text that would read differently after apply is not known yet
	}
	from.report.Language, from.report.Addresses, from.report.Bound = to.report.Language, to.report.Addresses, to.report.Bound
	text := report.Compare(from.report, to.report, endsOf(arguments[2])).Markdown()
	resp.Result = result{tftypes.String}.data(tftypes.NewValue(tftypes.String, text))
}
