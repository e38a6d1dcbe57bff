terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

data "canopsis_flows" "today" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
}

data "canopsis_flows" "this" {
  canopsis_version = "24.10"
  corrections      = "apply"
  options          = ["packages"] # how Canopsis was installed
}

# terraform output -raw change >change.md
output "change" {
  value = provider::canopsis::diff_report(data.canopsis_flows.today, data.canopsis_flows.this, {
    language = "en" # or "fr"

    # What stands for each endpoint, for the reader alone.
    addresses = {
      administrators = ["10.0.5.0/28"]
      rabbitmq       = ["10.0.1.7/32"]
    }
  })
}
