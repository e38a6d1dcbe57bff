package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// argumentOf is an argument of a function as the protocol carries it.
type argumentOf struct {
	parameter tftypes.Type
	value     tftypes.Value
}

// request is a call of a function as the protocol carries it.
func request(t testing.TB, name string, arguments ...argumentOf) *tfprotov6.CallFunctionRequest {
	t.Helper()
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for _, argument := range arguments {
		value, err := tfprotov6.NewDynamicValue(argument.parameter, argument.value)
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &value)
	}
	return req
}

// call calls a function through the protocol.
func call(t testing.TB, name string, result tftypes.Type, arguments ...argumentOf) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	resp, err := providerserver.NewProtocol6(New("test")())().CallFunction(t.Context(), request(t, name, arguments...))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	value, err := resp.Result.Unmarshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return value, nil
}

// dynamic is an argument of a parameter that takes any type.
func dynamic(value tftypes.Value) argumentOf { return argumentOf{tftypes.DynamicPseudoType, value} }

// callNamed calls a function of dynamic parameters, of which those that are not
// given are left out.
func callNamed(t testing.TB, name string, result tftypes.Type, given object, parameters ...string) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	var arguments []argumentOf
	for _, parameter := range parameters {
		if v, ok := given[parameter]; ok {
			arguments = append(arguments, dynamic(untyped(v)))
		}
	}
	return call(t, name, result, arguments...)
}

// callThroughProtocol calls a function with arguments of its parameters' types.
func callThroughProtocol(t testing.TB, f function.Function, values ...tftypes.Value) (tftypes.Value, *function.FuncError) {
	t.Helper()
	var metadata function.MetadataResponse
	f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
	definition := definitionOf(t, f)
	arguments := make([]argumentOf, 0, len(values))
	for i, value := range values {
		arguments = append(arguments, argumentOf{definition.Parameters[i].GetType().TerraformType(t.Context()), value})
	}
	value, funcErr := call(t, metadata.Name, definition.Return.GetType().TerraformType(t.Context()), arguments...)
	if funcErr != nil {
		return tftypes.Value{}, &function.FuncError{Text: funcErr.Text, FunctionArgument: funcErr.FunctionArgument}
	}
	return value, nil
}

// spelt returns a result that is an object, as tables spell it.
func spelt(t *testing.T, value tftypes.Value, funcErr *tfprotov6.FunctionError) object {
	t.Helper()
	if funcErr != nil {
		t.Fatal(funcErr.Text)
	}
	o, ok := plain(t, value).(object)
	if !ok {
		t.Fatalf("the result is %s", value)
	}
	return o
}
