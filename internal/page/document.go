package page

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
)

// document is what of a page matters: its two kinds of tables and its glossary.
type document struct {
	lists    []table // port lists
	flows    []table // tables of flows
	bullets  []line  // of lists after the first table of flows
	headings []heading
	markdown *markdown
}

// table is a table that is read.
type table struct {
	line   int
	titles []string // by column, as the page writes them
	rows   []row
}

// row is a row of a table that is read: one cell for each column that matters.
type row struct {
	line  int
	cells map[column]cell
}

type heading struct {
	line
	level int
}

type line struct {
	number int // from 1
	text   string
}

// column is a column that is read.
type column string

// The columns of the vendor's tables, by their squeezed titles.
const (
	componentColumn   column = "composant"
	sourceColumn      column = "source"
	destinationColumn column = "destination"
	portColumn        column = "port"
	descriptionColumn column = "description"
)

var columnsByTitle = map[string]column{
	"composant": componentColumn, "composants": componentColumn,
	"source": sourceColumn, "sources": sourceColumn,
	"destination": destinationColumn, "destinations": destinationColumn,
	"port": portColumn, "ports": portColumn,
	"description": descriptionColumn, "descriptions": descriptionColumn,
}

// maxRows is how many rows are read, inclusive.
const maxRows = 10_000

var (
	headingExpression    = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$`)
	bulletExpression     = regexp.MustCompile(`^[ \t]*[-*+][ \t]+(.*)$`)
	definitionExpression = regexp.MustCompile(`^ {0,3}\[([^\]]+)\]:[ \t]*(\S+)`)
	delimiterExpression  = regexp.MustCompile(`^ {0,3}[-|:][-|: \t]*$`)
)

// scanner walks the lines of a page.
type scanner struct {
	lines  []string
	faults *faults
	notes  *warnings
	doc    *document
	rows   int
}

// readDocument finds the tables, the headings and the bullets of a page.
func readDocument(text string, faults *faults, notes *warnings) *document {
	s := &scanner{
		lines:  strings.Split(text, "\n"),
		faults: faults,
		notes:  notes,
		doc:    &document{markdown: newMarkdown()},
	}
	s.defineLinks()
	s.scan()
	return s.doc
}

func (s *scanner) defineLinks() {
	for _, text := range s.lines {
		if d := definitionExpression.FindStringSubmatch(text); d != nil {
			s.doc.markdown.define(d[1], d[2])
		}
	}
}

func (s *scanner) scan() {
	for i := 0; i < len(s.lines); i++ {
		text := s.lines[i]
		switch {
		case fence(text) != "":
			i = s.endOfFence(i)
		case strings.HasPrefix(strings.TrimSpace(text), "<!--"):
			i = s.endOfComment(i)
		case s.beginsTable(i):
			i = s.table(i)
		default:
			s.line(i)
		}
	}
}

// fence returns the back-quotes or tildes that open a block of code.
func fence(text string) string {
	trimmed := strings.TrimLeft(text, " ")
	if len(text)-len(trimmed) > 3 {
		return ""
	}
	for _, mark := range []string{"`", "~"} {
		rest := strings.TrimLeft(trimmed, mark)
		if n := len(trimmed) - len(rest); n >= 3 && !strings.Contains(rest, "`") {
			return trimmed[:n]
		}
	}
	return ""
}

func (s *scanner) endOfFence(i int) int {
	open := fence(s.lines[i])
	for j := i + 1; j < len(s.lines); j++ {
		if strings.HasPrefix(fence(s.lines[j]), open) && fence(s.lines[j]) == strings.TrimSpace(s.lines[j]) {
			return j
		}
	}
	return len(s.lines) - 1
}

func (s *scanner) endOfComment(i int) int {
	for j := i; j < len(s.lines); j++ {
		if strings.Contains(s.lines[j], "-->") {
			return j
		}
	}
	return len(s.lines) - 1
}

func (s *scanner) line(i int) {
	if h := headingExpression.FindStringSubmatch(s.lines[i]); h != nil {
		s.doc.headings = append(s.doc.headings, heading{line{i + 1, h[2]}, len(h[1])})
		return
	}
	if len(s.doc.flows) == 0 {
		return // bullets before the flows are no glossary
	}
	if b := bulletExpression.FindStringSubmatch(s.lines[i]); b != nil && strings.Contains(b[1], ":") {
		s.doc.bullets = append(s.doc.bullets, line{i + 1, b[1]})
	}
}

func (s *scanner) beginsTable(i int) bool {
	if i+1 >= len(s.lines) {
		return false
	}
	header, delimiter := s.lines[i], s.lines[i+1]
	return strings.Contains(header, "|") && strings.Contains(delimiter, "-") && delimiterExpression.MatchString(delimiter)
}

// table reads the table whose header is line i, if it is one, and returns the
// last line that belongs to it.
func (s *scanner) table(i int) int {
	titles, ok := s.doc.markdown.header(s.lines[i], s.lines[i+1])
	if !ok {
		return i
	}
	t := table{line: i + 1, titles: titles}
	into := s.kindOf(t)
	j := i + 2
	for ; j < len(s.lines) && strings.TrimSpace(s.lines[j]) != ""; j++ {
		if into == nil {
			continue
		}
		if len(s.lines[j]) > maxRow {
			s.faults.add(&input.Error{
				Summary: "Row too long",
				Found:   fmt.Sprintf("line %d has %d bytes", j+1, len(s.lines[j])),
				Remedy:  fmt.Sprintf("A row of a table has at most %d bytes", maxRow),
			})
			continue
		}
		cells := s.doc.markdown.row(s.lines[j], len(titles))
		if cells == nil {
			break
		}
		if s.rows++; s.rows > maxRows {
			continue
		}
		if r, ok := s.row(t, j+1, cells); ok {
			t.rows = append(t.rows, r)
		}
	}
	if into != nil {
		*into = append(*into, t)
	}
	return j - 1
}

// kindOf returns where to keep a table: among the port lists, among the flows,
// or nowhere.
func (s *scanner) kindOf(t table) *[]table {
	has := map[column]bool{}
	var unknown []string
	for _, title := range t.titles {
		c, ok := columnsByTitle[squeezed(title)]
		switch {
		case !ok:
			unknown = append(unknown, quoted(title))
		case has[c]:
			s.faults.add(&input.Error{
				Summary: "Column given twice",
				Found:   fmt.Sprintf("line %d: two columns are called %s", t.line, quoted(title)),
				Remedy:  "Leave one of them out",
			})
		}
		has[c] = ok
	}
	var kind *[]table
	switch {
	case has[sourceColumn] && has[destinationColumn]:
		kind = &s.doc.flows
	case has[componentColumn] && has[portColumn]:
		kind = &s.doc.lists
	default:
		s.notes.add(t.line, "the table with the columns %s was ignored: it is neither a port list nor a table of flows", quoted(strings.Join(t.titles, ", ")))
		return nil
	}
	if !has[portColumn] {
		s.faults.add(&input.Error{
			Summary: "Missing column",
			Found:   fmt.Sprintf("line %d: the table of flows has the columns %s", t.line, quoted(strings.Join(t.titles, ", "))),
			Allowed: flowTitles,
			Remedy:  "Add the column Port",
		})
		return nil
	}
	for _, title := range unknown {
		s.notes.add(t.line, "the column %s was ignored", title)
	}
	return kind
}

// row picks the cells that matter.
func (s *scanner) row(t table, number int, cells []string) (row, bool) {
	if len(cells) != len(t.titles) {
		found := fmt.Sprintf("line %d has %d of %d cells: %s", number, len(cells), len(t.titles), quoted(strings.Join(cells, " | ")))
		if len(cells) > len(t.titles) {
			found = fmt.Sprintf("line %d has more than %d cells: %s", number, len(t.titles), quoted(strings.Join(cells, " | ")))
		}
		s.faults.add(&input.Error{
			Summary: "Wrong number of cells",
			Found:   found,
			Allowed: strings.Join(t.titles, " | "),
			Remedy:  `Give the row a cell for each column, write a | inside a cell as \|, and leave an empty line between a table and what follows`,
		})
		return row{}, false
	}
	r := row{number, map[column]cell{}}
	complete := true
	for i, title := range t.titles {
		c, ok := columnsByTitle[squeezed(title)]
		if !ok {
			continue
		}
		r.cells[c] = cell{number, title, cells[i]}
		if cells[i] == "" && c != descriptionColumn {
			complete = false
			s.faults.add(&input.Error{
				Summary: "Missing cell",
				Found:   fmt.Sprintf("line %d, column %s is empty", number, title),
				Remedy:  "Fill the cell, or take the row out",
			})
		}
	}
	return r, complete
}

const (
	listTitles = "Composant | Description | Port"
	flowTitles = "Source | Destination | Port | Description"
)

// checkDocument refuses a page without the two tables, or with two of a kind
// where a page has one.
func checkDocument(doc *document, faults *faults) {
	if len(doc.lists) == 0 {
		faults.add(&input.Error{
			Summary: "No port list",
			Found:   "the text has no table with the columns Composant and Port",
			Allowed: listTitles,
			Remedy:  "Give the whole page",
		})
	}
	if len(doc.flows) == 0 {
		faults.add(&input.Error{
			Summary: "No table of flows",
			Found:   "the text has no table with the columns Source and Destination",
			Allowed: flowTitles,
			Remedy:  "Give the whole page",
		})
	}
}
