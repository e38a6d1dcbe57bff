variable "network_tags" {
  description = "Network tag of each host."
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

variable "further_tags" {
  description = "Other network tags and service accounts of the same machines, by host, as in { mongodb = [\"allow-ssh\"] }: what they open counts."
  type        = map(list(string))
  default     = {}
}
