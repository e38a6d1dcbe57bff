locals {
  # Endpoints of the rules, with the flows that need them. Rules that are null, or lack
  # an end, are left to the function, which says which.
  needed = try({
    for endpoint in toset(flatten([for rule in values(var.rules) : [rule.source, rule.destination]])) : endpoint =>
    distinct([for rule in values(var.rules) : rule.flow if contains([rule.source, rule.destination], endpoint)])
  }, {})

  # A group is made for each host that bindings does not name: the others have one,
  # or need none here. A null binding is as if it were left out.
  made = {
    for host, components in var.hosts : host => components
    if !contains([for endpoint, binding in var.bindings : endpoint if binding != null], host)
  }
}

resource "openstack_networking_secgroup_v2" "this" {
  for_each = local.made

  name        = "${var.name_prefix}-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"

  # A new group allows all egress by two rules that Terraform does not see.
  delete_default_rules = var.deny_other_egress

  lifecycle {
    create_before_destroy = true # OpenStack does not delete a group that is in use
  }
}

locals {
  # What every machine needs where nothing else leaves it, in the matrix's form:
  # cloud-init reads the metadata service at every start.
  metadata = {
    for host in keys(local.made) : "${host}-to-metadata/tcp-80" => {
      flow        = "${host}-to-metadata"
      source      = host
      destination = "metadata"
      component   = "metadata"
      purpose     = "external"
      protocol    = "tcp"
      from_port   = 80
      to_port     = 80
    } if var.deny_other_egress
  }

  openstack = provider::canopsis::openstack_rules(merge(local.metadata, var.rules), merge(
    { for name in var.deny_other_egress ? ["metadata"] : [] : name => { cidrs = ["169.254.169.254/32"] } },
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

  lifecycle {
    # Its key, which never changes by itself. Where you move a rule to another key, or
    # import one, its description stays: OpenStack would replace the rule.
    ignore_changes = [description]

    replace_triggered_by = [terraform_data.bound[each.key]]
  }
}

# OpenStack refuses what another rule opens already. Where named CIDRs swap, or groups
# that are there, all the rules that go are destroyed before the first is created.
resource "terraform_data" "bound" {
  for_each = local.bound

  triggers_replace = [
    each.value.remote_ip_prefix,
    each.value.remote_group_id,
    each.value.remote_address_group_id,
    each.value.security_group_id,
  ]
}

check "names_and_time" {
  assert {
    condition = !var.deny_other_egress || alltrue([
      for host in keys(local.made) : alltrue([for port in [53, 123] : anytrue([
        for rule in values(var.rules) : try(rule.source == host && rule.from_port == port, false)
      ])])
    ])
    error_message = "Nothing else leaves the hosts, and some may reach no name server or no time server: name both in the data source, as in interconnections = [\"dns\", \"ntp\"]."
  }
}

check "rules_per_project" {
  assert {
    condition = sum(concat([0], [for count in values(local.openstack.counts) : count.ingress + count.egress])) <= var.rules_per_project
    error_message = "The project has room for ${var.rules_per_project} rules, and these hosts need more: ${join(", ", [
      for host, count in local.openstack.counts : "${host} (${count.ingress} in, ${count.egress} out)"
    ])}."
  }
}
