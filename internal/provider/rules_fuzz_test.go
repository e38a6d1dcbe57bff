package provider

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// FuzzBindings gives the rules functions bindings of any shape. They may refuse
// them, and may neither panic nor open anything that is not written there.
func FuzzBindings(f *testing.F) {
	for _, seed := range []string{
		`{"users":{"cidrs":["10.20.0.0/16"]},"canopsis":{"security_group_id":"sg-00000001"}}`,
		`{"users":{"cidrs":["0.0.0.0/0"],"allow_public":true},"canopsis":{"security_group_id":"?"}}`,
		`{"users":{"cidrs":["0.0.0.0/1","128.0.0.0/1"]},"canopsis":{"network_tags":["a","?"],"cidrs":["10.0.0.0/24"]}}`,
		`{"users":{"named_cidrs":{"vpn":"?","office":"10.0.0.0/8","nobody":null}},"canopsis":{"security_group_id":"sg-00000001","ethertypes":["IPv4"]}}`,
		`{"users":{"same_as":"canopsis"},"canopsis":{"security_group_id":"sg-00000001","attach":false}}`,
		`{"users":{"prefix_list_id":"?","prefix_list_max_entries":"?"},"canopsis":{"service_accounts":["a@b"]}}`,
		`{"users":"?","canopsis":null}`, `"?"`, `"?s"`, `null`, `[]`, `{}`, `7`, `{"":{"":""}}`, `{"users":{"cidrs":{"~":[]}}}`,
	} {
		f.Add(seed)
	}
	addCases(f, "bindings")
	f.Fuzz(func(t *testing.T, text string) {
		bindings, ok := decoded(text)
		if !ok {
			return
		}
		key, rule := writtenRule("users", "canopsis", "nginx", "user_access", "tcp", 8443)
		rules, err := typed(tftypes.Map{ElementType: ruleType}, object{key: rule})
		if err != nil {
			t.Fatal(err)
		}
		allowed := strings.Contains(bindings.String(), "allow_public")
		for _, target := range rulesTargets() {
			result, funcErr := run(t, target.function(), rules, bindings)
			for _, fault := range opened(result, funcErr, allowed) {
				t.Errorf("%s: %s", target.target.Name, fault)
			}
		}
	})
}

// addCases makes a seed of every case of the rules functions' tables.
func addCases(f *testing.F, argument string) {
	f.Helper()
	const longest = 10_000
	for _, s := range []surface{awsRulesSurface(), gcpRulesSurface(), openstackRulesSurface(), kubernetesSurface(), addressRulesSurface(), azureRulesSurface()} {
		for _, c := range s.cases {
			text, err := json.Marshal(c.given[argument])
			if err != nil {
				f.Fatal(err)
			}
			if len(text) < longest {
				f.Add(string(text))
			}
		}
	}
}

// FuzzRules gives the functions rules of any shape, though Terraform converts
// them to the parameter's type: nothing may rest on that.
func FuzzRules(f *testing.F) {
	addCases(f, "rules")
	for _, seed := range []string{`"?"`, `null`, `[]`, `7`, `{"~":{}}`} {
		f.Add(seed)
	}
	bindings := untyped(object{
		"users":    object{"cidrs": list{"0.0.0.0/0"}, "allow_public": true},
		"canopsis": object{"security_group_id": "sg-00000001"},
	})
	f.Fuzz(func(t *testing.T, text string) {
		rules, ok := decoded(text)
		if !ok {
			return
		}
		result, funcErr := run(t, targetNamed("aws").function(), rules, bindings)
		written := rules.String()
		public := slices.ContainsFunc([]string{"user_access", "events", "external", "installation"}, func(purpose string) bool {
			return strings.Contains(written, purpose)
		})
		for _, fault := range opened(result, funcErr, public) {
			t.Error(fault)
		}
	})
}

// FuzzReports gives a report a deployment and settings of any shape: it may
// refuse them, and may not panic.
func FuzzReports(f *testing.F) {
	deployed, err := json.Marshal(object{
		"flows":     object{"users-to-canopsis-nginx": writtenFlow},
		"endpoints": object{"users": object{"name": "Utilisateurs", "kind": "actor", "fqdns": list{"a.example"}}},
		"errata":    object{"redis_port": object{"flows": list{"a"}, "reason": "?", "applied": true}},
		"edition":   object{"version": "22.10"},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(deployed), `{"language":"fr","bindings":{"users":{"cidrs":["10.20.0.0/16"],"named_cidrs":{"vpn":"?"},"same_as":"canopsis"}}}`)
	f.Add(`{"flows":{"a":{"ports":[{"protocol":"tcp","from_port":0,"to_port":"?"}]}}}`, `null`)
	f.Add(`{"flows":"?"}`, `"?"`)
	f.Fuzz(func(t *testing.T, deployed, settings string) {
		first, ok1 := decoded(deployed)
		second, ok2 := decoded(settings)
		if !ok1 || !ok2 {
			return
		}
		reader := reportReader{}
		reader.deployment(reader.Root("deployment", first))
		reader.settings(reader.Root("settings", second), reportFunction{settings: tableSettings()}.allSettings())
		if reader.unknown || reader.Len() > 0 {
			return
		}
		if reader.report.Markdown() == "" || reader.report.Mermaid() == "" || reader.report.SVG() == "" {
			t.Error("an empty report")
		}
		if page, err := reader.report.HTML(); err != nil || page == "" {
			t.Errorf("HTML: %q, %v", page, err)
		}
		if csv, err := reader.report.CSV(); err != nil || csv == "" {
			t.Errorf("CSV: %q, %v", csv, err)
		}
	})
}

// opened returns what is wrong with a function's answer: an error without words,
// an empty key, and what opens to everyone where nothing allows it.
func opened(result tftypes.Value, funcErr *function.FuncError, publicAllowed bool) []string {
	if funcErr != nil {
		if funcErr.Text == "" {
			return []string{"an error without a text"}
		}
		return nil
	}
	if !result.IsKnown() {
		return nil
	}
	var faults []string
	parts, _ := elements(result)
	for name, part := range parts {
		rules, _ := elements(part)
		for key, rule := range rules {
			if key == "" {
				faults = append(faults, "an empty key in "+name)
			}
			if name == "rows" {
				faults = append(faults, openedRows(key, rule, publicAllowed)...)
			}
			if name == "ingress" || name == "egress" {
				attributes, _ := elements(rule)
				faults = append(faults, openedBy(key, attributes, publicAllowed)...)
				if spec, ok := attributes["spec"]; ok {
					faults = append(faults, openedIn(key, spec, publicAllowed)...)
				}
			}
		}
	}
	return faults
}

// addressed are the arguments that hold prefixes.
var addressed = []string{"cidr_ipv4", "cidr_ipv6", "remote_ip_prefix", "source_ranges", "destination_ranges", "source_address_prefixes", "destination_address_prefixes"}

func openedBy(key string, attributes map[string]tftypes.Value, publicAllowed bool) []string {
	var faults []string
	for name, attribute := range attributes {
		if attribute.IsNull() || !attribute.IsKnown() || name == "peers" || name == "flows" { // for people
			continue
		}
		texts := []tftypes.Value{attribute}
		if values, ok := sequence(attribute); ok {
			texts = values
			if len(values) == 0 {
				faults = append(faults, key+": "+name+" is empty, which a cloud may read as everyone")
			}
		}
		for _, v := range texts {
			if !v.Type().Is(tftypes.String) || !v.IsKnown() {
				continue
			}
			s, _ := text(v)
			if s == "" {
				faults = append(faults, key+": "+name+" is an empty text")
			}
			if !slices.Contains(addressed, name) {
				continue
			}
			prefix, err := netip.ParsePrefix(s)
			if err != nil || prefix.Bits() == 0 && !publicAllowed {
				faults = append(faults, key+": "+name+" opens to "+s)
			}
		}
	}
	return faults
}

// decoded reads a value in JSON's notation, where "?" is not known, "?s" is a
// text that is not known, and the name "~" makes an object a map of what else is
// in it, and a list a set, if their elements agree.
func decoded(text string) (tftypes.Value, bool) {
	var raw any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return tftypes.Value{}, false
	}
	return fromJSON(raw), true
}

func fromJSON(raw any) tftypes.Value {
	switch raw := raw.(type) {
	case string:
		switch raw {
		case "?":
			return untyped(unknown)
		case "?s":
			return untyped(notKnown{tftypes.String})
		}
		return untyped(raw)
	case []any:
		elements := list{}
		for _, element := range raw {
			elements = append(elements, fromJSON(element))
		}
		return untyped(elements)
	case map[string]any:
		attributes := object{}
		for name, attribute := range raw {
			if name != "~" {
				attributes[name] = fromJSON(attribute)
			}
		}
		value := untyped(attributes)
		if _, ok := raw["~"]; ok {
			return asMap(value)
		}
		return value
	}
	return untyped(raw) // a number, a boolean or null
}

// asMap returns an object as a map where its attributes agree in type.
func asMap(v tftypes.Value) tftypes.Value {
	var values map[string]tftypes.Value
	if err := v.As(&values); err != nil {
		return v
	}
	var element tftypes.Type = tftypes.String
	for _, value := range values {
		element = value.Type()
	}
	of := tftypes.Map{ElementType: element}
	if err := tftypes.ValidateValue(of, values); err != nil {
		return v
	}
	return tftypes.NewValue(of, values)
}

// TestFuzzNotation checks what the fuzzers' notation means, so that their corpus
// keeps its meaning.
func TestFuzzNotation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"?"`:                   "tftypes.DynamicPseudoType<unknown>",
		`"?s"`:                  "tftypes.String<unknown>",
		`null`:                  "tftypes.DynamicPseudoType<null>",
		`[1,"a"]`:               `tftypes.Tuple[tftypes.Number, tftypes.String]<tftypes.Number<"1">, tftypes.String<"a">>`,
		`{"~":0,"a":"x"}`:       `tftypes.Map[tftypes.String]<"a":tftypes.String<"x">>`,
		`{"~":0,"a":"x","b":1}`: `tftypes.Object["a":tftypes.String, "b":tftypes.Number]<"a":tftypes.String<"x">, "b":tftypes.Number<"1">>`,
	} {
		got, ok := decoded(text)
		if !ok || fmt.Sprint(got) != want {
			t.Errorf("%s is %s; want %s", text, got, want)
		}
	}
}
