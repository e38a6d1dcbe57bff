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

variable "site_blocks" {
  description = "Blocks that hold the sites' networks, by name. The default is 1,500 networks from 10.64.0.0/24 on, put together."
  type        = map(string)
  default = {
    "sites 0 to 1023"    = "10.64.0.0/14"
    "sites 1024 to 1279" = "10.68.0.0/16"
    "sites 1280 to 1407" = "10.69.0.0/17"
    "sites 1408 to 1471" = "10.69.128.0/18"
    "sites 1472 to 1487" = "10.69.192.0/20"
    "sites 1488 to 1495" = "10.69.208.0/21"
    "sites 1496 to 1499" = "10.69.216.0/22"
  }
}

variable "administrator_cidrs" {
  description = "Networks of the people who maintain the machines."
  type        = set(string)
  default     = ["10.20.30.0/24"]
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
