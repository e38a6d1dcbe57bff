package page

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// table reads a table.
func (w *walker) table(n *html.Node) {
	w.tables++
	w.met[n] = true
	name := "table " + strconv.Itoa(w.tables)
	lines := tableLines(n)
	if len(lines.rows) == 0 {
		return
	}
	p := w.next(name)
	header := cellsOf(lines.rows[0])
	t := w.captioned(p, lines.caption, contents(header))
	if t == nil {
		return
	}
	if t.kind != ignored {
		w.checkTable(t, lines, header)
		w.checkAround(t, n)
	}
	for i, tr := range lines.rows[1:] {
		row := w.next(fmt.Sprintf("%s, row %d", name, i+1))
		w.tableRow(t, row, tr)
	}
	w.end(t)
}

// captioned begins a table under its caption, which is a heading like any other.
func (w *walker) captioned(p place, caption *html.Node, header []content) *table {
	if caption == nil {
		return w.outline.table(p, header)
	}
	seen := seenOf(caption)
	seen.text = oneLine(seen.text)
	w.sections = append(w.sections, section{
		place: p, title: seen.text, level: 6, known: isKnownHeading(seen.text) || seen.text == "", used: true, hides: seen.negated(),
	})
	defer func() { w.sections = w.sections[:len(w.sections)-1] }()
	return w.outline.table(p, header)
}

// checkTable refuses a table of ours that is not one to be read.
func (w *walker) checkTable(t *table, lines tableParts, header []*html.Node) {
	for _, f := range w.inside {
		switch {
		case f.hides != "":
			w.faults.add(t.place, &refusal.Error{
				Summary: "Hidden text",
				Found:   fmt.Sprintf("the %s in %s stands in what a %s hides, strikes out or denies", t.kind, t.text, f.hides),
				Remedy:  "Give the page without this table",
			})
		case f.indents != "":
			w.faults.add(t.place, &refusal.Error{
				Summary: "Table inside another block",
				Found:   fmt.Sprintf("the %s in %s stands in %s", t.kind, t.text, f.indents),
				Remedy:  "Give a page whose tables stand by themselves",
			})
		default:
			continue
		}
		break
	}
	if lines.lost != "" {
		w.faults.add(t.place, &refusal.Error{
			Summary: "Table that can be shown in part",
			Found:   fmt.Sprintf("%s has a %s, which can hide rows or columns", t.text, lines.lost),
			Remedy:  "Give the page without it",
		})
	}
	if lines.nested {
		w.faults.add(t.place, &refusal.Error{
			Summary: "Table inside a table",
			Found:   fmt.Sprintf("%s has another table in one of its cells", t.text),
			Remedy:  "Give a page whose tables stand by themselves",
		})
	}
	w.checkSpans(t.place, header)
}

// checkSpans refuses a cell that stands for several.
func (w *walker) checkSpans(p place, cells []*html.Node) {
	for _, c := range cells {
		for _, span := range []string{"colspan", "rowspan"} {
			if value := strings.TrimSpace(attribute(c, span)); value != "" && value != "1" {
				w.faults.add(p, &refusal.Error{
					Summary: "Cell that stands for several",
					Found:   fmt.Sprintf("%s, %s, has %s=%s", p.text, quoted(oneLine(seenOf(c).text)), span, quoted(value)),
					Remedy:  "Give each row a cell for each column",
				})
			}
		}
	}
}

func (w *walker) tableRow(t *table, p place, tr *html.Node) {
	cells := cellsOf(tr)
	seen := contents(cells)
	var source strings.Builder
	for i, c := range cells {
		if i > 0 {
			source.WriteString(" | ")
		}
		writeSource(&source, c)
	}
	if t.kind == ignored {
		w.row(t, p, seen, source.String())
		return
	}
	switch f := frameOf(tr); {
	case f.hides != "" || f == (frame{}) && frameOf(tr.Parent).hides != "":
		w.faults.add(p, &refusal.Error{
			Summary: "Hidden text",
			Found:   fmt.Sprintf("%s, %s, is hidden by %s", p.text, quoted(source.String()), f.hides+frameOf(tr.Parent).hides),
			Remedy:  "Give the page without this row",
		})
		return
	case source.Len() > maxRow:
		w.faults.add(p, &refusal.Error{
			Summary: "Row too long",
			Found:   fmt.Sprintf("%s has %d bytes", p.text, source.Len()),
			Remedy:  fmt.Sprintf("A row has at most %d bytes; the vendor's have about 150", maxRow),
		})
		return
	}
	w.checkSpans(p, cells)
	w.row(t, p, seen, source.String())
}

// tableParts is what a table consists of.
type tableParts struct {
	caption *html.Node
	rows    []*html.Node
	nested  bool   // a cell has another table
	lost    string // what can hide rows or columns: "comment", "template"; empty where nothing does
}

// tableLines returns the rows of a table, those of its header first.
func tableLines(n *html.Node) tableParts {
	var parts tableParts
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.CommentNode && strings.TrimSpace(c.Data) != "":
				parts.lost = "comment"
			case c.Type != html.ElementNode:
			case c.Data == "template" || c.Data == "script" || c.Data == "style" || c.Data == "noscript":
				parts.lost = c.Data
			case c.Data == "tr":
				parts.rows = append(parts.rows, c)
				for inner := range c.Descendants() {
					parts.nested = parts.nested || inner.Type == html.ElementNode && inner.Data == "table"
				}
			case c.Data == "caption":
				parts.caption = c
			case c.Data == "col" || c.Data == "colgroup":
				if how := hiding(c.Data, c.Attr); how != "" {
					parts.lost = how
				}
				walk(c)
			case c.Data == "thead" || c.Data == "tbody" || c.Data == "tfoot":
				walk(c)
			}
		}
	}
	walk(n)
	return parts
}

func cellsOf(tr *html.Node) []*html.Node {
	var cells []*html.Node
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (c.Data == "td" || c.Data == "th") {
			cells = append(cells, c)
		}
	}
	return cells
}
