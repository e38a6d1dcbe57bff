# Network security groups of the usual deployment on Azure: four hosts, whose egress
# is closed, too.

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
  exclude          = ["snmp_trap_sources"]

  interconnections = ["dns", "ntp"] # what every host needs where egress is closed
}

resource "azurerm_application_security_group" "this" {
  for_each            = data.canopsis_flows.this.hosts
  name                = "canopsis-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
}

resource "azurerm_network_security_group" "this" {
  for_each            = data.canopsis_flows.this.hosts
  name                = "canopsis-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
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
      users                = { cidrs = var.user_cidrs }
      administrators       = { application_security_group_id = var.bastion_application_security_group_id }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { same_as = "amqp_event_sources" }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_repository_cidrs }
      dns                  = { cidrs = var.dns_cidrs }
      ntp                  = { cidrs = var.ntp_cidrs }
    }
  ))

  rules = merge(
    { for key, rule in local.azure.ingress : "ingress ${key}" => rule },
    { for key, rule in local.azure.egress : "egress ${key}" => rule },
    { for key, rule in local.azure.egress_deny : "egress ${key}" => rule }, # egress stays open without
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

check "rules_per_group" {
  assert {
    condition     = alltrue([for count in values(local.azure.counts) : count.ingress + count.egress <= 1000])
    error_message = "Azure allows 1,000 rules in a network security group, and these hosts need more: ${join(", ", [for host, count in local.azure.counts : "${host} (${count.ingress} in, ${count.egress} out)"])}."
  }
}
