output "demande" {
  description = "The request as a Markdown document, in French."
  value = join("\n", [
    "# Demande d'ouverture de flux",
    "",
    "| Rubrique | Réponse |",
    "| --- | --- |",
    "| Demandeur | ${var.demandeur} |",
    "| Motif | ${var.motif} |",
    "| Échéance | ${var.echeance == "" ? "permanente" : var.echeance} |",
    "| Sens | de la source, qui ouvre la connexion, vers la destination |",
    "",
    local.matrice,
  ])
}

output "tableau" {
  description = "The same flows as a CSV table, in French."
  value       = provider::canopsis::csv_report(data.canopsis_flows.this, { language = "fr", bindings = local.bindings })
}

output "schema" {
  description = "The same flows as a Mermaid diagram."
  value       = provider::canopsis::mermaid_diagram(data.canopsis_flows.this, { language = "fr" })
}
