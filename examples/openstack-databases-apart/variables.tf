variable "network_id" {
  description = "Network of the machines."
  type        = string
}

variable "image_id" {
  description = "Image of the machines."
  type        = string
}

variable "key_pair" {
  description = "Name of the key pair of the administrators."
  type        = string
}

variable "flavors" {
  description = "Flavor of each machine."
  type        = map(string)
  default     = { canopsis = "m1.large", data = "m1.xlarge" }
}

variable "host_families" {
  description = "Address families of the hosts: a rule between two of them exists once for each."
  type        = set(string)
  default     = ["IPv4"]
}

variable "administrator_cidrs" {
  description = "Networks of the people who maintain the machines."
  type        = set(string)
  default     = ["10.20.30.0/24"]
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

variable "snmp_trap_source_cidrs" {
  description = "Networks of what sends SNMP traps."
  type        = set(string)
  default     = ["10.30.0.0/16"]
}

variable "ldap_cidrs" {
  description = "Addresses of the directory servers."
  type        = set(string)
  default     = ["10.1.0.10/32"]
}

variable "package_mirror_cidrs" {
  description = "Addresses of the mirror of the package repositories."
  type        = set(string)
  default     = ["10.2.0.8/32"]
}

variable "name_server_cidrs" {
  description = "Addresses of the name servers that the hosts ask."
  type        = set(string)
  default     = ["10.1.0.1/32"]
}

variable "time_server_cidrs" {
  description = "Addresses of the time servers that the hosts ask."
  type        = set(string)
  default     = ["10.1.0.2/32"]
}

variable "rules_per_project" {
  description = "The project's quota of security group rules; 100 unless you asked for more."
  type        = number
  default     = 100
}

variable "other_rules" {
  description = "Rules that the project has beside those of this configuration: 4 in the group default."
  type        = number
  default     = 4

  validation {
    condition     = var.other_rules >= 0
    error_message = "other_rules must be 0 or more."
  }
}
