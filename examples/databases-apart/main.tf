# The application on one machine, its databases together on another.

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
  corrections      = "apply" # Redis's port, and SSH to the host that the page cannot know

  options = ["packages"]

  placement = {
    rabbitmq   = "canopsis"
    mongodb    = "data"
    postgresql = "data"
    redis      = "data"
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
