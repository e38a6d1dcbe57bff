package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// A data source's state is built in the protocol's form, as the functions' results
// are. The framework's way, from structs with tags, compiles a regular expression
// for each attribute of each rule, and takes half of the time of a read.

// outputs are attributes of a data source by name, as plain Go: a text, a truth
// value, a port, a list, an object or a map by name. nil is null.
type outputs map[string]any

// count returns how many parts an output has.
func (o outputs) count(name string) int {
	parts, _ := o[name].(outputs)
	return len(parts)
}

// setState sets what was read: the arguments as they were written, and the outputs.
// It panics where an output is not what the schema declares, which any read shows.
func setState(ctx context.Context, state *tfsdk.State, arguments tftypes.Value, read outputs) {
	declared := state.Schema.Type().TerraformType(ctx)
	values, _ := elements(arguments)
	for name, output := range read {
		values[name] = protocolOf(partType(declared, name), output)
	}
	state.Raw = tftypes.NewValue(declared, values)
}

// protocolOf returns an output as the protocol carries it.
func protocolOf(t tftypes.Type, output any) tftypes.Value {
	switch v := output.(type) {
	case outputs:
		values := make(map[string]tftypes.Value, len(v))
		for name, part := range v {
			values[name] = protocolOf(partType(t, name), part)
		}
		return tftypes.NewValue(t, values)
	case []outputs:
		values := make([]tftypes.Value, 0, len(v))
		for _, part := range v {
			values = append(values, protocolOf(partType(t, ""), part))
		}
		return tftypes.NewValue(t, values)
	case []string:
		return textList(v)
	default:
		return tftypes.NewValue(t, v)
	}
}

// partType returns the type of what has this name in an object, or of what is in a
// map or a list.
func partType(t tftypes.Type, name string) tftypes.Type {
	switch t := t.(type) {
	case tftypes.Object:
		return t.AttributeTypes[name]
	case tftypes.Map:
		return t.ElementType
	case tftypes.List:
		return t.ElementType
	}
	return tftypes.DynamicPseudoType
}

// textOrNull returns null for the empty text.
func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// portOrNull returns null where a protocol has no such port.
func portOrNull(port int) any {
	if port == matrix.None {
		return nil
	}
	return port
}

// portRanges returns ranges as users read them.
func portRanges(ports matrix.Ports) []outputs {
	ranges := make([]outputs, 0, ports.Len())
	for r := range ports.All() {
		ranges = append(ranges, portRange(r))
	}
	return ranges
}

func portRange(r matrix.PortRange) outputs {
	return outputs{"protocol": r.Protocol().String(), "from_port": portOrNull(r.From()), "to_port": portOrNull(r.To())}
}
