package provider

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
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
	r := reportReader{reader: reader{missing: "Take it from the data source as it is"}}
	r.read(deployed, settings)
	if err := r.Err(); err != nil {
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
	reader
	report report.Report
}

func (r *reportReader) read(deployed, settings tftypes.Value) {
	root := r.Root("deployment", deployed)
	o, ok := root.Object("the data source, as in data.canopsis_flows.this")
	if !ok {
		return
	}
	if _, ok := o.attributes["flows"]; !ok {
		r.Add(&refusal.Error{At: root.Path(), Summary: "Missing flows", Found: "the object has no attribute flows", Remedy: "Give the data source itself, as in data.canopsis_flows.this, or { flows = data.canopsis_flows.this.flows }"})
		return
	}
	for id, flow := range o.Required("flows").Like("the data source's flows").Entries() {
		if o, ok := flow.Object("a flow as the data source has it, with source, destination, component and ports"); ok {
			r.report.Flows = append(r.report.Flows, reportedFlow(id, o))
		}
	}
	r.report.Endpoints = make(map[string]report.Endpoint)
	for id, endpoint := range o.Optional("endpoints").Like("the data source's endpoints").Entries() {
		if o, ok := endpoint.Object("an endpoint as the data source has it, with name, kind and fqdns"); ok {
			r.report.Endpoints[id] = report.Endpoint{
				Name:  o.Optional("name").Text(),
				Kind:  o.Optional("kind").Text(),
				FQDNs: o.Optional("fqdns").List(textWords).Texts(),
			}
		}
	}
	for id, erratum := range o.Optional("errata").Like("the data source's errata").Entries() {
		if o, ok := erratum.Object("an erratum as the data source has it, with published, corrected, reason, flows and applied"); ok {
			r.report.Errata = append(r.report.Errata, report.Erratum{
				ID:        id,
				Flows:     o.Optional("flows").List(textWords).Texts(),
				Published: o.Optional("published").Text(),
				Corrected: o.Optional("corrected").Text(),
				Reason:    o.Optional("reason").Text(),
				Applied:   o.Optional("applied").Bool(),
			})
		}
	}
	if edition, ok := o.Optional("edition").Object("the data source's edition"); ok {
		r.report.Edition = edition.Optional("version").Text()
	}
	r.settings(settings)
}

var textWords = listWords{"a text", "a list of texts", `"a", "b"`, ""}

func reportedFlow(id string, o fields) report.Flow {
	return report.Flow{
		ID:                     id,
		Source:                 o.Optional("source").Text(),
		Destination:            o.Optional("destination").Text(),
		Component:              o.Optional("component").Text(),
		Ports:                  o.Optional("ports").Like("a list of ports, as the data source's flows have it").Ports(),
		Purpose:                o.Optional("purpose").Text(),
		Description:            o.Optional("description").Text(),
		Origin:                 o.Optional("origin").Text(),
		ViaProxy:               o.Optional("via_proxy").Bool(),
		ConfigurationDependent: o.Optional("configuration_dependent").Bool(),
		Optional:               o.Optional("optional").Bool(),
	}
}

func (r *reportReader) settings(v tftypes.Value) {
	o, ok := r.Root("settings", v).Optional().Object(`an object, as in { language = "fr" }, or {} for none`)
	if !ok {
		return
	}
	o.RefuseOthers("a setting of a report", []string{"bindings", "language"})
	if language, ok := o.Optional("language").text(); ok {
		parsed, err := report.ParseLanguage(o.Optional("language").Path(), language)
		r.Merge(err)
		r.report.Language = parsed
	}
	r.addresses(o.Optional("bindings"))
}

// addresses adds the CIDRs of bindings to the endpoints. What else a binding
// says belongs to a cloud, and not to a request for an opening: only its
// spelling is checked, since the bindings are those of any cloud.
func (r *reportReader) addresses(f field) {
	attributes := make(map[string]bindingAttribute)
	for _, target := range firewall.Targets() {
		maps.Copy(attributes, bindingAttributes(target))
	}
	bindings := make(map[string]firewall.Binding)
	for id, binding := range f.Like(`bindings as the rules take them, as in { users = { cidrs = ["10.20.0.0/16"] } }`).Entries() {
		o, ok := binding.Optional().Object(`an object, as in { cidrs = ["10.20.0.0/16"] }`)
		if !ok {
			continue
		}
		said := maps.Clone(o.attributes)
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
		o.attributes = said
		bindings[id] = readAttributes(attributes, o)
	}
	if r.Err() != nil {
		return
	}
	addresses, err := firewall.Addresses(f.Path(), bindings)
	r.Merge(err)
	for id, texts := range addresses {
		e := r.report.Endpoints[id]
		e.Addresses = texts
		r.report.Endpoints[id] = e
	}
}
