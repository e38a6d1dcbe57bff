package deployment_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// published is what edition 22.10 opens by default, as openings words it. The
// tables of this file are written from the vendor's page and the list of its
// errors, never from what the code says.
var published = []string{
	"administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
	"administrators-to-canopsis-ssh/tcp-22 administration published",
	"administrators-to-mongodb-ssh/tcp-22 administration published",
	"amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
	"api_event_sources-to-canopsis-nginx/tcp-8080 events published",
	"api_event_sources-to-canopsis-nginx/tcp-8443 events published",
	"canopsis-to-ldap/tcp-389 external published",
	"canopsis-to-ldap/tcp-636 external published",
	"canopsis-to-mongodb/tcp-27017 internal published",
	"canopsis-to-package_repositories-https/tcp-443 installation published",
	"canopsis-to-postgresql/tcp-5432 internal published",
	"canopsis-to-redis/tcp-6739 internal published",
	"snmp_trap_sources-to-canopsis-snmp/udp-162 events published",
	"users-to-canopsis-nginx/tcp-8080 user_access published",
	"users-to-canopsis-nginx/tcp-8443 user_access published",
}

// instead returns the default's openings with those that begin with a prefix
// left out, and others added.
func instead(prefixes []string, added ...string) []string {
	lines := slices.DeleteFunc(slices.Clone(published), func(line string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(line, prefix) })
	})
	lines = append(lines, added...)
	slices.Sort(lines)
	return lines
}

// hostLines returns a line for each host: its name and what runs there.
func hostLines(d *deployment.Deployment) []string {
	var lines []string
	for _, host := range slices.Sorted(maps.Keys(d.Hosts())) {
		lines = append(lines, host+": "+strings.Join(d.Hosts()[host], " "))
	}
	return lines
}

// findings returns a line for each erratum that touches a deployment.
func findings(d *deployment.Deployment) []string {
	var lines []string
	for _, finding := range d.Errata {
		if finding.ID == "docker_host_ports" {
			continue // it stands at every deployment of 22.10 that does not say packages
		}
		lines = append(lines, fmt.Sprintf("%s: %s (applied %t)", finding.ID, strings.Join(finding.Flows, " "), finding.Applied))
	}
	return lines
}

func TestTheDefaultDeployment(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", deployment.Choices{})
	flows := make(map[string]bool)
	for f := range d.Matrix.Flows() {
		flows[d.Matrix.FlowID(f)] = true
		if f.WithinHost || f.Drawn != (matrix.Drawn{}) || f.Alternative != "" || f.Option != "" {
			t.Errorf("%s still has what only the steps need: %+v", d.Matrix.FlowID(f), f)
		}
	}
	if len(flows) != 12 || len(d.Rules()) != 15 {
		t.Errorf("%d flows and %d rules; want 12 and 15", len(flows), len(d.Rules()))
	}
	var rules []string
	for _, r := range d.Rules() {
		rules = append(rules, fmt.Sprintf("%s | %s | %s | %s | %s | %s | %s", r.Key(), r.Flow, r.Source, r.Destination, r.Component, r.Purpose, r.Ports))
	}
	wantLines(t, rules,
		"administrators-to-canopsis-rabbitmq_ui/tcp-15672 | administrators-to-canopsis-rabbitmq_ui | administrators | canopsis | rabbitmq_ui | administration | tcp/15672",
		"administrators-to-canopsis-ssh/tcp-22 | administrators-to-canopsis-ssh | administrators | canopsis | ssh | administration | tcp/22",
		"administrators-to-mongodb-ssh/tcp-22 | administrators-to-mongodb-ssh | administrators | mongodb | ssh | administration | tcp/22",
		"amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 | amqp_event_sources-to-canopsis-rabbitmq | amqp_event_sources | canopsis | rabbitmq | events | tcp/5672",
		"api_event_sources-to-canopsis-nginx/tcp-8080 | api_event_sources-to-canopsis-nginx | api_event_sources | canopsis | nginx | events | tcp/8080",
		"api_event_sources-to-canopsis-nginx/tcp-8443 | api_event_sources-to-canopsis-nginx | api_event_sources | canopsis | nginx | events | tcp/8443",
		"canopsis-to-ldap/tcp-389 | canopsis-to-ldap | canopsis | ldap | ldap | external | tcp/389",
		"canopsis-to-ldap/tcp-636 | canopsis-to-ldap | canopsis | ldap | ldap | external | tcp/636",
		"canopsis-to-mongodb/tcp-27017 | canopsis-to-mongodb | canopsis | mongodb | mongodb | internal | tcp/27017",
		"canopsis-to-package_repositories-https/tcp-443 | canopsis-to-package_repositories-https | canopsis | package_repositories | https | installation | tcp/443",
		"canopsis-to-postgresql/tcp-5432 | canopsis-to-postgresql | canopsis | postgresql | postgresql | internal | tcp/5432",
		"canopsis-to-redis/tcp-6739 | canopsis-to-redis | canopsis | redis | redis | internal | tcp/6739",
		"snmp_trap_sources-to-canopsis-snmp/udp-162 | snmp_trap_sources-to-canopsis-snmp | snmp_trap_sources | canopsis | snmp | events | udp/162",
		"users-to-canopsis-nginx/tcp-8080 | users-to-canopsis-nginx | users | canopsis | nginx | user_access | tcp/8080",
		"users-to-canopsis-nginx/tcp-8443 | users-to-canopsis-nginx | users | canopsis | nginx | user_access | tcp/8443",
	)
	var endpoints []string
	for e := range d.Matrix.Endpoints() {
		endpoints = append(endpoints, e.ID+" "+e.Kind.String())
	}
	wantLines(t, endpoints,
		"administrators actor", "amqp_event_sources actor", "api_event_sources actor", "canopsis host", "ldap external",
		"mongodb host", "package_repositories external", "postgresql host", "redis host", "snmp_trap_sources actor", "users actor",
	)
	wantLines(t, hostLines(d),
		"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "mongodb: mongodb", "postgresql: postgresql", "redis: redis",
	)
}

// What the options of 22.10 open, published and corrected.
func TestOptionsAndCorrections(t *testing.T) {
	t.Parallel()
	const (
		redis    = "canopsis-to-redis/"
		sentinel = "canopsis-to-redis_sentinel/"
	)
	sshToAll := []string{
		"administrators-to-postgresql-ssh/tcp-22 administration erratum",
		"administrators-to-redis-ssh/tcp-22 administration erratum",
	}
	sshToSentinel := "administrators-to-redis_sentinel-ssh/tcp-22 administration erratum"
	sentinelToRedis := "redis_sentinel-to-redis/tcp-6379 internal erratum"
	for _, test := range []struct {
		name      string
		options   []string
		published []string
		corrected []string
		findings  []string // without what apply says of itself
	}{
		{
			name:      "none",
			published: published,
			corrected: instead([]string{redis}, append(sshToAll, redis+"tcp-6379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh",
			},
		},
		{
			name:      "the default, named",
			options:   []string{"nginx", "redis"},
			published: published,
			corrected: instead([]string{redis}, append(sshToAll, redis+"tcp-6379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh",
			},
		},
		{
			name:      "Sentinel",
			options:   []string{"redis_sentinel"},
			published: instead([]string{redis}, sentinel+"tcp-26739 internal published"),
			corrected: instead([]string{redis}, append(sshToAll, sshToSentinel, sentinelToRedis,
				redis+"tcp-6379 internal erratum", sentinel+"tcp-26379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"redis_sentinel_port: canopsis-to-redis_sentinel",
				"sentinel_needs_redis: canopsis-to-redis",
				"sentinel_to_redis: redis_sentinel-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh administrators-to-redis_sentinel-ssh",
			},
		},
		{
			name:      "Redis and Sentinel",
			options:   []string{"redis_sentinel", "redis"},
			published: instead(nil, sentinel+"tcp-26739 internal published"),
			corrected: instead([]string{redis}, append(sshToAll, sshToSentinel, sentinelToRedis,
				redis+"tcp-6379 internal published", sentinel+"tcp-26379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"redis_sentinel_port: canopsis-to-redis_sentinel",
				"sentinel_to_redis: redis_sentinel-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh administrators-to-redis_sentinel-ssh",
			},
		},
		{
			name:      "the API",
			options:   []string{"canopsis_api"},
			published: instead([]string{"api_event_sources-"}, "api_event_sources-to-canopsis-canopsis_api/tcp-8082 events published"),
			corrected: instead([]string{"api_event_sources-", redis}, append(sshToAll,
				"api_event_sources-to-canopsis-canopsis_api/tcp-8082 events published", redis+"tcp-6379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh",
			},
		},
		{
			name:      "the API beside Nginx",
			options:   []string{"canopsis_api", "nginx"},
			published: instead(nil, "api_event_sources-to-canopsis-canopsis_api/tcp-8082 events published"),
			corrected: instead([]string{redis}, append(sshToAll,
				"api_event_sources-to-canopsis-canopsis_api/tcp-8082 events published", redis+"tcp-6379 internal published")...),
			findings: []string{
				"redis_port: canopsis-to-redis",
				"ssh_hosts: administrators-to-postgresql-ssh administrators-to-redis-ssh",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, corrections := range []deployment.Corrections{deployment.Warn, deployment.None, deployment.Apply} {
				d := deploy(t, "22.10", deployment.Choices{Options: test.options, Corrections: corrections})
				want, applied := slices.Clone(test.published), corrections == deployment.Apply
				if applied {
					want = slices.Sorted(slices.Values(test.corrected))
				}
				wantLines(t, openings(d), want...)
				var reported []string
				for _, line := range test.findings {
					reported = append(reported, fmt.Sprintf("%s (applied %t)", line, applied))
				}
				wantLines(t, findings(d), reported...)
			}
		})
	}
}

// Semantics 60: 22.10 also takes docker or packages, which change no port. The one
// leaves the warning until component_ports is written, the other settles it.
func TestTheMethodOf2210(t *testing.T) {
	t.Parallel()
	ports := map[string][]string{"nginx": {"tcp/80", "tcp/443"}, "mongodb": {"tcp/27027"}}
	const both = "api_event_sources-to-canopsis-nginx canopsis-to-mongodb users-to-canopsis-nginx"
	plain := openings(deploy(t, "22.10", deployment.Choices{}))
	for _, test := range []struct {
		name, release string
		choices       deployment.Choices
		want          string // the flows that the warning names; empty: there is none
	}{
		{"nothing said", "22.10", deployment.Choices{}, both},
		{"nothing said of a patch release", "22.10.3", deployment.Choices{}, both},
		{"docker", "22.10", deployment.Choices{Options: []string{"docker"}}, both},
		{"docker, with its ports", "22.10", deployment.Choices{Options: []string{"docker"}, ComponentPorts: ports}, ""},
		{"docker, with those of nginx", "22.10", deployment.Choices{Options: []string{"docker"}, ComponentPorts: map[string][]string{"nginx": ports["nginx"]}}, "canopsis-to-mongodb"},
		{"packages", "22.10", deployment.Choices{Options: []string{"packages"}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, test.release, test.choices)
			got := ""
			for _, f := range d.Errata {
				if f.ID == "docker_host_ports" {
					got = strings.Join(f.Flows, " ")
				}
			}
			if got != test.want {
				t.Errorf("the warning names %q, want %q", got, test.want)
			}
			if test.choices.ComponentPorts == nil {
				wantLines(t, openings(d), plain...)
			}
		})
	}
}

func TestAlternativesTellWhatWasTaken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, release string
		options       []string
		want          []string
	}{
		{"by default", "22.10", nil, []string{
			"{nginx_or_canopsis_api alternative [nginx canopsis_api] [nginx] true}",
			"{redis_or_redis_sentinel alternative [redis redis_sentinel] [redis] true}",
		}},
		{"the default, named, is no default", "22.10", []string{"redis", "nginx"}, []string{
			"{nginx_or_canopsis_api alternative [nginx canopsis_api] [nginx] false}",
			"{redis_or_redis_sentinel alternative [redis redis_sentinel] [redis] false}",
		}},
		{"one of one, both of the other, in the page's order", "22.10", []string{"redis_sentinel", "canopsis_api", "redis"}, []string{
			"{nginx_or_canopsis_api alternative [nginx canopsis_api] [canopsis_api] false}",
			"{redis_or_redis_sentinel alternative [redis redis_sentinel] [redis redis_sentinel] false}",
		}},
		{"what is optional stays closed", "24.10", []string{"packages"}, []string{
			"{docker_or_packages labelled [docker packages] [packages] false}",
			"{redis_sentinel optional [redis_sentinel] [] true}",
		}},
		{"and opens when it is named", "24.10", []string{"redis_sentinel", "docker", "packages"}, []string{
			"{docker_or_packages labelled [docker packages] [docker packages] false}",
			"{redis_sentinel optional [redis_sentinel] [redis_sentinel] false}",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, choice := range deploy(t, test.release, with(test.options...)).Alternatives {
				got = append(got, fmt.Sprint(choice))
			}
			wantLines(t, got, test.want...)
		})
	}
}

// The placement of the first example in the documentation: hosts canopsis, data
// and mongodb.
func TestTheDocumentedPlacement(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Options:   []string{"redis_sentinel"},
		Placement: map[string]string{"postgresql": "data", "redis": "data", "redis_sentinel": "data"},
	}
	d := deploy(t, "22.10", choices)
	wantLines(t, hostLines(d),
		"canopsis: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "data: postgresql redis redis_sentinel", "mongodb: mongodb")
	wantLines(t, openings(d), instead([]string{"canopsis-to-redis/", "canopsis-to-postgresql/"},
		"canopsis-to-data-postgresql/tcp-5432 internal published",
		"canopsis-to-data-redis_sentinel/tcp-26739 internal published")...)
	d = deploy(t, "22.10", corrected(choices))
	wantLines(t, openings(d), instead([]string{"canopsis-to-redis/", "canopsis-to-postgresql/"},
		"administrators-to-data-ssh/tcp-22 administration erratum",
		"canopsis-to-data-postgresql/tcp-5432 internal published",
		"canopsis-to-data-redis/tcp-6379 internal erratum",
		"canopsis-to-data-redis_sentinel/tcp-26379 internal published")...)
	wantLines(t, findings(d),
		"redis_port: canopsis-to-data-redis (applied true)",
		"redis_sentinel_port: canopsis-to-data-redis_sentinel (applied true)",
		"sentinel_needs_redis: canopsis-to-data-redis (applied true)",
		"ssh_hosts: administrators-to-data-ssh (applied true)")
}

func TestCorrectionsByName(t *testing.T) {
	t.Parallel()
	wantLines(t, []string{deployment.Warn.String(), deployment.None.String(), deployment.Apply.String()}, "warn", "none", "apply")
	for name, want := range map[string]deployment.Corrections{"warn": deployment.Warn, "none": deployment.None, "apply": deployment.Apply} {
		if got, err := deployment.ParseCorrections(name); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, want)
		}
	}
	for text, found := range map[string]string{
		"aply":  `"aply" is not a way to deal with the page's errors. Did you mean "apply"? Allowed: apply, none, warn.`,
		"Apply": `"Apply" is not a way to deal with the page's errors. Did you mean "apply"? Allowed: apply, none, warn.`,
		"":      `"" is not a way to deal with the page's errors. Allowed: apply, none, warn.`,
	} {
		if _, err := deployment.ParseCorrections(text); err == nil || err.Error() != "Unknown name: corrections: "+found {
			t.Errorf("%q: %v; want it to say %s", text, err, found)
		}
	}
}
