package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

const committed = "../../templates/guides/what-the-page-says.md"

func mustGuide(t *testing.T) string {
	t.Helper()
	text, err := guide()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCommittedGuideIsFresh(t *testing.T) {
	t.Parallel()
	was, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if string(was) != mustGuide(t) {
		t.Error("the guide is stale: run make generate")
	}
}

func TestGuideHasEverythingThatIsKnown(t *testing.T) {
	t.Parallel()
	text := mustGuide(t)
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
	sections := strings.Split(mustGuide(t), "\n### ")
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
	file := filepath.Join(t.TempDir(), "guide.md")
	if err := run([]string{file}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "---\npage_title: ") {
		t.Errorf("no front matter: %.40q", text)
	}
	if err := run(nil); err == nil {
		t.Error("it runs without a file")
	}
}
