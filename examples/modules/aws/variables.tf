variable "vpc_id" {
  description = "VPC in which the security groups are made."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, as in vpc-0123456789abcdef0."
  }
}

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
  description = "What every endpoint is in AWS for which no group is made, by the endpoint's id: an object with some of `cidrs`, `named_cidrs`, `referenced_security_group_id`, `security_group_id`, `attach`, `prefix_list_id`, `prefix_list_max_entries`, `allow_public`, `same_as`. The function `aws_rules` describes them. A host that stands here gets no group: with `security_group_id` its rules are attached to that one, with anything else nothing is attached to it."

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
        "Write for each what it is: { cidrs = [\"10.20.0.0/16\"] }, { referenced_security_group_id = \"sg-0123456789abcdef0\" } for somebody else's group, { security_group_id = \"sg-0123456789abcdef0\" } for the group of a host, to which its rules are then attached. Or name it in the data source's exclude.",
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
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,99}$", var.name_prefix)) && !startswith(var.name_prefix, "sg-")
    error_message = "name_prefix must be a letter, then up to 99 letters, digits and hyphens, and not begin with sg-."
  }
}

variable "rules_per_security_group" {
  description = "AWS's quota of rules per security group and direction; 60 unless you asked for more."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.rules_per_security_group >= 1 && var.rules_per_security_group <= 1000
    error_message = "rules_per_security_group must be from 1 to 1000."
  }
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}
