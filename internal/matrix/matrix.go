package matrix

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Alternative is a place where the page says "ou" (or): options of which a
// deployment opens one or several.
type Alternative struct {
	ID string // the options joined by "_or_": "redis_or_redis_sentinel"
	// Options are in the page's order: where nothing is named, the first opens.
	Options []string
	// Labelled: the page names the options (docker, packages). They say how
	// Canopsis was installed, which has no default.
	Labelled bool
}

// NewAlternative returns the alternative between options, in their order on
// the page.
func NewAlternative(labelled bool, options ...string) Alternative {
	return Alternative{strings.Join(options, "_or_"), slices.Clone(options), labelled}
}

func (a Alternative) clone() Alternative {
	a.Options = slices.Clone(a.Options)
	return a
}

func compareAlternatives(a, b Alternative) int { return cmp.Compare(a.ID, b.ID) }

func equalAlternatives(a, b Alternative) bool {
	return a.ID == b.ID && a.Labelled == b.Labelled && slices.Equal(a.Options, b.Options)
}

// Matrix is a network flow matrix. It is immutable; what its methods return is
// the caller's to keep, not to change the matrix by. The zero value is the
// empty matrix.
type Matrix struct {
	endpoints    []Endpoint    // sorted by id, unique
	components   []Component   // sorted by id, unique
	flows        []Flow        // sorted by compareFlows, unique by it
	alternatives []Alternative // sorted by id, unique
}

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

// Endpoints yields the endpoints by id.
func (m *Matrix) Endpoints() iter.Seq[Endpoint] { return clones(m.endpoints, Endpoint.clone) }

// Components yields the components by id.
func (m *Matrix) Components() iter.Seq[Component] { return clones(m.components, Component.clone) }

// Flows yields the flows in a fixed order.
func (m *Matrix) Flows() iter.Seq[Flow] { return clones(m.flows, Flow.clone) }

// Alternatives yields the alternatives by id.
func (m *Matrix) Alternatives() iter.Seq[Alternative] {
	return clones(m.alternatives, Alternative.clone)
}

func clones[T any](values []T, clone func(T) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, value := range values {
			if !yield(clone(value)) {
				return
			}
		}
	}
}

// Endpoint returns the endpoint with this id.
func (m *Matrix) Endpoint(id string) (Endpoint, bool) {
	e := m.endpoint(id)
	return e.clone(), e.ID == id && id != ""
}

// endpoint returns the endpoint itself, and the zero value where there is none.
func (m *Matrix) endpoint(id string) Endpoint {
	i, ok := slices.BinarySearchFunc(m.endpoints, id, func(e Endpoint, id string) int { return cmp.Compare(e.ID, id) })
	if !ok {
		return Endpoint{}
	}
	return m.endpoints[i]
}

// Component returns the component with this id.
func (m *Matrix) Component(id string) (Component, bool) {
	c := m.component(id)
	return c.clone(), c.ID == id && id != ""
}

// component returns the component itself, and the zero value where there is none.
func (m *Matrix) component(id string) Component {
	i, ok := slices.BinarySearchFunc(m.components, id, func(c Component, id string) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return Component{}
	}
	return m.components[i]
}

// EndpointAt returns the id of the endpoint that a place is at present: itself,
// or the host of its component. It is empty for a place that the matrix lacks.
func (m *Matrix) EndpointAt(place Place) string {
	if id, ok := place.Component(); ok {
		return m.component(id).Host
	}
	id, _ := place.Endpoint()
	return m.endpoint(id).ID
}

// FlowID returns the id of a flow where its places are at present.
func (m *Matrix) FlowID(f Flow) string {
	return FlowID(m.EndpointAt(f.Source), m.EndpointAt(f.Destination), f.Component)
}

// FlowID is the id of a flow between two endpoints: SOURCE-to-DESTINATION-COMPONENT,
// and SOURCE-to-DESTINATION where the component has the destination's name.
func FlowID(source, destination, component string) string {
	id := source + "-to-" + destination
	if component != destination {
		id += "-" + component
	}
	return id
}

// PurposeOf returns the flow's purpose: its own, or what follows from its ends.
func (m *Matrix) PurposeOf(f Flow) Purpose {
	if f.Purpose != 0 {
		return f.Purpose
	}
	source, destination := m.endpoint(m.EndpointAt(f.Source)), m.endpoint(m.EndpointAt(f.Destination))
	switch {
	case destination.ID == PackageRepositories:
		return Installation
	case source.ID == Administrators:
		return Administration
	case source.ID == Users:
		return UserAccess
	case source.Kind == Actor || source.Kind == External:
		return Events
	case destination.Kind == Host || destination.Kind == Relay:
		return Internal
	}
	return Outbound
}

// Equal reports whether two matrices say the same; prose (names, descriptions,
// definitions) is left out.
func (m *Matrix) Equal(other *Matrix) bool {
	return slices.EqualFunc(m.endpoints, other.endpoints, equalEndpoints) &&
		slices.EqualFunc(m.components, other.components, equalComponents) &&
		slices.EqualFunc(m.flows, other.flows, equalFlows) &&
		slices.EqualFunc(m.alternatives, other.alternatives, equalAlternatives)
}
