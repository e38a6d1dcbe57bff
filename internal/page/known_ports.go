package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agext/levenshtein"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// PublishedPorts is what the published editions and the known errata have, to
// notice what none of them has. Package edition, which has them, imports this one:
// its TestKnownPorts compares the two.
type PublishedPorts struct {
	Rows   map[string]matrix.Ports // of the rows to a destination, by its id
	Listed map[string]matrix.Ports // of a component in the port lists
	Errata map[string]matrix.Ports // that an erratum gives a component
}

// KnownPorts returns the ports that a page is read against. They are the caller's
// to read.
func KnownPorts() PublishedPorts { return published() }

var published = sync.OnceValue(func() PublishedPorts {
	ports := matrix.MustPorts
	web := ports("tcp/80", "tcp/443")
	return PublishedPorts{
		Rows: map[string]matrix.Ports{
			matrix.Canopsis: ports("tcp/22", "tcp/80", "tcp/443", "tcp/5672", "tcp/8080", "tcp/8082", "tcp/8443", "tcp/15672", "udp/162"),
			"mongodb":       ports("tcp/22", "tcp/27017"),
			"postgresql":    ports("tcp/22", "tcp/5432"),
			"rabbitmq":      ports("tcp/22", "tcp/5672"),
			"redis":         ports("tcp/22", "tcp/6739"), "redis_sentinel": ports("tcp/26739"), "valkey": ports("tcp/6379"),
			"snmp": ports("udp/162"), "ldap": ports("tcp/389", "tcp/636"),
			"identity_provider": web, "remediation_tools": web, "webhook_targets": web, "ticketing_tools": web,
			matrix.PackageRepositories: ports("tcp/443"),
		},
		Listed: map[string]matrix.Ports{
			"mongodb": ports("tcp/27017"), "postgresql": ports("tcp/5432"), "influxdb": ports("tcp/8086"),
			"rabbitmq": ports("tcp/5672"), "rabbitmq_ui": ports("tcp/15672"), "canopsis_api": ports("tcp/8082"),
			"nginx": ports("tcp/80", "tcp/443", "tcp/8080", "tcp/8443"), "snmp": ports("udp/162"),
			"redis": ports("tcp/6739"), "redis_sentinel": ports("tcp/26739"),
			"valkey": ports("tcp/6739"), "valkey_sentinel": ports("tcp/26739"),
		},
		Errata: map[string]matrix.Ports{
			"redis": ports("tcp/6379"), "redis_sentinel": ports("tcp/26379"),
			"valkey": ports("tcp/6379"), "valkey_sentinel": ports("tcp/26379"),
			"mongodb": ports("tcp/27027"),
		},
	}
})

// checkPorts warns of ports of rows, and of the port list, that neither a
// component there nor an edition has: most are misspelt.
func (r *reading) checkPorts() {
	used := map[string]matrix.Ports{} // by component, what rows open of it
	for _, row := range r.rows {
		for i, list := range row.destinations {
			options := row.options
			if len(row.destinations) > 1 {
				options = options[i : i+1]
			}
			for _, e := range list {
				for _, o := range options {
					dealt := r.listenersAt(e.id, o.ports)
					for _, listener := range dealt.sorted() {
						used[listener] = used[listener].Union(dealt[listener])
						r.checkRowPorts(row, e.id, listener, dealt[listener])
					}
				}
			}
		}
	}
	for _, id := range r.listed {
		r.checkListedPorts(id, used[id])
	}
}

func (r *reading) checkRowPorts(row flowRow, destination, listener string, ports matrix.Ports) {
	s := r.sides[destination]
	c := r.components[listener]
	rows, named := published().Rows[destination]
	if !named && (!s.host || !s.known && c == nil) {
		return // it is outside the vocabulary, which was said
	}
	for p := range ports.All() {
		switch {
		case s.host && isSSH(p), c != nil && c.listed && contains(c.ports, p), c != nil && contains(r.portsAt(destination), p):
		case (c != nil || !s.host) && (contains(rows, p) || contains(published().Errata[listener], p) || contains(published().Listed[listener], p)):
		default:
			if contains(rows, p) {
				r.notes.add(row.place, "%s to %s is a port that the editions have, and that no component of this page's port list has", p, destination)
				continue
			}
			known := rows
			if s.host {
				known = r.portsAt(destination).Union(rows)
			}
			r.notes.add(row.place, "%s to %s is a port that neither a component there nor an edition has%s", p, destination, nearestPort(p, known))
		}
	}
}

// portsAt returns the ports of all components of a host.
func (r *reading) portsAt(host string) matrix.Ports {
	var ports matrix.Ports
	for _, id := range r.listed {
		if c := r.components[id]; c.host == host || id == host {
			ports = ports.Union(c.ports)
		}
	}
	return ports
}

// checkListedPorts warns of listed ports of a component of the vocabulary that no
// edition has and no row opens.
func (r *reading) checkListedPorts(id string, used matrix.Ports) {
	known, ok := published().Listed[id]
	if !ok {
		return
	}
	c := r.components[id]
	for p := range c.ports.All() {
		if contains(known, p) || contains(used, p) || contains(published().Errata[id], p) {
			continue
		}
		r.notes.add(c.place, "%s of %s is a port that neither a row nor an edition has%s", p, id, nearestPort(p, known))
	}
}

// nearestPort words which of the known ports was probably meant.
func nearestPort(p matrix.PortRange, known matrix.Ports) string {
	candidates := slices.Collect(known.All())
	if len(candidates) == 0 {
		return ""
	}
	distance := func(k matrix.PortRange) int {
		return levenshtein.Distance(numbers(k), numbers(p), nil)
	}
	nearest := slices.MinFunc(candidates, func(a, b matrix.PortRange) int {
		apart := func(k matrix.PortRange) int { return max(k.From()-p.From(), p.From()-k.From()) }
		other := func(k matrix.PortRange) int {
			if k.Protocol() == p.Protocol() {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(distance(a), distance(b)), cmp.Compare(other(a), other(b)), cmp.Compare(apart(a), apart(b)), a.Compare(b))
	})
	return ": the nearest is " + nearest.String()
}

// numbers spells a range without its protocol.
func numbers(p matrix.PortRange) string {
	return strings.TrimSuffix(strconv.Itoa(p.From())+"-"+strconv.Itoa(p.To()), "-"+strconv.Itoa(p.From()))
}
