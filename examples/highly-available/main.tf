# Every part survives the loss of a machine: two application nodes behind a pair of
# load balancers, three MongoDB, three RabbitMQ, three Redis with their Sentinels,
# and PostgreSQL under Patroni with etcd. HAProxy leads to RabbitMQ and to
# PostgreSQL's primary too, each on a port of its own.

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
  canopsis_version = "24.10"
  corrections      = "apply"

  options = ["packages", "redis_sentinel"]

  # Each of these is several machines alike: one security group, network tag or the
  # like for all of them. Those of a relay speak VRRP to each other (Keepalived).
  clusters = ["canopsis", "haproxy", "mongodb", "postgresql", "rabbitmq", "redis"]

  placement = {
    redis_sentinel = "redis"
    etcd           = "postgresql"
  }

  # Who reaches one of the three reaches that port alone.
  relays = {
    haproxy = {
      listeners = {
        nginx      = ["tcp/443"]
        rabbitmq   = ["tcp/5672"]
        postgresql = ["tcp/5432"]
      }
    }
  }

  interconnections = [
    "nfs",          # files that both application nodes share
    "patroni_etcd", # where Patroni keeps who is primary
  ]

  additional_flows = {
    patroni_check = {
      source      = "haproxy"
      destination = "postgresql"
      ports       = ["tcp/8008"]
      description = "HAProxy asks Patroni who is primary"
    }
  }

  exclude = ["ldap"] # users come from elsewhere
}

# What a firewall in front of each host has to hold, in and out.
output "rules_per_host" {
  description = "Number of rules of each host."
  value = {
    for host, _ in data.canopsis_flows.this.hosts : host => {
      ingress = length([for rule in data.canopsis_flows.this.rules : rule if rule.destination == host])
      egress  = length([for rule in data.canopsis_flows.this.rules : rule if rule.source == host])
    }
  }
}

# The picture in README.md.
output "diagram" {
  description = "The flows as a Mermaid diagram."
  value       = provider::canopsis::mermaid_diagram(data.canopsis_flows.this)
}
