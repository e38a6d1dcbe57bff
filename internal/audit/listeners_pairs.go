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

// advise adds to the note of what listens elsewhere what to write.
func (h *hearing) advise(w *WantedPort) {
	if _, ok := h.instead[w.Key()]; ok {
		w.Note += ": write " + h.componentPorts(w.Component)
	}
}

// componentPorts is the line that a user writes so that a component's ports are those
// on which it listens. It is one line for all of them, since a second one would take
// the first one's place.
func (h *hearing) componentPorts(component string) string {
	var ranges []matrix.PortRange
	for _, w := range h.all {
		if w.Component != component {
			continue
		}
		at, ok := h.instead[w.Key()]
		if !ok {
			at = w.Ports
		}
		ranges = append(ranges, at)
	}
	var specs []string
	for r := range matrix.NewPorts(ranges...).All() {
		specs = append(specs, fmt.Sprintf("%q", r))
	}
	return fmt.Sprintf("component_ports = { %s = [%s] }", component, strings.Join(specs, ", "))
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
