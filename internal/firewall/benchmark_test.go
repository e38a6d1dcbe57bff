package firewall_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// manyRules are rules between hosts of which each has a group of the cloud's, so that
// every rule is bound twice.
func manyRules(bind func(id string) firewall.Binding, count int) (map[string]deployment.Rule, bindings) {
	const hosts = 50
	rules, given := make(map[string]deployment.Rule, count), make(bindings)
	for i := range hosts {
		id := fmt.Sprintf("host%d", i)
		given[id] = bind(id)
	}
	for i := range count {
		ports, err := matrix.NewPortRange(matrix.TCP, 1+i%matrix.MaxPort, 1+i%matrix.MaxPort)
		if err != nil {
			panic(err)
		}
		r := deployment.Rule{
			Source: fmt.Sprintf("host%d", i%hosts), Destination: fmt.Sprintf("host%d", i/hosts%hosts),
			Component: "service", Purpose: matrix.Internal, Ports: ports,
		}
		r.Flow = r.Source + "-to-" + r.Destination + "-service"
		rules[r.Key()] = r
	}
	return rules, given
}

// What the benchmarks measure is rendered, whatever a cloud refuses meanwhile.
func TestManyRules(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		rules, given := manyRules(c.bind, 100)
		if result, err := c.Render(rules, given); err != nil || len(result.Counts) != len(given) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

// manyCIDRs are prefixes of which every fourth is covered by another.
func manyCIDRs(count int) []string {
	prefixes := make([]string, count)
	for i := range prefixes {
		at, bits := i, 31
		switch i % 4 {
		case 0:
			bits = 30
		case 1:
			at = i - 1 // in the /30 before it
		}
		address := netip.AddrFrom4([4]byte{10, byte(at >> 14), byte(at >> 6), byte(at << 2)})
		prefixes[i] = netip.PrefixFrom(address, bits).String()
	}
	return prefixes
}

func BenchmarkRender(b *testing.B) {
	for _, c := range clouds() {
		for _, count := range []int{100, 1_000, 10_000} {
			rules, given := manyRules(c.bind, count)
			b.Run(fmt.Sprintf("%s/rules=%d", c.Name, count), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Render(rules, given); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		for _, count := range []int{1_000, 10_000, 100_000} {
			given := bindings{"canopsis": c.bind("canopsis"), "users": cidrs(manyCIDRs(count)...)}
			rules := map[string]deployment.Rule{"r": {
				Flow: "users-to-canopsis", Source: "users", Destination: "canopsis", Component: "nginx",
				Purpose: matrix.UserAccess, Ports: matrix.MustPortRange("tcp/8443"),
			}}
			b.Run(fmt.Sprintf("%s/cidrs=%d", c.Name, count), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Render(rules, given); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
