output "security_group_ids" {
  description = "Security group of each host."
  value       = { for host, group in aws_security_group.this : host => group.id }

  # Where egress is closed, a flow that is not enforced is one that does not work.
  precondition {
    condition     = length(local.aws.unenforced) == 0
    error_message = "Give these flows addresses, or name their endpoints in the data source's exclude:\n${join("\n", [for rule, reason in local.aws.unenforced : "  ${rule}: ${reason}"])}"
  }
}
