variable "hosts" {
  description = "Hosts with the components that run on them: the data source's hosts. Each gets a security group."
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
  description = "What every endpoint that is no host here is in OpenStack, by the endpoint's id: an object with some of cidrs, named_cidrs, remote_group_id, security_group_id, attach, address_group_id, ethertypes, allow_public, same_as. The function openstack_rules describes them."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type = any
}

variable "name_prefix" {
  description = "Begins the names of the security groups."
  type        = string
  default     = "canopsis"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,99}$", var.name_prefix))
    error_message = "name_prefix must be a letter, then up to 99 letters, digits and hyphens."
  }
}

variable "ethertypes" {
  description = "Address families of the hosts: IPv4, IPv6 or both."
  type        = set(string)
  default     = ["IPv4"]

  validation {
    condition     = length(var.ethertypes) > 0 && alltrue([for family in var.ethertypes : contains(["IPv4", "IPv6"], family)])
    error_message = "ethertypes must name IPv4, IPv6 or both."
  }
}

variable "rules_per_project" {
  description = "OpenStack's quota of rules in the project, less those of other groups; 100 by default, of which the default group holds 4."
  type        = number
  default     = 96

  validation {
    condition     = var.rules_per_project >= 1
    error_message = "rules_per_project must be at least 1."
  }
}

variable "deny_other_egress" {
  description = "Whether egress that the matrix does not have is denied. The hosts then reach the metadata service and what the rules name: give those of name and time servers too, interconnections = [\"dns\", \"ntp\"]. Another value makes new groups."
  type        = bool
  default     = false
}
