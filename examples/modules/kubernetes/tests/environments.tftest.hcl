# Two installations that differ, by one module block.

mock_provider "kubernetes" {}

variables {
  environments = {
    north = {
      placement = {}
      addresses = {
        users                = ["10.20.0.0/16"]
        amqp_event_sources   = ["10.30.1.0/24"]
        api_event_sources    = ["10.30.1.0/24"]
        snmp_trap_sources    = []
        ldap                 = ["10.1.0.10/32"]
        package_repositories = ["10.2.0.8/32"]
      }
      referred = { administrators = { peer_namespace = "bastion" } }
      selected = {
        canopsis   = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
        mongodb    = { namespace = "databases", pod_labels = { app = "mongodb" } }
        postgresql = { namespace = "databases", pod_labels = { app = "postgresql" } }
        redis      = { namespace = "databases", pod_labels = { app = "redis" } }
      }
    }
    south = {
      placement = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
      addresses = {
        users                = ["10.21.0.0/16"]
        administrators       = ["10.21.0.8/29"]
        amqp_event_sources   = []
        api_event_sources    = []
        snmp_trap_sources    = []
        ldap                 = []
        package_repositories = ["10.2.0.8/32"]
      }
      referred = {}
      selected = { canopsis = { namespace = "canopsis-south", pod_labels = { app = "canopsis" } } }
    }
  }
}

run "two_environments" {
  command = plan

  module {
    source = "./tests/environments"
  }

  assert {
    condition = jsonencode(output.policies) == jsonencode({
      north = {
        "ingress canopsis"   = "canopsis-north-canopsis-ingress"
        "ingress mongodb"    = "canopsis-north-mongodb-ingress"
        "ingress postgresql" = "canopsis-north-postgresql-ingress"
        "ingress redis"      = "canopsis-north-redis-ingress"
      }
      south = { "ingress canopsis" = "canopsis-south-canopsis-ingress" }
    })
    error_message = jsonencode(output.policies)
  }
}

run "no_environment" {
  command = plan

  module {
    source = "./tests/environments"
  }

  variables {
    environments = {}
  }

  assert {
    condition     = length(output.policies) == 0
    error_message = jsonencode(output.policies)
  }
}
