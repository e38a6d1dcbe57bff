package cloud

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// GCP returns what Google's documentation says of VPC firewall rules: a rule allows or
// denies protocols and ports; it is attached to the instances that have one of
// its target tags, or one of its target service accounts, and without either to
// every instance; an ingress rule is for what any of its source ranges, tags or
// accounts names, an egress rule for its destination ranges, and without any of
// these for 0.0.0.0/0. The rule of the smallest priority decides, of equal ones
// one that denies; what no rule decides may leave, and may not enter. Rules that
// are disabled do nothing.
// https://cloud.google.com/firewall/docs/firewalls
//
// Rows have the attributes of google_compute_firewall, or, of its allow block,
// protocol and ports as attributes of their own.
func GCP() Cloud {
	return Cloud{Name: "gcp", read: readGCP, openEgress: true, namedRules: true, printed: printedGCP,
		prints:    "gcloud compute firewall-rules list --format=json",
		notes:     []string{"id", "kind", "description", "creationTimestamp", "selfLink", "logConfig", "enableLogging"},
		repeated:  []string{"allowed", "denied", "sourceTags", "targetTags", "sourceServiceAccounts", "targetServiceAccounts"},
		terraform: terraformGCP, resources: map[string]Direction{"google_compute_firewall": ""}}
}

// gcpProtocols are the names of Google's API, which are IANA's.
var gcpProtocols = map[string]uint8{"tcp": tcp, "udp": udp, "icmp": icmp, "esp": 50, "ah": 51, "ipip": 94, "sctp": sctp}

// gcpPriority is that of rules that do not say theirs.
const gcpPriority = 1000

func readGCP(r *row, direction Direction, w World) Rule {
	r.ignore("description", "project", "network", "self_link", "id", "creation_timestamp", "enable_logging", "log_config",
		"timeouts", "params", "deletion_policy")
	found := strings.ToLower(r.text("direction"))
	if found == "" && direction == "" {
		direction = Ingress // Google's default
	}
	rule := Rule{ID: r.text("name"), Direction: r.direction(found, direction), Priority: gcpPriority}
	rule.Import = rule.ID
	if priority, ok := r.number("priority"); ok {
		if rule.Priority = int(priority); priority < 0 || priority > 65535 {
			r.wrong("priority", fmt.Sprintf("it is %d", priority), "0 to 65535")
		}
	}
	tags, accounts := r.texts("target_tags"), r.texts("target_service_accounts")
	if len(tags) > 0 && len(accounts) > 0 {
		r.wrong("target_tags", "tags and service accounts stand side by side", "one of the two")
	}
	rule.Groups = append(tags, accounts...)
	rule.Everywhere = len(rule.Groups) == 0
	rule.Packets.Peers = r.gcpPeers(rule.Direction, w)
	var protocols []int
	rule.Packets.Ports, protocols, rule.Deny = r.gcpPorts()
	if len(protocols) == 1 {
		rule.Packets.Peers = possible(rule.Packets.Peers, protocols[0])
	}
	if disabled, _ := r.flag("disabled"); disabled {
		rule.Packets = packet.Rule{}
	}
	return rule
}

// gcpPeers reads the other side.
func (r *row) gcpPeers(direction Direction, w World) []packet.Peer {
	ranges, otherRanges := "source_ranges", "destination_ranges"
	if direction == Egress {
		ranges, otherRanges = otherRanges, ranges
	}
	peers := r.prefixes(ranges, r.texts(ranges), both)
	given := r.has(ranges)
	for _, name := range []string{"source_tags", "source_service_accounts"} {
		if direction == Egress && r.has(name) {
			r.wrong(name, "it stands in a rule of egress", "destination_ranges")
		}
		for _, text := range r.texts(name) {
			peers = append(peers, w.group(text)...)
			given = true
		}
	}
	if r.has(otherRanges) {
		r.wrong(otherRanges, "it narrows a rule of "+string(direction)+" to some addresses of the machines, which is not known here", "none")
	}
	r.ignore(otherRanges)
	if !given {
		peers = append(peers, Anyone(false))
	}
	return peers
}

// gcpPorts reads what the rule allows or denies.
func (r *row) gcpPorts() (ports []packet.Ports, protocols []int, deny bool) {
	allowed, denied := r.rows("allow"), r.rows("deny")
	if r.has("protocol") || r.has("ports") {
		allowed = append(allowed, r)
	}
	switch {
	case len(allowed) > 0 && len(denied) > 0:
		r.wrong("deny", "the rule allows and denies", "either of the two")
	case len(allowed)+len(denied) == 0:
		r.wrong("allow", "the rule neither allows nor denies anything", "")
	}
	r.ignore("protocol", "ports")
	for _, block := range append(allowed, denied...) {
		protocol, of := block.gcpBlock()
		ports, protocols = append(ports, of...), append(protocols, protocol)
		if block != r {
			block.leftovers()
		}
	}
	return ports, protocols, len(denied) > 0
}

// gcpBlock reads a protocol with its ports; without ports, it is for all of them.
func (r *row) gcpBlock() (protocol int, ports []packet.Ports) {
	text := r.text("protocol")
	texts := r.texts("ports")
	if text == "" {
		r.wrong("protocol", "there is none", "all, for all of them")
		return 0, nil
	}
	protocol, ok := r.protocol("protocol", strings.ToLower(text), gcpProtocols, "all")
	switch hasPorts := protocol == tcp || protocol == udp || protocol == sctp; {
	case !ok:
		return 0, nil
	case len(texts) > 0 && !hasPorts:
		r.wrong("ports", fmt.Sprintf("ports stand beside %s", text), "none")
		return protocol, nil
	case protocol == everyProtocol:
		return protocol, []packet.Ports{packet.Everything()}
	case len(texts) == 0:
		return protocol, []packet.Ports{packet.Protocol(uint8(protocol))}
	}
	for _, text := range texts {
		from, to, isRange := strings.Cut(text, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.ParseUint(from, 10, 16)
		last, err2 := strconv.ParseUint(to, 10, 16)
		if err1 != nil || err2 != nil || first > last {
			r.wrong("ports", fmt.Sprintf("%q is not a port or a range of ports", text), "PORT or FIRST-LAST, 0 to 65535")
			continue
		}
		ports = append(ports, portRange(uint8(protocol), int64(first), int64(last)))
	}
	return protocol, ports
}
