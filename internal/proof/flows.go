package proof

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// flows answers from the rules and the world alone.
type flows struct {
	c     *Case
	cloud Cloud
	keys  []string // sorted
	rules []deployment.Rule
}

func newFlows(c *Case, cloud Cloud) *flows {
	f := &flows{c: c, cloud: cloud, keys: slices.Sorted(maps.Keys(c.Rules))}
	for _, key := range f.keys {
		f.rules = append(f.rules, c.Rules[key])
	}
	return f
}

// managed reports whether rules are attached to the endpoint.
func (e Endpoint) managed() bool { return e.Group && !e.Unmanaged }

// referred are the machines of the group that peers refer to.
func (e Endpoint) referred() []netip.Addr {
	if len(e.Beside) > 0 {
		return e.Beside
	}
	return e.Machines
}

// Allows returns the key of a rule that lets the packet pass at a managed
// endpoint, and "" where none does. An endpoint that nobody manages here lets
// nothing pass: nothing may be attached to it.
func (f *flows) Allows(direction firewall.Direction, endpoint string, p Packet) string {
	host := f.c.World[endpoint]
	if !host.managed() {
		return ""
	}
	far := p.Source
	if direction == firewall.Egress {
		far = p.Destination
	}
	for i, r := range f.rules {
		here, there := r.Destination, r.Source
		if direction == firewall.Egress {
			here, there = there, here
		}
		if f.c.World.Who(here) != endpoint || !isOn(r.Ports, p) {
			continue
		}
		if f.is(direction, r.Ports, host, f.c.World[f.c.World.Who(there)], far) {
			return f.keys[i]
		}
	}
	return ""
}

// isOn reports whether a packet has one of the ports.
func isOn(ports matrix.PortRange, p Packet) bool {
	first, last := lineOf(ports)
	return uint8(ports.Protocol()) == p.Protocol && first <= p.Port && p.Port <= last
}

// lineOf returns the ports, or ICMP's types and codes, as packets have them. Port
// 0, on which nothing can listen, goes with port 1, as it does in clouds.
func lineOf(ports matrix.PortRange) (first, last uint16) {
	first, last, _ = ports.Line()
	if ports.Protocol().HasPorts() && first == 1 {
		first = 0
	}
	return first, last
}

func isEveryPort(ports matrix.PortRange) bool {
	return ports.Protocol().HasPorts() && ports.From() == 1 && ports.To() == matrix.MaxPort
}

// is reports whether an address is the peer's, in a form that the cloud can say.
func (f *flows) is(direction firewall.Direction, ports matrix.PortRange, host, peer Endpoint, address netip.Addr) bool {
	says := func(form Form) bool {
		return f.cloud.sayable(direction, ports, form, host, peer, address.Is6())
	}
	in := func(prefix netip.Prefix) bool { return prefix.Contains(address) }
	if slices.ContainsFunc(peer.Listed, in) && says(ListedForm) {
		return true
	}
	for _, prefix := range peer.Named {
		if in(prefix) && says(NamedForm) {
			return true
		}
	}
	return peer.Group && slices.Contains(peer.referred(), address) && says(GroupForm) ||
		peer.List && slices.ContainsFunc(peer.Entries, in) && says(ListForm)
}

// wanted is a rule with what it has to let pass at one end.
type wanted struct {
	key     string
	packets packet.Rule
}

// wanted returns what the flows let pass at a managed endpoint, groups and lists
// by their names.
func (f *flows) wanted(direction firewall.Direction, endpoint string) []wanted {
	host := f.c.World[endpoint]
	if !host.managed() {
		return nil
	}
	var all []wanted
	for i, r := range f.rules {
		here, there := r.Destination, r.Source
		if direction == firewall.Egress {
			here, there = there, here
		}
		if f.c.World.Who(here) != endpoint {
			continue
		}
		first, last := lineOf(r.Ports)
		all = append(all, wanted{f.keys[i], packet.Rule{
			Peers: f.peers(direction, r.Ports, host, f.c.World.Who(there)),
			Ports: []packet.Ports{packet.PortRange(uint8(r.Ports.Protocol()), first, last)},
		}})
	}
	return all
}

// peers returns what an endpoint is as the other side, in the forms that the cloud
// can say.
func (f *flows) peers(direction firewall.Direction, ports matrix.PortRange, host Endpoint, id string) []packet.Peer {
	var peers []packet.Peer
	peer := f.c.World[id]
	says := func(form Form, ipv6 bool) bool { return f.cloud.sayable(direction, ports, form, host, peer, ipv6) }
	add := func(form Form, prefix netip.Prefix) {
		if p, err := packet.Prefix(prefix); err == nil && says(form, p.Is6()) {
			peers = append(peers, p)
		}
	}
	for _, prefix := range peer.Listed {
		add(ListedForm, prefix)
	}
	for _, prefix := range peer.Named {
		add(NamedForm, prefix)
	}
	for _, ipv6 := range []bool{false, true} {
		if peer.Group && says(GroupForm, ipv6) {
			peers = append(peers, packet.Atom(f.cloud.referred(f.c, id), ipv6))
		}
		if peer.List && says(ListForm, ipv6) {
			peers = append(peers, packet.Atom(f.cloud.list(f.c, id), ipv6))
		}
	}
	return peers
}

// Unenforced returns the keys of the rules that nobody enforces, or that one of
// the managed ends does not: they must be reported.
func (f *flows) Unenforced() []string {
	var keys []string
	for i, r := range f.rules {
		source, destination := f.c.World.Who(r.Source), f.c.World.Who(r.Destination)
		from, to := f.c.World[source], f.c.World[destination]
		if !from.managed() && !to.managed() ||
			to.managed() && len(f.peers(firewall.Ingress, r.Ports, to, source)) == 0 ||
			from.managed() && len(f.peers(firewall.Egress, r.Ports, from, destination)) == 0 {
			keys = append(keys, f.keys[i])
		}
	}
	return keys
}
