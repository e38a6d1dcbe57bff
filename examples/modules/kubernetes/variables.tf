variable "rules" {
  description = "Rules by key: the data source's rules, or those that you filtered or wrote yourself."
  type = map(object({
    flow        = string
    source      = string
    destination = string
    component   = string
    purpose     = string
    protocol    = string
    from_port   = number
    to_port     = number
  }))
  nullable = false
}

variable "bindings" {
  description = "What every endpoint of the rules is, by its id: an object with some of `namespace` and `pod_labels` (a host here, whose pods policies select), `peer_namespace`, `peer_pod_labels`, `cidrs`, `named_cidrs`, `allow_public`, `attach`, `same_as`. The function `kubernetes_network_policies` describes them."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type     = any
  nullable = false

  # The function says the same, but not which of several modules lacks them.
  validation {
    condition = length(setsubtract(
      keys(local.needed), [for endpoint, binding in var.bindings : endpoint if binding != null]
    )) == 0
    error_message = join("\n", concat(
      ["The installation \"${var.name_prefix}\" (name_prefix) has no binding for these endpoints of its rules:"],
      [
        for endpoint, flows in local.needed : "- ${endpoint}, needed by ${join(", ", flows)}"
        if !contains([for given, binding in var.bindings : given if binding != null], endpoint)
      ],
      [
        "Given: ${join(", ", keys(var.bindings))}.",
        "Write for each what it is: { cidrs = [\"10.20.0.0/16\"] }, { peer_namespace = \"ingress-nginx\" } for somebody else's pods, { namespace = \"canopsis\", pod_labels = { app = \"canopsis\" } } for the pods of a host, which its policies then select. Or name it in the data source's exclude.",
      ],
    ))
  }
}

variable "name_prefix" {
  description = "Begins the names of the policies."
  type        = string
  default     = "canopsis"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$", var.name_prefix))
    error_message = "name_prefix must be up to 100 lower-case letters, digits and hyphens, with a letter or a digit at both ends."
  }
}

variable "labels" {
  description = "Labels of the policies."
  type        = map(string)
  default     = null
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied. The hosts then reach what the rules name alone: give those of name servers too, `interconnections = [\"dns\"]`."
  type        = bool
  default     = false

  # A null is a value that did not arrive, and left out it would leave egress open.
  validation {
    condition     = var.deny_other_egress != null
    error_message = "deny_other_egress must be true or false, and it is null."
  }
}

variable "entries_per_pod" {
  description = "How many pairs of a peer and a port the cluster's network takes for a pod: 16384 is Cilium's default."
  type        = number
  default     = 16384
  nullable    = false

  validation {
    condition     = var.entries_per_pod >= 1
    error_message = "entries_per_pod must be at least 1."
  }
}
