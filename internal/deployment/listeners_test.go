package deployment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// listensFor is a relay that listens for each thing on one port.
func listensFor(listeners map[string]string) deployment.Relay {
	relay := deployment.Relay{Listeners: make(map[string][]string)}
	for key, port := range listeners {
		relay.Listeners[key] = []string{port}
	}
	return relay
}

// through returns the rules from and to relays, as SOURCE DESTINATION PORTS.
func through(d *deployment.Deployment) []string {
	var lines []string
	for _, r := range d.Rules() {
		source, _ := d.Matrix.Endpoint(r.Source)
		destination, _ := d.Matrix.Endpoint(r.Destination)
		if source.Kind == matrix.Relay || destination.Kind == matrix.Relay {
			lines = append(lines, fmt.Sprintf("%s %s %s", r.Source, r.Destination, r.Ports))
		}
	}
	slices.Sort(lines)
	return lines
}

func TestSemantics34ASourceReachesWhatItHadAFlowTo(t *testing.T) {
	t.Parallel()
	haproxy := listensFor(map[string]string{"nginx": "tcp/443", "rabbitmq": "tcp/5672", "postgresql": "tcp/5432"})
	onward := []string{
		"haproxy canopsis tcp/5672", "haproxy canopsis tcp/8080", "haproxy canopsis tcp/8443", "haproxy postgresql tcp/5432",
	}
	for _, test := range []struct {
		name   string
		relays map[string]deployment.Relay
		want   []string
	}{
		{"one relay before three", map[string]deployment.Relay{"haproxy": haproxy}, slices.Concat([]string{
			"amqp_event_sources haproxy tcp/5672", "api_event_sources haproxy tcp/443", "canopsis haproxy tcp/5432",
		}, onward, []string{"users haproxy tcp/443"})},
		{"a relay before one of the three", map[string]deployment.Relay{
			"haproxy": haproxy, "outer": listensFor(map[string]string{"haproxy/nginx": "tcp/8443"}),
		}, slices.Concat([]string{
			"amqp_event_sources haproxy tcp/5672", "api_event_sources outer tcp/8443", "canopsis haproxy tcp/5432",
		}, onward, []string{"outer haproxy tcp/443", "users outer tcp/8443"})},
		{"a relay before two of the three, on ports of their own", map[string]deployment.Relay{
			"haproxy": haproxy, "outer": listensFor(map[string]string{"haproxy/nginx": "tcp/8443", "haproxy/rabbitmq": "tcp/5671"}),
		}, slices.Concat([]string{
			"amqp_event_sources outer tcp/5671", "api_event_sources outer tcp/8443", "canopsis haproxy tcp/5432",
		}, onward, []string{"outer haproxy tcp/443", "outer haproxy tcp/5672", "users outer tcp/8443"})},
		{"three in a row, by what stands at the end", map[string]deployment.Relay{
			"haproxy": haproxy,
			"middle":  listensFor(map[string]string{"haproxy/rabbitmq": "tcp/5671", "haproxy/nginx": "tcp/1"}),
			"outer":   listensFor(map[string]string{"middle/rabbitmq": "tcp/5670"}),
		}, slices.Concat([]string{
			"amqp_event_sources outer tcp/5670", "api_event_sources middle tcp/1", "canopsis haproxy tcp/5432",
		}, onward, []string{"middle haproxy tcp/443", "middle haproxy tcp/5672", "outer middle tcp/5671", "users middle tcp/1"})},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			slices.Sort(test.want)
			wantLines(t, through(deploy(t, "22.10", deployment.Choices{Relays: test.relays})), test.want...)
		})
	}
}

// The short form says the same as listeners.
func TestSemantics34BothFormsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		short deployment.Relay
		long  map[string][]string
	}{
		{deployment.Relay{InFrontOf: []string{"nginx"}, Ports: []string{"tcp/80", "tcp/443"}}, map[string][]string{"nginx": {"tcp/443", "tcp/80"}}},
		{deployment.Relay{InFrontOf: []string{"ldap", "nginx"}, Ports: []string{"tcp/443"}}, map[string][]string{"nginx": {"tcp/443"}, "ldap": {"tcp/443"}}},
	} {
		short := deploy(t, "22.10", deployment.Choices{Relays: map[string]deployment.Relay{"lb": test.short}})
		long := deploy(t, "22.10", deployment.Choices{Relays: map[string]deployment.Relay{"lb": {Listeners: test.long}}})
		if text(short) != text(long) {
			t.Errorf("%+v:\n%s\nand %v:\n%s", test.short, text(short), test.long, text(long))
		}
	}
}

func TestSemantics34OnePortForTwoIsSaid(t *testing.T) {
	t.Parallel()
	notices := func(listeners map[string]string) []string {
		var said []string
		for _, n := range deploy(t, "22.10", deployment.Choices{Relays: map[string]deployment.Relay{"lb": listensFor(listeners)}}).Notices {
			said = append(said, n.At.String()+": "+n.Summary+"\n"+n.Text)
		}
		return said
	}
	wantLines(t, notices(map[string]string{"nginx": "tcp/443", "rabbitmq": "tcp/443"}),
		`relays["lb"]: Relay that decides who reaches what`+"\n"+
			`relays["lb"]: the relay listens for several things on one port, so that who connects there for one of them may ask it for another: that is the relay's to decide, no firewall can.`+"\n"+
			`Who reaches such a port without a flow to what stands in parentheses: amqp_event_sources (nginx), api_event_sources (rabbitmq), users (rabbitmq).`+"\n"+
			`To let firewalls decide, give each of them ports of its own under listeners.`)
	wantLines(t, notices(map[string]string{"nginx": "tcp/443", "rabbitmq": "tcp/444"}))
	wantLines(t, notices(map[string]string{"mongodb": "tcp/443", "postgresql": "tcp/443"}))   // whoever reaches one reaches the other anyway
	wantLines(t, notices(map[string]string{"nginx": "tcp/443", "redis_sentinel": "tcp/443"})) // of which the latter is closed
}

// Who may reach an exporter beside a database, or ping its machine, may not ask
// the relay in front of it for the database.
func TestSemantics34RelaysCarryTheComponentAlone(t *testing.T) {
	t.Parallel()
	relays := map[string]deployment.Relay{
		"outer": listensFor(map[string]string{"lb/mongodb": "tcp/27018"}),
		"lb":    listensFor(map[string]string{"mongodb": "tcp/27017", "ldap": "tcp/636", "vault": "tcp/8200"}),
	}
	flow := func(source, destination string, ports ...string) deployment.AdditionalFlow {
		return deployment.AdditionalFlow{Source: source, Destination: destination, Ports: ports}
	}
	before := deployment.Choices{Relays: relays, AdditionalFlows: map[string]deployment.AdditionalFlow{"vault": flow("canopsis", "vault", "tcp/8200")}}
	for _, test := range []struct {
		name  string
		ports map[string][]string
		flow  deployment.AdditionalFlow
		want  []string
	}{
		{"another port", nil, flow("monitoring", "mongodb", "tcp/9216"), []string{"+ monitoring-to-mongodb/tcp-9216 events additional"}},
		{"protocols without ports", nil, flow("monitoring", "mongodb", "icmp/8", "esp"), []string{
			"+ monitoring-to-mongodb/esp events additional", "+ monitoring-to-mongodb/icmp-8 events additional",
		}},
		{"its own port", nil, flow("backup", "mongodb", "component"), []string{"+ backup-to-outer/tcp-27018 events relay"}},
		{"both", nil, flow("backup", "mongodb", "tcp/27017", "tcp/9216", "icmp"), []string{
			"+ backup-to-mongodb/icmp events additional", "+ backup-to-mongodb/tcp-9216 events additional", "+ backup-to-outer/tcp-27018 events relay",
		}},
		{"a port beside what the source reaches through the relay", nil, flow("canopsis", "mongodb", "tcp/9216"), []string{
			"+ canopsis-to-mongodb/tcp-9216 internal published",
		}},
		{"the port that it has here", map[string][]string{"mongodb": {"tcp/9216"}}, flow("monitoring", "mongodb", "tcp/9216"), []string{
			"+ monitoring-to-outer/tcp-27018 events relay",
		}},
		{"a component without ports here", map[string][]string{"mongodb": {"icmp"}}, flow("monitoring", "mongodb", "component"), []string{
			"+ monitoring-to-mongodb/icmp events additional",
		}},
		{"an outside system as a whole", nil, flow("monitoring", "ldap", "tcp/3269"), []string{
			"+ lb-to-ldap-x/tcp-3269 external relay", "+ monitoring-to-lb/tcp-636 events relay",
		}},
		{"an outside system's protocols without ports", nil, flow("monitoring", "ldap", "icmp"), []string{"+ monitoring-to-ldap-x/icmp events additional"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			without, with := before, before
			without.ComponentPorts, with.ComponentPorts = test.ports, test.ports
			with.AdditionalFlows = map[string]deployment.AdditionalFlow{"vault": before.AdditionalFlows["vault"], "x": test.flow}
			wantLines(t, changes(deploy(t, "22.10", without), deploy(t, "22.10", with)), test.want...)
		})
	}
}

func TestSemantics34Refused(t *testing.T) {
	t.Parallel()
	haproxy := listensFor(map[string]string{"nginx": "tcp/443", "rabbitmq": "tcp/5672"})
	for _, test := range []struct {
		name   string
		relays map[string]deployment.Relay
		want   []string
	}{
		{"both forms", map[string]deployment.Relay{"lb": {Listeners: map[string][]string{"nginx": {"tcp/1"}}, InFrontOf: []string{"nginx"}}}, []string{
			lines(`Two forms of a relay: relays["lb"]: listeners stands beside in_front_of or ports, and each says what the relay listens for.`, `Keep listeners, and leave in_front_of and ports out.`),
		}},
		{"both forms, one empty", map[string]deployment.Relay{
			"a": {Listeners: map[string][]string{"nginx": {"tcp/1"}}, InFrontOf: []string{}}, "b": {Listeners: map[string][]string{"nginx": {"tcp/1"}}, Ports: []string{}},
		}, []string{
			lines(`Two forms of a relay: relays["a"]: listeners stands beside in_front_of or ports, and each says what the relay listens for.`, `Keep listeners, and leave in_front_of and ports out.`),
			lines(`Two forms of a relay: relays["b"]: listeners stands beside in_front_of or ports, and each says what the relay listens for.`, `Keep listeners, and leave in_front_of and ports out.`),
		}},
		{"several ports, of an outside system and of what another relay listens for too", map[string]deployment.Relay{
			"lb": {InFrontOf: []string{"ldap", "haproxy/rabbitmq", "package_repositories"}, Ports: []string{"tcp/443", "tcp/636", "tcp/5672"}}, "haproxy": haproxy,
		}, []string{
			lines(`Ports of several destinations in one list: relays["lb"].ports: the relay stands in front of haproxy/rabbitmq, ldap, package_repositories and listens on tcp/443, tcp/636, tcp/5672, and each port would be open to everybody who reaches any of them.`,
				`Say which port is for what, as in listeners = { "haproxy/rabbitmq" = ["tcp/5672"], ldap = ["tcp/636"], package_repositories = ["tcp/443"] }.`),
		}},
		{"empty forms", map[string]deployment.Relay{"a": {Listeners: map[string][]string{}}, "b": {Listeners: map[string][]string{"nginx": {}}}}, []string{
			lines(`Relay in front of nothing: relays["a"].listeners: it is empty, and a relay without a destination opens nothing.`, `Say what the relay listens for, as in listeners = { nginx = ["tcp/443"] }, or leave the relay out.`),
			lines(`Empty list of ports: relays["b"].listeners["nginx"]: the list is empty, and a flow without ports opens nothing.`, `Write at least one port, as in ["tcp/443"]; to leave a component out, name it in exclude.`),
		}},
		{"several ports for several destinations, a range too", map[string]deployment.Relay{
			"lb": {InFrontOf: []string{"nginx", "rabbitmq", "postgresql"}, Ports: []string{"tcp/443", "tcp/5672", "tcp/5432"}},
			"lc": {InFrontOf: []string{"nginx", "ldap"}, Ports: []string{"tcp/1-65535"}},
		}, []string{
			lines(`Ports of several destinations in one list: relays["lb"].ports: the relay stands in front of nginx, postgresql, rabbitmq and listens on tcp/443, tcp/5432, tcp/5672, and each port would be open to everybody who reaches any of them.`,
				`Say which port is for what, as in listeners = { nginx = ["tcp/443"], postgresql = ["tcp/5432"], rabbitmq = ["tcp/5672"] }.`),
			lines(`Ports of several destinations in one list: relays["lc"].ports: the relay stands in front of ldap, nginx and listens on tcp/1-65535, and each port would be open to everybody who reaches any of them.`,
				`Say which port is for what, as in listeners = { ldap = ["tcp/1-65535"], nginx = ["tcp/1-65535"] }.`),
		}},
		{"a bare relay that listens for several things, in both forms", map[string]deployment.Relay{
			"haproxy": haproxy, "a": listensFor(map[string]string{"haproxy": "tcp/1"}), "b": {InFrontOf: []string{"haproxy"}, Ports: []string{"tcp/1"}},
		}, []string{
			lines(`Relay with several listeners: relays["a"].listeners["haproxy"]: "haproxy" listens for several things, and its name alone would open all of them.`, `Allowed: haproxy/nginx, haproxy/rabbitmq.`, `Name one of them, as in listeners = { "haproxy/nginx" = ["tcp/443"] }.`),
			lines(`Relay with several listeners: relays["b"].in_front_of: "haproxy" listens for several things, and its name alone would open all of them.`, `Allowed: haproxy/nginx, haproxy/rabbitmq.`, `Name one of them, as in listeners = { "haproxy/nginx" = ["tcp/443"] }.`),
		}},
		{"what another relay does not listen for, of which the cause is said once", map[string]deployment.Relay{
			"haproxy": listensFor(map[string]string{"nginx": "tcp/443", "rabbitmqq": "tcp/5672"}),
			"outer":   listensFor(map[string]string{"haproxy/rabbitmqq": "tcp/1", "haproxy/redis": "tcp/2"}),
		}, []string{
			lines(`Unknown name: relays["outer"].listeners["haproxy/redis"]: "haproxy/redis" is not what the relay "haproxy" listens for.`, `Allowed: haproxy/nginx.`),
			lines(`Unknown name: relays["haproxy"].listeners["rabbitmqq"]: "rabbitmqq" is not a component, an outside system or a relay.`, `Did you mean "rabbitmq"?`,
				`Allowed: canopsis_api, ldap, mongodb, nginx, package_repositories, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, snmp.`),
		}},
		{"protocols without ports", map[string]deployment.Relay{"lb": listensFor(map[string]string{"nginx": "icmp/8"}), "lc": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/1", "vrrp"}}}, []string{
			lines(`Protocol that no relay listens on: relays["lb"].listeners["nginx"][0]: "icmp/8" has no ports, and a relay listens on ports.`, `Allowed: port specs of tcp, udp and sctp.`, `Write it under additional_flows for what reaches the relay's machines themselves.`),
			lines(`Protocol that no relay listens on: relays["lc"].ports[1]: "vrrp" has no ports, and a relay listens on ports.`, `Allowed: port specs of tcp, udp and sctp.`, `Write it under additional_flows for what reaches the relay's machines themselves.`),
		}},
		{"a circle through what they listen for", map[string]deployment.Relay{
			"a": listensFor(map[string]string{"b/nginx": "tcp/1"}), "b": listensFor(map[string]string{"a/nginx": "tcp/1", "nginx": "tcp/2"}),
		}, []string{
			lines(`Relay in front of itself: relays["a"].listeners: the relays run in a circle: a before b before a.`, `Leave one of them out of what another listens for.`),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, faultsOf(t, "22.10", deployment.Choices{Relays: test.relays}), test.want...)
		})
	}
}

func TestSemantics55NamesOfRelays(t *testing.T) {
	t.Parallel()
	wantLines(t, faultsOf(t, "22.10", deployment.Choices{
		AdditionalFlows: map[string]deployment.AdditionalFlow{"exporter": {Source: "monitoring", Destination: "mongodb", Ports: []string{"tcp/9216"}}},
		Relays: map[string]deployment.Relay{
			"exporter": listensFor(map[string]string{"nginx": "tcp/1"}), "monitoring": listensFor(map[string]string{"nginx": "tcp/1"}),
			"keepalived": listensFor(map[string]string{"nginx": "tcp/1"}), "engine_axe": listensFor(map[string]string{"nginx": "tcp/1"}),
		},
	}),
		lines(`Name already taken: relays["engine_axe"]: "engine_axe" is the name of an endpoint, a component or a service, and rule keys could be read two ways.`, `Give the relay another name, as in "engine_axe_relay".`),
		lines(`Name already taken: relays["exporter"]: "exporter" is the name of an additional flow, and rule keys could be read two ways.`, `Give the relay another name, as in "exporter_relay".`),
		lines(`Name already taken: relays["keepalived"]: "keepalived" is the name of an entry of the catalogue, and rule keys could be read two ways.`, `Give the relay another name, as in "keepalived_relay".`),
	)
}

func TestSemantics39ClusteredRelaysSpeakVRRP(t *testing.T) {
	t.Parallel()
	relays := map[string]deployment.Relay{"lb": listensFor(map[string]string{"nginx": "tcp/443"})}
	wantLines(t, changes(
		deploy(t, "22.10", deployment.Choices{Relays: relays}),
		deploy(t, "22.10", deployment.Choices{Relays: relays, Clusters: []string{"lb", "lb"}}),
	), "+ lb-to-lb-vrrp/vrrp internal cluster")
	idle := listensFor(map[string]string{"redis_sentinel": "tcp/26379", "ldap": "tcp/636"})
	for name, choices := range map[string]deployment.Choices{
		"in front of what is closed or excluded": {Relays: map[string]deployment.Relay{"lb": idle}, Exclude: []string{"ldap"}},
		"behind another that is idle": {
			Relays:  map[string]deployment.Relay{"lb": listensFor(map[string]string{"inner": "tcp/1"}), "inner": listensFor(map[string]string{"nginx": "tcp/1"})},
			Exclude: []string{"nginx"},
		},
	} {
		clustered := choices
		clustered.Clusters = []string{"lb"}
		if said := changes(deploy(t, "22.10", choices), deploy(t, "22.10", clustered)); len(said) > 0 {
			t.Errorf("%s: a relay without flows exchanges %q", name, said)
		}
	}
}

// Clouds carry no multicast, which Keepalived speaks by default: the flow itself
// says what its machines need.
func TestSemantics39ARelaysMachinesNeedUnicast(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", deployment.Choices{
		Relays:   map[string]deployment.Relay{"lb": listensFor(map[string]string{"nginx": "tcp/443"})},
		Clusters: []string{"lb"},
	})
	for f := range d.Matrix.Flows() {
		if d.Matrix.FlowID(f) != "lb-to-lb-vrrp" {
			continue
		}
		if text := f.Description.String(); !strings.Contains(text, "Keepalived needs unicast_peer") {
			t.Errorf("the flow says %q", text)
		}
		return
	}
	t.Error("no VRRP")
}

// A chain of relays is as long as its rules: nothing grows with its square.
func chainOf(length int) map[string]deployment.Relay {
	relays := make(map[string]deployment.Relay, length)
	target := "nginx"
	for i := range length {
		name := fmt.Sprintf("relay_%d", i)
		relays[name] = listensFor(map[string]string{target: "tcp/443"})
		target = name
	}
	return relays
}

func TestSemantics65AChainOfRelays(t *testing.T) {
	t.Parallel()
	const length = 1000
	d := deploy(t, "22.10", deployment.Choices{Relays: chainOf(length)})
	rules := 0
	for _, r := range d.Rules() {
		if strings.HasPrefix(r.Source, "relay_") || strings.HasPrefix(r.Destination, "relay_") {
			rules++
		}
	}
	if want := 2 + (length - 1) + 2; rules != want { // two sources, between relays, Nginx's two ports
		t.Errorf("%d rules; want %d", rules, want)
	}
}
