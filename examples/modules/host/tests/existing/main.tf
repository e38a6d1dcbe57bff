# A machine and a bastion that the same plan makes: neither address is known, and the
# ruleset is not either.

resource "terraform_data" "machine" {} # each stands for a cloud's machine
resource "terraform_data" "bastion" {}

variable "rules" {
  type = any
}

module "firewall" {
  source = "../.."

  rules   = var.rules
  host    = "canopsis"
  address = terraform_data.machine.id

  bindings = {
    administrators = { named_cidrs = { bastion = "${terraform_data.bastion.id}/32" } }
    users          = { cidrs = ["10.20.0.0/16"] }
  }
}

output "unenforced" {
  value = module.firewall.unenforced
}
