terraform {
  required_version = ">= 1.9" # provider functions, and validations that look at other variables

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}
