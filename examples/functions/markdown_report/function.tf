terraform {
  required_version = ">= 1.8"

  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
}

locals {
  bindings = {
    users                = { cidrs = ["10.20.0.0/16"] }
    administrators       = { named_cidrs = { bastion = "10.0.5.4/32" } }
    amqp_event_sources   = { cidrs = ["10.30.1.0/24"] }
    api_event_sources    = { same_as = "users" }
    snmp_trap_sources    = { cidrs = [] }
    ldap                 = { cidrs = ["10.1.0.10/32"] }
    package_repositories = { cidrs = ["10.2.0.8/32"] }
    canopsis             = { security_group_id = "sg-0123456789abcdef0" }
    mongodb              = { security_group_id = "sg-0123456789abcdef1" }
    postgresql           = { security_group_id = "sg-0123456789abcdef2" }
    redis                = { security_group_id = "sg-0123456789abcdef3" }
  }
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, local.bindings)
}

output "flows" {
  value = provider::canopsis::markdown_report(data.canopsis_flows.this)
}

# With what each end is bound to, and what the rules enforce.
output "flux" {
  value = provider::canopsis::markdown_report(data.canopsis_flows.this, {
    language = "fr"
    bindings = local.bindings
    rules    = { aws = local.aws }
  })
}
