package deployment

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Relay is a load balancer, a reverse proxy or an HTTP proxy: whoever wants to
// reach what it stands in front of connects to it instead.
type Relay struct {
	InFrontOf []string // components that listen, outside systems, other relays; at least one
	Ports     []string // port specs on which the relay listens; at least one
}

// relay puts the relays between sources and what they stand in front of: the
// source connects to the relay on the relay's ports, and the relay connects on
// to the destination on the destination's. Several before one destination stand
// side by side. What is closed or excluded leaves its relay without flows, and
// the flows of a cluster to itself bypass relays.
func relay(m *matrix.Matrix, known names, choices Choices) (*matrix.Matrix, error) {
	relays := choices.Relays
	r, err := readRelays(m, known, choices)
	if err != nil {
		return nil, err
	}
	d := m.Draft()
	for _, name := range slices.Sorted(maps.Keys(relays)) {
		if _, ok := m.Endpoint(name); !ok {
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: name, Name: name, Kind: matrix.Relay})
		}
	}
	if m, err = d.Matrix(); err != nil {
		return nil, err
	}
	// Each round sends flows through the relays right before their destination.
	// Since none stands before itself, no chain is longer than there are relays.
	for range relays {
		d := m.Draft()
		direct := d.Flows
		d.Flows = nil
		for _, f := range direct {
			d.Flows = append(d.Flows, r.through(m, f)...)
		}
		tellAll(d.Flows)
		if len(d.Flows) == len(direct) {
			break
		}
		if m, err = d.Matrix(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// relaying is the relays, read.
type relaying struct {
	before map[string][]string // from a component, an outside system or a relay to the relays in front of it, sorted
	ports  map[string]matrix.Ports
	words  map[string]matrix.Description // for the flows to the relay
}

// through returns the flow's two halves for each relay in front of its
// destination, and the flow itself where none is.
func (r relaying) through(m *matrix.Matrix, f matrix.Flow) []matrix.Flow {
	relays := r.inFrontOf(m, f)
	source := m.EndpointAt(f.Source)
	if len(relays) == 0 || f.Source == f.Destination || slices.Contains(relays, source) {
		return []matrix.Flow{f}
	}
	var flows []matrix.Flow
	for _, name := range relays {
		to := matrix.Flow{
			Source:      f.Source,
			Destination: matrix.At(name),
			Component:   name,
			Ports:       r.ports[name],
			Purpose:     purposeBesideRelay(m, f.Source, f.Purpose),
			Description: r.words[name],
			Origin:      matrix.Relayed,
			Errata:      f.Errata,
		}
		from := f
		from.Source = matrix.At(name)
		from.Purpose = purposeBesideRelay(m, f.Destination, f.Purpose)
		from.Origin = matrix.Relayed
		flows = append(flows, to, from)
	}
	return flows
}

// tellAll gives the flows that are about to merge into one a description that
// tells what each of them is for: whoever approves what a relay opens must read
// everything that it carries. The user's own words come first, as in a merge.
func tellAll(flows []matrix.Flow) {
	type opening struct {
		source, destination matrix.Place
		component           string
	}
	reasons := make(map[opening]matrix.Description)
	precedence := func(a, b matrix.Flow) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), a.Description.Compare(b.Description))
	}
	for _, f := range slices.SortedFunc(slices.Values(flows), precedence) {
		o := opening{f.Source, f.Destination, f.Component}
		for _, reason := range f.Description {
			if !reasons[o].Says(reason.Text) {
				reasons[o] = append(reasons[o], reason)
			}
		}
	}
	for i, f := range flows {
		flows[i].Description = reasons[opening{f.Source, f.Destination, f.Component}]
	}
}

func (r relaying) inFrontOf(m *matrix.Matrix, f matrix.Flow) []string {
	relays := r.before[f.Component]
	switch destination, _ := m.Endpoint(m.EndpointAt(f.Destination)); destination.Kind {
	case matrix.Relay: // a flow of the user's own to something else on its machine
		if destination.ID != f.Component {
			return nil
		}
	case matrix.External:
		relays = slices.Concat(relays, r.before[destination.ID])
		slices.Sort(relays)
		relays = slices.Compact(relays)
	case matrix.Actor, matrix.Host:
	}
	return relays
}

// purposeBesideRelay returns the purpose of the half of a flow that lies between
// a relay and the other end. A purpose of the user's own stays where that end is
// an actor or an outside system: between machines a relay carries the flows of
// many, and the ends decide.
func purposeBesideRelay(m *matrix.Matrix, other matrix.Place, purpose matrix.Purpose) matrix.Purpose {
	switch end, _ := m.Endpoint(m.EndpointAt(other)); end.Kind {
	case matrix.Host, matrix.Relay:
		return 0
	case matrix.Actor, matrix.External:
	}
	return purpose
}

func readRelays(m *matrix.Matrix, known names, choices Choices) (relaying, error) {
	r := relaying{make(map[string][]string), make(map[string]matrix.Ports), make(map[string]matrix.Description)}
	relays, targets := choices.Relays, relayTargets(m, known, choices)
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(relays)) {
		at := refusal.At("relays").Key(name)
		errs = append(errs, checkRelayName(m, known, choices.Placement, at, name))
		ports, err := parsePorts(at.Attribute("ports"), relays[name].Ports)
		errs = append(errs, err)
		r.ports[name] = ports
		inFrontOf := slices.Compact(slices.Sorted(slices.Values(relays[name].InFrontOf)))
		if len(inFrontOf) == 0 {
			errs = append(errs, &refusal.Error{
				At:      at.Attribute("in_front_of"),
				Summary: "Relay in front of nothing",
				Found:   "the list is empty, and a relay without a destination opens nothing",
				Remedy:  `Name what it stands in front of, as in in_front_of = ["nginx"], or leave the relay out`,
			})
		}
		for _, target := range inFrontOf {
			errs = append(errs, checkTarget(m, known, at.Attribute("in_front_of"), target, targets))
			r.before[target] = append(r.before[target], name)
		}
		r.words[name] = matrix.Because(matrix.RelayReason, "Relay in front of "+refusal.List(inFrontOf), inFrontOf...)
	}
	errs = append(errs, checkCycles(relays))
	return r, errors.Join(errs...)
}

// relayTargets lists what a relay may stand in front of, whether a flow leads
// there or not: what is closed or excluded is no spelling mistake.
func relayTargets(m *matrix.Matrix, known names, choices Choices) []string {
	targets := slices.Collect(maps.Keys(choices.Relays))
	for name, flow := range choices.AdditionalFlows {
		_, toComponent := known.components[flow.Destination] // which is the flow's component then
		if !known.services[name] && !toComponent {
			targets = append(targets, name)
		}
	}
	for id, c := range known.components {
		if !c.IsProcess() {
			targets = append(targets, id)
		}
	}
	for id, e := range known.endpoints {
		if e.Kind == matrix.External {
			targets = append(targets, id)
		}
	}
	for e := range m.Endpoints() {
		if e.Kind == matrix.External {
			targets = append(targets, e.ID)
		}
	}
	return targets
}

func checkTarget(m *matrix.Matrix, known names, at refusal.Path, name string, targets []string) error {
	if slices.Contains(targets, name) {
		return nil
	}
	refuse := func(found, remedy string) error {
		return &refusal.Error{At: at, Summary: "Nothing to stand in front of", Found: strconv.Quote(name) + " is " + found, Remedy: remedy}
	}
	if _, ok := known.components[name]; ok {
		return refuse("a component that only opens connections", "Name what it connects to")
	}
	if known.services[name] {
		return refuse("a service, which runs on every host", "Name components, outside systems or other relays")
	}
	e, ok := m.Endpoint(name)
	if !ok {
		e = known.endpoints[name]
	}
	switch e.Kind {
	case matrix.Host:
		return refuse("a host", "Name the components that run there and that the relay serves")
	case matrix.Actor:
		return refuse("an actor, who connects and does not listen", "Name what it connects to")
	case matrix.Relay, matrix.External:
	}
	return unknownName(at, name, "a component, an outside system or a relay", targets, matrix.Host, matrix.External)
}

func checkRelayName(m *matrix.Matrix, known names, placement map[string]string, at refusal.Path, name string) error {
	if !matrix.IsID(name) {
		return matrix.InvalidID(at, name)
	}
	taken := slices.Contains(known.all(), name) || slices.Contains(slices.Collect(maps.Values(placement)), name)
	if e, ok := m.Endpoint(name); ok && e.Kind != matrix.Relay {
		taken = true
	}
	if !taken {
		return nil
	}
	return &refusal.Error{
		At:      at,
		Summary: "Name already taken",
		Found:   strconv.Quote(name) + " is the name of an endpoint, a component or a service, and rule keys could be read two ways",
		Remedy:  "Give the relay another name, as in " + strconv.Quote(name+"_relay"),
	}
}

// checkCycles refuses relays that stand in front of themselves, if only through
// others. Each circle is told once.
func checkCycles(relays map[string]Relay) error {
	var errs []error
	seen := make(map[string]bool) // everything that leads on from here was looked at
	var visit func(chain []string, name string)
	visit = func(chain []string, name string) {
		if i := slices.Index(chain, name); i >= 0 {
			circle := append(slices.Clone(chain[i:]), name)
			errs = append(errs, &refusal.Error{
				At:      refusal.At("relays").Key(name).Attribute("in_front_of"),
				Summary: "Relay in front of itself",
				Found:   "the relays run in a circle: " + strings.Join(circle, " before "),
				Remedy:  "Leave one of them out of another's in_front_of",
			})
			return
		}
		if seen[name] {
			return
		}
		chain = append(chain, name)
		for _, next := range slices.Sorted(slices.Values(relays[name].InFrontOf)) {
			visit(chain, next)
		}
		seen[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(relays)) {
		visit(nil, name)
	}
	return errors.Join(errs...)
}
