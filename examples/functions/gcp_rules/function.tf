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

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

resource "google_compute_address" "bastion" {
  name = "bastion"
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  gcp = provider::canopsis::gcp_rules(data.canopsis_flows.this.rules, merge(
    { for host, components in data.canopsis_flows.this.hosts : host => { network_tags = ["canopsis-${host}"] } },
    {
      users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }                               # known at plan
      administrators       = { named_cidrs = { bastion = "${google_compute_address.bastion.address}/32" } } # known at apply
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      package_repositories = { cidrs = [] } # none: listed in local.gcp.unenforced
    }
  ))
}

resource "google_compute_firewall" "this" {
  for_each = merge(
    { for key, rule in local.gcp.ingress : "ingress ${key}" => rule },
    { for key, rule in local.gcp.egress : "egress ${key}" => rule },
  )

  name      = each.value.name
  network   = "default"
  direction = each.value.direction

  source_ranges           = each.value.source_ranges
  source_tags             = each.value.source_tags
  source_service_accounts = each.value.source_service_accounts
  destination_ranges      = each.value.destination_ranges
  target_tags             = each.value.target_tags
  target_service_accounts = each.value.target_service_accounts
  description             = each.value.description

  allow {
    protocol = each.value.protocol
    ports    = each.value.ports
  }

  # A rule whose peers change has another name, and is another resource.
  lifecycle {
    create_before_destroy = true
  }
}
