# Two installations that differ, by one module block.

variables {
  environments = {
    north = {
      address = "192.0.2.10"
      addresses = {
        administrators       = ["10.20.0.8/29"]
        users                = ["10.20.0.0/16"]
        amqp_event_sources   = ["10.30.1.0/24"]
        api_event_sources    = ["10.30.1.0/24"]
        snmp_trap_sources    = []
        ldap                 = ["10.1.0.10/32"]
        package_repositories = ["10.2.0.8/32"]
      }
    }
    south = {
      address = "192.0.2.20"
      addresses = {
        users                = ["10.21.0.0/16"]
        administrators       = ["10.21.0.8/29"]
        amqp_event_sources   = []
        api_event_sources    = []
        snmp_trap_sources    = []
        ldap                 = []
        package_repositories = ["10.2.0.8/32"]
      }
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
      strcontains(output.rulesets.north, "10.20.0.8/29") && !strcontains(output.rulesets.north, "10.21.0.8/29")
      && strcontains(output.rulesets.south, "10.21.0.8/29") && !strcontains(output.rulesets.south, "10.20.0.8/29")
    )
    error_message = jsonencode(output.rulesets)
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
    condition     = length(output.rulesets) == 0
    error_message = jsonencode(output.rulesets)
  }
}
