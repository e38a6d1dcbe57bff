package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// BenchmarkReadRules reads rules by the ten thousand, as large installations
// filter and merge them.
func BenchmarkReadRules(b *testing.B) {
	rules := object{}
	for i := range 50_000 {
		key, rule := writtenRule(fmt.Sprintf("source_%d", i), "canopsis", "nginx", "user_access", "tcp", 8443)
		rules[key] = rule
	}
	v, err := typed(tftypes.Map{ElementType: ruleType}, rules)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var errs refusal.Errors
		if read := readRules("rules", v, &errs); len(read) != len(rules) || errs.Len() > 0 {
			b.Fatalf("%d rules, %d errors", len(read), errs.Len())
		}
	}
}
