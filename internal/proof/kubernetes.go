package proof

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// kubernetesFacts: policies have words for tcp, udp and sctp alone; they add up; a
// pod that none selects is open; what is null or empty in a manifest is everything,
// or refused at apply.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/
var kubernetesFacts = facts{
	group: podsOf,
	bind: func(c *Case, id string, b *firewall.Binding) {
		e := c.World[id]
		if !e.Group {
			return
		}
		attaching, referring := [2]string{"namespace", "pod_labels"}, [2]string{"peer_namespace", "peer_pod_labels"}
		if e.Unmanaged {
			bindPods(b, referring, podsOf(c, id))
			return
		}
		bindPods(b, attaching, podsOf(c, id))
		b.Attach = true
		if len(e.Beside) > 0 {
			bindPods(b, referring, podsOf(c, id+beside))
		}
	},
	says: func(_ firewall.Direction, ports matrix.PortRange, _ Form, _, _ Endpoint, _ bool) bool {
		return ports.Protocol().HasPorts()
	},
	rows: kubernetesRows,
	refuses: func() func(cloud.Row, cloud.Rule) error {
		return func(row cloud.Row, rule cloud.Rule) error {
			rules, ok := row["rule"].(map[string]any)
			if ok && (len(rule.Packets.Peers) == 0 || len(rule.Packets.Ports) == 0) {
				return fmt.Errorf("%v does nothing", rules)
			}
			return nil
		}
	},
}

// podsOf is how an endpoint's pods are called: those of someone else are a whole
// namespace in every second case.
func podsOf(c *Case, id string) string {
	namespace := "canopsis"
	if e, ok := c.World[id]; !ok || e.Unmanaged {
		namespace = "of-" + strings.ReplaceAll(id, "_", "-")
		if c.Seed%2 == 0 {
			return namespace + "/"
		}
	}
	return namespace + "/app=" + id
}

// bindPods writes the forms of pods that are called so.
func bindPods(b *firewall.Binding, forms [2]string, pods string) {
	namespace, label, _ := strings.Cut(pods, "/")
	b.Forms[forms[0]] = firewall.TextCell(namespace)
	if name, value, ok := strings.Cut(label, "="); ok {
		b.Forms[forms[1]] = firewall.Cell{Nested: &firewall.NestedCell{Object: map[string]firewall.Cell{name: firewall.TextCell(value)}}}
	}
}

var policyName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$`)

// kubernetesRows writes the manifest as users do, and reads it.
func kubernetesRows(_ firewall.Target, bound firewall.Bound, direction cloud.Direction) ([]cloud.Row, error) {
	name := valueOf(bound.Cells[0])
	if text, ok := name.(string); !ok || !policyName.MatchString(text) {
		return nil, fmt.Errorf("the name is %v", name)
	}
	manifest := Manifest(bound)
	if err := emptyIn(manifest["spec"]); err != nil {
		return nil, err
	}
	seen, err := cloud.Kubernetes().Objects(refusal.At(bound.Key), manifest)
	if err != nil {
		return nil, err
	}
	rows := make([]cloud.Row, 0, len(seen.Rules))
	for _, printed := range seen.Rules {
		if printed.Direction != direction {
			return nil, fmt.Errorf("a policy of %s is one of %s too", direction, printed.Direction)
		}
		rows = append(rows, printed.Row)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("the policy selects nothing in %s", direction)
	}
	return rows, nil
}

// plain returns nested values as Terraform has them.
func plain(value any) any {
	switch v := value.(type) {
	case cloud.Row:
		object := make(map[string]any, len(v))
		for name, inner := range v {
			object[name] = plain(inner)
		}
		return object
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return value
}

// emptyIn refuses null, an empty list and an empty object at any depth: the first two
// are everything or an error, and no selector is meant to be for all.
func emptyIn(value any) error {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return fmt.Errorf("an empty object")
		}
		for name, inner := range v {
			if err := emptyIn(inner); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	case []any:
		if len(v) == 0 {
			return fmt.Errorf("an empty list")
		}
		for _, inner := range v {
			if err := emptyIn(inner); err != nil {
				return err
			}
		}
	case nil:
		return fmt.Errorf("null")
	}
	return nil
}

// Sighting is a packet where a firewall sees it, with what the flows say of it: for
// judges that this module does not hold.
type Sighting struct {
	Direction firewall.Direction
	Endpoint  string // whose policies it meets
	Packet    Packet
	Allowed   bool
}

// Sightings returns what both ends of a case's rules see, from its seed.
func (c Cloud) Sightings(of *Case, count int) []Sighting {
	source, allowed := newPackets(of), newFlows(of, c)
	var all []Sighting
	for range count {
		seen, ok := source.next()
		if !ok {
			break
		}
		if of.World[seen.endpoint].managed() {
			all = append(all, Sighting{seen.direction, seen.endpoint, seen.packet, allowed.Allows(seen.direction, seen.endpoint, seen.packet) != ""})
		}
	}
	return all
}

// Rendered returns what the target makes of a case.
func (c Cloud) Rendered(of *Case) (*firewall.Result, error) { return c.Render(of, c.bindings(of)) }

// Manifest returns a policy as the cluster is given it.
func Manifest(bound firewall.Bound) map[string]any {
	return map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": map[string]any{"name": valueOf(bound.Cells[0]), "namespace": valueOf(bound.Cells[1])},
		"spec":     plain(valueOf(bound.Cells[2])),
	}
}

// Pods returns the names of the pods that have an address, NAMESPACE/LABEL=VALUE.
func Pods(of *Case, address netip.Addr) []string {
	var names []string
	for id, e := range of.World {
		if slices.Contains(e.Machines, address) {
			names = append(names, podsOf(of, id))
		}
		if slices.Contains(e.Beside, address) {
			names = append(names, podsOf(of, id+beside))
		}
	}
	return names
}
