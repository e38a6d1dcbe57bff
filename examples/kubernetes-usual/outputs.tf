output "unenforced" {
  description = "Rules that no policy enforces, with the reason: those of the backends stand in their own firewalls."
  value       = local.kubernetes.unenforced
}

output "policies" {
  description = "Policies as the cluster is given them, for a review."
  value       = { ingress = local.kubernetes.ingress, egress = local.kubernetes.egress }
}
