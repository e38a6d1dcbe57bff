package provider

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid" // random cases that shrink to the smallest failing one
)

// TestAnyBinding draws bindings that are nearly right: known attributes with
// values that belong to another one, unknown and null at any depth, typed and
// not. What is opened to everyone must have been allowed.
func TestAnyBinding(t *testing.T) {
	t.Parallel()
	targets := rulesTargets()
	rules, err := typed(tftypes.Map{ElementType: ruleType}, writtenRules())
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		t.Run(target.target.Name, func(t *testing.T) {
			t.Parallel()
			accepted := 0
			rapid.Check(t, func(rt *rapid.T) {
				bindings := target.bindings.with(nil)
				for range rapid.IntRange(0, 3).Draw(rt, "changes") {
					endpoint := rapid.SampledFrom([]string{"users", "canopsis", "mongodb", "administrators", "ldap", "other"}).Draw(rt, "endpoint")
					bindings[endpoint] = drawBinding(rt, bindingAttributes(target.target))
				}
				result, funcErr := run(t, target.function(), rules, untyped(bindings))
				if funcErr == nil {
					accepted++
				}
				for _, fault := range opened(result, funcErr, mayBePublic(bindings)) {
					rt.Errorf("%s\nwith bindings %s", fault, spell(bindings))
				}
			})
			if accepted == 0 {
				t.Error("no bindings were accepted: the test shows nothing")
			}
		})
	}
}

func drawBinding(t *rapid.T, attributes map[string]bindingAttribute) any {
	if rapid.IntRange(0, 9).Draw(t, "whole") == 0 {
		return drawValue(t, 2)
	}
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	binding := object{}
	for range rapid.IntRange(1, 3).Draw(t, "attributes") {
		name := rapid.SampledFrom(names).Draw(t, "name")
		binding[name] = drawAttribute(t, name)
	}
	return binding
}

// drawAttribute draws a value that suits the attribute, most of the time.
func drawAttribute(t *rapid.T, name string) any {
	if rapid.IntRange(0, 5).Draw(t, "odd") == 0 {
		return drawValue(t, 2)
	}
	switch name {
	case "cidrs":
		return list(rapid.SliceOfN(rapid.Custom(drawPrefix), 0, 3).Draw(t, "cidrs"))
	case "named_cidrs", "named_ipv6_cidrs":
		return object(rapid.MapOfN(rapid.SampledFrom([]string{"vpn", "office", "users", "ldap", "", "A-1"}), rapid.Custom(drawPrefix), 0, 3).Draw(t, "named_cidrs"))
	case "attach", "allow_public":
		return rapid.Bool().Draw(t, "flag")
	case "same_as":
		return rapid.SampledFrom([]any{"users", "ldap", "nobody"}).Draw(t, "same_as")
	case "prefix_list_max_entries":
		return rapid.SampledFrom([]any{0, 5, unknown}).Draw(t, "max_entries")
	case "network_tags":
		return list{rapid.SampledFrom([]any{"canopsis", "db", unknown}).Draw(t, "tag")}
	case "service_accounts":
		return list{rapid.SampledFrom([]any{"a@example.com", unknown}).Draw(t, "account")}
	case "pod_labels", "peer_pod_labels":
		return object{"app": rapid.SampledFrom([]any{"canopsis", "db", unknown}).Draw(t, "label")}
	case "network_security_group_name", "resource_group_name", "service_tag":
		return rapid.SampledFrom([]any{"canopsis", "mongodb", "Internet", unknown}).Draw(t, "name")
	case "application_security_group_id":
		return rapid.SampledFrom([]any{azureApplications + "canopsis", azureApplications + "db", unknown}).Draw(t, "application")
	case "namespace", "peer_namespace":
		return rapid.SampledFrom([]any{"canopsis", "monitoring", unknown}).Draw(t, "namespace")
	case "ethertypes":
		return list{rapid.SampledFrom([]any{"IPv4", "IPv6"}).Draw(t, "ethertype")}
	}
	return rapid.SampledFrom([]any{"id-1", "id-2", unknown, notKnown{tftypes.String}}).Draw(t, "id")
}

func drawPrefix(t *rapid.T) any {
	return rapid.SampledFrom([]any{
		"10.20.0.0/16", "10.20.1.0/24", "192.0.2.7/32", "2001:db8::/32", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "2000::/3",
		"10.20.0.1/16", "10.20.0.1", "", unknown, nil,
	}).Draw(t, "prefix")
}

// drawValue draws any value, of some depth.
func drawValue(t *rapid.T, depth int) any {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return unknown
	case 2:
		of := rapid.SampledFrom([]tftypes.Type{
			tftypes.String, tftypes.Bool, tftypes.Number, tftypes.List{ElementType: tftypes.String},
			tftypes.Map{ElementType: tftypes.String}, tftypes.Object{AttributeTypes: map[string]tftypes.Type{"cidrs": tftypes.String}},
		}).Draw(t, "type")
		return rapid.SampledFrom([]any{notKnown{of}, tftypes.NewValue(of, nil)}).Draw(t, "typed")
	case 3:
		return rapid.Bool().Draw(t, "flag")
	case 4:
		return rapid.IntRange(-1, 70000).Draw(t, "number")
	case 5:
		return drawPrefix(t)
	case 6:
		elements := list{}
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			elements = append(elements, drawValue(t, depth-1))
		}
		return elements
	}
	attributes := object{}
	for range rapid.IntRange(0, 3).Draw(t, "attributes") {
		attributes[rapid.SampledFrom([]string{"cidrs", "named_cidrs", "security_group_id", "a", ""}).Draw(t, "name")] = drawValue(t, depth-1)
	}
	return attributes
}

// mayBePublic reports whether a binding that allows it names every address.
func mayBePublic(bindings object) bool {
	for _, b := range bindings {
		binding, ok := b.(object)
		if !ok || binding["allow_public"] != true {
			continue
		}
		prefixes, _ := binding["cidrs"].(list)
		named, _ := binding["named_cidrs"].(object)
		for _, prefix := range named {
			prefixes = append(prefixes, prefix)
		}
		for _, written := range prefixes {
			text, _ := written.(string)
			if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Bits() == 0 {
				return true
			}
		}
	}
	return false
}
