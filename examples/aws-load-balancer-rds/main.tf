# Canopsis on AWS behind a load balancer, with its PostgreSQL at RDS. Users and what
# calls the API reach the load balancer alone; administrators come through a bastion
# that another team owns, to machines and never to RDS.
#
#   terraform apply -var vpc_id=vpc-0123456789abcdef0 -var bastion_security_group_id=sg-0123456789abcdef0 \\
#     -var certificate_arn=ARN -var 'public_subnet_ids=["subnet-...", "subnet-..."]' -var 'private_subnet_ids=["subnet-...", "subnet-..."]'
#
# Attach the groups to your instances: vpc_security_group_ids = [aws_security_group.this["mongodb"].id], ...
# What the vendor installs is PostgreSQL with TimescaleDB. Ask whether yours does
# without, since RDS has not all extensions: the rules are the same for any service.

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

  # Amazon runs it: no SSH leads there, and it fetches no packages.
  cloud_services = ["postgresql"]

  # Who had a flow to Nginx has one to the load balancer, and that one to Nginx.
  relays          = { load_balancer = { listeners = { nginx = ["tcp/443"] } } }
  component_ports = { nginx = ["tcp/8443"] } # the load balancer's target

  exclude = ["ldap", "snmp_trap_sources"]
}

resource "aws_security_group" "this" {
  # canopsis, mongodb, postgresql, redis, and the relay, which is no host of Canopsis.
  for_each = toset(concat(keys(data.canopsis_flows.this.hosts), ["load_balancer"]))

  name        = "canopsis-${each.key}"
  description = "Flows of the Canopsis host ${each.key}"
  vpc_id      = var.vpc_id

  tags = { Name = "canopsis-${each.key}" }
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users             = { cidrs = var.user_cidrs }
      api_event_sources = { cidrs = var.event_source_cidrs }

      # RabbitMQ is no HTTP: these reach the machine itself.
      amqp_event_sources = { cidrs = var.event_source_cidrs }

      # Rules refer to the bastion's group. None is attached to it: it has an owner.
      administrators = { referenced_security_group_id = var.bastion_security_group_id }

      package_repositories = { cidrs = var.package_mirror_cidrs }
    }
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.aws.ingress # "10.20.0.0/16-to-load_balancer/tcp-443", "load_balancer-to-canopsis/tcp-8443", ...

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

resource "aws_lb" "this" {
  name            = "canopsis"
  subnets         = var.public_subnet_ids
  security_groups = [aws_security_group.this["load_balancer"].id]
}

resource "aws_lb_target_group" "nginx" {
  name     = "canopsis-nginx"
  vpc_id   = var.vpc_id
  protocol = "HTTPS"
  port     = 8443 # as in component_ports: the health check uses it, too
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443 # as in relays
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nginx.arn
  }
}

resource "aws_db_subnet_group" "this" {
  name       = "canopsis"
  subnet_ids = var.private_subnet_ids
}

resource "aws_db_instance" "postgresql" {
  identifier                  = "canopsis"
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  storage_encrypted           = true
  db_name                     = "canopsis"
  username                    = "canopsis"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.this.name
  vpc_security_group_ids      = [aws_security_group.this["postgresql"].id] # without this it has the VPC's default group
  publicly_accessible         = false
  skip_final_snapshot         = false
  final_snapshot_identifier   = "canopsis-last"
}
