variable "requester" {
  description = "Who asks (demandeur)."
  type        = string
  default     = "Équipe supervision"
}

variable "reason" {
  description = "Why (motif)."
  type        = string
  default     = "Installation de Canopsis 22.10"
}

variable "environment" {
  description = "Where (environnement)."
  type        = string
  default     = "production"
}

variable "ticket" {
  description = "Number of the change; empty: to be filled in by hand."
  type        = string
  default     = ""
}

variable "date" {
  description = "Date of the request (date de la demande); empty: to be filled in by hand."
  type        = string
  default     = ""
}

variable "expiry" {
  description = "Until when (échéance)."
  type        = string
  default     = "permanente"
}

variable "nat" {
  description = "Whether addresses are translated on the way (NAT)."
  type        = string
  default     = "non"
}
