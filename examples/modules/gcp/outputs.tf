output "network_tags" {
  description = "Network tag of each host, for the instances."
  value       = local.tags

  # Here and not in the variable: before Terraform 1.9 a validation sees its own
  # variable alone.
  precondition {
    condition     = length(setintersection(keys(var.bindings), keys(var.hosts))) == 0
    error_message = "The module binds hosts to the tags that it makes up. Remove from bindings: ${join(", ", setintersection(keys(var.bindings), keys(var.hosts)))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.host_cidrs), keys(var.hosts))) == 0
    error_message = "host_cidrs has keys that are no host: ${join(", ", setsubtract(keys(var.host_cidrs), keys(var.hosts)))}. The hosts are: ${join(", ", keys(var.hosts))}."
  }
}

output "unenforced" {
  description = "Rules that nothing enforces, with the reason."
  value       = local.gcp.unenforced
}

output "counts" {
  description = "Number of rules of each host."
  value       = local.gcp.counts
}
