package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
)

// diffRulesFunction compares what two deployments, or two results of a rules
// function, let pass.
type diffRulesFunction struct{}

var _ function.Function = diffRulesFunction{}

func newDiffRulesFunction() function.Function { return diffRulesFunction{} }

func (diffRulesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "diff_rules"
}

func (diffRulesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What one set of rules opens and closes that another does not",
		MarkdownDescription: "Compares two sets of rules packet by packet: what `to` opens, what it closes, and what stays, by the keys of the rules. " +
			"Both are the `rules` of the data source, or both are whole results of one rules function. Of the matrix's rules, source, destination and ports are compared; how ports are shared out between rules, and under which keys, changes nothing: 8000-8010 is equal to 8000-8005 beside 8006-8010." +
			documentedSettings(diffSettings()) + documentedDiff,
		Parameters: []function.Parameter{
			parameter{"from", "The rules of today: the data source's `rules`, or the whole result of a rules function.", tftypes.DynamicPseudoType},
			parameter{"to", "The rules of tomorrow, in the same form.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ bindings = local.bindings }`.", tftypes.DynamicPseudoType},
		Return:            result{diffType},
	}
}

const documentedDiff = "\n\nThe result has these attributes:\n\n" +
	"- `equal`: `true` where no packet differs, whatever the keys are.\n" +
	"- `summary`: A sentence: how many rules are opened, closed and unchanged, and which hosts are new or go.\n" +
	"- `counts`: Number of rules `opened`, `closed` and `unchanged`.\n" +
	"- `opened`: Map from the key of each rule of `to` of which `from` lacks something to the following. Keys of bound rules have their direction before them, as in `ingress/canopsis-to-mongodb/tcp-27017`.\n" +
	"  - `source`, `destination`: Ids of the endpoints; of a bound rule, its `host` and its `peer`.\n" +
	"  - `component`, `purpose`, `origin`: As in the rule; null where it does not say.\n" +
	"  - `flows`: Ids of the flows that need it.\n" +
	"  - `ports`: Protocol and ports, as in `tcp/5672`.\n" +
	"  - `packets`: What `from` lacks of it, the first eight.\n" +
	"  - `erratum`: Id of the page's error that explains it, where the rule shows that, or null.\n" +
	"- `closed`: The same for rules of `from` of which `to` lacks something.\n" +
	"- `unchanged`: Keys of the rules of `to` that `from` lets through as a whole.\n" +
	"- `moved`: Of opened and closed rules, pairs of one component and ports that another end takes: `closed` and `opened` (keys), `component`, `ports`, `end` (`destination` or `source`), `from` and `to` (ids of that end), `other` (id of the end that stays).\n" +
	"- `changed`: Other ports of one component between the same ends: `source`, `destination`, `component`, `closed` and `opened` (keys), `from` and `to` (ports), `erratum`.\n" +
	"- `only_from`, `only_to`: What one side alone needs: `endpoints`, each of which wants a binding, and `hosts`, those of them that are hosts.\n\n" +
	"Where something is not known yet, the whole result is not."

func (diffRulesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	names := []string{"from", "to", "settings"}
	arguments, funcErr := withSettings(ctx, req.Arguments, `{ bindings = local.bindings }`, names...)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	r := &diffReader{}
	from, to := r.read(arguments[0], arguments[1], r.Root("settings", arguments[2]))
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, names...)
		return
	}
	if !r.unknown {
		resp.Result = result{diffType}.data(diffValue(audit.Compare(from, to)))
	}
}
