variable "sites" {
  description = "Networks of the sites; null for the 1,500 of the example."
  type        = list(string)
  default     = null
}

variable "use_address_group" {
  description = "false: a rule for each network and port, to see what the check says."
  type        = bool
  default     = true
}

variable "administrator_cidrs" {
  description = "Networks of the people who maintain the machines."
  type        = set(string)
  default     = ["10.20.30.0/24"]
}

variable "rules_per_project" {
  description = "The project's quota of security group rules; 100 unless you asked for more."
  type        = number
  default     = 100
}

variable "other_rules" {
  description = "Rules that the project has beside those of this configuration: 4 in the group default, and 2 that let everything out in each group of a host."
  type        = number
  default     = 6

  validation {
    condition     = var.other_rules >= 0
    error_message = "other_rules must be 0 or more."
  }
}
