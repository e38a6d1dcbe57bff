package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// TestReader checks what each way of reading makes of a value that is there, null,
// unknown, empty or of another type.
func TestReader(t *testing.T) {
	t.Parallel()
	text := func(f field) string { return fmt.Sprintf("%q", f.Text()) }
	filled := func(f field) string { return fmt.Sprintf("%q", f.Filled("a word")) }
	id := func(f field) string { return fmt.Sprintf("%q", f.ID()) }
	flag := func(f field) string { return fmt.Sprint(f.Bool()) }
	number := func(f field) string { n, ok := f.Number(); return fmt.Sprint(n, ok) }
	texts := func(f field) string { return fmt.Sprintf("%q %t", f.Texts(), f.Texts() == nil) }
	mapped := func(f field) string { return fmt.Sprintf("%q", f.Map()) }
	lists := func(f field) string { return fmt.Sprintf("%q", f.MapOfTexts()) }
	ports := func(f field) string { return f.Ports().String() }
	value := func(f field) string {
		return fmt.Sprint(f.TextValue() == firewall.Unknown[string](), f.TextValue().IsAbsent())
	}
	strict := func(read func(field) string) func(field) string {
		return func(f field) string { return read(f.MustBeKnown("it is not known yet", "Write it")) }
	}
	port := object{"protocol": "tcp", "from_port": 443, "to_port": 443}
	for name, c := range map[string]struct {
		value any
		read  func(field) string
		want  string // what it reads, and each error or "unknown" behind it
	}{
		"text":            {"a", text, `"a"`},
		"text, null":      {nil, text, `""; Missing value: x: this is left out or null.`},
		"text, unknown":   {unknown, text, `""; unknown`},
		"text, strict":    {unknown, strict(text), `""; Unknown at plan: x: it is not known yet. Write it.`},
		"text, empty":     {"", text, `""`},
		"text, wrong":     {1, text, `""; Wrong type: x: the number 1 stands here. Allowed: a text.`},
		"text, optional":  {nil, func(f field) string { return text(f.Optional()) }, `""`},
		"filled, empty":   {"", filled, `""; Empty text: x: the text "" is empty. Allowed: a word.`},
		"id, wrong":       {"A-b", id, `"A-b"; Invalid name: x: "A-b" is not a valid name; names become parts of the rules' keys. Did you mean "a_b"? Allowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores.`},
		"bool":            {true, flag, "true"},
		"bool, wrong":     {"true", flag, `false; Wrong type: x: the text "true" stands here. Allowed: true or false.`},
		"number":          {3, number, "3 true"},
		"number, wrong":   {3.5, number, "0 false; Wrong type: x: the number 3.5 stands here. Allowed: a whole number."},
		"texts":           {list{"a", "b"}, texts, `["a" "b"] false`},
		"texts, empty":    {list{}, texts, `[] false`},
		"texts, element":  {list{"a", nil}, texts, `["a"] false; Null element: x[1]: null stands here. Give it a value, or leave the element out.`},
		"texts, unknown":  {list{"a", unknown}, texts, `["a"] false; unknown`},
		"texts, wrong":    {"a", texts, `[] true; Wrong type: x: the text "a" stands here. Allowed: a list.`},
		"set, null":       {tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{tftypes.NewValue(tftypes.String, nil)}), texts, `[] false; Null element: x: null stands here. Give it a value, or leave the element out.`},
		"map":             {object{"b": "2", "a": "1"}, mapped, `map["a":"1" "b":"2"]`},
		"map, null":       {object{"a": nil}, mapped, `map[]; Null element: x["a"]: null stands here. Give it a value, or leave the element out.`},
		"map, wrong":      {list{}, mapped, `map[]; Wrong type: x: a list stands here. Allowed: a map.`},
		"lists":           {object{"a": list{"1"}, "b": list{}}, lists, `map["a":["1"] "b":[]]`},
		"ports":           {list{port}, ports, "tcp/443"},
		"ports, wrong":    {list{port.with(object{"to_port": 442})}, ports, `; Invalid port: x[0]: range 443-442 ends before it starts: write 442-443. Allowed: from_port up to to_port, both inclusive.`},
		"value, unknown":  {unknown, value, "true false"},
		"value, optional": {nil, func(f field) string { return value(f.Optional()) }, "false true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &reader{}
			got := []string{c.read(r.Root("x", untyped(c.value)))}
			seen := map[string]bool{} // what is read twice is reported twice
			for _, err := range r.All() {
				if !seen[err.Error()] {
					got = append(got, err.Error())
				}
				seen[err.Error()] = true
			}
			if r.unknown {
				got = append(got, "unknown")
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %s\nwant %s", strings.Join(got, "; "), c.want)
			}
		})
	}
}

// TestRefuseOthers checks that an attribute which is none is an error that names
// the nearest one.
func TestRefuseOthers(t *testing.T) {
	t.Parallel()
	r := &reader{}
	o, _ := r.Root("x", untyped(object{"langage": "fr", "bindings": nil})).Object("an object")
	o.RefuseOthers("a setting", []string{"bindings", "language"})
	const want = `Unknown attribute: x.langage: "langage" is not a setting. Did you mean "language"? Allowed: bindings, language.`
	if err := r.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// A variable's type drops what it does not name: of a rule of ICMP nothing may be
// open to every type by that.
func TestRulesOfICMPNameTheirType(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		given object
		want  string // a part of the error; empty: none
	}{
		"both left out": {object{"protocol": "icmp"}, `rules["own"].from_port: this is left out, and every type or code of icmp would be open`},
		"the type":      {object{"protocol": "icmpv6", "to_port": nil}, `rules["own"].from_port: this is left out`},
		"the code":      {object{"protocol": "icmp", "from_port": 8}, `rules["own"].to_port: this is left out`},
		"null":          {object{"protocol": "icmp", "from_port": nil, "to_port": nil}, ""},
		"vrrp":          {object{"protocol": "vrrp"}, ""},
	} {
		rule := object{"flow": "own", "source": "users", "destination": "canopsis", "component": "nginx", "purpose": "user_access"}.with(test.given)
		var errs refusal.Errors
		readRules("rules", untyped(object{"own": rule}), &errs)
		got := ""
		if err := errs.Err(); err != nil {
			got = err.Error()
		}
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q; want %q", name, got, test.want)
		}
	}
}
