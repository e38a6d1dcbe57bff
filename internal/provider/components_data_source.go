package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

var (
	_ datasource.DataSourceWithConfigure      = (*componentsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*componentsDataSource)(nil)
)

type componentsDataSource struct{ defaults providerModel }

func (d *componentsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_components"
}

func (d *componentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := sourceAttributes()
	attributes["components"] = schema.MapNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Components of the page's port list (*liste des ports Canopsis*), by id.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name on the page."},
			"description":     schema.StringAttribute{Computed: true, MarkdownDescription: "What it is for; null where the page says nothing."},
			"host":            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the host on which the page has it run."},
			"ports":           offeredPortsAttribute("Ports on which it listens, after `corrections`."),
			"published_ports": offeredPortsAttribute("Ports that the page says."),
		}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Components of Canopsis with the ports on which they listen.",
		Attributes:          attributes,
	}
}

func offeredPortsAttribute(description string) schema.Attribute {
	attributes := portRangeAttributes()
	attributes["option"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "Installation method under which it listens there (`docker`, `packages`), where the page says \"or\"; null means always.",
	}
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

func portRangeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"protocol":  schema.StringAttribute{Computed: true, MarkdownDescription: "`tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, or another IP protocol: its registered name, or `ip/N`. The vendor's page has the first two alone."},
		"from_port": schema.Int64Attribute{Computed: true, MarkdownDescription: "First port, inclusive; of `icmp` and `icmpv6` the type, null for any; null for a protocol without ports."},
		"to_port":   schema.Int64Attribute{Computed: true, MarkdownDescription: "Last port, inclusive; of `icmp` and `icmpv6` the code, null for any; null for a protocol without ports."},
	}
}

func (d *componentsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.defaults = configureSource(req, resp)
}

func (d *componentsDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	r := new(reader)
	readSourceArguments(r, req.Config.Raw).check(r)
	addErrors(&resp.Diagnostics, r.Err())
}

func (d *componentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	r := readerAtRead()
	src, ok := readSource(r, req.Config.Raw, d.defaults, &resp.Diagnostics)
	if !ok {
		addErrors(&resp.Diagnostics, r.Err())
		return
	}
	components, err := componentOutputs(src, &resp.Diagnostics)
	if err != nil {
		addErrors(&resp.Diagnostics, err)
		return
	}
	tflog.Debug(ctx, "read components", map[string]any{"edition": src.edition.Version, "components": len(components)})
	setState(ctx, &resp.State, req.Config.Raw, outputs{"edition": src.editionOutput(), "components": components})
}

func componentOutputs(src source, diags *diag.Diagnostics) (outputs, error) {
	asPublished, err := edition.WithProcesses(src.matrix)
	if err != nil {
		return nil, err
	}
	corrected, err := edition.Correct(asPublished)
	if err != nil {
		return nil, err
	}
	components := make(outputs)
	for published := range asPublished.Components() {
		if !published.Listed {
			continue
		}
		used := published
		right, _ := corrected.Component(published.ID)
		switch src.corrections {
		case deployment.Apply:
			used = right
		case deployment.Warn:
			warnOfErrata(right.Errata, diags)
		case deployment.None:
		}
		components[used.ID] = outputs{
			"name": used.Name, "description": textOrNull(used.Description), "host": used.Host,
			"ports": offeredPorts(used.Offers), "published_ports": offeredPorts(published.Offers),
		}
	}
	return components, nil
}

// warnOfErrata tells the errata with these ids.
func warnOfErrata(ids []string, diags *diag.Diagnostics) {
	for _, id := range ids {
		if e, ok := edition.FindErratum(id); ok {
			e.Remedy = `corrections = "apply"` // the data source has no other argument to correct it with
			diags.Append(erratumWarning(e, nil))
		}
	}
}

// offeredPorts returns ranges of ports with the option under which a component
// listens on them.
func offeredPorts(offers []matrix.Offer) []outputs {
	all := []outputs{}
	for _, offer := range offers {
		for _, ports := range portRanges(offer.Ports) {
			ports["option"] = textOrNull(offer.Option)
			all = append(all, ports)
		}
	}
	return all
}
