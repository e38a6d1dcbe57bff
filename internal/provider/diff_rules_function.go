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
			documentedSettings("settings", diffSettings()) + documentedReturn(diffType, diffDocs, "Where something is not known yet, the whole result is not.") + documentedGuides("diff_rules"),
		Parameters: []function.Parameter{
			parameter{"from", "The rules of today: the data source's `rules`, or the whole result of a rules function.", tftypes.DynamicPseudoType},
			parameter{"to", "The rules of tomorrow, in the same form.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ bindings = local.bindings }`.", tftypes.DynamicPseudoType},
		Return:            result{diffType},
	}
}

var diffDocs = []attributeDoc{
	{names: "equal", doc: "`true` where no packet differs, whatever the keys are."},
	{names: "summary", doc: "A sentence: how many rules are opened, closed and unchanged, and which hosts are new or go."},
	{names: "counts", doc: "Number of rules.", of: []attributeDoc{{names: "opened, closed, unchanged", doc: "How many of that kind."}}},
	{names: "opened", doc: "Rules of `to` of which `from` lacks something, by their keys. Keys of bound rules have their direction before them, as in `ingress/canopsis-to-mongodb/tcp-27017`.", of: []attributeDoc{
		{names: "source, destination", doc: "Ids of the endpoints; of a bound rule, its `host` and its `peer`."},
		{names: "component, purpose, origin", doc: "As in the rule; null where it does not say."},
		{names: "flows", doc: "Ids of the flows that need it."},
		{names: "ports", doc: "Protocol and ports, as in `tcp/5672`."},
		{names: "packets", doc: "What `from` lacks of it, the first eight."},
		{names: "erratum", doc: "Id of the page's error that explains it, where the rule shows that, or null."},
	}},
	{names: "closed", doc: "Rules of `from` of which `to` lacks something.", like: "opened"},
	{names: "unchanged", doc: "Keys of the rules of `to` that `from` lets through as a whole."},
	{names: "moved", doc: "Of opened and closed rules, pairs of one component and ports that another end takes.", of: []attributeDoc{
		{names: "closed, opened", doc: "Keys of the two."},
		{names: "component", doc: "What listens."},
		{names: "ports", doc: "Protocol and ports."},
		{names: "end", doc: "Which end is another: `destination` or `source`."},
		{names: "from, to", doc: "Ids of that end, before and after."},
		{names: "other", doc: "Id of the end that stays."},
	}},
	{names: "changed", doc: "Other ports of one component between the same ends.", of: []attributeDoc{
		{names: "source, destination", doc: "Ids of the endpoints."},
		{names: "component", doc: "What listens."},
		{names: "closed, opened", doc: "Keys of the rules."},
		{names: "from, to", doc: "Ports, before and after."},
		{names: "erratum", doc: "Id of the page's error that explains it, or null."},
	}},
	{names: "only_from, only_to", doc: "What one side alone needs.", of: []attributeDoc{
		{names: "endpoints", doc: "Endpoints, each of which wants a binding."},
		{names: "hosts", doc: "Those of them that are hosts."},
	}},
}

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
