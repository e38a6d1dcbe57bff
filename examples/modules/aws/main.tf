resource "aws_security_group" "this" {
  for_each = var.hosts

  name        = "${var.name_prefix}-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name_prefix}-${each.key}", components = join(" ", each.value) })
}

locals {
  aws = provider::canopsis::aws_rules(var.rules, merge(
    var.bindings,
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
  ))
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
  tags                         = merge(var.tags, { flows = join(" ", each.value.flows) })
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
  tags                         = merge(var.tags, { flows = join(" ", each.value.flows) })
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
