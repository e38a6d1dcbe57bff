terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.35"
    }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "24.10"
  corrections      = "apply" # what the page gets wrong is corrected
  options          = ["docker"]

  clusters         = ["canopsis"]             # pods of its own talk to each other
  component_ports  = { nginx = ["tcp/8443"] } # the container's port, not the Service's
  interconnections = ["dns"]                  # needed where egress is closed
  exclude          = ["administrators", "package_repositories", "snmp_trap_sources", "ldap"]
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  kubernetes = provider::canopsis::kubernetes_network_policies(data.canopsis_flows.this.rules, {
    canopsis = { namespace = "canopsis", pod_labels = { "app.kubernetes.io/instance" = "canopsis" } }

    # Pods that no policy here selects.
    users             = { peer_namespace = "ingress-nginx" }
    api_event_sources = { same_as = "users" }
    dns               = { peer_namespace = "kube-system", peer_pod_labels = { "k8s-app" = "kube-dns" } }

    # Outside of the cluster.
    amqp_event_sources = { cidrs = ["10.30.0.0/16"] }
    mongodb            = { cidrs = ["10.2.0.0/28"] }
    postgresql         = { named_cidrs = { postgresql_vip = "10.2.0.16/32" } } # may be known at apply only
    rabbitmq           = { cidrs = ["10.2.0.32/28"] }
    redis              = { cidrs = ["10.2.0.48/28"] }
  })
}

resource "kubernetes_manifest" "ingress" {
  for_each = local.kubernetes.ingress
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = each.value.name, namespace = each.value.namespace }
    spec       = each.value.spec
  }
}

# Leave this one out where everything may leave.
resource "kubernetes_manifest" "egress" {
  for_each = local.kubernetes.egress
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = each.value.name, namespace = each.value.namespace }
    spec       = each.value.spec
  }
}
