package report

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// sample has every kind of end, note and origin once.
func sample() Report {
	return Report{
		Edition: "22.10",
		Endpoints: map[string]Endpoint{
			"users":                {Name: "Utilisateurs", Kind: "actor", Addresses: []string{"10.20.0.0/16", "10.0.0.5/32 (office)"}},
			"front":                {Name: "front", Kind: "relay"},
			"canopsis":             {Name: "Canopsis", Kind: "host"},
			"redis":                {Name: "Redis", Kind: "host"},
			"package_repositories": {Name: "Package repositories", Kind: "external", FQDNs: []string{"git.canopsis.net"}},
		},
		Flows: []Flow{
			{
				ID: "canopsis-to-redis", Source: "canopsis", Destination: "redis", Component: "redis",
				Ports: matrix.MustPorts("tcp/6379"), Purpose: "internal", Description: "Cache and locks", Origin: "published",
			},
			{
				ID: "users-to-front", Source: "users", Destination: "front", Component: "front",
				Ports: matrix.MustPorts("tcp/443"), Purpose: "user_access", Description: "Our own words", Origin: "relay", Optional: true,
			},
			{
				ID: "front-to-canopsis-nginx", Source: "front", Destination: "canopsis", Component: "nginx",
				Ports: matrix.MustPorts("tcp/8080", "tcp/8443", "udp/8443"), Purpose: "internal", Description: "Web interface and API",
				Origin: "relay", ConfigurationDependent: true,
			},
			{
				ID: "canopsis-to-package_repositories-https", Source: "canopsis", Destination: "package_repositories", Component: "https",
				Ports: matrix.MustPorts("tcp/443"), Purpose: "installation", Origin: "published", ViaProxy: true,
			},
		},
		Errata: []Erratum{
			{ID: "redis_port", Flows: []string{"canopsis-to-redis"}, Published: "tcp/6739", Corrected: "tcp/6379", Reason: "two digits of Redis's port are swapped", Applied: true},
			{ID: "ssh_hosts", Published: "to some of the hosts", Corrected: "to every host", Reason: "it leaves some out"},
		},
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	want := `# Network flows of Canopsis

Edition 22.10. 4 flows.

## Installation

| Flow | Source | Source addresses | Destination | Destination addresses | Component | Ports | Justification | Origin | Notes |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| canopsis-to-package_repositories-https | Canopsis (canopsis) |  | Package repositories (package_repositories) | git.canopsis.net | https | TCP 443 |  | vendor's page | may pass through a proxy |

## User access

| Flow | Source | Source addresses | Destination | Destination addresses | Component | Ports | Justification | Origin | Notes |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| users-to-front | Users (users) | 10.20.0.0/16, 10.0.0.5/32 (office) | front |  | front | TCP 443 | Our own words | relay | optional |

## Internal

| Flow | Source | Source addresses | Destination | Destination addresses | Component | Ports | Justification | Origin | Notes |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| canopsis-to-redis | Canopsis (canopsis) |  | Redis (redis) |  | redis | TCP 6379 | Cache and locks | vendor's page | erratum redis_port (applied) |
| front-to-canopsis-nginx | front |  | Canopsis (canopsis) |  | nginx | TCP 8080, 8443; UDP 8443 | Web interface and API | relay | ports depend on configuration |

## Errors of the page

- redis_port (applied): tcp/6739 → tcp/6379: two digits of Redis's port are swapped
- ssh_hosts (not applied): to some of the hosts → to every host: it leaves some out
`
	if diff := cmp.Diff(want, sample().Markdown()); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdownInFrench(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Language = French
	r.Edition = ""
	text := r.Markdown()
	for _, want := range []string{
		"# Flux réseau de Canopsis\n",
		"D'après la page fournie. 4 flux.\n",
		"## Accès des utilisateurs\n",
		"| canopsis-to-redis | Canopsis (canopsis) |  | Redis (redis) |  | redis | TCP 6379 | Cache et verrous | page de l'éditeur | erratum redis_port (appliqué) |",
		"| nginx | TCP 8080, 8443 ; UDP 8443 | Interface web et API | relais | ports selon la configuration |",
		"| users-to-front | Utilisateurs (users) | 10.20.0.0/16, 10.0.0.5/32 (office) | front |  | front | TCP 443 | Our own words | relais | optionnel |",
		"| canopsis-to-package_repositories-https | Canopsis (canopsis) |  | Dépôts de paquets (package_repositories) | git.canopsis.net |",
		"- ssh_hosts (non appliqué) : vers certains hôtes → vers tous les hôtes : it leaves some out\n",
		"- redis_port (appliqué) : tcp/6739 → tcp/6379 : deux chiffres du port de Redis sont intervertis\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestMarkdownCountsFlows(t *testing.T) {
	t.Parallel()
	one := sample()
	one.Flows = one.Flows[:1]
	french := one
	french.Language = French
	none := sample()
	none.Flows = nil
	for want, r := range map[string]Report{
		"\nEdition 22.10. 1 flow.\n":  one,
		"\nÉdition 22.10. 1 flux.\n":  french,
		"\nEdition 22.10. 0 flows.\n": none,
	} {
		if text := r.Markdown(); !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// A flow that several errata touch names each of them, in their order.
func TestNotesNameEveryErratum(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Errata = append(r.Errata, Erratum{ID: "initiators", Flows: []string{"users-to-front", "canopsis-to-redis", "canopsis-to-redis"}, Published: "a", Corrected: "b"})
	text := r.Markdown()
	for _, want := range []string{
		"| vendor's page | erratum redis_port (applied); erratum initiators (not applied) |",
		"| relay | optional; erratum initiators (not applied) |",
		"- initiators (not applied): a → b\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// What a user writes stays text: it opens no cell, no link and no HTML.
func TestMarkdownEscapes(t *testing.T) {
	t.Parallel()
	r := Report{Flows: []Flow{{ID: "a-to-b", Description: "a | b\n<img> [x](y) `c` *d* _e_ f_g", Ports: matrix.MustPorts("tcp/1")}}}
	want := `| a \| b &lt;img&gt; \[x\](y) ` + "\\`c\\`" + ` \*d\* \_e\_ f_g |`
	if text := r.Markdown(); !strings.Contains(text, want) {
		t.Errorf("%s is missing in\n%s", want, text)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	text, err := sample().CSV()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(text, "\r\n") != 5 || strings.Count(text, "\n") != 5 {
		t.Errorf("a header and four rows end with CRLF each, got %q", text)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Flow", "Source", "Source addresses", "Destination", "Destination addresses", "Component", "Ports", "Purpose", "Justification", "Origin", "Notes"},
		{"canopsis-to-package_repositories-https", "Canopsis (canopsis)", "", "Package repositories (package_repositories)", "git.canopsis.net", "https", "TCP 443", "Installation", "", "vendor's page", "may pass through a proxy"},
		{"users-to-front", "Users (users)", "10.20.0.0/16, 10.0.0.5/32 (office)", "front", "", "front", "TCP 443", "User access", "Our own words", "relay", "optional"},
		{"canopsis-to-redis", "Canopsis (canopsis)", "", "Redis (redis)", "", "redis", "TCP 6379", "Internal", "Cache and locks", "vendor's page", "erratum redis_port (applied)"},
		{"front-to-canopsis-nginx", "front", "", "Canopsis (canopsis)", "", "nginx", "TCP 8080, 8443; UDP 8443", "Internal", "Web interface and API", "relay", "ports depend on configuration"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// Spreadsheets compute cells that begin with =, +, -, @, a tab or a return.
func TestCSVHoldsNoFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := rapid.StringMatching(`[=+\-@\t\r]?[a-z(),"' \n]*`).Draw(t, "description")
		text, err := Report{Flows: []Flow{{ID: "a-to-b", Description: written, Ports: matrix.MustPorts("tcp/1")}}}.CSV()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatalf("%q does not read back: %v", text, err)
		}
		cell := rows[1][8]
		if cell != "" && strings.Contains("=+-@\t\r", cell[:1]) {
			t.Fatalf("cell %q is a formula", cell)
		}
		flat := strings.NewReplacer("\r\n", "\n", "\r", "\n")
		if kept := strings.TrimPrefix(cell, "'"); flat.Replace(kept) != flat.Replace(strings.TrimPrefix(written, "'")) {
			t.Fatalf("%q became %q", written, cell)
		}
	})
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	want := `flowchart LR
  n_canopsis["Canopsis"]
  n_front{{"front"}}
  n_package_repositories[/"Package repositories"/]
  n_redis["Redis"]
  n_users(["Users"])
  n_canopsis -->|"https: TCP 443"| n_package_repositories
  n_canopsis -->|"redis: TCP 6379"| n_redis
  n_front -->|"nginx: TCP 8080, 8443; UDP 8443"| n_canopsis
  n_users -->|"front: TCP 443"| n_front
`
	if diff := cmp.Diff(want, sample().Mermaid()); diff != "" {
		t.Error(diff)
	}
}

func TestMermaidInFrench(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Language = French
	want := `flowchart LR
  n_canopsis["Canopsis"]
  n_front{{"front"}}
  n_package_repositories[/"Dépôts de paquets<br/>package_repositories"/]
  n_redis["Redis"]
  n_users(["Utilisateurs<br/>users"])
  n_canopsis -->|"https : TCP 443"| n_package_repositories
  n_canopsis -->|"redis : TCP 6379"| n_redis
  n_front -->|"nginx : TCP 8080, 8443 ; UDP 8443"| n_canopsis
  n_users -->|"front : TCP 443"| n_front
`
	if diff := cmp.Diff(want, r.Mermaid()); diff != "" {
		t.Error(diff)
	}
}

func TestMermaidEscapes(t *testing.T) {
	t.Parallel()
	r := Report{
		Endpoints: map[string]Endpoint{"end": {Name: "a \"b\" <c> #1\n`d`", Kind: "actor"}},
		Flows:     []Flow{{ID: "end-to-b", Source: "end", Destination: "b", Component: "c", Ports: matrix.MustPorts("tcp/1")}},
	}
	if want, text := `  n_end(["a #quot;b#quot; #lt;c#gt; #35;1 'd'<br/>end"])`, r.Mermaid(); !strings.Contains(text, want) {
		t.Errorf("%s is missing in\n%s", want, text)
	}
}

// The picture is well-formed XML, says everything that is opened, and no text
// leaves its cell.
func TestSVG(t *testing.T) {
	t.Parallel()
	svg := sample().SVG()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{">Network flows of Canopsis<", ">nginx TCP 8080, 8443; UDP 8443<", ">Users<", ">https TCP 443<", ">redis TCP 6379<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in the picture", want)
		}
	}
	if strings.Contains(svg, ">redis<") || strings.Contains(svg, ">users<") {
		t.Error("an id stands below the name that says the same")
	}
	g := sample().grid()
	for _, row := range g.rows {
		for j, cell := range row {
			for _, line := range cell {
				if width := 8 * len([]rune(line)); width > g.widths[j]-16 {
					t.Errorf("%q is %d pixels wide in a column of %d", line, width, g.widths[j])
				}
			}
		}
	}
}

// The title counts as wide as it is, not as its letters are stored.
func TestSVGInFrench(t *testing.T) {
	t.Parallel()
	r := Report{
		Language:  French,
		Endpoints: map[string]Endpoint{"users": {Name: "Utilisateurs", Kind: "actor"}},
		Flows:     []Flow{{ID: "users-to-b", Source: "users", Destination: "b", Component: "c", Ports: matrix.MustPorts("tcp/1")}},
	}
	svg := r.SVG()
	for _, want := range []string{
		">Flux réseau de Canopsis<", ">de \\ vers<", ">Utilisateurs<", ">users<", ">b<", ">c TCP 1<",
		">Qui est à gauche peut se connecter à qui est en haut, sur les ports à leur croisement.<",
		`<svg xmlns="http://www.w3.org/2000/svg" width="704"`, // 86 letters of 8 pixels, and 16 beside them
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in\n%s", want, svg)
		}
	}
}

func TestSVGEscapes(t *testing.T) {
	t.Parallel()
	r := Report{
		Endpoints: map[string]Endpoint{"a": {Name: "<script>&\"\x00"}},
		Flows:     []Flow{{ID: "a-to-b", Source: "a", Destination: "b", Component: "c", Ports: matrix.MustPorts("tcp/1")}},
	}
	if want, svg := ">&lt;script&gt;&amp;&quot; <", r.SVG(); !strings.Contains(svg, want) {
		t.Errorf("%s is missing in\n%s", want, svg)
	}
}

// The order of the input decides nothing.
func TestReportsDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shuffled := sample()
		shuffled.Flows = rapid.Permutation(shuffled.Flows).Draw(t, "flows")
		first, err := sample().CSV()
		if err != nil {
			t.Fatal(err)
		}
		second, err := shuffled.CSV()
		if err != nil {
			t.Fatal(err)
		}
		if first != second || sample().Markdown() != shuffled.Markdown() || sample().Mermaid() != shuffled.Mermaid() || sample().SVG() != shuffled.SVG() {
			t.Fatal("the reports depend on the order of the flows")
		}
	})
}

func TestParseLanguage(t *testing.T) {
	t.Parallel()
	at := refusal.At("settings").Attribute("language")
	for text, want := range map[string]Language{"en": English, "fr": French} {
		if got, err := ParseLanguage(at, text); err != nil || got != want {
			t.Errorf("ParseLanguage(%q) = %v, %v", text, got, err)
		}
	}
	_, err := ParseLanguage(at, "FR ")
	want := "settings.language: \"FR \" is not a language of the reports.\nDid you mean \"fr\"?\nAllowed: en, fr."
	var wrong *refusal.Error
	if !errors.As(err, &wrong) || wrong.Detail() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Both languages say the same things.
func TestVocabulariesAreComplete(t *testing.T) {
	t.Parallel()
	english, french := words()[English], words()[French]
	if len(english.columns) != len(french.columns) {
		t.Errorf("%d columns in English, %d in French", len(english.columns), len(french.columns))
	}
	for _, p := range matrix.Purposes() {
		if english.purposes[p.String()] == "" || french.purposes[p.String()] == "" {
			t.Errorf("purpose %s has no word", p)
		}
	}
	for _, o := range []matrix.Origin{matrix.Published, matrix.Corrected, matrix.Interconnection, matrix.Cluster, matrix.Additional, matrix.Relayed} {
		if english.origins[o.String()] == "" || french.origins[o.String()] == "" {
			t.Errorf("origin %s has no word", o)
		}
	}
	if i := slices.Index(english.columns, "Purpose"); i != purposeColumn || french.columns[i] != "Usage" {
		t.Errorf("the purpose is column %d", i)
	}
}
