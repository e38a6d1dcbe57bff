package page

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	{"an HTML page", "<!DOCTYPE html>\n<html><body><table><tr><td>MongoDB</td></tr></table></body></html>\n"},
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

	{"4001 rules", small("Canopsis | LDAP | TCP/1-2 | x |", manyPorts(3992))},
	{"2001 rows", small(manyRows(1992))},
	{"2001 rows and another table", small(manyRows(1992)) + "\n" + flowTable(goodFlow)},
	{"lines are those of the user's text", "\ufeff---\r\ntitle: x\r\n---\r\n" + strings.ReplaceAll(small("Canopsis | LDAP | TCP/0 | x |"), "\n", "\r\n")},
	{"all faults at once, in the order of the page", listed("Grafana | x | SCTP/1", "Canopsis | LDAP | TCP/0 | x |", "Canopsis | LDAP |", "Canopsis | LDAP | TCP/1 ou | x |")},
	{"twenty-three faults", small(strings.TrimSpace(strings.Repeat("Canopsis | LDAP | TCP/0 | x |\n", 23)))},
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
			t.Errorf("%s: read as\n%s", r.name, p.Matrix)
			continue
		}
		if p != nil {
			t.Errorf("%s: a page beside an error", r.name)
		}
		fmt.Fprintf(&got, "== %s\n", r.name)
		for _, fault := range faultsOf(t, err) {
			if at := fault.At.String(); at != "page" {
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

// faultsOf takes a joined error apart; each part is an *refusal.Error.
func faultsOf(t *testing.T, err error) []*refusal.Error {
	t.Helper()
	errs := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		errs = joined.Unwrap()
	}
	var faults []*refusal.Error
	for _, err := range errs {
		var fault *refusal.Error
		if !errors.As(err, &fault) {
			t.Fatalf("%v is no *refusal.Error", err)
		}
		faults = append(faults, fault)
	}
	return faults
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
