package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid" // properties over random pages, with shrinking

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

func TestEditionsPrintAndReadBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"22.10.md", "23.04.md", "25.10.md"} {
		first := mustParse(t, readFile(t, name))
		printed := pagewriter.Write(first.Matrix)
		second := mustParse(t, printed)
		if !second.Matrix.Equal(first.Matrix) {
			t.Errorf("%s reads back as\n%s", name, pagewriter.Write(second.Matrix))
		}
		if again := pagewriter.Write(second.Matrix); again != printed {
			t.Errorf("%s prints as\n%sand then as\n%s", name, printed, again)
		}
		diff(t, name+" warnings", warningLines(second), nil)
	}
}

func TestPrintedPage(t *testing.T) {
	t.Parallel()
	m := mustParse(t, listed("A*b_c \\| `d` | x (y) & \\<z> (optionnel) | TCP/1-3,7, UDP/9",
		"Canopsis | `git.canopsis.net`, a.example.org | TCP/443 | Paquets (Utilisation possible à travers un proxy) |",
		"Administrateurs | Canopsis, MongoDB (optionnel), Bastion | TCP/22 | SSH |",
		"Canopsis | Redis ou Redis Sentinel | TCP/6739 ou TCP/26739 | Cache (optionnel) |",
		"Utilisateurs | Canopsis | TCP/443 (docker) ou TCP/8443 (paquets) | x |",
	)+"\n* Bastion : entrée [des](x.md) machines\n").Matrix
	want := `# Matrice des flux réseau

## Liste des ports Canopsis

| Composant | Description | Port |
| - | - | - |
| A\*b\_c \| d | x (y) \& \<z\> (optionnel) | TCP/1-3,7, UDP/9 |
| API Canopsis | API | TCP/8082 |
| MongoDB | Base | TCP/27017 |
| Nginx | Entrée | TCP/8080,8443 |
| RabbitMQ | Bus | TCP/5672 |
| RabbitMQ UI | Console | TCP/15672 |
| Redis | Cache | TCP/6739 |
| SNMP | Traps | UDP/162 |

## Matrice des flux

| Source | Destination | Port | Description |
| - | - | - | - |
| Administrateurs | Bastion, Canopsis, MongoDB (optionnel) | TCP/22 | SSH |
| Canopsis | Redis ou Redis Sentinel | TCP/6739 ou TCP/26739 | Cache (optionnel) |
| Utilisateurs | Canopsis | TCP/443 (docker) ou TCP/8443 (packages) | x |

### Installation / Accès aux livrables

| Source | Destination | Port | Description |
| - | - | - | - |
| Canopsis | ` + "`a.example.org`, `git.canopsis.net`" + ` | TCP/443 | Paquets (Utilisation possible à travers un proxy) |

## Définition des objets

- Bastion : entrée des machines
`
	if got := pagewriter.Write(m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if back := mustParse(t, want).Matrix; !back.Equal(m) {
		t.Errorf("reads back as\n%s", pagewriter.Write(back))
	}
}

// TestSharedPortsPrintAndReadBack has rows of ports that several components have,
// SSH among them, and several rows that print as one.
func TestSharedPortsPrintAndReadBack(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"one of them optional": pageOf([]string{"RabbitMQ | | TCP/22 (docker) ou TCP/22 (packages)"}, []string{
			"Utilisateurs | RabbitMQ | TCP/80 (docker) ou TCP/80 (packages) | x (optionnel)",
			"Utilisateurs | RabbitMQ | TCP/22 (docker) ou TCP/22 (packages) | x",
		}),
		"listed with the others": pageOf([]string{
			"MongoDB | | TCP/22", "RabbitMQ | | TCP/80 (docker) ou TCP/22 (packages)", "RabbitMQ UI | | TCP/22 (docker) ou TCP/22,80,443 (packages)",
		}, []string{"Administrateurs | MongoDB, Grafana | TCP/22,80,443 | x"}),
		"all listed by one, one by another": pageOf([]string{
			"Nginx | | TCP/80 (docker) ou TCP/162 (packages)", "RabbitMQ | | TCP/80,162,9000", "SNMP | | TCP/443,9000",
		}, []string{"Utilisateurs | Canopsis | TCP/80,9000 | x"}),
	} {
		m := mustParse(t, page).Matrix
		if back := mustParse(t, pagewriter.Write(m)).Matrix; !back.Equal(m) {
			t.Errorf("%s: flows %q, then %q", name, flowLines(m), flowLines(back))
		}
	}
}

// randomPage draws a page: names of the vocabulary and others, ports that
// components have and others, every form of a row. Rows that contradict each
// other are left out.
func randomPage(t *rapid.T) (list, flows []string) {
	port := rapid.SampledFrom([]string{"22", "80", "443", "162", "389", "5672", "6739", "8080", "8082", "8443", "9000", "27017", "1-9", "8000-8010"})
	ports := func() string {
		protocol := rapid.SampledFrom([]string{"TCP", "TCP", "TCP", "UDP"}).Draw(t, "protocol")
		return protocol + "/" + strings.Join(rapid.SliceOfNDistinct(port, 1, 3, rapid.ID[string]).Draw(t, "ports"), ",")
	}
	components := []string{"MongoDB", "RabbitMQ", "RabbitMQ UI", "API Canopsis", "Nginx", "Redis", "Redis Sentinel", "SNMP", "PostgreSQL (TimescaleDB)", "Grafana", "Œuvre 2"}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(components), 1, 8, rapid.ID[string]).Draw(t, "components") {
		cell := ports()
		if rapid.IntRange(0, 3).Draw(t, "labelled") == 0 {
			cell += " (installation via Docker) ou " + ports() + " (via paquets)"
		}
		description := rapid.SampledFrom([]string{"", "Texte", "Texte (optionnel)", "Texte (autre) & <b>"}).Draw(t, "description")
		list = append(list, name+" | "+description+" | "+cell)
	}

	sources := rapid.SampledFrom([]string{"Canopsis", "Utilisateurs", "Administrateurs", "Sources d'événements AMQP", "Connecteurs API", "SNMP", "MongoDB", "Autre_source", "LDAP", "Bastion"})
	destinations := append(slices.Clone(components), "Canopsis", "LDAP", "Serveur LDAP", "Webhook", "Bastion", "Au*tre", "`git.canopsis.net`", "hub.docker.com")
	destination := rapid.SampledFrom(destinations)
	notes := rapid.SampledFrom([]string{"Texte", "Texte | tube", "Texte (optionnel)", "(Utilisation possible à travers un proxy)", "Texte (dépendant de la configuration)", "(entre (autres)"})
	for range rapid.IntRange(1, 10).Draw(t, "rows") {
		names := rapid.SliceOfNDistinct(destination, 1, 3, func(name string) string { return vocabulary().place[keyOf(name)] + squeezed(name) }).Draw(t, "destinations")
		cell, portCell := strings.Join(names, ", "), ports()
		switch form := rapid.IntRange(0, 5).Draw(t, "form"); {
		case form == 0 && len(names) == 1:
			portCell += " ou " + ports()
		case form == 0:
			cell, portCell = strings.Join(names, " ou "), strings.Join(rapid.SliceOfN(rapid.Just(portCell), len(names), len(names)).Draw(t, "same"), " ou ")
		case form == 1:
			portCell += " (docker) ou " + ports() + " (via paquets)"
		case form == 2 && len(names) > 1:
			names[0] += " (optionnel)"
			cell = strings.Join(names, ", ")
		case form == 3:
			portCell += ", " + ports()
		}
		note := strings.ReplaceAll(notes.Draw(t, "notes"), "|", `\|`)
		row := sources.Draw(t, "source") + " | " + cell + " | " + portCell + " | " + note
		if _, err := Parse(pageOf(list, append(slices.Clone(flows), row))); err == nil {
			flows = append(flows, row)
		}
	}
	if len(flows) == 0 {
		t.Skip("every row drawn contradicts another: no page to look at")
	}
	return list, flows
}

func pageOf(list, flows []string) string {
	return "Composant | Description | Port\n-|-|-\n" + strings.Join(list, "\n") +
		"\n\nSource | Destination | Port | Description\n-|-|-|-\n" + strings.Join(flows, "\n") + "\n"
}

func TestRandomMatricesPrintAndReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, flows := randomPage(t)
		m := mustParseRapid(t, pageOf(list, flows))
		printed := pagewriter.Write(m)
		if back := mustParseRapid(t, printed); !back.Equal(m) {
			t.Fatalf("printed\n%s\nreads back as\n%s\nflows %q\nthen  %q\nends %q\nthen %q\ncomponents %q\nthen       %q\nalternatives %q\nthen         %q", printed, pagewriter.Write(back),
				flowLines(m), flowLines(back), endpointLines(m), endpointLines(back), componentLines(m), componentLines(back), alternativeLines(m), alternativeLines(back))
		}
	})
}

// TestSpellingSaysNothing writes a random page in a random spelling.
func TestSpellingSaysNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, flows := randomPage(t)
		want := mustParseRapid(t, pageOf(list, flows))
		listAgain, flowsAgain := rapid.Permutation(list).Draw(t, "list"), rapid.Permutation(flows).Draw(t, "flows")
		page := pageOf(listAgain, flowsAgain)
		if rapid.Bool().Draw(t, "several tables") {
			page = pageOf(listAgain, flowsAgain[:1])
			for _, row := range flowsAgain[1:] {
				page += "\n### Entrant\n\nSource | Destination | Port | Description\n-|-|-|-\n" + row + "\n"
			}
		}
		text := respelled(t, page)
		if got := mustParseRapid(t, text); !got.Equal(want) {
			t.Fatalf("%q\nreads as\n%s\nnot\n%s", text, pagewriter.Write(got), pagewriter.Write(want))
		}
	})
}

// respelled changes what a reader does not see: pipes, padding, case, accents,
// apostrophes, spaces and line ends.
func respelled(t *rapid.T, page string) string {
	pipes := rapid.IntRange(0, 3).Draw(t, "pipes")
	padding := strings.Repeat(" ", rapid.IntRange(0, 5).Draw(t, "padding"))
	var lines []string
	for text := range strings.Lines(page) {
		text = strings.TrimSuffix(text, "\n")
		if strings.Contains(text, "|") {
			text = strings.ReplaceAll(text, " | ", padding+"|"+padding)
			if pipes&1 != 0 {
				text = "|" + padding + text
			}
			if pipes&2 != 0 {
				text += padding + "|"
			}
		}
		lines = append(lines, text)
	}
	page = strings.Join(lines, rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end"))
	for _, change := range []struct {
		name  string
		apply func(string) string
	}{
		{"upper case", strings.ToUpper},
		{"no accents", strings.NewReplacer("é", "e", "É", "E", "œ", "oe", "Œ", "OE").Replace},
		{"decomposed", norm.NFD.String},
		{"apostrophes", strings.NewReplacer("'", "’").Replace},
		{"spaces", strings.NewReplacer(" ", "\u202f").Replace},
		{"byte-order mark", func(s string) string { return "\ufeff" + s }},
		{"prose", func(s string) string { return "Prose.\n\n![](x.png)\n\n" + s + "\n\nProse.\n" }},
	} {
		if rapid.Bool().Draw(t, change.name) {
			page = change.apply(page)
		}
	}
	return page
}

func mustParseRapid(t *rapid.T, text string) *matrix.Matrix {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatalf("%s\nis refused: %s", text, err)
	}
	return p.Matrix
}

// rulesWithoutText lists the ranges of a matrix whose ports the text lacks.
func rulesWithoutText(m *matrix.Matrix, text string) []string {
	var made []string
	for f := range m.Flows() {
		for r := range f.Ports.All() {
			if !strings.Contains(text, fmt.Sprint(r.From())) || !strings.Contains(text, fmt.Sprint(r.To())) {
				made = append(made, m.FlowID(f)+" "+r.String())
			}
		}
	}
	return made
}
