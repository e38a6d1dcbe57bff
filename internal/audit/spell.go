package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// spell spells what a difference lacks.
func spell(d packet.Difference) []string { return spellAt(d, packet.Remainder.Addresses) }

// spellAt spells what a difference lacks, the other side as at does; where that is
// empty, the ports alone.
func spellAt(d packet.Difference, at func(packet.Remainder) string) []string {
	var texts []string
	for _, r := range d.Remainders {
		text := spellPorts(r.Ports)
		if addresses := at(r); addresses != "" {
			text = addresses + " " + text
		}
		texts = append(texts, text)
	}
	if d.More {
		texts = append(texts, "and more")
	}
	return texts
}

// lastPort is the last of a protocol's ports, and of ICMP's types and codes.
const lastPort = 1<<16 - 1

// spellPorts writes ports as a person does: "tcp/443", "icmp/type-8", "esp". What runs
// from within one protocol into another is each of them by itself, and the whole ones
// between: "protocols 0-5 and tcp/0-21".
func spellPorts(p packet.Ports) string {
	if p.IsEmpty() || p == packet.Everything() {
		return p.String()
	}
	low, first := p.First()>>16, p.First()&lastPort
	high, last := p.Last()>>16, p.Last()&lastPort
	if low == high {
		return spellRange(low, first, last)
	}
	var parts []string
	if first > 0 {
		parts = append(parts, spellRange(low, first, lastPort))
		low++
	}
	whole := high
	if last < lastPort {
		whole--
	}
	switch {
	case low == whole:
		parts = append(parts, nameOf(low))
	case low < whole:
		parts = append(parts, fmt.Sprintf("protocols %d-%d", low, whole))
	}
	if last < lastPort {
		parts = append(parts, spellRange(high, 0, last))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	most := len(parts) - 1
	return strings.Join(parts[:most], ", ") + " and " + parts[most]
}

// spellRange spells ports of one protocol, or all of it, both bounds inclusive.
func spellRange(protocol, first, last uint32) string {
	text := nameOf(protocol)
	switch {
	case first == 0 && last == lastPort:
		return text
	case matrix.Protocol(protocol).IsICMP():
		return text + "/" + types(first, last)
	case first == last:
		return text + "/" + strconv.Itoa(int(first))
	}
	return text + "/" + strconv.Itoa(int(first)) + "-" + strconv.Itoa(int(last))
}

// nameOf spells a protocol by its name, which two numbers of a packet's have not.
func nameOf(number uint32) string {
	if p := matrix.Protocol(number); p.Valid() {
		return p.String()
	}
	return fmt.Sprintf("protocol %d", number)
}

// types writes ICMP's type<<8 | code as types and codes, both bounds inclusive.
func types(first, last uint32) string {
	switch one := fmt.Sprintf("type-%d-code-%d", first>>8, first&255); {
	case first == last:
		return one
	case first&255 != 0 || last&255 != 255:
		return fmt.Sprintf("%s-to-type-%d-code-%d", one, last>>8, last&255)
	case first>>8 == last>>8:
		return fmt.Sprintf("type-%d", first>>8)
	}
	return fmt.Sprintf("types-%d-%d", first>>8, last>>8)
}
