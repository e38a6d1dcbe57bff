output "request_html" {
  description = "The request as a page, in English."
  value       = provider::canopsis::html_report(data.canopsis_flows.this, merge(local.settings.en, { request = local.request }))
}

output "demande_html" {
  description = "The request as a page, in French."
  value       = provider::canopsis::html_report(data.canopsis_flows.this, merge(local.settings.fr, { request = local.request }))
}

output "request" {
  description = "The request as a Markdown document, in English."
  value       = provider::canopsis::markdown_report(data.canopsis_flows.this, merge(local.settings.en, { request = local.request }))
}

output "demande" {
  description = "The request as a Markdown document, in French."
  value       = provider::canopsis::markdown_report(data.canopsis_flows.this, merge(local.settings.fr, { request = local.request }))
}

output "table" {
  description = "The same flows as a CSV table, in English."
  value       = provider::canopsis::csv_report(data.canopsis_flows.this, local.settings.en)
}

output "tableau" {
  description = "The same flows as a CSV table that Excel in French opens by a double click."
  value       = provider::canopsis::csv_report(data.canopsis_flows.this, merge(local.settings.fr, { separator = ";", bom = true }))
}

output "schema" {
  description = "The same flows as a picture, in French."
  value       = provider::canopsis::svg_diagram(data.canopsis_flows.this, { language = "fr" })
}
