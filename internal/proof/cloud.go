package proof

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Form is a way in which an endpoint is the other side of a rule.
type Form uint8

// The forms.
const (
	ListedForm Form = iota + 1 // a CIDR of its list
	NamedForm                  // a CIDR with a name
	GroupForm                  // its group, tags or accounts
	ListForm                   // a list of addresses that the cloud keeps
)

// Cloud is what the proof has to know of a target. All of it is written against
// the cloud's own documentation.
type Cloud struct {
	Target firewall.Target
	Reader cloud.Cloud // of what the target rendered

	// Render is Target's own, and what tests change.
	Render func(c *Case, bindings map[string]firewall.Binding) (*firewall.Result, error)

	facts
}

// facts are what a file of its own says of each cloud.
type facts struct {
	lists      bool // the cloud keeps lists of addresses
	mixedLists bool // a list may hold both families
	families   bool // bindings choose families for groups and lists

	// group and list name an endpoint's group (tag, account) and list there.
	group, list func(c *Case, id string) string

	// bind adds the cloud's own identifiers to an endpoint's binding.
	bind func(c *Case, id string, b *firewall.Binding)

	// says reports whether the cloud has words for a rule of this direction at
	// host, on these ports, whose other side is named in this form, for this
	// family. nil: always.
	says func(direction firewall.Direction, ports matrix.PortRange, form Form, host, peer Endpoint, ipv6 bool) bool

	// rows are those that the cloud reads of what was rendered; nil: one, with the
	// arguments of the target.
	rows func(target firewall.Target, bound firewall.Bound, direction cloud.Direction) ([]cloud.Row, error)

	// oneGroup says that a managed endpoint is the same group to its peers.
	oneGroup bool

	// closing names the part of the result that denies the rest in a direction, where
	// it is a part of its own.
	closing map[cloud.Direction]string

	// standing are rules that stand beside those that are rendered.
	standing map[cloud.Direction][]cloud.Row

	// refuses returns what the cloud, given one rule after another, would not
	// take although it can be read.
	refuses func() func(row cloud.Row, rule cloud.Rule) error
}

// unattached are targets whose rules are attached to no machine, so that no endpoint
// has a firewall of its own here: TestAddressRowsPassWhatTheRulesAllow of
// internal/firewall compares their rows with the rules.
var unattached = map[string]bool{"address": true}

// Clouds returns what the proof knows of targets. A target of which it knows
// nothing, or whose rules nobody reads, is an error: it would be proved by not
// being looked at.
func Clouds(targets ...firewall.Target) ([]Cloud, error) {
	known := map[string]facts{"aws": awsFacts, "gcp": gcpFacts, "openstack": openStackFacts, "kubernetes": kubernetesFacts, "azure": azureFacts}
	readers := make(map[string]cloud.Cloud)
	for _, reader := range cloud.All() {
		readers[reader.Name] = reader
	}
	clouds := make([]Cloud, 0, len(targets))
	for _, target := range targets {
		if unattached[target.Name] {
			continue
		}
		of, ok := known[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q: internal/proof says nothing of it", target.Name)
		}
		reader, ok := readers[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q: internal/cloud does not read its rules", target.Name)
		}
		render := func(c *Case, bindings map[string]firewall.Binding) (*firewall.Result, error) {
			return target.Render(c.Rules, bindings)
		}
		clouds = append(clouds, Cloud{target, reader, render, of})
	}
	return clouds, nil
}

// sayable reports whether the cloud has words for a form of the peer.
func (c Cloud) sayable(direction firewall.Direction, ports matrix.PortRange, form Form, host, peer Endpoint, ipv6 bool) bool {
	if protocol := ports.Protocol(); protocol == matrix.ICMP && ipv6 || protocol == matrix.ICMPv6 && !ipv6 {
		return false // there is no such packet
	}
	return c.says == nil || c.says(direction, ports, form, host, peer, ipv6)
}

// bindings writes the endpoints of a case as bindings.
func (c Cloud) bindings(of *Case) map[string]firewall.Binding {
	bindings := make(map[string]firewall.Binding, len(of.World))
	for id, e := range of.World {
		b := common(e)
		c.bind(of, id, &b)
		bindings[id] = b
	}
	return bindings
}

// common writes what bindings have in every cloud: CIDRs, names, flags.
func common(e Endpoint) firewall.Binding {
	b := firewall.Binding{SameAs: e.SameAs, Public: e.Public, Forms: make(firewall.Forms)}
	if e.emptyCIDRs {
		b.CIDRs = []string{}
	}
	for _, prefix := range e.Listed {
		b.CIDRs = append(b.CIDRs, prefix.String())
	}
	for name, prefix := range e.Named {
		if b.NamedCIDRs == nil {
			b.NamedCIDRs = make(map[string]firewall.Value[string])
		}
		b.NamedCIDRs[name] = firewall.Known(prefix.String())
	}
	return b
}

// refer writes what peers refer to, and what rules are attached to where it is
// managed, whatever the rules make of it. which is empty for the endpoint's group
// itself.
func refer(b *firewall.Binding, e Endpoint, attaching, referring string, group func(which string) firewall.Cell) {
	switch {
	case !e.Group:
	case e.Unmanaged:
		b.Forms[referring] = group("")
	default:
		b.Forms[attaching], b.Attach = group(""), true
		if len(e.Beside) > 0 {
			b.Forms[referring] = group(beside)
		}
	}
}

// beside is behind the name of the group that an endpoint's peers refer to in
// place of its own.
const beside = "-beside"

// referred is what peers of an endpoint with a group refer to.
func (c Cloud) referred(of *Case, id string) string {
	if len(of.World[id].Beside) > 0 {
		id += beside
	}
	return c.group(of, id)
}

// rendered is a rule that the cloud was given.
type rendered struct {
	key  string
	rule cloud.Rule
}

// read reads what was rendered in one direction. It refuses what the cloud would
// refuse, with refuses, and every value that is still unknown.
func (c Cloud) read(rules []firewall.Bound, direction cloud.Direction, world cloud.World, refuses func(cloud.Row, cloud.Rule) error) ([]rendered, error) {
	var all []rendered
	for _, bound := range rules {
		rows, err := c.rowsOf(bound, direction)
		if err != nil {
			return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
		}
		for _, row := range rows {
			rule, known, err := c.Reader.Read(row, direction, world)
			if err != nil {
				return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
			}
			if !known {
				return nil, fmt.Errorf("rule %q: a value is still unknown: %v", bound.Key, row)
			}
			if rule.Everywhere {
				return nil, fmt.Errorf("rule %q: it is attached to every machine", bound.Key)
			}
			if refuses != nil {
				err = refuses(row, rule)
			}
			if err != nil {
				return nil, fmt.Errorf("rule %q: %w", bound.Key, err)
			}
			all = append(all, rendered{bound.Key, rule})
		}
	}
	for _, row := range c.standing[direction] {
		rule, _, err := c.Reader.Read(row, direction, world)
		if err != nil {
			return nil, fmt.Errorf("a rule that stands beside: %w", err)
		}
		all = append(all, rendered{"", rule})
	}
	return all, nil
}

// given returns the rules of one direction, those that deny the rest among them.
func (c Cloud) given(result *firewall.Result, in firewall.Direction, of cloud.Direction) []firewall.Bound {
	return slices.Concat(result.Rules(in), result.Entries[c.closing[of]])
}

// rowsOf returns what the cloud reads of what was rendered.
func (c Cloud) rowsOf(bound firewall.Bound, direction cloud.Direction) ([]cloud.Row, error) {
	if c.rows != nil {
		return c.rows(c.Target, bound, direction)
	}
	row, err := rowOf(c.Target, bound)
	return []cloud.Row{row}, err
}

// passes returns what the rules let pass at the machines of a group. Of those that
// nobody manages here, it is what is attached to them: where nothing is, that they
// are open is not the target's doing.
func (c Cloud) passes(rules []cloud.Rule, direction cloud.Direction, group string, managed bool) packet.Set {
	if !managed && !slices.ContainsFunc(rules, func(r cloud.Rule) bool { return r.Direction == direction && r.Attached(group) }) {
		return packet.Set{}
	}
	passes, _ := c.Reader.Passes(rules, direction, group)
	return passes
}

// byName is a world in which groups and lists are names. What is rendered is
// written into Terraform, for whose providers 0 may be nothing.
func byName() cloud.World { return cloud.World{IPv6: true, StateZeros: true} }

// byAddress is a world that knows every group's machines and every list's entries.
func (c Cloud) byAddress(of *Case) cloud.World {
	world := cloud.World{Addresses: make(map[string][]netip.Prefix), StateZeros: true}
	for id, e := range of.World {
		if e.Group {
			world.Addresses[c.group(of, id)] = prefixesOf(e.Machines)
			world.Addresses[c.referred(of, id)] = prefixesOf(e.referred())
		}
		if e.List {
			world.Addresses[c.list(of, id)] = e.Entries
		}
	}
	return world
}

func prefixesOf(machines []netip.Addr) []netip.Prefix {
	prefixes := make([]netip.Prefix, 0, len(machines))
	for _, machine := range machines {
		prefixes = append(prefixes, netip.PrefixFrom(machine, machine.BitLen()))
	}
	return prefixes
}

// duplicates returns what refuses a second rule with the packets of another at
// the same group, whatever stands in its description. Rules of clouds that do so
// have one group and one range of ports, and one peer in each family.
func duplicates() func(rule cloud.Rule) error {
	type content struct {
		group string
		peer  packet.Peer
		ports packet.Ports
	}
	seen := make(map[content]bool)
	return func(rule cloud.Rule) error {
		if len(rule.Groups) != 1 || len(rule.Packets.Ports) != 1 || len(rule.Packets.Peers) == 0 {
			return fmt.Errorf("%+v does nothing, or several things", rule)
		}
		key := content{rule.Groups[0], rule.Packets.Peers[0], rule.Packets.Ports[0]}
		if seen[key] {
			return fmt.Errorf("the same rule is there already")
		}
		seen[key] = true
		return nil
	}
}
