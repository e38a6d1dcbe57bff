package report

import (
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// Whoever reads French reads French throughout: each sentence that the embedded
// editions and the corrections bring is translated.
func TestFrenchIsComplete(t *testing.T) {
	t.Parallel()
	sentences := 0
	check := func(text string) {
		sentences++
		if text != "" && french[text] == "" {
			t.Errorf("no French for %q", text)
		}
	}
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
		for f := range corrected.Flows() {
			check(f.Description)
		}
		for f := range published.Flows() {
			check(f.Description)
		}
	}
	for _, e := range edition.Errata() {
		check(e.Reason)
	}
	if sentences < 100 {
		t.Errorf("only %d sentences were looked at", sentences)
	}
}
