package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// openstackRulesSurface has the cases of what a binding is to OpenStack alone;
// those of every target stand under aws_rules.
func openstackRulesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": openstackBindings}
	return surface{
		name:      "function openstack_rules",
		base:      base,
		arguments: ownBindingAttributes(firewall.OpenStack()),
		run:       functionRun(func() function.Function { return newRulesFunction(firewall.OpenStack()) }, base),
		cases:     openstackBindingCases(base),
	}
}

// openstackBindings bind every endpoint of writtenRules.
var openstackBindings = awsBindings.with(object{
	"canopsis": object{"security_group_id": "000000ca-0b1f-4c6d-8e9f-0a1b2c3d4e5f"},
	"mongodb":  object{"security_group_id": neutronGroup},
})

// Ids as Neutron makes them.
const (
	neutronGroup = "000000db-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
	neutronList  = "000000a9-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
)

// openstackPeers are bindings with which every kind of peer comes out.
func openstackPeers() []object {
	return []object{openstackBindings.with(object{"ldap": object{"address_group_id": neutronList}})}
}

func openstackBindingCases(base object) []diagnosticCase {
	mongodb := func(attributes object) object { return bindings(base, object{"mongodb": attributes}) }
	users := func(attributes object) object { return binding(base, attributes) }
	const at, usersAt = `bindings["mongodb"]`, `bindings["users"]`
	const bothFamilies = "5 ingress, 3 egress, unenforced: none"
	return []diagnosticCase{
		{argument: "bindings.security_group_id", kind: isUnknown, given: mongodb(object{"security_group_id": unknown}),
			gives: bothFamilies},
		{argument: "bindings.security_group_id", kind: isNull, given: mongodb(object{"security_group_id": nil}),
			says: []string{at, "null", "cidrs = []"}},
		{argument: "bindings.security_group_id", kind: isEmpty, given: mongodb(object{"security_group_id": ""}),
			says: []string{at + ".security_group_id", "the text is empty", "or null"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a resource", given: mongodb(object{"security_group_id": object{"id": "1"}}),
			says: []string{at + ".security_group_id", "an object", "as in RESOURCE.id"}},

		{argument: "bindings.security_group_id", kind: isWrong, what: "a name", given: mongodb(object{"security_group_id": "default"}),
			says: []string{at + ".security_group_id", `"default"`, "the UUID that Neutron made", "not a name"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a UUID without dashes", given: mongodb(object{"security_group_id": "000000DB0b1f4c6d8e9f0a1b2c3d4e5f"}),
			says: []string{at + ".security_group_id", `"000000DB0b1f4c6d8e9f0a1b2c3d4e5f"`, `Did you mean "` + neutronGroup + `"?`}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "another cloud's", given: mongodb(object{"security_group_id": "sg-0123456789abcdef0"}),
			says: []string{at + ".security_group_id", `"sg-0123456789abcdef0"`, "the UUID that Neutron made"}},

		{argument: "bindings.address_group_id", kind: isUnknown, given: users(object{"address_group_id": unknown}),
			gives: "6 ingress, 3 egress, unenforced: none"},
		{argument: "bindings.address_group_id", kind: isNull, given: users(object{"address_group_id": nil, "cidrs": list{}}),
			gives: "4 ingress, 3 egress, unenforced: users-to-canopsis-nginx/tcp-8443"},
		{argument: "bindings.address_group_id", kind: isEmpty, given: users(object{"address_group_id": ""}),
			says: []string{usersAt + ".address_group_id", "the text is empty", "or null"}},
		{argument: "bindings.address_group_id", kind: isWrong, what: "a list", given: users(object{"address_group_id": list{"1"}}),
			says: []string{usersAt + ".address_group_id", "a list", "as in RESOURCE.id"}},
		{argument: "bindings.address_group_id", kind: isWrong, what: "beside a group", given: mongodb(object{"address_group_id": neutronList, "remote_group_id": neutronGroup}),
			says: []string{at, "address_group_id", "remote_group_id", "Keep one"}},
		{argument: "bindings.address_group_id", kind: isRight, what: "beside a group to attach to", given: mongodb(object{"address_group_id": neutronList, "security_group_id": neutronGroup}),
			gives: bothFamilies},
		{argument: "bindings.address_group_id", kind: isWrong, what: "a URL", given: users(object{"address_group_id": "https://network.example/v2.0/address-groups/1"}),
			says: []string{usersAt + ".address_group_id", `"https://network.example/v2.0/address-groups/1"`, "not a name"}},

		{argument: "bindings.remote_group_id", kind: isUnknown, given: users(object{"remote_group_id": unknown}),
			gives: "6 ingress, 3 egress, unenforced: none"},
		{argument: "bindings.remote_group_id", kind: isNull, given: mongodb(object{"security_group_id": neutronGroup, "remote_group_id": nil}),
			gives: bothFamilies},
		{argument: "bindings.remote_group_id", kind: isEmpty, given: users(object{"remote_group_id": ""}),
			says: []string{usersAt + ".remote_group_id", "the text is empty", "or null"}},
		{argument: "bindings.remote_group_id", kind: isWrong, what: "a name with spaces", given: users(object{"remote_group_id": "bastion of Paris"}),
			says: []string{usersAt + ".remote_group_id", `"bastion of Paris"`, "not a name"}},

		{argument: "bindings.ethertypes", kind: isUnknown, given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": unknown}),
			says: []string{at + ".ethertypes", "not known yet", `["IPv4", "IPv6"]`}},
		{argument: "bindings.ethertypes", kind: isUnknown, what: "family", given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": list{"IPv4", unknown}}),
			says: []string{at + ".ethertypes[1]", "not known yet", `["IPv4", "IPv6"]`}},
		{argument: "bindings.ethertypes", kind: isNull, given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": nil}),
			gives: bothFamilies},
		{argument: "bindings.ethertypes", kind: isEmpty, given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": list{}}),
			says: []string{at + ".ethertypes", "no address family", `"IPv4"`}},
		{argument: "bindings.ethertypes", kind: isWrong, what: "lower case", given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": list{"ipv4"}}),
			says: []string{at + ".ethertypes[0]", `"ipv4"`, `Did you mean "IPv4"?`}},
		{argument: "bindings.ethertypes", kind: isWrong, what: "a text", given: mongodb(object{"security_group_id": neutronGroup, "ethertypes": "IPv4"}),
			says: []string{at + ".ethertypes", `the text "IPv4"`, `["IPv4"]`}},
		{argument: "bindings.ethertypes", kind: isWrong, what: "beside CIDRs alone", given: users(object{"cidrs": list{"10.20.0.0/16"}, "ethertypes": list{"IPv4"}}),
			says: []string{usersAt + ".ethertypes", "ethertypes is set without", "Leave ethertypes out"}},
	}
}
