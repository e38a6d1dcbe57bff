variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. A security group is made for each that `bindings` does not name."
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
  description = "What every endpoint is in OpenStack for which no group is made, by the endpoint's id: an object with some of `cidrs`, `named_cidrs`, `remote_group_id`, `security_group_id`, `attach`, `address_group_id`, `ethertypes`, `allow_public`, `same_as`. The function `openstack_rules` describes them. A host that stands here gets no group: with `security_group_id` its rules are attached to that one, with anything else nothing is attached to it. Groups that are there have rules of both address families unless `ethertypes` stands beside them."

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
        "Write for each what it is: { cidrs = [\"10.20.0.0/16\"] }, { remote_group_id = \"7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10\" } for somebody else's group, { security_group_id = \"7bd5f6b1-2a4c-4e1a-9a55-0d6c1a3a9e10\" } for the group of a host, to which its rules are then attached. Or name it in the data source's exclude.",
      ],
    ))
  }

  # Of a misspelt host a group would be made, and the one that is meant stay without rules.
  validation {
    condition = alltrue([
      for endpoint, binding in var.bindings : try(binding.security_group_id, null) == null
      if !contains(concat(keys(var.hosts), keys(local.needed)), endpoint)
    ])
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) attaches rules to the group of something that is no host and no endpoint of its rules. Its bindings are: ${join(", ", keys(var.bindings))}; its hosts are: ${join(", ", keys(var.hosts))}."
  }
}

variable "name_prefix" {
  description = "Begins the names of the security groups."
  type        = string
  default     = "canopsis"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,99}$", var.name_prefix))
    error_message = "name_prefix must be a letter, then up to 99 letters, digits and hyphens."
  }
}

variable "ethertypes" {
  description = "Address families of the hosts: IPv4, IPv6 or both."
  type        = set(string)
  default     = ["IPv4"]
  nullable    = false

  validation {
    condition     = length(var.ethertypes) > 0 && alltrue([for family in var.ethertypes : contains(["IPv4", "IPv6"], family)])
    error_message = "ethertypes must name IPv4, IPv6 or both."
  }
}

variable "rules_per_project" {
  description = "OpenStack's quota of rules in the project, less those of other groups; 100 by default, of which the default group holds 4."
  type        = number
  default     = 96
  nullable    = false

  validation {
    condition     = var.rules_per_project >= 1
    error_message = "rules_per_project must be at least 1."
  }
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied to the hosts whose groups are made here. They then reach the metadata service and what the rules name: give those of name and time servers too, `interconnections = [\"dns\", \"ntp\"]`. Another value makes new groups."
  type        = bool
  default     = false

  # A null is a value that did not arrive, and left out it would leave egress open.
  validation {
    condition     = var.deny_other_egress != null
    error_message = "deny_other_egress must be true or false, and it is null."
  }
}
