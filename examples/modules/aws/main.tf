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

resource "aws_security_group" "this" {
  for_each = local.made

  # AWS cannot rename a group, nor delete one that is in use: another prefix makes
  # a new group, beside the old one until nothing uses that any more.
  name_prefix = "${var.name_prefix}-${each.key}-"
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name_prefix}-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  aws = provider::canopsis::aws_rules(var.rules, merge(
    var.bindings,
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
  ))
}

# AWS changes a rule's peer in place, and refuses what another rule opens already:
# two named CIDRs that swap, or two groups, could never be applied. With this, rules
# of which bindings says something else are all destroyed before the first is created.
# Groups that are made here swap with none, and are changed in place.
resource "terraform_data" "bound" {
  for_each = merge(local.aws.egress, local.aws.ingress)

  triggers_replace = [
    each.value.cidr_ipv4,
    each.value.cidr_ipv6,
    each.value.prefix_list_id,
    contains(keys(local.made), each.value.peer) ? null : each.value.referenced_security_group_id,
    contains(keys(local.made), each.value.host) ? null : each.value.security_group_id,
  ]
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
  tags                         = merge(var.tags, { flows = length(join(" ", each.value.flows)) <= 256 ? join(" ", each.value.flows) : "${length(each.value.flows)} flows" }) # AWS's limit

  lifecycle {
    replace_triggered_by = [terraform_data.bound[each.key]]
  }
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.aws.egress

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
  tags                         = merge(var.tags, { flows = length(join(" ", each.value.flows)) <= 256 ? join(" ", each.value.flows) : "${length(each.value.flows)} flows" }) # AWS's limit

  lifecycle {
    replace_triggered_by = [terraform_data.bound[each.key]]
  }
}

check "rules_per_security_group" {
  assert {
    condition = alltrue([
      for host, count in local.aws.counts : max(count.ingress, count.egress) <= var.rules_per_security_group
    ])
    error_message = "AWS allows ${var.rules_per_security_group} rules per security group and direction, and these hosts need more: ${join(", ", [
      for host, count in local.aws.counts : "${host} (${count.ingress} in, ${count.egress} out)"
      if max(count.ingress, count.egress) > var.rules_per_security_group
    ])}."
  }
}
