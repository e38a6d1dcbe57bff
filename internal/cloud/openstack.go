package cloud

import (
	"fmt"
	"maps"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// OpenStack returns what Neutron's documentation says of security groups: rules only
// allow; a rule is for one direction and one ethertype; without a protocol it is
// for all of them, without ports for every port of its protocol, and ICMP has a
// type and a code in their place; its other side is a prefix of the same family,
// the members of a group, the entries of an address group, or, with none of them,
// everything of its family. ICMP of ethertype IPv6 is ICMPv6.
// https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules
//
// Rows have the attributes of openstack_networking_secgroup_rule_v2, which are
// those of Neutron's API.
func OpenStack() Cloud {
	return Cloud{Name: "openstack", read: readOpenStack, printed: printedOpenStack,
		prints:    "openstack security group show -f json, openstack security group rule list --long -f json, Neutron's API",
		notes:     []string{"description", "tenant_id", "project_id", "tags", "created_at", "updated_at", "standard_attr_id", "normalized_cidr", "belongs_to_default_sg", "revision_number"},
		optional:  []string{"protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id", "remote_address_group_id"},
		terraform: terraformOpenStack, resources: map[string]Direction{"openstack_networking_secgroup_rule_v2": ""}}
}

// openStackProtocols are the names of neutron_lib.constants.IP_PROTOCOL_MAP.
var openStackProtocols = map[string]uint8{
	"ah": 51, "dccp": dccp, "egp": 8, "esp": 50, "gre": 47, "icmp": icmp, "icmpv6": icmpv6, "ipv6-icmp": icmpv6, "igmp": 2,
	"ipip": 4, "ipv6-encap": 41, "ipv6-frag": 44, "ipv6-nonxt": 59, "ipv6-opts": 60, "ipv6-route": 43, "ospf": 89, "pgm": 113,
	"rsvp": 46, "sctp": sctp, "tcp": tcp, "udp": udp, "udplite": udplite, "vrrp": 112,
}

// Columns of security group rule list.
const (
	rangeColumn       = "IP Range"
	remoteGroupColumn = "Remote Security Group"
)

// Two more protocols that have ports for Neutron.
const (
	dccp    = 33
	udplite = 136
)

func readOpenStack(r *row, direction Direction, w World) Rule {
	if w.StateZeros {
		r.dropZeros("port_range_min", "port_range_max")
	}
	r.ignore("description", "region", "tenant_id", "project_id", "timeouts", "tags", "created_at", "updated_at",
		"revision_number", "standard_attr_id", "normalized_cidr", "belongs_to_default_sg")
	rule := Rule{ID: r.text("id"), Direction: r.direction(r.text("direction"), direction)}
	rule.Import = rule.ID
	if group := r.id("security_group_id"); group == "" {
		r.wrong("security_group_id", "the rule is attached to no group", "a group; the list of one group's rules lacks it, and openstack security group show -f json and the list of all rules have it")
	} else {
		rule.Groups = []string{group}
	}
	if r.has(rangeColumn) {
		r.wrong(rangeColumn, fmt.Sprintf("%q is printed for a remote group, too, and the column %q is not there", r.text(rangeColumn), remoteGroupColumn),
			"what openstack security group rule list --long -f json prints, with all its columns")
	}
	var in families
	switch ethertype := r.text("ethertype"); ethertype {
	case "IPv4":
		in.ipv4 = true
	case "IPv6":
		in.ipv6 = true
	default:
		in = both // the rest is read as it is
		r.wrong("ethertype", fmt.Sprintf("it is %q", ethertype), "IPv4, IPv6")
	}
	protocol, ports := r.openStackPorts(in)
	rule.Packets = packet.Rule{Peers: possible(r.openStackPeers(in, w, &rule), protocol), Ports: []packet.Ports{ports}}
	return rule
}

// openStackPeers reads the other side, which is everybody where there is none.
func (r *row) openStackPeers(in families, w World, rule *Rule) []packet.Peer {
	var peers []packet.Peer
	count := 0
	if text := r.text("remote_ip_prefix"); text != "" {
		peers = r.prefixes("remote_ip_prefix", []string{text}, in)
		count++
	}
	if text := r.id("remote_group_id"); text != "" {
		peers = w.named(text, in)
		count++
	}
	if text := r.id("remote_address_group_id"); text != "" {
		peers = rule.list(w, text, in)
		count++
	}
	switch {
	case count > 1:
		r.wrong("remote_ip_prefix", "a rule has one remote, and this one has several",
			"one of remote_ip_prefix, remote_group_id, remote_address_group_id")
	case count == 0 && in.ipv4 != in.ipv6:
		peers = []packet.Peer{Anyone(in.ipv6)}
	}
	return peers
}

// openStackPorts reads the protocol and what the rule opens of it.
func (r *row) openStackPorts(in families) (protocol int, ports packet.Ports) {
	const first, last = "port_range_min", "port_range_max"
	r.ignore(first, last)
	protocol, ok := everyProtocol, true
	if text := r.text("protocol"); text != "" {
		protocol, ok = r.protocol("protocol", text, openStackProtocols, "any", "all", "-1")
	}
	if protocol == icmp && in.ipv6 {
		protocol = icmpv6
	}
	hasPorts := r.has(first) || r.has(last)
	switch {
	case !ok:
	case protocol == icmp || protocol == icmpv6:
		ports = r.icmp(uint8(protocol), first, last)
	case hasPorts && (protocol == tcp || protocol == udp || protocol == sctp || protocol == dccp || protocol == udplite):
		if first, last, ok := r.bounds(first, last, 1); ok {
			ports = portRange(uint8(protocol), first, last)
		}
	case hasPorts:
		r.wrong(first, "ports stand beside a protocol that has none, or beside no protocol", "none")
	case protocol == everyProtocol:
		ports = packet.Everything()
	default:
		ports = packet.Protocol(uint8(protocol))
	}
	return protocol, ports
}

// dropZeros takes bounds away that are 0 where they were not given: the second,
// and the first where there is no second.
func (r *row) dropZeros(first, last string) {
	values := maps.Clone(r.values)
	for _, name := range []string{last, first} {
		n, ok := whole(values[name])
		if !ok || n != 0 {
			break
		}
		delete(values, name)
	}
	r.values = values
}
