package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Mermaid returns the report as a flowchart. What listens is a node of its own
// between whoever connects and where it runs: a layout program keeps nodes apart,
// but lets the labels of arrows lie over each other.
func (r Report) Mermaid() string {
	s := r.sheet()
	sources := make(map[string][]string)
	var services []service
	ends := make(map[string]bool)
	for _, f := range s.flows {
		to := service{f.Destination, f.Component, f.Ports}
		if sources[to.node()] == nil {
			services = append(services, to)
		}
		sources[to.node()] = append(sources[to.node()], f.Source)
		ends[f.Source], ends[f.Destination] = true, true
	}
	slices.SortFunc(services, func(a, b service) int { return strings.Compare(a.node(), b.node()) })
	var chart strings.Builder
	chart.WriteString("flowchart LR\n")
	for _, id := range slices.Sorted(maps.Keys(ends)) {
		open, shut := shape(r.Endpoints[id].Kind)
		chart.WriteString("  " + node(id) + open + `"` + label(r.heading(id)) + `"` + shut + "\n")
	}
	for _, to := range services {
		fmt.Fprintf(&chart, "  %s>\"%s\"]\n", to.node(), label([]string{to.component, s.words.ports(to.ports)}))
	}
	for _, to := range services {
		var from []string
		for _, id := range slices.Compact(slices.Sorted(slices.Values(sources[to.node()]))) {
			from = append(from, node(id))
		}
		fmt.Fprintf(&chart, "  %s --- %s --> %s\n", strings.Join(from, " & "), to.node(), node(to.destination))
	}
	return chart.String()
}

// service is what listens at one place on some ports.
type service struct {
	destination, component string
	ports                  matrix.Ports
}

// node names the service by what it is, so that two versions of a picture differ
// only where the deployment does.
func (to service) node() string {
	name := "p_" + to.destination + "__" + to.component
	for r := range to.ports.All() {
		name += "__" + strings.NewReplacer("-", "_", "/", "_").Replace(r.Key())
	}
	return spelt(name)
}

// shape returns the brackets of a node: what it is shows without colour.
func shape(kind matrix.Kind) (open, shut string) {
	switch kind {
	case matrix.Actor:
		return "([", "])"
	case matrix.External:
		return "[/", "/]"
	case matrix.Relay:
		return "{{", "}}"
	case matrix.Host:
	}
	return "[", "]"
}

// node keeps ids apart from Mermaid's own words ("end").
func node(id string) string { return "n_" + spelt(id) }

// spelt spells what no name of a node may hold.
func spelt(name string) string {
	var text strings.Builder
	for _, r := range name {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			text.WriteRune(r)
		} else {
			fmt.Fprintf(&text, "_u%04X_", r)
		}
	}
	return text.String()
}

var mermaidEscapes = strings.NewReplacer(
	`"`, "#quot;", "<", "#lt;", ">", "#gt;", "#", "#35;", "&", "#amp;", "`", "#96;", `\`, "#92;", "*", "#42;", "[", "#91;", "]", "#93;", "|", "#124;",
)

// label writes lines of text. Mermaid reads Markdown in labels: what stands at
// the border of a word, or begins a list, is spelt.
func label(lines []string) string {
	escaped := make([]string, 0, len(lines))
	for _, line := range lines {
		words := strings.Fields(visible(line))
		for i, word := range words {
			word = mermaidEscapes.Replace(word)
			if inner := strings.Trim(word, "_"); inner != word {
				word = strings.ReplaceAll(word, "_", "#95;")
			}
			if i == 0 && strings.Trim(word, "0123456789") != word || word == "-" || word == "+" {
				word = strings.NewReplacer(".", "#46;", ")", "#41;", "-", "#45;", "+", "#43;").Replace(word)
			}
			words[i] = word
		}
		escaped = append(escaped, strings.Join(words, " "))
	}
	return strings.Join(escaped, "<br/>")
}
