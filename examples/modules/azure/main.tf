locals {
  # Endpoints of the rules, with the flows that need them. Rules that are null, or lack
  # an end, are left to the function, which says which.
  needed = try({
    for endpoint in toset(flatten([for rule in values(var.rules) : [rule.source, rule.destination]])) : endpoint =>
    distinct([for rule in values(var.rules) : rule.flow if contains([rule.source, rule.destination], endpoint)])
  }, {})

  # Hosts that bindings does not name: the module has groups for them, made or given.
  # Of the others their bindings say all. A null binding is as if it were left out.
  made = {
    for host, components in var.hosts : host => components
    if !contains([for endpoint, binding in var.bindings : endpoint if binding != null], host)
  }
}

resource "azurerm_application_security_group" "this" {
  for_each = { for host in keys(local.made) : host => host if !contains(keys(var.application_security_group_ids), host) }

  name                = "${var.name_prefix}-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags

  lifecycle {
    create_before_destroy = true # Azure deletes no group that a machine or a rule has
  }
}

resource "azurerm_network_security_group" "this" {
  for_each = { for host in keys(local.made) : host => host if !contains(keys(var.network_security_groups), host) }

  name                = "${var.name_prefix}-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags

  lifecycle {
    create_before_destroy = true # Azure deletes no group that a machine has
  }
}

locals {
  groups = merge(
    { for host, group in azurerm_network_security_group.this : host => { name = group.name, resource_group_name = group.resource_group_name } },
    { for host, group in var.network_security_groups : host => group if contains(keys(local.made), host) },
  )
  application_groups = merge(
    { for host, group in azurerm_application_security_group.this : host => group.id },
    { for host, id in var.application_security_group_ids : host => id if contains(keys(local.made), host) },
  )

  azure = provider::canopsis::azure_rules(var.rules, merge(
    var.bindings,
    { for host, group in local.groups : host => {
      network_security_group_name   = group.name
      resource_group_name           = group.resource_group_name
      application_security_group_id = local.application_groups[host]
    } },
  ), { load_balancer_probes = var.load_balancer_probes, priorities = var.priorities })

  bound = merge(
    { for key, rule in local.azure.ingress : "ingress ${key}" => rule },
    { for key, rule in local.azure.egress : "egress ${key}" => rule },
    { for key, rule in local.azure.egress_deny : "egress ${key}" => rule if var.deny_other_egress },
  )

  # Hosts may share a group that is there, and Azure counts by group.
  rules_by_group = {
    for host, count in local.azure.counts : lower(join("/", try(
      [local.groups[host].name, local.groups[host].resource_group_name],
      [var.bindings[host].network_security_group_name, var.bindings[host].resource_group_name],
      [host],
    ))) => count.ingress + count.egress...
  }
}

resource "azurerm_network_security_rule" "this" {
  for_each = local.bound

  name                                       = each.value.name
  resource_group_name                        = each.value.resource_group_name
  network_security_group_name                = each.value.network_security_group_name
  priority                                   = each.value.priority
  direction                                  = each.value.direction
  access                                     = each.value.access
  protocol                                   = each.value.protocol
  source_port_range                          = each.value.source_port_range
  destination_port_range                     = each.value.destination_port_range
  destination_port_ranges                    = each.value.destination_port_ranges
  source_address_prefix                      = each.value.source_address_prefix
  source_address_prefixes                    = each.value.source_address_prefixes
  source_application_security_group_ids      = each.value.source_application_security_group_ids
  destination_address_prefix                 = each.value.destination_address_prefix
  destination_address_prefixes               = each.value.destination_address_prefixes
  destination_application_security_group_ids = each.value.destination_application_security_group_ids
  description                                = each.value.description

  lifecycle {
    # Another resource is a rule of another group: what the old one denies stays denied
    # until the machines have the new one.
    create_before_destroy = true
  }
}

check "rules_per_group" {
  assert {
    condition = alltrue([for counts in values(local.rules_by_group) : sum(counts) <= var.rules_per_group])
    error_message = "A network security group has room for ${var.rules_per_group} rules, and these need more: ${join(", ", [
      for group, counts in local.rules_by_group : "${group} (${sum(counts)})" if sum(counts) > var.rules_per_group
    ])}."
  }
}

locals {
  # Hosts whose rules are attached by the group's name alone: no rule of a peer can name them.
  nameless = [
    for endpoint, binding in var.bindings : endpoint
    if try(binding.network_security_group_name, null) != null && try(binding.application_security_group_id, null) == null && try(binding.cidrs, null) == null && try(binding.named_cidrs, null) == null
  ]

  # Rules that the denial of the rest cuts off for want of that name.
  cut_off = [
    for key in keys(local.azure.unenforced) : key
    if contains(local.nameless, try(var.rules[key].source, "")) && contains(keys(local.azure.counts), try(var.rules[key].destination, ""))
    || contains(local.nameless, try(var.rules[key].destination, "")) && contains(keys(local.azure.counts), try(var.rules[key].source, "")) && var.deny_other_egress
  ]
}

check "hosts_have_addresses" {
  assert {
    condition     = length(local.cut_off) == 0
    error_message = "No rule can name ${join(", ", local.nameless)}, and what no rule allows is denied, this too: ${join(", ", local.cut_off)}. Write application_security_group_id or cidrs beside network_security_group_name."
  }
}
