package deployment

import (
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

type step func(*matrix.Matrix) (*matrix.Matrix, error)

// stepsOf returns the steps of choices by the names of their arguments, and the
// matrix that they start from.
func stepsOf(t *testing.T, choices Choices) (*matrix.Matrix, map[string]step) {
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
	chosen, err := chooseInterconnections(choices.Interconnections)
	if err != nil {
		t.Fatal(err)
	}
	m := must(e.Matrix())
	m = must(edition.WithProcesses(m))
	m = must(edition.WithParties(m, chosen))
	m = must(edition.Correct(m))
	known := namesOf(m)
	return m, map[string]step{
		"options": func(m *matrix.Matrix) (*matrix.Matrix, error) {
			opened, _, err := openOptions(m, choices.Options)
			return opened, err
		},
		"component_ports":  func(m *matrix.Matrix) (*matrix.Matrix, error) { return setPorts(m, known, choices.ComponentPorts) },
		"interconnections": func(m *matrix.Matrix) (*matrix.Matrix, error) { return interconnect(m, chosen, choices.ComponentPorts) },
		"additional_flows": func(m *matrix.Matrix) (*matrix.Matrix, error) { return addFlows(m, known, choices) },
		"placement": func(m *matrix.Matrix) (*matrix.Matrix, error) {
			placed, _, err := place(m, known, choices.Placement)
			return placed, err
		},
		"clusters": func(m *matrix.Matrix) (*matrix.Matrix, error) { return cluster(m, known, choices) },
		"exclude":  func(m *matrix.Matrix) (*matrix.Matrix, error) { return exclude(m, known, choices.Exclude) },
		"relays":   func(m *matrix.Matrix) (*matrix.Matrix, error) { return relay(m, known, choices) },
	}
}

// inOrder applies the steps and drops what nothing uses, as a deployment does.
func inOrder(t *testing.T, m *matrix.Matrix, steps map[string]step, names ...string) *matrix.Matrix {
	t.Helper()
	for _, name := range names {
		next, ok := steps[name]
		if !ok {
			t.Fatalf("no step %q", name)
		}
		var err error
		if m, err = next(m); err != nil {
			t.Fatalf("%s, in %v: %v", name, names, err)
		}
	}
	m, err := dropUnused(m)
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
	Placement: map[string]string{"mongodb": "data", "postgresql": "data", "redis_sentinel": "redis", "nginx": "web"},
	Clusters:  []string{"redis", "data"},
	Exclude:   []string{"redis", "api_event_sources", "installation"},
	Relays: map[string]Relay{
		"load_balancer": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}},
		"web_proxy":     {InFrontOf: []string{"webhook_targets", "ldap"}, Ports: []string{"tcp/3128"}},
	},
}

var documented = []string{"options", "component_ports", "interconnections", "additional_flows", "placement", "clusters", "exclude", "relays"}

func TestNewTakesTheStepsInTheDocumentedOrder(t *testing.T) {
	t.Parallel()
	m, steps := stepsOf(t, everything)
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
	if !d.Matrix.Equal(inOrder(t, m, steps, documented...)) {
		t.Error("New takes other steps, or in another order, than options, component_ports, interconnections, additional_flows, placement, clusters, exclude, relays")
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
			m, steps := stepsOf(t, everything)
			order := slices.Clone(documented)
			i := slices.Index(order, swap[0])
			order[i], order[i+1] = swap[1], swap[0]
			if !inOrder(t, m, steps, order...).Equal(inOrder(t, m, steps, documented...)) {
				t.Errorf("it matters whether %s come before %s", swap[0], swap[1])
			}
		})
	}
	t.Run("clusters and relays, with nothing excluded", func(t *testing.T) {
		t.Parallel()
		m, steps := stepsOf(t, everything)
		m = inOrder(t, m, steps, documented[:5]...)
		if !inOrder(t, m, steps, "clusters", "relays").Equal(inOrder(t, m, steps, "relays", "clusters")) {
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
			m, steps := stepsOf(t, test.choices)
			order := slices.Clone(documented)
			i, j := slices.Index(order, test.swapped[0]), slices.Index(order, test.swapped[1])
			order[i], order[j] = order[j], order[i]
			asDocumented, otherwise := lines(inOrder(t, m, steps, documented...)), lines(inOrder(t, m, steps, order...))
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
