package report

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// editionReport is the report of an edition's deployment.
func editionReport(t *testing.T, release string, language Language, choices deployment.Choices) Report {
	t.Helper()
	e, err := edition.Find(release)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	d, err := deployment.New(m, choices)
	if err != nil {
		t.Fatal(err)
	}
	endpoints := make(map[string]matrix.Endpoint)
	for e := range d.Matrix.Endpoints() {
		endpoints[e.ID] = e
	}
	return Report{
		Language: language, Edition: release, Flows: d.Flows(), Endpoints: endpoints, Errata: d.Errata,
		Addresses: map[string]Addresses{"administrators": {Texts: []string{"10.0.5.0/28"}}, "rabbitmq": {Texts: []string{"10.0.1.7"}}},
	}
}

// An upgrade as a change board reads it, in both languages.
func TestGoldenComparison(t *testing.T) {
	t.Parallel()
	for _, language := range []Language{English, French} {
		from := editionReport(t, "22.10", language, deployment.Choices{Corrections: deployment.Apply})
		to := editionReport(t, "24.10", language, deployment.Choices{Corrections: deployment.Apply, Options: []string{"packages"}})
		golden(t, language.String()+"_upgrade.md", Compare(from, to, nil).Markdown())

		published := editionReport(t, "22.10", language, deployment.Choices{Corrections: deployment.None})
		published.Edition = ""
		golden(t, language.String()+"_page.md", Compare(published, from, nil).Markdown())
	}
}

// Where nothing differs, it says so, and proposes to close nothing.
func TestComparisonOfEquals(t *testing.T) {
	t.Parallel()
	r := editionReport(t, "22.10", English, deployment.Choices{Corrections: deployment.Apply})
	text := Compare(r, r, nil).Markdown()
	for _, want := range []string{"No packet is opened or closed.", "17 rules stay as they are.", "| Change | 0 closed | 0 opened |"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"## Opened", "## Closed", "## Moved", "## Changed", "What breaks"} {
		if strings.Contains(text, never) {
			t.Errorf("it says %q:\n%s", never, text)
		}
	}
}
