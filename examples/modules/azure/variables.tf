variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. Each gets a network security group and an application security group, unless it has one."
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
  description = "What every endpoint that is no host here is in Azure, by the endpoint's id: an object with some of cidrs, named_cidrs, application_security_group_id, service_tag, allow_public, same_as. The function azure_rules describes them."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type = any
}

variable "location" {
  description = "Region of the groups."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the groups."
  type        = string
}

variable "name_prefix" {
  description = "Begins the names of the groups."
  type        = string
  default     = "canopsis"

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
  default = {}
}

variable "application_security_group_ids" {
  description = "Ids of application security groups that are there, by host, for hosts that get none here."
  type        = map(string)
  default     = {}
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied. Azure's own name server and metadata service, 168.63.129.16 and 169.254.169.254, stay reachable: Azure never filters them. Give the rules of your own name and time servers too, interconnections = [\"dns\", \"ntp\"]."
  type        = bool
  default     = false
}

variable "load_balancer_probes" {
  description = "Whether the probes of Azure's load balancer reach the hosts: everything else that the matrix does not have is denied."
  type        = bool
  default     = false
}

variable "priorities" {
  description = "Priorities of rules by their keys in the function's result, from 100 to 4094: of a rule that is there, or where two would have one."
  type        = map(number)
  default     = {}
}

variable "rules_per_group" {
  description = "How many rules Azure takes in a network security group, less those of other makers."
  type        = number
  default     = 1000

  validation {
    condition     = var.rules_per_group >= 1
    error_message = "rules_per_group must be at least 1."
  }
}
