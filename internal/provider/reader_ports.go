package provider

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Ports reads a list of objects with protocol, from_port and to_port.
func (f field) Ports() matrix.Ports {
	var ranges []matrix.PortRange
	for _, element := range f.Elements() {
		if o, ok := element.Object("an object with protocol, from_port and to_port"); ok {
			if r := o.PortRange(); r.IsValid() {
				ranges = append(ranges, r)
			}
		}
	}
	return matrix.NewPorts(ranges...)
}

// PortRange reads an object's protocol, from_port and to_port: ports, ICMP's type
// and code, of which null is any, or null for a protocol that has neither.
func (o fields) PortRange() matrix.PortRange {
	protocol, ok := o.protocol()
	if !ok {
		return matrix.PortRange{}
	}
	from, ok1 := o.bound("from_port", protocol)
	to, ok2 := o.bound("to_port", protocol)
	if !ok1 || !ok2 {
		return matrix.PortRange{}
	}
	ports, err := matrix.NewPortRange(protocol, from, to)
	if err != nil {
		o.f.r.Add(&refusal.Error{At: o.at, Summary: "Invalid port", Found: err.Error(), Allowed: boundsAllowed(protocol)})
	}
	return ports
}

func boundsAllowed(protocol matrix.Protocol) string {
	switch {
	case protocol.HasPorts():
		return "from_port up to to_port, both inclusive"
	case protocol.IsICMP():
		return "a type from 0 to 255 in from_port and a code from 0 to 255 in to_port; null for any"
	}
	return "null in from_port and in to_port"
}

func (o fields) protocol() (matrix.Protocol, bool) {
	f := o.Required("protocol")
	s, ok := f.text()
	if !ok {
		return 0, false
	}
	protocol, err := matrix.ParseProtocol(s)
	if err != nil {
		f.r.Add(&refusal.Error{At: f.Path(), Summary: "Unknown protocol", Found: err.Error(), Nearest: matrix.NearestProtocol(s), Allowed: matrix.ProtocolForm})
	}
	return protocol, err == nil
}

// bound reads from_port or to_port: a port of a protocol that has ports, else a
// number of ICMP or null.
func (o fields) bound(name string, protocol matrix.Protocol) (int, bool) {
	f := o.Required(name)
	f.optional = !protocol.HasPorts()
	if f.IsNull() && f.optional {
		switch leftOut := f.value.Type() == nil; { // a slip, or a variable's type that drops it, would open every type
		case f.written != "":
			f.r.Add(f.missing())
			return 0, false
		case leftOut && protocol.IsICMP():
			f.r.Add(&refusal.Error{
				At:      f.Path(),
				Summary: "Missing value",
				Found:   "this is left out, and every type or code of " + protocol.String() + " would be open",
				Allowed: boundsAllowed(protocol),
				Remedy:  "Write it, null too; where the rule comes through a variable, name the attribute in the variable's type",
			})
			return 0, false
		}
		return matrix.None, true
	}
	if !f.usable() {
		return 0, false
	}
	n, ok := wholeNumber(f.value)
	if protocol.HasPorts() && (!ok || n < 1 || n > matrix.MaxPort) {
		f.r.Add(&refusal.Error{At: f.Path(), Summary: "Invalid port", Found: describe(f.value) + " is not a port", Allowed: "a whole number from 1 to 65535"})
		return 0, false
	}
	if !protocol.HasPorts() && (!ok || n < 0 || n > matrix.MaxPort) {
		f.r.Add(&refusal.Error{At: f.Path(), Summary: "Invalid port", Found: describe(f.value) + " is not a number of " + protocol.String(), Allowed: boundsAllowed(protocol)})
		return 0, false
	}
	return int(n), true
}
