package acceptance_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// These tests rename what has a place in keys, and keep the groups: a host under
// another name, redis that becomes valkey, same_as turned round. With a moved block
// for each key no cloud hears of it, but for a description.

// renamed is a configuration in which one group of the user's own serves a database,
// and one each the load balancers that two kinds of clients come through.
type renamed struct {
	database, peer, same string
	moved                map[string]string // keys of ingress rules, from and to
}

// write writes the configuration for a target: its function, the resources of its
// groups and rules, and how a binding refers to the balancer's group.
func (r renamed) write(w *workspace, function, refers, resources, address string) {
	w.t.Helper()
	var moved strings.Builder
	for _, from := range slices.Sorted(maps.Keys(r.moved)) {
		fmt.Fprintf(&moved, "moved {\n  from = %[1]s[%[2]q]\n  to   = %[1]s[%[3]q]\n}\n", address, from, r.moved[from])
	}
	w.write("main.tf", fmt.Sprintf(`
locals {
  rules = merge(
    { for source in ["users", "api_event_sources"] : "${source}-to-canopsis-nginx/tcp-8443" => {
      flow = "${source}-to-canopsis-nginx", source = source, destination = "canopsis", component = "nginx"
      purpose = source == "users" ? "user_access" : "events", protocol = "tcp", from_port = 8443, to_port = 8443
    } },
    { "canopsis-to-%[1]s/tcp-6379" = {
      flow = "canopsis-to-%[1]s", source = "canopsis", destination = "%[1]s", component = "%[1]s"
      purpose = "internal", protocol = "tcp", from_port = 6379, to_port = 6379
    } },
  )
  bound = provider::canopsis::%[2]s(local.rules, {
    canopsis = { security_group_id = local.groups["canopsis"] }
    %[1]s = { security_group_id = local.groups["database"] }
    %[3]s = { %[5]s = local.groups["balancer"] }
    %[4]s = { same_as = %[3]q }
  })
}
%[6]s%[7]s`, r.database, function, r.peer, r.same, refers, resources, moved.String()))
}

// renames are the renames, one after the other, each with what moves.
func renames() []struct {
	name string
	renamed
} {
	return []struct {
		name string
		renamed
	}{
		{"first apply", renamed{"redis", "users", "api_event_sources", nil}},
		{"same_as turned round, and redis becomes valkey, with its group kept", renamed{"valkey", "api_event_sources", "users", map[string]string{
			"canopsis-to-redis/tcp-6379": "canopsis-to-valkey/tcp-6379",
			"users-to-canopsis/tcp-8443": "api_event_sources-to-canopsis/tcp-8443",
		}}},
		{"a host renamed, its group kept, and same_as turned back", renamed{"cache", "users", "api_event_sources", map[string]string{
			"canopsis-to-valkey/tcp-6379":            "canopsis-to-cache/tcp-6379",
			"api_event_sources-to-canopsis/tcp-8443": "users-to-canopsis/tcp-8443"}}},
	}
}

func TestAWSRenamesTouchNoRule(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	server := w.useStandIn()
	w.write("versions.tf", "terraform {\n  required_providers {\n    canopsis = {\n      source = \"canopsis/canopsis\"\n    }\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n")
	for i, step := range renames() {
		step.write(w, "aws_rules", "referenced_security_group_id", fmt.Sprintf(`
resource "aws_security_group" "this" {
  for_each = toset(["balancer", "canopsis", "database"])
  name     = each.key
  vpc_id   = %q
}

locals {
  groups = { for name, group in aws_security_group.this : name => group.id }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.bound.ingress

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}
`, vpc), "aws_vpc_security_group_ingress_rule.this")
		if i == 0 {
			w.init()
		}
		server.ForgetCalls()
		w.change(step.name)
		for _, call := range opened(server) {
			if i > 0 && !strings.HasPrefix(call, "UpdateSecurityGroupRuleDescriptions") && !strings.HasPrefix(call, "Modify") {
				t.Errorf("%s: moved rules are touched: %s", step.name, call)
			}
		}
	}
	if rules := server.Rules(); len(rules) != 2 { // the provider takes away the egress that EC2 gives every group
		t.Errorf("%d rules are there: %v", len(rules), rules)
	}
	checkCalls(t, server)
}

func TestOpenStackRenamesTouchNoRule(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	client := w.useNeutron()
	var before []string
	for i, step := range renames() {
		step.write(w, "openstack_rules", "remote_group_id", `
resource "openstack_networking_secgroup_v2" "this" {
  for_each = toset(["balancer", "canopsis", "database"])
  name     = each.key
}

locals {
  groups = { for name, group in openstack_networking_secgroup_v2.this : name => group.id }
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = { for key, rule in local.bound.ingress : key => rule if rule.ethertype == "IPv4" }

  security_group_id = each.value.security_group_id
  direction         = each.value.direction
  ethertype         = each.value.ethertype
  protocol          = each.value.protocol
  port_range_min    = each.value.port_range_min
  port_range_max    = each.value.port_range_max
  remote_group_id   = each.value.remote_group_id
  description       = each.value.description

  lifecycle {
    ignore_changes = [description]
  }
}
`, "openstack_networking_secgroup_rule_v2.this")
		if i == 0 {
			w.init()
		}
		w.change(step.name)
		var after []string
		for _, r := range tcpRules(t, client) {
			after = append(after, r.ID)
		}
		slices.Sort(after)
		if len(after) != 2 || i > 0 && !slices.Equal(after, before) {
			t.Errorf("%s: the rules are %v, before %v", step.name, after, before)
		}
		before = after
	}
}
