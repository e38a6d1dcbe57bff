package page

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// at is the argument that holds the page.
var at = refusal.At("page")

// most is how many faults, and how many warnings, are told.
const most = 20

// faults collects what is wrong with a page, so that all of it can be told at
// once.
type faults struct {
	told  []fault
	total int
}

type fault struct {
	line int
	err  *refusal.Error
}

func (f *faults) add(line int, err *refusal.Error) {
	err.At = at
	if f.total++; f.total <= most {
		f.told = append(f.told, fault{line, err})
	}
}

// err joins the faults in the order of the page; nil where there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.told, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, fault := range f.told {
		errs = append(errs, fault.err)
	}
	if f.total > most {
		errs = append(errs, &refusal.Error{
			At:      at,
			Summary: "More faults",
			Found:   fmt.Sprintf("%d more faults are not shown", f.total-most),
			Remedy:  "Correct these first",
		})
	}
	return errors.Join(errs...)
}

// warnings collects what a reader of the page should know.
type warnings struct {
	told  []Warning
	total int
}

func (w *warnings) add(line int, format string, arguments ...any) {
	if w.total++; w.total <= most {
		w.told = append(w.told, Warning{line, fmt.Sprintf(format, arguments...)})
	}
}

// list returns the warnings in the order of the page.
func (w *warnings) list() []Warning {
	slices.SortStableFunc(w.told, func(a, b Warning) int { return cmp.Compare(a.Line, b.Line) })
	if w.total > most {
		return append(w.told, Warning{Text: fmt.Sprintf("%d more warnings are not shown", w.total-most)})
	}
	return w.told
}

// cell is one cell of a row, and where it stands.
type cell struct {
	line   int
	column string // the title, as the page writes it
	text   string // without Markdown
	source string // the row's line, with it
}

// found words what stands in the cell.
func (c cell) found(format string, arguments ...any) string {
	return fmt.Sprintf("line %d, column %s, %s: ", c.line, c.column, quoted(c.text)) + fmt.Sprintf(format, arguments...)
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
