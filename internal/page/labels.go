package page

import (
	"fmt"
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// findMethods collects the installation methods that the page labels ports with,
// and the choices of components whose labels are others.
func (r *reading) findMethods() {
	for _, id := range slices.Sorted(maps.Keys(r.components)) {
		c := r.components[id]
		if r.findMethodsOf(c.options) || !c.isLabelled() {
			continue
		}
		var labels []string
		for _, o := range c.options {
			labels = append(labels, o.label)
		}
		r.labelChoice(labels)
	}
	for _, row := range r.rows {
		r.findMethodsOf(row.options)
	}
}

func (r *reading) findMethodsOf(options []option) (found bool) {
	for _, o := range options {
		if o.method {
			r.methods[o.label], found = true, true
		}
	}
	return found
}

// methodChoice is the alternative between the installation methods: how Canopsis
// was installed is one choice for the whole page. It has no default, so its order
// says nothing.
func (r *reading) methodChoice() matrix.Alternative {
	return matrix.NewAlternative(true, slices.Sorted(maps.Keys(r.methods))...)
}

// labelChoice adds the alternative between labels that are no installation
// methods, and returns its id. It has no default either.
func (r *reading) labelChoice(labels []string) string {
	a := matrix.NewAlternative(true, slices.Sorted(slices.Values(labels))...)
	r.draft.Alternatives = append(r.draft.Alternatives, a)
	return a.ID
}

// labelRows gives the options of a choice the labels that the port list has for
// the same ports of the same component. The vendor writes them there alone: its
// list says "TCP/80,443 (installation via Docker) ou TCP/8080,8443 (via
// paquets)", its rows say "TCP/80,443 ou TCP/8080,8443". A row with one option is
// no choice, and takes none.
func (r *reading) labelRows() {
	for _, row := range r.rows {
		r.checkRelabelled(row)
		if len(row.options) < 2 || row.options[0].label != "" || len(row.destinations) > 1 || !r.choosesMethod(row) {
			continue
		}
		taken := slices.Clone(row.options)
		ok := true
		for i, o := range row.options {
			for _, e := range row.destinations[0] {
				for listener, ports := range r.listenersAt(e.id, o.ports) {
					ok = r.takeLabel(&taken[i], r.components[listener], ports, row) && ok
				}
			}
		}
		if !ok {
			continue
		}
		if fault := checkLabels(taken, row.portCell); fault != nil {
			fault.Remedy += ": the labels are those of the port list"
			r.faults.add(row.place, fault)
			continue
		}
		copy(row.options, taken)
	}
}

// checkRelabelled warns of ports to which a row gives another label than the port list.
func (r *reading) checkRelabelled(row flowRow) {
	for _, o := range row.options {
		if o.label == "" || len(row.destinations) > 1 {
			continue
		}
		for _, e := range row.destinations[0] {
			dealt := r.listenersAt(e.id, o.ports)
			for _, listener := range dealt.sorted() {
				c := r.components[listener]
				if !c.isLabelled() {
					continue
				}
				has := slices.ContainsFunc(c.options, func(listed option) bool { return listed.label == o.label && containsAll(listed.ports, dealt[listener]) })
				other := slices.IndexFunc(c.options, func(listed option) bool { return containsAll(listed.ports, dealt[listener]) })
				if !has && other >= 0 {
					r.notes.add(row.place, "%s of %s is of %s here, and of %s in the port list", dealt[listener], listener, o.label, c.options[other].label)
				}
			}
		}
	}
}

// choosesMethod reports whether two options of a row, or more, are of one
// component that the list labels. One of it beside options of others is no choice
// between its labels.
func (r *reading) choosesMethod(row flowRow) bool {
	for _, e := range row.destinations[0] {
		options := map[string]int{}
		for _, o := range row.options {
			for listener := range r.listenersAt(e.id, o.ports) {
				if options[listener]++; options[listener] > 1 && r.components[listener].isLabelled() {
					return true
				}
			}
		}
	}
	return false
}

// isLabelled reports whether the port list labels the component's ports.
func (c *component) isLabelled() bool {
	return c != nil && c.listed && len(c.options) > 1 && c.options[0].label != ""
}

// takeLabel gives an option the label of the component's listed option that has
// its ports, and reports whether there is no fault.
func (r *reading) takeLabel(o *option, c *component, ports matrix.Ports, row flowRow) bool {
	if !c.isLabelled() {
		return true
	}
	matches := slices.DeleteFunc(slices.Clone(c.options), func(listed option) bool { return !listed.ports.Equal(ports) })
	if len(matches) == 0 {
		matches = slices.DeleteFunc(slices.Clone(c.options), func(listed option) bool { return !containsAll(listed.ports, ports) })
	}
	if len(matches) == 1 && (o.label == "" || o.label == matches[0].label) {
		o.label, o.method = matches[0].label, matches[0].method
		return true
	}
	how := "none of them"
	if len(matches) > 0 {
		how = "several of them"
	}
	if len(matches) == 1 {
		how = fmt.Sprintf("%s, and another port of the same alternative is of %s", matches[0].label, o.label)
	}
	r.faults.add(row.place, &refusal.Error{
		Summary: "Alternative without a label",
		Found:   row.portCell.found("%s lists %s with %s, and %s is of %s", c.place.text, slices.Min(c.names), spell(c.options), ports, how),
		Remedy:  "Give each alternative the ports of one label, or write the labels in the row too",
	})
	return false
}
