output "network_tags" {
  description = "Network tag of each host."
  value       = local.tags

  # Where egress is closed, a flow that is not enforced is one that does not work.
  precondition {
    condition     = length(local.gcp.unenforced) == 0
    error_message = "Give these flows addresses, or name their endpoints in the data source's exclude:\n${join("\n", [for rule, reason in local.gcp.unenforced : "  ${rule}: ${reason}"])}"
  }
}
