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

// setState sets what was read: the arguments as they were written, and the outputs.
// It panics where an output is not what the schema declares, which any read shows.
func setState(ctx context.Context, state *tfsdk.State, arguments tftypes.Value, read outputs) {
	schemaType := state.Schema.Type().TerraformType(ctx).(tftypes.Object)
	written, _ := elements(arguments)
	values := make(map[string]tftypes.Value, len(schemaType.AttributeTypes))
	for name, t := range schemaType.AttributeTypes {
		if output, ok := read[name]; ok {
			values[name] = protocolOf(t, output)
		} else {
			values[name] = written[name]
		}
	}
	state.Raw = tftypes.NewValue(schemaType, values)
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
		element := t.(tftypes.List).ElementType
		values := make([]tftypes.Value, 0, len(v))
		for _, part := range v {
			values = append(values, protocolOf(element, part))
		}
		return tftypes.NewValue(t, values)
	case []string:
		return textList(v)
	default:
		return tftypes.NewValue(t, v)
	}
}

// partType returns the type of what has this name in an object, or in a map.
func partType(t tftypes.Type, name string) tftypes.Type {
	if object, ok := t.(tftypes.Object); ok {
		return object.AttributeTypes[name]
	}
	return t.(tftypes.Map).ElementType
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
		ranges = append(ranges, outputs{
			"protocol": r.Protocol().String(), "from_port": portOrNull(r.From()), "to_port": portOrNull(r.To()),
		})
	}
	return ranges
}
