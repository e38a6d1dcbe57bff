package deployment

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Finding is an erratum that touches an installation.
type Finding struct {
	edition.Erratum
	// Flows are the ids of the flows that the erratum changes, adds or takes away
	// once it is applied, sorted; of one that is never applied, those that may not
	// be what the page says.
	Flows   []string
	Applied bool // the corrected value is the one in use; never true of what is never applied
}

// differences compares an installation as published with the same as corrected:
// what touches it is what makes a difference to it.
func differences(published, corrected builder, applied bool) []Finding {
	direct := directDifferences(published, corrected)
	before, after := flowsByID(published.m), flowsByID(corrected.m)
	flows := make(map[string][]string) // by erratum
	note := func(id string) {
		errata := slices.Clone(direct[id])
		for _, ways := range []map[string][]string{published.relayed, corrected.relayed} {
			for _, carried := range ways[id] {
				errata = append(errata, direct[carried]...)
			}
		}
		slices.Sort(errata)
		for _, erratum := range slices.Compact(errata) {
			flows[erratum] = append(flows[erratum], id)
		}
	}
	for id, f := range after {
		if drawn, existed := before[id]; !existed || !drawn.Ports.Equal(f.Ports) {
			note(id)
		}
	}
	for id := range before {
		if _, still := after[id]; !still {
			note(id)
		}
	}
	var found []Finding
	for _, e := range edition.Errata() {
		if ids := flows[e.ID]; len(ids) > 0 {
			slices.Sort(ids)
			found = append(found, Finding{Erratum: e, Flows: ids, Applied: applied})
		}
	}
	return found
}

// directDifferences returns, for each flow before relays that the corrections
// change, add or take away, the errata that do so.
func directDifferences(published, corrected builder) map[string][]string {
	before, after := flowsByID(published.direct), flowsByID(corrected.direct)
	errata := make(map[string][]string)
	for id, f := range after {
		drawn, existed := before[id]
		switch {
		case !existed:
			errata[id] = f.Errata
		case !drawn.Ports.Equal(f.Ports):
			// A flow of the user's own, or of a cluster, has its ports from the port list.
			c, _ := corrected.direct.Component(f.Component)
			errata[id] = ofPorts(slices.Concat(f.Errata, c.Errata))
			if f.Origin == matrix.Corrected && drawn.Origin != matrix.Corrected {
				errata[id] = append(errata[id], f.Errata...) // its ports are the user's, and the page's beside them
			}
			if len(errata[id]) == 0 {
				errata[id] = corrected.moved[id] // the page's ports left, and the user's stay
			}
		}
	}
	for id := range before {
		if _, still := after[id]; !still {
			errata[id] = corrected.moved[id]
		}
	}
	return errata
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

// undecided returns the errata that no correction applies and that may be true
// of this installation.
func undecided(page *matrix.Matrix, d *Deployment, choices Choices) []Finding {
	installation := edition.Installation{Release: choices.Release, Page: page, Matrix: d.Matrix, Excluded: choices.Exclude}
	for _, word := range edition.MethodWords(choices.Release) {
		if slices.Contains(choices.Options, word) {
			installation.Options = append(installation.Options, word)
		}
	}
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
