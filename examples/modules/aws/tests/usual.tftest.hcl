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

run "a_hosts_own_group_gets_its_rules" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { security_group_id = "sg-0123456789abcdef0" } }
  }

  assert {
    condition     = join(" ", keys(aws_security_group.this)) == "mongodb" && output.security_group_ids.canopsis == "sg-0123456789abcdef0"
    error_message = "groups: ${join(", ", keys(aws_security_group.this))}"
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.this["10.20.0.0/16-to-canopsis/tcp-8443"].security_group_id == "sg-0123456789abcdef0"
      && aws_vpc_security_group_ingress_rule.this["canopsis-to-mongodb/tcp-27017"].referenced_security_group_id == "sg-0123456789abcdef0"
      && aws_vpc_security_group_egress_rule.this["canopsis-to-mongodb/tcp-27017"].security_group_id == "sg-0123456789abcdef0"
    )
    error_message = jsonencode(output.result)
  }
}

run "a_host_that_is_referred_to_gets_nothing" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { referenced_security_group_id = "sg-0123456789abcdef0" } }
  }

  assert {
    condition     = join(" ", keys(aws_security_group.this)) == "mongodb" && join(" ", keys(output.security_group_ids)) == "mongodb"
    error_message = "groups: ${join(", ", keys(output.security_group_ids))}"
  }

  assert {
    condition = (
      join(" ", keys(aws_vpc_security_group_ingress_rule.this)) == "canopsis-to-mongodb/tcp-27017"
      && length(aws_vpc_security_group_egress_rule.this) == 0
      && join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
    )
    error_message = jsonencode(output.result)
  }
}

run "a_null_binding_is_as_if_it_were_left_out" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongodb = null }
  }

  assert {
    condition     = join(" ", keys(aws_security_group.this)) == "canopsis mongodb"
    error_message = "groups: ${join(", ", keys(aws_security_group.this))}"
  }
}

run "rules_are_attached_to_nothing_but_hosts" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongdb = { security_group_id = "sg-0123456789abcdef0" } }
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
    condition     = length(aws_security_group.this) + length(aws_vpc_security_group_ingress_rule.this) + length(aws_vpc_security_group_egress_rule.this) == 0
    error_message = jsonencode(output.counts)
  }
}

run "a_vpc_is_no_name" {
  command = plan

  variables {
    vpc_id = "main"
  }

  expect_failures = [var.vpc_id]
}

run "a_quota_is_told_before_AWS_refuses" {
  command = plan

  variables {
    rules_per_security_group = 1
    bindings                 = { users = { cidrs = ["10.20.0.0/16", "10.21.0.0/16"] } }
  }

  expect_failures = [check.rules_per_security_group]
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    name_prefix              = null
    rules_per_security_group = null
    tags                     = null
  }

  assert {
    condition     = aws_security_group.this["canopsis"].name_prefix == "canopsis-canopsis-"
    error_message = aws_security_group.this["canopsis"].name_prefix
  }
}
