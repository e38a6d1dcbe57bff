# Canopsis Pro in Kubernetes by the vendor's Helm chart, its backends on machines
# outside of the cluster. The host canopsis stands for the nodes that run its pods.

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

  options = ["docker"]

  # Pods talk to each other across nodes.
  clusters = ["canopsis"]

  # Users and event sources reach the ingress, which reaches the pods on the
  # container's port.
  relays          = { ingress = { listeners = { nginx = ["tcp/443"] } } }
  component_ports = { nginx = ["tcp/8443"] }

  interconnections = ["nfs"] # a volume that several pods write

  exclude = ["snmp_trap_sources"] # an ingress takes no UDP
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
