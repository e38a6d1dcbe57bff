# Two installations that differ, by one module block.

mock_provider "azurerm" {}

variables {
  environments = {
    north = {
      resource_group = "north"
      placement      = {}
      addresses = {
        users                = ["10.20.0.0/16"]
        amqp_event_sources   = ["10.30.1.0/24"]
        api_event_sources    = ["10.30.1.0/24"]
        snmp_trap_sources    = []
        ldap                 = ["10.1.0.10/32"]
        package_repositories = ["10.2.0.8/32"]
      }
      referred = { administrators = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/bastion" }
      attached = { redis = { name = "caches", resource_group_name = "shared" } }
    }
    south = {
      resource_group = "south"
      placement      = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
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
      attached = {}
    }
  }
}

run "two_environments" {
  command = plan

  module {
    source = "./tests/environments"
  }

  assert {
    condition     = jsonencode(output.groups_made) == jsonencode({ north = ["canopsis", "mongodb", "postgresql"], south = ["canopsis"] })
    error_message = jsonencode(output.groups_made)
  }

  assert {
    condition     = toset([for key in output.rules.south : key if !startswith(key, "deny-all")]) == toset(["administrators-to-canopsis/tcp", "canopsis-to-package_repositories/tcp", "users-to-canopsis/tcp"])
    error_message = jsonencode(output.rules.south)
  }

  assert {
    condition     = contains(output.rules.north, "administrators-to-redis/tcp-group") && contains(output.rules.north, "canopsis-to-redis/tcp-group")
    error_message = jsonencode(output.rules.north)
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
    condition     = length(output.rules) == 0
    error_message = jsonencode(output.rules)
  }
}
