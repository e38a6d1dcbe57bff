package page

import (
	"fmt"
	"os"
	"os/exec"
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

// TestHeavyPages reads each heavy page in a process of its own, which tells how
// much memory it took at most.
func TestHeavyPages(t *testing.T) {
	t.Parallel()
	const (
		times   = 50       // the page's bytes, inclusive, in Markdown
		tree    = 100      // the same in HTML, of which the parser makes a tree
		process = 24 << 20 // bytes that a test process takes without a page
	)
	if name := os.Getenv("HEAVY_PAGE"); name != "" {
		_, _ = Parse(heavy(MaxSize)[name]()) // whether it is read is not the question here
		fmt.Printf("peak=%d\n", peakMemory())
		return
	}
	if peakMemory() == 0 {
		t.Skip("this system does not tell how much memory a process took: /proc/self/status has no VmHWM")
	}
	for name, text := range heavy(MaxSize) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What takes minutes for a mebibyte takes no linear time, on any machine.
			command := exec.Command(os.Args[0], "-test.run=^TestHeavyPages$", "-test.timeout=3m")
			command.Env = append(os.Environ(), "HEAVY_PAGE="+name)
			out, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var peak int
			if _, err := fmt.Sscanf(string(out), "peak=%d", &peak); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			page := text()
			allowed := times*len(page) + process
			if isHTML(page) {
				allowed = tree*len(page) + process
			}
			if peak > allowed {
				t.Errorf("took %d bytes at most, %d are allowed", peak, allowed)
			}
		})
	}
}

// peakMemory returns the most bytes that this process had in memory so far; 0
// where the system does not tell.
func peakMemory() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kibibytes int
	if _, err := fmt.Sscanf(rest, "%d kB", &kibibytes); err != nil {
		return 0
	}
	return kibibytes * 1024
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
