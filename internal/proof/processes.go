package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// Shape is an installation as an administrator sees it: which process runs
// where, and what stands in between. What its processes open to each other
// follows from the documentation of Canopsis and of what it runs on; nothing of
// it comes from the page, the corrections or the catalogue, so that the flows of
// a deployment with every correction can be held against it.
type Shape struct {
	Release  string              // "22.10": decides which processes there are
	Docker   bool                // Nginx's ports are those that Docker publishes (from 23.04 on)
	Sentinel bool                // Redis, or Valkey, has Sentinels
	On       map[string]string   // process to host, where it is not the usual one
	Several  []string            // hosts and relays that are several machines
	Cloud    []string            // hosts that a cloud runs
	Ports    map[string][]string // process or outside system to port specs, where they are not the usual ones
	Lacks    []string            // actors and outside systems that nobody uses here
	Relays   map[string]deployment.Relay
	More     []Connection // what this installation is connected to beside
}

// Connection is what a process, an actor or a host opens. An end is a process,
// whose host the shape knows, an actor, an outside system, a host or a relay.
type Connection struct {
	From, To string
	Ports    []string // port specs; nil: the ports of To, a process
}

// Hosts returns the hosts on which processes run, and the page's own where the
// administrator connects it to something, sorted.
func (s Shape) Hosts() []string {
	hosts := s.ofProcesses()
	for _, c := range s.More {
		if c.From == "canopsis" || c.To == "canopsis" {
			hosts = append(hosts, "canopsis")
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// ofProcesses returns the hosts on which processes run, sorted.
func (s Shape) ofProcesses() []string {
	return slices.Compact(slices.Sorted(maps.Values(s.processes())))
}

// processes maps every process to its host.
func (s Shape) processes() map[string]string {
	on := map[string]string{
		"engines": "canopsis", "canopsis_api": "canopsis", "nginx": "canopsis",
		"rabbitmq": "canopsis", "snmp": "canopsis", "mongodb": "mongodb",
	}
	switch s.Release {
	case "4.4":
		on["redis"], on["influxdb"] = "canopsis", "canopsis"
	case "4.5":
		on["redis"] = "canopsis"
	case "4.6":
		on["redis"], on["postgresql"] = "canopsis", "postgresql"
	case "22.10":
		on["redis"], on["postgresql"] = "redis", "postgresql"
	case "25.10":
		on["valkey"], on["postgresql"], on["rabbitmq"], on["snmp"] = "valkey", "postgresql", "rabbitmq", "snmp"
	default:
		on["redis"], on["postgresql"], on["rabbitmq"] = "redis", "postgresql", "rabbitmq"
	}
	if s.Sentinel {
		on[s.cache()+"_sentinel"] = s.cache() + "_sentinel"
	}
	for _, c := range s.More {
		for _, end := range []string{c.From, c.To} {
			if host, ok := s.On[end]; ok {
				on[end] = host // a connector
			}
		}
	}
	for process, host := range s.On {
		if _, ok := on[process]; ok || strings.HasPrefix(process, "engine_") {
			on[process] = host
		}
	}
	on["rabbitmq_ui"] = on["rabbitmq"]
	if host, ok := s.On["rabbitmq_ui"]; ok {
		on["rabbitmq_ui"] = host
	}
	return on
}

func (s Shape) cache() string {
	if s.Release == "25.10" {
		return "valkey"
	}
	return "redis"
}

// listens returns where a process of Canopsis, or an outside system of the page,
// listens.
func (s Shape) listens(on string) []string {
	if ports, ok := s.Ports[on]; ok {
		return ports
	}
	return map[string][]string{
		"mongodb":              {"tcp/27017"},
		"rabbitmq":             {"tcp/5672"},
		"rabbitmq_ui":          {"tcp/15672"},
		"canopsis_api":         {"tcp/8082"},
		"nginx":                s.nginx(),
		"redis":                {"tcp/6379"},
		"redis_sentinel":       {"tcp/26379"},
		"valkey":               {"tcp/6379"},
		"valkey_sentinel":      {"tcp/26379"},
		"influxdb":             {"tcp/8086"},
		"postgresql":           {"tcp/5432"},
		"snmp":                 {"udp/162"},
		"ssh":                  {"tcp/22"},
		"ldap":                 {"tcp/389", "tcp/636"},
		"package_repositories": {"tcp/443"},
		"identity_provider":    {"tcp/80", "tcp/443"},
		"remediation_tools":    {"tcp/80", "tcp/443"},
		"webhook_targets":      {"tcp/80", "tcp/443"},
		"ticketing_tools":      {"tcp/80", "tcp/443"},
	}[on]
}

func (s Shape) nginx() []string {
	switch {
	case slices.Contains([]string{"4.4", "4.5", "4.6"}, s.Release):
		return []string{"tcp/80", "tcp/443"}
	case s.Release == "25.10" && s.Docker:
		return []string{"tcp/443"}
	case s.Release == "25.10":
		return []string{"tcp/8443"}
	case s.Docker:
		return []string{"tcp/80", "tcp/443"}
	}
	return []string{"tcp/8080", "tcp/8443"}
}

// opens returns what processes, actors and administrators open, before relays. It
// is long since it is a table: who connects to what, as the product's files say.
func (s Shape) opens() []Connection {
	on := s.processes()
	runs := func(process string) bool { _, ok := on[process]; return ok }
	var all []Connection
	add := func(from, to string) {
		if !slices.Contains(s.Lacks, from) && !slices.Contains(s.Lacks, to) {
			all = append(all, Connection{from, to, nil})
		}
	}
	// canopsis.env and go-engines-vars.conf give engines and API the addresses of
	// MongoDB, RabbitMQ, Redis and PostgreSQL; NewFailoverClient asks Sentinel.
	engines := []string{"engines"}
	for process := range on {
		if strings.HasPrefix(process, "engine_") {
			engines = append(engines, process)
		}
	}
	for _, process := range append(engines, "canopsis_api") {
		for _, backend := range []string{"mongodb", "rabbitmq", "redis", "valkey", "redis_sentinel", "valkey_sentinel", "postgresql", "influxdb"} {
			if runs(backend) {
				add(process, backend)
			}
		}
	}
	// installation-paquets.md: whatever of the vendor's packages is installed is fetched.
	for _, process := range append(engines, "canopsis_api", "nginx", "snmp") {
		if !slices.Contains(s.Cloud, on[process]) {
			add(process, "package_repositories")
		}
	}
	add("nginx", "canopsis_api") // CPS_API_URL
	add("snmp", "rabbitmq")      // SNMPtrap.md
	if s.Sentinel {
		add(s.cache()+"_sentinel", s.cache())
	}
	add("canopsis_api", "ldap")
	add("users", "nginx")
	add("amqp_event_sources", "rabbitmq")
	add("api_event_sources", "nginx")
	add("snmp_trap_sources", "snmp")
	add("administrators", "rabbitmq_ui")
	if s.Release == "25.10" {
		add("api_event_sources", "canopsis_api")
		add("cmdb_drivers", "nginx")
		add("cmdb_drivers", "canopsis_api")
		add("canopsis_api", "identity_provider")
		for tools, engine := range map[string]string{
			"remediation_tools": "engine_remediation", "webhook_targets": "engine_webhook", "ticketing_tools": "engine_webhook",
		} {
			if !runs(engine) {
				engine = "engines"
			}
			add(engine, tools)
		}
	}
	for _, host := range s.ofProcesses() {
		if !slices.Contains(s.Lacks, "administrators") && !slices.Contains(s.Cloud, host) {
			all = append(all, Connection{"administrators", host, s.listens("ssh")})
		}
	}
	return append(append(all, s.memberships()...), s.More...)
}

// keepalived returns what the machines of the relays that connections use exchange.
func (s Shape) keepalived(lines []string) []string {
	var all []string
	for name := range s.Relays {
		if slices.Contains(s.Several, name) && slices.ContainsFunc(lines, func(line string) bool { return slices.Contains(strings.Fields(line), name) }) {
			all = append(all, spell(name, name, []string{"vrrp"})...)
		}
	}
	return all
}

// memberships returns what the machines of clusters open to each other. Their
// ends are hosts, which no relay stands in front of.
func (s Shape) memberships() []Connection {
	members := map[string][]string{ // beside the process's own ports
		"mongodb":         {}, // replica set
		"redis":           {}, // replication
		"valkey":          {},
		"redis_sentinel":  {}, // quorum
		"valkey_sentinel": {},
		"postgresql":      {"tcp/8008"}, // Patroni
	}
	var all []Connection
	for process, host := range s.processes() {
		if !slices.Contains(s.Several, host) {
			continue
		}
		if more, ok := members[process]; ok {
			all = append(all, Connection{host, host, append(more, s.listens(process)...)})
		}
		switch process {
		case "rabbitmq": // epmd and distribution
			all = append(all, Connection{host, host, []string{"tcp/4369", "tcp/25672"}})
		case "etcd": // peers
			all = append(all, Connection{host, host, []string{"tcp/2380"}})
		}
	}
	return all
}

// Connections returns what has to be open between machines, as "SOURCE
// DESTINATION PROTOCOL/PORTS", sorted, each once.
func (s Shape) Connections() []string {
	on := s.processes()
	at := func(end string) string {
		if host, ok := on[end]; ok {
			return host
		}
		return end
	}
	isHost := make(map[string]bool)
	for _, host := range on {
		isHost[host] = true
	}
	var lines []string
	// names are what the entry of a relay for the target may call it.
	var open func(from string, names []string, destination string, ports []string)
	open = func(from string, names []string, destination string, ports []string) {
		between := false
		for name, r := range s.Relays {
			for target, listens := range listenersOf(r) {
				if from == destination || !slices.Contains(names, target) || s.isInFrontOf(from, names) {
					continue
				}
				between = true
				lines = append(lines, spell(name, destination, ports)...)
				outer := []string{name + "/" + target}
				if len(listenersOf(r)) == 1 {
					outer = append(outer, name)
				}
				open(from, outer, name, listens)
			}
		}
		inside := from == destination && isHost[from] && !slices.Contains(s.Several, from)
		if !between && !inside {
			lines = append(lines, spell(from, destination, ports)...)
		}
	}
	for _, c := range s.opens() {
		ports := c.Ports
		if ports == nil {
			ports = s.listens(c.To)
		}
		carried, beside := s.carried(c.To, ports)
		if _, isRelay := s.Relays[c.To]; isRelay { // its machines as such
			carried, beside = nil, ports
		}
		if len(carried) > 0 {
			open(at(c.From), []string{c.To}, at(c.To), carried)
		}
		open(at(c.From), nil, at(c.To), beside)
	}
	lines = append(lines, s.keepalived(lines)...)
	slices.Sort(lines)
	return slices.Compact(lines)
}

// isInFrontOf reports whether a relay stands right in front of something, which it
// then reaches past the others that do.
func (s Shape) isInFrontOf(relay string, names []string) bool {
	for target := range listenersOf(s.Relays[relay]) {
		if slices.Contains(names, target) {
			return true
		}
	}
	return false
}

// carried deals out ports by whether a relay in front of their destination carries
// them: it ends connections, to where a process listens or to an outside system as
// a whole. What else runs on a process's machine (SSH, an exporter) and what knows
// no connections goes past it.
func (s Shape) carried(to string, ports []string) (carried, beside []string) {
	var own []string // nil: every port
	if _, runs := s.processes()[to]; runs {
		own = s.listens(to)
	}
	for _, spec := range ports {
		protocol, _, _ := strings.Cut(spec, "/")
		connects := slices.Contains([]string{"tcp", "udp", "sctp"}, protocol)
		if connects && (own == nil || slices.Contains(own, spec)) {
			carried = append(carried, spec)
		} else {
			beside = append(beside, spec)
		}
	}
	return carried, beside
}

// listenersOf returns what a relay listens for, in whichever form it is written.
func listenersOf(r deployment.Relay) map[string][]string {
	if r.Listeners != nil {
		return r.Listeners
	}
	listeners := make(map[string][]string)
	for _, target := range r.InFrontOf {
		listeners[target] = r.Ports
	}
	return listeners
}

func spell(from, to string, ports []string) []string {
	var lines []string
	for _, port := range ports {
		lines = append(lines, fmt.Sprintf("%s %s %s", from, to, port))
	}
	return lines
}

// Opened returns what rules open, as Connections spells it.
func Opened(rules []deployment.Rule) []string {
	var lines []string
	for _, r := range rules {
		lines = append(lines, fmt.Sprintf("%s %s %s", r.Source, r.Destination, r.Ports))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// Differ says what is needed and not open, and what is open and not needed; it
// is empty where neither is.
func Differ(needed, open []string) string {
	without := func(lines, others []string) []string {
		return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
	}
	var text strings.Builder
	if missing := without(needed, open); len(missing) > 0 {
		text.WriteString("needed and closed:\n  " + strings.Join(missing, "\n  ") + "\n")
	}
	if surplus := without(open, needed); len(surplus) > 0 {
		text.WriteString("open and not needed:\n  " + strings.Join(surplus, "\n  ") + "\n")
	}
	return text.String()
}
