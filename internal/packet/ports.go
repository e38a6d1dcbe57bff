package packet

import "strconv"

// Ports is a stretch of the line of ports: a range of ports of one protocol, a
// protocol, or everything. It is comparable. The zero value is no port.
type Ports struct {
	first, end uint32 // half open; first < end, or both 0
}

// The line has a block of 65,536 ports for each of 256 protocols.
const (
	blockBits = 16
	lineEnd   = 256 << blockBits
)

// Everything returns the whole line: every port of every protocol.
func Everything() Ports { return Ports{0, lineEnd} }

// Protocol returns the block of a protocol, by its IANA number: all of its ports
// or types, or the protocol itself where it has neither.
func Protocol(number uint8) Ports { return PortRange(number, 0, 1<<blockBits-1) }

// PortRange returns the ports of a protocol from first to last, both inclusive;
// those of ICMP are type<<8 | code. A range that ends before it starts has no
// port.
func PortRange(protocol uint8, first, last uint16) Ports {
	if first > last {
		return Ports{}
	}
	block := uint32(protocol) << blockBits
	return Ports{block | uint32(first), block | uint32(last) + 1}
}

// First returns the first port on the line: protocol<<16 | port.
func (p Ports) First() uint32 { return p.first }

// Last returns the last port on the line, inclusive; it is meaningless where
// there are no ports.
func (p Ports) Last() uint32 { return p.end - 1 }

// IsEmpty reports whether there are no ports.
func (p Ports) IsEmpty() bool { return p.first >= p.end }

// String spells the ports by protocol number, as in 6/443, 6/8000-8010, 112,
// 6/443 to 17/53 and everything.
func (p Ports) String() string {
	spell := func(position uint32) string {
		return strconv.Itoa(int(position>>blockBits)) + "/" + strconv.Itoa(int(position&(1<<blockBits-1)))
	}
	switch last := p.end - 1; {
	case p.IsEmpty():
		return "no port"
	case p == Everything():
		return "everything"
	case p == Protocol(uint8(p.first>>blockBits)):
		return strconv.Itoa(int(p.first >> blockBits))
	case p.first == last:
		return spell(p.first)
	case p.first>>blockBits == last>>blockBits:
		return spell(p.first) + "-" + strconv.Itoa(int(last&(1<<blockBits-1)))
	default:
		return spell(p.first) + " to " + spell(last)
	}
}
