package report

import "slices"

// names has the names of endpoints in both languages, by id: those of the
// vendor's page are French, those of the catalogue English. What is missing here
// is the same in both.
var names = []struct{ id, english, french string }{
	// From the page.
	{"administrators", "Administrators", "Administrateurs"},
	{"amqp_event_sources", "AMQP connectors", "Connecteurs AMQP"},
	{"amqp_event_sources", "AMQP event sources", "Sources d'événements AMQP"},
	{"api_event_sources", "API connectors", "Connecteurs API"},
	{"api_event_sources", "API event sources", "Sources d'événements API"},
	{"identity_provider", "CAS/SAML/OAUTH2/OPENID provider", "Provider CAS/SAML/OAUTH2/OPENID"},
	{"ldap", "LDAP server", "Serveur LDAP"},
	{"package_repositories", "Package repositories", "Dépôts de paquets"},
	{"remediation_tools", "Remediation", "Remédiation"},
	{"snmp", "SNMP connector", "Connecteur SNMP"},
	{"snmp_trap_sources", "SNMP trap sources", "Sources d'événements trap SNMP"},
	{"users", "Users", "Utilisateurs"},

	// From the catalogue.
	{"ci_servers", "Continuous integration servers", "Serveurs d'intégration continue"},
	{"cmdb", "Reference data", "Données de référence"},
	{"dns", "Name servers", "Serveurs de noms"},
	{"enrichment_api", "Enrichment API", "API d'enrichissement"},
	{"import_context_graph_driver", "import-context-graph driver", "Driver import-context-graph"},
	{"log_sources", "Senders of logs", "Émetteurs de journaux"},
	{"mail_connector", "Mail connector", "Connecteur mail"},
	{"mailbox", "Mailbox (POP3)", "Boîte aux lettres (POP3)"},
	{"nagios", "Nagios or Icinga 1", "Nagios ou Icinga 1"},
	{"nfs", "NFS server", "Serveur NFS"},
	{"nokia_nsp_connector", "Nokia NSP connector", "Connecteur Nokia NSP"},
	{"ntp", "Time servers", "Serveurs de temps"},
	{"prometheus_connector", "Prometheus connector", "Connecteur Prometheus"},
	{"send_event_hosts", "Machines that run send_event", "Machines qui exécutent send_event"},
	{"smtp_server", "Mail server", "Serveur de messagerie"},
	{"sql_connector", "SQL connector", "Connecteur SQL"},
	{"sql_database", "Database", "Base de données"},
	{"zabbix", "Zabbix server", "Serveur Zabbix"},
}

// nameIn returns an endpoint's name in a language. A name that is not the
// page's or the catalogue's for this very endpoint is a user's own.
func nameIn(l Language, id, name string) string {
	i := slices.IndexFunc(names, func(n struct{ id, english, french string }) bool {
		return n.id == id && (n.english == name || n.french == name)
	})
	switch {
	case i < 0:
		return name
	case l == French:
		return names[i].french
	}
	return names[i].english
}
