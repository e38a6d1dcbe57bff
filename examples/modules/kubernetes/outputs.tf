output "policies" {
  description = "Names of the policies of each host and direction."
  value       = { for key, policy in kubernetes_network_policy_v1.this : key => policy.metadata[0].name }
}

output "result" {
  description = "What `kubernetes_network_policies` returned: for `audit_rules`, `diff_rules` and the reports."
  value       = local.kubernetes
}

output "unenforced" {
  description = "Rules that no policy enforces, with the reason."
  value       = local.kubernetes.unenforced
}

output "counts" {
  description = "Pairs of a peer and a range of ports of each host."
  value       = local.kubernetes.counts
}
