package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Errata returns every known erratum, in the order in which they are applied.
func Errata() []Erratum {
	all := slices.Clone(errata)
	for i := range all {
		all[i].Editions = slices.Clone(all[i].Editions)
	}
	return all
}

// FindErratum returns the erratum with this id.
func FindErratum(id string) (Erratum, bool) {
	i := slices.IndexFunc(errata, func(e Erratum) bool { return e.ID == id })
	if i < 0 {
		return Erratum{}, false
	}
	e := errata[i]
	e.Editions = slices.Clone(e.Editions)
	return e, true
}

// Correct returns the matrix with every erratum applied that can be. Flows and
// components that an erratum changed or added have its id.
func Correct(m *matrix.Matrix) (*matrix.Matrix, error) {
	d := m.Draft()
	for _, e := range errata {
		if e.correct != nil {
			e.correct(e.ID, d)
		}
	}
	return d.Matrix()
}

// NoRow is what the page says of a flow that it forgets.
const NoRow = "(no row)"

const applyRemedy = `corrections = "apply"`

var (
	allEditions   = []string{"4.4", "4.5", "4.6", "22.10", "23.04", "25.10"}
	redisEditions = allEditions[:5:5] // 25.10 has Valkey
)

// The corrections of ports come first, so that forgotten flows take right ports.
var errata = []Erratum{
	{
		ID:        "redis_port",
		Kind:      WrongPort,
		Editions:  redisEditions,
		Subject:   "redis",
		Published: "tcp/6739",
		Corrected: "tcp/6379",
		Reason:    "two digits of Redis's port are swapped",
		Evidence: "deployment/canopsis/docker/docker-compose.yml:126, systemd/go-engines-vars.conf:9 and installation-paquets.md:699 in release 24.10, " +
			"docker-compose.yml:100 in 22.10, :43 in 4.6 and :61 in 4.4: all 6379, and 6739 occurs nowhere but on the page",
		Confidence: VendorFile,
		Remedy:     `component_ports = { redis = ["tcp/6379"] }`,
		correct:    replacePort("redis", "tcp/6739", "tcp/6379"),
	},
	{
		ID:        "redis_sentinel_port",
		Kind:      WrongPort,
		Editions:  []string{"22.10", "23.04"},
		Subject:   "redis_sentinel",
		Published: "tcp/26739",
		Corrected: "tcp/26379",
		Reason:    "two digits of Sentinel's port are swapped, as in Redis's",
		Evidence: "notes-de-version/24.04.2.md:37 quotes a Sentinel address with 26379 on three nodes; " +
			"firewalld's redis-sentinel service and Redis itself default to 26379",
		Confidence: VendorFile,
		Remedy:     `component_ports = { redis_sentinel = ["tcp/26379"] }`,
		correct:    replacePort("redis_sentinel", "tcp/26739", "tcp/26379"),
	},
	{
		ID:        "valkey_port",
		Kind:      WrongPort,
		Editions:  []string{"25.10"},
		Subject:   "valkey",
		Published: "tcp/6739",
		Corrected: "tcp/6379",
		Reason:    "the port list kept the swapped digits of Redis's port, and the page's own row for Valkey has them right",
		Evidence: "the page's row from Canopsis to Valkey says 6379; " +
			"so does docker-compose.yml:126 in release 24.10 for Redis, which Valkey replaced",
		Confidence: VendorFile,
		Remedy:     `component_ports = { valkey = ["tcp/6379"] }`,
		correct:    replacePort("valkey", "tcp/6739", "tcp/6379"),
	},
	{
		ID:        "valkey_sentinel_port",
		Kind:      WrongPort,
		Editions:  []string{"25.10"},
		Subject:   "valkey_sentinel",
		Published: "tcp/26739",
		Corrected: "tcp/26379",
		Reason:    "the port list kept the swapped digits of Sentinel's port",
		Evidence: "notes-de-version/24.04.2.md:37 quotes a Sentinel address with 26379 on three nodes; " +
			"Valkey's Sentinel is Redis's, with the same default",
		Confidence: VendorFile,
		Remedy:     `component_ports = { valkey_sentinel = ["tcp/26379"] }`,
		correct:    replacePort("valkey_sentinel", "tcp/26739", "tcp/26379"),
	},
	{
		ID:        "sentinel_needs_redis",
		Kind:      MissingRow,
		Editions:  []string{"22.10"},
		Subject:   "canopsis-to-redis",
		Published: "Redis or Redis Sentinel",
		Corrected: "Redis, and Redis Sentinel beside it",
		Reason:    "a client asks Sentinel where the master is, and then connects to Redis itself",
		Evidence: "go-engines-community/lib/redis/redis.go:193-198 (NewFailoverClient) in release 24.10; " +
			"the page has two rows from 23.04 on",
		Confidence: VendorFile,
		Remedy:     `options = ["redis", "redis_sentinel"]`,
		correct:    openRedisBesideSentinel,
	},
	{
		ID:        "packages_https_port",
		Kind:      WrongPort,
		Editions:  []string{"25.10"},
		Subject:   "flows to nginx",
		Published: "tcp/443, however Canopsis was installed",
		Corrected: "tcp/8443 where it was installed from packages",
		Reason:    "the rows give Docker's port alone, and Nginx installed from packages listens on 8443",
		Evidence: "the page's own port list has 443 for Docker and 8443 for packages; " +
			"canopsis-next/config/nginx/https.inc:3-4 in release 24.10",
		Confidence: VendorFile,
		Remedy:     `component_ports = { nginx = ["tcp/8443"] }`,
		correct:    takeListedPort("nginx", "tcp/443", "tcp/8443"),
	},
	{
		ID:        "initiators",
		Kind:      WrongHost,
		Editions:  allEditions,
		Subject:   "flows from canopsis",
		Published: "from the Canopsis host",
		Corrected: "from the hosts of the engines and of the API, and to the package repositories from those of Nginx and the SNMP connector too",
		Reason:    "the engines and the API open these connections, wherever they run, and every host with a package of the vendor's fetches it",
		Evidence: "canopsis.env:14-18 and systemd/go-engines-vars.conf:7-11 in release 24.10 give every process the backends' addresses; " +
			"lib/security/provider/ldap.go:29-36 is part of the API; installation-paquets.md installs Nginx as a package of the vendor's",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    drawFromInitiators,
	},
	{
		ID:        "component_host",
		Kind:      WrongHost,
		Editions:  []string{"23.04", "25.10"},
		Subject:   "flows to canopsis",
		Published: "to the Canopsis host",
		Corrected: "to the host of the component that listens",
		Reason:    "the page sends a row to the Canopsis host though its component has a host of its own",
		Evidence: "the page's own rows: RabbitMQ is a destination of its own, and what reaches RabbitMQ from outside still goes to Canopsis; " +
			"installation-paquets.md:383-388 in release 24.10 opens 5672 and 15672 where RabbitMQ is installed",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    drawToComponents,
	},
	{
		ID:        "rabbitmq_clients",
		Kind:      MissingRow,
		Editions:  []string{"4.4", "4.5", "4.6", "22.10"},
		Subject:   "canopsis-to-rabbitmq",
		Published: NoRow,
		Corrected: "engines and API to RabbitMQ",
		Reason:    "the engines and the API work on RabbitMQ's queues, on another machine where they run apart",
		Evidence: "CPS_AMQP_URL in canopsis.env and systemd/go-engines-vars.conf, release 24.10; " +
			"the page has a row for it from 23.04 on",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct: connect(
			connection{"engines", "rabbitmq", "Engines work on RabbitMQ's queues"},
			connection{"canopsis_api", "rabbitmq", "The API publishes on the message bus"},
		),
	},
	{
		ID:        "snmp_to_rabbitmq",
		Kind:      MissingRow,
		Editions:  allEditions,
		Subject:   "snmp-to-rabbitmq",
		Published: NoRow,
		Corrected: "SNMP connector to RabbitMQ",
		Reason:    "the SNMP connector publishes every trap on the message bus, on another machine where they run apart",
		Evidence: "interconnexions/Supervision/SNMPtrap.md:124-134 in release 24.10: the connector is a process of its own " +
			"that publishes on the AMQP exchange canopsis.snmp",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    connect(connection{"snmp", "rabbitmq", "The SNMP connector publishes traps on the message bus"}),
	},
	{
		ID:         "nginx_to_api",
		Kind:       MissingRow,
		Editions:   allEditions,
		Subject:    "nginx-to-canopsis_api",
		Published:  NoRow,
		Corrected:  "Nginx to the API",
		Reason:     "Nginx hands requests to the API, on another machine where they run apart",
		Evidence:   "CPS_API_URL in canopsis.env:18 and systemd/go-engines-vars.conf:10, release 24.10",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    connect(connection{"nginx", "canopsis_api", "Nginx hands requests to the API"}),
	},
	{
		ID:        "backends",
		Kind:      MissingRow,
		Editions:  []string{"4.4", "4.5", "4.6"},
		Subject:   "flows to redis and influxdb",
		Published: NoRow,
		Corrected: "engines and API to Redis and InfluxDB",
		Reason:    "a backend that the page lists and reaches by no row is used by the engines and the API",
		Evidence: "canopsis.env:16-18 and systemd/go-engines-vars.conf:9-11 in release 24.10 name MongoDB, Redis and PostgreSQL; " +
			"docker-compose.yml:44 in release 4.4 publishes InfluxDB",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    connectBackends,
	},
	{
		ID:        "sentinel_clients",
		Kind:      MissingRow,
		Editions:  []string{"25.10"},
		Subject:   "canopsis-to-valkey_sentinel",
		Published: NoRow,
		Corrected: "engines and API to Valkey Sentinel, where it runs",
		Reason:    "the port list keeps Sentinel, and a client asks it where the master is",
		Evidence: "go-engines-community/lib/redis/redis.go:193-198 (NewFailoverClient) in release 24.10; " +
			"the page had the row until 24.10",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct: connect(
			connection{"engines", "redis_sentinel", "The address of the Redis master"},
			connection{"canopsis_api", "redis_sentinel", "The address of the Redis master"},
			connection{"engines", "valkey_sentinel", "The address of the Valkey master"},
			connection{"canopsis_api", "valkey_sentinel", "The address of the Valkey master"},
		),
	},
	{
		ID:         "sentinel_to_redis",
		Kind:       MissingRow,
		Editions:   []string{"22.10", "23.04"},
		Subject:    "redis_sentinel-to-redis",
		Published:  NoRow,
		Corrected:  "Sentinel to Redis",
		Reason:     "Sentinel watches the Redis nodes, on other machines where they run apart",
		Evidence:   "Redis's documentation of Sentinel",
		Confidence: UpstreamDefault,
		Remedy:     applyRemedy,
		correct:    connect(connection{"redis_sentinel", "redis", "Sentinel watches the Redis nodes"}),
	},
	{
		ID:         "sentinel_to_valkey",
		Kind:       MissingRow,
		Editions:   []string{"25.10"},
		Subject:    "valkey_sentinel-to-valkey",
		Published:  NoRow,
		Corrected:  "Sentinel to Valkey",
		Reason:     "Sentinel watches the Valkey nodes, on other machines where they run apart",
		Evidence:   "Valkey's documentation of Sentinel",
		Confidence: UpstreamDefault,
		Remedy:     applyRemedy,
		correct:    connect(connection{"valkey_sentinel", "valkey", "Sentinel watches the Valkey nodes"}),
	},
	{
		ID:        "rabbitmq_ui_row",
		Kind:      MissingRow,
		Editions:  []string{"25.10"},
		Subject:   "administrators-to-rabbitmq-rabbitmq_ui",
		Published: NoRow,
		Corrected: "administrators to the web interface of RabbitMQ",
		Reason:    "the port list keeps the interface, and an upgrade must not lock out those who watch the queues",
		Evidence: "the page had the row until 24.10; installation-paquets.md:383-388 in release 24.10 opens 15672 " +
			"(to leave it closed: exclude = [\"rabbitmq_ui\"])",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    openRabbitMQUI,
	},
	{
		ID:        "ssh_hosts",
		Kind:      MissingRow,
		Editions:  allEditions,
		Subject:   "administrators-to-HOST-ssh",
		Published: "to some of the hosts",
		Corrected: "to every host",
		Reason:    "every machine is maintained by SSH, and the page's row leaves some of them out",
		Evidence: "the page's glossary defines MongoDB, PostgreSQL and Redis as machines in 22.10 and its row names MongoDB alone; " +
			"the row names five hosts from 23.04 on and is missing in 25.10",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    openSSHToEveryHost,
	},
	{
		ID:        "mongodb_docker_port",
		Kind:      WrongPort,
		Editions:  redisEditions,
		Subject:   "mongodb",
		Published: "tcp/27017",
		Corrected: "tcp/27027 on a Docker host before 24.04",
		Reason:    "the compose file published MongoDB on another port of the host until 23.10, and only you know whether yours runs from it",
		Evidence: "docker-compose.yml:78 in release 22.10 and :80 in 23.04 and 23.10 have 27027:27017; " +
			":82 in 24.04 has 27017:27017",
		Confidence: VendorFile,
		Remedy:     `component_ports = { mongodb = ["tcp/27027"] }`,
		concerns:   mongoDBOnDockerHosts,
	},
	{
		ID:        "docker_host_ports",
		Kind:      WrongPort,
		Editions:  []string{"22.10"},
		Subject:   "nginx and mongodb",
		Published: "tcp/8080 and tcp/8443, and tcp/27017",
		Corrected: "tcp/80 and tcp/443, and tcp/27027, on a Docker host",
		Reason:    "the page has the ports of packages alone, and only you know whether yours runs in Docker",
		Evidence: "docker-compose.yml:161-162 in release 22.10 has 80:8080 and 443:8443, and :78 has 27027:27017; " +
			"the page gives both methods from 23.04 on",
		Confidence: VendorFile,
		Remedy:     `component_ports = { nginx = ["tcp/80", "tcp/443"], mongodb = ["tcp/27027"] }`,
		Keep:       `options = ["packages"]`,
		concerns:   portsOfDockerHosts,
	},
	{
		ID:        "canopsis_api_row",
		Kind:      MissingRow,
		Editions:  []string{"23.04"},
		Subject:   "api_event_sources-to-canopsis-canopsis_api",
		Published: "tcp/8082 in the port list, and no row",
		Corrected: "tcp/8082 for those who send events to the API directly, without TLS",
		Reason:    "both addresses are documented, and only you know whether your event sources use the second",
		Evidence: "guide-developpement/index.md:32-33 in release 24.10 gives both addresses and docker-compose.yml:207 publishes 8082; " +
			"installation-paquets.md:383-388 leaves it closed",
		Confidence: VendorFile,
		Remedy:     `additional_flows = { canopsis_api = { source = "api_event_sources", destination = "canopsis_api", ports = ["component"] } }`,
		concerns:   apiWithoutRow,
	},
}
