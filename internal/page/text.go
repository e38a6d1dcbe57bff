package page

import (
	"fmt"
	"slices"
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

// withoutWidth are the characters that plain takes out.
const withoutWidth = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

// readable gives a text one spelling of spaces and line ends. Two digits with
// characters without width between them do not become one number.
func readable(text string) string {
	if strings.ContainsAny(text, withoutWidth) {
		text = apart(text)
	}
	return plain.Replace(text)
}

// apart puts a space between digits that only characters without width separate.
func apart(text string) string {
	var spaced strings.Builder
	last, gap := rune(0), false // the last character that has a width; something without stands behind it
	for _, r := range text {
		switch {
		case strings.ContainsRune(withoutWidth, r):
			gap = true
			continue
		case gap && '0' <= last && last <= '9' && '0' <= r && r <= '9':
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(r)
		last, gap = r, false
	}
	return spaced.String()
}

// cleaned returns the text with one spelling of accents, spaces and line ends. It refuses what is no page at all.
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
			fmt.Sprintf("line %d has bytes that are not UTF-8 text", lineOfBinary(text)),
			"Give the page's Markdown or HTML, saved as UTF-8, as in page = file(\"matrix.md\")")
	}
	text = norm.NFC.String(readable(text))
	if isHTML(text) {
		return text, nil
	}
	if _, rest := withoutFrontMatter(text); strings.TrimSpace(rest) == "" {
		return refuse("Empty page",
			"the text is empty",
			"Give the page's Markdown or HTML, or leave the argument out to use the embedded edition")
	}
	if line := strings.TrimSpace(text); !strings.Contains(line, "\n") {
		switch {
		case strings.Contains(line, "://"):
			return refuse("Address instead of a page",
				fmt.Sprintf("%s is an address, not the text that stands there", quoted(line)),
				`Save the page and write page = file("matrix.md"), or read it: data "http" "matrix" with this url, and page = data.http.matrix.response_body`)
		case hasSuffix(line, ".md", ".markdown", ".html", ".htm", ".txt"):
			return refuse("File name instead of a page",
				fmt.Sprintf("%s is the name of a file, not the text in it", quoted(line)),
				fmt.Sprintf("Write page = file(%s)", quoted(line)))
		}
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

// withoutFrontMatter takes the YAML that documentation generators put before a
// page off it, and leaves its lines empty. A page that merely begins with a rule
// has none.
func withoutFrontMatter(text string) (head, rest string) {
	if !strings.HasPrefix(text, "---\n") {
		return "", text
	}
	end := strings.Index(text, "\n---\n")
	if end < 0 {
		return "", text
	}
	head = text[:end+len("\n---\n")]
	if strings.Contains(head, "-|") || strings.Contains(head, "|-") || strings.Contains(head, "\n\n") {
		return "", text
	}
	return head, strings.Repeat("\n", strings.Count(head, "\n")) + text[len(head):]
}

func hasSuffix(text string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(strings.ToLower(text), suffix) })
}

// isHTML reports whether a text is an HTML page: it begins with a doctype or an
// html element, perhaps behind comments, as browsers write them when they save a
// page.
func isHTML(text string) bool {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "<!--") || strings.HasPrefix(text, "<?xml") {
		_, rest, ok := strings.Cut(text, ">")
		if strings.HasPrefix(text, "<!--") {
			_, rest, ok = strings.Cut(text, "-->")
		}
		if !ok {
			return false
		}
		text = strings.TrimSpace(rest)
	}
	start := strings.ToLower(text[:min(len(text), len("<!doctype html"))])
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html")
}
