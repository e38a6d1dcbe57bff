// Package page reads the vendor's page, with its port list and its tables of
// flows, into a Matrix: in Markdown as its sources have it, or in HTML as the
// documentation's web server sends it. It is the one way into the core: the
// embedded editions and a user's own copy pass through the same Parse.
//
// A page is read in four steps. text.go gives it one spelling. blocks.go (for
// Markdown, with code.go for code in it, markdown.go for what stands in a line and
// markdown_html.go for HTML among it) and html.go (with html_text.go and
// html_table.go) walk it and hand headings, text, tables and lists to outline.go,
// columns.go, cells.go, headings.go and passages.go, which make one document of
// either form; denial.go knows words that deny. rows.go, names.go, remarks.go,
// separators.go and ports.go read the rows of its tables; deal.go, labels.go,
// hosts.go, flows.go and glossary.go make components, endpoints, choices and flows
// of them. known_ports.go has what the published editions have, to notice what none
// of them has.
package page

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Page is what Parse read.
type Page struct {
	Matrix *matrix.Matrix
	// Warnings say what was ignored (columns, tables, sections), which names are
	// outside the vocabulary, and which ports no edition has, in the order of the
	// page.
	Warnings []Warning
}

// Warning is something that a reader of the page should know about.
type Warning struct {
	// Place is where it stands: "line 19" of Markdown, from 1, in the text as
	// given; "table 2, row 3" of HTML, both from 1, without the header row. It is
	// empty where the warning is about the whole page.
	Place string
	Text  string
}

// Parse reads the vendor's page. Its errors are an *refusal.Errors with every
// fault of the page, each with its place, its column's title and the cell, or one
// *refusal.Error where the text is not a page at all.
func Parse(text string) (*Page, error) {
	clean, err := cleaned(text)
	if err != nil {
		return nil, err
	}
	o := newOutline()
	if isHTML(clean) {
		readHTML(clean, o)
	} else {
		readMarkdown(clean, o)
	}
	if !o.finish() {
		return nil, o.faults.err()
	}
	m := newReading(o.doc, o.faults, o.notes).matrix()
	if err := o.faults.err(); err != nil {
		return nil, err
	}
	return &Page{Matrix: m, Warnings: o.notes.list()}, nil
}
