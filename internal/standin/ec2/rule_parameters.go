package ec2

import (
	"slices"
	"strconv"
	"strings"
)

// peers are the four forms of a peer: where a permission lists them, how a
// modified rule names them, and how each is checked and stored.
var peers = []struct {
	list, member, modified string
	set                    func(s *Server, r *Rule, g group, value string) error
}{
	{"IpRanges", "CidrIp", "CidrIpv4", func(_ *Server, r *Rule, _ group, cidr string) (err error) {
		r.CIDRIPv4, err = checkCIDR(cidr, "IPv4")
		return err
	}},
	{"Ipv6Ranges", "CidrIpv6", "CidrIpv6", func(_ *Server, r *Rule, _ group, cidr string) (err error) {
		r.CIDRIPv6, err = checkCIDR(cidr, "IPv6")
		return err
	}},
	{"PrefixListIds", "PrefixListId", "PrefixListId", func(s *Server, r *Rule, _ group, id string) error {
		r.PrefixListID = id
		_, err := s.findPrefixList(id)
		return err
	}},
	{"Groups", "GroupId", "ReferencedGroupId", func(s *Server, r *Rule, g group, id string) error {
		r.ReferencedGroupID = id
		other, err := s.findGroup(id)
		if err == nil && other.vpcID != g.vpcID {
			err = refuse("InvalidGroup.NotFound", "You have specified two resources that belong to different networks: %s and %s", g.id, id)
		}
		return err
	}},
}

var permissionParameters = []string{
	"IpPermissions.N.IpProtocol", "IpPermissions.N.FromPort", "IpPermissions.N.ToPort",
	"IpPermissions.N.IpRanges.N.CidrIp", "IpPermissions.N.IpRanges.N.Description",
	"IpPermissions.N.Ipv6Ranges.N.CidrIpv6", "IpPermissions.N.Ipv6Ranges.N.Description",
	"IpPermissions.N.PrefixListIds.N.PrefixListId", "IpPermissions.N.PrefixListIds.N.Description",
	"IpPermissions.N.Groups.N.GroupId", "IpPermissions.N.Groups.N.UserId", "IpPermissions.N.Groups.N.Description",
}

// permittedRules reads permissions. A permission may name several peers of
// several kinds, and means one rule for each.
func (s *Server) permittedRules(f form, g group, direction Direction) ([]Rule, error) {
	var rules []Rule
	for _, permission := range f.items("IpPermissions") {
		before := len(rules)
		for _, kind := range peers {
			for _, peer := range permission.items(kind.list) {
				r, err := readRule(permission, g, direction, peer.text("Description"))
				if err != nil {
					return nil, err
				}
				if owner := peer.text("UserId"); owner != "" && owner != AccountID {
					return nil, refuse("InvalidGroup.NotFound", "The security group '%s/%s' does not exist", owner, peer.text(kind.member))
				}
				if err := kind.set(s, &r, g, peer.text(kind.member)); err != nil {
					return nil, err
				}
				if slices.ContainsFunc(rules, func(other Rule) bool { return other.opening() == r.opening() }) {
					return nil, invalidValue("The same permission must not appear multiple times")
				}
				rules = append(rules, r)
			}
		}
		if len(rules) == before {
			return nil, refuse("MissingParameter", "Missing source specification: include source security group or CIDR information")
		}
	}
	return rules, nil
}

// readRule reads all of a rule but its peer.
func readRule(f form, g group, direction Direction, description string) (Rule, error) {
	r := Rule{GroupID: g.id, GroupName: g.name, Direction: direction, Description: description}
	err := checkDescription(description)
	if err != nil {
		return Rule{}, err
	}
	if r.Protocol, err = readProtocol(f.text("IpProtocol")); err != nil {
		return Rule{}, err
	}
	r.FromPort, r.ToPort, err = readPorts(f, r.Protocol)
	return r, err
}

func checkDescription(text string) error {
	if ec2Text.MatchString(text) {
		return nil
	}
	return invalidValue("Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
}

// readProtocol returns a protocol as EC2 stores it: by name where it has one.
func readProtocol(text string) (string, error) {
	switch strings.ToLower(text) {
	case "":
		return "", invalidValue("Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.")
	case "-1":
		return "-1", nil
	case "tcp", "6":
		return "tcp", nil
	case "udp", "17":
		return "udp", nil
	case "icmp", "1":
		return "icmp", nil
	case "icmpv6", "58":
		return "icmpv6", nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 255 {
		return strconv.Itoa(n), nil
	}
	return "", invalidValue("Invalid value '%s' for IP protocol. Unknown protocol.", text)
}

// readPorts returns the range as EC2 stores it. Ports beside a protocol that has
// none are dropped, which is why a configuration that names them never settles.
func readPorts(f form, protocol string) (from, to int, err error) {
	if from, err = f.number("FromPort", -1); err != nil {
		return 0, 0, err
	}
	if to, err = f.number("ToPort", -1); err != nil {
		return 0, 0, err
	}
	both := f.has("FromPort") && f.has("ToPort")
	switch protocol {
	case "tcp", "udp":
		if !both {
			return 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		for _, port := range []int{from, to} {
			if port < 0 || port > 65535 {
				return 0, 0, invalidValue("TCP/UDP port (%d) out of range", port)
			}
		}
		if from > to {
			return 0, 0, invalidValue("Invalid TCP/UDP port range (%d:%d)", from, to)
		}
		return from, to, nil
	case "icmp", "icmpv6":
		if protocol == "icmp" && !both {
			return 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with ICMP.' for portRange.")
		}
		if min(from, to) < -1 || max(from, to) > 255 || from == -1 && to != -1 {
			return 0, 0, invalidValue("ICMP type (%d) and code (%d) out of range", from, to)
		}
		return from, to, nil
	default:
		return -1, -1, nil
	}
}
