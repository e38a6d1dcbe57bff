output "ports" {
  description = "Port of each machine."
  value       = { for host, port in openstack_networking_port_v2.this : host => port.id }

  # Where egress is closed, a flow that is not enforced is one that does not work.
  precondition {
    condition     = length(local.openstack.unenforced) == 0
    error_message = "Give these flows addresses, or name their endpoints in the data source's exclude:\n${join("\n", [for rule, reason in local.openstack.unenforced : "  ${rule}: ${reason}"])}"
  }
}
