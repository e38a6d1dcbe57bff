// Package cyclonus_test lets another project's matcher judge network policies: it
// shares no code with this one. It is a module of its own, so that what it needs of
// Kubernetes is not needed by the provider.
package cyclonus_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/mattfenwick/cyclonus/pkg/matcher" // what network policies do, by its authors
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

func kubernetes(t *testing.T) proof.Cloud {
	t.Helper()
	clouds, err := proof.Clouds(firewall.Kubernetes())
	if err != nil {
		t.Fatal(err)
	}
	return clouds[0]
}

// policies returns objects of Kubernetes' own types, of which nothing that was
// written may be left over.
func policies(t *testing.T, manifests ...map[string]any) []*networkingv1.NetworkPolicy {
	t.Helper()
	var all []*networkingv1.NetworkPolicy
	for _, manifest := range manifests {
		text, err := json.Marshal(manifest)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.DisallowUnknownFields()
		policy := &networkingv1.NetworkPolicy{}
		if err := decoder.Decode(policy); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all = append(all, policy)
	}
	return all
}

// pod returns the pod that is called NAMESPACE/LABEL=VALUE, at an address.
func pod(name string, address netip.Addr) *matcher.TrafficPeer {
	namespace, label, _ := strings.Cut(name, "/")
	internal := &matcher.InternalPeer{
		PodLabels: map[string]string{}, NamespaceLabels: map[string]string{"kubernetes.io/metadata.name": namespace}, Namespace: namespace,
	}
	if key, value, ok := strings.Cut(label, "="); ok {
		internal.PodLabels[key] = value
	}
	return &matcher.TrafficPeer{Internal: internal, IP: address.String()}
}

var protocols = map[uint8]corev1.Protocol{6: corev1.ProtocolTCP, 17: corev1.ProtocolUDP, 132: corev1.ProtocolSCTP}

// TestCyclonusAgreesWithTheFlows asks the matcher about packets of many deployments,
// one end at a time, as the proof does.
func TestCyclonusAgreesWithTheFlows(t *testing.T) {
	t.Parallel()
	const deployments, packets = 400, 200
	cloud := kubernetes(t)
	asked, allowed, unclear := 0, 0, 0
	for seed := range uint64(deployments) {
		c, err := proof.Generate(3*seed, cloud)
		if err != nil {
			t.Fatal(err)
		}
		result, err := cloud.Rendered(c)
		if err != nil {
			t.Fatal(err)
		}
		judges := make(map[firewall.Direction]*matcher.Policy)
		for _, direction := range []firewall.Direction{firewall.Ingress, firewall.Egress} {
			var manifests []map[string]any
			for _, bound := range result.Rules(direction) {
				manifests = append(manifests, proof.Manifest(bound))
			}
			judges[direction] = matcher.BuildNetworkPolicies(false, policies(t, manifests...))
		}
		for _, seen := range cloud.Sightings(c, packets) {
			protocol, ok := protocols[seen.Packet.Protocol]
			near, far := seen.Packet.Destination, seen.Packet.Source
			if seen.Direction == firewall.Egress {
				near, far = far, near
			}
			there := slices.Compact(slices.Sorted(slices.Values(proof.Pods(c, far))))
			if !ok || seen.Packet.Port == 0 || len(there) > 1 { // no such packet, or an address of two pods
				unclear++
				continue
			}
			peer := &matcher.TrafficPeer{IP: far.String()}
			if len(there) == 1 {
				peer = pod(there[0], far)
			}
			here := pod("canopsis/app="+seen.Endpoint, near)
			traffic := &matcher.Traffic{Source: peer, Destination: here, ResolvedPort: int(seen.Packet.Port), Protocol: protocol}
			if seen.Direction == firewall.Egress {
				traffic.Source, traffic.Destination = here, peer
			}
			asked++
			passes := judges[seen.Direction].IsIngressOrEgressAllowed(traffic, seen.Direction == firewall.Ingress).IsAllowed()
			if passes != seen.Allowed {
				t.Fatalf("%s%v: the flows allow it: %t, the matcher lets it pass: %t", c, seen, seen.Allowed, passes)
			}
			if passes {
				allowed++
			}
		}
	}
	t.Logf("%d packets of %d deployments, of which %d pass, and %d that policies have no word for or whose sender is two pods; 0 apart", asked, deployments, allowed, unclear)
	if asked < 10*deployments || allowed < asked/20 || allowed > asked*19/20 {
		t.Errorf("of %d packets %d pass, which proves little", asked, allowed)
	}
}

// TestTrapsAreOpen shows what the renderer avoids: each of these manifests is near
// one that it writes, and lets everybody in.
func TestTrapsAreOpen(t *testing.T) {
	t.Parallel()
	cidr := func(text string) any { return map[string]any{"ipBlock": map[string]any{"cidr": text}} }
	ports := []any{map[string]any{"protocol": "TCP", "port": 8080}}
	labels := func(app string) any { return map[string]any{"matchLabels": map[string]any{"app": app}} }
	policy := func(selector any, rules ...any) map[string]any {
		spec := map[string]any{"podSelector": selector, "policyTypes": []any{"Ingress"}}
		if rules != nil {
			spec["ingress"] = rules
		}
		return map[string]any{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "p", "namespace": "canopsis"}, "spec": spec}
	}
	stranger := &matcher.TrafficPeer{IP: "192.0.2.1"}
	prober := pod("elsewhere/app=web", netip.MustParseAddr("10.0.0.9"))
	for name, c := range map[string]struct {
		manifests []map[string]any
		from      *matcher.TrafficPeer
		open      bool
	}{
		"no policy, as one a rule leaves when the last goes": {nil, stranger, true},
		"a policy without rules":                             {[]map[string]any{policy(labels("canopsis"))}, stranger, false},
		"a rule whose peers became none":                     {[]map[string]any{policy(labels("canopsis"), map[string]any{"from": []any{}, "ports": ports})}, stranger, true},
		"a null selector, which becomes an empty one": {[]map[string]any{policy(labels("canopsis"),
			map[string]any{"from": []any{map[string]any{"namespaceSelector": map[string]any{}, "podSelector": labels("web")}}, "ports": ports})}, prober, true},
		"the selector as it is written": {[]map[string]any{policy(labels("canopsis"),
			map[string]any{"from": []any{map[string]any{"namespaceSelector": map[string]any{"matchLabels": map[string]any{"kubernetes.io/metadata.name": "canopsis"}}, "podSelector": labels("web")}}, "ports": ports})}, prober, false},
		"another's policy without from": {[]map[string]any{policy(labels("canopsis"), map[string]any{"from": []any{cidr("10.20.0.0/16")}, "ports": ports}), policy(labels("canopsis"), map[string]any{"ports": ports})}, stranger, true},
		"labels that are among another's": {[]map[string]any{
			policy(map[string]any{"matchLabels": map[string]any{"app": "canopsis", "tier": "db"}}),
			policy(labels("canopsis"), map[string]any{"from": []any{cidr("192.0.2.0/24")}, "ports": ports}),
		}, stranger, true},
	} {
		here := pod("canopsis/app=canopsis", netip.MustParseAddr("10.0.0.1"))
		if strings.HasPrefix(name, "labels that") {
			here.Internal.PodLabels["tier"] = "db"
		}
		traffic := &matcher.Traffic{Source: c.from, Destination: here, ResolvedPort: 8080, Protocol: corev1.ProtocolTCP}
		if got := matcher.BuildNetworkPolicies(false, policies(t, c.manifests...)).IsIngressOrEgressAllowed(traffic, true).IsAllowed(); got != c.open {
			t.Errorf("%s: it passes: %t, and not %t", name, got, c.open)
		}
	}
}

// TestWithoutAPolicyTheMatcherObjects takes the policies without rules away: the
// matcher has to see it, or its agreement is worth little.
func TestWithoutAPolicyTheMatcherObjects(t *testing.T) {
	t.Parallel()
	cloud := kubernetes(t)
	for seed := range uint64(200) {
		c, err := proof.Generate(seed, cloud)
		if err != nil {
			t.Fatal(err)
		}
		result, err := cloud.Rendered(c)
		if err != nil {
			t.Fatal(err)
		}
		var manifests []map[string]any
		for _, bound := range result.Rules(firewall.Ingress) {
			manifest := proof.Manifest(bound)
			if spec, _ := manifest["spec"].(map[string]any); spec["ingress"] != nil {
				manifests = append(manifests, manifest)
			}
		}
		judge := matcher.BuildNetworkPolicies(false, policies(t, manifests...))
		for _, seen := range cloud.Sightings(c, 100) {
			protocol, ok := protocols[seen.Packet.Protocol]
			if !ok || seen.Direction != firewall.Ingress || seen.Allowed {
				continue
			}
			traffic := &matcher.Traffic{
				Source: &matcher.TrafficPeer{IP: "192.0.2.1"}, Destination: pod("canopsis/app="+seen.Endpoint, seen.Packet.Destination),
				ResolvedPort: int(seen.Packet.Port), Protocol: protocol,
			}
			if judge.IsIngressOrEgressAllowed(traffic, true).IsAllowed() {
				return
			}
		}
	}
	t.Errorf("nobody sees that policies without rules are missing")
}
