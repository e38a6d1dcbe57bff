package proof

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// GCP is what Google's documentation says of VPC firewall rules, beside a rule of
// lower priority that denies all egress: a rule allows protocols and ports; it
// applies to the instances that have one of its target tags, or one of its
// target service accounts; an ingress rule admits what any of its source ranges,
// tags or accounts names, an egress rule its destination ranges. Ranges of both
// families do not mix, nor tags with accounts. Names are unique.
// https://cloud.google.com/firewall/docs/firewalls
var GCP = Cloud{
	Target: firewall.GCP,
	Bind: func(c *Case) map[string]firewall.Binding {
		bindings := make(map[string]firewall.Binding, len(c.World))
		for id, e := range c.World {
			b := common(e)
			switch {
			case !e.Group:
			case byAccount(c):
				b.Accounts = firewall.Known([]firewall.Value[string]{firewall.Known(id + "@project.example")})
			default:
				b.Tags = firewall.Known([]firewall.Value[string]{firewall.Known("t-" + strings.ReplaceAll(id, "_", "-"))})
			}
			bindings[id] = b
		}
		return bindings
	},
	Says: func(direction firewall.Direction, form Form, _, _ Endpoint, _ bool) bool {
		return direction == firewall.Ingress || form != GroupForm
	},
	Read: func(c *Case, result *firewall.Result) (Evaluator, error) {
		network := &network{names: make(map[string]bool), labels: make(map[string]string), world: c.World}
		for id, e := range c.World {
			if !e.Group {
				continue
			}
			if network.kind = "service_accounts"; byAccount(c) {
				network.labels[id+"@project.example"] = id
				continue
			}
			network.kind = "tags"
			network.labels["t-"+strings.ReplaceAll(id, "_", "-")] = id
		}
		for direction, rules := range map[string][]firewall.Bound{"INGRESS": result.Ingress, "EGRESS": result.Egress} {
			for _, bound := range rules {
				if err := network.insert(direction, bound); err != nil {
					return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
				}
			}
		}
		return network, nil
	},
}

// byAccount reports whether the case's machines are told apart by their service
// accounts rather than by tags.
func byAccount(c *Case) bool { return c.Seed%2 == 1 }

type network struct {
	world  World
	kind   string            // tags or service_accounts
	labels map[string]string // from a tag or account to its endpoint
	names  map[string]bool
	rules  []networkRule
}

type networkRule struct {
	direction string
	targets   []string // ids of endpoints
	ranges    []netip.Prefix
	sources   []string // ids of endpoints
	protocol  uint8
	ports     [][2]int // both bounds inclusive
}

var resourceName = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

func (n *network) insert(direction string, bound firewall.Bound) error {
	row, err := rowOf(firewall.GCP, bound)
	if err != nil {
		return err
	}
	name := row.text["name"]
	if !resourceName.MatchString(name) || n.names[name] {
		return fmt.Errorf("name %q, of which there is one: %t", name, n.names[name])
	}
	n.names[name] = true
	if row.text["direction"] != direction {
		return fmt.Errorf("direction %q among rules of %s", row.text["direction"], direction)
	}
	protocol, ok := map[string]uint8{"tcp": tcp, "udp": udp}[row.text["protocol"]]
	if !ok {
		return fmt.Errorf("protocol %q", row.text["protocol"])
	}
	rule := networkRule{direction: direction, protocol: protocol}
	far := "source_ranges"
	if direction == "EGRESS" {
		far = "destination_ranges"
	}
	for argument, values := range row.texts {
		if len(values) == 0 {
			return fmt.Errorf("%s is empty, which opens the world", argument)
		}
		switch argument {
		case far:
			rule.ranges, err = readRanges(values)
		case "source_" + n.kind:
			rule.sources, err = n.endpoints(values)
			if direction == "EGRESS" {
				return fmt.Errorf("egress from %v", values)
			}
		case "target_" + n.kind:
			rule.targets, err = n.endpoints(values)
		case "ports":
			rule.ports, err = readPorts(values)
		default:
			return fmt.Errorf("%s in a rule of %s with %s", argument, direction, n.kind)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", argument, err)
		}
	}
	if len(rule.ranges)+len(rule.sources) == 0 || len(rule.targets) == 0 || len(rule.ports) == 0 {
		return fmt.Errorf("ranges %v, sources %v, targets %v, ports %v: what is missing means everything", rule.ranges, rule.sources, rule.targets, rule.ports)
	}
	n.rules = append(n.rules, rule)
	return nil
}

func readRanges(values []string) ([]netip.Prefix, error) {
	var ranges []netip.Prefix
	for _, value := range values {
		prefix, err := netip.ParsePrefix(value)
		if err != nil {
			return nil, err
		}
		if prefix.Masked() != prefix || prefix.String() != value {
			return nil, fmt.Errorf("range %q", value)
		}
		if len(ranges) > 0 && ranges[0].Addr().Is4() != prefix.Addr().Is4() {
			return nil, fmt.Errorf("families mix in %v", values)
		}
		ranges = append(ranges, prefix)
	}
	if len(ranges) > 256 {
		return nil, fmt.Errorf("%d ranges", len(ranges))
	}
	return ranges, nil
}

func (n *network) endpoints(labels []string) ([]string, error) {
	var ids []string
	for _, label := range labels {
		id, ok := n.labels[label]
		if !ok {
			return nil, fmt.Errorf("nothing is %q", label)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func readPorts(values []string) ([][2]int, error) {
	var ports [][2]int
	for _, value := range values {
		from, to, isRange := strings.Cut(value, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first < 1 || last > 65535 || first > last || isRange && first == last {
			return nil, fmt.Errorf("port %q", value)
		}
		ports = append(ports, [2]int{first, last})
	}
	return ports, nil
}

// Passes reports whether a rule that applies to the endpoint's instances allows
// the packet.
func (n *network) Passes(direction firewall.Direction, endpoint string, p Packet) bool {
	wanted, far := "INGRESS", p.Source
	if direction == firewall.Egress {
		wanted, far = "EGRESS", p.Destination
	}
	for _, rule := range n.rules {
		if rule.direction != wanted || !slices.Contains(rule.targets, endpoint) || rule.protocol != p.Protocol {
			continue
		}
		if !slices.ContainsFunc(rule.ports, func(r [2]int) bool { return r[0] <= int(p.Port) && int(p.Port) <= r[1] }) {
			continue
		}
		if slices.ContainsFunc(rule.ranges, func(r netip.Prefix) bool { return r.Contains(far) }) ||
			slices.ContainsFunc(rule.sources, func(id string) bool { return slices.Contains(n.world[id].Machines, far) }) {
			return true
		}
	}
	return false
}
