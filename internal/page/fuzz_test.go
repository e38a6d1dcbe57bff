package page

import (
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// FuzzParse reads anything, in Markdown and in HTML: it does not panic, says in
// the right kind of error what is wrong, and makes no rule whose ports the text
// does not have. What it makes prints as a page that reads back. Half of the
// seeds are HTML, and what is made of them nearly always begins as they do: with
// the doctype by which Parse tells the forms apart.
func FuzzParse(f *testing.F) {
	const most = 4000 // bytes of a seed: time goes by its size
	add := func(page string) {
		if len(page) > most {
			return
		}
		f.Add(page)
		if isHTML(page) {
			return
		}
		sent, err := pagewriter.Article(page)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("<!doctype html>" + sent)
	}
	for _, name := range []string{"22.10.md", "23.04.md", "25.10.md"} {
		add(readFile(f, name))
	}
	for _, r := range refusals {
		add(r.page)
	}
	back := map[string]*matrix.Matrix{} // what printed pages read as: most of them are printed often
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
		if again := readBack(t, printed, back); again != nil && !again.Equal(p.Matrix) {
			t.Errorf("printed\n%s\nreads back as\n%s", printed, pagewriter.Write(again))
		}
	})
}

// readBack reads a printed page, unless it has been read before; it returns nil
// where the page is longer than what was printed as one.
func readBack(t *testing.T, printed string, before map[string]*matrix.Matrix) *matrix.Matrix {
	if m, ok := before[printed]; ok {
		return m
	}
	back, err := Parse(printed)
	switch {
	case err != nil && !printsTooLong(faultsOf(t, err)):
		t.Fatalf("printed\n%s\nis refused: %v", printed, err)
	case err != nil:
		return nil
	}
	const most = 1000 // pages that are remembered
	if len(before) == most {
		clear(before)
	}
	before[printed] = back.Matrix
	return back.Matrix
}

// printsTooLong reports whether faults are about lengths alone: printing joins and
// escapes.
func printsTooLong(faults []*refusal.Error) bool {
	for _, fault := range faults {
		if fault.Summary != "Row too long" && fault.Summary != "Too many names" {
			return false
		}
	}
	return true
}
