terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "today" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
}

data "canopsis_flows" "this" {
  canopsis_version = "24.10"
  corrections      = "apply"
  options          = ["packages"] # how Canopsis was installed
}

locals {
  change = provider::canopsis::diff_rules(data.canopsis_flows.today.rules, data.canopsis_flows.this.rules)
}

# 4 opened, 2 closed, 15 unchanged. New hosts: rabbitmq. ...
output "summary" {
  value = local.change.summary
}

# What is to be opened before the upgrade, and closed after it.
output "opened" {
  value = { for key, rule in local.change.opened : key => "${rule.source} to ${rule.destination}, ${rule.ports}" }
}

output "closed" {
  value = { for key, rule in local.change.closed : key => "${rule.source} to ${rule.destination}, ${rule.ports}" }
}
