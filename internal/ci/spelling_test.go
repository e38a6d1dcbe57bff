package main

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSpelling asks hunspell about the prose of every page that people read, in
// the language that the page is written in. Words of the trade stand in
// testdata/words.txt.
func TestSpelling(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("hunspell"); err != nil {
		t.Skip("hunspell is not on PATH, with its English and French dictionaries: no page was checked for spelling")
	}
	var english, french []string
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "bin" || entry.Name() == "pages" || entry.Name() == "docs-templates"):
			return fs.SkipDir
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "../.." && entry.Name() != ".github":
			return fs.SkipDir
		case strings.HasSuffix(path, "-fr.md"):
			french = append(french, path)
		case filepath.Ext(path) == ".md":
			english = append(english, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(english) < 20 || len(french) < 2 {
		t.Fatalf("%d English pages and %d French ones were found", len(english), len(french))
	}
	checkSpelling(t, "en_GB,en_US", english)
	checkSpelling(t, "fr,en_GB", french)
}

// checkSpelling asks about all pages at once, since hunspell takes most of its
// time to read its dictionaries, and looks for the pages of unknown words after.
func checkSpelling(t *testing.T, dictionaries string, pages []string) {
	t.Helper()
	texts := make(map[string]string, len(pages))
	var all strings.Builder
	for _, page := range pages {
		source, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		texts[page] = prose(string(source))
		all.WriteString(texts[page] + "\n")
	}
	command := exec.Command("hunspell", "-l", "-i", "UTF-8", "-d", dictionaries, "-p", "testdata/words.txt")
	command.Stdin = strings.NewReader(all.String())
	out, err := command.Output()
	if err != nil {
		t.Skipf("hunspell lacks one of the dictionaries %s: no page was checked for spelling (%v)", dictionaries, err)
	}
	unknown := make(map[string]bool)
	for word := range strings.FieldsSeq(string(out)) {
		unknown[word] = true
	}
	for _, word := range slices.Sorted(maps.Keys(unknown)) {
		for page, text := range texts {
			if strings.Contains(text, word) {
				t.Errorf("%s: %s", page, word)
			}
		}
	}
}

// What is no prose: front matter, code, links' targets, HTML, addresses, names
// of files and of things in code.
var noProse = []*regexp.Regexp{
	regexp.MustCompile(`(?s)\A---\n.*?\n---\n`),
	regexp.MustCompile("(?s)```.*?```"),
	regexp.MustCompile("`[^`]*`"),
	regexp.MustCompile(`\]\([^)]*\)`),
	regexp.MustCompile(`<[^>]*>`),
	regexp.MustCompile(`https?://\S+`),
	regexp.MustCompile(`\S*[_/.:\\@#]\S+`),
	regexp.MustCompile(`\b[0-9a-f]{7,}\b`),
}

func prose(page string) string {
	for _, pattern := range noProse {
		page = pattern.ReplaceAllString(page, " ")
	}
	return strings.ReplaceAll(page, "’", "'")
}
