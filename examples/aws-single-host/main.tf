# Canopsis with its databases on one machine in AWS: one security group, and no
# rule between components, since what runs on one host needs none.
#
#   terraform apply -var vpc_id=vpc-0123456789abcdef0
#
# Attach the group to your instance: vpc_security_group_ids = [aws_security_group.this["canopsis"].id].

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
  corrections      = "apply" # the page errs where a database has a host of its own; ready for that day

  placement = {
    mongodb    = "canopsis"
    postgresql = "canopsis"
    redis      = "canopsis"
  }

  exclude = ["ldap"] # users are Canopsis's own
}

resource "aws_security_group" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis

  name        = each.key
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users              = { cidrs = var.user_cidrs }
      administrators     = { cidrs = var.administrator_cidrs }
      amqp_event_sources = { cidrs = var.event_source_cidrs }
      api_event_sources  = { cidrs = var.event_source_cidrs }
      snmp_trap_sources  = { cidrs = var.event_source_cidrs }

      # Security groups know addresses, and the page gives host names. Narrow
      # this to a mirror or a proxy where you have one.
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
