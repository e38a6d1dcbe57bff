package provider

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// reportFunction writes a deployment's flows as a text.
type reportFunction struct {
	name, summary, description string
	write                      func(report.Report) (string, error)
}

var _ function.Function = reportFunction{}

func (f reportFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f reportFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.description,
		Parameters: []function.Parameter{
			parameter{"deployment", "The data source `canopsis_flows`, or an object with its `flows` and, for names, host names and errors of the page, its `endpoints`, `errata` and `edition`.", tftypes.DynamicPseudoType},
		},
		VariadicParameter: parameter{"settings", "At most one object: `language` (`en`, the default, or `fr`) and `bindings`, as the rules functions take them, for the addresses.", tftypes.DynamicPseudoType},
		Return:            result{tftypes.String},
	}
}

func (f reportFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	deployed, err := argument(ctx, req.Arguments, 0)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	settings, err := reportSettings(ctx, req.Arguments)
	if err != nil {
		resp.Error = functionError(err, "deployment", "settings")
		return
	}
	r := reportReader{}
	r.read(deployed, settings)
	if err := firstErrors(r.errs); err != nil {
		resp.Error = functionError(err, "deployment", "settings")
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

// reportSettings returns the optional second argument, or null.
func reportSettings(ctx context.Context, arguments function.ArgumentsData) (tftypes.Value, error) {
	none := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	var value attr.Value
	if err := arguments.GetArgument(ctx, 1, &value); err != nil {
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
			Remedy: `Put them into one, as in { language = "fr", bindings = local.bindings }`,
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
	report  report.Report
	unknown bool
	errs    []error
}

func (r *reportReader) fail(err error) { r.errs = append(r.errs, flatten(err)...) }

func (r *reportReader) read(deployed, settings tftypes.Value) {
	at := refusal.At("deployment")
	attributes, ok := r.object(at, deployed, "the data source, as in data.canopsis_flows.this")
	if !ok {
		return
	}
	flows, ok := attributes["flows"]
	if !ok {
		r.fail(&refusal.Error{At: at, Summary: "Missing flows", Found: "the object has no attribute flows", Remedy: "Give the data source itself, as in data.canopsis_flows.this, or { flows = data.canopsis_flows.this.flows }"})
		return
	}
	values, _ := r.object(at.Attribute("flows"), flows, "the data source's flows")
	for _, id := range slices.Sorted(maps.Keys(values)) {
		r.flow(at.Attribute("flows").Key(id), id, values[id])
	}
	r.endpoints(at.Attribute("endpoints"), attributes["endpoints"])
	r.errata(at.Attribute("errata"), attributes["errata"])
	if edition, ok := r.optionalObject(at.Attribute("edition"), attributes["edition"], "the data source's edition"); ok {
		r.report.Edition = r.text(at.Attribute("edition").Attribute("version"), edition["version"])
	}
	r.settings(settings)
}

// object returns what is in an object or a map; null and other types are errors.
func (r *reportReader) object(at refusal.Path, v tftypes.Value, want string) (map[string]tftypes.Value, bool) {
	if v.Type() != nil && !v.IsKnown() {
		r.unknown = true
		return nil, false
	}
	if v.Type() == nil || v.IsNull() {
		r.fail(&refusal.Error{At: at, Summary: "Missing in a report", Found: "this is left out or null", Allowed: want})
		return nil, false
	}
	values, ok := elements(v)
	if !ok {
		r.fail(wrongType(at, v, want))
	}
	return values, ok
}

// optionalObject is object for what may be absent.
func (r *reportReader) optionalObject(at refusal.Path, v tftypes.Value, want string) (map[string]tftypes.Value, bool) {
	if v.Type() == nil || v.IsNull() {
		return nil, false
	}
	return r.object(at, v, want)
}

// text returns a text that may be absent.
func (r *reportReader) text(at refusal.Path, v tftypes.Value) string {
	switch {
	case v.Type() == nil:
		return ""
	case !v.IsKnown():
		r.unknown = true
		return ""
	case v.IsNull():
		return ""
	}
	s, ok := text(v)
	if !ok {
		r.fail(wrongType(at, v, "a text"))
	}
	return s
}

// flag returns a truth value that may be absent.
func (r *reportReader) flag(at refusal.Path, v tftypes.Value) bool {
	switch {
	case v.Type() == nil:
		return false
	case !v.IsKnown():
		r.unknown = true
		return false
	case v.IsNull():
		return false
	}
	b, ok := boolean(v)
	if !ok {
		r.fail(wrongType(at, v, "true or false"))
	}
	return b
}

// texts returns a list of texts that may be absent.
func (r *reportReader) texts(at refusal.Path, v tftypes.Value) []string {
	switch {
	case v.Type() == nil:
		return nil
	case !v.IsKnown():
		r.unknown = true
		return nil
	case v.IsNull():
		return nil
	}
	values, ok := sequence(v)
	if !ok {
		r.fail(wrongType(at, v, "a list of texts, as in [\"a\", \"b\"]"))
	}
	texts := make([]string, 0, len(values))
	for i, value := range values {
		texts = append(texts, r.text(at.Index(i), value))
	}
	return texts
}

func (r *reportReader) flow(at refusal.Path, id string, v tftypes.Value) {
	a, ok := r.object(at, v, "a flow as the data source has it, with source, destination, component and ports")
	if !ok {
		return
	}
	r.report.Flows = append(r.report.Flows, report.Flow{
		ID:                     id,
		Source:                 r.text(at.Attribute("source"), a["source"]),
		Destination:            r.text(at.Attribute("destination"), a["destination"]),
		Component:              r.text(at.Attribute("component"), a["component"]),
		Ports:                  r.ports(at.Attribute("ports"), a["ports"]),
		Purpose:                r.text(at.Attribute("purpose"), a["purpose"]),
		Description:            r.text(at.Attribute("description"), a["description"]),
		Origin:                 r.text(at.Attribute("origin"), a["origin"]),
		ViaProxy:               r.flag(at.Attribute("via_proxy"), a["via_proxy"]),
		ConfigurationDependent: r.flag(at.Attribute("configuration_dependent"), a["configuration_dependent"]),
		Optional:               r.flag(at.Attribute("optional"), a["optional"]),
	})
}

func (r *reportReader) ports(at refusal.Path, v tftypes.Value) matrix.Ports {
	if v.Type() == nil || v.IsNull() {
		return matrix.Ports{}
	}
	if !v.IsFullyKnown() {
		r.unknown = true
		return matrix.Ports{}
	}
	values, ok := sequence(v)
	if !ok {
		r.fail(wrongType(at, v, "a list of ports, as the data source's flows have it"))
		return matrix.Ports{}
	}
	ranges := make([]matrix.PortRange, 0, len(values))
	for i, value := range values {
		a, ok := r.object(at.Index(i), value, "an object with protocol, from_port and to_port")
		if !ok {
			continue
		}
		reader := ruleReader{at: at.Index(i), attributes: a}
		ranges = append(ranges, reader.ports())
		r.errs = append(r.errs, reader.errs...)
	}
	return matrix.NewPorts(ranges...)
}

func (r *reportReader) endpoints(at refusal.Path, v tftypes.Value) {
	values, _ := r.optionalObject(at, v, "the data source's endpoints")
	r.report.Endpoints = make(map[string]report.Endpoint, len(values))
	for _, id := range slices.Sorted(maps.Keys(values)) {
		if a, ok := r.object(at.Key(id), values[id], "an endpoint as the data source has it, with name, kind and fqdns"); ok {
			r.report.Endpoints[id] = report.Endpoint{
				Name:  r.text(at.Key(id).Attribute("name"), a["name"]),
				Kind:  r.text(at.Key(id).Attribute("kind"), a["kind"]),
				FQDNs: r.texts(at.Key(id).Attribute("fqdns"), a["fqdns"]),
			}
		}
	}
}

func (r *reportReader) errata(at refusal.Path, v tftypes.Value) {
	values, _ := r.optionalObject(at, v, "the data source's errata")
	for _, id := range slices.Sorted(maps.Keys(values)) {
		if a, ok := r.object(at.Key(id), values[id], "an erratum as the data source has it, with published, corrected, reason, flows and applied"); ok {
			r.report.Errata = append(r.report.Errata, report.Erratum{
				ID:        id,
				Flows:     r.texts(at.Key(id).Attribute("flows"), a["flows"]),
				Published: r.text(at.Key(id).Attribute("published"), a["published"]),
				Corrected: r.text(at.Key(id).Attribute("corrected"), a["corrected"]),
				Reason:    r.text(at.Key(id).Attribute("reason"), a["reason"]),
				Applied:   r.flag(at.Key(id).Attribute("applied"), a["applied"]),
			})
		}
	}
}

func (r *reportReader) settings(v tftypes.Value) {
	at := refusal.At("settings")
	attributes, ok := r.optionalObject(at, v, `an object, as in { language = "fr" }, or {} for none`)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if name != "language" && name != "bindings" {
			err := refusal.Unknown(at.Attribute(name), name, "a setting of a report", []string{"bindings", "language"})
			err.Summary = "Unknown attribute"
			r.fail(err)
		}
	}
	if v, ok := attributes["language"]; ok && !v.IsNull() {
		language := r.text(at.Attribute("language"), v)
		if v.IsKnown() && v.Type().Is(tftypes.String) {
			parsed, err := report.ParseLanguage(at.Attribute("language"), language)
			if err != nil {
				r.fail(err)
			}
			r.report.Language = parsed
		}
	}
	r.addresses(at.Attribute("bindings"), attributes["bindings"])
}

// addresses adds the CIDRs of bindings to the endpoints. What else a binding
// says belongs to a cloud, and not to a request for an opening: only its
// spelling is checked, since the bindings are those of any cloud.
func (r *reportReader) addresses(at refusal.Path, v tftypes.Value) {
	values, _ := r.optionalObject(at, v, `bindings as the rules take them, as in { users = { cidrs = ["10.20.0.0/16"] } }`)
	attributes := make(map[string]bindingAttribute)
	for _, target := range firewall.Targets() {
		maps.Copy(attributes, bindingAttributes(target))
	}
	bindings := make(map[string]firewall.Binding, len(values))
	for _, id := range slices.Sorted(maps.Keys(values)) {
		said, ok := r.optionalObject(at.Key(id), values[id], `an object, as in { cidrs = ["10.20.0.0/16"] }`)
		if !ok {
			continue
		}
		for name, value := range said {
			switch _, known := attributes[name]; {
			case !known: // refused below
			case name != "cidrs" && name != "named_cidrs" && name != "same_as":
				delete(said, name)
			case !value.IsFullyKnown():
				r.unknown = true
				delete(said, name)
			}
		}
		binding, err := readAttributes(attributes, at.Key(id), said)
		r.fail(err)
		bindings[id] = binding
	}
	if len(r.errs) > 0 {
		return
	}
	addresses, err := firewall.Addresses(at, bindings)
	r.fail(err)
	for id, texts := range addresses {
		e := r.report.Endpoints[id]
		e.Addresses = texts
		r.report.Endpoints[id] = e
	}
}
