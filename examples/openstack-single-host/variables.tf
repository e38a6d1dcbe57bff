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
