# 1,500 sites with users on OpenStack: their networks stand in an address group, and
# a rule to the group is one rule, however many there are.
#
#   terraform apply

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

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"

  placement = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
  exclude   = ["ldap", "snmp_trap_sources", "amqp_event_sources"]
}

resource "openstack_networking_secgroup_v2" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis

  name        = each.key
  description = "Flows of the Canopsis host ${each.key}"
}

resource "openstack_networking_address_group_v2" "sites" {
  name      = "canopsis-sites"
  addresses = local.sites
}

locals {
  # 30 regions of 50 sites. Yours come from your own inventory.
  sites = coalesce(var.sites, flatten([
    for region in range(30) : [for site in range(50) : cidrsubnet("10.64.0.0/10", 14, 64 * region + site)]
  ]))

  # Called once, here: inside a for_each it would be called for every instance.
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id } },
    {
      users = (var.use_address_group
        ? { address_group_id = openstack_networking_address_group_v2.sites.id, ethertypes = ["IPv4"], cidrs = null }
        : { address_group_id = null, ethertypes = null, cidrs = local.sites }
      )
      api_event_sources    = { same_as = "users" } # every site has a probe
      administrators       = { cidrs = var.administrator_cidrs }
      package_repositories = { cidrs = ["0.0.0.0/0", "::/0"], allow_public = true } # as every group lets out
    }
  ))
}

resource "openstack_networking_secgroup_rule_v2" "ingress" {
  for_each = local.openstack.ingress # "users-to-canopsis/tcp-8443", ...

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
    condition = sum(values(local.openstack.counts)[*].ingress) + var.other_rules <= var.rules_per_project
    error_message = "OpenStack allows ${var.rules_per_project} rules in this project, which has ${var.other_rules} others, and these hosts need more: ${join(", ", [
      for host, count in local.openstack.counts : "${host} ${count.ingress}"
    ])}. Use address groups, or ask for a higher quota."
  }
}
