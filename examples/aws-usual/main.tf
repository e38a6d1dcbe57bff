# The usual deployment on AWS: Canopsis, MongoDB, PostgreSQL and Redis on a host
# each. Administrators come through a bastion that another team owns; users come
# from a prefix list, which may grow without a change to any rule.
#
#   terraform apply -var vpc_id=vpc-0123456789abcdef0 -var bastion_security_group_id=sg-0123456789abcdef0
#
# Attach the groups to your instances: vpc_security_group_ids = [aws_security_group.this["mongodb"].id], ...

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

  default_tags {
    tags = { application = "canopsis" }
  }
}

provider "canopsis" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts
}

data "canopsis_flows" "this" {}

resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis, mongodb, postgresql, redis

  name        = "canopsis-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id

  tags = { Name = "canopsis-${each.key}" }
}

resource "aws_ec2_managed_prefix_list" "users" {
  name           = "canopsis-users"
  address_family = "IPv4"
  max_entries    = 10 # counts against the quota of rules, however many entries there are

  dynamic "entry" {
    for_each = var.user_cidrs
    content {
      cidr        = entry.value
      description = entry.key
    }
  }
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    # Unknown at the first plan, which does not matter: no key depends on an id.
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users = {
        prefix_list_id          = aws_ec2_managed_prefix_list.users.id
        prefix_list_max_entries = aws_ec2_managed_prefix_list.users.max_entries
      }

      # Rules refer to the bastion's group. None is attached to it: it has an owner.
      administrators = { referenced_security_group_id = var.bastion_security_group_id }

      amqp_event_sources = { cidrs = var.event_source_cidrs }
      api_event_sources  = { cidrs = var.event_source_cidrs }
      snmp_trap_sources  = { cidrs = var.snmp_trap_source_cidrs }
      ldap               = { cidrs = var.ldap_cidrs }

      # Security groups know addresses, and the page gives host names. Here a
      # mirror stands for them.
      package_repositories = { cidrs = var.package_mirror_cidrs }
    }
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress # "users-to-canopsis/tcp-8443", "canopsis-to-mongodb/tcp-27017", ...

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description

  # Why the rule is there, in the 256 characters that AWS has for it.
  tags = { flows = length(join(" ", each.value.flows)) <= 256 ? join(" ", each.value.flows) : "${length(each.value.flows)} flows" }
}

# A group that Terraform makes lets nothing out, so these are all that leaves.
# The VPC's own DNS and time service answer whatever the rules say.
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

  tags = { flows = length(join(" ", each.value.flows)) <= 256 ? join(" ", each.value.flows) : "${length(each.value.flows)} flows" }
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
