package page

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goodFlow = "Utilisateurs | Canopsis | TCP/8080 | x |"

// refusals are pages with something wrong, in the order of the golden file.
var refusals = []struct{ name, page string }{
	{"empty", ""},
	{"blank", "\ufeff \u00a0\r\n\t\r\n"},
	{"one byte more than a page may have", strings.Repeat("x", MaxSize+1)},
	{"binary", "# Matrice\n\x00\x01\x02\n"},
	{"latin-1", "# Matrice\r\n\r\nMatrice des flux r\xe9seau\r\n"},
	{"an HTML page without the tables", "<!DOCTYPE html>\n<html><body><table><tr><td>MongoDB</td></tr></table></body></html>\n"},
	{"an HTML table", "# Matrice\n\n<table><tr><td>MongoDB</td></tr></table>\n"},
	{"prose", "# Matrice\n\nRien.\n"},
	{"no port list", "# Matrice\n\n" + flowTable(goodFlow)},
	{"no table of flows", "# Matrice\n\n" + smallList},
	{"a table of flows without rows", small()},
	{"a port list without rows", "Composant | Description | Port\n-|-|-\n\n" + flowTable(goodFlow)},
	{"no Port column", smallList + "\nSource | Destination | Description\n-|-|-\nUtilisateurs | Canopsis | x\n"},
	{"a column twice", smallList + "\nSource | Destination | Port | Ports\n-|-|-|-\nUtilisateurs | Canopsis | TCP/1 | TCP/2\n"},
	{"header and delimiter row differ", smallList + "\nSource | Destination | Port | Description\n-|-|-\nUtilisateurs | Canopsis | TCP/1 | x\n"},
	{"two pages", small(goodFlow) + "\n" + small(goodFlow)},
	{"two pages without headings", smallList + "\n" + flowTable(goodFlow) + "\n" + smallList + "\n" + flowTable(goodFlow)},
	{"two pages by their headings", "# Matrice des flux réseau\n\n" + smallList + "\n# MATRICE DES FLUX RESEAU\n\n" + flowTable(goodFlow)},
	{"a page in English", "# Network flow matrix\n\n## Canopsis ports\n\nComponent | Description | Port\n-|-|-\nMongoDB | Database | TCP/27017\n\n" +
		"## Flow matrix\n\n" + flowTable("Users | Canopsis | TCP/8080 | x |")},
	{"an English port list", "Components | Description | Port\n-|-|-\nMongoDB | Database | TCP/27017\n\n" + flowTable("Users | Canopsis | TCP/8080 | x |")},

	{"port 0", small("Canopsis | LDAP | TCP/0 | x |")},
	{"port 65536", small("Canopsis | LDAP | TCP/389,65536 | x |")},
	{"a port of thirty digits", small("Canopsis | LDAP | TCP/" + strings.Repeat("1", 30) + " | x |")},
	{"a port with a leading zero", small("Canopsis | LDAP | TCP/0389 | x |")},
	{"a negative port", small("Canopsis | LDAP | TCP/-389 | x |")},
	{"a port with a space inside", small("Canopsis | LDAP | TCP/27 017 | x |")},
	{"a port with a character without width inside", small("Canopsis | LDAP | TCP/2\u200b7\u00ad017 | x |")},
	{"a port that Markdown hides", small("Canopsis | LDAP | TCP/2*7*017 | x |", "Canopsis | LDAP | TCP/&#51;89 | x |")},
	{"a port in words", small("Canopsis | LDAP | TCP/https | x |")},
	{"a range that ends before it starts", small("Canopsis | LDAP | TCP/8010-8000 | x |")},
	{"an open range", small("Canopsis | LDAP | TCP/8000- | x |")},
	{"another protocol", small("Canopsis | LDAP | ICMP/8 | x |")},
	{"a protocol glued to its port", small("Canopsis | LDAP | TCP389 | x |")},
	{"no protocol", small("Canopsis | LDAP | 389 | x |")},
	{"the protocol behind the port", small("Canopsis | LDAP | 389/TCP | x |")},
	{"no port", small("Canopsis | LDAP | TCP | x |")},
	{"a comma too many", small("Canopsis | LDAP | TCP/389,,636 | x |", "Canopsis | LDAP | TCP/389, | x |")},
	{"an ou too many", small("Canopsis | LDAP | TCP/389 ou ou TCP/636 | x |", "Canopsis | LDAP | ou TCP/389 | x |")},
	{"a label before the port", small("Canopsis | LDAP | (docker) TCP/389 | x |")},
	{"a label that says nothing", small("Canopsis | LDAP | TCP/389 (…) ou TCP/636 (via paquets) | x |")},
	{"a label for one alternative of two", small("Canopsis | LDAP | TCP/389 (docker) ou TCP/636 | x |")},
	{"a label twice", small("Canopsis | LDAP | TCP/389 (docker) ou TCP/636 (Docker) | x |")},
	{"nine alternatives", small("Canopsis | LDAP | TCP/1 ou 2 ou 3 ou 4 ou 5 ou 6 ou 7 ou 8 ou 9 | x |")},
	{"a wrong port in the port list", listed("Grafana | x | TCP/99999", goodFlow)},

	{"a missing cell", small("Canopsis | LDAP | TCP/389 |")},
	{"an empty cell", small("Canopsis | | TCP/389 | x |", " | LDAP | TCP/389 | x |", "Canopsis | LDAP | | x |")},
	{"a cell too many", small("Canopsis | LDAP | TCP/389 | TCP/636 | x |")},
	{"prose behind a table", small(goodFlow, "Voir aussi le schéma.")},
	{"a row of 2049 bytes", small("Canopsis | LDAP | TCP/389 | " + strings.Repeat("x", 2049-len("Canopsis | LDAP | TCP/389 |  |")) + " |")},
	{"a missing name", small("Canopsis | MongoDB,, Redis | TCP/22 | x |", "(optionnel) | LDAP | TCP/1 | x |")},
	{"a name in another script", small("Пользователи | Canopsis | TCP/8080 | x |")},
	{"a component in another script", listed("Редис | x | TCP/1", goodFlow)},
	{"a name of 64 letters", small(strings.Repeat("n", 64) + " | Canopsis | TCP/8080 | x |")},
	{"65 names", small("Canopsis | " + names(65) + " | TCP/8080 | x |")},
	{"several components in a row", listed("Redis, Sentinel | x | TCP/1", goodFlow)},
	{"alternative sources", small("Utilisateurs ou Administrateurs | Canopsis | TCP/8080 | x |")},

	{"an address", "https://doc.canopsis.net/guide-administration/matrice-des-flux-reseau/"},
	{"two destinations and one port", small("Canopsis | Redis ou Redis Sentinel | TCP/6379 | x |")},
	{"two destinations and three ports", small("Canopsis | Redis ou Redis Sentinel | TCP/1 ou TCP/2 ou TCP/3 | x |")},
	{"alternatives of destinations that are lists", small("Canopsis | Redis, MongoDB ou Redis Sentinel | TCP/1 ou TCP/2 | x |")},
	{"alternatives of destinations with labels", small("Canopsis | Redis ou Redis Sentinel | TCP/1 (docker) ou TCP/2 (paquets) | x |")},

	{"rows that contradict each other", small("Canopsis | LDAP | TCP/389,636 | x |", goodFlow, "Canopsis | Serveur LDAP | TCP/389 | y |")},
	{"rows with several ends that contradict each other", small("Canopsis, Utilisateurs, Administrateurs | LDAP | TCP/389,636 | x |", "Utilisateurs, Canopsis, Administrateurs | LDAP | TCP/389 | y |")},
	{"a label in one of two rows", small("Canopsis | LDAP | TCP/389 | x |", "Canopsis | LDAP | TCP/389 (docker) ou TCP/636 (paquets) | y |")},
	{"components that contradict each other", listed("Redis | Cache | TCP/6379", goodFlow)},

	{"struck, negated and hidden names", small("Canopsis | ~~LDAP~~ | TCP/389 | x |", "<del>Canopsis</del> | LDAP | TCP/389 | x |", "Canopsis | <s>LDAP</s> | TCP/389 | x |",
		"Canopsis | LDAP | <STRIKE>TCP/389</STRIKE> | x |", "Canopsis | LDAP | TCP/389 | ~x~ |", "Canopsis | !MongoDB | TCP/27017 | x |", "Canopsis | -MongoDB | TCP/27017 | x |",
		"Canopsis | <span hidden>MongoDB</span> | TCP/27017 | x |", "Canopsis | <span style=\"display: none\">MongoDB</span> | TCP/27017 | x |", "Canopsis | MongoDB <!-- non --> | TCP/27017 | x |",
		"~~Canopsis | LDAP | TCP/389 | x~~ |", "Canopsis | L\u0336D\u0336A\u0336P\u0336 | TCP/389 | x |", "Canopsis | ❌ LDAP | TCP/389 | x |", "Canopsis | LDAP | ≠ TCP/389 | x |",
		"Canopsis | LDAP | TCP/389 (!docker) | x |", "#Canopsis | LDAP | TCP/389 | x |")},
	{"a struck component", listed("~~Grafana~~ | x | TCP/3000", goodFlow)},
	{"a table that HTML hides", strings.Replace(small(goodFlow), "Source |", "<div hidden>\n\nSource |", 1) + "\n</div>\n"},
	{"a table of what is not open", strings.Replace(small(goodFlow), "## Matrice des flux", "## Matrice des flux\n\n### Flux Interdits", 1)},
	{"a table under an underlined heading", strings.Replace(small(goodFlow), "## Matrice des flux", "Flux refusés\n---", 1)},
	{"a table behind a line that denies it", strings.Replace(small(goodFlow), "Source |", "**Flux à fermer :**\n\nSource |", 1)},
	{"columns that negate", negating("Action", "Block") + "\n\n" + flowTable(goodFlow)},
	{"a column of decisions", negating("Décision", "Refusé")},
	{"a column of states", negating("ETAT", "à fermer")},
	{"a column of directions", negating("Sens", "<->")},
	{"a column of directions against the heading", strings.Replace(negating("Sens", "Entrant"), "## Matrice des flux", "## Matrice des flux\n\n### Sortant", 1)},
	{"a column of protocols", negating("Protocole", "UDP")},
	{"a column with an empty cell", negating("Statut", "")},
	{"an unknown column that denies", negating("Remarque", "interdit")},
	{"a further table under another heading", small(goodFlow) + "\n## Canopsis 23.04\n\n" + flowTable("Canopsis | LDAP | TCP/389 | x |")},
	{"a row behind an empty line", small(goodFlow, "", "Canopsis | LDAP | TCP/389 | x |", "Canopsis | MongoDB | TCP/27017 | x |")},
	{"a row behind a comment", small(goodFlow, "<!-- x -->", "Canopsis | LDAP | TCP/389 | x |")},
	{"a row in a comment", small(goodFlow, "<!-- Canopsis | LDAP | TCP/389 | x | -->")},
	{"a row with a list mark", small(goodFlow, "* Canopsis | LDAP | TCP/389 | x |", "Canopsis | MongoDB | TCP/27017 | x |")},
	{"a row in a quotation", small(goodFlow, "> Canopsis | LDAP | TCP/389 | x |")},
	{"a row as a heading", small(goodFlow, "# Canopsis | LDAP | TCP/389 | x |")},
	{"a row that is too short and stands apart", small(goodFlow, "", "Canopsis | LDAP | TCP/389")},
	{"a row with other bars", small(goodFlow, "", "Canopsis │ LDAP │ TCP/389 │ x │")},
	{"a row behind the end of a comment", small(goodFlow, "", "<!--", "x", "--> Canopsis | LDAP | TCP/389 | x |")},
	{"a row in a block of HTML", small(goodFlow, "", "<div>", "Canopsis | LDAP | TCP/389 | x |", "</div>")},
	{"an HTML table in Markdown", small(goodFlow) + "\n<Table>\n<tr><td>Canopsis</td></tr></table>\n"},
	{"an HTML table without the rest", "# Matrice\n\n<table><tr><td>MongoDB</td></tr></table>\n"},
	{"a block of code without an end", small(goodFlow) + "\n~~~ `x`\n" + flowTable("Canopsis | LDAP | TCP/1 | x |")},
	{"a block of code with a back-quote behind its mark", small(goodFlow) + "\n```md `x`\n" + flowTable("Canopsis | LDAP | TCP/1 | x |") + "```\n"},
	{"a comment without an end", small(goodFlow) + "\n<!--\n" + flowTable("Canopsis | LDAP | TCP/1 | x |")},
	{"a comment without an end inside a line", small(goodFlow) + "\nx <!-- y\n"},
	{"an indented table of flows", "# Matrice des flux réseau\n\n" + smallList + "\n    " + strings.ReplaceAll(flowTable(goodFlow), "\n", "\n    ") + "\n"},
	{"a quoted port list", "# Matrice des flux réseau\n\n> " + strings.ReplaceAll(smallList, "\n", "\n> ") + "\n\n" + flowTable(goodFlow)},
	{"a table in an admonition", small(goodFlow) + "\n!!! note\n\n    " + strings.ReplaceAll(flowTable("Canopsis | LDAP | TCP/389 | x |"), "\n", "\n    ") + "\n"},
	{"65 columns", smallList + "\nSource | Destination | Port | Description" + strings.Repeat(" | x", 61) + "\n-" + strings.Repeat("|-", 64) + "\n" + goodFlow + "\n"},
	{"another word for a column", smallList + "\nSource | Cible | Port | Description\n-|-|-|-\n" + goodFlow + "\n"},
	{"a misspelt column", small(goodFlow) + "\nSource | Destinatoin | Port\n-|-|-\nCanopsis | LDAP | TCP/389\n"},
	{"a table of other columns with ports", small(goodFlow) + "\nDe | Vers | Ouverture\n-|-|-\nCanopsis | LDAP | TCP/389\n"},
	{"a table that is both", small(goodFlow) + "\nComposant | Source | Destination | Port\n-|-|-|-\nNginx | Canopsis | LDAP | TCP/389\n"},

	{"HTML: a struck name", htmlPage("<tr><td>Canopsis</td><td><del>LDAP</del></td><td>TCP/389</td><td>x</td></tr>")},
	{"HTML: a hidden name", htmlPage(`<tr><td>Canopsis</td><td><span class="d-none">LDAP</span></td><td>TCP/389</td><td>x</td></tr>`)},
	{"HTML: a hidden cell", htmlPage(`<tr><td>Canopsis</td><td hidden>LDAP</td><td>TCP/389</td><td>x</td></tr>`)},
	{"HTML: a hidden row", htmlPage(`<tr style="display:none"><td>Canopsis</td><td>LDAP</td><td>TCP/389</td><td>x</td></tr>`)},
	{"HTML: a comment in a cell", htmlPage("<tr><td>Canopsis</td><td>LDAP<!-- non --></td><td>TCP/389</td><td>x</td></tr>")},
	{"HTML: a wrong port", htmlPage("<tr><td>Canopsis</td><td>LDAP</td><td>TCP/0</td><td>x</td></tr>")},
	{"HTML: a port in parts", htmlPage("<tr><td>Canopsis</td><td>LDAP</td><td>TCP/3<b>8</b>9</td><td>x</td></tr>")},
	{"HTML: a missing cell", htmlPage("<tr><td>Canopsis</td><td>LDAP</td></tr>")},
	{"HTML: a cell too many", htmlPage("<tr><td>Canopsis</td><td>LDAP</td><td>TCP/389</td><td>x</td><td>y</td></tr>")},
	{"HTML: a wide cell", htmlPage(`<tr><td colspan="2">Canopsis</td><td>LDAP</td><td>TCP/389</td><td>x</td></tr>`)},
	{"HTML: a table in a cell", htmlPage("<tr><td>Canopsis</td><td>LDAP</td><td>TCP/389</td><td><table><tr><td>x</td></tr></table></td></tr>")},
	{"HTML: a row too long", htmlPage("<tr><td>Canopsis</td><td>LDAP</td><td>TCP/389</td><td>" + strings.Repeat("x", 2048) + "</td></tr>")},
	{"HTML: rows that contradict each other", htmlPage("<tr><td>Utilisateurs</td><td>Canopsis</td><td>TCP/8443</td><td>x</td></tr>")},
	{"HTML: a table of what is not open", strings.Replace(htmlPage(""), "<h2>Matrice des flux</h2>", "<h2>Flux interdits</h2>", 1)},
	{"HTML: a caption that denies", strings.ReplaceAll(htmlPage(""), "<table>", "<table><caption>Flux refusés</caption>")},
	{"HTML: struck tables", strings.NewReplacer("<table>", "<s><table>", "</table>", "</table></s>").Replace(htmlPage(""))},
	{"HTML: a table in an admonition", strings.NewReplacer("<h2>Matrice des flux</h2>", `<div class="admonition"><p class="admonition-title">Flux</p>`, "</main>", "</div></main>").Replace(htmlPage(""))},
	{"HTML: a row outside", strings.Replace(htmlPage(""), "</main>", "<p>Canopsis | LDAP | TCP/389 | x</p></main>", 1)},
	{"HTML: another word for a column", strings.Replace(htmlPage(""), "<th>Destination", "<th>Cible", 1)},
	{"HTML: a further table", strings.Replace(htmlPage(""), "</main>", "<h2>Canopsis 23.04</h2>"+htmlFlows("")+"</main>", 1)},
	{"HTML: nested too deep", "<!doctype html>" + strings.Repeat("<div>", 600)},
	{"HTML: a page that a browser would fill", "<!doctype html><html><body><div id=root></div><script src=app.js></script></body></html>"},

	{"misspelt names", small("Canopsis | Mo.goDB | TCP/27017 | x |", "Utilisateurz | Canopsis | TCP/8080 | x |", "Canopsis | Mongo.DB | TCP/27017 | x |", "Canopsis | LDPA | TCP/389 | x |", "Cаnopsis | LDAP | TCP/389 | x |")},
	{"names without a letter", small("Canopsis | 10.0.0.1 | TCP/389 | x |", "Canopsis | — | TCP/389 | x |")},
	{"names that can be read in two ways", small("Canopsis | LDAP / Annuaire | TCP/389 | x |", "Canopsis | MongoDB et Grafana | TCP/27017 | x |", "Canopsis | Redis: Sentinel | TCP/26739 | x |",
		"Canopsis | MongoDB - Site A | TCP/27017 | x |", "Canopsis | Redis. Sentinel | TCP/26739 | x |")},
	{"a name in two scripts", small("Canopsis | LDAP Д | TCP/389 | x |")},
	{"numbers in parentheses", small("Canopsis | LDAP (636) | TCP/389 | x |", "Canopsis | LDAP | TCP/389 (636) | x |", "Canopsis | MongoDB | TCP/27017 (27018 pour l'arbitre) | x |",
		"Canopsis | LDAP | TCP/389 (636) ou TCP/3268 (3269) | x |", "Canopsis | Annuaire (site 2) | TCP/389 | x |")},
	{"labels of two kinds", small("Canopsis | LDAP | TCP/389 (docker) ou TCP/636 (LDAPS) | x |")},
	{"ports of no label of the list", strings.Replace(small("Utilisateurs | Canopsis | TCP/80,8443 ou TCP/8080 | x |"), "| TCP/8080,8443 |", "| TCP/80,443 (Docker) ou TCP/8080,8443 (paquets) |", 1)},
	{"two ports of one label of the list", strings.Replace(small("Utilisateurs | Canopsis | TCP/8443 ou TCP/8080 | x |"), "| TCP/8080,8443 |", "| TCP/80,443 (Docker) ou TCP/8080,8443 (paquets) |", 1)},
	{"an alternative of a component without labels", strings.Replace(small("Utilisateurs | Canopsis | TCP/80,443 ou TCP/8080,8443 ou TCP/8082 | x |"), "| TCP/8080,8443 |", "| TCP/80,443 (Docker) ou TCP/8080,8443 (paquets) |", 1)},
	{"a port of two components", listed("Caddy | x | TCP/8080,8443", goodFlow)},
	{"a range of two components", small("Utilisateurs | Canopsis | TCP/8080-8443 | x |")},

	{"4001 rules", small("Canopsis | LDAP | TCP/1-2 | x |", manyPorts(3992))},
	{"2001 rows", small(manyRows(1992))},
	{"2001 rows and another table", small(manyRows(1992)) + "\n" + flowTable(goodFlow)},
	{"lines are those of the user's text", "\ufeff---\r\ntitle: x\r\n---\r\n" + strings.ReplaceAll(small("Canopsis | LDAP | TCP/0 | x |"), "\n", "\r\n")},
	{"all faults at once, in the order of the page", listed("Grafana | x | SCTP/1", "Canopsis | LDAP | TCP/0 | x |", "Canopsis | LDAP |", "Canopsis | LDAP | TCP/1 ou | x |")},
	{"twenty-three faults", small(strings.TrimSpace(strings.Repeat("Canopsis | LDAP | TCP/0 | x |\n", 23)))},
}

// negating is a page with one more column.
func negating(title, cell string) string {
	page := strings.Replace(small("Canopsis | LDAP | TCP/389 | x |"+cell+" |"), "| Port | Description |\n---|", "| Port | Description | "+title+" |\n---|---|", 1)
	return strings.Replace(page, "Destination | Port | Description |\n---", "Destination | Port | Description | "+title+" |\n---|---", 1)
}

// htmlPage is a page in HTML with the rows of flows given behind one.
func htmlPage(rows string) string {
	return "<!doctype html><html><body><main><h1>Matrice des flux réseau</h1><h2>Liste des ports Canopsis</h2>" +
		"<table><tr><th>Composant</th><th>Description</th><th>Port</th></tr><tr><td>Nginx</td><td>x</td><td>TCP/8080,8443</td></tr></table>" +
		"<h2>Matrice des flux</h2>" + htmlFlows(rows) + "</main></body></html>"
}

func htmlFlows(rows string) string {
	return "<table><thead><tr><th>Source</th><th>Destination</th><th>Port</th><th>Description</th></tr></thead><tbody>" +
		"<tr><td>Utilisateurs</td><td>Canopsis</td><td>TCP/8080</td><td>x</td></tr>" + rows + "</tbody></table>"
}

// manyPorts is rows of flows with n rules.
func manyPorts(n int) string {
	var rows []string
	for n > 0 {
		var ports []string
		for ; n > 0 && len(ports) < 250; n-- {
			ports = append(ports, fmt.Sprint(2*n))
		}
		rows = append(rows, "Canopsis | Système "+fmt.Sprint(n)+" | TCP/"+strings.Join(ports, ",")+" | x |")
	}
	return strings.Join(rows, "\n")
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, r := range refusals {
		p, err := Parse(r.page)
		if err == nil {
			t.Errorf("%s: read as\n%s", r.name, pagewriter.Write(p.Matrix))
			continue
		}
		if p != nil {
			t.Errorf("%s: a page beside an error", r.name)
		}
		fmt.Fprintf(&got, "== %s\n", r.name)
		for _, fault := range faultsOf(t, err) {
			if at := fault.At.String(); at != "page" && fault.Summary != "More errors" {
				t.Errorf("%s: the fault is at %q", r.name, at)
			}
			fmt.Fprintf(&got, "%s\n    %s\n", fault.Summary, strings.ReplaceAll(fault.Detail(), "\n", "\n    "))
		}
	}
	golden := filepath.Join("testdata", "refusals.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := readFile(t, "refusals.golden")
	if got.String() != want {
		gotLines, wantLines := strings.Split(got.String(), "\n"), strings.Split(want, "\n")
		for i := range min(len(gotLines), len(wantLines)) {
			if gotLines[i] != wantLines[i] {
				t.Fatalf("line %d of the golden file:\n got %s\nwant %s\n(-update writes it anew)", i+1, gotLines[i], wantLines[i])
			}
		}
		t.Fatalf("the golden file has %d lines, the refusals %d", len(wantLines), len(gotLines))
	}
}

// faultsOf returns what an error of Parse says: it is an *refusal.Errors, or one
// *refusal.Error.
func faultsOf(t *testing.T, err error) []*refusal.Error {
	t.Helper()
	var several *refusal.Errors
	if errors.As(err, &several) {
		return several.All()
	}
	var one *refusal.Error
	if !errors.As(err, &one) {
		t.Fatalf("%v is not an *refusal.Error", err)
	}
	return []*refusal.Error{one}
}

// TestLimits reads what is just within each limit.
func TestLimits(t *testing.T) {
	t.Parallel()
	page := small(goodFlow) + "\n"
	tests := map[string]struct {
		page  string
		rules int
	}{
		"a page of the most bytes": {page + strings.Repeat("x", MaxSize-len(page)), 1},
		"a row of 2048 bytes":      {small("Canopsis | LDAP | TCP/389 | " + strings.Repeat("x", 2048-len("Canopsis | LDAP | TCP/389 |  |")) + " |"), 1},
		"a name of 63 letters":     {small(strings.Repeat("n", 63) + " | Canopsis | TCP/8080 | x |"), 1},
		"64 names":                 {small("Canopsis | " + names(64) + " | TCP/8080 | x |"), 64},
		"eight alternatives":       {small("Canopsis | LDAP | TCP/1 ou 2 ou 3 ou 4 ou 5 ou 6 ou 7 ou 8 | x |"), 8},
		"4000 rules":               {small("Canopsis | LDAP | TCP/1-2 | x |", manyPorts(3991)), 3992}, // and 8 ports of the list
		"2000 rows":                {small(manyRows(1991)), 1991},                                     // and 2 headers and 7 components
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := mustParse(t, test.page).Matrix
			rules := 0
			for f := range m.Flows() {
				rules += f.Ports.Len()
			}
			if rules != test.rules {
				t.Errorf("got %d rules, want %d", rules, test.rules)
			}
			if made := rulesWithoutText(m, test.page); len(made) > 0 {
				t.Errorf("rules that the text does not have: %q", made)
			}
		})
	}
}

func names(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("Système %d", i))
	}
	return strings.Join(names, ", ")
}

func manyRows(n int) string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("Source %d | Canopsis | TCP/8080 | x |", i))
	}
	return strings.Join(rows, "\n")
}
