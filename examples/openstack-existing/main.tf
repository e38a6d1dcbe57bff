# An installation on OpenStack whose security groups were made by hand: what their
# rules lack and open beyond the matrix, then rules taken over as they are. Nothing
# is changed before you apply, and nothing is ever removed for you.
#
#   openstack security group show -f json canopsis-web >rules/canopsis.json
#   terraform plan -var 'security_group_ids={canopsis="...", mongodb="...", postgresql="...", redis="..."}'
#
# The guide "Existing rules" goes through it step by step.

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
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts
  exclude          = ["ldap", "snmp_trap_sources"]
}

locals {
  # What is wanted.
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    { for host, id in var.security_group_ids : host => { security_group_id = id, ethertypes = ["IPv4"] } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { same_as = "amqp_event_sources" }
      package_repositories = { cidrs = [] } # everything may leave these groups
    },
  ))

  audit = provider::canopsis::audit_rules(local.openstack, {
    for host in keys(data.canopsis_flows.this.hosts) : host => file("${path.module}/rules/${host}.json")
    }, {
    directions = ["ingress"]
    groups     = var.further_groups
  })
}

# Taken over as they are: the rules that are equal to one that is wanted. The other
# rules that are wanted are made beside them.
import {
  for_each = local.audit.adopt.ingress

  to = openstack_networking_secgroup_rule_v2.this[each.key]
  id = each.value
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = local.openstack.ingress

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

  lifecycle {
    ignore_changes = [description] # another one would replace the rule, with a gap in access
  }
}

# A warning at every plan while anything is missing or open beyond the matrix: in
# a plan that runs every night, with the texts made anew before it, an alarm.
check "firewall" {
  assert {
    condition     = local.audit.ok
    error_message = local.audit.summary
  }
}
