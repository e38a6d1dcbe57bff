variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. A network tag is made up for each that `bindings` does not name."
  type        = map(list(string))
  nullable    = false
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
  nullable = false
}

variable "bindings" {
  description = "What every endpoint is in Google Cloud for which no network tag is made up, by the endpoint's id: an object with some of `cidrs`, `named_cidrs`, `network_tags`, `source_tags`, `service_accounts`, `source_service_accounts`, `attach`, `allow_public`, `same_as`. The function `gcp_rules` describes them. A host that stands here has no tag made up: with `network_tags` or `service_accounts` its rules are attached to those, with anything else nothing is attached to it. Google mixes tags with no service accounts: with those, every host stands here."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type     = any
  nullable = false

  # The function says the same, but not which of several modules lacks them.
  validation {
    condition = length(setsubtract(
      keys(local.needed), concat(keys(var.hosts), [for endpoint, binding in var.bindings : endpoint if binding != null])
    )) == 0
    error_message = join("\n", concat(
      ["The installation \"${var.name_prefix}\" (name_prefix) has no binding for these endpoints of its rules:"],
      [
        for endpoint, flows in local.needed : "- ${endpoint}, needed by ${join(", ", flows)}"
        if !contains(concat(keys(var.hosts), [for given, binding in var.bindings : given if binding != null]), endpoint)
      ],
      [
        "Given: ${join(", ", keys(var.bindings))}.",
        "Write for each what it is: { cidrs = [\"10.20.0.0/16\"] }, { source_tags = [\"bastion\"] } for somebody else's machines, { network_tags = [\"cluster\"] } for those of a host, to which its rules are then attached. Or name it in the data source's exclude.",
      ],
    ))
  }

  # Of a misspelt host a network tag would be made up, and the one that is meant stay without rules.
  validation {
    condition = alltrue([
      for endpoint, binding in var.bindings : try(binding.network_tags, null) == null && try(binding.service_accounts, null) == null
      if !contains(concat(keys(var.hosts), keys(local.needed)), endpoint)
    ])
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) attaches rules to the machines of something that is no host and no endpoint of its rules. Its bindings are: ${join(", ", keys(var.bindings))}; its hosts are: ${join(", ", keys(var.hosts))}."
  }
}

variable "host_cidrs" {
  description = "Subnets of the hosts that `bindings` does not name, by host: Google names the destinations of egress by ranges alone. A host that is missing here is reached by tag, and egress to it is not enforced: with `deny_other_egress` it is denied."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.host_cidrs), keys(local.made))) == 0
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) has host_cidrs for ${join(", ", setsubtract(keys(var.host_cidrs), keys(local.made)))}, and network tags are made up for: ${join(", ", keys(local.made))}. The cidrs of a host that stands in bindings stand there."
  }
}

variable "network" {
  description = "Name or self link of the VPC network."
  type        = string
  nullable    = false
}

variable "name_prefix" {
  description = "Begins the names of the firewall rules, which are unique in a project. Where a project has the installation twice, give each a prefix of its own, and a `tag_prefix`."
  type        = string
  default     = "canopsis"
  nullable    = false

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
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.tag_prefix))
    error_message = "tag_prefix must be a lower-case letter, then up to 30 lower-case letters, digits and hyphens."
  }
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied to the hosts that rules are attached to, over IPv4 and IPv6. Names and time stay reachable: Google's metadata server is never filtered."
  type        = bool
  default     = false

  # A null is a value that did not arrive, and left out it would leave egress open.
  validation {
    condition     = var.deny_other_egress != null
    error_message = "deny_other_egress must be true or false, and it is null."
  }
}
