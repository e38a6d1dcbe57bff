package firewall

import "net/netip"

// AWS renders to aws_vpc_security_group_ingress_rule and
// aws_vpc_security_group_egress_rule.
var AWS = Target{
	Name: "aws",
	Arguments: []Argument{
		{"security_group_id", Text, "Security group that the rule is attached to"},
		{"ip_protocol", Text, "`tcp` or `udp`"},
		{"from_port", Number, "First port of the range, inclusive"},
		{"to_port", Number, "Last port of the range, inclusive"},
		{"cidr_ipv4", Text, "Peer's IPv4 prefix, or null"},
		{"cidr_ipv6", Text, "Peer's IPv6 prefix, or null"},
		{"prefix_list_id", Text, "Peer's prefix list, or null"},
		{"referenced_security_group_id", Text, "Peer's security group, or null"},
		{"description", Text, "The rule's key"},
	},
	GroupAttribute:      "security_group_id",
	ListAttribute:       "prefix_list_id",
	MaxEntriesAttribute: "prefix_list_max_entries",
	listPeer:            PrefixListPeer,
	lacks:               lacksAddresses,
	render:              renderAWS,
}

func renderAWS(p *plan) *Result {
	result := &Result{Counts: make(map[string]Count, len(p.hosts))}
	quotas := make(map[*party]*awsQuotas, len(p.hosts))
	for _, host := range p.hosts {
		quotas[host] = &awsQuotas{}
	}
	for _, o := range p.openings() {
		key := o.key()
		result.add(o.direction, o.bound(key, awsCells(o, key)))
		if o.direction == Ingress {
			quotas[o.host].ingress.add(o.peer)
		} else {
			quotas[o.host].egress.add(o.peer)
		}
	}
	for _, host := range p.hosts {
		result.Counts[host.id] = Count{quotas[host].ingress.count(), quotas[host].egress.count()}
	}
	return result
}

func awsCells(o opening, key string) []Cell {
	ipv4, ipv6 := awsCIDR(o.peer.prefix)
	return []Cell{
		{Text: o.host.binding.Group},
		{Text: Known(o.ports.Protocol().String())},
		{Number: int64(o.ports.From())},
		{Number: int64(o.ports.To())},
		{Text: ipv4},
		{Text: ipv6},
		{Text: o.peer.list},
		{Text: o.peer.group},
		{Text: Known(key)},
	}
}

// awsCIDR returns the values of cidr_ipv4 and cidr_ipv6. Which of them an
// unknown prefix will fill is unknown too: null for one of them would be a
// promise that apply may break.
func awsCIDR(prefix Value[netip.Prefix]) (ipv4, ipv6 Value[string]) {
	p, ok := prefix.Get()
	switch {
	case prefix.IsAbsent():
		return Value[string]{}, Value[string]{}
	case !ok:
		return Unknown[string](), Unknown[string]()
	case p.Addr().Is4():
		return Known(p.String()), Value[string]{}
	}
	return Value[string]{}, Known(p.String())
}

// awsQuotas counts a security group's rules. AWS allows 60 by default in each
// direction and address family; a rule whose family is open counts in both, and
// a prefix list as its maximum number of entries. The family of a named CIDR may
// show at apply only: it counts as open then too, since a number that was known
// at plan may not change.
type awsQuotas struct{ ingress, egress awsQuota }

type awsQuota struct {
	ipv4, ipv6 int64
	unknown    bool // a prefix list's size is not known
}

func (q *awsQuota) add(p peer) {
	entries := int64(1)
	if !p.list.IsAbsent() {
		n, ok := p.entries.Get()
		q.unknown = q.unknown || !ok
		entries = n
	}
	prefix, ok := p.prefix.Get()
	open := !ok || p.named
	if open || prefix.Addr().Is4() {
		q.ipv4 += entries
	}
	if open || prefix.Addr().Is6() {
		q.ipv6 += entries
	}
}

func (q *awsQuota) count() Value[int64] {
	if q.unknown {
		return Unknown[int64]()
	}
	return Known(max(q.ipv4, q.ipv6))
}
