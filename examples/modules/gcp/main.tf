locals {
  tags = { for host in keys(var.hosts) : host => "${var.tag_prefix}-${replace(host, "_", "-")}" }

  gcp = provider::canopsis::gcp_rules(var.rules, merge(
    var.bindings,
    { for host, tag in local.tags : host => { network_tags = [tag], cidrs = lookup(var.host_cidrs, host, null) } },
  ))

  bound = merge(
    { for key, rule in local.gcp.ingress : "ingress ${key}" => rule },
    { for key, rule in local.gcp.egress : "egress ${key}" => rule },
  )
}

resource "google_compute_firewall" "this" {
  for_each = local.bound

  name                    = "${var.name_prefix}-${each.value.name}"
  network                 = var.network
  direction               = each.value.direction
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

  lifecycle {
    create_before_destroy = true # other peers are another resource: no gap between the two
  }
}

# A rule holds one address family: denied is both, or the other stays open.
resource "google_compute_firewall" "deny_egress" {
  for_each = var.deny_other_egress ? { ipv4 = "0.0.0.0/0", ipv6 = "::/0" } : {}

  name               = "${var.name_prefix}-deny-egress-${each.key}"
  network            = var.network
  direction          = "EGRESS"
  priority           = 65534
  destination_ranges = [each.value]
  target_tags        = values(local.tags)

  deny {
    protocol = "all"
  }
}
