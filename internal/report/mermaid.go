package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Mermaid returns the report as a flowchart: the endpoints, and one arrow for
// each pair of them with what is opened on it.
func (r Report) Mermaid() string {
	w := words()[r.Language]
	type pair struct{ source, destination string }
	labels := make(map[pair][]string)
	ends := make(map[string]bool)
	for _, f := range r.sorted() {
		p := pair{f.Source, f.Destination}
		labels[p] = append(labels[p], f.Component+w.colon+w.ports(f.Ports))
		ends[f.Source], ends[f.Destination] = true, true
	}
	var chart strings.Builder
	chart.WriteString("flowchart LR\n")
	for _, id := range slices.Sorted(maps.Keys(ends)) {
		open, shut := shape(r.Endpoints[id].Kind)
		chart.WriteString("  " + node(id) + open + `"` + label(r.heading(id)) + `"` + shut + "\n")
	}
	pairs := slices.SortedFunc(maps.Keys(labels), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.destination, b.destination))
	})
	for _, p := range pairs {
		chart.WriteString("  " + node(p.source) + ` -->|"` + label(labels[p]) + `"| ` + node(p.destination) + "\n")
	}
	return chart.String()
}

// shape returns the brackets of a node: what it is shows without colour.
func shape(kind string) (open, shut string) {
	switch kind {
	case "actor":
		return "([", "])"
	case "external":
		return "[/", "/]"
	case "relay":
		return "{{", "}}"
	}
	return "[", "]"
}

// node keeps ids apart from Mermaid's own words ("end").
func node(id string) string { return "n_" + id }

var mermaidEscapes = strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "#", "#35;", "\n", " ", "\r", " ", "`", "'")

// label writes lines of text.
func label(lines []string) string {
	escaped := make([]string, 0, len(lines))
	for _, line := range lines {
		escaped = append(escaped, mermaidEscapes.Replace(line))
	}
	return strings.Join(escaped, "<br/>")
}
