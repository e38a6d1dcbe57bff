package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// rulesFunction is a function that turns rules into one cloud's own. All that the
// clouds differ in is their target.
type rulesFunction struct {
	target     firewall.Target
	parts      []resultPart
	resultType tftypes.Object
}

var _ function.Function = (*rulesFunction)(nil)

func newRulesFunction(target firewall.Target) *rulesFunction {
	f := &rulesFunction{target: target, resultType: tftypes.Object{AttributeTypes: make(map[string]tftypes.Type)}}
	for _, part := range target.Results {
		p := newResultPart(target, part)
		f.parts = append(f.parts, p)
		f.resultType.AttributeTypes[part.Name] = p.valueType()
	}
	return f
}

// value builds the result in the protocol's form.
func (f *rulesFunction) value(r *firewall.Result) tftypes.Value {
	values := make(map[string]tftypes.Value, len(f.parts))
	for i := range f.parts {
		values[f.parts[i].Name] = f.parts[i].value(r)
	}
	return tftypes.NewValue(f.resultType, values)
}

// documented lists what the framework has no place for: the attributes of a
// binding and of the result.
func documented(target firewall.Target) string {
	var doc strings.Builder
	doc.WriteString(documentedRule())
	counted := ""
	if attachingNames(target) != "" {
		counted = ", and one that rules could be attached to is in `counts`"
	}
	doc.WriteString("\n\n### `bindings`\n\nA binding has one or more of these attributes; a null one is as if it were left out. " +
		"A binding whose endpoint no rule names opens nothing; it is checked all the same" + counted + ". " +
		"Errors quote a binding's value only where it is malformed or public: Terraform does not tell a function what is sensitive.\n")
	doc.WriteString(documentedBinding(target) + documentedRulesSettings(target) + documentedResult(target) + documentedGuides(target.FunctionName()))
	return doc.String()
}

// documentedRule lists the attributes of a rule.
func documentedRule() string {
	var doc strings.Builder
	doc.WriteString("\n\n### `rules`\n\nA rule that you write yourself has these attributes, as each of the data source's `rules` has; others are not looked at:\n")
	for _, attribute := range ruleAttributes {
		fmt.Fprintf(&doc, "\n- `%s` (%s) %s.", attribute.name, attribute.kind, attribute.doc)
	}
	return doc.String()
}

// documentedBinding lists the attributes of a binding.
func documentedBinding(target firewall.Target) string {
	var doc strings.Builder
	bindings := bindingAttributes(target)
	for _, name := range slices.Sorted(maps.Keys(bindings)) {
		fmt.Fprintf(&doc, "\n- `%s` (%s) %s", name, bindings[name].kind, bindings[name].doc)
	}
	return doc.String()
}

// peerKinds lists what a cloud's peers can be.
func peerKinds(target firewall.Target) string {
	kinds := make([]string, 0, len(target.Peers))
	for _, kind := range target.Peers {
		kinds = append(kinds, "`"+string(kind)+"`")
	}
	return inWords(kinds, "or")
}

// inWords joins words as a sentence does, with a conjunction before the last.
func inWords(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// rangeType is a range of ports, or a type and a code of ICMP.
var rangeType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"from_port": tftypes.Number, "to_port": tftypes.Number}}

func argumentType(kind firewall.Kind) tftypes.Type {
	switch kind {
	case firewall.Number:
		return tftypes.Number
	case firewall.TextList:
		return tftypes.List{ElementType: tftypes.String}
	case firewall.TextSet:
		return tftypes.Set{ElementType: tftypes.String}
	case firewall.Bool:
		return tftypes.Bool
	case firewall.Nested:
		return tftypes.DynamicPseudoType
	case firewall.TextMap:
		return tftypes.Map{ElementType: tftypes.String}
	case firewall.RangeMap:
		return tftypes.Map{ElementType: rangeType}
	case firewall.NumberMap:
		return tftypes.Map{ElementType: tftypes.Number}
	case firewall.Text:
	}
	return tftypes.String
}

// ruleAttributes are what a rule has for the functions: eight attributes that
// never change, so that typed variables and older states keep working. A rule may
// have more, as the data source's have: they are not looked at.
var ruleAttributes = [...]struct{ name, kind, doc string }{
	{"flow", "String, Required", "Id of the flow, or any text of your own: it stands in `flows` of the result"},
	{"source", "String, Required", "Id of the endpoint that connects"},
	{"destination", "String, Required", "Id of the endpoint that listens"},
	{"component", "String, Required", "Id of the component or service that listens"},
	{"purpose", "String, Required", "`installation`, `administration`, `user_access`, `events`, `internal` or `external`"},
	{"protocol", "String, Required", "`tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, another protocol by its registered name, as in `vrrp` or `esp`, or `ip/NUMBER` for one without a name"},
	{"from_port", "Number", "Required for `tcp`, `udp` and `sctp`: the first port, inclusive. Required for ICMP: its type, null (not left out) for any. Null or left out for other protocols"},
	{"to_port", "Number", "Required for `tcp`, `udp` and `sctp`: the last port, inclusive. Required for ICMP: its code, null (not left out) for any. Null or left out for other protocols"},
}

// ruleNames returns the names of a rule's attributes.
func ruleNames() []string {
	names := make([]string, 0, len(ruleAttributes))
	for _, attribute := range ruleAttributes {
		names = append(names, attribute.name)
	}
	return names
}

func (f *rulesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.target.FunctionName()
}

func (f *rulesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.target.Summary,
		MarkdownDescription: f.target.Description + documented(f.target),
		Parameters: []function.Parameter{
			// Of a typed parameter Terraform refuses the whole data source in words that
			// name one of its attributes, and drops what the type does not name.
			parameter{"rules", "Rules by key: the data source's `rules`, or those that you filtered or wrote yourself.", tftypes.DynamicPseudoType},
			parameter{"bindings", "What each endpoint of the rules is in this cloud, by the endpoint's id.", tftypes.DynamicPseudoType},
		},
		Return: result{f.resultType},
	}
	if len(f.target.Settings) > 0 {
		resp.Definition.VariadicParameter = parameter{"settings", "At most one object of settings, as in `" + f.target.Setting + "`.", tftypes.DynamicPseudoType}
	}
}

func (f *rulesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	arguments, funcErr := argumentsOf(ctx, req.Arguments, 2)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	rules, bindings := arguments[0], arguments[1]
	if !rules.IsKnown() || !bindings.IsKnown() {
		return // the result stays unknown: validate reads no data source
	}
	var errs refusal.Errors
	var settings map[string]firewall.Cell
	if len(f.target.Settings) > 0 {
		given, err := onlySettings(ctx, req.Arguments, 2, f.target.Setting)
		if err != nil {
			resp.Error = functionError(err, "rules", "bindings", "settings")
			return
		}
		if !given.IsKnown() {
			return
		}
		settings = readRulesSettings(f.target, given, &errs)
	}
	read := readRules("rules", rules, &errs)
	bound := readBindings(f.target, bindings, &errs)
	if err := errs.Err(); err != nil {
		resp.Error = functionError(err, "rules", "bindings", "settings")
		return
	}
	rendered, err := f.target.RenderWith(read, bound, settings)
	if err != nil {
		resp.Error = functionError(err, "rules", "bindings", "settings")
		return
	}
	resp.Result = result{f.resultType}.data(f.value(rendered))
}

// readRules reads an argument of rules, by its name. Whatever is unknown in it is an error: the
// keys of the result would be unknown too, and Terraform names the wrong place.
func readRules(name string, v tftypes.Value, errs *refusal.Errors) map[string]deployment.Rule {
	r := &reader{
		missing: "Give it a value, or leave the whole rule out of the map",
		known: &mustBeKnown{
			"the value is not known yet, and the keys of the result depend on it",
			"Take the rules from the data source as they are, and keep depends_on and arguments that are unknown at plan away from that data source",
		},
	}
	root := r.Root(name, v).Like("the data source's rules, as in data.canopsis_flows.this.rules, or {} for none")
	if root.IsNull() {
		root.wrong("")
	}
	names := ruleNames()
	like := "an object with " + refusal.List(names)
	if other := inPlaceOfRules(root.Path(), root.value); other != nil {
		r.Add(other)
		errs.Merge(r.Err())
		return nil
	}
	rules := make(map[string]deployment.Rule, root.size())
	for key, rule := range root.Optional().Entries() {
		if key == "" {
			r.Add(&refusal.Error{At: rule.Path(), Summary: "Empty key", Found: "the rule's key is empty", Allowed: "FLOW/PROTOCOL-PORTS, as in users-to-canopsis-nginx/tcp-8443, or any text of your own"})
			continue
		}
		if o, ok := rule.Object(like); ok {
			o.names = names
			rules[key] = o.Rule()
		}
	}
	errs.Merge(r.Err())
	return rules
}

// Rule reads a rule's eight attributes.
func (o fields) Rule() deployment.Rule {
	return deployment.Rule{
		Flow:        o.Required("flow").Filled("the flow's id, as in users-to-canopsis-nginx, or any text of your own"),
		Source:      o.Required("source").ID(),
		Destination: o.Required("destination").ID(),
		Component:   o.Required("component").ID(),
		Purpose:     o.Required("purpose").Purpose(),
		Ports:       o.PortRange(),
	}
}

// Purpose reads a flow's purpose.
func (f field) Purpose() matrix.Purpose {
	s, ok := f.text()
	if !ok {
		return 0
	}
	purpose, err := matrix.ParsePurpose(s)
	if err != nil {
		f.r.Unknown(f.Path(), s, "a purpose", matrix.PurposeNames())
	}
	return purpose
}
