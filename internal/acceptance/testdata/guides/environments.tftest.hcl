# What no account of the test's has.
mock_provider "aws" {}

mock_provider "aws" {
  alias = "network"

  mock_data "aws_security_group" {
    defaults = { id = "sg-0aaaaaaaaaaaaaaa0" }
  }
  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-0123456789abcdef0", max_entries = 20, entries = [{ cidr = "10.20.0.0/16", description = "Offices" }] }
  }
}

override_data {
  target = data.terraform_remote_state.network
  values = { outputs = { ldap_cidrs = ["10.9.1.0/28"], mirror_cidrs = ["10.9.2.0/28"] } }
}

run "environments_and_regions" {
  command = plan

  assert {
    condition = alltrue([
      for key in [
        "production/users-to-canopsis/tcp-8443", "staging/users-to-canopsis/tcp-8443",
        "production/administrators-to-mongodb/tcp-22", "staging/canopsis-to-redis/tcp-6379",
        "production/10.30.2.0/24-to-canopsis/udp-162",
      ] : contains(keys(aws_vpc_security_group_ingress_rule.this), key)
    ])
    error_message = "The environments have ${join(", ", keys(aws_vpc_security_group_ingress_rule.this))}."
  }

  assert {
    condition     = !contains(keys(aws_vpc_security_group_ingress_rule.this), "staging/10.30.2.0/24-to-canopsis/udp-162") && length(local.aws.staging.unenforced) == 1
    error_message = "Staging has traps: ${jsonencode(local.aws.staging.unenforced)}."
  }

  assert {
    condition = alltrue([
      for key in ["mongodb-to-mongodb/tcp-27017", "10.1.2.0/28-to-mongodb/tcp-27017", "10.1.1.0/28-to-mongodb/tcp-27017"] : contains(keys(local.replicated.paris.ingress), key)
    ])
    error_message = "Paris has ${join(", ", keys(local.replicated.paris.ingress))}."
  }

  assert {
    condition     = local.replicated.dublin.ingress["10.0.2.0/28-to-mongodb/tcp-27017"].security_group_id == "sg-0123456789abcdef5"
    error_message = "Dublin has ${join(", ", keys(local.replicated.dublin.ingress))}."
  }

  assert {
    condition     = jsonencode(local.audit_settings.prefix_lists) == "{\"pl-0123456789abcdef0\":[\"10.20.0.0/16\"]}"
    error_message = "The audit gets ${jsonencode(local.audit_settings)}."
  }
}
