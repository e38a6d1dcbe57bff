package report

import (
	"cmp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// frenchReason says in French why a flow exists, from the reason's kind and its
// parameters. What has no French stays in English.
func frenchReason(r matrix.Reason) string {
	switch r.Kind {
	case matrix.RowReason, matrix.ErratumReason, matrix.InterconnectionLink:
		all := strings.Join(r.Parameters, " ")
		_, ends, _ := strings.Cut(all, " ")
		return cmp.Or(frenchLinks[all], frenchLinks[ends], r.Text)
	case matrix.MembershipReason:
		if len(r.Parameters) == 2 && frenchMembers[r.Parameters[0]] != "" {
			return frenchMembers[r.Parameters[0]] + " (" + cmp.Or(frenchConfidences[r.Parameters[1]], r.Parameters[1]) + ")"
		}
	case matrix.RelayReason:
		return "Relais devant " + strings.Join(r.Parameters, ", ")
	case matrix.OwnWords:
	}
	return r.Text
}

// FrenchErratum says in French what an erratum of this product says; what
// somebody else wrote in its place stays as it is.
func FrenchErratum(e deployment.Finding) deployment.Finding {
	ours, ok := edition.FindErratum(e.ID)
	if !ok {
		return e
	}
	french := frenchErrata[e.ID]
	for _, text := range []struct {
		said         *string
		ours, french string
	}{
		{&e.Published, ours.Published, french.published},
		{&e.Corrected, ours.Corrected, french.corrected},
		{&e.Reason, ours.Reason, french.reason},
	} {
		if *text.said == text.ours {
			*text.said = cmp.Or(text.french, text.ours)
		}
	}
	return e
}

// frenchConfidences says whose word a cluster's flows are.
var frenchConfidences = map[string]string{
	"the vendor's own files":             "fichiers de l'éditeur",
	"the vendor's own files, by example": "fichiers de l'éditeur, à titre d'illustration",
	"upstream default":                   "valeur par défaut du logiciel",
}

// frenchMembers says what the members of a cluster do, by component.
var frenchMembers = map[string]string{
	"consul":          "Les nœuds Consul s'accordent et se trouvent",
	"etcd":            "Les nœuds etcd s'accordent",
	"mongodb":         "Membres du replica set MongoDB",
	"postgresql":      "Réplication PostgreSQL, et interface REST de Patroni",
	"rabbitmq":        "Les nœuds RabbitMQ se trouvent (epmd) et échangent des messages",
	"redis":           "Réplication Redis",
	"redis_sentinel":  "Les Sentinels s'accordent sur le maître Redis",
	"valkey":          "Réplication Valkey",
	"valkey_sentinel": "Les Sentinels s'accordent sur le maître Valkey",
	"vrrp":            "Les machines d'un relais décident laquelle porte l'adresse commune, en unicast : Keepalived a besoin d'unicast_peer",
}

// frenchLinks says why a source connects to a component: for a row, an erratum
// or an entry of the catalogue first, then for the two ends alone.
var frenchLinks = map[string]string{
	"23.04 canopsis redis":                         "Cache et verrous",
	"23.04 canopsis redis_sentinel":                "Adresse du maître Redis",
	"25.10 users nginx":                            "Interface web",
	"logstash_out engines logstash_http":           "Notifications pour Logstash",
	"oauth2_openid canopsis_api identity_provider": "Jetons et utilisateurs du fournisseur d'identité",
	"saml2 canopsis_api identity_provider":         "Métadonnées du fournisseur d'identité",

	"* dns":                                  "Résolution de noms",
	"* ntp":                                  "Synchronisation de l'heure",
	"administrators rabbitmq_ui":             "Surveillance des files du bus de messages dans son interface web",
	"administrators ssh":                     "Maintenance des machines par SSH",
	"alertmanager prometheus_connector":      "Alertes pour le connecteur Prometheus",
	"amqp_event_sources rabbitmq":            "Événements publiés sur le bus de messages",
	"api_event_sources canopsis_api":         "Événements envoyés à l'API",
	"api_event_sources nginx":                "Événements envoyés à l'API",
	"canopsis https":                         "Téléchargement des paquets et des images pour l'installation et les mises à jour",
	"canopsis identity_provider":             "Vérification de l'identité des utilisateurs auprès d'un fournisseur d'identité",
	"canopsis ldap":                          "Vérification de l'identité des utilisateurs dans un annuaire",
	"canopsis mongodb":                       "Configuration et alarmes",
	"canopsis postgresql":                    "Métriques",
	"canopsis rabbitmq":                      "Files du bus de messages",
	"canopsis redis":                         "Cache et verrous, avec ou sans bascule",
	"canopsis redis_sentinel":                "Cache et verrous, avec ou sans bascule",
	"canopsis remediation_tools":             "Lancement de tâches des outils de remédiation",
	"canopsis ticketing_tools":               "Déclaration de tickets dans les outils de ticketing",
	"canopsis valkey":                        "Cache et verrous",
	"canopsis webhook_targets":               "Appel des webhooks d'outils externes",
	"canopsis_api identity_provider":         "Validation des tickets CAS",
	"canopsis_api influxdb":                  "Métriques",
	"canopsis_api ldap":                      "Vérification de l'identité des utilisateurs dans un annuaire",
	"canopsis_api nfs":                       "Fichiers que partagent plusieurs nœuds de l'API",
	"canopsis_api rabbitmq":                  "L'API publie sur le bus de messages",
	"canopsis_api redis":                     "Cache et verrous",
	"canopsis_api redis_sentinel":            "Adresse du maître Redis",
	"canopsis_api valkey_sentinel":           "Adresse du maître Valkey",
	"centreon nginx":                         "Événements envoyés à l'API",
	"centreon rabbitmq":                      "Événements publiés sur le bus de messages",
	"ci_servers nginx":                       "Rapports de tests déposés sur l'API",
	"cmdb_drivers canopsis_api":              "Données de référence importées d'une CMDB",
	"cmdb_drivers nginx":                     "Données de référence importées d'une CMDB",
	"dynatrace nginx":                        "Événements envoyés à l'API",
	"elastalert nginx":                       "Événements envoyés à l'API",
	"elasticsearch nginx":                    "Événements envoyés à l'API",
	"engines awx":                            "Tâches de remédiation",
	"engines enrichment_api":                 "Données qui enrichissent les événements",
	"engines influxdb":                       "Métriques",
	"engines jenkins":                        "Tâches de remédiation",
	"engines logstash_http":                  "Notifications pour Logstash, qui les envoie par mail",
	"engines rabbitmq":                       "Les moteurs travaillent sur les files de RabbitMQ",
	"engines redis":                          "Cache et verrous",
	"engines redis_sentinel":                 "Adresse du maître Redis",
	"engines rundeck":                        "Tâches de remédiation",
	"engines ticketing_tools":                "Tickets déclarés dans iTop, ServiceNow, EasyVista, etc.",
	"engines valkey_sentinel":                "Adresse du maître Valkey",
	"engines vtom":                           "Tâches de remédiation",
	"engines webhook_targets":                "Appels à Mattermost, Teams, etc.",
	"grafana prometheus_connector":           "Alertes pour le connecteur Prometheus",
	"icinga2_connector icinga2":              "États lus par Livestatus",
	"icinga2_connector rabbitmq":             "Événements publiés sur le bus de messages",
	"import_context_graph_driver cmdb":       "Données de référence lues par HTTP ou HTTPS",
	"import_context_graph_driver mongodb":    "Entités importées",
	"import_context_graph_driver postgresql": "Métriques sur les entités importées",
	"import_context_graph_driver rabbitmq":   "Événements sur les entités importées",
	"kibana nginx":                           "Événements envoyés à l'API",
	"librenms rabbitmq":                      "Événements publiés sur le bus de messages",
	"log_sources logstash_beats":             "Journaux pour Logstash",
	"logstash_beats rabbitmq":                "Événements publiés sur le bus de messages",
	"logstash_http smtp_server":              "Notifications par mail",
	"mail_connector mailbox":                 "Relève du courrier par POP3, en clair ou par TLS",
	"mail_connector rabbitmq":                "Événements publiés sur le bus de messages",
	"mail_connector redis":                   "État du connecteur mail, s'il l'y garde",
	"mail_connector valkey":                  "État du connecteur mail, s'il l'y garde",
	"nagios rabbitmq":                        "Événements publiés sur le bus de messages",
	"nginx canopsis_api":                     "Nginx transmet les requêtes à l'API",
	"nginx rundeck":                          "Interface web de Rundeck sous /rundeck/",
	"nokia_nsp_connector nokia_nsp":          "Alarmes lues par REST",
	"nokia_nsp_connector rabbitmq":           "Événements publiés sur le bus de messages",
	"pacemaker pacemaker":                    "Les nœuds s'accordent sur la machine où tourne engine-fifo",
	"postgresql consul":                      "Patroni s'accorde sur le nœud primaire",
	"postgresql etcd":                        "Patroni s'accorde sur le nœud primaire",
	"prometheus_connector rabbitmq":          "Événements publiés sur le bus de messages",
	"prtg nginx":                             "Événements envoyés à l'API",
	"redis_sentinel redis":                   "Sentinel surveille les nœuds Redis",
	"send_event_hosts rabbitmq":              "Événements publiés sur le bus de messages",
	"shinken rabbitmq":                       "Événements publiés sur le bus de messages",
	"snmp rabbitmq":                          "Le connecteur SNMP publie les traps sur le bus de messages",
	"snmp_trap_sources snmp":                 "Traps SNMP",
	"sql_connector rabbitmq":                 "Événements publiés sur le bus de messages",
	"sql_connector sql_database":             "Lignes lues dans une base de données",
	"users nginx":                            "Interface web et API",
	"valkey_sentinel valkey":                 "Sentinel surveille les nœuds Valkey",
	"zabbix nginx":                           "Événements envoyés à l'API",
}

// frenchErrata says what the page says, what is right and why, by erratum; port
// specs are the same in both languages.
var frenchErrata = map[string]struct{ published, corrected, reason string }{
	"redis_port":           {"", "", "deux chiffres du port de Redis sont intervertis"},
	"redis_sentinel_port":  {"", "", "deux chiffres du port de Sentinel sont intervertis, comme ceux de Redis"},
	"valkey_port":          {"", "", "la liste des ports a gardé les chiffres intervertis du port de Redis, et la ligne de la page pour Valkey les a dans le bon ordre"},
	"valkey_sentinel_port": {"", "", "la liste des ports a gardé les chiffres intervertis du port de Sentinel"},
	"sentinel_needs_redis": {"Redis ou Redis Sentinel", "Redis, et Redis Sentinel à côté", "un client demande à Sentinel où est le maître, puis se connecte à Redis lui-même"},
	"packages_https_port":  {"tcp/443, quelle que soit l'installation de Canopsis", "tcp/8443 si l'installation est par paquets", "les lignes ne donnent que le port de Docker, et Nginx installé par paquets écoute sur 8443"},
	"initiators":           {"depuis l'hôte Canopsis", "depuis les hôtes des moteurs et de l'API, et vers les dépôts de paquets depuis ceux de Nginx et du connecteur SNMP aussi", "les moteurs et l'API ouvrent ces connexions, où qu'ils tournent, et chaque hôte où est installé un paquet de l'éditeur va l'y chercher"},
	"component_host":       {"vers l'hôte Canopsis", "vers l'hôte du composant à l'écoute", "la page dirige une ligne vers l'hôte Canopsis alors que son composant a son propre hôte"},
	"rabbitmq_clients":     {"(aucune ligne)", "moteurs et API vers RabbitMQ", "les moteurs et l'API travaillent sur les files de RabbitMQ, sur une autre machine s'ils sont séparés"},
	"snmp_to_rabbitmq":     {"(aucune ligne)", "connecteur SNMP vers RabbitMQ", "le connecteur SNMP publie chaque trap sur le bus de messages, sur une autre machine s'ils sont séparés"},
	"nginx_to_api":         {"(aucune ligne)", "Nginx vers l'API", "Nginx transmet les requêtes à l'API, sur une autre machine s'ils sont séparés"},
	"backends":             {"(aucune ligne)", "moteurs et API vers Redis et InfluxDB", "un service que la page liste sans qu'aucune ligne n'y mène est utilisé par les moteurs et l'API"},
	"sentinel_clients":     {"(aucune ligne)", "moteurs et API vers Valkey Sentinel, s'il est installé", "la liste des ports conserve Sentinel, et un client lui demande où est le maître"},
	"sentinel_to_redis":    {"(aucune ligne)", "Sentinel vers Redis", "Sentinel surveille les nœuds Redis, sur d'autres machines s'ils sont séparés"},
	"sentinel_to_valkey":   {"(aucune ligne)", "Sentinel vers Valkey", "Sentinel surveille les nœuds Valkey, sur d'autres machines s'ils sont séparés"},
	"rabbitmq_ui_row":      {"(aucune ligne)", "administrateurs vers l'interface web de RabbitMQ", "la liste des ports conserve l'interface, et une mise à jour ne doit exclure personne de la surveillance des files"},
	"ssh_hosts":            {"vers certains hôtes", "vers tous les hôtes", "chaque machine est maintenue par SSH, et la ligne de la page en oublie"},
	"docker_host_ports":    {"tcp/8080 et tcp/8443, et tcp/27017", "tcp/80 et tcp/443, et tcp/27027, sur un hôte Docker", "la page n'a que les ports des paquets, et vous seul savez si le vôtre tourne dans Docker"},
	"mongodb_docker_port":  {"", "tcp/27027 sur un hôte Docker avant 24.04", "le fichier compose publiait MongoDB sur un autre port de l'hôte jusqu'en 23.10, et vous seul savez si le vôtre en est issu"},
	"canopsis_api_row":     {"tcp/8082 dans la liste des ports, et aucune ligne", "tcp/8082 pour qui envoie des événements directement à l'API, sans TLS", "les deux adresses sont documentées, et vous seul savez si vos sources d'événements utilisent la seconde"},
}
