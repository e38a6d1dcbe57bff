package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// azureRulesSurface has the cases of what a binding is to Azure alone, and of its
// settings; those of every target stand under aws_rules.
func azureRulesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": azureBindings}
	return surface{
		name: "function azure_rules",
		base: base,
		arguments: func(t *testing.T) []string {
			names := ownBindingAttributes(firewall.Azure())(t)
			for _, setting := range firewall.Azure().Settings {
				names = append(names, "settings."+setting.Name)
			}
			return append(names, "settings")
		},
		run: func(t *testing.T, c diagnosticCase) outcome {
			t.Helper()
			given := base.with(c.given)
			result, funcErr := runWithSettings(t, newRulesFunction(firewall.Azure()), untyped(given["rules"]), untyped(given["bindings"]), given["settings"])
			if funcErr != nil {
				return functionOutcome(funcErr.Text, funcErr.FunctionArgument, "rules", "bindings", "settings")
			}
			return outcome{result: describeBound(t, result)}
		},
		cases: azureBindingCases(base),
	}
}

// runWithSettings calls a function's Run with a third argument, unless it is nil.
func runWithSettings(t testing.TB, f function.Function, rules, bindings tftypes.Value, settings any) (tftypes.Value, *function.FuncError) {
	t.Helper()
	definition := definitionOf(t, f)
	data, _ := definition.Return.NewResultData(t.Context())
	resp := function.RunResponse{Result: data}
	var given []attr.Value
	var kinds []attr.Type
	if settings != nil {
		value := untyped(settings)
		given, kinds = []attr.Value{protocolValue{protocolType{value.Type()}, value}}, []attr.Type{protocolType{value.Type()}}
	}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{
		protocolValue{protocolType{rules.Type()}, rules}, protocolValue{protocolType{bindings.Type()}, bindings}, types.TupleValueMust(kinds, given),
	})}, &resp)
	value, err := resp.Result.Value().ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return value, resp.Error
}

const azureApplications = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/"

// azureBindings bind every endpoint of writtenRules.
var azureBindings = awsBindings.with(object{
	"canopsis": object{"network_security_group_name": "canopsis", "resource_group_name": "rg", "application_security_group_id": azureApplications + "canopsis"},
	"mongodb":  object{"network_security_group_name": "mongodb", "resource_group_name": "rg", "application_security_group_id": azureApplications + "mongodb"},
})

// azurePeers are bindings with which every kind of peer comes out.
func azurePeers() []object {
	return []object{azureBindings.with(object{"ldap": object{"service_tag": "AzureActiveDirectory"}})}
}

func azureBindingCases(base object) []diagnosticCase {
	own := object{"network_security_group_name": "mongodb", "resource_group_name": "rg", "application_security_group_id": azureApplications + "mongodb"}
	mongodb := func(attributes object) object { return bindings(base, object{"mongodb": own.with(attributes)}) }
	users := func(attributes object) object { return binding(base, attributes) }
	set := func(attributes any) object { return object{"settings": attributes} }
	const at, usersAt = `bindings["mongodb"]`, `bindings["users"]`
	const all = "6 ingress, 2 egress, unenforced: none"
	return []diagnosticCase{
		{argument: "bindings.network_security_group_name", kind: isUnknown, given: mongodb(object{"network_security_group_name": unknown}),
			says: []string{at + ".network_security_group_name", "not known yet", "as the configuration has it"}},
		{argument: "bindings.network_security_group_name", kind: isNull, given: mongodb(object{"network_security_group_name": nil}),
			says: []string{at + ".resource_group_name", "without network_security_group_name", "Add network_security_group_name"}},
		{argument: "bindings.network_security_group_name", kind: isEmpty, given: mongodb(object{"network_security_group_name": ""}),
			says: []string{at + ".network_security_group_name", "the text is empty", "or null"}},
		{argument: "bindings.network_security_group_name", kind: isWrong, what: "an id", given: mongodb(object{"network_security_group_name": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/mongodb"}),
			says: []string{at + ".network_security_group_name", "is not a network security group's name", `Did you mean "mongodb"?`}},
		{argument: "bindings.network_security_group_name", kind: isWrong, what: "shared", given: bindings(base, object{
			"canopsis": object{"network_security_group_name": "shared", "resource_group_name": "rg"}, "mongodb": object{"network_security_group_name": "shared", "resource_group_name": "rg"},
		}),
			says: []string{at, "not each of them has an application security group", "Give both application_security_group_id"}},

		{argument: "bindings.resource_group_name", kind: isUnknown, given: mongodb(object{"resource_group_name": unknown}),
			says: []string{at + ".resource_group_name", "not known yet", "as the configuration has it"}},
		{argument: "bindings.resource_group_name", kind: isNull, given: mongodb(object{"resource_group_name": nil}),
			says: []string{at, "network_security_group_name is set without resource_group_name", "Add resource_group_name"}},
		{argument: "bindings.resource_group_name", kind: isEmpty, given: mongodb(object{"resource_group_name": ""}),
			says: []string{at + ".resource_group_name", "the text is empty", "or null"}},
		{argument: "bindings.resource_group_name", kind: isWrong, what: "a list", given: mongodb(object{"resource_group_name": list{"rg"}}),
			says: []string{at + ".resource_group_name", "a list", "a resource group's name"}},

		{argument: "bindings.application_security_group_id", kind: isUnknown, given: mongodb(object{"application_security_group_id": unknown}),
			gives: all},
		{argument: "bindings.application_security_group_id", kind: isNull, given: mongodb(object{"application_security_group_id": nil}),
			gives: "6 ingress, 1 egress, unenforced: canopsis-to-mongodb/tcp-27017"},
		{argument: "bindings.application_security_group_id", kind: isEmpty, given: users(object{"application_security_group_id": ""}),
			says: []string{usersAt + ".application_security_group_id", "the text is empty", "or null"}},
		{argument: "bindings.application_security_group_id", kind: isWrong, what: "a name", given: users(object{"application_security_group_id": "users"}),
			says: []string{usersAt + ".application_security_group_id", `"users"`, "not a name"}},
		{argument: "bindings.application_security_group_id", kind: isWrong, what: "beside a tag", given: users(object{"application_security_group_id": azureApplications + "u", "service_tag": "AzureMonitor"}),
			says: []string{usersAt, "are both set", "Keep one"}},

		{argument: "bindings.service_tag", kind: isUnknown, given: users(object{"service_tag": unknown}),
			gives: all},
		{argument: "bindings.service_tag", kind: isNull, given: users(object{"service_tag": nil, "cidrs": list{}}),
			gives: "5 ingress, 2 egress, unenforced: users-to-canopsis-nginx/tcp-8443"},
		{argument: "bindings.service_tag", kind: isEmpty, given: users(object{"service_tag": ""}),
			says: []string{usersAt + ".service_tag", "the text is empty", "or null"}},
		{argument: "bindings.service_tag", kind: isWrong, what: "a prefix", given: users(object{"service_tag": "10.0.0.0/8"}),
			says: []string{usersAt + ".service_tag", `"10.0.0.0/8"`, "AzureMonitor"}},
		{argument: "bindings.service_tag", kind: isWrong, what: "the Internet", given: users(object{"service_tag": "Internet"}),
			says: []string{usersAt, "0.0.0.0/0", "allow_public = true"}},
		{argument: "bindings.service_tag", kind: isRight, what: "the Internet, allowed", given: users(object{"service_tag": "Internet", "allow_public": true}),
			gives: all},

		{argument: "settings", kind: isUnknown, given: set(unknown), gives: "(known after apply)"},
		{argument: "settings", kind: isNull, given: object{"settings": nil}, gives: all},
		{argument: "settings", kind: isEmpty, given: set(object{}), gives: all},
		{argument: "settings", kind: isWrong, what: "a list", given: set(list{}),
			says: []string{"settings", "a list", "an object of settings"}},
		{argument: "settings", kind: isWrong, what: "a misspelt name", given: set(object{"priority": object{}}),
			says: []string{"settings.priority", `"priority" is not a setting of azure_rules`, `Did you mean "priorities"?`}},

		{argument: "settings.load_balancer_probes", kind: isUnknown, given: set(object{"load_balancer_probes": unknown}),
			says: []string{"settings.load_balancer_probes", "not known yet", "Write it in the configuration"}},
		{argument: "settings.load_balancer_probes", kind: isNull, given: set(object{"load_balancer_probes": nil}),
			gives: all},
		{argument: "settings.load_balancer_probes", kind: isEmpty, given: set(object{"load_balancer_probes": ""}),
			says: []string{"settings.load_balancer_probes", `the text ""`, "true or false"}},
		{argument: "settings.load_balancer_probes", kind: isWrong, given: set(object{"load_balancer_probes": 1}),
			says: []string{"settings.load_balancer_probes", "the number 1", "true or false"}},
		{argument: "settings.load_balancer_probes", kind: isRight, given: set(object{"load_balancer_probes": true}),
			gives: "8 ingress, 2 egress, unenforced: none"},

		{argument: "settings.first_priority", kind: isUnknown, given: set(object{"first_priority": unknown}),
			says: []string{"settings.first_priority", "not known yet", "Write it in the configuration"}},
		{argument: "settings.first_priority", kind: isNull, given: set(object{"first_priority": nil}), gives: all},
		{argument: "settings.first_priority", kind: isEmpty, given: set(object{"first_priority": ""}),
			says: []string{"settings.first_priority", `the text ""`, "a whole number"}},
		{argument: "settings.first_priority", kind: isWrong, what: "too low", given: set(object{"first_priority": 99}),
			says: []string{"settings.first_priority", "99 is not a priority", "from 100 to 4094"}},

		{argument: "settings.last_priority", kind: isUnknown, given: set(object{"last_priority": unknown}),
			says: []string{"settings.last_priority", "not known yet", "Write it in the configuration"}},
		{argument: "settings.last_priority", kind: isNull, given: set(object{"last_priority": nil}), gives: all},
		{argument: "settings.last_priority", kind: isEmpty, given: set(object{"last_priority": ""}),
			says: []string{"settings.last_priority", `the text ""`, "a whole number"}},
		{argument: "settings.last_priority", kind: isWrong, what: "too high", given: set(object{"last_priority": 4096}),
			says: []string{"settings.last_priority", "4096 is not a priority", "from 100 to 4094"}},
		{argument: "settings.last_priority", kind: isWrong, what: "before the first", given: set(object{"last_priority": 500}),
			says: []string{"settings.last_priority", "500 is before first_priority", "Give a higher one"}},

		{argument: "settings.priorities", kind: isUnknown, given: set(object{"priorities": unknown}),
			says: []string{"settings.priorities", "not known yet", "Write it in the configuration"}},
		{argument: "settings.priorities", kind: isNull, given: set(object{"priorities": nil}), gives: all},
		{argument: "settings.priorities", kind: isNull, what: "a priority", given: set(object{"priorities": object{"users-to-canopsis/tcp": nil}}),
			says: []string{`settings.priorities["users-to-canopsis/tcp"]`, "null stands here", "leave the element out"}},
		{argument: "settings.priorities", kind: isEmpty, given: set(object{"priorities": object{}}), gives: all},
		{argument: "settings.priorities", kind: isWrong, what: "no such rule", given: set(object{"priorities": object{"users-to-canopsis/udp": 200}}),
			says: []string{`settings.priorities["users-to-canopsis/udp"]`, "is not the key of a rule", `Did you mean "users-to-canopsis/tcp"?`}},
		{argument: "settings.priorities", kind: isWrong, what: "a text", given: set(object{"priorities": object{"users-to-canopsis/tcp": "first"}}),
			says: []string{`settings.priorities["users-to-canopsis/tcp"]`, `the text "first"`, "a whole number"}},
		{argument: "settings.priorities", kind: isRight, given: set(object{"priorities": object{"users-to-canopsis/tcp": 200}}), gives: all},
	}
}
