package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A list of CIDRs that is unknown at plan would leave the keys unknown, and
// Terraform refuses them. The same values under names that are known plan.
func TestEveryTargetAsksForNamesOfUnknownCIDRs(t *testing.T) {
	t.Parallel()
	rules, err := typed(tftypes.Map{ElementType: ruleType}, writtenRules())
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range rulesTargets() {
		for what, cidrs := range map[string]any{"list": unknown, "element": list{"10.20.0.0/16", unknown}} {
			given := target.bindings.with(object{"users": object{"cidrs": cidrs}})
			_, funcErr := run(t, target.function(), rules, untyped(given))
			if funcErr == nil || !strings.Contains(funcErr.Text, `bindings["users"].cidrs`) || !strings.Contains(funcErr.Text, "named_cidrs") {
				t.Errorf("%s: an unknown %s gives %v", target.target.Name, what, funcErr)
			}
		}
		given := target.bindings.with(object{"users": object{"named_cidrs": object{"office": unknown, "home": unknown}}})
		result, funcErr := run(t, target.function(), rules, untyped(given))
		if funcErr != nil {
			t.Fatal(funcErr)
		}
		if target.plain == "" {
			continue
		}
		keys := slices.Sorted(maps.Keys(children(t, children(t, result)["ingress"])))
		named := slices.DeleteFunc(keys, func(key string) bool {
			return !strings.HasPrefix(key, "office-to-") && !strings.HasPrefix(key, "home-to-")
		})
		if want := []string{"home-to-canopsis/" + target.plain, "office-to-canopsis/" + target.plain}; !slices.Equal(named, want) {
			t.Errorf("%s: the keys of unknown CIDRs are %v, not %v", target.target.Name, named, want)
		}
	}
}
