# The smallest example: the matrix that Canopsis 22.10 publishes, one object a
# rule, known at plan. It needs no cloud account and no function, so it works on
# every Terraform and OpenTofu that speaks protocol 6.

terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
}

# Any resource of any firewall may stand here.
resource "terraform_data" "rule" {
  for_each = data.canopsis_flows.this.rules

  input = {
    from  = each.value.source
    to    = each.value.destination
    ports = "${each.value.protocol} ${each.value.from_port}-${each.value.to_port}"
  }
}

output "rules" {
  description = "What a firewall must let through: 15 rules."
  value       = keys(terraform_data.rule)
}
