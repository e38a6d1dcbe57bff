# Planned with a provider that talks to nobody: what matters is which rules there
# are, and that their names are known before any group is.

mock_provider "google" {}

variables {
  network = "default"
  hosts   = { canopsis = ["nginx"], mongodb = ["mongodb"] }
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
    condition     = toset(keys(google_compute_firewall.this)) == toset(["ingress canopsis-to-mongodb/tcp", "ingress users-to-canopsis/tcp"])
    error_message = join(", ", keys(google_compute_firewall.this))
  }

  assert {
    condition     = join(" ", keys(output.unenforced)) == "canopsis-to-mongodb/tcp-27017"
    error_message = "unenforced: ${jsonencode(output.unenforced)}"
  }
}

run "egress_needs_ranges" {
  command = plan

  variables {
    host_cidrs = { mongodb = ["10.40.2.0/24"] }
  }

  assert {
    condition     = contains(keys(google_compute_firewall.this), "egress canopsis-to-mongodb/tcp") && length(output.unenforced) == 0
    error_message = join(", ", keys(google_compute_firewall.this))
  }
}

run "hosts_are_not_bound_twice" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongodb = { cidrs = ["10.1.0.0/24"] } }
  }

  expect_failures = [output.network_tags]
}
