package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// kubernetesSurface has the cases of what a binding is to Kubernetes alone; those of
// every target stand under aws_rules.
func kubernetesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": kubernetesBindings}
	return surface{
		name:      "function kubernetes_network_policies",
		base:      base,
		arguments: ownBindingAttributes(firewall.Kubernetes()),
		run:       functionRun(func() function.Function { return newRulesFunction(firewall.Kubernetes()) }, base),
		cases:     kubernetesBindingCases(base),
	}
}

// kubernetesBindings bind every endpoint of writtenRules.
var kubernetesBindings = awsBindings.with(object{
	"canopsis": object{"namespace": "canopsis", "pod_labels": object{"app": "canopsis"}},
	"mongodb":  object{"namespace": "canopsis", "pod_labels": object{"app": "mongodb"}},
})

// twoPolicies is what comes of bindings that bind two hosts: a policy of each in each
// direction.
const twoPolicies = "2 ingress, 2 egress, unenforced: none"

func kubernetesBindingCases(base object) []diagnosticCase {
	mongodb := func(attributes object) object { return bindings(base, object{"mongodb": attributes}) }
	users := func(attributes object) object { return binding(base, attributes) }
	const at, usersAt = `bindings["mongodb"]`, `bindings["users"]`
	own := object{"app": "mongodb"}
	return []diagnosticCase{
		{argument: "bindings.pod_labels", kind: isUnknown, given: mongodb(object{"namespace": "canopsis", "pod_labels": unknown}),
			says: []string{at + ".pod_labels", "not known yet", `"app.kubernetes.io/name"`}},
		{argument: "bindings.pod_labels", kind: isUnknown, what: "a value", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"app": unknown}}),
			gives: twoPolicies},
		{argument: "bindings.pod_labels", kind: isNull, given: mongodb(object{"namespace": "canopsis", "pod_labels": nil}),
			says: []string{at + ".namespace", "namespace is set without pod_labels", "Add pod_labels"}},
		{argument: "bindings.pod_labels", kind: isNull, what: "a value", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"app": nil}}),
			says: []string{at + `.pod_labels["app"]`, "null stands here", "leave the element out"}},
		{argument: "bindings.pod_labels", kind: isEmpty, given: mongodb(object{"namespace": "canopsis", "pod_labels": object{}}),
			says: []string{at + ".pod_labels", "every pod of the namespace", "or write null"}},
		{argument: "bindings.pod_labels", kind: isEmpty, what: "a value", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"app": ""}}),
			says: []string{at + `.pod_labels["app"]`, `"" is not a label's value`, "1 to 63 letters"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "a text", given: mongodb(object{"namespace": "canopsis", "pod_labels": "app=mongodb"}),
			says: []string{at + ".pod_labels", `the text "app=mongodb"`, `"app.kubernetes.io/name"`}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "a number", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"version": 7}}),
			says: []string{at + `.pod_labels["version"]`, "the number 7", "a text"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "a selector", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"matchLabels": own}}),
			says: []string{at + `.pod_labels["matchLabels"]`, "an object", "a text"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "a space", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"my app": "x"}}),
			says: []string{at + `.pod_labels["my app"]`, `"my app" is not a label's name`, "app.kubernetes.io/name"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "another host's", given: mongodb(object{"namespace": "canopsis", "pod_labels": object{"app": "canopsis", "tier": "db"}}),
			says: []string{at + ".pod_labels", `"canopsis" is one of "mongodb" too`, "policies add up"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "without namespace", given: mongodb(object{"pod_labels": own}),
			says: []string{at, "pod_labels is set without namespace", "peer_namespace"}},
		{argument: "bindings.pod_labels", kind: isWrong, what: "at an actor", given: users(object{"namespace": "canopsis", "pod_labels": object{"app": "users"}}),
			says: []string{usersAt + ".pod_labels", "only ever a source", "In place of pod_labels and namespace write peer_namespace"}},

		{argument: "bindings.namespace", kind: isUnknown, given: mongodb(object{"namespace": unknown, "pod_labels": own}),
			gives: twoPolicies},
		{argument: "bindings.namespace", kind: isNull, given: mongodb(object{"namespace": nil, "pod_labels": own}),
			says: []string{at, "pod_labels is set without namespace", "Add namespace"}},
		{argument: "bindings.namespace", kind: isEmpty, given: mongodb(object{"namespace": "", "pod_labels": own}),
			says: []string{at + ".namespace", "the text is empty", "or null"}},
		{argument: "bindings.namespace", kind: isWrong, what: "an underscore", given: mongodb(object{"namespace": "my_team", "pod_labels": own}),
			says: []string{at + ".namespace", `"my_team"`, `Did you mean "my-team"?`}},
		{argument: "bindings.namespace", kind: isWrong, what: "alone", given: mongodb(object{"namespace": "canopsis"}),
			says: []string{at + ".namespace", "namespace is set without pod_labels", "Add pod_labels"}},

		{argument: "bindings.peer_namespace", kind: isUnknown, given: users(object{"peer_namespace": unknown}),
			gives: twoPolicies},
		{argument: "bindings.peer_namespace", kind: isNull, given: users(object{"peer_namespace": nil, "cidrs": list{}}),
			gives: "2 ingress, 2 egress, unenforced: users-to-canopsis-nginx/tcp-8443"},
		{argument: "bindings.peer_namespace", kind: isEmpty, given: users(object{"peer_namespace": ""}),
			says: []string{usersAt + ".peer_namespace", "the text is empty", "or null"}},
		{argument: "bindings.peer_namespace", kind: isWrong, what: "a list", given: users(object{"peer_namespace": list{"ingress"}}),
			says: []string{usersAt + ".peer_namespace", "a list", "as in"}},
		{argument: "bindings.peer_namespace", kind: isRight, what: "beside labels of its own", given: mongodb(object{"namespace": "canopsis", "pod_labels": own, "peer_namespace": "proxies"}),
			gives: twoPolicies},

		{argument: "bindings.peer_pod_labels", kind: isUnknown, given: users(object{"peer_namespace": "ingress", "peer_pod_labels": unknown}),
			says: []string{usersAt + ".peer_pod_labels", "not known yet", `"k8s-app"`}},
		{argument: "bindings.peer_pod_labels", kind: isNull, given: users(object{"peer_namespace": "ingress", "peer_pod_labels": nil}),
			gives: twoPolicies},
		{argument: "bindings.peer_pod_labels", kind: isEmpty, given: users(object{"peer_namespace": "ingress", "peer_pod_labels": object{}}),
			says: []string{usersAt + ".peer_pod_labels", "every pod of the namespace", "or write null"}},
		{argument: "bindings.peer_pod_labels", kind: isWrong, what: "alone", given: users(object{"peer_pod_labels": object{"app": "x"}}),
			says: []string{usersAt + ".peer_pod_labels", "peer_pod_labels is set without peer_namespace", "add peer_namespace"}},
		{argument: "bindings.peer_pod_labels", kind: isWrong, what: "a list", given: users(object{"peer_namespace": "ingress", "peer_pod_labels": list{"app"}}),
			says: []string{usersAt + ".peer_pod_labels", "a list", `"k8s-app"`}},
	}
}

// TestKubernetesResultHasNoNull sends policies over the protocol: an object of what
// is there alone, and unknown values as leaves.
func TestKubernetesResultHasNoNull(t *testing.T) {
	t.Parallel()
	result, funcErr := callRules(t, targetNamed("kubernetes").function(), writtenRules(), kubernetesBindings.with(object{
		"administrators": object{"named_cidrs": object{"bastion": unknown}}, "users": object{"peer_namespace": "ingress"}, "ldap": object{"cidrs": list{}},
	}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	for _, direction := range []string{"ingress", "egress"} {
		for host, policy := range children(t, children(t, result)[direction]) {
			spec := children(t, policy)["spec"]
			for _, fault := range openedIn(direction+" of "+host, spec, false) {
				t.Error(fault)
			}
			attributes := children(t, spec)
			_, has := attributes[direction]
			if want := host == "canopsis" || direction == "ingress"; has != want {
				t.Errorf("%s of %s has rules: %t", direction, host, has)
			}
		}
	}
	spec := children(t, children(t, children(t, children(t, result)["ingress"])["canopsis"])["spec"])["ingress"]
	if text := spec.String(); !strings.Contains(text, `"cidr":tftypes.String<unknown>`) {
		t.Errorf("the bastion's address is no unknown leaf: %s", text)
	}
}

// openedIn returns what is wrong anywhere in a manifest: null, what is empty, and
// blocks of addresses that nobody allowed.
func openedIn(at string, v tftypes.Value, publicAllowed bool) []string {
	if v.IsNull() {
		return []string{at + " is null, which may be everything"}
	}
	if !v.IsKnown() {
		return nil
	}
	var faults []string
	if values, ok := elements(v); ok {
		if len(values) == 0 {
			faults = append(faults, at+" is an empty object, which is everything")
		}
		for name, value := range values {
			if name == "cidr" {
				faults = append(faults, openedBy(at, map[string]tftypes.Value{"remote_ip_prefix": value}, publicAllowed)...)
			}
			faults = append(faults, openedIn(at+"."+name, value, publicAllowed)...)
		}
	}
	if values, ok := sequence(v); ok {
		if len(values) == 0 {
			faults = append(faults, at+" is an empty list, which may be everything")
		}
		for _, value := range values {
			faults = append(faults, openedIn(at+"[]", value, publicAllowed)...)
		}
	}
	return faults
}
