data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
  placement        = { postgresql = "data", redis = "data" }
}

# terraform output -raw picture > flows.svg
output "picture" {
  value = provider::canopsis::svg_diagram(data.canopsis_flows.this)
}
