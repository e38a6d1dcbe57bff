# Several installations, as the README shows them.

terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

variable "environments" {
  description = "Installations by name. No attribute is optional: Terraform drops those that a type does not name, and a misspelt one is then missed."
  type = map(object({
    placement = map(string)       # component = host, where one machine runs several
    addresses = map(list(string)) # endpoint = its networks
    referred  = map(string)       # endpoint = somebody else's security group
    attached  = map(string)       # host = its own security group, which is there already
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

  name_prefix = "canopsis-${each.key}"
  hosts       = data.canopsis_flows.this[each.key].hosts
  rules       = data.canopsis_flows.this[each.key].rules

  bindings = merge( # of what stands in several, the last holds, which attaches nothing
    { for host, group in each.value.attached : host => { security_group_id = group, ethertypes = ["IPv4"] } },
    { for endpoint, group in each.value.referred : endpoint => { remote_group_id = group } },
    { for endpoint, cidrs in each.value.addresses : endpoint => { cidrs = cidrs } },
  )
}

output "security_group_ids" {
  value = { for name, firewall in module.firewall : name => firewall.security_group_ids }
}

output "rules" {
  value = { for name, firewall in module.firewall : name => concat(keys(firewall.result.ingress), keys(firewall.result.egress)) }
}
