# The usual deployment on Google Cloud: Canopsis, MongoDB, PostgreSQL and Redis on a
# host each, told apart by their service accounts, which only those who may use an
# account can give to a machine. Administrators come through a bastion that another
# team owns.
#
#   terraform apply -var project=my-project -var bastion_service_account=bastion@my-project.iam.gserviceaccount.com
#
# Give the accounts to your instances: service_account { email = google_service_account.this["mongodb"].email }, ...

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

provider "canopsis" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts
}

data "canopsis_flows" "this" {}

resource "google_service_account" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis, mongodb, postgresql, redis

  account_id   = "canopsis-${replace(each.key, "_", "-")}"
  display_name = "Canopsis host ${each.key}"
}

locals {
  # Called once, here: inside a for_each it would be called for every instance.
  gcp = provider::canopsis::gcp_rules(data.canopsis_flows.this.rules, merge(
    # Unknown at the first plan, which does not matter: no key depends on an account.
    { for host, account in google_service_account.this : host => { service_accounts = [account.email] } },
    {
      users = { cidrs = var.user_cidrs }

      # Rules refer to the bastion's account. None is attached to it: it has an owner.
      administrators = { source_service_accounts = [var.bastion_service_account] }

      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { cidrs = var.event_source_cidrs }
      snmp_trap_sources    = { cidrs = var.snmp_trap_source_cidrs }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_mirror_cidrs }
    }
  ))
}

# Google lets everything out of a network. What leaves is not filtered here; the
# example gcp-closed-egress shows how to.
resource "google_compute_firewall" "ingress" {
  for_each = local.gcp.ingress # "users-to-canopsis/tcp", "canopsis-to-mongodb/tcp", ...

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

# Google refuses what exceeds a project's quota at apply, when half of the rules
# stand. This warns at plan.
check "rules_per_project" {
  assert {
    condition     = sum(values(local.gcp.counts)[*].ingress) + var.other_rules <= var.rules_per_project
    error_message = "Google allows ${var.rules_per_project} firewall rules in this project, which has ${var.other_rules} others, and these hosts need more: ${join(", ", [for host, count in local.gcp.counts : "${host} ${count.ingress}"])}. Ask for a higher quota."
  }
}
