package page

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// term is a thing that the vendor names, by the id that it has in every
// edition. Its words are compared without case, accents, punctuation and
// spaces.
type term struct {
	id    string
	words []string
}

// componentTerms name what listens, in the port list, and as a source or a
// destination the host on which it runs.
var componentTerms = []term{
	{"mongodb", []string{"MongoDB"}},
	{"rabbitmq", []string{"RabbitMQ"}},
	{"rabbitmq_ui", []string{"RabbitMQ UI"}},
	{"canopsis_api", []string{"API Canopsis", "Canopsis API"}},
	{"nginx", []string{"Nginx"}},
	{"redis", []string{"Redis"}},
	{"redis_sentinel", []string{"Redis Sentinel"}},
	{"valkey", []string{"Valkey"}},
	{"valkey_sentinel", []string{"Valkey Sentinel"}},
	{"influxdb", []string{"InfluxDB"}},
	{"snmp", []string{"SNMP", "Connecteur SNMP"}},
	{"postgresql", []string{"PostgreSQL", "TimescaleDB", "PostgreSQL (TimescaleDB)", "TimescaleDB (PostgreSQL)"}},
}

// placeTerms name the other destinations: the application host and the outside
// systems.
var placeTerms = []term{
	{matrix.Canopsis, []string{"Canopsis"}},
	{"ldap", []string{"LDAP", "Serveur LDAP"}},
	{"identity_provider", []string{"Provider CAS/SAML/OAUTH2/OPENID"}},
	{"remediation_tools", []string{"Remédiation"}},
	{"webhook_targets", []string{"Webhook", "Webhooks"}},
	{"ticketing_tools", []string{"Declarative Tickets", "Declarative Ticket"}},
}

// sourceTerms name the actors. A source is looked up here first: as a source,
// SNMP is whatever sends traps.
var sourceTerms = []term{
	{matrix.Users, []string{"Utilisateurs", "Utilisateur"}},
	{matrix.Administrators, []string{"Administrateurs", "Administrateur"}},
	{"amqp_event_sources", []string{"Sources d'événements AMQP", "Connecteurs AMQP"}},
	{"api_event_sources", []string{"Sources d'événements API", "Connecteurs API"}},
	{"snmp_trap_sources", []string{"Sources d'événements trap SNMP", "Sources d'événements SNMP", "SNMP"}},
	{"cmdb_drivers", []string{"Drivers (import-context-graph)", "Drivers"}},
}

// labelTerms name how Canopsis was installed.
var labelTerms = []term{
	{"docker", []string{"docker", "Docker Compose"}},
	{"packages", []string{"paquets", "paquet", "packages"}},
}

var (
	componentIDs        = index(componentTerms)
	placeIDs            = index(componentTerms, placeTerms, sourceTerms)
	sourceIDs           = index(sourceTerms, componentTerms, placeTerms)
	labelIDs            = index(labelTerms)
	componentVocabulary = ids(componentTerms)
)

// index maps the squeezed words of terms to their ids. Where two lists have the
// same words, the first wins.
func index(lists ...[]term) map[string]string {
	byWords := map[string]string{}
	for _, list := range lists {
		for _, t := range list {
			for _, w := range t.words {
				if _, ok := byWords[squeezed(w)]; !ok {
					byWords[squeezed(w)] = t.id
				}
			}
		}
	}
	return byWords
}

func ids(terms []term) map[string]bool {
	set := map[string]bool{}
	for _, t := range terms {
		set[t.id] = true
	}
	return set
}
