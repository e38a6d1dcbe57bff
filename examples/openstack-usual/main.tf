# The usual deployment on OpenStack: Canopsis, MongoDB, PostgreSQL and Redis on a
# host each. Administrators come through a bastion that another team owns; users
# come from an address group, which may grow without a change to any rule.
#
#   terraform apply -var bastion_security_group_id=ID
#
# Attach the groups to your instances: security_groups = [openstack_networking_secgroup_v2.this["mongodb"].name], ...

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = ">= 3.2"
    }
  }
}

provider "openstack" {} # clouds.yaml, or OS_AUTH_URL and its like

provider "canopsis" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts
}

data "canopsis_flows" "this" {}

# A new group lets everything out. What leaves is not filtered here; the example
# openstack-closed-egress shows how to.
resource "openstack_networking_secgroup_v2" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis, mongodb, postgresql, redis

  name        = "canopsis-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"
}

resource "openstack_networking_address_group_v2" "users" {
  name      = "canopsis-users"
  addresses = var.user_cidrs # a rule to the group is one rule, however many there are
}

locals {
  families = ["IPv4"] # of the machines: a rule from a group exists once for each

  # Called once, here: inside a for_each it would be called for every instance.
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    # Unknown at the first plan, which does not matter: no key depends on an id.
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id, ethertypes = local.families } },
    {
      users = { address_group_id = openstack_networking_address_group_v2.users.id, ethertypes = local.families }

      # Rules refer to the bastion's group. None is attached to it: it has an owner.
      administrators = { remote_group_id = var.bastion_security_group_id }

      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { cidrs = var.event_source_cidrs }
      snmp_trap_sources    = { cidrs = var.snmp_trap_source_cidrs }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_mirror_cidrs }
    }
  ))
}

resource "openstack_networking_secgroup_rule_v2" "ingress" {
  for_each = local.openstack.ingress # "users-to-canopsis/tcp-8443", "canopsis-to-mongodb/tcp-27017", ...

  security_group_id       = each.value.security_group_id
  direction               = each.value.direction
  ethertype               = each.value.ethertype
  protocol                = each.value.protocol
  port_range_min          = each.value.port_range_min
  port_range_max          = each.value.port_range_max
  remote_ip_prefix        = each.value.remote_ip_prefix
  remote_group_id         = each.value.remote_group_id
  remote_address_group_id = each.value.remote_address_group_id
  description             = each.value.description

  # Its key, which never changes by itself. Where you move a rule to another key, or
  # import one, its description stays: OpenStack would replace the rule.
  lifecycle {
    ignore_changes = [description]
  }
}

# OpenStack refuses what exceeds a project's quota at apply, when half of the rules
# stand. This warns at plan.
check "rules_per_project" {
  assert {
    condition     = sum(values(local.openstack.counts)[*].ingress) + var.other_rules <= var.rules_per_project
    error_message = "OpenStack allows ${var.rules_per_project} rules in this project, which has ${var.other_rules} others, and these hosts need more: ${join(", ", [for host, count in local.openstack.counts : "${host} ${count.ingress}"])}. Use address groups, or ask for a higher quota."
  }
}
