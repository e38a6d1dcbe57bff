variable "region" {
  description = "AWS region of the VPC."
  type        = string
  default     = "eu-west-3"
}

variable "vpc_id" {
  description = "VPC of the Canopsis hosts."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, as in vpc-0123456789abcdef0."
  }
}

variable "bastion_security_group_id" {
  description = "Security group of the bastion, which somebody else manages."
  type        = string

  validation {
    condition     = startswith(var.bastion_security_group_id, "sg-")
    error_message = "bastion_security_group_id must be the id of a security group, as in sg-0123456789abcdef0."
  }
}

variable "certificate_arn" {
  description = "Certificate of the load balancer."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in two zones at least."
  type        = set(string)
}

variable "private_subnet_ids" {
  description = "Subnets of the database, in two zones at least."
  type        = set(string)
}

variable "user_cidrs" {
  description = "Networks of the people who use the web interface."
  type        = set(string)
  default     = ["10.20.0.0/16"]
}

variable "event_source_cidrs" {
  description = "Networks of what publishes events on the message bus or sends them to the API."
  type        = set(string)
  default     = ["10.30.1.0/24"]
}

variable "package_mirror_cidrs" {
  description = "Addresses of the mirror of the package repositories."
  type        = set(string)
  default     = ["10.2.0.8/32"]
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
