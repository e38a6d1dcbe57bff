output "security_group_ids" {
  description = "Security group of each host."
  value       = { for host, group in openstack_networking_secgroup_v2.this : host => group.id }

  # A binding without addresses opens nothing and stands in unenforced. Refuse it
  # here, so that no flow is forgotten.
  precondition {
    condition     = length(local.openstack.unenforced) == 0
    error_message = "Give these flows addresses, or name their endpoints in the data source's exclude:\n${join("\n", [for rule, reason in local.openstack.unenforced : "  ${rule}: ${reason}"])}"
  }
}
