terraform {
  required_version = ">= 1.8"

  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}
