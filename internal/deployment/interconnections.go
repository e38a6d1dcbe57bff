package deployment

import (
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// interconnect adds the flows of the chosen interconnections. Whom they bring
// (edition.WithParties) is in the matrix already, so that the other choices know
// it by name.
func (b *builder) interconnect() *matrix.Draft {
	if len(b.chosen) == 0 {
		return nil
	}
	d := b.m.Draft()
	for _, c := range b.chosen {
		for _, link := range c.Links {
			b.addLink(d, c, link)
		}
	}
	return d
}

func (b *builder) addLink(d *matrix.Draft, c edition.Interconnection, link edition.Link) {
	sources, destinations := b.linkSources(link), b.linkDestinations(link)
	if len(sources) == 0 || len(destinations) == 0 {
		if link.Optional {
			return
		}
		missing := link.To
		if len(destinations) > 0 {
			missing = link.From
		}
		b.errs.Add(&refusal.Error{
			At:      refusal.At("interconnections"),
			Summary: "Interconnection without an end",
			Found:   strconv.Quote(c.ID) + " needs " + strconv.Quote(missing) + ", which does not run in this installation",
			Remedy:  "Leave it out, or write the flows that you need under additional_flows",
		})
		return
	}
	for _, to := range destinations {
		ports := b.linkPorts(c, to)
		if ports.IsEmpty() {
			continue
		}
		destination, _ := b.linkEnd(to)
		for _, source := range sources {
			d.Flows = append(d.Flows, matrix.Flow{
				Source:      source,
				Destination: destination,
				Component:   to,
				Ports:       ports,
				Description: matrix.Because(matrix.InterconnectionLink, link.Description, c.ID, link.From, link.To),
				Origin:      matrix.Interconnection,
			})
		}
	}
}

// linkSources returns where a link starts: on every host, or where the component
// runs, of the engines the one that connects where it runs apart.
func (b *builder) linkSources(link edition.Link) []matrix.Place {
	if link.From != edition.EveryHost {
		for _, id := range []string{link.Engine(), link.From} {
			if place, ok := b.linkEnd(id); ok {
				return []matrix.Place{place}
			}
		}
		return nil
	}
	var places []matrix.Place
	for c := range b.m.Components() {
		places = append(places, matrix.HostOf(c.ID))
	}
	return places
}

// linkDestinations returns the ids of what listens. A link that may call Nginx or
// the API calls what the installation's own event sources of the API call, and
// what is there where it has none.
func (b *builder) linkDestinations(link edition.Link) []string {
	ids := []string{link.To}
	if link.Or != "" {
		ids = append(ids, link.Or)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, ok := b.linkEnd(id)
		return !ok
	})
	if len(ids) < 2 {
		return ids
	}
	used := make(map[string]bool)
	for f := range b.m.Flows() {
		if source, ok := f.Source.Endpoint(); ok && source == edition.APIEventSources {
			used[f.Component] = true
		}
	}
	if taken := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !used[id] }); len(taken) > 0 {
		return taken
	}
	return ids[:1]
}

func (b *builder) linkEnd(id string) (matrix.Place, bool) {
	if _, ok := b.m.Component(id); ok {
		return matrix.HostOf(id), true
	}
	_, ok := b.m.Endpoint(id)
	return matrix.At(id), ok
}

// linkPorts returns the ports that the destination of a link listens on. What is
// wrong with those that a user gives, setPorts says; then there are none.
func (b *builder) linkPorts(c edition.Interconnection, id string) matrix.Ports {
	if component, ok := b.m.Component(id); ok {
		return component.Ports()
	}
	if specs, ok := b.choices.ComponentPorts[id]; ok {
		ports, _ := parsePorts(refusal.At("component_ports").Key(id), specs, new(refusal.Errors))
		return ports
	}
	party, _ := c.Party(id)
	if party.Ports.IsEmpty() {
		b.errs.Add(&refusal.Error{
			At:      refusal.At("interconnections"),
			Summary: "Missing ports",
			Found:   strconv.Quote(c.ID) + " connects to " + party.Name + " on ports that the vendor's documentation does not give (" + party.PortsHint + ")",
			Remedy:  "Write the ports of yours, as in component_ports = { " + id + ` = ["tcp/PORT"] }`,
		})
	}
	return party.Ports
}

// chooseInterconnections finds the entries of the catalogue. A name given twice
// is given once.
func chooseInterconnections(ids []string, errs *refusal.Errors) []edition.Interconnection {
	chosen, err := edition.FindInterconnections(ids)
	errs.Merge(err)
	return chosen
}
