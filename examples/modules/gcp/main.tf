locals {
  # Endpoints of the rules, with the flows that need them. Rules that are null, or lack
  # an end, are left to the function, which says which.
  needed = try({
    for endpoint in toset(flatten([for rule in values(var.rules) : [rule.source, rule.destination]])) : endpoint =>
    distinct([for rule in values(var.rules) : rule.flow if contains([rule.source, rule.destination], endpoint)])
  }, {})

  # A network tag is made up for each host that bindings does not name: the others
  # have what they are known by, or need nothing here. A null binding is as if it were left out.
  made = {
    for host, components in var.hosts : host => components
    if !contains([for endpoint, binding in var.bindings : endpoint if binding != null], host)
  }

  tags = { for host in keys(local.made) : host => "${var.tag_prefix}-${replace(host, "_", "-")}" }

  gcp = provider::canopsis::gcp_rules(var.rules, merge(
    var.bindings,
    { for host, tag in local.tags : host => { network_tags = [tag], cidrs = lookup(var.host_cidrs, host, null) } },
  ))

  # Hosts that rules are attached to, with what these find their machines by.
  attached = {
    for host in keys(local.gcp.counts) : host => {
      network_tags     = contains(keys(local.tags), host) ? [local.tags[host]] : tolist(try(var.bindings[host].network_tags, []))
      service_accounts = contains(keys(local.tags), host) ? [] : tolist(try(var.bindings[host].service_accounts, []))
    } if contains(keys(var.hosts), host)
  }

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

# A rule holds one address family: denied is both, or the other stays open. A rule
# without targets would be one for every machine of the network. Google keeps what a
# change in place leaves out, and mixes tags with no service accounts: a rule for the
# one is another than a rule for the other.
resource "google_compute_firewall" "deny_egress" {
  for_each = var.deny_other_egress && length(local.attached) > 0 ? { ipv4 = "0.0.0.0/0", ipv6 = "::/0" } : {}

  name                    = "${var.name_prefix}-deny-egress-${length(local.denied.service_accounts) > 0 ? "accounts-" : ""}${each.key}"
  network                 = var.network
  direction               = "EGRESS"
  priority                = 65534
  destination_ranges      = [each.value]
  target_tags             = length(local.denied.network_tags) > 0 ? local.denied.network_tags : null
  target_service_accounts = length(local.denied.service_accounts) > 0 ? local.denied.service_accounts : null

  deny {
    protocol = "all"
  }

  lifecycle {
    create_before_destroy = true # another prefix is another rule: no gap between the two

    precondition {
      condition     = length(local.denied.network_tags) + length(local.denied.service_accounts) > 0
      error_message = "The hosts of the installation \"${var.name_prefix}\" (name_prefix) have neither network tags nor service accounts: without, everything in the network would be denied."
    }
  }
}

locals {
  denied = {
    network_tags     = distinct(flatten(values(local.attached)[*].network_tags))
    service_accounts = distinct(flatten(values(local.attached)[*].service_accounts))
  }
}

locals {
  # Rules that the denial of other egress cuts off: no range names what they lead to,
  # and nobody said that it has none.
  cut_off = [
    for key in keys(local.gcp.unenforced) : key
    if contains(keys(local.attached), try(var.rules[key].source, "")) && try(
      var.bindings[coalesce(try(var.bindings[var.rules[key].destination].same_as, null), var.rules[key].destination)].cidrs,
      var.host_cidrs[var.rules[key].destination],
      null,
    ) == null
  ]
}

check "egress_has_ranges" {
  assert {
    condition     = !var.deny_other_egress || length(local.cut_off) == 0
    error_message = "Google names the destinations of egress by ranges alone, these have none, and everything else is denied: ${join(", ", local.cut_off)}. Give the destinations host_cidrs, or cidrs in bindings."
  }
}
