data "canopsis_flows" "this" {
  corrections = "apply"
}

locals {
  # The bindings of the rules functions, for the addresses.
  bindings = {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "10.0.5.4/32" } }
  }
}

output "flows" {
  value = provider::canopsis::markdown_report(data.canopsis_flows.this)
}

output "flux" {
  value = provider::canopsis::markdown_report(data.canopsis_flows.this, { language = "fr", bindings = local.bindings })
}
