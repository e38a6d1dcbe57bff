terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

provider "azurerm" {
  features {}
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]
}

resource "azurerm_application_security_group" "this" {
  for_each            = data.canopsis_flows.this.hosts
  name                = "canopsis-${each.key}"
  location            = "francecentral"
  resource_group_name = "canopsis"
}

resource "azurerm_network_security_group" "this" {
  for_each            = data.canopsis_flows.this.hosts
  name                = "canopsis-${each.key}"
  location            = "francecentral"
  resource_group_name = "canopsis"
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  azure = provider::canopsis::azure_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in azurerm_network_security_group.this : host => {
      network_security_group_name   = group.name
      resource_group_name           = group.resource_group_name
      application_security_group_id = azurerm_application_security_group.this[host].id # unknown at plan: fine
    } },
    {
      users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }
      administrators       = { named_cidrs = { bastion = "10.0.5.4/32" } } # may be known at apply only
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      package_repositories = { cidrs = [] } # none: listed in local.azure.unenforced
    }
  ))

  rules = merge(
    { for key, rule in local.azure.ingress : "ingress ${key}" => rule },
    { for key, rule in local.azure.egress : "egress ${key}" => rule },
  )
}

resource "azurerm_network_security_rule" "this" {
  for_each = local.rules

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
}
