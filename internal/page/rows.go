package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// reading turns a document into a matrix.
type reading struct {
	doc    *document
	faults *faults
	notes  *warnings

	warned     map[string]bool       // ids of names outside the vocabulary
	components map[string]*component // by id
	listed     []string              // ids of the components of the port list, sorted
	sides      map[string]*side      // by id
	rows       []flowRow
	planned    int             // port ranges that the rows name, for each pair of ends
	labels     map[string]bool // of alternatives, by id
	drawn      map[ends]drawing
	draft      matrix.Draft
}

// component gathers what the page says of a component.
type component struct {
	names       []string
	line        int // of its row in the port list; 0 where only flows name it
	description string
	optional    bool
	options     []option
	ports       matrix.Ports // of all options
	host        string
}

// side gathers what the page says of an endpoint.
type side struct {
	names      map[string]bool
	known      bool // the vocabulary has it
	actor      bool // it is a source only
	host       bool
	fqdns      []string
	definition string
}

// flowRow is a row of a table of flows.
type flowRow struct {
	line         int
	sources      []string // ids
	destinations [][]end  // alternatives, each a list
	options      []option
	description  string
	marks
}

// end is a destination of a row.
type end struct {
	id       string
	optional bool
}

// name is one name in a cell.
type name struct {
	text     string // as the page writes it, without notes
	optional bool   // marked "(optionnel)"
}

const (
	maxNames  = 64   // in a cell, inclusive
	maxRanges = 4000 // of ports that the rows of a page name, for each pair of ends, inclusive
)

func newReading(doc *document, faults *faults, notes *warnings) *reading {
	return &reading{
		doc: doc, faults: faults, notes: notes,
		warned:     map[string]bool{},
		components: map[string]*component{},
		sides:      map[string]*side{},
		labels:     map[string]bool{},
		drawn:      map[ends]drawing{},
	}
}

// matrix returns nil where the page has faults.
func (r *reading) matrix() *matrix.Matrix {
	r.readRows(r.doc.lists, r.readComponent)
	r.readRows(r.doc.flows, r.readFlow)
	if r.faults.total > 0 {
		return nil
	}
	r.findHosts()
	r.findLabels()
	r.placeComponents()
	r.drawFlows()
	r.define()
	if r.faults.total > 0 {
		return nil
	}
	r.draftEnds()
	m, err := r.draft.Matrix()
	if err != nil {
		r.faults.add(0, &refusal.Error{Summary: "Page that makes no matrix", Found: err.Error()})
	}
	return m
}

// readRows reads the rows of tables, up to where they become too many.
func (r *reading) readRows(tables []table, read func(row)) {
	for _, t := range tables {
		for _, row := range t.rows {
			if r.planned > maxRanges {
				return
			}
			read(row)
		}
	}
}

func (r *reading) readComponent(row row) {
	before := r.faults.total
	names := r.namesOf(row.cells[componentColumn])
	options, optionalPort := r.optionsOf(row.cells[portColumn])
	if r.faults.total > before {
		return
	}
	if len(names) != 1 || len(names[0]) != 1 {
		r.faults.add(row.line, &refusal.Error{
			Summary: "Several components in one row",
			Found:   row.cells[componentColumn].found("a row of the port list is about one component"),
			Remedy:  "Give each component a row",
		})
		return
	}
	n := names[0][0]
	id, _ := r.idOf(n, row.cells[componentColumn], componentIDs)
	if id == "" || !r.plan(row.line, 1, options) {
		return
	}
	description, marks := withoutNotes(row.cells[descriptionColumn].text)
	c := &component{
		names:       []string{n.text},
		line:        row.line,
		description: description,
		optional:    n.optional || optionalPort || marks.optional,
		options:     options,
	}
	other, ok := r.components[id]
	switch {
	case !ok:
		r.components[id] = c
	case spell(other.options) != spell(c.options):
		r.faults.add(row.line, &refusal.Error{
			Summary: "Rows that contradict each other",
			Found:   row.cells[portColumn].found("line %d lists %s with %s", other.line, id, spell(other.options)),
			Remedy:  "Give each component one row",
		})
	default:
		other.names = append(other.names, n.text)
		other.description = min(other.description, c.description)
		other.optional = other.optional && c.optional
	}
}

func (r *reading) readFlow(row row) {
	sourceCell, destinationCell, portCell := row.cells[sourceColumn], row.cells[destinationColumn], row.cells[portColumn]
	before := r.faults.total
	sources, destinations := r.namesOf(sourceCell), r.namesOf(destinationCell)
	options, optionalPort := r.optionsOf(portCell)
	if len(sources) > 1 {
		r.faults.add(row.line, &refusal.Error{
			Summary: "Alternative sources",
			Found:   sourceCell.found(`"ou" stands between sources`),
			Remedy:  "Separate the sources by commas, or give each a row",
		})
	}
	if r.faults.total > before {
		return
	}
	f := flowRow{line: row.line, options: options}
	f.description, f.marks = withoutNotes(row.cells[descriptionColumn].text)
	f.optional = f.optional || optionalPort
	for _, n := range sources[0] {
		id, known := r.idOf(n, sourceCell, sourceIDs)
		f.sources = append(f.sources, id)
		f.optional = f.optional || n.optional
		_, met := r.sides[id]
		s := r.side(id, n, known)
		s.actor = s.actor || !met
	}
	for _, list := range destinations {
		var ends []end
		for _, n := range list {
			ends = append(ends, r.destination(n, destinationCell))
		}
		f.destinations = append(f.destinations, ends)
	}
	r.checkPairs(f, destinationCell, portCell)
	if r.faults.total > before {
		return
	}
	if r.plan(row.line, len(f.sources)*len(f.destinations[0]), options) {
		r.rows = append(r.rows, f)
	}
}

// plan counts what a row names, and reports whether it is few enough to go on.
// What follows takes time by this number.
func (r *reading) plan(line, times int, options []option) bool {
	before := r.planned
	for _, o := range options {
		r.planned += times * o.ports.Len()
	}
	if before <= maxRanges && r.planned > maxRanges {
		r.faults.add(line, &refusal.Error{
			Summary: "Too many ports",
			Found:   fmt.Sprintf("line %d: the rows up to here make more than %d rules", line, maxRanges),
			Remedy:  "Give one page; the vendor's makes about thirty rules",
		})
	}
	return r.planned <= maxRanges
}

func (r *reading) destination(n name, c cell) end {
	if host, ok := hostName(n.text); ok {
		s := r.side(matrix.PackageRepositories, name{}, true)
		s.fqdns = append(s.fqdns, host)
		return end{matrix.PackageRepositories, n.optional}
	}
	id, known := r.idOf(n, c, placeIDs)
	r.side(id, n, known).actor = false
	return end{id, n.optional}
}

// side returns the endpoint with this id, and notes one more name of it.
func (r *reading) side(id string, n name, known bool) *side {
	s, ok := r.sides[id]
	if !ok {
		s = &side{names: map[string]bool{}}
		r.sides[id] = s
	}
	if n.text != "" {
		s.names[n.text] = true
	}
	s.known = s.known || known
	return s
}

// checkPairs refuses alternatives of destinations that do not pair up with the
// alternatives of ports.
func (r *reading) checkPairs(f flowRow, destinations, ports cell) {
	if len(f.destinations) == 1 {
		return
	}
	several := slices.ContainsFunc(f.destinations, func(list []end) bool {
		return slices.ContainsFunc(list, func(e end) bool { return e != list[0] }) // several host names are one destination
	})
	if !several && f.options[0].label == "" && len(f.destinations) == len(f.options) {
		return
	}
	r.faults.add(f.line, &refusal.Error{
		Summary: "Alternatives that do not pair up",
		Found: destinations.found("%d alternatives of destinations beside %d of ports, %s",
			len(f.destinations), len(f.options), quoted(ports.text)),
		Allowed: `for each alternative one destination and, in the same order, its ports without a label: "Redis ou Redis Sentinel" beside "TCP/6379 ou TCP/26379"`,
	})
}

// namesOf reads a cell of names: alternatives separated by "ou", each a list
// separated by commas.
func (r *reading) namesOf(c cell) (alternatives [][]name) {
	total := 0
	for _, alternative := range splitOr(c.text) {
		var names []name
		for _, text := range splitCommas(alternative) {
			text, notes := withoutNotes(text)
			if text == "" {
				r.faults.add(c.line, &refusal.Error{
					Summary: "Missing name",
					Found:   c.found(`a name is missing beside a comma, an "ou" or a note`),
					Remedy:  "Separate the names by single commas",
				})
				return nil
			}
			names = append(names, name{text, notes.optional})
		}
		total += len(names)
		alternatives = append(alternatives, names)
	}
	if total > maxNames {
		r.faults.add(c.line, &refusal.Error{
			Summary: "Too many names",
			Found:   c.found("the cell has %d names", total),
			Remedy:  fmt.Sprintf("A cell has at most %d names: spread them over several rows", maxNames),
		})
		return nil
	}
	return alternatives
}

// idOf returns the id of a name, by the terms that its role has; empty, with a
// fault, where the name gives none.
func (r *reading) idOf(n name, c cell, terms map[string]string) (id string, known bool) {
	if id, ok := terms[squeezed(n.text)]; ok {
		return id, true
	}
	id = foldedID(n.text)
	if id == "" {
		r.faults.add(c.line, &refusal.Error{
			Summary: "Name that gives no id",
			Found:   c.found("no id can be made of %s", quoted(n.text)),
			Allowed: "names that begin with a letter or a digit of the Latin alphabet, up to 63 characters",
		})
		return "", false
	}
	if !r.warned[id] {
		r.warned[id] = true
		r.notes.add(c.line, "%s is outside the vocabulary: its id is %s", quoted(n.text), id)
	}
	return id, false
}

// A host name has a dot, and a last label that is no number.
var hostExpression = regexp.MustCompile(`(?i)^(?:https?://)?((?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])\.?/?$`)

// hostName returns the fully qualified host name that a text is, in lower case.
func hostName(text string) (string, bool) {
	if m := hostExpression.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1]), true
	}
	return "", false
}
