package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Rules come by the ten thousand. The framework's own values cost a map and
// several checks for each attribute of each rule; arguments and results of the
// functions therefore stay in the protocol's form, and are read and built once.

// protocolType is the type of a value that is kept as the protocol carries it.
type protocolType struct{ tftypes.Type }

var _ attr.Type = protocolType{}

func (t protocolType) TerraformType(context.Context) tftypes.Type { return t.Type }

func (t protocolType) ValueFromTerraform(_ context.Context, v tftypes.Value) (attr.Value, error) {
	return protocolValue{t, v}, nil
}

func (t protocolType) ValueType(context.Context) attr.Value { return protocolValue{} }

func (t protocolType) Equal(other attr.Type) bool {
	o, ok := other.(protocolType)
	return ok && t.Type.Equal(o.Type)
}

func (t protocolType) String() string { return t.Type.String() }

// ApplyTerraform5AttributePathStep refuses: nothing of the framework looks into
// these values.
func (t protocolType) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	return nil, fmt.Errorf("%s has no step %v", t, step)
}

// protocolValue is a value of a protocolType.
type protocolValue struct {
	valueType protocolType
	value     tftypes.Value
}

var _ attr.Value = protocolValue{}

func (v protocolValue) Type(context.Context) attr.Type { return v.valueType }

func (v protocolValue) ToTerraformValue(context.Context) (tftypes.Value, error) { return v.value, nil }

func (v protocolValue) Equal(other attr.Value) bool {
	o, ok := other.(protocolValue)
	return ok && v.valueType.Equal(o.valueType) && v.value.Equal(o.value)
}

func (v protocolValue) IsNull() bool    { return v.value.IsNull() }
func (v protocolValue) IsUnknown() bool { return !v.value.IsKnown() }
func (v protocolValue) String() string  { return v.value.String() }

// parameter is a function's parameter that takes unknown values, and null, for
// which its function has better words than Terraform; it hands its argument over
// in the protocol's form.
type parameter struct {
	name, description string
	valueType         tftypes.Type
}

var _ function.Parameter = parameter{}

func (p parameter) GetAllowNullValue() bool        { return true }
func (p parameter) GetAllowUnknownValues() bool    { return true }
func (p parameter) GetDescription() string         { return p.description }
func (p parameter) GetMarkdownDescription() string { return p.description }
func (p parameter) GetName() string                { return p.name }
func (p parameter) GetType() attr.Type             { return protocolType{p.valueType} }

// result is a function's return in the protocol's form.
type result struct{ valueType tftypes.Type }

var _ function.Return = result{}

func (r result) GetType() attr.Type { return protocolType{r.valueType} }

func (r result) NewResultData(context.Context) (function.ResultData, *function.FuncError) {
	return r.data(tftypes.NewValue(r.valueType, tftypes.UnknownValue)), nil
}

func (r result) data(v tftypes.Value) function.ResultData {
	return function.NewResultData(protocolValue{protocolType{r.valueType}, v})
}
