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

// Every way to deal 22.10's components to up to four hosts. RabbitMQ's web
// interface is part of RabbitMQ and goes with it.
func TestEveryPlacementOnUpToFourHosts(t *testing.T) {
	t.Parallel()
	components := []string{"canopsis_api", "engines", "mongodb", "nginx", "postgresql", "rabbitmq", "redis", "snmp"}
	m := matrixOf(t, "22.10")
	placements := 0
	for blocks := range partitions(len(components), 4) {
		placements++
		placement := make(map[string]string)
		for i, block := range blocks {
			placement[components[i]] = fmt.Sprintf("host_%d", block)
		}
		name := fmt.Sprint(placement)
		several := []string{"host_0"}
		if placements%2 == 0 {
			several = nil
		}
		shape := proof.Shape{Release: "22.10", On: placement, Several: several}
		d := check(t, m, name, shape, deployment.Choices{Corrections: deployment.Apply, Placement: placement, Clusters: several})
		keys := make(map[string]bool)
		for _, r := range d.Rules() {
			if r.Source == r.Destination && !slices.Contains(several, r.Source) {
				t.Errorf("%s: %s stays inside one machine", name, r.Key())
			}
			if keys[r.Key()] {
				t.Errorf("%s: %s is there twice", name, r.Key())
			}
			keys[r.Key()] = true
		}
		if placements%10 != 0 {
			continue
		}
		rename := strings.NewReplacer("host_0", "zulu", "host_1", "alpha", "host_2", "mike", "host_3", "bravo")
		renamed := deployment.Choices{Corrections: deployment.Apply, Placement: make(map[string]string)}
		for component, host := range placement {
			renamed.Placement[component] = rename.Replace(host)
		}
		for _, host := range several {
			renamed.Clusters = append(renamed.Clusters, rename.Replace(host))
		}
		other, err := deployment.New(m, renamed)
		if err != nil {
			t.Fatalf("%s renamed: %v", name, err)
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
			t.Errorf("%s: other names of hosts make other keys:\n%s", name, proof.Differ(want, got))
		}
	}
	// The Stirling numbers of 8 things in 1, 2, 3 and 4 blocks.
	if want := 1 + 127 + 966 + 1701; placements != want {
		t.Errorf("%d placements; want %d", placements, want)
	}
}

// Shapes of every kind: placements, clusters, relays in a row and side by side.
func TestShapesAtRandom(t *testing.T) {
	t.Parallel()
	const shapes = 300
	for seed := range uint64(shapes) {
		r := rand.New(rand.NewPCG(seed, 1))
		chance := func(percent int) bool { return r.IntN(100) < percent }
		editions := edition.All()
		shape := proof.Shape{
			Release:  editions[r.IntN(len(editions))].Version,
			Docker:   chance(50),
			Sentinel: chance(50),
			On:       make(map[string]string),
			Relays:   make(map[string]deployment.Relay),
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
			if chance(50) {
				shape.On[c.ID] = hosts[r.IntN(len(hosts))]
			}
		}
		for _, host := range shape.Hosts() {
			if chance(30) {
				shape.Several = append(shape.Several, host)
			}
		}
		for _, name := range []string{"inner", "middle", "outer"} {
			if !chance(60) {
				continue
			}
			relay := deployment.Relay{Ports: []string{fmt.Sprintf("tcp/%d", 1000+r.IntN(5))}}
			for range 1 + r.IntN(3) {
				relay.InFrontOf = append(relay.InFrontOf, targets[r.IntN(len(targets))])
			}
			shape.Relays[name] = relay
			targets = append(targets, name)
		}
		choices.Placement, choices.Clusters, choices.Relays = shape.On, shape.Several, shape.Relays
		check(t, m, fmt.Sprintf("seed %d: %+v", seed, shape), shape, choices)
	}
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
