# The request that goes to whoever opens firewalls ("demande d'ouverture de
# flux"), complete, in English and in French: a page for a browser or a mail, a
# document, a table for a spreadsheet, a picture.
#
#   terraform apply -auto-approve -var ticket=CHG-1234 > /dev/null && terraform output -raw demande_html > demande.html

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
  # What stands for each end, for the reader. No rule is made from these.
  addresses = {
    users                = ["10.20.0.0/16"]
    administrators       = ["10.0.5.4/32"]
    amqp_event_sources   = ["10.30.1.0/24", "10.30.2.0/24"]
    api_event_sources    = ["10.20.0.0/16"]
    ldap                 = ["10.1.0.10/32", "10.1.0.11/32"]
    package_repositories = ["10.2.0.8/32"] # a mirror inside
    canopsis             = ["10.40.0.10/32"]
    mongodb              = ["10.40.0.20/32"]
    postgresql           = ["10.40.0.30/32"]
    redis                = ["10.40.0.40/32"]
  }

  request = {
    requester   = var.requester
    reason      = var.reason
    environment = var.environment
    ticket      = var.ticket
    date        = var.date
    expiry      = var.expiry
    nat         = var.nat
    # encryption says how many flows are in cleartext; approval is left to be signed
  }

  settings = {
    en = { language = "en", addresses = local.addresses }
    fr = { language = "fr", addresses = local.addresses }
  }
}
