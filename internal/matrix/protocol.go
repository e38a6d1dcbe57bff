// Package matrix defines the values that a network flow matrix is made of: who
// may talk to whom, on which ports.
//
// A Matrix is immutable and canonical: two matrices that say the same have the
// same contents in the same order. It is changed by taking a Draft of it,
// changing the draft and asking the draft for a new Matrix.
package matrix

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Protocol is an IP protocol, by its IANA number. The zero value is invalid, so
// that a forgotten protocol never reads as "any".
type Protocol uint8

// The protocols that the code names. Every other one is a number with a name in
// IANA's registry, or with none.
const (
	ICMP   Protocol = 1
	TCP    Protocol = 6
	UDP    Protocol = 17
	ICMPv6 Protocol = 58
	VRRP   Protocol = 112
	SCTP   Protocol = 132
)

// reserved is the protocol number that IANA keeps back.
const reserved Protocol = 255

// numbered begins the spelling of a protocol without a name: ip/253.
const numbered = "ip/"

// protocolNames has the keywords of IANA's registry of protocol numbers, in
// lower case, where they are words of letters, digits and hyphens. Two have the
// name that firewalls know them by: ospf (OSPFIGP) and icmpv6 (IPv6-ICMP). Number
// 0, HOPOPT, is left out: every cloud reads it as "all".
var protocolNames = [...]string{
	1: "icmp", 2: "igmp", 3: "ggp", 4: "ipv4", 5: "st", 6: "tcp", 7: "cbt", 8: "egp", 9: "igp",
	10: "bbn-rcc-mon", 11: "nvp-ii", 12: "pup", 13: "argus", 14: "emcon", 15: "xnet", 16: "chaos", 17: "udp", 18: "mux", 19: "dcn-meas",
	20: "hmp", 21: "prm", 22: "xns-idp", 23: "trunk-1", 24: "trunk-2", 25: "leaf-1", 26: "leaf-2", 27: "rdp", 28: "irtp", 29: "iso-tp4",
	30: "netblt", 31: "mfe-nsp", 32: "merit-inp", 33: "dccp", 34: "3pc", 35: "idpr", 36: "xtp", 37: "ddp", 38: "idpr-cmtp",
	40: "il", 41: "ipv6", 42: "sdrp", 43: "ipv6-route", 44: "ipv6-frag", 45: "idrp", 46: "rsvp", 47: "gre", 48: "dsr", 49: "bna",
	50: "esp", 51: "ah", 52: "i-nlsp", 53: "swipe", 54: "narp", 55: "mobile", 56: "tlsp", 57: "skip", 58: "icmpv6", 59: "ipv6-nonxt",
	60: "ipv6-opts", 62: "cftp", 64: "sat-expak", 65: "kryptolan", 66: "rvd", 67: "ippc", 69: "sat-mon",
	70: "visa", 71: "ipcv", 72: "cpnx", 73: "cphb", 74: "wsn", 75: "pvp", 76: "br-sat-mon", 77: "sun-nd", 78: "wb-mon", 79: "wb-expak",
	80: "iso-ip", 81: "vmtp", 82: "secure-vmtp", 83: "vines", 85: "nsfnet-igp", 86: "dgp", 87: "tcf", 88: "eigrp", 89: "ospf",
	90: "sprite-rpc", 91: "larp", 92: "mtp", 94: "ipip", 95: "micp", 96: "scc-sp", 97: "etherip", 98: "encap",
	100: "gmtp", 101: "ifmp", 102: "pnni", 103: "pim", 104: "aris", 105: "scps", 106: "qnx", 108: "ipcomp", 109: "snp",
	110: "compaq-peer", 111: "ipx-in-ip", 112: "vrrp", 113: "pgm", 115: "l2tp", 116: "ddx", 117: "iatp", 118: "stp", 119: "srp",
	120: "uti", 121: "smp", 122: "sm", 123: "ptp", 124: "isis", 125: "fire", 126: "crtp", 127: "crudp", 128: "sscopmce", 129: "iplt",
	130: "sps", 131: "pipe", 132: "sctp", 133: "fc", 134: "rsvp-e2e-ignore", 135: "mobility-header", 136: "udplite", 137: "mpls-in-ip", 138: "manet", 139: "hip",
	140: "shim6", 141: "wesp", 142: "rohc", 143: "ethernet", 144: "aggfrag", 145: "nsh", 146: "homa", 147: "bit-emu",
}

// ProtocolForm says in words what ParseProtocol reads, for errors and
// documentation.
const ProtocolForm = "tcp, udp, sctp, icmp, icmpv6, the registered name of another protocol such as vrrp or esp, or ip/NUMBER for one without a name"

// ProtocolNames returns the names of all protocols that have one, in ascending
// order of their numbers.
func ProtocolNames() []string {
	return slices.DeleteFunc(slices.Clone(protocolNames[:]), func(name string) bool { return name == "" })
}

// ParseProtocol reads a protocol's registered name, in any case, or ip/NUMBER
// (1 to 254, inclusive) where it has none, so that each has one spelling. What
// would mean every protocol (all, -1, ip/0, hopopt) is an error.
func ParseProtocol(text string) (Protocol, error) {
	name := strings.ToLower(text)
	if name != "" {
		if i := slices.Index(protocolNames[:], name); i > 0 {
			return Protocol(i), nil
		}
	}
	if number, ok := strings.CutPrefix(name, numbered); ok {
		return parseProtocolNumber(text, number)
	}
	if slices.Contains(everyProtocol, name) {
		return 0, fmt.Errorf("%q would be every protocol, and a matrix names each", text)
	}
	if other, ok := otherNames[name]; ok {
		return 0, fmt.Errorf("%q is not the name of a protocol here: write %s", text, other)
	}
	return 0, fmt.Errorf("%q is not a protocol", text)
}

// NearestProtocol returns the protocol that was probably meant, one of the usual
// ones first: the registry has names that nobody types, such as 3pc. It is empty
// where none is near, and where every protocol was meant: the letters of "all" are
// near those of "ah", which is nothing that was meant.
func NearestProtocol(text string) string {
	name := strings.ToLower(text)
	if other, ok := otherNames[name]; ok {
		return other
	}
	if slices.Contains(everyProtocol, name) {
		return ""
	}
	if number, ok := strings.CutPrefix(name, numbered); ok {
		n, err := strconv.ParseUint(number, 10, 8)
		if err != nil || n == 0 {
			return ""
		}
		return Protocol(n).name()
	}
	if usual := refusal.Nearest(text, []string{"tcp", "udp", "sctp", "icmp", "icmpv6", "vrrp", "esp"}); usual != "" {
		return usual
	}
	return refusal.Nearest(text, ProtocolNames())
}

// everyProtocol are words that would mean every protocol, in lower case.
var everyProtocol = []string{"all", "any", "-1", "0", "ip", "hopopt", "*"}

// otherNames are names that clouds have for protocols, with those used here.
var otherNames = map[string]string{"ipv6-icmp": "icmpv6", "icmp6": "icmpv6", "icmpv4": "icmp", "ospfigp": "ospf"}

// parseProtocolNumber reads what stands behind ip/.
func parseProtocolNumber(text, number string) (Protocol, error) {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || strconv.Itoa(n) != number || n < 0 || n > int(reserved):
		return 0, fmt.Errorf("%q is not a protocol: numbers run from 1 to 254, as in ip/253", text)
	case n == 0:
		return 0, fmt.Errorf("%q would be every protocol, and a matrix names each", text)
	case Protocol(n) == reserved:
		return 0, fmt.Errorf("%q is reserved: numbers run from 1 to 254, as in ip/253", text)
	case Protocol(n).name() != "":
		return 0, fmt.Errorf("%q has a name: write %s", text, Protocol(n).alone())
	}
	return Protocol(n), nil
}

// Valid reports whether p is a protocol: any number from 1 to 254, inclusive.
func (p Protocol) Valid() bool { return p != 0 && p != reserved }

// HasPorts reports whether the protocol's packets have ports.
func (p Protocol) HasPorts() bool { return p == TCP || p == UDP || p == SCTP }

// IsICMP reports whether the protocol's packets have a type and a code in place
// of ports.
func (p Protocol) IsICMP() bool { return p == ICMP || p == ICMPv6 }

// Key returns the protocol as rule keys spell it: "tcp", "vrrp", "ip-253".
func (p Protocol) Key() string { return strings.ReplaceAll(p.String(), "/", "-") }

// alone spells the protocol in a port spec that names no port of yours.
func (p Protocol) alone() string {
	if p.HasPorts() {
		return p.String() + "/PORT"
	}
	return p.String()
}

func (p Protocol) name() string {
	if int(p) < len(protocolNames) {
		return protocolNames[p]
	}
	return ""
}

// String returns the protocol's name in lower case, ip/NUMBER where it has none,
// and "invalid" for what is not a protocol.
func (p Protocol) String() string {
	switch name := p.name(); {
	case !p.Valid():
		return "invalid"
	case name != "":
		return name
	}
	return numbered + strconv.Itoa(int(p))
}
