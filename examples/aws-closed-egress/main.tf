# Canopsis on AWS with closed egress: nothing leaves a host but what the matrix
# names, and what every machine needs: name and time servers.
#
#   terraform apply -var vpc_id=vpc-0123456789abcdef0
#
# Security groups do not filter everything: DHCP, the VPC's own name server, the
# Amazon Time Sync Service and the instance metadata service can always be reached.
# Answers to a connection that was let in belong to it and need no rule.

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

provider "aws" {
  region = var.region
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts

  interconnections = ["dns", "ntp"] # from every host
}

# A group that Terraform makes lets nothing out: egress is closed already, and the
# rules of egress below are all that leaves.
resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis, mongodb, postgresql, redis

  name        = "canopsis-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { cidrs = var.event_source_cidrs }
      snmp_trap_sources    = { cidrs = var.snmp_trap_source_cidrs }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_mirror_cidrs }

      # Of your own: with the VPC's, leave both out of interconnections.
      dns = { cidrs = var.name_server_cidrs }
      ntp = { cidrs = var.time_server_cidrs }
    }
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress # "10.20.0.0/16-to-canopsis/tcp-8443", "canopsis-to-mongodb/tcp-27017", ...

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.aws.egress # "canopsis-to-mongodb/tcp-27017", "redis-to-10.1.0.2/32/udp-123", ...

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}

# AWS refuses what exceeds a quota at apply, when half of the rules stand. This
# warns at plan.
check "rules_per_security_group" {
  assert {
    condition = alltrue([
      for host, count in local.aws.counts : max(count.ingress, count.egress) <= var.rules_per_security_group
    ])
    error_message = "AWS allows ${var.rules_per_security_group} rules per security group and direction, and these hosts need more: ${join(", ", [
      for host, count in local.aws.counts : "${host} (${count.ingress} in, ${count.egress} out)"
      if max(count.ingress, count.egress) > var.rules_per_security_group
    ])}. Use prefix lists, or ask AWS for a higher quota."
  }
}
