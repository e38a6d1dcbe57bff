package report

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every report of one deployment in both languages, read by a person whenever it
// changes.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, language := range []Language{English, French} {
		r := sample().requested().in(language)
		table := r
		if language == French {
			table.Table = CSVForm{Separator: ';', BOM: true}
		}
		changed := r
		changed.Before = before()
		changed.Before.Language = language
		for name, write := range map[string]func() (string, error){
			"report.md":  func() (string, error) { return r.Markdown(), nil },
			"report.csv": table.CSV,
			"page.html":  r.HTML,
			// The acceptance tests use this one in a browser, too.
			"changes.html": changed.HTML,
			"matrix.svg":   func() (string, error) { return r.SVG(), nil },
			"flows.mmd":    func() (string, error) { return r.Mermaid(), nil },
		} {
			t.Run(language.String()+"/"+name, func(t *testing.T) {
				t.Parallel()
				got, err := write()
				if err != nil {
					t.Fatal(err)
				}
				golden(t, language.String()+"_"+name, got)
			})
		}
	}
}

// golden compares a text with a golden file, which -update writes anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; read it, and where it is meant run go test ./internal/report -update\n%s", file, diff)
	}
}
