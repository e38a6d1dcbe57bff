// Package report writes a deployment's flows for the people who approve
// firewall openings: as a Markdown document, as a CSV table, as a web page, as a
// picture and as a Mermaid diagram, in English or in French.
//
// The order is fixed, so that two versions of a report differ only where the
// deployment does.
package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
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

// String returns the language as HTML and users write it: en, fr.
func (l Language) String() string {
	if int(l) < len(languageNames) {
		return languageNames[l]
	}
	return "invalid"
}

// Report is what is written.
type Report struct {
	Language  Language
	Provider  string // version of this product; empty where it has none
	Edition   string // version of the edition; empty for a user's own page
	Flows     []deployment.Flow
	Endpoints map[string]matrix.Endpoint // by id; an end that is missing is shown by its id
	Errata    []deployment.Finding       // those that touch the deployment
	// Filtered says that the deployment has flows which this report leaves out:
	// it then leaves out their errata too.
	Filtered bool

	Addresses map[string]Addresses // by endpoint
	Bound     bool                 // bindings were given: an endpoint without any is not bound
	Enforced  []Enforced           // what targets make of the flows
	Audits    []Audited            // what is there, compared with what targets make of the flows
	Before    *Report              // another deployment, since which changes are shown; nil: none
	since     *audit.Diff          // what diff returned, for a report that is written in parts; nil: not yet
	Request   Request              // the form before the flows; empty: none
	Table     CSVForm              // how CSV is written
}

// diff compares the report with the other deployment, which is given.
func (r Report) diff() *audit.Diff {
	if r.since != nil {
		return r.since
	}
	return Compare(*r.Before, r, nil).Diff
}

// sorted returns the flows by purpose, in the order in which an installation
// needs them, and then by id.
func (r Report) sorted() []deployment.Flow {
	return slices.SortedFunc(slices.Values(r.Flows), func(a, b deployment.Flow) int {
		return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.ID, b.ID))
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
	return cmp.Or(nameIn(r.Language, id, r.Endpoints[id].Name), id)
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

// listedErrata returns the errata of the flows that the report lists. What a
// correction would add or has taken away is no flow of the deployment: such an
// erratum is listed where nothing is left out, and else where both ends are.
func (r Report) listedErrata() []deployment.Finding {
	flows, ends := make(map[string]bool), make(map[string]bool)
	for _, f := range r.Flows {
		flows[f.ID], ends[f.Source], ends[f.Destination] = true, true, true
	}
	concerns := func(id string) bool {
		if flows[id] {
			return true
		}
		source, rest, _ := strings.Cut(id, "-to-")
		destination, _, _ := strings.Cut(rest, "-") // ids have no hyphen
		return ends[source] && ends[destination]
	}
	var listed []deployment.Finding
	for _, e := range r.Errata {
		if !r.Filtered || len(e.Flows) == 0 || slices.ContainsFunc(e.Flows, concerns) {
			listed = append(listed, e)
		}
	}
	return listed
}
