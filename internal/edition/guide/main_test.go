package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func mustGuide(t *testing.T, in report.Language) string {
	t.Helper()
	text, err := guide(in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCommittedGuidesAreFresh(t *testing.T) {
	t.Parallel()
	for in, committed := range map[report.Language]string{
		report.English: "../../templates/guides/what-the-page-says.md",
		report.French:  "../../templates/guides/what-the-page-says-fr.md",
	} {
		was, err := os.ReadFile(committed)
		if err != nil {
			t.Fatal(err)
		}
		if string(was) != mustGuide(t, in) {
			t.Errorf("%s is stale: run make generate", committed)
		}
	}
}

// A text that nobody translated stops the guide: it is not shown in English.
func TestFrenchHasNoHoles(t *testing.T) {
	t.Parallel()
	text := mustGuide(t, report.French)
	for _, want := range []string{
		"| [redis_port](#redis_port) | port faux | 4.4, 4.5, 4.6, 22.10, 23.04 | redis | tcp/6739 | tcp/6379 |",
		"\nDeux chiffres du port de Redis sont intervertis.\n",
		"| [backends](#backends) | ligne oubliée | 4.4, 4.5, 4.6 | flux vers redis et influxdb |",
		"| `ldap` | LDAP, Serveur LDAP | externe | l'annuaire de l'entreprise |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the French guide lacks %q", want)
		}
	}
	if _, err := french("Something new."); err == nil || !strings.Contains(err.Error(), `no French for "Something new."`) {
		t.Errorf("an unknown text: %v", err)
	}
	for english, said := range frenchTexts {
		if !strings.Contains(text, said) && english != edition.VendorExample.String() {
			t.Errorf("%q is said nowhere", said)
		}
	}
}

func TestGuideHasEverythingThatIsKnown(t *testing.T) {
	t.Parallel()
	text := mustGuide(t, report.English)
	var want []string
	for _, e := range edition.All() {
		want = append(want, "| "+e.Version+" | `"+strings.Join(e.Releases, "`, `")+"` | ", e.Note)
	}
	for _, e := range edition.Errata() {
		want = append(want, "| ["+e.ID+"](#"+e.ID+") |", "\n### "+e.ID+"\n", e.Published, e.Corrected, e.Reason[1:], e.Evidence, e.Remedy)
	}
	for _, p := range edition.OpenPoints() {
		want = append(want, "\n### "+p.Topic+"\n", p.Text, p.Evidence, p.Write)
	}
	for _, m := range edition.Memberships() {
		want = append(want, "| `"+m.Component+"` | ")
	}
	want = append(want,
		"| `postgresql` | PostgreSQL, TimescaleDB | component | Metrics database with the TimescaleDB extension |",
		"| `ldap` | LDAP, Serveur LDAP | external | the company's directory |",
		"| `ticketing_tools` | Declarative Tickets | external | Declaring tickets in ticketing tools |",
	)
	for _, line := range want {
		if !strings.Contains(text, line) {
			t.Errorf("the guide lacks %q", line)
		}
	}
	if strings.Contains(text, "<no value>") {
		t.Error("the guide has a hole")
	}
}

// A guess of someone else's is not shown as the vendor's word.
func TestUpstreamDefaultsAreNamedSo(t *testing.T) {
	t.Parallel()
	sections := strings.Split(mustGuide(t, report.English), "\n### ")
	said := map[string]bool{}
	for _, section := range sections {
		title, body, _ := strings.Cut(section, "\n")
		said[title] = strings.Contains(body, "This is an upstream default, not the vendor's word.")
	}
	for _, e := range edition.Errata() {
		if said[e.ID] != (e.Confidence == edition.UpstreamDefault) {
			t.Errorf("%s: %s, and the guide says upstream default: %t", e.ID, e.Confidence, said[e.ID])
		}
	}
	for _, p := range edition.OpenPoints() {
		if said[p.Topic] != (p.Confidence == edition.UpstreamDefault) {
			t.Errorf("%s: %s, and the guide says upstream default: %t", p.Topic, p.Confidence, said[p.Topic])
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	files := []string{filepath.Join(folder, "guide.md"), filepath.Join(folder, "guide-fr.md")}
	if err := run(files); err != nil {
		t.Fatal(err)
	}
	for i, title := range []string{"What the vendor's page says", "Ce que dit la page"} {
		text, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "---\npage_title: \""+title) {
			t.Errorf("no front matter: %.40q", text)
		}
	}
	if err := run(files[:1]); err == nil {
		t.Error("it runs with one file")
	}
}
