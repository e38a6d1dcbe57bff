package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"
)

// TestBlocksAgree composes pages of blocks, and reads no flow from a table that
// the Markdown library does not take for one, nor overlooks one without a word.
func TestBlocksAgree(t *testing.T) {
	t.Parallel()
	whole := goldmark.New(goldmark.WithExtensions(extension.Table))
	rapid.Check(t, func(t *rapid.T) {
		port := 10000
		next := func() string {
			port++
			return fmt.Sprintf("Canopsis | LDAP%d | TCP/%d | x |", port, port)
		}
		table := func() string {
			return "Source | Destination | Port | Description |\n-|-|-|-|\n" + next() + "\n" + next()
		}
		indented := func(text, by string) string { return by + strings.ReplaceAll(text, "\n", "\n"+by) }
		blocks := map[string]func() string{
			"table": table, "rows": next, "prose": func() string { return "Texte." }, "heading": func() string { return "### Entrant" },
			"code": func() string { return "```\n" + table() + "\n```" }, "tildes": func() string { return "~~~ a`b\n" + table() + "\n~~~" },
			"longer code": func() string { return "````\n```\n" + table() + "\n````" }, "half a fence": func() string { return "```" },
			"indented": func() string { return indented(table(), "    ") }, "tab": func() string { return indented(table(), "\t") },
			"less indented": func() string { return indented(table(), "  ") }, "quotation": func() string { return indented(table(), "> ") },
			"list": func() string { return "- x\n\n" + indented(table(), "  ") }, "item": func() string { return "- " + next() },
			"comment": func() string { return "<!--\n" + table() + "\n-->" }, "one-line comment": func() string { return "<!-- x -->" },
			"comment inside": func() string { return "a <!--\nb\n--> c" }, "HTML": func() string { return "<div>\n" + table() + "\n</div>" },
			"HTML apart": func() string { return "<div>\n\n" + table() + "\n\n</div>" }, "pre": func() string { return "<pre>\n" + table() + "\n\n</pre>" },
			"rule": func() string { return "---" }, "underline": func() string { return "Entrant\n---" }, "inline code": func() string { return "`a | b | c` ```d```" },
			"definition": func() string { return "[a]: b" }, "nested list": func() string { return "- a\n\n    - b" },
			"list with code": func() string { return "- a\n\n      ```\n      x | TCP/1 | y | z\n      ```" },
		}
		names := slices.Sorted(func(yield func(string) bool) {
			for name := range blocks {
				if !yield(name) {
					return
				}
			}
		})
		page := "# Matrice des flux réseau\n\n" + smallList + "\n" + table()
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 5).Draw(t, "blocks") {
			page += rapid.SampledFrom([]string{"\n\n", "\n\n", "\n"}).Draw(t, "distance") + blocks[name]()
		}
		read, err := Parse(page)
		if err != nil {
			return // which says why
		}
		source := []byte(page)
		var seen []string
		_ = ast.Walk(whole.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if table, ok := n.(*extensionast.Table); ok && entering {
				for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
					cells := row.FirstChild().NextSibling().NextSibling().Lines()
					if segment := cells.At(0); strings.HasPrefix(string(segment.Value(source)), "TCP/100") {
						seen = append(seen, strings.Replace(string(segment.Value(source)), "TCP", "tcp", 1))
					}
				}
			}
			return ast.WalkContinue, nil
		})
		var got []string
		for f := range read.Matrix.Flows() {
			got = append(got, f.Ports.String())
		}
		slices.Sort(seen)
		slices.Sort(got)
		for _, port := range got {
			if !slices.Contains(seen, port) {
				t.Fatalf("%s\n\nhas no table with %s", page, port)
			}
		}
		ignored := slices.ContainsFunc(read.Warnings, func(w Warning) bool { return strings.Contains(w.Text, "looks like a row") })
		if !ignored && !slices.Equal(got, seen) {
			t.Fatalf("%s\n\nhas %q and is read as %q", page, seen, got)
		}
	})
}

// TestTimeIsLinear reads heavy pages of two sizes: eight times as much takes less
// than thirty times as long, where it takes long at all. By the square it would
// be sixty-four times.
func TestTimeIsLinear(t *testing.T) {
	t.Parallel()
	const times, most = 8, 30
	const short = 30 * time.Millisecond
	size := heavySize() / times
	took := func(page string) time.Duration {
		least := time.Hour
		for range 3 {
			start := time.Now()
			_, _ = Parse(page) // most are refused; the time is the question
			least = min(least, time.Since(start))
			if least < short {
				break
			}
		}
		return least
	}
	large := heavy(times * size)
	for name, small := range heavy(size) {
		// A machine that has other things to do is asked again.
		for tries := 1; ; tries++ {
			long := took(large[name]())
			if long <= short {
				break
			}
			before := took(small())
			if long <= most*before {
				break
			}
			if tries == 20 {
				t.Errorf("%s: %d bytes take %s, and %d take %s", name, size, before, times*size, long)
				break
			}
		}
	}
}
