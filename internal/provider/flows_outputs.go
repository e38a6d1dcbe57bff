package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// flowsOutputs is long since it is a table: a schema, top to bottom.
func flowsOutputs() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	texts := func(description string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	objects := func(description string, attributes map[string]schema.Attribute) schema.Attribute {
		return schema.MapNestedAttribute{
			Computed: true, MarkdownDescription: description,
			NestedObject: schema.NestedAttributeObject{Attributes: attributes},
		}
	}
	const (
		purpose = "`installation`, `administration`, `user_access`, `events`, `internal` or `external`."
		origin  = "Where it comes from: `published`, `erratum`, `interconnection`, `cluster`, `additional` or `relay`."
	)
	ports := portRangeAttributes()
	return map[string]schema.Attribute{
		"errata": objects("Errors of the page that touch this deployment, by id.", map[string]schema.Attribute{
			"id":        text("The erratum's id, as in warnings."),
			"flow":      text("Flow or component that it is about."),
			"flows":     texts("Ids of the flows that it changes, adds or takes away once it is applied; of one that is never applied, those for which you decide."),
			"published": text("What the page says."),
			"corrected": text("What is true."),
			"reason":    text("Why."),
			"evidence":  text("Files and releases that show it."),
			"applied":   flag("Whether the corrected value is the one in use. What only you can know of your installation is never applied."),
		}),
		"endpoints": objects("Ends of the flows, by id: what needs a binding.", map[string]schema.Attribute{
			"name":       text("Name on the page."),
			"definition": text("What the page's glossary (*définition des objets*) says; null where it says nothing."),
			"kind":       text("`actor`, `host`, `relay` or `external`."),
			"fqdns":      texts("Host names that the page gives; a firewall by addresses needs them resolved."),
		}),
		"hosts": schema.MapAttribute{
			Computed: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "Hosts with the components that run on them: for the `for_each` of security groups.",
		},
		"flows": objects("Flows by id, `SOURCE-to-DESTINATION-COMPONENT`, as in `users-to-canopsis-nginx`. The component is left out where it has the destination's name, as in `canopsis-to-mongodb`.", map[string]schema.Attribute{
			"source":      text("Id of the endpoint that connects."),
			"destination": text("Id of the endpoint that listens."),
			"component":   text("Id of the component or service that listens."),
			"ports": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Ports of the destination that it reaches.",
				NestedObject: schema.NestedAttributeObject{Attributes: portRangeAttributes()},
			},
			"purpose":     text(purpose),
			"description": text("What the flow is for; null where nothing is said."),
			"reasons": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The sentences of `description`, all of them, and whose they are: the reports say the provider's own in their language, and leave yours as they are.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"kind":       text("`own` where the page or you wrote it; else the provider's reason: `row`, `erratum`, `interconnection`, `cluster` or `relay`."),
					"parameters": texts("What the sentence is about: of a row the edition, source and component; of an erratum or an interconnection its id, source and component; of a cluster the component; of a relay what it stands in front of."),
					"text":       text("The sentence, in English where it is the provider's own."),
				}},
			},
			"origin":                  text(origin),
			"via_proxy":               flag("The page says that it may pass through a proxy."),
			"configuration_dependent": flag("The page says that its ports depend on configuration."),
			"optional":                flag("The page marks it as optional."),
		}),
		"rules": objects("One element for each flow and port range, by `FLOW/PROTOCOL-PORTS`: for a `for_each`, or for the functions.", map[string]schema.Attribute{
			"flow":        text("Id of the flow."),
			"source":      text("Id of the endpoint that connects."),
			"destination": text("Id of the endpoint that listens."),
			"component":   text("Id of the component or service that listens."),
			"purpose":     text(purpose),
			"protocol":    ports["protocol"],
			"from_port":   ports["from_port"],
			"to_port":     ports["to_port"],
			"origin":      text(origin),
			"description": text("What the flow is for; null where nothing is said."),
		}),
		"alternatives": objects("Choices that the page offers, by id, and what was taken.", map[string]schema.Attribute{
			"kind": text("`alternative` (the page says \"or\"; the first is the default), `labelled` (how Canopsis is installed; no default) " +
				"or `optional` (closed unless named)."),
			"options":    texts("Options in the page's order."),
			"taken":      texts("Options that are open."),
			"by_default": flag("Whether none of them was named in `options`."),
		}),
	}
}

// deploymentOutputs returns what the data source says of a deployment.
func deploymentOutputs(d *deployment.Deployment) outputs {
	errata := make(outputs, len(d.Errata))
	for _, e := range d.Errata {
		errata[e.ID] = outputs{
			"id": e.ID, "flow": e.Subject, "flows": e.Flows, "published": e.Published, "corrected": e.Corrected,
			"reason": e.Reason, "evidence": e.Evidence, "applied": e.Applied,
		}
	}
	endpoints := make(outputs)
	for e := range d.Matrix.Endpoints() {
		endpoints[e.ID] = outputs{"name": e.Name, "definition": textOrNull(e.Definition), "kind": e.Kind.String(), "fqdns": e.FQDNs}
	}
	hosts := make(outputs)
	for host, components := range d.Hosts() {
		hosts[host] = components
	}
	flows, rules := make(outputs), make(outputs)
	for _, f := range d.Flows() {
		flow := flowOutput(f)
		flows[f.ID] = flow
		for _, r := range f.Rules() {
			rule := portRange(r.Ports)
			maps.Copy(rule, outputs{
				"flow": r.Flow, "source": r.Source, "destination": r.Destination, "component": r.Component, "purpose": flow["purpose"],
				"origin": flow["origin"], "description": flow["description"],
			})
			rules[r.Key()] = rule
		}
	}
	alternatives := make(outputs, len(d.Alternatives))
	for _, a := range d.Alternatives {
		alternatives[a.ID] = outputs{"kind": string(a.Kind), "options": a.Options, "taken": a.Taken, "by_default": a.ByDefault}
	}
	return outputs{
		"errata": errata, "endpoints": endpoints, "hosts": hosts, "flows": flows, "rules": rules, "alternatives": alternatives,
	}
}

func flowOutput(f deployment.Flow) outputs {
	reasons := make([]outputs, 0, len(f.Description))
	for _, r := range f.Description {
		reasons = append(reasons, outputs{"kind": r.Kind.String(), "parameters": r.Parameters, "text": r.Text})
	}
	return outputs{
		"source": f.Source, "destination": f.Destination, "component": f.Component, "ports": portRanges(f.Ports),
		"purpose": f.Purpose.String(), "description": textOrNull(f.Description.String()), "reasons": reasons, "origin": f.Origin.String(),
		"via_proxy": f.ViaProxy, "configuration_dependent": f.ConfigurationDependent, "optional": f.Optional,
	}
}
