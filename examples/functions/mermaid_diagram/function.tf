terraform {
  required_version = ">= 1.8"

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

# Paste it between ```mermaid and ``` into any Markdown page of your code host.
output "diagram" {
  value = provider::canopsis::mermaid_diagram(data.canopsis_flows.this)
}
