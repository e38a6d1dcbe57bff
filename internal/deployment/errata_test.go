package deployment_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// flowsOf returns the flows that an erratum touches in a deployment; none where
// it is not reported.
func flowsOf(d *deployment.Deployment, id string) []string {
	for _, finding := range d.Errata {
		if finding.ID == id {
			return finding.Flows
		}
	}
	return nil
}

// corrected returns the same choices with corrections applied.
func corrected(choices deployment.Choices) deployment.Choices {
	choices.Corrections = deployment.Apply
	return choices
}

func with(options ...string) deployment.Choices { return deployment.Choices{Options: options} }

// Each erratum: what it changes of a deployment that it touches, and one that it
// does not touch.
func TestErrataChangeWhatTheyTouch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		erratum, release string
		touched          deployment.Choices
		flows            []string // touched
		changes          []string // from published to corrected
		untouched        deployment.Choices
	}{
		{
			erratum: "redis_port", release: "22.10",
			touched: deployment.Choices{Exclude: []string{"ssh"}},
			flows:   []string{"canopsis-to-redis"},
			changes: []string{
				"- canopsis-to-redis/tcp-6739 internal published",
				"+ canopsis-to-redis/tcp-6379 internal published",
			},
			untouched: deployment.Choices{ComponentPorts: map[string][]string{"redis": {"tcp/6379"}}},
		},
		{
			erratum: "redis_sentinel_port", release: "24.10",
			touched: deployment.Choices{
				Options:   []string{"packages", "redis_sentinel"},
				Exclude:   []string{"ssh", "events"},
				Placement: map[string]string{"redis": "cache", "redis_sentinel": "cache", "rabbitmq": "canopsis"},
			},
			flows: []string{"canopsis-to-cache-redis_sentinel"},
			changes: []string{
				"- canopsis-to-cache-redis/tcp-6739 internal published",
				"- canopsis-to-cache-redis_sentinel/tcp-26739 internal published",
				"+ canopsis-to-cache-redis/tcp-6379 internal published",
				"+ canopsis-to-cache-redis_sentinel/tcp-26379 internal published",
			},
			untouched: with("packages"),
		},
		{
			erratum: "valkey_port", release: "25.10",
			touched: deployment.Choices{
				Options: []string{"docker"},
				Exclude: []string{"administration", "events", "rabbitmq", "installation"},
				AdditionalFlows: map[string]deployment.AdditionalFlow{
					"backup": {Source: "backup_server", Destination: "valkey", Ports: []string{"component"}, Purpose: "internal"},
				},
			},
			flows: []string{"backup_server-to-valkey"},
			changes: []string{
				"- backup_server-to-valkey/tcp-6739 internal additional",
				"+ backup_server-to-valkey/tcp-6379 internal additional",
			},
			untouched: with("docker"), // the page's row has it right
		},
		{
			erratum: "valkey_sentinel_port", release: "25.10",
			touched: deployment.Choices{
				Options:   []string{"docker", "valkey_sentinel"},
				Exclude:   []string{"administration", "events", "rabbitmq", "installation"},
				Placement: map[string]string{"valkey": "cache", "valkey_sentinel": "cache"},
				Clusters:  []string{"cache"},
			},
			flows: []string{"cache-to-cache-valkey_sentinel"},
			changes: []string{
				"- cache-to-cache-valkey/tcp-6739 internal cluster",
				"- cache-to-cache-valkey_sentinel/tcp-26739 internal cluster",
				"+ cache-to-cache-valkey/tcp-6379 internal erratum", // Sentinel to Valkey, which replication shares
				"+ cache-to-cache-valkey_sentinel/tcp-26379 internal cluster",
				"+ canopsis-to-cache-valkey_sentinel/tcp-26379 internal erratum",
			},
			untouched: with("docker"),
		},
		{
			erratum: "sentinel_needs_redis", release: "22.10",
			touched: deployment.Choices{
				Options:   []string{"redis_sentinel"},
				Exclude:   []string{"ssh"},
				Placement: map[string]string{"redis": "cache", "redis_sentinel": "cache"},
			},
			flows: []string{"canopsis-to-cache-redis"},
			changes: []string{
				"- canopsis-to-cache-redis_sentinel/tcp-26739 internal published",
				"+ canopsis-to-cache-redis/tcp-6379 internal erratum",
				"+ canopsis-to-cache-redis_sentinel/tcp-26379 internal published",
			},
			untouched: with("redis", "redis_sentinel"),
		},
		{
			erratum: "packages_https_port", release: "25.10",
			touched: deployment.Choices{Options: []string{"packages"}, Exclude: []string{"administration", "rabbitmq", "installation"}},
			flows:   []string{"api_event_sources-to-canopsis-nginx", "cmdb_drivers-to-canopsis-nginx", "users-to-canopsis-nginx"},
			changes: []string{
				"- api_event_sources-to-canopsis-nginx/tcp-443 events published",
				"- cmdb_drivers-to-canopsis-nginx/tcp-443 events published",
				"- users-to-canopsis-nginx/tcp-443 user_access published",
				"+ api_event_sources-to-canopsis-nginx/tcp-8443 events published",
				"+ cmdb_drivers-to-canopsis-nginx/tcp-8443 events published",
				"+ users-to-canopsis-nginx/tcp-8443 user_access published",
			},
			untouched: with("docker"),
		},
		{
			erratum: "initiators", release: "25.10",
			touched: deployment.Choices{
				Options:   []string{"docker"},
				Placement: map[string]string{"engines": "workers"},
				Exclude:   []string{"administration", "events", "rabbitmq", "postgresql", "valkey"},
			},
			flows: []string{
				"canopsis-to-remediation_tools", "canopsis-to-ticketing_tools", "canopsis-to-webhook_targets",
				"snmp-to-package_repositories-https", "workers-to-mongodb", "workers-to-package_repositories-https", "workers-to-remediation_tools",
				"workers-to-ticketing_tools", "workers-to-webhook_targets",
			},
			changes: []string{
				// The API stays on canopsis, and asks directories; the engines call tools.
				"- canopsis-to-remediation_tools/tcp-443 external published",
				"- canopsis-to-remediation_tools/tcp-80 external published",
				"- canopsis-to-ticketing_tools/tcp-443 external published",
				"- canopsis-to-ticketing_tools/tcp-80 external published",
				"- canopsis-to-webhook_targets/tcp-443 external published",
				"- canopsis-to-webhook_targets/tcp-80 external published",
				"+ snmp-to-package_repositories-https/tcp-443 installation erratum",
				"+ workers-to-mongodb/tcp-27017 internal erratum",
				"+ workers-to-package_repositories-https/tcp-443 installation erratum",
				"+ workers-to-remediation_tools/tcp-443 external erratum",
				"+ workers-to-remediation_tools/tcp-80 external erratum",
				"+ workers-to-ticketing_tools/tcp-443 external erratum",
				"+ workers-to-ticketing_tools/tcp-80 external erratum",
				"+ workers-to-webhook_targets/tcp-443 external erratum",
				"+ workers-to-webhook_targets/tcp-80 external erratum",
			},
			untouched: deployment.Choices{Options: []string{"docker"}, Placement: map[string]string{"canopsis": "app", "engines": "app", "canopsis_api": "app", "snmp": "app"}},
		},
		{
			erratum: "component_host", release: "24.10",
			touched: deployment.Choices{Options: []string{"packages"}, Exclude: []string{"redis"}},
			flows: []string{
				"administrators-to-canopsis-rabbitmq_ui", "administrators-to-rabbitmq-rabbitmq_ui",
				"amqp_event_sources-to-canopsis-rabbitmq", "amqp_event_sources-to-rabbitmq",
			},
			changes: []string{
				"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
				"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
				"+ administrators-to-rabbitmq-rabbitmq_ui/tcp-15672 administration erratum",
				"+ amqp_event_sources-to-rabbitmq/tcp-5672 events erratum",
			},
			untouched: deployment.Choices{Options: []string{"packages"}, Placement: map[string]string{"rabbitmq": "canopsis"}},
		},
		{
			erratum: "rabbitmq_clients", release: "4.5",
			touched: deployment.Choices{
				Placement: map[string]string{"rabbitmq": "bus", "canopsis_api": "api", "snmp": "bus"},
				Exclude:   []string{"administration", "installation", "external", "mongodb", "redis", "nginx", "canopsis_api"},
			},
			flows: []string{"api-to-bus-rabbitmq", "canopsis-to-bus-rabbitmq"},
			changes: []string{
				"+ api-to-bus-rabbitmq/tcp-5672 internal erratum",
				"+ canopsis-to-bus-rabbitmq/tcp-5672 internal erratum",
			},
			untouched: deployment.Choices{},
		},
		{
			erratum: "snmp_to_rabbitmq", release: "24.04",
			touched: deployment.Choices{
				Options:   []string{"docker"},
				Placement: map[string]string{"snmp": "collector", "rabbitmq": "canopsis"},
				Exclude:   []string{"administration", "redis", "installation"},
			},
			flows:     []string{"collector-to-canopsis-rabbitmq"},
			changes:   []string{"+ collector-to-canopsis-rabbitmq/tcp-5672 internal erratum"},
			untouched: with("docker"), // the page's row from canopsis serves the connector there
		},
		{
			erratum: "nginx_to_api", release: "22.10",
			touched: deployment.Choices{
				Placement: map[string]string{"nginx": "web"},
				Exclude:   []string{"administration", "redis", "installation"},
			},
			flows:     []string{"web-to-canopsis-canopsis_api"},
			changes:   []string{"+ web-to-canopsis-canopsis_api/tcp-8082 internal erratum"},
			untouched: deployment.Choices{Placement: map[string]string{"nginx": "web", "canopsis_api": "web"}},
		},
		{
			erratum: "backends", release: "4.4",
			touched: deployment.Choices{
				Placement: map[string]string{"redis": "data", "influxdb": "data", "engines": "workers"},
				Exclude:   []string{"administration", "installation", "mongodb", "rabbitmq"},
			},
			flows: []string{"canopsis-to-data-influxdb", "canopsis-to-data-redis", "workers-to-data-influxdb", "workers-to-data-redis"},
			changes: []string{
				"+ canopsis-to-data-influxdb/tcp-8086 internal erratum",
				"+ canopsis-to-data-redis/tcp-6379 internal erratum",
				"+ workers-to-data-influxdb/tcp-8086 internal erratum",
				"+ workers-to-data-redis/tcp-6379 internal erratum",
			},
			untouched: deployment.Choices{},
		},
		{
			erratum: "sentinel_clients", release: "25.10",
			touched: deployment.Choices{
				Options:   []string{"packages", "valkey_sentinel"},
				Placement: map[string]string{"valkey": "cache", "valkey_sentinel": "cache"},
				Exclude:   []string{"administration", "rabbitmq", "nginx", "installation"},
			},
			flows:     []string{"canopsis-to-cache-valkey_sentinel"},
			changes:   []string{"+ canopsis-to-cache-valkey_sentinel/tcp-26379 internal erratum"},
			untouched: with("packages"),
		},
		{
			erratum: "sentinel_to_redis", release: "24.10",
			touched: deployment.Choices{
				Options: []string{"docker", "redis_sentinel"},
				Exclude: []string{"administration", "events", "canopsis"},
			},
			flows:     []string{"redis_sentinel-to-redis"},
			changes:   []string{"+ redis_sentinel-to-redis/tcp-6379 internal erratum"},
			untouched: deployment.Choices{Options: []string{"docker", "redis_sentinel"}, Placement: map[string]string{"redis_sentinel": "redis"}},
		},
		{
			erratum: "sentinel_to_valkey", release: "25.10",
			touched: deployment.Choices{
				Options: []string{"docker", "valkey_sentinel"},
				Exclude: []string{"administration", "events", "canopsis", "rabbitmq", "installation"},
			},
			flows:     []string{"valkey_sentinel-to-valkey"},
			changes:   []string{"+ valkey_sentinel-to-valkey/tcp-6379 internal erratum"},
			untouched: with("docker"),
		},
		{
			erratum: "rabbitmq_ui_row", release: "25.10",
			touched:   deployment.Choices{Options: []string{"docker"}, Exclude: []string{"ssh", "rabbitmq", "installation"}, Placement: map[string]string{"rabbitmq": "bus"}},
			flows:     []string{"administrators-to-bus-rabbitmq_ui"},
			changes:   []string{"+ administrators-to-bus-rabbitmq_ui/tcp-15672 administration erratum"},
			untouched: deployment.Choices{Options: []string{"docker"}, Exclude: []string{"rabbitmq_ui"}},
		},
		{
			erratum: "ssh_hosts", release: "25.10",
			touched: deployment.Choices{
				Options:   []string{"docker"},
				Exclude:   []string{"rabbitmq_ui", "events", "internal"},
				Placement: map[string]string{"mongodb": "data", "postgresql": "data", "valkey": "data", "rabbitmq": "canopsis", "snmp": "canopsis"},
			},
			flows: []string{"administrators-to-canopsis-ssh", "administrators-to-data-ssh"},
			changes: []string{
				"+ administrators-to-canopsis-ssh/tcp-22 administration erratum",
				"+ administrators-to-data-ssh/tcp-22 administration erratum",
			},
			untouched: deployment.Choices{Options: []string{"docker"}, Exclude: []string{"administrators"}},
		},
		{
			erratum: "mongodb_docker_port", release: "23.10.4",
			touched:   deployment.Choices{Options: []string{"docker"}, Exclude: []string{"redis", "rabbitmq", "rabbitmq_ui"}},
			flows:     []string{"canopsis-to-mongodb"},
			untouched: deployment.Choices{Options: []string{"docker"}, ComponentPorts: map[string][]string{"mongodb": {"tcp/27027"}}},
		},
		{
			erratum: "canopsis_api_row", release: "24.10",
			touched: deployment.Choices{Options: []string{"packages"}, Exclude: []string{"redis", "rabbitmq", "rabbitmq_ui"}},
			flows:   []string{"api_event_sources-to-canopsis-nginx"},
			untouched: deployment.Choices{
				Options:         []string{"packages"},
				AdditionalFlows: map[string]deployment.AdditionalFlow{"canopsis_api": {Source: "api_event_sources", Destination: "canopsis_api", Ports: []string{"component"}}},
			},
		},
	} {
		t.Run(test.erratum, func(t *testing.T) {
			t.Parallel()
			published := deploy(t, test.release, test.touched)
			applied := deploy(t, test.release, corrected(test.touched))
			wantLines(t, changes(published, applied), test.changes...)
			wantLines(t, flowsOf(published, test.erratum), test.flows...)
			wantLines(t, flowsOf(applied, test.erratum), test.flows...)
			for _, finding := range published.Errata {
				if finding.Applied {
					t.Errorf("%s is applied without being asked for", finding.ID)
				}
			}
			for _, finding := range applied.Errata {
				if reported := test.changes == nil; finding.ID == test.erratum && finding.Applied == reported {
					t.Errorf("applied: %t", finding.Applied)
				}
			}
			for _, choices := range []deployment.Choices{test.untouched, corrected(test.untouched)} {
				if flows := flowsOf(deploy(t, test.release, choices), test.erratum); flows != nil {
					t.Errorf("it touches a deployment that it should not: %q", flows)
				}
			}
		})
	}
}

// Flows that have the page's ports from the port list are as wrong as the page's.
func TestReportedErrataNameEveryFlowThatTheyWouldChange(t *testing.T) {
	t.Parallel()
	exclude := []string{"events", "user_access"}
	for name, test := range map[string]struct {
		choices deployment.Choices
		flows   []string
	}{
		"of a relay": {deployment.Choices{Relays: map[string]deployment.Relay{"lb": listensFor(map[string]string{"nginx": "tcp/443", "mongodb": "tcp/4430"})}},
			[]string{"lb-to-canopsis-nginx", "lb-to-mongodb"}},
		"of a cluster":           {deployment.Choices{Exclude: exclude, Clusters: []string{"mongodb"}}, []string{"canopsis-to-mongodb", "mongodb-to-mongodb"}},
		"that a correction adds": {deployment.Choices{Exclude: exclude, Corrections: deployment.Apply, Placement: map[string]string{"engines": "workers"}}, []string{"canopsis-to-mongodb", "workers-to-mongodb"}},
		"of the user's own, on the component's ports alone": {deployment.Choices{Exclude: []string{"nginx"}, AdditionalFlows: map[string]deployment.AdditionalFlow{
			"backup": {Source: "backup", Destination: "mongodb", Ports: []string{"component"}},
			"watch":  {Source: "watch", Destination: "mongodb", Ports: []string{"tcp/27017", "tcp/9216"}},
		}}, []string{"backup-to-mongodb", "canopsis-to-mongodb"}},
		"of nobody, where the ports are written": {deployment.Choices{
			Relays:         map[string]deployment.Relay{"lb": listensFor(map[string]string{"nginx": "tcp/8080"})},
			ComponentPorts: map[string][]string{"nginx": {"tcp/80"}, "mongodb": {"tcp/27027"}},
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, flowsOf(deploy(t, "22.10", test.choices), "docker_host_ports"), test.flows...)
		})
	}
}

// Every erratum is in the table above.
func TestEveryErratumTouchesSomeDeployment(t *testing.T) {
	t.Parallel()
	apart := map[string]string{
		"canopsis_api": "api", "nginx": "web", "engines": "workers", "rabbitmq": "bus", "snmp": "collector", "redis": "cache",
	}
	touched := map[string]bool{}
	for _, test := range []struct {
		release string
		options []string
	}{
		{"4.6", nil},
		{"22.10", []string{"redis_sentinel"}},
		{"23.10", []string{"docker", "redis_sentinel"}},
		{"25.10", []string{"packages", "valkey_sentinel"}},
	} {
		placement := maps.Clone(apart)
		if test.release == "25.10" {
			delete(placement, "redis")
			placement["valkey"] = "cache"
		}
		d := deploy(t, test.release, deployment.Choices{
			Options: test.options, Placement: placement, Clusters: []string{"cache"},
		})
		// Whatever placement names takes its rows along: only what it leaves alone shows where the page draws them.
		asDrawn := deploy(t, test.release, deployment.Choices{Options: test.options})
		for _, finding := range slices.Concat(d.Errata, asDrawn.Errata) {
			touched[finding.ID] = true
			e, err := edition.Find(test.release)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(finding.Editions, e.Version) {
				t.Errorf("%s touches %s, and names the editions %v", finding.ID, e.Version, finding.Editions)
			}
		}
	}
	for _, e := range edition.Errata() {
		if !touched[e.ID] && e.ID != "valkey_sentinel_port" { // no row has it wrong: only a cluster or a flow of the user's shows it
			t.Errorf("%s touches none of the deployments with everything apart", e.ID)
		}
	}
}

// The remedy of each erratum is a line that gives the corrected flows, and
// leaves the erratum with nothing to tell.
func TestRemediesOfErrata(t *testing.T) {
	t.Parallel()
	remedies := map[string]struct {
		release string
		before  deployment.Choices
		after   deployment.Choices
	}{
		`component_ports = { redis = ["tcp/6379"] }`: {
			"22.10", deployment.Choices{},
			deployment.Choices{ComponentPorts: map[string][]string{"redis": {"tcp/6379"}}},
		},
		`component_ports = { redis_sentinel = ["tcp/26379"] }`: {
			"22.10", with("redis_sentinel"),
			deployment.Choices{Options: []string{"redis_sentinel"}, ComponentPorts: map[string][]string{"redis_sentinel": {"tcp/26379"}}},
		},
		`component_ports = { valkey = ["tcp/6379"] }`: {
			"25.10", deployment.Choices{Options: []string{"docker"}, Clusters: []string{"valkey"}},
			deployment.Choices{Options: []string{"docker"}, Clusters: []string{"valkey"}, ComponentPorts: map[string][]string{"valkey": {"tcp/6379"}}},
		},
		`component_ports = { valkey_sentinel = ["tcp/26379"] }`: {
			"25.10", deployment.Choices{Options: []string{"docker", "valkey_sentinel"}, Clusters: []string{"valkey_sentinel"}},
			deployment.Choices{
				Options: []string{"docker", "valkey_sentinel"}, Clusters: []string{"valkey_sentinel"},
				ComponentPorts: map[string][]string{"valkey_sentinel": {"tcp/26379"}},
			},
		},
		`options = ["redis", "redis_sentinel"]`: {
			"22.10", with("redis_sentinel"), with("redis", "redis_sentinel"),
		},
		`component_ports = { nginx = ["tcp/8443"] }`: {
			"25.10", with("packages"),
			deployment.Choices{Options: []string{"packages"}, ComponentPorts: map[string][]string{"nginx": {"tcp/8443"}}},
		},
		`component_ports = { nginx = ["tcp/80", "tcp/443"], mongodb = ["tcp/27027"] }`: {
			"22.10", with("docker"),
			deployment.Choices{Options: []string{"docker"}, ComponentPorts: map[string][]string{"nginx": {"tcp/80", "tcp/443"}, "mongodb": {"tcp/27027"}}},
		},
		`component_ports = { mongodb = ["tcp/27027"] }`: {
			"23.10", with("docker"),
			deployment.Choices{Options: []string{"docker"}, ComponentPorts: map[string][]string{"mongodb": {"tcp/27027"}}},
		},
		`additional_flows = { canopsis_api = { source = "api_event_sources", destination = "canopsis_api", ports = ["component"] } }`: {
			"24.10", with("docker"),
			deployment.Choices{
				Options:         []string{"docker"},
				AdditionalFlows: map[string]deployment.AdditionalFlow{"canopsis_api": {Source: "api_event_sources", Destination: "canopsis_api", Ports: []string{"component"}}},
			},
		},
	}
	for _, e := range edition.Errata() {
		if e.Remedy == `corrections = "apply"` {
			continue
		}
		test, ok := remedies[e.Remedy]
		if !ok {
			t.Errorf("%s: no test writes %s", e.ID, e.Remedy)
			continue
		}
		if flowsOf(deploy(t, test.release, test.before), e.ID) == nil {
			t.Errorf("%s does not touch the deployment", e.ID)
		}
		if flows := flowsOf(deploy(t, test.release, test.after), e.ID); flows != nil {
			t.Errorf("%s: %s leaves %q", e.ID, e.Remedy, flows)
		}
	}
}

// Semantics 16: what a user's page no longer gets wrong is left alone, and what
// it still does is corrected, whatever edition it is.
func TestErrataOfAUsersPage(t *testing.T) {
	t.Parallel()
	e, err := edition.Find("22.10")
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	next := m.Draft() // the vendor's next page may have Redis right, and Sentinel not
	for i := range next.Flows {
		if next.Flows[i].Component == "redis" {
			next.Flows[i].Ports = matrix.MustPorts("tcp/6379")
		}
	}
	page, err := next.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	d, err := deployment.New(page, deployment.Choices{Options: []string{"redis", "redis_sentinel"}, Corrections: deployment.Apply})
	if err != nil {
		t.Fatal(err)
	}
	if flows := flowsOf(d, "redis_port"); flows != nil {
		t.Errorf("Redis is right on the page, and corrected: %q", flows)
	}
	wantLines(t, flowsOf(d, "redis_sentinel_port"), "canopsis-to-redis_sentinel")
}

// Semantics 8.
func TestHostsOfTheEditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, release string
		choices       deployment.Choices
		want          []string
	}{
		{"4.4 draws two machines", "4.4", deployment.Choices{}, []string{
			"canopsis: canopsis_api engines influxdb nginx rabbitmq rabbitmq_ui redis snmp", "mongodb: mongodb",
		}},
		{"4.6 draws PostgreSQL", "4.6", deployment.Choices{}, []string{
			"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui redis snmp", "mongodb: mongodb", "postgresql: postgresql",
		}},
		{"an alternative that is closed has no host", "22.10", deployment.Choices{}, []string{
			"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis",
		}},
		{"as published, Sentinel alone leaves a host redis", "22.10", with("redis_sentinel"), []string{
			"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis", "redis_sentinel: redis_sentinel",
		}},
		{"23.04 draws five machines", "23.04", with("docker"), []string{
			"canopsis: canopsis_api engines nginx snmp", "mongodb: mongodb", "postgresql: postgresql", "rabbitmq: rabbitmq rabbitmq_ui", "redis: redis",
		}},
		{"25.10 draws the SNMP connector, and Sentinel has a host once it is open", "25.10", with("docker", "valkey_sentinel"), []string{
			"canopsis: canopsis_api engines nginx", "mongodb: mongodb", "postgresql: postgresql", "rabbitmq: rabbitmq rabbitmq_ui",
			"snmp: snmp", "valkey: valkey", "valkey_sentinel: valkey_sentinel",
		}},
		{"a host without flows stays", "25.10", deployment.Choices{Options: []string{"docker"}, Exclude: []string{"snmp"}}, []string{
			"canopsis: canopsis_api engines nginx", "mongodb: mongodb", "postgresql: postgresql", "rabbitmq: rabbitmq rabbitmq_ui",
			"snmp: snmp", "valkey: valkey",
		}},
		{
			"canopsis goes when nothing runs there", "25.10",
			deployment.Choices{
				Corrections: deployment.Apply, Options: []string{"docker"},
				Placement: map[string]string{"engines": "workers", "canopsis_api": "api", "nginx": "api"},
			},
			[]string{
				"api: canopsis_api nginx", "mongodb: mongodb", "postgresql: postgresql", "rabbitmq: rabbitmq rabbitmq_ui",
				"snmp: snmp", "valkey: valkey", "workers: engines",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, test.release, test.choices)
			var got []string
			for host, components := range d.Hosts() {
				got = append(got, host+": "+strings.Join(components, " "))
			}
			slices.Sort(got)
			wantLines(t, got, test.want...)
			if _, runs := d.Hosts()["canopsis"]; !runs {
				for _, line := range openings(d) {
					if strings.Contains(line, "canopsis-") || strings.Contains(line, "-to-canopsis") {
						t.Errorf("nothing runs on canopsis, and it has a flow: %s", line)
					}
				}
			}
		})
	}
}

// Semantics 10.
func TestTheInterfaceFollowsRabbitMQ(t *testing.T) {
	t.Parallel()
	for release, options := range map[string][]string{"22.10": nil, "24.10": {"docker"}, "25.10": {"docker"}} {
		d := deploy(t, release, deployment.Choices{Options: options, Placement: map[string]string{"rabbitmq": "bus"}})
		wantLines(t, d.Hosts()["bus"], "rabbitmq", "rabbitmq_ui")
		d = deploy(t, release, deployment.Choices{Options: options, Placement: map[string]string{"rabbitmq": "bus", "rabbitmq_ui": "tools"}})
		wantLines(t, d.Hosts()["bus"], "rabbitmq")
		wantLines(t, d.Hosts()["tools"], "rabbitmq_ui")
	}
}

// Semantics 12 and 13: as published, everything that the page draws from
// canopsis stays there, and what it draws to canopsis too.
func TestForgottenFlowsShowUnderApplyAlone(t *testing.T) {
	t.Parallel()
	placement := map[string]string{"engines": "workers", "canopsis_api": "api", "redis": "cache", "influxdb": "metrics"}
	for _, corrections := range []deployment.Corrections{deployment.Warn, deployment.None} {
		d := deploy(t, "4.4", deployment.Choices{Corrections: corrections, Placement: placement})
		for _, line := range openings(d) {
			if strings.HasSuffix(line, " erratum") || strings.HasPrefix(line, "workers-") || strings.HasPrefix(line, "api-") {
				t.Errorf("not as published: %s", line)
			}
		}
	}
	d := deploy(t, "4.4", deployment.Choices{Corrections: deployment.Apply, Placement: placement, Exclude: []string{"administration", "events", "user_access"}})
	wantLines(t, openings(d),
		"api-to-cache-redis/tcp-6379 internal erratum",
		"api-to-canopsis-rabbitmq/tcp-5672 internal erratum",
		"api-to-ldap/tcp-389 external erratum",
		"api-to-ldap/tcp-636 external erratum",
		"api-to-metrics-influxdb/tcp-8086 internal erratum", // a backend like any other
		"api-to-mongodb/tcp-27017 internal erratum",
		"api-to-package_repositories-https/tcp-443 installation erratum",
		"canopsis-to-api-canopsis_api/tcp-8082 internal erratum",
		"canopsis-to-package_repositories-https/tcp-443 installation published",
		"workers-to-cache-redis/tcp-6379 internal erratum",
		"workers-to-canopsis-rabbitmq/tcp-5672 internal erratum",
		"workers-to-metrics-influxdb/tcp-8086 internal erratum",
		"workers-to-mongodb/tcp-27017 internal erratum",
		"workers-to-package_repositories-https/tcp-443 installation erratum",
	)
}

// Semantics 14.
func TestAdministratorsReachEveryHostUnderApply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release string
		options []string
	}{
		{"4.4", nil}, {"4.5", nil}, {"4.6", nil}, {"22.10", []string{"redis_sentinel"}},
		{"24.10", []string{"packages", "redis_sentinel"}}, {"25.10", []string{"docker", "valkey_sentinel"}},
	} {
		d := deploy(t, test.release, deployment.Choices{
			Corrections: deployment.Apply, Options: test.options,
			Placement: map[string]string{"engines": "workers", "nginx": "web"},
		})
		var want []string
		for host := range d.Hosts() {
			want = append(want, "administrators-to-"+host+"-ssh")
		}
		slices.Sort(want)
		var got []string
		for _, r := range d.Rules() {
			if r.Component == "ssh" {
				got = append(got, r.Flow)
			}
		}
		wantLines(t, got, want...)
	}
}

// Semantics 15.
func TestMergedFlowsKeepTheFirstOrigin(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, release string
		choices       deployment.Choices
		line          string
	}{
		{
			"what the page offers as an option is published", "22.10",
			corrected(with("redis", "redis_sentinel")), "canopsis-to-redis_sentinel/tcp-26379 internal published",
		},
		{
			"the page's own Redis beside Sentinel is published", "22.10",
			corrected(with("redis", "redis_sentinel")), "canopsis-to-redis/tcp-6379 internal published",
		},
		{
			"Redis added beside Sentinel is an erratum's", "22.10",
			corrected(with("redis_sentinel")), "canopsis-to-redis/tcp-6379 internal erratum",
		},
		{
			"the page's row wins over the connector's flow", "24.10",
			corrected(with("docker")), "canopsis-to-rabbitmq/tcp-5672 internal published",
		},
		{
			"a backend's flow of an API that moved is an erratum's", "24.10",
			corrected(deployment.Choices{Options: []string{"docker"}, Placement: map[string]string{"canopsis_api": "api"}}),
			"api-to-rabbitmq/tcp-5672 internal erratum",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if lines := openings(deploy(t, test.release, test.choices)); !slices.Contains(lines, test.line) {
				t.Errorf("got:\n  %s\nwant among them:\n  %s", strings.Join(lines, "\n  "), test.line)
			}
		})
	}
}

func TestInstallationMethodHasNoDefault(t *testing.T) {
	t.Parallel()
	const end = "\nWrite options = [\"docker\"] or options = [\"packages\"], beside your other options."
	const found = "Missing installation method: options: ports depend on how Canopsis was installed, and no option says how.\nAllowed: "
	for release, opens := range map[string]string{
		"23.04": `"docker" (nginx on tcp/80 and tcp/443) or "packages" (nginx on tcp/8080 and tcp/8443).`,
		"24.10": `"docker" (nginx on tcp/80 and tcp/443) or "packages" (nginx on tcp/8080 and tcp/8443).`,
		"25.10": `"docker" (nginx on tcp/443) or "packages" (nginx on tcp/8443).`,
	} {
		for _, choices := range []deployment.Choices{{}, with("redis_sentinel"), corrected(deployment.Choices{})} {
			if release == "25.10" && choices.Options != nil {
				choices.Options = []string{"valkey_sentinel"}
			}
			wantLines(t, faultsOf(t, release, choices), found+opens+end)
		}
	}
}

// A page may label its rows and not its port list.
func TestInstallationMethodOfRowsAlone(t *testing.T) {
	t.Parallel()
	e, err := edition.Find("24.10")
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	page := m.Draft()
	for i := range page.Components {
		if c := &page.Components[i]; c.ID == "nginx" {
			c.Offers = []matrix.Offer{{Ports: matrix.MustPorts("tcp/443")}}
		}
	}
	if m, err = page.Matrix(); err != nil {
		t.Fatal(err)
	}
	_, err = deployment.New(m, deployment.Choices{})
	if want := `"docker" (nginx on tcp/80 and tcp/443) or "packages" (nginx on tcp/8080 and tcp/8443)`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Both methods at once is for who moves from one to the other.
func TestBothInstallationMethods(t *testing.T) {
	t.Parallel()
	d := deploy(t, "25.10", deployment.Choices{Options: []string{"docker", "packages"}, Corrections: deployment.Apply, Exclude: []string{"administration", "internal", "external", "installation", "events"}})
	wantLines(t, openings(d),
		"users-to-canopsis-nginx/tcp-443 user_access published",
		"users-to-canopsis-nginx/tcp-8443 user_access published",
	)
}
