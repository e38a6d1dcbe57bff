package provider

import (
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// flatten returns the errors that a collector shows, or that errors.Join put
// together, at any depth.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	var errs []error
	var joined interface{ Unwrap() []error }
	var collected *refusal.Errors
	switch {
	case errors.As(err, &joined):
		for _, e := range joined.Unwrap() {
			errs = append(errs, flatten(e)...)
		}
	case errors.As(err, &collected):
		for _, e := range collected.All() {
			errs = append(errs, e)
		}
	default:
		errs = append(errs, err)
	}
	return errs
}

// addErrors adds an error diagnostic for each error, at the attribute that it
// is about.
func addErrors(diags *diag.Diagnostics, err error) {
	for _, err := range flatten(err) {
		var wrong *refusal.Error
		if errors.As(err, &wrong) {
			diags.AddAttributeError(frameworkPath(wrong.At), wrong.Summary, wrong.Detail())
			continue
		}
		diags.AddError("Invalid matrix", err.Error()+".")
	}
}

// functionError returns the errors as one, at the argument that the first is
// about. Terraform writes "Invalid value for "bindings" parameter: " before it
// and a full stop behind it, and wraps every line that begins with no space.
func functionError(err error, parameters ...string) *function.FuncError {
	errs := flatten(err)
	texts := make([]string, 0, len(errs))
	var result *function.FuncError
	for _, err := range errs {
		text := err.Error()
		var wrong *refusal.Error
		if errors.As(err, &wrong) {
			text = wrong.Summary + "\n" + wrong.Detail()
			if steps := wrong.At.Steps(); result == nil && len(steps) > 0 {
				for position, name := range parameters {
					if steps[0].Name == name {
						result = function.NewArgumentFuncError(int64(position), "")
					}
				}
			}
		}
		texts = append(texts, text)
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
