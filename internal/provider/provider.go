// Package provider is the Terraform skin: schemas, models, functions and
// diagnostics over the packages that know no Terraform.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

var (
	_ provider.ProviderWithFunctions      = (*canopsisProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*canopsisProvider)(nil)
)

type canopsisProvider struct{ version string }

// providerModel is the provider block; it is handed to the data sources as it
// is, unknown values included, since only they can say what is unknown when
// they read.
type providerModel struct {
	CanopsisVersion types.String `tfsdk:"canopsis_version"`
	Corrections     types.String `tfsdk:"corrections"`
}

// New returns the provider's constructor.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &canopsisProvider{version} }
}

func (p *canopsisProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "canopsis"
	resp.Version = p.version
}

func (p *canopsisProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The network flow matrix (*matrice des flux réseau*) of Canopsis as typed objects, and functions that turn it into security-group rules.",
		Attributes: map[string]schema.Attribute{
			"canopsis_version": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Default of the data sources' `canopsis_version`: the installed Canopsis release, as in `22.10` or `24.04.2`.",
			},
			"corrections": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Default of the data sources' `corrections`: `warn`, `none` or `apply`.",
			},
		},
	}
}

// ValidateConfig tells a bad default at the provider block: a data source that
// falls back to it would point at an argument that nobody wrote there.
func (p *canopsisProvider) ValidateConfig(_ context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	r := new(reader)
	readSourceArguments(r, req.Config.Raw).check(r)
	addErrors(&resp.Diagnostics, r.Err())
}

func (p *canopsisProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	resp.DataSourceData = model
}

func (p *canopsisProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		func() datasource.DataSource { return &componentsDataSource{} },
		func() datasource.DataSource { return &flowsDataSource{} },
		func() datasource.DataSource { return &interconnectionsDataSource{} },
	}
}

// Resources returns none: the matrix is read, and what is made of it belongs to
// the clouds' own providers.
func (p *canopsisProvider) Resources(context.Context) []func() resource.Resource { return nil }

// Functions returns the reports, the audit, the ruleset of a host, and a function
// for each target.
func (p *canopsisProvider) Functions(context.Context) []func() function.Function {
	reports := func(written func(version string) function.Function) func() function.Function {
		return func() function.Function { return written(p.version) }
	}
	functions := []func() function.Function{
		newAggregateCIDRsFunction,
		newAuditListenersFunction,
		newAuditRulesFunction,
		newNftablesRulesetFunction,
		reports(newCSVReportFunction),
		newDiffReportFunction,
		newDiffRulesFunction,
		reports(newHTMLReportFunction),
		reports(newMarkdownReportFunction),
		reports(newMermaidDiagramFunction),
		reports(newSVGDiagramFunction),
	}
	for _, target := range firewall.Targets() {
		functions = append(functions, func() function.Function { return newRulesFunction(target) })
	}
	return functions
}
