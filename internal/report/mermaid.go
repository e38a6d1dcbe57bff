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
	type service struct{ destination, component, ports string }
	sources := make(map[service][]string)
	ends := make(map[string]bool)
	for _, f := range s.flows {
		to := service{f.Destination, f.Component, s.words.ports(f.Ports)}
		sources[to] = append(sources[to], f.Source)
		ends[f.Source], ends[f.Destination] = true, true
	}
	services := slices.SortedFunc(maps.Keys(sources), func(a, b service) int {
		return strings.Compare(a.destination+"\x00"+a.component+"\x00"+a.ports, b.destination+"\x00"+b.component+"\x00"+b.ports)
	})
	var chart strings.Builder
	chart.WriteString("flowchart LR\n")
	for _, id := range slices.Sorted(maps.Keys(ends)) {
		open, shut := shape(r.Endpoints[id].Kind)
		chart.WriteString("  " + node(id) + open + `"` + label(r.heading(id)) + `"` + shut + "\n")
	}
	for i, to := range services {
		fmt.Fprintf(&chart, "  p%d>\"%s\"]\n", i+1, label([]string{to.component, to.ports}))
	}
	for i, to := range services {
		slices.Sort(sources[to])
		from := make([]string, 0, len(sources[to]))
		for _, id := range slices.Compact(sources[to]) {
			from = append(from, node(id))
		}
		fmt.Fprintf(&chart, "  %s --- p%d --> %s\n", strings.Join(from, " & "), i+1, node(to.destination))
	}
	return chart.String()
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

// node keeps ids apart from Mermaid's own words ("end"), and spells what no id
// may hold.
func node(id string) string {
	var name strings.Builder
	name.WriteString("n_")
	for _, r := range id {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			name.WriteRune(r)
		} else {
			fmt.Fprintf(&name, "_u%04X_", r)
		}
	}
	return name.String()
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
