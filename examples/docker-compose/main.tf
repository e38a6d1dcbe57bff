# Docker Compose with every container on one host. The vendor's compose file
# publishes more ports than anybody outside of the host needs, and Docker lets
# them past the host's input rules: what to close is an output.

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

  options = ["docker"] # 80 and 443 of the host lead to Nginx

  placement = {
    mongodb    = "canopsis"
    postgresql = "canopsis"
    rabbitmq   = "canopsis"
    redis      = "canopsis"
  }

  # The container that receives traps belongs to Canopsis Pro.
  exclude = ["snmp_trap_sources"]
}

locals {
  # Ports of the host that the compose file of 24.04 and later publishes. Until
  # 23.10 MongoDB's was 27027.
  published = {
    canopsis_api = [8082]
    mongodb      = [27017]
    nginx        = [80, 443]
    postgresql   = [5432]
    rabbitmq     = [5672]
    rabbitmq_ui  = [15672]
    redis        = [6379]
  }

  # Ports of the host that a flow needs.
  needed = toset([
    for rule in data.canopsis_flows.this.rules : rule.from_port if rule.destination == "canopsis"
  ])
}

# Bind these to 127.0.0.1 in the compose file, or filter them where Docker
# forwards (chain DOCKER-USER): they never pass the host's input rules.
output "published_and_not_needed" {
  description = "Published ports that nothing outside of the host needs, by component."
  value = {
    for component, ports in local.published : component => ports
    if length(setintersection(ports, local.needed)) == 0
  }
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
