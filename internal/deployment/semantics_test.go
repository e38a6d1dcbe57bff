package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// additional is a deployment with flows of the user's own.
func additional(flows map[string]deployment.AdditionalFlow) deployment.Choices {
	return deployment.Choices{AdditionalFlows: flows}
}

// placed is a deployment with a placement.
func placed(placement map[string]string) deployment.Choices {
	return deployment.Choices{Placement: placement}
}

// wantChanges compares what choices change of the default deployment of 22.10.
func wantChanges(t *testing.T, choices deployment.Choices, want ...string) {
	t.Helper()
	wantLines(t, changes(deploy(t, "22.10", deployment.Choices{}), deploy(t, "22.10", choices)), want...)
}

func TestSemantics01BindingsSurviveAnUpgrade(t *testing.T) {
	t.Parallel()
	before := []string{"administrators", "amqp_event_sources", "api_event_sources", "canopsis", "ldap", "mongodb", "package_repositories", "snmp_trap_sources", "users"}
	for _, test := range []struct {
		release string
		options []string
		added   []string
	}{
		{"4.4", nil, nil},
		{"4.6", nil, []string{"postgresql"}},
		{"22.10", nil, []string{"postgresql", "redis"}},
		{"24.10", []string{"packages"}, []string{"postgresql", "rabbitmq", "redis"}},
		{"25.10", []string{"packages"}, []string{
			"cmdb_drivers", "identity_provider", "postgresql", "rabbitmq", "remediation_tools", "snmp", "ticketing_tools", "valkey", "webhook_targets",
		}},
	} {
		var got []string
		for e := range deploy(t, test.release, corrected(with(test.options...))).Matrix.Endpoints() {
			got = append(got, e.ID)
		}
		wantLines(t, got, slices.Sorted(slices.Values(slices.Concat(before, test.added)))...)
	}
}

func TestSemantics02ARowOfTwoComponentsIsTwoFlows(t *testing.T) {
	t.Parallel()
	d := deploy(t, "25.10", deployment.Choices{Options: []string{"docker"}, Exclude: []string{
		"users", "snmp", "rabbitmq", "external", "internal", "installation",
	}})
	wantLines(t, openings(d),
		"api_event_sources-to-canopsis-canopsis_api/tcp-8082 events published",
		"api_event_sources-to-canopsis-nginx/tcp-443 events published",
		"cmdb_drivers-to-canopsis-canopsis_api/tcp-8082 events published",
		"cmdb_drivers-to-canopsis-nginx/tcp-443 events published",
	)
}

func TestSemantics03OneFlowOfBothProtocols(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", additional(map[string]deployment.AdditionalFlow{
		"resolver": {Source: "mongodb", Destination: "resolver", Ports: []string{"udp/53", "tcp/53"}},
	}))
	var ports []string
	for f := range d.Matrix.Flows() {
		if f.Component == "resolver" {
			ports = append(ports, f.Ports.String())
		}
	}
	wantLines(t, ports, "tcp/53, udp/53")
	wantChanges(t, additional(map[string]deployment.AdditionalFlow{
		"resolver": {Source: "mongodb", Destination: "resolver", Ports: []string{"udp/53", "tcp/53"}},
	}), "+ mongodb-to-resolver/tcp-53 external additional", "+ mongodb-to-resolver/udp-53 external additional")
}

func TestSemantics04PortsOfEverything(t *testing.T) {
	t.Parallel()
	t.Run("overlaps merge, neighbours stay apart", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, deployment.Choices{ComponentPorts: map[string][]string{
			"rabbitmq_ui": {"tcp/15671-15680", "tcp/15675-15690", "tcp/15691", "udp/15675", "tcp/15672"},
		}},
			"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
			"+ administrators-to-canopsis-rabbitmq_ui/tcp-15671-15690 administration published",
			"+ administrators-to-canopsis-rabbitmq_ui/tcp-15691 administration published",
			"+ administrators-to-canopsis-rabbitmq_ui/udp-15675 administration published",
		)
	})
	t.Run("services and outside systems too", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, deployment.Choices{ComponentPorts: map[string][]string{
			"ssh": {"tcp/2222"}, "https": {"tcp/3128"}, "ldap": {"TCP/3269"},
		}},
			"- administrators-to-canopsis-ssh/tcp-22 administration published",
			"- administrators-to-mongodb-ssh/tcp-22 administration published",
			"- canopsis-to-ldap/tcp-389 external published",
			"- canopsis-to-ldap/tcp-636 external published",
			"- canopsis-to-package_repositories-https/tcp-443 installation published",
			"+ administrators-to-canopsis-ssh/tcp-2222 administration published",
			"+ administrators-to-mongodb-ssh/tcp-2222 administration published",
			"+ canopsis-to-ldap/tcp-3269 external published",
			"+ canopsis-to-package_repositories-https/tcp-3128 installation published",
		)
	})
	t.Run("a component's port in every row, forgotten ones too", func(t *testing.T) {
		t.Parallel()
		choices := corrected(placed(map[string]string{"canopsis_api": "api"}))
		choices.Exclude = []string{"administration", "installation", "external", "mongodb", "postgresql", "redis", "rabbitmq"}
		moved := choices
		moved.ComponentPorts = map[string][]string{"canopsis_api": {"tcp/9082"}, "nginx": {"tcp/443"}}
		wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", moved)),
			"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
			"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
			"- canopsis-to-api-canopsis_api/tcp-8082 internal erratum",
			"- users-to-canopsis-nginx/tcp-8080 user_access published",
			"- users-to-canopsis-nginx/tcp-8443 user_access published",
			"+ api_event_sources-to-canopsis-nginx/tcp-443 events published",
			"+ canopsis-to-api-canopsis_api/tcp-9082 internal erratum",
			"+ users-to-canopsis-nginx/tcp-443 user_access published",
		)
	})
	t.Run("what is closed has no ports to change", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, deployment.Choices{ComponentPorts: map[string][]string{"redis_sentinel": {"tcp/1"}, "canopsis_api": {"tcp/2"}}})
	})
}

func TestSemantics06EnginesAreOneComponentWithoutPorts(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", placed(map[string]string{"engines": "workers"}))
	wantLines(t, d.Hosts()["workers"], "engines")
	engines, ok := d.Matrix.Component("engines")
	if !ok || !engines.IsProcess() {
		t.Errorf("engines: %+v, %t; want a process", engines, ok)
	}
}

func TestSemantics09PlacementActsAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		choices deployment.Choices
		hosts   []string
		changes []string
	}{
		{
			name:    "two hosts swap",
			choices: placed(map[string]string{"mongodb": "postgresql", "postgresql": "mongodb"}),
			hosts: []string{
				"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: postgresql", "postgresql: mongodb", "redis: redis",
			},
			changes: []string{
				"- administrators-to-mongodb-ssh/tcp-22 administration published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"- canopsis-to-postgresql/tcp-5432 internal published",
				"+ administrators-to-postgresql-ssh/tcp-22 administration published",
				"+ canopsis-to-mongodb-postgresql/tcp-5432 internal published",
				"+ canopsis-to-postgresql-mongodb/tcp-27017 internal published",
			},
		},
		{
			name:    "three in a ring",
			choices: placed(map[string]string{"mongodb": "postgresql", "postgresql": "redis", "redis": "mongodb"}),
			hosts: []string{
				"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: redis", "postgresql: mongodb", "redis: postgresql",
			},
			changes: []string{
				"- administrators-to-mongodb-ssh/tcp-22 administration published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"- canopsis-to-postgresql/tcp-5432 internal published",
				"- canopsis-to-redis/tcp-6739 internal published",
				"+ administrators-to-postgresql-ssh/tcp-22 administration published",
				"+ canopsis-to-mongodb-redis/tcp-6739 internal published",
				"+ canopsis-to-postgresql-mongodb/tcp-27017 internal published",
				"+ canopsis-to-redis-postgresql/tcp-5432 internal published",
			},
		},
		{
			name:    "a value is never looked up",
			choices: placed(map[string]string{"postgresql": "redis", "redis": "cache"}),
			hosts: []string{
				"cache: redis", "canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "redis: postgresql",
			},
			changes: []string{
				"- canopsis-to-postgresql/tcp-5432 internal published",
				"- canopsis-to-redis/tcp-6739 internal published",
				"+ canopsis-to-cache-redis/tcp-6739 internal published",
				"+ canopsis-to-redis-postgresql/tcp-5432 internal published",
			},
		},
		{
			name:    "a key that is component and host moves both, the host's own flows too",
			choices: placed(map[string]string{"mongodb": "data"}),
			hosts: []string{
				"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "data: mongodb", "postgresql: postgresql", "redis: redis",
			},
			changes: []string{
				"- administrators-to-mongodb-ssh/tcp-22 administration published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"+ administrators-to-data-ssh/tcp-22 administration published",
				"+ canopsis-to-data-mongodb/tcp-27017 internal published",
			},
		},
		{
			name:    "a component leaves its host, and the host's own flows stay",
			choices: placed(map[string]string{"nginx": "web"}),
			hosts: []string{
				"canopsis: canopsis_api engines rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis", "web: nginx",
			},
			changes: []string{
				"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
				"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
				"- users-to-canopsis-nginx/tcp-8080 user_access published",
				"- users-to-canopsis-nginx/tcp-8443 user_access published",
				"+ api_event_sources-to-web-nginx/tcp-8080 events published",
				"+ api_event_sources-to-web-nginx/tcp-8443 events published",
				"+ users-to-web-nginx/tcp-8080 user_access published",
				"+ users-to-web-nginx/tcp-8443 user_access published",
			},
		},
		{
			name:    "a component and its host part",
			choices: placed(map[string]string{"canopsis": "app", "nginx": "canopsis"}),
			hosts: []string{
				"app: canopsis_api engines rabbitmq rabbitmq_ui snmp", "canopsis: nginx", "mongodb: mongodb", "postgresql: postgresql", "redis: redis",
			},
			changes: []string{
				"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
				"- administrators-to-canopsis-ssh/tcp-22 administration published",
				"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
				"- canopsis-to-ldap/tcp-389 external published",
				"- canopsis-to-ldap/tcp-636 external published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"- canopsis-to-package_repositories-https/tcp-443 installation published",
				"- canopsis-to-postgresql/tcp-5432 internal published",
				"- canopsis-to-redis/tcp-6739 internal published",
				"- snmp_trap_sources-to-canopsis-snmp/udp-162 events published",
				"+ administrators-to-app-rabbitmq_ui/tcp-15672 administration published",
				"+ administrators-to-app-ssh/tcp-22 administration published",
				"+ amqp_event_sources-to-app-rabbitmq/tcp-5672 events published",
				"+ app-to-ldap/tcp-389 external published",
				"+ app-to-ldap/tcp-636 external published",
				"+ app-to-mongodb/tcp-27017 internal published",
				"+ app-to-package_repositories-https/tcp-443 installation published",
				"+ app-to-postgresql/tcp-5432 internal published",
				"+ app-to-redis/tcp-6739 internal published",
				"+ snmp_trap_sources-to-app-snmp/udp-162 events published",
			},
		},
		{
			name: "all on one host",
			choices: placed(map[string]string{
				"mongodb": "canopsis", "postgresql": "canopsis", "redis": "canopsis",
			}),
			hosts: []string{"canopsis: canopsis_api engines mongodb nginx postgresql rabbitmq rabbitmq_ui redis snmp"},
			changes: []string{
				"- administrators-to-mongodb-ssh/tcp-22 administration published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"- canopsis-to-postgresql/tcp-5432 internal published",
				"- canopsis-to-redis/tcp-6739 internal published",
			},
		},
		{
			name:    "onto itself",
			choices: placed(map[string]string{"mongodb": "mongodb", "canopsis": "canopsis"}),
			hosts: []string{
				"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis",
			},
		},
		{
			name:    "onto a host that has a component's name",
			choices: placed(map[string]string{"rabbitmq": "rabbitmq", "mongodb": "nginx"}),
			hosts: []string{
				"canopsis: canopsis_api engines nginx snmp", "nginx: mongodb", "postgresql: postgresql", "rabbitmq: rabbitmq rabbitmq_ui", "redis: redis",
			},
			changes: []string{
				"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
				"- administrators-to-mongodb-ssh/tcp-22 administration published",
				"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"+ administrators-to-nginx-ssh/tcp-22 administration published",
				"+ administrators-to-rabbitmq-rabbitmq_ui/tcp-15672 administration published",
				"+ amqp_event_sources-to-rabbitmq/tcp-5672 events published",
				"+ canopsis-to-nginx-mongodb/tcp-27017 internal published",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, hostLines(deploy(t, "22.10", test.choices)), test.hosts...)
			wantChanges(t, test.choices, test.changes...)
		})
	}
}

func TestSemantics10SentinelFollowsNothing(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", deployment.Choices{Options: []string{"redis_sentinel"}, Placement: map[string]string{"redis": "cache"}})
	wantLines(t, hostLines(d),
		"cache: redis", "canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql",
		"redis_sentinel: redis_sentinel")
	// The interface follows RabbitMQ, not its host, and not what is placed beside it.
	d = deploy(t, "22.10", placed(map[string]string{"canopsis": "app", "rabbitmq": "bus", "snmp": "traps"}))
	wantLines(t, hostLines(d),
		"app: canopsis_api engines nginx", "bus: rabbitmq rabbitmq_ui", "mongodb: mongodb", "postgresql: postgresql", "redis: redis", "traps: snmp")
	d = deploy(t, "22.10", placed(map[string]string{"rabbitmq_ui": "tools"}))
	wantLines(t, d.Hosts()["tools"], "rabbitmq_ui")
	wantLines(t, d.Hosts()["canopsis"], "canopsis_api", "engines", "nginx", "rabbitmq", "snmp")
}

func TestSemantics11PlacingWhatIsClosedDoesNothing(t *testing.T) {
	t.Parallel()
	closed := placed(map[string]string{"redis_sentinel": "sentinels"})
	wantChanges(t, closed)
	d := deploy(t, "22.10", closed)
	if _, ok := d.Matrix.Endpoint("sentinels"); ok {
		t.Error("a host on which nothing runs is an endpoint")
	}
	if hosts, ok := d.Hosts()["sentinels"]; ok {
		t.Errorf("a host on which nothing runs is among the hosts, with %q", hosts)
	}
}

// Who initiates what, once the engines and the API run apart.
func TestSemantics12Initiators(t *testing.T) {
	t.Parallel()
	alone := placed(map[string]string{"engines": "workers"})
	t.Run("engines alone, as published", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, alone)
		wantLines(t, findings(deploy(t, "22.10", alone)),
			"initiators: workers-to-mongodb workers-to-package_repositories-https workers-to-postgresql workers-to-redis (applied false)",
			"rabbitmq_clients: workers-to-canopsis-rabbitmq (applied false)",
			"redis_port: canopsis-to-redis workers-to-redis (applied false)",
			"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh administrators-to-workers-ssh (applied false)",
		)
	})
	t.Run("engines alone, corrected", func(t *testing.T) {
		t.Parallel()
		wantLines(t, changes(deploy(t, "22.10", corrected(deployment.Choices{})), deploy(t, "22.10", corrected(alone))),
			"+ administrators-to-workers-ssh/tcp-22 administration erratum",
			"+ workers-to-canopsis-rabbitmq/tcp-5672 internal erratum",
			"+ workers-to-mongodb/tcp-27017 internal erratum",
			"+ workers-to-package_repositories-https/tcp-443 installation erratum",
			"+ workers-to-postgresql/tcp-5432 internal erratum",
			"+ workers-to-redis/tcp-6379 internal erratum",
		)
	})
	t.Run("API alone, corrected", func(t *testing.T) {
		t.Parallel()
		choices := corrected(placed(map[string]string{"canopsis_api": "api"}))
		wantLines(t, changes(deploy(t, "22.10", corrected(deployment.Choices{})), deploy(t, "22.10", choices)),
			"- canopsis-to-ldap/tcp-389 external published", // the API alone asks directories
			"- canopsis-to-ldap/tcp-636 external published",
			"+ administrators-to-api-ssh/tcp-22 administration erratum",
			"+ api-to-canopsis-rabbitmq/tcp-5672 internal erratum",
			"+ api-to-ldap/tcp-389 external erratum",
			"+ api-to-ldap/tcp-636 external erratum",
			"+ api-to-mongodb/tcp-27017 internal erratum",
			"+ api-to-package_repositories-https/tcp-443 installation erratum",
			"+ api-to-postgresql/tcp-5432 internal erratum",
			"+ api-to-redis/tcp-6379 internal erratum",
			"+ canopsis-to-api-canopsis_api/tcp-8082 internal erratum", // Nginx stays behind
		)
	})
	t.Run("the engines on a backend's host", func(t *testing.T) {
		t.Parallel()
		choices := corrected(placed(map[string]string{"engines": "redis"}))
		choices.Exclude = []string{"administration", "external", "installation", "events", "user_access"}
		wantLines(t, openings(deploy(t, "22.10", choices)),
			"canopsis-to-mongodb/tcp-27017 internal published",
			"canopsis-to-postgresql/tcp-5432 internal published",
			"canopsis-to-redis/tcp-6379 internal published",
			"redis-to-canopsis-rabbitmq/tcp-5672 internal erratum",
			"redis-to-mongodb/tcp-27017 internal erratum",
			"redis-to-postgresql/tcp-5432 internal erratum",
		)
	})
}

// The application host dissolved: everything that ran there is elsewhere.
func TestSemantics08TheApplicationHostDissolved(t *testing.T) {
	t.Parallel()
	dissolved := placed(map[string]string{"engines": "workers", "canopsis_api": "web", "nginx": "web", "rabbitmq": "bus", "snmp": "bus"})
	wantChanges(t, dissolved, // as published, what the page draws from canopsis and its SSH stay there
		"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
		"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
		"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
		"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
		"- snmp_trap_sources-to-canopsis-snmp/udp-162 events published",
		"- users-to-canopsis-nginx/tcp-8080 user_access published",
		"- users-to-canopsis-nginx/tcp-8443 user_access published",
		"+ administrators-to-bus-rabbitmq_ui/tcp-15672 administration published",
		"+ amqp_event_sources-to-bus-rabbitmq/tcp-5672 events published",
		"+ api_event_sources-to-web-nginx/tcp-8080 events published",
		"+ api_event_sources-to-web-nginx/tcp-8443 events published",
		"+ snmp_trap_sources-to-bus-snmp/udp-162 events published",
		"+ users-to-web-nginx/tcp-8080 user_access published",
		"+ users-to-web-nginx/tcp-8443 user_access published",
	)
	d := deploy(t, "22.10", corrected(dissolved))
	wantLines(t, hostLines(d),
		"bus: rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis", "web: canopsis_api nginx", "workers: engines")
	if _, ok := d.Matrix.Endpoint("canopsis"); ok {
		t.Error("canopsis is still an endpoint")
	}
	wantLines(t, openings(d),
		"administrators-to-bus-rabbitmq_ui/tcp-15672 administration published",
		"administrators-to-bus-ssh/tcp-22 administration erratum",
		"administrators-to-mongodb-ssh/tcp-22 administration published",
		"administrators-to-postgresql-ssh/tcp-22 administration erratum",
		"administrators-to-redis-ssh/tcp-22 administration erratum",
		"administrators-to-web-ssh/tcp-22 administration erratum",
		"administrators-to-workers-ssh/tcp-22 administration erratum",
		"amqp_event_sources-to-bus-rabbitmq/tcp-5672 events published",
		"api_event_sources-to-web-nginx/tcp-8080 events published",
		"api_event_sources-to-web-nginx/tcp-8443 events published",
		"bus-to-package_repositories-https/tcp-443 installation erratum",
		"snmp_trap_sources-to-bus-snmp/udp-162 events published",
		"users-to-web-nginx/tcp-8080 user_access published",
		"users-to-web-nginx/tcp-8443 user_access published",
		"web-to-bus-rabbitmq/tcp-5672 internal erratum",
		"web-to-ldap/tcp-389 external erratum",
		"web-to-ldap/tcp-636 external erratum",
		"web-to-mongodb/tcp-27017 internal erratum",
		"web-to-package_repositories-https/tcp-443 installation erratum",
		"web-to-postgresql/tcp-5432 internal erratum",
		"web-to-redis/tcp-6379 internal erratum",
		"workers-to-bus-rabbitmq/tcp-5672 internal erratum",
		"workers-to-mongodb/tcp-27017 internal erratum",
		"workers-to-package_repositories-https/tcp-443 installation erratum",
		"workers-to-postgresql/tcp-5432 internal erratum",
		"workers-to-redis/tcp-6379 internal erratum",
	)
}

func TestSemantics08HostsListEveryComponentWhateverIsExcluded(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", deployment.Choices{
		Placement: map[string]string{"mongodb": "data"},
		Exclude:   []string{"canopsis", "data", "postgresql", "redis", "nginx", "internal"},
	})
	wantLines(t, openings(d))
	wantLines(t, hostLines(d),
		"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "data: mongodb", "postgresql: postgresql", "redis: redis")
}

func TestSemantics13SentinelReachesRedisWhereTheyRunApart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		placement map[string]string
		want      []string // every flow to Redis
	}{
		"apart": {nil, []string{
			"canopsis-to-redis/tcp-6379 internal erratum", "redis_sentinel-to-redis/tcp-6379 internal erratum",
		}},
		"apart, both moved": {map[string]string{"redis": "cache", "redis_sentinel": "watch"}, []string{
			"canopsis-to-cache-redis/tcp-6379 internal erratum", "watch-to-cache-redis/tcp-6379 internal erratum",
		}},
		"on one host":              {map[string]string{"redis_sentinel": "redis"}, []string{"canopsis-to-redis/tcp-6379 internal erratum"}},
		"beside the engines":       {map[string]string{"redis_sentinel": "canopsis"}, []string{"canopsis-to-redis/tcp-6379 internal erratum"}},
		"Redis beside the engines": {map[string]string{"redis": "canopsis"}, []string{"redis_sentinel-to-canopsis-redis/tcp-6379 internal erratum"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices := deployment.Choices{Corrections: deployment.Apply, Options: []string{"redis_sentinel"}, Placement: test.placement}
			wantLines(t, slices.DeleteFunc(openings(deploy(t, "22.10", choices)), func(line string) bool {
				return !strings.Contains(line, "redis/tcp-6379")
			}), test.want...)
		})
	}
}

func TestSemantics14SSHRowsAndTheirOrigins(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Corrections: deployment.Apply,
		Options:     []string{"redis_sentinel"},
		Placement:   map[string]string{"mongodb": "data", "postgresql": "data", "engines": "workers", "nginx": "web", "rabbitmq": "redis"},
		Exclude:     []string{"installation", "events", "internal", "external", "user_access", "rabbitmq_ui"},
	}
	wantLines(t, openings(deploy(t, "22.10", choices)),
		"administrators-to-canopsis-ssh/tcp-22 administration published",
		"administrators-to-data-ssh/tcp-22 administration published", // the row to mongodb's host
		"administrators-to-redis-ssh/tcp-22 administration erratum",
		"administrators-to-redis_sentinel-ssh/tcp-22 administration erratum",
		"administrators-to-web-ssh/tcp-22 administration erratum",
		"administrators-to-workers-ssh/tcp-22 administration erratum",
	)
	choices.ComponentPorts = map[string][]string{"ssh": {"tcp/2222"}}
	for _, r := range deploy(t, "22.10", choices).Rules() {
		if r.Ports.String() != "tcp/2222" {
			t.Errorf("%s is not on the port of this installation", r.Key())
		}
	}
}

func TestSemantics15FlowsThatBecomeTheSameMerge(t *testing.T) {
	t.Parallel()
	t.Run("a published flow with one of the user's", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, additional(map[string]deployment.AdditionalFlow{
			"anything": {Source: "users", Destination: "nginx", Ports: []string{"tcp/8000-8100", "tcp/9000"}, Description: "portal"},
		}),
			"- users-to-canopsis-nginx/tcp-8080 user_access published",
			"+ users-to-canopsis-nginx/tcp-8000-8100 user_access published",
			"+ users-to-canopsis-nginx/tcp-9000 user_access published",
		)
	})
	t.Run("an erratum's with one of the user's", func(t *testing.T) {
		t.Parallel()
		choices := corrected(placed(map[string]string{"nginx": "web"}))
		more := choices
		more.AdditionalFlows = map[string]deployment.AdditionalFlow{
			"canopsis_api": {Source: "web", Destination: "canopsis", Ports: []string{"tcp/9999"}},
		}
		wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", more)),
			"+ web-to-canopsis-canopsis_api/tcp-9999 internal erratum")
	})
	t.Run("two of the user's that placement brings together", func(t *testing.T) {
		t.Parallel()
		choices := placed(map[string]string{"mongodb": "data", "postgresql": "data"})
		more := choices
		more.AdditionalFlows = map[string]deployment.AdditionalFlow{
			"to_nas": {Source: "mongodb", Destination: "nas", Ports: []string{"tcp/2049"}},
			"nas":    {Source: "postgresql", Destination: "redis", Ports: []string{"tcp/1"}},
			"one":    {Source: "mongodb", Destination: "nginx", Ports: []string{"tcp/1"}},
			"two":    {Source: "postgresql", Destination: "nginx", Ports: []string{"tcp/2"}},
		}
		wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", more)),
			"+ data-to-canopsis-nginx/tcp-1 internal additional",
			"+ data-to-canopsis-nginx/tcp-2 internal additional",
			"+ data-to-nas-to_nas/tcp-2049 external additional",
			"+ data-to-redis/tcp-1 internal additional",
		)
	})
	t.Run("a flow of a cluster with one of the user's", func(t *testing.T) {
		t.Parallel()
		choices := deployment.Choices{Clusters: []string{"mongodb"}}
		more := choices
		more.AdditionalFlows = map[string]deployment.AdditionalFlow{"x": {Source: "mongodb", Destination: "mongodb", Ports: []string{"tcp/1"}}}
		wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", more)), "+ mongodb-to-mongodb/tcp-1 internal cluster")
	})
	t.Run("an interconnection with one of the user's", func(t *testing.T) {
		t.Parallel()
		choices := deployment.Choices{Interconnections: []string{"librenms"}}
		more := choices
		more.AdditionalFlows = map[string]deployment.AdditionalFlow{"x": {Source: "librenms", Destination: "rabbitmq", Ports: []string{"tcp/5671"}}}
		wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", more)),
			"+ librenms-to-canopsis-rabbitmq/tcp-5671 events interconnection")
	})
	t.Run("the words of the first origin stay", func(t *testing.T) {
		t.Parallel()
		d := deploy(t, "22.10", additional(map[string]deployment.AdditionalFlow{
			"x": {Source: "canopsis", Destination: "mongodb", Ports: []string{"component"}, Description: "A backup"},
		}))
		for f := range d.Matrix.Flows() {
			if f.Component == "mongodb" && f.Description.String() != "Configuration and alarms" {
				t.Errorf("%s is described as %q", d.Matrix.FlowID(f), f.Description)
			}
		}
	})
	t.Run("one purpose said once and followed once", func(t *testing.T) {
		t.Parallel()
		wantChanges(t, additional(map[string]deployment.AdditionalFlow{
			"x": {Source: "users", Destination: "nginx", Ports: []string{"tcp/1"}, Purpose: "user_access"},
			"y": {Source: "users", Destination: "nginx", Ports: []string{"tcp/2"}},
		}), "+ users-to-canopsis-nginx/tcp-1 user_access published", "+ users-to-canopsis-nginx/tcp-2 user_access published")
	})
}

func TestSemantics19ComponentOfAnAdditionalFlow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		key    string
		flow   deployment.AdditionalFlow
		placed map[string]string
		want   []string
	}{
		{"the key, to a host", "agent", deployment.AdditionalFlow{Source: "users", Destination: "canopsis", Ports: []string{"tcp/10050"}}, nil,
			[]string{"+ users-to-canopsis-agent/tcp-10050 user_access additional"}},
		{"a service, to a host", "ssh", deployment.AdditionalFlow{Source: "bastion", Destination: "canopsis", Ports: []string{"tcp/22"}}, nil,
			[]string{"+ bastion-to-canopsis-ssh/tcp-22 events additional"}},
		{"the destination, where it is a component, with its ports", "anything", deployment.AdditionalFlow{Source: "users", Destination: "rabbitmq_ui", Ports: []string{"component"}}, nil,
			[]string{"+ users-to-canopsis-rabbitmq_ui/tcp-15672 user_access additional"}},
		{"the destination, with other ports", "anything", deployment.AdditionalFlow{Source: "users", Destination: "canopsis_api", Ports: []string{"udp/1"}}, nil,
			[]string{"+ users-to-canopsis-canopsis_api/udp-1 user_access additional"}},
		{"on its host, wherever that is", "anything", deployment.AdditionalFlow{Source: "probes", Destination: "canopsis_api", Ports: []string{"component"}}, map[string]string{"canopsis_api": "api"},
			[]string{"+ probes-to-api-canopsis_api/tcp-8082 events additional"}},
		{"a component and a host of one name: the component", "anything", deployment.AdditionalFlow{Source: "probes", Destination: "postgresql", Ports: []string{"component"}}, map[string]string{"postgresql": "data"},
			[]string{"+ probes-to-data-postgresql/tcp-5432 events additional"}},
		{"a source that is a component", "nas", deployment.AdditionalFlow{Source: "engines", Destination: "nas", Ports: []string{"tcp/1"}}, map[string]string{"engines": "workers"},
			[]string{"+ workers-to-nas/tcp-1 external additional"}},
		{"the key, to an outside system", "global_catalogue", deployment.AdditionalFlow{Source: "canopsis", Destination: "ldap", Ports: []string{"tcp/3268"}}, nil,
			[]string{"+ canopsis-to-ldap-global_catalogue/tcp-3268 external additional"}},
		{"the key that is the outside system", "ldap", deployment.AdditionalFlow{Source: "mongodb", Destination: "ldap", Ports: []string{"tcp/636"}}, nil,
			[]string{"+ mongodb-to-ldap/tcp-636 external additional"}},
		{"a process may listen, where the ports are given", "debug", deployment.AdditionalFlow{Source: "administrators", Destination: "engines", Ports: []string{"tcp/6060"}}, nil,
			[]string{"+ administrators-to-canopsis-engines/tcp-6060 administration additional"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := placed(test.placed)
			after := before
			after.AdditionalFlows = map[string]deployment.AdditionalFlow{test.key: test.flow}
			wantLines(t, changes(deploy(t, "22.10", before), deploy(t, "22.10", after)), test.want...)
		})
	}
	t.Run("ports of this installation", func(t *testing.T) {
		t.Parallel()
		choices := additional(map[string]deployment.AdditionalFlow{"x": {Source: "probes", Destination: "rabbitmq", Ports: []string{"component"}}})
		choices.ComponentPorts = map[string][]string{"rabbitmq": {"tcp/5671"}}
		lines := openings(deploy(t, "22.10", choices))
		if want := "probes-to-canopsis-rabbitmq/tcp-5671 events additional"; !slices.Contains(lines, want) {
			t.Errorf("got %q; want among them %q", lines, want)
		}
	})
	t.Run("ports of the installation method", func(t *testing.T) {
		t.Parallel()
		choices := additional(map[string]deployment.AdditionalFlow{"x": {Source: "probes", Destination: "nginx", Ports: []string{"component"}}})
		choices.Options = []string{"packages"}
		wantLines(t, changes(deploy(t, "24.10", with("packages")), deploy(t, "24.10", choices)),
			"+ probes-to-canopsis-nginx/tcp-8080 events additional", "+ probes-to-canopsis-nginx/tcp-8443 events additional")
	})
	t.Run("corrected ports", func(t *testing.T) {
		t.Parallel()
		choices := corrected(additional(map[string]deployment.AdditionalFlow{"x": {Source: "probes", Destination: "redis", Ports: []string{"component"}}}))
		wantLines(t, changes(deploy(t, "22.10", corrected(deployment.Choices{})), deploy(t, "22.10", choices)),
			"+ probes-to-redis/tcp-6379 events additional")
	})
}

func TestSemantics20NewNames(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Placement: map[string]string{"mongodb": "data", "redis_sentinel": "watch"},
		AdditionalFlows: map[string]deployment.AdditionalFlow{
			"agent":   {Source: "probes", Destination: "data", Ports: []string{"tcp/10050"}},
			"backup":  {Source: "data", Destination: "nas", Ports: []string{"tcp/2049"}},
			"closed":  {Source: "watch", Destination: "redis", Ports: []string{"component"}},
			"scraper": {Source: "users", Destination: "mirror", Ports: []string{"tcp/80"}},
		},
	}
	before := placed(choices.Placement)
	after := deploy(t, "22.10", choices)
	wantLines(t, changes(deploy(t, "22.10", before), after),
		"+ data-to-nas-backup/tcp-2049 external additional",
		"+ probes-to-data-agent/tcp-10050 events additional",
		"+ users-to-mirror-scraper/tcp-80 user_access additional",
		"+ watch-to-redis/tcp-6739 internal additional",
	)
	for id, kind := range map[string]matrix.Kind{
		"probes": matrix.Actor, "data": matrix.Host, "nas": matrix.External, "watch": matrix.Host, "mirror": matrix.External,
	} {
		if e, ok := after.Matrix.Endpoint(id); !ok || e.Kind != kind {
			t.Errorf("%s: %v, %t; want %v", id, e.Kind, ok, kind)
		}
	}
	// What a rule names is a host, whether something runs there or not (53).
	wantLines(t, hostLines(after),
		"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "data: mongodb", "postgresql: postgresql", "redis: redis", "watch: ")
}

func TestSemantics21PurposesOfAdditionalFlows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                string
		source, destination string
		purpose, want       string
	}{
		{"to the repositories", "mongodb", "package_repositories", "", "installation"},
		{"from administrators", "administrators", "postgresql", "", "administration"},
		{"from users", "users", "postgresql", "", "user_access"},
		{"from another actor", "probes", "postgresql", "", "events"},
		{"from an outside system", "ldap", "postgresql", "", "events"},
		{"from a host to a host", "mongodb", "postgresql", "", "internal"},
		{"from a component to a component", "engines", "redis", "internal", "internal"},
		{"from a host to an outside system", "mongodb", "ldap", "", "external"},
		{"from a host to a new name", "mongodb", "nas", "", "external"},
		{"the user's word over administrators", "administrators", "postgresql", "internal", "internal"},
		{"the user's word over a new actor", "bastion", "postgresql", "administration", "administration"},
		{"the user's word over the repositories", "mongodb", "package_repositories", "external", "external"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, "22.10", additional(map[string]deployment.AdditionalFlow{
				"mine": {Source: test.source, Destination: test.destination, Ports: []string{"udp/9"}, Purpose: test.purpose},
			}))
			var purposes []string
			for _, r := range d.Rules() {
				if r.Ports.String() == "udp/9" {
					purposes = append(purposes, r.Purpose.String())
				}
			}
			wantLines(t, purposes, test.want)
		})
	}
}

func TestSemantics22FlowsWithinAHost(t *testing.T) {
	t.Parallel()
	type flows = map[string]deployment.AdditionalFlow
	for _, test := range []struct {
		name    string
		choices deployment.Choices // without the flows
		flows   flows
		want    []string
	}{
		{
			name:  "written from a host to itself",
			flows: flows{"gossip": {Source: "redis", Destination: "redis", Ports: []string{"udp/7946"}}},
			want:  []string{"+ redis-to-redis/udp-7946 internal additional"},
		},
		{
			name:    "written from a component to itself, and moved",
			choices: placed(map[string]string{"nginx": "web"}),
			flows:   flows{"gossip": {Source: "nginx", Destination: "nginx", Ports: []string{"udp/7946"}}},
			want:    []string{"+ web-to-web-nginx/udp-7946 internal additional"},
		},
		{
			name:    "written from a host of placement to itself",
			choices: placed(map[string]string{"nginx": "web"}),
			flows:   flows{"gossip": {Source: "web", Destination: "web", Ports: []string{"udp/7946"}}},
			want:    []string{"+ web-to-web-gossip/udp-7946 internal additional"},
		},
		{
			name:  "between two components of one host",
			flows: flows{"x": {Source: "engines", Destination: "nginx", Ports: []string{"tcp/1"}}},
		},
		{
			name:    "between two hosts that placement makes one",
			choices: placed(map[string]string{"redis": "data", "postgresql": "data"}),
			flows:   flows{"x": {Source: "redis", Destination: "postgresql", Ports: []string{"tcp/1"}}},
		},
		{
			name:    "the same in a cluster",
			choices: deployment.Choices{Placement: map[string]string{"redis": "data", "nginx": "data"}, Clusters: []string{"data"}},
			flows:   flows{"x": {Source: "redis", Destination: "nginx", Ports: []string{"tcp/1"}}},
			want:    []string{"+ data-to-data-nginx/tcp-1 internal additional"},
		},
		{
			// What the page draws inside the host goes, though the user's flow to
			// the same component stays.
			name:    "beside a flow that placement brings inside",
			choices: placed(map[string]string{"mongodb": "canopsis"}),
			flows:   flows{"gossip": {Source: "mongodb", Destination: "mongodb", Ports: []string{"tcp/1"}}},
			want:    []string{"+ canopsis-to-canopsis-mongodb/tcp-1 internal additional"},
		},
		{
			name:    "beside one of the user's own that placement brings inside",
			choices: placed(map[string]string{"mongodb": "canopsis"}),
			flows: flows{
				"gossip": {Source: "mongodb", Destination: "mongodb", Ports: []string{"tcp/1"}},
				"backup": {Source: "nginx", Destination: "mongodb", Ports: []string{"tcp/2"}},
			},
			want: []string{"+ canopsis-to-canopsis-mongodb/tcp-1 internal additional"},
		},
		{
			name:    "beside a flow that a cluster keeps",
			choices: deployment.Choices{Placement: map[string]string{"mongodb": "canopsis"}, Clusters: []string{"canopsis"}},
			flows:   flows{"gossip": {Source: "mongodb", Destination: "mongodb", Ports: []string{"tcp/1"}}},
			want:    []string{"+ canopsis-to-canopsis-mongodb/tcp-1 internal published"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			with := test.choices
			with.AdditionalFlows = test.flows
			wantLines(t, changes(deploy(t, "22.10", test.choices), deploy(t, "22.10", with)), test.want...)
		})
	}
}

func TestSemantics23Exclude(t *testing.T) {
	t.Parallel()
	apart := deployment.Choices{
		Corrections: deployment.Apply,
		Placement:   map[string]string{"snmp": "traps", "mongodb": "data", "redis": "data"},
		AdditionalFlows: map[string]deployment.AdditionalFlow{
			"backup": {Source: "data", Destination: "nas", Ports: []string{"tcp/2049"}},
			"agent":  {Source: "probes", Destination: "data", Ports: []string{"tcp/10050"}},
		},
	}
	for _, test := range []struct {
		name    string
		exclude []string
		want    []string
	}{
		{"a component: flows to it, not those that it opens", []string{"snmp"}, []string{
			"- snmp_trap_sources-to-traps-snmp/udp-162 events published",
		}},
		{"a placed host: all of its flows, SSH too", []string{"traps"}, []string{
			"- administrators-to-traps-ssh/tcp-22 administration erratum",
			"- snmp_trap_sources-to-traps-snmp/udp-162 events published",
			"- traps-to-canopsis-rabbitmq/tcp-5672 internal erratum",
			"- traps-to-package_repositories-https/tcp-443 installation erratum",
		}},
		{"a name that is component and host, when the host is another: the component", []string{"mongodb"}, []string{
			"- canopsis-to-data-mongodb/tcp-27017 internal published",
		}},
		{"a name that is component and host: both", []string{"postgresql"}, []string{
			"- administrators-to-postgresql-ssh/tcp-22 administration erratum",
			"- canopsis-to-postgresql/tcp-5432 internal published",
		}},
		{"a process, to which nothing leads", []string{"engines"}, nil},
		{"an actor", []string{"administrators"}, []string{
			"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
			"- administrators-to-canopsis-ssh/tcp-22 administration published",
			"- administrators-to-data-ssh/tcp-22 administration published",
			"- administrators-to-postgresql-ssh/tcp-22 administration erratum",
			"- administrators-to-traps-ssh/tcp-22 administration erratum",
		}},
		{"a service", []string{"ssh"}, []string{
			"- administrators-to-canopsis-ssh/tcp-22 administration published",
			"- administrators-to-data-ssh/tcp-22 administration published",
			"- administrators-to-postgresql-ssh/tcp-22 administration erratum",
			"- administrators-to-traps-ssh/tcp-22 administration erratum",
		}},
		{"an outside system", []string{"package_repositories"}, []string{
			"- canopsis-to-package_repositories-https/tcp-443 installation published",
			"- traps-to-package_repositories-https/tcp-443 installation erratum",
		}},
		{"a purpose", []string{"events"}, []string{
			"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
			"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
			"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
			"- probes-to-data-agent/tcp-10050 events additional",
			"- snmp_trap_sources-to-traps-snmp/udp-162 events published",
		}},
		{"the user's own names: a component, an actor, an outside system", []string{"agent", "probes", "nas"}, []string{
			"- data-to-nas-backup/tcp-2049 external additional",
			"- probes-to-data-agent/tcp-10050 events additional",
		}},
		{"what is closed, and twice the same", []string{"redis_sentinel", "redis_sentinel"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			without := apart
			without.Exclude = test.exclude
			wantLines(t, changes(deploy(t, "22.10", apart), deploy(t, "22.10", without)), test.want...)
			wantLines(t, hostLines(deploy(t, "22.10", without)), hostLines(deploy(t, "22.10", apart))...)
		})
	}
	t.Run("a user's purpose is what counts", func(t *testing.T) {
		t.Parallel()
		choices := additional(map[string]deployment.AdditionalFlow{
			"x": {Source: "administrators", Destination: "postgresql", Ports: []string{"component"}, Purpose: "events"},
			"y": {Source: "bastion", Destination: "postgresql", Ports: []string{"component"}, Purpose: "administration"},
		})
		choices.Exclude = []string{"administration", "user_access", "external", "internal", "installation", "canopsis"}
		wantLines(t, openings(deploy(t, "22.10", choices)), "administrators-to-postgresql/tcp-5432 events additional")
	})
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		d := deploy(t, "22.10", deployment.Choices{Exclude: matrix.PurposeNames()})
		if lines := openings(d); len(lines) > 0 {
			t.Errorf("still open: %q", lines)
		}
		wantLines(t, findings(d))
	})
}

// Design: an erratum that makes no difference to an installation is not reported.
func TestFindingsOnlyWhereTheyMakeADifference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		choices deployment.Choices
		want    []string
		applied []string // under apply
	}{
		{"everything on one host", placed(map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "redis": "canopsis"}), nil, nil},
		{"the wrong flow excluded", deployment.Choices{Exclude: []string{"redis", "ssh"}}, nil, nil},
		{"hosts that the page names", deployment.Choices{Exclude: []string{"redis"}, Placement: map[string]string{"postgresql": "mongodb", "redis": "mongodb"}}, nil, nil},
		{"the user has the forgotten SSH already", deployment.Choices{
			ComponentPorts: map[string][]string{"redis": {"tcp/6379"}},
			Placement:      map[string]string{"postgresql": "data", "redis": "data"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{
				"ssh": {Source: "administrators", Destination: "data", Ports: []string{"tcp/22"}},
			},
		}, nil, nil},
		{"the user has some of it", deployment.Choices{
			ComponentPorts: map[string][]string{"redis": {"tcp/6379"}},
			Placement:      map[string]string{"postgresql": "data", "redis": "cache"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{
				"ssh": {Source: "administrators", Destination: "data", Ports: []string{"tcp/22"}},
			},
		}, []string{"ssh_hosts: administrators-to-cache-ssh (applied false)"},
			[]string{"ssh_hosts: administrators-to-cache-ssh (applied true)"}},
		{"Sentinel's port, whose flows are all inside one host", deployment.Choices{
			Options:   []string{"redis_sentinel"},
			Placement: map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "redis": "canopsis", "redis_sentinel": "canopsis"},
		}, nil, nil},
		// Nothing runs on canopsis any more, and the page still draws flows from it.
		{"flows that only go", deployment.Choices{
			ComponentPorts: map[string][]string{"redis": {"tcp/6379"}},
			Placement: map[string]string{
				"engines": "data", "canopsis_api": "data", "mongodb": "data", "postgresql": "data", "redis": "data", "rabbitmq": "data", "snmp": "data", "nginx": "data",
			},
			Exclude: []string{"ldap", "installation", "administration", "events", "users"},
		}, []string{"initiators: canopsis-to-data-mongodb canopsis-to-data-postgresql canopsis-to-data-redis (applied false)"},
			[]string{"initiators: canopsis-to-data-mongodb canopsis-to-data-postgresql canopsis-to-data-redis (applied true)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, corrections := range []deployment.Corrections{deployment.Warn, deployment.None, deployment.Apply} {
				choices := test.choices
				choices.Corrections = corrections
				want := test.want
				if corrections == deployment.Apply {
					want = test.applied
				}
				wantLines(t, findings(deploy(t, "22.10", choices)), want...)
			}
		})
	}
}

// A page without rows and one whose components nothing calls are matrices too.
func TestTheEmptyMatrix(t *testing.T) {
	t.Parallel()
	d, err := deployment.New(&matrix.Matrix{}, deployment.Choices{Corrections: deployment.Apply})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Rules()) > 0 || len(d.Hosts()) > 0 || len(d.Alternatives) > 0 || len(d.Errata) > 0 {
		t.Errorf("something of nothing: %v %v %v %v", d.Rules(), d.Hosts(), d.Alternatives, d.Errata)
	}
	_, err = deployment.New(&matrix.Matrix{}, with("redis_sentinel"))
	const want = "Unknown name: options: \"redis_sentinel\" is not an option of this edition. This edition has no options: leave the argument out."
	if err == nil || err.Error() != want {
		t.Errorf("got: %v\nwant: %s", err, want)
	}
}

// The choices are the caller's, and so is the matrix.
func TestNewChangesNothingOfItsInput(t *testing.T) {
	t.Parallel()
	e, err := edition.Find("22.10")
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	options, exclude := []string{"redis_sentinel", "redis"}, []string{"ssh", "ldap"}
	if _, err := deployment.New(m, deployment.Choices{Options: options, Exclude: exclude, Corrections: deployment.Apply}); err != nil {
		t.Fatal(err)
	}
	wantLines(t, options, "redis_sentinel", "redis")
	wantLines(t, exclude, "ssh", "ldap")
	if !m.Equal(again) {
		t.Error("the matrix is another one than before")
	}
}
