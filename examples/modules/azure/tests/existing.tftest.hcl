# What is there already is unknown as often as not: keys and groups are known all the same.

mock_provider "azurerm" {}

variables {
  rules = {
    "administrators-to-canopsis-ssh/tcp-22" = {
      flow    = "administrators-to-canopsis-ssh", source = "administrators", destination = "canopsis", component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    }
    "canopsis-to-mongodb/tcp-27017" = {
      flow    = "canopsis-to-mongodb", source = "canopsis", destination = "mongodb", component = "mongodb"
      purpose = "internal", protocol = "tcp", from_port = 27017, to_port = 27017
    }
    "canopsis-to-postgresql/tcp-5432" = {
      flow    = "canopsis-to-postgresql", source = "canopsis", destination = "postgresql", component = "postgresql"
      purpose = "internal", protocol = "tcp", from_port = 5432, to_port = 5432
    }
  }
}

run "unknown_groups" {
  command = plan

  module {
    source = "./tests/existing"
  }

  assert {
    condition     = join(" ", output.attached) == "canopsis mongodb"
    error_message = join(" ", output.attached)
  }

  assert {
    condition     = join(" ", output.ingress) == "administrators-to-canopsis/tcp-group canopsis-to-mongodb/tcp-group"
    error_message = join(" ", output.ingress)
  }

  assert {
    condition     = join(" ", output.egress) == "canopsis-to-mongodb/tcp-group canopsis-to-postgresql/tcp-group"
    error_message = join(" ", output.egress)
  }
}
