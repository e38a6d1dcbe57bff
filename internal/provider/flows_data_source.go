package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

var (
	_ datasource.DataSourceWithConfigure      = (*flowsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*flowsDataSource)(nil)
)

type flowsDataSource struct{ defaults providerModel }

type flowsModel struct {
	CanopsisVersion  types.String `tfsdk:"canopsis_version"`
	Page             types.String `tfsdk:"page"`
	Corrections      types.String `tfsdk:"corrections"`
	Options          types.Set    `tfsdk:"options"`
	ComponentPorts   types.Map    `tfsdk:"component_ports"`
	Interconnections types.Set    `tfsdk:"interconnections"`
	AdditionalFlows  types.Map    `tfsdk:"additional_flows"`
	Placement        types.Map    `tfsdk:"placement"`
	Clusters         types.Set    `tfsdk:"clusters"`
	Exclude          types.Set    `tfsdk:"exclude"`
	Relays           types.Map    `tfsdk:"relays"`

	Edition      *editionModel               `tfsdk:"edition"`
	Errata       map[string]erratumModel     `tfsdk:"errata"`
	Endpoints    map[string]endpointModel    `tfsdk:"endpoints"`
	Hosts        map[string][]string         `tfsdk:"hosts"`
	Flows        map[string]flowModel        `tfsdk:"flows"`
	Rules        map[string]ruleModel        `tfsdk:"rules"`
	Alternatives map[string]alternativeModel `tfsdk:"alternatives"`
}

type additionalFlowModel struct {
	Source      types.String `tfsdk:"source"`
	Destination types.String `tfsdk:"destination"`
	Ports       types.List   `tfsdk:"ports"`
	Purpose     types.String `tfsdk:"purpose"`
	Description types.String `tfsdk:"description"`
}

type relayModel struct {
	InFrontOf types.Set  `tfsdk:"in_front_of"`
	Ports     types.List `tfsdk:"ports"`
}

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

func (d *flowsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_flows"
}

func (d *flowsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := sourceAttributes()
	for name, attribute := range flowsArguments() {
		attributes[name] = attribute
	}
	for name, attribute := range flowsOutputs() {
		attributes[name] = attribute
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Flows of one Canopsis installation: the vendor's network flow matrix (*matrice des flux réseau*) and what you say about your deployment. " +
			"The arguments act in this order: edition, corrections, options, component_ports, interconnections, additional_flows, placement, clusters, exclude, relays.",
		Attributes: attributes,
	}
}

// attributesDrop warns of what the provider cannot see: Terraform turns an object
// into the nested attribute's type, and drops what the type does not have.
const attributesDrop = "Terraform ignores attributes that it does not know here: check the spelling."

// flowsArguments marks no nested attribute as required: the framework would
// refuse a flow or a relay that is not known yet, and with it the validation of
// every module that takes one as a variable. choices asks for what must be there.
func flowsArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"options": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "What to open where the page says \"or\" (*ou*), and which optional components (*optionnel*) run. Every named option is opened. " +
				"Where you name none of the alternatives, the first is opened. " +
				"How Canopsis was installed (`docker` or `packages`, from 23.04 on) has no default and must be named.",
		},
		"component_ports": schema.MapAttribute{
			Optional: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "Ports that this installation changed: a component, a service (`ssh`, `https`) or an outside system (`ldap`) to its port specs, as in `{ nginx = [\"tcp/8443\"] }`.",
		},
		"interconnections": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Entries of the catalogue to add, as in `[\"dns\", \"ntp\", \"zabbix_webhook\"]`: what Canopsis is connected to, and what hosts need where egress is closed. " +
				"The data source `canopsis_interconnections` lists them. Whom an entry brings is then known to the other arguments, " +
				"`component_ports` among them, which must give the ports that no document gives.",
		},
		"additional_flows": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Your own flows. The key is the id of what listens, and stands at the end of the flow's id: " + matrix.IDForm + ". " +
				"Where `destination` is a component, it is that component. " + attributesDrop,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"source": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "Required. Endpoint or component that connects. A name that the edition does not know is a new actor: " + matrix.IDForm + ".",
				},
				"destination": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "Required. Endpoint or component that listens. A name that the edition does not know is a new outside system: " + matrix.IDForm + ".",
				},
				"ports": schema.ListAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Port specs: `tcp/443`, `udp/161`, `tcp/8000-8010` (both ends inclusive). Defaults to the component's ports where `destination` is one.",
				},
				"purpose": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "`installation`, `administration`, `user_access`, `events`, `internal` or `external`. " +
						"Follows from the flow's ends where it is left out.",
				},
				"description": schema.StringAttribute{Optional: true, MarkdownDescription: "Why the flow is needed, for whoever approves it."},
			}},
		},
		"placement": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Which host runs what: a component or a host to a host, as in `{ postgresql = \"data\", redis = \"data\" }`. " +
				"A new host's name is " + matrix.IDForm + ". " +
				"A component takes its flows along; flows inside one host disappear; flows that become the same merge.",
		},
		"clusters": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Hosts that are several machines: flows inside them stay, as rules from the host to itself, " +
				"and what the members open to each other is added: " + membershipsInWords() + ".",
		},
		"exclude": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Endpoints, components or purposes to leave out. Of a component, the flows to it.",
		},
		"relays": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Load balancers, reverse proxies and HTTP proxies, by a name of your own (" + matrix.IDForm + "), as in " +
				"`{ load_balancer = { in_front_of = [\"nginx\"], ports = [\"tcp/443\"] } }`. Instead of a direct flow, the source connects to the relay on the relay's ports, " +
				"and the relay to the destination on the destination's. Relays before one destination stand side by side; one before another makes a chain. " +
				"What a relay stands in front of may be closed or excluded: then it does nothing. Flows of a cluster to itself bypass relays. " +
				"A relay is an endpoint of kind `relay` and needs a binding; it is not in `hosts`. " + attributesDrop,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"in_front_of": schema.SetAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Required. Components that listen (`nginx`), outside systems (`ldap`, `package_repositories`) and other relays. At least one.",
				},
				"ports": schema.ListAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Required. Port specs on which the relay itself listens: `tcp/443`, `tcp/8000-8010` (both ends inclusive). At least one.",
				},
			}},
		},
	}
}

// membershipsInWords says what members of clusters open to each other, and
// whose word that is.
func membershipsInWords() string {
	var parts []string
	for _, m := range edition.Memberships() {
		var ports []string
		if m.OwnPorts {
			ports = append(ports, "its ports")
		}
		for r := range m.Ports.All() {
			ports = append(ports, "`"+r.String()+"`")
		}
		parts = append(parts, fmt.Sprintf("`%s` %s (%s)", m.Component, strings.Join(ports, " and "), m.Confidence))
	}
	return strings.Join(parts, ", ")
}

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
		"flows": objects("Flows by id, `SOURCE-to-DESTINATION-COMPONENT`, as in `users-to-canopsis-nginx`. The component is left out where it bears the destination's name, as in `canopsis-to-mongodb`.", map[string]schema.Attribute{
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

func (d *flowsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.defaults = configureSource(req, resp)
}

func (d *flowsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model flowsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	checkSource(model.source(), &resp.Diagnostics)
	if req.Config.Raw.IsFullyKnown() {
		model.choices(ctx, &resp.Diagnostics)
	}
}

func (m flowsModel) source() sourceModel {
	return sourceModel{m.CanopsisVersion, m.Page, m.Corrections}
}

func (d *flowsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	refuseUnknownArguments(req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var model flowsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	src, ok := readSource(model.source(), d.defaults, &resp.Diagnostics)
	if !ok {
		return
	}
	choices := model.choices(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	choices.Release, choices.Corrections = src.release, src.corrections
	deployed, err := deployment.New(src.matrix, choices)
	if err != nil {
		addErrors(&resp.Diagnostics, err)
		return
	}
	if src.corrections == deployment.Warn {
		for _, finding := range deployed.Errata {
			resp.Diagnostics.Append(erratumWarning(finding.Erratum, finding.Flows))
		}
	}
	text := src.editionModel()
	model.Edition = &text
	model.setOutputs(deployed)
	logDeployment(ctx, src, model)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// choices reads what the user says about the deployment.
func (m flowsModel) choices(ctx context.Context, diags *diag.Diagnostics) deployment.Choices {
	choices := deployment.Choices{
		Options:          stringsOf(inSet(refusal.At("options")), m.Options.Elements(), diags),
		ComponentPorts:   stringLists(refusal.At("component_ports"), m.ComponentPorts, diags),
		Interconnections: stringsOf(inSet(refusal.At("interconnections")), m.Interconnections.Elements(), diags),
		Placement:        stringMap(refusal.At("placement"), m.Placement, diags),
		Clusters:         stringsOf(inSet(refusal.At("clusters")), m.Clusters.Elements(), diags),
		Exclude:          stringsOf(inSet(refusal.At("exclude")), m.Exclude.Elements(), diags),
	}
	var flows map[string]*additionalFlowModel
	diags.Append(m.AdditionalFlows.ElementsAs(ctx, &flows, false)...)
	choices.AdditionalFlows = make(map[string]deployment.AdditionalFlow, len(flows))
	for _, name := range slices.Sorted(maps.Keys(flows)) {
		flow := flows[name]
		at := refusal.At("additional_flows").Key(name)
		if flow == nil {
			addErrors(diags, nullElement(at))
			continue
		}
		requireAttribute(at.Attribute("source"), flow.Source, `the endpoint or the component that connects, as in source = "canopsis"`, diags)
		requireAttribute(at.Attribute("destination"), flow.Destination, `the endpoint or the component that listens, as in destination = "mongodb"`, diags)
		if !flow.Purpose.IsNull() && flow.Purpose.ValueString() == "" {
			addErrors(diags, refusal.Unknown(at.Attribute("purpose"), "", "a purpose", matrix.PurposeNames()))
		}
		added := deployment.AdditionalFlow{
			Source:      flow.Source.ValueString(),
			Destination: flow.Destination.ValueString(),
			Purpose:     flow.Purpose.ValueString(),
			Description: flow.Description.ValueString(),
		}
		if !flow.Ports.IsNull() {
			added.Ports = stringsOf(at.Attribute("ports").Index, flow.Ports.Elements(), diags)
		}
		choices.AdditionalFlows[name] = added
	}
	choices.Relays = m.relays(ctx, diags)
	return choices
}

func (m flowsModel) relays(ctx context.Context, diags *diag.Diagnostics) map[string]deployment.Relay {
	var models map[string]*relayModel
	diags.Append(m.Relays.ElementsAs(ctx, &models, false)...)
	relays := make(map[string]deployment.Relay, len(models))
	for _, name := range slices.Sorted(maps.Keys(models)) {
		model := models[name]
		at := refusal.At("relays").Key(name)
		if model == nil {
			addErrors(diags, nullElement(at))
			continue
		}
		requireAttribute(at.Attribute("in_front_of"), model.InFrontOf, `components, outside systems or other relays, as in ["nginx"]`, diags)
		requireAttribute(at.Attribute("ports"), model.Ports, `port specs, as in ["tcp/443"]`, diags)
		relays[name] = deployment.Relay{
			InFrontOf: stringsOf(inSet(at.Attribute("in_front_of")), model.InFrontOf.Elements(), diags),
			Ports:     stringsOf(at.Attribute("ports").Index, model.Ports.Elements(), diags),
		}
	}
	return relays
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

// erratumWarning has the id in its summary, since Terraform groups warnings by
// it, and in its detail the flows that it touches and the line to write.
func erratumWarning(e edition.Erratum, flows []string) diag.Diagnostic {
	says, truth := "the page says "+strconv.Quote(e.Published), "right is "+strconv.Quote(e.Corrected)
	if e.Published == edition.NoRow {
		says, truth = "the page has no row for it", "there should be one for "+e.Corrected
	}
	summary := "The vendor's page is wrong here (erratum " + e.ID + ")"
	use := "The published value is in use. For the corrected one write:"
	if e.IsTold() {
		summary, truth = "The vendor's page may be wrong here (erratum "+e.ID+")", "it may be "+strconv.Quote(e.Corrected)
		use = "The published value is in use, whatever corrections says. If yours is the other one write:"
	}
	lines := []string{fmt.Sprintf("%s: %s; %s, since %s.", e.Subject, says, truth, e.Reason)}
	if len(flows) > 0 {
		lines = append(lines, "Flows that it changes, adds or takes away here: "+few(flows)+".")
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("corrections"), summary, strings.Join(append(lines,
		use, "  "+e.Remedy,
		"To keep the published one without this warning write:", `  corrections = "none"`,
		fmt.Sprintf("Evidence (%s): %s.", e.Confidence, e.Evidence)), "\n"))
}

// few lists names up to a number that can be read at a glance.
func few(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// logDeployment writes one line each for the edition, the counts and the
// corrections taken.
func logDeployment(ctx context.Context, src source, m flowsModel) {
	version := src.edition.Version
	if version == "" {
		version = "the user's page"
	}
	tflog.Debug(ctx, "read the matrix", map[string]any{"edition": version})
	tflog.Debug(ctx, "counted the deployment", map[string]any{"endpoints": len(m.Endpoints), "hosts": len(m.Hosts), "flows": len(m.Flows), "rules": len(m.Rules)})
	applied := make([]string, 0, len(m.Errata))
	for id, e := range m.Errata {
		if e.Applied {
			applied = append(applied, id)
		}
	}
	slices.Sort(applied)
	tflog.Debug(ctx, "took corrections", map[string]any{"corrections": src.corrections.String(), "applied": applied})
}
