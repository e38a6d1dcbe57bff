package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// deal is ports by the component that a row means by each of them.
type deal map[string]matrix.Ports

// dealRows says for every row which component it means by each of its ports.
func (r *reading) dealRows() {
	for _, row := range r.rows {
		for i, list := range row.destinations {
			options := row.options
			if len(row.destinations) > 1 {
				options = options[i : i+1]
			}
			for _, e := range list {
				for _, o := range options {
					r.dealOut(e.id, o.ports, row)
				}
			}
		}
	}
}

func dealKey(destination string, ports matrix.Ports) string {
	return destination + " " + ports.String()
}

// listenersAt returns the deal of ports at a destination.
func (r *reading) listenersAt(destination string, ports matrix.Ports) deal {
	return r.dealt[dealKey(destination, ports)]
}

// dealOut deals a list of ports out, port by port. A port that two components
// have is refused.
func (r *reading) dealOut(destination string, ports matrix.Ports, row flowRow) {
	key := dealKey(destination, ports)
	if _, ok := r.dealt[key]; ok {
		return
	}
	dealt := deal{}
	whole := withoutSSH(ports)
	for p := range ports.All() {
		ids := r.listenersOf(destination, p, whole)
		if len(ids) > 1 {
			var listed []string
			for _, id := range ids {
				listed = append(listed, fmt.Sprintf("%s (%s, %s)", id, r.components[id].place.text, spell(r.components[id].options)))
			}
			r.faults.add(row.place, &refusal.Error{
				Summary: "Port of several components",
				Found:   row.portCell.found("%s at %s can be %s", p, destination, strings.Join(listed, " or ")),
				Remedy:  "Give the row the ports that the port list has for one of them, or correct the list",
			})
			return
		}
		dealt[ids[0]] = dealt[ids[0]].Union(matrix.NewPorts(p))
	}
	r.dealt[key] = dealt
}

// listenersOf returns the component that a row means by a port of a destination,
// or several where that is not clear: a host's SSH; the destination's own
// component; a component of that host; one of another host; else the service.
// whole is all ports of the row's option but SSH's, which says nothing about the
// others.
func (r *reading) listenersOf(destination string, p matrix.PortRange, whole matrix.Ports) []string {
	own := r.components[destination]
	switch {
	case destination == matrix.PackageRepositories:
		return []string{serviceOf(p)}
	case !r.sides[destination].host:
		return []string{destination}
	case isSSH(p):
		return []string{serviceOf(p)}
	case own != nil && (destination != matrix.Canopsis || contains(own.ports, p)):
		return []string{destination}
	}
	here := func(c *component) bool { return c.host == destination }
	elsewhere := func(c *component) bool { return c.host != destination }
	for _, at := range []func(*component) bool{here, elsewhere} {
		if ids := r.having(at, p, whole); len(ids) > 0 {
			return ids
		}
	}
	return []string{serviceOf(p)}
}

// having returns the listed component that has a port, of those that at is true
// of: among several the one that lists the row's ports as they are, or all of them,
// or this port. Where none has it as a whole, those are returned that have a
// part of it.
func (r *reading) having(at func(*component) bool, p matrix.PortRange, whole matrix.Ports) []string {
	var having, touching []string
	for _, id := range r.listed {
		switch c := r.components[id]; {
		case !at(c):
		case contains(c.ports, p):
			having = append(having, id)
		case c.ports.Overlaps(matrix.NewPorts(p)):
			touching = append(touching, id)
		}
	}
	if len(having) == 0 {
		return touching
	}
	for _, fits := range []func(option) bool{
		func(o option) bool { return withoutSSH(o.ports).Equal(whole) },
		func(o option) bool { return containsAll(o.ports, whole) },
		func(o option) bool { return withoutSSH(o.ports).Equal(matrix.NewPorts(p)) },
	} {
		if len(having) == 1 {
			break
		}
		fitting := slices.DeleteFunc(slices.Clone(having), func(id string) bool { return !slices.ContainsFunc(r.components[id].options, fits) })
		if len(fitting) > 0 {
			having = fitting
		}
	}
	return having
}

// withoutSSH takes the port of SSH out, which is the host's.
func withoutSSH(ports matrix.Ports) matrix.Ports {
	return matrix.NewPorts(slices.DeleteFunc(slices.Collect(ports.All()), isSSH)...)
}

// contains reports whether one range of ports has all of p.
func contains(ports matrix.Ports, p matrix.PortRange) bool {
	for r := range ports.All() {
		if r.Protocol() == p.Protocol() && r.From() <= p.From() && p.To() <= r.To() {
			return true
		}
	}
	return false
}

func containsAll(ports, others matrix.Ports) bool {
	for p := range others.All() {
		if !contains(ports, p) {
			return false
		}
	}
	return true
}

// sorted returns the components of a deal in order.
func (d deal) sorted() []string { return slices.Sorted(maps.Keys(d)) }
