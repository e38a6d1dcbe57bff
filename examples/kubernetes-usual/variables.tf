variable "namespace" {
  description = "Namespace into which the chart is installed."
  type        = string
  default     = "canopsis"
}

variable "pod_labels" {
  description = "Labels that every pod of the chart has and no other pod of the namespace: see kubectl get pods --show-labels."
  type        = map(string)
  default     = { "app.kubernetes.io/instance" = "canopsis" }
}

variable "ingress_namespace" {
  description = "Namespace of the ingress controller."
  type        = string
  default     = "ingress-nginx"
}

variable "ingress_pod_labels" {
  description = "Labels of the ingress controller's pods."
  type        = map(string)
  default     = { "app.kubernetes.io/component" = "controller" }
}

variable "amqp_event_source_cidrs" {
  description = "Networks of the connectors that publish to RabbitMQ. Nothing here enforces it: RabbitMQ is outside of the cluster."
  type        = list(string)
  default     = ["10.30.1.0/24"]
}

variable "ldap_cidrs" {
  description = "LDAP servers."
  type        = list(string)
  default     = ["10.1.0.10/32"]
}

variable "mongodb_cidrs" {
  description = "Members of MongoDB's replica set."
  type        = list(string)
  default     = ["10.2.0.0/28"]
}

variable "postgresql_cidrs" {
  description = "PostgreSQL with TimescaleDB."
  type        = list(string)
  default     = ["10.2.0.16/28"]
}

variable "rabbitmq_cidrs" {
  description = "Nodes of RabbitMQ."
  type        = list(string)
  default     = ["10.2.0.32/28"]
}

variable "redis_cidrs" {
  description = "Redis."
  type        = list(string)
  default     = ["10.2.0.48/28"]
}
