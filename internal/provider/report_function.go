package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// reportFunction writes a deployment's flows as a text.
type reportFunction struct {
	name, summary, description string
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
		MarkdownDescription: f.description + documentedSettings(f.allSettings()),
		Parameters: []function.Parameter{
			parameter{"deployment", "The data source `canopsis_flows`, or an object with its `flows` and, for names, host names and errors of the page, its `endpoints`, `errata`, `edition` and `rules`.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ language = \"fr\" }`.", tftypes.DynamicPseudoType},
		Return:            result{tftypes.String},
	}
}

func (f reportFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	deployed, err := argument(ctx, req.Arguments, 0)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	settings, err := onlySettings(ctx, req.Arguments, 1, "{ language = \"fr\", addresses = local.addresses }")
	if err != nil {
		resp.Error = functionError(err, "deployment", "settings")
		return
	}
	r := reportReader{report: report.Report{Provider: f.version}}
	r.deployment(r.Root("deployment", deployed))
	r.settings(r.Root("settings", settings), f.allSettings())
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, "deployment", "settings")
		return
	}
	if r.unknown {
		return // a text that would read differently after apply is not known yet
	}
	if r.report.Before != nil {
		r.report.Before.Language = r.report.Language
	}
	text, err := f.write(r.report)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Result = result{tftypes.String}.data(tftypes.NewValue(tftypes.String, text))
}

// onlySettings returns the one object of a function's last, variadic parameter, or
// null.
func onlySettings(ctx context.Context, arguments function.ArgumentsData, position int, example string) (tftypes.Value, error) {
	none := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	var value attr.Value
	if err := arguments.GetArgument(ctx, position, &value); err != nil {
		return none, err
	}
	given, ok := value.(types.Tuple)
	switch {
	case !ok:
		return none, errors.New("the settings did not arrive as a list of arguments")
	case len(given.Elements()) == 0:
		return none, nil
	case len(given.Elements()) > 1:
		return none, &refusal.Error{
			At: refusal.At("settings"), Summary: "Too many arguments",
			Found:  "more than one object of settings is given",
			Remedy: "Put them into one, as in " + example,
		}
	}
	settings, ok := given.Elements()[0].(protocolValue)
	if !ok {
		return none, errors.New("the settings did not arrive in the protocol's form")
	}
	return settings.value, nil
}

// reportReader reads a report's arguments. Anything that is unknown makes the
// whole text unknown.
type reportReader struct {
	reader
	report report.Report
}
