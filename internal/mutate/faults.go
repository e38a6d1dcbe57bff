package main

import (
	"fmt"
	"path"
	"strings"
)

// fault is a small fault: text of one file that becomes another.
type fault struct {
	file     string // under internal
	name     string
	old, new string // old stands in the file once
}

func (f fault) apply(text string) (string, error) {
	if n := strings.Count(text, f.old); n != 1 {
		return "", fmt.Errorf("the text %q stands there %d times, not once", f.old, n)
	}
	return strings.Replace(text, f.old, f.new, 1), nil
}

// tests returns the packages whose tests have to see it.
func (f fault) tests() []string {
	folder := path.Dir(f.file)
	switch folder {
	case "firewall", "cloud":
		return []string{folder, "proof"}
	}
	return []string{folder}
}

var faults = []fault{
	// AWS.
	{"firewall/aws.go", "a range ends one port late", "Known(int64(ports.To()))\n\t}\n\treturn Value[int64]{}", "Known(int64(ports.To()) + 1)\n\t}\n\treturn Value[int64]{}"},
	{"firewall/aws.go", "a range starts one port early", "return Known(int64(ports.From()))", "return Known(int64(ports.From()) - 1)"},
	{"firewall/aws.go", "a range is one port", "Known(int64(ports.To()))", "Known(int64(ports.From()))"},
	{"firewall/aws.go", "every protocol is tcp", "TextCell(awsProtocol(o.ports.Protocol()))", `TextCell("tcp")`},
	{"firewall/aws.go", "rules are attached to the peer", "o.host.form(awsGroup),", "o.peer.of(SecurityGroupPeer),"},
	{"firewall/aws.go", "groups as peers are dropped", "o.peer.of(SecurityGroupPeer),", "{},"},
	{"firewall/aws.go", "lists as peers are dropped", "o.peer.of(PrefixListPeer),", "{},"},
	{"firewall/aws.go", "IPv6 prefixes stand in IPv4's column", "return Value[string]{}, Known(p.String())", "return Known(p.String()), Value[string]{}"},
	{"firewall/aws.go", "the families' columns are swapped", "return Known(p.String()), Value[string]{}", "return Value[string]{}, Known(p.String())"},
	{"firewall/aws.go", "an unknown prefix is promised to be IPv4", "return Unknown[string](), Unknown[string]()", "return Unknown[string](), Value[string]{}"},
	{"firewall/aws.go", "an absent prefix is unknown", "return Value[string]{}, Value[string]{}", "return Unknown[string](), Unknown[string]()"},
	{"firewall/aws.go", "descriptions are empty", "TextCell(key),", `TextCell(""),`},
	{"firewall/aws.go", "ingress counts as egress", "quotas[o.host].ingress.add(o.peer)", "quotas[o.host].egress.add(o.peer)"},
	{"firewall/aws.go", "a list counts as one rule", "entries = n", "entries = min(n, 1)"},
	{"firewall/aws.go", "a list of unknown size counts as none", "q.unknown = q.unknown || !ok", "q.unknown = q.unknown && !ok"},
	{"firewall/aws.go", "families are counted together", "return Known(max(q.ipv4, q.ipv6))", "return Known(q.ipv4 + q.ipv6)"},
	{"firewall/aws.go", "a rule of unknown family counts as IPv4 alone", "open := !ok || p.named", "open := p.named && ok"},
	{"firewall/aws.go", "hosts without rules have no counts", "result.Counts[host.id] = Count{", "result.Counts[p.hosts[0].id] = Count{"},

	// Firewalls that know addresses alone.
	{"firewall/address.go", "ends are swapped", "pair := addressPair{e.other, e.host, e.ports.Protocol()}", "pair := addressPair{e.host, e.other, e.ports.Protocol()}"},
	{"firewall/address.go", "a row without a source", "|| !pair.source.hasFamily(family) ||", "||"},
	{"firewall/address.go", "a row without a destination", "|| !pair.destination.hasFamily(family) {", "{"},
	{"firewall/address.go", "families mix", "if n.family == family {", "if true {"},
	{"firewall/address.go", "the second family has the key of the first", "if family == ipv6 {\n\t\tkey", "if false {\n\t\tkey"},
	{"firewall/address.go", "ICMP is of both families", "familiesOf(pair.protocol)&family == 0 ||", ""},
	{"firewall/address.go", "a range ends where it starts", "from, to := portCell(r.From()), portCell(r.To())", "from, to := portCell(r.From()), portCell(r.From())"},
	{"firewall/address.go", "a name of the other family passes", "if prefix, ok := p.named[i].prefix.Get(); ok && !prefix.Addr().Is4() {", "if prefix, ok := p.named[i].prefix.Get(); ok && !prefix.IsValid() {"},
	{"firewall/address.go", "names of IPv6 are dropped", "\t\tp.named = append(p.named, n)\n", ""},
	{"firewall/address.go", "names are cut without a digest", "digest := sha256.Sum256([]byte(text))", "digest := sha256.Sum256(nil)"},
	{"firewall/address.go", "what has no addresses is left out without a word", "case !end.hasRanges():\n\t\t\treturn end.id + \" has no addresses\"", "case !end.hasRanges():\n\t\t\treturn \"\""},

	// Azure.
	{"firewall/azure.go", "no rule closes ingress", "result.add(Ingress, azureStanding(host, own, Ingress, \"deny-all-to-\", \"Deny\", \"*\", azureClosing))", "_ = own"},
	{"firewall/azure.go", "the closing rule allows", "\"deny-all-to-\", \"Deny\"", "\"deny-all-to-\", \"Allow\""},
	{"firewall/azure_priorities.go", "the closing rule comes first", "azureClosing = 4096", "azureClosing = 100"},
	{"firewall/azure_priorities.go", "priorities are taken twice", "\t\tif taken[at] {\n\t\t\treturn false", "\t\tif false {\n\t\t\treturn false"},
	{"firewall/azure_priorities.go", "pins are ignored", "if priority, ok := d.pinned(key); ok {", "if priority, ok := d.pinned(key); ok && priority < 0 {"},
	{"firewall/azure.go", "families are one rule", "suffix := []string{\"\", \"-ipv6\"}[i]", "suffix := []string{\"\", \"\"}[i]"},
	{"firewall/azure.go", "egress is written as ingress", "word, source, destination = \"Outbound\", own, other", "word, source, destination = \"Inbound\", own, other"},
	{"firewall/azure.go", "own machines are all of the group", "\treturn azureSide{applications: applications}", "\treturn azureSide{prefix: Known(\"*\")}"},
	{"firewall/azure.go", "groups as peers are dropped", "if id := e.other.form(azureApplication).Text; !id.IsAbsent() {", "if id := e.other.form(azureApplication).Text; false && !id.IsAbsent() {"},
	{"firewall/azure.go", "hosts share a group unnoticed", "len(before) > 0 && (p.form", "len(before) > 1 && (p.form"},
	{"firewall/azure.go", "one type of ICMP is every type", "case protocol == matrix.ICMP && e.ports.From() != matrix.None:", "case protocol == matrix.ICMP && e.ports.From() == 256:"},
	{"firewall/azure.go", "ports are dropped", "anyPort, ports = Value[string]{}, gcpPorts(o.ports)", "anyPort, ports = Known(\"*\"), Texts{}"},
	{"firewall/azure.go", "both directions have one name", "name += \".egress\"", "name += \"\""},
	{"firewall/azure.go", "capitals are another group", "anyCase: true", "anyCase: false"},

	// Kubernetes.
	{"firewall/kubernetes.go", "a host without rules has an empty list", "if len(allowed) > 0 {", "if true {"},
	{"firewall/kubernetes.go", "a range is its first port", "if r.To() != r.From() {", "if false {"},
	{"firewall/kubernetes.go", "every protocol is tcp", "TextCell(strings.ToUpper(r.Protocol().String()))", `TextCell("TCP")`},
	{"firewall/kubernetes.go", "peers' namespaces are dropped", `pods := map[string]Cell{"namespaceSelector": object(map[string]Cell{"matchLabels": object(map[string]Cell{namespaceName: namespace})})}`, `pods := map[string]Cell{}; _ = namespace`},
	{"firewall/kubernetes.go", "peers' labels are dropped", "if !labels.IsAbsent() {", "if false {"},
	{"firewall/kubernetes.go", "peers are the host's own pods", "if other.referred != nil && other.referred.Name == kubernetesPeerNamespace {", "if false {"},
	{"firewall/kubernetes.go", "named prefixes are dropped", "for _, n := range other.named {", "for _, n := range other.named[:0] {"},
	{"firewall/kubernetes.go", "listed prefixes are dropped", "for _, prefix := range other.prefixes {", "for _, prefix := range other.prefixes[:0] {"},
	{"firewall/kubernetes.go", "policies have both directions", `"policyTypes": TextsCell(word),`, `"policyTypes": TextsCell(word, "Egress"),`},
	{"firewall/kubernetes.go", "labels among another host's pass", "if !selects(wide, narrow) {\n\t\t\t\tcontinue", "if true {\n\t\t\t\tcontinue"},
	{"firewall/kubernetes.go", "no labels pass", "if len(value.Nested.Object) == 0 {", "if false {"},
	{"firewall/kubernetes.go", "icmp is left out without a word", "if protocol := e.ports.Protocol(); !protocol.HasPorts() {", "if protocol := e.ports.Protocol(); false && protocol.HasPorts() {"},
	{"firewall/kubernetes.go", "egress names its peers as ingress does", `word, side = "Egress", "to"`, `word, side = "Egress", "from"`},

	// OpenStack.
	{"firewall/openstack.go", "a port is left out where the range is all but one", "ports.From() == 1 && ports.To() == matrix.MaxPort", "(ports.From() == 1 || ports.To() == matrix.MaxPort)"},
	{"firewall/openstack.go", "every port is written out", "protocol.HasPorts() && ports.From() == 1 && ports.To() == matrix.MaxPort", "protocol == 0"},
	{"firewall/openstack.go", "a range is one port", "Known(int64(ports.To()))\n}", "Known(int64(ports.From()))\n}"},
	{"firewall/openstack.go", "IPv6 between groups is dropped", "if common&ipv6 != 0 {", "if false {"},
	{"firewall/openstack.go", "IPv4 between groups is dropped", "if common&ipv4 != 0 {", "if false {"},
	{"firewall/openstack.go", "families of either end suffice", "common := o.peer.party.families & o.host.families &", "common := (o.peer.party.families | o.host.families) &"},
	{"firewall/openstack.go", "the host's families alone decide", "common := o.peer.party.families & o.host.families &", "common := o.host.families &"},
	{"firewall/openstack.go", "both families have one key", `openStackRule(o, "-ipv6", Known("IPv6"))`, `openStackRule(o, "", Known("IPv6"))`},
	{"firewall/openstack.go", "IPv6 prefixes are said to be IPv4", "return Known(\"IPv6\")\n}", "return Known(\"IPv4\")\n}"},
	{"firewall/openstack.go", "an unknown prefix is promised to be IPv6", "case !ok:\n\t\treturn Unknown[string]()", "case !ok:"},
	{"firewall/openstack.go", "the direction is always ingress", "TextCell(o.direction.String())", `TextCell("ingress")`},
	{"firewall/openstack.go", "address groups as peers are dropped", "o.peer.of(AddressGroupPeer),", "{},"},
	{"firewall/openstack.go", "a peer that is a group opens to everyone", "o.peer.of(SecurityGroupPeer),", "{},"},
	{"firewall/openstack.go", "ends without a common family are not reported", "case p.party.families&e.host.families&in != 0:", "case p.party.families|e.host.families != 0:"},

	// Google Cloud.
	{"firewall/gcp.go", "tags as destinations", "if b.direction == Egress {\n\t\t\t\tform.tags", "if b.direction == Ingress {\n\t\t\t\tform.tags"},
	{"firewall/gcp.go", "sources and destinations are swapped", "if b.direction == Egress {\n\t\tsources", "if b.direction == Ingress {\n\t\tsources"},
	{"firewall/gcp.go", "a rule without peers is written", "if !form.isEmpty() {", "if true {"},
	{"firewall/gcp.go", "protocols are put together", "b := gcpBucket{e.host, e.direction, side, e.ports.Protocol()}", "b := gcpBucket{e.host, e.direction, side, matrix.TCP}"},
	{"firewall/gcp.go", "a range is one port", `text += "-" + strconv.Itoa(r.To())`, `text += ""`},
	{"firewall/gcp.go", "the second family is dropped", "for i, prefixes := range [][]netip.Prefix{p.prefixes[:split], p.prefixes[split:]}", "for i, prefixes := range [][]netip.Prefix{p.prefixes[:split]}"},
	{"firewall/gcp.go", "families stand in one rule", "[][]netip.Prefix{p.prefixes[:split], p.prefixes[split:]}", "[][]netip.Prefix{p.prefixes[:max(split, len(p.prefixes))], nil}"},
	{"firewall/gcp.go", "a rule holds one range too many", "dealt(prefixes, gcpMaxRanges)", "dealt(prefixes, gcpMaxRanges+1)"},
	{"firewall/gcp.go", "named CIDRs are forgotten", "for _, n := range e.other.named {", "for _, n := range e.other.named[:0] {"},
	{"firewall/gcp.go", "a known name stays unknown", "c.named.IsAbsent() || c.named.IsUnknown()", "c.named.IsAbsent()"},
	{"firewall/gcp.go", "the name does not follow the ranges", `{"range", form.ranges}, `, ""},
	{"firewall/gcp.go", "the name does not follow the tags", `{"tag", form.tags}, `, ""},
	{"firewall/gcp.go", "the name does not follow the host's tags", `{"host's tag", b.host.form(gcpTags).Texts}, `, ""},
	{"firewall/gcp.go", "the name is known before the peers", "if end.texts.IsUnknown() || slices.ContainsFunc(texts, Value[string].IsUnknown) {", "if false {"},
	{"firewall/gcp.go", "egress to tags is not reported", "case hasRanges || e.direction == Ingress && refers:", "case hasRanges || refers:"},
	{"firewall/gcp.go", "accounts as targets are dropped", "b.host.form(gcpAccounts),", "{},"},
	{"firewall/gcp.go", "flows of other ports are forgotten", "buckets[b].flows = append(buckets[b].flows, e.flow)", "buckets[b].flows = []string{e.flow}"},

	// A host's own firewall.
	{"firewall/ruleset.go", "ports of the packet that was translated", `" ct original proto-dst " + text`, `" th dport " + text`},
	{"firewall/ruleset.go", "published ports pass", `w.lines("ct status dnat jump matrix_in", "ct status dnat goto refuse")`, `w.lines("ct status dnat jump matrix_in")`},
	{"firewall/ruleset.go", "routes to containers pass", `w.each("oifname", "goto refuse")`, `w.each("oifname", "accept")`},
	{"firewall/ruleset.go", "containers send what they want", `w.each("iifname", "goto from_containers")`, `w.each("iifname", "accept")`},
	{"firewall/ruleset.go", "egress is judged where it is open", "e.host != here || e.direction == Egress && !closedEgress", "e.host != here"},
	{"firewall/ruleset.go", "an address that is not known is left out", "return nil, false\n\t\t}\n\t\tb := bucket", "continue\n\t\t}\n\t\tb := bucket"},
	{"firewall/ruleset.go", "named CIDRs are forgotten", "all = append(all, prefix)", "_ = prefix"},
	{"firewall/ruleset.go", "covered prefixes stay", "all = withoutCovered(all)", "slices.SortFunc(all, comparePrefixes)"},
	{"firewall/ruleset.go", "clusters announce themselves to nobody", "b.protocol == matrix.VRRP && len(byFamily[0]) > 0", "b.protocol == 0 && len(byFamily[0]) > 0"},
	{"firewall/ruleset.go", "announcements go out to whomever", "b.peer == here && b.protocol == matrix.VRRP", "b.protocol == matrix.VRRP"},
	{"firewall/ruleset.go", "types of ICMP stand behind what is invalid", `w.lines("jump matrix_icmp_in")`, "w.lines()"},
	{"firewall/ruleset.go", "a range is one port", `text += "-" + strconv.Itoa(ports.To())`, `text += ""`},
	{"firewall/ruleset.go", "destinations are sources", `w.rows(w.out, " daddr ")`, `w.rows(w.out, " saddr ")`},
	{"firewall/ruleset.go", "a protocol's families are not asked", "familiesOf(b.protocol)&(1<<i) != 0", "familiesOf(b.protocol)|(1<<i) != 0"},
	{"firewall/nftables.go", "administrators without addresses suffice", "source.hasRangesIn(familiesOf(rule.Ports.Protocol()))", "source != nil"},
	{"firewall/nftables.go", "every host has every rule", "endOf(rule.Source, host, here, resolved) ||", "rule.Source != \"\" ||"},
	{"firewall/nftables.go", "containers that are not judged are not reported", "if options.ClosedEgress && len(options.ContainerInterfaces) == 0 {", "if false {"},
	{"firewall/nftables_options.go", "two statements are one", `strings.ContainsAny(text, "{};")`, `strings.ContainsAny(text, "{}")`},
	{"firewall/nftables_options.go", "an uplink's VLAN is no uplink", `name, _, _ = strings.Cut(name, ".")`, ""},

	// What all targets share.
	{"firewall/plan.go", "directions are swapped", "\t\t{destination, source, Ingress, r.Ports, r.Flow}", "\t\t{destination, source, Egress, r.Ports, r.Flow}"},
	{"firewall/plan.go", "egress is forgotten", "{source, destination, Egress, r.Ports, r.Flow},\n", ""},
	{"firewall/plan.go", "rules are attached to someone else's group", "if !e.host.managed() {\n\t\t\tcontinue\n\t\t}\n", ""},
	{"firewall/plan.go", "what no end enforces is not reported", "if !source.managed() && !destination.managed() {", "if false {"},
	{"firewall/plan.go", "what an end lacks is not reported", "lacking = append(lacking, reason)\n", ""},
	{"firewall/names.go", "an alias is an endpoint of its own", "resolved[id] = other", "resolved[id] = p"},
	{"firewall/openings.go", "covered prefixes stay", "i < len(all) && covers(cover, all[i].prefix)", "i < len(all) && cover == all[i].prefix"},
	{"firewall/openings.go", "flows of covered prefixes are forgotten", "wanting = append(wanting, all[i].party)\n", ""},
	{"firewall/openings.go", "one flow of a merged rule is kept", "if len(others) == 1 {", "if len(others) > 0 {"},
	{"firewall/openings.go", "a known name stays unknown", "if !ok || before.prefix.IsUnknown() {", "if !ok || before.prefix.IsAbsent() {"},
	{"firewall/openings.go", "a name's flows in other bindings are forgotten", "wanting[p.side] = append(wanting[p.side], other)", "wanting[p.side] = []*party{other}"},
	{"firewall/names.go", "two names of one prefix pass", "if before, ok := names[prefix]; ok && before != n.name {", "if before, ok := names[prefix]; ok && before == \"\" {"},
	{"firewall/names.go", "one name of two prefixes passes", "if before, ok := meaning[name]; ok && before != prefix {", "if before, ok := meaning[name]; ok && !before.IsValid() {"},
	{"firewall/names.go", "a prefix that is named and listed passes", "if endpoint, ok := listed[prefix]; ok {", "if endpoint, ok := listed[prefix]; ok && endpoint == \"\" {"},
	{"firewall/names.go", "a CIDR may have an endpoint's name", "if _, ok := parties[n.name]; ok {", "if false {"},
	{"firewall/public.go", "administration may be public", "case matrix.Administration, matrix.Internal:\n", "case matrix.Administration, matrix.Internal:\n\t\treturn true\n"},
	{"firewall/public.go", "a public end is reported of sources alone", "if !ok || !p.public.IsValid() || reported[end] {", "if !ok || !p.public.IsValid() || reported[end] || end == rule.Destination {"},
	{"firewall/binding.go", "rules are attached to someone else's group", "if form.Attaches && p.attached == nil {", "if p.attached == nil {"},
	{"firewall/public.go", "public addresses pass", "p.public.IsValid() && !p.binding.Public && !refused[p]", "p.public.IsValid() && p.binding.Public && !refused[p]"},
	{"firewall/binding.go", "an unknown name is dropped", "p.peers = append(p.peers, peer{kind: CIDRPeer, side: n.name, prefix: n.prefix, named: true})", "if !n.prefix.IsUnknown() {\n\t\t\tp.peers = append(p.peers, peer{kind: CIDRPeer, side: n.name, prefix: n.prefix, named: true})\n\t\t}"},
	{"firewall/cidr.go", "neighbours are taken for covered", "func covers(a, b netip.Prefix) bool { return ", "func covers(a, b netip.Prefix) bool { return netip.PrefixFrom(a.Addr(), max(a.Bits()-1, 0)).Contains(b.Addr()) || "},
	{"firewall/cidr.go", "a shorter prefix is taken for covered", "return a.Bits() <= b.Bits() && a.Contains(b.Addr())", "return a.Contains(b.Addr())"},
	{"firewall/cidr.go", "host bits pass", "err == nil && !prefix.Addr().Is4In6() && prefix == prefix.Masked()", "err == nil && !prefix.Addr().Is4In6()"},
	{"firewall/cidr.go", "IPv4 in IPv6 passes", "err == nil && !prefix.Addr().Is4In6() && prefix == prefix.Masked()", "err == nil && prefix == prefix.Masked()"},
	{"firewall/public.go", "a /7 is not public", "publicBits4 = 8", "publicBits4 = 7"},
	{"firewall/public.go", "a /15 is not public", "publicBits6 = 16", "publicBits6 = 15"},
	{"firewall/public.go", "a /16 is public", "publicBits6 = 16", "publicBits6 = 17"},
	{"firewall/public.go", "private IPv6 is public", "block.Bits() < shortest && !covers(uniqueLocal, block)", "block.Bits() < shortest"},
	{"firewall/public.go", "named prefixes are never public", "if prefix, ok := n.prefix.Get(); ok {\n\t\t\tall.AddPrefix(prefix)\n\t\t}\n", "_ = n\n"},

	// The deployment.
	{"deployment/options.go", "the last option is the default", "c.Taken = c.Options[:1:1]", "c.Taken = c.Options[len(c.Options)-1:]"},
	{"deployment/options.go", "one named option excludes the default's siblings", "f.Alternative != \"\" && !slices.Contains(taken[f.Alternative], f.Option)", "f.Alternative != \"\" && !slices.Contains(taken[f.Alternative][:1], f.Option)"},
	{"deployment/options.go", "optional flows are open", "(f.Optional || optional[f.Component]) && !slices.Contains(named, f.Component)", "(f.Optional || optional[f.Component]) && slices.Contains(named, f.Component)"},
	{"deployment/options.go", "the port list closes nothing", "(f.Optional || optional[f.Component]) && !slices", "f.Optional && !slices"},
	{"deployment/options.go", "ports of closed options stay in the list", "if offer.Option == \"\" || options[offer.Option] {", "if true {"},
	{"deployment/component_ports.go", "flows keep their ports", "d.Flows[i].Ports = changed", "d.Flows[i].Ports = d.Flows[i].Ports.Union(changed)"},
	{"deployment/component_ports.go", "the list keeps its ports", "d.Components[i].Offers = []matrix.Offer{{Ports: changed}}", "_ = changed"},
	{"deployment/additional_flows.go", "ends are swapped", "Source:      source,\n\t\tDestination: destination,", "Source:      destination,\n\t\tDestination: source,"},
	{"deployment/additional_flows.go", "the user's purpose is forgotten", "Purpose:     a.purpose(at.Attribute(\"purpose\"), flow.Purpose),", ""},
	{"deployment/additional_flows.go", "a flow from a host to itself goes", "WithinHost:  flow.Source == flow.Destination,", ""},
	{"deployment/placement.go", "a value is looked up as a key", "if to, ok := placement[host]; ok {\n\t\treturn to", "if to, ok := placement[host]; ok {\n\t\tif further, ok := placement[to]; ok {\n\t\t\treturn further\n\t\t}\n\t\treturn to"},
	{"deployment/placement.go", "destinations stay where they were", "matrix.At(to.source), matrix.At(to.destination)", "matrix.At(to.source), matrix.At(b.m.EndpointAt(f.Destination))"},
	{"deployment/placement.go", "the web interface stays behind", "if c.ID == rabbitMQUI {", "if c.ID == \"\" {"},
	{"deployment/placement.go", "a placed component leaves its rows", "isPlaced(b.m, b.choices.Placement, f.Component)", "false"},
	{"deployment/clusters.go", "flows inside a cluster go", "!f.WithinHost && !several[host]", "!f.WithinHost && host != \"\""},
	{"deployment/clusters.go", "flows inside every host stay", "return f.Source == f.Destination && !f.WithinHost && !several[host]", "_ = host\n\t\treturn false"},
	{"deployment/clusters.go", "members' constant ports are forgotten", "ports := membership.Ports\n", "var ports matrix.Ports\n"},
	{"deployment/clusters.go", "members' own ports are forgotten", "ports = ports.Union(c.Ports())", "_ = c"},
	{"deployment/exclude.go", "sources are not excluded", "excluded[b.m.EndpointAt(f.Source)] || ", ""},
	{"deployment/exclude.go", "components are not excluded", "excluded[f.Component] || ", ""},
	{"deployment/exclude.go", "purposes are not excluded", " || excluded[b.m.PurposeOf(f).String()]", ""},
	{"deployment/relays.go", "the direct flow stays beside a relay", "for _, e := range entries {\n\t\t\te.wanted", "d.Flows = append(d.Flows, f)\n\t\tfor _, e := range entries {\n\t\t\te.wanted"},
	{"deployment/relays.go", "the second relay is forgotten", "for _, e := range entries {\n\t\t\te.wanted", "for _, e := range entries[:1] {\n\t\t\te.wanted"},
	{"deployment/relays.go", "a relay opens all that it listens for", "for e := range c.entries {\n\t\t\tports", "for _, e := range w.entries[way.relay] {\n\t\t\tports"},
	{"deployment/relays.go", "a relay's machines do not speak", "\td.Flows = append(d.Flows, b.peers(d.Flows)...)\n", ""},
	{"deployment/listening.go", "a cluster's own flows pass relays", "if source == destination {\n\t\treturn nil\n\t}", ""},
	{"deployment/deployment.go", "relays before exclude", "(*builder).exclude,\n\t\t(*builder).relay,", "(*builder).relay,\n\t\t(*builder).exclude,"},
	{"deployment/cloud_services.go", "a cloud's service is maintained by SSH", "maintained := services[destination] && f.Component == edition.SSH", "maintained := false"},
	{"deployment/cloud_services.go", "the user's own SSH goes", "d.Flows = append(d.Flows, own.placed)", "_ = own"},
	{"deployment/deployment.go", "corrections apply unasked", "inUse, other := published, corrected\n\tif choices.Corrections == Apply {", "inUse, other := published, corrected\n\tif choices.Corrections != None {"},
	{"deployment/deployment.go", "unused endpoints stay", "return !used[e.ID]", "return false"},
	{"deployment/flows.go", "ends are swapped", "Source:                 d.Matrix.EndpointAt(f.Source),\n\t\t\tDestination:            d.Matrix.EndpointAt(f.Destination),", "Source:                 d.Matrix.EndpointAt(f.Destination),\n\t\t\tDestination:            d.Matrix.EndpointAt(f.Source),"},
	{"deployment/flows.go", "purposes are the flow's own alone", "d.Matrix.PurposeOf(f)", "f.Purpose"},

	// Packets.
	{"packet/packet.go", "a subset of one family is one of both", "s.ipv4.isSubset(other.ipv4) && s.ipv6.isSubset(other.ipv6)", "s.ipv4.isSubset(other.ipv4) || s.ipv6.isSubset(other.ipv6)"},
	{"packet/packet.go", "a subset is equal", "s.IsSubset(other) && other.IsSubset(s)", "s.IsSubset(other)"},
	{"packet/ports.go", "no ports are everything", "return p.first >= p.end", "return p.first > p.end"},
	{"packet/ports.go", "a range ends one port early", "block | uint32(last) + 1}", "block | uint32(last)}"},
	{"packet/line.go", "what is open on one line is open on both", "return max(a, b)", "return min(a, b)"},
	{"packet/line.go", "the later rule opens", "return min(a, b)", "if a == none || b == none { return min(a, b) }; return max(a, b)"},
	{"packet/line.go", "neighbours of different ranks merge", "l[last].end == s.first && l[last].rank == s.rank", "l[last].end == s.first"},
	{"packet/line.go", "a gap ends with the first line that opens again", "nearest = min(nearest, until)", "nearest = until"},
	{"packet/line.go", "rules behind the limit count", "if l[i].rank < limit {", "if l[i].rank <= limit {"},
	{"packet/tree.go", "one half opens the whole", "join(n.line, meet(n.left.whole(length+1), n.right.whole(length+1)))", "join(n.line, join(n.left.whole(length+1), n.right.whole(length+1)))"},
	{"packet/tree.go", "a part of a half opens the half", "if n == nil || n.prefix.Bits() != length {", "if n == nil {"},
	{"packet/tree.go", "halves do not open the whole", "n.line = join(n.line, meet(n.left.whole(length+1), n.right.whole(length+1)))", "n.line = join(n.line, nil)"},
	{"packet/tree.go", "what lies below is not seen", "n.any = join(n.line.unranked(), join(n.left.anywhere(), n.right.anywhere()))", "n.any = n.line.unranked()"},
	{"packet/tree.go", "a difference forgets the far half", "if !n.cut(near, touched.Ports, yield) || !yield(far, touched.Ports) {", "if !n.cut(near, touched.Ports, yield) || far == p {"},
	{"packet/tree.go", "an intersection forgets what lies below", "inside.below(ports, func", "_ = inside\n\t(*node)(nil).below(ports, func"},
	{"packet/space.go", "everybody is no group", "s.others = join(s.others, s.tree.line)", "_ = s.tree.line"},
	{"packet/space.go", "half of the addresses are every group", "if s.tree != nil && s.tree.prefix.Bits() == 0 {", "if s.tree != nil && s.tree.prefix.Bits() <= 1 {"},
	{"packet/space.go", "a group has what the last rule for it says", "f.atoms[peer.atom] = append(f.atoms[peer.atom], l)", "f.atoms[peer.atom] = []line{l}"},
	{"packet/space.go", "a group is not looked at", "return inside && len(minus(s.others, other.others)) == 0 &&\n\t\t!s.anyAtomBeyond(s.atoms, other) &&", "return inside && len(minus(s.others, other.others)) == 0 &&"},
	{"packet/attribution.go", "part of a rule is all of it", "d.Whole = d.Whole && !s.Overlaps(peer, ports)", "d.Whole = d.Whole || !s.Overlaps(peer, ports)"},
	{"packet/attribution.go", "what is left out is not said", "r.more = true\n", ""},
	{"packet/ranking.go", "a rule makes itself redundant", "covers(peer, ports, int32(i))", "covers(peer, ports, int32(i)+1)"},
	{"packet/ranking.go", "rules for parts are not named", "inside.rules(gap, found)", "(*node)(nil).rules(gap, found)"},

	// What clouds do with rules.
	{"cloud/cloud.go", "the last priority decides", "cmp.Compare(a.Priority, b.Priority)", "cmp.Compare(b.Priority, a.Priority)"},
	{"cloud/cloud.go", "what allows comes before what denies", "if r.Deny {\n\t\treturn 0", "if !r.Deny {\n\t\treturn 0"},
	{"cloud/cloud.go", "what is denied is not remembered", "open := packet.New(these...).Subtract(closed)", "open := packet.New(these...).Subtract(packet.Set{})"},
	{"cloud/cloud.go", "a name that is denied is no doubt", "doubt = doubt.Union(packet.New(unclear(these)...))", "doubt = doubt.Union(packet.New())"},
	{"cloud/cloud.go", "a group that is known to be empty is a name", "if known {\n\t\treturn peers", "if known && len(peers) > 0 {\n\t\treturn peers"},
	{"cloud/cloud.go", "any code is one code", "uint16(icmpType<<8|255))", "uint16(icmpType<<8))"},
	{"cloud/row.go", "what nobody reads is ignored", "if !isAbsent(value) && !slices.Contains(r.read, name) {", "if !isAbsent(value) && !slices.Contains(r.read, name) && false {"},
	{"cloud/row.go", "what is unknown is absent", "*r.unknown = true\n\t\treturn nil", "return nil"},
	{"cloud/nftables.go", "what a jump leaves does not come back", "left = left.Union(back)", "_ = back"},
	{"cloud/nftables.go", "every port is published", `p.Dnat && slices.Contains(m.values, "dnat")`, `slices.Contains(m.values, "dnat")`},
	{"cloud/nftables_text.go", "the policy is to accept", `words[1] == "accept"`, `words[1] != ""`},
	{"cloud/aws.go", "SCTP has ports", "case protocol == tcp || protocol == udp:", "case protocol == tcp || protocol == udp || protocol == sctp:"},
	{"cloud/aws.go", "several peers are one", "if count != 1 {", "if count == 0 {"},
	{"cloud/openstack.go", "no remote is nobody", "case count == 0 && in.ipv4 != in.ipv6:", "case false:"},
	{"cloud/openstack.go", "no protocol is none", `protocol, ok := everyProtocol, true
	if`, `protocol, ok := 0, true
	if`},
	{"cloud/kubernetes.go", "no peers are nobody", "rule.Packets.Peers = []packet.Peer{Anyone(false), Anyone(true)}", "rule.Packets.Peers = nil"},
	{"cloud/kubernetes.go", "more labels are needed than the selector has", "if label != \"\" && !slices.Contains(all, label) {", "if label != \"\" && len(all) != 1 {"},
	{"cloud/cloud.go", "pods that nobody selects are closed", "if c.openUnselected && !attached {", "if c.openUnselected && attached {"},
	{"cloud/azure.go", "what denies allows", "rule.Deny = true", "rule.Deny = false"},
	{"cloud/cloud.go", "the virtual network stays out", "if direction == Ingress && c.openNetwork {", "if direction == Egress && c.openNetwork {"},
	{"cloud/gcp.go", "no source is nobody", "if !given {", "if given && len(peers) < 0 {"},
	{"cloud/gcp.go", "what is disabled passes", "if disabled, _ := r.flag(\"disabled\"); disabled {", "if disabled, _ := r.flag(\"disabled\"); disabled && false {"},
	{"cloud/gcp.go", "tags narrow ranges", "given = true\n\t\t}", "given, peers = true, peers[len(peers)-1:]\n\t\t}"},

	// Audits.
	{"audit/judge.go", "a host of which nothing is seen is right", "case !h.mentioned && !h.given && !j.unread:", "case false:"},
	{"audit/judge.go", "what is covered is equal", "return Wanted{Status: Covered}", "return Wanted{Status: Present}"},
	{"audit/judge.go", "what an unknown rule may open is missing", "case j.unread:\n\t\treturn Wanted{Status: Unknown}", "case false:\n\t\treturn Wanted{Status: Unknown}"},
	{"audit/judge.go", "lists are never asked for", "case lists != nil:\n\t\tverdict.Status", "case lists != nil && d.Whole && false:\n\t\tverdict.Status"},
	{"audit/judge.go", "what is denied is excess", "settled = settled.Union(h.closed(priority))", "_ = priority"},
	{"audit/redundant.go", "the narrowest stays", "cmp.Compare(b.width, a.width)", "cmp.Compare(a.width, b.width)"},
	{"audit/redundant.go", "matched rules are redundant", "c.matched && kept[content]", "c.matched"},
	{"audit/judge.go", "an open default is right", "if len(d) == 0 {\n\t\t\tcontinue", "if len(d) >= 0 {\n\t\t\tcontinue"},
	{"audit/judge.go", "an id is adopted twice", "!ok || taken[i] {", "!ok || taken[i] && false {"},
	{"audit/judge.go", "names may differ where they identify", `!j.in.Cloud.NamesRules() ||`, `true ||`},
	{"audit/host.go", "settings name no groups", "h.groups = append(h.groups, in.Cloud.GroupName(group))", "_ = group"},
	{"audit/read.go", "groups have no IPv6", "MentionedFamilies && read.mentionsIPv6() {", "MentionedFamilies && read.mentionsIPv6() && false {"},
	{"audit/conclude.go", "what is unknown is right", "case r.Counts[Unknown] > 0:", "case false:"},
	{"audit/conclude.go", "what is undecided is right", "+ r.Counts[Undecided] + len(r.Undecided)", ""},
	{"audit/conclude.go", "any of several is a pair", "if len(rules) != 1 || len(others) != 1 {", "if len(rules) < 1 || len(others) < 1 {"},
}
