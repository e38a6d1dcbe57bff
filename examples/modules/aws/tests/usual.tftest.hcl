# Planned with a provider that talks to nobody: what matters is which rules there
# are, and that their names are known before any group is.

mock_provider "aws" {}

variables {
  vpc_id = "vpc-0123456789abcdef0"
  hosts  = { canopsis = ["nginx"], mongodb = ["mongodb"] }
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
    condition     = toset(keys(aws_vpc_security_group_ingress_rule.this)) == toset(["10.20.0.0/16-to-canopsis/tcp-8443", "canopsis-to-mongodb/tcp-27017"])
    error_message = "ingress: ${join(", ", keys(aws_vpc_security_group_ingress_rule.this))}"
  }

  assert {
    condition     = join(" ", keys(aws_vpc_security_group_egress_rule.this)) == "canopsis-to-mongodb/tcp-27017"
    error_message = "egress: ${join(", ", keys(aws_vpc_security_group_egress_rule.this))}"
  }

  assert {
    condition     = jsonencode(output.counts) == jsonencode({ canopsis = { ingress = 1, egress = 1 }, mongodb = { ingress = 1, egress = 0 } })
    error_message = "counts: ${jsonencode(output.counts)}"
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

run "a_quota_is_told_before_AWS_refuses" {
  command = plan

  variables {
    rules_per_security_group = 1
    bindings                 = { users = { cidrs = ["10.20.0.0/16", "10.21.0.0/16"] } }
  }

  expect_failures = [check.rules_per_security_group]
}
