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

// names is what the edition and the user's own flows know by name, whether this
// installation has it or not: an option that is closed is no spelling mistake.
type names struct {
	components map[string]matrix.Component
	endpoints  map[string]matrix.Endpoint
	services   map[string]matrix.Ports // what flows open beside components (ssh, https), with the ports that they have there
	own        map[string]bool         // components of the user's own that placement names
	idle       map[string]bool         // engines that run with the others
}

func namesOf(m *matrix.Matrix, own []string) names {
	n := names{
		make(map[string]matrix.Component), make(map[string]matrix.Endpoint), make(map[string]matrix.Ports), make(map[string]bool), make(map[string]bool),
	}
	for c := range m.Components() {
		n.components[c.ID] = c
	}
	for _, id := range own {
		n.own[id] = true
	}
	for e := range m.Endpoints() {
		n.endpoints[e.ID] = e
	}
	for f := range m.Flows() {
		_, isComponent := n.components[f.Component]
		_, isEndpoint := n.endpoints[f.Component]
		if !isComponent && !isEndpoint {
			n.services[f.Component] = n.services[f.Component].Union(f.Ports)
		}
	}
	if _, ok := n.endpoints[matrix.Canopsis]; ok {
		for _, engine := range edition.EngineComponents() {
			if _, apart := n.components[engine.ID]; !apart {
				n.components[engine.ID] = engine
				n.idle[engine.ID] = true
			}
		}
	}
	return n
}

// isHost reports whether the edition has a host of this name.
func (n names) isHost(id string) bool { return n.endpoints[id].Kind == matrix.Host }

// isService reports whether flows open this name on a host beside components.
func (n names) isService(id string) bool {
	_, ok := n.services[id]
	return ok
}

// placeable returns the components and the hosts.
func (n names) placeable() []string {
	ids := slices.Collect(maps.Keys(n.components))
	for id := range n.endpoints {
		if n.isHost(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// listens reports whether a name has ports: a component, a service or an outside
// system.
func (n names) listens(id string) bool {
	if c, ok := n.components[id]; ok && !c.IsProcess() && !n.own[id] {
		return true
	}
	return n.isService(id) || n.endpoints[id].Kind == matrix.External && id != matrix.PackageRepositories
}

// listening returns every name that listens.
func (n names) listening() []string {
	return slices.DeleteFunc(n.all(), func(id string) bool { return !n.listens(id) })
}

// all returns every endpoint, component and service, of the engines those alone
// that run apart.
func (n names) all() []string {
	ids := slices.Concat(slices.Collect(maps.Keys(n.endpoints)), slices.Collect(maps.Keys(n.services)))
	for id := range n.components {
		if !n.idle[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// knows reports whether a name is an endpoint, a component or a service.
func (n names) knows(id string) bool {
	_, isComponent := n.components[id]
	_, isEndpoint := n.endpoints[id]
	return isComponent || isEndpoint || n.isService(id)
}

// sameRole has the names of what took another's place in a later edition.
var sameRole = map[string]string{
	"redis": "valkey", "redis_sentinel": "valkey_sentinel",
	"valkey": "redis", "valkey_sentinel": "redis_sentinel",
}

// KeepsHost returns the line that lets what took another's place in a later edition
// run on the host of that, so that the host's group and the keys of its bound rules
// stay; empty for a name that took nobody's place.
func KeepsHost(id string) string {
	if id != "valkey" {
		return ""
	}
	return "placement = { valkey = \"redis\" }"
}

// Nearest returns the candidate that a name was probably meant to be: what the
// vendor, too, calls so or has for it, as timescaledb for postgresql, else what is
// spelt alike; empty where none is near.
func Nearest(name string, candidates []string) string {
	return cmp.Or(SameByVendor(name, candidates), refusal.Nearest(name, candidates))
}

// SameByVendor returns the candidate that is the same to the vendor as a name, by
// one of the words that the vendor has, or had, for it; empty where there is none.
func SameByVendor(name string, candidates []string) string {
	id, ok := edition.IDOf(name)
	if !ok {
		return ""
	}
	same := slices.DeleteFunc(slices.Clone(candidates), func(candidate string) bool {
		other, ok := edition.IDOf(candidate)
		return !ok || other != id || candidate == name
	})
	if len(same) == 0 {
		return ""
	}
	return slices.Min(same)
}

// Unknown is refusal.Unknown, with the vendor's words for what is near.
func Unknown(at refusal.Path, name, what string, allowed []string) *refusal.Error {
	err := refusal.Unknown(at, name, what, allowed)
	err.Nearest = Nearest(name, allowed)
	return err
}

// vendorsWord refuses a name, for something new, that the vendor has for a component
// of this edition; it returns nil for any other.
func (n names) vendorsWord(at refusal.Path, name string) *refusal.Error {
	id, ok := edition.IDOf(name)
	if _, isComponent := n.components[id]; !ok || !isComponent || n.knows(name) {
		return nil
	}
	return &refusal.Error{
		At:      at,
		Summary: "Another word for a component",
		Found:   strconv.Quote(name) + " is what the vendor, too, calls " + strconv.Quote(id) + ", and would be something new here",
		Nearest: id,
		Remedy:  "Write the component's id, or give what is not the same another name",
	}
}

// unknown is the error for a name that this edition does not know. What has
// another name in this edition is the nearest.
func unknown(at refusal.Path, name, what string, allowed []string) *refusal.Error {
	err := Unknown(at, name, what, allowed)
	if other := sameRole[name]; slices.Contains(allowed, other) {
		err.Nearest = other
		err.Remedy = strconv.Quote(other) + " has its place in this edition"
		if line := KeepsHost(other); line != "" {
			err.Remedy += "; " + line + " keeps the host, and with it its group and its rules' keys"
		}
	}
	return err
}

// unknownName is unknown for a name that the catalogue may bring, as one of the
// kinds that are allowed here: then the error says how.
func unknownName(at refusal.Path, name, what string, allowed []string, kinds ...matrix.Kind) *refusal.Error {
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
