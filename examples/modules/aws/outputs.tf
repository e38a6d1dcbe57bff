output "security_group_ids" {
  description = "Security group of each host to which rules are attached, made here or not, for the instances."
  value = {
    for host in keys(local.aws.counts) : host => try(aws_security_group.this[host].id, var.bindings[host].security_group_id)
  }
}

output "rule_ids" {
  description = "Ids of the rules by direction and key, `sgr-0123456789abcdef0` and the like, to find them in AWS's own logs."
  value = {
    ingress = { for key, rule in aws_vpc_security_group_ingress_rule.this : key => rule.security_group_rule_id }
    egress  = { for key, rule in aws_vpc_security_group_egress_rule.this : key => rule.security_group_rule_id }
  }
}

output "result" {
  description = "What `aws_rules` returned: for `audit_rules`, `diff_rules` and the reports."
  value       = local.aws
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.aws.unenforced
}

output "counts" {
  description = "Number of rules of each host, as AWS's quota counts them."
  value       = local.aws.counts
}
