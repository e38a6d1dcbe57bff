package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// backends maps the components that hold Canopsis's data to what the engines
// and the API want of them.
var backends = map[string]string{
	"mongodb":    "Configuration and alarms",
	"postgresql": "Metrics",
	"redis":      "Cache and locks",
	"valkey":     "Cache and locks",
	"influxdb":   "Metrics",
}

// initiators says which process alone opens the flows that the page draws from
// the Canopsis host, by the flow's component. What is missing here is opened by
// the engines and the API: a correction never takes a flow away.
//
// Source: the list of processes that call out, in the documentation's section
// on outside services, and the processes' configuration.
var initiators = map[string]string{
	"ldap":              api,
	"identity_provider": api,
	"remediation_tools": "engine_remediation",
	"webhook_targets":   "engine_webhook",
	"ticketing_tools":   "engine_webhook",
}

const api = "canopsis_api"

// initiatorsOf returns the draft's components that open what the page draws from
// the Canopsis host to a component.
func initiatorsOf(d *matrix.Draft, component string) []string {
	processes := append(enginesOf(d), api)
	if alone, ok := initiators[component]; ok {
		processes = []string{alone}
		if IsEngine(alone) {
			processes = []string{engineOf(d, alone)}
		}
	}
	return slices.DeleteFunc(processes, func(id string) bool { return !hasComponent(d, id) })
}

// installed returns the draft's components that are installed from the vendor's
// packages, which their hosts fetch.
//
// Source: installation-paquets.md in release 24.10 (Nginx among them) and
// interconnexions/Supervision/SNMPtrap.md for the connector.
func installed(d *matrix.Draft) []string {
	ids := append(enginesOf(d), api, "nginx", "snmp")
	return slices.DeleteFunc(ids, func(id string) bool { return !hasComponent(d, id) })
}

// openRedisBesideSentinel adds, where Sentinel and Redis are alternatives, the
// flow to Redis to the option that opens Sentinel.
func openRedisBesideSentinel(id string, d *matrix.Draft) {
	var added []matrix.Flow
	for _, sentinel := range d.Flows {
		if sentinel.Component != "redis_sentinel" || sentinel.Alternative == "" {
			continue
		}
		for _, redis := range d.Flows {
			if redis.Component == "redis" && redis.Alternative == sentinel.Alternative && redis.Source == sentinel.Source {
				redis.Option = sentinel.Option
				redis.Origin = matrix.Corrected
				redis.Errata = append(slices.Clone(redis.Errata), id)
				added = append(added, redis)
			}
		}
	}
	d.Flows = append(d.Flows, added...)
}

// drawFromInitiators lets what the page draws from the Canopsis host leave from
// wherever the processes run that open it.
func drawFromInitiators(id string, d *matrix.Draft) {
	flows := make([]matrix.Flow, 0, len(d.Flows))
	for _, f := range d.Flows {
		processes := initiatorsOf(d, f.Component)
		if isAt(f.Destination, matrix.PackageRepositories) {
			processes = installed(d)
		}
		if !isAt(f.Source, matrix.Canopsis) || len(processes) == 0 {
			flows = append(flows, f)
			continue
		}
		for _, process := range processes {
			drawn := f
			drawn.Source = matrix.HostOf(process)
			if f.Origin == matrix.Published {
				drawn.Drawn.Source, drawn.Drawn.Erratum = matrix.Canopsis, id
			}
			flows = append(flows, drawn)
		}
	}
	d.Flows = flows
}

// drawToComponents sends a row to the host of the component that listens, where
// the page sends it to the Canopsis host though the component has its own.
func drawToComponents(id string, d *matrix.Draft) {
	for i := range d.Flows {
		f := &d.Flows[i]
		if isAt(f.Destination, matrix.Canopsis) && hasComponent(d, f.Component) {
			f.Destination = matrix.HostOf(f.Component)
			f.Drawn.Destination, f.Drawn.Erratum = matrix.Canopsis, id
		}
	}
}

// connection is a connection that one component opens to another.
type connection struct{ from, to, description string }

// connect adds the connections that no row of the page draws. They run from
// component to component: as long as both are on one host, they are inside it.
func connect(connections ...connection) func(string, *matrix.Draft) {
	return func(id string, d *matrix.Draft) {
		drawn := drawnConnections(d)
		for _, c := range connections {
			froms := []string{c.from}
			if c.from == Engines {
				froms = enginesOf(d)
			}
			for _, from := range froms {
				if hasComponent(d, from) && !drawn[connection{from: from, to: c.to}] {
					d.Flows = append(d.Flows, flowsTo(d, id, c, from)...)
				}
			}
		}
	}
}

// connectBackends adds the flows of the engines and the API to backends that no
// row reaches.
func connectBackends(id string, d *matrix.Draft) {
	var connections []connection
	for _, c := range d.Components {
		if description, ok := backends[c.ID]; ok {
			for _, process := range initiatorsOf(d, c.ID) {
				connections = append(connections, connection{process, c.ID, description})
			}
		}
	}
	connect(connections...)(id, d)
}

// drawnConnections returns, without descriptions, which component already
// reaches which. A row from the host that has a component's name is that
// component's.
func drawnConnections(d *matrix.Draft) map[connection]bool {
	drawn := make(map[connection]bool, len(d.Flows))
	for _, f := range d.Flows {
		from, ok := f.Source.Component()
		if !ok {
			from, _ = f.Source.Endpoint()
		}
		drawn[connection{from: from, to: f.Component}] = true
	}
	return drawn
}

// flowsTo returns the connection as flows from a component, one for each offer of its target:
// none where the page does not know the target.
func flowsTo(d *matrix.Draft, id string, c connection, from string) []matrix.Flow {
	var flows []matrix.Flow
	for _, target := range d.Components {
		if target.ID != c.to {
			continue
		}
		for _, offer := range target.Offers {
			flows = append(flows, matrix.Flow{
				Source:      matrix.HostOf(from),
				Destination: matrix.HostOf(c.to),
				Component:   c.to,
				Ports:       offer.Ports,
				Description: matrix.Because(matrix.ErratumReason, c.description, id, c.from, c.to),
				Origin:      matrix.Corrected,
				Alternative: alternativeOf(d, offer.Option),
				Option:      offer.Option,
				Errata:      []string{id},
			})
		}
	}
	return flows
}

// alternativeOf returns the id of the labelled alternative with this option.
func alternativeOf(d *matrix.Draft, option string) string {
	for _, a := range d.Alternatives {
		if a.Labelled && slices.Contains(a.Options, option) {
			return a.ID
		}
	}
	return ""
}

// openSSHToEveryHost lets administrators reach the host of every component. The
// page's own rows follow the components of the hosts that they name.
func openSSHToEveryHost(id string, d *matrix.Draft) {
	ports, description := matrix.MustPorts("tcp/22"), "Maintenance of the machines by SSH"
	published := make(map[string]matrix.Flow) // by destination
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		destination, ok := f.Destination.Endpoint()
		if !ok || f.Component != SSH || !isAt(f.Source, matrix.Administrators) {
			return false
		}
		published[destination] = f
		ports = f.Ports
		return slices.ContainsFunc(d.Components, func(c matrix.Component) bool { return c.Host == destination })
	})
	addAdministrators(d)
	for _, c := range d.Components {
		f, ok := published[c.Host]
		if ok {
			f.Drawn = matrix.Drawn{Destination: c.Host, Erratum: id}
		} else {
			f = matrix.Flow{
				Source:      matrix.At(matrix.Administrators),
				Component:   SSH,
				Ports:       ports,
				Description: matrix.Because(matrix.ErratumReason, description, id, matrix.Administrators, "ssh"),
				Origin:      matrix.Corrected,
				Errata:      []string{id},
			}
		}
		f.Destination = matrix.HostOf(c.ID)
		d.Flows = append(d.Flows, f)
	}
}

// openRabbitMQUI lets administrators reach the web interface of the message bus
// where the page lists it and no row opens its port, to RabbitMQ too.
func openRabbitMQUI(id string, d *matrix.Draft) {
	flows := flowsTo(d, id, connection{from: matrix.Administrators, to: "rabbitmq_ui", description: "Watching the queues of the message bus in its web interface"}, "")
	opened := func(f matrix.Flow) bool {
		return (f.Component == "rabbitmq_ui" || f.Component == "rabbitmq") &&
			slices.ContainsFunc(flows, func(ui matrix.Flow) bool { return ui.Ports.Overlaps(f.Ports) })
	}
	if len(flows) == 0 || slices.ContainsFunc(d.Flows, opened) {
		return
	}
	addAdministrators(d)
	for _, f := range flows {
		f.Source = matrix.At(matrix.Administrators)
		d.Flows = append(d.Flows, f)
	}
}

// addAdministrators makes the administrators known to a page without a row for
// them.
func addAdministrators(d *matrix.Draft) {
	if !slices.ContainsFunc(d.Endpoints, func(e matrix.Endpoint) bool { return e.ID == matrix.Administrators }) {
		d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: matrix.Administrators, Name: "Administrateurs", Kind: matrix.Actor})
	}
}
