terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
  placement        = { postgresql = "data", redis = "data" }
}

# terraform output -raw picture > flows.svg
output "picture" {
  value = provider::canopsis::svg_diagram(data.canopsis_flows.this)
}
