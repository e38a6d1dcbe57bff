// Package proof shows that a target enforces what the flows say, no more and no
// less, on every packet of the deployments that it tries (law 6 of the design).
//
// Two sides say what passes. One knows rules and the world: which addresses,
// groups and lists every endpoint has. The other, internal/cloud, knows what the
// target rendered and what the cloud's documentation says that such rules do.
// Both are sets of packets, and have to be equal at every endpoint, in both
// directions. Random packets are asked beside, of flows and addresses one by one,
// so that the algebra of sets is not believed either. The two sides share no code
// but that algebra, and none with internal/firewall. Cases come from a seed alone,
// so that a disagreement can be had again.
//
// A cloud joins by a file of its own, which [Clouds] lists.
//
// Whether the flows themselves are right is another question: a [Shape] says
// what the processes of an installation open, and shares no code with the page
// that the flows come from.
package proof

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// Endpoint is what one endpoint is, in addresses. The zero value is an endpoint
// without any.
type Endpoint struct {
	Listed []netip.Prefix          // in its list of CIDRs, as written: repeated and nested ones too
	Named  map[string]netip.Prefix // by name
	Group  bool                    // it is a group (or tags, or accounts)
	// Machines are the addresses of the group's members, of both families.
	Machines []netip.Addr
	Beside   []netip.Addr   // of another group, to which peers refer in its place; of a managed group alone
	List     bool           // it is a list of addresses that the cloud keeps
	Entries  []netip.Prefix // of that list

	Unmanaged  bool   // nothing is attached to its group
	Public     bool   // it may be public
	SameAs     string // it is this other endpoint; nothing else is set then
	NoIPv4     bool   // rules between its group or list and others leave out IPv4
	NoIPv6     bool   // and IPv6
	emptyCIDRs bool   // write cidrs = [] rather than no list
}

// World is what every endpoint is, by its id.
type World map[string]Endpoint

// Who returns the endpoint that an id means: itself, or what it is the same as.
func (w World) Who(id string) string {
	if other := w[id].SameAs; other != "" {
		return other
	}
	return id
}

// Case is one installation in one world.
type Case struct {
	Seed  uint64 // made it
	Rules map[string]deployment.Rule
	World World
}

// Packet opens a connection.
type Packet struct {
	Source, Destination netip.Addr // of one family
	Protocol            uint8      // IANA number
	Port                uint16     // destination; of ICMP type<<8 | code
}

// String spells the packet: 10.0.0.1 -> 10.0.0.2 protocol 6 port 443.
func (p Packet) String() string {
	return fmt.Sprintf("%s -> %s protocol %d port %d", p.Source, p.Destination, p.Protocol, p.Port)
}

// String spells the case for a person who has to find a fault with it.
func (c *Case) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "case of seed %d\nrules:\n", c.Seed)
	for _, key := range slices.Sorted(maps.Keys(c.Rules)) {
		r := c.Rules[key]
		fmt.Fprintf(&text, "  %s: %s to %s on %s for %s\n", key, r.Source, r.Destination, r.Ports, r.Purpose)
	}
	text.WriteString("world:\n")
	for _, id := range slices.Sorted(maps.Keys(c.World)) {
		fmt.Fprintf(&text, "  %s: %s\n", id, c.World[id])
	}
	return text.String()
}

// String lists what the endpoint is.
func (e Endpoint) String() string {
	var parts []string
	say := func(yes bool, format string, values ...any) {
		if yes {
			parts = append(parts, fmt.Sprintf(format, values...))
		}
	}
	say(e.SameAs != "", "same as %s", e.SameAs)
	say(e.Group && !e.Unmanaged, "managed group of %v", e.Machines)
	say(e.Group && e.Unmanaged, "someone else's group of %v", e.Machines)
	say(len(e.Beside) > 0, "to peers the group of %v", e.Beside)
	say(e.List, "address list of %v", e.Entries)
	say(len(e.Listed) > 0, "cidrs %v", e.Listed)
	for _, name := range slices.Sorted(maps.Keys(e.Named)) {
		say(true, "named %s %s", name, e.Named[name])
	}
	say(e.Public, "may be public")
	say(e.NoIPv4, "no IPv4")
	say(e.NoIPv6, "no IPv6")
	if len(parts) == 0 {
		return "no addresses"
	}
	return strings.Join(parts, ", ")
}

// clone returns a copy that shares nothing with the case.
func (c *Case) clone() *Case {
	world := make(World, len(c.World))
	for id, e := range c.World {
		e.Listed = slices.Clone(e.Listed)
		e.Named = maps.Clone(e.Named)
		e.Machines = slices.Clone(e.Machines)
		e.Beside = slices.Clone(e.Beside)
		e.Entries = slices.Clone(e.Entries)
		world[id] = e
	}
	return &Case{Seed: c.Seed, Rules: maps.Clone(c.Rules), World: world}
}
