terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts
  name     = "canopsis-${each.key}"
}

resource "aws_eip" "bastion" {}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }                  # known at plan
      administrators       = { named_cidrs = { bastion = "${aws_eip.bastion.public_ip}/32" } } # known at apply
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      package_repositories = { cidrs = [] } # none: listed in local.aws.unenforced
    }
  ))
}

# AWS changes a rule's CIDR in place, and refuses what another rule opens already:
# two named CIDRs that swap could never be applied. With this, rules whose CIDR
# changes are all destroyed before the first is created.
resource "terraform_data" "cidr" {
  for_each = merge(local.aws.egress, local.aws.ingress)

  triggers_replace = [each.value.cidr_ipv4, each.value.cidr_ipv6]
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

  lifecycle {
    replace_triggered_by = [terraform_data.cidr[each.key]]
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

  lifecycle {
    replace_triggered_by = [terraform_data.cidr[each.key]]
  }
}
