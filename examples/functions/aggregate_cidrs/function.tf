terraform {
  required_version = ">= 1.8"

  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

variable "sites" {
  type    = list(string)
  default = ["10.20.0.0/24", "10.20.1.0/24", "10.20.3.0/24", "10.40.8.0/24", "10.40.10.0/24"]
}

locals {
  # Exactly these addresses: 4 prefixes, since the first two make up one.
  exact = provider::canopsis::aggregate_cidrs(var.sites, null, null)

  # At most two, none of which is made shorter than a /20.
  few = provider::canopsis::aggregate_cidrs(var.sites, 2, { ipv4 = 20, ipv6 = 48 })
}

output "users" {
  value = { cidrs = local.few.cidrs } # a binding
}

# Which addresses are let in that nobody gave.
output "added" {
  value = { for prefix, widened in local.few.widened : prefix => "${widened.added} more than ${join(", ", widened.given)}" }
}
