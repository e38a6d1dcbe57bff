package matrix

import (
	"iter"
	"slices"
	"strings"
)

// Ports is a set of ports, of one or several protocols, and of what protocols
// without ports have in their place. The zero value is the empty
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
