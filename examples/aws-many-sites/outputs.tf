output "rules_per_host" {
  description = "Rules that each host's security group counts for."
  value       = local.aws.counts
}
