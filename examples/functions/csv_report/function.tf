terraform {
  required_version = ">= 1.8"

  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
}

# terraform output -raw csv > flows.csv
output "csv" {
  value = provider::canopsis::csv_report(data.canopsis_flows.this)
}

# For Excel in French: a double click opens it, column by column.
output "excel_fr" {
  value = provider::canopsis::csv_report(data.canopsis_flows.this, { language = "fr", separator = ";", bom = true })
}

# Only what leaves for systems of others. The package repositories have a purpose
# of their own: installation.
output "to_outside" {
  value = provider::canopsis::csv_report({
    flows     = { for id, flow in data.canopsis_flows.this.flows : id => flow if contains(["external", "installation"], flow.purpose) }
    endpoints = data.canopsis_flows.this.endpoints
    errata    = data.canopsis_flows.this.errata # of these flows alone
    edition   = data.canopsis_flows.this.edition
  })
}
