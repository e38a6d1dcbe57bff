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
  description = "What every endpoint that is no host here is in Google Cloud, by the endpoint's id: an object with some of cidrs, named_cidrs, source_tags, network_tags, attach, allow_public, same_as. The function gcp_rules describes them. Hosts have network tags here, and Google mixes them with no service accounts."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type = any
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

variable "name_prefix" {
  description = "Begins the names of the firewall rules, which are unique in a project. Where a project has the installation twice, give each a prefix of its own, and a tag_prefix."
  type        = string
  default     = "canopsis"

  # Google allows 63 characters, of which the function leaves 11, and the hyphen
  # behind the prefix takes one.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}$", var.name_prefix))
    error_message = "name_prefix must be a lower-case letter, then up to 9 lower-case letters, digits and hyphens."
  }
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
  description = "Whether egress that the matrix does not have is denied, over IPv4 and IPv6. Names and time stay reachable: Google's metadata server is never filtered."
  type        = bool
  default     = false
}
