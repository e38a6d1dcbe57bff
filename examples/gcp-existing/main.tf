# An installation on Google Cloud whose firewall was made by hand, audited from the
# text that gcloud prints: what is missing, and what is open beyond the matrix. A
# plan needs no account and changes nothing.
#
#   gcloud compute firewall-rules list --filter=network:default --format=json >rules.json
#   terraform plan
#
# The guide "Existing rules" goes through it step by step.

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
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to two hosts
  exclude          = ["ldap", "snmp_trap_sources"]
}

locals {
  # What is wanted. The network tag of each host is known by hand, too.
  gcp = provider::canopsis::gcp_rules(data.canopsis_flows.this.rules, merge(
    { for host, tag in var.network_tags : host => { network_tags = [tag] } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { same_as = "amqp_event_sources" }
      package_repositories = { cidrs = [] } # everything may leave
    },
  ))

  audit = provider::canopsis::audit_rules(local.gcp, file("${path.module}/rules.json"), {
    directions = ["ingress"]
    groups     = var.further_tags
  })
}

# A warning at every plan while anything is missing or open beyond the matrix: in
# a plan that runs every night, with the text made anew before it, an alarm.
check "firewall" {
  assert {
    condition     = local.audit.ok
    error_message = local.audit.summary
  }
}
