package firewall_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// labels is the form's value, of NAME=VALUE; the value ? is not known yet.
func labels(pairs ...string) firewall.Cell {
	object := make(map[string]firewall.Cell)
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		object[name] = firewall.TextCell(value)
		if value == "?" {
			object[name] = firewall.Cell{Text: firewall.Unknown[string]()}
		}
	}
	return firewall.Cell{Nested: &firewall.NestedCell{Object: object}}
}

// podsIn binds a host to pods of a namespace.
func podsIn(namespace string, pairs ...string) firewall.Binding {
	return firewall.Binding{Forms: firewall.Forms{"namespace": firewall.TextCell(namespace), "pod_labels": labels(pairs...)}}
}

// manifestOf spells a cell as YAML does on one line: names sorted, ? for unknown.
func manifestOf(cell firewall.Cell) string {
	switch nested := cell.Nested; {
	case nested != nil && nested.Object != nil:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(nested.Object)) {
			parts = append(parts, name+": "+manifestOf(nested.Object[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case nested != nil:
		var parts []string
		for _, one := range nested.List {
			parts = append(parts, manifestOf(one))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case !cell.Number.IsAbsent():
		n, _ := cell.Number.Get()
		return fmt.Sprint(n)
	case !cell.Texts.IsAbsent():
		texts, _ := cell.Texts.Get()
		var parts []string
		for _, text := range texts {
			parts = append(parts, spell(text))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case !cell.Text.IsAbsent():
		return spell(cell.Text)
	}
	return "null"
}

// specOf returns a host's policy in a direction.
func specOf(t *testing.T, result *firewall.Result, direction firewall.Direction, host string) string {
	t.Helper()
	return manifestOf(find(t, result.Rules(direction), host).Cells[2])
}

func TestKubernetesPolicies(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.Kubernetes(), bindings{
		"canopsis": podsIn("canopsis", "app=web"),
		"web":      {Forms: firewall.Forms{"namespace": {Text: firewall.Unknown[string]()}, "pod_labels": labels("app=?", "tier=front")}},
		"idle":     podsIn("canopsis", "app=idle"),
		"users":    {CIDRs: []string{"2001:db8::/32", "10.20.0.0/16", "10.20.1.0/24"}},
		"vpn":      {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Known("10.0.0.5/32"), "a_later": firewall.Unknown[string]()}},
		"agents":   {Forms: firewall.Forms{"peer_namespace": firewall.TextCell("monitoring")}, CIDRs: []string{"10.9.0.0/24"}},
		"probes":   {Forms: firewall.Forms{"peer_namespace": firewall.TextCell("monitoring"), "peer_pod_labels": labels("k8s-app=probe")}},
		"mongodb":  {CIDRs: []string{"10.2.0.0/28"}},
		"ldap":     {CIDRs: []string{}},
	}, "users canopsis tcp/8080", "users canopsis tcp/8443-8445", "vpn canopsis tcp/22", "agents canopsis tcp/9100", "probes canopsis udp/162",
		"web canopsis sctp/2905", "canopsis mongodb tcp/27017", "canopsis ldap tcp/636", "users canopsis icmp/8", "canopsis canopsis tcp/4369")
	if got := keys(result.Rules(firewall.Ingress)); !slices.Equal(got, []string{"canopsis", "idle", "web"}) {
		t.Errorf("policies of ingress for %v", got)
	}
	const cluster = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
	for _, c := range []struct {
		direction  firewall.Direction
		host, want string
	}{
		{firewall.Ingress, "canopsis", "{ingress: [" +
			"{from: [{" + cluster + "monitoring}}}, {ipBlock: {cidr: 10.9.0.0/24}}], ports: [{port: 9100, protocol: TCP}]}, " +
			"{from: [{" + cluster + "canopsis}}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 4369, protocol: TCP}]}, " +
			"{from: [{" + cluster + "monitoring}}, podSelector: {matchLabels: {k8s-app: probe}}}], ports: [{port: 162, protocol: UDP}]}, " +
			"{from: [{ipBlock: {cidr: 10.20.0.0/16}}, {ipBlock: {cidr: 2001:db8::/32}}], ports: [{port: 8080, protocol: TCP}, {endPort: 8445, port: 8443, protocol: TCP}]}, " +
			"{from: [{ipBlock: {cidr: ?}}, {ipBlock: {cidr: 10.0.0.5/32}}], ports: [{port: 22, protocol: TCP}]}, " +
			"{from: [{" + cluster + "?}}, podSelector: {matchLabels: {app: ?, tier: front}}}], ports: [{port: 2905, protocol: SCTP}]}" +
			"], podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}"},
		{firewall.Egress, "canopsis", "{egress: [" +
			"{ports: [{port: 4369, protocol: TCP}], to: [{" + cluster + "canopsis}}, podSelector: {matchLabels: {app: web}}}]}, " +
			"{ports: [{port: 27017, protocol: TCP}], to: [{ipBlock: {cidr: 10.2.0.0/28}}]}" +
			"], podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"},
		{firewall.Ingress, "idle", "{podSelector: {matchLabels: {app: idle}}, policyTypes: [Ingress]}"},
		{firewall.Egress, "idle", "{podSelector: {matchLabels: {app: idle}}, policyTypes: [Egress]}"},
		{firewall.Ingress, "web", "{podSelector: {matchLabels: {app: ?, tier: front}}, policyTypes: [Ingress]}"},
		{firewall.Egress, "web", "{egress: [{ports: [{port: 2905, protocol: SCTP}], to: [{" + cluster + "canopsis}}, podSelector: {matchLabels: {app: web}}}]}], podSelector: {matchLabels: {app: ?, tier: front}}, policyTypes: [Egress]}"},
	} {
		if got := specOf(t, result, c.direction, c.host); got != c.want {
			t.Errorf("%s of %s is\n%s\nnot\n%s", c.direction, c.host, got, c.want)
		}
	}
	if want := map[string]string{
		"canopsis-to-ldap/tcp-636": "ldap has no addresses",
		"users-to-canopsis/icmp-8": "network policies have words for tcp, udp and sctp alone: what becomes of icmp the cluster's network decides",
	}; !maps.Equal(result.Unenforced, want) {
		t.Errorf("unenforced is %v", result.Unenforced)
	}
	policy := find(t, result.Rules(firewall.Egress), "canopsis")
	if got := manifestOf(policy.Cells[0]) + " " + manifestOf(policy.Cells[1]) + " " + manifestOf(policy.Cells[3]); got !=
		"canopsis-egress canopsis [{flows: [canopsis-to-canopsis], peer: canopsis}, {flows: [canopsis-to-mongodb], peer: mongodb}]" {
		t.Errorf("the policy's other attributes are %s", got)
	}
	want := map[string]firewall.Count{
		"canopsis": {Ingress: firewall.Known[int64](11), Egress: firewall.Known[int64](2)},
		"web":      {Ingress: firewall.Known[int64](0), Egress: firewall.Known[int64](1)},
		"idle":     {Ingress: firewall.Known[int64](0), Egress: firewall.Known[int64](0)},
	}
	if !maps.Equal(result.Counts, want) {
		t.Errorf("counts are %+v", result.Counts)
	}
}

// TestKubernetesSpellsPorts: capitals, numbers, and both bounds of a range alone.
func TestKubernetesSpellsPorts(t *testing.T) {
	t.Parallel()
	for ports, want := range map[string]string{
		"tcp/443": "{port: 443, protocol: TCP}", "udp/500-501": "{endPort: 501, port: 500, protocol: UDP}", "sctp/1-65535": "{endPort: 65535, port: 1, protocol: SCTP}",
		"icmp": "", "icmpv6/128": "", "vrrp": "", "ip/253": "",
	} {
		result := render(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "users": cidrs("10.20.0.0/16")}, "users canopsis "+ports)
		spec := specOf(t, result, firewall.Ingress, "canopsis")
		if (want == "") != (len(result.Unenforced) == 1) || want == "" && strings.Contains(spec, "ingress:") || !strings.Contains(spec, want) {
			t.Errorf("%s gives %s, unenforced %v", ports, spec, result.Unenforced)
		}
	}
}

// Trap: what is null or empty in a manifest is everything. Whatever the bindings,
// there is nothing such, and every host has one policy a direction.
func TestKubernetesTrapNothingIsNullOrEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefixes := rapid.SliceOfN(rapid.SampledFrom([]string{"10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"}), 0, 3)
		given := bindings{
			"canopsis": podsIn("canopsis", "app=web"), "mongodb": podsIn("canopsis", "app=db"),
			"users": {CIDRs: append([]string{}, prefixes.Draw(t, "users")...)}, "vpn": {NamedCIDRs: map[string]firewall.Value[string]{}},
			"sites": {Forms: firewall.Forms{"peer_namespace": firewall.TextCell("sites")}, CIDRs: prefixes.Draw(t, "sites")},
			"ldap":  {SameAs: "sites"},
		}
		ends := rapid.SampledFrom(slices.Sorted(maps.Keys(given)))
		rules := make(map[string]firewallRule)
		for range rapid.IntRange(0, 8).Draw(t, "rules") {
			line := ends.Draw(t, "source") + " " + ends.Draw(t, "destination") + " " + rapid.SampledFrom([]string{"tcp/80", "udp/1-65535", "icmp", "vrrp"}).Draw(t, "ports")
			r := ruleOf(line)
			rules[r.Key()] = r
		}
		for id, b := range given {
			b.Attach = b.Forms["pod_labels"].Nested != nil
			given[id] = b
		}
		result, err := firewall.Kubernetes().Render(rules, given)
		if err != nil {
			t.Fatal(err)
		}
		for _, direction := range []firewall.Direction{firewall.Ingress, firewall.Egress} {
			if got := keys(result.Rules(direction)); !slices.Equal(got, []string{"canopsis", "mongodb"}) {
				t.Fatalf("policies of %s for %v", direction, got)
			}
			for _, policy := range result.Rules(direction) {
				spec := manifestOf(policy.Cells[2])
				for _, trap := range []string{"null", "[]", "{}", "''"} {
					if strings.Contains(spec, trap) {
						t.Fatalf("%s of %s has %s: %s", direction, policy.Key, trap, spec)
					}
				}
				if rules := strings.Count(spec, "ports:"); rules != strings.Count(spec, "from:")+strings.Count(spec, "to:") {
					t.Fatalf("a rule names no peers, or no ports: %s", spec)
				}
			}
		}
	})
}

// Trap: a peer without addresses is nobody. The last rule of a host leaves its policy.
func TestKubernetesTrapTheLastRuleGoes(t *testing.T) {
	t.Parallel()
	for what, users := range map[string]firewall.Binding{"no addresses": {CIDRs: []string{}}, "no names": {NamedCIDRs: map[string]firewall.Value[string]{}}} {
		result := render(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "users": users}, "users canopsis tcp/8080")
		if got := specOf(t, result, firewall.Ingress, "canopsis"); got != "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}" {
			t.Errorf("%s: the policy is %s", what, got)
		}
		if result.Unenforced["users-to-canopsis/tcp-8080"] != "users has no addresses" {
			t.Errorf("%s: unenforced is %v", what, result.Unenforced)
		}
	}
}

// Trap: labels that are among another host's open that host's pods too.
func TestKubernetesTrapLabelsAmongAnothers(t *testing.T) {
	t.Parallel()
	wide := podsIn("canopsis", "app=canopsis")
	for what, c := range map[string]struct {
		other firewall.Binding
		found string
	}{
		"the same":           {podsIn("canopsis", "app=canopsis"), `"canopsis" and "mongodb" have the same labels, in one namespace`},
		"more":               {podsIn("canopsis", "app=canopsis", "tier=db"), `every label of "canopsis" is one of "mongodb" too, in one namespace`},
		"another value":      {podsIn("canopsis", "app=mongodb", "tier=db"), ""},
		"another label":      {podsIn("canopsis", "tier=db"), ""},
		"another namespace":  {podsIn("databases", "app=canopsis"), ""},
		"not known yet":      {podsIn("canopsis", "app=?", "tier=db"), ""},
		"unknown namespace":  {firewall.Binding{Forms: firewall.Forms{"namespace": {Text: firewall.Unknown[string]()}, "pod_labels": labels("app=canopsis")}}, ""},
		"a part not known":   {podsIn("canopsis", "app=canopsis", "tier=?"), `every label of "canopsis" is one of "mongodb" too, in one namespace`},
		"a peer of them all": {firewall.Binding{Forms: firewall.Forms{"peer_namespace": firewall.TextCell("canopsis"), "peer_pod_labels": labels("app=canopsis")}}, ""},
	} {
		for i, order := range [][2]firewall.Binding{{wide, c.other}, {c.other, wide}} {
			given := bindings{"canopsis": order[0], "mongodb": order[1]}
			if c.found == "" {
				render(t, firewall.Kubernetes(), given, "canopsis mongodb tcp/27017")
				continue
			}
			wrong := refused(t, firewall.Kubernetes(), given, "canopsis mongodb tcp/27017")
			if wrong.Summary != "Two hosts that share machines" || wrong.At.String() != `bindings["mongodb"].pod_labels` || !strings.Contains(wrong.Remedy, `placement = { mongodb = "canopsis" }`) {
				t.Errorf("%s: %v", what, wrong)
			}
			give := "Give each a label that pods of the other lack, or"
			if what != "the same" {
				give = "Give " + []string{"canopsis", "mongodb"}[i] + " a label that pods of "
			}
			if !strings.HasPrefix(wrong.Remedy, give) {
				t.Errorf("%s: %s", what, wrong.Remedy)
			}
			if !strings.Contains(wrong.Found, c.found) && !strings.Contains(wrong.Found, `every label of "mongodb" is one of "canopsis" too`) {
				t.Errorf("%s: %s", what, wrong.Found)
			}
		}
	}
}

// What the API server refuses at apply is refused at plan.
func TestKubernetesRefusesBindings(t *testing.T) {
	t.Parallel()
	form := func(pairs ...any) firewall.Binding {
		b := firewall.Binding{Forms: firewall.Forms{}}
		for i := 0; i < len(pairs); i += 2 {
			name, _ := pairs[i].(string)
			if text, ok := pairs[i+1].(string); ok {
				b.Forms[name] = firewall.TextCell(text)
			} else if cell, ok := pairs[i+1].(firewall.Cell); ok {
				b.Forms[name] = cell
			}
		}
		return b
	}
	for name, c := range map[string]struct {
		peer              firewall.Binding
		summary, at, near string
		found             string
	}{
		"no labels":                 {form("pod_labels", labels(), "namespace", "a"), "Empty labels", ".pod_labels", "", "every pod of the namespace"},
		"no labels of a peer":       {form("peer_namespace", "a", "peer_pod_labels", labels()), "Empty labels", ".peer_pod_labels", "", "every pod of the namespace"},
		"labels without namespace":  {form("pod_labels", labels("app=a")), "Missing attribute", "", "", "pod_labels is set without namespace"},
		"a namespace alone":         {form("namespace", "a"), "Attribute without its own", ".namespace", "", "namespace is set without pod_labels"},
		"a peer's labels alone":     {form("peer_pod_labels", labels("app=a")), "Attribute without its own", ".peer_pod_labels", "", "peer_pod_labels is set without peer_namespace"},
		"a peer's labels elsewhere": {form("pod_labels", labels("app=a"), "namespace", "a", "peer_pod_labels", labels("app=b")), "Attribute without its own", ".peer_pod_labels", "", "without peer_namespace"},
		"an invalid namespace":      {form("peer_namespace", "My_Team"), "Invalid namespace", ".peer_namespace", "my-team", `"My_Team"`},
		"a namespace too long":      {form("peer_namespace", strings.Repeat("a", 64)), "Invalid namespace", ".peer_namespace", "", "aaaa"},
		"an empty namespace":        {form("peer_namespace", ""), "Empty identifier", ".peer_namespace", "", "the text is empty"},
		"an empty value":            {form("peer_namespace", "a", "peer_pod_labels", labels("app=")), "Invalid label", `.peer_pod_labels["app"]`, "", `"" is not a label's value`},
		"an invalid value":          {form("peer_namespace", "a", "peer_pod_labels", labels("app=a b")), "Invalid label", `.peer_pod_labels["app"]`, "", `"a b" is not a label's value`},
		"a value that ends in -":    {form("peer_namespace", "a", "peer_pod_labels", labels("app=a-")), "Invalid label", `.peer_pod_labels["app"]`, "", `"a-"`},
		"an invalid name":           {form("peer_namespace", "a", "peer_pod_labels", labels("a/b/c=x")), "Invalid label", `.peer_pod_labels["a/b/c"]`, "", `"a/b/c" is not a label's name`},
		"an invalid domain":         {form("peer_namespace", "a", "peer_pod_labels", labels("A.io/b=x")), "Invalid label", `.peer_pod_labels["A.io/b"]`, "", "is not a label's name"},
	} {
		wrong := refused(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "peer": c.peer}, "canopsis peer tcp/8080")
		if wrong.Summary != c.summary || wrong.At.String() != `bindings["peer"]`+c.at || wrong.Nearest != c.near || !strings.Contains(wrong.Found, c.found) {
			t.Errorf("%s: %s at %s near %q: %s", name, wrong.Summary, wrong.At, wrong.Nearest, wrong.Found)
		}
	}
	for _, valid := range []firewall.Binding{
		form("peer_namespace", "a", "peer_pod_labels", labels("app.kubernetes.io/name=A_b.c-9")),
		form("pod_labels", labels("app=a"), "namespace", "a", "peer_namespace", "b"),
		{Forms: firewall.Forms{"peer_namespace": {Text: firewall.Unknown[string]()}}},
	} {
		render(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "relay": valid}, "canopsis relay tcp/8080")
	}
	// Pods that are only ever users are someone else's.
	wrong := refused(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "users": podsIn("canopsis", "app=users")}, "users canopsis tcp/8080")
	if wrong.Summary != "Rules attached to what is no host" || !strings.Contains(wrong.Remedy, "In place of pod_labels and namespace write peer_namespace, to which peers refer") {
		t.Errorf("pods of users: %v", wrong)
	}
}

// Two endpoints may be pods of one namespace, and one of them of all its pods.
func TestKubernetesPeersShareANamespace(t *testing.T) {
	t.Parallel()
	peer := func(pairs ...string) firewall.Binding {
		b := firewall.Binding{Forms: firewall.Forms{"peer_namespace": firewall.TextCell("monitoring")}}
		if len(pairs) > 0 {
			b.Forms["peer_pod_labels"] = labels(pairs...)
		}
		return b
	}
	result := render(t, firewall.Kubernetes(), bindings{"canopsis": podsIn("canopsis", "app=web"), "a": peer("app=a"), "b": peer("app=b"), "c": peer()},
		"a canopsis tcp/1", "b canopsis tcp/2", "c canopsis tcp/3")
	if got := strings.Count(specOf(t, result, firewall.Ingress, "canopsis"), "monitoring"); got != 3 {
		t.Errorf("%d peers", got)
	}
}

// What is known at plan stays, whatever becomes of what is not, and no order of the
// input matters.
func TestKubernetesKeysAreHosts(t *testing.T) {
	t.Parallel()
	given := func(label, cidr firewall.Value[string], prefixes ...string) bindings {
		return bindings{
			"canopsis": {Forms: firewall.Forms{"namespace": firewall.TextCell("canopsis"), "pod_labels": {Nested: &firewall.NestedCell{Object: map[string]firewall.Cell{"app": {Text: label}}}}}},
			"users":    {CIDRs: prefixes, NamedCIDRs: map[string]firewall.Value[string]{"office": cidr}},
		}
	}
	lines := []string{"users canopsis tcp/8080", "canopsis users tcp/443"}
	planned := render(t, firewall.Kubernetes(), given(firewall.Unknown[string](), firewall.Unknown[string](), "10.0.0.0/9", "10.128.0.0/16"), lines...)
	applied := render(t, firewall.Kubernetes(), given(firewall.Known("web"), firewall.Known("192.0.2.0/24"), "10.128.0.0/16", "10.0.0.0/9", "10.0.0.0/16"), lines...)
	for _, direction := range []firewall.Direction{firewall.Ingress, firewall.Egress} {
		before, after := specOf(t, planned, direction, "canopsis"), specOf(t, applied, direction, "canopsis")
		if want := strings.Replace(strings.Replace(before, "app: ?", "app: web", 1), "cidr: ?", "cidr: 192.0.2.0/24", 1); after != want {
			t.Errorf("planned as\n%s\napplied as\n%s", before, after)
		}
	}
	if !reflect.DeepEqual(planned.Counts, applied.Counts) {
		t.Errorf("counts are %v at plan and %v at apply", planned.Counts, applied.Counts)
	}
}
