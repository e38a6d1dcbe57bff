output "ruleset" {
  description = "Text that is loaded."
  value       = module.firewall.ruleset
}

output "unenforced" {
  description = "Rules that the host does not enforce, with the reason."
  value       = module.firewall.unenforced
}
