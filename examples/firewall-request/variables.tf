variable "demandeur" {
  description = "Who asks (demandeur)."
  type        = string
  default     = "Équipe supervision"
}

variable "motif" {
  description = "Why (motif)."
  type        = string
  default     = "Installation de Canopsis 22.10"
}

variable "echeance" {
  description = "Until when (échéance), as JJ/MM/AAAA; empty: for good."
  type        = string
  default     = ""

  validation {
    condition     = var.echeance == "" || can(regex("^[0-3][0-9]/[01][0-9]/[0-9]{4}$", var.echeance))
    error_message = "echeance must be a date as JJ/MM/AAAA, as in 31/12/2027, or empty."
  }
}
