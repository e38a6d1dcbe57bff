output "summary" {
  description = "How many rules are right, missing, too many."
  value       = local.audit.summary
}

output "missing" {
  description = "What is wanted and not let through, by rule: the next apply makes these rules."
  value       = { for key, rule in local.audit.expected.ingress : key => rule.missing if contains(["missing", "partial"], rule.status) }
}

output "excess" {
  description = "What is open and not wanted, by the id of the rule. A rule with wanted serves a flow too: narrow it, or remove it once the rules that are wanted are there."
  value       = { for id, rule in local.audit.actual : id => { opens = rule.opens, wanted = rule.wanted } if rule.status == "excess" }
}

output "redundant" {
  description = "Rules whose work others do: these may all be removed together."
  value       = [for id, rule in local.audit.actual : id if rule.status == "redundant"]
}

output "limits" {
  description = "What rules cannot show."
  value       = local.audit.limits
}
