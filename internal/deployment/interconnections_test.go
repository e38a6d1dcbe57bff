package deployment_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// catalogued is what each entry adds to a corrected 22.10 whose every component
// runs where the page has it, written from the vendor's documentation. An entry
// that refuses to be chosen has the word that its error must hold.
var catalogued = map[string]struct {
	opens   []string
	refused string
	ports   map[string][]string // component_ports that it demands
}{
	"awx":                  {opens: []string{"canopsis-to-awx/tcp-8052 external"}},
	"canopsis_to_canopsis": {refused: "no flow of it"},
	"cas":                  {opens: []string{"canopsis-to-identity_provider/tcp-443 external", "canopsis-to-identity_provider/tcp-80 external"}},
	"centreon_legacy_amqp": {opens: []string{"centreon-to-canopsis-rabbitmq/tcp-5672 events"}},
	"centreon_stream_connector": {opens: []string{
		"centreon-to-canopsis-nginx/tcp-8080 events", "centreon-to-canopsis-nginx/tcp-8443 events",
	}},
	"datametrie": {refused: "no flow of it"},
	"dns": {opens: []string{
		"canopsis-to-dns/tcp-53 external", "canopsis-to-dns/udp-53 external",
		"mongodb-to-dns/tcp-53 external", "mongodb-to-dns/udp-53 external",
		"postgresql-to-dns/tcp-53 external", "postgresql-to-dns/udp-53 external",
		"redis-to-dns/tcp-53 external", "redis-to-dns/udp-53 external",
	}},
	"dynatrace":             {opens: []string{"dynatrace-to-canopsis-nginx/tcp-8080 events", "dynatrace-to-canopsis-nginx/tcp-8443 events"}},
	"elastalert":            {opens: []string{"elastalert-to-canopsis-nginx/tcp-8080 events", "elastalert-to-canopsis-nginx/tcp-8443 events"}},
	"elasticsearch_watcher": {opens: []string{"elasticsearch-to-canopsis-nginx/tcp-8080 events", "elasticsearch-to-canopsis-nginx/tcp-8443 events"}},
	"email_out": {opens: []string{
		"administrators-to-logstash-ssh/tcp-22 administration",
		"canopsis-to-logstash-logstash_http/tcp-31311 internal",
		"logstash-to-smtp_server/tcp-25 external",
	}},
	"email_pop3": {opens: []string{
		"administrators-to-mail_connector-ssh/tcp-22 administration",
		"mail_connector-to-canopsis-rabbitmq/tcp-5672 internal",
		"mail_connector-to-mailbox/tcp-110 external", "mail_connector-to-mailbox/tcp-995 external",
		"mail_connector-to-redis/tcp-6379 internal",
	}},
	"external_enrichment_api": {opens: []string{"canopsis-to-enrichment_api/tcp-443 external", "canopsis-to-enrichment_api/tcp-80 external"}},
	"grafana": {opens: []string{
		"administrators-to-prometheus_connector-ssh/tcp-22 administration",
		"grafana-to-prometheus_connector/tcp-8080 events",
		"prometheus_connector-to-canopsis-rabbitmq/tcp-5672 internal",
	}},
	"icinga2_livestatus": {
		ports: map[string][]string{"icinga2": {"tcp/6557"}},
		opens: []string{
			"administrators-to-icinga2_connector-ssh/tcp-22 administration",
			"icinga2_connector-to-canopsis-rabbitmq/tcp-5672 internal",
			"icinga2_connector-to-icinga2/tcp-6557 external",
		},
	},
	"import_context_graph": {opens: []string{
		"administrators-to-import_context_graph_driver-ssh/tcp-22 administration",
		"import_context_graph_driver-to-canopsis-rabbitmq/tcp-5672 internal",
		"import_context_graph_driver-to-cmdb/tcp-443 external", "import_context_graph_driver-to-cmdb/tcp-80 external",
		"import_context_graph_driver-to-mongodb/tcp-27017 internal",
		"import_context_graph_driver-to-postgresql/tcp-5432 internal",
	}},
	"jenkins":            {opens: []string{"canopsis-to-jenkins/tcp-8083 external"}},
	"junit_upload":       {opens: []string{"ci_servers-to-canopsis-nginx/tcp-8080 events", "ci_servers-to-canopsis-nginx/tcp-8443 events"}},
	"keepalived":         {refused: "VRRP"},
	"kibana":             {opens: []string{"kibana-to-canopsis-nginx/tcp-8080 events", "kibana-to-canopsis-nginx/tcp-8443 events"}},
	"kubernetes_ingress": {refused: `relays = { ingress = { listeners = { nginx = ["tcp/443"] } } }`},
	"ldap":               {}, // the page has it
	"librenms":           {opens: []string{"librenms-to-canopsis-rabbitmq/tcp-5672 events"}},
	"logstash_in": {opens: []string{
		"administrators-to-logstash-ssh/tcp-22 administration",
		"log_sources-to-logstash-logstash_beats/tcp-5044 events",
		"logstash-to-canopsis-rabbitmq/tcp-5672 internal",
	}},
	"logstash_out": {opens: []string{
		"administrators-to-logstash-ssh/tcp-22 administration",
		"canopsis-to-logstash-logstash_http/tcp-31311 internal",
	}},
	"nagios_icinga1_neb": {opens: []string{"nagios-to-canopsis-rabbitmq/tcp-5672 events"}},
	"nfs":                {opens: []string{"canopsis-to-nfs/tcp-2049 external"}},
	"nokia_nsp": {opens: []string{
		"administrators-to-nokia_nsp_connector-ssh/tcp-22 administration",
		"nokia_nsp_connector-to-canopsis-rabbitmq/tcp-5672 internal",
		"nokia_nsp_connector-to-nokia_nsp/tcp-443 external",
	}},
	"ntp": {opens: []string{
		"canopsis-to-ntp/udp-123 external", "mongodb-to-ntp/udp-123 external",
		"postgresql-to-ntp/udp-123 external", "redis-to-ntp/udp-123 external",
	}},
	"oauth2_openid": {opens: []string{"canopsis-to-identity_provider/tcp-443 external", "canopsis-to-identity_provider/tcp-80 external"}},
	"pacemaker":     {}, // inside a host that is one machine
	"patroni_consul": {opens: []string{
		"administrators-to-consul-ssh/tcp-22 administration",
		"postgresql-to-consul/tcp-8500 internal",
	}},
	"patroni_etcd": {opens: []string{
		"administrators-to-etcd-ssh/tcp-22 administration",
		"postgresql-to-etcd/tcp-2379 internal",
	}},
	"prometheus_alertmanager": {opens: []string{
		"administrators-to-prometheus_connector-ssh/tcp-22 administration",
		"alertmanager-to-prometheus_connector/tcp-8080 events",
		"prometheus_connector-to-canopsis-rabbitmq/tcp-5672 internal",
	}},
	"prtg":                {opens: []string{"prtg-to-canopsis-nginx/tcp-8080 events", "prtg-to-canopsis-nginx/tcp-8443 events"}},
	"rundeck":             {opens: []string{"canopsis-to-rundeck/tcp-4440 external"}},
	"rundeck_web":         {opens: []string{"canopsis-to-rundeck/tcp-4440 external"}},
	"saml2":               {opens: []string{"canopsis-to-identity_provider/tcp-443 external", "canopsis-to-identity_provider/tcp-80 external"}},
	"send_event":          {opens: []string{"send_event_hosts-to-canopsis-rabbitmq/tcp-5672 events"}},
	"shinken":             {opens: []string{"shinken-to-canopsis-rabbitmq/tcp-5672 events"}},
	"snmp_trap_connector": {}, // the page has the traps, and the rest is inside the host
	"sql_connector": {
		ports: map[string][]string{"sql_database": {"tcp/1521"}},
		opens: []string{
			"administrators-to-sql_connector-ssh/tcp-22 administration",
			"sql_connector-to-canopsis-rabbitmq/tcp-5672 internal",
			"sql_connector-to-sql_database/tcp-1521 external",
		},
	},
	"syslog":         {refused: "neither receives nor sends"},
	"ticketing":      {opens: []string{"canopsis-to-ticketing_tools/tcp-443 external", "canopsis-to-ticketing_tools/tcp-80 external"}},
	"vtom":           {ports: map[string][]string{"vtom": {"tcp/30080"}}, opens: []string{"canopsis-to-vtom/tcp-30080 external"}},
	"webhooks":       {opens: []string{"canopsis-to-webhook_targets/tcp-443 external", "canopsis-to-webhook_targets/tcp-80 external"}},
	"zabbix_webhook": {opens: []string{"zabbix-to-canopsis-nginx/tcp-8080 events", "zabbix-to-canopsis-nginx/tcp-8443 events"}},
}

func TestCatalogueHasEveryEntry(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, c := range edition.Interconnections() {
		ids = append(ids, c.ID)
	}
	wantLines(t, ids, slices.Sorted(maps.Keys(catalogued))...)
}

func TestInterconnections(t *testing.T) {
	t.Parallel()
	for id, entry := range catalogued {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			choices := deployment.Choices{Corrections: deployment.Apply, Interconnections: []string{id}}
			if entry.refused != "" {
				faults := faultsOf(t, "22.10", choices)
				if len(faults) != 1 || !strings.HasPrefix(faults[0], `Interconnection without flows: interconnections: "`+id+`"`) || !strings.Contains(faults[0], entry.refused) {
					t.Errorf("refused with %q; want one error that says %q", faults, entry.refused)
				}
				return
			}
			if entry.ports != nil {
				faults := faultsOf(t, "22.10", choices)
				for missing := range entry.ports {
					if want := "component_ports = { " + missing + ` = ["tcp/PORT"] }`; len(faults) != 1 || !strings.HasPrefix(faults[0], "Missing ports: ") || !strings.Contains(faults[0], want) {
						t.Errorf("without ports refused with %q; want one error that says %q", faults, want)
					}
				}
				choices.ComponentPorts = entry.ports
			}
			var got []string
			for _, line := range changes(deploy(t, "22.10", deployment.Choices{Corrections: deployment.Apply}), deploy(t, "22.10", choices)) {
				line = strings.TrimSuffix(line, " interconnection")
				line = strings.TrimSuffix(line, " erratum") // administrators reach every host
				got = append(got, strings.TrimPrefix(line, "+ "))
			}
			wantLines(t, got, entry.opens...)
		})
	}
}

// Every edition runs what the entries need.
func TestInterconnectionsOnEveryEdition(t *testing.T) {
	t.Parallel()
	for _, e := range edition.All() {
		t.Run(e.Version, func(t *testing.T) {
			t.Parallel()
			for id, entry := range catalogued {
				if entry.refused != "" {
					continue
				}
				choices := deployment.Choices{Interconnections: []string{id}, ComponentPorts: entry.ports, Options: installedBy(e.Version)}
				_, err := tryDeploy(t, e.Version, choices)
				lacksMetrics := slices.Contains([]string{"4.4", "4.5"}, e.Version) && slices.Contains([]string{"import_context_graph", "patroni_etcd", "patroni_consul"}, id)
				switch {
				case lacksMetrics && (err == nil || !strings.Contains(err.Error(), `needs "postgresql", which does not run in this installation`)):
					t.Errorf("%s: %v; want an error, since %s has no PostgreSQL", id, err, e.Version)
				case !lacksMetrics && err != nil:
					t.Errorf("%s: %v", id, err)
				}
			}
		})
	}
}

// installedBy returns an installation method where the edition's page asks for
// one.
func installedBy(version string) []string {
	switch version {
	case "4.4", "4.5", "4.6", "22.10":
		return nil
	}
	return []string{"packages"}
}

func TestInterconnectionsFollowTheirProcesses(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Interconnections: []string{"awx", "cas", "zabbix_webhook", "rundeck_web", "logstash_in"},
		Placement:        map[string]string{"engines": "engines", "canopsis_api": "api", "nginx": "web", "logstash_beats": "canopsis"},
	}
	for _, corrections := range []deployment.Corrections{deployment.None, deployment.Apply} {
		choices.Corrections = corrections
		var got []string
		for _, line := range openings(deploy(t, "22.10", choices)) {
			if strings.HasSuffix(line, "interconnection") {
				got = append(got, line)
			}
		}
		wantLines(t, got,
			"api-to-identity_provider/tcp-443 external interconnection",
			"api-to-identity_provider/tcp-80 external interconnection",
			"engines-to-awx/tcp-8052 external interconnection",
			"log_sources-to-canopsis-logstash_beats/tcp-5044 events interconnection",
			"web-to-rundeck/tcp-4440 external interconnection",
			"zabbix-to-web-nginx/tcp-8080 events interconnection",
			"zabbix-to-web-nginx/tcp-8443 events interconnection",
		)
	}
}

func TestEveryHostMeansThoseOfPlacementToo(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Interconnections: []string{"ntp", "grafana"},
		Placement:        map[string]string{"mongodb": "data", "redis": "data", "engines": "engines"},
		Exclude:          []string{"postgresql"},
	}
	var got []string
	for f := range deploy(t, "22.10", choices).Matrix.Flows() {
		if f.Component == "ntp" {
			got = append(got, f.Source.String())
		}
	}
	wantLines(t, got, "canopsis", "data", "engines", "prometheus_connector")
}

func TestOtherChoicesKnowWhomAnInterconnectionBrings(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{
		Interconnections: []string{"vtom", "awx", "jenkins", "prometheus_alertmanager", "prometheus_alertmanager"},
		ComponentPorts:   map[string][]string{"vtom": {"tcp/30080"}, "awx": {"tcp/443"}, "prometheus_connector": {"tcp/8081"}},
		AdditionalFlows:  map[string]deployment.AdditionalFlow{"ssh_vtom": {Source: "prometheus_connector", Destination: "vtom", Ports: []string{"tcp/22"}}},
		Placement:        map[string]string{"prometheus_connector": "connectors"},
		Exclude:          []string{"jenkins"},
		Relays:           map[string]deployment.Relay{"web_proxy": {InFrontOf: []string{"awx"}, Ports: []string{"tcp/3128"}}},
	}
	wantLines(t, changes(deploy(t, "22.10", deployment.Choices{}), deploy(t, "22.10", choices)),
		"+ alertmanager-to-connectors-prometheus_connector/tcp-8081 events interconnection",
		"+ canopsis-to-vtom/tcp-30080 external interconnection",
		"+ canopsis-to-web_proxy/tcp-3128 internal relay",
		"+ connectors-to-canopsis-rabbitmq/tcp-5672 internal interconnection",
		"+ connectors-to-vtom-ssh_vtom/tcp-22 external additional",
		"+ web_proxy-to-awx/tcp-443 external relay",
	)
}

func TestPacemakerBetweenTheMachinesOfTheApplication(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{Clusters: []string{"canopsis"}, Exclude: []string{"rabbitmq"}}
	with := choices
	with.Interconnections = []string{"pacemaker"}
	wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", with)),
		"+ canopsis-to-canopsis-pacemaker/tcp-2224 internal interconnection",
		"+ canopsis-to-canopsis-pacemaker/udp-5404-5405 internal interconnection",
	)
}

func TestInterconnectionsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		choices deployment.Choices
		want    []string // beginnings
	}{
		{
			"misspelt", deployment.Choices{Interconnections: []string{"zabix_webhook", ""}},
			[]string{
				"Unknown name: interconnections: \"\" is not an interconnection of the catalogue.\nAllowed: awx, ",
				"Unknown name: interconnections: \"zabix_webhook\" is not an interconnection of the catalogue.\nDid you mean \"zabbix_webhook\"?\nAllowed: awx, ",
			},
		},
		{
			"ports of what nobody chose", deployment.Choices{ComponentPorts: map[string][]string{"rundeck": {"tcp/443"}}},
			[]string{"Unknown name: component_ports[\"rundeck\"]: \"rundeck\" is not a component, a service or an outside system of this edition.\nAllowed: canopsis_api, " +
				"https, ldap, mongodb, nginx, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, snmp, ssh.\nThe catalogue has it: write interconnections = [\"rundeck\"] too."},
		},
		{
			"placement of what nobody chose", deployment.Choices{Placement: map[string]string{"logstash_http": "canopsis"}},
			[]string{"Unknown name: placement[\"logstash_http\"]: \"logstash_http\" is not a component or a host of this edition.\nAllowed: "},
		},
		{
			"a host named like whom it brings", deployment.Choices{Interconnections: []string{"zabbix_webhook"}, Placement: map[string]string{"mongodb": "zabbix"}},
			[]string{"Not a component or a host: placement[\"mongodb\"]: \"zabbix\" is an actor"},
		},
		{
			"a relay named like whom it brings", deployment.Choices{
				Interconnections: []string{"awx"},
				Relays:           map[string]deployment.Relay{"awx": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}}},
			},
			[]string{"Name already taken: relays[\"awx\"]: "},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			faults := faultsOf(t, "22.10", test.choices)
			if !slices.EqualFunc(faults, test.want, strings.HasPrefix) {
				t.Errorf("got:\n  %s\nwant beginnings:\n  %s", strings.Join(faults, "\n  "), strings.Join(test.want, "\n  "))
			}
		})
	}
}
