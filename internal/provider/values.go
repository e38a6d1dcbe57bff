package provider

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// The following read arguments of functions, which arrive as the protocol
// carries them: objects of differing shape, with unknown values at any depth.

// elements returns what is in an object or a map.
func elements(v tftypes.Value) (map[string]tftypes.Value, bool) {
	if !v.Type().Is(tftypes.Object{}) && !v.Type().Is(tftypes.Map{}) {
		return nil, false
	}
	var values map[string]tftypes.Value
	return values, v.As(&values) == nil
}

// sequence returns what is in a list, a set or a tuple.
func sequence(v tftypes.Value) ([]tftypes.Value, bool) {
	if !v.Type().Is(tftypes.List{}) && !v.Type().Is(tftypes.Set{}) && !v.Type().Is(tftypes.Tuple{}) {
		return nil, false
	}
	var values []tftypes.Value
	return values, v.As(&values) == nil
}

func text(v tftypes.Value) (string, bool) {
	if !v.Type().Is(tftypes.String) {
		return "", false
	}
	var s string
	return s, v.As(&s) == nil
}

func boolean(v tftypes.Value) (value, ok bool) {
	if !v.Type().Is(tftypes.Bool) {
		return false, false
	}
	return value, v.As(&value) == nil
}

// wholeNumber returns a number that has no fraction and fits an int64.
func wholeNumber(v tftypes.Value) (int64, bool) {
	if !v.Type().Is(tftypes.Number) {
		return 0, false
	}
	var number big.Float
	if v.As(&number) != nil {
		return 0, false
	}
	n, accuracy := number.Int64()
	return n, accuracy == big.Exact
}

// describe says what a value is, for errors.
func describe(v tftypes.Value) string {
	t := v.Type()
	switch {
	case t == nil || v.IsNull():
		return "null"
	case t.Is(tftypes.String):
		s, _ := text(v)
		return fmt.Sprintf("the text %q", s)
	case t.Is(tftypes.Number):
		var number big.Float
		if v.As(&number) == nil {
			const digits = 10 // of what a person would type; beyond, the exponent says more
			return "the number " + number.Text('g', digits)
		}
		return "a number"
	case t.Is(tftypes.Bool):
		b, _ := boolean(v)
		return fmt.Sprint(b)
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}), t.Is(tftypes.Tuple{}):
		return "a list"
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		return "an object"
	}
	return "a value of an unexpected type"
}

// protocolText returns a core text as the protocol carries it.
func protocolText(v firewall.Value[string]) tftypes.Value {
	if s, ok := v.Get(); ok {
		return tftypes.NewValue(tftypes.String, s)
	}
	if v.IsUnknown() {
		return tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	}
	return tftypes.NewValue(tftypes.String, nil)
}

// protocolNumber returns a core number as the protocol carries it.
func protocolNumber(v firewall.Value[int64]) tftypes.Value {
	if n, ok := v.Get(); ok {
		return tftypes.NewValue(tftypes.Number, n)
	}
	if v.IsUnknown() {
		return tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)
	}
	return tftypes.NewValue(tftypes.Number, nil)
}

// protocolBool returns a core truth value as the protocol carries it.
func protocolBool(v firewall.Value[bool]) tftypes.Value {
	if b, ok := v.Get(); ok {
		return tftypes.NewValue(tftypes.Bool, b)
	}
	if v.IsUnknown() {
		return tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)
	}
	return tftypes.NewValue(tftypes.Bool, nil)
}

// protocolNested returns a cell whose shape the rule decides, as an object or a
// tuple with no null in it: what is absent has no attribute.
func protocolNested(cell firewall.Cell) tftypes.Value {
	switch nested := cell.Nested; {
	case !cell.Text.IsAbsent():
		return protocolText(cell.Text)
	case !cell.Number.IsAbsent():
		return protocolNumber(cell.Number)
	case !cell.Bool.IsAbsent():
		return protocolBool(cell.Bool)
	case !cell.Texts.IsAbsent():
		return protocolTexts(tftypes.List{ElementType: tftypes.String}, cell.Texts)
	case nested == nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case nested.Object != nil:
		types, values := make(map[string]tftypes.Type), make(map[string]tftypes.Value)
		for name, part := range nested.Object {
			if !part.IsAbsent() {
				values[name] = protocolNested(part)
				types[name] = values[name].Type()
			}
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
	default:
		types, values := make([]tftypes.Type, 0, len(nested.List)), make([]tftypes.Value, 0, len(nested.List))
		for _, part := range nested.List {
			value := protocolNested(part)
			types, values = append(types, value.Type()), append(values, value)
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, values)
	}
}

// protocolTextMap returns texts by name as the protocol carries them.
func protocolTextMap(nested *firewall.NestedCell) tftypes.Value {
	values := make(map[string]tftypes.Value, len(nested.Object))
	for name, cell := range nested.Object {
		values[name] = protocolText(cell.Text)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
}

// protocolRangeMap returns ranges by name as the protocol carries them.
func protocolRangeMap(nested *firewall.NestedCell) tftypes.Value {
	values := make(map[string]tftypes.Value, len(nested.Object))
	for name, cell := range nested.Object {
		values[name] = tftypes.NewValue(rangeType, map[string]tftypes.Value{
			"from_port": protocolNumber(cell.Nested.Object["from_port"].Number),
			"to_port":   protocolNumber(cell.Nested.Object["to_port"].Number),
		})
	}
	return tftypes.NewValue(tftypes.Map{ElementType: rangeType}, values)
}

// protocolTexts returns core texts as the protocol carries them.
func protocolTexts(t tftypes.Type, v firewall.Texts) tftypes.Value {
	if v.IsUnknown() {
		return tftypes.NewValue(t, tftypes.UnknownValue)
	}
	texts, ok := v.Get()
	if !ok {
		return tftypes.NewValue(t, nil)
	}
	values := make([]tftypes.Value, 0, len(texts))
	for _, text := range texts {
		values = append(values, protocolText(text))
	}
	return tftypes.NewValue(t, values)
}
