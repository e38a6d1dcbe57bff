package matrix

import (
	"fmt"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Draft is a matrix in the making: plain slices in any order, with repetitions.
type Draft struct {
	Endpoints    []Endpoint
	Components   []Component
	Flows        []Flow
	Alternatives []Alternative
}

// Draft returns a copy of the matrix for changing.
func (m *Matrix) Draft() *Draft {
	return &Draft{
		Endpoints:    slices.AppendSeq(make([]Endpoint, 0, len(m.endpoints)), m.Endpoints()),
		Components:   slices.AppendSeq(make([]Component, 0, len(m.components)), m.Components()),
		Flows:        slices.AppendSeq(make([]Flow, 0, len(m.flows)), m.Flows()),
		Alternatives: slices.AppendSeq(make([]Alternative, 0, len(m.alternatives)), m.Alternatives()),
	}
}

// PurposeConflictError says that two flows that became the same have purposes
// that differ.
type PurposeConflictError struct {
	Flow   string // the id that both have
	First  Flow
	Second Flow
}

// Error names both flows and their purposes.
func (e *PurposeConflictError) Error() string {
	return fmt.Sprintf("two flows become %s with different purposes: %s and %s", e.Flow, nameFlow(e.First), nameFlow(e.Second))
}

// nameFlow tells flows apart that have one id.
func nameFlow(f Flow) string {
	if f.Description.IsEmpty() {
		return fmt.Sprintf("%q (%s)", f.Purpose, f.Origin)
	}
	return fmt.Sprintf("%q (%s: %s)", f.Purpose, f.Origin, f.Description)
}

// Matrix returns the canonical matrix that the draft describes. Flows with the
// same source, destination, component, alternative, option, Drawn and WithinHost
// become one, with the ports of all, the lowest origin and every erratum. It
// refuses texts that are not ids, ids given twice, flows without ports or between
// unknown ends, and flows that merge though their purposes differ
// (PurposeConflictError).
func (d *Draft) Matrix() (*Matrix, error) {
	m := &Matrix{
		endpoints:  make([]Endpoint, 0, len(d.Endpoints)),
		components: make([]Component, 0, len(d.Components)),
		flows:      make([]Flow, 0, len(d.Flows)),
	}
	for _, e := range d.Endpoints {
		e = e.clone()
		slices.Sort(e.FQDNs)
		e.FQDNs = slices.Compact(e.FQDNs)
		m.endpoints = append(m.endpoints, e)
	}
	for _, c := range d.Components {
		c = c.clone()
		c.Offers = canonicalOffers(c.Offers)
		slices.Sort(c.Errata)
		c.Errata = slices.Compact(c.Errata)
		m.components = append(m.components, c)
	}
	slices.SortFunc(m.endpoints, compareEndpoints)
	slices.SortFunc(m.components, compareComponents)
	for _, a := range d.Alternatives {
		m.alternatives = append(m.alternatives, a.clone())
	}
	slices.SortFunc(m.alternatives, compareAlternatives)
	m.alternatives = slices.CompactFunc(m.alternatives, equalAlternatives)

	if err := m.checkEnds(); err != nil {
		return nil, err
	}
	if err := m.setFlows(d.Flows); err != nil {
		return nil, err
	}
	return m, nil
}

// checkEnds checks everything but the flows.
func (m *Matrix) checkEnds() error {
	var errs refusal.Errors
	for i, e := range m.endpoints {
		errs.Add(checkID("endpoint", e.ID))
		if e.Kind < Actor || e.Kind > External {
			errs.Add(invalid("endpoint %q has no kind", e.ID))
		}
		if i > 0 && m.endpoints[i-1].ID == e.ID {
			errs.Add(invalid("endpoint %q is given twice", e.ID))
		}
	}
	for i, c := range m.components {
		errs.Add(checkID("component", c.ID))
		if _, ok := m.Endpoint(c.Host); !ok {
			errs.Add(invalid("component %q runs on %q, which is no endpoint", c.ID, c.Host))
		}
		if i > 0 && m.components[i-1].ID == c.ID {
			errs.Add(invalid("component %q is given twice", c.ID))
		}
	}
	for i, a := range m.alternatives {
		if i > 0 && m.alternatives[i-1].ID == a.ID {
			errs.Add(invalid("alternative %q is given twice, with other options", a.ID))
		}
	}
	return errs.Err()
}

func checkID(what, id string) *refusal.Error {
	if IsID(id) {
		return nil
	}
	return invalid("%s %q: an id matches %s", what, id, IDPattern)
}

// invalid words that a draft makes no matrix. What people type is checked before
// it comes into one.
func invalid(format string, values ...any) *refusal.Error {
	return &refusal.Error{Summary: "Invalid matrix", Found: fmt.Sprintf(format, values...)}
}

func (m *Matrix) setFlows(drafted []Flow) error {
	flows := make([]Flow, 0, len(drafted))
	for _, f := range drafted {
		f = f.clone()
		slices.Sort(f.Errata)
		f.Errata = slices.Compact(f.Errata)
		flows = append(flows, f)
	}
	slices.SortFunc(flows, comparePrecedence)
	var errs refusal.Errors
	for _, f := range flows {
		errs.Add(m.checkFlow(f))
	}
	if err := errs.Err(); err != nil {
		return err
	}
	for _, f := range flows {
		if n := len(m.flows); n > 0 && compareFlows(m.flows[n-1], f) == 0 {
			merged, err := m.merge(m.flows[n-1], f)
			if err != nil {
				return err
			}
			m.flows[n-1] = merged
			continue
		}
		m.flows = append(m.flows, f)
	}
	return nil
}

func (m *Matrix) checkFlow(f Flow) *refusal.Error {
	for _, place := range []Place{f.Source, f.Destination} {
		if m.EndpointAt(place) == "" {
			return invalid("flow from %s to %s: %q is neither an endpoint nor a component", f.Source, f.Destination, place)
		}
	}
	switch {
	case !IsID(f.Component):
		return invalid("flow %s: component %q: an id matches %s", m.FlowID(f), f.Component, IDPattern)
	case f.Ports.IsEmpty():
		return invalid("flow %s has no ports", m.FlowID(f))
	case f.Origin < Published || f.Origin > Relayed:
		return invalid("flow %s has no origin", m.FlowID(f))
	}
	return nil
}

// merge joins two flows that compareFlows considers one. The first precedes: its
// words and its origin stay.
func (m *Matrix) merge(a, b Flow) (Flow, error) {
	if m.PurposeOf(a) != m.PurposeOf(b) {
		a.Purpose, b.Purpose = m.PurposeOf(a), m.PurposeOf(b)
		return Flow{}, &PurposeConflictError{m.FlowID(a), a, b}
	}
	a.Ports = a.Ports.Union(b.Ports)
	a.Purpose = max(a.Purpose, b.Purpose)
	a.Optional = a.Optional && b.Optional
	a.ViaProxy = a.ViaProxy || b.ViaProxy
	a.ConfigurationDependent = a.ConfigurationDependent || b.ConfigurationDependent
	a.Errata = slices.Concat(a.Errata, b.Errata)
	slices.Sort(a.Errata)
	a.Errata = slices.Compact(a.Errata)
	return a, nil
}
