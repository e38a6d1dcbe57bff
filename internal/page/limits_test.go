package page

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// heavy are pages of about as many bytes, each of what costs a reader most.
func heavy(size int) map[string]func() string {
	fill := func(before, unit string) func() string {
		return func() string { return before + strings.Repeat(unit, max(0, size-len(before))/len(unit)) }
	}
	// Rows of about the most bytes, filled with a description.
	rows := func(unit string) func() string {
		row := "Canopsis | LDAP | TCP/1 | " + strings.Repeat(unit, (maxRow-40)/len(unit)) + " |\n"
		return fill(smallList+"\n"+flowTable(goodFlow), row)
	}
	count := func(before, format string) func() string {
		return func() string {
			var text strings.Builder
			text.WriteString(before)
			for i := 0; text.Len() < size-80; i++ {
				fmt.Fprintf(&text, format, i, i, i%65535+1)
			}
			return text.String()
		}
	}
	// Rows whose sources are many spellings of one name, n in all.
	spellings := func(n int) func() string {
		return func() string {
			var text strings.Builder
			text.WriteString(smallList + "\n" + flowTable(goodFlow))
			for i := 0; i < n && text.Len() < size-20*maxNames; {
				for j := 0; j < maxNames && i < n; i, j = i+1, j+1 {
					fmt.Fprintf(&text, "a%s,", strings.NewReplacer("0", ".", "1", "_").Replace(strconv.FormatInt(int64(i), 2)))
				}
				text.WriteString("a | LDAP | TCP/1 | x |\n")
			}
			return text.String()
		}
	}
	// Pages in HTML, with what costs a reader most inside and behind a table.
	sent := func(unit string) func() string {
		return fill("<!doctype html><body><main><h1>Matrice des flux réseau</h1>"+htmlFlows(""), unit)
	}
	sentRows := func(unit string) func() string {
		return fill(strings.TrimSuffix(htmlPage(""), "</tbody></table></main></body></html>"), "<tr><td>Canopsis<td>LDAP<td>TCP/1<td>"+unit)
	}
	return map[string]func() string{
		"elements":                  sent("<p>"),
		"nested elements":           sent("<b>"),
		"nested lists in HTML":      sent("<ul><li><div>"),
		"formatting":                sent("<a><b><i><u>x</p>"),
		"unclosed anchors":          sent("<a>x"),
		"tables in HTML":            sent("<table><tr><td>Source<td>Destination<td>Port"),
		"text in tables":            sent("<table>x"),
		"attributes":                sent("<x a b c d>"),
		"references":                sent("&amp;"),
		"templates":                 sent("<template>"),
		"selects":                   sent("<select><option>"),
		"headings in HTML":          sent("<h2>a</h2>"),
		"rows in HTML":              sentRows("x"),
		"rows of tables":            sentRows("<table><tr><td>"),
		"rows of pictures":          sentRows("<img>"),
		"comments in HTML":          sent("<!---->"),
		"lines of one pipe":         fill(small(goodFlow), "a|b|c TCP\n\n"),
		"comments in lines":         fill(small(goodFlow), "a <!--\n"),
		"fences in a list":          fill(small(goodFlow), "- ```\n"),
		"indented fences":           fill(small(goodFlow), "- a\n\n    ```\n\n"),
		"raw HTML":                  fill(small(goodFlow), "<div>\n"),
		"hiding elements":           fill(small(goodFlow), "<del>x</del><s>"),
		"one row":                   fill(smallList+"\n"+flowTable(goodFlow), goodFlow+"\n"),
		"distinct rows":             count(smallList+"\n"+flowTable(goodFlow), "source %d | destination %d | TCP/%d | x |\n"),
		"tables of flows":           fill(smallList+"\n", flowTable(goodFlow)+"\n"),
		"port lists":                fill("", smallList+"\n"),
		"other tables":              fill("", "a|b\n-|-\n\n"),
		"delimiter rows":            fill("", "-|-\n"),
		"pipes":                     fill("", "|"),
		"lines of pipes":            fill("", "||\n"),
		"brackets":                  fill("", "["),
		"back-quotes":               fill("", "`"),
		"headings":                  fill("", "## a\n### b\n"),
		"quotations":                fill("", "> "),
		"nested lists":              fill("", "- "),
		"bullets":                   fill(small(goodFlow), "- a : b\n"),
		"blocks of code":            fill("", "```\n"),
		"comments":                  fill("", "<!--\n"),
		"accents":                   fill("", "\u0301"),
		"link definitions":          count("", "[a%d]: b%d %d\n"),
		"line ends":                 fill(small(goodFlow), "\n"),
		"rows of pipes":             rows(`\|`),
		"rows of brackets":          rows("["),
		"rows of unfinished links":  rows("[]("),
		"rows of images":            rows("!["),
		"rows of emphasis":          rows("*a_"),
		"rows of strong emphasis":   rows("**a *"),
		"rows of back-quotes":       rows("` ``"),
		"rows of tags":              rows("<a "),
		"rows of references":        rows("&#"),
		"rows of parentheses":       rows("("),
		"rows of notes":             rows("(optionnel)"),
		"spellings of one name":     spellings(maxRanges),
		"spellings without end":     spellings(size),
		"many ports":                fill(smallList+"\n"+flowTable(goodFlow), "Canopsis | a, b, c, d, e, f, g | TCP/1-9,20-29,40-49,60-69 | x |\n"),
		"components without number": fill("Composant | Port\n-|-\n", "Nginx | TCP/8080\n"),
	}
}

// provesPages reports whether PROVE_PAGES asks for all mutations and for heavy pages
// of a mebibyte, which take minutes.
func provesPages() bool { return os.Getenv("PROVE_PAGES") != "" }

// heavySize is how many bytes the larger ones of the heavy pages have.
func heavySize() int {
	if provesPages() {
		return MaxSize
	}
	return 1 << 16
}

// TestMemoryIsLinear counts what is allocated while a heavy page is read, which is
// at least what is in memory at a time. It depends on nothing that the machine
// does otherwise, and runs in a process of its own, where no other test allocates.
func TestMemoryIsLinear(t *testing.T) {
	t.Parallel()
	if os.Getenv("COUNT_ALLOCATIONS") == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestMemoryIsLinear$", "-test.v")
		command.Env = append(os.Environ(), "COUNT_ALLOCATIONS=1")
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	const (
		allowed = 1000    // times the page's bytes, inclusive; a token of HTML takes some hundred bytes
		times   = 8       // the larger page's size by the smaller one's
		most    = 12      // what the larger one allocates by what the smaller one does, inclusive
		fixed   = 1 << 20 // bytes beside
	)
	allocated := func(page string) int {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = Parse(page) // whether it is read is not the question here
		runtime.ReadMemStats(&after)
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	allocated(small(goodFlow)) // what is made when the first page is read
	size := heavySize()
	smaller := heavy(size / times)
	for name, write := range heavy(size) {
		page := write()
		large, little := allocated(page), allocated(smaller[name]())
		if large > allowed*len(page)+fixed {
			t.Errorf("%s: %d bytes allocate %d, more than %d times as many", name, len(page), large, allowed)
		}
		if large > most*little+fixed {
			t.Errorf("%s: %d times as many bytes allocate %d, not %d", name, times, large, little)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := readFile(b, "22.10.md")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		mustParse(b, text)
	}
}

func BenchmarkParseHeavy(b *testing.B) {
	for name, write := range heavy(MaxSize) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			text := write()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(text) // most are refused; the time is the question
			}
		})
	}
}
