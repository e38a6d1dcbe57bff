package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// at is the argument that holds the page.
var at = refusal.At("page")

// place is where on a page something stands. The zero value is the page as a
// whole.
type place struct {
	order int    // places of one page are ordered by it
	text  string // "line 19", "table 2, row 3"
}

// lineAt is a line of Markdown, from 1.
func lineAt(number int) place { return place{number, "line " + strconv.Itoa(number)} }

// maxKept is how many faults of one page are kept to be sorted. Beyond, they are
// counted.
const maxKept = 200

// faults collects what is wrong with a page, in the order in which it is found.
type faults struct {
	found []fault
	total int
}

type fault struct {
	place place
	err   *refusal.Error
}

func (f *faults) add(p place, err *refusal.Error) {
	err.At = at
	if f.total++; f.total <= maxKept {
		f.found = append(f.found, fault{p, err})
	}
}

// err returns the faults in the order of the page; nil where there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.found, func(a, b fault) int { return cmp.Compare(a.place.order, b.place.order) })
	var errs refusal.Errors
	for _, fault := range f.found {
		errs.Add(fault.err)
	}
	for range f.total - len(f.found) {
		errs.Add(f.found[0].err) // which is beyond what is shown, and counted
	}
	return errs.Err()
}

// warnings collects what a reader of the page should know.
type warnings struct {
	found []warning
	total int
}

type warning struct {
	place place
	text  string
}

func (w *warnings) add(p place, format string, arguments ...any) {
	if w.total++; w.total <= refusal.MaxShown {
		w.found = append(w.found, warning{p, fmt.Sprintf(format, arguments...)})
	}
}

// list returns the warnings in the order of the page.
func (w *warnings) list() []Warning {
	slices.SortStableFunc(w.found, func(a, b warning) int { return cmp.Compare(a.place.order, b.place.order) })
	var list []Warning
	for _, found := range w.found {
		list = append(list, Warning{Place: found.place.text, Text: found.text})
	}
	switch more := w.total - len(w.found); {
	case more == 1:
		list = append(list, Warning{Text: "1 more warning is not shown"})
	case more > 1:
		list = append(list, Warning{Text: fmt.Sprintf("%d more warnings are not shown", more)})
	}
	return list
}

// cell is one cell of a row, and where it stands.
type cell struct {
	place
	column string // the title, as the page writes it
	text   string // what a reader sees, with "\n" for line breaks
	source string // the row as the page writes it
}

// plain is the cell's text on one line.
func (c cell) plain() string { return oneLine(c.text) }

// found words what stands in the cell.
func (c cell) found(format string, arguments ...any) string {
	return fmt.Sprintf("%s, column %s, %s: ", c.place.text, c.column, quoted(c.plain())) + fmt.Sprintf(format, arguments...)
}

// quoted is the text in quotes, cut where it is long.
func quoted(text string) string {
	const limit = 80
	if len(text) > limit {
		cut := limit
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	return strconv.Quote(text)
}
