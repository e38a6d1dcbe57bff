# Network policies of Canopsis Pro in Kubernetes by the vendor's Helm chart, its
# backends on machines outside of the cluster, as the vendor documents it.

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
  corrections      = "apply"

  options = ["docker"]

  # All pods of the chart are one host, and talk to each other.
  clusters = ["canopsis"]

  # Policies see the port on which the container listens, not the Service's.
  component_ports = { nginx = ["tcp/8443"] }

  interconnections = ["dns"]

  # Nobody enters a pod by SSH, nor installs packages in it, and an ingress takes
  # no UDP.
  exclude = ["administrators", "package_repositories", "snmp_trap_sources"]
}

locals {
  # Once, in a local value: inside a for_each it would be called for every instance.
  kubernetes = provider::canopsis::kubernetes_network_policies(data.canopsis_flows.this.rules, {
    canopsis = { namespace = var.namespace, pod_labels = var.pod_labels }

    # Users and event sources come through the ingress controller.
    users             = { peer_namespace = var.ingress_namespace, peer_pod_labels = var.ingress_pod_labels }
    api_event_sources = { same_as = "users" }

    dns = { peer_namespace = "kube-system", peer_pod_labels = { "k8s-app" = "kube-dns" } }

    amqp_event_sources = { cidrs = var.amqp_event_source_cidrs }
    ldap               = { cidrs = var.ldap_cidrs }
    mongodb            = { cidrs = var.mongodb_cidrs }
    postgresql         = { cidrs = var.postgresql_cidrs }
    rabbitmq           = { cidrs = var.rabbitmq_cidrs }
    redis              = { cidrs = var.redis_cidrs }
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

# What leaves the pods is denied but for what is named above.
resource "kubernetes_manifest" "egress" {
  for_each = local.kubernetes.egress

  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = each.value.name, namespace = each.value.namespace }
    spec       = each.value.spec
  }
}
