variable "region" {
  description = "AWS region of the VPC."
  type        = string
  default     = "eu-west-3"
}

variable "vpc_id" {
  description = "VPC of the Canopsis host."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, as in vpc-0123456789abcdef0."
  }
}

variable "user_cidrs" {
  description = "Networks of the people who use the web interface."
  type        = set(string)
  default     = ["10.20.0.0/16"]
}

variable "administrator_cidrs" {
  description = "Networks of the people who maintain the machine."
  type        = set(string)
  default     = ["10.20.30.0/24"]
}

variable "event_source_cidrs" {
  description = "Networks of what sends events and SNMP traps; empty for none."
  type        = set(string)
  default     = ["10.30.0.0/16"]
}
