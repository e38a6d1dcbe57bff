package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Confidence says whose word an erratum's evidence is.
type Confidence uint8

// The confidences. Only the vendor's own files count as the vendor's word.
const (
	VendorFile      Confidence = iota + 1 // read in a file that the vendor publishes
	UpstreamDefault                       // a default of the software that the vendor ships
)

// String returns the confidence as the documentation words it.
func (c Confidence) String() string {
	if c == VendorFile {
		return "the vendor's own files"
	}
	return "upstream default"
}

// Erratum is a value that the page gets wrong, or a flow that it forgets.
type Erratum struct {
	ID         string     // matches matrix.IDPattern
	Subject    string     // the flow or the component that it is about
	Published  string     // what the page says; "(no row)" for what it forgets
	Corrected  string     // what is true
	Reason     string     // why, in a sentence
	Evidence   string     // files and releases
	Confidence Confidence // whose word the evidence is
	Remedy     string     // what to write to have the corrected value alone

	// correct changes the draft, and tags the flows that it changed with the
	// erratum's id. It works by component, flow and the wrong value, so that a
	// page which no longer gets it wrong is left alone.
	correct func(id string, d *matrix.Draft)
}

// Errata returns every known erratum, in the order in which they are applied.
func Errata() []Erratum { return slices.Clone(errata) }

// FindErratum returns the erratum with this id.
func FindErratum(id string) (Erratum, bool) {
	i := slices.IndexFunc(errata, func(e Erratum) bool { return e.ID == id })
	if i < 0 {
		return Erratum{}, false
	}
	return errata[i], true
}

// Correct returns the matrix with every erratum applied. Flows that an erratum
// changed or added bear its id.
func Correct(m *matrix.Matrix) (*matrix.Matrix, error) {
	d := m.Draft()
	for _, e := range errata {
		e.correct(e.ID, d)
	}
	return d.Matrix()
}

const applyRemedy = `corrections = "apply"`

// The corrections of ports come first, so that forgotten flows take right ports.
var errata = []Erratum{
	{
		ID:        "redis_port",
		Subject:   "redis",
		Published: "tcp/6739",
		Corrected: "tcp/6379",
		Reason:    "two digits of Redis's port are swapped",
		Evidence: "deployment/canopsis/docker/docker-compose.yml:126, systemd/go-engines-vars.conf:9 and installation-paquets.md:699 in release 24.10, " +
			"docker-compose.yml:100 in 22.10: all 6379, and 6739 occurs nowhere but on the page",
		Confidence: VendorFile,
		Remedy:     `component_ports = { redis = ["tcp/6379"] }`,
		correct:    replacePort("redis", "tcp/6739", "tcp/6379"),
	},
	{
		ID:        "redis_sentinel_port",
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
		ID:        "sentinel_needs_redis",
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
		ID:         "initiators",
		Subject:    "flows from canopsis",
		Published:  "from the Canopsis host",
		Corrected:  "from the hosts of the engines and of the API",
		Reason:     "the engines and the API open these connections, wherever they run",
		Evidence:   "canopsis.env:16-18 and systemd/go-engines-vars.conf:9-11 in release 24.10 give every process the backends' addresses",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    drawFromInitiators,
	},
	{
		ID:         "component_host",
		Subject:    "flows to canopsis",
		Published:  "to the Canopsis host",
		Corrected:  "to the host of the component that listens",
		Reason:     "the page sends a row to the Canopsis host though its component has a host of its own",
		Evidence:   "the page's own rows: from 23.04 on RabbitMQ is a destination of its own, and AMQP sources still go to Canopsis",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    drawToComponents,
	},
	{
		ID:        "rabbitmq_clients",
		Subject:   "canopsis-to-rabbitmq",
		Published: "(no row)",
		Corrected: "engines, API and SNMP connector to RabbitMQ",
		Reason:    "the engines, the API and the SNMP connector work on RabbitMQ's queues",
		Evidence: "CPS_AMQP_URL in canopsis.env and go-engines-vars.conf, interconnexions/Supervision/SNMPtrap.md:124-134 in release 24.10; " +
			"the page has a row for the application from 23.04 on",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct: connect(
			connection{"engines", "rabbitmq", "Engines work on RabbitMQ's queues"},
			connection{"canopsis_api", "rabbitmq", "The API publishes on the message bus"},
			connection{"snmp", "rabbitmq", "The SNMP connector publishes traps on the message bus"},
		),
	},
	{
		ID:         "nginx_to_api",
		Subject:    "nginx-to-canopsis_api",
		Published:  "(no row)",
		Corrected:  "Nginx to the API",
		Reason:     "Nginx hands requests to the API, on another machine where they run apart",
		Evidence:   "CPS_API_URL in canopsis.env:18 and go-engines-vars.conf:10, release 24.10",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    connect(connection{"nginx", "canopsis_api", "Nginx hands requests to the API"}),
	},
	{
		ID:        "backends",
		Subject:   "flows to backends",
		Published: "(no row)",
		Corrected: "engines and API to every backend",
		Reason:    "a backend that the page lists and reaches by no row is used by the engines and the API",
		Evidence: "canopsis.env:16-18 and systemd/go-engines-vars.conf:9-11 in release 24.10 name MongoDB, Redis and PostgreSQL; " +
			"docker-compose.yml:44 in release 4.4 publishes InfluxDB",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    connectBackends,
	},
	{
		ID:         "sentinel_to_redis",
		Subject:    "redis_sentinel-to-redis",
		Published:  "(no row)",
		Corrected:  "Sentinel to Redis",
		Reason:     "Sentinel watches the Redis nodes, on other machines where they run apart",
		Evidence:   "Redis documentation, Sentinel",
		Confidence: UpstreamDefault,
		Remedy:     applyRemedy,
		correct: connect(
			connection{"redis_sentinel", "redis", "Sentinel watches the Redis nodes"},
			connection{"valkey_sentinel", "valkey", "Sentinel watches the Valkey nodes"},
		),
	},
	{
		ID:        "ssh_hosts",
		Subject:   "administrators-to-HOST-ssh",
		Published: "to some of the hosts",
		Corrected: "to every host",
		Reason:    "every machine is maintained by SSH, and the page's row leaves some of them out",
		Evidence: "the page's glossary defines MongoDB, PostgreSQL and Redis as machines and its row names MongoDB alone; " +
			"the row names five hosts from 23.04 on and is missing in 25.10",
		Confidence: VendorFile,
		Remedy:     applyRemedy,
		correct:    openSSHToEveryHost,
	},
}
