package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// callTyped calls a function through the protocol with the arguments that are
// given by its parameters' names, as Terraform converts them.
func callTyped(t *testing.T, f function.Function, given object) (tftypes.Value, *function.FuncError) {
	t.Helper()
	var arguments []tftypes.Value
	for _, p := range definitionOf(t, f).Parameters {
		value, err := typed(p.GetType().TerraformType(t.Context()), given[p.GetName()])
		if err != nil {
			t.Fatalf("Terraform would not pass it on: %v", err)
		}
		arguments = append(arguments, value)
	}
	return callThroughProtocol(t, f, arguments...)
}

// typedRun returns a surface's run for a function whose result is reported in one
// line.
func typedRun(f function.Function, base object, tell func(t *testing.T, result tftypes.Value) string) func(t *testing.T, c diagnosticCase) outcome {
	return func(t *testing.T, c diagnosticCase) outcome {
		t.Helper()
		result, funcErr := callTyped(t, f, base.with(c.given))
		if funcErr != nil {
			var names []string
			for _, p := range definitionOf(t, f).Parameters {
				names = append(names, p.GetName())
			}
			return functionOutcome(funcErr.Text, funcErr.FunctionArgument, names...)
		}
		if !result.IsKnown() {
			return outcome{result: "(known after apply)"}
		}
		return outcome{result: tell(t, result)}
	}
}

// known is the spelling of a result, or of a part of it.
func known(t *testing.T, v tftypes.Value) string {
	t.Helper()
	if !v.IsKnown() {
		return "(known after apply)"
	}
	return spell(plain(t, v))
}

// plain returns a value of the protocol as the tables of cases spell it.
func plain(t testing.TB, v tftypes.Value) any {
	t.Helper()
	switch {
	case !v.IsKnown():
		return unknown
	case v.IsNull():
		return nil
	}
	if values, ok := elements(v); ok {
		o := object{}
		for name, value := range values {
			o[name] = plain(t, value)
		}
		return o
	}
	if values, ok := sequence(v); ok {
		l := list{}
		for _, value := range values {
			l = append(l, plain(t, value))
		}
		return l
	}
	if s, ok := text(v); ok {
		return s
	}
	if b, ok := boolean(v); ok {
		return b
	}
	n, ok := wholeNumber(v)
	if !ok {
		t.Fatalf("%s is not a value that tables spell", v)
	}
	return n
}
