# The firewall of one Linux host that runs Canopsis in containers: what users and
# event sources reach is what Docker publishes, and nothing else gets in.
#
#   ssh admin@10.0.0.1 sudo ss -Hltnup > listeners.txt   # before the first apply
#   terraform plan -var address=10.0.0.1 -var "listeners=$(cat listeners.txt)"
#   terraform apply -var address=10.0.0.1
#
# A new connection confirms the ruleset; where none gets in, the host takes it back.

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "24.10"
  corrections      = "apply"
  options          = ["docker"]

  placement = {
    mongodb    = "canopsis"
    postgresql = "canopsis"
    rabbitmq   = "canopsis"
    redis      = "canopsis"
  }

  exclude = ["ldap"]
}

module "firewall" {
  source = "../modules/host"

  rules = data.canopsis_flows.this.rules
  host  = "canopsis"

  bindings = {
    users                = { cidrs = var.user_cidrs }
    administrators       = { cidrs = var.administrator_cidrs }
    amqp_event_sources   = { cidrs = var.event_source_cidrs }
    api_event_sources    = { cidrs = var.event_source_cidrs }
    snmp_trap_sources    = { cidrs = [] } # none: listed in unenforced
    package_repositories = { cidrs = [] } # egress is open
  }

  options = { container_interfaces = ["docker0", "br-canopsis"] }
  address = var.address
  user    = "admin"
}

# What listens and is not in the matrix will be closed: look before, and after.
locals {
  listening = var.listeners == null ? null : provider::canopsis::audit_listeners(data.canopsis_flows.this.rules, "canopsis", var.listeners)
}

check "listeners" {
  assert {
    condition     = var.listeners == null ? true : local.listening.ok
    error_message = var.listeners == null ? "" : local.listening.summary
  }
}
