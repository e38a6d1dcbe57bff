package report

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// matrices returns every edition, as published and as corrected.
func matrices(t *testing.T) []*matrix.Matrix {
	t.Helper()
	var all []*matrix.Matrix
	for _, e := range edition.All() {
		published, err := e.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		withProcesses, err := edition.WithProcesses(published)
		if err != nil {
			t.Fatal(err)
		}
		corrected, err := edition.Correct(withProcesses)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, published, corrected)
	}
	return all
}

// reasons returns every sentence that the product itself can say about a flow.
func reasons(t *testing.T) matrix.Description {
	t.Helper()
	var all matrix.Description
	for _, m := range matrices(t) {
		for f := range m.Flows() {
			all = append(all, f.Description...)
		}
	}
	for _, entry := range edition.Interconnections() {
		for _, link := range entry.Links {
			all = append(all, matrix.Because(matrix.InterconnectionLink, link.Description, entry.ID, link.From, link.To)...)
		}
	}
	for _, m := range edition.Memberships() {
		all = append(all, matrix.Because(matrix.MembershipReason, m.Description+" ("+m.Confidence.String()+")", m.Component, m.Confidence.String())...)
	}
	return all
}

// Whoever reads French reads French throughout: each sentence that the product
// itself can say has one in French, the same for the same, and another for
// another.
func TestFrenchIsComplete(t *testing.T) {
	t.Parallel()
	french, english := make(map[string]string), make(map[string]string)
	said := reasons(t)
	if len(said) < 150 {
		t.Fatalf("only %d sentences were found", len(said))
	}
	for _, r := range said {
		text := frenchReason(r)
		switch {
		case r.Kind == matrix.OwnWords:
			t.Errorf("%q is nobody's sentence", r.Text)
		case text == r.Text && r.Text != "Configuration et alarmes":
			t.Errorf("no French for %q, %s %q", r.Text, r.Kind, r.Parameters)
		case french[r.Text] != "" && french[r.Text] != text:
			t.Errorf("%q is %q and %q", r.Text, french[r.Text], text)
		case english[text] != "" && english[text] != r.Text:
			t.Errorf("%q is %q and %q", text, english[text], r.Text)
		}
		french[r.Text], english[text] = text, r.Text
	}
}

func TestFrenchErrataAreComplete(t *testing.T) {
	t.Parallel()
	for _, e := range edition.Errata() {
		french := FrenchErratum(deployment.Finding{Erratum: e})
		for ours, text := range map[string]string{e.Published: french.Published, e.Corrected: french.Corrected, e.Reason: french.Reason} {
			if _, err := matrix.ParsePorts(ours); err != nil && text == ours {
				t.Errorf("%s: no French for %q", e.ID, ours)
			}
		}
	}
	if len(frenchErrata) != len(edition.Errata()) {
		t.Errorf("%d errata have French words, and there are %d", len(frenchErrata), len(edition.Errata()))
	}
}

// What only looks like the product's words is the user's, and stays.
func TestFrenchLeavesOwnWordsAlone(t *testing.T) {
	t.Parallel()
	r := sample().in(French)
	for want, d := range map[string]matrix.Description{
		"Time":                       matrix.InOwnWords("Time"),
		"Metrics; Time":              matrix.InOwnWords("Metrics; Time"),
		"Relay in front of lb":       matrix.InOwnWords("Relay in front of lb"),
		"Synchronisation de l'heure": matrix.Because(matrix.InterconnectionLink, "Time", "ntp", "*", "ntp"),
		"Relais devant a, b":         matrix.Because(matrix.RelayReason, "Relay in front of a, b", "a", "b"),
		"Réplication Redis (valeur par défaut du logiciel)": matrix.Because(matrix.MembershipReason, "?", "redis", "upstream default"),
		"Time ; Métriques": append(matrix.InOwnWords("Time"), matrix.Because(matrix.RowReason, "Metrics", "22.10", "canopsis", "postgresql")...),
		"New sentence":     matrix.Because(matrix.RowReason, "New sentence", "99.1", "a", "b"),
		"Short":            matrix.Because(matrix.MembershipReason, "Short"),
		"":                 nil,
	} {
		if got := words()[r.Language].description(d); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, name := range []string{"Time servers", "Users", "Boîte"} {
		if got := nameIn(French, "another", name); got != name {
			t.Errorf("an endpoint called %q is %q", name, got)
		}
	}
	own := deployment.Finding{Erratum: edition.Erratum{ID: "redis_port", Published: "tcp/6739", Corrected: "tcp/6379", Reason: "seen by us, ticket 42"}}
	if got := FrenchErratum(own); got.Reason != own.Reason {
		t.Errorf("a user's reason became %q", got.Reason)
	}
}

// sameInBoth are the names that need no translation: those of products.
var sameInBoth = []string{
	"AWX", "Alertmanager", "Canopsis", "Centreon", "Consul", "Declarative Tickets", "Drivers (import-context-graph)",
	"Dynatrace", "ElastAlert", "Elasticsearch", "Grafana", "Icinga 2", "Jenkins", "Kibana", "LDAP", "LibreNMS", "MongoDB",
	"Nokia NSP", "PRTG", "PostgreSQL", "RabbitMQ", "Redis", "Redis Sentinel", "Rundeck", "SNMP", "Shinken", "TimescaleDB",
	"Valkey", "Valkey Sentinel", "Visual TOM", "Webhook", "etcd", "livestatus2canopsis",
}

// Every name that the product gives an endpoint is known in both languages.
func TestNamesAreComplete(t *testing.T) {
	t.Parallel()
	type named struct{ id, name string }
	written := make(map[named]bool)
	for _, m := range matrices(t) {
		for end := range m.Endpoints() {
			written[named{end.ID, end.Name}] = true
		}
	}
	for _, entry := range edition.Interconnections() {
		for _, party := range entry.Parties {
			if party.Host == "" { // else the endpoint has its host's id for a name
				written[named{party.ID, party.Name}] = true
			}
		}
	}
	for _, n := range names {
		if n.english == n.french {
			t.Errorf("%q is the same in both languages", n.english)
		}
		if !written[named{n.id, n.english}] && !written[named{n.id, n.french}] {
			t.Errorf("no endpoint %s is called %q or %q", n.id, n.english, n.french)
		}
	}
	for _, end := range slices.SortedFunc(maps.Keys(written), func(a, b named) int { return len(a.id) - len(b.id) }) {
		english, french := nameIn(English, end.id, end.name), nameIn(French, end.id, end.name)
		if english == french && !slices.Contains(sameInBoth, end.name) {
			t.Errorf("is %s, called %q, English, French or both?", end.id, end.name)
		}
		if nameIn(English, end.id, french) != english || nameIn(French, end.id, english) != french {
			t.Errorf("%s is %q and %q, and not back", end.id, english, french)
		}
	}
}

// The steps after the corrections say things of their own.
func TestFrenchOfWholeDeployments(t *testing.T) {
	t.Parallel()
	published, err := edition.Find("22.10")
	if err != nil {
		t.Fatal(err)
	}
	m, err := published.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	d, err := deployment.New(m, deployment.Choices{
		Corrections:      deployment.Apply,
		Clusters:         []string{"mongodb", "redis"},
		Interconnections: []string{"dns", "email_out"},
		AdditionalFlows: map[string]deployment.AdditionalFlow{
			"health": {Source: "lb", Destination: "nginx", Ports: []string{"tcp/8080", "tcp/8443"}, Description: "Time"},
		},
		Relays: map[string]deployment.Relay{
			"lb":    {InFrontOf: []string{"nginx", "canopsis_api"}, Ports: []string{"tcp/443"}},
			"proxy": {InFrontOf: []string{"dns", "ldap"}, Ports: []string{"tcp/3128"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, f := range d.Flows() {
		got[f.ID] = words()[French].description(f.Description)
	}
	for id, want := range map[string]string{
		"users-to-lb":                        "Relais devant canopsis_api, nginx",
		"mongodb-to-proxy":                   "Relais devant dns, ldap",
		"mongodb-to-mongodb":                 "Membres du replica set MongoDB (fichiers de l'éditeur)",
		"redis-to-redis":                     "Réplication Redis (valeur par défaut du logiciel)",
		"proxy-to-dns":                       "Résolution de noms",
		"canopsis-to-logstash-logstash_http": "Notifications pour Logstash, qui les envoie par mail",
		"lb-to-canopsis-nginx":               "Time ; Événements envoyés à l'API ; Interface web et API",
	} {
		if got[id] != want {
			t.Errorf("%s: %q; want %q", id, got[id], want)
		}
	}
}

// TestFrenchWords writes down everything that a report can say in French, for a
// person and for the check of the spelling.
func TestFrenchWords(t *testing.T) {
	t.Parallel()
	said := make(map[string]bool)
	var texts func(v reflect.Value)
	texts = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			said[strings.TrimSpace(v.String())] = true
		case reflect.Struct:
			for i := range v.NumField() {
				texts(v.Field(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				texts(v.MapIndex(key))
			}
		case reflect.Slice:
			for i := range v.Len() {
				texts(v.Index(i))
			}
		default: // functions, whose words are in the golden reports
		}
	}
	for _, words := range []any{inFrench(), frenchLinks, frenchMembers, frenchConfidences, frenchErrata} {
		texts(reflect.ValueOf(words))
	}
	for _, n := range names {
		said[n.french] = true
	}
	var page strings.Builder
	for _, text := range slices.Sorted(maps.Keys(said)) {
		if strings.Trim(text, ":;") != "" {
			page.WriteString("- " + text + "\n")
		}
	}
	golden(t, "fr_words.md", page.String())
}
