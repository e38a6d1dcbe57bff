package firewall

import (
	"net/netip"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// OpenStack renders to openstack_networking_secgroup_rule_v2.
var OpenStack = Target{
	Name: "openstack",
	Arguments: []Argument{
		{"security_group_id", Text, "Security group that the rule is attached to"},
		{"direction", Text, "`ingress` or `egress`"},
		{"ethertype", Text, "`IPv4` or `IPv6`; not known before the prefix of a named CIDR is"},
		{"protocol", Text, "`tcp` or `udp`"},
		{"port_range_min", Number, "First port of the range, inclusive; null for every port"},
		{"port_range_max", Number, "Last port of the range, inclusive; null for every port"},
		{"remote_ip_prefix", Text, "Peer's prefix, or null"},
		{"remote_group_id", Text, "Peer's security group, or null"},
		{"remote_address_group_id", Text, "Peer's address group, or null"},
		{"description", Text, "The rule's key"},
	},
	GroupAttribute:      "security_group_id",
	ListAttribute:       "address_group_id",
	EthertypesAttribute: "ethertypes",
	listPeer:            AddressGroupPeer,
	lacks:               lacksFamily,
	render:              renderOpenStack,
}

// lacksFamily also finds ends that have no address family in common.
func lacksFamily(host, other *party, direction Direction) string {
	if reason := lacksAddresses(host, other, direction); reason != "" {
		return reason
	}
	if len(other.prefixes) > 0 {
		return ""
	}
	for _, p := range other.peers {
		if p.kind == CIDRPeer || p.families&host.families != 0 {
			return ""
		}
	}
	return host.id + " and " + other.id + " have no address family in common, by their ethertypes"
}

func renderOpenStack(p *plan) *Result {
	result := &Result{}
	for _, o := range p.openings() {
		if o.peer.kind == CIDRPeer {
			result.add(o.direction, openStackRule(o, "", openStackEthertype(o.peer.prefix)))
			continue
		}
		// A group holds machines of both families: each is a rule of its own.
		common := o.peer.families & o.host.families
		if common&ipv4 != 0 {
			result.add(o.direction, openStackRule(o, "", Known("IPv4")))
		}
		if common&ipv6 != 0 {
			result.add(o.direction, openStackRule(o, "-ipv6", Known("IPv6")))
		}
	}
	result.countRules(p.hosts)
	return result
}

func openStackRule(o opening, suffix string, ethertype Value[string]) Bound {
	key := o.key() + suffix
	first, last := openStackPorts(o.ports.From(), o.ports.To())
	return o.bound(key, []Cell{
		{Text: o.host.binding.Group},
		{Text: Known(o.direction.String())},
		{Text: ethertype},
		{Text: Known(o.ports.Protocol().String())},
		{Number: first},
		{Number: last},
		{Text: prefixText(o.peer.prefix)},
		{Text: o.peer.group},
		{Text: o.peer.list},
		{Text: Known(key)},
	})
}

// openStackPorts leaves out the bounds of a range that holds every port:
// Neutron stores such a rule without them, and every plan would want to replace
// it.
func openStackPorts(first, last int) (from, to int64) {
	if first == 1 && last == matrix.MaxPort {
		return 0, 0
	}
	return int64(first), int64(last)
}

// openStackEthertype returns the family of a prefix, which Neutron wants to
// match; it is unknown as long as the prefix is.
func openStackEthertype(prefix Value[netip.Prefix]) Value[string] {
	p, ok := prefix.Get()
	switch {
	case !ok:
		return Unknown[string]()
	case p.Addr().Is4():
		return Known("IPv4")
	}
	return Known("IPv6")
}

// prefixText returns the prefix as clouds keep it.
func prefixText(prefix Value[netip.Prefix]) Value[string] {
	if p, ok := prefix.Get(); ok {
		return Known(p.String())
	}
	if prefix.IsUnknown() {
		return Unknown[string]()
	}
	return Value[string]{}
}
