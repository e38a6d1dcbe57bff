output "security_group_ids" {
  description = "Security group of each host."
  value       = { for host, group in aws_security_group.this : host => group.id }

  # A binding without addresses opens nothing and stands in unenforced. Refuse it
  # here, so that no flow is forgotten.
  precondition {
    condition     = length(local.aws.unenforced) == 0
    error_message = "Give these flows addresses, or name their endpoints in the data source's exclude:\n${join("\n", [for rule, reason in local.aws.unenforced : "  ${rule}: ${reason}"])}"
  }
}

output "url" {
  description = "Where users reach Canopsis."
  value       = "https://${aws_lb.this.dns_name}/"
}

output "postgresql_endpoint" {
  description = "Where Canopsis reaches PostgreSQL."
  value       = aws_db_instance.postgresql.endpoint
}
