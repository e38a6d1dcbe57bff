package proof

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
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
		if f.c.World.Who(here) != endpoint || uint8(r.Ports.Protocol()) != p.Protocol ||
			int(p.Port) < r.Ports.From() || int(p.Port) > r.Ports.To() {
			continue
		}
		if f.is(direction, host, f.c.World[f.c.World.Who(there)], far) {
			return f.keys[i]
		}
	}
	return ""
}

// is reports whether an address is the peer's, in a form that the cloud can say.
func (f *flows) is(direction firewall.Direction, host, peer Endpoint, address netip.Addr) bool {
	says := func(form Form) bool { return f.cloud.says(direction, form, host, peer, address.Is6()) }
	in := func(prefix netip.Prefix) bool { return prefix.Contains(address) }
	if slices.ContainsFunc(peer.Listed, in) && says(ListedForm) {
		return true
	}
	for _, prefix := range peer.Named {
		if in(prefix) && says(NamedForm) {
			return true
		}
	}
	return peer.Group && slices.Contains(peer.Machines, address) && says(GroupForm) ||
		peer.List && slices.ContainsFunc(peer.Entries, in) && says(ListForm)
}

// Unenforced returns the keys of the rules that nobody enforces, or that one of
// the managed ends does not: they must be told.
func (f *flows) Unenforced() []string {
	var keys []string
	for i, r := range f.rules {
		source, destination := f.c.World[f.c.World.Who(r.Source)], f.c.World[f.c.World.Who(r.Destination)]
		if !source.managed() && !destination.managed() ||
			destination.managed() && !f.sayable(firewall.Ingress, destination, source) ||
			source.managed() && !f.sayable(firewall.Egress, source, destination) {
			keys = append(keys, f.keys[i])
		}
	}
	return keys
}

// sayable reports whether the cloud has any words for the peer.
func (f *flows) sayable(direction firewall.Direction, host, peer Endpoint) bool {
	for form, there := range map[Form]bool{
		ListedForm: len(peer.Listed) > 0,
		NamedForm:  len(peer.Named) > 0,
		GroupForm:  peer.Group,
		ListForm:   peer.List,
	} {
		if there && (f.cloud.says(direction, form, host, peer, false) || f.cloud.says(direction, form, host, peer, true)) {
			return true
		}
	}
	return false
}
