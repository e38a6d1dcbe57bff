output "service_accounts" {
  description = "Service account of each host."
  value       = { for host, account in google_service_account.this : host => account.email }
}

output "unenforced" {
  description = "Flows that a rule enforces at one end or at none, with the reason: Google names destinations by ranges alone."
  value       = local.gcp.unenforced
}
