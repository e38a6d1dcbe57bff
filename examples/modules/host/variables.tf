variable "rules" {
  description = "The data source's rules, filtered and merged as you like."
  type        = any # what the function refuses is refused, and nothing is dropped before
  nullable    = false
}

variable "bindings" {
  description = "Addresses of every endpoint with which the host has to do, as `nftables_ruleset` takes them."
  type        = any
  nullable    = false

  # The function says the same, but not which of several modules lacks them.
  validation {
    condition = length(setsubtract(
      keys(local.needed), [for endpoint, binding in var.bindings : endpoint if binding != null]
    )) == 0
    error_message = join("\n", concat(
      ["The installation \"${try(coalesce(var.name, var.host), "")}\" (name) has no binding for these endpoints of its rules:"],
      [
        for endpoint, flows in local.needed : "- ${endpoint}, needed by ${join(", ", flows)}"
        if !contains([for given, binding in var.bindings : given if binding != null], endpoint)
      ],
      [
        "Given: ${join(", ", keys(var.bindings))}.",
        "Write for each what it is, as in { cidrs = [\"10.20.0.0/16\"] }, or { cidrs = [] } for what has no addresses. Or name it in the data source's exclude.",
      ],
    ))
  }
}

variable "host" {
  description = "Id of the host in the rules, as in `canopsis`."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Names the installation in errors, where several have a host of this id; `null`: the host's id."
  type        = string
  default     = null
}

variable "options" {
  description = "Options of `nftables_ruleset`, as in `{ container_interfaces = [\"docker0\"] }`."
  type        = any
  default     = {}
}

variable "address" {
  description = "Where SSH reaches the host."
  type        = string
  nullable    = false
}

variable "port" {
  description = "Port of SSH."
  type        = number
  default     = 22
  nullable    = false
}

variable "user" {
  description = "Who logs in: root, or somebody who may use sudo without a password."
  type        = string
  default     = "root"
  nullable    = false
}

variable "private_key" {
  description = "Key of that user; `null`: the agent's."
  type        = string
  default     = null
  sensitive   = true
}

variable "host_key" {
  description = "Public key of the host, as `ssh-keyscan` prints it without the name; `null`: any, which trusts the network."
  type        = string
  default     = null
}

variable "confirm_within" {
  description = "Seconds after which a ruleset that nobody confirmed is taken back."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.confirm_within >= 10 && var.confirm_within <= 3600 && floor(var.confirm_within) == var.confirm_within
    error_message = "confirm_within must be a whole number of seconds from 10 to 3600."
  }
}

variable "boot" {
  description = "Whether systemd loads the ruleset at boot."
  type        = bool
  default     = true
  nullable    = false
}
