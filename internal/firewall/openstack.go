package firewall

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const (
	openStackGroup      = "security_group_id"
	openStackRemote     = "remote_group_id"
	openStackList       = "address_group_id"
	openStackEthertypes = "ethertypes"
)

// OpenStack renders to openstack_networking_secgroup_rule_v2.
func OpenStack() Target {
	return Target{
		Name:    "openstack",
		Summary: "Rules of OpenStack security groups",
		Description: "Turns the matrix's rules into the arguments of `openstack_networking_secgroup_rule_v2`. " +
			"Keys are known at plan even where security groups and named CIDRs are not. " +
			"A rule whose peer is a group or an address group exists once for IPv4 and once, under a key that ends in `-ipv6`, for IPv6; `ethertypes` in a binding names the families that its machines have. " +
			"Egress is enforced only on groups that have `delete_default_rules = true`. " +
			"On these no multicast leaves: the VRRP of relays that are in `clusters` is opened from machine to machine, and Keepalived needs `unicast_peer`. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "openstack_compute_instance_v2.bastion.access_ip_v4",
		Closing: "`delete_default_rules = true` on the security group.",
		Forms: []Form{
			{
				Name: openStackGroup, Kind: Text, Attaches: true, Refers: true, Peer: SecurityGroupPeer,
				One: "a security group's id", wrong: openStackID("a security group's id"),
				Doc:  "Id of the security group that its rules are attached to, known at plan or not. Peers refer to it where neither `remote_group_id` nor `address_group_id` stands beside it.",
				Host: func(id string) string { return "openstack_networking_secgroup_v2.this[" + strconv.Quote(id) + "].id" },
			},
			{
				Name: openStackRemote, Kind: Text, Refers: true, Peer: SecurityGroupPeer, Excludes: []string{openStackList},
				One: "a security group's id", wrong: openStackID("a security group's id"),
				Doc: "Id of a security group that peers refer to, known at plan or not, and that nothing is attached to: someone else's bastion, a load balancer's group.",
			},
			{
				Name: openStackList, Kind: Text, Refers: true, Peer: AddressGroupPeer,
				One: "an address group's id", wrong: openStackID("an address group's id"),
				Doc: "Id of an address group that peers refer to, known at plan or not. Not beside `remote_group_id`.",
			},
			{
				Name: openStackEthertypes, Kind: TextSet, Of: []string{openStackGroup, openStackRemote, openStackList},
				One: "an address family", Many: "a list of address families", Example: `"IPv4"`,
				Without:     "a CIDR says its family itself",
				MustBeKnown: `Write them, as in ["IPv4", "IPv6"]`,
				Doc:         "Address families of this endpoint's rules to and from groups and address groups: `[\"IPv4\"]`, `[\"IPv6\"]`, or both, the default.",
				option:      []string{"IPv4", "IPv6"},
			},
		},
		Arguments: []Argument{
			{"security_group_id", Text, "Security group that the rule is attached to"},
			{"direction", Text, "`ingress` or `egress`"},
			{"ethertype", Text, "`IPv4` or `IPv6`; not known before the prefix of a named CIDR is"},
			{"protocol", Text, "`tcp`, `udp`, `icmp`, `ipv6-icmp`, another protocol's name, or its number where Neutron has no name for it"},
			{"port_range_min", Number, "First port of the range, inclusive; the type of ICMP; null for every port or type"},
			{"port_range_max", Number, "Last port of the range, inclusive; the code of ICMP, 0 for any; null for every port or type"},
			{"remote_ip_prefix", Text, "Peer's prefix, or null"},
			{"remote_group_id", Text, "Peer's security group, or null"},
			{"remote_address_group_id", Text, "Peer's address group, or null"},
			{"description", Text, "The rule's key"},
		},
		Results: byDirection(),
		Peers:   []PeerKind{CIDRPeer, SecurityGroupPeer, AddressGroupPeer},
		Naming: map[string]PeerKind{
			"remote_ip_prefix": CIDRPeer, "remote_group_id": SecurityGroupPeer, "remote_address_group_id": AddressGroupPeer,
		},
		check:  readEthertypes,
		lacks:  lacksOnOpenStack,
		render: renderOpenStack,
	}
}

// openStackID is an id as Neutron makes them, a UUID. It finds nothing by another
// spelling of one, or by a name.
func openStackID(what string) *wording {
	return &wording{
		valid:   isUUID,
		summary: "Invalid identifier", what: what,
		allowed: "the UUID that Neutron made, as in 2a3c5d7e-0b1f-4c6d-8e9f-0a1b2c3d4e5f: not a name",
		mend: func(text string) string {
			text = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "-", "")
			if len(text) != 32 {
				return ""
			}
			return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
		},
	}
}

// isUUID reports whether a text is a UUID in its usual form, in small letters.
func isUUID(text string) bool {
	groups := strings.Split(text, "-")
	if len(groups) != 5 {
		return false
	}
	for i, digits := range [...]int{8, 4, 4, 4, 12} {
		if len(groups[i]) != digits || !isHex(groups[i]) {
			return false
		}
	}
	return true
}

// readEthertypes reads the families of an endpoint's rules to and from groups.
func readEthertypes(p *party, _ refusal.Path, _ *refusal.Errors) {
	names, _ := p.form(openStackEthertypes).values()
	if len(names) == 0 {
		return
	}
	p.families = 0
	for _, name := range names {
		if name == "IPv4" {
			p.families |= ipv4
		} else {
			p.families |= ipv6
		}
	}
}

// lacksOnOpenStack also finds ends that have no address family in common, and
// types and codes of ICMP that are 0: the cloud's Terraform provider leaves a zero
// out, and every type or code would be open.
func lacksOnOpenStack(e edge) string {
	if protocol := e.ports.Protocol(); protocol.IsICMP() && (e.ports.From() == 0 || e.ports.To() == 0) {
		wider := protocol.String() // what can be said
		if e.ports.From() != 0 {
			wider += "/" + strconv.Itoa(e.ports.From())
		}
		return "OpenStack's Terraform provider opens every type or code of " + protocol.String() + " in place of 0: to open them, write " + wider + " in a flow of your own"
	}
	if reason := lacksAddresses(e); reason != "" {
		return reason
	}
	in := familiesOf(e.ports.Protocol())
	if len(e.other.listed(in)) > 0 {
		return ""
	}
	common := false
	for _, p := range e.other.peers {
		switch {
		case p.party == nil:
			if in.has(p.prefix) {
				return ""
			}
		case p.party.families&e.host.families&in != 0:
			return ""
		default:
			common = p.party.families&e.host.families != 0
		}
	}
	if common {
		return lacksFamilyOf(e)
	}
	return e.host.id + " and " + e.other.id + " have no address family in common, by their ethertypes"
}

func renderOpenStack(p *plan) *Result {
	result := &Result{}
	for _, o := range p.openings() {
		if o.peer.party == nil {
			result.add(o.direction, openStackRule(o, "", openStackEthertype(o.peer.prefix)))
			continue
		}
		// A group has machines of both families: each is a rule of its own.
		common := o.peer.party.families & o.host.families & familiesOf(o.ports.Protocol())
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
	from, to := openStackPorts(o.ports)
	return o.bound(key, []Cell{
		o.host.form(openStackGroup),
		TextCell(o.direction.String()),
		{Text: ethertype},
		TextCell(openStackProtocol(o.ports.Protocol())),
		{Number: from},
		{Number: to},
		{Text: prefixText(o.peer.prefix)},
		o.peer.of(SecurityGroupPeer),
		o.peer.of(AddressGroupPeer),
		TextCell(key),
	})
}

// openStackProtocol spells a protocol as Neutron does where both have one name for
// it: Neutron's ipip is another protocol than IANA's. ICMPv6 has the name under
// which Neutron stores it; every other one is a number.
func openStackProtocol(protocol matrix.Protocol) string {
	switch name := protocol.String(); name {
	case "tcp", "udp", "icmp", "sctp", "vrrp", "esp", "ah", "gre", "igmp", "ospf", "pgm", "rsvp", "egp", "dccp", "udplite":
		return name
	case "icmpv6":
		return "ipv6-icmp"
	}
	return strconv.Itoa(int(protocol))
}

// openStackPorts leaves out the bounds of a range that has every port: Neutron
// stores such a rule without them, and every plan would want to replace it. The
// bounds stand together: 0 for the code is any code.
func openStackPorts(ports matrix.PortRange) (from, to Value[int64]) {
	switch protocol := ports.Protocol(); {
	case ports.From() == matrix.None, protocol.HasPorts() && ports.From() == 1 && ports.To() == matrix.MaxPort:
		return Value[int64]{}, Value[int64]{}
	case ports.To() == matrix.None:
		return Known(int64(ports.From())), Known[int64](0)
	}
	return Known(int64(ports.From())), Known(int64(ports.To()))
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
