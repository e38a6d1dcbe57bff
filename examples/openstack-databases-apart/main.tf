# Canopsis on OpenStack on two machines, the application and its databases, with
# closed egress: nothing leaves either but what the matrix names, and what every
# machine needs: name and time servers, and the metadata service. Each machine has one
# port, which has the host's group and no other.
#
#   terraform apply -var network_id=ID -var image_id=ID -var key_pair=NAME

terraform {
  required_version = ">= 1.8" # provider functions; OpenTofu has them since 1.7

  required_providers {
    canopsis = {
      source  = "canopsis/canopsis"
      version = ">= 0.1.0"
    }
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = ">= 3.2"
    }
  }
}

provider "openstack" {} # clouds.yaml, or OS_AUTH_URL and its like

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # the page's Redis port is wrong, and it forgets SSH to the database

  placement        = { mongodb = "data", postgresql = "data", redis = "data" } # canopsis-to-data
  interconnections = ["dns", "ntp"]                                            # from both
}

# Without delete_default_rules a group has two rules, which Terraform does not see,
# that let everything out, and no rule of egress has any effect.
resource "openstack_networking_secgroup_v2" "this" {
  for_each = data.canopsis_flows.this.hosts # canopsis, data

  name                 = "canopsis-${each.key}"
  description          = "Flows of the Canopsis host ${each.key}"
  delete_default_rules = true
}

locals {
  # The matrix names what Canopsis needs. What OpenStack needs is added in its form.
  metadata = {
    for host, components in data.canopsis_flows.this.hosts : "${host}-to-metadata/tcp-80" => {
      flow        = "${host}-to-metadata"
      source      = host
      destination = "metadata"
      component   = "metadata"
      purpose     = "external"
      protocol    = "tcp"
      from_port   = 80
      to_port     = 80
    }
  }

  # Called once, here: inside a for_each it would be called for every instance.
  openstack = provider::canopsis::openstack_rules(merge(data.canopsis_flows.this.rules, local.metadata), merge(
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id, ethertypes = var.host_families } },
    {
      users                = { cidrs = var.user_cidrs }
      administrators       = { cidrs = var.administrator_cidrs }
      amqp_event_sources   = { cidrs = var.event_source_cidrs }
      api_event_sources    = { cidrs = var.event_source_cidrs }
      snmp_trap_sources    = { cidrs = var.snmp_trap_source_cidrs }
      ldap                 = { cidrs = var.ldap_cidrs }
      package_repositories = { cidrs = var.package_mirror_cidrs }

      dns      = { cidrs = var.name_server_cidrs }
      ntp      = { cidrs = var.time_server_cidrs }
      metadata = { cidrs = ["169.254.169.254/32"] }
    }
  ))
}

resource "openstack_networking_secgroup_rule_v2" "ingress" {
  for_each = local.openstack.ingress # "10.20.0.0/16-to-canopsis/tcp-8443", ...

  security_group_id       = each.value.security_group_id
  direction               = each.value.direction
  ethertype               = each.value.ethertype
  protocol                = each.value.protocol
  port_range_min          = each.value.port_range_min
  port_range_max          = each.value.port_range_max
  remote_ip_prefix        = each.value.remote_ip_prefix
  remote_group_id         = each.value.remote_group_id
  remote_address_group_id = each.value.remote_address_group_id
  description             = each.value.description

  # Its key, which never changes by itself. Where you move a rule to another key, or
  # import one, its description stays: OpenStack would replace the rule.
  lifecycle {
    ignore_changes = [description]
  }
}

resource "openstack_networking_secgroup_rule_v2" "egress" {
  for_each = local.openstack.egress # "canopsis-to-data/tcp-27017", "data-to-10.1.0.2/32/udp-123", ...

  security_group_id       = each.value.security_group_id
  direction               = each.value.direction
  ethertype               = each.value.ethertype
  protocol                = each.value.protocol
  port_range_min          = each.value.port_range_min
  port_range_max          = each.value.port_range_max
  remote_ip_prefix        = each.value.remote_ip_prefix
  remote_group_id         = each.value.remote_group_id
  remote_address_group_id = each.value.remote_address_group_id
  description             = each.value.description

  lifecycle {
    ignore_changes = [description]
  }
}

# A port without security_group_ids gets the project's group default, which lets
# everything out: a machine that has both is not closed.
resource "openstack_networking_port_v2" "this" {
  for_each = openstack_networking_secgroup_v2.this

  name               = "canopsis-${each.key}"
  network_id         = var.network_id
  admin_state_up     = true
  security_group_ids = [each.value.id]
}

resource "openstack_compute_instance_v2" "this" {
  for_each = openstack_networking_port_v2.this

  name        = "canopsis-${each.key}"
  image_id    = var.image_id
  flavor_name = var.flavors[each.key]
  key_pair    = var.key_pair

  network {
    port = each.value.id
  }

  # cloud-init asks the metadata service when the machine first starts, and never again.
  depends_on = [openstack_networking_secgroup_rule_v2.egress]
}

# OpenStack refuses what exceeds a project's quota at apply, when half of the rules
# stand. This warns at plan.
check "rules_per_project" {
  assert {
    condition = sum([for host, count in local.openstack.counts : count.ingress + count.egress]) + var.other_rules <= var.rules_per_project
    error_message = "OpenStack allows ${var.rules_per_project} rules in this project, which has ${var.other_rules} others, and these hosts need more: ${join(", ", [
      for host, count in local.openstack.counts : "${host} ${count.ingress} in and ${count.egress} out"
    ])}. Use address groups, or ask for a higher quota."
  }
}
