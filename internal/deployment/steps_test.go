package deployment

import (
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// stepsOf returns a builder of choices before its first step, and the steps by
// the names of their arguments.
func stepsOf(t *testing.T, choices Choices) (builder, map[string]func(*builder) *matrix.Draft) {
	t.Helper()
	must := func(m *matrix.Matrix, err error) *matrix.Matrix {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	e, err := edition.Find("24.10")
	if err != nil {
		t.Fatal(err)
	}
	b := builder{choices: choices, errs: new(refusal.Errors)}
	b.chosen = chooseInterconnections(choices.Interconnections, b.errs)
	m := must(e.Matrix())
	m = must(edition.WithProcesses(m))
	m = must(edition.WithParties(m, b.chosen))
	b.m = must(edition.Correct(m))
	b.known = namesOf(b.m, nil)
	return b, map[string]func(*builder) *matrix.Draft{
		"options":          (*builder).openOptions,
		"component_ports":  (*builder).setPorts,
		"interconnections": (*builder).interconnect,
		"additional_flows": (*builder).addFlows,
		"placement":        (*builder).place,
		"cloud_services":   (*builder).serveFromCloud,
		"clusters":         (*builder).cluster,
		"exclude":          (*builder).exclude,
		"relays":           (*builder).relay,
	}
}

// inOrder returns the builder after the steps.
func inOrder(t *testing.T, b builder, steps map[string]func(*builder) *matrix.Draft, names ...string) builder {
	t.Helper()
	for _, name := range names {
		step, ok := steps[name]
		if !ok {
			t.Fatalf("no step %q", name)
		}
		if b.take(step); b.errs.Len() > 0 {
			t.Fatalf("%s, in %v: %v", name, names, b.errs)
		}
	}
	return b
}

// used drops what nothing uses, as a deployment does.
func used(t *testing.T, b builder) *matrix.Matrix {
	t.Helper()
	m, err := b.dropUnused().Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// everything has something for each step, and things that concern several.
var everything = Choices{
	Corrections:      Apply,
	Options:          []string{"packages", "redis_sentinel"},
	ComponentPorts:   map[string][]string{"nginx": {"tcp/9443"}, "webhook_targets": {"tcp/8443"}, "ldap": {"tcp/636"}},
	Interconnections: []string{"centreon_stream_connector", "dns", "webhooks", "prometheus_alertmanager"},
	AdditionalFlows: map[string]AdditionalFlow{
		"probe":  {Source: "probes", Destination: "nginx", Ports: []string{"tcp/8090"}},
		"backup": {Source: "mongodb", Destination: "prometheus_connector", Ports: []string{"tcp/22"}},
	},
	Placement:     map[string]string{"mongodb": "data", "postgresql": "data", "redis_sentinel": "redis", "nginx": "web"},
	CloudServices: []string{"rabbitmq"},
	Clusters:      []string{"redis", "data"},
	Exclude:       []string{"redis", "api_event_sources", "installation"},
	Relays: map[string]Relay{
		"load_balancer": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}},
		"web_proxy":     {InFrontOf: []string{"webhook_targets", "ldap"}, Ports: []string{"tcp/3128"}},
	},
}

var documented = []string{"options", "component_ports", "interconnections", "additional_flows", "placement", "cloud_services", "clusters", "exclude", "relays"}

func TestNewTakesTheStepsInTheDocumentedOrder(t *testing.T) {
	t.Parallel()
	b, steps := stepsOf(t, everything)
	e, err := edition.Find("24.10")
	if err != nil {
		t.Fatal(err)
	}
	published, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(published, everything)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Matrix.Equal(used(t, inOrder(t, b, steps, documented...))) {
		t.Error("New takes other steps, or in another order, than options, component_ports, interconnections, additional_flows, placement, cloud_services, clusters, exclude, relays")
	}
}

func TestStepsThatCommute(t *testing.T) {
	t.Parallel()
	swaps := [][2]string{
		{"options", "component_ports"},
		{"component_ports", "interconnections"},
		{"interconnections", "additional_flows"},
	}
	for _, swap := range swaps {
		t.Run(swap[0]+" and "+swap[1], func(t *testing.T) {
			t.Parallel()
			b, steps := stepsOf(t, everything)
			order := slices.Clone(documented)
			i := slices.Index(order, swap[0])
			order[i], order[i+1] = swap[1], swap[0]
			if !used(t, inOrder(t, b, steps, order...)).Equal(used(t, inOrder(t, b, steps, documented...))) {
				t.Errorf("it matters whether %s come before %s", swap[0], swap[1])
			}
		})
	}
	t.Run("clusters and relays, with nothing excluded", func(t *testing.T) {
		t.Parallel()
		b, steps := stepsOf(t, everything)
		b = inOrder(t, b, steps, documented[:6]...)
		if !used(t, inOrder(t, b, steps, "clusters", "relays")).Equal(used(t, inOrder(t, b, steps, "relays", "clusters"))) {
			t.Error("it matters whether clusters come before relays")
		}
	})
}

func TestOrderOfStepsThatDoNotCommute(t *testing.T) {
	t.Parallel()
	lines := func(m *matrix.Matrix) []string {
		var keys []string
		for _, r := range (&Deployment{Matrix: m}).Rules() {
			keys = append(keys, r.Key())
		}
		return keys
	}
	tests := []struct {
		name       string
		choices    Choices
		swapped    [2]string
		documented []string // rules that only the documented order makes
		otherwise  []string // rules that only the other order makes
	}{
		{
			"the ports that a flow of the user's own names are its ports",
			Choices{
				ComponentPorts:  map[string][]string{"nginx": {"tcp/8080", "tcp/8443"}},
				AdditionalFlows: map[string]AdditionalFlow{"probe": {Source: "probes", Destination: "nginx", Ports: []string{"tcp/8090"}}},
			},
			[2]string{"component_ports", "additional_flows"},
			[]string{"probes-to-canopsis-nginx/tcp-8090"},
			[]string{"probes-to-canopsis-nginx/tcp-8080", "probes-to-canopsis-nginx/tcp-8443"},
		},
		{
			"an interconnection takes the ports of what is installed",
			Choices{Interconnections: []string{"dynatrace"}},
			[2]string{"options", "interconnections"},
			nil,
			[]string{"dynatrace-to-canopsis-nginx/tcp-80", "dynatrace-to-canopsis-nginx/tcp-443"},
		},
		{
			"placement does not move what is closed",
			Choices{},
			[2]string{"options", "placement"},
			nil,
			[]string{"administrators-to-redis_sentinel-ssh/tcp-22", "redis_sentinel-to-redis/tcp-6379"},
		},
		{
			"placement moves the user's own flows",
			Choices{
				AdditionalFlows: map[string]AdditionalFlow{"probe": {Source: "nginx", Destination: "canopsis_api", Ports: []string{"tcp/8090"}}},
			},
			[2]string{"additional_flows", "placement"},
			nil,
			[]string{"canopsis-to-canopsis-canopsis_api/tcp-8090"},
		},
		{
			"what placement puts on one host has no flow there",
			Choices{Placement: map[string]string{"mongodb": "canopsis"}},
			[2]string{"placement", "clusters"},
			nil,
			[]string{
				"canopsis-to-canopsis-canopsis_api/tcp-8082", // inside the host before, too
				"canopsis-to-canopsis-mongodb/tcp-27017",
			},
		},
		{
			"exclude reaches what clusters add",
			Choices{Clusters: []string{"mongodb"}, Exclude: []string{"mongodb"}},
			[2]string{"clusters", "exclude"},
			nil,
			[]string{"mongodb-to-mongodb/tcp-27017"},
		},
		{
			"a relay of what is excluded has no flows",
			Choices{
				Exclude: []string{"users", "api_event_sources"},
				Relays:  map[string]Relay{"load_balancer": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}}},
			},
			[2]string{"exclude", "relays"},
			nil,
			[]string{"load_balancer-to-canopsis-nginx/tcp-8080", "load_balancer-to-canopsis-nginx/tcp-8443"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.choices.Options = []string{"packages"}
			b, steps := stepsOf(t, test.choices)
			order := slices.Clone(documented)
			i, j := slices.Index(order, test.swapped[0]), slices.Index(order, test.swapped[1])
			order[i], order[j] = order[j], order[i]
			asDocumented, otherwise := lines(used(t, inOrder(t, b, steps, documented...))), lines(used(t, inOrder(t, b, steps, order...)))
			if got := without(asDocumented, otherwise); !slices.Equal(got, test.documented) {
				t.Errorf("only as documented: %q; want %q", got, test.documented)
			}
			if got := without(otherwise, asDocumented); !slices.Equal(got, test.otherwise) {
				t.Errorf("only with %s before %s: %q; want %q", test.swapped[1], test.swapped[0], got, test.otherwise)
			}
		})
	}
}

func without(lines, others []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
}
