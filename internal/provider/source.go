package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/page"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// source is which text of the page a data source reads, and what it does about
// the text's errors.
type source struct {
	edition     edition.Edition // zero where the user gave the page
	release     string          // the release that was asked for; empty where the user gave the page
	matrix      *matrix.Matrix
	corrections deployment.Corrections
}

// sourceModel is what the data sources' arguments say about it.
type sourceModel struct {
	CanopsisVersion types.String
	Page            types.String
	Corrections     types.String
}

// editionModel is the output that says which text was read.
type editionModel struct {
	Version  types.String `tfsdk:"version"`
	Releases []string     `tfsdk:"releases"`
	Date     types.String `tfsdk:"date"`
	Note     types.String `tfsdk:"note"`
}

func sourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"canopsis_version": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Installed Canopsis release, as in `22.10` or `24.04.2`: the edition of the page that its documentation carries is read. " +
				"Defaults to the provider's `canopsis_version`, and then to `" + edition.DefaultVersion + "`. Conflicts with `page`.",
		},
		"page": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Text of the vendor's page (*matrice des flux réseau*) in Markdown, instead of an embedded edition, as in `file(\"matrix.md\")`. " +
				"At most 1 MiB. Conflicts with `canopsis_version`, and beats the provider's.",
		},
		"corrections": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "What to do about the page's errors. `warn`: published values, with a warning for each erratum that touches this deployment. " +
				"`none`: published values, silently. `apply`: corrected values. Defaults to the provider's `corrections`, and then to `warn`.",
		},
		"edition": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Text of the page that was read.",
			Attributes: map[string]schema.Attribute{
				"version": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "Version of the embedded edition; null where `page` was given.",
				},
				"releases": schema.ListAttribute{
					Computed: true, ElementType: types.StringType,
					MarkdownDescription: "Canopsis releases whose documentation carries this edition; empty where `page` was given.",
				},
				"date": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "Day on which the text was written, as `YYYY-MM-DD`; null where it is not known.",
				},
				"note": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "What is uncertain about this edition; null where nothing is.",
				},
			},
		},
	}
}

// configureSource returns the provider block that the framework hands on. It
// hands nothing on while it only validates.
func configureSource(req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) providerModel {
	model, ok := req.ProviderData.(providerModel)
	if !ok && req.ProviderData != nil {
		resp.Diagnostics.AddError("Provider block of another kind", fmt.Sprintf("A data source was handed %T. This is an error of the provider: please report it.", req.ProviderData))
	}
	return model
}

// checkSource refuses what is wrong as early as it is known: terraform validate
// tells it, before any data source is read. It returns what the arguments name,
// and the defaults for those that name nothing.
func checkSource(m sourceModel, diags *diag.Diagnostics) (edition.Edition, deployment.Corrections) {
	if isSet(m.Page) && isSet(m.CanopsisVersion) {
		addErrors(diags, &refusal.Error{
			At:      refusal.At("page"),
			Summary: "Two texts of the page",
			Found:   "both page and canopsis_version are set, and each names a text",
			Remedy:  "Keep page for your own copy of the vendor's page, or canopsis_version for an embedded edition",
		})
	}
	version, corrections := edition.DefaultVersion, deployment.Warn.String()
	if isSet(m.CanopsisVersion) {
		version = m.CanopsisVersion.ValueString()
	}
	if isSet(m.Corrections) {
		corrections = m.Corrections.ValueString()
	}
	found, err := edition.Find(version)
	addErrors(diags, err)
	how, err := deployment.ParseCorrections(corrections)
	addErrors(diags, err)
	return found, how
}

func isSet(s types.String) bool { return !s.IsNull() && !s.IsUnknown() }

// refuseUnknownArguments refuses to read with arguments that are not known.
// Terraform waits until they are; a forgotten check would read an unknown list
// of what to leave out as an empty one, and open it all.
func refuseUnknownArguments(config tfsdk.Config, diags *diag.Diagnostics) {
	arguments, _ := elements(config.Raw)
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if arguments[name].IsFullyKnown() {
			continue
		}
		addErrors(diags, &refusal.Error{
			At:      refusal.At(name),
			Summary: "Unknown at plan",
			Found:   "the value, or a part of it, is not known yet",
			Remedy:  "Write what is known at plan: literals, variables and locals made of them, not attributes of resources that are still to be created",
		})
	}
}

// readSource reads the page that the arguments, and behind them the provider
// block, ask for.
func readSource(m sourceModel, defaults providerModel, diags *diag.Diagnostics) (source, bool) {
	if m.CanopsisVersion.IsNull() && m.Page.IsNull() {
		m.CanopsisVersion = defaults.CanopsisVersion
		refuseUnknown(m.CanopsisVersion, "canopsis_version", diags)
	}
	if m.Corrections.IsNull() {
		m.Corrections = defaults.Corrections
		refuseUnknown(m.Corrections, "corrections", diags)
	}
	found, corrections := checkSource(m, diags)
	if diags.HasError() {
		return source{}, false
	}
	s := source{corrections: corrections}
	var err error
	if m.Page.IsNull() {
		s.edition, s.release = found, cmp.Or(m.CanopsisVersion.ValueString(), edition.DefaultVersion)
		s.matrix, err = found.Matrix()
	} else {
		var read *page.Page
		if read, err = page.Parse(m.Page.ValueString()); err == nil {
			s.matrix = read.Matrix
			warnOfPage(read.Warnings, diags)
		}
	}
	addErrors(diags, err)
	return s, err == nil
}

// warnOfPage reports what the parser left out, all at once: of several warnings
// with one summary Terraform prints the first.
func warnOfPage(warnings []page.Warning, diags *diag.Diagnostics) {
	lines := make([]string, 0, len(warnings))
	for _, w := range warnings {
		place := "page: "
		if w.Place != "" {
			place += w.Place + ": "
		}
		lines = append(lines, place+w.Text+".")
	}
	if len(lines) > 0 {
		diags.AddAttributeWarning(path.Root("page"), "Part of the page was not understood", strings.Join(lines, "\n"))
	}
}

// refuseUnknown says that a default of the provider block is not known: falling
// back to another value in silence could open the wrong ports.
func refuseUnknown(value types.String, attribute string, diags *diag.Diagnostics) {
	if !value.IsUnknown() {
		return
	}
	addErrors(diags, &refusal.Error{
		At:      refusal.At(attribute),
		Summary: "Unknown at plan",
		Found:   "the provider block's " + attribute + " is not known yet, and this data source falls back to it",
		Remedy:  "Give it a value that is known at plan, or set " + attribute + " in the data source",
	})
}

func (s source) editionModel() editionModel {
	m := editionModel{
		Version:  optionalString(s.edition.Version),
		Releases: s.edition.Releases,
		Date:     optionalString(s.edition.Date),
		Note:     optionalString(s.edition.Note),
	}
	if m.Releases == nil {
		m.Releases = []string{}
	}
	return m
}
