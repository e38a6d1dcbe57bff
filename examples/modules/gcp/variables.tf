variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. Each gets a network tag."
  type        = map(list(string))
}

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
}

variable "bindings" {
  description = "What every endpoint that is no host here is in Google Cloud, by the endpoint's id. The function gcp_rules describes the attributes."
  type = map(object({
    cidrs        = optional(list(string))
    named_cidrs  = optional(map(string))
    network_tags = optional(list(string))
    managed      = optional(bool)
    allow_public = optional(bool)
    same_as      = optional(string)
  }))

  validation {
    condition     = length(setintersection(keys(var.bindings), keys(var.hosts))) == 0
    error_message = "The module binds hosts to the tags that it makes up. Remove from bindings: ${join(", ", setintersection(keys(var.bindings), keys(var.hosts)))}."
  }
}

variable "host_cidrs" {
  description = "Subnets of the hosts, by host: Google names the destinations of egress by ranges alone. A host that is missing here is reached by tag, and egress to it is not enforced."
  type        = map(list(string))
  default     = {}
}

variable "network" {
  description = "Name or self link of the VPC network."
  type        = string
}

variable "tag_prefix" {
  description = "Begins the network tags of the hosts."
  type        = string
  default     = "canopsis"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.tag_prefix))
    error_message = "tag_prefix must be a lower-case letter, then up to 30 lower-case letters, digits and hyphens."
  }
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied. Names and time stay reachable: Google's metadata server is never filtered."
  type        = bool
  default     = false
}
