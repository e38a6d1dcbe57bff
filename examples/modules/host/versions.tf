terraform {
  required_version = ">= 1.8" # provider functions

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}
