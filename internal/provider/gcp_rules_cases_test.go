package provider

import (
	"fmt"

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
		arguments: ownBindingAttributes(firewall.GCP()),
		run:       functionRun(func() function.Function { return newRulesFunction(firewall.GCP()) }, base),
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

// gcpPeers are bindings with which every kind of peer comes out.
func gcpPeers() []object {
	return []object{
		gcpBindings.with(object{"users": object{"source_tags": list{"office"}}}),
		{
			"canopsis":          object{"service_accounts": list{"canopsis@p.iam.gserviceaccount.com"}, "cidrs": list{"10.50.0.4/32"}},
			"mongodb":           object{"service_accounts": list{"mongodb@p.iam.gserviceaccount.com"}, "cidrs": list{"10.50.0.5/32"}},
			"users":             object{"source_service_accounts": list{"123456789012-compute@developer.gserviceaccount.com"}},
			"administrators":    object{"cidrs": list{"192.0.2.0/28"}},
			"snmp_trap_sources": object{"cidrs": list{"10.30.0.0/16"}},
			"ldap":              object{"cidrs": list{"10.40.0.5/32"}},
		},
		gcpBindings.with(object{"canopsis": object{"network_tags": list{"canopsis"}, "cidrs": list{"10.50.0.4/32"}}}),
	}
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
			says: []string{at, `"canopsis"`, "same_as"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "an actor's", given: bindings(base, object{"users": object{"network_tags": list{"office"}}}),
			says: []string{`bindings["users"].network_tags`, "only ever a source of user_access", "source_tags", "attach = true"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "71 of them", given: mongodb(object{"network_tags": manyTags(71)}),
			says: []string{at + ".network_tags", "71", "up to 70"}},
		{argument: "bindings.network_tags", kind: isWrong, what: "31 of them without source_tags", given: mongodb(object{"network_tags": manyTags(31)}),
			says: []string{at + ".network_tags", "31", "Add source_tags"}},
		{argument: "bindings.network_tags", kind: isRight, what: "70 of them beside source_tags", given: mongodb(object{"network_tags": manyTags(70), "source_tags": manyTags(30)}),
			gives: allBound},

		{argument: "bindings.source_tags", kind: isUnknown, given: bindings(base, object{"users": object{"source_tags": unknown}}),
			gives: allBound},
		{argument: "bindings.source_tags", kind: isNull, given: mongodb(object{"network_tags": list{"mongodb"}, "source_tags": nil}),
			gives: allBound},
		{argument: "bindings.source_tags", kind: isEmpty, given: bindings(base, object{"users": object{"source_tags": list{}}}),
			says: []string{`bindings["users"].source_tags`, "the list is empty", "write null"}},
		{argument: "bindings.source_tags", kind: isWrong, what: "31 of them", given: bindings(base, object{"users": object{"source_tags": manyTags(31)}}),
			says: []string{`bindings["users"].source_tags`, "31", "up to 30"}},
		{argument: "bindings.source_tags", kind: isWrong, what: "a host's", given: bindings(base, object{"users": object{"source_tags": list{"mongodb"}}}),
			says: []string{`bindings["users"]`, "network_tags and source_tags", `users = { same_as = "mongodb" }`}},
		{argument: "bindings.source_tags", kind: isRight, what: "of somebody else's machines", given: bindings(base, object{"users": object{"source_tags": list{"office"}}}),
			gives: allBound},

		{argument: "bindings.source_service_accounts", kind: isUnknown, given: bindings(base, object{"users": object{"source_service_accounts": unknown}}),
			says: []string{"source_service_accounts", "network_tags", "users"}},
		{argument: "bindings.source_service_accounts", kind: isNull, given: mongodb(object{"network_tags": list{"mongodb"}, "source_service_accounts": nil}),
			gives: allBound},
		{argument: "bindings.source_service_accounts", kind: isEmpty, given: bindings(base, object{"users": object{"source_service_accounts": list{}}}),
			says: []string{`bindings["users"].source_service_accounts`, "the list is empty", "write null"}},
		{argument: "bindings.source_service_accounts", kind: isWrong, what: "an IAM member", given: bindings(base, object{"users": object{"source_service_accounts": list{"serviceAccount:office@p.iam.gserviceaccount.com"}}}),
			says: []string{`bindings["users"].source_service_accounts[0]`, `"serviceAccount:office@p.iam.gserviceaccount.com"`, `Did you mean "office@p.iam.gserviceaccount.com"?`}},

		{argument: "bindings.service_accounts", kind: isUnknown, given: mongodb(object{"service_accounts": unknown}),
			says: []string{"service_accounts", "network_tags", "mongodb"}},
		{argument: "bindings.service_accounts", kind: isNull, given: mongodb(object{"service_accounts": nil, "network_tags": list{"mongodb"}}),
			gives: allBound},
		{argument: "bindings.service_accounts", kind: isEmpty, given: mongodb(object{"service_accounts": list{}}),
			says: []string{at + ".service_accounts", "the list is empty", "write null"}},
		{argument: "bindings.service_accounts", kind: isWrong, what: "a name", given: mongodb(object{"service_accounts": list{"database"}}),
			says: []string{at + ".service_accounts[0]", `"database"`, "iam.gserviceaccount.com"}},
		{argument: "bindings.service_accounts", kind: isWrong, what: "a person's email", given: mongodb(object{"service_accounts": list{"jane@example.com"}}),
			says: []string{at + ".service_accounts[0]", `"jane@example.com"`, "as in canopsis@my-project.iam.gserviceaccount.com"}},
		{argument: "bindings.service_accounts", kind: isWrong, what: "a resource's name", given: mongodb(object{"service_accounts": list{"projects/p/serviceAccounts/db@p.iam.gserviceaccount.com"}}),
			says: []string{at + ".service_accounts[0]", `"projects/p/serviceAccounts/db@p.iam.gserviceaccount.com"`, `Did you mean "db@p.iam.gserviceaccount.com"?`}},
		{argument: "bindings.service_accounts", kind: isWrong, what: "eleven of them", given: mongodb(object{"service_accounts": manyAccounts(11)}),
			says: []string{at + ".service_accounts", "11", "up to 10"}},
	}
}

func manyTags(n int) list {
	var tags list
	for i := range n {
		tags = append(tags, fmt.Sprintf("tag-%d", i))
	}
	return tags
}

func manyAccounts(n int) list {
	var accounts list
	for i := range n {
		accounts = append(accounts, fmt.Sprintf("account-%d@p.iam.gserviceaccount.com", i))
	}
	return accounts
}
