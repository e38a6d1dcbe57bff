package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// gcpRulesSurface has the cases of what a binding is to Google alone; those of
// every target stand under aws_rules.
func gcpRulesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": gcpBindings}
	return surface{
		name:      "function gcp_rules",
		base:      base,
		arguments: ownBindingAttributes(firewall.GCP),
		run:       functionRun(func() function.Function { return newGCPRulesFunction() }, base),
		cases:     gcpBindingCases(base),
	}
}

// gcpBindings bind every endpoint of writtenRules.
var gcpBindings = object{
	"canopsis":          object{"network_tags": list{"canopsis"}},
	"mongodb":           object{"network_tags": list{"mongodb"}, "cidrs": list{"10.50.0.5/32"}},
	"users":             object{"cidrs": list{"10.20.0.0/16"}},
	"administrators":    object{"cidrs": list{"192.0.2.0/28"}},
	"snmp_trap_sources": object{"cidrs": list{"10.30.0.0/16"}},
	"ldap":              object{"cidrs": list{"10.40.0.5/32"}},
}

func gcpBindingCases(base object) []diagnosticCase {
	mongodb := func(attributes object) object {
		return bindings(base, object{"mongodb": attributes.with(object{"cidrs": list{"10.50.0.5/32"}})})
	}
	const at = `bindings["mongodb"]`
	return []diagnosticCase{
		{argument: "bindings.network_tags", kind: isUnknown, given: mongodb(object{"network_tags": unknown}),
			gives: allBound},
		{argument: "bindings.network_tags", kind: isUnknown, what: "tag", given: mongodb(object{"network_tags": list{unknown}}),
			gives: allBound},
		{argument: "bindings.network_tags", kind: isNull, given: mongodb(object{"network_tags": nil}),
			gives: "3 ingress, 2 egress, unenforced: none"},
		{argument: "bindings.network_tags", kind: isNull, what: "tag", given: mongodb(object{"network_tags": list{"mongodb", nil}}),
			says: []string{at + ".network_tags[1]", "null", "leave the element out"}},
		{argument: "bindings.network_tags", kind: isEmpty, given: mongodb(object{"network_tags": list{}}),
			says: []string{at + ".network_tags", "the list is empty", "write null"}},
		{argument: "bindings.network_tags", kind: isEmpty, what: "tag", given: mongodb(object{"network_tags": list{""}}),
			says: []string{at + ".network_tags[0]", `""`, "lower-case"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "a text", given: mongodb(object{"network_tags": "mongodb"}),
			says: []string{at + ".network_tags", `the text "mongodb"`, `["canopsis"]`}},
		{argument: "bindings.network_tags", kind: isWrong, what: "an underscore", given: mongodb(object{"network_tags": list{"canopsis_db"}}),
			says: []string{at + ".network_tags[0]", `"canopsis_db"`, "hyphens"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "beside service accounts", given: mongodb(object{"network_tags": list{"mongodb"}, "service_accounts": list{"db@example.iam.gserviceaccount.com"}}),
			says: []string{"network_tags", "service_accounts", "mongodb"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "another host's", given: mongodb(object{"network_tags": list{"canopsis"}}),
			says: []string{at, `"canopsis"`, "placement"}},

		{argument: "bindings.service_accounts", kind: isUnknown, given: mongodb(object{"service_accounts": unknown}),
			says: []string{"service_accounts", "network_tags", "mongodb"}},
		{argument: "bindings.service_accounts", kind: isNull, given: mongodb(object{"service_accounts": nil, "network_tags": list{"mongodb"}}),
			gives: allBound},
		{argument: "bindings.service_accounts", kind: isEmpty, given: mongodb(object{"service_accounts": list{}}),
			says: []string{at + ".service_accounts", "the list is empty", "write null"}},
		{argument: "bindings.service_accounts", kind: isWrong, what: "a name", given: mongodb(object{"service_accounts": list{"database"}}),
			says: []string{at + ".service_accounts[0]", `"database"`, "iam.gserviceaccount.com"}},
	}
}
