output "rules_per_host" {
  description = "Rules that each host's security group gets."
  value       = local.openstack.counts
}
