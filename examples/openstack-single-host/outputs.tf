output "security_group_id" {
  description = "Security group for the Canopsis instance."
  value       = openstack_networking_secgroup_v2.this["canopsis"].id
}

output "unenforced" {
  description = "Flows that no rule enforces, with the reason."
  value       = local.openstack.unenforced
}
