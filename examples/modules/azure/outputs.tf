output "network_security_group_ids" {
  description = "Network security group of each host for which the module made one, for its network interfaces or its subnet. Known once the group has its rules: an empty one lets the whole virtual network in."
  value       = { for host, group in azurerm_network_security_group.this : host => group.id }
  depends_on  = [azurerm_network_security_rule.this]
}

output "application_security_group_ids" {
  description = "Application security group of each host, for its network interfaces: rules are narrowed to it, those that deny the rest too."
  value       = local.application_groups
}

output "rule_ids" {
  description = "Ids of the rules by direction and key, as in `ingress canopsis-to-mongodb/tcp-group`."
  value       = { for key, rule in azurerm_network_security_rule.this : key => rule.id }
}

output "result" {
  description = "What `azure_rules` returned: for `audit_rules`, `diff_rules` and the reports."
  value       = local.azure
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.azure.unenforced
}

output "counts" {
  description = "Number of rules of each host, the one that closes egress among them."
  value       = local.azure.counts
}
