package edition

import "github.com/canopsis/terraform-provider-canopsis/internal/matrix"

// Parties that several entries share, and short ways to write one.
var (
	identityProvider = outside("identity_provider", "Provider CAS/SAML/OAUTH2/OPENID", "tcp/80", "tcp/443")

	prometheusConnector = connector("prometheus_connector", "Prometheus connector", "tcp/8080")

	// One Logstash can do both, so both run on one host until they are placed.
	logstashBeats = Party{
		ID: "logstash_beats", Name: "Logstash, beats input", Kind: matrix.Host, Host: "logstash",
		Ports: matrix.MustPorts("tcp/5044"), Sample: true,
	}
	logstashHTTP = Party{
		ID: "logstash_http", Name: "Logstash, HTTP input", Kind: matrix.Host, Host: "logstash",
		Ports: matrix.MustPorts("tcp/31311"), Sample: true,
	}
)

// actor is a system that connects to Canopsis.
func actor(id, name string) Party { return Party{ID: id, Name: name, Kind: matrix.Actor} }

// outside is a system that Canopsis connects to.
func outside(id, name string, ports ...string) Party {
	return Party{ID: id, Name: name, Kind: matrix.External, Ports: matrix.MustPorts(ports...)}
}

// sampled is a system that Canopsis connects to on ports that the documentation
// shows in an example.
func sampled(id, name string, ports ...string) Party {
	p := outside(id, name, ports...)
	p.Sample = true
	return p
}

// unspecified is a system that Canopsis connects to on ports that no document
// gives.
func unspecified(id, name, hint string) Party {
	return Party{ID: id, Name: name, Kind: matrix.External, PortsHint: hint}
}

// connector is a component on a host of its own until it is placed. Without
// ports it only connects.
func connector(id, name string, ports ...string) Party {
	return Party{ID: id, Name: name, Kind: matrix.Host, Ports: matrix.MustPorts(ports...)}
}

const (
	publishes = "Events published on the message bus"
	sendsHTTP = "Events sent to the API"
	viaAPI    = "It calls what the installation's own event sources of the API call: Nginx, or the API directly where options says so. " +
		"To reach the API directly where the page offers no option for it, from 23.04 on, write a flow to canopsis_api under additional_flows."
)

// catalogue is sorted by id. Paths are those of the vendor's documentation in
// release 24.10 where no other is named.
var catalogue = []Interconnection{
	{
		ID: "awx", Name: "AWX", Pro: true,
		Parties:    []Party{sampled("awx", "AWX", "tcp/8052")},
		Links:      []Link{{From: "engines", To: "awx", Via: "engine-remediation", Description: "Remediation jobs"}},
		Evidence:   "remediation/img/remediation_awx4.png, an example with port 8052",
		Confidence: VendorFile,
	},
	{
		ID: "canopsis_to_canopsis", Name: "Canopsis to Canopsis", Pro: true,
		Evidence:   "interconnexions/index.md:46-47 names it",
		Confidence: UpstreamDefault,
		Instead:    "The documentation names this connector and no flow of it: ask the vendor, and write what it needs under additional_flows",
	},
	{
		ID: "cas", Name: "CAS",
		Parties:    []Party{identityProvider},
		Links:      []Link{{From: "canopsis_api", To: "identity_provider", Description: "Validation of CAS tickets"}},
		Evidence:   "methodes-authentification-avancees.md:131-145",
		Confidence: VendorFile,
		Note:       "Users' browsers open the provider's login page, which is no flow of Canopsis's machines.",
	},
	{
		ID: "centreon_legacy_amqp", Name: "Centreon broker module (obsolete)",
		Parties:    []Party{actor("centreon", "Centreon")},
		Links:      []Link{{From: "centreon", To: "rabbitmq", Description: publishes}},
		Evidence:   "interconnexions/Supervision/Centreon.md:21 in release 4.3",
		Confidence: VendorFile,
		Note:       "The stream connector took its place: centreon_stream_connector.",
	},
	{
		ID: "centreon_stream_connector", Name: "Centreon stream connector",
		Parties:    []Party{actor("centreon", "Centreon")},
		Links:      []Link{{From: "centreon", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "Centreon's documentation of sc-canopsis-events: HTTPS, 443 by default",
		Confidence: VendorFile,
		Note:       "The central server, remote servers or pollers connect. " + viaAPI,
	},
	{
		ID: "datametrie", Name: "Datametrie", Pro: true,
		Evidence:   "interconnexions/index.md:46-47 names it",
		Confidence: UpstreamDefault,
		Instead:    "The documentation names this connector and no flow of it: ask the vendor, and write what it needs under additional_flows",
	},
	{
		ID: "dns", Name: "Name servers",
		Parties:    []Party{outside("dns", "Name servers", "tcp/53", "udp/53")},
		Links:      []Link{{From: EveryHost, To: "dns", Description: "Name resolution"}},
		Evidence:   "RFC 1035 and RFC 7766; no edition of the page has a row for it",
		Confidence: UpstreamDefault,
		Note:       "Needed where egress is closed. AWS filters neither its own resolver nor its time service.",
	},
	{
		ID: "dynatrace", Name: "Dynatrace",
		Parties:    []Party{actor("dynatrace", "Dynatrace")},
		Links:      []Link{{From: "dynatrace", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Supervision/Dynatrace.md shows an HTTPS address of Canopsis without a port",
		Confidence: VendorExample,
		Note:       viaAPI,
	},
	{
		ID: "elastalert", Name: "ElastAlert",
		Parties:    []Party{actor("elastalert", "ElastAlert")},
		Links:      []Link{{From: "elastalert", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Base-de-donnees/Elasticsearch.md:58,80-82,119,212: api:8082",
		Confidence: VendorFile,
		Note:       viaAPI,
	},
	{
		ID: "elasticsearch_watcher", Name: "Elasticsearch Watcher",
		Parties:    []Party{actor("elasticsearch", "Elasticsearch")},
		Links:      []Link{{From: "elasticsearch", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Base-de-donnees/Elasticsearch.md:58,80-82,119,212: api:8082",
		Confidence: VendorFile,
		Note:       "Elasticsearch's own port 9200 is needed to set the watcher up, not by Canopsis. " + viaAPI,
	},
	{
		ID: "email_out", Name: "E-mail notifications", Pro: true,
		Parties: []Party{logstashHTTP, outside("smtp_server", "Mail server", "tcp/25")},
		Links: []Link{
			{From: "engines", To: "logstash_http", Via: "engine-webhook", Description: "Notifications for Logstash, which mails them"},
			{From: "logstash_http", To: "smtp_server", Description: "Notifications by mail"},
		},
		Evidence:   "cas-d-usage/notifications.md:67-69,139-171,228-239: Logstash's HTTP input on 31311 in an example, SMTP on 25",
		Confidence: VendorFile,
		Note:       "Canopsis has no SMTP client of its own: Logstash sends the mail. The HTTP input's own default is 8080.",
	},
	{
		ID: "email_pop3", Name: "Mail connector", Pro: true,
		Parties: []Party{
			connector("mail_connector", "Mail connector"),
			outside("mailbox", "Mailbox (POP3)", "tcp/110", "tcp/995"),
		},
		Links: []Link{
			{From: "mail_connector", To: "mailbox", Description: "Mail fetched by POP3, plain or over TLS"},
			{From: "mail_connector", To: "rabbitmq", Description: publishes},
			{From: "mail_connector", To: "redis", Optional: true, Description: "State of the mail connector, where it keeps it there"},
			{From: "mail_connector", To: "valkey", Optional: true, Description: "State of the mail connector, where it keeps it there"},
		},
		Evidence:   "interconnexions/Transport/Mail.md:19-31,276",
		Confidence: VendorFile,
		Note:       `POP3 over TLS alone: component_ports = { mailbox = ["tcp/995"] }.`,
	},
	{
		ID: "external_enrichment_api", Name: "Outside API that enriches events",
		Parties:    []Party{outside("enrichment_api", "Enrichment API", "tcp/80", "tcp/443")},
		Links:      []Link{{From: "engines", To: "enrichment_api", Via: "engine-che", Description: "Data that enriches events"}},
		Evidence:   "menu-exploitation/filtres-evenements.md:171-180: any address, by HTTP or HTTPS",
		Confidence: VendorFile,
		Note:       "The address is free, and an example of the documentation has port 5000: set component_ports where yours is not HTTP's or HTTPS's.",
	},
	{
		ID: "grafana", Name: "Grafana",
		Parties: []Party{actor("grafana", "Grafana"), prometheusConnector},
		Links: []Link{
			{From: "grafana", To: "prometheus_connector", Description: "Alerts for the Prometheus connector"},
			{From: "prometheus_connector", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Supervision/Grafana.md",
		Confidence: VendorFile,
		Note:       "Grafana may hand its alerts to Alertmanager instead: then choose prometheus_alertmanager.",
	},
	{
		ID: "icinga2_livestatus", Name: "Icinga 2 by Livestatus",
		Parties: []Party{
			connector("icinga2_connector", "livestatus2canopsis"),
			unspecified("icinga2", "Icinga 2", "Livestatus over TCP often has port 6557, which is not the vendor's word"),
		},
		Links: []Link{
			{From: "icinga2_connector", To: "icinga2", Description: "States read by Livestatus"},
			{From: "icinga2_connector", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Supervision/Icinga2.md:50-60,124-133, which gives no port and leaves open who connects",
		Confidence: VendorExample,
		Note:       "The connector is taken to read from Icinga 2, as Livestatus is meant to be used.",
	},
	{
		ID: "import_context_graph", Name: "Drivers (import-context-graph)", Pro: true,
		Parties: []Party{
			connector("import_context_graph_driver", "import-context-graph driver"),
			outside("cmdb", "Reference data", "tcp/80", "tcp/443"),
		},
		Links: []Link{
			{From: "import_context_graph_driver", To: "cmdb", Description: "Reference data fetched by HTTP or HTTPS"},
			{From: "import_context_graph_driver", To: "mongodb", Description: "Imported entities"},
			{From: "import_context_graph_driver", To: "rabbitmq", Description: "Events about imported entities"},
			{From: "import_context_graph_driver", To: "postgresql", Description: "Metrics about imported entities"},
		},
		Evidence:   "drivers/driver-api.md:56-69,325-327",
		Confidence: VendorFile,
		Note:       "The page of 25.10 has drivers call the API on 8082 and 443 instead (from cmdb_drivers); the driver's own variables name the three backends.",
	},
	{
		ID: "jenkins", Name: "Jenkins", Pro: true,
		Parties:    []Party{sampled("jenkins", "Jenkins", "tcp/8083")},
		Links:      []Link{{From: "engines", To: "jenkins", Via: "engine-remediation", Description: "Remediation jobs"}},
		Evidence:   "remediation/img/remediation_jenkins4.png, an example with port 8083",
		Confidence: VendorFile,
		Note:       "Jenkins's own default is 8080.",
	},
	{
		ID: "junit_upload", Name: "JUnit widget",
		Parties:    []Party{actor("ci_servers", "Continuous integration servers")},
		Links:      []Link{{From: "ci_servers", To: "nginx", Or: api, Description: "Test reports uploaded to the API"}},
		Evidence:   "interface/widgets/junit/index.md:64: port 8082, /api/v4/junit/upload",
		Confidence: VendorFile,
		Note:       viaAPI,
	},
	{
		ID: "keepalived", Name: "Keepalived",
		Evidence:   "administration-avancee/architecture-ha.md names HAProxy with Keepalived; VRRP is IP protocol 112",
		Confidence: UpstreamDefault,
		Instead:    "Its peers speak VRRP (IP protocol 112) to each other: write the load balancer under relays and name it in clusters, as in clusters = [\"haproxy\"], which opens it",
	},
	{
		ID: "kibana", Name: "Kibana alerting",
		Parties:    []Party{actor("kibana", "Kibana")},
		Links:      []Link{{From: "kibana", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Base-de-donnees/Elasticsearch.md:58,80-82,119,212: api:8082",
		Confidence: VendorFile,
		Note:       viaAPI,
	},
	{
		ID: "kubernetes_ingress", Name: "Kubernetes ingress", Pro: true,
		Evidence:   "installation-helm.md:102-104,185-189: users reach an ingress, and it the service of Nginx on 443",
		Confidence: VendorFile,
		Instead:    `An ingress is a relay: write relays = { ingress = { listeners = { nginx = ["tcp/443"] } } }`,
	},
	{
		ID: "ldap", Name: "LDAP",
		Parties:    []Party{outside("ldap", "LDAP", "tcp/389", "tcp/636")},
		Links:      []Link{{From: "canopsis_api", To: "ldap", Description: "Checking users' identities in a directory"}},
		Evidence:   "methodes-authentification-avancees.md:49,69; lib/security/provider/ldap.go:29-36",
		Confidence: VendorFile,
		Note:       "Every edition of the page has this row.",
	},
	{
		ID: "librenms", Name: "LibreNMS",
		Parties:    []Party{actor("librenms", "LibreNMS")},
		Links:      []Link{{From: "librenms", To: "rabbitmq", Description: publishes}},
		Evidence:   "interconnexions/Supervision/LibreNMS.md:52,174-182",
		Confidence: VendorFile,
	},
	{
		ID: "logstash_in", Name: "Logstash, towards Canopsis",
		Parties: []Party{actor("log_sources", "Senders of logs"), logstashBeats},
		Links: []Link{
			{From: "log_sources", To: "logstash_beats", Description: "Logs for Logstash"},
			{From: "logstash_beats", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Transport/Logstash.md:13,41-43,125-126: beats on 5044 in an example",
		Confidence: VendorFile,
	},
	{
		ID: "logstash_out", Name: "Logstash, from Canopsis", Pro: true,
		Parties:    []Party{logstashHTTP},
		Links:      []Link{{From: "engines", To: "logstash_http", Via: "engine-webhook", Description: "Notifications for Logstash"}},
		Evidence:   "cas-d-usage/notifications.md:67-69,259, an example with port 31311",
		Confidence: VendorFile,
		Note:       "The HTTP input's own default is 8080.",
	},
	{
		ID: "nagios_icinga1_neb", Name: "Nagios and Icinga 1 module",
		Parties:    []Party{actor("nagios", "Nagios or Icinga 1")},
		Links:      []Link{{From: "nagios", To: "rabbitmq", Description: publishes}},
		Evidence:   "interconnexions/Supervision/Nagios-et-Icinga.md:64-75",
		Confidence: VendorFile,
	},
	{
		ID: "nfs", Name: "Shared files",
		Parties:    []Party{outside("nfs", "NFS server", "tcp/2049")},
		Links:      []Link{{From: "canopsis_api", To: "nfs", Description: "Files that several API nodes share"}},
		Evidence:   "administration-avancee/architecture-ha.md has API nodes share /opt/canopsis/var/lib by NFS and gives no port; NFS 4: 2049",
		Confidence: UpstreamDefault,
	},
	{
		ID: "nokia_nsp", Name: "Nokia NSP (unsupported)", Pro: true,
		Parties: []Party{connector("nokia_nsp_connector", "Nokia NSP connector"), sampled("nokia_nsp", "Nokia NSP", "tcp/443")},
		Links: []Link{
			{From: "nokia_nsp_connector", To: "nokia_nsp", Description: "Alarms read by REST"},
			{From: "nokia_nsp_connector", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Supervision/NokiaNSP.md:71-76,224, where an error message shows 443",
		Confidence: VendorExample,
	},
	{
		ID: "ntp", Name: "Time servers",
		Parties:    []Party{outside("ntp", "Time servers", "udp/123")},
		Links:      []Link{{From: EveryHost, To: "ntp", Description: "Time"}},
		Evidence:   "RFC 5905; no edition of the page has a row for it",
		Confidence: UpstreamDefault,
		Note:       "Needed where egress is closed.",
	},
	{
		ID: "oauth2_openid", Name: "OAuth 2 and OpenID Connect",
		Parties:    []Party{identityProvider},
		Links:      []Link{{From: "canopsis_api", To: "identity_provider", Description: "Tokens and users of the identity provider"}},
		Evidence:   "methodes-authentification-avancees.md:297-324,500-517,565,624",
		Confidence: VendorFile,
		Note:       `All examples are HTTPS: component_ports = { identity_provider = ["tcp/443"] } suffices for them. The provider's answer comes back through users' browsers.`,
	},
	{
		ID: "pacemaker", Name: "Pacemaker and Corosync",
		Parties: []Party{{
			ID: "pacemaker", Name: "Pacemaker and Corosync", Kind: matrix.Host, Host: matrix.Canopsis,
			Ports: matrix.MustPorts("udp/5404-5405", "tcp/2224"),
		}},
		Links:      []Link{{From: "pacemaker", To: "pacemaker", Description: "Nodes agree on where engine-fifo runs"}},
		Evidence:   "administration-avancee/architecture-ha.md lets Pacemaker move engine-fifo and gives no port; Corosync and pcsd: 5404-5405 and 2224",
		Confidence: UpstreamDefault,
		Note:       "It runs on the canopsis host until it is placed, and opens something where that host is in clusters.",
	},
	{
		ID: "patroni_consul", Name: "Consul, for Patroni",
		Parties:    []Party{connector("consul", "Consul", "tcp/8500")},
		Links:      []Link{{From: "postgresql", To: "consul", Description: "Patroni agrees on the primary"}},
		Evidence:   "administration-avancee/architecture-ha.md wants etcd or Consul on three nodes and gives no port; Consul: 8500",
		Confidence: UpstreamDefault,
		Note:       "Place it on its nodes' host and list that in clusters: its members' own ports are added.",
	},
	{
		ID: "patroni_etcd", Name: "etcd, for Patroni",
		Parties:    []Party{connector("etcd", "etcd", "tcp/2379")},
		Links:      []Link{{From: "postgresql", To: "etcd", Description: "Patroni agrees on the primary"}},
		Evidence:   "administration-avancee/architecture-ha.md wants etcd or Consul on three nodes and gives no port; etcd: 2379",
		Confidence: UpstreamDefault,
		Note:       "Place it on its nodes' host and list that in clusters: its members' own port is added.",
	},
	{
		ID: "prometheus_alertmanager", Name: "Prometheus Alertmanager",
		Parties: []Party{actor("alertmanager", "Alertmanager"), prometheusConnector},
		Links: []Link{
			{From: "alertmanager", To: "prometheus_connector", Description: "Alerts for the Prometheus connector"},
			{From: "prometheus_connector", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Supervision/Prometheus.md:18-30,62,84,90",
		Confidence: VendorFile,
	},
	{
		ID: "prtg", Name: "PRTG",
		Parties:    []Party{actor("prtg", "PRTG")},
		Links:      []Link{{From: "prtg", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Supervision/PRTG.md:9-11; its picture shows 8083, which is no port of Canopsis",
		Confidence: VendorExample,
		Note:       viaAPI,
	},
	{
		ID: "rundeck", Name: "Rundeck", Pro: true,
		Parties:    []Party{sampled("rundeck", "Rundeck", "tcp/4440")},
		Links:      []Link{{From: "engines", To: "rundeck", Via: "engine-remediation", Description: "Remediation jobs"}},
		Evidence:   "remediation/img/remediation_rundeck5.png and canopsis.env:7, examples with port 4440",
		Confidence: VendorFile,
	},
	{
		ID: "rundeck_web", Name: "Rundeck through Nginx", Pro: true,
		Parties:    []Party{sampled("rundeck", "Rundeck", "tcp/4440")},
		Links:      []Link{{From: "nginx", To: "rundeck", Description: "Rundeck's web interface under /rundeck/"}},
		Evidence:   "canopsis.env:6-7 and rundeck.inc, an example with port 4440",
		Confidence: VendorFile,
	},
	{
		ID: "saml2", Name: "SAML 2",
		Parties:    []Party{identityProvider},
		Links:      []Link{{From: "canopsis_api", To: "identity_provider", Description: "Metadata of the identity provider"}},
		Evidence:   "methodes-authentification-avancees.md:193-246",
		Confidence: VendorFile,
		Note:       "With the metadata in a local file no flow is needed. The rest of the exchange passes through users' browsers.",
	},
	{
		ID: "send_event", Name: "send_event",
		Parties:    []Party{actor("send_event_hosts", "Machines that run send_event")},
		Links:      []Link{{From: "send_event_hosts", To: "rabbitmq", Description: publishes}},
		Evidence:   "interconnexions/Transport/send_event.md:13,102",
		Confidence: VendorFile,
	},
	{
		ID: "shinken", Name: "Shinken broker module",
		Parties:    []Party{actor("shinken", "Shinken")},
		Links:      []Link{{From: "shinken", To: "rabbitmq", Description: publishes}},
		Evidence:   "interconnexions/Supervision/Shinken.md:41-42",
		Confidence: VendorFile,
	},
	{
		ID: "snmp_trap_connector", Name: "SNMP connector", Pro: true,
		Parties: []Party{actor("snmp_trap_sources", "Sources d'événements trap SNMP"), connector("snmp", "SNMP", "udp/162")},
		Links: []Link{
			{From: "snmp_trap_sources", To: "snmp", Description: "SNMP traps"},
			{From: "snmp", To: "rabbitmq", Description: "The SNMP connector publishes traps on the message bus"},
		},
		Evidence:   "interconnexions/Supervision/SNMPtrap.md:30-31,48-67,124-134",
		Confidence: VendorFile,
		Note:       "Every edition of the page has the traps; the flow to the message bus shows where the connector is placed apart.",
	},
	{
		ID: "sql_connector", Name: "SQL connector",
		Parties: []Party{
			connector("sql_connector", "SQL connector"),
			unspecified("sql_database", "Database", "Oracle tcp/1521 by the vendor's word; MySQL tcp/3306, PostgreSQL tcp/5432, SQL Server tcp/1433 and DB2 tcp/50000 are upstream defaults"),
		},
		Links: []Link{
			{From: "sql_connector", To: "sql_database", Description: "Rows read from a database"},
			{From: "sql_connector", To: "rabbitmq", Description: publishes},
		},
		Evidence:   "interconnexions/Base-de-donnees/Mysql-MariaDB-PostgreSQL-Oracle.md:93,113,139,169",
		Confidence: VendorExample,
	},
	{
		ID: "syslog", Name: "Syslog",
		Evidence:   "interconnexions/Transport/Logstash.md:43,68, where the word is a tag and nothing more",
		Confidence: VendorFile,
		Instead:    "Canopsis neither receives nor sends syslog: let Logstash receive it, with interconnections = [\"logstash_in\"]",
	},
	{
		ID: "ticketing", Name: "Declarative Tickets", Pro: true,
		Parties:    []Party{outside("ticketing_tools", "Declarative Tickets", "tcp/80", "tcp/443")},
		Links:      []Link{{From: "engines", To: "ticketing_tools", Via: "engine-webhook", Description: "Tickets declared in iTop, ServiceNow, EasyVista and the like"}},
		Evidence:   "menu-exploitation/regles-declaration-tickets.md:80; interconnexions/index.md:97-100; the page of 25.10",
		Confidence: VendorFile,
	},
	{
		ID: "vtom", Name: "Visual TOM", Pro: true,
		Parties:    []Party{unspecified("vtom", "Visual TOM", "the documentation of this connection is still to be written")},
		Links:      []Link{{From: "engines", To: "vtom", Via: "engine-remediation", Description: "Remediation jobs"}},
		Evidence:   "remediation/index.md:54-55; canopsis-pro.toml:578",
		Confidence: VendorExample,
	},
	{
		ID: "webhooks", Name: "Webhook", Pro: true,
		Parties:    []Party{outside("webhook_targets", "Webhook", "tcp/80", "tcp/443")},
		Links:      []Link{{From: "engines", To: "webhook_targets", Via: "engine-webhook", Description: "Calls to Mattermost, Teams and the like"}},
		Evidence:   "interconnexions/index.md:76; cas-d-usage/notifications.md; the page of 25.10",
		Confidence: VendorFile,
	},
	{
		ID: "zabbix_webhook", Name: "Zabbix webhook",
		Parties:    []Party{actor("zabbix", "Zabbix server")},
		Links:      []Link{{From: "zabbix", To: "nginx", Or: api, Description: sendsHTTP}},
		Evidence:   "interconnexions/Supervision/Zabbix.md:21,44: port 8082",
		Confidence: VendorFile,
		Note:       viaAPI,
	},
}
