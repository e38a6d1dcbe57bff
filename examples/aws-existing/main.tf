# An installation on AWS whose security groups were made by hand: what their rules
# lack and open beyond the matrix, then groups and rules taken over as they are.
# Nothing is changed before you apply, and nothing is ever removed for you.
#
#   terraform plan -var vpc_id=vpc-0123456789abcdef0
#
# The guide "Existing rules" goes through it step by step.

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
  exclude          = ["ldap", "snmp_trap_sources"]
}

# What is there. Groups are found by their names, and never by something that this
# configuration makes: it could not be read before it is there.
data "aws_security_group" "existing" {
  for_each = data.canopsis_flows.this.hosts # canopsis, mongodb, postgresql, redis

  vpc_id = var.vpc_id
  name   = var.security_group_names[each.key]
}

data "aws_vpc_security_group_rules" "existing" {
  filter {
    name   = "group-id"
    values = [for group in data.aws_security_group.existing : group.id]
  }
}

data "aws_vpc_security_group_rule" "existing" {
  for_each = toset(coalesce(data.aws_vpc_security_group_rules.existing.ids, [])) # null where there is none

  security_group_rule_id = each.key
}

locals {
  # What is wanted.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in data.aws_security_group.existing : host => { security_group_id = group.id } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { same_as = "amqp_event_sources" }
      package_repositories = { cidrs = [] } # everything may leave these groups
    },
  ))

  audit = provider::canopsis::audit_rules(local.aws, data.aws_vpc_security_group_rule.existing, {
    directions = ["ingress"]
    groups     = var.further_groups
  })
}

# Taken over as they are: the groups, and the rules that are equal to one that is
# wanted. The other rules that are wanted are made beside them.
import {
  for_each = data.aws_security_group.existing

  to = aws_security_group.this[each.key]
  id = each.value.id
}

import {
  for_each = local.audit.adopt.ingress

  to = aws_vpc_security_group_ingress_rule.this[each.key]
  id = each.value
}

resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts

  name   = var.security_group_names[each.key]
  vpc_id = var.vpc_id

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [description, tags, tags_all] # another description would make a new group
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress

  security_group_id            = aws_security_group.this[each.value.host].id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}

# A warning at every plan while anything is missing or open beyond the matrix: in
# a plan that runs every night, an alarm.
check "firewall" {
  assert {
    condition     = local.audit.ok
    error_message = local.audit.summary
  }
}
