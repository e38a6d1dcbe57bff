package matrix_test

import (
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// edition2210 is the page of 22.10 with its first options, as a draft: what a
// deployment without any choice opens.
func edition2210() *matrix.Draft {
	endpoint := func(kind matrix.Kind, id string) matrix.Endpoint {
		return matrix.Endpoint{ID: id, Name: "le " + id, Kind: kind}
	}
	component := func(id, host string, specs ...string) matrix.Component {
		return matrix.Component{ID: id, Host: host, Listed: true, Offers: []matrix.Offer{{Ports: matrix.MustPorts(specs...)}}}
	}
	flow := func(source, destination, component string, specs ...string) matrix.Flow {
		return matrix.Flow{
			Source: matrix.At(source), Destination: matrix.At(destination), Component: component,
			Ports: matrix.MustPorts(specs...), Origin: matrix.Published, Description: matrix.InOwnWords("de " + source),
		}
	}
	repositories := endpoint(matrix.External, "package_repositories")
	repositories.FQDNs = []string{"hub.docker.com", "git.canopsis.net", "docker.canopsis.net", "git.canopsis.net"}
	redis := flow("canopsis", "redis", "redis", "tcp/6739")
	redis.Alternative, redis.Option, redis.Errata = "redis_or_redis_sentinel", "redis", []string{"redis-port"}
	return &matrix.Draft{
		Endpoints: []matrix.Endpoint{
			endpoint(matrix.Actor, "users"),
			endpoint(matrix.Actor, "administrators"),
			endpoint(matrix.Actor, "amqp_event_sources"),
			endpoint(matrix.Actor, "api_event_sources"),
			endpoint(matrix.Actor, "snmp_trap_sources"),
			endpoint(matrix.Host, "canopsis"),
			endpoint(matrix.Host, "mongodb"),
			endpoint(matrix.Host, "postgresql"),
			endpoint(matrix.Host, "redis"),
			endpoint(matrix.External, "ldap"),
			repositories,
		},
		Components: []matrix.Component{
			component("mongodb", "mongodb", "tcp/27017"),
			component("rabbitmq", "canopsis", "tcp/5672"),
			component("rabbitmq_ui", "canopsis", "tcp/15672"),
			component("canopsis_api", "canopsis", "tcp/8082"),
			component("nginx", "canopsis", "tcp/8080", "tcp/8443"),
			component("redis", "redis", "tcp/6739"),
			component("postgresql", "postgresql", "tcp/5432"),
			component("snmp", "canopsis", "udp/162"),
			{ID: "engines", Host: "canopsis"},
		},
		Flows: []matrix.Flow{
			flow("canopsis", "package_repositories", "https", "tcp/443"),
			flow("users", "canopsis", "nginx", "tcp/8080", "tcp/8443"),
			flow("administrators", "canopsis", "ssh", "tcp/22"),
			flow("administrators", "mongodb", "ssh", "tcp/22"),
			flow("administrators", "canopsis", "rabbitmq_ui", "tcp/15672"),
			flow("amqp_event_sources", "canopsis", "rabbitmq", "tcp/5672"),
			flow("api_event_sources", "canopsis", "nginx", "tcp/8080", "tcp/8443"),
			flow("snmp_trap_sources", "canopsis", "snmp", "udp/162"),
			flow("canopsis", "ldap", "ldap", "tcp/389", "tcp/636"),
			flow("canopsis", "mongodb", "mongodb", "tcp/27017"),
			flow("canopsis", "postgresql", "postgresql", "tcp/5432"),
			redis,
		},
		Alternatives: []matrix.Alternative{matrix.NewAlternative(false, "redis", "redis_sentinel")},
	}
}

// build returns the draft's matrix, and ends the test where there is none.
func build(t testing.TB, d *matrix.Draft) *matrix.Matrix {
	t.Helper()
	m, err := d.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
