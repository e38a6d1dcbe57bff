package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// row adds a row to a table. Its cells may be fewer or more than the titles;
// source is the row as the page writes it.
func (o *outline) row(t *table, p place, cells []content, source string) {
	if t.kind == ignored {
		o.ignoredRow(t, p, source)
		return
	}
	if !o.count(p) {
		return
	}
	fault := &refusal.Error{Allowed: strings.Join(t.titles, " | ")}
	found := fmt.Sprintf("%s, %s, has", p.text, quoted(source))
	var missing []string
	for i := min(len(cells), len(t.titles)); i < len(t.titles); i++ {
		if t.columns[i] != "" || negates(t.titles[i]) {
			missing = append(missing, t.titles[i])
		}
	}
	switch n := len(t.titles); {
	case len(missing) > 0:
		fault.Summary = "Missing cell"
		fault.Found = found + " no cell for " + strings.Join(missing, ", ")
		fault.Remedy = "Give the row a cell for each column, and leave an empty line between a table and what follows"
	case len(cells) > n+1 || len(cells) == n+1 && cells[n].text != "":
		fault.Summary = "Cell too many"
		fault.Found = found + fmt.Sprintf(" more than %d cells", n)
		fault.Remedy = `Give the row a cell for each column; write a | inside a cell as \|`
	default:
		o.pick(t, p, cells, source)
		return
	}
	o.faults.add(p, fault)
}

// ignoredRow refuses a table of other titles whose rows open ports.
func (o *outline) ignoredRow(t *table, p place, source string) {
	if t.warned[""] || !namesProtocol(source) || !strings.ContainsAny(source, "0123456789") {
		return
	}
	t.warned[""] = true
	o.faults.add(p, &refusal.Error{
		Summary: "Table that is not understood",
		Found:   fmt.Sprintf("%s, %s, names a port, and its table has the columns %s", p.text, quoted(source), quoted(strings.Join(t.titles, " | "))),
		Allowed: listTitles + ", and " + flowTitles,
		Remedy:  "Give its columns these titles, or take the table out",
	})
}

// namesProtocol reports whether a text has TCP or UDP as a word.
func namesProtocol(text string) bool {
	return slices.ContainsFunc(strings.Fields(words(text)), func(word string) bool { return word == "tcp" || word == "udp" })
}

// count counts a row, and reports whether there are few enough to go on.
func (o *outline) count(p place) bool {
	if o.rows++; o.rows == maxRows+1 {
		o.faults.add(p, &refusal.Error{
			Summary: "Too many rows",
			Found:   fmt.Sprintf("the tables up to %s have more than %d rows", p.text, maxRows),
			Remedy:  "Give one page; the vendor's has about thirty rows",
		})
	}
	return o.rows <= maxRows
}

// pick takes the cells that matter, and looks at those of the others that can
// negate the row.
func (o *outline) pick(t *table, p place, cells []content, source string) {
	r := row{place: p, cells: map[column]cell{}, install: slices.Contains(t.sections, installationHeading)}
	before := o.faults.total
	for _, seen := range cells[min(len(cells), len(t.titles)):] { // empty, but perhaps for a comment
		o.checkSight(cell{p, "without a title", seen.text, source}, seen)
	}
	for i, title := range t.titles {
		if i >= len(cells) {
			continue // of a column that is not read
		}
		c := cell{p, title, cells[i].text, source}
		o.checkSight(c, cells[i])
		switch read := t.columns[i]; {
		case read == "":
			continue
		case cells[i].raised != "" && read != descriptionColumn:
			o.faults.add(p, &refusal.Error{
				Summary: "Sign that can change what a cell means",
				Found:   c.found("%s raises or lowers a part, as for a footnote", cells[i].raised),
				Remedy:  "Take the row out if it is not open, and the mark otherwise",
			})
		case c.text == "" && read != descriptionColumn:
			o.faults.add(p, &refusal.Error{
				Summary: "Missing cell",
				Found:   fmt.Sprintf("%s, column %s, is empty in %s", p.text, title, quoted(source)),
				Remedy:  "Fill the cell, or take the row out",
			})
		case cells[i].picture != "" && read != descriptionColumn:
			o.notes.add(p, "the picture %s in the column %s was ignored", quoted(cells[i].picture), title)
			fallthrough
		default:
			r.cells[read] = c
		}
	}
	o.checkNegating(t, r, cells)
	if o.faults.total == before {
		t.rows = append(t.rows, r)
	}
}

// checkSight refuses text that is struck out or hidden: who wrote it does not
// want it opened.
func (o *outline) checkSight(c cell, seen content) {
	fault := func(summary, how, verb string) {
		o.faults.add(c.place, &refusal.Error{
			Summary: summary,
			Found:   c.found("%s %s text", how, verb),
			Remedy:  "Take the text out of the cell, or the row out of the table, or write it without",
		})
	}
	switch {
	case seen.struck != "":
		fault("Struck text", seen.struck, "strikes out")
	case seen.hidden != "":
		fault("Hidden text", seen.hidden, "hides")
	case seen.denied != "":
		fault("Denied text", seen.denied, "denies")
	}
}
