package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func newOpenStackRulesFunction() function.Function {
	return newRulesFunction(firewall.OpenStack,
		"Rules of OpenStack security groups",
		"Turns the matrix's rules into the arguments of `openstack_networking_secgroup_rule_v2`. "+
			"Keys are known at plan even where security groups and named CIDRs are not. "+
			"A rule whose peer is a group or an address group exists once for IPv4 and once, under a key that ends in `-ipv6`, for IPv6; `ethertypes` in a binding names the families that its machines have. "+
			"Egress is enforced only on groups that have `delete_default_rules = true`. "+
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.")
}
