package proof

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// worldsPerDeployment is how many cases in a row have the same rules, each in
// another world: deploying costs more than comparing.
const worldsPerDeployment = 8

// Generate makes the case of a seed for a cloud. Every case is valid: that a
// target refuses one is a fault of the target.
func Generate(seed uint64, cloud Cloud) (*Case, error) {
	rules, err := generateRules(seed)
	if err != nil {
		return nil, err
	}
	return generateWorld(seed, cloud, rules), nil
}

// generateRules makes the rules of a seed, which are those of its neighbours too.
func generateRules(seed uint64) (map[string]deployment.Rule, error) {
	g := &generator{Rand: rand.New(rand.NewPCG(seed/worldsPerDeployment, 0))}
	if g.chance(50) {
		return g.deployed()
	}
	return g.free(), nil
}

func generateWorld(seed uint64, cloud Cloud, rules map[string]deployment.Rule) *Case {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 2)), cloud: cloud}
	return &Case{Seed: seed, Rules: rules, World: g.world(rules)}
}

type generator struct {
	*rand.Rand
	cloud    Cloud
	prefixes []netip.Prefix // made so far: new ones lie near them
}

// chance is true in so many of a hundred cases.
func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, values []T) T { return values[g.IntN(len(values))] }

// some returns about so many of a hundred of the values, in their order.
func some[T any](g *generator, percent int, values []T) []T {
	var chosen []T
	for _, value := range values {
		if g.chance(percent) {
			chosen = append(chosen, value)
		}
	}
	return chosen
}

// matrices are the embedded editions, read once.
var matrices = sync.OnceValues(func() ([]*matrix.Matrix, error) {
	var all []*matrix.Matrix
	for _, e := range edition.All() {
		m, err := e.Matrix()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
})

// deployed returns the rules of an edition with choices of every kind. Choices
// that contradict each other are drawn again, with fewer of them each time.
func (g *generator) deployed() (map[string]deployment.Rule, error) {
	all, err := matrices()
	if err != nil {
		return nil, err
	}
	m := pick(g, all)
	for percent := 40; ; percent -= 10 {
		d, err := deployment.New(m, g.choices(m, max(percent, 0)))
		if err != nil {
			if percent < 0 {
				return nil, fmt.Errorf("an edition without choices: %w", err)
			}
			continue
		}
		rules := make(map[string]deployment.Rule)
		for _, r := range d.Rules() {
			rules[r.Key()] = r
		}
		return rules, nil
	}
}

// choices draws what a user may choose. It is long since it goes through the
// arguments one by one: the order of the draws is what a seed means.
func (g *generator) choices(m *matrix.Matrix, percent int) deployment.Choices {
	var components, hosts, endpoints []string
	choices := deployment.Choices{
		Corrections:     deployment.Corrections(g.IntN(3)),
		ComponentPorts:  make(map[string][]string),
		AdditionalFlows: make(map[string]deployment.AdditionalFlow),
		Placement:       make(map[string]string),
	}
	for c := range m.Components() {
		if !c.IsProcess() {
			components = append(components, c.ID)
		}
		if c.Optional && g.chance(percent) {
			choices.Options = append(choices.Options, c.ID)
		}
	}
	for e := range m.Endpoints() {
		endpoints = append(endpoints, e.ID)
		if e.Kind == matrix.Host {
			hosts = append(hosts, e.ID)
		}
	}
	for a := range m.Alternatives() {
		named := some(g, percent, a.Options)
		if a.Labelled && len(named) == 0 {
			named = []string{pick(g, a.Options)}
		}
		choices.Options = append(choices.Options, named...)
	}
	targets := append([]string{"data", "front"}, hosts...)
	for _, what := range some(g, percent, slices.Concat(components, hosts)) {
		choices.Placement[what] = pick(g, targets)
	}
	for _, c := range some(g, percent/2, components) {
		choices.ComponentPorts[c] = g.portSpecs()
	}
	for i := range g.IntN(percent/10 + 1) {
		choices.AdditionalFlows[fmt.Sprintf("own_%d", i)] = deployment.AdditionalFlow{
			Source:      pick(g, slices.Concat(endpoints, components, []string{"probes"})),
			Destination: pick(g, slices.Concat(endpoints, components, []string{"archive"})),
			Ports:       g.portSpecs(),
		}
	}
	for _, c := range some(g, percent/4, edition.Interconnections()) {
		if c.Instead == "" {
			choices.Interconnections = append(choices.Interconnections, c.ID)
		}
		for _, p := range c.Parties {
			if p.PortsHint != "" && c.Instead == "" {
				choices.ComponentPorts[p.ID] = g.portSpecs()
			}
		}
	}
	for _, engine := range some(g, percent/8, edition.EngineComponents()) {
		choices.Placement[engine.ID] = pick(g, targets)
	}
	choices.Relays = g.relays(percent, append(components, "ldap", "package_repositories"))
	moved := hostsOnceMoved(hosts, choices.Placement)
	choices.CloudServices = some(g, percent/4, moved)
	choices.Clusters = slices.DeleteFunc(some(g, percent, moved), func(name string) bool {
		return slices.Contains(choices.CloudServices, name)
	})
	choices.Exclude = some(g, percent/4, endpoints)
	return choices
}

// hostsOnceMoved returns the hosts of an edition to which nothing was done, and
// those that hosts moved to.
func hostsOnceMoved(hosts []string, placement map[string]string) []string {
	var moved []string
	for _, host := range hosts {
		if to, ok := placement[host]; ok {
			host = to
		}
		if !slices.Contains(moved, host) {
			moved = append(moved, host)
		}
	}
	return moved
}

// relays returns relays side by side and one before what another listens for, in
// both forms.
func (g *generator) relays(percent int, targets []string) map[string]deployment.Relay {
	relays := make(map[string]deployment.Relay)
	for _, name := range some(g, percent, []string{"gate", "balancer", "proxy"}) {
		keys := append(some(g, 20, targets), pick(g, targets))
		if len(keys) == 1 && g.chance(percent) {
			relays[name] = deployment.Relay{InFrontOf: keys, Ports: g.listenSpecs()}
			targets = append(targets, name) // later ones may stand before it, so there is no circle
			continue
		}
		listeners := make(map[string][]string)
		for _, key := range keys {
			listeners[key] = g.listenSpecs()
		}
		relays[name] = deployment.Relay{Listeners: listeners}
		for _, key := range slices.Sorted(maps.Keys(listeners)) {
			targets = append(targets, name+"/"+key)
		}
	}
	return relays
}

// free returns rules such as a user may write: between any ends, overlapping,
// from a host to itself.
func (g *generator) free() map[string]deployment.Rule {
	endpoints := strings.Split("alpha bravo charlie delta echo foxtrot", " ")[:2+g.IntN(5)]
	rules := make(map[string]deployment.Rule)
	for i := range 1 + g.IntN(12) {
		source, destination := pick(g, endpoints), pick(g, endpoints)
		rules[fmt.Sprintf("rule-%d", i)] = deployment.Rule{
			Flow:        fmt.Sprintf("%s-to-%s-%c", source, destination, 'a'+rune(g.IntN(3))),
			Source:      source,
			Destination: destination,
			Component:   "service",
			Purpose:     pick(g, matrix.Purposes()),
			Ports:       g.portRange(),
		}
	}
	return rules
}

// ports lie at both ends and close together, where ranges meet.
func (g *generator) port() int {
	switch g.IntN(4) {
	case 0:
		return 1 + g.IntN(4)
	case 1:
		return matrix.MaxPort - g.IntN(4)
	case 2:
		return 440 + g.IntN(10)
	}
	return 1 + g.IntN(matrix.MaxPort)
}

func (g *generator) portRange() matrix.PortRange {
	if g.chance(25) {
		return g.withoutPorts()
	}
	return g.withPorts()
}

// withPorts draws what a relay can listen on, too.
func (g *generator) withPorts() matrix.PortRange {
	protocol := matrix.SCTP
	if g.chance(80) {
		protocol = pick(g, []matrix.Protocol{matrix.TCP, matrix.UDP})
	}
	first := g.port()
	last := first
	if g.chance(40) {
		first, last = min(first, g.port()), max(first, g.port())
		last = max(first, last)
	}
	if g.chance(3) {
		first, last = 1, matrix.MaxPort
	}
	return matrix.MustPortRange(fmt.Sprintf("%s/%d-%d", protocol, first, last))
}

// withoutPorts draws ICMP, whose types and codes meet, or a protocol of which
// there is nothing more to say. Clouds have other names for some of them.
func (g *generator) withoutPorts() matrix.PortRange {
	if g.chance(60) {
		return matrix.MustPortRange(pick(g, []string{
			"icmp", "icmp/0", "icmp/0-0", "icmp/3", "icmp/3-4", "icmp/8", "icmp/8-0", "icmp/255-255",
			"icmpv6", "icmpv6/0", "icmpv6/1", "icmpv6/1-3", "icmpv6/128", "icmpv6/128-0",
		}))
	}
	return matrix.MustPortRange(pick(g, []string{
		"vrrp", "esp", "ah", "gre", "igmp", "ipv4", "ipip", "ipv6", "ospf", "dccp", "udplite", "egp", "pgm", "rsvp", "ipv6-frag", "mobile", "ip/253",
	}))
}

func (g *generator) listenSpecs() []string {
	var specs []string
	for range 1 + g.IntN(3) {
		specs = append(specs, g.withPorts().String())
	}
	return specs
}

func (g *generator) portSpecs() []string {
	var specs []string
	for range 1 + g.IntN(3) {
		specs = append(specs, g.portRange().String())
	}
	return specs
}
