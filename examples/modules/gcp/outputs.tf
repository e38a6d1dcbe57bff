output "network_tags" {
  description = "Network tags of each host to which rules are attached, made up here or not, for the instances."
  value       = { for host, by in local.attached : host => by.network_tags if length(by.service_accounts) == 0 }
}

output "rule_ids" {
  description = "Ids of the firewall rules by direction and key, as in `ingress canopsis-to-mongodb/tcp`."
  value       = { for key, rule in google_compute_firewall.this : key => rule.id }
}

output "result" {
  description = "What `gcp_rules` returned: for `audit_rules`, `diff_rules` and the reports."
  value       = local.gcp
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.gcp.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.gcp.counts
}
