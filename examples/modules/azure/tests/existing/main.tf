# Groups that the same plan makes, so that none of their ids is known: the cluster's
# own get Canopsis's rules, the bastion's is referred to alone.

terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

resource "azurerm_application_security_group" "others" {
  for_each = toset(["bastion", "cluster", "database"])

  name                = each.key
  location            = "francecentral"
  resource_group_name = "shared"
}

variable "rules" {
  type = any
}

module "firewall" {
  source = "../.."

  location            = "francecentral"
  resource_group_name = "canopsis"
  hosts               = { canopsis = ["nginx"], mongodb = ["mongodb"], postgresql = ["postgresql"] }
  rules               = var.rules

  bindings = {
    administrators = { application_security_group_id = azurerm_application_security_group.others["bastion"].id }
    canopsis = {
      network_security_group_name   = "cluster"
      resource_group_name           = "shared"
      application_security_group_id = azurerm_application_security_group.others["cluster"].id
    }
    postgresql = { application_security_group_id = azurerm_application_security_group.others["database"].id }
  }
}

output "attached" {
  value = keys(module.firewall.counts)
}

output "ingress" {
  value = [for key in keys(module.firewall.result.ingress) : key if !startswith(key, "deny-all")]
}

output "egress" {
  value = keys(module.firewall.result.egress)
}
