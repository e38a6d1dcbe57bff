package proof

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Hosts is what the proof has to know of a host's own firewall. It is no Cloud:
// peers are addresses and nothing else, one text is one host's, and there are
// packets that a host needs whatever the matrix says.
type Hosts struct {
	// Render is firewall.Ruleset, and what tests change.
	Render func(rules map[string]deployment.Rule, bindings map[string]firewall.Binding, host string, options firewall.RulesetOptions) (*firewall.HostRuleset, error)
	// Read reads a text: by itself, or as the kernel has it after loading it.
	Read func(text string) (*cloud.Ruleset, error)
}

// bridge is where containers are, in the cases that have some.
const bridge = "br-proof"

// ProveHosts tries the deployments that follow from a seed, every host of each.
func ProveHosts(h Hosts, seed uint64, deployments int) (Tally, error) {
	var total Tally
	var rules map[string]deployment.Rule
	for ; total.Deployments < deployments; seed++ {
		if total.Deployments == 0 || seed%worldsPerDeployment == 0 {
			var err error
			if rules, err = generateRules(seed); err != nil {
				return total, fmt.Errorf("seed %d: %w", seed, err)
			}
		}
		of := generateWorld(seed, Cloud{}, rules)
		tally, err := h.try(of)
		total.Add(tally)
		if err != nil {
			return total, fmt.Errorf("%s%w", of, err)
		}
	}
	return total, nil
}

// try looks for a fault at every host of one case.
func (h Hosts) try(of *Case) (Tally, error) {
	tally := Tally{Deployments: 1}
	bindings := addressBindings(of)
	for _, host := range hostsOf(of) {
		options := firewall.RulesetOptions{AllowLockout: true, ClosedEgress: of.Seed%3 != 0}
		if of.Seed%2 == 0 {
			options.ContainerInterfaces = []string{bridge}
		}
		applied, err := h.Render(of.Rules, bindings, host, options)
		if err != nil {
			return tally, fmt.Errorf("host %s: a valid case is refused: %w", host, err)
		}
		text, ok := applied.Text.Get()
		if !ok {
			return tally, fmt.Errorf("host %s: the text is not known", host)
		}
		planned, err := h.Render(of.Rules, atPlan(of.Seed, bindings), host, options)
		if err != nil {
			return tally, fmt.Errorf("host %s: a valid case is refused at plan: %w", host, err)
		}
		if before, ok := planned.Text.Get(); ok && before != text || !maps.Equal(planned.Unenforced, applied.Unenforced) {
			return tally, fmt.Errorf("host %s: plan and apply differ", host)
		}
		e := expected{of, host, options}
		if got, want := slices.Sorted(maps.Keys(applied.Unenforced)), e.unenforced(); !slices.Equal(got, want) {
			return tally, fmt.Errorf("host %s: unenforced has %v and not %v", host, got, want)
		}
		read, err := h.Read(text)
		if err != nil {
			return tally, fmt.Errorf("host %s: %w\n%s", host, err, text)
		}
		for _, way := range e.ways() {
			passes, err := read.Passes(way.passage)
			if err != nil {
				return tally, fmt.Errorf("host %s: %w\n%s", host, err, text)
			}
			tally.Sets++
			if !passes.Equal(way.want) {
				return tally, fmt.Errorf("host %s, %+v: too much is\n%s, too little is\n%s%s", host, way.passage, passes.Subtract(way.want), way.want.Subtract(passes), text)
			}
		}
		passed, tried, err := e.packets(read)
		tally.Passed, tally.Packets = tally.Passed+passed, tally.Packets+tried
		if err != nil {
			return tally, fmt.Errorf("host %s: %w\n%s", host, err, text)
		}
		tally.Rules += strings.Count(text, "comment")
	}
	return tally, nil
}

// hostsOf returns the endpoints that rules make hosts: what is neither only ever an
// actor nor only ever an outside system.
func hostsOf(of *Case) []string {
	is := make(map[string]bool)
	for _, r := range of.Rules {
		switch r.Purpose {
		case matrix.Internal:
			is[r.Source], is[r.Destination] = true, true
		case matrix.UserAccess, matrix.Administration, matrix.Events:
			is[r.Destination] = true
		case matrix.Outbound, matrix.Installation:
			is[r.Source] = true
		}
	}
	return slices.Sorted(maps.Keys(is))
}

// addressesOf returns what an endpoint is on a network: groups are their machines.
func addressesOf(e Endpoint) []netip.Prefix {
	all := slices.Concat(e.Listed, prefixesOf(e.Machines))
	for prefix := range values(e.Named) {
		all = append(all, prefix)
	}
	return all
}

// addressBindings writes the endpoints of a case as addresses. A machine that is a
// named prefix elsewhere is left to the name.
func addressBindings(of *Case) map[string]firewall.Binding {
	named := make(map[netip.Prefix]bool)
	for _, e := range of.World {
		for _, prefix := range e.Named {
			named[prefix] = true
		}
	}
	bindings := make(map[string]firewall.Binding, len(of.World))
	for id, e := range of.World {
		e.Machines = slices.DeleteFunc(slices.Clone(e.Machines), func(machine netip.Addr) bool {
			return named[netip.PrefixFrom(machine, machine.BitLen())]
		})
		of.World[id] = e
		b := common(e)
		for _, machine := range prefixesOf(e.Machines) {
			b.CIDRs = append(b.CIDRs, machine.String())
		}
		if e.SameAs == "" && b.CIDRs == nil && b.NamedCIDRs == nil {
			b.CIDRs = []string{}
		}
		bindings[id] = b
	}
	return bindings
}

// expected says what a host's ruleset lets pass, from the flows.
type expected struct {
	of      *Case
	host    string
	options firewall.RulesetOptions
}

// reached is a rule at a host with what the other side is, in the families in
// which its protocol exists.
type reached struct {
	key  string
	rule deployment.Rule
	able []netip.Prefix
}

// toward returns the rules at the host in one direction.
func (e expected) toward(direction firewall.Direction) []reached {
	var all []reached
	for _, key := range slices.Sorted(maps.Keys(e.of.Rules)) {
		r := e.of.Rules[key]
		here, there := e.of.World.Who(r.Destination), e.of.World.Who(r.Source)
		if direction == firewall.Egress {
			here, there = there, here
		}
		if here != e.of.World.Who(e.host) {
			continue
		}
		var able []netip.Prefix
		for _, prefix := range addressesOf(e.of.World[there]) {
			if protocol := r.Ports.Protocol(); protocol != matrix.ICMP && protocol != matrix.ICMPv6 || (protocol == matrix.ICMPv6) == prefix.Addr().Is6() {
				able = append(able, prefix)
			}
		}
		if direction == firewall.Egress && here == there && r.Ports.Protocol() == 112 && slices.ContainsFunc(able, func(p netip.Prefix) bool { return p.Addr().Is4() }) {
			able = append(able, netip.MustParsePrefix("224.0.0.18/32"))
		}
		all = append(all, reached{key, r, able})
	}
	return all
}

func (e expected) unenforced() []string {
	var keys []string
	directions := []firewall.Direction{firewall.Ingress}
	if e.options.ClosedEgress {
		directions = append(directions, firewall.Egress)
		if len(e.options.ContainerInterfaces) == 0 {
			keys = append(keys, "options.container_interfaces")
		}
	}
	for _, direction := range directions {
		for _, r := range e.toward(direction) {
			if len(r.able) == 0 {
				keys = append(keys, r.key)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// flows returns what the flows let in or out, ports as nft has them: from 1.
func (e expected) flows(direction firewall.Direction) packet.Set {
	var rules []packet.Rule
	for _, r := range e.toward(direction) {
		first, last, _ := r.rule.Ports.Line()
		rules = append(rules, packet.Rule{Peers: peersOf(r.able), Ports: []packet.Ports{packet.PortRange(uint8(r.rule.Ports.Protocol()), first, last)}})
	}
	return packet.New(rules...)
}

func peersOf(prefixes []netip.Prefix) []packet.Peer {
	var peers []packet.Peer
	for _, prefix := range prefixes {
		if peer, err := packet.Prefix(prefix); err == nil {
			peers = append(peers, peer)
		}
	}
	return peers
}

// way is a passage with what has to pass there.
type way struct {
	passage cloud.Passage
	want    packet.Set
}

// ways are all the ways to a host, from it, and through it.
func (e expected) ways() []way {
	in, out := e.flows(firewall.Ingress), e.flows(firewall.Egress)
	all := everything()
	ways := []way{
		{cloud.Passage{Hook: "input"}, in.Union(floorIn())},
		{cloud.Passage{Hook: "input", In: "lo"}, all},
		{cloud.Passage{Hook: "forward", Dnat: true}, in.Subtract(icmp())}, // published ports are of protocols with ports
		{cloud.Passage{Hook: "forward"}, all},                             // what else the host forwards is not the matrix's
	}
	if e.options.ClosedEgress {
		ways = append(ways, way{cloud.Passage{Hook: "output"}, out.Union(floorOut())}, way{cloud.Passage{Hook: "output", Out: "lo"}, all})
	} else {
		ways = append(ways, way{cloud.Passage{Hook: "output"}, all})
	}
	if len(e.options.ContainerInterfaces) == 0 {
		return ways
	}
	ways = append(ways,
		way{cloud.Passage{Hook: "input", In: bridge}, all.Subtract(invalid().Subtract(in))},
		way{cloud.Passage{Hook: "output", Out: bridge}, all},
		way{cloud.Passage{Hook: "forward", Out: bridge}, packet.Set{}}, // by a route of somebody's own
		way{cloud.Passage{Hook: "forward", In: bridge, Out: bridge}, all},
	)
	if e.options.ClosedEgress {
		return append(ways, way{cloud.Passage{Hook: "forward", In: bridge}, out})
	}
	return append(ways, way{cloud.Passage{Hook: "forward", In: bridge}, all})
}

// world6 and world4 are every address.
var (
	world4 = netip.MustParsePrefix("0.0.0.0/0")
	world6 = netip.MustParsePrefix("::/0")
)

func pass(prefix netip.Prefix, ports ...packet.Ports) packet.Rule {
	return packet.Rule{Peers: peersOf([]netip.Prefix{prefix}), Ports: ports}
}

// types are types of ICMP, with every code.
func types(protocol uint8, numbers ...uint16) []packet.Ports {
	var ports []packet.Ports
	for _, n := range numbers {
		ports = append(ports, packet.PortRange(protocol, n<<8, n<<8|0xff))
	}
	return ports
}

// icmp is both of them, in their families.
var icmp = sync.OnceValue(func() packet.Set {
	return packet.New(pass(world4, packet.Protocol(1)), pass(world6, packet.Protocol(58)))
})

// everything is what there is: ICMP is IPv4's, and ICMPv6 IPv6's.
var everything = sync.OnceValue(func() packet.Set {
	both := packet.New(pass(world4, packet.Everything()), pass(world6, packet.Everything()))
	return both.Subtract(packet.New(pass(world4, packet.Protocol(58)), pass(world6, packet.Protocol(1))))
})

// floorIn is what a host needs to be on a network, whoever sends it: errors of
// ICMP (RFC 1122, RFC 4443), neighbours and routers, multicast queries, and leases.
var floorIn = sync.OnceValue(func() packet.Set {
	return packet.New(
		pass(world4, types(1, 3, 11, 12)...),
		pass(world6, types(58, 1, 2, 3, 4, 130, 134, 135, 136)...),
		pass(world4, packet.PortRange(17, 68, 68)),
		pass(netip.MustParsePrefix("fe80::/10"), packet.PortRange(17, 546, 546)),
	)
})

// floorOut is the same of what it sends.
var floorOut = sync.OnceValue(func() packet.Set {
	return packet.New(
		pass(world4, types(1, 3, 11, 12)...),
		pass(world6, types(58, 1, 2, 3, 4, 131, 132, 133, 135, 136, 143)...),
		pass(world4, packet.PortRange(17, 67, 67)),
		pass(netip.MustParsePrefix("fe80::/10"), packet.PortRange(17, 547, 547)),
		pass(netip.MustParsePrefix("ff02::1:2/128"), packet.PortRange(17, 547, 547)),
	)
})

// invalid is what Linux takes for the beginning of nothing, of what the floor does
// not have: of ICMP all but requests, of ICMPv6 all but requests and what
// neighbours say to each other.
var invalid = sync.OnceValue(func() packet.Set {
	begins := packet.New(
		pass(world4, types(1, 8, 13, 15, 17)...),
		pass(world6, types(58, 128, 139, 131, 132, 133, 137, 143)...),
	)
	return icmp().Subtract(begins).Subtract(floorIn())
})

// packets asks about single packets, of flows and addresses one by one.
func (e expected) packets(read *cloud.Ruleset) (passed, tried int, err error) {
	source := newPackets(e.of)
	source.hosts = []string{e.of.World.Who(e.host)}
	sets := make(map[firewall.Direction]packet.Set)
	for direction, hook := range map[firewall.Direction]string{firewall.Ingress: "input", firewall.Egress: "output"} {
		if sets[direction], err = read.Passes(cloud.Passage{Hook: hook}); err != nil {
			return 0, 0, err
		}
	}
	if len(e.of.World[source.hosts[0]].Machines) == 0 {
		return 0, 0, nil
	}
	for range 100 {
		seen, ok := source.next()
		if !ok {
			return passed, tried, nil
		}
		far := seen.packet.Source
		if seen.direction == firewall.Egress {
			if !e.options.ClosedEgress {
				continue
			}
			far = seen.packet.Destination
		}
		if protocol := seen.packet.Protocol; seen.endpoint != source.hosts[0] || protocol == 1 && far.Is6() || protocol == 58 && far.Is4() {
			continue
		}
		tried++
		at := packet.PortRange(seen.packet.Protocol, seen.packet.Port, seen.packet.Port)
		allowed := e.allows(seen.direction, seen.packet, far)
		floor := floorIn()
		if seen.direction == firewall.Egress {
			floor = floorOut()
		}
		passes := sets[seen.direction].Contains(packet.Address(far), at)
		if passes != (allowed || floor.Contains(packet.Address(far), at)) {
			return passed, tried, fmt.Errorf("packet of %s: %s: the flows allow it: %t, the ruleset lets it pass: %t", seen.direction, seen.packet, allowed, passes)
		}
		if passes {
			passed++
		}
	}
	return passed, tried, nil
}

func (e expected) allows(direction firewall.Direction, p Packet, far netip.Addr) bool {
	for _, r := range e.toward(direction) {
		first, last, _ := r.rule.Ports.Line()
		if uint8(r.rule.Ports.Protocol()) == p.Protocol && first <= p.Port && p.Port <= last && slices.ContainsFunc(r.able, func(prefix netip.Prefix) bool { return prefix.Contains(far) }) {
			return true
		}
	}
	return false
}
