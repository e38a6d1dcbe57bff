package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const (
	maxRows    = 2000 // of the tables that are read, headers counted, inclusive
	maxBullets = 1000 // that are read, inclusive
	maxColumns = 64   // of a table, inclusive
	maxRow     = 2048 // bytes of a row, inclusive; the vendor's have about 150
)

// outline makes a document of headings, tables and lists, in the order in which
// a reader of Markdown or HTML hands them over.
type outline struct {
	faults   *faults
	notes    *warnings
	doc      *document
	rows     int              // of the tables that are read
	titles   map[string]place // squeezed level-1 headings → where they stand
	english  *refusal.Error   // shows the page to be in English; nil: nothing does
	second   bool             // a second page was found
	sections []section        // that are open, from the outermost
	headings int              // so far
	joints   map[kind]joint   // where the first table of a kind stands
	passages                  // since the last heading or table
	alike    string           // what looks like a table of ours and is none; empty where nothing does
}

func newOutline() *outline {
	return &outline{
		faults: &faults{}, notes: &warnings{}, doc: &document{},
		titles: map[string]place{}, joints: map[kind]joint{},
	}
}

// table begins a table: it says which kind it is, by the titles of its columns.
// What it returns is handed on to row, or dropped where it is nil: then the table
// was refused.
func (o *outline) table(p place, header []content) *table {
	t := &table{place: p, warned: map[string]bool{}}
	for _, title := range header {
		t.titles = append(t.titles, oneLine(title.text))
		t.columns = append(t.columns, columnOf(title.text))
	}
	before := o.faults.total
	if t.kind = o.kindOf(t); t.kind == ignored {
		if o.faults.total > before {
			return nil
		}
		o.notes.add(p, "the table with the columns %s was ignored", quoted(strings.Join(t.titles, " | ")))
		o.between(nil)
		return t
	}
	for i, title := range header {
		o.checkSight(cell{place: p, column: t.titles[i], text: title.text}, title)
	}
	if !o.count(p) {
		return nil
	}
	o.checkSections(t)
	o.between(t)
	o.join(t)
	for i, title := range t.titles {
		if t.columns[i] == "" && title != "" && !negates(title) {
			o.notes.add(p, "the column %s was ignored", quoted(title))
		}
	}
	o.useSections()
	return t
}

// end keeps a table whose rows are all read.
func (o *outline) end(t *table) {
	o.passages = passages{}
	switch t.kind {
	case portList:
		o.doc.lists = append(o.doc.lists, *t)
		o.behind = t
	case flowList:
		o.doc.flows = append(o.doc.flows, *t)
		o.behind = t
	case ignored:
	}
}

// kindOf says which kind a table is. A table that has some of our columns, and
// not those that it needs, is refused: its rows would be lost.
func (o *outline) kindOf(t *table) kind {
	has := map[column]bool{}
	for _, c := range t.columns {
		if c != "" && has[c] {
			o.faults.add(t.place, &refusal.Error{
				Summary: "Column given twice",
				Found:   fmt.Sprintf("%s: two columns are called %s", t.text, c),
				Remedy:  "Leave one of them out",
			})
			return ignored
		}
		has[c] = true
	}
	switch {
	case has[sourceColumn] && has[destinationColumn] && has[portColumn] && !has[componentColumn]:
		return flowList
	case has[componentColumn] && has[portColumn] && !has[sourceColumn] && !has[destinationColumn]:
		if len(o.doc.lists) > 0 && len(o.doc.flows) > 0 && !o.second {
			o.twoPages(t.place, fmt.Sprintf("after a port list (%s) and flows (%s) another port list begins in %s",
				o.doc.lists[0].text, o.doc.flows[0].text, t.text))
		}
		return portList
	case has[componentColumn] && (has[sourceColumn] || has[destinationColumn]):
		o.faults.add(t.place, &refusal.Error{
			Summary: "Columns of two kinds of tables",
			Found:   fmt.Sprintf("%s: the table has the columns %s", t.text, quoted(strings.Join(t.titles, " | "))),
			Allowed: listTitles + ", and " + flowTitles,
			Remedy:  "Give components and flows a table each",
		})
	case has[sourceColumn], has[destinationColumn]:
		o.missingColumns(t, has, "table of flows", flowTitles, sourceColumn, destinationColumn, portColumn)
	case has[portColumn] && strings.HasPrefix(squeezed(t.titles[0]), "component"):
		o.inEnglish(t.place, strings.Join(t.titles, " | "))
		t.warned[""] = true
	}
	return ignored
}

// missingColumns refuses a table that lacks some of the columns of its kind.
func (o *outline) missingColumns(t *table, has map[column]bool, what, titles string, needed ...column) {
	var missing []string
	nearest := ""
	for _, c := range needed {
		if has[c] {
			continue
		}
		missing = append(missing, string(c))
		for i, title := range t.titles {
			if t.columns[i] == "" && isLike(title, c) {
				nearest = string(c)
			}
		}
	}
	o.faults.add(t.place, &refusal.Error{
		Summary: "Missing column",
		Found:   fmt.Sprintf("%s: the %s has the columns %s, and no %s", t.text, what, quoted(strings.Join(t.titles, " | ")), strings.Join(missing, " and no ")),
		Nearest: nearest,
		Allowed: titles,
		Remedy:  "Give the columns these titles",
	})
}

func (o *outline) twoPages(p place, found string) {
	o.second = true
	o.faults.add(p, &refusal.Error{
		Summary: "Two pages at once",
		Found:   found,
		Remedy:  "Give one page",
	})
}

func (o *outline) inEnglish(p place, text string) {
	o.english = &refusal.Error{
		Summary: "Page in English",
		Found:   fmt.Sprintf("%s, %s, is not the vendor's French", p.text, quoted(text)),
		Allowed: "tables with the columns " + listTitles + " and " + flowTitles,
		Remedy:  "Give the French page; names, ports and notes are read by its words",
	}
}

// bullet adds an item of a list.
func (o *outline) bullet(text string) {
	if len(o.doc.flows) == 0 || len(o.doc.bullets) == maxBullets || !strings.Contains(text, ":") {
		return // bullets before the flows are no glossary
	}
	o.doc.bullets = append(o.doc.bullets, text)
	o.useSections()
}

// finish refuses a page without the two tables, and reports whether the tables
// are worth reading.
func (o *outline) finish() bool {
	o.between(nil)
	o.closeSections(1)
	if o.english != nil && len(o.doc.lists) == 0 {
		o.faults.add(place{}, o.english)
		return false
	}
	none := o.faults.total == 0 // a table that could not be read is not missing
	if len(o.doc.lists) == 0 && none {
		o.missingTable("No port list", "Composant and Port", listTitles)
	}
	if len(o.doc.flows) == 0 && none {
		o.missingTable("No table of flows", "Source, Destination and Port", flowTitles)
	}
	o.checkRows(o.doc.lists)
	o.checkRows(o.doc.flows)
	return len(o.doc.lists) > 0 && len(o.doc.flows) > 0 && !o.second
}

func (o *outline) missingTable(summary, columns, titles string) {
	fault := &refusal.Error{
		Summary: summary,
		Found:   "the text has no table with the columns " + columns,
		Allowed: titles,
		Remedy:  "Give the whole page",
	}
	if o.alike != "" {
		fault.Found += ": " + o.alike
		fault.Remedy = "Write its lines at the margin, as a table of its own"
	}
	o.faults.add(place{}, fault)
}

// checkRows refuses tables of one kind that together have no row.
func (o *outline) checkRows(tables []table) {
	if len(tables) == 0 || o.faults.total > 0 || slices.ContainsFunc(tables, func(t table) bool { return len(t.rows) > 0 }) {
		return
	}
	o.faults.add(tables[0].place, &refusal.Error{
		Summary: "Table without rows",
		Found:   fmt.Sprintf("the table in %s has no row", tables[0].text),
		Remedy:  "Give the whole page",
	})
}
