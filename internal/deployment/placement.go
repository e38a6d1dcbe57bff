package deployment

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// place moves components and hosts to the hosts that run them, and fixes every
// flow to endpoints. All entries act at once, on the hosts as they were: a value
// is final and never looked up as a key. It also returns, by the id under which
// the page has it, the errata of each flow that now starts or ends elsewhere.
func place(m *matrix.Matrix, known names, placement map[string]string) (placed *matrix.Matrix, moved map[string]string, err error) {
	if err := checkPlacement(known, placement); err != nil {
		return nil, nil, err
	}
	d := m.Draft()
	hosts := make(map[string]string, len(d.Components)) // by component
	for i := range d.Components {
		c := &d.Components[i]
		hosts[c.ID] = placedHost(m, placement, *c)
		c.Host = hosts[c.ID]
	}
	at := func(place matrix.Place) matrix.Place {
		if component, ok := place.Component(); ok {
			return matrix.At(hosts[component])
		}
		endpoint, _ := place.Endpoint()
		return matrix.At(hostOf(placement, endpoint))
	}
	var drawn []matrix.Flow // where the page has those that moved
	for i := range d.Flows {
		f := &d.Flows[i]
		f.Source, f.Destination = at(f.Source), at(f.Destination)
		asDrawn := *f
		if f.Drawn.Source != "" {
			asDrawn.Source = at(matrix.At(f.Drawn.Source))
		}
		if f.Drawn.Destination != "" {
			asDrawn.Destination = at(matrix.At(f.Drawn.Destination))
		}
		if asDrawn.Source != f.Source || asDrawn.Destination != f.Destination {
			drawn = append(drawn, asDrawn)
			f.Origin = matrix.Corrected
			f.Errata = append(f.Errata, f.Drawn.Erratum)
		}
		f.Drawn = matrix.Drawn{}
	}
	for _, host := range slices.Sorted(maps.Values(placement)) {
		if !slices.ContainsFunc(d.Endpoints, func(e matrix.Endpoint) bool { return e.ID == host }) {
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: host, Name: host, Kind: matrix.Host})
		}
	}
	if placed, err = d.Matrix(); err != nil {
		return nil, nil, err
	}
	moved = make(map[string]string, len(drawn))
	for _, f := range drawn {
		moved[placed.FlowID(f)] = f.Drawn.Erratum
	}
	return placed, moved, nil
}

// placedHost returns the host on which a component runs. RabbitMQ's web
// interface is part of RabbitMQ and follows it; nothing else follows anything.
func placedHost(m *matrix.Matrix, placement map[string]string, c matrix.Component) string {
	if host, ok := placement[c.ID]; ok {
		return host
	}
	if c.ID == "rabbitmq_ui" {
		if bus, ok := m.Component("rabbitmq"); ok {
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

func checkPlacement(known names, placement map[string]string) error {
	var errs []error
	for _, what := range slices.Sorted(maps.Keys(placement)) {
		host := placement[what]
		at := refusal.At("placement").Key(what)
		_, isComponent := known.components[what]
		switch {
		case !isComponent && !known.isHost(what):
			if reason, ok := whyNotPlaceable(known, what); ok {
				errs = append(errs, notPlaceable(at, what, reason))
			} else {
				errs = append(errs, unknownName(at, what, "a component or a host of this edition", known.placeable(), matrix.Host))
			}
		case !matrix.IsID(host):
			errs = append(errs, matrix.InvalidID(at, host))
		default:
			if reason, ok := whyNotPlaceable(known, host); ok {
				errs = append(errs, notPlaceable(at, host, reason))
			}
		}
	}
	return errors.Join(errs...)
}

// whyNotPlaceable says what a name is that is neither a component nor a host.
func whyNotPlaceable(known names, name string) (reason string, ok bool) {
	if known.services[name] {
		return "a service, which runs on every host", true
	}
	switch known.endpoints[name].Kind {
	case matrix.Actor:
		return "an actor, which is no machine of Canopsis", true
	case matrix.External:
		return "an outside system, which is no machine of Canopsis", true
	case matrix.Host, matrix.Relay:
	}
	return "", false
}

func notPlaceable(at refusal.Path, name, reason string) error {
	return &refusal.Error{
		At:      at,
		Summary: "Not a component or a host",
		Found:   strconv.Quote(name) + " is " + reason,
		Remedy:  "Place components on hosts only, as in placement = { postgresql = \"data\" }",
	}
}
