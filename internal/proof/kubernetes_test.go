package proof_test

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// tamperedPolicies is Kubernetes, which makes of each spec what change does.
func tamperedPolicies(t *testing.T, change func(direction string, spec map[string]firewall.Cell) (keep bool)) proof.Cloud {
	t.Helper()
	cloud := byName(t, "kubernetes")
	render := cloud.Render
	cloud.Render = func(c *proof.Case, bindings map[string]firewall.Binding) (*firewall.Result, error) {
		result, err := render(c, bindings)
		if err != nil {
			return nil, err
		}
		for part, policies := range result.Entries {
			var kept []firewall.Bound
			for _, policy := range policies {
				if change(part, policy.Cells[2].Nested.Object) {
					kept = append(kept, policy)
				}
			}
			result.Entries[part] = kept
		}
		return result, nil
	}
	return cloud
}

// Each of these is one of the traps, and the proof sees it.
func TestProofFindsFaultsOfPolicies(t *testing.T) {
	t.Parallel()
	rules := func(direction string, spec map[string]firewall.Cell) []firewall.Cell {
		if spec[direction].Nested == nil {
			return nil
		}
		return spec[direction].Nested.List
	}
	empty := firewall.Cell{Nested: &firewall.NestedCell{List: []firewall.Cell{}}}
	for name, cloud := range map[string]proof.Cloud{
		"a host without rules loses its policy": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool { return rules(direction, spec) != nil }),
		"no rule is an empty list": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool {
			if rules(direction, spec) == nil {
				spec[direction] = empty
			}
			return true
		}),
		"peers are left out": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool {
			for _, rule := range rules(direction, spec) {
				delete(rule.Nested.Object, "from")
			}
			return true
		}),
		"ports are left out": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool {
			for _, rule := range rules(direction, spec) {
				delete(rule.Nested.Object, "ports")
			}
			return true
		}),
		"ranges are their first port": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool {
			for _, rule := range rules(direction, spec) {
				for _, port := range rule.Nested.Object["ports"].Nested.List {
					delete(port.Nested.Object, "endPort")
				}
			}
			return true
		}),
		"pods of every namespace": tamperedPolicies(t, func(direction string, spec map[string]firewall.Cell) bool {
			for _, rule := range rules(direction, spec) {
				if rule.Nested.Object["from"].Nested == nil {
					continue
				}
				for _, peer := range rule.Nested.Object["from"].Nested.List {
					if peer.Nested.Object["namespaceSelector"].Nested != nil {
						peer.Nested.Object["namespaceSelector"] = firewall.Cell{}
					}
				}
			}
			return true
		}),
		"policies of both directions": tamperedPolicies(t, func(_ string, spec map[string]firewall.Cell) bool {
			spec["policyTypes"] = firewall.TextsCell("Ingress", "Egress")
			return true
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tally, err := proof.Prove(cloud, 1, proof.Effort{Deployments: 200})
			var found *proof.Disagreement
			if !errors.As(err, &found) {
				t.Fatalf("%d deployments show nothing; error %v", tally.Deployments, err)
			}
		})
	}
}

// TestSecondJudgeOfKubernetes lets another project's matcher judge the policies. It is
// in a module of its own, and compiles much of Kubernetes.
func TestSecondJudgeOfKubernetes(t *testing.T) {
	t.Parallel()
	if os.Getenv("PROVE_CYCLONUS") == "" {
		t.Skip("network policies before another project's matcher, which compiles much of Kubernetes: make prove does that")
	}
	judge := exec.Command("go", "test", "-count", "1", "-v", "./...")
	judge.Dir = "cyclonus"
	out, err := judge.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}
