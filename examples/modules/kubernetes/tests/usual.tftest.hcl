# Planned with a provider that talks to nobody: what matters is which policies there
# are, and that none of their rules lacks a peer.

mock_provider "kubernetes" {}

variables {
  rules = {
    "users-to-canopsis-nginx/tcp-8443" = {
      flow    = "users-to-canopsis-nginx", source = "users", destination = "canopsis", component = "nginx"
      purpose = "user_access", protocol = "tcp", from_port = 8443, to_port = 8443
    }
    "canopsis-to-mongodb/tcp-27017" = {
      flow    = "canopsis-to-mongodb", source = "canopsis", destination = "mongodb", component = "mongodb"
      purpose = "internal", protocol = "tcp", from_port = 27017, to_port = 27020
    }
  }
  bindings = {
    canopsis = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
    mongodb  = { namespace = "databases", pod_labels = { app = "mongodb" } }
    users    = { cidrs = ["10.20.0.0/16"] }
  }
  deny_other_egress = true
}

run "one_policy_for_a_host_and_a_direction" {
  command = plan

  expect_failures = [check.names] # nobody names a name server

  assert {
    condition     = join(", ", keys(kubernetes_network_policy_v1.this)) == "egress canopsis, egress mongodb, ingress canopsis, ingress mongodb"
    error_message = join(", ", keys(kubernetes_network_policy_v1.this))
  }

  assert {
    condition = alltrue([
      kubernetes_network_policy_v1.this["ingress canopsis"].spec[0].ingress[0].from[0].ip_block[0].cidr == "10.20.0.0/16",
      kubernetes_network_policy_v1.this["ingress canopsis"].spec[0].ingress[0].ports[0].port == "8443",
      kubernetes_network_policy_v1.this["ingress mongodb"].spec[0].ingress[0].from[0].namespace_selector[0].match_labels["kubernetes.io/metadata.name"] == "canopsis",
      kubernetes_network_policy_v1.this["ingress mongodb"].spec[0].ingress[0].from[0].pod_selector[0].match_labels.app == "canopsis",
      kubernetes_network_policy_v1.this["egress canopsis"].spec[0].egress[0].ports[0].end_port == 27020,
      length(kubernetes_network_policy_v1.this["egress mongodb"].spec[0].egress) == 0,
    ])
    error_message = jsonencode({ for key, policy in kubernetes_network_policy_v1.this : key => policy.spec })
  }
}

run "a_host_that_nobody_reaches_is_closed" {
  command = plan

  variables {
    bindings = {
      canopsis = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
      mongodb  = { namespace = "databases", pod_labels = { app = "mongodb" } }
      users    = { cidrs = [] }
    }
    deny_other_egress = false
  }

  assert {
    condition     = length(kubernetes_network_policy_v1.this["ingress canopsis"].spec[0].ingress) == 0
    error_message = jsonencode(kubernetes_network_policy_v1.this["ingress canopsis"].spec)
  }

  assert {
    condition     = join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443" && length(kubernetes_network_policy_v1.this) == 2
    error_message = "unenforced: ${jsonencode(output.unenforced)}"
  }
}

run "what_the_network_takes_is_told" {
  command = plan

  variables {
    entries_per_pod = 1
    bindings = {
      canopsis = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
      mongodb  = { namespace = "databases", pod_labels = { app = "mongodb" } }
      users    = { cidrs = ["10.20.0.0/16", "10.30.0.0/16"] }
    }
    deny_other_egress = false
  }

  expect_failures = [check.entries_per_pod]
}

run "pods_that_are_referred_to_are_not_selected" {
  command = plan

  variables {
    bindings = {
      canopsis = { peer_namespace = "cluster", peer_pod_labels = { app = "canopsis" } }
      mongodb  = { namespace = "databases", pod_labels = { app = "mongodb" } }
      users    = { cidrs = ["10.20.0.0/16"] }
    }
    deny_other_egress = false
  }

  assert {
    condition     = join(" ", keys(kubernetes_network_policy_v1.this)) == "ingress mongodb" && join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
    error_message = jsonencode(output.result)
  }
}

run "policies_of_several_installations_have_names_of_their_own" {
  command = plan

  variables {
    name_prefix       = "north"
    deny_other_egress = false
  }

  assert {
    condition     = jsonencode(output.policies) == jsonencode({ "ingress canopsis" = "north-canopsis-ingress", "ingress mongodb" = "north-mongodb-ingress" })
    error_message = jsonencode(output.policies)
  }
}

run "a_missing_binding_is_an_error" {
  command = plan

  variables {
    bindings = { canopsis = { namespace = "canopsis", pod_labels = { app = "canopsis" } }, users = { cidrs = ["10.20.0.0/16"] } }
  }

  expect_failures = [var.bindings]
}

run "a_null_binding_is_a_missing_one" {
  command = plan

  variables {
    bindings = {
      canopsis = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
      mongodb  = null
      users    = { cidrs = ["10.20.0.0/16"] }
    }
  }

  expect_failures = [var.bindings]
}

run "of_nothing_nothing_is_made" {
  command = plan

  variables {
    rules    = {}
    bindings = {}
  }

  assert {
    condition     = length(kubernetes_network_policy_v1.this) == 0
    error_message = jsonencode(output.counts)
  }
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    deny_other_egress = false
    entries_per_pod   = null
    labels            = null
    name_prefix       = null
  }

  assert {
    condition     = kubernetes_network_policy_v1.this["ingress canopsis"].metadata[0].name == "canopsis-canopsis-ingress"
    error_message = kubernetes_network_policy_v1.this["ingress canopsis"].metadata[0].name
  }
}

run "a_null_opens_no_egress" {
  command = plan

  variables {
    deny_other_egress = null
  }

  expect_failures = [var.deny_other_egress]
}
