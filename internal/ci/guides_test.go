package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const guides = "../../docs/guides"

// untranslated are the guides without a French twin, each with the reason.
var untranslated = map[string]string{}

// TestGuidesHaveFrenchTwins compares each guide's French twin with the guide: the same
// headings, tables and blocks, in the same order. The acceptance tests run the
// blocks of the English guides alone, and rely on this one for the French.
func TestGuidesHaveFrenchTwins(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(guides, "*.md"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d guides were found: %v", len(pages), err)
	}
	for _, page := range pages {
		name := filepath.Base(page)
		english := strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "-fr") + ".md"
		french := strings.TrimSuffix(english, ".md") + "-fr.md"
		switch _, listed := untranslated[english]; {
		case name == french && !slices.Contains(pages, filepath.Join(guides, english)):
			t.Errorf("%s is the twin of no guide", french)
		case name == french && listed:
			t.Errorf("%s has a French twin, and is listed as one without", english)
		case name == english && !listed:
			compareTwins(t, english, french)
		}
	}
	for name := range untranslated {
		if !slices.Contains(pages, filepath.Join(guides, name)) {
			t.Errorf("%s is listed as a guide without a French twin, and is no guide", name)
		}
	}
}

// TestIndexLeadsToEveryPage asks the provider's page for a link to each other one.
func TestIndexLeadsToEveryPage(t *testing.T) {
	t.Parallel()
	const docs = "../../docs"
	index := readText(t, filepath.Join(docs, "index.md"))
	for _, kind := range []string{"data-sources", "functions", "guides"} {
		pages, err := filepath.Glob(filepath.Join(docs, kind, "*.md"))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages of %s: %v", kind, err)
		}
		for _, page := range pages {
			if link := "](" + kind + "/" + filepath.Base(page) + ")"; !strings.Contains(index, link) {
				t.Errorf("docs/index.md does not link to %s/%s", kind, filepath.Base(page))
			}
		}
	}
}

// TestPagesNameARelease asks every block on a page that reads flows for the release, by
// itself or by the provider's block before it: without one, the reader's first plan
// warns of what the page does not say.
func TestPagesNameARelease(t *testing.T) {
	t.Parallel()
	data := regexp.MustCompile(`(?ms)^data "canopsis_(?:flows|components)" "(\w+)" \{\n(.*?)^\}`)
	named := regexp.MustCompile(`(?m)^  (?:canopsis_version|page) +=`)
	byProvider := regexp.MustCompile(`(?ms)^provider "canopsis" \{\n  canopsis_version +=`)
	var pages []string
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../docs/*/*.md", "../../examples/*/*.md", "../../examples/*/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no pages at %s: %v", pattern, err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text := readText(t, page)
		if byProvider.MatchString(text) {
			continue
		}
		for _, block := range data.FindAllStringSubmatch(text, -1) {
			if !named.MatchString(block[2]) {
				t.Errorf("%s: %s names no release", page, block[1])
			}
		}
	}
}

func compareTwins(t *testing.T, english, french string) {
	t.Helper()
	var texts [2]string
	for i, name := range []string{english, french} {
		text, err := os.ReadFile(filepath.Join(guides, name))
		if err != nil {
			t.Errorf("%s has no twin: %v", english, err)
			return
		}
		texts[i] = string(text)
	}
	if !strings.Contains(readText(t, "../../README.md"), "](docs/guides/"+french+")") {
		t.Errorf("README.md does not link to %s", french)
	}
	for _, difference := range twinDifferences(texts[0], texts[1]) {
		t.Errorf("%s and %s: %s", english, french, difference)
	}
	if !strings.Contains(texts[1], "]("+english+")") {
		t.Errorf("%s does not link to %s", french, english)
	}
	for _, link := range regexp.MustCompile(`\]\(([\w-]+)\.md[)#]`).FindAllStringSubmatch(texts[1], -1) {
		if other := link[1]; other+".md" != english && !strings.HasSuffix(other, "-fr") && untranslated[other+".md"] == "" {
			t.Errorf("%s links to %s.md, which has a French twin", french, other)
		}
	}
}

// twinDifferences returns where a French guide has not what the English one has:
// the first difference of each kind, since those that follow come of it.
func twinDifferences(english, french string) []string {
	was, is := outline(english), outline(french)
	var found []string
	for _, kind := range []struct {
		name    string
		was, is []string
	}{
		{"heading", was.headings, is.headings},
		{"table", was.tables, is.tables},
		{"block", was.blocks, is.blocks},
	} {
		for i := range max(len(kind.was), len(kind.is)) {
			if i >= len(kind.was) || i >= len(kind.is) {
				longer := kind.was
				if len(kind.is) > len(kind.was) {
					longer = kind.is
				}
				found = append(found, "one has more "+kind.name+"s, from "+longer[i]+" on")
				break
			}
			if kind.was[i] != kind.is[i] {
				found = append(found, kind.name+" "+kind.was[i]+"\nin French "+kind.is[i])
				break
			}
		}
	}
	return found
}

// skeleton is what a guide has besides prose.
type skeleton struct {
	headings []string // their levels: "##"
	tables   []string // "|" for each row
	blocks   []string // from fence to fence, without what is for people alone
}

func outline(page string) skeleton {
	var s skeleton
	var block []string
	table := ""
	for line := range strings.Lines(page + "\n") { // a table ends before another line
		line = strings.TrimRight(line, " \n")
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && block != nil:
			s.blocks = append(s.blocks, withoutProse(strings.Join(block, "\n")))
			block = nil
		case fence || block != nil:
			block = append(block, line)
		case strings.HasPrefix(line, "#"):
			level, _, _ := strings.Cut(line, " ")
			s.headings = append(s.headings, level)
		case strings.HasPrefix(line, "|"):
			table += "|"
			continue
		}
		if table != "" {
			s.tables = append(s.tables, table)
			table = ""
		}
	}
	return s
}

var (
	comment     = regexp.MustCompile(`(?m)^ *#.*\n|[ \t]+#.*`)
	displayText = regexp.MustCompile(`(?m)^( *(?:description|error_message|requester|reason|date|expiry|nat) *= )(".*")$`)
	display     = regexp.MustCompile(`\$\{.*?\}+`)
	label       = regexp.MustCompile(`"[^"]*"`)
)

// A reader in France wants the report in French, and a sheet that Excel opens.
var inFrance = strings.NewReplacer(
	"    language = \"fr\"\n", "",
	`merge(local.reader, { separator = ";", bom = true })`, "local.reader",
)

// withoutProse leaves of a block what Terraform acts on: no comments, and of
// texts that are only displayed what is interpolated. Of a picture it leaves
// who connects to whom.
func withoutProse(block string) string {
	if strings.HasPrefix(block, "```mermaid") {
		return label.ReplaceAllString(block, `""`)
	}
	block = comment.ReplaceAllString(inFrance.Replace(block), "")
	return displayText.ReplaceAllStringFunc(block, func(line string) string {
		parts := displayText.FindStringSubmatch(line)
		return parts[1] + `"` + strings.Join(display.FindAllString(parts[2], -1), "") + `"`
	})
}

func TestTwinDifferences(t *testing.T) {
	t.Parallel()
	const guide = "# A\n\n| a |\n| - |\n\n## B\n\n```terraform\na = 1 # one\nerror_message = \"It opens ${join(\", \", keys(local.a))}.\"\n```\n\n```mermaid\na[\"to\"] --> b\n```\n"
	for name, test := range map[string]struct {
		from, to string
		want     string
	}{
		"another comment":       {"# one", "# un", ""},
		"a comment of its own":  {"a = 1", "# un de plus\na = 1", ""},
		"another text":          {"It opens", "Elle ouvre", ""},
		"another label":         {`"to"`, `"vers"`, ""},
		"another value":         {"a = 1", "a = 2", "block ```terraform\na = 1\nerror_message = \"${join(\", \", keys(local.a))}\"\nin French ```terraform\na = 2\nerror_message = \"${join(\", \", keys(local.a))}\""},
		"another interpolation": {"local.a", "local.b", "block ```terraform\na = 1\nerror_message = \"${join(\", \", keys(local.a))}\"\nin French ```terraform\na = 1\nerror_message = \"${join(\", \", keys(local.b))}\""},
		"another arrow":         {"--> b", "--> c", "block ```mermaid\na[\"\"] --> b\nin French ```mermaid\na[\"\"] --> c"},
		"a row more":            {"| - |\n", "| - |\n| b |\n", "table ||\nin French |||"},
		"another level":         {"## B", "### B", "heading ##\nin French ###"},
		"a block less":          {"```mermaid\na[\"to\"] --> b\n```\n", "", "one has more blocks, from ```mermaid\na[\"\"] --> b on"},
		"a block more":          {"## B\n", "## B\n\n```text\na\n```\n", "block ```terraform\na = 1\nerror_message = \"${join(\", \", keys(local.a))}\"\nin French ```text\na"},
		"a table more":          {"## B\n", "## B\n\n| b |\n", "one has more tables, from | on"},
	} {
		got := strings.Join(twinDifferences(guide, strings.Replace(guide, test.from, test.to, 1)), "\n")
		if got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, test.want)
		}
	}
}
