# The request that goes to whoever opens firewalls ("demande d'ouverture de
# flux"), written from the flows that Terraform enforces: a document to read, a
# table to import, a picture to paste.
#
#   terraform apply
#   terraform output -raw demande > demande-ouverture-flux.md

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
  canopsis_version = "22.10"
  corrections      = "apply"
  exclude          = ["snmp_trap_sources"]
}

locals {
  # The same bindings as the rules functions take: the addresses come from them.
  bindings = {
    users                = { cidrs = ["10.20.0.0/16"] }
    administrators       = { named_cidrs = { bastion = "10.0.5.4/32" } }
    amqp_event_sources   = { cidrs = ["10.30.1.0/24", "10.30.2.0/24"] }
    api_event_sources    = { same_as = "users" }
    ldap                 = { cidrs = ["10.1.0.10/32", "10.1.0.11/32"] }
    package_repositories = { cidrs = ["10.2.0.8/32"] }
    canopsis             = { cidrs = ["10.40.0.10/32"] }
    mongodb              = { cidrs = ["10.40.0.20/32"] }
    postgresql           = { cidrs = ["10.40.0.30/32"] }
    redis                = { cidrs = ["10.40.0.40/32"] }
  }

  matrice = provider::canopsis::markdown_report(data.canopsis_flows.this, { language = "fr", bindings = local.bindings })
}
