# A network that the same plan makes, so that its id is not known; the cluster's own
# tag gets Canopsis's rules, the bastion's is referred to alone.

resource "terraform_data" "network" {} # stands for google_compute_network

variable "rules" {
  type = any
}

module "firewall" {
  source = "../.."

  network = terraform_data.network.id
  hosts   = { canopsis = ["nginx"], mongodb = ["mongodb"], postgresql = ["postgresql"] }
  rules   = var.rules

  bindings = {
    administrators = { source_tags = ["bastion"] }
    canopsis       = { network_tags = ["cluster"] }
    postgresql     = { source_tags = ["database"], cidrs = ["10.40.3.0/24"] }
  }
  host_cidrs = { mongodb = ["10.40.2.0/24"] }
}

output "attached" {
  value = keys(module.firewall.network_tags)
}

output "ingress" {
  value = keys(module.firewall.result.ingress)
}

output "egress" {
  value = keys(module.firewall.result.egress)
}
