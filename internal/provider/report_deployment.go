package provider

import (
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// deployment reads the data source, or what a person made of it.
func (r *reportReader) deployment(root field) {
	o, ok := root.Object("the data source, as in data.canopsis_flows.this")
	if !ok {
		return
	}
	if _, ok := o.attributes["flows"]; !ok {
		r.Add(&refusal.Error{At: root.Path(), Summary: "Missing flows", Found: "the object has no attribute flows", Remedy: "Give the data source itself, as in data.canopsis_flows.this, or { flows = data.canopsis_flows.this.flows }"})
		return
	}
	listed := make(map[string]bool)
	for id, flow := range o.Required("flows").Like("the data source's flows").Entries() {
		if id == "" {
			r.Add(&refusal.Error{At: flow.Path(), Summary: "Empty key", Found: "the flow's key is empty", Allowed: "the flow's id, as in users-to-canopsis-nginx, or any text of your own"})
		}
		if o, ok := flow.Object("a flow as the data source has it, with source, destination, component, purpose and ports"); ok {
			r.report.Flows = append(r.report.Flows, r.flow(id, o))
			listed[id] = true
		}
	}
	ends := make(map[string]bool)
	for _, f := range r.report.Flows {
		ends[f.Source], ends[f.Destination] = true, true
	}
	r.endpoints(o.Optional("endpoints"), ends)
	r.errata(o.Optional("errata"))
	if edition, ok := o.Optional("edition").Object("the data source's edition"); ok {
		r.report.Edition = edition.Optional("version").Text()
	}
	for _, rule := range o.Optional("rules").Like("the data source's rules").Entries() {
		if o, ok := rule.Object("a rule as the data source has it"); ok {
			flow := o.Optional("flow").Text()
			r.report.Filtered = r.report.Filtered || flow != "" && !listed[flow]
		}
	}
}

// flow reads a flow; what a rule must say, it must say too.
func (r *reportReader) flow(id string, o fields) deployment.Flow {
	ports := o.Required("ports").Like(`a list of ports, as in [{ protocol = "tcp", from_port = 443, to_port = 443 }]`)
	f := deployment.Flow{
		ID:                     id,
		Source:                 o.Required("source").Like(`a text: the endpoint that connects, as in "users"`).ID(),
		Destination:            o.Required("destination").Like(`a text: the endpoint that listens, as in "canopsis"`).ID(),
		Component:              o.Required("component").Like(`a text: the component that listens, as in "nginx"`).ID(),
		Ports:                  ports.Ports(),
		Purpose:                o.Required("purpose").Like(refusal.List(matrix.PurposeNames())).Purpose(),
		Description:            r.description(o),
		Origin:                 r.origin(o.Optional("origin")),
		ViaProxy:               o.Optional("via_proxy").Bool(),
		ConfigurationDependent: o.Optional("configuration_dependent").Bool(),
		Optional:               o.Optional("optional").Bool(),
	}
	if ports.isSequence() && ports.value.IsFullyKnown() && f.Ports.IsEmpty() && r.Len() == 0 {
		r.Add(&refusal.Error{At: ports.Path(), Summary: "No ports", Found: "the list is empty, and a flow without ports opens nothing", Remedy: "Give it ports, or leave the flow out"})
	}
	return f
}

// description reads a flow's sentences. A description that says something else
// is a person's own, and counts alone.
func (r *reportReader) description(o fields) matrix.Description {
	text := o.Optional("description").Text()
	var said matrix.Description
	for _, reason := range o.Optional("reasons").Like("the sentences of the description, as the data source has them").Elements() {
		o, ok := reason.Object("an object with kind, parameters and text")
		if !ok {
			continue
		}
		f := o.Required("kind")
		kind, known := matrix.ParseReasonKind(f.Text())
		if !known && !f.IsNull() && !f.IsUnknown() {
			r.Unknown(f.Path(), f.Text(), "a kind of reason", matrix.ReasonKindNames())
		}
		said = append(said, matrix.Reason{Kind: kind, Parameters: o.Optional("parameters").List(textWords).Texts(), Text: o.Required("text").Text()})
	}
	if said.String() == text {
		return said
	}
	return matrix.InOwnWords(text)
}

func (r *reportReader) origin(f field) matrix.Origin {
	name, ok := f.text()
	if !ok {
		return 0
	}
	origin, err := matrix.ParseOrigin(name)
	if err != nil {
		r.Unknown(f.Path(), name, "an origin of flows", matrix.OriginNames())
	}
	return origin
}

func (r *reportReader) endpoints(f field, ends map[string]bool) {
	r.report.Endpoints = make(map[string]matrix.Endpoint)
	for id, endpoint := range f.Like("the data source's endpoints").Entries() {
		o, ok := endpoint.Object("an endpoint as the data source has it, with name, kind and fqdns")
		if !ok {
			continue
		}
		e := matrix.Endpoint{ID: id, Name: o.Optional("name").Text(), FQDNs: o.Optional("fqdns").List(textWords).Texts()}
		if name, ok := o.Optional("kind").text(); ok {
			kind, err := matrix.ParseKind(name)
			if err != nil {
				r.Unknown(o.Optional("kind").Path(), name, "a kind of endpoint", matrix.KindNames())
			}
			e.Kind = kind
		}
		r.report.Endpoints[id] = e
		// A host may have no flow; whoever else has none was left out.
		r.report.Filtered = r.report.Filtered || e.Kind != matrix.Host && e.Kind != 0 && !ends[id]
	}
}

func (r *reportReader) errata(f field) {
	for id, erratum := range f.Like("the data source's errata").Entries() {
		o, ok := erratum.Object("an erratum as the data source has it, with published, corrected, reason, flows and applied")
		if !ok {
			continue
		}
		r.report.Errata = append(r.report.Errata, deployment.Finding{
			Erratum: edition.Erratum{
				ID:        id,
				Published: o.Optional("published").Text(),
				Corrected: o.Optional("corrected").Text(),
				Reason:    o.Optional("reason").Text(),
				Evidence:  strings.TrimSpace(o.Optional("evidence").Text()),
			},
			Flows:   o.Optional("flows").List(textWords).Texts(),
			Applied: o.Optional("applied").Bool(),
		})
	}
}

var textWords = listWords{"a text", "a list of texts", `"a", "b"`, ""}
