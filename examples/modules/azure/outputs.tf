output "network_security_group_ids" {
  description = "Network security group of each host for which the module made one, for its network interfaces or its subnet. Known once the group has its rules: an empty one lets the whole virtual network in."
  value       = { for host, group in azurerm_network_security_group.this : host => group.id }
  depends_on  = [azurerm_network_security_rule.this]

  # Here and not in the variable: before Terraform 1.9 a validation sees its own
  # variable alone.
  precondition {
    condition     = length(setintersection(keys(var.bindings), keys(var.hosts))) == 0
    error_message = "The module binds hosts to their groups. Remove from bindings: ${join(", ", setintersection(keys(var.bindings), keys(var.hosts)))}."
  }
  precondition {
    condition     = length(setsubtract(concat(keys(var.network_security_groups), keys(var.application_security_group_ids)), keys(var.hosts))) == 0
    error_message = "Groups are given by host, and these are not hosts: ${join(", ", setsubtract(concat(keys(var.network_security_groups), keys(var.application_security_group_ids)), keys(var.hosts)))}. Hosts are: ${join(", ", keys(var.hosts))}."
  }
}

output "application_security_group_ids" {
  description = "Application security group of each host, for its network interfaces: rules are narrowed to it, those that deny the rest too."
  value       = local.application_groups
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.azure.unenforced
}

output "counts" {
  description = "Number of rules of each host, the one that closes egress among them."
  value       = local.azure.counts
}
