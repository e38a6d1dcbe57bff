# A VPC and groups that the same plan makes, so that none of their ids is known: the
# cluster's own group gets Canopsis's rules, the bastion's is referred to alone.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.40.0.0/16"
}

resource "aws_security_group" "others" {
  for_each = toset(["bastion", "cluster", "database"])
  vpc_id   = aws_vpc.this.id
}

variable "rules" {
  type = any
}

module "firewall" {
  source = "../.."

  vpc_id = aws_vpc.this.id
  hosts  = { canopsis = ["nginx"], mongodb = ["mongodb"], postgresql = ["postgresql"] }
  rules  = var.rules

  bindings = {
    administrators = { referenced_security_group_id = aws_security_group.others["bastion"].id }
    canopsis       = { security_group_id = aws_security_group.others["cluster"].id }
    postgresql     = { referenced_security_group_id = aws_security_group.others["database"].id }
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
