package provider

import (
	"strings"
	"testing"
)

// kubectlPolicy is a policy as kubectl prints it.
func kubectlPolicy(name, labels, rules string) string {
	return `{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "` + name + `", "namespace": "canopsis", "uid": "u", "resourceVersion": "7"}, "spec": {"podSelector": {"matchLabels": {` + labels + `}}, "policyTypes": ["Ingress"]` + rules + `}}`
}

// TestAuditOfPolicies compares policies by host with what kubectl prints: how rules
// are dealt out among policies changes nothing, and a host that no policy selects is
// open.
func TestAuditOfPolicies(t *testing.T) {
	t.Parallel()
	expected, funcErr := callRules(t, targetNamed("kubernetes").function(), writtenRules(), kubernetesBindings)
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	const users = `{"from": [{"ipBlock": {"cidr": "10.20.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 8443}]}`
	const others = `{"from": [{"ipBlock": {"cidr": "192.0.2.0/28"}}], "ports": [{"port": 22}]}, {"from": [{"ipBlock": {"cidr": "10.30.0.0/16"}}], "ports": [{"protocol": "UDP", "port": 162}]}`
	const canopsis = `{"from": [{"podSelector": {"matchLabels": {"app": "canopsis"}}}], "ports": [{"protocol": "TCP", "port": 27017}]}`
	web := func(rules string) string {
		return kubectlPolicy("web", `"app": "canopsis"`, `, "ingress": [`+rules+`]`)
	}
	database := kubectlPolicy("db", `"app": "mongodb"`, `, "ingress": [`+canopsis+`]`)
	for what, c := range map[string]struct {
		policies    []string
		ok          bool
		key, status string
		open        string // what is to be looked at
	}{
		"all of it":             {[]string{web(users + "," + others), database}, true, "users-to-canopsis", "present", ""},
		"in two policies":       {[]string{web(users), web(others), database}, true, "users-to-canopsis", "present", ""},
		"a rule is missing":     {[]string{web(others), database}, false, "users-to-canopsis", "missing", ""},
		"a host without policy": {[]string{web(users + "," + others)}, false, "canopsis-to-mongodb", "covered", "canopsis/app=mongodb/ingress/default"},
		"a rule without peers":  {[]string{web(users + "," + others), database, kubectlPolicy("chart", `"app": "mongodb"`, `, "ingress": [{"ports": [{"port": 27017}]}]`)}, false, "canopsis-to-mongodb", "present", "canopsis/chart"},
	} {
		text := `{"apiVersion": "v1", "kind": "List", "items": [` + strings.Join(c.policies, ",") + `]}`
		got := audited(t, object{"expected": plain(t, expected), "actual": text, "settings": object{"directions": list{"ingress"}, "groups": object{"mongodb": list{"canopsis/app=mongodb"}}}})
		if part(t, got, "ok") != c.ok || part(t, got, "expected", "ingress", c.key, "status") != c.status {
			t.Errorf("%s: ok is %v, the rule %v: %v", what, part(t, got, "ok"), part(t, got, "expected", "ingress", c.key, "status"), part(t, got, "summary"))
		}
		actual, _ := part(t, got, "actual").(object)
		if _, looked := actual[c.open]; c.open != "" && !looked || c.open == "" && len(actual) > 0 {
			t.Errorf("%s: to be looked at is %s", what, spell(actual))
		}
	}
}

// TestAuditRefusesPoliciesThatNobodyReturned checks that what somebody changed by hand
// is refused rather than read as something else.
func TestAuditRefusesPoliciesThatNobodyReturned(t *testing.T) {
	t.Parallel()
	returned := auditExpected(t, "kubernetes")
	policy := object{"name": "a", "namespace": "b", "spec": object{"podSelector": object{"matchLabels": object{"app": "a"}}, "policyTypes": list{"Ingress"}}, "peers": list{}}
	for what, c := range map[string]struct {
		ingress any
		want    string
	}{
		"no spec":           {object{"canopsis": policy.without("spec")}, "its rules have the attributes name, namespace, peers"},
		"no peers":          {object{"canopsis": policy.without("peers")}, "the policy has no peers"},
		"another host":      {object{"web": policy}, `"web" is not in counts`},
		"peers of no rules": {object{"canopsis": policy.with(object{"peers": list{object{"peer": "a", "flows": list{}}, object{"peer": "b", "flows": list{}}}})}, "its spec and its peers differ"},
	} {
		_, funcErr := auditRun(t, object{"expected": returned.with(object{"ingress": c.ingress, "egress": object{}}), "actual": list{}, "settings": object{"directions": list{"ingress"}}})
		if funcErr == nil || !strings.Contains(funcErr.Text, c.want) {
			t.Errorf("%s: %v, and not an error that says %q", what, funcErr, c.want)
		}
	}
}

// TestReportsOfPolicies writes what policies enforce, peers by their names.
func TestReportsOfPolicies(t *testing.T) {
	t.Parallel()
	result, funcErr := callRules(t, targetNamed("kubernetes").function(), writtenRules(), kubernetesBindings.with(object{
		"users": object{"peer_namespace": "ingress", "peer_pod_labels": object{"app": "nginx"}, "cidrs": list{"10.20.0.0/16"}},
	}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	r := &reportReader{}
	r.rules(r.Root("rules", untyped(object{"kubernetes": plain(t, result)})))
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range append(r.report.Enforced[0].Ingress, r.report.Enforced[0].Egress...) {
		got = append(got, b.Host+": "+strings.Join(b.Peers, " ")+" "+b.Peer.Kind+" "+b.Peer.Name+" for "+strings.Join(b.Flows, " "))
	}
	want := "canopsis: 192.0.2.0/28   for administrators-to-canopsis-ssh\n" +
		"canopsis: 10.30.0.0/16   for snmp_trap_sources-to-canopsis-snmp\n" +
		"canopsis: 10.20.0.0/16 pods ingress/nginx for users-to-canopsis-nginx\n" +
		"mongodb:  pods canopsis/canopsis for canopsis-to-mongodb\n" +
		"canopsis: 10.40.0.5/32   for canopsis-to-ldap\n" +
		"canopsis:  pods canopsis/mongodb for canopsis-to-mongodb"
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("policies are read as\n%s\nnot\n%s", text, want)
	}
}

// TestAuditOfAzure compares rules with what az prints: the rule that closes the group
// is nothing that is missing, and where it lacks the whole network enters.
func TestAuditOfAzure(t *testing.T) {
	t.Parallel()
	printed := func(name, access, source, port string, priority string) string {
		return `{"access": "` + access + `", "description": null, "destinationAddressPrefix": "*", "destinationAddressPrefixes": [], "destinationPortRange": "` + port + `", "destinationPortRanges": [], "direction": "Inbound", "etag": "e",
			"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/canopsis/securityRules/` + name + `", "name": "` + name + `", "priority": ` + priority + `, "protocol": "*", "provisioningState": "Succeeded", "resourceGroup": "rg",
			"sourceAddressPrefix": "` + source + `", "sourceAddressPrefixes": [], "sourcePortRange": "*", "sourcePortRanges": [], "type": "Microsoft.Network/networkSecurityGroups/securityRules"}`
	}
	users, closing := strings.Replace(printed("users", "Allow", "10.20.0.0/16", "8443", "200"), `"protocol": "*"`, `"protocol": "Tcp"`, 1), printed("close", "Deny", "*", "*", "4096")
	for what, c := range map[string]struct {
		text, status string
		ok           bool
		looked       string
	}{
		"all of it":               {"[" + users + "," + closing + "]", "present", true, ""},
		"a group with its rules":  {`{"name": "canopsis", "securityRules": [` + users + "," + closing + `]}`, "present", true, ""},
		"without the closing one": {"[" + users + "]", "present", false, "rg/canopsis/ingress/default"},
		"without the users":       {"[" + closing + "]", "missing", false, ""},
		"open to everybody":       {"[" + users + "," + closing + "," + printed("ssh", "Allow", "Internet", "22", "300") + "]", "present", false, "ssh"},
		"denied before":           {"[" + users + "," + closing + "," + printed("deny", "Deny", "10.20.0.0/16", "*", "100") + "]", "missing", false, ""},
	} {
		got := audited(t, object{"expected": auditExpected(t, "azure"), "actual": c.text, "settings": object{"directions": list{"ingress"}}})
		if part(t, got, "ok") != c.ok || part(t, got, "expected", "ingress", "users-to-canopsis/tcp", "status") != c.status {
			t.Errorf("%s: ok is %v, the rule %v: %v", what, part(t, got, "ok"), part(t, got, "expected", "ingress", "users-to-canopsis/tcp", "status"), part(t, got, "summary"))
		}
		actual, _ := part(t, got, "actual").(object)
		if _, looked := actual[c.looked]; c.looked != "" && !looked || c.ok && len(actual) > 0 {
			t.Errorf("%s: to be looked at is %s", what, spell(actual))
		}
	}
}
