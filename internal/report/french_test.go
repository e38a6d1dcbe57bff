package report

import (
	"maps"
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

// Whoever reads French reads French throughout: each sentence that the product
// itself can write is translated, and nothing else is.
func TestFrenchIsComplete(t *testing.T) {
	t.Parallel()
	written := make(map[string]bool)
	for _, m := range matrices(t) {
		for f := range m.Flows() {
			written[f.Description.String()] = true
		}
	}
	for _, e := range edition.Errata() {
		written[e.Reason] = true
		for _, value := range []string{e.Published, e.Corrected} {
			if _, err := matrix.ParsePorts(value); err != nil {
				written[value] = true
			}
		}
	}
	for _, entry := range edition.Interconnections() {
		for _, link := range entry.Links {
			written[link.Description] = true
		}
	}
	for _, member := range edition.Memberships() {
		written[member.Description] = true
	}
	delete(written, "") // a row of the page may say nothing
	for text := range written {
		switch {
		case french[text] == "":
			t.Errorf("no French for %q", text)
		case french[text] == text:
			t.Errorf("%q is no French", text)
		case strings.Contains(text, "; "):
			t.Errorf("%q would be taken for two descriptions", text)
		}
	}
	for text := range french {
		if !written[text] {
			t.Errorf("nothing says %q, which has a French", text)
		}
	}
	for _, c := range []edition.Confidence{edition.VendorFile, edition.VendorExample, edition.UpstreamDefault} {
		if frenchConfidences[c.String()] == "" {
			t.Errorf("no French for the confidence %q", c)
		}
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
	written := make(map[string]bool)
	for _, m := range matrices(t) {
		for end := range m.Endpoints() {
			written[end.Name] = true
		}
	}
	for _, entry := range edition.Interconnections() {
		for _, party := range entry.Parties {
			if party.Host == "" { // else the endpoint bears its host's id
				written[party.Name] = true
			}
		}
	}
	known := slices.Clone(sameInBoth)
	for _, pair := range names {
		if pair[English] == pair[French] {
			t.Errorf("%q is the same in both languages", pair[English])
		}
		if !written[pair[English]] && !written[pair[French]] {
			t.Errorf("no endpoint is called %q or %q", pair[English], pair[French])
		}
		known = append(known, pair[English], pair[French])
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !slices.Contains(known, name) {
			t.Errorf("is %q English, French or both?", name)
		}
	}
	slices.Sort(known)
	if len(slices.Compact(slices.Clone(known))) != len(known) {
		t.Errorf("a name stands twice among %q", known)
	}
}

// The steps after the corrections write texts of their own.
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
			"health": {Source: "lb", Destination: "nginx", Description: "Our own words"},
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
	for f := range d.Matrix.Flows() {
		got[d.Matrix.FlowID(f)] = inFrench(f.Description.String())
	}
	for id, want := range map[string]string{
		"users-to-lb":                        "Relais devant canopsis_api, nginx",
		"mongodb-to-proxy":                   "Relais devant dns, ldap",
		"mongodb-to-mongodb":                 "Membres du replica set MongoDB (fichiers de l'éditeur)",
		"redis-to-redis":                     "Réplication Redis (valeur par défaut du logiciel)",
		"proxy-to-dns":                       "Résolution de noms",
		"canopsis-to-logstash-logstash_http": "Notifications pour Logstash, qui les envoie par mail",
		"lb-to-canopsis-nginx":               "Our own words ; Événements envoyés à l'API ; Interface web et API",
	} {
		if got[id] != want {
			t.Errorf("%s: %q; want %q", id, got[id], want)
		}
	}
}

// What only looks like the product's words is the user's, and stays.
func TestFrenchOfPhrases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"Metrics; A; Time; and 12 more": "Métriques ; A ; Synchronisation de l'heure ; et 12 de plus",
		"Relay in front of lb":          "Relais devant lb",
		"Relay in front of the sun":     "Relay in front of the sun",
		"Our words; and others":         "Our words; and others",
		"and some more":                 "and some more",
		"and 2":                         "and 2",
		"Members (upstream default)":    "Members (upstream default)",
		"Redis replication (ours)":      "Redis replication (ours)",
		"Metrics;Time":                  "Metrics;Time",
		"tcp/6739":                      "tcp/6739",
		"metrics":                       "metrics",
		"Metrics (the vendor's own files, by example)": "Métriques (fichiers de l'éditeur, à titre d'illustration)",
	} {
		if got := inFrench(text); got != want {
			t.Errorf("%q became %q; want %q", text, got, want)
		}
	}
}
