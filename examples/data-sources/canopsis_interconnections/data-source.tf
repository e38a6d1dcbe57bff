terraform {
  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

# What Canopsis can be connected to, for interconnections of canopsis_flows.
data "canopsis_interconnections" "this" {}

# Who opens connections to Canopsis, and how sure that is.
output "inbound" {
  value = {
    for id, entry in data.canopsis_interconnections.this.interconnections :
    id => "${entry.name} (${entry.confidence})" if entry.direction == "inbound"
  }
}

# Where component_ports must say the ports, since no document does.
output "ports_needed" {
  value = toset(flatten([
    for entry in data.canopsis_interconnections.this.interconnections :
    [for link in entry.links : link.destination if link.ports_needed]
  ]))
}
