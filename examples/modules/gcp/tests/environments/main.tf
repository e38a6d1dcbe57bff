# Several installations, as the README shows them.

terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
    google = {
      source = "hashicorp/google"
    }
  }
}

variable "environments" {
  description = "Installations by name. No attribute is optional: Terraform drops those that a type does not name, and a misspelt one is then missed."
  type = map(object({
    network   = string            # VPC network
    placement = map(string)       # component = host, where one machine runs several
    addresses = map(list(string)) # endpoint = its networks
    referred  = map(string)       # endpoint = network tag of somebody else's machines
    attached  = map(string)       # host = network tag of its machines, which is there already
  }))
}

data "canopsis_flows" "this" {
  for_each = var.environments

  canopsis_version = "22.10"
  corrections      = "apply"
  placement        = each.value.placement
}

module "firewall" {
  source   = "../.."
  for_each = var.environments

  name_prefix = each.key
  tag_prefix  = "canopsis-${each.key}"
  network     = each.value.network
  hosts       = data.canopsis_flows.this[each.key].hosts
  rules       = data.canopsis_flows.this[each.key].rules

  bindings = merge( # of what stands in several, the last holds, which attaches nothing
    { for host, tag in each.value.attached : host => { network_tags = [tag] } },
    { for endpoint, tag in each.value.referred : endpoint => { source_tags = [tag] } },
    { for endpoint, cidrs in each.value.addresses : endpoint => { cidrs = cidrs } },
  )
}

output "network_tags" {
  value = { for name, firewall in module.firewall : name => firewall.network_tags }
}

output "rules" {
  value = { for name, firewall in module.firewall : name => concat(keys(firewall.result.ingress), keys(firewall.result.egress)) }
}
