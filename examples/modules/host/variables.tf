variable "rules" {
  description = "The data source's rules, filtered and merged as you like."
  type        = any # what the function refuses is refused, and nothing is dropped before
}

variable "bindings" {
  description = "Addresses of every endpoint of the rules, as nftables_ruleset takes them."
  type        = any
}

variable "host" {
  description = "Id of the host in the rules, as in canopsis."
  type        = string
}

variable "options" {
  description = "Options of nftables_ruleset, as in { container_interfaces = [\"docker0\"] }."
  type        = any
  default     = {}
}

variable "address" {
  description = "Where SSH reaches the host."
  type        = string
}

variable "port" {
  description = "Port of SSH."
  type        = number
  default     = 22
}

variable "user" {
  description = "Who logs in: root, or somebody who may use sudo without a password."
  type        = string
  default     = "root"
}

variable "private_key" {
  description = "Key of that user; null: the agent's."
  type        = string
  default     = null
  sensitive   = true
}

variable "host_key" {
  description = "Public key of the host, as ssh-keyscan prints it without the name; null: any, which trusts the network."
  type        = string
  default     = null
}

variable "confirm_within" {
  description = "Seconds after which a ruleset that nobody confirmed is taken back."
  type        = number
  default     = 60

  validation {
    condition     = var.confirm_within >= 10 && var.confirm_within <= 3600 && floor(var.confirm_within) == var.confirm_within
    error_message = "A whole number of seconds from 10 to 3600."
  }
}

variable "boot" {
  description = "Whether systemd loads the ruleset at boot."
  type        = bool
  default     = true
}
