package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// writtenRule is a rule as the flows data source gives it.
func writtenRule(source, destination, component, purpose, protocol string, port int) (key string, rule object) {
	flow := source + "-to-" + destination + "-" + component
	if component == destination {
		flow = source + "-to-" + destination
	}
	return fmt.Sprintf("%s/%s-%d", flow, protocol, port), object{
		"flow": flow, "source": source, "destination": destination, "component": component,
		"purpose": purpose, "protocol": protocol, "from_port": port, "to_port": port,
	}
}

// writtenRules are rules of every kind of purpose, which every case of a rules
// function has.
func writtenRules() object {
	rules := object{}
	for _, r := range []struct {
		source, destination, component, purpose, protocol string
		port                                              int
	}{
		{"users", "canopsis", "nginx", "user_access", "tcp", 8443},
		{"administrators", "canopsis", "ssh", "administration", "tcp", 22},
		{"snmp_trap_sources", "canopsis", "snmp", "events", "udp", 162},
		{"canopsis", "mongodb", "mongodb", "internal", "tcp", 27017},
		{"canopsis", "ldap", "ldap", "external", "tcp", 389},
	} {
		key, rule := writtenRule(r.source, r.destination, r.component, r.purpose, r.protocol, r.port)
		rules[key] = rule
	}
	return rules
}

// functionRun returns a surface's run for a function of rules and bindings.
func functionRun(newFunction func() function.Function, base object) func(t *testing.T, c diagnosticCase) outcome {
	return func(t *testing.T, c diagnosticCase) outcome {
		t.Helper()
		given := base.with(c.given)
		result, funcErr := callRules(t, newFunction(), given["rules"], given["bindings"])
		if funcErr != nil {
			return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "rules", "bindings")
		}
		return outcome{result: describeBound(t, result)}
	}
}

// functionOutcome returns what a user reads of a function's error: Terraform
// names the argument, and puts a full stop behind the text.
func functionOutcome(text string, position *int64, arguments ...string) outcome {
	d := diagnostic{phase: "the call", severity: "error", detail: text + "."}
	if position != nil {
		d.at = arguments[*position]
	}
	return outcome{diagnostics: []diagnostic{d}}
}

// ruleType is a rule as the data source has it, where a test needs its type.
var ruleType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"flow": tftypes.String, "source": tftypes.String, "destination": tftypes.String, "component": tftypes.String,
	"purpose": tftypes.String, "protocol": tftypes.String, "from_port": tftypes.Number, "to_port": tftypes.Number,
}}

// callRules runs a function, and calls it through the protocol as well, with rules
// of a map where they have one type and of an object where not: all must come to
// the same.
func callRules(t *testing.T, f function.Function, rules, bindings any) (tftypes.Value, *function.FuncError) {
	t.Helper()
	rulesValue, bindingsValue := untyped(rules), untyped(bindings)
	result, funcErr := run(t, f, rulesValue, bindingsValue)
	if asMap, err := typed(tftypes.Map{ElementType: ruleType}, rules); err == nil && rules != nil && rules != unknown {
		ofMap, mapErr := run(t, f, asMap, bindingsValue)
		switch {
		case (mapErr == nil) != (funcErr == nil), funcErr != nil && funcErr.Text != mapErr.Text, funcErr == nil && !result.Equal(ofMap):
			t.Fatalf("rules of an object: %v; of a map: %v", funcErr, mapErr)
		}
	}
	remote, remoteErr := callThroughProtocol(t, f, rulesValue, bindingsValue)
	switch {
	case (remoteErr == nil) != (funcErr == nil):
		t.Fatalf("Run: %v; through the protocol: %v", funcErr, remoteErr)
	case funcErr != nil && (funcErr.Text != remoteErr.Text || *funcErr.FunctionArgument != *remoteErr.FunctionArgument):
		t.Fatalf("Run: %v; through the protocol: %v", funcErr, remoteErr)
	case funcErr == nil && !result.Equal(remote):
		t.Fatalf("Run gives %s; through the protocol it gives %s", result, remote)
	}
	return result, funcErr
}

// run calls a function's Run.
func run(t testing.TB, f function.Function, rules, bindings tftypes.Value) (tftypes.Value, *function.FuncError) {
	t.Helper()
	definition := definitionOf(t, f)
	data, _ := definition.Return.NewResultData(t.Context())
	resp := function.RunResponse{Result: data}
	arguments := []attr.Value{protocolValue{protocolType{rules.Type()}, rules}, protocolValue{protocolType{bindings.Type()}, bindings}}
	if definition.VariadicParameter != nil { // no settings
		arguments = append(arguments, types.TupleValueMust(nil, nil))
	}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)
	value, err := resp.Result.Value().ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return value, resp.Error
}

func definitionOf(t testing.TB, f function.Function) function.Definition {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	return definition.Definition
}

// describeBound counts what a rules function gives.
func describeBound(t *testing.T, result tftypes.Value) string {
	t.Helper()
	if !result.IsKnown() {
		return "(known after apply)"
	}
	parts := children(t, result)
	if _, rows := parts["rows"]; rows {
		return fmt.Sprintf("%d rows, %d addresses, %d services, unenforced: %s",
			len(children(t, parts["rows"])), len(children(t, parts["addresses"])), len(children(t, parts["services"])), sortedKeys(children(t, parts["unenforced"])))
	}
	return fmt.Sprintf("%d ingress, %d egress, unenforced: %s",
		len(children(t, parts["ingress"])), len(children(t, parts["egress"])), sortedKeys(children(t, parts["unenforced"])))
}

// rulesArguments returns the arguments of a target's function that need cases:
// both, every attribute of a rule, and every attribute of a binding.
func rulesArguments(target firewall.Target) func(t *testing.T) []string {
	return func(t *testing.T) []string {
		t.Helper()
		names := []string{"rules", "bindings"}
		for name := range everyBindingAttribute() {
			names = append(names, "bindings."+name)
		}
		for _, name := range ruleNames() {
			names = append(names, "rules."+name)
		}
		return append(names, ownBindingAttributes(target)(t)...)
	}
}

// everyBindingAttribute returns the attributes of a binding that every target has
// whose rules are attached to something.
func everyBindingAttribute() map[string]bindingAttribute {
	attributes := bindingAttributes(firewall.Target{Forms: []firewall.Form{{Name: "own", Attaches: true}}})
	delete(attributes, "own")
	return attributes
}

// ownBindingAttributes returns the attributes of a binding that not every target
// has, for tables that leave all other arguments to aws_rules.
func ownBindingAttributes(target firewall.Target) func(t *testing.T) []string {
	return func(t *testing.T) []string {
		t.Helper()
		var names []string
		every := everyBindingAttribute()
		for _, name := range slices.Sorted(maps.Keys(bindingAttributes(target))) {
			if _, ok := every[name]; !ok {
				names = append(names, "bindings."+name)
			}
		}
		return names
	}
}

// binding returns the bindings of a case that writes another one for users.
func binding(base object, users any) object {
	return bindings(base, object{"users": users})
}

// bindings returns the bindings of a case that writes some of them otherwise.
func bindings(base, others object) object {
	all, _ := base["bindings"].(object)
	return object{"bindings": all.with(others)}
}

// rule returns the rules of a case that writes one of them otherwise: the rule
// from users to nginx.
func rule(base, attributes object) object {
	all, _ := base["rules"].(object)
	for key, written := range all {
		if attributesOf, ok := written.(object); ok && strings.HasPrefix(key, "users-to-") {
			return object{"rules": all.with(object{key: attributesOf.with(attributes)})}
		}
	}
	return nil
}
