package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

var (
	_ datasource.DataSourceWithConfigure      = (*flowsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*flowsDataSource)(nil)
)

type flowsDataSource struct{ defaults providerModel }

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
			"The arguments act in this order: edition, corrections, options, component_ports, interconnections, additional_flows, placement, cloud_services, clusters, exclude, relays.",
		Attributes: attributes,
	}
}

func (d *flowsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.defaults = configureSource(req, resp)
}

func (d *flowsDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	r := new(reader)
	source := readSourceArguments(r, req.Config.Raw)
	source.check(r)
	before := r.Len()
	choices := readChoices(r, req.Config.Raw)
	// Where the text is named here and all is known, nothing has to wait for the read.
	if before == 0 && (source.version.written || source.page.written) && req.Config.Raw.IsFullyKnown() {
		var warnings diag.Diagnostics // the read says them
		if src, ok := readSource(r, req.Config.Raw, providerModel{}, &warnings); ok {
			choices.Release, choices.Corrections = src.release, src.corrections
			_, err := deployment.New(src.matrix, choices)
			r.Merge(err)
		}
	}
	addErrors(&resp.Diagnostics, r.Err())
}

func (d *flowsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	r := readerAtRead()
	src, ok := readSource(r, req.Config.Raw, d.defaults, &resp.Diagnostics)
	choices := readChoices(r, req.Config.Raw)
	if !ok || !req.Config.Raw.IsFullyKnown() {
		addErrors(&resp.Diagnostics, r.Err())
		return
	}
	choices.Release, choices.Corrections = src.release, src.corrections
	deployed, err := deployment.New(src.matrix, choices)
	r.Merge(err)
	if r.Len() > 0 {
		addErrors(&resp.Diagnostics, r.Err())
		return
	}
	if src.corrections == deployment.Warn {
		for _, finding := range deployed.Errata {
			resp.Diagnostics.Append(erratumWarning(finding.Erratum, finding.Flows))
		}
	}
	for _, notice := range deployed.Notices {
		resp.Diagnostics.Append(noticeWarning(notice))
	}
	read := deploymentOutputs(deployed)
	read["edition"] = src.editionOutput()
	logDeployment(ctx, src, deployed.Errata, read)
	setState(ctx, &resp.State, req.Config.Raw, read)
}

// logDeployment writes one line each for the edition, the counts and the
// corrections taken.
func logDeployment(ctx context.Context, src source, errata []deployment.Finding, read outputs) {
	version := src.edition.Version
	if version == "" {
		version = "the user's page"
	}
	tflog.Debug(ctx, "read the matrix", map[string]any{"edition": version})
	tflog.Debug(ctx, "counted the deployment", map[string]any{
		"endpoints": read.count("endpoints"), "hosts": read.count("hosts"), "flows": read.count("flows"), "rules": read.count("rules"),
	})
	applied := make([]string, 0, len(errata))
	for _, e := range errata {
		if e.Applied {
			applied = append(applied, e.ID)
		}
	}
	slices.Sort(applied)
	tflog.Debug(ctx, "took corrections", map[string]any{"corrections": src.corrections.String(), "applied": applied})
}
