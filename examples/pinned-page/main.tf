# Rules of a pinned copy of the page, in HTML as the documentation's web server
# sends it, and checks that say when it is no longer the embedded edition, and
# no longer what the web server sends.

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    http = {
      source  = "hashicorp/http"
      version = ">= 3.4"
    }
  }
}

variable "page_url" {
  description = "Where the documentation's web server has the page. Null: it is not asked."
  type        = string
  default     = null
}

data "canopsis_flows" "this" {
  page        = file("${path.module}/matrix.html") # looked at before it was put here
  options     = ["packages"]
  corrections = "apply"
}

data "canopsis_flows" "embedded" {
  canopsis_version = "24.10"
  options          = ["packages"]
  corrections      = "apply"
}

check "page" {
  assert {
    condition     = keys(data.canopsis_flows.this.rules) == keys(data.canopsis_flows.embedded.rules)
    error_message = "The pinned page and the embedded edition open different flows."
  }
}

data "http" "today" {
  count = var.page_url == null ? 0 : 1
  url   = var.page_url

  lifecycle {
    postcondition {
      condition     = self.status_code == 200
      error_message = "The documentation's web server answers ${self.status_code}."
    }
  }
}

data "canopsis_flows" "today" {
  count       = length(data.http.today)
  page        = data.http.today[count.index].response_body
  options     = ["packages"]
  corrections = "apply"
}

check "page_of_today" {
  assert {
    condition     = alltrue([for today in data.canopsis_flows.today : keys(today.rules) == keys(data.canopsis_flows.this.rules)])
    error_message = "The page was changed: save it as matrix.html, look at the plan, and commit it."
  }
}

output "rules" {
  value = keys(data.canopsis_flows.this.rules)
}
