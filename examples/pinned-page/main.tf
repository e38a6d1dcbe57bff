# Rules of a pinned copy of the page, in HTML as the documentation's web server
# sends it, and a check that says when it is no longer the embedded edition.

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "this" {
  page        = file("${path.module}/matrix.html") # looked at before it was put here
  options     = ["packages"]
  corrections = "apply"
}

data "canopsis_flows" "embedded" {
  canopsis_version = "24.10"
  options          = ["packages"]
  corrections      = "apply"
}

check "page" {
  assert {
    condition     = keys(data.canopsis_flows.this.rules) == keys(data.canopsis_flows.embedded.rules)
    error_message = "The pinned page and the embedded edition open different flows."
  }
}

output "rules" {
  value = keys(data.canopsis_flows.this.rules)
}
