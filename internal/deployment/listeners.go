package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Relay is a load balancer, a reverse proxy or an HTTP proxy: whoever wants to
// reach what it stands in front of connects to it instead. It is written in one
// of two forms: Listeners, or InFrontOf with Ports.
type Relay struct {
	// Listeners says on which ports (specs, at least one) the relay listens for
	// what: for a component that listens, an outside system, or what another relay
	// listens for, as in "haproxy/nginx". Nil: not written.
	Listeners map[string][]string
	InFrontOf []string // the same, for one list of ports. Nil: not written
	Ports     []string // port specs; several only where InFrontOf has one element. Nil: not written
	// Incomplete says that whoever read the relay has refused a part of it: what it
	// has is known by name, and no more is said of it.
	Incomplete bool
}

// listenerReader reads relays.
type listenerReader struct {
	*builder
	typed   map[string]map[string]matrix.Ports // by relay and key; without ports where something is wrong with them
	paths   map[string]refusal.Path            // of the attribute that has a relay's keys
	targets map[string]bool                    // what a relay may stand in front of, relays apart
	read    map[string][]*entry                // by relay
	byKey   map[string]*entry                  // by RELAY/KEY
	unknown map[string][]unknownKey            // by relay, what it cannot stand in front of
}

// unknownKey is refused when every relay is read: what is allowed instead depends on
// what the others listen for.
type unknownKey struct {
	at  refusal.Path
	key string
}

func (b *builder) readRelays() listening {
	r := listenerReader{
		builder: b, typed: make(map[string]map[string]matrix.Ports), paths: make(map[string]refusal.Path),
		targets: b.relayTargets(), read: make(map[string][]*entry), byKey: make(map[string]*entry),
		unknown: make(map[string][]unknownKey),
	}
	relays, hosts := slices.Sorted(maps.Keys(b.choices.Relays)), b.hosts()
	for _, name := range relays {
		at := refusal.At("relays").Key(name)
		b.checkRelayName(at, name, hosts)
		r.readForm(at, name, b.choices.Relays[name])
	}
	l := listening{before: make(map[string][]*entry)}
	if r.refuseCycles(relays) {
		return l
	}
	for _, name := range relays {
		if b.choices.Relays[name].Incomplete {
			continue
		}
		l.entries = append(l.entries, r.entriesOf(name)...)
	}
	for _, name := range relays {
		for _, u := range r.unknown[name] {
			r.errs.Add(r.notATarget(u.at, name, u.key))
		}
	}
	for _, e := range l.entries {
		for _, to := range e.inner {
			to.outer = append(to.outer, e)
		}
		if len(e.inner) == 0 {
			l.before[e.target] = append(l.before[e.target], e)
		}
	}
	return l
}

// readForm reads either form of a relay.
func (r listenerReader) readForm(at refusal.Path, name string, relay Relay) {
	typed := make(map[string]matrix.Ports)
	r.typed[name] = typed
	if relay.Incomplete {
		for _, key := range slices.Concat(relay.InFrontOf, slices.Collect(maps.Keys(relay.Listeners))) {
			typed[key] = matrix.Ports{}
		}
		r.paths[name] = at
		return
	}
	if relay.Listeners == nil {
		r.paths[name] = at.Attribute("in_front_of")
		r.readOneList(at, relay, typed)
		return
	}
	r.paths[name] = at.Attribute("listeners")
	switch {
	case relay.InFrontOf != nil || relay.Ports != nil:
		r.errs.Add(&refusal.Error{
			At:      at,
			Summary: "Two forms of a relay",
			Found:   "listeners stands beside in_front_of or ports, and each says what the relay listens for",
			Remedy:  "Keep listeners, and leave in_front_of and ports out",
		})
	case len(relay.Listeners) == 0:
		r.errs.Add(inFrontOfNothing(r.paths[name]))
	}
	for _, key := range slices.Sorted(maps.Keys(relay.Listeners)) {
		typed[key], _ = r.listenerPorts(r.paths[name].Key(key), relay.Listeners[key])
	}
}

func (r listenerReader) readOneList(at refusal.Path, relay Relay, typed map[string]matrix.Ports) {
	keys := slices.Compact(slices.Sorted(slices.Values(relay.InFrontOf)))
	if len(keys) == 0 {
		r.errs.Add(inFrontOfNothing(at.Attribute("in_front_of")))
	}
	ports, ok := r.listenerPorts(at.Attribute("ports"), relay.Ports)
	if ok && len(keys) > 1 && !isOnePort(ports) {
		lines := make([]string, 0, len(keys))
		for _, key := range keys {
			lines = append(lines, fmt.Sprintf("%s = [%s]", attributeName(key), r.likelyPorts(key, ports)))
		}
		r.errs.Add(&refusal.Error{
			At:      at.Attribute("ports"),
			Summary: "Ports of several destinations in one list",
			Found: fmt.Sprintf("the relay stands in front of %s and listens on %s, and each port would be open to everybody who reaches any of them",
				refusal.List(keys), ports),
			Remedy: "Say which port is for what, as in listeners = { " + strings.Join(lines, ", ") + " }",
		})
	}
	for _, key := range keys {
		typed[key] = ports
	}
}

// listenerPorts reads the ports on which a relay listens: those of protocols that
// have any, since a relay ends connections and opens others.
func (r listenerReader) listenerPorts(at refusal.Path, specs []string) (matrix.Ports, bool) {
	ports, ok := parsePorts(at, specs, r.errs)
	for i, spec := range specs {
		if parsed, err := matrix.ParsePortRange(spec); err == nil && !parsed.Protocol().HasPorts() {
			ok = false
			r.errs.Add(&refusal.Error{
				At:      at.Index(i),
				Summary: "Protocol that no relay listens on",
				Found:   strconv.Quote(spec) + " has no ports, and a relay listens on ports",
				Allowed: "port specs of tcp, udp and sctp",
				Remedy:  "Write it under additional_flows for what reaches the relay's machines themselves",
			})
		}
	}
	return ports, ok
}

func isOnePort(ports matrix.Ports) bool {
	if ports.Len() != 1 {
		return false
	}
	for r := range ports.All() {
		first, last, _ := r.Line()
		return first == last
	}
	return false
}

// likelyPorts spells the ports of a list that a relay probably means for one of
// its destinations: those that this has itself, else the first.
func (r listenerReader) likelyPorts(key string, ports matrix.Ports) string {
	target := key[strings.LastIndexByte(key, '/')+1:] // of what another relay listens for too
	c, _ := r.m.Component(target)
	own := c.Ports()
	for f := range r.m.Flows() {
		if f.Component == target || r.m.EndpointAt(f.Destination) == target {
			own = own.Union(f.Ports)
		}
	}
	likely := ""
	for p := range ports.All() {
		if matrix.NewPorts(p).Overlaps(own) {
			return strconv.Quote(p.String())
		}
		if likely == "" {
			likely = strconv.Quote(p.String())
		}
	}
	return likely
}

// attributeName spells a key as a configuration does.
func attributeName(key string) string {
	if matrix.IsID(key) {
		return key
	}
	return strconv.Quote(key)
}

func inFrontOfNothing(at refusal.Path) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Relay in front of nothing",
		Found:   "it is empty, and a relay without a destination opens nothing",
		Remedy:  `Say what the relay listens for, as in listeners = { nginx = ["tcp/443"] }, or leave the relay out`,
	}
}
