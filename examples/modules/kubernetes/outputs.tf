output "policies" {
  description = "Names of the policies of each host and direction."
  value       = { for key, policy in kubernetes_network_policy_v1.this : key => policy.metadata[0].name }
}

output "unenforced" {
  description = "Rules that no policy enforces, with the reason."
  value       = local.kubernetes.unenforced
}

output "counts" {
  description = "Pairs of a peer and a range of ports of each host."
  value       = local.kubernetes.counts
}
