# 1,500 sites with users on AWS. A prefix list counts as its maximum number of
# entries against the quota of each group that refers to it, and no group may have
# more than 1,000 rules: what goes into the list are the blocks that the sites'
# networks make up, not the networks.
#
#   terraform apply -var vpc_id=vpc-0123456789abcdef0

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
  corrections      = "apply"

  placement       = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
  component_ports = { nginx = ["tcp/8443"] } # a port more is the list once more
  exclude         = ["ldap", "snmp_trap_sources", "amqp_event_sources"]
}

resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis

  name        = each.key
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id
}

resource "aws_ec2_managed_prefix_list" "sites" {
  name           = "canopsis-sites"
  address_family = "IPv4"
  max_entries    = length(var.site_blocks) # counts against the quota of rules

  dynamic "entry" {
    for_each = var.site_blocks
    content {
      cidr        = entry.value
      description = entry.key
    }
  }
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users = {
        prefix_list_id          = aws_ec2_managed_prefix_list.sites.id
        prefix_list_max_entries = aws_ec2_managed_prefix_list.sites.max_entries
      }
      api_event_sources    = { same_as = "users" } # every site has a probe
      administrators       = { cidrs = var.administrator_cidrs }
      package_repositories = { cidrs = ["0.0.0.0/0"], allow_public = true }
    }
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress # "10.20.0.0/16-to-canopsis/tcp-8443", ...

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
    ])}. List larger blocks, or ask AWS for a higher quota."
  }
}
