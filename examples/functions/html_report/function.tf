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
}

locals {
  # For the reader alone: no rule is made from these.
  addresses = {
    users          = ["10.20.0.0/16"]
    administrators = ["10.0.5.4/32", "the bastion"]
    ldap           = ["10.1.0.10/32", "10.1.0.11/32"]
  }
}

# terraform output -raw page > flows.html
output "page" {
  value = provider::canopsis::html_report(data.canopsis_flows.this, { addresses = local.addresses })
}

# The same in French, with the form of a request.
output "page_fr" {
  value = provider::canopsis::html_report(data.canopsis_flows.this, {
    language  = "fr"
    addresses = local.addresses
    request   = { requester = "Équipe supervision", ticket = "CHG-1234" }
  })
}
