package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// nftablesFunction writes the firewall of one host. It is no rulesFunction: the
// host is an argument, and the result is one text with the reasons of what it does
// not enforce, not maps of rules that are attached to identifiers.
type nftablesFunction struct{ target firewall.Target }

var _ function.Function = nftablesFunction{}

var rulesetType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"ruleset":    tftypes.String,
	"unenforced": tftypes.Map{ElementType: tftypes.String},
}}

var rulesetDocs = []attributeDoc{
	{names: "ruleset", doc: "A text for `nft -f`: it replaces the table `inet canopsis` in one transaction, and loads with nft 0.9.8 and later."},
	{names: "unenforced", doc: "Why a rule is not enforced, by its key: of each rule that leads to the host, or from it where egress is closed, and whose other end has no addresses. " +
		"`options.container_interfaces` is among its keys where egress is closed and nothing says where containers send from. It is known while `ruleset` is not."},
}

func newNftablesRulesetFunction() function.Function { return nftablesFunction{firewall.Nftables()} }

func (nftablesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "nftables_ruleset"
}

func (f nftablesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: f.target.Summary,
		MarkdownDescription: f.target.Description + documentedRule() +
			"\n\n### `bindings`\n\nA binding has one or more of these attributes; a null one is as if it were left out. Whatever a rule that leads to the host or from it names needs one, the host itself apart:\n" +
			documentedBinding(f.target) + documentedSettings("options", rulesetOptions()) + documentedReturn(rulesetType, rulesetDocs) + documentedGuides("nftables_ruleset"),
		Parameters: []function.Parameter{
			parameter{"rules", "Rules by key: the data source's `rules`, of all hosts, or those that you filtered or wrote yourself.", tftypes.DynamicPseudoType},
			parameter{"bindings", "Addresses of each endpoint of the rules, by the endpoint's id.", tftypes.DynamicPseudoType},
			parameter{"host", "Id of the host that the ruleset is for, as in `\"canopsis\"`, or of a relay that is a Linux host.", tftypes.String},
			parameter{"options", "An object of options, or `{}` for none.", tftypes.DynamicPseudoType},
		},
		Return: result{rulesetType},
	}
}

func (f nftablesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	arguments, funcErr := argumentsOf(ctx, req.Arguments, 4)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	if !arguments[0].IsKnown() || !arguments[1].IsKnown() || !arguments[3].IsKnown() {
		return // the result stays unknown: validate reads no data source
	}
	r := &reader{missing: "Give it a value"}
	rules := readRules("rules", arguments[0], &r.Errors)
	bindings := readBindings(f.target, arguments[1], &r.Errors)
	host := r.Root("host", arguments[2]).Like(`the id of a host, as in "canopsis"`).ID()
	options := r.rulesetOptions(r.Root("options", arguments[3]))
	var ruleset *firewall.HostRuleset
	if r.Err() == nil && !r.unknown {
		var err error
		ruleset, err = firewall.Ruleset(rules, bindings, host, options)
		r.Merge(err)
	}
	switch err := r.Err(); {
	case err != nil:
		resp.Error = functionError(err, "rules", "bindings", "host", "options")
	case ruleset != nil: // without a host it stays unknown
		resp.Result = result{rulesetType}.data(rulesetValue(ruleset))
	}
}

func rulesetValue(r *firewall.HostRuleset) tftypes.Value {
	reasons := make(map[string]tftypes.Value, len(r.Unenforced))
	for key, reason := range r.Unenforced {
		reasons[key] = textValue(reason)
	}
	return tftypes.NewValue(rulesetType, map[string]tftypes.Value{
		"ruleset":    protocolText(r.Text),
		"unenforced": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, reasons),
	})
}

// rulesetOption is an attribute of a ruleset's options.
type rulesetOption struct {
	settingDoc
	read func(o *firewall.RulesetOptions, f field)
}

// rulesetOptions are the options by name. What decides whether somebody gets in
// must be known; statements of the user's own need not be.
func rulesetOptions() map[string]rulesetOption {
	known := func(f field, remedy string) field {
		return f.MustBeKnown("the option is not known yet, and what is refused depends on it", remedy)
	}
	return map[string]rulesetOption{
		"container_interfaces": {
			settingDoc{"List of String", "Bridges of containers, as in `[\"docker0\", \"br-canopsis\"]`, each a name or the beginning of several and a star; `[]`, the default, for none. " +
				"What comes from them is the host itself, and routes to them that go past published ports are refused. " +
				"Give Docker's networks names (`com.docker.network.bridge.name`): `br-*` may be an uplink, and is your own risk."},
			func(o *firewall.RulesetOptions, f field) {
				o.ContainerInterfaces = f.List(listWords{"an interface", "a list of interfaces", `"br-canopsis"`, "Write their names, as in [\"br-canopsis\"]"}).Texts()
			},
		},
		"egress": {
			settingDoc{"String", "`\"open\"`, the default, or `\"closed\"`: then what the host opens needs a flow too, DNS and NTP among them, which the catalogue has (`interconnections`); the rest is rejected at once. " +
				"Containers are covered where `container_interfaces` names their bridges."},
			func(o *firewall.RulesetOptions, f field) {
				text, ok := known(f, `Write "open" or "closed"`).Like(`"open" or "closed"`).text()
				if o.ClosedEgress = text == "closed"; ok && text != "open" && text != "closed" {
					f.r.Unknown(f.Path(), text, "a value of egress", []string{"open", "closed"})
				}
			},
		},
		"admin_component": {
			settingDoc{"String", "Component by which administrators come in, `\"ssh\"` by default: a ruleset in which nobody with an address reaches it is refused."},
			func(o *firewall.RulesetOptions, f field) {
				o.AdminComponent = known(f, `Write a component's id, as in "ssh"`).Like(`a component's id, as in "ssh"`).ID()
			},
		},
		"allow_lockout": {
			settingDoc{"Boolean", "`true` where nobody needs to come in that way: the host has a console, or is rebuilt rather than changed."},
			func(o *firewall.RulesetOptions, f field) { o.AllowLockout = known(f, "Write true or false").Bool() },
		},
		"extra_input": {
			settingDoc{"List of String", "Statements of nftables for what no flow can say, each a rule on one line without braces and semicolons, as in `[\"ip protocol igmp accept\"]`. " +
				"They stand before the matrix, for what comes in to the host itself; the accept of another table does not open what this one drops."},
			func(o *firewall.RulesetOptions, f field) { o.ExtraInput = f.List(statementWords).TextValues() },
		},
		"extra_output": {
			settingDoc{"List of String", "The same for what the host and its containers open. Without closed egress it does nothing, and is an error."},
			func(o *firewall.RulesetOptions, f field) { o.ExtraOutput = f.List(statementWords).TextValues() },
		},
	}
}

var statementWords = listWords{"a statement", "a list of statements", `"ip protocol igmp accept"`, ""}

func (r *reader) rulesetOptions(f field) firewall.RulesetOptions {
	var read firewall.RulesetOptions
	o, ok := f.Optional().Object(`an object, as in { egress = "closed" }, or {} for none`)
	if !ok {
		return read
	}
	options := rulesetOptions()
	names := slices.Sorted(maps.Keys(options))
	o.RefuseOthers("an option of a ruleset", names)
	for _, name := range names {
		if part := o.Optional(name); !part.IsNull() {
			options[name].read(&read, part)
		}
	}
	if statements, known := read.ExtraOutput.Get(); (len(statements) > 0 || !known && !read.ExtraOutput.IsAbsent()) && !read.ClosedEgress && r.Err() == nil {
		r.Add(&refusal.Error{
			At: o.Optional("extra_output").Path(), Summary: "Nothing to add to", Found: "egress is open, and everything that the host opens passes",
			Remedy: `Write egress = "closed" beside it, or leave extra_output out`,
		})
	}
	return read
}
