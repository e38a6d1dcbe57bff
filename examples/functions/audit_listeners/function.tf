terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

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

# What ss -Hltnup prints on the host and, where it runs Docker, what
# docker ps --format '{{.Names}}\t{{.Ports}}' prints there. Usually file("canopsis.txt").
variable "listeners" {
  type    = string
  default = <<-EOT
    udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=388,fd=13))
    udp UNCONN 0 0 *:162 *:* users:(("snmp2canopsis",pid=1422,fd=4))
    tcp LISTEN 0 4096 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=700,fd=3))
    tcp LISTEN 0 4096 [::]:22 [::]:* users:(("sshd",pid=700,fd=4))
    tcp LISTEN 0 511 *:8080 *:* users:(("nginx",pid=812,fd=6))
    tcp LISTEN 0 511 *:8443 *:* users:(("nginx",pid=812,fd=7))
    tcp LISTEN 0 128 *:5672 *:* users:(("beam.smp",pid=655,fd=20))
    tcp LISTEN 0 128 *:15672 *:* users:(("beam.smp",pid=655,fd=21))
  EOT
}

locals {
  audit = provider::canopsis::audit_listeners(data.canopsis_flows.this.rules, "canopsis", var.listeners)
}

check "listeners" {
  assert {
    condition     = local.audit.ok
    error_message = local.audit.summary
  }
}

# What a firewall will close.
output "not_in_matrix" {
  value = { for port, found in local.audit.actual : port => found.names if found.verdict == "not_in_matrix" }
}
