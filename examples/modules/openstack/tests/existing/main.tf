# Groups that the same plan makes, so that none of their ids is known: the cluster's
# own group gets Canopsis's rules, the bastion's is referred to alone.

terraform {
  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

resource "openstack_networking_secgroup_v2" "others" {
  for_each = toset(["bastion", "cluster", "database"])
  name     = each.key
}

variable "rules" {
  type = any
}

module "firewall" {
  source = "../.."

  hosts = { canopsis = ["nginx"], mongodb = ["mongodb"], postgresql = ["postgresql"] }
  rules = var.rules

  bindings = {
    administrators = { remote_group_id = openstack_networking_secgroup_v2.others["bastion"].id }
    canopsis       = { security_group_id = openstack_networking_secgroup_v2.others["cluster"].id, ethertypes = ["IPv4"] }
    postgresql     = { remote_group_id = openstack_networking_secgroup_v2.others["database"].id }
  }
}

output "attached" {
  value = keys(module.firewall.security_group_ids)
}

output "ingress" {
  value = keys(module.firewall.result.ingress)
}

output "egress" {
  value = keys(module.firewall.result.egress)
}
