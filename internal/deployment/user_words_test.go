package deployment_test

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// ownPage is a page of a user's own: MongoDB, and what the draft adds.
func ownPage(t *testing.T, add func(d *matrix.Draft)) *matrix.Matrix {
	t.Helper()
	d := &matrix.Draft{
		Endpoints:  []matrix.Endpoint{{ID: "canopsis", Name: "Canopsis", Kind: matrix.Host}},
		Components: []matrix.Component{{ID: "mongodb", Name: "MongoDB", Host: "canopsis", Listed: true, Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/27017")}}}},
	}
	add(d)
	m, err := d.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A purpose of the user's own is held against the rows in use, and against no
// other: corrected rows under none, published ones under apply.
func TestPurposesConflictWithRowsInUseAlone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		release string
		choices deployment.Choices
		want    string // a rule
	}{
		"the API's flow to a directory, once it runs apart": {"22.10", deployment.Choices{
			Corrections:     deployment.None,
			Placement:       map[string]string{"canopsis_api": "api"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{"ldap": {Source: "canopsis_api", Destination: "ldap", Ports: []string{"tcp/3268"}, Purpose: "administration"}},
		}, "api-to-ldap/tcp-3268 administration additional"},
		"the engines' flow to a message bus apart": {"22.10", deployment.Choices{
			Corrections:     deployment.None,
			Placement:       map[string]string{"rabbitmq": "bus"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{"bus": {Source: "canopsis", Destination: "rabbitmq", Ports: []string{"component"}, Purpose: "events"}},
		}, "canopsis-to-bus-rabbitmq/tcp-5672 events additional"},
		"a published row that is not in use": {"22.10", deployment.Choices{
			Corrections:     deployment.Apply,
			Placement:       map[string]string{"canopsis_api": "api", "engines": "api"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{"ldap": {Source: "canopsis", Destination: "ldap", Ports: []string{"tcp/3268"}, Purpose: "administration"}},
		}, "canopsis-to-ldap/tcp-3268 administration additional"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if lines := openings(deploy(t, test.release, test.choices)); !strings.Contains(strings.Join(lines, "\n"), test.want) {
				t.Errorf("no %s among %q", test.want, lines)
			}
		})
	}
}

// What is excluded on purpose is not asked for again.
func TestAnExcludedAPIIsNotReported(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{Options: []string{"docker"}, Exclude: []string{"redis", "ssh", "administration", "amqp_event_sources"}}
	const reported = "canopsis_api_row: api_event_sources-to-canopsis-nginx (applied false)"
	wantLines(t, findings(deploy(t, "24.10", choices)), reported)
	choices.Exclude = append(choices.Exclude, "canopsis_api")
	wantLines(t, findings(deploy(t, "24.10", choices)))
}

// A relay's machine may be the end of a flow of the user's own.
func TestFlowsToARelaysMachine(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Exclude: []string{"internal", "external", "installation", "administration", "amqp_event_sources", "snmp_trap_sources", "api_event_sources"},
		Relays:  map[string]deployment.Relay{"lb": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}}},
		AdditionalFlows: map[string]deployment.AdditionalFlow{
			"nginx_status": {Source: "partners", Destination: "lb", Ports: []string{"tcp/9443"}, Purpose: "user_access"},
		},
	}
	wantLines(t, openings(deploy(t, "22.10", choices)),
		"lb-to-canopsis-nginx/tcp-8080 internal relay",
		"lb-to-canopsis-nginx/tcp-8443 internal relay",
		"partners-to-lb-nginx_status/tcp-9443 user_access additional",
		"users-to-lb/tcp-443 user_access relay",
	)
}

// A relay is no host: it cannot have the name of one that placement makes, even if that is
// the end of a flow as well.
func TestARelayIsNoHostOfPlacement(t *testing.T) {
	t.Parallel()
	_, err := deployment.New(embedded(t, "22.10"), deployment.Choices{
		Placement:       map[string]string{"nginx": "lb"},
		Relays:          map[string]deployment.Relay{"lb": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}}},
		AdditionalFlows: map[string]deployment.AdditionalFlow{"x": {Source: "users", Destination: "lb", Ports: []string{"tcp/9"}}},
	})
	if err == nil || !strings.HasPrefix(err.Error(), `Name already taken: relays["lb"]: "lb" is the name of an endpoint`) {
		t.Errorf("got %v", err)
	}
}

// The key of a flow to a component is no component: nothing listens under it.
func TestARelayBeforeTheKeyOfAFlowToAComponent(t *testing.T) {
	t.Parallel()
	_, err := deployment.New(embedded(t, "22.10"), deployment.Choices{
		Relays:          map[string]deployment.Relay{"lb": {InFrontOf: []string{"zabbix"}, Ports: []string{"tcp/443"}}},
		AdditionalFlows: map[string]deployment.AdditionalFlow{"zabbix": {Source: "zabbix_server", Destination: "nginx", Ports: []string{"component"}}},
	})
	if err == nil || !strings.HasPrefix(err.Error(), `Unknown name: relays["lb"].in_front_of: "zabbix" is not a component, an outside system or a relay.`) {
		t.Errorf("got %v", err)
	}
}

// A new name that both connects and listens is one outside system, whatever the
// flows are called.
func TestKindOfANewNameAtBothEnds(t *testing.T) {
	t.Parallel()
	to := deployment.AdditionalFlow{Source: "canopsis", Destination: "probe", Ports: []string{"tcp/1"}}
	from := deployment.AdditionalFlow{Source: "probe", Destination: "canopsis", Ports: []string{"tcp/2"}}
	for _, flows := range []map[string]deployment.AdditionalFlow{{"a": to, "b": from}, {"a": from, "b": to}} {
		d := deploy(t, "22.10", deployment.Choices{AdditionalFlows: flows})
		if e, ok := d.Matrix.Endpoint("probe"); !ok || e.Kind != matrix.External {
			t.Errorf("%v: probe is %s", flows, e.Kind)
		}
	}
}

// "(optionnel)" in the port list closes the rows to the component as well.
func TestOptionalInThePortListAlone(t *testing.T) {
	t.Parallel()
	ports := matrix.MustPorts("tcp/26379")
	m := ownPage(t, func(d *matrix.Draft) {
		d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "redis_sentinel", Name: "Redis Sentinel", Kind: matrix.Host})
		d.Components = append(d.Components, matrix.Component{
			ID: "redis_sentinel", Name: "Redis Sentinel", Host: "redis_sentinel", Listed: true, Optional: true, Offers: []matrix.Offer{{Ports: ports}},
		})
		d.Flows = append(d.Flows, matrix.Flow{
			Source: matrix.At("canopsis"), Destination: matrix.HostOf("redis_sentinel"), Component: "redis_sentinel", Ports: ports, Origin: matrix.Published,
		})
	})
	for _, test := range []struct {
		options []string
		want    []string
	}{
		{nil, nil},
		{[]string{"redis_sentinel"}, []string{"canopsis-to-redis_sentinel/tcp-26379 internal published"}},
	} {
		d, err := deployment.New(m, deployment.Choices{Options: test.options})
		if err != nil {
			t.Fatal(err)
		}
		wantLines(t, openings(d), test.want...)
	}
}

// Where a connector of the catalogue runs is a host, also if the page knows the
// name as an outside system.
func TestAConnectorsHostThatThePageNames(t *testing.T) {
	t.Parallel()
	m := ownPage(t, func(d *matrix.Draft) {
		d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "logstash", Name: "Logstash", Kind: matrix.External})
		d.Components = append(d.Components, matrix.Component{ID: "rabbitmq", Name: "RabbitMQ", Host: "canopsis", Listed: true, Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/5672")}}})
		d.Flows = append(d.Flows, matrix.Flow{
			Source: matrix.At("canopsis"), Destination: matrix.At("logstash"), Component: "logstash", Ports: matrix.MustPorts("tcp/31311"), Origin: matrix.Published,
		})
	})
	d, err := deployment.New(m, deployment.Choices{Interconnections: []string{"logstash_in"}})
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := d.Matrix.Endpoint("logstash"); !ok || e.Kind != matrix.Host {
		t.Errorf("logstash is %s, and hosts are %v", e.Kind, d.Hosts())
	}
	for f := range d.Matrix.Flows() {
		if d.Matrix.FlowID(f) == "canopsis-to-logstash" && d.Matrix.PurposeOf(f) != matrix.Internal {
			t.Errorf("canopsis-to-logstash is %s", d.Matrix.PurposeOf(f))
		}
	}
}

// unexplained returns the flows whose origin is an erratum, and that no erratum
// names though they would not be there without it.
func unexplained(d, published *deployment.Deployment) []string {
	explained := make(map[string]bool)
	for _, finding := range d.Errata {
		for _, id := range finding.Flows {
			explained[id] = true
		}
	}
	for f := range published.Matrix.Flows() {
		explained[published.Matrix.FlowID(f)] = true
	}
	var ids []string
	for f := range d.Matrix.Flows() {
		if id := d.Matrix.FlowID(f); f.Origin == matrix.Corrected && !explained[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// Whoever reads that a flow is an erratum's finds the erratum, but for a flow that
// is there without it too.
func TestOriginErratumHasItsErratum(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Options: []string{"docker"}, Placement: map[string]string{"snmp": "snmp"}, Interconnections: []string{"snmp_trap_connector"},
	}
	for _, id := range unexplained(deploy(t, "25.10", corrected(choices)), deploy(t, "25.10", choices)) {
		t.Errorf("%s has the origin erratum, and no erratum names it", id)
	}
}

// Names of another edition lead to this one's.
func TestNamesOfOtherEditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release string
		choices deployment.Choices
		want    string
	}{
		{
			"25.10", deployment.Choices{Options: []string{"docker"}, Placement: map[string]string{"redis": "data"}},
			`Did you mean "valkey"? Allowed: `,
		},
		{
			"25.10", deployment.Choices{Options: []string{"docker"}, Exclude: []string{"redis"}},
			`"valkey" has its place in this edition; placement = { valkey = "redis" } keeps the host, and with it its group and its rules' keys.`,
		},
		{
			"25.10", deployment.Choices{Options: []string{"docker", "redis_sentinel"}},
			`Did you mean "valkey_sentinel"? Allowed: docker, packages, valkey_sentinel. "valkey_sentinel" has its place in this edition.`,
		},
		{
			"22.10", deployment.Choices{Exclude: []string{"valkey"}},
			`"redis" has its place in this edition.`,
		},
		{
			"22.10", deployment.Choices{Options: []string{"packages"}},
			"This edition does not ask how Canopsis was installed: leave it out, and write the ports of yours where they differ, " +
				`as in component_ports = { nginx = ["tcp/443"] }.`,
		},
	} {
		_, err := deployment.New(embedded(t, test.release), test.choices)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant %s", test.release, err, test.want)
		}
	}
}
