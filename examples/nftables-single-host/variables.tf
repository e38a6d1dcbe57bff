variable "address" {
  description = "Where SSH reaches the host."
  type        = string
}

variable "user_cidrs" {
  description = "Where users come from."
  type        = list(string)
  default     = ["10.20.0.0/16"]
}

variable "administrator_cidrs" {
  description = "Where administrators come from: whoever runs terraform is one of them."
  type        = list(string)
  default     = ["10.20.30.0/24"]
}

variable "event_source_cidrs" {
  description = "Where events come from."
  type        = list(string)
  default     = ["10.30.0.0/16"]
}

variable "listeners" {
  description = "What ss -Hltnup and docker ps print on the host, as in file(\"listeners.txt\"); null: nobody looked."
  type        = string
  default     = null
}
