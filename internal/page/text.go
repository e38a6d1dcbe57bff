package page

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// MaxSize is the most bytes that a page may have, inclusive. The vendor's have
// about three thousand.
const MaxSize = 1 << 20

// plain spells one way what editors and browsers spell in several. It keeps the
// number of lines.
var plain = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", // line ends
	"\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u2009", " ", "\u3000", " ", // spaces that do not break, or are thin or wide
	"\u2028", " ", "\u2029", " ", "\u0085", " ", "\v", " ", "\f", " ",
	"\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "", // characters without width
)

// joined is two digits with characters without width between them, which must
// not become one number.
var joined = regexp.MustCompile(`([0-9])[\x{200b}\x{200c}\x{200d}\x{2060}\x{feff}\x{ad}]+([0-9])`)

// cleaned returns the text with one spelling of accents, spaces and line ends,
// and without its front matter. It refuses what is no page at all.
func cleaned(text string) (string, error) {
	refuse := func(summary, found, remedy string) (string, error) {
		return "", &refusal.Error{At: at, Summary: summary, Found: found, Remedy: remedy}
	}
	if len(text) > MaxSize {
		return refuse("Page too long",
			fmt.Sprintf("the text has %d bytes", len(text)),
			fmt.Sprintf("A page has at most %d bytes; the vendor's have about 3000", MaxSize))
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return refuse("Not a text",
			fmt.Sprintf("line %d holds bytes that are no UTF-8 text", lineOfBinary(text)),
			"Give the page's Markdown source, saved as UTF-8, as in page = file(\"matrice.md\")")
	}
	for range 2 { // the second time for digits that the first consumed
		text = joined.ReplaceAllString(text, "$1 $2")
	}
	text = withoutFrontMatter(norm.NFC.String(plain.Replace(text)))
	if strings.TrimSpace(text) == "" {
		return refuse("Empty page",
			"the text is empty",
			"Give the page's Markdown source, or leave the argument out to use the embedded edition")
	}
	if line := strings.TrimSpace(text); !strings.Contains(line, "\n") {
		switch {
		case strings.Contains(line, "://"):
			return refuse("Address instead of a page",
				fmt.Sprintf("%s is an address, not the text that stands there", quoted(line)),
				`Save the page's Markdown source, and write page = file("matrix.md")`)
		case strings.HasSuffix(strings.ToLower(line), ".md"):
			return refuse("File name instead of a page",
				fmt.Sprintf("%s is the name of a file, not the text in it", quoted(line)),
				fmt.Sprintf("Write page = file(%s)", quoted(line)))
		}
	}
	if isHTML(text) {
		return refuse("HTML instead of Markdown",
			"the text is an HTML page",
			"Give the page's Markdown source (index.md of the vendor's documentation), not what a browser saves")
	}
	return text, nil
}

func lineOfBinary(text string) int {
	end := strings.IndexByte(text, 0)
	for i, r := range text {
		if end >= 0 && i >= end {
			break
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			end = i
			break
		}
	}
	before := plain.Replace(text[:end])
	return strings.Count(before, "\n") + 1
}

// withoutFrontMatter blanks the YAML that documentation generators put before a
// page, and keeps its lines. A page that merely begins with a rule has none.
func withoutFrontMatter(text string) string {
	if !strings.HasPrefix(text, "---\n") {
		return text
	}
	end := strings.Index(text, "\n---\n")
	if end < 0 {
		return text
	}
	block := text[:end+len("\n---\n")]
	if strings.Contains(block, "-|") || strings.Contains(block, "|-") || strings.Contains(block, "\n\n") {
		return text
	}
	return strings.Repeat("\n", strings.Count(block, "\n")) + text[len(block):]
}

func isHTML(text string) bool {
	lower := strings.ToLower(text)
	start := strings.TrimSpace(lower)
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") ||
		strings.Contains(lower, "<table") && strings.Contains(lower, "<td") && !strings.Contains(text, "|")
}
