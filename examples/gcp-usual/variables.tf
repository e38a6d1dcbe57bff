variable "project" {
  description = "Google Cloud project of the network."
  type        = string
}

variable "network" {
  description = "VPC network of the Canopsis hosts."
  type        = string
  default     = "default"
}

variable "bastion_service_account" {
  description = "Service account of the bastion, which somebody else manages."
  type        = string
}

variable "user_cidrs" {
  description = "Networks of the people who use the web interface."
  type        = set(string)
  default     = ["10.20.0.0/16", "10.21.0.0/16"]
}

variable "event_source_cidrs" {
  description = "Networks of what publishes events on the message bus or sends them to the API."
  type        = set(string)
  default     = ["10.30.1.0/24", "10.30.2.0/24"]
}

variable "snmp_trap_source_cidrs" {
  description = "Networks of what sends SNMP traps."
  type        = set(string)
  default     = ["10.30.0.0/16"]
}

variable "ldap_cidrs" {
  description = "Addresses of the directory servers."
  type        = set(string)
  default     = ["10.1.0.10/32", "10.1.0.11/32"]
}

variable "package_mirror_cidrs" {
  description = "Addresses of the mirror of the package repositories."
  type        = set(string)
  default     = ["10.2.0.8/32"]
}

variable "rules_per_project" {
  description = "The project's quota of firewall rules."
  type        = number
  default     = 100
}

variable "other_rules" {
  description = "Firewall rules that the project has beside those of this configuration."
  type        = number
  default     = 4 # those of the network default
}
