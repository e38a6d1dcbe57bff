// Command guide writes the guide "What the vendor's page says, and what is true"
// in English and in French from the editions, the errata and the open points, so that it cannot say
// something else than the provider does.
package main

import (
	"cmp"
	_ "embed" // the guide's words
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/template"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("usage: guide FILE FRENCH-FILE")
	}
	for i, in := range []report.Language{report.English, report.French} {
		text, err := guide(in)
		if err != nil {
			return err
		}
		if err := os.WriteFile(arguments[i], []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

//go:embed guide.md.tmpl
var englishWords string

// guide returns the guide in Markdown, in a language.
func guide(in report.Language) (string, error) {
	functions := template.FuncMap{
		"code": code, "codes": codes, "join": strings.Join, "sentence": sentence, "alone": alone, "upstream": upstream,
		"french": french, "subject": frenchSubject,
	}
	words, errata := englishWords, edition.Errata()
	if in == report.French {
		words, errata = frenchWords, inFrench(errata)
	}
	t, err := template.New("guide").Funcs(functions).Parse(words)
	if err != nil {
		return "", err
	}
	terms, err := vocabulary(edition.All())
	if err != nil {
		return "", err
	}
	var applied, reported []edition.Erratum
	for _, e := range errata {
		if e.IsReported() {
			reported = append(reported, e)
		} else {
			applied = append(applied, e)
		}
	}
	var text strings.Builder
	err = t.Execute(&text, map[string]any{
		"Default":     edition.DefaultVersion,
		"Editions":    edition.All(),
		"Applied":     applied,
		"Reported":    reported,
		"OpenPoints":  edition.OpenPoints(),
		"Memberships": edition.Memberships(),
		"Terms":       terms,
	})
	return text.String(), err
}

// code shows a text as Markdown's code.
func code(text string) string { return "`" + text + "`" }

func codes(texts []string) string {
	shown := make([]string, 0, len(texts))
	for _, text := range texts {
		shown = append(shown, code(text))
	}
	return strings.Join(shown, ", ")
}

// sentence begins a text with a capital letter.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// alone reports whether a line corrects one erratum and no other.
func alone(remedy string) bool { return !strings.HasPrefix(remedy, "corrections") }

func upstream(c edition.Confidence) bool { return c == edition.UpstreamDefault }

// term is what an id is called by the editions, and what it means.
type term struct {
	ID      string
	Kind    string
	Names   []string // the page's words, those of the oldest edition first
	Meaning string   // from the newest edition that says it
}

// vocabulary returns the components and the endpoints of all editions, sorted
// by id.
func vocabulary(editions []edition.Edition) ([]term, error) {
	terms := map[string]*term{}
	add := func(id, kind string, names ...string) *term {
		t, ok := terms[id]
		if !ok {
			t = &term{ID: id, Kind: kind}
			terms[id] = t
		}
		for _, name := range names {
			if !slices.Contains(t.Names, name) {
				t.Names = append(t.Names, name)
			}
		}
		return t
	}
	for _, e := range editions {
		m, err := e.Matrix()
		if err != nil {
			return nil, err
		}
		for c := range m.Components() {
			t := add(c.ID, "component", c.Name)
			t.Meaning = cmp.Or(c.Description, t.Meaning)
		}
		for end := range m.Endpoints() {
			names := end.FQDNs
			if len(names) == 0 {
				names = []string{end.Name}
			}
			t := add(end.ID, end.Kind.String(), names...)
			if t.Kind != "component" {
				t.Meaning = cmp.Or(end.Definition, t.Meaning, whatFor(m, end.ID))
			}
		}
	}
	return slices.SortedFunc(func(yield func(term) bool) {
		for _, t := range terms {
			if !yield(*t) {
				return
			}
		}
	}, func(a, b term) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// whatFor returns what an endpoint is for by the first of its rows: the page's
// glossary lacks some.
func whatFor(m *matrix.Matrix, endpoint string) string {
	for f := range m.Flows() {
		if m.EndpointAt(f.Source) == endpoint || m.EndpointAt(f.Destination) == endpoint {
			return f.Description.String()
		}
	}
	return ""
}
