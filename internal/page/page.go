// Package page reads the vendor's page, French Markdown with a port list and a
// table of flows, into a Matrix. It is the one way into the core: the embedded
// editions and a user's own copy pass through the same Parse.
//
// A page is read in four steps, each in its own files: text.go gives it one
// spelling, document.go finds the tables, ports.go and rows.go read their rows,
// and hosts.go, labels.go, flows.go and glossary.go make endpoints, components,
// alternatives and flows of them.
package page

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Page is what Parse read.
type Page struct {
	Matrix *matrix.Matrix
	// Warnings tell what was ignored (columns, tables, sections) and which names
	// are outside the vocabulary, in the order of the page.
	Warnings []Warning
}

// Warning is something that a reader of the page should know about.
type Warning struct {
	Line int // from 1, in the text as given; 0 where it is about the whole page
	Text string
}

// Parse reads the vendor's page. Its errors are *refusal.Error values, joined:
// every fault of the page at once, up to twenty, each with its line (from 1, in
// the text as given), its column's title and the cell.
func Parse(text string) (*Page, error) {
	clean, err := cleaned(text)
	if err != nil {
		return nil, err
	}
	faults, notes := &faults{}, &warnings{}
	doc, ok := readDocument(clean, faults, notes)
	if !ok {
		return nil, faults.err()
	}
	m := newReading(doc, faults, notes).matrix()
	if err := faults.err(); err != nil {
		return nil, err
	}
	return &Page{Matrix: m, Warnings: notes.list()}, nil
}
