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
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

locals {
  # Addresses, since a host's own firewall knows nothing else.
  bindings = {
    canopsis             = { cidrs = ["10.0.0.1/32"] }
    mongodb              = { cidrs = ["10.0.0.2/32"] }
    postgresql           = { cidrs = ["10.0.0.3/32"] }
    redis                = { cidrs = ["10.0.0.4/32"] }
    users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }
    administrators       = { cidrs = ["192.0.2.0/28"] }
    amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
    api_event_sources    = { same_as = "users" }
    package_repositories = { cidrs = [] } # egress is open
  }

  rulesets = {
    for host, components in data.canopsis_flows.this.hosts :
    host => provider::canopsis::nftables_ruleset(data.canopsis_flows.this.rules, local.bindings, host, {})
  }
}

# Load it with a way back, as the module examples/modules/host does: a timer takes
# it back unless a new connection confirms it in time.
output "canopsis" {
  value = local.rulesets["canopsis"].ruleset
}

output "unenforced" {
  value = { for host, ruleset in local.rulesets : host => ruleset.unenforced }
}
