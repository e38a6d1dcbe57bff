# A network without a way out but a web proxy, which itself has to pass another
# one at the border. Egress is closed, so name resolution and time are flows too.

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

locals {
  # What lies outside, behind both proxies.
  outside = ["package_repositories", "identity_provider", "webhook_targets", "ticketing_tools"]
}

data "canopsis_flows" "this" {
  canopsis_version = "25.10"
  corrections      = "apply"

  options = ["packages"]

  placement = {
    rabbitmq   = "canopsis"
    snmp       = "canopsis"
    mongodb    = "data"
    postgresql = "data"
    valkey     = "data"
  }

  interconnections = ["dns", "ntp"]

  relays = {
    web_proxy = {
      in_front_of = [for system in local.outside : "border_proxy/${system}"]
      ports       = ["tcp/3128"]
    }
    border_proxy = {
      in_front_of = local.outside
      ports       = ["tcp/3128"]
    }
  }

  component_ports = {
    identity_provider = ["tcp/443"]
    webhook_targets   = ["tcp/443"]
    ticketing_tools   = ["tcp/443"]
  }

  exclude = ["remediation_tools", "cmdb_drivers"] # not used here
}

# What a firewall in front of each host has to hold, in and out.
output "rules_per_host" {
  description = "Number of rules of each host."
  value = {
    for host, _ in data.canopsis_flows.this.hosts : host => {
      ingress = length([for rule in data.canopsis_flows.this.rules : rule if rule.destination == host])
      egress  = length([for rule in data.canopsis_flows.this.rules : rule if rule.source == host])
    }
  }
}

# The picture in README.md.
output "diagram" {
  description = "The flows as a Mermaid diagram."
  value       = provider::canopsis::mermaid_diagram(data.canopsis_flows.this)
}
