package proof

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// OpenStack is what Neutron's documentation says of security groups: rules only
// allow; a rule is for one direction and one ethertype; without a protocol it
// holds for all, without ports for every port of its protocol; its other side is
// a prefix of the same family, the members of a group, the entries of an address
// group, or, with none of them, everything. Rules that differ in their
// description alone are one, and so are no prefix and that of every address, and
// no ports and 1 to 65535: Neutron stores the latter as the former, though a
// packet to port 0, on which nothing can listen, passes with it. Port 0 is
// therefore taken to be none.
// https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules
var OpenStack = Cloud{
	Target:     firewall.OpenStack,
	Lists:      true,
	MixedLists: true,
	Families:   true,
	Bind: func(c *Case) map[string]firewall.Binding {
		bindings := make(map[string]firewall.Binding, len(c.World))
		for id, e := range c.World {
			b := common(e)
			if e.Group {
				b.Group = firewall.Known("sg-" + id)
			}
			if e.List {
				b.List = firewall.Known("ag-" + id)
			}
			switch {
			case !e.Group && !e.List:
			case e.NoIPv4:
				b.Ethertypes = []string{"IPv6"}
			case e.NoIPv6:
				b.Ethertypes = []string{"IPv4"}
			}
			bindings[id] = b
		}
		return bindings
	},
	Says: func(_ firewall.Direction, form Form, host, peer Endpoint, ipv6 bool) bool {
		if form != GroupForm && form != ListForm {
			return true
		}
		if ipv6 {
			return !host.NoIPv6 && !peer.NoIPv6
		}
		return !host.NoIPv4 && !peer.NoIPv4
	},
	Read: func(c *Case, result *firewall.Result) (Evaluator, error) {
		neutron := &neutron{world: c.World, rules: make(map[string][]neutronRule)}
		for direction, rules := range map[string][]firewall.Bound{"ingress": result.Ingress, "egress": result.Egress} {
			for _, bound := range rules {
				if err := neutron.create(direction, bound); err != nil {
					return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
				}
			}
		}
		return neutron, nil
	},
}

type neutron struct {
	world World
	rules map[string][]neutronRule // by the endpoint whose group they are in
}

// neutronRule is a rule as Neutron compares it. At most one of the three last is
// set.
type neutronRule struct {
	direction   string
	ipv6        bool
	protocol    uint8
	first, last int64 // inclusive
	prefix      netip.Prefix
	group, list string // ids of endpoints
}

func (n *neutron) create(direction string, bound firewall.Bound) error {
	row, err := rowOf(firewall.OpenStack, bound)
	if err != nil {
		return err
	}
	ipv6, ok := map[string]bool{"IPv4": false, "IPv6": true}[row.text["ethertype"]]
	if !ok {
		return fmt.Errorf("ethertype %q", row.text["ethertype"])
	}
	protocol, ok := map[string]uint8{"tcp": tcp, "udp": udp}[row.text["protocol"]]
	if !ok {
		return fmt.Errorf("protocol %q", row.text["protocol"])
	}
	if row.text["direction"] != direction {
		return fmt.Errorf("direction %q among rules of %s", row.text["direction"], direction)
	}
	rule := neutronRule{direction: direction, ipv6: ipv6, protocol: protocol, first: row.number["port_range_min"], last: row.number["port_range_max"]}
	switch {
	case rule.first == 0 && rule.last == 0:
		rule.first, rule.last = 1, 65535
	case rule.first < 1 || rule.last > 65535 || rule.first > rule.last:
		return fmt.Errorf("ports %d to %d", rule.first, rule.last)
	case rule.first == 1 && rule.last == 65535:
		return fmt.Errorf("ports %d to %d are stored as none, and every plan wants them back", rule.first, rule.last)
	}
	remotes := 0
	for argument, value := range row.text {
		switch argument {
		case "remote_ip_prefix":
			prefix, err := netip.ParsePrefix(value)
			if err != nil {
				return err
			}
			if prefix.Masked() != prefix || prefix.String() != value || prefix.Addr().Is6() != ipv6 {
				return fmt.Errorf("prefix %q of ethertype %s", value, row.text["ethertype"])
			}
			if prefix.Bits() > 0 {
				rule.prefix = prefix
			}
		case "remote_group_id":
			if rule.group, ok = strings.CutPrefix(value, "sg-"); !ok || !n.world[rule.group].Group {
				return fmt.Errorf("no group %q", value)
			}
		case "remote_address_group_id":
			if rule.list, ok = strings.CutPrefix(value, "ag-"); !ok || !n.world[rule.list].List {
				return fmt.Errorf("no address group %q", value)
			}
		default:
			continue
		}
		remotes++
	}
	if remotes != 1 {
		return fmt.Errorf("%d remotes in one rule", remotes)
	}
	if description := row.text["description"]; utf8.RuneCountInString(description) > 255 {
		return fmt.Errorf("description %q", description)
	}
	id, ok := strings.CutPrefix(row.text["security_group_id"], "sg-")
	if !ok || !n.world[id].Group {
		return fmt.Errorf("no group %q to attach to", row.text["security_group_id"])
	}
	if slices.Contains(n.rules[id], rule) {
		return fmt.Errorf("SecurityGroupRuleExists: %+v", rule)
	}
	n.rules[id] = append(n.rules[id], rule)
	return nil
}

// Passes reports whether a rule of the endpoint's group allows the packet.
func (n *neutron) Passes(direction firewall.Direction, endpoint string, p Packet) bool {
	wanted, far := "ingress", p.Source
	if direction == firewall.Egress {
		wanted, far = "egress", p.Destination
	}
	for _, rule := range n.rules[endpoint] {
		if rule.direction != wanted || rule.ipv6 != far.Is6() || rule.protocol != p.Protocol {
			continue
		}
		if int64(p.Port) < rule.first || int64(p.Port) > rule.last {
			continue
		}
		switch {
		case rule.group != "":
			if slices.Contains(n.world[rule.group].Machines, far) {
				return true
			}
		case rule.list != "":
			if slices.ContainsFunc(n.world[rule.list].Entries, func(entry netip.Prefix) bool { return entry.Contains(far) }) {
				return true
			}
		case !rule.prefix.IsValid() || rule.prefix.Contains(far):
			return true
		}
	}
	return false
}
