package deployment

import (
	"errors"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// interconnect adds the flows of the chosen interconnections. Whom they bring
// (edition.WithParties) is in the matrix already, so that the other choices know
// it by name.
func interconnect(m *matrix.Matrix, chosen []edition.Interconnection, ports map[string][]string) (*matrix.Matrix, error) {
	i := interconnecting{m: m, d: m.Draft(), ports: ports}
	var errs []error
	for _, c := range chosen {
		for _, link := range c.Links {
			errs = append(errs, i.add(c, link))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return i.d.Matrix()
}

type interconnecting struct {
	m     *matrix.Matrix
	d     *matrix.Draft
	ports map[string][]string // component_ports, for what only interconnections reach
}

func (i *interconnecting) add(c edition.Interconnection, link edition.Link) error {
	sources := i.sources(link.From)
	destination, ok := i.place(link.To)
	if len(sources) == 0 || !ok {
		if link.Optional {
			return nil
		}
		missing := link.To
		if ok {
			missing = link.From
		}
		return &refusal.Error{
			At:      refusal.At("interconnections"),
			Summary: "Interconnection without an end",
			Found:   strconv.Quote(c.ID) + " needs " + strconv.Quote(missing) + ", which does not run in this installation",
			Remedy:  "Leave it out, or write the flows that you need under additional_flows",
		}
	}
	ports, err := i.portsOf(c, link.To)
	if err != nil || ports.IsEmpty() {
		return err
	}
	for _, source := range sources {
		i.d.Flows = append(i.d.Flows, matrix.Flow{
			Source:      source,
			Destination: destination,
			Component:   link.To,
			Ports:       ports,
			Description: matrix.Because(matrix.InterconnectionLink, link.Description, c.ID, link.From, link.To),
			Origin:      matrix.Interconnection,
		})
	}
	return nil
}

func (i *interconnecting) sources(id string) []matrix.Place {
	if id != edition.EveryHost {
		place, ok := i.place(id)
		if !ok {
			return nil
		}
		return []matrix.Place{place}
	}
	var places []matrix.Place
	for c := range i.m.Components() {
		places = append(places, matrix.HostOf(c.ID))
	}
	return places
}

func (i *interconnecting) place(id string) (matrix.Place, bool) {
	if _, ok := i.m.Component(id); ok {
		return matrix.HostOf(id), true
	}
	_, ok := i.m.Endpoint(id)
	return matrix.At(id), ok
}

// portsOf returns the ports that the destination of a link listens on. What is
// wrong with those that a user gives, setPorts says; then there may be none.
func (i *interconnecting) portsOf(c edition.Interconnection, id string) (matrix.Ports, error) {
	if component, ok := i.m.Component(id); ok {
		return component.Ports(), nil
	}
	if specs, ok := i.ports[id]; ok {
		ports, _ := parsePorts(refusal.At("component_ports").Key(id), specs)
		return ports, nil
	}
	party, _ := c.Party(id)
	if party.Ports.IsEmpty() {
		return matrix.Ports{}, &refusal.Error{
			At:      refusal.At("interconnections"),
			Summary: "Missing ports",
			Found:   strconv.Quote(c.ID) + " connects to " + party.Name + " on ports that the vendor's documentation does not give (" + party.PortsHint + ")",
			Remedy:  "Write the ports of yours, as in component_ports = { " + id + ` = ["tcp/PORT"] }`,
		}
	}
	return party.Ports, nil
}

// chooseInterconnections finds the entries of the catalogue. A name given twice
// is given once.
func chooseInterconnections(ids []string) ([]edition.Interconnection, error) {
	chosen, errs := edition.FindInterconnections(ids)
	return chosen, errors.Join(errs...)
}

// unknownName is refusal.Unknown for a name that the catalogue may bring, as one
// of the kinds that are allowed here: then the error says how.
func unknownName(at refusal.Path, name, what string, allowed []string, kinds ...matrix.Kind) error {
	err := unknown(at, name, what, allowed)
	for _, c := range edition.Interconnections() {
		if party, ok := c.Party(name); ok && len(c.Links) > 0 && slices.Contains(kinds, party.Kind) {
			err.Nearest = ""
			err.Remedy = "The catalogue has it: write interconnections = [" + strconv.Quote(c.ID) + "] too"
			break
		}
	}
	return err
}
