package cloud_test

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// stateOf is what terraform show -json prints of a state with one resource.
func stateOf(kind, values string) string {
	return `{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": [{
		"address": "` + kind + `.x", "mode": "managed", "type": "` + kind + `", "name": "x", "provider_name": "x", "schema_version": 0,
		"values": ` + values + `, "sensitive_values": {}}]}}}`
}

func TestObjectsOfStates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cloud           cloud.Cloud
		kind, values    string
		direction       cloud.Direction
		attribute, want string
	}{
		{cloud.AWS(), "aws_vpc_security_group_ingress_rule", `{"id": "sgr-1", "security_group_rule_id": "sgr-1", "security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 22, "to_port": 22,
			"cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": null, "prefix_list_id": null, "referenced_security_group_id": null, "description": "x", "tags": null}`, cloud.Ingress, "cidr_ipv4", "10.0.0.0/8"},
		{cloud.GCP(), "google_compute_firewall", `{"id": "f", "name": "f", "network": "n", "direction": "INGRESS", "priority": 1000, "disabled": false, "allow": [{"protocol": "tcp", "ports": ["22"]}], "deny": [],
			"source_ranges": ["10.0.0.0/8"], "source_tags": null, "target_tags": ["web"], "destination_ranges": []}`, "", "network", "n"},
		{cloud.OpenStack(), "openstack_networking_secgroup_rule_v2", `{"id": "r", "security_group_id": "g", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22,
			"remote_ip_prefix": "10.0.0.0/8", "remote_group_id": "", "remote_address_group_id": "", "description": "x"}`, "", "remote_ip_prefix", "10.0.0.0/8"},
	} {
		seen, err := test.cloud.Objects(refusal.At("actual"), stateOf(test.kind, test.values))
		if err != nil || len(seen.Rules) != 1 {
			t.Errorf("%s: %d rules, %v; want one", test.kind, len(seen.Rules), err)
			continue
		}
		rule := seen.Rules[0]
		if rule.Row[test.attribute] != test.want || rule.Direction != test.direction || !rule.State {
			t.Errorf("%s: %+v; want %s = %s, direction %q, as a state has it", test.kind, rule, test.attribute, test.want, test.direction)
		}
	}
}

func TestObjectsThatAreNoRules(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value any
		says  string
	}{
		"null":                  {nil, "actual: null stands here"},
		"a number":              {true, "actual: true stands here"},
		"null in a list":        {[]any{nil}, "actual[0]: null stands here"},
		"another object":        {map[string]any{"x": true}, "an object with x is not a rule of aws"},
		"another text in a map": {map[string]any{"x": "y"}, "an object with x is not a rule of aws"},
		"a page of HTML":        {"<html>", "actual"},
		"nothing":               {"", "actual"},
		"a truncated text":      {`{"SecurityGroupRules": [`, "actual"},
	} {
		seen, err := cloud.AWS().Objects(refusal.At("actual"), test.value)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %+v, %v; want an error that says %q", name, seen, err, test.says)
		}
	}
	seen, err := cloud.AWS().Objects(refusal.At("actual"), map[string]any{"ingress": cloud.Unknown{}, "egress": []any{}})
	if err != nil || !seen.Unknown || len(seen.Rules) != 0 {
		t.Errorf("unknown rules read as %+v, %v; want what is not known, and no rule", seen, err)
	}
}

// An object that is no rule is named, and nothing that stands in it.
func TestObjectsOfOtherClouds(t *testing.T) {
	t.Parallel()
	firewall := map[string]any{"allow": []any{map[string]any{"protocol": "tcp", "ports": []any{"22"}}}, "name": "web", "source_ranges": []any{"10.0.0.0/8"}}
	for _, c := range []cloud.Cloud{cloud.AWS(), cloud.OpenStack(), cloud.Kubernetes(), cloud.Azure()} {
		_, err := c.Objects(refusal.At("actual"), []any{firewall})
		if err == nil || !strings.HasPrefix(err.Error(), "Not rules: actual[0]: an object with allow, name, source_ranges is not a rule of "+c.Name) || strings.Contains(err.Error(), `["allow"]`) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

// Where a rule stands in a state, its address says; a data source cannot be moved.
func TestPlacesInStates(t *testing.T) {
	t.Parallel()
	const values = `{"id": "sgr-1", "security_group_rule_id": "sgr-1", "security_group_id": "sg-1", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}`
	for _, test := range []struct {
		name, resource string
		want           cloud.Place
	}{
		{"with a key", `"address": "module.m[\"a.b\"].aws_vpc_security_group_ingress_rule.this[\"x\"]", "mode": "managed", "name": "this", "index": "x"`,
			cloud.Place{Resource: `module.m["a.b"].aws_vpc_security_group_ingress_rule.this`, Key: "x"}},
		{"by itself", `"address": "aws_vpc_security_group_ingress_rule.web", "mode": "managed", "name": "web"`, cloud.Place{Resource: "aws_vpc_security_group_ingress_rule.web"}},
		{"counted", `"address": "aws_vpc_security_group_ingress_rule.web[0]", "mode": "managed", "name": "web", "index": 0`, cloud.Place{}},
		{"a data source", `"address": "data.aws_vpc_security_group_ingress_rule.web[\"x\"]", "mode": "data", "name": "web", "index": "x"`, cloud.Place{}},
		{"without an address", `"mode": "managed", "name": "web", "index": "x"`, cloud.Place{}},
	} {
		seen, err := cloud.AWS().Parse(`{"format_version": "1.0", "values": {"root_module": {"resources": [{` + test.resource + `, "type": "aws_vpc_security_group_ingress_rule", "values": ` + values + `}]}}}`)
		if err != nil || len(seen.Rules) != 1 {
			t.Fatalf("%s: %v, %v", test.name, seen, err)
		}
		if got := seen.Rules[0].Place; got != test.want {
			t.Errorf("%s: %+v, not %+v", test.name, got, test.want)
		}
	}
}

// What a state has and is no resource makes it unreadable: a rule may have stood there.
func TestStatesWithWhatIsNoResource(t *testing.T) {
	t.Parallel()
	const rule = `{"address": "aws_vpc_security_group_ingress_rule.a", "mode": "managed", "type": "aws_vpc_security_group_ingress_rule", "name": "a", "values": {"id": "sgr-1", "security_group_id": "sg-1", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}}`
	const group = `{"address": "aws_security_group.a", "mode": "managed", "type": "aws_security_group", "name": "a", "values": {"id": "sg-1", "vpc_id": "v", "ingress": NULL, "egress": []}}`
	for _, other := range []string{"null", "1", `"x"`, "[]", "{}", `{"type": 1}`, `{"type": null}`, strings.Replace(group, "NULL", "null", 1), strings.Replace(group, "NULL", `""`, 1)} {
		if seen, err := cloud.AWS().Parse(`{"format_version": "1.0", "values": {"root_module": {"resources": [` + rule + `, ` + other + `]}}}`); err == nil {
			t.Errorf("%s beside a rule is read as %+v", other, seen)
		}
	}
	for _, other := range []string{"null", "1", `"x"`, "[]"} {
		if seen, err := cloud.AWS().Parse(`{"format_version": "1.0", "values": {"root_module": {"resources": [` + rule + `], "child_modules": [` + other + `]}}}`); err == nil {
			t.Errorf("%s as a module is read as %+v", other, seen)
		}
	}
	for _, other := range []string{`{"type": "aws_vpc"}`, strings.Replace(group, "NULL", "[]", 1)} {
		if _, err := cloud.AWS().Parse(`{"format_version": "1.0", "values": {"root_module": {"resources": [` + rule + `, ` + other + `]}}}`); err != nil {
			t.Errorf("%s: %v", other, err)
		}
	}
}

// A text of many megabytes that says nothing of rules is an error, and none of it
// is in the error.
func TestLargeTextsThatAreNotRules(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"blanks":      strings.Repeat(" ", 2<<20),
		"brackets":    strings.Repeat("[", 2<<20),
		"one text":    `"` + strings.Repeat("x", 2<<20) + `"`,
		"cut off":     `{"SecurityGroupRules": [` + strings.Repeat(`{"GroupId": "sg-1"},`, 1<<15),
		"other rules": `{"Reservations": [` + strings.Repeat(`{"GroupId": "sg-1"},`, 1<<15) + `{}]}`,
	} {
		for _, c := range cloud.All() {
			if seen, err := c.Parse(text); err == nil || len(err.Error()) > 600 {
				t.Errorf("%s: %s: %d rules, %.900v", c.Name, name, len(seen.Rules), err)
			}
		}
	}
}

// Whatever objects say, reading them ends in rules or in an error, and a text among
// them is one for Parse.
func FuzzObjects(f *testing.F) {
	f.Add("ingress", `{"SecurityGroupRules": []}`, "ip_protocol")
	f.Add("", "x", "ethertype")
	f.Add("web", "", "allow")
	f.Fuzz(func(t *testing.T, key, text, attribute string) {
		for _, value := range []any{
			text, []any{text, nil}, map[string]any{key: text}, map[string]any{key: map[string]any{attribute: text}},
			map[string]any{attribute: text, "security_group_id": key, "name": key, "type": key, "protocol": text, "ingress": []any{map[string]any{attribute: text}}, "egress": nil, "vpc_id": key, "id": cloud.Unknown{}},
		} {
			for _, c := range cloud.All() {
				seen, err := c.Objects(refusal.At("actual"), value)
				if err != nil {
					continue
				}
				for _, p := range seen.Rules {
					rule, known, err := c.Read(p.Row, p.Direction, cloud.World{StateZeros: p.State})
					if err == nil && known && len(rule.Groups) == 0 && !rule.Everywhere && !rule.Selector {
						t.Errorf("%v is a rule of nobody", value)
					}
				}
			}
		}
	})
}
