package page

import (
	"fmt"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// reading turns a document into a matrix.
type reading struct {
	doc    *document
	faults *faults
	notes  *warnings

	warned         map[string]bool       // ids of names outside the vocabulary
	components     map[string]*component // by id
	listed         []string              // ids of the components of the port list, sorted
	listedNames    map[string]string     // their ids, of those outside the vocabulary, by key
	listedSqueezed map[int][]term        // their names, as the vocabulary has its own
	sides          map[string]*side      // by id
	rows           []flowRow
	planned        int             // port ranges that the rows name, for each pair of ends
	methods        map[string]bool // labels of installation methods, by id
	dealt          map[string]deal // by destination and ports
	drawn          map[ends]drawing
	draft          matrix.Draft
}

// component gathers what the page says of a component.
type component struct {
	names       []string
	place       place // of its row in the port list
	listed      bool  // the port list has it; else flows alone name it
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
	place
	portCell     cell
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

const maxRanges = 4000 // of ports that the rows of a page name, for each pair of ends, inclusive

func newReading(doc *document, faults *faults, notes *warnings) *reading {
	return &reading{
		doc: doc, faults: faults, notes: notes,
		warned:         map[string]bool{},
		components:     map[string]*component{},
		listedNames:    map[string]string{},
		listedSqueezed: map[int][]term{},
		sides:          map[string]*side{},
		methods:        map[string]bool{},
		dealt:          map[string]deal{},
		drawn:          map[ends]drawing{},
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
	r.placeComponents()
	r.dealRows()
	if r.faults.total > 0 {
		return nil
	}
	r.labelRows()
	r.findMethods()
	if r.faults.total > 0 {
		return nil
	}
	r.drawFlows()
	r.checkPorts()
	r.define()
	if r.faults.total > 0 {
		return nil
	}
	r.draftEnds()
	m, err := r.draft.Matrix()
	if err != nil {
		r.faults.add(place{}, &refusal.Error{Summary: "Page that makes no matrix", Found: err.Error(), Remedy: "Give the vendor's page"})
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
	names := r.namesOf(row.cells[componentColumn], vocabulary().component)
	options, notes := r.optionsOf(row.cells[portColumn])
	if r.faults.total > before {
		return
	}
	if len(names) != 1 || len(names[0]) != 1 {
		r.faults.add(row.place, &refusal.Error{
			Summary: "Several components in one row",
			Found:   row.cells[componentColumn].found("a row of the port list is about one component"),
			Remedy:  "Give each component a row",
		})
		return
	}
	n := names[0][0]
	id := n.id
	if n.host != "" {
		id = r.hostID(n, row.cells[componentColumn])
	}
	if id == "" || !r.plan(row.place, 1, options) {
		return
	}
	description, marks := withoutNotes(row.cells[descriptionColumn].plain())
	r.checkNotes(row, description, marks.optional)
	if denial := doubtOf(description); denial != "" {
		r.notes.add(row.place, "the description %s has %s, and the component was read as listening", quoted(description), quoted(denial))
	}
	c := &component{
		names:       []string{n.text},
		place:       row.place,
		listed:      true,
		description: description,
		optional:    n.optional || notes.optional || marks.optional,
		options:     options,
	}
	if !n.known {
		r.listedNames[keyOf(n.text)] = id
		word := squeezed(n.text)
		r.listedSqueezed[len(word)] = append(r.listedSqueezed[len(word)], term{id, []string{n.text, word}})
	}
	other, ok := r.components[id]
	switch {
	case !ok:
		r.components[id] = c
	case spell(other.options) != spell(c.options):
		r.faults.add(row.place, &refusal.Error{
			Summary: "Rows that contradict each other",
			Found:   row.cells[portColumn].found("%s lists %s with %s", other.place.text, id, spell(other.options)),
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
	sources, destinations := r.namesOf(sourceCell, vocabulary().source), r.namesOf(destinationCell, vocabulary().place)
	options, notes := r.optionsOf(portCell)
	if len(sources) > 1 {
		r.faults.add(row.place, &refusal.Error{
			Summary: "Alternative sources",
			Found:   sourceCell.found(`"ou" stands between sources`),
			Remedy:  "Separate the sources by commas, or give each a row",
		})
	}
	if r.faults.total > before {
		return
	}
	f := flowRow{place: row.place, portCell: portCell, options: options}
	f.description, f.marks = withoutNotes(row.cells[descriptionColumn].plain())
	f.marks = f.with(notes)
	r.checkNotes(row, f.description, f.optional)
	if denial := doubtOf(f.description); denial != "" {
		r.notes.add(row.place, "the description %s has %s, and the row was read as open", quoted(f.description), quoted(denial))
	}
	if turns := turningIn(f.description); turns != "" {
		r.notes.add(row.place, "the description %s has %s, and the row was read from its source to its destination alone", quoted(f.description), quoted(turns))
	}
	if namesPort(f.description) || namesOther(f.description, portCell.text) {
		r.notes.add(row.place, "the description %s names a port, and the row was read with those of its Port cell alone", quoted(f.description))
	}
	for _, n := range sources[0] {
		f.optional = f.optional || n.optional
		id := n.id
		if n.host != "" {
			id = r.hostID(n, sourceCell)
		}
		_, met := r.sides[id]
		s := r.side(id, n)
		s.actor = s.actor || !met
		f.sources = append(f.sources, id)
	}
	repositories := row.install || slices.ContainsFunc(slices.Concat(destinations...), func(n name) bool { return isRepository(n.host) })
	for _, list := range destinations {
		var ends []end
		for _, n := range list {
			ends = append(ends, end{r.destination(n, repositories, destinationCell), n.optional})
		}
		f.destinations = append(f.destinations, ends)
	}
	r.checkPairs(f, destinationCell, portCell)
	if r.faults.total > before {
		return
	}
	if r.plan(row.place, len(f.sources)*len(f.destinations[0]), options) {
		r.rows = append(r.rows, f)
	}
}

// checkNotes warns of what is like a note and was not read as one.
func (r *reading) checkNotes(row row, description string, optional bool) {
	if like := likeOptional(description); like != "" && !optional {
		r.notes.add(row.place, "%s is like the note (optionnel), and was not read as it: the row is open", quoted(like))
	}
}

// denialOf returns what of a description says that its row is not open; empty where
// nothing does.
func denialOf(description string) string {
	switch said := words(description); said {
	case "non", "no", "pas", "ko":
		return said
	}
	return denialIn(description)
}

// plan counts what a row names, and reports whether it is few enough to go on.
// What follows takes time by this number.
func (r *reading) plan(p place, times int, options []option) bool {
	before := r.planned
	for _, o := range options {
		r.planned += times * o.ports.Len()
	}
	if before <= maxRanges && r.planned > maxRanges {
		r.faults.add(p, &refusal.Error{
			Summary: "Too many ports",
			Found:   fmt.Sprintf("%s: the rows up to here make more than %d rules", p.text, maxRanges),
			Remedy:  "Give one page; the vendor's makes about thirty rules",
		})
	}
	return r.planned <= maxRanges
}

// destination returns the id of a destination. A host name is one of the package
// repositories where its row is about them.
func (r *reading) destination(n name, repositories bool, c cell) string {
	id := n.id
	switch {
	case n.host != "" && repositories:
		id = matrix.PackageRepositories
		s := r.side(id, name{known: true})
		s.fqdns = append(s.fqdns, n.host)
		return id
	case n.host != "":
		id = r.hostID(n, c)
	}
	r.side(id, n).actor = false
	return id
}

// hostID returns the id of a host name that is a system of its own.
func (r *reading) hostID(n name, c cell) string {
	id := foldedID(n.host)
	switch {
	case id == "" || vocabulary().ids[id]:
		r.faults.add(c.place, &refusal.Error{
			Summary: "Name that gives no id",
			Found:   c.found("no id can be made of %s", quoted(n.host)),
			Allowed: "names of letters and digits of the Latin alphabet, up to 63 characters",
			Remedy:  "Give it a name from which an id follows",
		})
	case !r.warned[n.host]:
		r.warned[n.host] = true
		r.notes.add(c.place, "the host name %s is in no edition: it is a system of its own, and its id is %s", quoted(n.host), id)
	}
	return id
}

// side returns the endpoint with this id, and notes one more name of it.
func (r *reading) side(id string, n name) *side {
	s, ok := r.sides[id]
	if !ok {
		s = &side{names: map[string]bool{}}
		r.sides[id] = s
	}
	if n.text != "" {
		s.names[n.text] = true
	}
	if n.host != "" {
		s.fqdns = append(s.fqdns, n.host)
	}
	s.known = s.known || n.known
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
	r.faults.add(f.place, &refusal.Error{
		Summary: "Alternatives that do not pair up",
		Found: destinations.found("%d alternatives of destinations beside %d of ports, %s",
			len(f.destinations), len(f.options), quoted(ports.plain())),
		Allowed: `for each alternative one destination and, in the same order, its ports without a label: "Redis ou Redis Sentinel" beside "TCP/6379 ou TCP/26379"`,
	})
}
