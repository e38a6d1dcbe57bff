package report

// french translates the sentences that the embedded editions and the
// corrections use. A test keeps it complete.
var french = map[string]string{
	"Fetching packages and images for installation and upgrade": "Téléchargement des paquets et des images pour l'installation et les mises à jour",
	"Web interface and API":                                       "Interface web et API",
	"Maintenance of the machines by SSH":                          "Maintenance des machines par SSH",
	"Watching the queues of the message bus in its web interface": "Surveillance des files du bus de messages dans son interface web",
	"Events published on the message bus":                         "Événements publiés sur le bus de messages",
	"Events sent to the API":                                      "Événements envoyés à l'API",
	"SNMP traps":                                                  "Traps SNMP",
	"Checking users' identities in a directory":                   "Vérification de l'identité des utilisateurs dans un annuaire",
	"Configuration and alarms":                                    "Configuration et alarmes",
	"Metrics":                                                     "Métriques",
	"Cache and locks, with or without failover":                   "Cache et verrous, avec ou sans bascule",
	"Cache and locks":                                             "Cache et verrous",
	"Engines work on RabbitMQ's queues":                           "Les moteurs travaillent sur les files de RabbitMQ",
	"The API publishes on the message bus":                        "L'API publie sur le bus de messages",
	"The SNMP connector publishes traps on the message bus":       "Le connecteur SNMP publie les traps sur le bus de messages",
	"Nginx hands requests to the API":                             "Nginx transmet les requêtes à l'API",
	"The address of the Redis master":                             "Adresse du maître Redis",
	"The address of the Valkey master":                            "Adresse du maître Valkey",
	"Sentinel watches the Redis nodes":                            "Sentinel surveille les nœuds Redis",
	"Sentinel watches the Valkey nodes":                           "Sentinel surveille les nœuds Valkey",
}
