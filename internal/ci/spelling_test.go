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
	// Where its default dictionary is missing, it lists the others and fails: its
	// status says nothing about those that are wanted.
	list, _ := exec.Command("hunspell", "-D").CombinedOutput()
	if missing := missingDictionaries(string(list), "en_GB", "en_US", "fr"); len(missing) > 0 {
		t.Skipf("hunspell lacks the dictionaries %s: no page was checked for spelling", strings.Join(missing, ", "))
	}
	var english, french []string
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "bin" || entry.Name() == "pages" || entry.Name() == "templates"):
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
	french = append(french, "../report/testdata/fr_words.md") // what reports can say
	if len(english) < 20 || len(french) < 2 {
		t.Fatalf("%d English pages and %d French ones were found", len(english), len(french))
	}
	checkSpelling(t, "en_GB,en_US", english)
	checkSpelling(t, "fr,en_GB", french)
}

// missingDictionaries returns those of the wanted dictionaries that are not on
// the list that hunspell -D prints: paths without an extension, a line each.
func missingDictionaries(list string, wanted ...string) []string {
	there := make(map[string]bool)
	for line := range strings.Lines(list) {
		if !strings.Contains(line, ":") { // neither a heading nor where it looks
			there[filepath.Base(strings.TrimSpace(line))] = true
		}
	}
	return slices.DeleteFunc(wanted, func(name string) bool { return there[name] })
}

func TestMissingDictionaries(t *testing.T) {
	t.Parallel()
	list := "SEARCH PATH:\n.::/usr/share/hunspell:/usr/share/fr\nAVAILABLE DICTIONARIES (path is not mandatory for -d option):\n" +
		"/usr/share/hunspell/en_US\n/usr/share/hunspell/fr_CA\nLOADED DICTIONARY:\n/usr/share/hunspell/en_GB.aff\n"
	if got := missingDictionaries(list, "en_GB", "en_US", "fr"); !slices.Equal(got, []string{"en_GB", "fr"}) {
		t.Errorf("got %v, want en_GB, of which another file is named, and fr", got)
	}
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
	var complaints strings.Builder
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil {
		t.Fatalf("hunspell with the dictionaries %s: %v\n%s", dictionaries, err, complaints.String())
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
// of files and of things in code, the rules below tables' heads; and the titles of
// French guides, which English pages link to.
var noProse = []*regexp.Regexp{
	regexp.MustCompile(`(?s)\A---\n.*?\n---\n`),
	regexp.MustCompile("(?s)```.*?```"),
	regexp.MustCompile("`[^`]*`"),
	regexp.MustCompile(`\[[^]]*\]\([^)]*-fr\.md\)`),
	regexp.MustCompile(`\]\([^)]*\)`),
	regexp.MustCompile(`<[^>]*>`),
	regexp.MustCompile(`https?://\S+`),
	regexp.MustCompile(`\S*[_/.:\\@#]\S+`),
	regexp.MustCompile(`\b[0-9a-f]{7,}\b`),
	regexp.MustCompile(`-{3,}`), // French has words with hyphens, and takes it for one
}

func prose(page string) string {
	for _, pattern := range noProse {
		page = pattern.ReplaceAllString(page, " ")
	}
	return strings.ReplaceAll(page, "’", "'")
}
