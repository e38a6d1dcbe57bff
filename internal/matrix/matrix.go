package matrix

import (
	"cmp"
	"iter"
	"slices"
	"strings"
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
