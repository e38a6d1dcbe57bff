variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. Each that `bindings` does not name gets a network security group and an application security group, unless one is given."
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
  description = "What every endpoint is in Azure for which the module has no groups, by the endpoint's id: an object with some of `cidrs`, `named_cidrs`, `application_security_group_id`, `service_tag`, `network_security_group_name`, `resource_group_name`, `attach`, `allow_public`, `same_as`. The function `azure_rules` describes them. For a host that stands here no group is made: with `network_security_group_name` its rules are attached to that one, with anything else nothing is attached to it."

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
        "Write for each what it is: { cidrs = [\"10.20.0.0/16\"] }, { application_security_group_id = azurerm_application_security_group.bastion.id } for somebody else's machines. Or name it in the data source's exclude.",
      ],
    ))
  }

  # Of a misspelt host groups would be made, and the one that is meant stay without rules.
  validation {
    condition = alltrue([
      for endpoint, binding in var.bindings : try(binding.network_security_group_name, null) == null
      if !contains(concat(keys(var.hosts), keys(local.needed)), endpoint)
    ])
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) attaches rules to the group of something that is no host and no endpoint of its rules. Its bindings are: ${join(", ", keys(var.bindings))}; its hosts are: ${join(", ", keys(var.hosts))}."
  }
}

variable "location" {
  description = "Region of the groups."
  type        = string
  nullable    = false
}

variable "resource_group_name" {
  description = "Resource group of the groups."
  type        = string
  nullable    = false
}

variable "name_prefix" {
  description = "Begins the names of the groups."
  type        = string
  default     = "canopsis"
  nullable    = false

  # Azure allows 80 characters, and hosts' names have up to 63.
  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,14}[A-Za-z0-9])?$", var.name_prefix))
    error_message = "name_prefix must be up to 16 letters, digits and hyphens, of which the first and the last are no hyphen."
  }
}

variable "tags" {
  description = "Tags of the groups."
  type        = map(string)
  default     = null
}

variable "network_security_groups" {
  description = "Network security groups that are there, by host, for hosts that get none here. Hosts may share one. Rules of other makers stay in it, unless they are written in its own resource: Terraform would then remove those of the module."
  type = map(object({
    name                = string
    resource_group_name = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.network_security_groups), keys(local.made))) == 0
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) has groups in network_security_groups for what is no host, or stands in bindings: ${join(", ", setsubtract(keys(var.network_security_groups), keys(local.made)))}. Hosts without a binding are: ${join(", ", keys(local.made))}."
  }

  validation {
    condition     = alltrue([for group in values(var.network_security_groups) : group != null])
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) has a null among its network_security_groups, and a host with neither a group that is made nor one that is given would be cut off. Leave the host out, and a group is made for it."
  }
}

variable "application_security_group_ids" {
  description = "Ids of application security groups that are there, by host, for hosts that get none here."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.application_security_group_ids), keys(local.made))) == 0
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) has groups in application_security_group_ids for what is no host, or stands in bindings: ${join(", ", setsubtract(keys(var.application_security_group_ids), keys(local.made)))}. Hosts without a binding are: ${join(", ", keys(local.made))}."
  }

  validation {
    condition     = alltrue([for group in values(var.application_security_group_ids) : group != null])
    error_message = "The installation \"${var.name_prefix}\" (name_prefix) has a null among its application_security_group_ids, and a host with neither a group that is made nor one that is given would be cut off. Leave the host out, and a group is made for it."
  }
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied. Azure's own name server and metadata service, 168.63.129.16 and 169.254.169.254, stay reachable: Azure never filters them. Give the rules of your own name and time servers too, `interconnections = [\"dns\", \"ntp\"]`."
  type        = bool
  default     = false

  # A null is a value that did not arrive, and left out it would leave egress open.
  validation {
    condition     = var.deny_other_egress != null
    error_message = "deny_other_egress must be true or false, and it is null."
  }
}

variable "load_balancer_probes" {
  description = "Whether the probes of Azure's load balancer reach the hosts: everything else that the matrix does not have is denied."
  type        = bool
  default     = false
  nullable    = false
}

variable "priorities" {
  description = "Priorities of rules by their keys in the function's result, from 100 to 4094: the one that a rule has already which you import, or another one where Azure refuses a rule because a second still has its priority during an apply."
  type        = map(number)
  default     = {}
}

variable "rules_per_group" {
  description = "How many rules Azure takes in a network security group, less those of other makers."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.rules_per_group >= 1
    error_message = "rules_per_group must be at least 1."
  }
}
