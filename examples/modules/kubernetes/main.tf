locals {
  # Endpoints of the rules, with the flows that need them. Rules that are null, or lack
  # an end, are left to the function, which says which.
  needed = try({
    for endpoint in toset(flatten([for rule in values(var.rules) : [rule.source, rule.destination]])) : endpoint =>
    distinct([for rule in values(var.rules) : rule.flow if contains([rule.source, rule.destination], endpoint)])
  }, {})

  kubernetes = provider::canopsis::kubernetes_network_policies(var.rules, var.bindings)

  policies = merge(
    { for host, policy in local.kubernetes.ingress : "ingress ${host}" => policy },
    { for host, policy in local.kubernetes.egress : "egress ${host}" => policy if var.deny_other_egress },
  )
}

# A rule that names no peers lets everybody in, and the provider plans it without a
# word: from and to are taken as they are, never with a default.
resource "kubernetes_network_policy_v1" "this" {
  for_each = local.policies

  metadata {
    name      = "${var.name_prefix}-${each.value.name}"
    namespace = each.value.namespace
    labels    = var.labels
  }

  spec {
    policy_types = each.value.spec.policyTypes

    pod_selector {
      match_labels = each.value.spec.podSelector.matchLabels
    }

    dynamic "ingress" {
      for_each = try(each.value.spec.ingress, []) # none: the host is closed

      content {
        dynamic "from" {
          for_each = ingress.value.from

          content {
            dynamic "ip_block" {
              for_each = try([from.value.ipBlock], [])

              content {
                cidr = ip_block.value.cidr
              }
            }

            dynamic "namespace_selector" {
              for_each = try([from.value.namespaceSelector], [])

              content {
                match_labels = namespace_selector.value.matchLabels
              }
            }

            dynamic "pod_selector" {
              for_each = try([from.value.podSelector], [])

              content {
                match_labels = pod_selector.value.matchLabels
              }
            }
          }
        }

        dynamic "ports" {
          for_each = ingress.value.ports

          content {
            protocol = ports.value.protocol
            port     = ports.value.port
            end_port = try(ports.value.endPort, null)
          }
        }
      }
    }

    dynamic "egress" {
      for_each = try(each.value.spec.egress, [])

      content {
        dynamic "to" {
          for_each = egress.value.to

          content {
            dynamic "ip_block" {
              for_each = try([to.value.ipBlock], [])

              content {
                cidr = ip_block.value.cidr
              }
            }

            dynamic "namespace_selector" {
              for_each = try([to.value.namespaceSelector], [])

              content {
                match_labels = namespace_selector.value.matchLabels
              }
            }

            dynamic "pod_selector" {
              for_each = try([to.value.podSelector], [])

              content {
                match_labels = pod_selector.value.matchLabels
              }
            }
          }
        }

        dynamic "ports" {
          for_each = egress.value.ports

          content {
            protocol = ports.value.protocol
            port     = ports.value.port
            end_port = try(ports.value.endPort, null)
          }
        }
      }
    }
  }

  lifecycle {
    create_before_destroy = true # a pod that no policy selects is open
  }
}

check "entries_per_pod" {
  assert {
    condition = alltrue([
      for count in values(local.kubernetes.counts) : max(count.ingress, count.egress) <= var.entries_per_pod
    ])
    error_message = "The cluster's network takes ${var.entries_per_pod} pairs of a peer and a port for each pod, and these hosts need more: ${join(", ", [
      for host, count in local.kubernetes.counts : "${host} (${count.ingress} in, ${count.egress} out)"
      if max(count.ingress, count.egress) > var.entries_per_pod
    ])}."
  }
}

check "names" {
  assert {
    condition = !var.deny_other_egress || alltrue([
      for host in keys(local.kubernetes.egress) : anytrue([for rule in values(var.rules) : try(rule.source == host && rule.from_port == 53, false)])
    ])
    error_message = "Nothing else leaves the hosts, and some may reach no name server: name it in the data source, as in interconnections = [\"dns\"]."
  }
}
