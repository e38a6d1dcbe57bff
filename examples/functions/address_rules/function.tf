terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    hcloud = { # or that of your firewall: see the guide
      source  = "hetznercloud/hcloud"
      version = ">= 1.48"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  firewall = provider::canopsis::address_rules(data.canopsis_flows.this.rules, {
    canopsis             = { cidrs = ["10.0.0.4/32"] }
    mongodb              = { cidrs = ["10.0.0.8/29"] }
    postgresql           = { cidrs = ["10.0.0.16/32"] }
    redis                = { named_cidrs = { redis_vip = "10.0.0.20/32" } } # may be known at apply only
    users                = { cidrs = ["10.20.0.0/16"], named_ipv6_cidrs = { users_ipv6 = "2001:db8:20::/48" } }
    administrators       = { cidrs = ["10.0.5.0/28"] }
    amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
    api_event_sources    = { same_as = "users" }
    package_repositories = { cidrs = [] } # none: listed in local.firewall.unenforced
  })

  # One opening for each row and range of ports.
  openings = merge([
    for key, row in local.firewall.rows : { for range, port in row.ports : "${key}-${range}" => merge(row, { range = range }) }
  ]...)
}

# A firewall for each host: what is not opened does not enter.
resource "hcloud_firewall" "this" {
  for_each = data.canopsis_flows.this.hosts
  name     = "canopsis-${each.key}"

  dynamic "rule" {
    for_each = { for key, opening in local.openings : key => opening if opening.destination == each.key }

    content {
      direction   = "in"
      protocol    = rule.value.protocol
      port        = rule.value.range
      source_ips  = values(rule.value.sources)
      description = rule.key
    }
  }
}
