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

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply" # what the page gets wrong is corrected
  exclude          = ["ldap", "snmp_trap_sources"]

  interconnections = ["dns", "ntp"] # what every host needs where egress is closed
}

resource "openstack_networking_secgroup_v2" "this" {
  for_each             = data.canopsis_flows.this.hosts
  name                 = "canopsis-${each.key}"
  delete_default_rules = true # or egress stays open
}

resource "openstack_networking_floatingip_v2" "bastion" {
  pool = "public"
}

# Once, in a local value: inside a for_each it would be called for every instance.
locals {
  openstack = provider::canopsis::openstack_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in openstack_networking_secgroup_v2.this : host => { security_group_id = group.id, ethertypes = ["IPv4"] } },
    {
      users                = { cidrs = ["10.20.0.0/16", "2001:db8:20::/48"] }                                           # known at plan
      administrators       = { named_cidrs = { bastion = "${openstack_networking_floatingip_v2.bastion.address}/32" } } # known at apply
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      package_repositories = { cidrs = [] } # none: listed in local.openstack.unenforced
      dns                  = { cidrs = ["10.1.0.1/32"] }
      ntp                  = { cidrs = ["10.1.0.2/32"] }
    }
  ))
}

locals {
  bound = merge(
    { for key, rule in local.openstack.ingress : "ingress ${key}" => rule },
    { for key, rule in local.openstack.egress : "egress ${key}" => rule },
  )
}

# OpenStack refuses what another rule opens already. Where two named CIDRs swap, all
# the rules that go are destroyed before the first is created.
resource "terraform_data" "prefix" {
  for_each = local.bound

  triggers_replace = each.value.remote_ip_prefix
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = local.bound

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

    replace_triggered_by = [terraform_data.prefix[each.key]]
  }
}

# cloud-init reads the metadata service at every start.
resource "openstack_networking_secgroup_rule_v2" "metadata" {
  for_each = openstack_networking_secgroup_v2.this

  security_group_id = each.value.id
  direction         = "egress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  port_range_min    = 80
  port_range_max    = 80
  remote_ip_prefix  = "169.254.169.254/32"
}
