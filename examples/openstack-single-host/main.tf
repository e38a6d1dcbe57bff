# Canopsis with its databases on one machine in OpenStack: one security group, and
# no rule between components, since what runs on one host needs none.
#
#   terraform apply
#
# Attach the group to your instance: security_groups = [openstack_networking_secgroup_v2.this["canopsis"].name].

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
  corrections      = "apply" # the page errs where a database has a host of its own; ready for that day

  placement = {
    mongodb    = "canopsis"
    postgresql = "canopsis"
    redis      = "canopsis"
  }

  exclude = ["ldap"] # users are Canopsis's own
}

# A new group lets everything out. What leaves is not filtered here; the example
# openstack-closed-egress shows how to.
resource "openstack_networking_secgroup_v2" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis

  name        = each.key
  description = "Flows of the Canopsis host ${each.key}"
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id } },
    {
      users              = { cidrs = var.user_cidrs }
      administrators     = { cidrs = var.administrator_cidrs }
      amqp_event_sources = { cidrs = var.event_source_cidrs }
      api_event_sources  = { cidrs = var.event_source_cidrs }
      snmp_trap_sources  = { cidrs = var.event_source_cidrs }

      package_repositories = { cidrs = ["0.0.0.0/0", "::/0"], allow_public = true } # as every group lets out
    }
  ))
}

resource "openstack_networking_secgroup_rule_v2" "ingress" {
  for_each = local.openstack.ingress # "10.20.0.0/16-to-canopsis/tcp-8443", ...

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
