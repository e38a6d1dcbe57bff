terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

locals {
  expected = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, {
    canopsis             = { security_group_id = "sg-0000000000000000a" }
    mongodb              = { security_group_id = "sg-0000000000000000b" }
    postgresql           = { security_group_id = "sg-0000000000000000c" }
    redis                = { security_group_id = "sg-0000000000000000d" }
    users                = { cidrs = ["10.20.0.0/16"] }
    administrators       = { cidrs = ["10.0.5.0/28"] }
    amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
    api_event_sources    = { same_as = "users" }
    package_repositories = { cidrs = [] }
  })

  # aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-0000000000000000a,... >rules.json
  audit = provider::canopsis::audit_rules(local.expected, file("${path.module}/rules.json"), {
    directions = ["ingress"] # everything may leave
  })
}

# A warning at every plan while the rules differ from the matrix.
check "firewall" {
  assert {
    condition     = local.audit.ok
    error_message = local.audit.summary
  }
}

# Ids of the rules that are right, by the keys under which Terraform would have them.
output "adopt" {
  value = local.audit.adopt.ingress
}

# Rules that open what nobody wants, and what.
output "excess" {
  value = { for id, rule in local.audit.actual : id => rule.opens if rule.status == "excess" }
}
