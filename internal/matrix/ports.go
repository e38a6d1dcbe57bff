package matrix

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// MaxPort is the highest port, inclusive. The lowest is 1: several clouds read
// port 0 as "every port".
const MaxPort = 65535

// PortRange is a protocol with a range of ports, both bounds inclusive, from 1
// to 65535. It is comparable. The zero value is invalid and admits no packet.
type PortRange struct {
	protocol    Protocol
	first, last uint16 // inclusive; first <= last; zero only in the zero value
}

// NewPortRange returns the range from first to last, both inclusive. It refuses
// an invalid protocol, bounds outside 1-65535 and a range that ends before it
// starts.
func NewPortRange(protocol Protocol, first, last int) (PortRange, error) {
	switch {
	case !protocol.Valid():
		return PortRange{}, fmt.Errorf("protocol %d is none of the matrix: tcp or udp", protocol)
	case first < 1 || first > MaxPort:
		return PortRange{}, fmt.Errorf("%d is no port: ports run from 1 to %d", first, MaxPort)
	case last < 1 || last > MaxPort:
		return PortRange{}, fmt.Errorf("%d is no port: ports run from 1 to %d", last, MaxPort)
	case last < first:
		return PortRange{}, fmt.Errorf("range %d-%d ends before it starts: write %d-%d", first, last, last, first)
	}
	return PortRange{protocol, uint16(first), uint16(last)}, nil
}

// ParsePortRange reads a port spec: "tcp/443", "udp/162", "tcp/8000-8010"
// (inclusive). What String returns reads back as the same range.
func ParsePortRange(spec string) (PortRange, error) {
	name, ports, ok := strings.Cut(spec, "/")
	if !ok {
		return PortRange{}, fmt.Errorf("%q is no port spec: write PROTOCOL/PORT or PROTOCOL/FIRST-LAST, as in tcp/443 or tcp/8000-8010", spec)
	}
	protocol, err := ParseProtocol(name)
	if err != nil {
		return PortRange{}, err
	}
	from, to, isRange := strings.Cut(ports, "-")
	first, err := parsePort(from)
	if err != nil {
		return PortRange{}, err
	}
	last := first
	if isRange {
		if last, err = parsePort(to); err != nil {
			return PortRange{}, err
		}
	}
	return NewPortRange(protocol, first, last)
}

// parsePort accepts plain decimal digits alone, so that one port has one
// spelling: no sign, no leading zero, no space.
func parsePort(text string) (int, error) {
	port, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(port) != text {
		return 0, fmt.Errorf("%q is no port: ports are whole numbers from 1 to %d", text, MaxPort)
	}
	return port, nil
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

// First returns the lowest port, inclusive.
func (r PortRange) First() int { return int(r.first) }

// Last returns the highest port, inclusive.
func (r PortRange) Last() int { return int(r.last) }

// IsValid reports whether r is not the zero value.
func (r PortRange) IsValid() bool { return r.protocol.Valid() }

// Contains reports whether the range admits this port of this protocol.
func (r PortRange) Contains(protocol Protocol, port int) bool {
	return r.IsValid() && r.protocol == protocol && r.First() <= port && port <= r.Last()
}

// String returns the port spec: "tcp/443", "tcp/8000-8010".
func (r PortRange) String() string { return r.spell('/') }

// Key returns the range as rule keys spell it: "tcp-443", "tcp-8000-8010".
func (r PortRange) Key() string { return r.spell('-') }

func (r PortRange) spell(separator byte) string {
	text := append([]byte(r.protocol.String()), separator)
	text = strconv.AppendInt(text, int64(r.first), 10)
	if r.last != r.first {
		text = append(text, '-')
		text = strconv.AppendInt(text, int64(r.last), 10)
	}
	return string(text)
}

// Compare orders ranges by protocol, then by first port, then by last.
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

// Ports is a set of ports of one or both protocols. The zero value is the empty
// set, which admits nothing.
type Ports struct {
	ranges []PortRange // sorted by Compare; no two overlap; neighbours stay apart
}

// NewPorts returns the union of ranges. Ranges that overlap become one;
// neighbours (80 and 81) stay apart, since each was named for itself. A zero
// PortRange admits nothing and adds nothing.
func NewPorts(ranges ...PortRange) Ports {
	sorted := make([]PortRange, 0, len(ranges))
	for _, r := range ranges {
		if r.IsValid() {
			sorted = append(sorted, r)
		}
	}
	slices.SortFunc(sorted, PortRange.Compare)
	merged := sorted[:0]
	for _, r := range sorted {
		if n := len(merged); n > 0 && merged[n-1].overlaps(r) {
			merged[n-1].last = max(merged[n-1].last, r.last)
			continue
		}
		merged = append(merged, r)
	}
	return Ports{slices.Clip(merged)}
}

// ParsePorts reads a list of port specs, as ParsePortRange does each.
func ParsePorts(specs ...string) (Ports, error) {
	ranges := make([]PortRange, 0, len(specs))
	for _, spec := range specs {
		r, err := ParsePortRange(spec)
		if err != nil {
			return Ports{}, err
		}
		ranges = append(ranges, r)
	}
	return NewPorts(ranges...), nil
}

// MustPorts is ParsePorts for specs that are written in the source. It panics
// on a bad one and is not for input.
func MustPorts(specs ...string) Ports {
	ports, err := ParsePorts(specs...)
	if err != nil {
		panic(err)
	}
	return ports
}

// All yields the ranges in ascending order.
func (p Ports) All() iter.Seq[PortRange] { return slices.Values(p.ranges) }

// Len returns the number of ranges, which is the number of rules they make.
func (p Ports) Len() int { return len(p.ranges) }

// IsEmpty reports whether the set admits nothing.
func (p Ports) IsEmpty() bool { return len(p.ranges) == 0 }

// Equal reports whether both sets have the same ranges.
func (p Ports) Equal(other Ports) bool { return slices.Equal(p.ranges, other.ranges) }

// Contains reports whether the set admits this port of this protocol.
func (p Ports) Contains(protocol Protocol, port int) bool {
	return slices.ContainsFunc(p.ranges, func(r PortRange) bool { return r.Contains(protocol, port) })
}

// Has reports whether r is one of the set's ranges, exactly.
func (p Ports) Has(r PortRange) bool { return slices.Contains(p.ranges, r) }

// Overlaps reports whether some port is in both sets.
func (p Ports) Overlaps(other Ports) bool {
	for _, a := range p.ranges {
		for _, b := range other.ranges {
			if a.overlaps(b) {
				return true
			}
		}
	}
	return false
}

// Union returns the ports of both sets.
func (p Ports) Union(other Ports) Ports {
	return NewPorts(slices.Concat(p.ranges, other.ranges)...)
}

// Replace returns the set with the range wrong replaced by right. A set that
// does not have wrong as a range of its own stays as it is.
func (p Ports) Replace(wrong, right PortRange) Ports {
	if !p.Has(wrong) {
		return p
	}
	ranges := slices.Clone(p.ranges)
	ranges[slices.Index(ranges, wrong)] = right
	return NewPorts(ranges...)
}

// String returns the port specs, separated by ", ".
func (p Ports) String() string {
	specs := make([]string, 0, len(p.ranges))
	for _, r := range p.ranges {
		specs = append(specs, r.String())
	}
	return strings.Join(specs, ", ")
}
