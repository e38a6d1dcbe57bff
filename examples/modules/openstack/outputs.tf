output "security_group_ids" {
  description = "Security group of each host, for the ports."
  value       = { for host, group in openstack_networking_secgroup_v2.this : host => group.id }

  # Here and not in the variable: before Terraform 1.9 a validation sees its own
  # variable alone.
  precondition {
    condition     = length(setintersection(keys(var.bindings), keys(var.hosts))) == 0
    error_message = "The module binds hosts to the groups that it makes. Remove from bindings: ${join(", ", setintersection(keys(var.bindings), keys(var.hosts)))}."
  }
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.openstack.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.openstack.counts
}
