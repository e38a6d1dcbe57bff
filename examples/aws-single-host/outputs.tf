output "security_group_id" {
  description = "Security group for the Canopsis instance."
  value       = aws_security_group.this["canopsis"].id
}

output "unenforced" {
  description = "Flows that no rule enforces, with the reason."
  value       = local.aws.unenforced
}
