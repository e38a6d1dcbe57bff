data "canopsis_flows" "this" {
  corrections = "apply" # what the page gets wrong is corrected
  exclude     = ["ldap", "snmp_trap_sources"]
}

resource "openstack_networking_secgroup_v2" "this" {
  for_each             = data.canopsis_flows.this.hosts
  name                 = "canopsis-${each.key}"
  delete_default_rules = true # or egress stays open
}

resource "openstack_networking_floatingip_v2" "bastion" {
  pool = "public"
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id, ethertypes = ["IPv4"] } },
    {
      users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }                                           # known at plan
      administrators       = { named_cidrs = { bastion = "${openstack_networking_floatingip_v2.bastion.address}/32" } } # known at apply
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      package_repositories = { cidrs = [] } # none: listed in local.openstack.unenforced
    }
  ))
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = merge(
    { for key, rule in local.openstack.ingress : "ingress ${key}" => rule },
    { for key, rule in local.openstack.egress : "egress ${key}" => rule },
  )

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
}
