package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// ends tell published flows apart: two rows with the same ends and other ports
// contradict each other.
type ends struct{ source, destination, component string }

func compareEnds(a, b ends) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.destination, b.destination), cmp.Compare(a.component, b.component))
}

// drawing is the ports that a row says for its ends.
type drawing struct {
	place
	ports string
}

// opening is what one option of a row opens: ports at one destination.
type opening struct {
	option
	end
	choice string // id of the option; empty where there is no choice
}

// drawFlows adds the flows of all rows.
func (r *reading) drawFlows() {
	for _, row := range r.rows {
		if len(row.destinations) > 1 {
			var openings []opening
			for i, o := range row.options {
				openings = append(openings, opening{option: o, end: row.destinations[i][0]})
			}
			r.draw(row, openings)
			continue
		}
		for _, e := range row.destinations[0] {
			var openings []opening
			for _, o := range row.options {
				openings = append(openings, opening{option: o, end: e})
			}
			r.draw(row, openings)
		}
	}
}

// draw adds the flows of alternative openings.
func (r *reading) draw(row flowRow, openings []opening) {
	alternative := r.choose(openings)
	said := map[ends][]option{}
	for _, o := range openings {
		for listener, ports := range r.listenersAt(o.id, o.ports) {
			for _, source := range row.sources {
				key := ends{source, o.id, listener}
				said[key] = append(said[key], option{label: o.label, ports: ports})
				r.draft.Flows = append(r.draft.Flows, matrix.Flow{
					Source:                 matrix.At(source),
					Destination:            r.place(o.id, listener),
					Component:              listener,
					Ports:                  ports,
					Description:            matrix.InOwnWords(row.description),
					Origin:                 matrix.Published,
					Alternative:            alternative,
					Option:                 o.choice,
					Optional:               row.optional || o.optional,
					ViaProxy:               row.viaProxy,
					ConfigurationDependent: row.configurationDependent,
					WithinHost:             source == o.id, // such a row says that the host is several machines
				})
			}
		}
	}
	r.checkDrawn(row.place, said)
}

// place says that a flow ends wherever its component runs, if the page draws it
// to where the component runs; what it draws elsewhere stays there.
func (r *reading) place(destination, listener string) matrix.Place {
	if c := r.components[listener]; c != nil && c.host == destination {
		return matrix.HostOf(listener)
	}
	return matrix.At(destination)
}

// checkDrawn refuses a row that contradicts an earlier one.
func (r *reading) checkDrawn(p place, said map[ends][]option) {
	for _, key := range slices.SortedFunc(maps.Keys(said), compareEnds) {
		now := drawing{p, spell(said[key])}
		earlier, ok := r.drawn[key]
		if !ok {
			r.drawn[key] = now
			continue
		}
		if earlier.ports != now.ports {
			r.faults.add(p, &refusal.Error{
				Summary: "Rows that contradict each other",
				Found: fmt.Sprintf("from %s to %s (%s), %s opens %s and %s opens %s",
					key.source, key.destination, key.component, earlier.text, earlier.ports, p.text, now.ports),
				Remedy: "Leave one of the rows out, or write all ports in one",
			})
		}
	}
}

// choose says which openings exclude each other: it gives each its choice, and
// returns the id of the alternative that they make, empty where there is none.
func (r *reading) choose(openings []opening) string {
	if openings[0].label != "" {
		var labels []string
		for i, o := range openings {
			openings[i].choice = o.label
			labels = append(labels, o.label)
		}
		if openings[0].method {
			return r.methodChoice().ID
		}
		return r.labelChoice(labels)
	}
	distinct := map[string]int{} // what an opening says → which it is
	which := make([]int, len(openings))
	for i, o := range openings {
		said := o.id + " " + o.ports.String()
		if _, ok := distinct[said]; !ok {
			distinct[said] = len(distinct)
		}
		which[i] = distinct[said]
	}
	if len(distinct) == 1 {
		return ""
	}
	// The component tells options apart; else the destination, else the ports.
	listeners := func(o opening) string {
		return strings.Join(slices.Sorted(maps.Keys(r.listenersAt(o.id, o.ports))), "_and_")
	}
	names := []func(opening) string{
		listeners,
		func(o opening) string { return o.id },
		func(o opening) string { return listeners(o) + suffix(o.ports, false) },
		func(o opening) string { return listeners(o) + suffix(o.ports, true) },
	}
	for _, name := range names {
		nameOpenings(openings, which, name)
	}
	var order []string
	for _, o := range openings {
		if !slices.Contains(order, o.choice) {
			order = append(order, o.choice)
		}
	}
	a := matrix.NewAlternative(false, order...)
	r.draft.Alternatives = append(r.draft.Alternatives, a)
	return a.ID
}

// nameOpenings names the openings whose choice is not yet their own.
func nameOpenings(openings []opening, which []int, name func(opening) string) {
	owners := map[string]map[int]bool{}
	for i, o := range openings {
		if owners[o.choice] == nil {
			owners[o.choice] = map[int]bool{}
		}
		owners[o.choice][which[i]] = true
	}
	for i, o := range openings {
		if len(owners[o.choice]) > 1 {
			openings[i].choice = name(o)
		}
	}
}

// suffix spells ports for an id.
func suffix(ports matrix.Ports, withProtocol bool) string {
	var text strings.Builder
	for p := range ports.All() {
		key := p.Key()
		if !withProtocol {
			key = strings.TrimPrefix(key, p.Protocol().String()+"-")
		}
		text.WriteString("_" + strings.ReplaceAll(key, "-", "_"))
	}
	return text.String()
}
