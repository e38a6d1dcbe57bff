package deployment_test

import (
	"fmt"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// manyFlows are flows from as many actors to a component.
func manyFlows(count int) map[string]deployment.AdditionalFlow {
	flows := make(map[string]deployment.AdditionalFlow, count)
	for i := range count {
		flows[fmt.Sprintf("probe_%d", i)] = deployment.AdditionalFlow{
			Source: fmt.Sprintf("probes_%d", i), Destination: "nginx", Ports: []string{"tcp/8443"},
		}
	}
	return flows
}

// A deployment takes time with its flows, n log n: twice the flows, about twice
// the time.
func BenchmarkNew(b *testing.B) {
	m := embedded(b, "22.10")
	for _, test := range []struct {
		name    string
		choices deployment.Choices
		rules   int
	}{
		{"default", deployment.Choices{}, 15},
		{"apply", deployment.Choices{Corrections: deployment.Apply}, 17},
		{"1000 additional flows", deployment.Choices{AdditionalFlows: manyFlows(1_000)}, 1_015},
		{"2000 additional flows", deployment.Choices{AdditionalFlows: manyFlows(2_000)}, 2_015},
		{"4000 additional flows", deployment.Choices{AdditionalFlows: manyFlows(4_000)}, 4_015},
		{"a chain of 1000 relays", deployment.Choices{Relays: chainOf(1_000)}, 11 + 1_003},
		{"a chain of 2000 relays", deployment.Choices{Relays: chainOf(2_000)}, 11 + 2_003},
		{"a chain of 4000 relays", deployment.Choices{Relays: chainOf(4_000)}, 11 + 4_003},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d, err := deployment.New(m, test.choices)
				if err != nil {
					b.Fatal(err)
				}
				if rules := len(d.Rules()); rules != test.rules {
					b.Fatalf("%d rules; want %d", rules, test.rules)
				}
			}
		})
	}
}
