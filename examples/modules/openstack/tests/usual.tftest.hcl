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

run "hosts_are_not_bound_twice" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongodb = { cidrs = ["10.1.0.0/24"] } }
  }

  expect_failures = [output.security_group_ids]
}

run "a_quota_is_told_before_OpenStack_refuses" {
  command = plan

  variables {
    rules_per_project = 2
  }

  expect_failures = [check.rules_per_project]
}
