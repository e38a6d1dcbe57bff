package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
)

// auditFunction compares rules that are there with those that a rules function
// returned.
type auditFunction struct{}

var _ function.Function = auditFunction{}

func newAuditRulesFunction() function.Function { return auditFunction{} }

func (auditFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "audit_rules"
}

func (auditFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What existing firewall rules lack, and what they open beyond the matrix",
		MarkdownDescription: "Compares rules that are there, whoever wrote them, with those that " + auditedFunctions("`") + " returned: as sets of packets, one host and direction at a time, so that how a rule is written changes nothing. " +
			"What is there cannot always decide: then a rule is `undecided`, its `remedy` says what to write, and `ok` is false. Nothing is changed anywhere." +
			documentedActual + documentedSettings("settings", auditSettings()) + documentedReturn(auditType, auditDocs, documentedAudit...) + documentedGuides("audit_rules"),
		Parameters: []function.Parameter{
			parameter{"expected", "The whole result of " + auditedFunctions("`") + ".", tftypes.DynamicPseudoType},
			parameter{"actual", "The rules that are there: a text, or objects.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object of settings, as in `{ directions = [\"ingress\"] }`.", tftypes.DynamicPseudoType},
		Return:            result{auditType},
	}
}

const documentedActual = "\n\n### `actual`\n\nOne of these, or a list or a map of them:\n\n" +
	"- A text of `aws ec2 describe-security-group-rules`, `aws ec2 describe-security-groups`, `gcloud compute firewall-rules list --format=json`, Google's API, `openstack security group show -f json`, `openstack security group rule list --long -f json`, Neutron's API, `kubectl get networkpolicies -A -o json`, `az network nsg rule list -o json` or `az network nsg show -o json`, as in `file(\"rules.json\")`.\n" +
	"- A text of `terraform show -json`: of all modules, the resources that hold rules of this cloud.\n" +
	"- Resources and data sources: `data.aws_vpc_security_group_rule`, `aws_security_group`, `aws_default_security_group`, `aws_security_group_rule`, `google_compute_firewall`, `openstack_networking_secgroup_rule_v2`, `kubernetes_manifest`, `kubernetes_network_policy_v1`, `kubernetes_network_policy`, `azurerm_network_security_rule`.\n" +
	"- `{ ingress = aws_vpc_security_group_ingress_rule.this, egress = aws_vpc_security_group_egress_rule.this }`: these resources do not say their direction.\n\n" +
	"Anything else is an error: a text that is cut off, empty, compressed or UTF-16, a page of a longer answer, a second document behind the first, another tool's JSON, an attribute that could narrow or widen a rule and is not known here. Texts are read many times faster than `jsondecode` reads them."

var auditDocs = []attributeDoc{
	{names: "ok", doc: "`true` where nothing is missing, partial, excess or undecided and every host was seen; unknown where that depends on a value that is not known yet."},
	{names: "summary", doc: "A sentence for a `check` block: how many rules of each status, and the three worst."},
	{names: "limits", doc: "What rules cannot show, such as network ACLs. It changes nothing about `ok`."},
	{names: "unseen", doc: "What to write, for each host that nothing in `actual` mentions; `ok` is false while there is one."},
	{names: "counts", doc: "Number of rules of each status.", of: []attributeDoc{
		{names: "present, covered, partial, missing", doc: "Rules that are wanted, as `status` in `expected`."},
		{names: "matched", doc: "Rules that are there and equal to one that is wanted."},
		{names: "within", doc: "Rules that are there and open only what is wanted."},
		{names: "excess, redundant", doc: "Rules that are there, as `status` in `actual`."},
		{names: "foreign", doc: "Rules that are there in a group that no host has; they are not judged."},
		{names: "undecided", doc: "Rules of both sides."},
	}},
	{names: "expected", doc: "What became of what is wanted.", of: []attributeDoc{
		{names: "ingress, egress", doc: "By every key of `expected`; of network policies by each of their rules, `PEER-to-HOST` or `HOST-to-PEER`, and by a host without one.", of: []attributeDoc{
			{names: "status", doc: "`present` (an equal rule is there), `covered` (others let all of it through), `partial`, `missing` or `undecided`."},
			{names: "host", doc: "Endpoint that the rule is attached to."},
			{names: "flows", doc: "Ids of the flows that need it."},
			{names: "by", doc: "Ids of rules that let it through, the first eight; `GROUP/DIRECTION/default` is what the cloud lets pass where no rule decides."},
			{names: "missing", doc: "What is not let through: other side, protocol and ports, the first eight."},
			{names: "instead", doc: "Id of a rule that opens other ports to the same other side in its place, or null."},
			{names: "erratum", doc: "Id of the page's error that explains both ports, or null."},
			{names: "remedy", doc: "What to write where it is undecided, or null."},
		}},
	}},
	{names: "actual", doc: "Rules to look at, by their ids; those that are fine, or in a group that no host has, are only counted. A rule without an id is named by its group, direction and content, and what the cloud lets pass where no rule decides by `default` in place of the content.", of: []attributeDoc{
		{names: "status", doc: "`excess` (it opens what is not wanted), `redundant` (others let all of it through; those listed may all be removed together) or `undecided`."},
		{names: "hosts", doc: "Endpoints at which it applies."},
		{names: "direction", doc: "`ingress` or `egress`."},
		{names: "opens", doc: "What it opens beyond what is wanted, or all of it where it is redundant, the first eight."},
		{names: "wanted", doc: "Keys of rules that an excess one serves, so that it is to be narrowed and not removed, the first eight."},
		{names: "by", doc: "Ids of the rules that make it redundant."},
		{names: "instead_of", doc: "Key of the rule in whose place it opens other ports, or null."},
		{names: "remedy", doc: "What to write where it is undecided, or null."},
	}},
	{names: "adopt", doc: "What an `import` block's `for_each` takes.", of: []attributeDoc{
		{names: "ingress, egress", doc: "Id of the equal rule, by the key of the one that is wanted."},
	}},
	{names: "moved", doc: "`moved` blocks for rules that a state has under another key than Terraform would make them under today, so that they are changed and not made anew. Only what `terraform show -json` prints says those keys; empty where there is nothing to move."},
}

var documentedAudit = []string{
	"Each text in `missing` and `opens` names the other side, the protocol and the ports, as in `10.20.0.0/16 tcp/443`; what is open of every protocol but a few ports reads `10.20.0.0/16 tcp/444-65535 and protocols 7-255`.",
	"Keys are known at plan even where security groups are not: the status of a rule that depends on such a value is unknown, and while one is, so are `actual`, `counts`, `moved`, `summary` and `unseen`. `adopt` is then what is certain; it is unknown where `actual` or a setting as a whole is.",
}

func (auditFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	names := []string{"expected", "actual", "settings"}
	arguments, funcErr := withSettings(ctx, req.Arguments, `{ directions = ["ingress"] }`, names...)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	r := &auditReader{}
	r.read(r.Root("expected", arguments[0]), r.Root("actual", arguments[1]), r.Root("settings", arguments[2]))
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, names...)
		return
	}
	switch {
	case r.unknown:
		return // the keys of the result are not known
	case r.unsettled:
		resp.Result = result{auditType}.data(unsettledValue(r.input))
		return
	}
	audited, err := r.audited()
	if err != nil {
		resp.Error = functionError(err, names...)
		return
	}
	resp.Result = result{auditType}.data(audited)
}

// audited returns the result of what was read, and gives up the rows that are there:
// they are large.
func (r *auditReader) audited() (tftypes.Value, error) {
	in := r.input
	r.input.Actual = nil
	found, err := audit.Run(in)
	if err != nil {
		return tftypes.Value{}, err
	}
	return auditValue(r.input, found), nil
}
