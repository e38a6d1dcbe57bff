# Several installations, as the README shows them.

terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

variable "environments" {
  description = "Installations of one machine by name. No attribute is optional: Terraform drops those that a type does not name, and a misspelt one is then missed."
  type = map(object({
    address   = string            # where SSH reaches the machine
    addresses = map(list(string)) # endpoint = its networks
  }))
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
  placement        = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
}

module "firewall" {
  source   = "../.."
  for_each = var.environments

  name     = "canopsis-${each.key}"
  rules    = data.canopsis_flows.this.rules
  bindings = { for endpoint, cidrs in each.value.addresses : endpoint => { cidrs = cidrs } }
  host     = "canopsis"
  address  = each.value.address
}

output "rulesets" {
  value = { for name, firewall in module.firewall : name => firewall.ruleset }
}
