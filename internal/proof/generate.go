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

// Generate makes the case of a seed for a cloud. Every case is valid: that a
// target refuses one is a fault of the target.
func Generate(seed uint64, cloud Cloud) (*Case, error) {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), cloud: cloud}
	c := &Case{Seed: seed}
	var err error
	if g.chance(50) {
		c.Rules, err = g.deployed()
		if err != nil {
			return nil, err
		}
	} else {
		c.Rules = g.free()
	}
	c.World = g.world(c.Rules)
	return c, nil
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
	choices.Clusters = some(g, percent, hostsOnceMoved(hosts, choices.Placement))
	choices.Exclude = some(g, percent/4, endpoints)
	choices.Relays = g.relays(percent, append(components, "ldap", "package_repositories"))
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

// relays returns relays side by side and one before another.
func (g *generator) relays(percent int, targets []string) map[string]deployment.Relay {
	relays := make(map[string]deployment.Relay)
	for _, name := range some(g, percent, []string{"gate", "balancer", "proxy"}) {
		inFrontOf := some(g, 20, targets)
		inFrontOf = append(inFrontOf, pick(g, targets))
		relays[name] = deployment.Relay{InFrontOf: inFrontOf, Ports: g.portSpecs()}
		targets = append(targets, name) // later ones may stand before it, so there is no circle
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
	protocol, first := pick(g, []matrix.Protocol{matrix.TCP, matrix.UDP}), g.port()
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

func (g *generator) portSpecs() []string {
	var specs []string
	for range 1 + g.IntN(3) {
		specs = append(specs, g.portRange().String())
	}
	return specs
}

// world says what the ends of the rules are, and of a few endpoints more.
func (g *generator) world(rules map[string]deployment.Rule) World {
	ends := make(map[string]bool)
	if len(rules) == 0 || g.chance(20) {
		ends["nobody"] = true // a binding that no rule asks for
	}
	for _, r := range rules {
		ends[r.Source], ends[r.Destination] = true, true
	}
	ids := slices.Sorted(maps.Keys(ends))
	w := make(World, len(ids))
	for _, id := range ids {
		w[id] = g.endpoint()
	}
	g.name(w, ids)
	for i, id := range ids {
		if other := pick(g, ids[:i+1]); g.chance(12) && other != id && w[other].SameAs == "" && !g.isNamed(w, ids[i+1:], id) {
			w[id] = Endpoint{SameAs: other}
		}
	}
	g.publish(w, ids, rules)
	return w
}

// isNamed reports whether one of the endpoints is the same as id.
func (g *generator) isNamed(w World, ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return w[other].SameAs == id })
}

func (g *generator) endpoint() Endpoint {
	var e Endpoint
	switch g.IntN(10) {
	case 0, 1, 2, 3, 4:
		e.Group = true
		e.Unmanaged = g.chance(20)
		for range 1 + g.IntN(3) {
			e.Machines = append(e.Machines, g.address(false), g.address(true))
		}
	case 5:
		e.List = g.cloud.Lists
	}
	if e.List {
		mixed, ipv6 := g.cloud.MixedLists, g.chance(50)
		for range 1 + g.IntN(4) {
			if mixed {
				ipv6 = g.chance(50)
			}
			e.Entries = append(e.Entries, g.prefix(ipv6))
		}
	}
	if g.cloud.Families && (e.Group || e.List) && g.chance(40) {
		e.NoIPv4 = g.chance(50)
		e.NoIPv6 = !e.NoIPv4
	}
	wanted := 30
	if !e.Group && !e.List {
		wanted = 90
	}
	if g.chance(wanted) {
		for range 1 + g.IntN(6) {
			e.Listed = append(e.Listed, g.prefix(g.chance(40)))
		}
	}
	e.emptyCIDRs = len(e.Listed) == 0 && (g.chance(20) || !e.Group && !e.List)
	e.Public = g.chance(5) // allowed, and not used
	return e
}

// name gives CIDRs names, some in several bindings. A name has one prefix, and a
// prefix that is listed anywhere has none.
func (g *generator) name(w World, ids []string) {
	taken := make(map[netip.Prefix]bool)
	for _, e := range w {
		for _, prefix := range e.Listed {
			taken[prefix] = true
		}
	}
	for i := range g.IntN(4) {
		prefix := g.prefix(g.chance(40))
		if taken[prefix] {
			continue
		}
		taken[prefix] = true
		for range 1 + g.IntN(2) {
			id := pick(g, ids)
			e := w[id]
			if e.Named == nil {
				e.Named = make(map[string]netip.Prefix)
			}
			e.Named[fmt.Sprintf("name_%d", i)] = prefix
			w[id] = e
		}
	}
}

// publish puts the Internet behind an endpoint whose flows may have it.
func (g *generator) publish(w World, ids []string, rules map[string]deployment.Rule) {
	id := pick(g, ids)
	e := w[id]
	if e.SameAs != "" || !g.chance(15) {
		return
	}
	for _, r := range rules {
		touches := w.Who(r.Source) == id || w.Who(r.Destination) == id
		if touches && (r.Purpose == matrix.Administration || r.Purpose == matrix.Internal) {
			return
		}
	}
	e.Public = true
	e.Listed = append(e.Listed, pick(g, [][]netip.Prefix{
		{netip.MustParsePrefix("0.0.0.0/0")},
		{netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1")},
		{netip.MustParsePrefix("::/0")},
		{netip.MustParsePrefix("2000::/3"), netip.MustParsePrefix("0.0.0.0/0")},
	})...)
	e.emptyCIDRs = false
	w[id] = e
}

// The blocks that prefixes come from. None is public, nor are all together.
var (
	blocks4 = []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("203.0.113.0/24"),
	}
	blocks6 = []netip.Prefix{netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("2001:db8::/32")}
)

// prefix makes a prefix: often one that covers one made before, lies in it,
// beside it, or is it.
func (g *generator) prefix(ipv6 bool) netip.Prefix {
	var near []netip.Prefix
	for _, prefix := range g.prefixes {
		if prefix.Addr().Is6() == ipv6 {
			near = append(near, prefix)
		}
	}
	block := pick(g, blocks4)
	if ipv6 {
		block = pick(g, blocks6)
	}
	bits := block.Bits() + g.IntN(block.Addr().BitLen()-block.Bits()+1)
	address := g.within(block)
	if len(near) > 0 && g.chance(60) {
		prefix := pick(g, near)
		block = blockOf(prefix)
		address, bits = prefix.Addr(), prefix.Bits()
		switch g.IntN(4) {
		case 0: // covers it, or is it
			bits = max(block.Bits(), bits-g.IntN(8))
		case 1: // lies in it
			address = g.within(prefix)
			bits = min(address.BitLen(), bits+g.IntN(8))
		case 2: // its neighbour
			if next := last(prefix).Next(); next.IsValid() && block.Contains(next) {
				address = next
			}
		}
	}
	prefix := netip.PrefixFrom(address, bits).Masked()
	g.prefixes = append(g.prefixes, prefix)
	return prefix
}

func blockOf(prefix netip.Prefix) netip.Prefix {
	for _, block := range slices.Concat(blocks4, blocks6) {
		if block.Contains(prefix.Addr()) {
			return block
		}
	}
	return prefix
}

// address makes an address, mostly near a prefix.
func (g *generator) address(ipv6 bool) netip.Addr {
	return g.within(g.prefix(ipv6))
}

// within returns an address of the prefix.
func (g *generator) within(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < 8*len(bytes); i++ {
		if g.chance(50) {
			bytes[i/8] |= 0x80 >> (i % 8)
		}
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}

// last returns the prefix's last address.
func last(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < 8*len(bytes); i++ {
		bytes[i/8] |= 0x80 >> (i % 8)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}
