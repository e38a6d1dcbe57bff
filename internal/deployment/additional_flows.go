package deployment

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// AdditionalFlow is a flow of the user's own.
type AdditionalFlow struct {
	Source      string   // an endpoint or a component; a new name is a new actor, or an outside system if a flow leads there
	Destination string   // an endpoint or a component; a new name is a new outside system
	Ports       []string // port specs, or ComponentPorts alone; at least one
	Purpose     string   // one of matrix.Purposes; empty: the ends decide
	Description string
	// Incomplete says that whoever read the flow has refused a part of it: its
	// names count for the other choices, and no more is said of it.
	Incomplete bool
}

// ComponentPorts stands, alone, in a flow's ports for those on which its
// component listens here.
const ComponentPorts = "component"

// ownFlow is a flow of the user's own, read.
type ownFlow struct {
	name   string      // in additional_flows
	flow   matrix.Flow // as written
	placed matrix.Flow // after placement
}

// addFlows adds the user's own flows.
func (b *builder) addFlows() *matrix.Draft {
	if len(b.choices.AdditionalFlows) == 0 {
		return nil
	}
	a := adder{builder: b, d: b.m.Draft(), kinds: newKinds(b.choices), endpoints: make(map[string]bool), ports: make(map[string]matrix.Ports)}
	for _, e := range a.d.Endpoints {
		a.endpoints[e.ID] = true
	}
	b.listens = make(map[string]matrix.Ports, len(a.d.Components))
	for _, f := range a.d.Flows {
		a.ports[f.Component] = a.ports[f.Component].Union(f.Ports)
	}
	for _, c := range a.d.Components {
		b.listens[c.ID] = c.Ports().Union(a.ports[c.ID])
	}
	for _, name := range slices.Sorted(maps.Keys(b.choices.AdditionalFlows)) {
		before := b.errs.Len()
		written := b.choices.AdditionalFlows[name]
		if written.Incomplete {
			a.endsOfIncomplete(written)
			b.wrongFlows = append(b.wrongFlows, name)
			continue
		}
		flow := a.read(name, written)
		if b.errs.Len() > before {
			b.wrongFlows = append(b.wrongFlows, name)
			continue
		}
		b.own = append(b.own, ownFlow{name: name, flow: flow})
		a.d.Flows = append(a.d.Flows, flow)
	}
	return a.d
}

type adder struct {
	*builder
	d         *matrix.Draft
	kinds     map[string]matrix.Kind  // what names are that nobody knows
	endpoints map[string]bool         // that are there
	ports     map[string]matrix.Ports // that flows have, by component
}

// newKinds says what the names are that nobody knows: a relay, a host that
// placement makes, an outside system where any flow leads there, else an actor.
func newKinds(choices Choices) map[string]matrix.Kind {
	kinds := make(map[string]matrix.Kind)
	for _, flow := range choices.AdditionalFlows {
		kinds[flow.Destination] = matrix.External
	}
	for _, host := range choices.Placement {
		kinds[host] = matrix.Host
	}
	for name := range choices.Relays {
		kinds[name] = matrix.Relay
	}
	return kinds
}

func (a *adder) read(name string, flow AdditionalFlow) matrix.Flow {
	at := refusal.At("additional_flows").Key(name)
	if !matrix.IsID(name) {
		a.errs.Add(matrix.InvalidID(at, name))
	}
	a.errs.Add(a.known.vendorsWord(at, name))
	source, _ := a.end(at.Attribute("source"), flow.Source)
	component := name
	destination, ok := a.end(at.Attribute("destination"), flow.Destination)
	switch {
	case a.known.own[name]:
		destination = matrix.HostOf(name)
	case ok && matrix.IsID(name):
		component, destination = a.component(at, name, flow.Destination, destination)
	}
	read := matrix.Flow{
		Source:      source,
		Destination: destination,
		Component:   component,
		Purpose:     a.purpose(at.Attribute("purpose"), flow.Purpose),
		Description: matrix.InOwnWords(flow.Description),
		Origin:      matrix.Additional,
		WithinHost:  flow.Source == flow.Destination,
	}
	if ports := at.Attribute("ports"); slices.Contains(flow.Ports, ComponentPorts) {
		if ok && matrix.IsID(name) {
			read.Ports = a.componentPorts(ports, flow.Ports, component)
		}
	} else if i := slices.IndexFunc(flow.Ports, misspeltComponentPorts); i >= 0 {
		a.errs.Add(&refusal.Error{
			At:      ports.Index(i),
			Summary: "Invalid port",
			Found:   strconv.Quote(flow.Ports[i]) + " is not a port",
			Nearest: ComponentPorts,
			Allowed: matrix.PortForm + "; or " + ComponentPorts + ", alone",
		})
	} else {
		read.Ports, _ = parsePorts(ports, flow.Ports, a.errs)
	}
	return read
}

// misspeltComponentPorts reports whether a spec was probably meant to be
// ComponentPorts.
func misspeltComponentPorts(spec string) bool {
	_, err := matrix.ParsePortRange(spec)
	return err != nil && refusal.Nearest(spec, []string{ComponentPorts}) != ""
}

// endsOfIncomplete makes the ends of a flow known by name, as far as they are
// written.
func (a *adder) endsOfIncomplete(flow AdditionalFlow) {
	said := a.errs
	a.errs = new(refusal.Errors)
	for _, name := range []string{flow.Source, flow.Destination} {
		if matrix.IsID(name) {
			a.end(refusal.Path{}, name)
		}
	}
	a.errs = said
}

// end finds the place that a name means, and makes a new endpoint for a name
// that nobody knows.
func (a *adder) end(at refusal.Path, name string) (matrix.Place, bool) {
	if !matrix.IsID(name) {
		wrong := matrix.InvalidID(at, name)
		wrong.Remedy = "Name the end; its addresses go into the binding of that name"
		a.errs.Add(wrong)
		return matrix.Place{}, false
	}
	if id := a.running(name); id != "" {
		return matrix.HostOf(id), true
	}
	if _, ok := a.known.components[name]; ok {
		a.errs.Add(closedComponent(at, name))
		return matrix.Place{}, false
	}
	if a.known.isService(name) {
		a.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Not an end of a flow",
			Found:   strconv.Quote(name) + " is a service, which runs on every host",
			Remedy:  "Name the host, and the service as the flow's key, as in " + name + ` = { source = "administrators", destination = "canopsis", ports = ["component"] }`,
		})
		return matrix.Place{}, false
	}
	if !a.endpoints[name] {
		if wrong := a.known.vendorsWord(at, name); wrong != nil {
			a.errs.Add(wrong)
			return matrix.Place{}, false
		}
		a.endpoints[name] = true
		a.d.Endpoints = append(a.d.Endpoints, matrix.Endpoint{ID: name, Name: name, Kind: cmp.Or(a.kinds[name], matrix.Actor)})
	}
	return matrix.At(name), true
}

// running returns the component under which a name runs here: itself, or, of an
// engine that is not placed apart, all of them. It is empty for what does not run.
func (a *adder) running(name string) string {
	if _, ok := a.m.Component(name); ok {
		return name
	}
	if _, ok := a.m.Component(edition.Engines); ok && edition.IsEngine(name) {
		return edition.Engines
	}
	return ""
}

func closedComponent(at refusal.Path, name string) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Closed component",
		Found:   strconv.Quote(name) + " does not run here: it is an option that is not open",
		Remedy:  "Open it with options = [" + strconv.Quote(name) + "], or name another end",
	}
}

// component returns a flow's component, and where it listens: the flow's name
// where that is a service or a component that runs on the destination's host,
// else the destination where that is a component, else a new one.
func (a *adder) component(at refusal.Path, name, destination string, place matrix.Place) (string, matrix.Place) {
	if a.known.isService(name) {
		return name, place
	}
	if runs := a.running(name); runs != "" {
		host, there := a.placedEnd(matrix.HostOf(runs)), a.placedEnd(place)
		if host == there {
			return name, matrix.HostOf(runs)
		}
		a.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Component of another host",
			Found:   strconv.Quote(name) + " runs on " + strconv.Quote(host) + ", and the flow leads to " + strconv.Quote(there),
			Remedy:  "Write destination = " + strconv.Quote(name) + " for a flow to this component, or give the flow a name of its own",
		})
		return name, place
	}
	if _, closed := a.known.components[name]; closed {
		a.errs.Add(closedComponent(at, name))
		return name, place
	}
	if _, ok := place.Component(); ok {
		return destination, place
	}
	if a.isOutside(name) && name != destination {
		a.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Name of another outside system",
			Found: strconv.Quote(name) + " is an outside system, and the flow leads to " + strconv.Quote(destination) +
				": what is said of the one, as relays, exclude and component_ports do, would be said of the other",
			Remedy: "Write destination = " + strconv.Quote(name) + " for a flow to this system, or give the flow a name of its own",
		})
	}
	return name, place
}

// isOutside reports whether a name is an outside system: of the edition, of
// the catalogue's chosen entries or of another flow of the user's own.
func (a *adder) isOutside(name string) bool {
	if e, ok := a.m.Endpoint(name); ok {
		return e.Kind == matrix.External
	}
	if e, ok := a.known.endpoints[name]; ok {
		return e.Kind == matrix.External
	}
	return a.kinds[name] == matrix.External
}

// componentPorts returns the ports on which a flow's component listens here.
func (a *adder) componentPorts(at refusal.Path, specs []string, component string) matrix.Ports {
	if len(specs) > 1 {
		a.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Ports beside those of the component",
			Found:   strconv.Quote(ComponentPorts) + " stands beside other ports",
			Remedy:  `Write ports = ["component"] alone for the ports on which the component listens, or all ports one by one`,
		})
		return matrix.Ports{}
	}
	ports := a.portsOf(component)
	if ports.IsEmpty() {
		a.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Component without known ports",
			Found:   "the flow's component is " + strconv.Quote(component) + ", of which no ports are known",
			Remedy:  `Write the ports, as in ports = ["tcp/443"]`,
		})
	}
	return ports
}

// portsOf returns the ports of a component as it listens here, else those that
// the matrix has for a service or an outside system.
func (a *adder) portsOf(component string) matrix.Ports {
	if c, ok := a.m.Component(component); ok {
		return c.Ports()
	}
	if ports := a.ports[component]; !ports.IsEmpty() {
		return ports
	}
	if specs, ok := a.choices.ComponentPorts[component]; ok && a.known.listens(component) {
		ports, _ := parsePorts(refusal.At("component_ports").Key(component), specs, new(refusal.Errors))
		return ports
	}
	return a.known.services[component]
}

func (a *adder) purpose(at refusal.Path, text string) matrix.Purpose {
	if text == "" {
		return 0
	}
	purpose, err := matrix.ParsePurpose(text)
	if err != nil {
		a.errs.Unknown(at, text, "a purpose", matrix.PurposeNames())
	}
	return purpose
}
