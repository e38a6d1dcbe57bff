variable "security_group_ids" {
  description = "Security group of each host, by its id."
  type        = map(string)
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
  description = "Other security groups on the same ports, by host: what they open counts."
  type        = map(list(string))
  default     = {}
}
