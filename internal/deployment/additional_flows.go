package deployment

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// AdditionalFlow is a flow of the user's own.
type AdditionalFlow struct {
	Source      string   // an endpoint or a component; a new name is a new actor, or an outside system if a flow leads there
	Destination string   // an endpoint or a component; a new name is a new outside system
	Ports       []string // port specs; nil takes the ports of a destination that is a component
	Purpose     string   // one of matrix.Purposes; empty: the ends decide
	Description string
}

// addFlows adds the user's own flows. Their component is the map's key, but
// where the destination is a component it is that one.
func addFlows(m *matrix.Matrix, known names, choices Choices) (*matrix.Matrix, error) {
	a := adder{m: m, d: m.Draft(), known: known, kinds: newKinds(choices), endpoints: make(map[string]bool)}
	for _, e := range a.d.Endpoints {
		a.endpoints[e.ID] = true
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(choices.AdditionalFlows)) {
		errs = append(errs, a.add(name, choices.AdditionalFlows[name]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return a.d.Matrix()
}

type adder struct {
	m         *matrix.Matrix
	d         *matrix.Draft
	known     names
	kinds     map[string]matrix.Kind
	endpoints map[string]bool // that are there
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

func (a *adder) add(name string, flow AdditionalFlow) error {
	at := refusal.At("additional_flows").Key(name)
	if !matrix.IsID(name) {
		return matrix.InvalidID(at, name)
	}
	var errs []error
	source, err := a.end(at.Attribute("source"), flow.Source)
	errs = append(errs, err)
	destination, wrongDestination := a.end(at.Attribute("destination"), flow.Destination)
	errs = append(errs, wrongDestination)
	purpose, err := parsePurpose(at.Attribute("purpose"), flow.Purpose)
	errs = append(errs, err)

	component := name
	target, toComponent := destination.Component()
	var ports matrix.Ports
	if toComponent {
		component = target
		c, _ := a.m.Component(target)
		ports = c.Ports()
	}
	switch {
	case flow.Ports != nil:
		ports, err = parsePorts(at.Attribute("ports"), flow.Ports)
		errs = append(errs, err)
	case ports.IsEmpty() && wrongDestination == nil:
		errs = append(errs, &refusal.Error{
			At:      at.Attribute("ports"),
			Summary: "Missing ports",
			Found:   strconv.Quote(flow.Destination) + " is no component whose ports are known, and the flow names none",
			Remedy:  `Write the ports, as in ports = ["tcp/443"]`,
		})
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	a.d.Flows = append(a.d.Flows, matrix.Flow{
		Source:      source,
		Destination: destination,
		Component:   component,
		Ports:       ports,
		Purpose:     purpose,
		Description: matrix.InOwnWords(flow.Description),
		Origin:      matrix.Additional,
		WithinHost:  flow.Source == flow.Destination,
	})
	return nil
}

// end finds the place that a name means, and makes a new endpoint for a name
// that nobody knows.
func (a *adder) end(at refusal.Path, name string) (matrix.Place, error) {
	if !matrix.IsID(name) {
		wrong := matrix.InvalidID(at, name)
		wrong.Remedy = "Name the end; its addresses go into the binding of that name"
		return matrix.Place{}, wrong
	}
	if _, ok := a.m.Component(name); ok {
		return matrix.HostOf(name), nil
	}
	if _, ok := a.known.components[name]; ok {
		return matrix.Place{}, &refusal.Error{
			At:      at,
			Summary: "Closed component",
			Found:   strconv.Quote(name) + " does not run here: it is an option that is not open",
			Remedy:  "Open it with options = [" + strconv.Quote(name) + "], or name another end",
		}
	}
	if a.known.services[name] {
		return matrix.Place{}, &refusal.Error{
			At:      at,
			Summary: "Not an end of a flow",
			Found:   strconv.Quote(name) + " is a service, which runs on every host",
			Remedy:  "Name the host, and give the service's ports",
		}
	}
	if !a.endpoints[name] {
		a.endpoints[name] = true
		a.d.Endpoints = append(a.d.Endpoints, matrix.Endpoint{ID: name, Name: name, Kind: cmp.Or(a.kinds[name], matrix.Actor)})
	}
	return matrix.At(name), nil
}

// explainConflict words a conflict of purposes for whoever wrote one of them:
// where nobody does, a purpose follows from a flow's ends, and flows that become
// the same have the same ends.
func explainConflict(err error, flows map[string]AdditionalFlow) error {
	var conflict *matrix.PurposeConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	var writers []string
	for _, name := range slices.Sorted(maps.Keys(flows)) {
		flow := flows[name]
		wrote := flow.Purpose == conflict.First.Purpose.String() || flow.Purpose == conflict.Second.Purpose.String()
		if wrote && slices.Contains([]string{name, flow.Destination}, conflict.First.Component) {
			writers = append(writers, name)
		}
	}
	wrong := &refusal.Error{
		At:      refusal.At("additional_flows"),
		Summary: "Two purposes of one flow",
		Found:   conflict.Error(),
		Remedy:  "Write the same purpose in every flow that becomes " + conflict.Flow + ", or leave purpose out of all of them",
	}
	if len(writers) == 1 {
		wrong.At = wrong.At.Key(writers[0]).Attribute("purpose")
		wrong.Remedy = "Leave purpose out: then the flow's ends decide, as they do for the other one"
	}
	return wrong
}

func parsePurpose(at refusal.Path, text string) (matrix.Purpose, error) {
	if text == "" {
		return 0, nil
	}
	purpose, err := matrix.ParsePurpose(text)
	if err != nil {
		return 0, refusal.Unknown(at, text, "a purpose", matrix.PurposeNames())
	}
	return purpose, nil
}

// withoutPurposes returns the choices with the purposes of the user's own flows
// left to their ends, which never contradict each other.
func (c Choices) withoutPurposes() Choices {
	flows := make(map[string]AdditionalFlow, len(c.AdditionalFlows))
	for name, flow := range c.AdditionalFlows {
		flow.Purpose = ""
		flows[name] = flow
	}
	c.AdditionalFlows = flows
	return c
}
