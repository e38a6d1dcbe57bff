package page

import (
	"errors"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// FuzzParse reads anything: it does not panic, says in the right kind of error
// what is wrong, and makes no rule whose ports the text does not have. What it
// makes prints as a page that reads back.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"22.10.md", "23.04.md", "25.10.md"} {
		f.Add(readFile(f, name))
	}
	for _, r := range refusals {
		if len(r.page) < 10_000 {
			f.Add(r.page)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			for _, fault := range faultsOf(t, err) {
				if fault.Summary == "" || fault.Found == "" || fault.Remedy+fault.Allowed == "" {
					t.Errorf("a fault without words: %+v", fault)
				}
			}
			return
		}
		if made := rulesWithoutText(p.Matrix, text); len(made) > 0 {
			t.Errorf("rules that the text does not have: %q", made)
		}
		printed := pagewriter.Write(p.Matrix)
		back, err := Parse(printed)
		if err != nil {
			var fault *refusal.Error
			if errors.As(err, &fault) && (fault.Summary == "Row too long" || fault.Summary == "Too many names") {
				return // printing joins and escapes
			}
			t.Fatalf("printed\n%s\nis refused: %v", printed, err)
		}
		if !back.Matrix.Equal(p.Matrix) {
			t.Errorf("printed\n%s\nreads back as\n%s", printed, pagewriter.Write(back.Matrix))
		}
	})
}
