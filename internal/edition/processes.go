package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Ids of what the corrections, the catalogue and the deployment know by name.
const (
	Engines         = "engines"           // all engines that no placement sets apart
	APIEventSources = "api_event_sources" // actor: who sends events to the API
	SSH             = "ssh"               // service: maintenance, on every host
)

// engines are the engines that may run apart from the others, by id: several of
// them open what no other does.
var engines = []struct{ id, name string }{
	{"engine_action", "engine-action"},
	{"engine_axe", "engine-axe"},
	{"engine_che", "engine-che"},
	{"engine_correlation", "engine-correlation"},
	{"engine_dynamic_infos", "engine-dynamic-infos"},
	{"engine_fifo", "engine-fifo"},
	{"engine_pbehavior", "engine-pbehavior"},
	{"engine_remediation", "engine-remediation"},
	{"engine_snmp", "engine-snmp"},
	{"engine_webhook", "engine-webhook"},
}

// EngineComponents returns the engines that may run apart from the others,
// sorted by id, on the host where the page has them all.
func EngineComponents() []matrix.Component {
	components := make([]matrix.Component, 0, len(engines))
	for _, engine := range engines {
		components = append(components, matrix.Component{
			ID: engine.id, Name: engine.name, Description: "Process that works on events", Host: matrix.Canopsis,
		})
	}
	return components
}

// IsEngine reports whether an id is that of one engine.
func IsEngine(id string) bool {
	for _, engine := range engines {
		if engine.id == id {
			return true
		}
	}
	return false
}

// WithProcesses returns the matrix with the processes that the page leaves out
// since they listen nowhere, so that they can be placed: the engines together,
// and beside them those that run apart. It gives a host to a Sentinel that only
// the port list names. A matrix without the application host stays as it is.
func WithProcesses(m *matrix.Matrix, apart ...string) (*matrix.Matrix, error) {
	if _, ok := m.Endpoint(matrix.Canopsis); !ok {
		return m, nil
	}
	d := m.Draft()
	left := 0 // engines that run together
	for _, engine := range EngineComponents() {
		switch {
		case !slices.Contains(apart, engine.ID):
			left++
		case !hasComponent(d, engine.ID):
			d.Components = append(d.Components, engine)
		}
	}
	if left > 0 && !hasComponent(d, Engines) {
		d.Components = append(d.Components, matrix.Component{
			ID: Engines, Name: "Engines", Description: "Processes that work on events and call outside systems", Host: matrix.Canopsis,
		})
	}
	addSentinelHosts(d)
	return d.Matrix()
}

// sentinels watch machines from outside: each has a host of its own until it is
// placed, even where no row of the page names that host.
var sentinels = []string{"redis_sentinel", "valkey_sentinel"}

func addSentinelHosts(d *matrix.Draft) {
	for _, id := range sentinels {
		i := slices.IndexFunc(d.Components, func(c matrix.Component) bool { return c.ID == id })
		if i < 0 || slices.ContainsFunc(d.Flows, func(f matrix.Flow) bool { return f.Component == id }) {
			continue
		}
		d.Components[i].Host = id
		if !slices.ContainsFunc(d.Endpoints, func(e matrix.Endpoint) bool { return e.ID == id }) {
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: id, Name: d.Components[i].Name, Kind: matrix.Host})
		}
	}
}

// enginesOf returns the draft's components that are engines: all together, and
// those that run apart.
func enginesOf(d *matrix.Draft) []string {
	var ids []string
	for _, c := range d.Components {
		if c.ID == Engines || IsEngine(c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// engineOf returns the component as which an engine runs: itself where it runs
// apart, else all engines together.
func engineOf(d *matrix.Draft, engine string) string {
	if hasComponent(d, engine) {
		return engine
	}
	return Engines
}
