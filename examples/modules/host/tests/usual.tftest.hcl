# What is planned needs no host: nothing is connected to before apply.

variables {
  rules = {
    "administrators-to-canopsis-ssh/tcp-22" = {
      flow    = "administrators-to-canopsis-ssh", source = "administrators", destination = "canopsis", component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    }
    "users-to-canopsis-nginx/tcp-8443" = {
      flow    = "users-to-canopsis-nginx", source = "users", destination = "canopsis", component = "nginx"
      purpose = "user_access", protocol = "tcp", from_port = 8443, to_port = 8443
    }
  }
  bindings = { users = { cidrs = ["10.20.0.0/16"] }, administrators = { cidrs = ["192.0.2.0/28"] } }
  host     = "canopsis"
  address  = "192.0.2.10"
}

run "another_ruleset_is_loaded_anew" {
  command = plan

  assert {
    condition     = terraform_data.ruleset.triggers_replace.ruleset == sha256(output.ruleset)
    error_message = "The resource does not follow the ruleset."
  }
}

run "first_boot_has_ruleset_and_unit" {
  command = plan

  assert {
    condition = (
      startswith(output.cloud_init, "#cloud-config\n")
      && yamldecode(output.cloud_init).write_files[0].content == output.ruleset
      && strcontains(yamldecode(output.cloud_init).write_files[1].content, "Before=network-pre.target")
      && strcontains(yamldecode(output.cloud_init).write_files[1].content, "ExecStop=/usr/sbin/nft delete table inet canopsis")
    )
    error_message = output.cloud_init
  }
}

run "a_way_back_takes_longer_than_a_connection" {
  command = plan

  variables {
    confirm_within = 1
  }

  expect_failures = [var.confirm_within]
}

run "an_endpoint_without_addresses_is_told" {
  command = plan

  variables {
    bindings = { users = { cidrs = [] }, administrators = { cidrs = ["192.0.2.0/28"] } }
  }

  assert {
    condition     = join(" ", keys(output.unenforced)) == "users-to-canopsis-nginx/tcp-8443"
    error_message = "unenforced: ${jsonencode(output.unenforced)}"
  }
}

run "a_missing_binding_is_an_error" {
  command = plan

  variables {
    bindings = { administrators = { cidrs = ["192.0.2.0/28"] }, user = { cidrs = ["10.20.0.0/16"] } }
  }

  expect_failures = [var.bindings]
}

run "a_null_binding_is_a_missing_one" {
  command = plan

  variables {
    bindings = { administrators = { cidrs = ["192.0.2.0/28"] }, users = null }
  }

  expect_failures = [var.bindings]
}

run "what_others_need_is_not_asked_for" {
  command = plan

  variables {
    rules = {
      "administrators-to-canopsis-ssh/tcp-22" = {
        flow    = "administrators-to-canopsis-ssh", source = "administrators", destination = "canopsis", component = "ssh"
        purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
      }
      "users-to-grafana/tcp-3000" = {
        flow    = "users-to-grafana", source = "users", destination = "grafana", component = "grafana"
        purpose = "user_access", protocol = "tcp", from_port = 3000, to_port = 3000
      }
    }
    bindings = { administrators = { cidrs = ["192.0.2.0/28"] } }
  }

  assert {
    condition     = !strcontains(output.ruleset, "3000")
    error_message = output.ruleset
  }
}

run "a_host_that_does_not_exist_yet" {
  command = plan

  module {
    source = "./tests/existing"
  }

  assert {
    condition     = length(output.unenforced) == 0
    error_message = jsonencode(output.unenforced)
  }
}

run "a_null_input_is_as_if_it_were_left_out" {
  command = plan

  variables {
    boot           = null
    confirm_within = null
    name           = null
    options        = null
    port           = null
    user           = null
  }

  assert {
    condition     = terraform_data.ruleset.triggers_replace.unit != ""
    error_message = "The ruleset is not loaded at boot."
  }
}
