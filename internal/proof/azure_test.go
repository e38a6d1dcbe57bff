package proof_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// tamperedAzure is Azure, of whose result change makes another one.
func tamperedAzure(t *testing.T, change func(r *firewall.Result)) proof.Cloud {
	t.Helper()
	cloud := byName(t, "azure")
	render := cloud.Render
	cloud.Render = func(c *proof.Case, bindings map[string]firewall.Binding) (*firewall.Result, error) {
		result, err := render(c, bindings)
		if err == nil {
			change(result)
		}
		return result, err
	}
	return cloud
}

// Azure lets the virtual network in where nothing denies it, and everything out.
func TestProofFindsFaultsOfAzure(t *testing.T) {
	t.Parallel()
	closing := func(rule firewall.Bound) bool { return strings.HasPrefix(rule.Key, "deny-all-") }
	for name, cloud := range map[string]proof.Cloud{
		"ingress is not closed": tamperedAzure(t, func(r *firewall.Result) { r.Entries["ingress"] = slices.DeleteFunc(r.Entries["ingress"], closing) }),
		"egress is not closed":  tamperedAzure(t, func(r *firewall.Result) { delete(r.Entries, "egress_deny") }),
		"what closes comes first": tamperedAzure(t, func(r *firewall.Result) {
			for _, rule := range r.Entries["ingress"] {
				if closing(rule) {
					rule.Cells[3] = firewall.NumberCell(100)
				}
			}
		}),
		"two rules have one priority": tamperedAzure(t, func(r *firewall.Result) {
			for _, rule := range r.Entries["ingress"] {
				rule.Cells[3] = firewall.NumberCell(1000)
			}
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
