package report

import (
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// inFrench translates what the product itself writes about a flow or an erratum.
// A relay's flow has several descriptions in one, each of which is translated;
// what a user wrote stays as it is.
func inFrench(text string) string {
	parts := strings.Split(text, "; ")
	ours := false
	for i, part := range parts {
		parts[i] = phraseInFrench(part)
		ours = ours || parts[i] != part
	}
	if !ours {
		return text
	}
	return strings.Join(parts, " ; ")
}

func phraseInFrench(text string) string {
	if translated, ok := french[text]; ok {
		return translated
	}
	if targets, ok := strings.CutPrefix(text, "Relay in front of "); ok && areIDs(targets) {
		return "Relais devant " + targets
	}
	if number, ok := strings.CutPrefix(text, "and "); ok {
		number, ok = strings.CutSuffix(number, " more")
		if n, err := strconv.Atoi(number); ok && err == nil {
			return "et " + strconv.Itoa(n) + " de plus"
		}
	}
	for confidence, translated := range frenchConfidences {
		if what, ok := strings.CutSuffix(text, " ("+confidence+")"); ok && french[what] != "" {
			return french[what] + " (" + translated + ")"
		}
	}
	return text
}

// areIDs reports whether a text is a list of ids, and not a user's sentence.
func areIDs(list string) bool {
	for id := range strings.SplitSeq(list, ", ") {
		if !matrix.IsID(id) {
			return false
		}
	}
	return true
}

// frenchConfidences translates whose word a cluster's flows are, which stands in
// brackets behind their descriptions.
var frenchConfidences = map[string]string{
	"the vendor's own files":             "fichiers de l'éditeur",
	"the vendor's own files, by example": "fichiers de l'éditeur, à titre d'illustration",
	"upstream default":                   "valeur par défaut du logiciel",
}

// names pairs the names of endpoints, English first: those of the vendor's page
// are French, those of the catalogue English. What is missing here is the same
// in both languages.
var names = [][2]string{
	// From the page.
	{"Administrators", "Administrateurs"},
	{"AMQP connectors", "Connecteurs AMQP"},
	{"AMQP event sources", "Sources d'événements AMQP"},
	{"API connectors", "Connecteurs API"},
	{"API event sources", "Sources d'événements API"},
	{"CAS/SAML/OAUTH2/OPENID provider", "Provider CAS/SAML/OAUTH2/OPENID"},
	{"LDAP server", "Serveur LDAP"},
	{"Package repositories", "Dépôts de paquets"},
	{"Remediation", "Remédiation"},
	{"SNMP connector", "Connecteur SNMP"},
	{"SNMP trap sources", "Sources d'événements trap SNMP"},
	{"Users", "Utilisateurs"},

	// From the catalogue.
	{"Continuous integration servers", "Serveurs d'intégration continue"},
	{"Database", "Base de données"},
	{"Enrichment API", "API d'enrichissement"},
	{"Machines that run send_event", "Machines qui exécutent send_event"},
	{"Mail connector", "Connecteur mail"},
	{"Mail server", "Serveur de messagerie"},
	{"Mailbox (POP3)", "Boîte aux lettres (POP3)"},
	{"NFS server", "Serveur NFS"},
	{"Nagios or Icinga 1", "Nagios ou Icinga 1"},
	{"Name servers", "Serveurs de noms"},
	{"Nokia NSP connector", "Connecteur Nokia NSP"},
	{"Prometheus connector", "Connecteur Prometheus"},
	{"Reference data", "Données de référence"},
	{"SQL connector", "Connecteur SQL"},
	{"Senders of logs", "Émetteurs de journaux"},
	{"Time servers", "Serveurs de temps"},
	{"Zabbix server", "Serveur Zabbix"},
	{"import-context-graph driver", "Driver import-context-graph"},
}

// translatedNames returns the names by those of the other language.
func translatedNames(from, to Language) map[string]string {
	translated := make(map[string]string, len(names))
	for _, pair := range names {
		translated[pair[from]] = pair[to]
	}
	return translated
}

// french translates the sentences of the embedded editions, of the corrections,
// of the catalogue and of clusters. A test keeps it complete, and free of what
// nothing says any more.
var french = map[string]string{
	// Rows of the editions, and what corrections add.
	"Cache and locks": "Cache et verrous",
	"Cache and locks, with or without failover":                   "Cache et verrous, avec ou sans bascule",
	"Calling the webhooks of outside tools":                       "Appel des webhooks d'outils externes",
	"Checking users' identities in a directory":                   "Vérification de l'identité des utilisateurs dans un annuaire",
	"Checking users' identities with an identity provider":        "Vérification de l'identité des utilisateurs auprès d'un fournisseur d'identité",
	"Configuration and alarms":                                    "Configuration et alarmes",
	"Declaring tickets in ticketing tools":                        "Déclaration de tickets dans les outils de ticketing",
	"Engines work on RabbitMQ's queues":                           "Les moteurs travaillent sur les files de RabbitMQ",
	"Events published on the message bus":                         "Événements publiés sur le bus de messages",
	"Events sent to the API":                                      "Événements envoyés à l'API",
	"Fetching packages and images for installation and upgrade":   "Téléchargement des paquets et des images pour l'installation et les mises à jour",
	"Maintenance of the machines by SSH":                          "Maintenance des machines par SSH",
	"Metrics":                                                     "Métriques",
	"Nginx hands requests to the API":                             "Nginx transmet les requêtes à l'API",
	"Queues of the message bus":                                   "Files du bus de messages",
	"Reference data imported from a CMDB":                         "Données de référence importées d'une CMDB",
	"SNMP traps":                                                  "Traps SNMP",
	"Sentinel watches the Redis nodes":                            "Sentinel surveille les nœuds Redis",
	"Sentinel watches the Valkey nodes":                           "Sentinel surveille les nœuds Valkey",
	"Starting jobs of remediation tools":                          "Lancement de tâches des outils de remédiation",
	"The API publishes on the message bus":                        "L'API publie sur le bus de messages",
	"The SNMP connector publishes traps on the message bus":       "Le connecteur SNMP publie les traps sur le bus de messages",
	"The address of the Redis master":                             "Adresse du maître Redis",
	"The address of the Valkey master":                            "Adresse du maître Valkey",
	"Watching the queues of the message bus in its web interface": "Surveillance des files du bus de messages dans son interface web",
	"Web interface and API":                                       "Interface web et API",
	"Web interface":                                               "Interface web",

	// Links of the catalogue.
	"Alarms read by REST":                                          "Alarmes lues par REST",
	"Alerts for the Prometheus connector":                          "Alertes pour le connecteur Prometheus",
	"Calls to Mattermost, Teams and the like":                      "Appels à Mattermost, Teams, etc.",
	"Data that enriches events":                                    "Données qui enrichissent les événements",
	"Events about imported entities":                               "Événements sur les entités importées",
	"Files that several API nodes share":                           "Fichiers que partagent plusieurs nœuds de l'API",
	"Imported entities":                                            "Entités importées",
	"Logs for Logstash":                                            "Journaux pour Logstash",
	"Mail fetched by POP3, plain or over TLS":                      "Relève du courrier par POP3, en clair ou par TLS",
	"Metadata of the identity provider":                            "Métadonnées du fournisseur d'identité",
	"Metrics about imported entities":                              "Métriques sur les entités importées",
	"Name resolution":                                              "Résolution de noms",
	"Nodes agree on where engine-fifo runs":                        "Les nœuds s'accordent sur la machine où tourne engine-fifo",
	"Notifications by mail":                                        "Notifications par mail",
	"Notifications for Logstash":                                   "Notifications pour Logstash",
	"Notifications for Logstash, which mails them":                 "Notifications pour Logstash, qui les envoie par mail",
	"Patroni agrees on the primary":                                "Patroni s'accorde sur le nœud primaire",
	"Reference data fetched by HTTP or HTTPS":                      "Données de référence lues par HTTP ou HTTPS",
	"Remediation jobs":                                             "Tâches de remédiation",
	"Rows read from a database":                                    "Lignes lues dans une base de données",
	"Rundeck's web interface under /rundeck/":                      "Interface web de Rundeck sous /rundeck/",
	"State of the mail connector, where it keeps it there":         "État du connecteur mail, s'il l'y garde",
	"States read by Livestatus":                                    "États lus par Livestatus",
	"Test reports uploaded to the API":                             "Rapports de tests déposés sur l'API",
	"Tickets declared in iTop, ServiceNow, EasyVista and the like": "Tickets déclarés dans iTop, ServiceNow, EasyVista, etc.",
	"Time": "Synchronisation de l'heure",
	"Tokens and users of the identity provider": "Jetons et utilisateurs du fournisseur d'identité",
	"Validation of CAS tickets":                 "Validation des tickets CAS",

	// Members of clusters.
	"Consul's nodes agree and find each other":                    "Les nœuds Consul s'accordent et se trouvent",
	"Members of the MongoDB replica set":                          "Membres du replica set MongoDB",
	"PostgreSQL replication, and Patroni's REST interface":        "Réplication PostgreSQL, et interface REST de Patroni",
	"RabbitMQ nodes find each other (epmd) and exchange messages": "Les nœuds RabbitMQ se trouvent (epmd) et échangent des messages",
	"Redis replication":                                           "Réplication Redis",
	"Sentinels agree on the Redis master":                         "Les Sentinels s'accordent sur le maître Redis",
	"Sentinels agree on the Valkey master":                        "Les Sentinels s'accordent sur le maître Valkey",
	"Valkey replication":                                          "Réplication Valkey",
	"etcd's nodes agree":                                          "Les nœuds etcd s'accordent",

	// What the page says in its errors, and what is true.
	"(no row)":                                                            "(aucune ligne)",
	"Nginx to the API":                                                    "Nginx vers l'API",
	"Redis or Redis Sentinel":                                             "Redis ou Redis Sentinel",
	"Redis, and Redis Sentinel beside it":                                 "Redis, et Redis Sentinel à côté",
	"SNMP connector to RabbitMQ":                                          "connecteur SNMP vers RabbitMQ",
	"Sentinel to Redis":                                                   "Sentinel vers Redis",
	"Sentinel to Valkey":                                                  "Sentinel vers Valkey",
	"administrators to the web interface of RabbitMQ":                     "administrateurs vers l'interface web de RabbitMQ",
	"engines and API to RabbitMQ":                                         "moteurs et API vers RabbitMQ",
	"engines and API to Redis and InfluxDB":                               "moteurs et API vers Redis et InfluxDB",
	"engines and API to Valkey Sentinel, where it runs":                   "moteurs et API vers Valkey Sentinel, s'il est installé",
	"from the Canopsis host":                                              "depuis l'hôte Canopsis",
	"from the hosts of the engines and of the API":                        "depuis les hôtes des moteurs et de l'API",
	"tcp/27027 on a Docker host before 24.04":                             "tcp/27027 sur un hôte Docker avant 24.04",
	"tcp/443, however Canopsis was installed":                             "tcp/443, quelle que soit l'installation de Canopsis",
	"tcp/8082 for those who send events to the API directly, without TLS": "tcp/8082 pour qui envoie des événements directement à l'API, sans TLS",
	"tcp/8082 in the port list, and no row":                               "tcp/8082 dans la liste des ports, et aucune ligne",
	"tcp/8443 where it was installed from packages":                       "tcp/8443 si l'installation est par paquets",
	"to every host":                                                       "vers tous les hôtes",
	"to some of the hosts":                                                "vers certains hôtes",
	"to the Canopsis host":                                                "vers l'hôte Canopsis",
	"to the host of the component that listens":                           "vers l'hôte du composant à l'écoute",

	// Why, after a colon.
	"Nginx hands requests to the API, on another machine where they run apart":                                                 "Nginx transmet les requêtes à l'API, sur une autre machine s'ils sont séparés",
	"Sentinel watches the Redis nodes, on other machines where they run apart":                                                 "Sentinel surveille les nœuds Redis, sur d'autres machines s'ils sont séparés",
	"Sentinel watches the Valkey nodes, on other machines where they run apart":                                                "Sentinel surveille les nœuds Valkey, sur d'autres machines s'ils sont séparés",
	"a backend that the page lists and reaches by no row is used by the engines and the API":                                   "un service que la page liste sans qu'aucune ligne n'y mène est utilisé par les moteurs et l'API",
	"a client asks Sentinel where the master is, and then connects to Redis itself":                                            "un client demande à Sentinel où est le maître, puis se connecte à Redis lui-même",
	"both addresses are documented, and only you know whether your event sources use the second":                               "les deux adresses sont documentées, et vous seul savez si vos sources d'événements utilisent la seconde",
	"every machine is maintained by SSH, and the page's row leaves some of them out":                                           "chaque machine est maintenue par SSH, et la ligne de la page en oublie",
	"the SNMP connector publishes every trap on the message bus, on another machine where they run apart":                      "le connecteur SNMP publie chaque trap sur le bus de messages, sur une autre machine s'ils sont séparés",
	"the compose file published MongoDB on another port of the host until 23.10, and only you know whether yours runs from it": "le fichier compose publiait MongoDB sur un autre port de l'hôte jusqu'en 23.10, et vous seul savez si le vôtre en est issu",
	"the engines and the API open these connections, wherever they run":                                                        "les moteurs et l'API ouvrent ces connexions, où qu'ils tournent",
	"the engines and the API work on RabbitMQ's queues, on another machine where they run apart":                               "les moteurs et l'API travaillent sur les files de RabbitMQ, sur une autre machine s'ils sont séparés",
	"the page sends a row to the Canopsis host though its component has a host of its own":                                     "la page dirige une ligne vers l'hôte Canopsis alors que son composant a son propre hôte",
	"the port list keeps Sentinel, and a client asks it where the master is":                                                   "la liste des ports conserve Sentinel, et un client lui demande où est le maître",
	"the port list keeps the interface, and an upgrade must not lock out those who watch the queues":                           "la liste des ports conserve l'interface, et une mise à jour ne doit exclure personne de la surveillance des files",
	"the port list kept the swapped digits of Redis's port, and the page's own row for Valkey has them right":                  "la liste des ports a gardé les chiffres intervertis du port de Redis, et la ligne de la page pour Valkey les a dans le bon ordre",
	"the port list kept the swapped digits of Sentinel's port":                                                                 "la liste des ports a gardé les chiffres intervertis du port de Sentinel",
	"the rows give Docker's port alone, and Nginx installed from packages listens on 8443":                                     "les lignes ne donnent que le port de Docker, et Nginx installé par paquets écoute sur 8443",
	"two digits of Redis's port are swapped":                                                                                   "deux chiffres du port de Redis sont intervertis",
	"two digits of Sentinel's port are swapped, as in Redis's":                                                                 "deux chiffres du port de Sentinel sont intervertis, comme ceux de Redis",
}
