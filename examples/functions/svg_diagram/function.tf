data "canopsis_flows" "this" {
  corrections = "apply"
  placement   = { postgresql = "data", redis = "data" }
}

# terraform output -raw picture > flows.svg
output "picture" {
  value = provider::canopsis::svg_diagram(data.canopsis_flows.this)
}
