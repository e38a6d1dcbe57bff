package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// document is what of a page matters: its two kinds of tables and its glossary.
type document struct {
	lists    []table // port lists
	flows    []table // tables of flows
	bullets  []line  // of lists after the first table of flows
	markdown *markdown
}

// table is a table that is read.
type table struct {
	line   int
	titles []string // by column, as the page writes them
	rows   []row
}

// row is a row of a table that is read: a cell for each column that matters.
type row struct {
	line  int
	cells map[column]cell
}

type line struct {
	number int // from 1
	text   string
}

// column is a column that is read.
type column string

// The columns of the vendor's tables.
const (
	componentColumn   column = "Composant"
	sourceColumn      column = "Source"
	destinationColumn column = "Destination"
	portColumn        column = "Port"
	descriptionColumn column = "Description"
)

const (
	listTitles = "Composant | Description | Port"
	flowTitles = "Source | Destination | Port | Description"
)

// columns finds a column by its squeezed title, in the singular or the plural.
var columns = columnsByTitle(componentColumn, sourceColumn, destinationColumn, portColumn, descriptionColumn)

func columnsByTitle(all ...column) map[string]column {
	byTitle := map[string]column{}
	for _, c := range all {
		byTitle[squeezed(string(c))] = c
		byTitle[squeezed(string(c)+"s")] = c
	}
	return byTitle
}

// knownSections are the page's own headings below the first.
var knownSections = squeezedSet(
	"Liste des ports Canopsis", "Liste des ports", "Matrice des flux", "Matrice des flux réseau", "Définition des objets",
	"Schéma des flux réseaux de Canopsis", "Installation / Accès aux livrables", "Fonctionnement interne", "Entrant", "Sortant",
	"Interactions avec des services extérieurs",
)

func squeezedSet(texts ...string) map[string]bool {
	set := map[string]bool{}
	for _, text := range texts {
		set[squeezed(text)] = true
	}
	return set
}

const (
	maxRows    = 2000 // of the tables that are read, headers counted, inclusive
	maxBullets = 1000 // that are read, inclusive
)

// scanner walks the lines of a page.
type scanner struct {
	lines    []string
	faults   *faults
	notes    *warnings
	doc      *document
	rows     int            // of the tables that are read
	titles   map[string]int // squeezed level-1 headings → their lines
	english  int            // line that shows the page to be in English; 0: none
	second   bool           // a second page was found
	sections []section      // that are open, from the outermost
}

// section is what follows a heading.
type section struct {
	line
	level int
	used  bool // it has something that is read, or is one that we know
}

// readDocument finds the tables and the glossary of a page, and reports whether
// it is one page with both kinds of tables.
func readDocument(text string, faults *faults, notes *warnings) (doc *document, ok bool) {
	s := &scanner{
		lines:  strings.Split(text, "\n"),
		faults: faults,
		notes:  notes,
		doc:    &document{markdown: newMarkdown()},
		titles: map[string]int{},
	}
	s.defineLinks()
	s.scan()
	s.closeSections(1)
	return s.doc, s.check()
}

var (
	protocolWord         = regexp.MustCompile(`(?i)\b(?:TCP|UDP)\b`)
	bulletExpression     = regexp.MustCompile(`^[ \t]*[-*+][ \t]+(.*)$`)
	definitionExpression = regexp.MustCompile(`^ {0,3}\[([^\]]+)\]:[ \t]*(\S+)`)
	delimiterExpression  = regexp.MustCompile(`^ {0,3}[-|:][-|: \t]*$`)
)

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

// fence returns the back-quotes or tildes that open or close a block of code.
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
		if f := fence(s.lines[j]); strings.HasPrefix(f, open) && f == strings.TrimSpace(s.lines[j]) {
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
	text := s.lines[i]
	if level, title := headingOf(text); level > 0 {
		s.heading(i+1, level, title)
		return
	}
	if strings.Count(text, "|") > 1 && protocolWord.MatchString(text) {
		s.notes.add(i+1, "%s was ignored: it looks like a row and stands in no table", quoted(text))
		return
	}
	if len(s.doc.flows) == 0 || len(s.doc.bullets) == maxBullets {
		return // bullets before the flows are no glossary
	}
	if b := bulletExpression.FindStringSubmatch(text); b != nil && strings.Contains(b[1], ":") {
		s.doc.bullets = append(s.doc.bullets, line{i + 1, b[1]})
		s.useSections()
	}
}

// headingOf returns the level of the heading that a line is, or 0.
func headingOf(text string) (level int, title string) {
	trimmed := strings.TrimLeft(text, " ")
	title = strings.TrimLeft(trimmed, "#")
	level = len(trimmed) - len(title)
	if len(text)-len(trimmed) > 3 || level == 0 || level > 6 || !strings.HasPrefix(title, " ") && !strings.HasPrefix(title, "\t") {
		return 0, ""
	}
	return level, strings.Trim(title, " \t#")
}

func (s *scanner) heading(number, level int, text string) {
	if text == "" {
		return
	}
	s.closeSections(level)
	if level == 1 {
		if first, ok := s.titles[squeezed(text)]; ok && !s.second {
			s.twoPages(number, fmt.Sprintf("the heading %s stands in line %d and in line %d", quoted(text), first, number))
		}
		s.titles[squeezed(text)] = number
	}
	if strings.Contains(words(text), "flow matrix") {
		s.english = number
	}
	s.sections = append(s.sections, section{line{number, text}, level, level == 1 || knownSections[squeezed(text)]})
}

// closeSections ends the sections of a level and below, and tells of those that
// had nothing to read. What is inside such a section needs no warning of its
// own.
func (s *scanner) closeSections(level int) {
	i := slices.IndexFunc(s.sections, func(open section) bool { return open.level >= level })
	if i < 0 {
		return
	}
	if j := slices.IndexFunc(s.sections, func(open section) bool { return !open.used }); j >= i {
		s.notes.add(s.sections[j].number, "the section %s was ignored", quoted(s.sections[j].text))
	}
	s.sections = s.sections[:i]
}

// useSections marks the open sections as read.
func (s *scanner) useSections() {
	for i := range s.sections {
		s.sections[i].used = true
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
	if said := squeezed(s.lines[i]); !strings.Contains(said, "source") && !strings.Contains(said, "compo") {
		s.notes.add(i+1, "the table with the columns %s was ignored", quoted(strings.TrimSpace(s.lines[i])))
		return s.endOfParagraph(i)
	}
	if !s.count(i + 1) {
		return s.endOfParagraph(i)
	}
	titles, ok := s.doc.markdown.header(s.lines[i], s.lines[i+1])
	if !ok {
		s.checkHeader(i)
		return i
	}
	t := table{line: i + 1, titles: titles}
	into := s.kindOf(t)
	if into == nil {
		return s.endOfParagraph(i)
	}
	j := i + 2
	for ; j < len(s.lines) && strings.TrimSpace(s.lines[j]) != ""; j++ {
		r, ends := s.row(t, j)
		if ends {
			break
		}
		if r.cells != nil {
			t.rows = append(t.rows, r)
		}
	}
	*into = append(*into, t)
	s.useSections()
	return j - 1
}

// endOfParagraph returns the last line before the next empty one.
func (s *scanner) endOfParagraph(i int) int {
	for i+1 < len(s.lines) && strings.TrimSpace(s.lines[i+1]) != "" {
		i++
	}
	return i
}

// checkHeader refuses a table of ours that the Markdown library does not hold
// for a table: it would be overlooked.
func (s *scanner) checkHeader(i int) {
	has := map[column]bool{}
	for _, title := range strings.Split(s.lines[i], "|") {
		has[columns[squeezed(title)]] = true
	}
	if has[portColumn] && (has[componentColumn] || has[sourceColumn] && has[destinationColumn]) && !strings.HasPrefix(s.lines[i], "    ") {
		s.faults.add(i+1, &refusal.Error{
			Summary: "Broken table",
			Found:   fmt.Sprintf("line %d, %s, and the delimiter row below it do not make a table", i+1, quoted(s.lines[i])),
			Remedy:  "Give both lines the same number of columns",
		})
	}
}

// kindOf returns where to keep a table: among the port lists, among the flows,
// or nowhere.
func (s *scanner) kindOf(t table) *[]table {
	has := map[column]bool{}
	var unknown []string
	for _, title := range t.titles {
		c, ok := columns[squeezed(title)]
		switch {
		case title == "":
		case !ok:
			unknown = append(unknown, quoted(title))
		case has[c]:
			s.faults.add(t.line, &refusal.Error{
				Summary: "Column given twice",
				Found:   fmt.Sprintf("line %d: two columns are called %s", t.line, c),
				Remedy:  "Leave one of them out",
			})
		}
		has[c] = ok
	}
	all := quoted(strings.Join(t.titles, " | "))
	switch {
	case has[sourceColumn] && has[destinationColumn] && has[portColumn]:
		for _, title := range unknown {
			s.notes.add(t.line, "the column %s was ignored", title)
		}
		return &s.doc.flows
	case has[sourceColumn] && has[destinationColumn]:
		s.faults.add(t.line, &refusal.Error{
			Summary: "Missing column",
			Found:   fmt.Sprintf("line %d: the table of flows has the columns %s, and no Port", t.line, all),
			Allowed: flowTitles,
			Remedy:  "Add the column",
		})
	case has[componentColumn] && has[portColumn]:
		for _, title := range unknown {
			s.notes.add(t.line, "the column %s was ignored", title)
		}
		if len(s.doc.lists) > 0 && len(s.doc.flows) > 0 && !s.second {
			s.twoPages(t.line, fmt.Sprintf("after a port list (line %d) and flows (line %d) another port list begins in line %d",
				s.doc.lists[0].line, s.doc.flows[0].line, t.line))
		}
		return &s.doc.lists
	default:
		if has[portColumn] && strings.HasPrefix(squeezed(t.titles[0]), "component") {
			s.english = t.line
		}
		s.notes.add(t.line, "the table with the columns %s was ignored", all)
	}
	return nil
}

func (s *scanner) twoPages(number int, found string) {
	s.second = true
	s.faults.add(number, &refusal.Error{
		Summary: "Two pages at once",
		Found:   found,
		Remedy:  "Give one page",
	})
}

// row reads line i as a row of a table, and reports whether the table ends
// before it. A row that is refused has no cells.
func (s *scanner) row(t table, i int) (r row, ends bool) {
	number := i + 1
	if len(s.lines[i]) > maxRow {
		s.faults.add(number, &refusal.Error{
			Summary: "Row too long",
			Found:   fmt.Sprintf("line %d has %d bytes", number, len(s.lines[i])),
			Remedy:  fmt.Sprintf("A row has at most %d bytes; the vendor's have about 150", maxRow),
		})
		return row{}, false
	}
	if !s.count(number) {
		return row{}, false
	}
	texts := s.doc.markdown.row(s.lines[i], len(t.titles))
	if texts == nil {
		return row{}, true
	}
	fault := &refusal.Error{Allowed: strings.Join(t.titles, " | ")}
	found := fmt.Sprintf("line %d, %s, has", number, quoted(s.lines[i]))
	missing := slices.DeleteFunc(slices.Clone(t.titles[min(len(texts), len(t.titles)):]), func(title string) bool {
		return columns[squeezed(title)] == ""
	})
	switch n := len(t.titles); {
	case len(missing) > 0:
		fault.Summary = "Missing cell"
		fault.Found = found + " no cell for " + strings.Join(missing, ", ")
		fault.Remedy = "Give the row a cell for each column, and leave an empty line between a table and what follows"
	case len(texts) > n+1 || len(texts) == n+1 && texts[n] != "":
		fault.Summary = "Cell too many"
		fault.Found = found + fmt.Sprintf(" more than %d cells", n)
		fault.Remedy = `Give the row a cell for each column; write a | inside a cell as \|`
	default:
		return s.pick(t, number, texts), false
	}
	s.faults.add(number, fault)
	return row{}, false
}

// count counts a row, and reports whether there are few enough to go on.
func (s *scanner) count(number int) bool {
	if s.rows++; s.rows == maxRows+1 {
		s.faults.add(number, &refusal.Error{
			Summary: "Too many rows",
			Found:   fmt.Sprintf("the tables up to line %d have more than %d rows", number, maxRows),
			Remedy:  "Give one page; the vendor's has about thirty rows",
		})
	}
	return s.rows <= maxRows
}

// pick takes the cells that matter.
func (s *scanner) pick(t table, number int, texts []string) row {
	r := row{number, map[column]cell{}}
	for i, title := range t.titles {
		c, ok := columns[squeezed(title)]
		if !ok {
			continue // which may lack its cell
		}
		if texts[i] == "" && c != descriptionColumn {
			s.faults.add(number, &refusal.Error{
				Summary: "Missing cell",
				Found:   fmt.Sprintf("line %d, column %s, is empty in %s", number, title, quoted(s.lines[number-1])),
				Remedy:  "Fill the cell, or take the row out",
			})
			return row{}
		}
		r.cells[c] = cell{number, title, texts[i], s.lines[number-1]}
	}
	return r
}

// check refuses a page without the two tables, and reports whether the tables
// are worth reading.
func (s *scanner) check() bool {
	if s.english > 0 && len(s.doc.lists) == 0 {
		s.faults.add(s.english, &refusal.Error{
			Summary: "Page in English",
			Found:   fmt.Sprintf("line %d, %s, is not the vendor's French", s.english, quoted(s.lines[s.english-1])),
			Allowed: "tables with the columns " + listTitles + " and " + flowTitles,
			Remedy:  "Give the French page; names, ports and notes are read by its words",
		})
		return false
	}
	told := s.faults.total > 0 // a table that could not be read is not missing
	if len(s.doc.lists) == 0 && !told {
		s.faults.add(0, &refusal.Error{
			Summary: "No port list",
			Found:   "the text has no table with the columns Composant and Port",
			Allowed: listTitles,
			Remedy:  "Give the whole page",
		})
	}
	if len(s.doc.flows) == 0 && !told {
		s.faults.add(0, &refusal.Error{
			Summary: "No table of flows",
			Found:   "the text has no table with the columns Source, Destination and Port",
			Allowed: flowTitles,
			Remedy:  "Give the whole page",
		})
	}
	s.checkRows(s.doc.lists)
	s.checkRows(s.doc.flows)
	return len(s.doc.lists) > 0 && len(s.doc.flows) > 0 && !s.second
}

// checkRows refuses tables of one kind that together have no row.
func (s *scanner) checkRows(tables []table) {
	if len(tables) == 0 || s.faults.total > 0 || slices.ContainsFunc(tables, func(t table) bool { return len(t.rows) > 0 }) {
		return
	}
	s.faults.add(tables[0].line, &refusal.Error{
		Summary: "Table without rows",
		Found:   fmt.Sprintf("the table in line %d has no row", tables[0].line),
		Remedy:  "Give the whole page",
	})
}
