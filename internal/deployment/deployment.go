// Package deployment turns a matrix and a user's choices into the flows and the
// rules of one installation.
//
// The choices act in a fixed order: corrections, options, component ports,
// interconnections, additional flows, placement, cloud services, clusters,
// exclude, relays. Each is a function from matrix to matrix in a file of its own.
package deployment

import (
	"cmp"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Choices are what a user says about an installation. The zero value is the
// matrix as published, with the first of its alternatives.
type Choices struct {
	Release          string // the Canopsis release, as in "24.04.2"; empty where it is not known
	Corrections      Corrections
	Options          []string                  // options and optional components to open
	ComponentPorts   map[string][]string       // component to port specs: "tcp/8443"
	Interconnections []string                  // entries of the catalogue
	AdditionalFlows  map[string]AdditionalFlow // the user's own flows, by the names that they give them
	Placement        map[string]string         // component or host to host
	CloudServices    []string                  // hosts that a cloud runs
	Clusters         []string                  // hosts and relays that are several machines
	Exclude          []string                  // endpoints, components or purposes to leave out
	Relays           map[string]Relay          // load balancers and proxies, by name
}

// Deployment is the matrix of one installation.
type Deployment struct {
	// Matrix has the flows between endpoints; every place is one, and no two
	// flows have one id.
	Matrix *matrix.Matrix
	// Alternatives says what was taken where the page offers a choice, by id.
	Alternatives []Choice
	// Errata are the errata that touch this installation, by id.
	Errata []Finding
	// Notices say what the choices have come to that their writer may not expect.
	Notices []Notice
}

// Notice is something that is accepted, and that its writer should know.
type Notice struct {
	At      refusal.Path // the argument that it is about
	Summary string       // in a few words, without values
	Text    string       // in sentences
}

// New applies the choices to a matrix as an edition has it. What is wrong with
// the choices is returned at once, as *refusal.Errors.
func New(published *matrix.Matrix, choices Choices) (*Deployment, error) {
	errs := new(refusal.Errors)
	chosen := chooseInterconnections(choices.Interconnections, errs)
	published, err := edition.WithProcesses(published, enginesApart(choices.Placement)...)
	if err != nil {
		return nil, err
	}
	if published, err = edition.WithParties(published, chosen); err != nil {
		return nil, err
	}
	own := ownComponents(published, choices)
	if published, err = withOwnComponents(published, own, choices.Placement); err != nil {
		return nil, err
	}
	corrected, err := edition.Correct(published)
	if err != nil {
		return nil, err
	}
	inUse, other := published, corrected
	if choices.Corrections == Apply {
		inUse, other = corrected, published
	}
	start := builder{known: namesOf(corrected, own), chosen: chosen, choices: choices, errs: errs}
	used := start.build(inUse)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	// A purpose of the user's own may contradict a row that is not in use.
	start.errs = new(refusal.Errors)
	compared := start.build(other)
	if start.errs.Len() > 0 {
		start.errs, start.choices = new(refusal.Errors), choices.withoutPurposes()
		compared = start.build(other)
	}
	if err := start.errs.Err(); err != nil {
		return nil, err
	}
	d := &Deployment{Matrix: used.m, Alternatives: used.alternatives, Notices: used.notices}
	if choices.Corrections == Apply {
		d.Errata = differences(compared, used, true)
	} else {
		d.Errata = differences(used, compared, false)
	}
	d.Errata = append(d.Errata, undecided(published, d, choices)...)
	slices.SortFunc(d.Errata, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	return d, nil
}

// builder takes one matrix through every step after the corrections. A step
// says what is wrong with its argument and goes on with the rest of it, so that
// all that is wrong is said at once.
type builder struct {
	m       *matrix.Matrix
	known   names
	chosen  []edition.Interconnection
	choices Choices
	errs    *refusal.Errors

	misplaced    []*refusal.Error // what is wrong with the placement
	named        []string         // the hosts that it names, where something is wrong with the rest too
	alternatives []Choice
	own          []ownFlow               // the user's own flows with which nothing is wrong
	wrongFlows   []string                // the names of the others
	moved        map[string][]string     // from a flow as the page draws it to the errata that have it start or end elsewhere
	listens      map[string]matrix.Ports // by component, before the user's own flows
	direct       *matrix.Matrix          // before relays
	relayed      map[string][]string     // from a flow to or from a relay to the flows that take this way
	notices      []Notice
}

// build returns the matrix after every step. It is nobody's to use where the
// errors say that something is wrong.
func (b builder) build(m *matrix.Matrix) builder {
	b.m = m
	b.readPlacement()
	for _, step := range []func(*builder) *matrix.Draft{
		(*builder).openOptions,
		(*builder).setPorts,
		(*builder).interconnect,
		(*builder).addFlows,
		(*builder).place,
		(*builder).serveFromCloud,
		(*builder).cluster,
		(*builder).exclude,
		(*builder).relay,
		(*builder).dropUnused,
	} {
		b.take(step)
	}
	return b
}

// take takes a step, which returns no draft where its argument asks for nothing.
func (b *builder) take(step func(*builder) *matrix.Draft) {
	d := step(b)
	if d == nil {
		return
	}
	next, err := d.Matrix()
	if err == nil {
		b.m = next
		return
	}
	if wrong := b.explainConflict(err); wrong != nil {
		b.errs.Add(wrong)
	} else if b.errs.Len() == 0 {
		b.errs.Merge(err) // else what was refused is the cause
	}
}

// dropUnused leaves out the endpoints that no flow touches and on which nothing
// runs.
func (b *builder) dropUnused() *matrix.Draft {
	used := make(map[string]bool)
	for c := range b.m.Components() {
		used[c.Host] = true
	}
	for f := range b.m.Flows() {
		used[b.m.EndpointAt(f.Source)] = true
		used[b.m.EndpointAt(f.Destination)] = true
	}
	d := b.m.Draft()
	d.Endpoints = slices.DeleteFunc(d.Endpoints, func(e matrix.Endpoint) bool { return !used[e.ID] })
	return d
}

// Hosts returns every host on which something runs or that a rule names, with
// the components that run on it, sorted: none where a rule alone names it.
func (d *Deployment) Hosts() map[string][]string {
	hosts := make(map[string][]string)
	for e := range d.Matrix.Endpoints() {
		if e.Kind == matrix.Host {
			hosts[e.ID] = []string{}
		}
	}
	for c := range d.Matrix.Components() {
		hosts[c.Host] = append(hosts[c.Host], c.ID)
	}
	return hosts
}
