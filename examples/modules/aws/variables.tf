variable "vpc_id" {
  description = "VPC in which the security groups are made."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, as in vpc-0123456789abcdef0."
  }
}

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
  description = "What every endpoint that is no host here is in AWS, by the endpoint's id: an object with some of cidrs, named_cidrs, referenced_security_group_id, security_group_id, attach, prefix_list_id, prefix_list_max_entries, allow_public, same_as. The function aws_rules describes them."

  # Of an object type Terraform drops what the type does not name: a misspelt
  # attribute would say nothing at all. The function refuses it.
  type = any
}

variable "name_prefix" {
  description = "Begins the names of the security groups."
  type        = string
  default     = "canopsis"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,99}$", var.name_prefix)) && !startswith(var.name_prefix, "sg-")
    error_message = "name_prefix must be a letter, then up to 99 letters, digits and hyphens, and not begin with sg-."
  }
}

variable "rules_per_security_group" {
  description = "AWS's quota of rules per security group and direction; 60 unless you asked for more."
  type        = number
  default     = 60

  validation {
    condition     = var.rules_per_security_group >= 1 && var.rules_per_security_group <= 1000
    error_message = "rules_per_security_group must be from 1 to 1000."
  }
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
}
