// Package pagewriter prints a matrix as a page in the vendor's format. Tests read
// such pages back; nothing else writes French.
package pagewriter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// writer prints one matrix.
type writer struct{ *matrix.Matrix }

// Write prints a matrix as a page in the vendor's format: a port list, tables of
// flows, a glossary. A matrix that was read from a page reads back equal. What a
// page cannot say (relays, corrections, places that differ from the page's) is
// printed as if the page drew it where it is.
func Write(of *matrix.Matrix) string {
	m := writer{of}
	var page strings.Builder
	page.WriteString("# Matrice des flux réseau\n\n## Liste des ports Canopsis\n\n")
	writeRow(&page, "Composant", "Description", "Port")
	writeRow(&page, "-", "-", "-")
	for c := range m.Components() {
		if c.Listed {
			writeRow(&page, escape(c.Name), note(escape(c.Description), c.Optional, "optionnel"), spellOffers(c.Offers))
		}
	}
	page.WriteString("\n## Matrice des flux\n")
	rows := m.pageRows()
	// A host name that is not the vendor's is a repository under this heading alone.
	toRepositories := func(group []matrix.Flow) bool {
		return slices.ContainsFunc(group, func(f matrix.Flow) bool { return m.EndpointAt(f.Destination) == matrix.PackageRepositories })
	}
	others := slices.DeleteFunc(slices.Clone(rows), toRepositories)
	m.writeTable(&page, others)
	if len(others) < len(rows) {
		page.WriteString("\n### Installation / Accès aux livrables\n")
		m.writeTable(&page, slices.DeleteFunc(rows, func(group []matrix.Flow) bool { return !toRepositories(group) }))
	}
	page.WriteString("\n## Définition des objets\n\n")
	for e := range m.Endpoints() {
		if e.Definition != "" {
			fmt.Fprintf(&page, "- %s : %s\n", escape(e.Name), escape(e.Definition))
		}
	}
	return page.String()
}

// writeTable writes a table of flows.
func (m writer) writeTable(page *strings.Builder, rows [][]matrix.Flow) {
	page.WriteString("\n")
	writeRow(page, "Source", "Destination", "Port", "Description")
	writeRow(page, "-", "-", "-", "-")
	for _, group := range rows {
		m.writeFlows(page, group)
	}
}

// pageRows groups the flows that a page has to say in one row: the options of
// an alternative, which exclude each other, and what opens the same ports at
// several destinations, which the page lists side by side.
func (m writer) pageRows() [][]matrix.Flow {
	type rowKey struct {
		source, component, ports, alternative string
		viaProxy, configurationDependent      bool
	}
	groups := map[rowKey][]matrix.Flow{}
	var order []rowKey
	for f := range m.Flows() {
		key := rowKey{
			source:                 m.EndpointAt(f.Source),
			alternative:            f.Alternative,
			viaProxy:               f.ViaProxy,
			configurationDependent: f.ConfigurationDependent,
		}
		if f.Alternative == "" {
			key.component, key.ports = f.Component, f.Ports.String()
		}
		if _, ok := groups[key]; !ok {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	rows := make([][]matrix.Flow, 0, len(order))
	for _, key := range order {
		rows = append(rows, groups[key])
	}
	return rows
}

// writeFlows writes one group of pageRows, in several rows where its options
// have several destinations.
func (m writer) writeFlows(page *strings.Builder, flows []matrix.Flow) {
	first := flows[0]
	alternative, _ := m.alternative(first.Alternative)
	switch {
	case first.Alternative == "":
		var destinations []string
		for _, f := range flows {
			destinations = append(destinations, m.pageName(f, flows))
		}
		m.writeFlow(page, flows, strings.Join(destinations, ", "), spellPorts(first.Ports))
	case alternative.Labelled:
		for _, at := range m.byDestinationAndNote(flows) {
			var offers []matrix.Offer
			for _, option := range alternative.Options {
				if ports := portsOf(at, option); !ports.IsEmpty() {
					offers = append(offers, matrix.Offer{Option: option, Ports: ports})
				}
			}
			m.writeFlow(page, at, m.pageName(at[0], at), spellOffers(offers))
		}
	default:
		m.writeChoice(page, alternative, flows)
	}
}

// writeChoice writes rows with "ou". Each row takes one destination of each
// option; an option with fewer destinations than others repeats its last.
func (m writer) writeChoice(page *strings.Builder, alternative matrix.Alternative, flows []matrix.Flow) {
	var options [][][]matrix.Flow // by option, then by destination
	rows := 0
	for _, option := range alternative.Options {
		at := m.byDestination(slices.DeleteFunc(slices.Clone(flows), func(f matrix.Flow) bool { return f.Option != option }))
		if len(at) > 0 {
			options = append(options, at)
			rows = max(rows, len(at))
		}
	}
	for i := range rows {
		var destinations, ports []string
		var said []matrix.Flow
		for _, at := range options {
			said = append(said, at[min(i, len(at)-1)]...)
		}
		for _, at := range options {
			chosen := at[min(i, len(at)-1)]
			destinations = append(destinations, m.pageName(chosen[0], said))
			ports = append(ports, spellPorts(portsOf(chosen, chosen[0].Option)))
		}
		if len(slices.Compact(slices.Clone(destinations))) == 1 {
			destinations = destinations[:1]
		}
		m.writeFlow(page, said, strings.Join(destinations, " ou "), strings.Join(ports, " ou "))
	}
}

// byDestination groups flows by the endpoint at which they end.
func (m writer) byDestination(flows []matrix.Flow) [][]matrix.Flow {
	var groups [][]matrix.Flow
	for _, f := range flows {
		i := slices.IndexFunc(groups, func(group []matrix.Flow) bool {
			return m.EndpointAt(group[0].Destination) == m.EndpointAt(f.Destination)
		})
		if i < 0 {
			groups = append(groups, []matrix.Flow{f})
			continue
		}
		groups[i] = append(groups[i], f)
	}
	slices.SortFunc(groups, func(a, b []matrix.Flow) int {
		return cmp.Compare(m.EndpointAt(a[0].Destination), m.EndpointAt(b[0].Destination))
	})
	return groups
}

// byDestinationAndNote groups flows by the endpoint at which they end, and those
// of one endpoint by whether they are optional: a row says that of all its ports.
func (m writer) byDestinationAndNote(flows []matrix.Flow) [][]matrix.Flow {
	var groups [][]matrix.Flow
	for _, at := range m.byDestination(flows) {
		for _, optional := range []bool{false, true} {
			group := slices.DeleteFunc(slices.Clone(at), func(f matrix.Flow) bool { return f.Optional != optional })
			if len(group) > 0 {
				groups = append(groups, group)
			}
		}
	}
	return groups
}

func portsOf(flows []matrix.Flow, option string) matrix.Ports {
	var ports matrix.Ports
	for _, f := range flows {
		if f.Option == option {
			ports = ports.Union(f.Ports)
		}
	}
	return ports
}

func (m writer) alternative(id string) (matrix.Alternative, bool) {
	for a := range m.Alternatives() {
		if a.ID == id {
			return a, true
		}
	}
	return matrix.Alternative{}, false
}

func (m writer) writeFlow(page *strings.Builder, flows []matrix.Flow, destination, ports string) {
	source, _ := m.Endpoint(m.EndpointAt(flows[0].Source))
	var descriptions []string
	for _, f := range flows {
		if text := f.Description.String(); text != "" && !slices.Contains(descriptions, text) {
			descriptions = append(descriptions, text)
		}
	}
	description := escape(strings.Join(descriptions, " ; "))
	description = note(description, flows[0].ViaProxy, "Utilisation possible à travers un proxy")
	description = note(description, flows[0].ConfigurationDependent, "dépendant de la configuration")
	description = note(description, allOptional(flows), "optionnel")
	writeRow(page, escape(source.Name), destination, ports, description)
}

// pageName names a flow's destination; where only some flows of its row are
// optional, those that are say so beside the name.
func (m writer) pageName(f matrix.Flow, row []matrix.Flow) string {
	e, _ := m.Endpoint(m.EndpointAt(f.Destination))
	optional := f.Optional && !allOptional(row)
	if len(e.FQDNs) == 0 {
		return note(escape(e.Name), optional, "optionnel")
	}
	names := make([]string, 0, len(e.FQDNs))
	for _, host := range e.FQDNs {
		names = append(names, note("`"+host+"`", optional, "optionnel"))
	}
	return strings.Join(names, ", ")
}

func allOptional(flows []matrix.Flow) bool {
	return !slices.ContainsFunc(flows, func(f matrix.Flow) bool { return !f.Optional })
}

func note(text string, says bool, words string) string {
	if !says {
		return text
	}
	return strings.TrimSpace(text + " (" + words + ")")
}

// spellOffers writes ports with the labels of their options.
func spellOffers(offers []matrix.Offer) string {
	texts := make([]string, 0, len(offers))
	for _, o := range offers {
		texts = append(texts, note(spellPorts(o.Ports), o.Option != "", o.Option))
	}
	return strings.Join(texts, " ou ")
}

// spellPorts writes ports as the page does: TCP/80,443, UDP/162.
func spellPorts(ports matrix.Ports) string {
	var texts []string
	for _, protocol := range []matrix.Protocol{matrix.TCP, matrix.UDP} {
		var numbers []string
		for r := range ports.All() {
			if r.Protocol() == protocol {
				_, number, _ := strings.Cut(r.String(), "/")
				numbers = append(numbers, number)
			}
		}
		if len(numbers) > 0 {
			texts = append(texts, strings.ToUpper(protocol.String())+"/"+strings.Join(numbers, ","))
		}
	}
	return strings.Join(texts, ", ")
}

func writeRow(page *strings.Builder, cells ...string) {
	page.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// markdown escapes what Markdown would read as its own.
var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "|", `\|`, "!", `\!`,
)

func escape(text string) string { return markdown.Replace(text) }
