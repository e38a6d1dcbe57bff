# Several installations, as the README shows them.

terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
  }
}

variable "environments" {
  description = "Installations by name. No attribute is optional: Terraform drops those that a type does not name, and a misspelt one is then missed."
  type = map(object({
    placement = map(string)                                                   # component = host, where pods run several
    addresses = map(list(string))                                             # endpoint = its networks
    referred  = map(object({ peer_namespace = string }))                      # endpoint = namespace of somebody else's pods
    selected  = map(object({ namespace = string, pod_labels = map(string) })) # host = its pods, which policies select
  }))
}

data "canopsis_flows" "this" {
  for_each = var.environments

  canopsis_version = "22.10"
  corrections      = "apply"
  placement        = each.value.placement
}

module "policies" {
  source   = "../.."
  for_each = var.environments

  name_prefix = "canopsis-${each.key}"
  rules       = data.canopsis_flows.this[each.key].rules

  bindings = merge( # of what stands in several, the last holds, which selects nothing
    each.value.selected,
    each.value.referred,
    { for endpoint, cidrs in each.value.addresses : endpoint => { cidrs = cidrs } },
  )
}

output "policies" {
  value = { for name, policies in module.policies : name => policies.policies }
}
