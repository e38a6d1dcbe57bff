# Several installations, as the README shows them.

terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

variable "environments" {
  description = "Installations by name. No attribute is optional: Terraform drops those that a type does not name, and a misspelt one is then missed."
  type = map(object({
    resource_group = string
    placement      = map(string)                                                  # component = host, where one machine runs several
    addresses      = map(list(string))                                            # endpoint = its networks
    referred       = map(string)                                                  # endpoint = application security group of somebody else's machines
    attached       = map(object({ name = string, resource_group_name = string })) # host = network security group that is there already
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

  name_prefix             = "canopsis-${each.key}"
  location                = "francecentral"
  resource_group_name     = each.value.resource_group
  hosts                   = data.canopsis_flows.this[each.key].hosts
  rules                   = data.canopsis_flows.this[each.key].rules
  network_security_groups = each.value.attached

  bindings = merge(
    { for endpoint, group in each.value.referred : endpoint => { application_security_group_id = group } },
    { for endpoint, cidrs in each.value.addresses : endpoint => { cidrs = cidrs } },
  )
}

output "rules" {
  value = { for name, firewall in module.firewall : name => concat(keys(firewall.result.ingress), keys(firewall.result.egress)) }
}

output "groups_made" {
  value = { for name, firewall in module.firewall : name => keys(firewall.network_security_group_ids) }
}
