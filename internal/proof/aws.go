package proof

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// AWS is what Amazon's documentation says of security groups: rules only allow;
// what no rule of an interface's groups allows is dropped; a rule allows one
// protocol, a range of ports with both bounds, and one of: an IPv4 prefix, an
// IPv6 prefix, the entries of a prefix list, the private addresses of the
// interfaces of a group. Two rules of a group and direction with the same
// protocol, ports and peer are refused, whatever their descriptions.
// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
var AWS = Cloud{
	Target: firewall.AWS,
	Lists:  true,
	Bind: func(c *Case) map[string]firewall.Binding {
		bindings := make(map[string]firewall.Binding, len(c.World))
		for id, e := range c.World {
			b := common(e)
			if e.Group {
				b.Group = firewall.Known("sg-" + id)
			}
			if e.List {
				b.List = firewall.Known("pl-" + id)
				b.MaxEntries = firewall.Known(int64(len(e.Entries) + 1))
			}
			bindings[id] = b
		}
		return bindings
	},
	Read: func(c *Case, result *firewall.Result) (Evaluator, error) {
		cloud := &awsCloud{c.World, make(map[awsGroup][]awsRule)}
		for direction, rules := range map[firewall.Direction][]firewall.Bound{
			firewall.Ingress: result.Ingress, firewall.Egress: result.Egress,
		} {
			for _, bound := range rules {
				if err := cloud.authorize(direction, bound); err != nil {
					return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
				}
			}
		}
		return cloud, nil
	},
}

type awsCloud struct {
	world  World
	groups map[awsGroup][]awsRule
}

type awsGroup struct {
	id        string
	direction firewall.Direction
}

// awsRule is a rule as EC2 keeps it; comparable, so that the second of two equal
// ones is found. Exactly one of the three last is set.
type awsRule struct {
	protocol    uint8
	first, last int64 // inclusive
	cidr        netip.Prefix
	list, group string // ids of endpoints
}

func (a *awsCloud) authorize(direction firewall.Direction, bound firewall.Bound) error {
	row, err := rowOf(firewall.AWS, bound)
	if err != nil {
		return err
	}
	protocol, ok := map[string]uint8{"tcp": tcp, "udp": udp}[row.text["ip_protocol"]]
	if !ok {
		return fmt.Errorf("protocol %q", row.text["ip_protocol"])
	}
	rule := awsRule{protocol: protocol, first: row.number["from_port"], last: row.number["to_port"]}
	if rule.first < 1 || rule.last > 65535 || rule.first > rule.last {
		return fmt.Errorf("ports %d to %d", rule.first, rule.last)
	}
	peers := 0
	for argument, value := range row.text {
		switch argument {
		case "cidr_ipv4", "cidr_ipv6":
			prefix, err := netip.ParsePrefix(value)
			if err != nil {
				return err
			}
			if prefix.Masked() != prefix || prefix.String() != value || prefix.Addr().Is4() != (argument == "cidr_ipv4") {
				return fmt.Errorf("%s is %q", argument, value)
			}
			rule.cidr = prefix
		case "prefix_list_id":
			if rule.list, ok = strings.CutPrefix(value, "pl-"); !ok || !a.world[rule.list].List {
				return fmt.Errorf("no prefix list %q", value)
			}
		case "referenced_security_group_id":
			if rule.group, ok = strings.CutPrefix(value, "sg-"); !ok || !a.world[rule.group].Group {
				return fmt.Errorf("no group %q", value)
			}
		default:
			continue
		}
		peers++
	}
	if peers != 1 {
		return fmt.Errorf("%d peers in one rule", peers)
	}
	if description := row.text["description"]; len(description) > 255 || strings.Trim(description, awsCharacters) != "" {
		return fmt.Errorf("description %q", description)
	}
	id, ok := strings.CutPrefix(row.text["security_group_id"], "sg-")
	if !ok || !a.world[id].Group {
		return fmt.Errorf("no group %q to attach to", row.text["security_group_id"])
	}
	group := awsGroup{id, direction}
	if slices.Contains(a.groups[group], rule) {
		return fmt.Errorf("InvalidPermission.Duplicate: %+v", rule)
	}
	a.groups[group] = append(a.groups[group], rule)
	return nil
}

// awsCharacters may stand in a rule's description, says EC2's API reference.
const awsCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"

// Passes reports whether a rule of the endpoint's group allows the packet.
func (a *awsCloud) Passes(direction firewall.Direction, endpoint string, p Packet) bool {
	far := p.Source
	if direction == firewall.Egress {
		far = p.Destination
	}
	for _, rule := range a.groups[awsGroup{endpoint, direction}] {
		if rule.protocol != p.Protocol || int64(p.Port) < rule.first || int64(p.Port) > rule.last {
			continue
		}
		switch {
		case rule.group != "":
			if slices.Contains(a.world[rule.group].Machines, far) {
				return true
			}
		case rule.list != "":
			for _, entry := range a.world[rule.list].Entries {
				if entry.Contains(far) {
					return true
				}
			}
		case rule.cidr.Contains(far):
			return true
		}
	}
	return false
}
