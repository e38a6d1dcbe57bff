data "canopsis_flows" "this" {
  corrections = "apply"
}

# terraform output -raw csv > flows.csv
output "csv" {
  value = provider::canopsis::csv_report(data.canopsis_flows.this)
}

# Only what an outside team has to open.
output "to_outside" {
  value = provider::canopsis::csv_report({
    flows     = { for id, flow in data.canopsis_flows.this.flows : id => flow if flow.purpose == "external" }
    endpoints = data.canopsis_flows.this.endpoints
  })
}
