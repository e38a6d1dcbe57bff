output "network_tag" {
  description = "Network tag for the Canopsis instance."
  value       = "canopsis"
}

output "unenforced" {
  description = "Flows that no rule enforces, with the reason."
  value       = local.gcp.unenforced
}
