output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.azure.unenforced
}

output "application_security_group_ids" {
  description = "Application security group of each host, for its network interfaces."
  value       = { for host, group in azurerm_application_security_group.this : host => group.id }
}
