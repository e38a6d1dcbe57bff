variable "region" {
  description = "Region of the installation."
  type        = string
  default     = "eu-west-3"
}

variable "vpc_id" {
  description = "VPC of the security groups."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, as in vpc-0123456789abcdef0."
  }
}

variable "security_group_names" {
  description = "Name of the security group of each host."
  type        = map(string)
  default = {
    canopsis   = "canopsis-web"
    mongodb    = "canopsis-mongo"
    postgresql = "canopsis-pg"
    redis      = "canopsis-redis"
  }
}

variable "user_cidrs" {
  description = "Networks of the users."
  type        = list(string)
  default     = ["10.20.0.0/16"]
}

variable "administrator_cidrs" {
  description = "Networks of the administrators."
  type        = list(string)
  default     = ["10.0.5.0/28"]
}

variable "event_source_cidrs" {
  description = "Networks of what sends events."
  type        = list(string)
  default     = ["10.30.0.0/16"]
}

variable "further_groups" {
  description = "Other security groups on the same machines, by host, as in { mongodb = [\"sg-0123456789abcdef0\"] }: what they open counts."
  type        = map(list(string))
  default     = {}
}
