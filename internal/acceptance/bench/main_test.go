package main

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	c := comparison{limit: 2.2, first: "10,000 bound rules", against: "the same map in HCL"}
	if err := c.check(2.2); err != nil {
		t.Errorf("the limit itself: got %v", err)
	}
	want := "10,000 bound rules: 2.204 times the same map in HCL, where 2.20 is allowed"
	if err := c.check(2.2041); err == nil || err.Error() != want {
		t.Errorf("more than the limit: got %v, want %s", err, want)
	}
}

// TestEveryFunctionIsMeasured adds a target that renders nothing: without an entry
// nothing would measure it.
func TestEveryFunctionIsMeasured(t *testing.T) {
	t.Parallel()
	targets := firewall.Targets()
	all, err := functionComparisons(targets)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * len(targets); len(all) != want { // on two loads: aws_rules is what the others are measured against, and nftables_ruleset has no target
		t.Errorf("%d comparisons; want %d", len(all), want)
	}
	_, err = functionComparisons(append(targets, firewall.Target{Name: "nothing"}))
	if err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("a target without an entry is left out: %v", err)
	}
}
