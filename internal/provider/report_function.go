package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// reportFunction writes a deployment's flows as a text.
type reportFunction struct {
	name, summary, description string
	text                       string                   // what the result is, as a sentence
	version                    string                   // of this provider, for the document
	settings                   map[string]reportSetting // that this report takes beside those of all
	write                      func(report.Report) (string, error)
}

var _ function.Function = reportFunction{}

func (f reportFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f reportFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.description + documentedDeployment + documentedSettings("settings", f.allSettings()) + documentedText(f.text) + documentedGuides(f.name),
		Parameters: []function.Parameter{
			parameter{"deployment", "The data source `canopsis_flows`, or an object with some of its attributes.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ language = \"fr\" }`.", tftypes.DynamicPseudoType},
		Return:            result{tftypes.String},
	}
}

// documentedDeployment says what of the data source a report reads.
const documentedDeployment = "\n\n### `deployment`\n\nThe data source `canopsis_flows`, or an object with these attributes of it; a null one is as if it were left out:\n\n" +
	"- `flows` (Map of Object, Required) The flows; some of them where the others are nobody's concern.\n" +
	"- `endpoints` (Map of Object) Names, definitions and host names; without them ids stand there.\n" +
	"- `errata` (Map of Object) The page's errors that touch the deployment.\n" +
	"- `edition` (Object) The text of the page that was read.\n" +
	"- `rules` (Map of Object) The rules: where one is of a flow that `flows` lacks, the report says that it does not show all."

func (f reportFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	names := []string{"deployment", "settings"}
	arguments, funcErr := withSettings(ctx, req.Arguments, "{ language = \"fr\", addresses = local.addresses }", names...)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	r := reportReader{report: report.Report{Provider: f.version}}
	r.deployment(r.Root("deployment", arguments[0]))
	r.settings(r.Root("settings", arguments[1]), f.allSettings())
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, names...)
		return
	}
	if r.unknown {
		return // a text that would read differently after apply is not known yet
	}
	text, err := f.write(r.report)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Result = result{tftypes.String}.data(tftypes.NewValue(tftypes.String, text))
}

// reportReader reads a report's arguments. Anything that is unknown makes the
// whole text unknown.
type reportReader struct {
	reader
	report report.Report
}
