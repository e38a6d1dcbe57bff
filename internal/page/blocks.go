package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// The blocks of a page are found here, and not by the Markdown library, which
// reads what stands in a line (markdown.go). For a mebibyte of "> ", of link
// definitions, or of rows below a thousand columns, its block parser (goldmark
// 1.8.7) takes more than ten seconds, by the square of the length; for one of
// "<a " it takes 1.7 GB. It knows no admonitions, in which the vendor's generator
// draws tables, and it drops in silence what here must be refused: rows behind an
// empty line, in a comment, in a quotation, in a list. Where it finds a table
// that is none here, or the reverse, TestBlocksAgree fails.

// scanner walks the lines of a Markdown page.
type scanner struct {
	*outline
	markdown  *markdown
	lines     []string
	container bool // what is indented belongs to a list, an admonition or a footnote
	paragraph []string
	begins    int       // index of its first line
	inHTML    bool      // a table in HTML was refused
	raw       bool      // inside a block of raw HTML, until the next empty line
	quoteMark string    // of the block of code that is open in the quotation
	hiding    []openTag // HTML elements that hide or strike out what they have, and are open
	lost      []lostLine
	lastLost  int // index of the last line of the last of them
	read      []readLines
	near      int // index of the table at or behind the line that was looked at last
}

// lostLine is a line, or several in a row, with pipes and in no table.
type lostLine struct {
	line     int // index of the first
	pipes    int // the most of a line
	protocol bool
	why      string
}

// readLines is a table that is read.
type readLines struct {
	first, last int // index of its lines, inclusive
	pipes       int // the fewest of a row
}

// readMarkdown hands the blocks of a Markdown page to an outline.
func readMarkdown(text string, o *outline) {
	head, text := withoutFrontMatter(text)
	for i, line := range strings.Split(head, "\n") {
		o.passage(lineAt(i+1), content{text: line})
	}
	o.between(nil)
	s := &scanner{outline: o, lines: strings.Split(text, "\n"), markdown: newMarkdown()}
	s.defineLinks()
	for i := 0; i < len(s.lines); {
		i = s.block(i) + 1
	}
	s.endParagraph()
	s.checkLost()
}

func (s *scanner) defineLinks() {
	for _, text := range s.lines {
		trimmed := strings.TrimLeft(text, " ")
		label, target, ok := strings.Cut(trimmed, "]:")
		if ok && len(text)-len(trimmed) <= 3 && len(text) <= maxRow && strings.HasPrefix(label, "[") && !strings.Contains(label[1:], "]") {
			if words := strings.Fields(target); len(words) > 0 {
				s.markdown.define(label[1:], words[0])
			}
		}
	}
}

// block reads the block that begins in line i, or a line of it, and returns the
// last line that belongs to it.
func (s *scanner) block(i int) int {
	text := s.lines[i]
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		s.endParagraph()
		s.raw, s.quoteMark = false, ""
		return i
	}
	indent := indentOf(text)
	if indent >= 4 && len(s.paragraph) == 0 {
		return s.indented(i, indent)
	}
	if indent < 4 && !s.raw {
		if mark, ok := s.opensFence(i, trimmed); ok {
			s.endParagraph()
			return s.fence(i, mark, 0)
		}
		if opener, closer := rawText(trimmed); opener != "" {
			s.endParagraph()
			return s.rawText(i, opener, closer)
		}
		if !isBlockStart(trimmed) && s.beginsTable(i) {
			s.container = false
			return s.table(i)
		}
	}
	return s.line(i, trimmed, indent)
}

// indentOf returns how many columns a line is indented; a tab leads to the next
// multiple of four.
func indentOf(text string) int {
	columns := 0
	for i := range len(text) {
		switch text[i] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns
		}
	}
	return columns
}

// unclosed refuses a block without an end: it takes all that follows along.
func (s *scanner) unclosed(i int, summary, how string) {
	p := lineAt(i + 1)
	s.faults.add(p, &refusal.Error{
		Summary: summary,
		Found:   fmt.Sprintf("%s, %s, %s", p.text, quoted(strings.TrimSpace(s.lines[i])), how),
		Remedy:  "End it where it should end, or take its beginning out",
	})
}

// isBlockStart reports whether a trimmed line begins a heading, a quotation or an
// item of a list.
func isBlockStart(trimmed string) bool {
	level, _ := headingOf(trimmed)
	return level > 0 || trimmed[0] == '>' || listMark(trimmed) > 0
}

// headingOf returns the level of the heading that a trimmed line is, or 0.
func headingOf(trimmed string) (level int, title string) {
	title = strings.TrimLeft(trimmed, "#")
	level = len(trimmed) - len(title)
	if level == 0 || level > 6 || title != "" && title[0] != ' ' && title[0] != '\t' {
		return 0, ""
	}
	title = strings.TrimSpace(title)
	if closed := strings.TrimRight(title, "#"); closed == "" || strings.HasSuffix(closed, " ") || strings.HasSuffix(closed, "\t") {
		title = strings.TrimSpace(closed)
	}
	return level, title
}

// listMark returns the length of the mark that begins an item of a list, with the
// space behind it, or 0.
func listMark(trimmed string) int {
	digits := len(trimmed) - len(strings.TrimLeft(trimmed, "0123456789"))
	rest := trimmed[digits:]
	switch {
	case rest == "" || digits > 9:
		return 0
	case digits > 0 && !strings.ContainsAny(rest[:1], ".)"), digits == 0 && !strings.ContainsAny(rest[:1], "-*+"):
		return 0
	case len(rest) > 1 && rest[1] != ' ' && rest[1] != '\t':
		return 0
	}
	return min(digits+2, len(trimmed))
}

// isRule reports whether a trimmed line is a thematic break.
func isRule(trimmed string) bool {
	mark := trimmed[:1]
	return strings.ContainsAny(mark, "-*_") && strings.Trim(trimmed, mark+" \t") == "" && strings.Count(trimmed, mark) >= 3
}

// indented reads a line that is indented by four columns or more: it belongs to a
// list or an admonition, or is code.
func (s *scanner) indented(i, indent int) int {
	trimmed := strings.TrimSpace(s.lines[i])
	if !s.container {
		s.look(i, trimmed, "indented by four columns, which makes it code")
		return i
	}
	if mark, _ := fenceMark(trimmed); mark != "" {
		return s.fence(i, mark, indent)
	}
	s.look(i, trimmed, "indented, in a list or an admonition")
	s.asideAt(i, trimmed)
	if listMark(trimmed) > 0 {
		s.bulletAt(trimmed)
	}
	s.tags(i, trimmed)
	return i
}

// line reads a line that begins no table, no code and no raw text.
func (s *scanner) line(i int, trimmed string, indent int) int {
	level, title := headingOf(trimmed)
	switch {
	case s.raw:
		s.tags(i, trimmed)
		s.look(i, trimmed, "inside a block of HTML, which an empty line ends")
		if !isOneTag(trimmed) {
			s.asideAt(i, trimmed)
		}
		return i
	case level > 0 && indent < 4:
		s.endParagraph()
		s.container = false
		s.look(i, trimmed, "a heading")
		s.heading(lineAt(i+1), level, s.titled(title))
		return i
	case len(s.paragraph) == 0 && htmlHeading(trimmed) > 0:
		s.tags(i, trimmed)
		s.look(i, trimmed, "a heading")
		s.heading(lineAt(i+1), htmlHeading(trimmed), s.markdown.inline(trimmed))
		return i
	case trimmed[0] == '>' && indent < 4:
		s.quotation(i, trimmed)
		return i
	case len(s.paragraph) > 0 && (strings.Trim(trimmed, "=") == "" || strings.Trim(trimmed, "-") == "") && indent < 4:
		title := s.titled(strings.Join(s.paragraph, " "))
		s.paragraph = nil
		s.container = false
		s.heading(lineAt(i), map[byte]int{'=': 1, '-': 2}[trimmed[0]], title)
		return i
	case isRule(trimmed):
		s.endParagraph()
		s.container = false
		return i
	case listMark(trimmed) > 0:
		s.endParagraph()
		s.container = true
		rest := strings.TrimSpace(trimmed[listMark(trimmed):])
		if mark, info := fenceMark(rest); mark != "" && !strings.Contains(info, "`") {
			return s.fence(i, mark, indent+2)
		}
		s.bulletAt(trimmed)
	case len(s.paragraph) == 0:
		s.container = strings.HasPrefix(trimmed, "!!!") || strings.HasPrefix(trimmed, "???") || strings.HasPrefix(trimmed, `===`) ||
			strings.HasPrefix(trimmed, "[^") || strings.HasPrefix(trimmed, ": ")
	}
	return s.text(i, trimmed)
}

// text reads a line of a paragraph, or of an item of a list.
func (s *scanner) text(i int, trimmed string) int {
	if includes(trimmed) {
		s.notes.add(lineAt(i+1), "%s brings in text that is not on this page, and was not read: the page as the web server sends it has it", quoted(trimmed))
	}
	if begins := strings.Index(outsideCode(trimmed), "<!--"); begins >= 0 {
		if end := s.inlineComment(i, trimmed, begins); end > i {
			return end
		}
	}
	if strings.Contains(trimmed, "{# ") || strings.HasSuffix(trimmed, "{#") || strings.Contains(trimmed, "#}") {
		s.notes.add(lineAt(i+1), "%s begins or ends a comment of a template, and what stands in the comment was read like the rest", quoted(trimmed))
	}
	s.raw = s.raw || opensHTML(trimmed)
	s.tags(i, trimmed)
	s.slashes(i, trimmed)
	s.look(i, trimmed, "")
	if trimmed == "~~" {
		s.unclosed(i, "Struck text", "strikes out no text that stands in other lines: Markdown readers do not agree on what it means")
	}
	const most = 16 // lines of a paragraph: more make another
	if len(s.paragraph) == most {
		s.endParagraph()
	}
	if len(s.paragraph) == 0 {
		s.begins = i
	}
	s.paragraph = append(s.paragraph, trimmed[:min(len(trimmed), maxRow)])
	return i
}

// includes reports whether a line is one in whose place a documentation generator
// puts text from elsewhere: a snippet, a template's block or value.
func includes(trimmed string) bool {
	return strings.HasPrefix(strings.TrimLeft(trimmed, "-;"), "8<--") && strings.HasPrefix(strings.TrimLeft(trimmed, ";"), "-") ||
		strings.Contains(trimmed, "{%") || strings.Contains(trimmed, "{{") || strings.HasPrefix(trimmed, "{!") || strings.HasPrefix(trimmed, ".. include::")
}

// endParagraph hands a paragraph on.
func (s *scanner) endParagraph() {
	if len(s.paragraph) > 0 {
		seen := s.markdown.inline(strings.Join(s.paragraph, " "))
		if last := s.paragraph[len(s.paragraph)-1]; hidesByAttributes(last) {
			seen.struck = last
		}
		s.passage(lineAt(s.begins+1), seen)
	}
	s.paragraph = nil
}

// titled reads a heading without its attributes: "Flux { #flux }".
func (s *scanner) titled(title string) content {
	i := strings.LastIndexByte(title, '{')
	if i <= 0 || !strings.HasSuffix(title, "}") {
		return s.markdown.inline(title)
	}
	seen := s.markdown.inline(strings.TrimSpace(title[:i]))
	if hidesByAttributes(title[i:]) {
		seen.hidden = title[i:]
	}
	return seen
}

// hidesByAttributes reports whether a list of attributes, as the vendor's
// generator reads them, hides or strikes out what it stands at: "{: .hidden }".
func hidesByAttributes(list string) bool {
	inside, ok := strings.CutPrefix(strings.ToLower(list), "{")
	if !ok || !strings.HasSuffix(inside, "}") {
		return false
	}
	if _, style, ok := strings.Cut(inside, "style="); ok && !isPlainStyle(strings.Trim(style, `"'} `)) {
		return true
	}
	return slices.ContainsFunc(strings.FieldsFunc(inside, func(r rune) bool { return strings.ContainsRune(" :.}\"'=", r) }), hidesByClass)
}

// htmlHeading returns the level of the heading that a trimmed line is in HTML, or 0.
func htmlHeading(trimmed string) int {
	if len(trimmed) < 4 || !strings.EqualFold(trimmed[:2], "<h") || trimmed[2] < '1' || trimmed[2] > '6' || !strings.ContainsAny(trimmed[3:4], " >") {
		return 0
	}
	return int(trimmed[2] - '0')
}

func (s *scanner) bulletAt(trimmed string) {
	if len(s.doc.flows) > 0 {
		s.bullet(s.markdown.inline(strings.TrimSpace(trimmed[listMark(trimmed):])).text)
	}
}

// quotation reads a line of a quotation. Its blocks of code are code here too.
func (s *scanner) quotation(i int, trimmed string) {
	s.endParagraph()
	s.container = false
	rest := strings.TrimSpace(strings.TrimLeft(trimmed, "> \t"))
	mark, info := fenceMark(rest)
	switch {
	case s.quoteMark != "":
		if strings.HasPrefix(mark, s.quoteMark) && info == "" {
			s.quoteMark = ""
		}
	case mark != "" && !strings.Contains(info, "`"):
		s.quoteMark = mark
	default:
		s.tags(i, rest)
		s.look(i, rest, "in a quotation")
		s.asideAt(i, rest)
	}
}

// asideAt notes a line of text that is no paragraph.
func (s *scanner) asideAt(i int, text string) {
	s.aside(lineAt(i+1), s.markdown.inline(text[:min(len(text), maxRow)]).text)
}
