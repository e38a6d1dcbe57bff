// Package deployment turns a matrix and a user's choices into the flows and the
// rules of one installation.
//
// The choices act in a fixed order: corrections, options, component ports,
// interconnections, additional flows, placement, clusters, exclude, relays. Each
// is a function from matrix to matrix in a file of its own.
package deployment

import (
	"cmp"
	"errors"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Choices are what a user says about an installation. The zero value is the
// matrix as published, with the first of its alternatives. Names are checked;
// what is wrong is returned as *refusal.Error, several of them joined.
type Choices struct {
	Release          string // the Canopsis release, as in "24.04.2"; empty where it is not known
	Corrections      Corrections
	Options          []string                  // options and optional components to open
	ComponentPorts   map[string][]string       // component to port specs: "tcp/8443"
	Interconnections []string                  // entries of the catalogue
	AdditionalFlows  map[string]AdditionalFlow // the user's own flows, by the id of their component
	Placement        map[string]string         // component or host to host
	Clusters         []string                  // hosts that are several machines
	Exclude          []string                  // endpoints, components or purposes to leave out
	Relays           map[string]Relay          // load balancers and proxies, by name
}

// Deployment is the matrix of one installation.
type Deployment struct {
	// Matrix has the flows between endpoints; every place is one, and no two
	// flows have one id.
	Matrix *matrix.Matrix
	// Alternatives tells what was taken where the page offers a choice, by id.
	Alternatives []Choice
	// Errata are the errata that touch this installation, by id.
	Errata []Finding

	moved map[string]string // from a flow as the page draws it to the erratum that has it start or end elsewhere
}

// Finding is an erratum that touches an installation.
type Finding struct {
	edition.Erratum
	Flows   []string // ids of the flows that are not, or for what is only told may not be, what the page says; sorted
	Applied bool     // the corrected value is the one in use; never true of what is only told
}

// New applies the choices to a matrix as an edition has it.
func New(published *matrix.Matrix, choices Choices) (*Deployment, error) {
	chosen, err := chooseInterconnections(choices.Interconnections)
	if err != nil {
		return nil, err
	}
	if published, err = edition.WithProcesses(published); err != nil {
		return nil, err
	}
	if published, err = edition.WithParties(published, chosen); err != nil {
		return nil, err
	}
	corrected, err := edition.Correct(published)
	if err != nil {
		return nil, err
	}
	known := namesOf(corrected)
	apply := choices.Corrections == Apply
	inUse, other := published, corrected
	if apply {
		inUse, other = corrected, published
	}
	d, err := build(inUse, known, chosen, choices)
	if err != nil {
		return nil, err
	}
	compared, err := build(other, known, chosen, choices)
	if err != nil {
		// A purpose of the user's own may contradict a row that is not in use.
		compared, err = build(other, known, chosen, choices.withoutPurposes())
	}
	if err != nil {
		return nil, err
	}
	asPublished, asCorrected := d, compared
	if apply {
		asPublished, asCorrected = compared, d
	}
	d.Errata = append(differences(asPublished, asCorrected, apply), told(published, d, choices)...)
	slices.SortFunc(d.Errata, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	return d, nil
}

// build takes one matrix through every step after the corrections. A step that
// fails is passed over, so that the others can say what is wrong with their
// arguments too. The last steps name hosts and flows that the first ones make,
// and are asked once these are right.
func build(m *matrix.Matrix, known names, chosen []edition.Interconnection, choices Choices) (*Deployment, error) {
	var alternatives []Choice
	var moved map[string]string
	type step func(*matrix.Matrix) (*matrix.Matrix, error)
	for _, steps := range [][]step{
		{
			func(m *matrix.Matrix) (opened *matrix.Matrix, err error) {
				opened, alternatives, err = openOptions(m, choices.Options)
				return opened, err
			},
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return setPorts(m, known, choices.ComponentPorts) },
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return interconnect(m, chosen, choices.ComponentPorts) },
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return addFlows(m, known, choices) },
			func(m *matrix.Matrix) (placed *matrix.Matrix, err error) {
				placed, moved, err = place(m, known, choices.Placement)
				return placed, err
			},
		},
		{
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return cluster(m, known, choices) },
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return exclude(m, known, choices.Exclude) },
			func(m *matrix.Matrix) (*matrix.Matrix, error) { return relay(m, known, choices) },
			dropUnused,
		},
	} {
		var errs []error
		for _, step := range steps {
			next, err := step(m)
			if err != nil {
				errs = append(errs, explainConflict(err, choices.AdditionalFlows))
				continue
			}
			m = next
		}
		if err := errors.Join(errs...); err != nil {
			return nil, err
		}
	}
	return &Deployment{Matrix: m, Alternatives: alternatives, moved: moved}, nil
}

// dropUnused leaves out the endpoints that no flow touches and on which nothing
// runs.
func dropUnused(m *matrix.Matrix) (*matrix.Matrix, error) {
	used := make(map[string]bool)
	for c := range m.Components() {
		used[c.Host] = true
	}
	for f := range m.Flows() {
		used[m.EndpointAt(f.Source)] = true
		used[m.EndpointAt(f.Destination)] = true
	}
	d := m.Draft()
	d.Endpoints = slices.DeleteFunc(d.Endpoints, func(e matrix.Endpoint) bool { return !used[e.ID] })
	return d.Matrix()
}

// Hosts returns every host with the components that run on it, sorted, whether
// a flow reaches them or not.
func (d *Deployment) Hosts() map[string][]string {
	hosts := make(map[string][]string)
	for c := range d.Matrix.Components() {
		hosts[c.Host] = append(hosts[c.Host], c.ID)
	}
	return hosts
}

// differences compares an installation as published with the same as corrected:
// what touches it is what makes a difference to it, be it that a flow has other
// ports, that it is missing on the page, or that the page draws it elsewhere.
func differences(published, corrected *Deployment, applied bool) []Finding {
	before, after := flowsByID(published.Matrix), flowsByID(corrected.Matrix)
	flows := make(map[string][]string) // by erratum
	for id, f := range after {
		errata := f.Errata
		if drawn, existed := before[id]; existed {
			changed := !drawn.Ports.Equal(f.Ports)
			errata = nil
			if changed { // a flow of the user's own, or of a cluster, has its ports from the port list
				c, _ := corrected.Matrix.Component(f.Component)
				errata = ofPorts(slices.Concat(f.Errata, c.Errata))
			}
			// The user, or a cluster, has it too: whoever reads its origin finds the reason.
			if f.Origin == matrix.Corrected && drawn.Origin != matrix.Corrected && (changed || applied) {
				errata = append(errata, f.Errata...)
			}
		}
		for _, erratum := range errata {
			flows[erratum] = append(flows[erratum], id)
		}
	}
	for id := range before {
		if _, still := after[id]; still {
			continue
		}
		if erratum, ok := corrected.moved[id]; ok {
			flows[erratum] = append(flows[erratum], id)
		}
	}
	var found []Finding
	for _, e := range edition.Errata() {
		if ids := flows[e.ID]; len(ids) > 0 {
			slices.Sort(ids)
			found = append(found, Finding{Erratum: e, Flows: slices.Compact(ids), Applied: applied})
		}
	}
	return found
}

func flowsByID(m *matrix.Matrix) map[string]matrix.Flow {
	flows := make(map[string]matrix.Flow)
	for f := range m.Flows() {
		flows[m.FlowID(f)] = f
	}
	return flows
}

// ofPorts returns the errata that can be why a flow has other ports.
func ofPorts(ids []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool {
		e, _ := edition.FindErratum(id)
		return e.Kind != edition.WrongPort
	})
}

// told returns the errata that no correction applies and that may be true of
// this installation.
func told(page *matrix.Matrix, d *Deployment, choices Choices) []Finding {
	installation := edition.Installation{Release: choices.Release, Page: page, Matrix: d.Matrix, Excluded: choices.Exclude}
	for _, choice := range d.Alternatives {
		installation.Options = append(installation.Options, choice.Taken...)
	}
	var found []Finding
	for _, e := range edition.Errata() {
		if flows := e.Concerns(installation); len(flows) > 0 {
			found = append(found, Finding{Erratum: e, Flows: flows})
		}
	}
	return found
}
