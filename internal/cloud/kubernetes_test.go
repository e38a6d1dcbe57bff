package cloud_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// pods is where the tests' pods run.
var pods = cloud.World{Addresses: map[string][]netip.Prefix{
	"canopsis/app=known": {netip.MustParsePrefix("10.9.0.1/32")},
}}

// What each part of a rule does.
func TestKubernetes(t *testing.T) {
	t.Parallel()
	const at = `"namespace": "canopsis", "podSelector": {"matchLabels": {"app": "web"}}, `
	const ssh = `"ports": [{"protocol": "TCP", "port": 22}]`
	const one = `"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], `
	rule := func(text string) string { return `"rule": {` + text + `}` }
	check(t, cloud.Kubernetes(), pods, at, []truth{
		{rule(one + ssh), "10.0.0.0/8 6/22"},
		{rule(one + `"ports": [{"port": 22}]`), "10.0.0.0/8 6/22"},
		{rule(one + `"ports": [{"protocol": "UDP", "port": 162}, {"protocol": "SCTP", "port": 1, "endPort": 65535}]`), "10.0.0.0/8 17/162; 10.0.0.0/8 132"},
		{rule(one + `"ports": [{"protocol": "TCP"}]`), "10.0.0.0/8 6"},
		{rule(`"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]`), "10.0.0.0/8 everything"},
		{rule(one + `"ports": []`), "10.0.0.0/8 everything"},
		{rule(`"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/9"]}}], ` + ssh), "10.128.0.0/9 6/22"},
		{rule(`"from": [{"ipBlock": {"cidr": "2001:db8::/32"}}], ` + ssh), "2001:db8::/32 6/22"},
		// Nobody named is everybody.
		{rule(ssh), "0.0.0.0/0 6/22; every other group (IPv4) 6/22; ::/0 6/22; every other group (IPv6) 6/22"},
		{rule(`"from": [], ` + ssh), "0.0.0.0/0 6/22; every other group (IPv4) 6/22; ::/0 6/22; every other group (IPv6) 6/22"},
		{rule(`"from": [{"podSelector": {"matchLabels": {"app": "db", "a": "b"}}}], ` + ssh), "canopsis/a=b,app=db (IPv4) 6/22; canopsis/a=b,app=db (IPv6) 6/22"},
		{rule(`"from": [{"podSelector": {}}], ` + ssh), "canopsis/ (IPv4) 6/22; canopsis/ (IPv6) 6/22"},
		{rule(`"from": [{"podSelector": {"matchLabels": {"app": "known"}}}], ` + ssh), "10.9.0.1/32 6/22"},
		{rule(`"from": [{"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["known"]}]}}], ` + ssh), "10.9.0.1/32 6/22"},
		{rule(`"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}, "podSelector": {"matchLabels": {"app": "db"}}}], ` + ssh), "other/app=db (IPv4) 6/22; other/app=db (IPv6) 6/22"},
		{rule(`"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}], ` + ssh), "other/ (IPv4) 6/22; other/ (IPv6) 6/22"},
		{rule(`"from": [{"namespaceSelector": {"matchLabels": {"team": "a"}}}], ` + ssh), "{team=a}/ (IPv4) 6/22; {team=a}/ (IPv6) 6/22"},
		{rule(`"from": [{"namespaceSelector": {}}], ` + ssh), "every other group (IPv4) 6/22; every other group (IPv6) 6/22"},
		{rule(`"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "db"}}}], ` + ssh), "*/app=db (IPv4) 6/22; */app=db (IPv6) 6/22"},
		// A policy without rules lets nothing pass.
		{``, ""},

		{rule(`"from": [{"namespaceSelector": null, "podSelector": {"matchLabels": {"app": "db"}}}], ` + ssh), `error: Unreadable rule: rule.from[0].namespaceSelector: it is null, of which Terraform's provider makes everything. Allowed: a value, or no such attribute.`},
		{rule(`"from": null, ` + ssh), `error: Unreadable rule: rule.from: it is null, of which Terraform's provider makes everything. Allowed: a value, or no such attribute.`},
		{rule(`"from": [{}], ` + ssh), `error: Unreadable rule: rule.from[0].ipBlock: a peer has no form. Allowed: ipBlock, podSelector, namespaceSelector.`},
		{rule(`"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}], ` + ssh), `error: Unreadable rule: rule.from[0].ipBlock: it stands beside a selector. Allowed: either of the two.`},
		{rule(`"from": [{"ipBlock": {"cidr": "10.0.0.1/8"}}], ` + ssh), `error: Unreadable rule: rule.from[0].ipBlock.cidr: 10.0.0.1/8 has host bits: the network is 10.0.0.0/8. Allowed: 10.0.0.0/8.`},
		{rule(one + `"ports": [{"protocol": "tcp", "port": 22}]`), `error: Unreadable rule: rule.ports[0].protocol: "tcp" is not a protocol of network policies. Allowed: TCP, UDP, SCTP.`},
		{rule(one + `"ports": [{"port": "https"}]`), `error: Unreadable rule: rule.ports[0].port: "https" is a port's name, which only the pods say. Allowed: the number.`},
		{rule(one + `"ports": [{"port": 0}]`), `error: Unreadable rule: rule.ports[0].port: 0 is not a port. Allowed: 1 to 65535.`},
		{rule(one + `"ports": [{"endPort": 22}]`), `error: Unreadable rule: rule.ports[0].port: a range of ports has both bounds, and this one is missing. Allowed: 1 to 65535.`},
		{rule(one + `"to": [], ` + ssh + `, "fqdns": ["a"]`), `error: Unknown attribute: rule.fqdns: "fqdns" is not an attribute that is known here, and could narrow or widen the rule. Allowed: from, ports.`},
		{rule(`"from": [{"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}], ` + ssh), `error: Unreadable rule: rule.from[0].podSelector.matchExpressions[0].operator: app Exists [] is not known here. Allowed: matchLabels, or In with one value.`},
	})
	for text, want := range map[string]string{
		`{"namespace": "canopsis", "rule": {}}`:                        "podSelector: the policy has none",
		`{"podSelector": {}, "rule": {}}`:                              "namespace: the policy has none",
		`{"namespace": "canopsis", "podSelector": {}, "fqdn": "a"}`:    `"fqdn" is not an attribute`,
		`{"namespace": "canopsis", "podSelector": null}`:               "podSelector: it is null",
		`{"namespace": "canopsis", "podSelector": {"matchLabels": 1}}`: "podSelector.matchLabels: it is 1",
		`{"namespace": 1, "podSelector": {}, "rule": {}}`:              "namespace: it is the number 1",
		`{"namespace": "canopsis", "podSelector": {}, "rule": []}`:     "rule: it is []. Allowed: an object",
		`{"namespace": "canopsis", "podSelector": {}, "rule": ""}`:     `rule: it is "". Allowed: an object`,
	} {
		if _, _, err := cloud.Kubernetes().Read(rowOf(t, text), cloud.Ingress, pods); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is read with %v, and not refused with %q", text, err, want)
		}
	}
}

// policiesOf reads manifests, as Terraform has them.
func policiesOf(t *testing.T, manifests ...string) []cloud.Rule {
	t.Helper()
	var rules []cloud.Rule
	for _, text := range manifests {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		seen, err := cloud.Kubernetes().Objects(refusal.At("manifest"), value)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range seen.Rules {
			rule, known, err := cloud.Kubernetes().Read(p.Row, p.Direction, pods)
			if err != nil || !known {
				t.Fatalf("%s: known %t, %v", text, known, err)
			}
			rules = append(rules, rule)
		}
	}
	return rules
}

func manifest(name, labels, types, rules string) string {
	return `{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "` + name + `", "namespace": "canopsis"}, "spec": {"podSelector": {"matchLabels": {` + labels + `}}, "policyTypes": [` + types + `]` + rules + `}}`
}

// The directions of a policy are those that Kubernetes makes of what is given; what it
// would refuse is refused, and what is not known yet is not known.
func TestPolicyTypes(t *testing.T) {
	t.Parallel()
	const users = `, "ingress": [{"from": [{"ipBlock": {"cidr": "10.20.0.0/16"}}]}]`
	for _, c := range []struct{ types, rules, want string }{
		{`"policyTypes": ["Ingress"]`, users, "ingress"},
		{`"policyTypes": ["Egress"]`, users, "egress"},
		{`"policyTypes": []`, users, "ingress"},
		{`"policyTypes": null`, users, "ingress"},
		{`"policyTypes": []`, users + `, "egress": []`, "ingress"},
		{`"policyTypes": []`, users + `, "egress": [{}]`, "ingress egress"},
		{`"policyTypes": ["ingress"]`, users, `policyTypes: it is ["ingress"]`},
		{`"policyTypes": ["Ingress", null]`, users, `policyTypes: it is ["Ingress",null]`},
		{`"policyTypes": "Ingress"`, users, `policyTypes: it is "Ingress"`},
		{`"policyTypes": ""`, users, `policyTypes: it is ""`},
		{`"policyTypes": {}`, users, `policyTypes: it is {}`},
		{`"policyTypes": ["Ingress"]`, `, "ingress": [[]]`, `rule: it is []`},
		{`"policyTypes": ["Ingress"]`, `, "ingress": [""]`, `rule: it is ""`},
	} {
		text := strings.Replace(manifest("a", `"app": "web"`, "", c.rules), `"policyTypes": []`, c.types, 1)
		seen, err := cloud.Kubernetes().Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, p := range seen.Rules {
			if _, _, err := cloud.Kubernetes().Read(p.Row, p.Direction, pods); err != nil {
				got = []string{err.Error()}
				break
			}
			got = append(got, string(p.Direction))
		}
		if said := strings.Join(got, " "); said != c.want && (!strings.Contains(c.want, ": ") || !strings.Contains(said, c.want)) {
			t.Errorf("%s%s is for %q, not %q", c.types, c.rules, said, c.want)
		}
	}
	for _, types := range []any{cloud.Unknown{}, []any{cloud.Unknown{}}, []any{"Ingress", cloud.Unknown{}}} {
		policy := map[string]any{"kind": "NetworkPolicy", "metadata": map[string]any{"name": "a", "namespace": "b"}, "spec": map[string]any{"podSelector": map[string]any{}, "policyTypes": types}}
		if seen, err := cloud.Kubernetes().Objects(refusal.At("actual"), policy); err != nil || !seen.Unknown || len(seen.Rules) > 0 {
			t.Errorf("%v: %+v, %v", types, seen, err)
		}
	}
}

// Which pods are open, and to whom: nobody's pods are open, those of a policy are
// not, and policies add up at the pods that have the labels of several.
func TestKubernetesIsolation(t *testing.T) {
	t.Parallel()
	const users = `, "ingress": [{"from": [{"ipBlock": {"cidr": "10.20.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 8080}]}]`
	web := manifest("web-ingress", `"app": "web"`, `"Ingress"`, users)
	closed := manifest("db-ingress", `"app": "db"`, `"Ingress"`, "")
	wide := manifest("team-ingress", `"team": "a"`, `"Ingress"`, users)
	user, other := packet.Address(netip.MustParseAddr("10.20.0.1")), packet.Address(netip.MustParseAddr("192.0.2.1"))
	nginx := packet.PortRange(6, 8080, 8080)
	for _, c := range []struct {
		what      string
		manifests []string
		pods      string
		direction cloud.Direction
		user      bool // reaches, or is reached
		other     bool
	}{
		{"no policy at all", nil, "canopsis/app=web", cloud.Ingress, true, true},
		{"a policy", []string{web}, "canopsis/app=web", cloud.Ingress, true, false},
		{"a policy of the other direction", []string{web}, "canopsis/app=web", cloud.Egress, true, true},
		{"a policy of other pods", []string{web}, "canopsis/app=db", cloud.Ingress, true, true},
		{"a policy of another namespace", []string{web}, "other/app=web", cloud.Ingress, true, true},
		{"a policy without a rule", []string{web, closed}, "canopsis/app=db", cloud.Ingress, false, false},
		{"a label that pods of both have", []string{closed, wide}, "canopsis/app=db,team=a", cloud.Ingress, true, false},
		{"pods with more labels", []string{closed}, "canopsis/app=db,team=a", cloud.Ingress, false, false},
		{"pods with fewer", []string{manifest("x", `"app": "db", "team": "a"`, `"Ingress"`, "")}, "canopsis/app=db", cloud.Ingress, true, true},
		{"no labels", []string{manifest("all", ``, `"Ingress", "Egress"`, users)}, "canopsis/app=db", cloud.Egress, false, false},
	} {
		passes, _ := cloud.Kubernetes().Passes(policiesOf(t, c.manifests...), c.direction, c.pods)
		if got := passes.Contains(user, nginx); got != c.user {
			t.Errorf("%s: users pass: %t", c.what, got)
		}
		if got := passes.Contains(other, nginx); got != c.other {
			t.Errorf("%s: others pass: %t", c.what, got)
		}
	}
}

// Every form in which policies are had says the same.
func TestKubernetesForms(t *testing.T) {
	t.Parallel()
	policy := manifest("web", `"app": "web"`, `"Ingress", "Egress"`, `, "ingress": [{"from": [{"ipBlock": {"cidr": "10.20.0.0/16"}}, {"podSelector": {}}], "ports": [{"protocol": "TCP", "port": 8080, "endPort": 8443}]}]`)
	want := []string{
		"egress [canopsis/app=web] canopsis/web ",
		"ingress [canopsis/app=web] canopsis/web 10.20.0.0/16 6/8080-8443; canopsis/ (IPv4) 6/8080-8443; canopsis/ (IPv6) 6/8080-8443",
	}
	live := strings.Replace(policy, `"ports"`, `"extra": null, "ports"`, 1)
	typed := `{"id": "canopsis/web", "metadata": [{"name": "web", "namespace": "canopsis", "labels": null, "uid": "u"}], "spec": [{"egress": [], "pod_selector": [{"match_expressions": [], "match_labels": {"app": "web"}}], "policy_types": ["Ingress", "Egress"],
		"ingress": [{"from": [{"ip_block": [{"cidr": "10.20.0.0/16", "except": null}], "namespace_selector": [], "pod_selector": []}, {"ip_block": [], "namespace_selector": [], "pod_selector": [{"match_expressions": [], "match_labels": null}]}], "ports": [{"end_port": 8443, "port": "8080", "protocol": "TCP"}]}]}], "timeouts": null}`
	state := func(kind, values string) string {
		return `{"format_version": "1.0", "values": {"root_module": {"resources": [{"address": "a", "type": "` + kind + `", "values": ` + values + `}, {"address": "b", "type": "kubernetes_manifest", "values": {"manifest": {"kind": "Service"}, "object": null}}]}}}`
	}
	for what, text := range map[string]string{
		"kubectl get":           `{"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [` + policy + `]}`,
		"kubectl get of one":    policy,
		"the API":               `{"kind": "NetworkPolicyList", "metadata": {"continue": ""}, "items": [` + strings.Replace(policy, `"kind": "NetworkPolicy", `, "", 1) + `]}`,
		"a state of manifests":  state("kubernetes_manifest", `{"manifest": `+policy+`, "object": null}`),
		"of what came of them":  state("kubernetes_manifest", `{"manifest": {}, "object": `+live+`}`),
		"a state of the typed":  state("kubernetes_network_policy_v1", typed),
		"a policy's own object": "[" + policy + "]",
		"a map of resources":    `{"canopsis": {"manifest": ` + policy + `, "object": ` + live + `}, "mongodb": {"manifest": ` + policy + `}}`,
		"the typed resources":   `{"canopsis": ` + typed + `}`,
	} {
		seen, err := cloud.Kubernetes().Parse(text)
		if strings.HasPrefix(what, "the typed") || strings.HasPrefix(what, "a map") || strings.HasPrefix(what, "a policy's") {
			var value any
			if err := json.Unmarshal([]byte(text), &value); err != nil {
				t.Fatal(err)
			}
			seen, err = cloud.Kubernetes().Objects(refusal.At("actual"), value)
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var got []string
		for _, p := range seen.Rules {
			rule, known, err := cloud.Kubernetes().Read(p.Row, p.Direction, pods)
			if err != nil || !known {
				t.Errorf("%s: %v: %v", what, p.Row, err)
			}
			got = append(got, string(rule.Direction)+" ["+strings.Join(rule.Groups, " ")+"] "+rule.ID+" "+strings.ReplaceAll(strings.TrimSpace(packet.New(rule.Packets).String()), "\n", "; "))
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s is read as\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
}

// What is no policy is never read as none, and a spec that is not known as unknown.
func TestKubernetesRefusesWhatIsNoPolicy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"kind": "List", "items": [{"kind": "Service", "metadata": {}, "spec": {}}]}`: "it has no rules where they are known to stand",
		`{"kind": "NetworkPolicyList", "metadata": {"continue": "x"}, "items": []}`:    "metadata.continue says that there are more pages",
		`{"kind": "NetworkPolicy", "metadata": {}}`:                                    "it has no rules where they are known to stand",
	} {
		if _, err := cloud.Kubernetes().Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is read with %v, and not refused with %q", text, err, want)
		}
	}
	for what, value := range map[string]any{
		"manifest": map[string]any{"manifest": cloud.Unknown{}},
		"spec":     map[string]any{"manifest": map[string]any{"kind": "NetworkPolicy", "metadata": map[string]any{}, "spec": cloud.Unknown{}}},
		"ingress":  map[string]any{"kind": "NetworkPolicy", "metadata": map[string]any{}, "spec": map[string]any{"ingress": cloud.Unknown{}}},
	} {
		if seen, err := cloud.Kubernetes().Objects(refusal.At("actual"), value); err != nil || !seen.Unknown {
			t.Errorf("%s that is not known: %+v, %v", what, seen, err)
		}
	}
	unknownCIDR := cloud.Row{"namespace": "a", "podSelector": map[string]any{}, "rule": map[string]any{"from": []any{map[string]any{"ipBlock": map[string]any{"cidr": cloud.Unknown{}}}}}}
	if _, known, err := cloud.Kubernetes().Read(unknownCIDR, cloud.Ingress, pods); known || err != nil {
		t.Errorf("a prefix that is not known gives known %t, %v", known, err)
	}
}
