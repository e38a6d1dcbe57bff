package proof_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// Whatever runs apart from the rest, in whatever edition: each process has what
// it opens, and nothing else is open.
func TestEveryProcessOnAHostOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, e := range edition.All() {
		m := matrixOf(t, e.Version)
		for _, docker := range []bool{false, true} {
			for _, sentinel := range []bool{false, true} {
				shape := proof.Shape{Release: e.Version, Docker: docker, Sentinel: sentinel}
				choices, ok := choicesFor(m, shape)
				if !ok {
					continue
				}
				name := fmt.Sprintf("%s docker=%t sentinel=%t", e.Version, docker, sentinel)
				check(t, m, name, shape, choices)
				for c := range m.Components() {
					if strings.HasSuffix(c.ID, "_sentinel") && !sentinel {
						continue
					}
					apart := shape
					apart.On = map[string]string{c.ID: "apart"}
					choices.Placement = apart.On
					check(t, m, name+" with "+c.ID+" apart", apart, choices)
					apart.Several = []string{"apart"}
					choices.Clusters = apart.Several
					check(t, m, name+" with several of "+c.ID+" apart", apart, choices)
					choices.Clusters = nil
				}
				apart := shape
				apart.On = map[string]string{"engines": "apart"}
				choices.Placement = apart.On
				check(t, m, name+" with engines apart", apart, choices)
			}
		}
	}
}

// choicesFor returns the options of a shape; false where the edition has none
// such.
func choicesFor(m *matrix.Matrix, shape proof.Shape) (deployment.Choices, bool) {
	choices := deployment.Choices{Corrections: deployment.Apply}
	labelled := false
	for a := range m.Alternatives() {
		labelled = labelled || a.Labelled
	}
	switch {
	case labelled && shape.Docker:
		choices.Options = append(choices.Options, "docker")
	case labelled:
		choices.Options = append(choices.Options, "packages")
	case shape.Docker:
		return choices, false
	}
	if shape.Sentinel {
		sentinel := "redis_sentinel"
		if shape.Release == "25.10" {
			sentinel = "valkey_sentinel"
		}
		if _, ok := m.Component(sentinel); !ok {
			return choices, false
		}
		choices.Options = append(choices.Options, sentinel)
	}
	return choices, true
}

func matrixOf(t *testing.T, release string) *matrix.Matrix {
	t.Helper()
	e, err := edition.Find(release)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func check(t *testing.T, m *matrix.Matrix, name string, shape proof.Shape, choices deployment.Choices) *deployment.Deployment {
	t.Helper()
	d, err := deployment.New(m, choices)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if difference := proof.Differ(shape.Connections(), proof.Opened(d.Rules())); difference != "" {
		t.Errorf("%s:\n%s", name, difference)
	}
	if hosts := slices.Sorted(maps.Keys(d.Hosts())); !slices.Equal(hosts, shape.Hosts()) {
		t.Errorf("%s: hosts %v; want %v", name, hosts, shape.Hosts())
	}
	return d
}

// Every way to deal the components of an edition to up to four hosts, as the page
// has the flows and corrected, some with engines of their own beside. RabbitMQ's web interface is part of RabbitMQ and
// goes with it.
func TestEveryPlacementOnUpToFourHosts(t *testing.T) {
	t.Parallel()
	for release, cache := range map[string]string{"22.10": "redis", "24.10": "redis", "25.10": "valkey"} {
		components := []string{"canopsis_api", "engines", "mongodb", "nginx", "postgresql", "rabbitmq", "snmp", cache}
		for _, corrections := range []deployment.Corrections{deployment.None, deployment.Apply} {
			t.Run(release+" "+corrections.String(), func(t *testing.T) {
				t.Parallel()
				m, options := matrixOf(t, release), []string{"packages"}
				if release == "22.10" {
					options = nil
				}
				drawn, err := deployment.New(m, deployment.Choices{Options: options})
				if err != nil {
					t.Fatal(err)
				}
				placements := 0
				for blocks := range partitions(len(components), 4) {
					placements++
					placement := make(map[string]string)
					for i, block := range blocks {
						placement[components[i]] = fmt.Sprintf("host_%d", block)
					}
					if placements%5 == 0 { // engines of their own, on one of the hosts or apart
						drawn := rand.New(rand.NewPCG(uint64(placements), 2))
						for range 1 + drawn.IntN(3) {
							engine := edition.EngineComponents()[drawn.IntN(len(edition.EngineComponents()))]
							placement[engine.ID] = fmt.Sprintf("host_%d", drawn.IntN(5))
						}
					}
					choices := deployment.Choices{Corrections: corrections, Options: options, Placement: placement}
					if corrections == deployment.None {
						checkDrawn(t, m, drawn, choices)
						continue
					}
					if placements%2 == 1 {
						choices.Clusters = []string{"host_0"}
					}
					shape := proof.Shape{Release: release, On: placement, Several: choices.Clusters}
					d := check(t, m, fmt.Sprint(placement), shape, choices)
					keys := checkKeys(t, d, choices)
					if placements%10 == 0 {
						checkRenamed(t, m, choices, keys)
					}
				}
				// The Stirling numbers of 8 things in 1, 2, 3 and 4 blocks.
				if want := 1 + 127 + 966 + 1701; placements != want {
					t.Errorf("%d placements; want %d", placements, want)
				}
			})
		}
	}
}

// checkKeys looks for rules that are there twice, that stay inside one machine,
// or that name a host which the deployment's hosts lack.
func checkKeys(t *testing.T, d *deployment.Deployment, choices deployment.Choices) map[string]bool {
	t.Helper()
	hosts, keys := d.Hosts(), make(map[string]bool)
	for _, r := range d.Rules() {
		if r.Source == r.Destination && !slices.Contains(choices.Clusters, r.Source) {
			t.Errorf("%v: %s stays inside one machine", choices.Placement, r.Key())
		}
		if keys[r.Key()] {
			t.Errorf("%v: %s is there twice", choices.Placement, r.Key())
		}
		keys[r.Key()] = true
		for _, end := range []string{r.Source, r.Destination} {
			if e, _ := d.Matrix.Endpoint(end); e.Kind == matrix.Host && hosts[end] == nil {
				t.Errorf("%v: %s names the host %s, which hosts lacks", choices.Placement, r.Key(), end)
			}
		}
	}
	return keys
}

// checkDrawn compares a published deployment with the page's rows, each of which
// follows its component, or its host, to where placement has that.
func checkDrawn(t *testing.T, m *matrix.Matrix, drawn *deployment.Deployment, choices deployment.Choices) {
	t.Helper()
	d, err := deployment.New(m, choices)
	if err != nil {
		t.Fatalf("%v: %v", choices.Placement, err)
	}
	checkKeys(t, d, choices)
	at := func(component, host string) string {
		if component == "rabbitmq_ui" {
			component = "rabbitmq"
		}
		for _, what := range []string{component, host} {
			if to, ok := choices.Placement[what]; ok {
				return to
			}
		}
		return host
	}
	var want []string
	for _, r := range drawn.Rules() {
		if from, to := at("", r.Source), at(r.Component, r.Destination); from != to {
			want = append(want, fmt.Sprintf("%s %s %s", from, to, r.Ports))
		}
	}
	slices.Sort(want)
	if difference := proof.Differ(slices.Compact(want), proof.Opened(d.Rules())); difference != "" {
		t.Errorf("%v:\n%s", choices.Placement, difference)
	}
}

// checkRenamed gives the hosts other names, in another order, which may change
// nothing but the names.
func checkRenamed(t *testing.T, m *matrix.Matrix, choices deployment.Choices, keys map[string]bool) {
	t.Helper()
	rename := strings.NewReplacer("host_0", "zulu", "host_1", "alpha", "host_2", "mike", "host_3", "bravo", "host_4", "yard")
	placement := choices.Placement
	choices.Placement, choices.Clusters = make(map[string]string), slices.Clone(choices.Clusters)
	for component, host := range placement {
		choices.Placement[component] = rename.Replace(host)
	}
	for i, host := range choices.Clusters {
		choices.Clusters[i] = rename.Replace(host)
	}
	other, err := deployment.New(m, choices)
	if err != nil {
		t.Fatalf("%v renamed: %v", placement, err)
	}
	var want, got []string
	for key := range keys {
		want = append(want, rename.Replace(key))
	}
	for _, r := range other.Rules() {
		got = append(got, r.Key())
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v: other names of hosts make other keys:\n%s", placement, proof.Differ(want, got))
	}
}

// Shapes of every kind: placements of everything, the engines one by one too,
// clusters, cloud services, relays in a row and side by side, in both forms.
func TestShapesAtRandom(t *testing.T) {
	t.Parallel()
	const shapes = 300
	for seed := range uint64(shapes) {
		d := shapeDraw{rand.New(rand.NewPCG(seed, 1))}
		editions := edition.All()
		shape := proof.Shape{
			Release:  editions[d.IntN(len(editions))].Version,
			Docker:   d.chance(50),
			Sentinel: d.chance(50),
			On:       make(map[string]string),
		}
		m := matrixOf(t, shape.Release)
		choices, ok := choicesFor(m, shape)
		if !ok {
			continue
		}
		targets := []string{"ldap", "package_repositories"}
		hosts := []string{"one", "two", "three"}
		for c := range m.Components() {
			if strings.HasSuffix(c.ID, "_sentinel") && !shape.Sentinel {
				continue
			}
			targets = append(targets, c.ID)
			if d.chance(50) {
				shape.On[c.ID] = hosts[d.IntN(len(hosts))]
			}
		}
		if d.chance(50) {
			shape.On["engines"] = hosts[d.IntN(len(hosts))]
		}
		for _, engine := range edition.EngineComponents() {
			if d.chance(15) {
				shape.On[engine.ID] = hosts[d.IntN(len(hosts))]
			}
		}
		shape.Relays = d.relays(targets)
		for _, host := range shape.Hosts() {
			switch {
			case d.chance(30):
				shape.Several = append(shape.Several, host)
			case d.chance(20):
				shape.Cloud = append(shape.Cloud, host)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(shape.Relays)) {
			if d.chance(30) {
				shape.Several = append(shape.Several, name)
			}
		}
		choices.AdditionalFlows = d.own(&shape)
		choices.Placement, choices.Clusters, choices.CloudServices, choices.Relays = shape.On, shape.Several, shape.Cloud, shape.Relays
		check(t, m, fmt.Sprintf("seed %d: %+v", seed, shape), shape, choices)
	}
}

type shapeDraw struct{ *rand.Rand }

func (d shapeDraw) chance(percent int) bool { return d.IntN(100) < percent }

// own draws flows of the administrator's own, to processes, outside systems, hosts
// and relays, on the ports where these listen, beside those and of protocols that
// have none, and says in the shape what each connects.
func (d shapeDraw) own(shape *proof.Shape) map[string]deployment.AdditionalFlow {
	relays := slices.Sorted(maps.Keys(shape.Relays))
	processes := []string{"engines", "canopsis_api", "nginx", "mongodb", "rabbitmq", "snmp"}
	sources := slices.Concat([]string{"monitoring", "backup", "users", "canopsis", "administrators"}, processes, relays)
	destinations := slices.Concat([]string{"canopsis", "archive", "ldap"}, processes[1:], relays)
	specs := []string{"tcp/9100", "tcp/27017", "tcp/5672", "tcp/22", "udp/162", "tcp/389", "tcp/636", "vrrp", "icmp/8", "sctp/3868"}
	flows := make(map[string]deployment.AdditionalFlow)
	for i := range d.IntN(4) {
		from, to := sources[d.IntN(len(sources))], destinations[d.IntN(len(destinations))]
		var ports []string
		for range 1 + d.IntN(3) {
			ports = append(ports, specs[d.IntN(len(specs))])
		}
		if from == to {
			continue
		}
		flows[fmt.Sprintf("own_%d", i)] = deployment.AdditionalFlow{Source: from, Destination: to, Ports: ports}
		shape.More = append(shape.More, proof.Connection{From: from, To: to, Ports: ports})
	}
	return flows
}

func (d shapeDraw) relays(targets []string) map[string]deployment.Relay {
	relays := make(map[string]deployment.Relay)
	for _, name := range []string{"inner", "middle", "outer"} {
		if !d.chance(60) {
			continue
		}
		listeners := make(map[string][]string)
		for range 1 + d.IntN(3) {
			listeners[targets[d.IntN(len(targets))]] = []string{fmt.Sprintf("tcp/%d", 1000+d.IntN(5))}
		}
		for target := range listeners {
			targets = append(targets, name+"/"+target)
		}
		slices.Sort(targets)
		relays[name] = deployment.Relay{Listeners: listeners}
		if len(listeners) == 1 && d.chance(50) {
			for target, ports := range listeners {
				relays[name] = deployment.Relay{InFrontOf: []string{target}, Ports: ports}
			}
			targets = append(targets, name)
		}
	}
	return relays
}

// partitions yields every way to deal n things to at most k blocks, as the block
// of each; blocks count from 0 in the order in which they come up.
func partitions(n, k int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		blocks := make([]int, n)
		var deal func(i, used int) bool
		deal = func(i, used int) bool {
			if i == n {
				return yield(blocks)
			}
			for block := range min(used+1, k) {
				blocks[i] = block
				if !deal(i+1, max(used, block+1)) {
					return false
				}
			}
			return true
		}
		deal(0, 0)
	}
}

func TestDifferPrintsBothLists(t *testing.T) {
	t.Parallel()
	got := proof.Differ([]string{"a b tcp/1", "a c tcp/1"}, []string{"a c tcp/1", "x y udp/2"})
	if want := "needed and closed:\n  a b tcp/1\nopen and not needed:\n  x y udp/2\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
