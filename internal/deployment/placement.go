package deployment

import (
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// place moves components and hosts to the hosts that run them, and fixes every
// flow to endpoints. All entries act at once, on the hosts as they were: a value
// is final and never looked up as a key. It also notes, by the id under which
// the page has it, the errata of each flow that now starts or ends elsewhere.
func (b *builder) place() *matrix.Draft {
	for _, wrong := range b.misplaced {
		b.errs.Add(wrong)
	}
	d := b.m.Draft()
	for i := range d.Components {
		d.Components[i].Host = placedHost(b.m, b.choices.Placement, d.Components[i])
	}
	known := make(map[string]bool, len(d.Endpoints))
	for _, e := range d.Endpoints {
		known[e.ID] = true
	}
	for _, host := range slices.Sorted(maps.Values(b.choices.Placement)) {
		if !known[host] {
			known[host] = true
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: host, Name: host, Kind: matrix.Host})
		}
	}
	b.moved = make(map[string][]string)
	for i := range d.Flows {
		f := &d.Flows[i]
		drawn := *f
		if f.Drawn.Source != "" {
			drawn.Source = matrix.At(f.Drawn.Source)
		}
		if f.Drawn.Destination != "" {
			drawn.Destination = matrix.At(f.Drawn.Destination)
		}
		from := endsOf{b.placedEnd(drawn.Source), b.placedEnd(b.rowDestination(drawn))}
		to := endsOf{b.placedEnd(f.Source), b.placedEnd(b.rowDestination(*f))}
		f.Source, f.Destination = matrix.At(to.source), matrix.At(to.destination)
		if from != to {
			id := matrix.FlowID(from.source, from.destination, f.Component)
			b.moved[id] = append(b.moved[id], f.Drawn.Erratum)
			f.Origin = matrix.Corrected
			f.Errata = append(f.Errata, f.Drawn.Erratum)
		}
		f.Drawn = matrix.Drawn{}
	}
	for i := range b.own {
		own := &b.own[i]
		own.placed = own.flow
		own.placed.Source, own.placed.Destination = matrix.At(b.placedEnd(own.flow.Source)), matrix.At(b.placedEnd(own.flow.Destination))
	}
	return d
}

type endsOf struct{ source, destination string }

// rowDestination returns where a row leads. A component that placement names
// takes the rows that lead to it along, wherever the page draws them.
func (b *builder) rowDestination(f matrix.Flow) matrix.Place {
	if _, ok := f.Destination.Endpoint(); ok && isPlaced(b.m, b.choices.Placement, f.Component) {
		return matrix.HostOf(f.Component)
	}
	return f.Destination
}

// placedEnd returns the endpoint at which a place of the matrix before placement
// is after it.
func (b *builder) placedEnd(place matrix.Place) string {
	if id, ok := place.Component(); ok {
		c, _ := b.m.Component(id)
		return placedHost(b.m, b.choices.Placement, c)
	}
	endpoint, _ := place.Endpoint()
	return hostOf(b.choices.Placement, endpoint)
}

// isPlaced reports whether placement names a component that runs here.
func isPlaced(m *matrix.Matrix, placement map[string]string, id string) bool {
	if _, runs := m.Component(id); !runs {
		return false
	}
	_, named := placement[id]
	return named || id == rabbitMQUI && isPlaced(m, placement, rabbitMQ)
}

const rabbitMQ, rabbitMQUI = "rabbitmq", "rabbitmq_ui"

// placedHost returns the host on which a component runs. RabbitMQ's web
// interface is part of RabbitMQ and follows it; nothing else follows anything.
func placedHost(m *matrix.Matrix, placement map[string]string, c matrix.Component) string {
	if host, ok := placement[c.ID]; ok {
		return host
	}
	if c.ID == rabbitMQUI {
		if bus, ok := m.Component(rabbitMQ); ok {
			return placedHost(m, placement, bus)
		}
	}
	return hostOf(placement, c.Host)
}

func hostOf(placement map[string]string, host string) string {
	if to, ok := placement[host]; ok {
		return to
	}
	return host
}

// enginesApart returns the engines that a placement names one by one.
func enginesApart(placement map[string]string) []string {
	var ids []string
	for _, engine := range edition.EngineComponents() {
		if _, ok := placement[engine.ID]; ok {
			ids = append(ids, engine.ID)
		}
	}
	return ids
}

// readPlacement keeps of the placement what can be done, before any step asks for
// it; what is wrong with the rest, the step says.
func (b *builder) readPlacement() {
	placement := make(map[string]string, len(b.choices.Placement))
	b.misplaced = nil
	for _, what := range slices.Sorted(maps.Keys(b.choices.Placement)) {
		if err := b.checkPlaced(what, b.choices.Placement[what]); err != nil {
			b.misplaced = append(b.misplaced, err)
			continue
		}
		placement[what] = b.choices.Placement[what]
	}
	b.named = slices.Collect(maps.Values(b.choices.Placement))
	b.choices.Placement = placement
}

func (b *builder) checkPlaced(what, host string) *refusal.Error {
	at := refusal.At("placement").Key(what)
	if _, isComponent := b.known.components[what]; !isComponent && !b.known.isHost(what) {
		return b.notToBePlaced(at, what)
	}
	if !matrix.IsID(host) {
		return matrix.InvalidID(at, host)
	}
	if reason := b.whyNotPlaceable(host); reason != "" {
		return notPlaceable(at, host, reason)
	}
	return b.known.vendorsWord(at, host)
}

// notToBePlaced says why a name cannot be placed that is neither a component nor
// a host.
func (b *builder) notToBePlaced(at refusal.Path, name string) *refusal.Error {
	if reason := b.whyNotPlaceable(name); reason != "" {
		return notPlaceable(at, name, reason)
	}
	err := unknownName(at, name, "a component or a host of this edition", b.known.placeable(), matrix.Host)
	if other := sameRole[name]; other != "" && err.Nearest == other {
		err.Remedy += ". To keep the host's name, and with it the keys of bound rules, write placement = { " + other + " = " +
			strconv.Quote(b.choices.Placement[name]) + " }"
	}
	return err
}

// whyNotPlaceable says what a name is that is neither a component nor a host;
// empty where nothing speaks against it.
func (b *builder) whyNotPlaceable(name string) string {
	if b.known.isService(name) {
		return "a service, which runs on every host"
	}
	switch b.known.endpoints[name].Kind {
	case matrix.Actor:
		return "an actor, which is no machine of Canopsis"
	case matrix.External:
		return "an outside system, which is no machine of Canopsis"
	case matrix.Host, matrix.Relay:
	}
	return ""
}

func notPlaceable(at refusal.Path, name, reason string) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Not a component or a host",
		Found:   strconv.Quote(name) + " is " + reason,
		Remedy:  "Place components on hosts only, as in placement = { postgresql = \"data\" }",
	}
}
