package page

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// findLabels collects the page's labels. A label on the only option of a cell
// may be a remark, "TCP/443 (HTTPS)": unless the vocabulary has it, or another
// cell offers it as a choice, it is one.
func (r *reading) findLabels() {
	r.labelRows()
	labels := map[string]bool{}
	for _, t := range labelTerms {
		labels[t.id] = true
	}
	cells := map[int][]option{} // by line
	for _, c := range r.components {
		cells[c.line] = c.options
	}
	for _, row := range r.rows {
		cells[row.line] = row.options
	}
	for _, options := range cells {
		if len(options) > 1 {
			for _, o := range options {
				labels[o.label] = true
			}
		}
	}
	delete(labels, "")
	for _, line := range slices.Sorted(maps.Keys(cells)) {
		options := cells[line]
		for i, o := range options {
			switch {
			case labels[o.label]:
				r.labels[o.label] = true
			case o.label != "":
				r.notes.add(line, "the remark (%s) beside a port was ignored", o.label)
				options[i].label = ""
			}
		}
	}
}

// labelled is the alternative that the page's labels make: how Canopsis was
// installed is one choice for the whole page. It has no default, so its order
// says nothing.
func (r *reading) labelled() matrix.Alternative {
	return matrix.NewAlternative(true, slices.Sorted(maps.Keys(r.labels))...)
}

// labelRows gives the options of a row the labels that the port list has for
// the same ports. The vendor writes them there alone: its list says "TCP/80,443
// (installation via Docker) ou TCP/8080,8443 (via paquets)", its rows say
// "TCP/80,443 ou TCP/8080,8443". What listens outside Canopsis keeps its own.
func (r *reading) labelRows() {
	listed := map[string]map[string]string{} // options without labels, spelt → their labels, by ports
	for _, c := range r.components {
		if len(c.options) < 2 || c.options[0].label == "" {
			continue
		}
		labels := map[string]string{}
		var bare []option
		for _, o := range c.options {
			labels[o.ports.String()] = o.label
			bare = append(bare, option{ports: o.ports})
		}
		key := spell(bare)
		if other, ok := listed[key]; len(labels) < len(bare) || ok && !maps.Equal(other, labels) {
			labels = nil // the ports do not tell which label is meant
		}
		listed[key] = labels
	}
	for _, row := range r.rows {
		if len(row.destinations) > 1 || slices.ContainsFunc(row.destinations[0], func(e end) bool { return !r.sides[e.id].host }) {
			continue
		}
		if labels := listed[spell(row.options)]; labels != nil {
			for i, o := range row.options {
				row.options[i].label = labels[o.ports.String()]
			}
		}
	}
}
