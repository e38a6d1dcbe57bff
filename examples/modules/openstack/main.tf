resource "openstack_networking_secgroup_v2" "this" {
  for_each = var.hosts

  name        = "${var.name_prefix}-${each.key}"
  description = "Flows of the Canopsis host ${each.key}: ${join(" ", each.value)}"

  # A new group allows all egress by two rules that Terraform does not see.
  delete_default_rules = true
}

locals {
  openstack = provider::canopsis::openstack_rules(var.rules, merge(
    var.bindings,
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id, ethertypes = var.ethertypes } },
  ))

  bound = merge(
    { for key, rule in local.openstack.ingress : "ingress ${key}" => rule },
    { for key, rule in local.openstack.egress : "egress ${key}" => rule },
  )
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = local.bound

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

check "rules_per_project" {
  assert {
    condition = sum(concat([0], [for count in values(local.openstack.counts) : count.ingress + count.egress])) <= var.rules_per_project
    error_message = "The project has room for ${var.rules_per_project} rules, and these hosts need more: ${join(", ", [
      for host, count in local.openstack.counts : "${host} (${count.ingress} in, ${count.egress} out)"
    ])}."
  }
}
