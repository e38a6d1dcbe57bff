output "security_group_ids" {
  description = "Security group of each host to which rules are attached, made here or not, for the ports."
  value = {
    for host in keys(local.openstack.counts) : host => try(openstack_networking_secgroup_v2.this[host].id, var.bindings[host].security_group_id)
  }
}

output "rule_ids" {
  description = "Ids of the rules by direction and key, as in `ingress canopsis-to-mongodb/tcp-27017`."
  value       = { for key, rule in openstack_networking_secgroup_rule_v2.this : key => rule.id }
}

output "result" {
  description = "What `openstack_rules` returned: for `audit_rules`, `diff_rules` and the reports."
  value       = local.openstack
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.openstack.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.openstack.counts
}
