package matrix

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// MaxPort is the highest port, inclusive. The lowest is 1: several clouds read
// port 0 as "every port".
const MaxPort = 65535

// None stands for a bound that a range does not have: the ports of a protocol
// without ports, ICMP's code where any will do.
const None = -1

// maxICMP is the highest type, and the highest code, of ICMP; the lowest is 0.
const maxICMP = 255

// PortRange is a protocol with a range of its ports, both bounds inclusive, from
// 1 to 65535. For ICMP it is one type with one or any code, or every type; for
// any other protocol without ports it is all of it. It is comparable. The zero
// value is invalid and admits no packet.
type PortRange struct {
	protocol Protocol
	// A place on the protocol's line of 16 bits, inclusive: a port, or ICMP's
	// type in the upper eight bits and its code in the lower. A protocol without
	// either has the whole line. So ranges of every protocol overlap, and merge,
	// alike; those of ICMP are blocks, of which one may hold the other and no two
	// overlap in part.
	first, last uint16 // first <= last
}

// PortForm says in words what ParsePortRange reads, for errors and documentation.
const PortForm = "tcp/PORT or tcp/FIRST-LAST (1 to 65535), and so with udp and sctp; icmp, icmp/TYPE or icmp/TYPE-CODE, and so with icmpv6; another protocol's registered name, as in vrrp, or ip/NUMBER"

// NewPortRange returns the range from one port to another, both inclusive, of a
// protocol that has ports. For ICMP, from is the type and to the code: None, None
// is every type, and to alone may be None for any code. For every other protocol
// both are None. It refuses an invalid protocol, bounds that are out of range and
// a range that ends before it starts.
func NewPortRange(protocol Protocol, from, to int) (PortRange, error) {
	switch {
	case !protocol.Valid():
		return PortRange{}, fmt.Errorf("%d is not a protocol", protocol)
	case protocol.IsICMP():
		return newICMP(protocol, from, to)
	case !protocol.HasPorts() && (from != None || to != None):
		return PortRange{}, fmt.Errorf("%s has no ports", protocol)
	case !protocol.HasPorts():
		return PortRange{protocol, 0, math.MaxUint16}, nil
	case from < 1 || from > MaxPort:
		return PortRange{}, fmt.Errorf("%d is not a port: ports run from 1 to %d", from, MaxPort)
	case to < 1 || to > MaxPort:
		return PortRange{}, fmt.Errorf("%d is not a port: ports run from 1 to %d", to, MaxPort)
	case to < from:
		return PortRange{}, fmt.Errorf("range %d-%d ends before it starts: write %d-%d", from, to, to, from)
	}
	return PortRange{protocol, uint16(from), uint16(to)}, nil
}

func newICMP(protocol Protocol, icmpType, code int) (PortRange, error) {
	switch {
	case icmpType == None && code == None:
		return PortRange{protocol, 0, math.MaxUint16}, nil
	case icmpType < 0 || icmpType > maxICMP:
		return PortRange{}, fmt.Errorf("%d is not a type of %s: types run from 0 to %d", icmpType, protocol, maxICMP)
	case code != None && (code < 0 || code > maxICMP):
		return PortRange{}, fmt.Errorf("%d is not a code of %s: codes run from 0 to %d", code, protocol, maxICMP)
	case code == None:
		return PortRange{protocol, uint16(icmpType << 8), uint16(icmpType<<8 | maxICMP)}, nil
	}
	return PortRange{protocol, uint16(icmpType<<8 | code), uint16(icmpType<<8 | code)}, nil
}

// ParsePortRange reads a port spec: "tcp/443", "udp/162", "tcp/8000-8010"
// (inclusive); "icmp", "icmp/8" (a type), "icmp/3-4" (a type and its code); and
// any other protocol alone, by its name or as "ip/253". What String returns reads
// back as the same range.
func ParsePortRange(spec string) (PortRange, error) {
	name, bounds, has := strings.Cut(spec, "/")
	if strings.EqualFold(name, "ip") && has {
		name, bounds, has = spec, "", false
		if end := strings.IndexByte(spec[len(numbered):], '/'); end >= 0 {
			name, bounds, has = spec[:len(numbered)+end], spec[len(numbered)+end+1:], true
		}
	}
	protocol, err := ParseProtocol(name)
	switch {
	case err != nil && !has && strings.Trim(name, "0123456789-") == "":
		return PortRange{}, fmt.Errorf("%q names no protocol", spec)
	case err != nil:
		return PortRange{}, err
	case !has && protocol.HasPorts():
		return PortRange{}, fmt.Errorf("%q has no port: write %s/PORT or %[2]s/FIRST-LAST, as in %[2]s/443 or %[2]s/8000-8010", spec, protocol)
	case !has:
		return NewPortRange(protocol, None, None)
	case !protocol.HasPorts() && !protocol.IsICMP():
		return PortRange{}, fmt.Errorf("%q names a port, and %s has none: write %s", spec, protocol, protocol)
	}
	parse := parsePort
	if protocol.IsICMP() {
		parse = parseICMP
	}
	first, second, both := strings.Cut(bounds, "-")
	from, err := parse(first)
	if err != nil {
		return PortRange{}, err
	}
	to := from
	if protocol.IsICMP() {
		to = None
	}
	if both {
		if to, err = parse(second); err != nil {
			return PortRange{}, err
		}
	}
	return NewPortRange(protocol, from, to)
}

// parsePort accepts plain decimal digits alone, so that one port has one
// spelling: no sign, no leading zero, no space.
func parsePort(text string) (int, error) {
	port, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(port) != text {
		return 0, fmt.Errorf("%q is not a port: ports are whole numbers from 1 to %d", text, MaxPort)
	}
	return port, nil
}

// parseICMP reads a type or a code as parsePort reads a port.
func parseICMP(text string) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(number) != text || number < 0 {
		return 0, fmt.Errorf("%q is not a type or a code of ICMP: write TYPE or TYPE-CODE, whole numbers from 0 to %d, as in icmp/8 or icmp/3-4", text, maxICMP)
	}
	return number, nil
}

// MustPortRange is ParsePortRange for specs that are written in the source. It
// panics on a bad one and is not for input.
func MustPortRange(spec string) PortRange {
	r, err := ParsePortRange(spec)
	if err != nil {
		panic(err)
	}
	return r
}

// Protocol returns the range's protocol.
func (r PortRange) Protocol() Protocol { return r.protocol }

// From returns the lowest port, inclusive; ICMP's type; None where the protocol
// has no ports or every type is meant. It is what a rule's from_port says.
func (r PortRange) From() int {
	switch {
	case r.protocol.HasPorts():
		return int(r.first)
	case r.protocol.IsICMP() && !r.isWhole():
		return int(r.first >> 8)
	}
	return None
}

// To returns the highest port, inclusive; ICMP's code; None where the protocol has
// no ports or any code is meant. It is what a rule's to_port says.
func (r PortRange) To() int {
	switch {
	case r.protocol.HasPorts():
		return int(r.last)
	case r.protocol.IsICMP() && r.first == r.last:
		return int(r.last & maxICMP)
	}
	return None
}

// Line returns the range's place on its protocol's line of 16 bits, both bounds
// inclusive: its ports; ICMP's type << 8 | code; the whole line, 0 to 65535, where
// a protocol has neither. The zero value has no place: ok is false.
func (r PortRange) Line() (first, last uint16, ok bool) { return r.first, r.last, r.IsValid() }

func (r PortRange) isWhole() bool { return r.first == 0 && r.last == math.MaxUint16 }

// IsValid reports whether r is not the zero value.
func (r PortRange) IsValid() bool { return r.protocol.Valid() }

// Contains reports whether the range admits this port of this protocol, or this
// place on its line (Line).
func (r PortRange) Contains(protocol Protocol, port int) bool {
	return r.IsValid() && r.protocol == protocol && int(r.first) <= port && port <= int(r.last)
}

// String returns the port spec: "tcp/443", "tcp/8000-8010", "icmp/8", "vrrp".
func (r PortRange) String() string { return r.spell('/') }

// Key returns the range as rule keys spell it: "tcp-443", "tcp-8000-8010",
// "icmp-8", "vrrp", "ip-253".
func (r PortRange) Key() string {
	if r.protocol.name() == "" {
		return strings.ReplaceAll(r.spell('-'), "/", "-")
	}
	return r.spell('-')
}

func (r PortRange) spell(separator byte) string {
	text := []byte(r.protocol.String())
	from, to := r.From(), r.To()
	if !r.IsValid() || from == None {
		return string(text)
	}
	text = strconv.AppendInt(append(text, separator), int64(from), 10)
	if to != None && (to != from || r.protocol.IsICMP()) {
		text = strconv.AppendInt(append(text, '-'), int64(to), 10)
	}
	return string(text)
}

// Compare orders ranges by protocol, then by their places on its line, the first
// before the last.
func (r PortRange) Compare(other PortRange) int {
	return cmp.Or(
		cmp.Compare(r.protocol, other.protocol),
		cmp.Compare(r.first, other.first),
		cmp.Compare(r.last, other.last),
	)
}

func (r PortRange) overlaps(other PortRange) bool {
	return r.protocol == other.protocol && r.first <= other.last && other.first <= r.last
}
