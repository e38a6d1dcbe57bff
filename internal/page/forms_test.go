package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

// small is a page with a port list and the rows of flows given.
func small(flows ...string) string {
	return "# Matrice des flux réseau\n\n## Liste des ports Canopsis\n\n" + smallList + "\n## Matrice des flux\n\n" + flowTable(flows...)
}

const smallList = `Composant | Description | Port |
---|---|---|
MongoDB | Base | TCP/27017 |
RabbitMQ | Bus | TCP/5672 |
RabbitMQ UI | Console | TCP/15672 |
API Canopsis | API | TCP/8082 |
Nginx | Entrée | TCP/8080,8443 |
Redis | Cache | TCP/6739 |
SNMP | Traps | UDP/162 |
`

func flowTable(rows ...string) string {
	return "Source | Destination | Port | Description |\n---|---|---|---|\n" + strings.Join(rows, "\n") + "\n"
}

// listed is a page with one row more in the port list.
func listed(row string, flows ...string) string {
	return strings.Replace(small(flows...), "SNMP |", row+"\nSNMP |", 1)
}

// TestForms reads one form of the page after the other: what a row says in it,
// as flows.
func TestForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		page string
		want []string
	}{
		"comma list of ports": {
			small("Utilisateurs | Canopsis | TCP/8080,8443 | x |"),
			[]string{"users-to-canopsis-nginx tcp/8080, tcp/8443"},
		},
		"space instead of the slash, slash as the separator": {
			small("Canopsis | LDAP | TCP 389 / 636 | x |"),
			[]string{"canopsis-to-ldap tcp/389, tcp/636 at"},
		},
		"colon, lower case, et": {
			small("Canopsis | LDAP | tcp: 389 et 636 | x |"),
			[]string{"canopsis-to-ldap tcp/389, tcp/636 at"},
		},
		"range": {
			small("Canopsis | LDAP | TCP/8000-8010 | x |"),
			[]string{"canopsis-to-ldap tcp/8000-8010 at"},
		},
		"range with an en dash and spaces": {
			small("Canopsis | LDAP | TCP/8000 – 8010, 9000 | x |"),
			[]string{"canopsis-to-ldap tcp/8000-8010, tcp/9000 at"},
		},
		"both protocols in one cell": {
			small("Canopsis | LDAP | TCP/53, UDP/53 | x |"),
			[]string{"canopsis-to-ldap tcp/53, udp/53 at"},
		},
		"both protocols for one port": {
			small("Canopsis | LDAP | TCP/UDP 53 | x |"),
			[]string{"canopsis-to-ldap tcp/53, udp/53 at"},
		},
		"both protocols, separated by et, then one": {
			small("Canopsis | LDAP | TCP et UDP/53, UDP/123 | x |"),
			[]string{"canopsis-to-ldap tcp/53, udp/53, udp/123 at"},
		},
		"overlapping ranges merge, neighbours do not": {
			small("Canopsis | LDAP | TCP/10-20,15-30,31 | x |"),
			[]string{"canopsis-to-ldap tcp/10-30, tcp/31 at"},
		},
		"alternatives of ports": {
			small("Sources d'événements API | Canopsis | TCP/8080,8443 ou TCP/8082 | x |"),
			[]string{
				"api_event_sources-to-canopsis-canopsis_api [canopsis_api] tcp/8082",
				"api_event_sources-to-canopsis-nginx [nginx] tcp/8080, tcp/8443",
			},
		},
		"alternatives with OU and the protocol once": {
			small("Sources d'événements API | Canopsis | TCP/8080,8443 OU 8082 | x |"),
			[]string{
				"api_event_sources-to-canopsis-canopsis_api [canopsis_api] tcp/8082",
				"api_event_sources-to-canopsis-nginx [nginx] tcp/8080, tcp/8443",
			},
		},
		"alternatives of one component": {
			small("Utilisateurs | Canopsis | TCP/8080 Ou TCP/8443 | x |"),
			[]string{
				"users-to-canopsis-nginx [nginx_8080] tcp/8080",
				"users-to-canopsis-nginx [nginx_8443] tcp/8443",
			},
		},
		"alternatives of one component and another": {
			small("Utilisateurs | Canopsis | TCP/8080 ou TCP/8443 ou TCP/8082 | x |"),
			[]string{
				"users-to-canopsis-canopsis_api [canopsis_api] tcp/8082",
				"users-to-canopsis-nginx [nginx_8080] tcp/8080",
				"users-to-canopsis-nginx [nginx_8443] tcp/8443",
			},
		},
		"alternatives that differ in the protocol alone": {
			small("Canopsis | LDAP | TCP/53 ou UDP/53 | x |"),
			[]string{
				"canopsis-to-ldap [ldap_tcp_53] tcp/53 at",
				"canopsis-to-ldap [ldap_udp_53] udp/53 at",
			},
		},
		"an alternative with ports of two components": {
			small("Utilisateurs | Canopsis | TCP/8080,8082 ou TCP/9000 | x |"),
			[]string{
				"users-to-canopsis-canopsis_api [canopsis_api_and_nginx] tcp/8082",
				"users-to-canopsis-nginx [canopsis_api_and_nginx] tcp/8080",
				"users-to-canopsis-tcp_9000 [tcp_9000] tcp/9000 at",
			},
		},
		"alternatives that say the same": {
			small("Utilisateurs | Canopsis | TCP/8080 ou TCP/8080 | x |"),
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"labelled alternatives": {
			small("Utilisateurs | Canopsis | TCP/80,443 (installation via Docker) ou TCP/8080,8443 (via paquets) | x |"),
			[]string{
				"users-to-canopsis-http [docker] tcp/80 at",
				"users-to-canopsis-https [docker] tcp/443 at",
				"users-to-canopsis-nginx [packages] tcp/8080, tcp/8443",
			},
		},
		"labels in the port list alone": {
			listed("Portail | x | TCP/81,444 (installation via Docker) ou TCP/8081,8444 (via paquets) |", "Utilisateurs | Canopsis | TCP/8081,8444 ou TCP/81,444 | x |"),
			[]string{
				"users-to-canopsis-portail [docker] tcp/81, tcp/444",
				"users-to-canopsis-portail [packages] tcp/8081, tcp/8444",
			},
		},
		"labels in the port list, for other ports than the row's": {
			listed("Portail | x | TCP/81,444 (installation via Docker) ou TCP/8081 (via paquets) |", "Utilisateurs | Canopsis | TCP/81 ou TCP/8081 | x |"),
			[]string{
				"users-to-canopsis-portail [docker] tcp/81",
				"users-to-canopsis-portail [packages] tcp/8081",
			},
		},
		"labels in the port list, and what listens outside": {
			listed("Portail | x | TCP/81 (installation via Docker) ou TCP/8081 (via paquets) |", "Canopsis | LDAP | TCP/81 ou TCP/8081 | x |"),
			[]string{
				"canopsis-to-ldap [ldap_8081] tcp/8081 at",
				"canopsis-to-ldap [ldap_81] tcp/81 at",
			},
		},
		"a third label in the port list alone": {
			strings.Replace(small("Utilisateurs | Canopsis | TCP/80,443 ou TCP/8080,8443 | x |"), "| TCP/8080,8443 |", "| TCP/80,443 (Docker) ou TCP/8080,8443 (paquets) ou TCP/30443 (Helm) |", 1),
			[]string{
				"users-to-canopsis-nginx [docker] tcp/80, tcp/443",
				"users-to-canopsis-nginx [packages] tcp/8080, tcp/8443",
			},
		},
		"a row with one option takes no label": {
			strings.Replace(small("Utilisateurs | Canopsis | TCP/443 | x |"), "| TCP/8080,8443 |", "| TCP/443 (Docker) ou TCP/8443 (paquets) |", 1),
			[]string{"users-to-canopsis-nginx tcp/443"},
		},
		"a label alone": {
			small("Utilisateurs | Canopsis | TCP/8080 (via paquets) | x |"),
			[]string{"users-to-canopsis-nginx [packages] tcp/8080"},
		},
		"unknown labels": {
			small("Utilisateurs | Canopsis | TCP/8080 (installation par Hélice) ou TCP/8443 (Turbine) | x |"),
			[]string{
				"users-to-canopsis-nginx [helice] tcp/8080",
				"users-to-canopsis-nginx [turbine] tcp/8443",
			},
		},
		"an unknown label that another row offers as a choice": {
			small("Utilisateurs | Canopsis | TCP/8080 (Helm) ou TCP/8443 (via paquets) | x |", "Canopsis | LDAP | TCP/389 (Helm) | x |"),
			[]string{
				"canopsis-to-ldap [helm] tcp/389 at",
				"users-to-canopsis-nginx [helm] tcp/8080",
				"users-to-canopsis-nginx [packages] tcp/8443",
			},
		},
		"a remark beside a port": {
			small("Utilisateurs | Canopsis | TCP/8443 (HTTPS) | x |"),
			[]string{"users-to-canopsis-nginx tcp/8443"},
		},
		"optional beside a port": {
			small("Canopsis | LDAP | TCP/636 (optionnel) | x |"),
			[]string{"canopsis-to-ldap tcp/636 optional at"},
		},
		"comma list of destinations": {
			small("Administrateurs | Canopsis, MongoDB; Redis | TCP/22 | x |"),
			[]string{
				"administrators-to-canopsis-ssh tcp/22 at",
				"administrators-to-mongodb-ssh tcp/22 at",
				"administrators-to-redis-ssh tcp/22 at",
			},
		},
		"comma list of sources": {
			small("Utilisateurs, Administrateurs | Canopsis | TCP/8443 | x |"),
			[]string{
				"administrators-to-canopsis-nginx tcp/8443",
				"users-to-canopsis-nginx tcp/8443",
			},
		},
		"alternatives of destinations, paired": {
			small("Canopsis | Redis ou Redis Sentinel | TCP/6739 ou TCP/26739 | x |"),
			[]string{
				"canopsis-to-redis [redis] tcp/6739",
				"canopsis-to-redis_sentinel [redis_sentinel] tcp/26739",
			},
		},
		"several host names as one alternative of destinations": {
			small("Canopsis | LDAP ou git.canopsis.net, hub.docker.com | TCP/389 ou TCP/443 | x |"),
			[]string{
				"canopsis-to-ldap [ldap] tcp/389 at",
				"canopsis-to-package_repositories-https [https] tcp/443 at",
			},
		},
		"alternatives of destinations with one component": {
			small("Administrateurs | MongoDB ou Redis | TCP/22 ou TCP/22 | x |"),
			[]string{
				"administrators-to-mongodb-ssh [mongodb] tcp/22 at",
				"administrators-to-redis-ssh [redis] tcp/22 at",
			},
		},
		"one of the destinations optional": {
			small("Administrateurs | Canopsis, MongoDB (optionnel) | TCP/22 | x |"),
			[]string{
				"administrators-to-canopsis-ssh tcp/22 at",
				"administrators-to-mongodb-ssh tcp/22 optional at",
			},
		},
		"host names in back-quotes": {
			small("Canopsis | `git.canopsis.net`, `Docker.Canopsis.net` | TCP/443 | x |"),
			[]string{"canopsis-to-package_repositories-https tcp/443 at"},
		},
		"host names as links, bare and with a scheme": {
			small("Canopsis | [git.canopsis.net](https://git.canopsis.net/), <https://hub.docker.com>, nexus.canopsis.net | TCP/443,80 | x |"),
			[]string{
				"canopsis-to-package_repositories-http tcp/80 at",
				"canopsis-to-package_repositories-https tcp/443 at",
			},
		},
		"host names in two rows": {
			small("Canopsis | git.canopsis.net | TCP/443 | x |", "Canopsis | hub.docker.com | TCP/443 | y |"),
			[]string{"canopsis-to-package_repositories-https tcp/443 at"},
		},
		"a port of the repositories that is no service": {
			small("Canopsis | `registry.canopsis.net` | TCP/5000, UDP/443, TCP/20-25 | x |"),
			[]string{
				"canopsis-to-package_repositories-tcp_20_25 tcp/20-25 at",
				"canopsis-to-package_repositories-tcp_5000 tcp/5000 at",
				"canopsis-to-package_repositories-udp_443 udp/443 at",
			},
		},
		"links, emphasis, pictures, references and line breaks in cells": {
			small("**Utilisateurs** ![Administrateurs](x.png) | [Canopsis](a.md) | *TCP*/`8080` **ou**<br> TCP/8082 | x |"),
			[]string{
				"users-to-canopsis-canopsis_api [canopsis_api] tcp/8082",
				"users-to-canopsis-nginx [nginx] tcp/8080",
			},
		},
		"links by reference": {
			small("[Utilisateurs][u] | Canopsis | TCP/8080 | x |") + "\n[u]: https://example.org/\n",
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"character references and backslashes": {
			small(`Sources d&#39;&eacute;v&eacute;nements API | Canopsis | TCP\/8080&nbsp; | a \| b |`),
			[]string{"api_event_sources-to-canopsis-nginx tcp/8080"},
		},
		"a row of two components is two flows": {
			small("Connecteurs API | Canopsis | TCP 8082 / 8080 | x |"),
			[]string{
				"api_event_sources-to-canopsis-canopsis_api tcp/8082",
				"api_event_sources-to-canopsis-nginx tcp/8080",
			},
		},
		"a component's own port that is not listed": {
			small("Canopsis | Redis | TCP/6379 | x |"),
			[]string{"canopsis-to-redis tcp/6379"},
		},
		"ssh beside a component's own port": {
			small("Administrateurs | Redis | TCP/22,6379 | x |"),
			[]string{
				"administrators-to-redis tcp/6379",
				"administrators-to-redis-ssh tcp/22 at",
			},
		},
		"a component that has a service's port": {
			listed("Grafana | x | TCP/443", "Utilisateurs | Grafana | TCP/443,80 | x |"),
			[]string{
				"users-to-grafana tcp/80, tcp/443",
			},
		},
		"a component elsewhere is drawn where the page draws it": {
			small("Sources d'événements AMQP | Canopsis | TCP/5672 | x |", "Canopsis | RabbitMQ | TCP/5672 | x |"),
			[]string{
				"amqp_event_sources-to-canopsis-rabbitmq tcp/5672 at",
				"canopsis-to-rabbitmq tcp/5672",
			},
		},
		"of two components with one port that of the host": {
			listed("Apache | x | TCP/8080", "Utilisateurs | Canopsis | TCP/8080 | x |", "Canopsis | Apache | TCP/9999 | x |"),
			[]string{
				"canopsis-to-apache tcp/9999",
				"users-to-canopsis-nginx tcp/8080",
			},
		},
		"services and ports that nobody has": {
			small("Administrateurs | Canopsis | TCP/22,80,443, UDP/161 | x |"),
			[]string{
				"administrators-to-canopsis-http tcp/80 at",
				"administrators-to-canopsis-https tcp/443 at",
				"administrators-to-canopsis-ssh tcp/22 at",
				"administrators-to-canopsis-udp_161 udp/161 at",
			},
		},
		"an unknown host that administrators reach by SSH": {
			small("Administrateurs | Canopsis, Bastion Nord | TCP/22 | x |", "Bastion Nord | Canopsis | TCP/8080 | x |"),
			[]string{
				"administrators-to-bastion_nord-ssh tcp/22 at",
				"administrators-to-canopsis-ssh tcp/22 at",
				"bastion_nord-to-canopsis-nginx tcp/8080",
			},
		},
		"an unknown system that Canopsis reaches by SSH": {
			small("Canopsis | Dépôt distant | TCP/22 | x |"),
			[]string{"canopsis-to-depot_distant tcp/22 at"},
		},
		"an outside system reached on a component's port": {
			small("Canopsis | Autre système | TCP/8082 | x |"),
			[]string{"canopsis-to-autre_systeme tcp/8082 at"},
		},
		"SNMP as a source and as a destination": {
			small("SNMP | SNMP | UDP/162 | x |"),
			[]string{"snmp_trap_sources-to-snmp udp/162"},
		},
		"a component as a source": {
			small("RabbitMQ | MongoDB | TCP/27017 | x |"),
			[]string{"rabbitmq-to-mongodb tcp/27017"},
		},
		"notes": {
			small("Canopsis | LDAP | TCP/389 | Annuaire (optionnel) (Utilisation possible à travers un proxy) (dépendant de la configuration : reverse proxy, etc.). |"),
			[]string{"canopsis-to-ldap tcp/389 optional proxy configuration at"},
		},
		"the same row twice": {
			small("Canopsis | LDAP | TCP/389,636 | x |", "Canopsis | Serveur LDAP | TCP 636 / 389 | y |"),
			[]string{"canopsis-to-ldap tcp/389, tcp/636 at"},
		},
		"no description": {
			strings.ReplaceAll(small(), "| Description |\n---|---|---|---|\n", "|\n---|---|---|\nCanopsis | LDAP | TCP/389 |\n"),
			[]string{"canopsis-to-ldap tcp/389 at"},
		},
		"other order of columns, unknown column": {
			"Port | Composant | Depuis\n-|-|-\nTCP/8080 | Nginx | 4.4\n\nDescription | Ports | Note | Destinations | Sources\n:-|:-:|-:|-|-\nx | TCP/8080 | n | Canopsis | Utilisateurs\n",
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"an empty cell too many, an empty column": {
			small("Canopsis | LDAP | TCP/389 | x | |") + "\n" + "Source | Destination | Port | Description | |\n-|-|-|-|-|\nUtilisateurs | Canopsis | TCP/8080 | x\nSNMP | Canopsis | UDP/162 | x | y |\n",
			[]string{
				"canopsis-to-ldap tcp/389 at",
				"snmp_trap_sources-to-canopsis-snmp udp/162",
				"users-to-canopsis-nginx tcp/8080",
			},
		},
		"rules, empty heading and list around the tables": {
			"---\n#\n# \n" + small(goodFlow) + "- Utilisateurs : x\n- rien\n- \\: [x]: y\n- " + strings.Repeat("x", 5000) + ":\n---\n",
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"unfinished front matter": {
			"---\ntitle: x\n" + small(goodFlow),
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"components given twice": {
			listed("nginx (optionnel) | Entrée (optionnel) | TCP 8443 / 8080", goodFlow),
			[]string{"users-to-canopsis-nginx tcp/8080"},
		},
		"parentheses without their counterpart": {
			small(`Canopsis | a) b(c, d(e)f, g ((h, i) ou j) | TCP/1 | (\w (optionnel) |`),
			[]string{
				"canopsis-to-a_b_c tcp/1 optional at",
				"canopsis-to-d_e_f tcp/1 optional at",
				"canopsis-to-g_h_i_ou_j tcp/1 optional at",
			},
		},
		"four tables": {
			"### Entrant\n\n" + smallList + flowTableAfter("Utilisateurs | Canopsis | TCP/8080 | x |") + flowTableAfter("Canopsis | LDAP | TCP/389 | x |"),
			[]string{
				"canopsis-to-ldap tcp/389 at",
				"users-to-canopsis-nginx tcp/8080",
			},
		},
		"tables in code, in comments and of other kinds": {
			"```\n" + small("Canopsis | LDAP | TCP/1 | x |") + "```\n~~~~ md\n~~~\n" + flowTable("Canopsis | LDAP | TCP/2 | x |") + "~~~~\n<!--\n" +
				flowTable("Canopsis | LDAP | TCP/3 | x |") + "-->\n    " + strings.ReplaceAll(flowTable("Canopsis | LDAP | TCP/4 | x |"), "\n", "\n    ") + "\n\n" +
				"Nom | Valeur\n-|-\na | b\n\n" + small("Canopsis | LDAP | TCP/389 | x |"),
			[]string{"canopsis-to-ldap tcp/389 at"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diff(t, "flows", flowLines(mustParse(t, test.page).Matrix), test.want)
		})
	}
}

func flowTableAfter(rows ...string) string { return "\n" + flowTable(rows...) }

// TestSpellings reads the page of 22.10 in spellings that a reader would not
// tell apart.
func TestSpellings(t *testing.T) {
	t.Parallel()
	page := readFile(t, "22.10.md")
	want := mustParse(t, page).Matrix
	everyRow := func(change func(string) string) string {
		lines := strings.Split(page, "\n")
		for i, text := range lines {
			if strings.Contains(text, "|") {
				lines[i] = change(text)
			}
		}
		return strings.Join(lines, "\n")
	}
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(page) }
	tests := map[string]string{
		"Windows line ends":       replaced("\n", "\r\n"),
		"old Mac line ends":       replaced("\n", "\r"),
		"byte-order mark":         "\ufeff" + page,
		"front matter":            "---\ntitle: Matrice | x\n---\n" + page,
		"typographic apostrophes": replaced("'", "’"),
		"straight apostrophes":    replaced("’", "'"),
		"no accents":              replaced("é", "e", "É", "E", "à", "a", "ê", "e"),
		"decomposed accents":      replaced("é", "e\u0301", "à", "a\u0300"),
		"capitals":                strings.ToUpper(strings.ReplaceAll(page, "`", "")),
		"lower case":              strings.ToLower(page),
		"no-break spaces":         replaced(" ", "\u00a0"),
		"narrow no-break spaces":  replaced(" :", "\u202f:", "MongoDB", "\u200bMongoDB"),
		"soft hyphens":            replaced("Canopsis", "Cano\u00adpsis"),
		"leading pipes":           everyRow(func(row string) string { return "| " + row }),
		"no trailing pipes":       everyRow(func(row string) string { return strings.TrimRight(row, " |") }),
		"no padding":              everyRow(func(row string) string { return strings.ReplaceAll(row, " | ", "|") }),
		"much padding":            everyRow(func(row string) string { return strings.ReplaceAll(row, "|", "   \t  |   ") }),
		"indented rows":           everyRow(func(row string) string { return "  " + row }),
		"short delimiters":        replaced("-------------", "-", "------", "-"),
		"no glossary":             page[:strings.Index(page, "## Définition")],
		"no prose and headings":   everyLine(page, func(text string) bool { return text == "" || strings.Contains(text, "|") }),
		"bare host names":         replaced("`", ""),
		"no final line end":       strings.TrimRight(page, "\n"),
		"semicolons in lists":     replaced("Canopsis, MongoDB", "Canopsis ; MongoDB"),
		"full stops after names":  replaced("Utilisateurs |", "Utilisateurs. |"),
		"spaces in names":         replaced("MongoDB", "Mongo DB", "PostgreSQL", "Postgre-SQL"),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text == page {
				t.Fatal("the spelling is the page's own")
			}
			p := mustParse(t, text)
			if !p.Matrix.Equal(want) {
				t.Errorf("got\n%s\nwant\n%s", pagewriter.Write(p.Matrix), pagewriter.Write(want))
			}
			diff(t, "warnings", warningLines(p), nil)
		})
	}
}

// everyLine keeps the lines for which keep is true.
func everyLine(text string, keep func(string) bool) string {
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(text string) bool { return !keep(text) }), "\n")
}

func TestDifferentPagesAreNotEqual(t *testing.T) {
	t.Parallel()
	page := readFile(t, "22.10.md")
	want := mustParse(t, page).Matrix
	for _, pair := range [][2]string{
		{"Canopsis | LDAP | TCP/389,636", "Canopsis | LDAP | TCP/389"},
		{"Canopsis | LDAP | TCP/389,636", "Canopsis | Webhook | TCP/389,636"},
		{"TCP/8082|", "TCP/8083|"},
		{"UDP/162   |", "TCP/162   |"},
		{"Redis ou Redis Sentinel | TCP/6739 ou TCP/26739", "Redis Sentinel ou Redis | TCP/26739 ou TCP/6739"},
		{"| Cache |", "| Cache (optionnel) |"},
		{"à travers un proxy", "à travers un pont"},
	} {
		changed := strings.Replace(page, pair[0], pair[1], 1)
		if changed == page {
			t.Fatalf("the page has no %q", pair[0])
		}
		if mustParse(t, changed).Matrix.Equal(want) {
			t.Errorf("%q reads as %q", pair[1], pair[0])
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	text := `# Matrice

## Avant-propos

Prose.

### Détails

Nom | Valeur
----|-------
a | b

## Liste des ports Canopsis

Composant | Depuis | Port
-|-|-
Nginx | 4.4 | TCP/8080
Chose-Ø 2 | 25 | TCP/8443 (TLS)

## Nuages

### Sortant

Source | Destination | Port
-|-|-
Canopsis | Système d'à côté | TCP/1
Canopsis | système D'À COTÉ | TCP/1
3DS | Canopsis | TCP/8080

## Annexe
`
	diff(t, "warnings", warningLines(mustParse(t, text)), []string{
		`1: no edition has the heading "Matrice", and a port list stands under it`,
		`3: the section "Avant-propos" was ignored`,
		`9: the table with the columns "Nom | Valeur" was ignored`,
		`15: the column "Depuis" was ignored`,
		`18: "Chose-Ø 2" is outside the vocabulary: its id is chose_o_2`,
		`18: the remark "(TLS)" beside a port was ignored`,
		`20: no edition has the heading "Nuages", and a table of flows stands under it`,
		`26: "Système d'à côté" is outside the vocabulary: its id is systeme_d_a_cote`,
		`28: "3DS" is outside the vocabulary: its id is n_3ds`,
		`30: the section "Annexe" was ignored`,
	})
}

func TestManyWarnings(t *testing.T) {
	t.Parallel()
	p := mustParse(t, small("Canopsis | LDAP | TCP/389 | x |")+strings.Repeat("\n## Annexe\n", 25))
	if n := len(p.Warnings); n != 21 || p.Warnings[20].Text != "5 more warnings are not shown" {
		t.Errorf("got %d warnings, the last %+v", n, p.Warnings[n-1])
	}
}

// TestNames takes for an endpoint with several names one that reads back as it
// in every column.
func TestNames(t *testing.T) {
	t.Parallel()
	m := mustParse(t, small(
		"SNMP | SNMP | UDP/162 | x |",
		"Canopsis | connecteur SNMP | UDP/162 | x |",
		"connecteur SNMP | Serveur LDAP, ldap, LDAP | TCP/389 | x |",
	)).Matrix
	for id, want := range map[string]string{"snmp_trap_sources": "SNMP", "snmp": "connecteur SNMP", "ldap": "LDAP"} {
		if e, ok := m.Endpoint(id); !ok || e.Name != want {
			t.Errorf("%s: got %q, want %q", id, e.Name, want)
		}
	}
}

// TestDuplicateComponent keeps what both rows of one component say.
func TestDuplicateComponent(t *testing.T) {
	t.Parallel()
	m := mustParse(t, listed("nginx (optionnel) | Accès | TCP 8443 / 8080", goodFlow)).Matrix
	c, _ := m.Component("nginx")
	if c.Name != "Nginx" || c.Description != "Accès" || c.Optional {
		t.Errorf("got %+v", c)
	}
}
