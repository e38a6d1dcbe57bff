package cloud

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Azure is what its documentation says of network security groups: a rule allows or
// denies a protocol on ports between a source and a destination, each of them
// prefixes, service tags, application security groups or everybody; it is for one
// direction, and of the rules of a direction that of the smallest priority decides;
// behind them, rules of Azure's own let the virtual network in and everything out.
// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
//
// Rows have the attributes of azurerm_network_security_rule. Groups are application
// security groups, or RESOURCE GROUP/NAME of a network security group. A tag other
// than Internet is an atom, and so is VirtualNetwork: what is in it is not known.
func Azure() Cloud {
	return Cloud{Name: "azure", read: readAzure, openEgress: true, openNetwork: true, foldsCase: true, namedRules: true, printed: printedAzure,
		prints:    "az network nsg rule list -o json, az network nsg show -o json",
		notes:     []string{"etag", "description", "provisioningState"},
		terraform: terraformAzure, resources: map[string]Direction{"azurerm_network_security_rule": ""}}
}

// azureProtocols are the names of Azure's API, in any case.
var azureProtocols = map[string]uint8{"tcp": tcp, "udp": udp, "icmp": icmp, "ah": 51, "esp": 50}

func readAzure(r *row, direction Direction, w World) Rule {
	r.ignore("description", "timeouts", "etag", "type", "provisioningState")
	rule := Rule{ID: r.text("name"), Import: r.text("id")}
	switch found := r.text("direction"); strings.ToLower(found) {
	case "inbound":
		rule.Direction = r.direction(string(Ingress), direction)
	case "outbound":
		rule.Direction = r.direction(string(Egress), direction)
	default:
		r.wrong("direction", fmt.Sprintf("it is %q", found), "Inbound, Outbound")
	}
	group := strings.ToLower(r.text("resource_group_name") + "/" + r.text("network_security_group_name"))
	if strings.HasPrefix(group, "/") || strings.HasSuffix(group, "/") {
		r.wrong("network_security_group_name", "the rule does not say whose it is", "resource_group_name and network_security_group_name")
	}
	priority, ok := r.number("priority")
	if rule.Priority = int(priority); !ok || priority < 100 || priority > 4096 {
		r.wrong("priority", fmt.Sprintf("it is %d", priority), "100 to 4096")
	}
	switch access := r.text("access"); strings.ToLower(access) {
	case "allow":
	case "deny":
		rule.Deny = true
	default:
		r.wrong("access", fmt.Sprintf("it is %q", access), "Allow, Deny")
	}
	own, other := "destination", "source"
	if rule.Direction == Egress {
		own, other = other, own
	}
	protocol, ok := r.protocol("protocol", strings.ToLower(r.text("protocol")), azureProtocols, "*")
	if ok {
		rule.Packets.Ports = r.azurePorts(protocol)
	}
	rule.Packets.Peers = r.azureSide(other, rule.Deny, w)
	if protocol == icmp {
		rule.Packets.Peers = possible(rule.Packets.Peers, icmp)
	}
	if rule.Groups = r.azureApplications(own); len(rule.Groups) > 0 {
		rule.Within = group
		r.ignore(own+"_address_prefix", own+"_address_prefixes")
	} else {
		r.azureWhole(own)
		rule.Groups = []string{group}
	}
	return rule
}

// azureApplications reads the application security groups of a side, whose ids Azure
// prints in more than one case.
func (r *row) azureApplications(side string) []string {
	ids := slices.Clone(r.texts(side + "_application_security_group_ids"))
	for i, id := range ids {
		ids[i] = strings.ToLower(id)
	}
	return ids
}

// azureWhole refuses addresses of the machines that the rule is attached to.
func (r *row) azureWhole(side string) {
	prefix, prefixes := r.text(side+"_address_prefix"), r.texts(side+"_address_prefixes")
	all := (prefix == "*" || strings.EqualFold(prefix, "VirtualNetwork")) && len(prefixes) == 0 || prefix == "" && slices.Equal(prefixes, []string{"*"})
	if !all {
		r.wrong(side+"_address_prefix", "it narrows the rule to some addresses of the machines, which is not known here", "*, VirtualNetwork")
	}
}

// azureSide reads the other side. Internet is what lies outside the virtual network:
// of a rule that allows that is everybody, to err on the side of what is open, and
// of one that denies a name, whose addresses are not known.
func (r *row) azureSide(side string, deny bool, w World) []packet.Peer {
	texts := r.texts(side + "_address_prefixes")
	if text := r.text(side + "_address_prefix"); text != "" {
		texts = append(texts, text)
	}
	names := r.azureApplications(side)
	if len(names) > 0 && len(texts) > 0 {
		r.wrong(side+"_application_security_group_ids", "groups stand beside prefixes", "one of the two")
	}
	if len(names)+len(texts) == 0 && !*r.unknown {
		r.wrong(side+"_address_prefix", "the rule names nobody on this side", "* for everybody")
	}
	var peers []packet.Peer
	for _, name := range names {
		peers = append(peers, w.named(name, both)...)
	}
	for _, text := range texts {
		_, addressErr := netip.ParseAddr(text)
		switch {
		case text == "*", !deny && strings.EqualFold(text, "Internet"):
			peers = append(peers, Anyone(false), Anyone(true))
		case addressErr == nil: // Azure takes an address as the prefix of it alone
			address, _ := netip.ParseAddr(text)
			peers = append(peers, r.prefixes(side+"_address_prefix", []string{text + "/" + strconv.Itoa(address.BitLen())}, both)...)
		case strings.ContainsAny(text, "/:"):
			peers = append(peers, r.prefixes(side+"_address_prefix", []string{text}, both)...)
		default:
			peers = append(peers, w.named(text, both)...)
		}
	}
	return peers
}

// azurePorts reads what the rule is for of its protocol.
func (r *row) azurePorts(protocol int) []packet.Ports {
	sources := append(r.texts("source_port_ranges"), r.text("source_port_range"))
	if slices.ContainsFunc(sources, func(text string) bool { return text != "*" && text != "" }) {
		r.wrong("source_port_range", "it narrows the rule to some ports of the sender, which is not known here", "*")
	}
	if !*r.unknown && !slices.Contains(sources, "*") {
		r.wrong("source_port_range", "there is none", "* for all of them")
	}
	texts := r.texts("destination_port_ranges")
	if text := r.text("destination_port_range"); text != "" {
		texts = append(texts, text)
	}
	if len(texts) == 0 && !*r.unknown {
		r.wrong("destination_port_range", "there is none", "* for all of them")
	}
	var ports []packet.Ports
	for _, text := range texts {
		hasPorts := protocol == tcp || protocol == udp
		switch {
		case text == "*" && protocol == everyProtocol:
			ports = append(ports, packet.Everything())
		case text == "*":
			ports = append(ports, packet.Protocol(uint8(protocol)))
		case protocol == everyProtocol:
			for _, one := range []uint8{tcp, udp} {
				ports = append(ports, r.azureRange(one, text)...)
			}
		case !hasPorts:
			r.wrong("destination_port_range", "ports stand beside a protocol that has none", "*")
		default:
			ports = append(ports, r.azureRange(uint8(protocol), text)...)
		}
	}
	return ports
}

func (r *row) azureRange(protocol uint8, text string) []packet.Ports {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	first, err1 := strconv.ParseUint(from, 10, 16)
	last, err2 := strconv.ParseUint(to, 10, 16)
	if err1 != nil || err2 != nil || first > last {
		r.wrong("destination_port_range", fmt.Sprintf("%q is not a port or a range of ports", text), "PORT or FIRST-LAST, 0 to 65535")
		return nil
	}
	return []packet.Ports{portRange(protocol, int64(first), int64(last))}
}

// network is what Azure's own rule lets in: the virtual network, what is peered with
// it and what a gateway leads to. Its addresses are private ones, and every group.
func network() packet.Rule {
	peers := []packet.Peer{packet.Groups(false), packet.Groups(true)}
	for _, text := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"} {
		if peer, err := packet.Prefix(netip.MustParsePrefix(text)); err == nil {
			peers = append(peers, peer)
		}
	}
	return packet.Rule{Peers: peers, Ports: []packet.Ports{packet.Everything()}}
}

// azureNames are the names of Azure's API.
var azureNames = map[string]string{
	"sourcePortRange": "source_port_range", "sourcePortRanges": "source_port_ranges", "destinationPortRange": "destination_port_range", "destinationPortRanges": "destination_port_ranges",
	"sourceAddressPrefix": "source_address_prefix", "sourceAddressPrefixes": "source_address_prefixes",
	"destinationAddressPrefix": "destination_address_prefix", "destinationAddressPrefixes": "destination_address_prefixes",
	"resourceGroup": "resource_group_name",
}

// printedAzure reads a list of rules, or a group with its own.
func printedAzure(value any) (Seen, bool) {
	if page, ok := value.(map[string]any); ok {
		value = page["securityRules"]
	}
	rules, ok := objects(value)
	var seen Seen
	for _, rule := range rules {
		row := renamed(rule, azureNames)
		// /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/networkSecurityGroups/N/securityRules/R
		id, _ := rule["id"].(string)
		parts := strings.Split(id, "/")
		if len(parts) == 11 && strings.EqualFold(parts[7], "networkSecurityGroups") {
			row["resource_group_name"], row["network_security_group_name"] = parts[4], parts[8]
		}
		for _, side := range []string{"source", "destination"} {
			groups, isList := objects(rule[side+"ApplicationSecurityGroups"])
			delete(row, side+"ApplicationSecurityGroups")
			var ids []any
			for _, group := range groups {
				ids = append(ids, group["id"])
			}
			if isList && len(ids) > 0 {
				row[side+"_application_security_group_ids"] = ids
			}
		}
		seen.Rules = append(seen.Rules, Printed{Row: row})
	}
	return seen, ok
}

// terraformAzure reads a rule.
func terraformAzure(object map[string]any) (Seen, bool) {
	if !has(object, "network_security_group_name", "priority", "access") {
		return Seen{}, false
	}
	return Seen{Rules: []Printed{{Row: object}}}, true
}
