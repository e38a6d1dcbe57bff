# Planned with a provider that talks to nobody: what matters is which rules there
# are, and that their names are known before any group is.

mock_provider "openstack" {}

variables {
  hosts = { canopsis = ["nginx"], mongodb = ["mongodb"] }
  rules = {
    "users-to-canopsis-nginx/tcp-8443" = {
      flow    = "users-to-canopsis-nginx", source = "users", destination = "canopsis", component = "nginx"
      purpose = "user_access", protocol = "tcp", from_port = 8443, to_port = 8443
    }
    "canopsis-to-mongodb/tcp-27017" = {
      flow    = "canopsis-to-mongodb", source = "canopsis", destination = "mongodb", component = "mongodb"
      purpose = "internal", protocol = "tcp", from_port = 27017, to_port = 27017
    }
  }
  bindings = { users = { cidrs = ["10.20.0.0/16"] } }
}

run "rules_are_named_by_what_they_say" {
  command = plan

  assert {
    condition = toset(keys(openstack_networking_secgroup_rule_v2.this)) == toset([
      "egress canopsis-to-mongodb/tcp-27017",
      "ingress 10.20.0.0/16-to-canopsis/tcp-8443",
      "ingress canopsis-to-mongodb/tcp-27017",
    ])
    error_message = join(", ", keys(openstack_networking_secgroup_rule_v2.this))
  }
}

run "an_endpoint_without_addresses_is_told" {
  command = plan

  variables {
    bindings = { users = { cidrs = [] } }
  }

  assert {
    condition     = join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
    error_message = "unenforced: ${jsonencode(output.unenforced)}"
  }
}

run "a_hosts_own_group_gets_its_rules" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { security_group_id = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10" } }
  }

  assert {
    condition     = join(" ", keys(openstack_networking_secgroup_v2.this)) == "mongodb" && output.security_group_ids.canopsis == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
    error_message = "groups: ${join(", ", keys(openstack_networking_secgroup_v2.this))}"
  }

  # Two groups that swap are one group in place of another for each rule: the barrier knows.
  assert {
    condition = (
      terraform_data.bound["egress canopsis-to-mongodb/tcp-27017"].triggers_replace[3] == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
      && terraform_data.bound["ingress canopsis-to-mongodb/tcp-27017"].triggers_replace[1] == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
    )
    error_message = "The barrier misses groups that are there."
  }

  # The group that is made is of IPv4, and so are the rules between the two.
  assert {
    condition = toset(keys(openstack_networking_secgroup_rule_v2.this)) == toset([
      "egress canopsis-to-mongodb/tcp-27017",
      "ingress 10.20.0.0/16-to-canopsis/tcp-8443",
      "ingress canopsis-to-mongodb/tcp-27017",
    ])
    error_message = join(", ", keys(openstack_networking_secgroup_rule_v2.this))
  }

  assert {
    condition = (
      openstack_networking_secgroup_rule_v2.this["ingress 10.20.0.0/16-to-canopsis/tcp-8443"].security_group_id == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
      && openstack_networking_secgroup_rule_v2.this["ingress canopsis-to-mongodb/tcp-27017"].remote_group_id == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
      && openstack_networking_secgroup_rule_v2.this["egress canopsis-to-mongodb/tcp-27017"].security_group_id == "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10"
    )
    error_message = jsonencode(output.result)
  }
}

run "a_host_that_is_referred_to_gets_nothing" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { remote_group_id = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10" } }
  }

  assert {
    condition = (
      join(" ", keys(output.security_group_ids)) == "mongodb"
      && join(" ", keys(openstack_networking_secgroup_rule_v2.this)) == "ingress canopsis-to-mongodb/tcp-27017"
      && join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
    )
    error_message = jsonencode(output.result)
  }
}

run "what_needs_no_egress_of_its_own_has_none" {
  command = plan

  variables {
    bindings          = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { security_group_id = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10" } }
    deny_other_egress = true
  }

  expect_failures = [check.names_and_time] # nobody names a name server

  assert {
    condition     = join(" ", keys(openstack_networking_secgroup_rule_v2.this)) == "egress canopsis-to-mongodb/tcp-27017 egress mongodb-to-169.254.169.254/32/tcp-80 ingress 10.20.0.0/16-to-canopsis/tcp-8443 ingress canopsis-to-mongodb/tcp-27017"
    error_message = join(", ", keys(openstack_networking_secgroup_rule_v2.this))
  }
}

run "a_null_binding_is_as_if_it_were_left_out" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongodb = null }
  }

  assert {
    condition     = join(" ", keys(openstack_networking_secgroup_v2.this)) == "canopsis mongodb"
    error_message = "groups: ${join(", ", keys(openstack_networking_secgroup_v2.this))}"
  }
}

run "rules_are_attached_to_nothing_but_hosts" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongdb = { security_group_id = "7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10" } }
  }

  expect_failures = [var.bindings]
}

run "a_missing_binding_is_an_error" {
  command = plan

  variables {
    bindings = { user = { cidrs = ["10.20.0.0/16"] } }
  }

  expect_failures = [var.bindings]
}

run "a_null_binding_is_a_missing_one" {
  command = plan

  variables {
    bindings = { users = null }
  }

  expect_failures = [var.bindings]
}

run "of_nothing_nothing_is_made" {
  command = plan

  variables {
    hosts    = {}
    rules    = {}
    bindings = {}
  }

  assert {
    condition     = length(openstack_networking_secgroup_v2.this) + length(openstack_networking_secgroup_rule_v2.this) == 0
    error_message = jsonencode(output.counts)
  }
}

run "a_quota_is_told_before_OpenStack_refuses" {
  command = plan

  variables {
    rules_per_project = 2
  }

  expect_failures = [check.rules_per_project]
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    ethertypes        = null
    name_prefix       = null
    rules_per_project = null
  }

  assert {
    condition     = openstack_networking_secgroup_v2.this["canopsis"].name == "canopsis-canopsis"
    error_message = openstack_networking_secgroup_v2.this["canopsis"].name
  }
}

run "a_null_opens_no_egress" {
  command = plan

  variables {
    deny_other_egress = null
  }

  expect_failures = [var.deny_other_egress]
}
