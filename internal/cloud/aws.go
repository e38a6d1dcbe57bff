package cloud

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// AWS returns what Amazon's documentation says of security groups: rules only allow,
// and what no rule of an interface's groups allows is dropped. A rule allows one
// protocol, or all; of TCP and UDP a range of ports with both bounds, of ICMP a
// type and a code, of which -1 is any; of every other protocol everything,
// whatever ports stand beside it. Its peer is one of: an IPv4 prefix, an IPv6
// prefix, the entries of a prefix list, the private addresses of the interfaces
// of a group.
// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
//
// Rows have the attributes of aws_vpc_security_group_ingress_rule, its sibling
// for egress and the data source for both.
func AWS() Cloud {
	return Cloud{Name: "aws", read: readAWS, printed: printedAWS,
		prints:    "aws ec2 describe-security-group-rules, aws ec2 describe-security-groups",
		notes:     []string{"SecurityGroupRuleArn", "GroupOwnerId", "Description", "Tags"},
		terraform: terraformAWS, resources: map[string]Direction{
			"aws_vpc_security_group_ingress_rule": Ingress, "aws_vpc_security_group_egress_rule": Egress, "aws_vpc_security_group_rule": "",
			"aws_security_group": "", "aws_default_security_group": "", "aws_security_group_rule": "",
		}}
}

var awsProtocols = map[string]uint8{"tcp": tcp, "udp": udp, "icmp": icmp, "icmpv6": icmpv6}

func readAWS(r *row, direction Direction, w World) Rule {
	r.ignore("description", "tags", "tags_all", "arn", "region", "id", "filter")
	rule := Rule{ID: r.text("security_group_rule_id")}
	rule.Import = rule.ID
	found := ""
	if egress, ok := r.flag("is_egress"); ok {
		found = map[bool]string{false: string(Ingress), true: string(Egress)}[egress]
	}
	rule.Direction = r.direction(found, direction)
	if group := r.id("security_group_id"); group == "" {
		r.wrong("security_group_id", "the rule is attached to no group", "")
	} else {
		rule.Groups = []string{group}
	}
	protocol, ports := r.awsPorts()
	rule.Packets = packet.Rule{Peers: possible(r.awsPeers(w, &rule), protocol), Ports: []packet.Ports{ports}}
	return rule
}

// awsPeers reads the one peer of a rule.
func (r *row) awsPeers(w World, rule *Rule) []packet.Peer {
	var peers []packet.Peer
	count := 0
	read := func(name string, peersOf func(text string) []packet.Peer) {
		if text := r.id(name); text != "" {
			peers = peersOf(text)
			count++
		}
	}
	read("cidr_ipv4", func(text string) []packet.Peer {
		return r.prefixes("cidr_ipv4", []string{text}, families{ipv4: true})
	})
	read("cidr_ipv6", func(text string) []packet.Peer {
		return r.prefixes("cidr_ipv6", []string{text}, families{ipv6: true})
	})
	read("prefix_list_id", func(text string) []packet.Peer { return rule.list(w, text, both) })
	read("referenced_security_group_id", func(text string) []packet.Peer { return w.group(withoutAccount(text)) })
	if count != 1 {
		r.wrong("cidr_ipv4", "a rule has one peer, and this one has "+[]string{"none", "", "several"}[min(count, 2)],
			"one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id")
	}
	return peers
}

// awsPorts reads the protocol and what it opens of it.
func (r *row) awsPorts() (protocol int, ports packet.Ports) {
	text := r.text("ip_protocol")
	if text == "" {
		r.wrong("ip_protocol", "the rule has no protocol", "-1 for all of them")
		r.ignore("from_port", "to_port")
		return 0, packet.Ports{}
	}
	protocol, ok := r.protocol("ip_protocol", text, awsProtocols, "-1", "all")
	switch {
	case !ok:
		r.ignore("from_port", "to_port")
	case protocol == tcp || protocol == udp:
		if first, last, ok := r.bounds("from_port", "to_port", 0); ok {
			ports = portRange(uint8(protocol), first, last)
		}
	case protocol == icmp || protocol == icmpv6:
		ports = r.icmp(uint8(protocol), "from_port", "to_port")
	case protocol == everyProtocol:
		r.ignore("from_port", "to_port")
		ports = packet.Everything()
	default:
		r.ignore("from_port", "to_port")
		ports = packet.Protocol(uint8(protocol))
	}
	return protocol, ports
}
