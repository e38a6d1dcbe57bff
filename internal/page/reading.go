package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// reading turns a document into a matrix.
type reading struct {
	doc    *document
	faults *faults
	notes  *warnings

	warned     map[string]bool // squeezed names outside the vocabulary
	components map[string]*component
	listed     []string // ids of the components of the port list, sorted
	sides      map[string]*side
	labels     map[string]bool
	rows       []flowRow
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
	names      []string
	line       int
	known      bool // the vocabulary has it
	actor      bool // it is a source only
	host       bool
	fqdns      []string
	definition string
}

// flowRow is a row of a table of flows, read.
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

// ends tell published flows apart: two rows with the same ends and other ports
// contradict each other.
type ends struct{ source, destination, component string }

// drawing is what a row says of its ends.
type drawing struct {
	line  int
	ports string
}

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
	for _, t := range r.doc.lists {
		for _, row := range t.rows {
			r.readComponent(row)
		}
	}
	for _, t := range r.doc.flows {
		for _, row := range t.rows {
			r.readFlow(row)
		}
	}
	r.findHosts()
	r.placeComponents()
	for _, row := range r.rows {
		r.drawFlows(row)
	}
	if r.faults.total > 0 {
		return nil
	}
	r.define()
	r.draftEnds()
	m, err := r.draft.Matrix()
	if err != nil {
		r.faults.add(&input.Error{Summary: "Page does not make a matrix", Found: err.Error()})
	}
	return m
}

// idOf returns the id of a name, by the terms that its role has; empty, with a
// fault, where the name gives none.
func (r *reading) idOf(n name, c cell, terms map[string]string) (id string, known bool) {
	if id, ok := terms[squeezed(n.text)]; ok {
		return id, true
	}
	id = foldedID(n.text)
	if id == "" {
		r.faults.add(&input.Error{
			Summary: "Name without an id",
			Found:   c.found("%s gives no id", quoted(n.text)),
			Allowed: "names with a letter or digit of the Latin alphabet, up to about sixty characters",
		})
		return "", false
	}
	if !r.warned[id] {
		r.warned[id] = true
		r.notes.add(c.line, "%s is outside the vocabulary; it is called %s here", quoted(n.text), id)
	}
	return id, false
}

func (r *reading) readComponent(row row) {
	nameCell := row.cells[componentColumn]
	names, ok := r.namesOf(nameCell)
	if ok && (len(names) != 1 || len(names[0]) != 1) {
		r.faults.add(&input.Error{
			Summary: "Several components in one row",
			Found:   nameCell.found("a row of the port list is about one component"),
			Remedy:  "Give each component a row",
		})
		ok = false
	}
	portCell := row.cells[portColumn]
	options, optionalPort, portsOK := r.optionsOf(portCell)
	if !ok || !portsOK {
		return
	}
	n := names[0][0]
	id, _ := r.idOf(n, nameCell, componentIDs)
	if id == "" {
		return
	}
	description, marks := withoutNotes(row.cells[descriptionColumn].text)
	c := &component{
		names:       []string{n.text},
		line:        row.line,
		description: description,
		optional:    n.optional || optionalPort || marks.optional,
	}
	c.add(options)
	r.keepLabels(options)
	if other, ok := r.components[id]; ok {
		if spell(other.options) != spell(c.options) {
			r.faults.add(&input.Error{
				Summary: "Rows that contradict each other",
				Found:   portCell.found("line %d lists %s with other ports", other.line, id),
				Remedy:  "Give each component one row",
			})
			return
		}
		other.names = append(other.names, n.text)
		other.description = min(other.description, c.description)
		other.optional = other.optional && c.optional
		return
	}
	r.components[id] = c
}

// add keeps options' ports, those of one label together.
func (c *component) add(options []option) {
	for _, o := range options {
		c.ports = c.ports.Union(o.ports)
		i := slices.IndexFunc(c.options, func(other option) bool { return other.label == o.label })
		if i < 0 {
			c.options = append(c.options, o)
			continue
		}
		c.options[i].ports = c.options[i].ports.Union(o.ports)
	}
}

// spell writes options in a way that tells whether two are the same.
func spell(options []option) string {
	texts := make([]string, 0, len(options))
	for _, o := range options {
		texts = append(texts, o.label+" "+o.ports.String())
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), "; ")
}

func (r *reading) keepLabels(options []option) {
	for _, o := range options {
		if o.label != "" {
			r.labels[o.label] = true
		}
	}
}

func (r *reading) readFlow(row row) {
	sourceCell, destinationCell, portCell := row.cells[sourceColumn], row.cells[destinationColumn], row.cells[portColumn]
	f := flowRow{line: row.line}
	before := r.faults.total
	sources, _ := r.namesOf(sourceCell)
	if len(sources) > 1 {
		r.faults.add(&input.Error{
			Summary: "Alternative sources",
			Found:   sourceCell.found(`"ou" stands between sources`),
			Remedy:  "Separate the sources by commas, or give each a row",
		})
	}
	destinations, _ := r.namesOf(destinationCell)
	var optionalPort bool
	f.options, optionalPort, _ = r.optionsOf(portCell)
	if r.faults.total > before {
		return
	}
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
	r.keepLabels(f.options)
	r.rows = append(r.rows, f)
}

func (r *reading) destination(n name, c cell) end {
	if host, ok := hostName(n.text); ok {
		s := r.side(matrix.PackageRepositories, n, true)
		s.fqdns = append(s.fqdns, host)
		return end{matrix.PackageRepositories, n.optional}
	}
	id, known := r.idOf(n, c, placeIDs)
	r.side(id, n, known).actor = false
	return end{id, n.optional}
}

// checkPairs refuses alternatives of destinations that do not pair up with the
// alternatives of ports.
func (r *reading) checkPairs(f flowRow, destinations, ports cell) {
	if len(f.destinations) == 1 {
		return
	}
	several := slices.ContainsFunc(f.destinations, func(list []end) bool { return len(list) > 1 })
	labelled := slices.ContainsFunc(f.options, func(o option) bool { return o.label != "" })
	if !several && !labelled && len(f.destinations) == len(f.options) {
		return
	}
	r.faults.add(&input.Error{
		Summary: "Alternatives that do not pair up",
		Found: destinations.found("%d alternative destinations beside %d alternatives of ports, %s",
			len(f.destinations), len(f.options), quoted(ports.text)),
		Allowed: `one destination and one alternative of ports without a label for each, in the same order, as in "Redis ou Redis Sentinel" beside "TCP/6379 ou TCP/26379"`,
	})
}

func (r *reading) side(id string, n name, known bool) *side {
	s, ok := r.sides[id]
	if !ok {
		s = &side{line: n.line}
		r.sides[id] = s
	}
	s.names = append(s.names, n.text)
	s.known = s.known || known
	return s
}

// isComponent reports whether an id is a component's: the port list or the
// vocabulary has it.
func (r *reading) isComponent(id string) bool {
	_, listed := r.components[id]
	return listed || isVocabulary[id]
}

// findHosts says which endpoints are machines: the application host, those that
// bear a component's name, and what the page does not know otherwise but
// reaches by SSH beside them.
func (r *reading) findHosts() {
	for id, s := range r.sides {
		s.host = id == matrix.Canopsis || r.isComponent(id)
	}
	for _, row := range r.rows {
		if !row.reaches(22) {
			continue
		}
		list := slices.Concat(row.destinations...)
		if slices.ContainsFunc(list, func(e end) bool { return e.id == matrix.Canopsis || r.isComponent(e.id) }) {
			for _, e := range list {
				s := r.sides[e.id]
				s.host = s.host || !s.known && e.id != matrix.PackageRepositories
			}
		}
	}
}

func (f flowRow) reaches(port int) bool {
	return slices.ContainsFunc(f.options, func(o option) bool { return o.ports.Contains(matrix.TCP, port) })
}

// placeComponents adds the components that only flows name, and says where each
// runs: on a host of its own where the page draws one, else on canopsis.
func (r *reading) placeComponents() {
	r.listed = slices.Sorted(maps.Keys(r.components))
	for _, row := range r.rows {
		for i, list := range row.destinations {
			for _, e := range list {
				if c, ok := r.components[e.id]; ok && c.line > 0 || !r.isComponent(e.id) {
					continue
				}
				options := row.options
				if len(row.destinations) > 1 {
					options = options[i : i+1]
				}
				r.addUnlisted(e.id, options)
			}
		}
	}
	for id, c := range r.components {
		c.host = matrix.Canopsis
		if _, ok := r.sides[id]; ok {
			c.host = id
		}
	}
	// The interface is part of RabbitMQ: it runs where that runs.
	if ui, ok := r.components["rabbitmq_ui"]; ok && ui.host == matrix.Canopsis {
		if bus, ok := r.components["rabbitmq"]; ok {
			ui.host = bus.host
		}
	}
}

func (r *reading) addUnlisted(id string, options []option) {
	for _, o := range options {
		o.ports = matrix.NewPorts(slices.DeleteFunc(slices.Collect(o.ports.All()), isService)...)
		if o.ports.IsEmpty() {
			continue
		}
		c, ok := r.components[id]
		if !ok {
			c = &component{names: r.sides[id].names}
			r.components[id] = c
		}
		c.add([]option{o})
	}
}

// isService reports whether a range is the one port of a service that every
// host may run.
func isService(p matrix.PortRange) bool {
	_, ok := services[p.First()]
	return ok && p.Protocol() == matrix.TCP && p.First() == p.Last()
}

// listenerOf returns the component that a row means by a port of a destination.
func (r *reading) listenerOf(destination string, p matrix.PortRange) string {
	s := r.sides[destination]
	own, isOwn := r.components[destination]
	ports := matrix.NewPorts(p)
	switch {
	case isOwn && own.ports.Overlaps(ports):
		return destination
	case destination == matrix.PackageRepositories:
		return serviceOf(p)
	case !s.host:
		return destination
	case isService(p) && isOwn && destination != matrix.Canopsis:
		return serviceOf(p)
	case isOwn && destination != matrix.Canopsis:
		return destination
	}
	elsewhere := ""
	for _, id := range r.listed {
		switch c := r.components[id]; {
		case !c.ports.Overlaps(ports):
		case c.host == destination:
			return id
		case elsewhere == "":
			elsewhere = id
		}
	}
	if elsewhere != "" {
		return elsewhere
	}
	return serviceOf(p)
}

func serviceOf(p matrix.PortRange) string {
	if isService(p) {
		return services[p.First()]
	}
	return strings.ReplaceAll(p.Key(), "-", "_")
}

// listeners splits an option's ports by component.
func (r *reading) listeners(destination string, ports matrix.Ports) map[string][]matrix.PortRange {
	split := map[string][]matrix.PortRange{}
	for p := range ports.All() {
		id := r.listenerOf(destination, p)
		split[id] = append(split[id], p)
	}
	return split
}

// drawFlows adds the flows of a row.
func (r *reading) drawFlows(row flowRow) {
	alternatives := row.destinations
	if len(alternatives) == 1 {
		for _, e := range alternatives[0] {
			ends := slices.Repeat([]end{e}, len(row.options))
			r.drawOptions(row, ends)
		}
		return
	}
	ends := make([]end, 0, len(alternatives))
	for _, list := range alternatives {
		ends = append(ends, list[0])
	}
	r.drawOptions(row, ends)
}

// drawOptions adds the flows of a row to one destination for each of its
// options.
func (r *reading) drawOptions(row flowRow, destinations []end) {
	alternative, choices := r.alternativeOf(row, destinations)
	said := map[ends][]option{}
	for i, o := range row.options {
		e := destinations[i]
		for listener, ranges := range r.listeners(e.id, o.ports) {
			ports := matrix.NewPorts(ranges...)
			for _, source := range row.sources {
				key := ends{source, e.id, listener}
				said[key] = append(said[key], option{o.label, ports})
				r.draft.Flows = append(r.draft.Flows, matrix.Flow{
					Source:                 matrix.At(source),
					Destination:            r.placeOf(e.id, listener),
					Component:              listener,
					Ports:                  ports,
					Description:            row.description,
					Origin:                 matrix.Published,
					Alternative:            alternative,
					Option:                 choices[i],
					Optional:               row.optional || e.optional,
					ViaProxy:               row.viaProxy,
					ConfigurationDependent: row.configurationDependent,
				})
			}
		}
	}
	r.checkDrawn(row.line, said)
}

func (r *reading) placeOf(destination, listener string) matrix.Place {
	if c, ok := r.components[listener]; ok && c.host == destination {
		return matrix.HostOf(listener)
	}
	return matrix.At(destination)
}

// checkDrawn refuses a row that contradicts an earlier one.
func (r *reading) checkDrawn(line int, said map[ends][]option) {
	for key, options := range said {
		now := drawing{line, spell(options)}
		earlier, ok := r.drawn[key]
		if !ok {
			r.drawn[key] = now
			continue
		}
		if earlier.ports != now.ports {
			r.faults.add(&input.Error{
				Summary: "Rows that contradict each other",
				Found: fmt.Sprintf("line %d opens %s from %s to %s (%s), line %d opens %s",
					line, strings.TrimSpace(now.ports), key.source, key.destination, key.component, earlier.line, strings.TrimSpace(earlier.ports)),
				Remedy: "Leave one of the rows out, or write all ports in one",
			})
		}
	}
}

// alternativeOf returns the alternative that a row's options make, and the id
// of each option; empty ids where the row has no choice.
func (r *reading) alternativeOf(row flowRow, destinations []end) (id string, choices []string) {
	choices = make([]string, len(row.options))
	if row.options[0].label != "" {
		for i, o := range row.options {
			choices[i] = o.label
		}
		return r.labelled().ID, choices
	}
	distinct := map[string]bool{}
	for i, o := range row.options {
		distinct[destinations[i].id+" "+o.ports.String()] = true
	}
	if len(distinct) == 1 {
		return "", choices
	}
	count := map[string]int{}
	seen := map[string]bool{}
	for i, o := range row.options {
		choices[i] = strings.Join(slices.Sorted(maps.Keys(r.listeners(destinations[i].id, o.ports))), "_and_")
		if key := choices[i] + " " + destinations[i].id + " " + o.ports.String(); !seen[key] {
			seen[key] = true
			count[choices[i]]++
		}
	}
	mixed := len(protocolsOf(row.options)) > 1
	for i, o := range row.options {
		if count[choices[i]] > 1 {
			choices[i] += suffix(o.ports, mixed)
		}
	}
	var order []string
	for _, choice := range choices {
		if !slices.Contains(order, choice) {
			order = append(order, choice)
		}
	}
	a := matrix.NewAlternative(false, order...)
	r.draft.Alternatives = append(r.draft.Alternatives, a)
	return a.ID, choices
}

// suffix tells two options of one component apart.
func suffix(ports matrix.Ports, withProtocol bool) string {
	var text strings.Builder
	for p := range ports.All() {
		key := strings.ReplaceAll(p.Key(), "-", "_")
		if !withProtocol {
			key = strings.TrimPrefix(key, p.Protocol().String()+"_")
		}
		text.WriteString("_" + key)
	}
	return text.String()
}

func protocolsOf(options []option) map[matrix.Protocol]bool {
	protocols := map[matrix.Protocol]bool{}
	for _, o := range options {
		for p := range o.ports.All() {
			protocols[p.Protocol()] = true
		}
	}
	return protocols
}

// labelled is the alternative that the page's labels make: how Canopsis was
// installed is one choice for the whole page. It has no default, so its order
// says nothing.
func (r *reading) labelled() matrix.Alternative {
	return matrix.NewAlternative(true, slices.Sorted(maps.Keys(r.labels))...)
}

// draftEnds writes endpoints, components and the labels' alternative.
func (r *reading) draftEnds() {
	for id, s := range r.sides {
		kind := matrix.External
		switch {
		case s.host:
			kind = matrix.Host
		case s.actor:
			kind = matrix.Actor
		}
		e := matrix.Endpoint{ID: id, Name: slices.Min(s.names), Definition: s.definition, Kind: kind, FQDNs: s.fqdns}
		if len(s.fqdns) > 0 {
			e.Name = strings.Join(slices.Compact(slices.Sorted(slices.Values(s.fqdns))), ", ")
		}
		r.draft.Endpoints = append(r.draft.Endpoints, e)
	}
	onCanopsis := false
	for id, c := range r.components {
		onCanopsis = onCanopsis || c.host == matrix.Canopsis
		offers := make([]matrix.Offer, 0, len(c.options))
		for _, o := range c.options {
			offers = append(offers, matrix.Offer{Option: o.label, Ports: o.ports})
		}
		slices.SortFunc(offers, func(a, b matrix.Offer) int { return cmp.Compare(a.Option, b.Option) })
		r.draft.Components = append(r.draft.Components, matrix.Component{
			ID: id, Name: slices.Min(c.names), Description: c.description, Host: c.host,
			Offers: offers, Listed: c.line > 0, Optional: c.optional,
		})
	}
	if _, ok := r.sides[matrix.Canopsis]; !ok && onCanopsis {
		r.draft.Endpoints = append(r.draft.Endpoints, matrix.Endpoint{ID: matrix.Canopsis, Name: "Canopsis", Kind: matrix.Host})
	}
	if len(r.labels) > 0 {
		r.draft.Alternatives = append(r.draft.Alternatives, r.labelled())
	}
}

// define gives endpoints the words of the page's glossary: "MongoDB, Redis :
// ..." is about each, "Sources d'événements : ..." about every endpoint whose
// name begins so and that has no definition of its own.
func (r *reading) define() {
	groups := map[string]string{}
	for _, bullet := range r.doc.bullets {
		subject, definition, ok := strings.Cut(r.doc.markdown.inline(bullet.text), ":")
		if !ok {
			continue
		}
		definition = strings.TrimSpace(definition)
		for _, text := range splitCommas(subject) {
			if !r.defineOne(text, definition) && groups[squeezed(text)] == "" {
				groups[squeezed(text)] = definition
			}
		}
	}
	for _, s := range r.sides {
		name := squeezed(slices.Min(s.names))
		for end := len(name); end > 0 && s.definition == ""; end-- {
			s.definition = groups[name[:end]]
		}
	}
}

func (r *reading) defineOne(name, definition string) bool {
	found := false
	for _, id := range []string{sourceIDs[squeezed(name)], placeIDs[squeezed(name)], foldedID(name)} {
		if s, ok := r.sides[id]; ok && s.definition == "" {
			s.definition = definition
			found = true
		}
	}
	return found
}
