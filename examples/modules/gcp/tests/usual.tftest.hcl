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

run "a_hosts_own_tags_get_its_rules" {
  command = plan

  variables {
    bindings          = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { network_tags = ["cluster", "nodes"] }, mongodb = null }
    host_cidrs        = { mongodb = ["10.40.2.0/24"] }
    deny_other_egress = true
  }

  assert {
    condition     = jsonencode(output.network_tags) == jsonencode({ canopsis = ["cluster", "nodes"], mongodb = ["canopsis-mongodb"] })
    error_message = jsonencode(output.network_tags)
  }

  assert {
    condition = (
      google_compute_firewall.this["ingress users-to-canopsis/tcp"].target_tags == toset(["cluster", "nodes"])
      && google_compute_firewall.this["ingress canopsis-to-mongodb/tcp"].source_tags == toset(["cluster", "nodes"])
      && google_compute_firewall.deny_egress["ipv6"].target_tags == toset(["canopsis-mongodb", "cluster", "nodes"])
      && google_compute_firewall.deny_egress["ipv6"].target_service_accounts == null
    )
    error_message = jsonencode(output.result)
  }
}

run "hosts_may_all_have_service_accounts" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { service_accounts = ["canopsis@example.iam.gserviceaccount.com"] }
      mongodb  = { service_accounts = ["mongodb@example.iam.gserviceaccount.com"], cidrs = ["10.40.2.0/24"] }
    }
    deny_other_egress = true
  }

  assert {
    condition = (
      length(output.network_tags) == 0
      && google_compute_firewall.this["ingress users-to-canopsis/tcp"].target_service_accounts == toset(["canopsis@example.iam.gserviceaccount.com"])
      && google_compute_firewall.deny_egress["ipv4"].target_service_accounts == toset(["canopsis@example.iam.gserviceaccount.com", "mongodb@example.iam.gserviceaccount.com"])
      && google_compute_firewall.deny_egress["ipv4"].target_tags == null
    )
    error_message = jsonencode(output.result)
  }
}

run "a_host_that_is_referred_to_gets_nothing" {
  command = plan

  variables {
    bindings          = { users = { cidrs = ["10.20.0.0/16"] }, canopsis = { source_tags = ["cluster"] } }
    deny_other_egress = true
  }

  assert {
    condition = (
      join(" ", keys(google_compute_firewall.this)) == "ingress canopsis-to-mongodb/tcp"
      && join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
      && google_compute_firewall.deny_egress["ipv4"].target_tags == toset(["canopsis-mongodb"])
    )
    error_message = jsonencode(output.result)
  }
}

run "rules_are_attached_to_nothing_but_hosts" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongdb = { network_tags = ["cluster"] } }
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
    hosts             = {}
    rules             = {}
    bindings          = {}
    deny_other_egress = true # a rule without targets would deny everything in the network
  }

  assert {
    condition     = length(google_compute_firewall.this) + length(google_compute_firewall.deny_egress) == 0
    error_message = jsonencode(output.counts)
  }
}

run "names_begin_with_the_prefix" {
  command = plan

  variables {
    name_prefix = "north"
    host_cidrs  = { mongodb = ["10.40.2.0/24"] }
  }

  assert {
    condition     = alltrue([for rule in google_compute_firewall.this : startswith(rule.name, "north-")])
    error_message = join(", ", [for rule in google_compute_firewall.this : rule.name])
  }
}

run "what_is_denied_though_it_is_needed_is_told" {
  command = plan

  variables {
    deny_other_egress = true
  }

  expect_failures = [check.egress_has_ranges]
}

run "both_address_families_are_denied" {
  command = plan

  variables {
    host_cidrs        = { mongodb = ["10.40.2.0/24"] }
    deny_other_egress = true
  }

  assert {
    condition = jsonencode({ for key, rule in google_compute_firewall.deny_egress : rule.name => rule.destination_ranges }) == jsonencode({
      canopsis-deny-egress-ipv4 = ["0.0.0.0/0"]
      canopsis-deny-egress-ipv6 = ["::/0"]
    })
    error_message = join(", ", [for rule in google_compute_firewall.deny_egress : rule.name])
  }

  assert {
    condition     = alltrue([for rule in google_compute_firewall.deny_egress : rule.direction == "EGRESS" && rule.target_tags == toset(["canopsis-canopsis", "canopsis-mongodb"])])
    error_message = jsonencode([for rule in google_compute_firewall.deny_egress : rule.target_tags])
  }
}

run "nothing_is_denied_unasked" {
  command = plan

  assert {
    condition     = length(google_compute_firewall.deny_egress) == 0
    error_message = join(", ", keys(google_compute_firewall.deny_egress))
  }
}

run "hosts_bear_tags_with_the_prefix" {
  command = plan

  variables {
    tag_prefix = "north"
  }

  assert {
    condition     = jsonencode(output.network_tags) == jsonencode({ canopsis = ["north-canopsis"], mongodb = ["north-mongodb"] })
    error_message = jsonencode(output.network_tags)
  }
}

run "peers_are_known_by_tags" {
  command = plan

  variables {
    bindings = { users = { source_tags = ["office"] } }
  }

  assert {
    condition     = google_compute_firewall.this["ingress users-to-canopsis/tcp"].source_tags == toset(["office"])
    error_message = jsonencode(google_compute_firewall.this["ingress users-to-canopsis/tcp"].source_tags)
  }
}

run "host_cidrs_name_hosts" {
  command = plan

  variables {
    host_cidrs = { mongo = ["10.40.2.0/24"] }
  }

  expect_failures = [var.host_cidrs]
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    host_cidrs  = null
    name_prefix = null
    tag_prefix  = null
  }

  assert {
    condition     = join(" ", output.network_tags["canopsis"]) == "canopsis-canopsis"
    error_message = jsonencode(output.network_tags)
  }
}

run "a_null_opens_no_egress" {
  command = plan

  variables {
    deny_other_egress = null
  }

  expect_failures = [var.deny_other_egress]
}
