package proof_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// tampered is AWS, which makes of the rules what change does.
func tampered(t *testing.T, change func(*firewall.Result)) proof.Cloud {
	t.Helper()
	all, err := proof.Clouds(firewall.AWS())
	if err != nil {
		t.Fatal(err)
	}
	cloud := all[0]
	render := cloud.Render
	cloud.Render = func(c *proof.Case, bindings map[string]firewall.Binding) (*firewall.Result, error) {
		result, err := render(c, bindings)
		if err != nil {
			return nil, err
		}
		changed := *result
		changed.Entries = make(map[string][]firewall.Bound)
		for part, rules := range result.Entries {
			changed.Entries[part] = clone(rules)
		}
		change(&changed)
		return &changed, nil
	}
	return cloud
}

func clone(rules []firewall.Bound) []firewall.Bound {
	cloned := slices.Clone(rules)
	for i := range cloned {
		cloned[i].Cells = slices.Clone(cloned[i].Cells)
	}
	return cloned
}

// cell is where AWS has this argument.
func cell(name string) int {
	return slices.IndexFunc(firewall.AWS().Arguments, func(a firewall.Argument) bool { return a.Name == name })
}

// A proof that cannot fail proves nothing: each of these faults is found soon,
// and reported with what shows it and little else.
func TestProofFindsFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		cloud proof.Cloud
		kind  proof.FaultKind
	}{
		{"a rule is forgotten", tampered(t, func(r *firewall.Result) {
			r.Entries["ingress"] = r.Rules(firewall.Ingress)[min(1, len(r.Rules(firewall.Ingress))):]
		}), proof.Different},
		{"no rule is rendered", tampered(t, func(r *firewall.Result) { r.Entries = nil }), proof.Different},
		{"egress is forgotten", tampered(t, func(r *firewall.Result) { delete(r.Entries, "egress") }), proof.Different},
		{"directions are swapped", tampered(t, func(r *firewall.Result) {
			r.Entries["ingress"], r.Entries["egress"] = r.Rules(firewall.Egress), r.Rules(firewall.Ingress)
		}), proof.Different},
		{"a range ends one port late", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				to, _ := rule.Cells[cell("to_port")].Number.Get()
				rule.Cells[cell("to_port")] = firewall.NumberCell(min(65535, to+1))
			}
		}), proof.Different},
		{"a range starts one port late", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Egress) {
				first, _ := rule.Cells[cell("from_port")].Number.Get()
				last, _ := rule.Cells[cell("to_port")].Number.Get()
				rule.Cells[cell("from_port")] = firewall.NumberCell(min(first+1, last))
			}
		}), proof.Different},
		{"every protocol is tcp", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				rule.Cells[cell("ip_protocol")].Text = firewall.Known("tcp")
			}
		}), ""}, // of either kind: it may also make two rules equal
		{"IPv4 prefixes are wider", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				text := &rule.Cells[cell("cidr_ipv4")].Text
				if prefix, ok := text.Get(); ok && strings.HasPrefix(prefix, "10.") {
					*text = firewall.Known("10.0.0.0/8")
				}
			}
		}), ""},
		{"groups are taken for one another", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				peer := &rule.Cells[cell("referenced_security_group_id")].Text
				if _, ok := peer.Get(); ok {
					*peer = rule.Cells[cell("security_group_id")].Text
				}
			}
		}), ""},
		{"a reversed range", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				first, _ := rule.Cells[cell("from_port")].Number.Get()
				rule.Cells[cell("to_port")] = firewall.NumberCell(first - 1)
			}
		}), proof.Unreadable},
		{"a rule without a peer", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				for _, argument := range []string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"} {
					rule.Cells[cell(argument)] = firewall.Cell{}
				}
			}
		}), proof.Unreadable},
		{"a value that stays unknown", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Egress) {
				rule.Cells[cell("security_group_id")].Text = firewall.Unknown[string]()
			}
		}), proof.Unreadable},
		{"a rule twice", tampered(t, func(r *firewall.Result) {
			r.Entries["ingress"] = append(r.Rules(firewall.Ingress), r.Rules(firewall.Ingress)...)
		}), proof.Unreadable},
		{"a description with an accent", tampered(t, func(r *firewall.Result) {
			for _, rule := range r.Rules(firewall.Ingress) {
				rule.Cells[cell("description")].Text = firewall.Known("accès")
			}
		}), proof.Unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tally, err := proof.Prove(c.cloud, 1, proof.Effort{Deployments: 200})
			var found *proof.Disagreement
			if !errors.As(err, &found) {
				t.Fatalf("%d deployments show nothing; error %v", tally.Deployments, err)
			}
			if c.kind != "" && found.Fault.Kind != c.kind {
				t.Errorf("the fault is reported as %q, not %q:\n%v", found.Fault.Kind, c.kind, err)
			}
			if len(found.Case.Rules) > 2 || len(found.Case.World) > 4 {
				t.Errorf("the case was to shrink:\n%v", err)
			}
			if text := err.Error(); !strings.HasPrefix(text, fmt.Sprintf("case of seed %d\nrules:\n", found.Case.Seed)) {
				t.Errorf("the error tells no seed:\n%s", text)
			}
		})
	}
}

func byName(t *testing.T, name string) proof.Cloud {
	t.Helper()
	for _, c := range clouds(t) {
		if c.Target.Name == name {
			return c
		}
	}
	t.Fatalf("no target %q", name)
	return proof.Cloud{}
}

// Every kind of thing that a deployment and a world may have comes up often.
func TestGenerateMakesEveryKindOfCase(t *testing.T) {
	t.Parallel()
	const cases = 600
	seen := make(map[string]int)
	for seed := range uint64(cases) {
		cloud := byName(t, "openstack")
		c, err := proof.Generate(9*seed, cloud)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		again, err := proof.Generate(9*seed, cloud)
		if err != nil || again.String() != c.String() {
			t.Fatalf("seed %d makes\n%v\nand then, with error %v,\n%v", seed, c, err, again)
		}
		has := make(map[string]bool)
		names := make(map[string]int)
		for _, r := range c.Rules {
			has["a rule from a host to itself"] = has["a rule from a host to itself"] || r.Source == r.Destination
			has["a range of ports"] = has["a range of ports"] || r.Ports.From() < r.Ports.To()
			has["every port"] = has["every port"] || r.Ports.From() == 1 && r.Ports.To() == 65535
			has["a host that placement makes"] = has["a host that placement makes"] || r.Destination == "data"
			has["a flow of the user's own"] = has["a flow of the user's own"] || strings.Contains(r.Flow, "own_") || r.Source == "probes"
		}
		for id, e := range c.World {
			has["an alias"] = has["an alias"] || e.SameAs != ""
			has["an alias of a managed endpoint"] = has["an alias of a managed endpoint"] || c.World[e.SameAs].Group
			has["someone else's group"] = has["someone else's group"] || e.Group && e.Unmanaged
			has["a group that has CIDRs too"] = has["a group that has CIDRs too"] || e.Group && len(e.Listed) > 0
			has["a group that is another to peers"] = has["a group that is another to peers"] || len(e.Beside) > 0
			has["an address list"] = has["an address list"] || e.List
			has["an endpoint without addresses"] = has["an endpoint without addresses"] || e.SameAs == "" && !e.Group && !e.List && len(e.Listed)+len(e.Named) == 0
			has["a public endpoint"] = has["a public endpoint"] || slices.ContainsFunc(e.Listed, func(p netip.Prefix) bool { return p.Bits() < 4 })
			has["one family alone"] = has["one family alone"] || e.NoIPv4 || e.NoIPv6
			has["a binding that nobody asks for"] = has["a binding that nobody asks for"] || id == "nobody"
			for name := range e.Named {
				names[name]++
				has["a named CIDR"] = true
				has["a name in two bindings"] = has["a name in two bindings"] || names[name] > 1
			}
			for i, one := range e.Listed {
				has["IPv6"] = has["IPv6"] || one.Addr().Is6()
				for _, other := range e.Listed[:i] {
					has["a prefix inside another"] = has["a prefix inside another"] || one != other && one.Overlaps(other)
					has["a prefix twice"] = has["a prefix twice"] || one == other
				}
			}
		}
		for what, yes := range has {
			if yes {
				seen[what]++
			}
		}
	}
	for _, what := range []string{
		"a rule from a host to itself", "a range of ports", "every port", "a host that placement makes", "a flow of the user's own",
		"an alias", "an alias of a managed endpoint", "someone else's group", "a group that has CIDRs too", "a group that is another to peers", "an address list",
		"an endpoint without addresses", "a public endpoint", "one family alone", "a binding that nobody asks for",
		"a named CIDR", "a name in two bindings", "IPv6", "a prefix inside another", "a prefix twice",
	} {
		if seen[what] < cases/100 {
			t.Errorf("%s comes up in %d of %d cases", what, seen[what], cases)
		}
	}
}
