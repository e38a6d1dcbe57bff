# Canopsis with its databases on one machine in Google Cloud: a network tag, and no
# rule between components, since what runs on one host needs none.
#
#   terraform apply -var project=my-project
#
# Give your instance the tag: tags = ["canopsis"].

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    google = {
      source  = "hashicorp/google"
      version = ">= 5.0"
    }
  }
}

provider "google" {
  project = var.project
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page errs where a database has a host of its own; ready for that day

  placement = {
    mongodb    = "canopsis"
    postgresql = "canopsis"
    redis      = "canopsis"
  }

  exclude = ["ldap"] # users are Canopsis's own
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  gcp = provider::canopsis::gcp_rules(data.canopsis_flows.this.rules, {
    canopsis           = { network_tags = ["canopsis"] }
    users              = { cidrs = var.user_cidrs }
    administrators     = { cidrs = var.administrator_cidrs }
    amqp_event_sources = { cidrs = var.event_source_cidrs }
    api_event_sources  = { cidrs = var.event_source_cidrs }
    snmp_trap_sources  = { cidrs = var.event_source_cidrs }

    package_repositories = { cidrs = ["0.0.0.0/0"], allow_public = true } # as a network lets out
  })
}

# Google lets everything out of a network. What leaves is not filtered here; the
# example gcp-closed-egress shows how to.
resource "google_compute_firewall" "ingress" {
  for_each = local.gcp.ingress # "users-to-canopsis/tcp", ...

  name      = each.value.name # has a digest of both ends: see create_before_destroy
  network   = var.network
  direction = each.value.direction

  source_ranges           = each.value.source_ranges
  source_tags             = each.value.source_tags
  source_service_accounts = each.value.source_service_accounts
  target_tags             = each.value.target_tags
  target_service_accounts = each.value.target_service_accounts
  description             = each.value.description

  allow {
    protocol = each.value.protocol
    ports    = each.value.ports
  }

  # An update of the peers in place would leave open what the configuration no
  # longer holds. A rule whose ends change has another name, and is another rule.
  lifecycle {
    create_before_destroy = true
  }
}
