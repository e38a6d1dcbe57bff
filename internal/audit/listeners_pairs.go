package audit

import (
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// pair returns the other port of an erratum about a port, where that one listens
// and no rule leads to it.
func (h *hearing) pair(w WantedPort) (instead matrix.PortRange, erratum string, ok bool) {
	for _, p := range portPairs() {
		if p.component != w.Component || p.published != w.Ports && p.corrected != w.Ports {
			continue
		}
		other := p.published
		if other == w.Ports {
			other = p.corrected
		}
		at := portOf(other)
		if verdict, _ := heardVerdict(h.listeners[at], nil); (verdict == PortExpected || verdict == PortOneFamilyOnly) && len(h.wanted[at]) == 0 {
			return other, p.erratum, true
		}
	}
	return matrix.PortRange{}, "", false
}

// componentPorts is the line that a user writes so that a component's port is
// another one.
func (h *hearing) componentPorts(w WantedPort, instead matrix.PortRange) string {
	var ranges []matrix.PortRange
	for _, other := range h.all {
		switch {
		case other.Component != w.Component:
		case other.Ports == w.Ports:
			ranges = append(ranges, instead)
		default:
			ranges = append(ranges, other.Ports)
		}
	}
	var specs []string
	for r := range matrix.NewPorts(ranges...).All() {
		specs = append(specs, fmt.Sprintf("%q", r))
	}
	return fmt.Sprintf("component_ports = { %s = [%s] }", w.Component, strings.Join(specs, ", "))
}

// portPair is an erratum about a component's port.
type portPair struct {
	erratum, component   string
	published, corrected matrix.PortRange
}

// portPairs returns the errata about ports. Each begins with the port, and ends
// its subject with the component.
func portPairs() []portPair {
	var pairs []portPair
	for _, e := range edition.Errata() {
		if e.Kind != edition.WrongPort {
			continue
		}
		subject := strings.Fields(e.Subject)
		published, err := matrix.ParsePortRange(firstWord(e.Published))
		corrected, err2 := matrix.ParsePortRange(firstWord(e.Corrected))
		if err == nil && err2 == nil && len(subject) > 0 {
			pairs = append(pairs, portPair{e.ID, subject[len(subject)-1], published, corrected})
		}
	}
	return pairs
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return strings.TrimSuffix(word, ",")
}
