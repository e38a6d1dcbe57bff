# Planned with a provider that talks to nobody: what matters is which rules there
# are, and that their names are known before any group is.

mock_provider "azurerm" {}

variables {
  location            = "francecentral"
  resource_group_name = "canopsis"
  hosts               = { canopsis = ["nginx"], mongodb = ["mongodb"] }
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
    condition = toset(keys(azurerm_network_security_rule.this)) == toset([
      "egress canopsis-to-mongodb/tcp-group",
      "ingress canopsis-to-mongodb/tcp-group",
      "ingress deny-all-to-canopsis/canopsis-canopsis",
      "ingress deny-all-to-canopsis/canopsis-mongodb",
      "ingress users-to-canopsis/tcp",
    ])
    error_message = join(", ", keys(azurerm_network_security_rule.this))
  }
}

run "the_rest_of_the_network_is_denied" {
  command = plan

  assert {
    condition = alltrue([for key, rule in azurerm_network_security_rule.this : rule.access == "Deny" && rule.priority == 4096 && rule.direction == "Inbound" && rule.source_address_prefix == "*" && rule.protocol == "*"
    if startswith(key, "ingress deny-all")])
    error_message = jsonencode([for key, rule in azurerm_network_security_rule.this : [key, rule.access, rule.priority] if startswith(key, "ingress deny-all")])
  }
}

run "egress_is_closed_where_it_is_asked_for" {
  command = plan

  variables {
    deny_other_egress = true
  }

  assert {
    condition = toset([for key, rule in azurerm_network_security_rule.this : "${rule.network_security_group_name} ${rule.priority}" if rule.direction == "Outbound" && rule.access == "Deny"]) == toset([
      "canopsis-canopsis 4096", "canopsis-mongodb 4096",
    ])
    error_message = join(", ", keys(azurerm_network_security_rule.this))
  }
}

run "probes_come_in_where_they_are_asked_for" {
  command = plan

  variables {
    load_balancer_probes = true
  }

  assert {
    condition     = length([for rule in azurerm_network_security_rule.this : rule if rule.source_address_prefix == "AzureLoadBalancer" && rule.access == "Allow"]) == 2
    error_message = join(", ", keys(azurerm_network_security_rule.this))
  }
}

run "a_priority_is_kept" {
  command = plan

  variables {
    priorities = { "users-to-canopsis/tcp" = 200 }
  }

  assert {
    condition     = azurerm_network_security_rule.this["ingress users-to-canopsis/tcp"].priority == 200
    error_message = azurerm_network_security_rule.this["ingress users-to-canopsis/tcp"].priority
  }
}

run "hosts_take_groups_that_are_there" {
  command = plan

  variables {
    network_security_groups = {
      canopsis = { name = "servers", resource_group_name = "shared" }
      mongodb  = { name = "servers", resource_group_name = "shared" }
    }
    application_security_group_ids = {
      mongodb = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/mongodb"
    }
  }

  assert {
    condition     = length(azurerm_network_security_group.this) == 0 && join(" ", keys(azurerm_application_security_group.this)) == "canopsis"
    error_message = "made: ${join(", ", concat(keys(azurerm_network_security_group.this), keys(azurerm_application_security_group.this)))}"
  }

  assert {
    condition     = alltrue([for rule in azurerm_network_security_rule.this : rule.network_security_group_name == "servers" && rule.resource_group_name == "shared"])
    error_message = jsonencode([for key, rule in azurerm_network_security_rule.this : [key, rule.network_security_group_name]])
  }

  assert {
    condition     = length([for rule in azurerm_network_security_rule.this : rule if rule.access == "Deny"]) == 1
    error_message = join(", ", keys(azurerm_network_security_rule.this))
  }

  assert {
    condition     = output.application_security_group_ids.mongodb == var.application_security_group_ids.mongodb
    error_message = jsonencode(output.application_security_group_ids)
  }
}

run "groups_are_given_to_hosts" {
  command = plan

  variables {
    network_security_groups = { mongo = { name = "servers", resource_group_name = "shared" } }
  }

  expect_failures = [var.network_security_groups]
}

run "application_groups_are_given_to_hosts" {
  command = plan

  variables {
    application_security_group_ids = { mongo = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/mongodb" }
  }

  expect_failures = [var.application_security_group_ids]
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

run "a_hosts_own_groups_get_its_rules" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { network_security_group_name = "servers", resource_group_name = "shared", application_security_group_id = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/cluster" }
    }
  }

  assert {
    condition = (
      join(" ", keys(azurerm_network_security_group.this)) == "mongodb"
      && join(" ", keys(azurerm_application_security_group.this)) == "mongodb"
      && azurerm_network_security_rule.this["ingress users-to-canopsis/tcp"].network_security_group_name == "servers"
      && azurerm_network_security_rule.this["ingress canopsis-to-mongodb/tcp-group"].source_application_security_group_ids == toset(["/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/cluster"])
    )
    error_message = jsonencode(output.result)
  }
}

run "a_host_that_is_referred_to_gets_nothing" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { application_security_group_id = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/cluster" }
    }
  }

  assert {
    condition = (
      alltrue([for rule in azurerm_network_security_rule.this : rule.network_security_group_name == "canopsis-mongodb"])
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
    condition     = join(" ", keys(azurerm_network_security_group.this)) == "canopsis mongodb"
    error_message = "groups: ${join(", ", keys(azurerm_network_security_group.this))}"
  }
}

run "rules_are_attached_to_nothing_but_hosts" {
  command = plan

  variables {
    bindings = { users = { cidrs = ["10.20.0.0/16"] }, mongdb = { network_security_group_name = "servers", resource_group_name = "shared" } }
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
    condition     = length(azurerm_network_security_group.this) + length(azurerm_application_security_group.this) + length(azurerm_network_security_rule.this) == 0
    error_message = jsonencode(output.counts)
  }
}

run "a_group_that_is_full_is_told_before_Azure_refuses" {
  command = plan

  variables {
    rules_per_group = 3
  }

  expect_failures = [check.rules_per_group]
}

run "hosts_of_one_group_are_counted_together" {
  command = plan

  variables {
    network_security_groups = {
      canopsis = { name = "servers", resource_group_name = "shared" }
      mongodb  = { name = "Servers", resource_group_name = "shared" }
    }
    rules_per_group = 4
  }

  expect_failures = [check.rules_per_group]
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    application_security_group_ids = null
    load_balancer_probes           = null
    name_prefix                    = null
    network_security_groups        = null
    priorities                     = null
    rules_per_group                = null
    tags                           = null
  }

  assert {
    condition     = azurerm_network_security_group.this["canopsis"].name == "canopsis-canopsis"
    error_message = azurerm_network_security_group.this["canopsis"].name
  }
}

run "a_null_opens_no_egress" {
  command = plan

  variables {
    deny_other_egress = null
  }

  expect_failures = [var.deny_other_egress]
}

run "a_host_that_no_peer_can_name_is_told" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { network_security_group_name = "servers", resource_group_name = "shared" }
    }
  }

  expect_failures = [check.hosts_have_addresses]
}

run "a_host_that_peers_name_by_its_addresses_is_not" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { network_security_group_name = "servers", resource_group_name = "shared", cidrs = ["10.40.1.0/24"] }
    }
    deny_other_egress = true
  }

  assert {
    condition     = length(output.unenforced) == 0 && contains(keys(azurerm_network_security_rule.this), "ingress canopsis-to-mongodb/tcp")
    error_message = jsonencode(output.unenforced)
  }
}

run "hosts_bound_to_one_group_are_counted_together" {
  command = plan

  variables {
    bindings = {
      users    = { cidrs = ["10.20.0.0/16"] }
      canopsis = { network_security_group_name = "servers", resource_group_name = "shared", application_security_group_id = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/canopsis" }
      mongodb  = { network_security_group_name = "Servers", resource_group_name = "shared", application_security_group_id = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Network/applicationSecurityGroups/mongodb" }
    }
    rules_per_group = 4
  }

  expect_failures = [check.rules_per_group]
}

run "a_null_is_no_network_security_group" {
  command = plan

  variables {
    network_security_groups = { canopsis = null }
  }

  expect_failures = [var.network_security_groups]
}

run "a_null_is_no_application_security_group" {
  command = plan

  variables {
    application_security_group_ids = { canopsis = null }
  }

  expect_failures = [var.application_security_group_ids]
}
