package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// sourceArguments are what a data source's arguments say about it. An argument
// that is not known while Terraform validates is not written.
type sourceArguments struct {
	version, page, corrections argumentText
}

// argumentText is a text that may be left out.
type argumentText struct {
	text    string
	written bool
}

func (a argumentText) or(otherwise string) string {
	if a.written {
		return a.text
	}
	return otherwise
}

func readSourceArguments(r *reader, config tftypes.Value) sourceArguments {
	arguments, _ := elements(config)
	argument := func(name string) argumentText {
		text, ok := r.Root(name, arguments[name]).Optional().text()
		return argumentText{text, ok}
	}
	return sourceArguments{argument("canopsis_version"), argument("page"), argument("corrections")}
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
			MarkdownDescription: "Text of the vendor's page (*matrice des flux réseau*), instead of an embedded edition: its Markdown source, as in `file(\"matrix.md\")`, " +
				"or HTML as the documentation's web server sends it, as in `data.http.matrix.response_body`. At most 1 MiB. Conflicts with `canopsis_version`, and beats the provider's.",
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

// check refuses what is wrong as early as it is known: terraform validate says
// it, before any data source is read. It returns what the arguments name, and the
// defaults for those that name nothing.
func (a sourceArguments) check(r *reader) (edition.Edition, deployment.Corrections) {
	if a.page.written && a.version.written {
		r.Add(&refusal.Error{
			At:      refusal.At("page"),
			Summary: "Two texts of the page",
			Found:   "both page and canopsis_version are set, and each names a text",
			Remedy:  "Keep page for your own copy of the vendor's page, or canopsis_version for an embedded edition",
		})
	}
	found, err := edition.Find(a.version.or(edition.DefaultVersion))
	r.Merge(err)
	corrections, err := deployment.ParseCorrections(a.corrections.or(deployment.Warn.String()))
	r.Merge(err)
	return found, corrections
}

// readerAtRead returns a reader that refuses what is not known. Terraform waits
// until arguments are; a forgotten check would read an unknown list of what to
// leave out as an empty one, and open it all.
func readerAtRead() *reader {
	return &reader{known: &mustBeKnown{
		"the value is not known yet",
		"Write what is known at plan: literals, variables and locals made of them, not attributes of resources that are still to be created",
	}}
}

// readSource reads the page that the arguments, and behind them the provider
// block, ask for; ok is false where there is none to go on with.
func readSource(r *reader, config tftypes.Value, defaults providerModel, diags *diag.Diagnostics) (s source, ok bool) {
	before := r.Len()
	a := readSourceArguments(r, config)
	arguments, _ := elements(config)
	if isAbsent(arguments["canopsis_version"]) && isAbsent(arguments["page"]) {
		a.version = defaultText(r, "canopsis_version", defaults.CanopsisVersion)
	}
	if isAbsent(arguments["corrections"]) {
		a.corrections = defaultText(r, "corrections", defaults.Corrections)
	}
	found, corrections := a.check(r)
	if r.Len() > before {
		return source{}, false
	}
	if !a.version.written && !a.page.written && corrections != deployment.None {
		diags.AddAttributeWarning(path.Root("canopsis_version"), "No Canopsis release named",
			fmt.Sprintf("Edition %s of the page was read, since neither the data source nor the provider block names a release, and no page is given.\n"+
				"Write the release that is installed:\n  canopsis_version = %q\n"+
				"Where corrections is \"none\", the edition is read without this warning.", edition.DefaultVersion, edition.DefaultVersion))
	}
	s = source{corrections: corrections}
	var err error
	if a.page.written {
		var read *page.Page
		if read, err = page.Parse(a.page.text); err == nil {
			s.matrix = read.Matrix
			warnOfPage(read.Warnings, diags)
		}
	} else {
		s.edition, s.release = found, a.version.or(edition.DefaultVersion)
		s.matrix, err = found.Matrix()
	}
	r.Merge(err)
	return s, err == nil
}

func isAbsent(v tftypes.Value) bool { return v.Type() == nil || v.IsNull() }

// defaultText reads a default of the provider block. One that is not known is an
// error: falling back to another value in silence could open the wrong ports.
func defaultText(r *reader, attribute string, value types.String) argumentText {
	if value.IsUnknown() {
		r.Add(&refusal.Error{
			At:      refusal.At(attribute),
			Summary: "Unknown at plan",
			Found:   "the provider block's " + attribute + " is not known yet, and this data source falls back to it",
			Remedy:  "Give it a value that is known at plan, or set " + attribute + " in the data source",
		})
	}
	return argumentText{value.ValueString(), !value.IsNull() && !value.IsUnknown()}
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

// editionOutput says which text was read.
func (s source) editionOutput() outputs {
	return outputs{
		"version": textOrNull(s.edition.Version), "releases": s.edition.Releases,
		"date": textOrNull(s.edition.Date), "note": textOrNull(s.edition.Note),
	}
}
