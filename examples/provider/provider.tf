terraform {
  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
  }
}

# Both are defaults for the data sources, and both may be left out.
provider "canopsis" {
  canopsis_version = "22.10" # the release that is installed
  corrections      = "apply" # use what is true where the page is wrong
}
