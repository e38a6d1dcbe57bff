package main

import (
	_ "embed" // the guide's words
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

//go:embed guide-fr.md.tmpl
var frenchWords string

// inFrench says errata in French, as reports do.
func inFrench(errata []edition.Erratum) []edition.Erratum {
	said := make([]edition.Erratum, 0, len(errata))
	for _, e := range errata {
		said = append(said, report.FrenchErratum(deployment.Finding{Erratum: e}).Erratum)
	}
	return said
}

// french returns what an English text of the editions is in French. An unknown
// one is an error, so that no text is changed without its translation.
func french(english string) (string, error) {
	if english == "" {
		return "", nil
	}
	said, ok := frenchTexts[english]
	if !ok {
		return "", fmt.Errorf("no French for %q: write it beside the others", english)
	}
	return said, nil
}

// frenchSubject says in French what an erratum is about: ids, and few words.
func frenchSubject(english string) string {
	if strings.Contains(english, "-to-") {
		return code(english)
	}
	return strings.NewReplacer("flows to ", "flux vers ", "flows from ", "flux depuis ", " and ", " et ").Replace(english)
}

// frenchTexts has the texts of the editions, whole, by what they are in English.
var frenchTexts = map[string]string{
	// Kinds of errata and of terms, and whose word something is.
	"wrong port":                         "port faux",
	"wrong host":                         "hôte faux",
	"missing row":                        "ligne oubliée",
	"actor":                              "acteur",
	"component":                          "composant",
	"external":                           "externe",
	"host":                               "hôte",
	"the vendor's own files":             "fichiers de l'éditeur",
	"the vendor's own files, by example": "fichiers de l'éditeur, à titre d'exemple",
	"upstream default":                   "valeur par défaut du logiciel",

	// What is uncertain about editions.
	"Docker hosts of these releases publish MongoDB on 27027, not on 27017.": "Les hôtes Docker de ces versions publient MongoDB sur 27027, et non sur 27017.",
	"Nginx's ports are those of Docker hosts. Installed from packages, Nginx of 4.6 listens on 8080, and on 8443 once HTTPS is switched on. Docker hosts of these releases publish MongoDB on 27027, not on 27017.":                                                         "Les ports de Nginx sont ceux des hôtes Docker. Installé par paquets, le Nginx de la 4.6 écoute sur 8080, et sur 8443 une fois HTTPS activé. Les hôtes Docker de ces versions publient MongoDB sur 27027, et non sur 27017.",
	"Written for 22.10 on the documentation's main line, with Nginx's ports as packages use them: on Docker hosts they are 80 and 443. The 22.10 releases themselves still shipped the text of 4.6. Docker hosts of these releases publish MongoDB on 27027, not on 27017.": "Écrite pour la 22.10 sur la branche principale de la documentation, avec les ports de Nginx tels que les paquets les utilisent : sur les hôtes Docker, ce sont 80 et 443. Les versions 22.10 elles-mêmes livraient encore le texte de la 4.6. Les hôtes Docker de ces versions publient MongoDB sur 27027, et non sur 27017.",
	"The text has no date and no branch: it was found in an index of the documentation. It names Valkey, which replaced Redis with 25.04.":                                                                                                                                  "Le texte n'a ni date ni branche : il a été trouvé dans un index de la documentation. Il nomme Valkey, qui a remplacé Redis avec la 25.04.",

	// What the page leaves open.
	"One port or both": "Un port ou les deux",
	"The page separates by a comma what an installation may use one or both of: 80 and 443, 8080 and 8443, LDAP's 389 and 636. All of them are opened. Installed from packages, Nginx listens on 8443 only once HTTPS is switched on; in Docker HTTPS is on since 22.10, and sends browsers from the one port to the other. Name the ports that yours uses to open those alone.": "La page sépare par une virgule des ports dont une installation peut utiliser l'un ou les deux : 80 et 443, 8080 et 8443, 389 et 636 pour LDAP. Tous sont ouverts. Installé par paquets, Nginx n'écoute sur 8443 qu'une fois HTTPS activé ; dans Docker, HTTPS est actif depuis la 22.10, et renvoie les navigateurs de l'un des ports à l'autre. Nommez les ports que le vôtre utilise pour n'ouvrir que ceux-là.",
	"Docker and packages before 23.04": "Docker et paquets avant la 23.04",
	"Only from 23.04 on the page gives Nginx's ports for both. 4.4, 4.5 and 4.6 have those of Docker, 80 and 443; 22.10 has those of packages, 8080 and 8443. If yours was installed the other way, write its ports.": "La page ne donne les ports de Nginx pour les deux méthodes qu'à partir de la 23.04. Les éditions 4.4, 4.5 et 4.6 ont ceux de Docker, 80 et 443 ; la 22.10 a ceux des paquets, 8080 et 8443. Si le vôtre a été installé autrement, écrivez ses ports.",
	"SNMP traps without Canopsis Pro": "Les traps SNMP sans Canopsis Pro",
	"Port 162 belongs to the SNMP connector, which is part of Canopsis Pro. The page sends traps to the Canopsis host until 24.10, and to the connector in 25.10. Community installations leave it out.": "Le port 162 appartient au connecteur SNMP, qui fait partie de Canopsis Pro. La page envoie les traps à l'hôte Canopsis jusqu'à la 24.10, et au connecteur dans la 25.10. Les installations Community l'omettent.",
	"Other repositories": "Les autres dépôts",
	"The page names the vendor's own repositories. An installation from packages also fetches from repo.mongodb.org, www.mongodb.org, download.postgresql.org, packagecloud.io, github.com, the RabbitMQ mirrors (yum1 and yum2 of novemberain.com or rabbitmq.com) and the distribution's own; one with Docker fetches images from Docker Hub, which 22.10 and 23.04 no longer name. Bind `package_repositories` to the addresses of all of them, or to your mirror. Since 25.04 packages of Nginx may come over plain HTTP: that needs a port more.": "La page nomme les dépôts de l'éditeur. Une installation par paquets télécharge aussi depuis repo.mongodb.org, www.mongodb.org, download.postgresql.org, packagecloud.io, github.com, les miroirs de RabbitMQ (yum1 et yum2 de novemberain.com ou de rabbitmq.com) et ceux de la distribution ; une installation par Docker télécharge ses images depuis Docker Hub, que la 22.10 et la 23.04 ne nomment plus. Liez `package_repositories` aux adresses de tous ces dépôts, ou à votre miroir. Depuis la 25.04, les paquets de Nginx peuvent arriver par HTTP en clair : il faut alors un port de plus.",
	"Proxies": "Les proxys",
	"The page says until 24.10 that the way to the repositories may lead through a proxy (`via_proxy`), and says nothing of it in 25.10. The processes that call out honour a proxy all the same.": "La page dit jusqu'à la 24.10 que l'accès aux dépôts peut passer par un proxy (`via_proxy`), et n'en dit rien dans la 25.10. Les processus qui se connectent vers l'extérieur tiennent compte d'un proxy malgré tout.",
	"Drivers that write to the databases": "Les drivers qui écrivent dans les bases",
	"25.10 has import-context-graph drivers connect to the API. Their documentation has them connect to MongoDB, RabbitMQ and PostgreSQL themselves. The catalogue has those flows.": "Dans la 25.10, les drivers import-context-graph se connectent à l'API. Leur documentation les fait se connecter eux-mêmes à MongoDB, à RabbitMQ et à PostgreSQL. Le catalogue contient ces flux.",
	"A second PostgreSQL": "Un second PostgreSQL",
	"Technical metrics are a database of their own. It is on the same server and port as the other, and so in the page's row; on another server it needs a flow from whatever writes there.": "Les métriques techniques sont une base à part. Elle est sur le même serveur et le même port que l'autre, et donc comprise dans la ligne de la page ; sur un autre serveur, il lui faut un flux depuis ce qui y écrit.",
	"RabbitMQ with TLS": "RabbitMQ avec TLS",
	"No edition has a port for AMQP with TLS, and no guide describes it. Where it was set up, RabbitMQ's own default is 5671. The other ports that RabbitMQ's image exposes (15671, 15691, 15692) are published by no release.": "Aucune édition n'a de port pour AMQP avec TLS, et aucun guide ne le décrit. Là où il a été mis en place, la valeur par défaut de RabbitMQ est 5671. Les autres ports que déclare l'image de RabbitMQ (15671, 15691, 15692) ne sont publiés par aucune version.",
	"Rundeck through Nginx": "Rundeck derrière Nginx",
	"Nginx can pass /rundeck/ on to a Rundeck server, which no edition mentions.": "Nginx peut transmettre /rundeck/ à un serveur Rundeck, ce que ne mentionne aucune édition.",
	"Names, time and shared files": "Noms, heure et fichiers partagés",
	"No edition has rows for name servers, time servers, backups, or the files that several API nodes share. Where egress is closed, hosts need at least the first two.": "Aucune édition n'a de lignes pour les serveurs de noms, les serveurs de temps, les sauvegardes, ni les fichiers que partagent plusieurs nœuds de l'API. Là où les flux sortants sont fermés, les hôtes ont besoin au moins des deux premiers.",
	"Answers": "Les réponses",
	"Each row is drawn from who connects to who listens. Answers belong to the same connection: security groups let them through, and filters that keep no state, such as network ACLs, need rules for them besides.": "Chaque ligne va de celui qui se connecte à celui qui écoute. Les réponses appartiennent à la même connexion : les groupes de sécurité les laissent passer, tandis que les filtres sans état, comme les ACL réseau, demandent en plus des règles pour elles.",
	"The vendor's own firewall commands": "Les commandes de pare-feu de l'éditeur",
	"The guide for packages opens 5672, 15672, 8080, 27017, 5432 and 6379 on the machine, to everybody. That is wider than the page, which lets Canopsis alone reach its databases, and narrower: 8443, 8082, 162/udp and 26379 are missing.": "Le guide d'installation par paquets ouvre 5672, 15672, 8080, 27017, 5432 et 6379 sur la machine, pour tout le monde. C'est plus large que la page, qui ne laisse que Canopsis atteindre ses bases, et plus étroit : 8443, 8082, 162/udp et 26379 manquent.",
	"A text between 24.10 and 25.10": "Un texte entre la 24.10 et la 25.10",
	"After 24.10 the page was rewritten for HTTPS alone (443 for Docker, 8443 for packages) before it got its present form. Which release carried that text is not known, so that none is given for 25.04: keep your copy of its page.": "Après la 24.10, la page a été réécrite pour HTTPS seul (443 pour Docker, 8443 pour les paquets) avant de prendre sa forme actuelle. On ne sait pas quelle version portait ce texte : aucun n'est donc donné pour la 25.04, gardez votre copie de sa page.",

	// What terms mean.
	"people who maintain the machines, with the bastions that they pass through": "les personnes qui maintiennent les machines, avec les bastions par lesquels elles passent",
	"systems that publish events on the message bus":                             "les systèmes qui publient des événements sur le bus de messages",
	"systems that send events to the API over HTTP":                              "les systèmes qui envoient des événements à l'API par HTTP",
	"the machine that runs the application, its API and its web server":          "la machine qui fait tourner l'application, son API et son serveur web",
	"REST API of Canopsis":                                          "API REST de Canopsis",
	"Reference data imported from a CMDB":                           "Données de référence importées d'une CMDB",
	"Checking users' identities with an identity provider":          "Vérification de l'identité des utilisateurs auprès d'un fournisseur d'identité",
	"Metrics database":                                              "Base de données des métriques",
	"the company's directory":                                       "l'annuaire de l'entreprise",
	"Document database that holds the configuration and the alarms": "Base de données documentaire, qui contient la configuration et les alarmes",
	"Entrance to the web interface and to the API":                  "Entrée de l'interface web et de l'API",
	"Fetching packages and images for installation and upgrade":     "Téléchargement de paquets et d'images pour l'installation et la mise à jour",
	"Metrics database with the TimescaleDB extension":               "Base de données des métriques, avec l'extension TimescaleDB",
	"Message bus between event sources and engines":                 "Bus de messages entre les sources d'événements et les moteurs",
	"Web interface of the message bus":                              "Interface web du bus de messages",
	"Cache and locks of the engines":                                "Cache et verrous des moteurs",
	"Watch over Redis and failover":                                 "Surveillance de Redis et bascule",
	"Starting jobs of remediation tools":                            "Lancement de tâches dans les outils de remédiation",
	"Receiver of SNMP traps":                                        "Récepteur de traps SNMP",
	"devices and systems that send SNMP traps":                      "les équipements et systèmes qui envoient des traps SNMP",
	"Declaring tickets in ticketing tools":                          "Déclaration de tickets dans les outils de ticketing",
	"people who use the web interface":                              "les personnes qui utilisent l'interface web",
	"Watch over Valkey and failover":                                "Surveillance de Valkey et bascule",
	"Calling the webhooks of outside tools":                         "Appel des webhooks d'outils externes",
}
