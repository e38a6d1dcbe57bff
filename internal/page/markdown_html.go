package page

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// openTag is an HTML element that is open.
type openTag struct {
	place
	name, how string
}

// rawText returns how a line begins that opens text which is not read as
// Markdown, and how such text ends.
func rawText(trimmed string) (opener, closer string) {
	if !strings.HasPrefix(trimmed, "<") {
		return "", ""
	}
	lower := strings.ToLower(trimmed[:min(len(trimmed), len("<textarea "))])
	for _, marks := range [][2]string{
		{"<!--", "-->"}, {"<![cdata[", "]]>"}, {"<?", "?>"}, {"<pre", "</pre>"}, {"<script", "</script>"}, {"<style", "</style>"}, {"<textarea", "</textarea>"},
	} {
		if rest, ok := strings.CutPrefix(lower, marks[0]); ok && (marks[0] == "<!--" || marks[1][0] != '<' || rest == "" || strings.ContainsAny(rest[:1], " \t>")) {
			return marks[0], marks[1]
		}
	}
	return "", ""
}

// rawText returns the last line of the text that line i opens, up to what closes
// it. What stands behind that in its line is looked at.
func (s *scanner) rawText(i int, opener, closer string) int {
	skip := len(opener)
	if opener == "<style" {
		s.styled(lineAt(i + 1))
	}
	for j := i; j < len(s.lines); j++ {
		text := strings.TrimLeft(s.lines[j], " \t")
		lower := strings.ToLower(text)
		if end := strings.Index(lower[min(skip, len(lower)):], closer); end >= 0 {
			s.look(j, lower[min(skip, len(lower))+end+len(closer):], "behind the end of a comment or of raw text")
			return j
		}
		skip = 0
	}
	s.unclosed(i, "Comment or raw text without an end", fmt.Sprintf("is the beginning of a part that nobody sees, and no line has the %s that ends it", quoted(closer)))
	return len(s.lines) - 1
}

// inlineComment reads a comment that begins inside a line, and returns the line
// in which it ends. It refuses one that hides what looks like a table: whether a
// comment goes on behind an empty line is something that Markdown readers do not
// agree on.
func (s *scanner) inlineComment(i int, trimmed string, begins int) int {
	if strings.Contains(trimmed[begins:], "-->") {
		return i
	}
	for j := i + 1; j < len(s.lines); j++ {
		if strings.Contains(s.lines[j], "-->") {
			_, rest, _ := strings.Cut(s.lines[j], "-->")
			s.look(j, rest, "behind the end of a comment or of raw text")
			return j
		}
		s.look(j, strings.TrimSpace(s.lines[j]), "in a comment that begins inside a line")
	}
	s.unclosed(i, "Comment or raw text without an end", `has the beginning of a comment, and no line has the "-->" that ends it`)
	return len(s.lines) - 1
}

// tags looks at the HTML tags of a line: a table in HTML would not be read, and
// an element can hide what stands in it.
func (s *scanner) tags(i int, trimmed string) {
	if !strings.Contains(trimmed, "<") {
		return
	}
	tokens := html.NewTokenizer(strings.NewReader(outsideCode(trimmed)))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return
		}
		token := tokens.Token()
		if kind == html.StartTagToken {
			s.openTag(i, token)
		}
		if kind == html.EndTagToken {
			s.closeTag(token.Data)
		}
		tokens.NextIsNotRawText()
	}
}

func (s *scanner) closeTag(name string) {
	for j := len(s.hiding) - 1; j >= 0; j-- {
		if s.hiding[j].name == name {
			s.hiding = s.hiding[:j]
			return
		}
	}
}

// slashes looks at a line that opens or closes a block of the vendor's generator that
// has other blocks: "/// details | Anciens flux". What stands in it can be folded, or
// shown elsewhere.
func (s *scanner) slashes(i int, trimmed string) {
	rest := strings.TrimLeft(trimmed, "/")
	mark := trimmed[:len(trimmed)-len(rest)]
	switch {
	case len(mark) < 3:
	case rest == "":
		s.closeTag(mark)
	case rest[0] == ' ' && len(s.hiding) < maxOpen:
		s.hiding = append(s.hiding, openTag{lineAt(i + 1), mark, quoted(trimmed)})
	}
}

const maxOpen = 64 // elements that are open at a time

func (s *scanner) openTag(i int, token html.Token) {
	p := lineAt(i + 1)
	switch token.Data {
	case "table", "thead", "tbody", "tr", "td", "th":
		if s.inHTML {
			return
		}
		s.inHTML = true
		s.faults.add(p, &refusal.Error{
			Summary: "Table in HTML",
			Found:   fmt.Sprintf("%s, %s, has a table in HTML, which is not read inside Markdown", p.text, quoted(strings.TrimSpace(s.lines[i]))),
			Remedy:  "Write it as a Markdown table, or give the page as the web server sends it, from its <!doctype html> on",
		})
		return
	}
	how := hiding(token.Data, token.Attr)
	if strikes(token.Data) || token.Data == "details" {
		how = "<" + token.Data + ">"
	}
	if how != "" && len(s.hiding) < maxOpen && token.Data != "input" {
		s.hiding = append(s.hiding, openTag{p, token.Data, how})
	}
}

// opensHTML reports whether a trimmed line begins a block of raw HTML, which goes
// on until an empty line.
func opensHTML(trimmed string) bool {
	name, ok := strings.CutPrefix(trimmed, "<")
	if !ok {
		return false
	}
	name = strings.ToLower(strings.TrimPrefix(name, "/"))
	end := strings.IndexFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	rest := ""
	if end >= 0 {
		name, rest = name[:end], name[end:]
	}
	if name == "" || rest != "" && !strings.ContainsAny(rest[:1], " \t/>") {
		return false
	}
	return isBlockTag(name) || strings.HasSuffix(rest, ">") && strings.Count(rest, ">") == 1 // a tag that has the line to itself
}

// isOneTag reports whether a line is a tag and nothing else.
func isOneTag(trimmed string) bool {
	return trimmed[0] == '<' && strings.IndexByte(trimmed, '>') == len(trimmed)-1
}

func isBlockTag(name string) bool {
	const names = " address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset" +
		" figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav" +
		" noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr track ul "
	return strings.Contains(names, " "+name+" ")
}
