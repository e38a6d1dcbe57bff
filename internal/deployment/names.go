package deployment

import (
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// names is what the edition knows by name, whether this installation has it or
// not: an option that is closed is no spelling mistake.
type names struct {
	components map[string]matrix.Component
	endpoints  map[string]matrix.Endpoint
	services   map[string]bool // what flows open beside components: ssh, https
}

func namesOf(m *matrix.Matrix) names {
	n := names{make(map[string]matrix.Component), make(map[string]matrix.Endpoint), make(map[string]bool)}
	for c := range m.Components() {
		n.components[c.ID] = c
	}
	for e := range m.Endpoints() {
		n.endpoints[e.ID] = e
	}
	for f := range m.Flows() {
		_, isComponent := n.components[f.Component]
		_, isEndpoint := n.endpoints[f.Component]
		if !isComponent && !isEndpoint {
			n.services[f.Component] = true
		}
	}
	return n
}

// isHost reports whether the edition has a host of this name.
func (n names) isHost(id string) bool { return n.endpoints[id].Kind == matrix.Host }

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

// listening returns what has ports: components, services and outside systems.
func (n names) listening() []string {
	ids := slices.Collect(maps.Keys(n.services))
	for id, c := range n.components {
		if !c.IsProcess() {
			ids = append(ids, id)
		}
	}
	for id, e := range n.endpoints {
		if e.Kind == matrix.External && id != matrix.PackageRepositories {
			ids = append(ids, id)
		}
	}
	return ids
}

// all returns every endpoint, component and service.
func (n names) all() []string {
	return slices.Concat(
		slices.Collect(maps.Keys(n.components)),
		slices.Collect(maps.Keys(n.endpoints)),
		slices.Collect(maps.Keys(n.services)),
	)
}

// sameRole has the names of what took another's place in a later edition.
var sameRole = map[string]string{
	"redis": "valkey", "redis_sentinel": "valkey_sentinel",
	"valkey": "redis", "valkey_sentinel": "redis_sentinel",
}

// unknown is the error for a name that this edition does not know. What bears
// another name in this edition is the nearest.
func unknown(at refusal.Path, name, what string, allowed []string) *refusal.Error {
	err := refusal.Unknown(at, name, what, allowed)
	if other := sameRole[name]; slices.Contains(allowed, other) {
		err.Nearest = other
		err.Remedy = strconv.Quote(other) + " has its place in this edition"
	}
	return err
}
