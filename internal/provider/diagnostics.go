package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// addErrors adds an error diagnostic for each error, at the attribute that it
// is about.
func addErrors(diags *diag.Diagnostics, err error) {
	var errs refusal.Errors
	errs.Merge(err)
	for _, wrong := range errs.All() {
		diags.AddAttributeError(frameworkPath(wrong.At), wrong.Summary, wrong.Detail())
	}
}

// functionError returns the errors as one, at the argument that the first is
// about. Terraform writes "Invalid value for "bindings" parameter: " before it
// and a full stop behind it, and wraps every line that begins with no space.
func functionError(err error, parameters ...string) *function.FuncError {
	var errs refusal.Errors
	errs.Merge(err)
	var texts []string
	var result *function.FuncError
	for _, wrong := range errs.All() {
		texts = append(texts, wrong.Summary+"\n"+wrong.Detail())
		if steps := wrong.At.Steps(); result == nil && len(steps) > 0 {
			for position, name := range parameters {
				if steps[0].Name == name {
					result = function.NewArgumentFuncError(int64(position), "")
				}
			}
		}
	}
	if result == nil {
		result = function.NewFuncError("")
	}
	result.Text = strings.TrimSuffix(strings.Join(texts, "\n\n"), ".")
	return result
}

func frameworkPath(at refusal.Path) path.Path {
	result := path.Empty()
	for _, step := range at.Steps() {
		switch step.Kind {
		case refusal.AttributeStep:
			result = result.AtName(step.Name)
		case refusal.KeyStep:
			result = result.AtMapKey(step.Name)
		case refusal.IndexStep:
			result = result.AtListIndex(step.Index)
		}
	}
	return result
}
