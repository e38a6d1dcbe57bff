# The smallest use: the flow matrix of a Canopsis installation, one object for
# each rule, known at plan. It needs no cloud account and calls no function, so
# it works on old versions of Terraform too.

terraform {
  required_version = ">= 1.4" # terraform_data

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"

  # The page's Redis port is wrong, and it forgets hosts. The default, "warn",
  # keeps what is published and says what is wrong with it.
  corrections = "apply"
}

# Any resource of any firewall may stand here.
resource "terraform_data" "rule" {
  for_each = data.canopsis_flows.this.rules # "canopsis-to-redis/tcp-6379", ...

  input = {
    from  = each.value.source
    to    = each.value.destination
    ports = "${each.value.protocol} ${each.value.from_port}-${each.value.to_port}"
  }
}

output "rules" {
  description = "What a firewall must let through."
  value       = keys(terraform_data.rule)
}
