package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestRelays(t *testing.T) {
	t.Parallel()
	before := func(targets ...string) deployment.Relay {
		return deployment.Relay{InFrontOf: targets, Ports: []string{"tcp/443"}}
	}
	tests := []struct {
		name    string
		choices deployment.Choices
		relays  map[string]deployment.Relay
		want    []string
	}{
		{
			name:   "a load balancer before the web server",
			relays: map[string]deployment.Relay{"load_balancer": before("nginx")},
			want: []string{
				"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
				"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
				"- users-to-canopsis-nginx/tcp-8080 user_access published",
				"- users-to-canopsis-nginx/tcp-8443 user_access published",
				"+ api_event_sources-to-load_balancer/tcp-443 events relay",
				"+ load_balancer-to-canopsis-nginx/tcp-8080 internal relay",
				"+ load_balancer-to-canopsis-nginx/tcp-8443 internal relay",
				"+ users-to-load_balancer/tcp-443 user_access relay",
			},
		},
		{
			name: "a web proxy before outside systems",
			relays: map[string]deployment.Relay{
				"web_proxy": {InFrontOf: []string{"package_repositories", "ldap"}, Ports: []string{"tcp/3128"}},
			},
			want: []string{
				"- canopsis-to-ldap/tcp-389 external published",
				"- canopsis-to-ldap/tcp-636 external published",
				"- canopsis-to-package_repositories-https/tcp-443 installation published",
				"+ canopsis-to-web_proxy/tcp-3128 internal relay",
				"+ web_proxy-to-ldap/tcp-389 external relay",
				"+ web_proxy-to-ldap/tcp-636 external relay",
				"+ web_proxy-to-package_repositories-https/tcp-443 installation relay",
			},
		},
		{
			name: "a chain",
			relays: map[string]deployment.Relay{
				"outer":  {InFrontOf: []string{"middle"}, Ports: []string{"tcp/443"}},
				"middle": {InFrontOf: []string{"inner"}, Ports: []string{"tcp/444"}},
				"inner":  {InFrontOf: []string{"snmp"}, Ports: []string{"udp/1162"}},
			},
			want: []string{
				"- snmp_trap_sources-to-canopsis-snmp/udp-162 events published",
				"+ inner-to-canopsis-snmp/udp-162 internal relay",
				"+ middle-to-inner/udp-1162 internal relay",
				"+ outer-to-middle/tcp-444 internal relay",
				"+ snmp_trap_sources-to-outer/tcp-443 events relay",
			},
		},
		{
			name: "side by side, one of them behind a third that also goes straight",
			relays: map[string]deployment.Relay{
				"east":  {InFrontOf: []string{"rabbitmq_ui"}, Ports: []string{"tcp/1"}},
				"west":  {InFrontOf: []string{"rabbitmq_ui"}, Ports: []string{"tcp/2"}},
				"outer": {InFrontOf: []string{"west", "rabbitmq_ui"}, Ports: []string{"tcp/3"}},
			},
			want: []string{
				"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
				"+ administrators-to-east/tcp-1 administration relay",
				"+ administrators-to-outer/tcp-3 administration relay",
				"+ east-to-canopsis-rabbitmq_ui/tcp-15672 internal relay",
				"+ outer-to-canopsis-rabbitmq_ui/tcp-15672 internal relay",
				"+ outer-to-west/tcp-2 internal relay",
				"+ west-to-canopsis-rabbitmq_ui/tcp-15672 internal relay",
			},
		},
		{
			name:   "before a closed component, a component without flows and a relay that nothing reaches",
			relays: map[string]deployment.Relay{"idle": before("redis_sentinel", "canopsis_api"), "before_idle": before("idle/canopsis_api")},
		},
		{
			name:    "before what is excluded",
			choices: deployment.Choices{Exclude: []string{"ldap"}},
			relays:  map[string]deployment.Relay{"web_proxy": before("ldap")},
		},
		{
			name: "before the component of a flow of the user's own that is excluded",
			choices: deployment.Choices{
				AdditionalFlows: map[string]deployment.AdditionalFlow{"exporter": {Source: "prometheus", Destination: "canopsis", Ports: []string{"tcp/9100"}}},
				Exclude:         []string{"exporter"},
			},
			relays: map[string]deployment.Relay{"gate": before("exporter")},
		},
		{
			name:    "a cluster's flows to itself bypass relays",
			choices: deployment.Choices{Clusters: []string{"mongodb"}},
			relays:  map[string]deployment.Relay{"router": before("mongodb")},
			want: []string{
				"- canopsis-to-mongodb/tcp-27017 internal published",
				"+ canopsis-to-router/tcp-443 internal relay",
				"+ router-to-mongodb/tcp-27017 internal relay",
			},
		},
		{
			name: "a user's purpose stays at the end that it is about",
			choices: deployment.Choices{AdditionalFlows: map[string]deployment.AdditionalFlow{
				"nexus": {Source: "canopsis", Destination: "nexus", Ports: []string{"tcp/8081"}, Purpose: "installation"},
				"probe": {Source: "probes", Destination: "canopsis_api", Ports: []string{"component"}, Purpose: "administration"},
			}},
			relays: map[string]deployment.Relay{
				"gate":      before("canopsis_api"),
				"web_proxy": before("nexus", "ldap"),
			},
			want: []string{
				"- canopsis-to-ldap/tcp-389 external published",
				"- canopsis-to-ldap/tcp-636 external published",
				"- canopsis-to-nexus/tcp-8081 installation additional",
				"- probes-to-canopsis-canopsis_api/tcp-8082 administration additional",
				"+ canopsis-to-web_proxy/tcp-443 internal relay",
				"+ gate-to-canopsis-canopsis_api/tcp-8082 internal relay",
				"+ probes-to-gate/tcp-443 administration relay",
				"+ web_proxy-to-ldap/tcp-389 external relay",
				"+ web_proxy-to-ldap/tcp-636 external relay",
				"+ web_proxy-to-nexus/tcp-8081 installation relay",
			},
		},
		{
			name: "an outside system that several components name",
			choices: deployment.Choices{AdditionalFlows: map[string]deployment.AdditionalFlow{
				"ldap_replica": {Source: "canopsis", Destination: "ldap", Ports: []string{"tcp/3268"}},
			}},
			relays: map[string]deployment.Relay{"directory": before("ldap")},
			want: []string{
				"- canopsis-to-ldap-ldap_replica/tcp-3268 external additional",
				"- canopsis-to-ldap/tcp-389 external published",
				"- canopsis-to-ldap/tcp-636 external published",
				"+ canopsis-to-directory/tcp-443 internal relay",
				"+ directory-to-ldap-ldap_replica/tcp-3268 external relay",
				"+ directory-to-ldap/tcp-389 external relay",
				"+ directory-to-ldap/tcp-636 external relay",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			relayed := test.choices
			relayed.Relays = test.relays
			wantLines(t, changes(deploy(t, "22.10", test.choices), deploy(t, "22.10", relayed)), test.want...)
		})
	}
}

func TestAdditionalFlowsReachRelays(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{Relays: map[string]deployment.Relay{
		"outer": {InFrontOf: []string{"inner"}, Ports: []string{"tcp/443"}},
		"inner": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/8443"}},
	}}
	with := choices
	with.AdditionalFlows = map[string]deployment.AdditionalFlow{
		"ssh_inner": {Source: "administrators", Destination: "inner", Ports: []string{"tcp/22"}},
		"health":    {Source: "inner", Destination: "nginx", Ports: []string{"tcp/8090"}},
	}
	d := deploy(t, "22.10", with)
	wantLines(t, changes(deploy(t, "22.10", choices), d),
		"- inner-to-canopsis-nginx/tcp-8080 internal relay",
		"- inner-to-canopsis-nginx/tcp-8443 internal relay",
		"+ administrators-to-inner-ssh_inner/tcp-22 administration additional",
		"+ inner-to-canopsis-nginx/tcp-8080 internal additional",
		"+ inner-to-canopsis-nginx/tcp-8090 internal additional",
		"+ inner-to-canopsis-nginx/tcp-8443 internal additional",
	)
	if e, ok := d.Matrix.Endpoint("inner"); !ok || e.Kind != matrix.Relay {
		t.Errorf("inner is %+v, %t; want a relay", e, ok)
	}
	if _, ok := d.Hosts()["inner"]; ok {
		t.Error("inner is among the hosts, which have security groups of their own")
	}
}

func TestRelayKeepsWhatIsKnownOfAFlow(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{Relays: map[string]deployment.Relay{"cache": {InFrontOf: []string{"redis"}, Ports: []string{"tcp/6380"}}}}
	d := deploy(t, "22.10", choices)
	var touched []string
	for _, finding := range d.Errata {
		if slices.Contains(finding.Flows, "cache-to-redis") {
			touched = append(touched, finding.ID)
		}
	}
	wantLines(t, touched, "redis_port")
	choices.Corrections = deployment.Apply
	for f := range deploy(t, "22.10", choices).Matrix.Flows() {
		if f.Component == "cache" && f.Description.String() != "Relay in front of redis" {
			t.Errorf("the flow to the relay is described as %q", f.Description)
		}
		if f.Component == "redis" && f.Ports.String() != "tcp/6379" {
			t.Errorf("the flow from the relay is on %s", f.Ports)
		}
	}
}

// Whoever approves a relay's flow reads everything that it carries.
func TestRelayTellsAllThatItCarries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		flows map[string]deployment.AdditionalFlow
		want  string
	}{
		{
			name: "rows of the page, in a fixed order",
			want: "Events sent to the API; Web interface and API",
		},
		{
			name: "the user's own flow from the relay, which comes first",
			flows: map[string]deployment.AdditionalFlow{
				"health": {Source: "lb", Destination: "nginx", Ports: []string{"component"}, Description: "Test of the load balancer"},
			},
			want: "Test of the load balancer; Events sent to the API; Web interface and API",
		},
		{
			name: "one reason given twice, and a flow without any",
			flows: map[string]deployment.AdditionalFlow{
				"portal":  {Source: "portal", Destination: "nginx", Ports: []string{"component"}, Description: "Web interface and API"},
				"partner": {Source: "partner", Destination: "nginx", Ports: []string{"component"}},
			},
			want: "Events sent to the API; Web interface and API",
		},
		{
			name: "four reasons",
			flows: map[string]deployment.AdditionalFlow{
				"portal":  {Source: "portal", Destination: "nginx", Ports: []string{"component"}, Description: "Portal"},
				"partner": {Source: "partner", Destination: "nginx", Ports: []string{"component"}, Description: "Partners"},
			},
			want: "Events sent to the API; Partners; Portal; Web interface and API",
		},
		{
			name: "more reasons than anyone reads",
			flows: map[string]deployment.AdditionalFlow{
				"a": {Source: "source_a", Destination: "nginx", Ports: []string{"component"}, Description: "A"},
				"b": {Source: "source_b", Destination: "nginx", Ports: []string{"component"}, Description: "B"},
				"c": {Source: "source_c", Destination: "nginx", Ports: []string{"component"}, Description: "C"},
				"d": {Source: "source_d", Destination: "nginx", Ports: []string{"component"}, Description: "D"},
			},
			want: "A; B; C; D; and 2 more",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, "22.10", deployment.Choices{
				AdditionalFlows: test.flows,
				Relays: map[string]deployment.Relay{
					"lb":    {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}},
					"outer": {InFrontOf: []string{"lb"}, Ports: []string{"tcp/443"}},
				},
			})
			described := make(map[string]string)
			for f := range d.Matrix.Flows() {
				described[d.Matrix.FlowID(f)] = f.Description.String()
			}
			for id, want := range map[string]string{
				"lb-to-canopsis-nginx": test.want,
				"outer-to-lb":          "Relay in front of nginx",
				"users-to-outer":       "Relay in front of lb",
				"canopsis-to-mongodb":  "Configuration and alarms",
				"canopsis-to-redis":    "Cache and locks, with or without failover",
				"canopsis-to-ldap":     "Checking users' identities in a directory",
			} {
				if described[id] != want {
					t.Errorf("%s: %q; want %q", id, described[id], want)
				}
			}
		})
	}
}

// Forty layers of two relays each make 2^40 ways from a user to the web server.
func TestManyWaysThroughRelays(t *testing.T) {
	t.Parallel()
	const layers = 40
	relays := make(map[string]deployment.Relay)
	target := []string{"nginx"}
	for layer := range layers {
		var names []string
		for _, side := range []string{"a", "b"} {
			name := side + "_" + strings.Repeat("i", layer+1)
			relays[name] = deployment.Relay{InFrontOf: target, Ports: []string{"tcp/443"}}
			names = append(names, name+"/nginx")
		}
		target = names
	}
	d := deploy(t, "22.10", deployment.Choices{Relays: relays})
	var relayed int
	for f := range d.Matrix.Flows() {
		if f.Origin == matrix.Relayed {
			relayed++
		}
	}
	if want := 2*2 + (layers-1)*4 + 2; relayed != want {
		t.Errorf("%d flows through relays; want %d: two sources to two relays, four between layers, two to the web server", relayed, want)
	}
}

func TestRelaysRefused(t *testing.T) {
	t.Parallel()
	port := []string{"tcp/443"}
	tests := []struct {
		name   string
		relays map[string]deployment.Relay
		want   []string
	}{
		{
			"in front of itself",
			map[string]deployment.Relay{"lb": {InFrontOf: []string{"lb"}, Ports: port}},
			[]string{"Relay in front of itself: relays[\"lb\"].in_front_of: the relays run in a circle: lb before lb.\nLeave one of them out of what another listens for."},
		},
		{
			"a circle of three, reported once",
			map[string]deployment.Relay{"a": {InFrontOf: []string{"b"}, Ports: port}, "b": {InFrontOf: []string{"c", "nginx"}, Ports: port}, "c": {InFrontOf: []string{"a"}, Ports: port}, "d": {InFrontOf: []string{"a"}, Ports: port}},
			[]string{"Relay in front of itself: relays[\"a\"].in_front_of: the relays run in a circle: a before b before c before a.\nLeave one of them out of what another listens for."},
		},
		{
			"an unknown name",
			map[string]deployment.Relay{"lb": {InFrontOf: []string{"ngnix"}, Ports: port}},
			[]string{"Unknown name: relays[\"lb\"].in_front_of: \"ngnix\" is not a component, an outside system or a relay.\nDid you mean \"nginx\"?\n" +
				"Allowed: canopsis_api, ldap, mongodb, nginx, package_repositories, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, snmp."},
		},
		{
			"a host, an actor, a service, a process",
			map[string]deployment.Relay{"lb": {InFrontOf: []string{"canopsis", "users", "ssh", "engines"}, Ports: port}},
			[]string{
				"Nothing to stand in front of: relays[\"lb\"].in_front_of: \"canopsis\" is a host.\nName the components that run there and that the relay serves.",
				"Nothing to stand in front of: relays[\"lb\"].in_front_of: \"engines\" is a component that only opens connections.\nName what it connects to.",
				"Nothing to stand in front of: relays[\"lb\"].in_front_of: \"ssh\" is a service, which runs on every host.\nName components, outside systems or other relays.",
				"Nothing to stand in front of: relays[\"lb\"].in_front_of: \"users\" is an actor, who connects and does not listen.\nName what it connects to.",
			},
		},
		{
			"without ports and before nothing",
			map[string]deployment.Relay{"lb": {}},
			[]string{
				"Relay in front of nothing: relays[\"lb\"].in_front_of: it is empty, and a relay without a destination opens nothing.\nSay what the relay listens for, as in listeners = { nginx = [\"tcp/443\"] }, or leave the relay out.",
				"Empty list of ports: relays[\"lb\"].ports: the list is empty, and a flow without ports opens nothing.\nWrite at least one port, as in [\"tcp/443\"]; to leave a component out, name it in exclude.",
			},
		},
		{
			"a bad port",
			map[string]deployment.Relay{"lb": {InFrontOf: []string{"nginx"}, Ports: []string{"443"}}},
			[]string{"Invalid port: relays[\"lb\"].ports[0]: \"443\" names no protocol.\nDid you mean \"tcp/443\"?\n" +
				"Allowed: tcp/PORT or tcp/FIRST-LAST (1 to 65535), and so with udp and sctp; icmp, icmp/TYPE or icmp/TYPE-CODE, and so with icmpv6; another protocol's registered name, as in vrrp, or ip/NUMBER."},
		},
		{
			"named like an endpoint, a closed component, a service, a host of placement, and badly",
			map[string]deployment.Relay{
				"mongodb":        {InFrontOf: []string{"nginx"}, Ports: port},
				"redis_sentinel": {InFrontOf: []string{"nginx"}, Ports: port},
				"https":          {InFrontOf: []string{"nginx"}, Ports: port},
				"web":            {InFrontOf: []string{"nginx"}, Ports: port},
				"Load-Balancer":  {InFrontOf: []string{"nginx"}, Ports: port},
			},
			[]string{
				"Invalid name: relays[\"Load-Balancer\"]: \"Load-Balancer\" is not a valid name; names become parts of the rules' keys.\nDid you mean \"load_balancer\"?\nAllowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores.",
				"Name already taken: relays[\"https\"]: \"https\" is the name of an endpoint, a component or a service, and rule keys could be read two ways.\nGive the relay another name, as in \"https_relay\".",
				"Name already taken: relays[\"mongodb\"]: \"mongodb\" is the name of an endpoint, a component or a service, and rule keys could be read two ways.\nGive the relay another name, as in \"mongodb_relay\".",
				"Name already taken: relays[\"redis_sentinel\"]: \"redis_sentinel\" is the name of an endpoint, a component or a service, and rule keys could be read two ways.\nGive the relay another name, as in \"redis_sentinel_relay\".",
				"Name already taken: relays[\"web\"]: \"web\" is the name of an endpoint, a component or a service, and rule keys could be read two ways.\nGive the relay another name, as in \"web_relay\".",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, faultsOf(t, "22.10", deployment.Choices{
				Placement: map[string]string{"nginx": "web"},
				Relays:    test.relays,
			}), test.want...)
		})
	}
}
