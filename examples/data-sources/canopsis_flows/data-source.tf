terraform {
  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

# MongoDB as a replica set, and the other databases together on one host.
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected, and what it forgets added

  options         = ["redis_sentinel"] # where the page says "or"
  placement       = { postgresql = "data", redis = "data", redis_sentinel = "data" }
  clusters        = ["mongodb"]                   # several machines, which reach each other
  component_ports = { nginx = ["tcp/443"] }       # what this installation changed
  exclude         = ["ldap", "snmp_trap_sources"] # what it does not have

  additional_flows = {
    node_exporter = {
      source      = "monitoring" # a name that the page lacks is a new endpoint
      destination = "data"
      ports       = ["tcp/9100"]
      purpose     = "administration"
      description = "Metrics of the machine"
    }
  }
}

# One security group, network tag or machine each: canopsis, data, mongodb.
output "hosts" {
  value = data.canopsis_flows.this.hosts
}

# What feeds a for_each, or one of the functions.
output "rules" {
  value = data.canopsis_flows.this.rules
}

# Who must know which errors of the page are corrected here.
output "errata" {
  value = { for id, erratum in data.canopsis_flows.this.errata : id => erratum.reason if erratum.applied }
}
