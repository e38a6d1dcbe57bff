package deployment

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// relay puts the relays between sources and what they stand in front of: the
// source connects to the relay on the ports on which it listens for that, and
// the relay connects on to the destination on the destination's. Several before
// one destination stand side by side. What is closed or excluded leaves its relay
// without flows, and the flows of a cluster to itself bypass relays.
func (b *builder) relay() *matrix.Draft {
	b.direct = b.m
	if len(b.choices.Relays) == 0 {
		return nil
	}
	before := b.errs.Len()
	r := b.readRelays()
	d := b.m.Draft()
	if b.errs.Len() > before {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(b.choices.Relays)) {
		if _, ok := b.m.Endpoint(name); !ok {
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: name, Name: name, Kind: matrix.Relay})
		}
	}
	w := relaying{builder: b, entries: make(map[string][]*entry), ways: make(map[way]*carried), carriers: make(map[string][]string)}
	for _, e := range r.entries {
		w.entries[e.relay] = append(w.entries[e.relay], e)
	}
	direct := d.Flows
	d.Flows = nil
	var onward []matrix.Flow // from relays to what they stand in front of
	for _, f := range direct {
		entries := r.inFrontOf(b.m, f)
		if len(entries) == 0 {
			d.Flows = append(d.Flows, f)
			continue
		}
		through, straight := b.portsBesideRelays(f)
		if !straight.IsEmpty() {
			f.Ports = straight
			d.Flows = append(d.Flows, f)
		}
		if through.IsEmpty() {
			continue
		}
		f.Ports = through
		for _, e := range entries {
			e.wanted = append(e.wanted, wish{f.Source, f.Purpose, f.Errata, []string{b.m.FlowID(f)}})
			onward = append(onward, w.onward(e, f))
		}
	}
	d.Flows = append(d.Flows, onward...)
	describeAll(d.Flows)
	for _, e := range r.innermostFirst() {
		w.pass(e)
	}
	b.noticeShared(r, w.ways)
	d.Flows = append(d.Flows, w.flows()...)
	d.Flows = append(d.Flows, b.peers(d.Flows)...)
	b.relayed = w.carriers
	return d
}

// portsBesideRelays deals out a flow's ports: those that relays carry, and those
// that lead straight to the destination. A relay ends connections, so that it
// carries no protocol without ports; and what it listens for is the component as
// it listens here: whoever may reach another port of that alone (an exporter
// beside a database) may not ask the relay for the component.
func (b *builder) portsBesideRelays(f matrix.Flow) (through, straight matrix.Ports) {
	own := b.listens[f.Component]
	for r := range f.Ports.All() {
		one := matrix.NewPorts(r)
		if r.Protocol().HasPorts() && (own.IsEmpty() || own.Overlaps(one)) {
			through = through.Union(one)
		} else {
			straight = straight.Union(one)
		}
	}
	return through, straight
}

// wish is that somebody wants to reach what a relay listens for.
type wish struct {
	source  matrix.Place
	purpose matrix.Purpose // the user's own, or the zero value
	errata  []string       // of the flows that it carries
	flows   []string       // which those are, by id
}

// way is what one source opens to one relay.
type way struct {
	source  matrix.Place
	relay   string
	purpose matrix.Purpose
}

// carried is what goes along one way.
type carried struct {
	entries map[*entry]bool
	errata  []string
}

// relaying collects the flows to relays.
type relaying struct {
	*builder
	entries  map[string][]*entry // by relay
	ways     map[way]*carried
	carriers map[string][]string // from a flow to or from a relay to the flows that it carries, by id
}

// onward returns the half of a flow that leads from a relay to its destination.
func (w relaying) onward(e *entry, f matrix.Flow) matrix.Flow {
	id := w.m.FlowID(f)
	f.Source = matrix.At(e.relay)
	f.Purpose = purposeBesideRelay(w.m, f.Destination, f.Purpose)
	f.Origin = matrix.Relayed
	w.carry(matrix.FlowID(e.relay, w.m.EndpointAt(f.Destination), f.Component), id)
	return f
}

func (w relaying) carry(along string, flows ...string) {
	w.carriers[along] = append(w.carriers[along], flows...)
}

// pass sends those who want what an entry listens for to its relay, or to the
// relays in front of that, each of which then connects to it.
func (w relaying) pass(e *entry) {
	e.mergeWishes()
	var through wish
	for _, wanted := range e.wanted {
		if len(e.outer) == 0 || slices.ContainsFunc(e.outer, func(o *entry) bool { return wanted.source == matrix.At(o.relay) }) {
			w.reach(e, wanted)
			continue
		}
		for _, o := range e.outer {
			o.wanted = append(o.wanted, wanted)
		}
		through.errata = append(through.errata, wanted.errata...)
		through.flows = append(through.flows, wanted.flows...)
	}
	if len(through.flows) == 0 {
		return
	}
	for _, o := range e.outer {
		w.reach(e, wish{matrix.At(o.relay), 0, through.errata, through.flows})
	}
}

// reach opens an entry to one source.
func (w relaying) reach(e *entry, wanted wish) {
	key := way{wanted.source, e.relay, purposeBesideRelay(w.m, wanted.source, wanted.purpose)}
	c, ok := w.ways[key]
	if !ok {
		c = &carried{entries: make(map[*entry]bool)}
		w.ways[key] = c
	}
	c.entries[e] = true
	c.errata = append(c.errata, wanted.errata...)
	w.carry(matrix.FlowID(endpointOf(wanted.source), e.relay, e.relay), wanted.flows...)
}

func endpointOf(place matrix.Place) string {
	id, _ := place.Endpoint()
	return id
}

// flows returns a flow for each way to a relay.
func (w relaying) flows() []matrix.Flow {
	flows := make([]matrix.Flow, 0, len(w.ways))
	for way, c := range w.ways {
		var ports matrix.Ports
		for e := range c.entries {
			ports = ports.Union(e.ports)
		}
		keys := w.servedOn(way.relay, ports)
		flows = append(flows, matrix.Flow{
			Source:      way.source,
			Destination: matrix.At(way.relay),
			Component:   way.relay,
			Ports:       ports,
			Purpose:     way.purpose,
			Description: matrix.Because(matrix.RelayReason, "Relay in front of "+strings.Join(keys, ", "), keys...),
			Origin:      matrix.Relayed,
			Errata:      c.errata,
		})
	}
	return flows
}

// servedOn returns what a relay listens for on some of these ports, sorted: all
// that who connects there may come to.
func (w relaying) servedOn(relay string, ports matrix.Ports) []string {
	var keys []string
	for _, e := range w.entries[relay] {
		if e.ports.Overlaps(ports) {
			keys = append(keys, e.key)
		}
	}
	slices.Sort(keys)
	return keys
}

// purposeBesideRelay returns the purpose of the half of a flow that lies between
// a relay and the other end. A purpose of the user's own stays where that end is
// an actor or an outside system: between machines a relay carries the flows of
// many, and the ends decide.
func purposeBesideRelay(m *matrix.Matrix, other matrix.Place, purpose matrix.Purpose) matrix.Purpose {
	switch end, _ := m.Endpoint(m.EndpointAt(other)); end.Kind {
	case matrix.Actor, matrix.External:
		return purpose
	case matrix.Host, matrix.Relay:
	}
	return 0 // a relay that no flow of the user's own names is not in the matrix yet
}

// describeAll gives the flows that are about to merge into one a description that
// says what each of them is for: whoever approves what a relay opens must read
// everything that it carries. The user's own words come first, as in a merge.
func describeAll(flows []matrix.Flow) {
	type opening struct {
		source, destination matrix.Place
		component           string
	}
	type said struct {
		opening
		text string
	}
	reasons, seen := make(map[opening]matrix.Description), make(map[said]bool)
	precedence := func(a, b matrix.Flow) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), a.Description.Compare(b.Description))
	}
	for _, f := range slices.SortedFunc(slices.Values(flows), precedence) {
		o := opening{f.Source, f.Destination, f.Component}
		for _, reason := range f.Description {
			if key := (said{o, reason.Text}); !seen[key] {
				seen[key] = true
				reasons[o] = append(reasons[o], reason)
			}
		}
	}
	for i, f := range flows {
		flows[i].Description = reasons[opening{f.Source, f.Destination, f.Component}]
	}
}
