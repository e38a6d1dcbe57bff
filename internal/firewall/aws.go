package firewall

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

const (
	awsGroup      = "security_group_id"
	awsReferenced = "referenced_security_group_id"
	awsList       = "prefix_list_id"
	awsMaxEntries = "prefix_list_max_entries"
)

// awsMostEntries is how many rules a security group can count for (rules for each
// group times groups for each interface): a list of more cannot be named in one.
const awsMostEntries = 1000

// AWS renders to aws_vpc_security_group_ingress_rule and
// aws_vpc_security_group_egress_rule.
func AWS() Target {
	return Target{
		Name:    "aws",
		Summary: "Rules of AWS security groups",
		Description: "Turns the matrix's rules into the arguments of `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`. " +
			"Keys are known at plan even where security groups and named CIDRs are not. " +
			"A VPC carries no multicast: the VRRP of relays that are in `clusters` is opened from machine to machine, and Keepalived needs `unicast_peer`. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "aws_instance.bastion.private_ip",
		Closing: "A security group that Terraform makes has no egress rule: what `egress` does not open is closed.",
		Forms: []Form{
			{
				Name: awsGroup, Kind: Text, Attaches: true, Refers: true, Peer: SecurityGroupPeer,
				One:   "a security group's id",
				Doc:   "Id of the security group that its rules are attached to, known at plan or not. Peers refer to it where neither `referenced_security_group_id` nor `prefix_list_id` stands beside it.",
				Host:  func(id string) string { return "aws_security_group.this[" + strconv.Quote(id) + "].id" },
				wrong: awsID("sg-", "a security group's id to attach rules to", "sg- and the digits that EC2 made, as in sg-0123456789abcdef0: not a name, an ARN or another account's group"),
			},
			{
				Name: awsReferenced, Kind: Text, Refers: true, Peer: SecurityGroupPeer, Excludes: []string{awsList},
				One:   "a security group's id",
				Doc:   "Id of a security group that peers refer to, known at plan or not, and that nothing is attached to: someone else's bastion, a load balancer's group; `ACCOUNT/sg-...` where it is another account's.",
				wrong: awsPeerGroupID(),
			},
			{
				Name: awsList, Kind: Text, Refers: true, Peer: PrefixListPeer,
				One:   "a prefix list's id",
				Doc:   "Id of a managed prefix list that peers refer to, known at plan or not. Not beside `referenced_security_group_id`.",
				wrong: awsID("pl-", "a prefix list's id", "pl- and the digits that EC2 made, as in pl-0123456789abcdef0: not a name or an ARN"),
			},
			{
				Name: awsMaxEntries, Kind: Number, Of: []string{awsList}, Needed: true,
				One:     "a prefix list's size",
				Without: "the cloud counts the list as that many rules",
				Remedy:  "Add " + awsMaxEntries + " = RESOURCE.max_entries, from the resource or data source that the id comes from",
				Doc:     "For how many rules the prefix list counts in quotas: its `max_entries`, known at plan or not. Required where there is a list.",
				upTo:    awsMostEntries,
			},
		},
		Arguments: []Argument{
			{awsGroup, Text, "Security group that the rule is attached to"},
			{"ip_protocol", Text, "`tcp`, `udp`, `icmp`, `icmpv6`, or another protocol's number"},
			{"from_port", Number, "First port of the range, inclusive; the type of ICMP, -1 for any; null for a protocol that has neither"},
			{"to_port", Number, "Last port of the range, inclusive; the code of ICMP, -1 for any; null for a protocol that has neither"},
			{"cidr_ipv4", Text, "Peer's IPv4 prefix, or null"},
			{"cidr_ipv6", Text, "Peer's IPv6 prefix, or null"},
			{"prefix_list_id", Text, "Peer's prefix list, or null"},
			{"referenced_security_group_id", Text, "Peer's security group, or null"},
			{"description", Text, "The rule's key"},
		},
		Results: byDirection(),
		Peers:   []PeerKind{CIDRPeer, SecurityGroupPeer, PrefixListPeer},
		Naming: map[string]PeerKind{
			"cidr_ipv4": CIDRPeer, "cidr_ipv6": CIDRPeer,
			"prefix_list_id": PrefixListPeer, "referenced_security_group_id": SecurityGroupPeer,
		},
		lacks:  lacksOnAWS,
		render: renderAWS,
	}
}

// awsID is an id as EC2 makes them: its prefix and 8 hexadecimal digits or, since
// 2018, 17. Longer ones may follow.
func awsID(prefix, what, allowed string) *wording {
	return &wording{
		valid:   func(text string) bool { return isAWSID(text, prefix) },
		summary: "Invalid identifier", what: what, allowed: allowed,
		mend: func(text string) string { // of an ARN, the id
			text = strings.ToLower(strings.TrimSpace(text))
			if strings.HasPrefix(text, "arn:") {
				text = text[strings.LastIndexByte(text, '/')+1:]
			}
			return text
		},
	}
}

func isAWSID(text, prefix string) bool {
	const fewestDigits = 8
	digits, ok := strings.CutPrefix(text, prefix)
	return ok && len(digits) >= fewestDigits && isHex(digits)
}

// awsPeerGroupID also takes another account's group, with the account's number.
func awsPeerGroupID() *wording {
	const prefix = "sg-"
	w := awsID(prefix, "a security group's id", "sg- and the digits that EC2 made, as in sg-0123456789abcdef0, with ACCOUNT/ before it where it is another account's")
	w.valid = func(text string) bool {
		const accountDigits = 12
		if account, group, ok := strings.Cut(text, "/"); ok {
			return len(account) == accountDigits && strings.Trim(account, "0123456789") == "" && isAWSID(group, prefix)
		}
		return isAWSID(text, prefix)
	}
	return w
}

// lacksOnAWS also finds ports of SCTP: AWS opens every port of a protocol that it
// has no word for, whatever range a rule names.
func lacksOnAWS(e edge) string {
	if e.ports.Protocol() == matrix.SCTP && (e.ports.From() != 1 || e.ports.To() != matrix.MaxPort) {
		return "AWS opens every port of sctp whatever range a rule names: to open all of them, write sctp/1-65535 in a flow of your own"
	}
	return lacksAddresses(e)
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
	from, to := awsPorts(o.ports)
	return []Cell{
		o.host.form(awsGroup),
		TextCell(awsProtocol(o.ports.Protocol())),
		{Number: from},
		{Number: to},
		{Text: ipv4},
		{Text: ipv6},
		o.peer.of(PrefixListPeer),
		o.peer.of(SecurityGroupPeer),
		TextCell(key),
	}
}

// awsProtocol spells a protocol as EC2 answers it, so that no re-plan differs.
func awsProtocol(protocol matrix.Protocol) string {
	switch protocol {
	case matrix.TCP, matrix.UDP, matrix.ICMP, matrix.ICMPv6:
		return protocol.String()
	}
	return strconv.Itoa(int(protocol))
}

// awsPorts returns ports, or ICMP's type and code, -1 for any. Every other protocol
// has none: EC2 answers -1, which its Terraform provider reads as null.
func awsPorts(ports matrix.PortRange) (from, to Value[int64]) {
	switch protocol := ports.Protocol(); {
	case protocol.IsICMP(), protocol == matrix.TCP, protocol == matrix.UDP:
		return Known(int64(ports.From())), Known(int64(ports.To()))
	}
	return Value[int64]{}, Value[int64]{}
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
	if p.kind == PrefixListPeer {
		n, ok := p.party.form(awsMaxEntries).Number.Get()
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
