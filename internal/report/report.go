// Package report writes a deployment's flows for the people who approve
// firewall openings: as a Markdown document, as a CSV table, as a Mermaid diagram
// and as a picture, in English or in French.
//
// The order is fixed, so that two versions of a report differ only where the
// deployment does.
package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Language is the language of a report: of its headings, and of the names and
// descriptions that the vendor's page and this product have. A user's own stay as
// they are.
type Language uint8

// The languages. The zero value is English.
const (
	English Language = iota
	French
)

var languageNames = []string{"en", "fr"}

// ParseLanguage reads "en" or "fr".
func ParseLanguage(at refusal.Path, text string) (Language, error) {
	if i := slices.Index(languageNames, text); i >= 0 {
		return Language(i), nil
	}
	return English, refusal.Unknown(at, text, "a language of the reports", languageNames)
}

// Report is what is written.
type Report struct {
	Language  Language
	Edition   string // version of the edition; empty for a user's own page
	Flows     []Flow
	Endpoints map[string]Endpoint // by id; an end that is missing is shown by its id
	Errata    []Erratum           // those that touch the deployment
}

// Flow is one line of a report.
type Flow struct {
	ID                     string
	Source, Destination    string // endpoint ids
	Component              string
	Ports                  matrix.Ports
	Purpose                string // as users read it
	Description            string // the justification
	Origin                 string // as users read it
	ViaProxy               bool
	ConfigurationDependent bool
	Optional               bool
}

// Endpoint is what a report knows of an end.
type Endpoint struct {
	Name      string
	Kind      string // actor, host, relay or external
	FQDNs     []string
	Addresses []string // CIDRs, with their names where they have any; from bindings
}

// Erratum is what a report says of an error of the page.
type Erratum struct {
	ID                   string
	Flows                []string // ids of the flows that it changes
	Published, Corrected string
	Reason               string
	Applied              bool
}

// sorted returns the flows by purpose, in the order in which an installation
// needs them, and then by id.
func (r Report) sorted() []Flow {
	order := make(map[string]int)
	for i, p := range matrix.Purposes() {
		order[p.String()] = i
	}
	return slices.SortedFunc(slices.Values(r.Flows), func(a, b Flow) int {
		return cmp.Or(cmp.Compare(order[a.Purpose], order[b.Purpose]), cmp.Compare(a.ID, b.ID))
	})
}

// end returns an end's name, and its id where that is another word.
func (r Report) end(id string) string {
	if name := r.name(id); name != id {
		return name + " (" + id + ")"
	}
	return id
}

// name returns an end's name in the report's language.
func (r Report) name(id string) string {
	return cmp.Or(words()[r.Language].name(r.Endpoints[id].Name), id)
}

// heading returns an end's name for a picture, with its id on a second line
// where it is not the name in small letters.
func (r Report) heading(id string) []string {
	name := r.name(id)
	if strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(name)) == id {
		return []string{name}
	}
	return []string{name, id}
}

// addresses returns an end's addresses and host names.
func (r Report) addresses(id string) string {
	e := r.Endpoints[id]
	return strings.Join(slices.Concat(e.Addresses, e.FQDNs), ", ")
}

// notes returns what else there is to know about a flow, which errata touch.
func (r Report) notes(f Flow, errata []Erratum) string {
	w := words()[r.Language]
	var notes []string
	for _, note := range []struct {
		is   bool
		text string
	}{
		{f.ViaProxy, w.viaProxy},
		{f.ConfigurationDependent, w.configurationDependent},
		{f.Optional, w.optional},
	} {
		if note.is {
			notes = append(notes, note.text)
		}
	}
	for _, e := range errata {
		notes = append(notes, w.erratum+" "+e.ID+" ("+w.state(e)+")")
	}
	return strings.Join(notes, w.semicolon)
}

// columns returns the titles of a table, and rows the cells of its flows.
func (r Report) columns() []string { return words()[r.Language].columns }

func (r Report) rows(flows []Flow) [][]string {
	w := words()[r.Language]
	touching := make(map[string][]Erratum)
	for _, e := range r.Errata {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(e.Flows))) {
			touching[id] = append(touching[id], e)
		}
	}
	rows := make([][]string, 0, len(flows))
	for _, f := range flows {
		rows = append(rows, []string{
			f.ID,
			r.end(f.Source), r.addresses(f.Source),
			r.end(f.Destination), r.addresses(f.Destination),
			f.Component,
			w.ports(f.Ports),
			w.purpose(f.Purpose),
			w.translate(f.Description),
			w.origin(f.Origin),
			r.notes(f, touching[f.ID]),
		})
	}
	return rows
}

// ports writes port specs as people do: "TCP 8080, 8443".
func (v vocabulary) ports(p matrix.Ports) string {
	var text strings.Builder
	var before matrix.Protocol
	for r := range p.All() {
		switch {
		case r.Protocol() != before && before.Valid():
			text.WriteString(v.semicolon + strings.ToUpper(r.Protocol().String()) + " ")
		case r.Protocol() != before:
			text.WriteString(strings.ToUpper(r.Protocol().String()) + " ")
		default:
			text.WriteString(", ")
		}
		before = r.Protocol()
		_, numbers, _ := strings.Cut(r.String(), "/")
		text.WriteString(numbers)
	}
	return text.String()
}
