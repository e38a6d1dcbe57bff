package provider

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// What a user writes, as the tables of cases spell it: nil is null, and texts,
// numbers and booleans are Go's own.
type (
	object map[string]any
	list   []any
	// notKnown is a value that is known at apply only. Its type is none where
	// Terraform cannot tell it either.
	notKnown struct{ tftypes.Type }
)

// unknown is what an expression over a resource that does not exist yet gives.
var unknown = notKnown{}

// MarshalJSON writes what decoded reads.
func (u notKnown) MarshalJSON() ([]byte, error) {
	if u.Type == nil {
		return []byte(`"?"`), nil
	}
	return []byte(`"?s"`), nil
}

// with returns the object with other attributes set.
func (o object) with(others object) object {
	merged := maps.Clone(o)
	if merged == nil {
		merged = object{}
	}
	maps.Copy(merged, others)
	return merged
}

// without returns the object without an attribute.
func (o object) without(name string) object {
	rest := maps.Clone(o)
	delete(rest, name)
	return rest
}

// typed returns the value as Terraform converts it to a type. It fails where
// Terraform itself would refuse the configuration.
func typed(t tftypes.Type, v any) (tftypes.Value, error) {
	switch v.(type) {
	case nil:
		return tftypes.NewValue(t, nil), nil
	case notKnown:
		return tftypes.NewValue(t, tftypes.UnknownValue), nil
	}
	if t.Is(tftypes.DynamicPseudoType) {
		return untyped(v), nil
	}
	var raw any = v
	var errs []string
	element := func(t tftypes.Type, v any) tftypes.Value {
		converted, err := typed(t, v)
		if err != nil {
			errs = append(errs, err.Error())
			return tftypes.NewValue(t, nil)
		}
		return converted
	}
	elements := func(element func(name string, v any) tftypes.Value) map[string]tftypes.Value {
		values := map[string]tftypes.Value{}
		o, ok := v.(object)
		if !ok {
			errs = append(errs, fmt.Sprintf("%v is no object", v))
		}
		for name, value := range o {
			values[name] = element(name, value)
		}
		return values
	}
	sequence := func(t tftypes.Type) []tftypes.Value {
		values := []tftypes.Value{}
		l, ok := v.(list)
		if !ok {
			errs = append(errs, fmt.Sprintf("%v is no list", v))
		}
		for _, value := range l {
			values = append(values, element(t, value))
		}
		return values
	}
	switch t := t.(type) {
	case tftypes.List:
		raw = sequence(t.ElementType)
	case tftypes.Set:
		raw = sequence(t.ElementType)
	case tftypes.Map:
		raw = elements(func(_ string, v any) tftypes.Value { return element(t.ElementType, v) })
	case tftypes.Object:
		values := elements(func(name string, v any) tftypes.Value {
			if t.AttributeTypes[name] == nil {
				errs = append(errs, name+" is no attribute")
				return tftypes.Value{}
			}
			return element(t.AttributeTypes[name], v)
		})
		for name, t := range t.AttributeTypes {
			if _, ok := values[name]; !ok {
				values[name] = tftypes.NewValue(t, nil)
			}
		}
		raw = values
	}
	if len(errs) > 0 {
		return tftypes.Value{}, fmt.Errorf("%s", strings.Join(errs, "; "))
	}
	if err := tftypes.ValidateValue(t, raw); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(t, raw), nil
}

// untyped returns the value as Terraform hands it to a dynamic parameter: an
// object's attributes and a tuple's elements each have a type of their own.
func untyped(v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case notKnown:
		if v.Type == nil {
			return tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)
		}
		return tftypes.NewValue(v.Type, tftypes.UnknownValue)
	case tftypes.Value:
		return v
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	case list:
		types, values := []tftypes.Type{}, []tftypes.Value{}
		for _, element := range v {
			value := untyped(element)
			types, values = append(types, value.Type()), append(values, value)
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, values)
	case object:
		types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
		for name, attribute := range v {
			values[name] = untyped(attribute)
			types[name] = values[name].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
	}
	return tftypes.NewValue(tftypes.Number, v)
}

// spell writes a value as HCL does. Long texts are cut.
func spell(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case notKnown:
		return "(known after apply)"
	case string:
		const longest = 60
		if len(v) > longest {
			return fmt.Sprintf("%q... (%d bytes)", v[:longest/2], len(v))
		}
		return strconv.Quote(v)
	case list:
		const most = 8
		var elements []string
		for _, element := range v[:min(len(v), most)] {
			elements = append(elements, spell(element))
		}
		if len(v) > most {
			elements = append(elements, fmt.Sprintf("... (%d elements)", len(v)))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case object:
		if len(v) == 0 {
			return "{}"
		}
		var attributes []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			attributes = append(attributes, name+" = "+spell(v[name]))
		}
		return "{ " + strings.Join(attributes, ", ") + " }"
	case tftypes.Value:
		return v.String()
	}
	return fmt.Sprint(v)
}

// differences spells what is given on top of what every case of a table has, a
// line for each place: bindings["users"].cidrs = [].
func differences(base, given object) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		isMap := name != "deployment" && name != "settings" && name != "spread"
		lines = append(lines, difference(refusal.At(name), isMap, base[name], given[name])...)
	}
	return lines
}

// difference compares one place. A map has objects here, and an object maps.
func difference(at refusal.Path, isMap bool, base, given any) []string {
	if spell(base) == spell(given) && base != nil {
		return nil
	}
	before, ok1 := base.(object)
	after, ok2 := given.(object)
	if !ok1 || !ok2 || len(after) == 0 {
		return []string{at.String() + " = " + spell(given)}
	}
	step := at.Attribute
	if isMap {
		step = at.Key
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		lines = append(lines, difference(step(key), !isMap, before[key], after[key])...)
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[key]; !ok {
			lines = append(lines, step(key).String()+" is left out")
		}
	}
	return lines
}

func TestSpell(t *testing.T) {
	t.Parallel()
	base := object{"bindings": object{"users": object{"cidrs": list{"10.20.0.0/16"}}, "ldap": object{}}}
	given := object{"bindings": object{"users": object{"cidrs": nil, "attach": true}}, "rules": unknown}
	got := strings.Join(differences(base, given), "\n")
	want := `bindings["users"].attach = true
bindings["users"].cidrs = null
bindings["ldap"] is left out
rules = (known after apply)`
	if got != want {
		t.Errorf("differences:\n%s\nwant:\n%s", got, want)
	}
}
