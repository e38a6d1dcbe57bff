package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// partsTarget is a target whose result has every kind of part: policies by host
// whose cells have a shape of their own, a third map of rules, and a text for each
// host.
func partsTarget() firewall.Target {
	return firewall.Target{
		Name:      "parts",
		Arguments: []firewall.Argument{{Name: "priority", Kind: firewall.Number, Doc: "Lower wins"}, {Name: "log", Kind: firewall.Bool, Doc: "Whether it logs"}},
		Peers:     []firewall.PeerKind{firewall.CIDRPeer},
		Results: []firewall.Part{
			{Name: "ingress", Kind: firewall.RulesPart},
			{Name: "egress_deny", Kind: firewall.RulesPart, Doc: "Closes what `egress` does not open."},
			{Name: "policies", Kind: firewall.ObjectsPart, Doc: "One for each host.", Arguments: []firewall.Argument{
				{Name: "name", Kind: firewall.Text, Doc: "Name of the policy"},
				{Name: "spec", Kind: firewall.Nested, Doc: "Its `spec`"},
			}},
			{Name: "ruleset", Kind: firewall.CellsPart, Doc: "A text for each host.", Arguments: []firewall.Argument{{Kind: firewall.Text}}},
			{Name: "unenforced", Kind: firewall.ReasonsPart, Doc: "Reasons."},
		},
	}
}

func partsResult() *firewall.Result {
	nested := func(object map[string]firewall.Cell) firewall.Cell {
		return firewall.Cell{Nested: &firewall.NestedCell{Object: object}}
	}
	listed := func(cells ...firewall.Cell) firewall.Cell {
		return firewall.Cell{Nested: &firewall.NestedCell{List: cells}}
	}
	rule := func(key string, priority int64) firewall.Bound {
		return firewall.Bound{
			Key: key, Host: "canopsis", Peer: "users", PeerKind: firewall.CIDRPeer, Flows: []string{"a-to-b"},
			Cells: []firewall.Cell{firewall.NumberCell(priority), {Bool: firewall.Known(true)}},
		}
	}
	return &firewall.Result{
		Entries: map[string][]firewall.Bound{
			"ingress":     {rule("one", 1000), rule("two", 1001)},
			"egress_deny": {rule("canopsis", 4096)},
			"policies": {
				{Key: "canopsis", Cells: []firewall.Cell{firewall.TextCell("canopsis-ingress"), nested(map[string]firewall.Cell{
					"podSelector": nested(map[string]firewall.Cell{"matchLabels": nested(map[string]firewall.Cell{"app": {Text: firewall.Unknown[string]()}})}),
					"policyTypes": firewall.TextsCell("Ingress"),
					"ingress":     listed(nested(map[string]firewall.Cell{"port": firewall.NumberCell(8080), "endPort": {}, "namespaceSelector": {}})),
				})}},
				{Key: "mongodb", Cells: []firewall.Cell{firewall.TextCell("mongodb-ingress"), nested(map[string]firewall.Cell{
					"policyTypes": firewall.TextsCell("Ingress"), // closed: no ingress key at all
				})}},
				{Key: "redis", Cells: []firewall.Cell{firewall.TextCell("redis-ingress"), {}}},
			},
			"ruleset": {{Key: "canopsis", Cells: []firewall.Cell{firewall.TextCell("table inet canopsis {}")}}},
		},
		Unenforced: map[string]string{"x-to-y/tcp-1": "neither end"},
	}
}

// TestPartsOfResult sends every kind of part over the protocol and reads it back:
// a map cannot have two policies of differing shape, and null in a policy opens
// everything.
func TestPartsOfResult(t *testing.T) {
	t.Parallel()
	f := newRulesFunction(partsTarget())
	sent, err := tfprotov6.NewDynamicValue(f.resultType, f.value(partsResult()))
	if err != nil {
		t.Fatal(err)
	}
	received, err := sent.Unmarshal(f.resultType)
	if err != nil {
		t.Fatal(err)
	}
	parts := children(t, received)
	if got, want := sortedKeys(parts), "egress_deny, ingress, policies, ruleset, unenforced"; got != want {
		t.Errorf("the result has %s; want %s", got, want)
	}
	for key, want := range map[string]string{"one": "flows=a-to-b host=canopsis log=true peer=users peer_kind=cidr priority=1000", "two": "flows=a-to-b host=canopsis log=true peer=users peer_kind=cidr priority=1001"} {
		if got := strings.Join(spellParts(t, children(t, parts["ingress"])[key]), " "); got != want {
			t.Errorf("rule %s is %s; want %s", key, got, want)
		}
	}
	if got := strings.Join(spellParts(t, children(t, parts["egress_deny"])["canopsis"]), " "); !strings.Contains(got, "priority=4096") {
		t.Errorf("egress_deny has %s; want priority 4096", got)
	}
	if got, _ := text(children(t, parts["ruleset"])["canopsis"]); got != "table inet canopsis {}" {
		t.Errorf("the ruleset is %q", got)
	}
	policies := children(t, parts["policies"])
	want := map[string]tftypes.Value{
		"canopsis": shaped(map[string]tftypes.Value{
			"name": tftypes.NewValue(tftypes.String, "canopsis-ingress"),
			"spec": shaped(map[string]tftypes.Value{
				"podSelector": shaped(map[string]tftypes.Value{"matchLabels": shaped(map[string]tftypes.Value{"app": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})}),
				"policyTypes": textList([]string{"Ingress"}),
				"ingress": tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.Object{AttributeTypes: map[string]tftypes.Type{"port": tftypes.Number}}}}, []tftypes.Value{
					shaped(map[string]tftypes.Value{"port": tftypes.NewValue(tftypes.Number, 8080)}),
				}),
			}),
		}),
		"mongodb": shaped(map[string]tftypes.Value{
			"name": tftypes.NewValue(tftypes.String, "mongodb-ingress"),
			"spec": shaped(map[string]tftypes.Value{"policyTypes": textList([]string{"Ingress"})}),
		}),
		"redis": shaped(map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, "redis-ingress")}),
	}
	for host, policy := range want {
		if !policies[host].Equal(policy) {
			t.Errorf("the policy of %s is\n%s\nnot\n%s", host, policies[host], policy)
		}
	}
}

// shaped returns an object of the types that its attributes have.
func shaped(attributes map[string]tftypes.Value) tftypes.Value {
	types := make(map[string]tftypes.Type)
	for name, value := range attributes {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, attributes)
}

// spellParts spells an object's attributes, truth values too.
func spellParts(t *testing.T, v tftypes.Value) []string {
	t.Helper()
	spelt := spellAttributes(t, v)
	for i, one := range spelt {
		if name, value, _ := strings.Cut(one, "="); value == "" {
			if b, ok := boolean(children(t, v)[name]); ok && b {
				spelt[i] = name + "=true"
			}
		}
	}
	return spelt
}

// TestPartsAreDocumented checks that the documentation names each part and each of
// its arguments.
func TestPartsAreDocumented(t *testing.T) {
	t.Parallel()
	doc := documentedResult(partsTarget())
	for _, want := range []string{
		"- `ingress` (Map of Object) Rules by key.", "\n  - `priority` (Number) Lower wins.\n",
		"- `egress_deny` (Map of Object) Closes what `egress` does not open. Its entries have the attributes of those of `ingress`.\n",
		"- `policies` (Object) One for each host.\n  - `name` (String) Name of the policy.\n  - `spec` (Dynamic) Its `spec`.\n",
		"- `ruleset` (Map of String) A text for each host.\n- `unenforced` (Map of String) Reasons.",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("the documentation lacks %q:\n%s", want, doc)
		}
	}
}

// TestEveryTargetSaysWhatItDoesNotEnforce checks that no target's result drops the
// reasons, and that each part has a name of its own.
func TestEveryTargetSaysWhatItDoesNotEnforce(t *testing.T) {
	t.Parallel()
	for _, target := range firewall.Targets() {
		seen, reasons := make(map[string]bool), 0
		for _, part := range target.Results {
			if part.Kind == firewall.ReasonsPart {
				reasons++
			}
			if part.Name == "" || seen[part.Name] {
				t.Errorf("%s: two parts of the result, or none, are called %q", target.Name, part.Name)
			}
			seen[part.Name] = true
		}
		if reasons != 1 {
			t.Errorf("%s: %d parts with reasons; want one", target.Name, reasons)
		}
	}
}
