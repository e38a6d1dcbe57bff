# Two installations that differ, by one module block.

mock_provider "openstack" {}

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
      referred = { administrators = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10" }
      attached = { redis = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e11" }
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
    condition = (
      join(" ", keys(output.security_group_ids.north)) == "canopsis mongodb postgresql redis"
      && join(" ", keys(output.security_group_ids.south)) == "canopsis"
      && output.security_group_ids.north.redis == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e11"
    )
    error_message = jsonencode(output.rules)
  }

  assert {
    condition = toset(output.rules.south) == toset([
      "10.21.0.0/16-to-canopsis/tcp-8080",
      "10.21.0.0/16-to-canopsis/tcp-8443",
      "10.21.0.8/29-to-canopsis/tcp-15672",
      "10.21.0.8/29-to-canopsis/tcp-22",
      "canopsis-to-10.2.0.8/32/tcp-443",
    ])
    error_message = jsonencode(output.rules.south)
  }

  assert {
    condition     = contains(output.rules.north, "administrators-to-redis/tcp-22") && contains(output.rules.north, "canopsis-to-redis/tcp-6379")
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
