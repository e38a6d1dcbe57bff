package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// rulesTarget is a target with what its tests need.
type rulesTarget struct {
	target   firewall.Target
	bindings object             // for writtenRules
	cases    surface            // of diagnostics, its base and the way to run it apart
	peers    func() []object    // bindings with which every kind of peer comes out of writtenRules
	host     func(i int) object // a binding that rules are attached to
	plain    string             // what the keys of a rule of tcp/8443 end in; empty: no key says a rule
}

func (t rulesTarget) function() function.Function { return newRulesFunction(t.target) }

// rulesTargets ranges over all targets; each needs an entry here.
func rulesTargets() []rulesTarget {
	all, err := rulesTargetsOf(firewall.Targets())
	if err != nil {
		panic(err)
	}
	return all
}

func rulesTargetsOf(targets []firewall.Target) ([]rulesTarget, error) {
	entries := map[string]rulesTarget{
		"aws": {bindings: awsBindings, cases: awsRulesSurface(), peers: awsPeers, plain: "tcp-8443", host: func(i int) object {
			return object{"security_group_id": fmt.Sprintf("sg-%08x", i)}
		}},
		"gcp": {bindings: gcpBindings, cases: gcpRulesSurface(), peers: gcpPeers, plain: "tcp", host: func(i int) object {
			return object{"network_tags": list{fmt.Sprintf("host-%d", i)}}
		}},
		"kubernetes": {bindings: kubernetesBindings, cases: kubernetesSurface(), host: func(i int) object {
			return object{"namespace": "canopsis", "pod_labels": object{"app": fmt.Sprintf("host-%d", i)}}
		}},
		"azure": {bindings: azureBindings, cases: azureRulesSurface(), peers: azurePeers, plain: "tcp", host: func(i int) object {
			name := fmt.Sprintf("host-%d", i)
			return object{"network_security_group_name": name, "resource_group_name": "rg", "application_security_group_id": azureApplications + name}
		}},
		"address": {bindings: addressBindings, cases: addressRulesSurface(), host: func(i int) object {
			return object{"cidrs": list{fmt.Sprintf("172.16.0.%d/32", i)}}
		}},
		"openstack": {bindings: openstackBindings, cases: openstackRulesSurface(), peers: openstackPeers, plain: "tcp-8443", host: func(i int) object {
			return object{"security_group_id": fmt.Sprintf("%08x-0b1f-4c6d-8e9f-0a1b2c3d4e5f", i)}
		}},
	}
	var all []rulesTarget
	for _, target := range targets {
		entry, ok := entries[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q has no entry among the targets of these tests", target.Name)
		}
		entry.target = target
		all = append(all, entry)
	}
	return all, nil
}

// TestTablesRefuseATargetWithoutEntry adds a target that renders nothing: results,
// peers, diagnostics, properties and fuzzing range over one table.
func TestTablesRefuseATargetWithoutEntry(t *testing.T) {
	t.Parallel()
	_, err := rulesTargetsOf(append(firewall.Targets(), firewall.Target{Name: "nothing"}))
	if err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("the targets of these tests take one of which they know nothing: %v", err)
	}
}

func targetNamed(name string) rulesTarget {
	all := rulesTargets()
	return all[slices.IndexFunc(all, func(t rulesTarget) bool { return t.target.Name == name })]
}

// TestResultHasDocumentedType compares a result's type with the arguments that
// the target documents, and the documentation against both.
func TestResultHasDocumentedType(t *testing.T) {
	t.Parallel()
	kinds := map[firewall.Kind]tftypes.Type{
		firewall.Text: tftypes.String, firewall.Number: tftypes.Number, firewall.Bool: tftypes.Bool, firewall.Nested: tftypes.DynamicPseudoType,
		firewall.TextList: tftypes.List{ElementType: tftypes.String},
		firewall.TextSet:  tftypes.Set{ElementType: tftypes.String},
		firewall.TextMap:  tftypes.Map{ElementType: tftypes.String},
		firewall.RangeMap: tftypes.Map{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"from_port": tftypes.Number, "to_port": tftypes.Number}}},
	}
	for _, target := range rulesTargets() {
		definition := definitionOf(t, target.function())
		bound := map[string]tftypes.Type{
			"host": tftypes.String, "peer": tftypes.String, "peer_kind": tftypes.String,
			"flows": tftypes.List{ElementType: tftypes.String},
		}
		want := tftypes.Object{AttributeTypes: make(map[string]tftypes.Type)}
		for _, part := range target.target.Results {
			types, shaped := make(map[string]tftypes.Type), false
			if part.Kind == firewall.RulesPart {
				maps.Copy(types, bound)
			}
			for _, argument := range target.target.ArgumentsOf(part) {
				types[argument.Name], shaped = kinds[argument.Kind], shaped || argument.Kind == firewall.Nested
				if !strings.Contains(definition.MarkdownDescription, ") "+argument.Doc+".\n") {
					t.Errorf("%s: the documentation lacks %s", target.target.Name, argument.Name)
				}
			}
			var entry tftypes.Type = tftypes.Object{AttributeTypes: types}
			switch part.Kind {
			case firewall.ReasonsPart:
				entry = tftypes.String
			case firewall.CountsPart:
				entry = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"ingress": tftypes.Number, "egress": tftypes.Number}}
			case firewall.RulesPart, firewall.ObjectsPart, firewall.CellsPart:
			}
			want.AttributeTypes[part.Name] = tftypes.Map{ElementType: entry}
			if shaped { // of a shape of their own
				want.AttributeTypes[part.Name] = tftypes.DynamicPseudoType
			}
		}
		for _, name := range ruleNames() {
			if !strings.Contains(definition.MarkdownDescription, "- `"+name+"` (") {
				t.Errorf("%s: the documentation lacks a rule's %s", target.target.Name, name)
			}
		}
		for name := range bindingAttributes(target.target) {
			if !strings.Contains(definition.MarkdownDescription, "- `"+name+"` (") {
				t.Errorf("%s: the documentation lacks a binding's %s", target.target.Name, name)
			}
		}
		if got := definition.Return.GetType().TerraformType(t.Context()); !got.Equal(want) {
			t.Errorf("%s declares %s; want %s", target.target.Name, got, want)
		}
		result, err := callRules(t, target.function(), writtenRules(), target.bindings)
		if err != nil {
			t.Fatal(err)
		}
		if !result.Type().Equal(want) {
			t.Errorf("%s returns %s; want %s", target.target.Name, result.Type(), want)
		}
	}
}

// TestPeerKindsAreDocumented gives every kind of peer that a cloud has, and checks
// the documentation against the kinds that come out.
func TestPeerKindsAreDocumented(t *testing.T) {
	t.Parallel()
	for _, target := range rulesTargets() {
		if target.peers == nil { // its results do not name them
			continue
		}
		found := make(map[string]bool)
		for _, bindings := range target.peers() {
			result, err := callRules(t, target.function(), writtenRules(), bindings)
			if err != nil {
				t.Fatal(err)
			}
			for _, direction := range []string{"ingress", "egress"} {
				directions, _ := elements(result)
				rules, _ := elements(directions[direction])
				for _, rule := range rules {
					attributes, _ := elements(rule)
					kind, _ := text(attributes["peer_kind"])
					found[kind] = true
				}
			}
		}
		var kinds []string
		for _, kind := range target.target.Peers {
			kinds = append(kinds, string(kind))
		}
		slices.Sort(kinds)
		if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, kinds) {
			t.Errorf("%s gave peers of the kinds %q; want %q", target.target.Name, got, kinds)
		}
		_, line, _ := strings.Cut(definitionOf(t, target.function()).MarkdownDescription, "- `peer_kind` (String) ")
		line, _, _ = strings.Cut(line, "\n")
		documented := strings.FieldsFunc(line, func(r rune) bool { return r == '`' })
		for _, kind := range kinds {
			if !slices.Contains(documented, kind) {
				t.Errorf("%s: the documentation lacks the kind %s: %s", target.target.Name, kind, line)
			}
		}
		if got := strings.Count(line, "`") / 2; got != len(kinds) {
			t.Errorf("%s documents %d kinds; want %d: %s", target.target.Name, got, len(kinds), line)
		}
	}
}

// TestRulesFunctionsTakeWhatTerraformKnowsLittleOf checks that null and unknown
// arguments reach the functions: Terraform's own words would name no remedy.
func TestRulesFunctionsTakeWhatTerraformKnowsLittleOf(t *testing.T) {
	t.Parallel()
	for _, target := range rulesTargets() {
		for _, p := range definitionOf(t, target.function()).Parameters {
			if !p.GetAllowNullValue() || !p.GetAllowUnknownValues() {
				t.Errorf("%s: parameter %s keeps null or unknown values from the function", target.target.FunctionName(), p.GetName())
			}
		}
	}
}

// TestUnknownsInResult checks what is not known at plan under keys that are.
func TestUnknownsInResult(t *testing.T) {
	t.Parallel()
	result, err := callRules(t, targetNamed("aws").function(), writtenRules(), awsBindings.with(object{
		"canopsis":       object{"security_group_id": unknown},
		"mongodb":        object{"security_group_id": "sg-000000db"},
		"administrators": object{"named_cidrs": object{"bastion": unknown, "office": "192.0.2.0/28"}},
		"users":          object{"prefix_list_id": unknown, "prefix_list_max_entries": unknown},
		"ldap":           object{"cidrs": list{"2001:db8::5/128"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	parts := children(t, result)
	want := `egress canopsis-to-2001:db8::5/128/tcp-389
  cidr_ipv6=2001:db8::5/128 description=canopsis-to-2001:db8::5/128/tcp-389 flows=canopsis-to-ldap from_port=389 host=canopsis ip_protocol=tcp peer=2001:db8::5/128 peer_kind=cidr security_group_id=? to_port=389
egress canopsis-to-mongodb/tcp-27017
  description=canopsis-to-mongodb/tcp-27017 flows=canopsis-to-mongodb from_port=27017 host=canopsis ip_protocol=tcp peer=mongodb peer_kind=security_group referenced_security_group_id=sg-000000db security_group_id=? to_port=27017
ingress 10.30.0.0/16-to-canopsis/udp-162
  cidr_ipv4=10.30.0.0/16 description=10.30.0.0/16-to-canopsis/udp-162 flows=snmp_trap_sources-to-canopsis-snmp from_port=162 host=canopsis ip_protocol=udp peer=10.30.0.0/16 peer_kind=cidr security_group_id=? to_port=162
ingress bastion-to-canopsis/tcp-22
  cidr_ipv4=? cidr_ipv6=? description=bastion-to-canopsis/tcp-22 flows=administrators-to-canopsis-ssh from_port=22 host=canopsis ip_protocol=tcp peer=bastion peer_kind=cidr security_group_id=? to_port=22
ingress canopsis-to-mongodb/tcp-27017
  description=canopsis-to-mongodb/tcp-27017 flows=canopsis-to-mongodb from_port=27017 host=mongodb ip_protocol=tcp peer=canopsis peer_kind=security_group referenced_security_group_id=? security_group_id=sg-000000db to_port=27017
ingress office-to-canopsis/tcp-22
  cidr_ipv4=192.0.2.0/28 description=office-to-canopsis/tcp-22 flows=administrators-to-canopsis-ssh from_port=22 host=canopsis ip_protocol=tcp peer=office peer_kind=cidr security_group_id=? to_port=22
ingress users-to-canopsis/tcp-8443
  description=users-to-canopsis/tcp-8443 flows=users-to-canopsis-nginx from_port=8443 host=canopsis ip_protocol=tcp peer=users peer_kind=prefix_list prefix_list_id=? security_group_id=? to_port=8443
counts canopsis egress=2 ingress=?
counts mongodb egress=0 ingress=1
`
	var got strings.Builder
	for _, direction := range []string{"egress", "ingress"} {
		rules := children(t, parts[direction])
		for _, key := range slices.Sorted(maps.Keys(rules)) {
			fmt.Fprintf(&got, "%s %s\n  %s\n", direction, key, strings.Join(spellAttributes(t, rules[key]), " "))
		}
	}
	counts := children(t, parts["counts"])
	for _, host := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&got, "counts %s %s\n", host, strings.Join(spellAttributes(t, counts[host]), " "))
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// spellAttributes spells an object's attributes that are not null, sorted, with
// a question mark for what is not known.
func spellAttributes(t *testing.T, v tftypes.Value) []string {
	t.Helper()
	var spelt []string
	for name, attribute := range children(t, v) {
		switch {
		case attribute.IsNull():
		case !attribute.IsKnown():
			spelt = append(spelt, name+"=?")
		default:
			spelt = append(spelt, name+"="+spellValue(attribute))
		}
	}
	slices.Sort(spelt)
	return spelt
}

func spellValue(v tftypes.Value) string {
	if s, ok := text(v); ok {
		return s
	}
	if n, ok := wholeNumber(v); ok {
		return fmt.Sprint(n)
	}
	values, _ := sequence(v)
	var texts []string
	for _, value := range values {
		texts = append(texts, spellValue(value))
	}
	return strings.Join(texts, ",")
}

// TestSpellingsOfBindings checks that the ways in which Terraform hands one
// binding over come to one result: objects of their own, a typed variable with
// optional attributes, a map, sets, and conditionals whose other branch is null.
func TestSpellingsOfBindings(t *testing.T) {
	t.Parallel()
	written := awsBindings.with(object{
		"users":          object{"cidrs": list{"10.20.0.0/16", "10.21.0.0/16"}},
		"administrators": object{"named_cidrs": object{"bastion": unknown}},
	})
	want, funcErr := callRules(t, targetNamed("aws").function(), writtenRules(), written)
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	variable := func(cidrs tftypes.Type) tftypes.Type {
		return tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"cidrs":                   cidrs,
			"named_cidrs":             tftypes.Map{ElementType: tftypes.String},
			"security_group_id":       tftypes.String,
			"attach":                  tftypes.Bool,
			"allow_public":            tftypes.Bool,
			"prefix_list_id":          tftypes.String,
			"prefix_list_max_entries": tftypes.Number,
			"same_as":                 tftypes.String,
		}}
	}
	types := map[string]tftypes.Type{
		"a map of a typed variable":                tftypes.Map{ElementType: variable(tftypes.List{ElementType: tftypes.String})},
		"a map of a typed variable with sets":      tftypes.Map{ElementType: variable(tftypes.Set{ElementType: tftypes.String})},
		"objects of a typed variable, some merged": nil,
	}
	for name, of := range types {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var bindings any
			if of != nil {
				value, err := typed(of, written)
				if err != nil {
					t.Fatal(err)
				}
				bindings = value
			} else {
				merged := object{}
				for id, b := range written {
					merged[id] = b
					if id != "users" {
						value, err := typed(variable(tftypes.List{ElementType: tftypes.String}), b)
						if err != nil {
							t.Fatal(err)
						}
						merged[id] = value
					}
				}
				bindings = merged
			}
			got, funcErr := callRules(t, targetNamed("aws").function(), writtenRules(), bindings)
			if funcErr != nil {
				t.Fatal(funcErr)
			}
			if !got.Equal(want) {
				t.Errorf("it gives\n%s\nnot\n%s", got, want)
			}
		})
	}
}

// TestFilteredAndMergedRules checks that a user may leave rules out and add some.
func TestFilteredAndMergedRules(t *testing.T) {
	t.Parallel()
	rules := writtenRules().without("canopsis-to-ldap/tcp-389")
	_, own := writtenRule("users", "mongodb", "backup_agent", "internal", "tcp", 873)
	rules["backup of my own"] = own.with(object{"flow": "Sauvegarde", "to_port": 875})
	result, funcErr := callRules(t, targetNamed("aws").function(), rules, awsBindings)
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	parts := children(t, result)
	ingress := children(t, parts["ingress"])
	added := "10.20.0.0/16-to-mongodb/tcp-873-875"
	if _, ok := ingress[added]; !ok || len(ingress) != 5 {
		t.Fatalf("ingress: %s; want five rules, %s among them", sortedKeys(ingress), added)
	}
	if got := spellValue(children(t, ingress[added])["flows"]); got != "Sauvegarde" {
		t.Errorf("flows: %s; want the rule's own", got)
	}
	if got := sortedKeys(children(t, parts["egress"])); got != "canopsis-to-mongodb/tcp-27017" {
		t.Errorf("egress: %s; a rule that was left out may not be among them", got)
	}
}

// TestUnknownArgumentsHideErrors checks that validation, which reads no data
// source, accepts a module whatever its other argument is.
func TestUnknownArgumentsHideErrors(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][2]any{
		"rules":    {unknown, object{"users": object{"cidrs": list{unknown}}}},
		"bindings": {object{}, unknown},
		"both":     {unknown, unknown},
	} {
		result, funcErr := callRules(t, targetNamed("aws").function(), arguments[0], arguments[1])
		if funcErr != nil || result.IsKnown() {
			t.Errorf("%s not known: got %s, error %v; want an unknown result", name, result, funcErr)
		}
	}
}
