package page

import (
	"sync"

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
	{"amqp_event_sources", []string{"Sources d'événements AMQP", "Source d'événements AMQP", "Connecteurs AMQP", "Connecteur AMQP"}},
	{"api_event_sources", []string{"Sources d'événements API", "Source d'événements API", "Connecteurs API", "Connecteur API"}},
	{"snmp_trap_sources", []string{"Sources d'événements trap SNMP", "Sources d'événements SNMP", "SNMP"}},
	{"cmdb_drivers", []string{"Drivers (import-context-graph)", "Driver (import-context-graph)", "Drivers", "Driver"}},
}

// methodTerms name how Canopsis was installed.
var methodTerms = []term{
	{"docker", []string{"Docker", "Docker Compose"}},
	{"packages", []string{"paquets", "paquet", "packages", "package"}},
	{"helm", []string{"Helm", "Kubernetes", "K8s"}},
}

// lexicon finds ids by names.
type lexicon struct {
	component map[string]string // the ids of names, by key, as the port list means them
	place     map[string]string // as a destination
	source    map[string]string // as a source
	method    map[string]string // of the installation methods' labels
	ids       map[string]bool   // of all but labels
	listed    map[string]bool   // of what the port lists of the editions have
	squeezed  map[int][]term    // one word each: the names, squeezed, by their length
}

// vocabulary is the vendor's. It is made when the first page is read.
var vocabulary = sync.OnceValue(func() *lexicon {
	l := &lexicon{
		component: index(componentTerms),
		place:     index(componentTerms, placeTerms, sourceTerms),
		source:    index(sourceTerms, componentTerms, placeTerms),
		method:    index(methodTerms),
		ids:       map[string]bool{},
		listed:    map[string]bool{},
		squeezed:  map[int][]term{},
	}
	for _, terms := range [][]term{componentTerms, placeTerms, sourceTerms} {
		for _, t := range terms {
			l.ids[t.id] = true
			for _, w := range t.words {
				l.addSqueezed(t.id, w)
			}
		}
	}
	for _, t := range componentTerms {
		l.listed[t.id] = true
	}
	return l
})

func (l *lexicon) addSqueezed(id, name string) {
	word := squeezed(name)
	l.squeezed[len(word)] = append(l.squeezed[len(word)], term{id, []string{name, word}})
}

// IDOf returns the id of a name that the vendor has, or had, for a component, a
// host, an actor or an outside system: "TimescaleDB" is postgresql.
func IDOf(name string) (id string, ok bool) {
	id, ok = vocabulary().place[keyOf(name)]
	return id, ok
}

// index maps the keys of terms, and their ids, to the ids. Where two lists have
// the same key, the first wins.
func index(lists ...[]term) map[string]string {
	byKey := map[string]string{}
	add := func(key, id string) {
		if _, ok := byKey[key]; !ok {
			byKey[key] = id
		}
	}
	for _, list := range lists {
		for _, t := range list {
			for _, w := range t.words {
				add(keyOf(w), t.id)
			}
		}
	}
	for _, list := range lists {
		for _, t := range list {
			add(keyOf(t.id), t.id)
		}
	}
	return byKey
}
