package matrix

import (
	"cmp"
	"fmt"
	"slices"
)

// Place is where a flow starts or ends: at an endpoint, or wherever a component
// runs. The zero value is invalid.
type Place struct {
	endpoint, component string // exactly one is set
}

// At is the endpoint with this id.
func At(endpoint string) Place { return Place{endpoint: endpoint} }

// HostOf is the host on which the component with this id runs, which placement
// decides.
func HostOf(component string) Place { return Place{component: component} }

// Component returns the component whose host the place is, if it is one.
func (p Place) Component() (id string, ok bool) { return p.component, p.component != "" }

// Endpoint returns the endpoint that the place names, if it names one.
func (p Place) Endpoint() (id string, ok bool) { return p.endpoint, p.endpoint != "" }

// String returns the endpoint's id, or "host of COMPONENT".
func (p Place) String() string {
	if p.component != "" {
		return "host of " + p.component
	}
	return p.endpoint
}

func (p Place) compare(other Place) int {
	return cmp.Or(cmp.Compare(p.endpoint, other.endpoint), cmp.Compare(p.component, other.component))
}

// Origin says where a flow comes from. Where flows merge, the lowest stays. The
// zero value is invalid.
type Origin uint8

// The origins, in the order in which they win when flows merge.
const (
	Published       Origin = iota + 1 // a row of the page
	Corrected                         // an erratum: the page forgets it, or draws it elsewhere
	Interconnection                   // an entry of the catalogue
	Cluster                           // between the members of a cluster
	Additional                        // the user's own
	Relayed                           // through a relay
)

var originNames = [...]string{"invalid", "published", "erratum", "interconnection", "cluster", "additional", "relay"}

// String returns the origin as users read it: published, erratum,
// interconnection, cluster, additional, relay.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return originNames[0]
}

// OriginNames lists the origins as users read them, in the order in which they
// win.
func OriginNames() []string { return slices.Clone(originNames[1:]) }

// ParseOrigin reads what String returns.
func ParseOrigin(text string) (Origin, error) {
	if i := slices.Index(originNames[1:], text); i >= 0 {
		return Origin(i + 1), nil
	}
	return 0, fmt.Errorf("%q is not an origin", text)
}

// Purpose says what a flow is for. The zero value means that the flow's ends
// decide (Matrix.PurposeOf).
type Purpose uint8

// The purposes, a closed set.
const (
	Installation   Purpose = iota + 1 // to the package repositories
	Administration                    // from administrators
	UserAccess                        // from users
	Events                            // from any other actor, or from an outside system
	Internal                          // from host to host
	Outbound                          // to any other outside system; users read "external"
)

var purposeNames = [...]string{"", "installation", "administration", "user_access", "events", "internal", "external"}

// Purposes lists every purpose, in a fixed order.
func Purposes() []Purpose {
	return []Purpose{Installation, Administration, UserAccess, Events, Internal, Outbound}
}

// PurposeNames lists the purposes as users write them, in ascending order.
func PurposeNames() []string { return slices.Clone(purposeNames[1:]) }

// ParsePurpose reads a purpose as users write it.
func ParsePurpose(text string) (Purpose, error) {
	if i := slices.Index(purposeNames[1:], text); i >= 0 {
		return Purpose(i + 1), nil
	}
	return 0, fmt.Errorf("%q is no purpose", text)
}

// String returns the purpose as users read it; empty for the zero value.
func (p Purpose) String() string {
	if int(p) < len(purposeNames) {
		return purposeNames[p]
	}
	return ""
}

// Flow is an opening from a source to one component at one destination. The
// source initiates; answers belong to the same connection.
type Flow struct {
	Source      Place
	Destination Place
	Component   string // id of the component that listens, or of a service (ssh, https)
	Ports       Ports  // never empty
	Purpose     Purpose
	Description Description // prose
	Origin      Origin

	Alternative string // id of the Alternative that it belongs to; empty: none
	Option      string // which of the alternative's options opens it

	Optional               bool // the page marks it "optionnel": open only when its component is named
	ViaProxy               bool // the page says that it may pass through a proxy
	ConfigurationDependent bool // the page says that configuration decides the ports
	WithinHost             bool // stays where both ends are one host: a user wrote it so

	Errata []string // ids of the errata that changed or added it, sorted
	Drawn  Drawn    // what the page draws, where a correction moved an end
}

// Drawn remembers where the page draws an end that a correction attached to a
// component instead. As long as placement leaves that end where the page has it
// the flow is the page's own; once it does not, Erratum is why the flow exists.
// The zero value means that no end was moved.
type Drawn struct {
	Source, Destination string // endpoint ids; empty: this end is the page's own
	Erratum             string // id
}

func (f Flow) clone() Flow {
	f.Errata = slices.Clone(f.Errata)
	f.Description = f.Description.clone()
	return f
}

// compareFlows orders by what tells flows apart.
func compareFlows(a, b Flow) int {
	return cmp.Or(
		a.Source.compare(b.Source),
		a.Destination.compare(b.Destination),
		cmp.Compare(a.Component, b.Component),
		cmp.Compare(a.Alternative, b.Alternative),
		cmp.Compare(a.Option, b.Option),
		cmp.Compare(a.Drawn.Source, b.Drawn.Source),
		cmp.Compare(a.Drawn.Destination, b.Drawn.Destination),
		cmp.Compare(a.Drawn.Erratum, b.Drawn.Erratum),
		compareBools(a.WithinHost, b.WithinHost),
	)
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// comparePrecedence also orders what compareFlows considers one flow, so that
// neither a merged flow nor an error depends on the order of a draft.
func comparePrecedence(a, b Flow) int {
	return cmp.Or(
		compareFlows(a, b),
		cmp.Compare(a.Origin, b.Origin),
		a.Description.Compare(b.Description),
		cmp.Compare(a.Purpose, b.Purpose),
	)
}

func equalFlows(a, b Flow) bool {
	return compareFlows(a, b) == 0 && a.Ports.Equal(b.Ports) &&
		a.Purpose == b.Purpose && a.Origin == b.Origin &&
		a.ViaProxy == b.ViaProxy && a.ConfigurationDependent == b.ConfigurationDependent &&
		a.Optional == b.Optional && slices.Equal(a.Errata, b.Errata)
}
