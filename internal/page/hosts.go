package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// isSSH reports whether a range is the port of SSH, which belongs to the host and
// to none of its components.
func isSSH(p matrix.PortRange) bool {
	return p.Protocol() == matrix.TCP && p.From() == 22 && p.To() == 22
}

// serviceOf names what listens on a port that no component has.
func serviceOf(p matrix.PortRange) string {
	if p.Protocol() == matrix.TCP && p.From() == p.To() {
		switch p.From() {
		case 22:
			return "ssh"
		case 80:
			return "http"
		case 443:
			return "https"
		}
	}
	return strings.ReplaceAll(p.Key(), "-", "_")
}

// isComponent reports whether an id is a component's: the port list or the
// vocabulary has it.
func (r *reading) isComponent(id string) bool {
	_, listed := r.components[id]
	return listed || vocabulary().listed[id]
}

// findHosts says which endpoints are machines: the application host, those with
// a component's name, and what the page does not know otherwise but
// administrators reach by SSH.
func (r *reading) findHosts() {
	for id, s := range r.sides {
		s.host = id == matrix.Canopsis || r.isComponent(id)
	}
	for _, row := range r.rows {
		if !row.opens(22) || !slices.Contains(row.sources, matrix.Administrators) {
			continue
		}
		for _, e := range slices.Concat(row.destinations...) {
			s := r.sides[e.id]
			s.host = s.host || !s.known
		}
	}
}

func (f flowRow) opens(port int) bool {
	return slices.ContainsFunc(f.options, func(o option) bool { return o.ports.Contains(matrix.TCP, port) })
}

// placeComponents adds the components that only flows name, and says where each
// runs: on a host of its own where the page draws one, else on canopsis.
func (r *reading) placeComponents() {
	r.listed = slices.Sorted(maps.Keys(r.components))
	for _, id := range r.listed {
		r.components[id].addPorts(r.components[id].options)
	}
	for _, row := range r.rows {
		for i, list := range row.destinations {
			options := row.options
			if len(row.destinations) > 1 {
				options = options[i : i+1]
			}
			for _, e := range list {
				if c := r.components[e.id]; vocabulary().listed[e.id] && (c == nil || !c.listed) {
					r.addUnlisted(e.id, options)
				}
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
	if ui := r.components["rabbitmq_ui"]; ui != nil && ui.host == matrix.Canopsis {
		if bus := r.components["rabbitmq"]; bus != nil {
			ui.host = bus.host
		}
	}
}

// addUnlisted gives a component that the port list lacks the ports that a row
// opens to it. A host's SSH is not the component's.
func (r *reading) addUnlisted(id string, options []option) {
	for _, o := range options {
		o.ports = withoutSSH(o.ports)
		if o.ports.IsEmpty() {
			continue
		}
		c := r.components[id]
		if c == nil {
			c = &component{names: slices.Collect(maps.Keys(r.sides[id].names))}
			r.components[id] = c
		}
		c.options = append(c.options, o)
		c.addPorts([]option{o})
	}
}

func (c *component) addPorts(options []option) {
	for _, o := range options {
		c.ports = c.ports.Union(o.ports)
	}
}

// offers joins the options of one label.
func (c *component) offers() []matrix.Offer {
	byLabel := map[string]matrix.Ports{}
	for _, o := range c.options {
		byLabel[o.label] = byLabel[o.label].Union(o.ports)
	}
	var offers []matrix.Offer
	for _, label := range slices.Sorted(maps.Keys(byLabel)) {
		offers = append(offers, matrix.Offer{Option: label, Ports: byLabel[label]})
	}
	return offers
}

// draftEnds writes the endpoints, the components and the labels' alternative.
func (r *reading) draftEnds() {
	for id, s := range r.sides {
		kind := matrix.External
		switch {
		case s.host:
			kind = matrix.Host
		case s.actor:
			kind = matrix.Actor
		}
		r.draft.Endpoints = append(r.draft.Endpoints, matrix.Endpoint{
			ID: id, Name: s.name(), Definition: s.definition, Kind: kind, FQDNs: s.fqdns,
		})
	}
	onCanopsis := false
	for id, c := range r.components {
		onCanopsis = onCanopsis || c.host == matrix.Canopsis
		r.draft.Components = append(r.draft.Components, matrix.Component{
			ID: id, Name: slices.Min(c.names), Description: c.description, Host: c.host,
			Offers: c.offers(), Listed: c.listed, Optional: c.optional,
		})
	}
	if r.sides[matrix.Canopsis] == nil && onCanopsis {
		r.draft.Endpoints = append(r.draft.Endpoints, matrix.Endpoint{ID: matrix.Canopsis, Name: "Canopsis", Kind: matrix.Host})
	}
	if len(r.methods) > 0 {
		r.draft.Alternatives = append(r.draft.Alternatives, r.methodChoice())
	}
}

// name returns the page's word for an endpoint. Of several it takes one that
// means the same as a source and as a destination, so that it can be printed in
// both columns.
func (s *side) name() string {
	if len(s.names) == 0 {
		return "Package repositories" // the page names their hosts alone, which FQDNs has
	}
	return slices.MinFunc(slices.Collect(maps.Keys(s.names)), func(a, b string) int {
		return cmp.Or(cmp.Compare(roles(a), roles(b)), cmp.Compare(a, b))
	})
}

// roles returns how many meanings a name has.
func roles(name string) int {
	if key := keyOf(name); vocabulary().source[key] != vocabulary().place[key] {
		return 2
	}
	return 1
}
