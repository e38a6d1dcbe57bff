package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

type erratumModel struct {
	ID        string   `tfsdk:"id"`
	Flow      string   `tfsdk:"flow"`
	Flows     []string `tfsdk:"flows"`
	Published string   `tfsdk:"published"`
	Corrected string   `tfsdk:"corrected"`
	Reason    string   `tfsdk:"reason"`
	Evidence  string   `tfsdk:"evidence"`
	Applied   bool     `tfsdk:"applied"`
}

type endpointModel struct {
	Name       string       `tfsdk:"name"`
	Definition types.String `tfsdk:"definition"`
	Kind       string       `tfsdk:"kind"`
	FQDNs      []string     `tfsdk:"fqdns"`
}

type flowModel struct {
	Source                 string           `tfsdk:"source"`
	Destination            string           `tfsdk:"destination"`
	Component              string           `tfsdk:"component"`
	Ports                  []portRangeModel `tfsdk:"ports"`
	Purpose                string           `tfsdk:"purpose"`
	Description            types.String     `tfsdk:"description"`
	Reasons                []reasonModel    `tfsdk:"reasons"`
	Origin                 string           `tfsdk:"origin"`
	ViaProxy               bool             `tfsdk:"via_proxy"`
	ConfigurationDependent bool             `tfsdk:"configuration_dependent"`
	Optional               bool             `tfsdk:"optional"`
}

// reasonModel is a sentence of a flow's description.
type reasonModel struct {
	Kind       string   `tfsdk:"kind"`
	Parameters []string `tfsdk:"parameters"`
	Text       string   `tfsdk:"text"`
}

type ruleModel struct {
	Flow        string       `tfsdk:"flow"`
	Source      string       `tfsdk:"source"`
	Destination string       `tfsdk:"destination"`
	Component   string       `tfsdk:"component"`
	Purpose     string       `tfsdk:"purpose"`
	Protocol    string       `tfsdk:"protocol"`
	FromPort    types.Int64  `tfsdk:"from_port"`
	ToPort      types.Int64  `tfsdk:"to_port"`
	Origin      string       `tfsdk:"origin"`
	Description types.String `tfsdk:"description"`
}

type alternativeModel struct {
	Kind      string   `tfsdk:"kind"`
	Options   []string `tfsdk:"options"`
	Taken     []string `tfsdk:"taken"`
	ByDefault bool     `tfsdk:"by_default"`
}

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
			"protocol":    text("`tcp` or `udp`."),
			"from_port":   schema.Int64Attribute{Computed: true, MarkdownDescription: "First port, inclusive."},
			"to_port":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Last port, inclusive."},
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

func (m *flowsModel) setOutputs(d *deployment.Deployment) {
	m.Errata = make(map[string]erratumModel, len(d.Errata))
	for _, e := range d.Errata {
		m.Errata[e.ID] = erratumModel{e.ID, e.Subject, e.Flows, e.Published, e.Corrected, e.Reason, e.Evidence, e.Applied}
	}
	m.Endpoints = make(map[string]endpointModel)
	for e := range d.Matrix.Endpoints() {
		m.Endpoints[e.ID] = endpointModel{e.Name, optionalString(e.Definition), e.Kind.String(), append([]string{}, e.FQDNs...)}
	}
	m.Hosts = d.Hosts()
	m.Flows = make(map[string]flowModel)
	for _, f := range d.Flows() {
		m.Flows[f.ID] = flowModelOf(f)
	}
	m.Rules = make(map[string]ruleModel)
	for _, r := range d.Rules() {
		flow, ports := m.Flows[r.Flow], portRangeModelOf(r.Ports)
		m.Rules[r.Key()] = ruleModel{
			r.Flow, r.Source, r.Destination, r.Component, r.Purpose.String(),
			ports.Protocol, ports.FromPort, ports.ToPort,
			flow.Origin, flow.Description,
		}
	}
	m.Alternatives = make(map[string]alternativeModel, len(d.Alternatives))
	for _, a := range d.Alternatives {
		m.Alternatives[a.ID] = alternativeModel{string(a.Kind), a.Options, append([]string{}, a.Taken...), a.ByDefault}
	}
}

func flowModelOf(f deployment.Flow) flowModel {
	reasons := make([]reasonModel, 0, len(f.Description))
	for _, r := range f.Description {
		reasons = append(reasons, reasonModel{r.Kind.String(), append([]string{}, r.Parameters...), r.Text})
	}
	return flowModel{
		Source:                 f.Source,
		Destination:            f.Destination,
		Component:              f.Component,
		Ports:                  portRangeModels(f.Ports),
		Purpose:                f.Purpose.String(),
		Description:            optionalString(f.Description.String()),
		Reasons:                reasons,
		Origin:                 f.Origin.String(),
		ViaProxy:               f.ViaProxy,
		ConfigurationDependent: f.ConfigurationDependent,
		Optional:               f.Optional,
	}
}
