package deployment_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestSemantics35ComponentOfAnAdditionalFlow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		key       string
		flow      deployment.AdditionalFlow
		placement map[string]string
		want      []string
	}{
		{"a service, though the destination is a component", "ssh", deployment.AdditionalFlow{Source: "backup", Destination: "mongodb", Ports: []string{"component"}}, nil,
			[]string{"+ backup-to-mongodb-ssh/tcp-22 events additional"}},
		{"a service with other ports", "ssh", deployment.AdditionalFlow{Source: "backup", Destination: "mongodb", Ports: []string{"tcp/2222"}}, nil,
			[]string{"+ backup-to-mongodb-ssh/tcp-2222 events additional"}},
		{"a component that runs on the destination's host", "nginx", deployment.AdditionalFlow{Source: "probes", Destination: "canopsis", Ports: []string{"component"}}, nil,
			[]string{"+ probes-to-canopsis-nginx/tcp-8080 events additional", "+ probes-to-canopsis-nginx/tcp-8443 events additional"}},
		{"the same, and the destination a component there", "nginx", deployment.AdditionalFlow{Source: "probes", Destination: "rabbitmq", Ports: []string{"tcp/1"}}, nil,
			[]string{"+ probes-to-canopsis-nginx/tcp-1 events additional"}},
		{"where placement has put both", "nginx", deployment.AdditionalFlow{Source: "probes", Destination: "rabbitmq", Ports: []string{"tcp/1"}},
			map[string]string{"nginx": "front", "rabbitmq": "front"}, []string{"+ probes-to-front-nginx/tcp-1 events additional"}},
		{"else the destination", "exporter", deployment.AdditionalFlow{Source: "probes", Destination: "mongodb", Ports: []string{"tcp/9216"}}, nil,
			[]string{"+ probes-to-mongodb/tcp-9216 events additional"}},
		{"an outside system's ports", "ldap", deployment.AdditionalFlow{Source: "mongodb", Destination: "ldap", Ports: []string{"component"}}, nil,
			[]string{"+ mongodb-to-ldap/tcp-389 external additional", "+ mongodb-to-ldap/tcp-636 external additional"}},
		{"an engine is where the engines are", "debug", deployment.AdditionalFlow{Source: "probes", Destination: "engine_axe", Ports: []string{"tcp/6060"}}, nil,
			[]string{"+ probes-to-canopsis-engine_axe/tcp-6060 events additional"}},
		{"protocols without ports", "peers", deployment.AdditionalFlow{Source: "canopsis", Destination: "mongodb", Ports: []string{"icmp/8", "icmp", "esp", "ip/253", "sctp/1"}}, nil,
			[]string{"+ canopsis-to-mongodb/esp internal published", "+ canopsis-to-mongodb/icmp internal published", "+ canopsis-to-mongodb/ip-253 internal published", "+ canopsis-to-mongodb/sctp-1 internal published"}},
		{"from a component to itself", "nginx", deployment.AdditionalFlow{Source: "nginx", Destination: "nginx", Ports: []string{"tcp/1"}}, nil,
			[]string{"+ canopsis-to-canopsis-nginx/tcp-1 internal additional"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := placed(test.placement)
			after := before
			after.AdditionalFlows = map[string]deployment.AdditionalFlow{test.key: test.flow}
			wantLines(t, changes(deploy(t, "22.10", before), deploy(t, "22.10", after)), test.want...)
		})
	}
}

func TestSemantics35Refused(t *testing.T) {
	t.Parallel()
	wantLines(t, faultsOf(t, "22.10", additional(map[string]deployment.AdditionalFlow{
		"nginx":          {Source: "probes", Destination: "mongodb", Ports: []string{"tcp/1"}},
		"redis_sentinel": {Source: "probes", Destination: "canopsis", Ports: []string{"tcp/1"}},
		"mixed":          {Source: "probes", Destination: "mongodb", Ports: []string{"tcp/1", "component"}},
		"nothing":        {Source: "probes", Destination: "mongodb"},
		"ldap":           {Source: "probes", Destination: "canopsis", Ports: []string{"component"}},
		"archive":        {Source: "canopsis", Destination: "vault", Ports: []string{"tcp/1"}},
		"older":          {Source: "canopsis", Destination: "archive", Ports: []string{"tcp/1"}},
		"misspelt":       {Source: "probes", Destination: "mongodb", Ports: []string{"Components"}},
		"canopsis":       {Source: "canopsis", Destination: "backup", Ports: []string{"tcp/1"}},
		"users":          {Source: "users", Destination: "canopsis", Ports: []string{"tcp/1"}},
	})),
		lines(`Name of another outside system: additional_flows["archive"]: "archive" is an outside system, and the flow leads to "vault": what is said of the one, as relays, exclude and component_ports do, would be said of the other.`, `Write destination = "archive" for a flow to this system, or give the flow a name of its own.`),
		lines(`Name of another outside system: additional_flows["ldap"]: "ldap" is an outside system, and the flow leads to "canopsis": what is said of the one, as relays, exclude and component_ports do, would be said of the other.`, `Write destination = "ldap" for a flow to this system, or give the flow a name of its own.`),
		lines(`Invalid port: additional_flows["misspelt"].ports[0]: "Components" is not a port.`, `Did you mean "component"?`, `Allowed: `+matrix.PortForm+`; or component, alone.`),
		lines(`Ports beside those of the component: additional_flows["mixed"].ports: "component" stands beside other ports.`, `Write ports = ["component"] alone for the ports on which the component listens, or all ports one by one.`),
		lines(`Component of another host: additional_flows["nginx"]: "nginx" runs on "canopsis", and the flow leads to "mongodb".`, `Write destination = "nginx" for a flow to this component, or give the flow a name of its own.`),
		lines(`Empty list of ports: additional_flows["nothing"].ports: the list is empty, and a flow without ports opens nothing.`, `Write at least one port, as in ["tcp/443"]; to leave a component out, name it in exclude.`),
		lines(`Closed component: additional_flows["redis_sentinel"]: "redis_sentinel" does not run here: it is an option that is not open.`, `Open it with options = ["redis_sentinel"], or name another end.`),
	)
}

func TestSemantics53HostsHaveEveryHostThatARuleNames(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", placed(map[string]string{"engines": "app", "canopsis_api": "app", "nginx": "app", "rabbitmq": "app", "snmp": "app"}))
	wantLines(t, hostLines(d),
		"app: canopsis_api engines nginx rabbitmq rabbitmq_ui snmp", "canopsis: ", "mongodb: mongodb", "postgresql: postgresql", "redis: redis")
}

func TestSemantics54APlacedComponentTakesItsRowsAlong(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{Options: []string{"packages"}, Placement: map[string]string{"rabbitmq": "bus", "nginx": "front"}}
	before := deploy(t, "24.10", with("packages"))
	wantLines(t, changes(before, deploy(t, "24.10", choices)),
		"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
		"- administrators-to-rabbitmq-ssh/tcp-22 administration published",
		"- amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events published",
		"- api_event_sources-to-canopsis-nginx/tcp-8080 events published",
		"- api_event_sources-to-canopsis-nginx/tcp-8443 events published",
		"- canopsis-to-rabbitmq/tcp-5672 internal published",
		"- users-to-canopsis-nginx/tcp-8080 user_access published",
		"- users-to-canopsis-nginx/tcp-8443 user_access published",
		"+ administrators-to-bus-rabbitmq_ui/tcp-15672 administration published",
		"+ administrators-to-bus-ssh/tcp-22 administration published",
		"+ amqp_event_sources-to-bus-rabbitmq/tcp-5672 events published",
		"+ api_event_sources-to-front-nginx/tcp-8080 events published",
		"+ api_event_sources-to-front-nginx/tcp-8443 events published",
		"+ canopsis-to-bus-rabbitmq/tcp-5672 internal published",
		"+ users-to-front-nginx/tcp-8080 user_access published",
		"+ users-to-front-nginx/tcp-8443 user_access published",
	)
	alone := deployment.Choices{Options: []string{"packages"}, Placement: map[string]string{"rabbitmq_ui": "watch"}}
	wantLines(t, changes(before, deploy(t, "24.10", alone)),
		"- administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration published",
		"+ administrators-to-watch-rabbitmq_ui/tcp-15672 administration published",
	)
}

func TestSemantics55AFlowInsideOneHostIsSaid(t *testing.T) {
	t.Parallel()
	choices := additional(map[string]deployment.AdditionalFlow{
		"health": {Source: "nginx", Destination: "canopsis", Ports: []string{"tcp/1"}},
		"other":  {Source: "nginx", Destination: "mongodb", Ports: []string{"tcp/1"}},
		"self":   {Source: "canopsis", Destination: "canopsis", Ports: []string{"tcp/2"}},
	})
	said := func(choices deployment.Choices) []string {
		var lines []string
		for _, n := range deploy(t, "22.10", choices).Notices {
			lines = append(lines, n.At.String()+": "+n.Summary+"\n"+n.Text)
		}
		return lines
	}
	wantLines(t, said(choices), `additional_flows["health"]: Additional flow inside one host`+"\n"+
		`additional_flows["health"]: "nginx" and "canopsis" are on one host here, "canopsis", and what stays inside it meets no firewall: the flow opens nothing.`+"\n"+
		`Leave it out, or write clusters = ["canopsis"] if that host is several machines.`)
	choices.Clusters = []string{"canopsis"}
	wantLines(t, said(choices))
}

func TestSemantics62EnginesOneByOne(t *testing.T) {
	t.Parallel()
	exclude := []string{"administration", "events", "users", "postgresql", "valkey"}
	choices := corrected(deployment.Choices{Options: []string{"docker"}, Exclude: exclude})
	before := deploy(t, "25.10", choices)
	t.Run("one apart takes along what it alone opens", func(t *testing.T) {
		t.Parallel()
		apart := choices
		apart.Placement = map[string]string{"engine_webhook": "out"}
		d := deploy(t, "25.10", apart)
		wantLines(t, changes(before, d),
			"- canopsis-to-ticketing_tools/tcp-443 external published", "- canopsis-to-ticketing_tools/tcp-80 external published",
			"- canopsis-to-webhook_targets/tcp-443 external published", "- canopsis-to-webhook_targets/tcp-80 external published",
			"+ out-to-mongodb/tcp-27017 internal erratum", "+ out-to-package_repositories-https/tcp-443 installation erratum", "+ out-to-rabbitmq/tcp-5672 internal erratum",
			"+ out-to-ticketing_tools/tcp-443 external erratum", "+ out-to-ticketing_tools/tcp-80 external erratum",
			"+ out-to-webhook_targets/tcp-443 external erratum", "+ out-to-webhook_targets/tcp-80 external erratum",
		)
		wantLines(t, hostLines(d)[:1], "canopsis: canopsis_api engines nginx")
	})
	t.Run("all apart leave nothing", func(t *testing.T) {
		t.Parallel()
		all := choices
		all.Placement = make(map[string]string)
		for _, engine := range strings.Fields("action axe che correlation dynamic_infos fifo pbehavior remediation snmp webhook") {
			all.Placement["engine_"+engine] = "work"
		}
		together := choices
		together.Placement = map[string]string{"engines": "work"}
		wantLines(t, changes(deploy(t, "25.10", together), deploy(t, "25.10", all)))
	})
	t.Run("where the others are it changes nothing", func(t *testing.T) {
		t.Parallel()
		same := choices
		same.Placement = map[string]string{"engine_che": "canopsis"}
		wantLines(t, changes(before, deploy(t, "25.10", same)))
	})
	t.Run("an interconnection starts at the engine that opens it", func(t *testing.T) {
		t.Parallel()
		apart := deployment.Choices{Interconnections: []string{"awx", "external_enrichment_api"}, Placement: map[string]string{"engine_remediation": "jobs", "engines": "work"}}
		var got []string
		for _, line := range openings(deploy(t, "22.10", apart)) {
			if strings.HasSuffix(line, " interconnection") {
				got = append(got, line)
			}
		}
		wantLines(t, got, "jobs-to-awx/tcp-8052 external interconnection",
			"work-to-enrichment_api/tcp-443 external interconnection", "work-to-enrichment_api/tcp-80 external interconnection")
	})
}

func TestSemantics63CloudServices(t *testing.T) {
	t.Parallel()
	choices := corrected(deployment.Choices{
		Interconnections: []string{"dns", "ntp"},
		Placement:        map[string]string{"postgresql": "db", "snmp": "db"},
	})
	cloud := choices
	cloud.CloudServices = []string{"db"}
	before := deploy(t, "22.10", choices)
	wantLines(t, changes(before, deploy(t, "22.10", cloud)),
		"- administrators-to-db-ssh/tcp-22 administration erratum",
		"- db-to-dns/tcp-53 external interconnection",
		"- db-to-dns/udp-53 external interconnection",
		"- db-to-ntp/udp-123 external interconnection",
		"- db-to-package_repositories-https/tcp-443 installation erratum",
	)
	wantLines(t, hostLines(deploy(t, "22.10", cloud)), hostLines(before)...)
	t.Run("the user's own SSH stays, with its own ports", func(t *testing.T) {
		t.Parallel()
		own := cloud
		own.AdditionalFlows = map[string]deployment.AdditionalFlow{"ssh": {Source: "administrators", Destination: "db", Ports: []string{"tcp/2222"}}}
		wantLines(t, changes(deploy(t, "22.10", cloud), deploy(t, "22.10", own)), "+ administrators-to-db-ssh/tcp-2222 administration additional")
	})
	t.Run("closed, unknown, a component, a cluster", func(t *testing.T) {
		t.Parallel()
		deploy(t, "22.10", deployment.Choices{CloudServices: []string{"redis_sentinel"}})
		wantLines(t, faultsOf(t, "22.10", deployment.Choices{CloudServices: []string{"rds", "nginx", "mongodb"}, Clusters: []string{"mongodb"}}),
			lines(`Cluster that a cloud runs: cloud_services: "mongodb" stands in clusters too, and members of a cloud's service open nothing to each other that you could filter.`, `Leave it out of clusters, or out of cloud_services where its machines are yours.`),
			lines(`Unknown name: cloud_services: "nginx" is not a host of this installation.`, `Allowed: canopsis, mongodb, postgresql, redis.`, `"nginx" runs on "canopsis": name that host if a cloud runs it.`),
			lines(`Unknown name: cloud_services: "rds" is not a host of this installation.`, `Did you mean "redis"?`, `Allowed: canopsis, mongodb, postgresql, redis.`),
		)
	})
}

// A new component of the user's own that placement names runs on a machine of
// theirs.
func TestSemantics20OwnMachines(t *testing.T) {
	t.Parallel()
	choices := corrected(deployment.Choices{
		Interconnections: []string{"ntp"},
		Placement:        map[string]string{"nas": "nas"},
		AdditionalFlows: map[string]deployment.AdditionalFlow{
			"nas":      {Source: "canopsis", Destination: "nas", Ports: []string{"tcp/873"}},
			"snapshot": {Source: "nas", Destination: "mirror", Ports: []string{"tcp/22"}},
		},
	})
	without := corrected(deployment.Choices{Interconnections: []string{"ntp"}})
	d := deploy(t, "22.10", choices)
	wantLines(t, changes(deploy(t, "22.10", without), d),
		"+ administrators-to-nas-ssh/tcp-22 administration erratum",
		"+ canopsis-to-nas/tcp-873 internal additional",
		"+ nas-to-mirror-snapshot/tcp-22 external additional",
		"+ nas-to-ntp/udp-123 external interconnection",
	)
	if hosts := d.Hosts(); !slices.Equal(hosts["nas"], []string{"nas"}) {
		t.Errorf("nas runs %q", hosts["nas"])
	}
	if e, _ := d.Matrix.Endpoint("nas"); e.Kind != matrix.Host {
		t.Errorf("nas is %s", e.Kind)
	}
}

func TestSemantics64EntriesThatReachTheAPI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release string
		options []string
		want    []string
	}{
		{"22.10", nil, []string{"zabbix-to-canopsis-nginx/tcp-8080", "zabbix-to-canopsis-nginx/tcp-8443"}},
		{"22.10", []string{"canopsis_api"}, []string{"zabbix-to-canopsis-canopsis_api/tcp-8082"}},
		{"22.10", []string{"canopsis_api", "nginx"}, []string{"zabbix-to-canopsis-canopsis_api/tcp-8082", "zabbix-to-canopsis-nginx/tcp-8080", "zabbix-to-canopsis-nginx/tcp-8443"}},
		{"24.10", []string{"docker"}, []string{"zabbix-to-canopsis-nginx/tcp-443", "zabbix-to-canopsis-nginx/tcp-80"}},
		{"25.10", []string{"docker"}, []string{"zabbix-to-canopsis-canopsis_api/tcp-8082", "zabbix-to-canopsis-nginx/tcp-443"}},
	} {
		var got []string
		for _, r := range deploy(t, test.release, deployment.Choices{Options: test.options, Interconnections: []string{"zabbix_webhook"}}).Rules() {
			if r.Source == "zabbix" {
				got = append(got, r.Key())
			}
		}
		slices.Sort(got)
		wantLines(t, got, test.want...)
	}
}

// What is wrong is said at once, at most twenty, and one fault hides no other.
func TestSemantics66EveryRefusalAtOnce(t *testing.T) {
	t.Parallel()
	everyWrong := deployment.Choices{
		Options:          []string{"sentinel"},
		ComponentPorts:   map[string][]string{"nginx": {"8443"}},
		Interconnections: []string{"zabbix"},
		AdditionalFlows:  map[string]deployment.AdditionalFlow{"x": {Source: "probes", Destination: "mongodb"}},
		Placement:        map[string]string{"mongo": "data"},
		CloudServices:    []string{"rds"},
		Clusters:         []string{"mongo"},
		Exclude:          []string{"ldpa"},
		Relays:           map[string]deployment.Relay{"lb": listensFor(map[string]string{"ngnix": "tcp/1"})},
	}
	var arguments []string
	for _, fault := range faultsOf(t, "24.10", everyWrong) {
		_, at, _ := strings.Cut(fault, ": ")
		argument, _, _ := strings.Cut(strings.ReplaceAll(at, "[", ":"), ":")
		arguments = append(arguments, argument)
	}
	wantLines(t, arguments,
		"interconnections", "options", "options", "component_ports", "additional_flows", "placement", "cloud_services", "clusters", "exclude", "relays")
	many := deployment.Choices{Placement: make(map[string]string)}
	for i := range 1000 {
		many.Placement[fmt.Sprintf("wrong_%d", i)] = "data"
	}
	faults := faultsOf(t, "22.10", many)
	if len(faults) != 21 || !strings.Contains(faults[20], "980 more errors are not shown") {
		t.Errorf("%d faults, the last: %s", len(faults), faults[len(faults)-1])
	}
}

// An erratum names the flows that change once it is applied, those that go and
// those of relays among them, and no others; and every flow that changes is named.
func TestErrataNameWhatChanges(t *testing.T) {
	t.Parallel()
	m := embedded(t, "22.10")
	rapid.Check(t, func(t *rapid.T) {
		choices := drawChoices(t)
		for _, engine := range []string{"engine_webhook", "engine_che"} {
			if rapid.IntRange(0, 3).Draw(t, engine) == 0 {
				choices.Placement[engine] = "data"
			}
		}
		choices.Corrections = deployment.None
		published := accepted(t, m, choices)
		choices.Corrections = deployment.Apply
		applied := accepted(t, m, choices)
		for _, d := range []*deployment.Deployment{published, applied} {
			named := make(map[string]bool)
			for _, finding := range d.Errata {
				for _, id := range finding.Flows {
					named[id] = named[id] || !finding.IsReported()
				}
			}
			differ := make(map[string]bool)
			before, after := portsByFlow(published), portsByFlow(applied)
			for _, id := range slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after))) {
				if before[id] != after[id] {
					differ[id] = true
				}
			}
			for id := range differ {
				if !named[id] {
					t.Fatalf("%s: %q and %q, and no erratum names it", id, before[id], after[id])
				}
			}
			for id, applies := range named {
				if applies && !differ[id] {
					t.Fatalf("%s does not change, and an erratum names it", id)
				}
			}
		}
	})
}

func portsByFlow(d *deployment.Deployment) map[string]string {
	ports := make(map[string]string)
	for f := range d.Matrix.Flows() {
		ports[d.Matrix.FlowID(f)] = f.Ports.String()
	}
	return ports
}

// A conflict of purposes names the flow as the deployment would have it.
func TestConflictsNameTheFlowAfterPlacement(t *testing.T) {
	t.Parallel()
	choices := additional(map[string]deployment.AdditionalFlow{
		"portal": {Source: "users", Destination: "nginx", Ports: []string{"tcp/1"}, Purpose: "events"},
	})
	choices.Placement = map[string]string{"nginx": "front"}
	wantLines(t, faultsOf(t, "22.10", choices),
		lines(`Two purposes of one flow: additional_flows["portal"].purpose: two flows become users-to-front-nginx with different purposes: `+
			`"user_access" (published: Web interface and API) and "events" (additional).`,
			"Leave purpose out: then the flow's ends decide, as they do for the other one."))
}
