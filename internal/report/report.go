// Package report writes a deployment's flows for the people who approve
// firewall openings: as a Markdown document, as a CSV table and as a Mermaid
// diagram, in English or in French.
//
// The order is fixed, so that two versions of a report differ only where the
// deployment does.
package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Language is the language of headings and fixed words. Names and descriptions
// that come from a user's page or configuration stay as they are.
type Language uint8

// The languages. The zero value is English.
const (
	English Language = iota
	French
)

var languageNames = []string{"en", "fr"}

// ParseLanguage reads "en" or "fr".
func ParseLanguage(at input.Path, text string) (Language, error) {
	if i := slices.Index(languageNames, text); i >= 0 {
		return Language(i), nil
	}
	return English, input.Unknown(at, text, "a language of the reports", languageNames)
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

// end returns an end's name, with its id where the name says something else.
func (r Report) end(id string) string {
	e, ok := r.Endpoints[id]
	if !ok || e.Name == "" || e.Name == id {
		return id
	}
	return e.Name + " (" + id + ")"
}

// addresses returns an end's addresses and host names.
func (r Report) addresses(id string) string {
	e := r.Endpoints[id]
	return strings.Join(slices.Concat(e.Addresses, e.FQDNs), ", ")
}

// notes returns what else there is to know about a flow.
func (r Report) notes(f Flow) string {
	w := words[r.Language]
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
	for _, e := range r.Errata {
		if !slices.Contains(e.Flows, f.ID) {
			continue
		}
		state := w.notApplied
		if e.Applied {
			state = w.applied
		}
		notes = append(notes, w.erratum+" "+e.ID+" ("+state+")")
	}
	return strings.Join(notes, "; ")
}

// columns returns the titles of a table, and cells the contents of its rows.
func (r Report) columns() []string { return words[r.Language].columns }

func (r Report) cells(f Flow) []string {
	w := words[r.Language]
	return []string{
		f.ID,
		r.end(f.Source), r.addresses(f.Source),
		r.end(f.Destination), r.addresses(f.Destination),
		f.Component,
		ports(f.Ports),
		w.purpose(f.Purpose),
		w.describe(f.Description),
		w.origin(f.Origin),
		r.notes(f),
	}
}

// ports writes port specs as people do: "TCP 8080, 8443".
func ports(p matrix.Ports) string {
	var text strings.Builder
	var before matrix.Protocol
	for r := range p.All() {
		switch {
		case r.Protocol() != before && before.Valid():
			text.WriteString("; " + strings.ToUpper(r.Protocol().String()) + " ")
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
