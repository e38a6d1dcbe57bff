terraform {
  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_components" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # ports as they are, and not as the page prints them
}

# What a host's own firewall or a monitoring probe wants to know: 6379 here.
output "redis_ports" {
  value = [for range in data.canopsis_components.this.components["redis"].ports : range.from_port]
}

# Where the page is wrong: 6739, digits swapped.
output "published_redis_ports" {
  value = [for range in data.canopsis_components.this.components["redis"].published_ports : range.from_port]
}
