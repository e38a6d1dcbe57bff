output "security_group_ids" {
  description = "Security group of each host, for the ports."
  value       = { for host, group in openstack_networking_secgroup_v2.this : host => group.id }
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.openstack.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.openstack.counts
}
