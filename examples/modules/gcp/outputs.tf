output "network_tags" {
  description = "Network tag of each host, for the instances."
  value       = local.tags
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.gcp.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.gcp.counts
}
