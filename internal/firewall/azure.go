package firewall

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const (
	azureGroup         = "network_security_group_name"
	azureResourceGroup = "resource_group_name"
	azureApplication   = "application_security_group_id"
	azureTag           = "service_tag"
)

// azureDenies is the part of the result that closes egress.
const azureDenies = "egress_deny"

// Azure renders to azurerm_network_security_rule. A rule is augmented: several
// prefixes and ports of one protocol and one address family.
func Azure() Target {
	return Target{
		Name:    "azure",
		Summary: "Rules of Azure's network security groups",
		Description: "Turns the matrix's rules into the arguments of `azurerm_network_security_rule`, several prefixes and ports in one rule. " +
			"Azure lets the whole virtual network in by default: `ingress` has one more rule for each network security group, of priority 4096, which denies the rest, and ends the default rule for the load balancer's probes too. `egress_deny` does the same for what leaves, where you apply it. " +
			"A rule's priority follows from a digest of its key, so that one rule more or less seldom changes another's. " +
			"Two hosts may share a network security group where each has an application security group. " +
			"Rules in `security_rule` blocks of the network security group and these undo each other: write none there. " +
			"Removing a rule cuts no connection that is open, and 168.63.129.16 and 169.254.169.254 are never filtered. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "azurerm_network_interface.bastion.private_ip_address",
		Closing: "The rules in `egress_deny`.",
		Forms: []Form{
			{
				Name: azureGroup, Kind: Text, Attaches: true, many: true,
				One: "a network security group's name", Like: `a network security group's name, as in azurerm_network_security_group.this["canopsis"].name`, wrong: azureName("a network security group's name", 80, "_.-"),
				MustBeKnown: "Write the name as the configuration has it: priorities are dealt out within a group",
				Doc:         "Name of the network security group that its rules are attached to, known at plan. Peers refer to its `application_security_group_id`, `cidrs` or `named_cidrs`.",
				Host: func(id string) string {
					return "azurerm_network_security_group.this[" + strconv.Quote(id) + "].name, resource_group_name = azurerm_resource_group.this.name"
				},
			},
			{
				Name: azureResourceGroup, Kind: Text, Of: []string{azureGroup}, Needed: true,
				One: "a resource group's name", Like: "a resource group's name, as in azurerm_resource_group.this.name", wrong: azureName("a resource group's name", 90, "_.-()"),
				MustBeKnown: "Write the name as the configuration has it: priorities are dealt out within a group",
				Without:     "a rule names both", Remedy: "Add resource_group_name, as in resource_group_name = azurerm_resource_group.this.name",
				Doc: "Name of the resource group in which the network security group is, known at plan.",
			},
			{
				Name: azureApplication, Kind: Text, Refers: true, Peer: ApplicationGroupPeer, Excludes: []string{azureTag},
				One: "an application security group's id", anyCase: true, wrong: azureApplicationID(),
				Doc: "Id of the application security group of its machines, known at plan or not: peers of the same virtual network refer to it, and its own rules are narrowed to it where `network_security_group_name` stands beside it, the one that denies the rest too. " +
					"A machine that has the network security group and not this one keeps Azure's default rules, which let the virtual network in.",
			},
			{
				Name: azureTag, Kind: Text, Refers: true, Peer: ServiceTagPeer,
				One: "a service tag", Like: `a service tag, as in "AzureMonitor"`, wrong: serviceTag(),
				Doc: "Service tag that peers refer to, as in `\"AzureMonitor\"` or `\"Storage.WestEurope\"`. `Internet` and `AzureCloud` are public. Not beside `application_security_group_id`.",
			},
		},
		Arguments: []Argument{
			{"name", Text, "Name of the rule: the key with `.` for `/` and `-` for what rules' names do not take, `.egress` behind it in egress, and a digest at its end where it is longer than 80 characters"},
			{"resource_group_name", Text, "Resource group of the network security group"},
			{"network_security_group_name", Text, "Network security group that the rule is attached to"},
			{"priority", Number, "Place among the rules of the group and direction, which is its own: the lower decides"},
			{"direction", Text, "`Inbound` or `Outbound`"},
			{"access", Text, "`Allow`, or `Deny` of the rules that close a group"},
			{"protocol", Text, "`Tcp`, `Udp`, `Icmp`, `Ah`, `Esp`, or `*`"},
			{"source_port_range", Text, "`*`"},
			{"destination_port_range", Text, "`*` where the protocol has no ports, or null"},
			{"destination_port_ranges", TextSet, "Ports and ranges, both bounds inclusive, as in `8000-8010`, or null"},
			{"source_address_prefix", Text, "`*` for every machine of the group, a service tag, or null"},
			{"source_address_prefixes", TextSet, "Prefixes of the source, or null"},
			{"source_application_security_group_ids", TextSet, "Application security groups of the source, or null"},
			{"destination_address_prefix", Text, "`*` for every machine of the group, a service tag, or null"},
			{"destination_address_prefixes", TextSet, "Prefixes of the destination, or null"},
			{"destination_application_security_group_ids", TextSet, "Application security groups of the destination, or null"},
			{"description", Text, "The rule's key, within 140 characters"},
		},
		Setting: "{ load_balancer_probes = true }",
		Settings: []Setting{
			{"load_balancer_probes", Bool, "`true` where the probes of Azure's load balancer reach the hosts: a rule allows them before the rest is denied."},
			{"first_priority", Number, "First of the priorities that are dealt out, from 100; 1000 by default."},
			{"last_priority", Number, "Last of them, up to 4094; 3999 by default."},
			{"priorities", NumberMap, "Priorities of single rules by their keys, from 100 to 4094, as in `{ \"canopsis-to-mongodb/tcp-group\" = 1200 }`: the one that a rule has already which you import, or another one where Azure refuses a rule because a second still has its priority during an apply."},
		},
		Results: parts(
			Part{Name: Ingress.String(), Kind: RulesPart},
			Part{Name: Egress.String(), Kind: RulesPart},
			Part{Name: azureDenies, Kind: RulesPart, Doc: "Denies what `egress` does not allow, by one rule for each network security group; without it, egress is open."},
		),
		Peers: []PeerKind{CIDRPeer, ApplicationGroupPeer, ServiceTagPeer, AnyPeer},
		Naming: map[string]PeerKind{
			"source_address_prefix": CIDRPeer, "source_address_prefixes": CIDRPeer,
			"destination_address_prefix": CIDRPeer, "destination_address_prefixes": CIDRPeer,
			"source_application_security_group_ids":      ApplicationGroupPeer,
			"destination_application_security_group_ids": ApplicationGroupPeer,
		},
		across: checkAzureGroups,
		lacks:  lacksOnAzure,
		render: renderAzure,

		checkSettings: checkAzureSettings,
	}
}

// azureName is a name of letters, digits and some marks, in Azure's words.
func azureName(what string, longest int, marks string) *wording {
	return &wording{
		valid: func(text string) bool {
			return utf8.RuneCountInString(text) <= longest && strings.IndexFunc(text, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(marks, r)
			}) < 0
		},
		summary: "Invalid name", what: what, allowed: "up to " + strconv.Itoa(longest) + " letters, digits and " + marks + ": the name, not the id",
		mend: func(text string) string { return strings.TrimSpace(text[strings.LastIndexByte(text, '/')+1:]) },
	}
}

// azureApplicationID is an id of Azure's, as a resource has it:
// /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/applicationSecurityGroups/NAME.
func azureApplicationID() *wording {
	return &wording{
		valid: func(text string) bool {
			parts := strings.Split(text, "/")
			return len(parts) == 9 && parts[0] == "" && strings.EqualFold(parts[7], "applicationSecurityGroups") && parts[8] != "" && !strings.ContainsAny(text, " \t\n")
		},
		summary: "Invalid identifier", what: "an application security group's id",
		allowed: "the id that Azure made, as in /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/applicationSecurityGroups/canopsis: not a name",
		mend:    strings.TrimSpace,
	}
}

func serviceTag() *wording {
	return &wording{
		valid: func(text string) bool {
			letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			return strings.Trim(text, letters+"0123456789.") == "" && strings.IndexByte(letters, text[0]) >= 0
		},
		summary: "Invalid service tag", what: "a service tag", allowed: "letters, digits and dots, as in AzureMonitor or Storage.WestEurope",
		mend: strings.TrimSpace,
	}
}

// azureMostApplications is how many application security groups a rule takes.
const azureMostApplications = 10

// azureGroupOf is the group that a managed endpoint's rules are attached to. Its
// names are known: the forms want it.
type azureGroupOf struct{ resourceGroup, name string }

func (p *party) azureGroup() azureGroupOf {
	name, _ := p.form(azureGroup).Text.Get()
	resourceGroup, _ := p.form(azureResourceGroup).Text.Get()
	return azureGroupOf{strings.ToLower(resourceGroup), strings.ToLower(name)} // Azure does not tell cases apart
}

// checkAzureGroups refuses hosts that share a group without a way to tell their
// machines apart, and more of them than one rule can name. It marks tags that are
// public.
func checkAzureGroups(r *bindingsReader, parties map[string]*party) {
	hosts := make(map[azureGroupOf][]*party)
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		p := parties[id]
		if tag, ok := p.form(azureTag).Text.Get(); ok && (strings.EqualFold(tag, "Internet") || strings.HasPrefix(strings.ToLower(tag), "azurecloud")) {
			p.public = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		}
		if !p.managed() {
			continue
		}
		group := p.azureGroup()
		if before := hosts[group]; len(before) > 0 && (p.form(azureApplication).IsAbsent() || before[0].form(azureApplication).IsAbsent()) {
			r.Add(&refusal.Error{
				At: r.at.Key(id), Summary: "Two hosts that share machines",
				Found:  strconv.Quote(before[0].id) + " and " + strconv.Quote(id) + " have one network security group, and not each of them has an application security group: the rules of each would open the machines of the other",
				Remedy: "Give both application_security_group_id, or each a network security group of its own",
			})
		}
		hosts[group] = append(hosts[group], p)
		if len(hosts[group]) == azureMostApplications+1 {
			r.Add(&refusal.Error{
				At: r.at.Key(id), Summary: "Too many in one group",
				Found:   "more than " + strconv.Itoa(azureMostApplications) + " hosts have one network security group, and the rule that denies the rest names each of their application security groups",
				Allowed: "up to " + strconv.Itoa(azureMostApplications), Remedy: "Give some of them a network security group of their own",
			})
		}
	}
}

// lacksOnAzure also finds protocols of which Azure has no word.
func lacksOnAzure(e edge) string {
	protocol := e.ports.Protocol()
	switch {
	case protocol == matrix.ICMP && e.ports.From() != matrix.None:
		return "Azure opens every type of icmp or none: to open all of them, write icmp in a flow of your own"
	case azureProtocol(protocol) == "":
		return "Azure's network security groups have no word for " + protocol.String() + " but every protocol"
	case e.other.managed() && len(e.other.prefixes) == 0 && len(e.other.peers) == 0:
		return e.other.id + " has no addresses that its peers could name: give it application_security_group_id, cidrs or named_cidrs"
	}
	return lacksAddresses(e)
}

// azureProtocol spells a protocol as Azure does; empty where it has no word.
func azureProtocol(protocol matrix.Protocol) string {
	switch name := protocol.String(); name {
	case "tcp", "udp", "icmp", "ah", "esp":
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return ""
}

// azureOpening is one rule, before it has a priority.
type azureOpening struct {
	host      *party
	direction Direction
	side      string // the other one, in the key
	kind      PeerKind
	protocol  matrix.Protocol
	suffix    string // behind the protocol in the key

	prefixes     Texts
	tag          Value[string]
	applications Texts
	ports        []matrix.PortRange
	flows        []string
}

func (o *azureOpening) key() string {
	return o.direction.sides(o.host.id, o.side) + "/" + o.protocol.Key() + o.suffix
}

// azureMostPrefixes is how many prefixes a rule takes on one side.
const azureMostPrefixes = 4000

// azureOpenings gathers the ports of each host, direction, other side and protocol.
func azureOpenings(edges []edge) []*azureOpening {
	type place struct {
		host      *party
		direction Direction
		key       string
	}
	found := make(map[place]*azureOpening)
	var all []*azureOpening
	for _, e := range edges {
		for _, o := range azureForms(e) {
			at := place{e.host, e.direction, o.key()}
			before, ok := found[at]
			if !ok {
				found[at] = o
				all = append(all, o)
				before = o
			} else if anyUnknownText(before.prefixes) {
				before.prefixes = o.prefixes // a name may be known from another binding
			}
			before.ports = append(before.ports, e.ports)
			before.flows = append(before.flows, e.flow)
		}
	}
	return all
}

func anyUnknownText(texts Texts) bool {
	values, _ := texts.Get()
	return slices.ContainsFunc(values, Value[string].IsUnknown)
}

// azureForms returns a rule for each of what an endpoint is as the other side: Azure
// takes neither both families in one, nor a group or a tag beside prefixes.
func azureForms(e edge) []*azureOpening {
	in := familiesOf(e.ports.Protocol())
	of := func(side string, kind PeerKind, suffix string) *azureOpening {
		return &azureOpening{host: e.host, direction: e.direction, side: side, kind: kind, protocol: e.ports.Protocol(), suffix: suffix}
	}
	var forms []*azureOpening
	for i, family := range []families{ipv4, ipv6} {
		if in&family == 0 {
			continue
		}
		parts := dealt(e.other.listed(family), azureMostPrefixes)
		for n, part := range parts {
			suffix := []string{"", "-ipv6"}[i]
			if len(parts) > 1 {
				suffix += "-part-" + strconv.Itoa(n+1) + "-of-" + strconv.Itoa(len(parts))
			}
			if !part.IsAbsent() {
				o := of(e.other.id, CIDRPeer, suffix)
				o.prefixes = part
				forms = append(forms, o)
			}
		}
	}
	for _, n := range e.other.named {
		if in.has(n.prefix) {
			o := of(n.name, CIDRPeer, "")
			o.prefixes = Known([]Value[string]{prefixText(n.prefix)})
			forms = append(forms, o)
		}
	}
	if id := e.other.form(azureApplication).Text; !id.IsAbsent() {
		o := of(e.other.id, ApplicationGroupPeer, "-group")
		o.applications = Known([]Value[string]{id})
		forms = append(forms, o)
	}
	if tag := e.other.form(azureTag).Text; !tag.IsAbsent() {
		o := of(e.other.id, ServiceTagPeer, "-tag")
		o.tag = tag
		forms = append(forms, o)
	}
	return forms
}

func renderAzure(p *plan) *Result {
	openings := azureOpenings(p.edges)
	priorities := newAzureDealer(p.settings).deal(openings)
	result := &Result{Entries: make(map[string][]Bound)}
	for _, o := range openings {
		result.add(o.direction, azureRule(o, priorities[o]))
	}
	closed := make(map[azureGroupOf]bool)
	for _, host := range p.hosts {
		group := host.azureGroup()
		if closed[group] {
			continue
		}
		closed[group] = true
		own := azureOwnSides(p.hosts, group)
		if probes, _ := p.settings["load_balancer_probes"].Bool.Get(); probes {
			result.add(Ingress, azureStanding(host, own, Ingress, "load-balancer-probes-to-", "Allow", "AzureLoadBalancer", azureProbes))
		}
		result.add(Ingress, azureStanding(host, own, Ingress, "deny-all-to-", "Deny", "*", azureClosing))
		deny := azureStanding(host, own, Egress, "deny-all-from-", "Deny", "*", azureClosing)
		result.Entries[azureDenies] = append(result.Entries[azureDenies], deny)
	}
	result.countRules(p.hosts)
	for _, deny := range result.Entries[azureDenies] {
		count := result.Counts[deny.Host]
		n, _ := count.Egress.Get()
		result.Counts[deny.Host] = Count{count.Ingress, Known(n + 1)}
	}
	return result
}

// azureOwnSides returns the application security groups of all hosts of a group;
// absent where its rules are for every machine.
func azureOwnSides(hosts []*party, group azureGroupOf) Texts {
	var own []Value[string]
	for _, host := range hosts {
		if id := host.form(azureApplication).Text; host.azureGroup() == group && !id.IsAbsent() {
			own = append(own, id)
		}
	}
	if len(own) == 0 {
		return Texts{}
	}
	return Known(own)
}

// azureSide is one side of a rule.
type azureSide struct {
	prefix       Value[string]
	prefixes     Texts
	applications Texts
}

// azureOwn is the side of the machines that a rule is attached to.
func azureOwn(applications Texts) azureSide {
	if applications.IsAbsent() {
		return azureSide{prefix: Known("*")}
	}
	return azureSide{applications: applications}
}

// cells are those of a side, in the order of the arguments.
func (s azureSide) cells() []Cell {
	return []Cell{{Text: s.prefix}, {Texts: s.prefixes}, {Texts: s.applications}}
}

func azureRule(o *azureOpening, priority int64) Bound {
	own := Texts{}
	if id := o.host.form(azureApplication).Text; !id.IsAbsent() {
		own = Known([]Value[string]{id})
	}
	anyPort, ports := Known("*"), Texts{}
	if o.protocol.HasPorts() {
		anyPort, ports = Value[string]{}, gcpPorts(o.ports)
	}
	other := azureSide{o.tag, o.prefixes, o.applications}
	return Bound{
		Key: o.key(), Host: o.host.id, Peer: o.side, PeerKind: o.kind, Flows: sortedSet(slices.Clone(o.flows)),
		Cells: azureCells(o.key(), o.host, o.direction, priority, "Allow", azureProtocol(o.protocol), anyPort, ports, other, azureOwn(own)),
	}
}

// azureStanding is a rule of every group, whatever the matrix says.
func azureStanding(host *party, own Texts, direction Direction, says, access, other string, priority int64) Bound {
	resourceGroup, _ := host.form(azureResourceGroup).Text.Get()
	group, _ := host.form(azureGroup).Text.Get()
	key := says + resourceGroup + "/" + group
	kind := AnyPeer
	if other != "*" {
		kind = ServiceTagPeer
	}
	return Bound{
		Key: key, Host: host.id, Peer: other, PeerKind: kind, Flows: []string{},
		Cells: azureCells(key, host, direction, priority, access, "*", Known("*"), Texts{}, azureSide{prefix: Known(other)}, azureOwn(own)),
	}
}

func azureCells(key string, host *party, direction Direction, priority int64, access, protocol string, anyPort Value[string], ports Texts, other, own azureSide) []Cell {
	word, source, destination := "Inbound", other, own
	if direction == Egress {
		word, source, destination = "Outbound", own, other
	}
	const longestName, longestDescription = 80, 140
	name := strings.Map(func(r rune) rune {
		switch {
		case r == '/':
			return '.'
		case r >= utf8.RuneSelf, r == '(', r == ')': // of a resource group's name
			return '-'
		}
		return r
	}, key)
	if direction == Egress { // the directions of a group have their names in common
		name += ".egress"
	}
	cells := []Cell{
		TextCell(shortened(name, longestName)),
		host.form(azureResourceGroup),
		host.form(azureGroup),
		NumberCell(priority),
		TextCell(word),
		TextCell(access),
		TextCell(protocol),
		TextCell("*"),
		{Text: anyPort},
		{Texts: ports},
	}
	cells = append(append(cells, source.cells()...), destination.cells()...)
	return append(cells, TextCell(shortened(key, longestDescription)))
}
