package deployment

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// relayTargets returns what a relay may stand in front of beside other relays,
// whether a flow leads there or not: what is closed or excluded is no spelling
// mistake.
func (b *builder) relayTargets() map[string]bool {
	targets := make(map[string]bool)
	for _, own := range b.own {
		if !b.known.isService(own.flow.Component) {
			targets[own.flow.Component] = true
		}
	}
	for _, name := range b.wrongFlows {
		targets[name] = true
	}
	for id, c := range b.known.components {
		if !c.IsProcess() {
			targets[id] = true
		}
	}
	for id, e := range b.known.endpoints {
		if e.Kind == matrix.External {
			targets[id] = true
		}
	}
	for e := range b.m.Endpoints() {
		if e.Kind == matrix.External {
			targets[e.ID] = true
		}
	}
	return targets
}

// notATarget says why a relay cannot stand in front of a name.
func (r listenerReader) notATarget(at refusal.Path, relay, name string) *refusal.Error {
	refuse := func(found, remedy string) *refusal.Error {
		return &refusal.Error{At: at, Summary: "Nothing to stand in front of", Found: strconv.Quote(name) + " is " + found, Remedy: remedy}
	}
	if _, ok := r.known.components[name]; ok {
		return refuse("a component that only opens connections", "Name what it connects to")
	}
	if r.known.isService(name) {
		return refuse("a service, which runs on every host", "Name components, outside systems or other relays")
	}
	e, ok := r.m.Endpoint(name)
	if !ok {
		e = r.known.endpoints[name]
	}
	switch e.Kind {
	case matrix.Host:
		return refuse("a host", "Name the components that run there and that the relay serves")
	case matrix.Actor:
		return refuse("an actor, who connects and does not listen", "Name what it connects to")
	case matrix.Relay, matrix.External:
	}
	allowed := append(slices.Collect(maps.Keys(r.targets)), r.relaysBehind(relay)...)
	return unknownName(at, name, "a component, an outside system or a relay", allowed, matrix.Host, matrix.External)
}

// relaysBehind returns what a relay may name of the others: by the relay where it
// listens for one thing, else by what it listens for. What is refused there is left
// out, and so are the relay itself and those that stand in front of it, which would
// make a circle.
func (r listenerReader) relaysBehind(relay string) []string {
	leadsBack := map[string]bool{relay: true}
	var leads func(from string) bool
	leads = func(from string) bool {
		if known, ok := leadsBack[from]; ok {
			return known
		}
		leadsBack[from] = false
		for key := range r.typed[from] {
			if inner, _, ok := r.innerRelay(key); ok && leads(inner) {
				leadsBack[from] = true
			}
		}
		return leadsBack[from]
	}
	var names []string
	for other := range r.typed {
		switch {
		case leads(other):
		case r.listensForOne(other):
			names = append(names, other)
		default:
			names = append(names, qualified(other, r.entriesOf(other))...)
		}
	}
	return names
}

func (b *builder) checkRelayName(at refusal.Path, name string, hosts hostNames) {
	if !matrix.IsID(name) {
		b.errs.Add(matrix.InvalidID(at, name))
		return
	}
	b.errs.Add(b.known.vendorsWord(at, name))
	what := ""
	_, isFlow := b.choices.AdditionalFlows[name]
	e, isEndpoint := b.m.Endpoint(name)
	switch {
	case b.known.knows(name), hosts.has(name), isEndpoint && e.Kind != matrix.Relay:
		what = "an endpoint, a component or a service"
	case isFlow:
		what = "an additional flow"
	case edition.IsInterconnection(name):
		what = "an entry of the catalogue"
	default:
		return
	}
	b.errs.Add(&refusal.Error{
		At:      at,
		Summary: "Name already taken",
		Found:   strconv.Quote(name) + " is the name of " + what + ", and rule keys could be read two ways",
		Remedy:  "Give the relay another name, as in " + strconv.Quote(name+"_relay"),
	})
}

// refuseCycles refuses relays that stand in front of themselves, if only through
// others, and reports whether there are any. Each circle is reported once.
func (r listenerReader) refuseCycles(relays []string) bool {
	const (
		onChain = iota + 1
		done
	)
	state := make(map[string]int, len(relays))
	var chain []string
	found := false
	var visit func(relay string)
	visit = func(relay string) {
		state[relay] = onChain
		chain = append(chain, relay)
		for _, key := range slices.Sorted(maps.Keys(r.typed[relay])) {
			inner, _, ok := r.innerRelay(key)
			switch {
			case !ok || state[inner] == done:
			case state[inner] == onChain:
				found = true
				circle := append(slices.Clone(chain[slices.Index(chain, inner):]), inner)
				r.errs.Add(&refusal.Error{
					At:      r.paths[inner],
					Summary: "Relay in front of itself",
					Found:   "the relays run in a circle: " + strings.Join(circle, " before "),
					Remedy:  "Leave one of them out of what another listens for",
				})
			default:
				visit(inner)
			}
		}
		chain = chain[:len(chain)-1]
		state[relay] = done
	}
	for _, relay := range relays {
		if state[relay] == 0 {
			visit(relay)
		}
	}
	return found
}
