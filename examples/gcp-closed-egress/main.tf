# Canopsis on Google Cloud with closed egress: nothing leaves a host but what the
# matrix names, and what every machine needs: name and time servers.
#
#   terraform apply -var project=my-project
#
# Firewall rules do not filter everything: the metadata server 169.254.169.254,
# which is also Google's name and time server and answers DHCP, can always be
# reached. Answers to a connection that was let in belong to it and need no rule.

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
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts

  interconnections = ["dns", "ntp"] # from every host
}

locals {
  tags = { for host, components in data.canopsis_flows.this.hosts : host => "canopsis-${replace(host, "_", "-")}" }

  # Called once, here: inside a for_each it would be called for every instance.
  gcp = provider::canopsis::gcp_rules(data.canopsis_flows.this.rules, merge(
    # Google names the destinations of egress by ranges alone: a host needs its tag,
    # for what is attached to it, and its addresses, for what others may reach.
    { for host, tag in local.tags : host => { network_tags = [tag], cidrs = var.host_cidrs[host] } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { cidrs = var.event_source_cidrs }
      snmp_trap_sources    = { cidrs = var.snmp_trap_source_cidrs }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_mirror_cidrs }

      dns = { cidrs = var.name_server_cidrs }
      ntp = { cidrs = var.time_server_cidrs }
    }
  ))
}

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

resource "google_compute_firewall" "egress" {
  for_each = local.gcp.egress # "canopsis-to-mongodb/tcp", "redis-to-ntp/udp", ...

  name      = each.value.name # has a digest of both ends: see create_before_destroy
  network   = var.network
  direction = each.value.direction

  destination_ranges      = each.value.destination_ranges
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

# A network lets everything out that no rule denies. These deny it, below the rules
# above (a higher number is a lower priority), and a family each.
resource "google_compute_firewall" "deny_egress" {
  for_each = { ipv4 = "0.0.0.0/0", ipv6 = "::/0" }

  name               = "canopsis-deny-egress-${each.key}"
  network            = var.network
  direction          = "EGRESS"
  priority           = 65534
  destination_ranges = [each.value]
  target_tags        = values(local.tags)
  description        = "Nothing leaves a Canopsis host but what other rules allow"

  deny {
    protocol = "all"
  }
}

# Google refuses what exceeds a project's quota at apply, when half of the rules
# stand. This warns at plan.
check "rules_per_project" {
  assert {
    condition = sum([for host, count in local.gcp.counts : count.ingress + count.egress]) + var.other_rules <= var.rules_per_project
    error_message = "Google allows ${var.rules_per_project} firewall rules in this project, which has ${var.other_rules} others, and these hosts need more: ${join(", ", [
      for host, count in local.gcp.counts : "${host} ${count.ingress} in and ${count.egress} out"
    ])}. Ask for a higher quota."
  }
}
