output "security_group_ids" {
  description = "Security group of each host, for the instances."
  value       = { for host, group in aws_security_group.this : host => group.id }
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.aws.unenforced
}

output "counts" {
  description = "Number of rules of each host, as AWS's quota counts them."
  value       = local.aws.counts
}
