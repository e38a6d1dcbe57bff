variable "location" {
  description = "Region of the groups."
  type        = string
  default     = "francecentral"
}

variable "resource_group_name" {
  description = "Resource group of the groups."
  type        = string
  default     = "canopsis"
}

variable "bastion_application_security_group_id" {
  description = "Application security group of the bastion, in the same virtual network."
  type        = string
}

variable "user_cidrs" {
  description = "Networks of the users."
  type        = list(string)
  default     = ["10.20.0.0/16"]
}

variable "event_source_cidrs" {
  description = "Networks of the event sources."
  type        = list(string)
  default     = ["10.30.1.0/24", "10.30.2.0/24"]
}

variable "ldap_cidrs" {
  description = "LDAP servers."
  type        = list(string)
  default     = ["10.1.0.10/32"]
}

variable "package_repository_cidrs" {
  description = "Mirror of the package repositories."
  type        = list(string)
  default     = ["10.2.0.8/32"]
}

variable "dns_cidrs" {
  description = "Name servers of your own. Azure's, 168.63.129.16, is never filtered."
  type        = list(string)
  default     = ["10.1.0.1/32"]
}

variable "ntp_cidrs" {
  description = "Time servers."
  type        = list(string)
  default     = ["10.1.0.2/32"]
}
