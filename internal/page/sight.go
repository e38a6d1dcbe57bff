package page

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html" // the HTML parser that the Go project keeps up
)

// content is what a reader sees of a cell, a heading or a paragraph.
type content struct {
	text    string // spaces collapsed, "\n" for line breaks, pictures left out
	struck  string // what strikes a part of it out: "~~LDAP~~", "<del>"; empty where nothing does
	hidden  string // what hides a part of it: "<span hidden>", "<!--"; empty where nothing does
	denied  string // a title or the like that denies a part of it: `<abbr title="interdit">`; empty where there is none
	raised  string // what raises or lowers a part of it: "<sup>"; empty where nothing does
	picture string // the first picture, by its alternative text or its tag; empty where there is none
}

// negated returns what strikes out, hides or denies a part of it; empty where
// nothing does.
func (c content) negated() string { return cmp.Or(c.struck, c.hidden, c.denied) }

// sight gathers a content from a Markdown tree or an HTML tree.
type sight struct {
	text strings.Builder
	seen content
}

func (s *sight) write(text string) { s.text.WriteString(text) }

func (s *sight) content() content {
	seen := s.seen
	var lines []string
	for text := range strings.SplitSeq(readable(s.text.String()), "\n") {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			lines = append(lines, text)
		}
	}
	seen.text = strings.Join(lines, "\n")
	switch {
	case seen.struck != "":
	case strings.Contains(seen.text, "~~"):
		seen.struck = "~~"
	case strings.Contains(seen.text, "{--"):
		seen.struck = "{--"
	case strings.ContainsFunc(seen.text, isStroke):
		seen.struck = "a character that strikes the one before it out"
	}
	if seen.hidden == "" && (strings.Contains(seen.text, "<!--") || strings.Contains(seen.text, "-->")) {
		seen.hidden = "<!--"
	}
	return seen
}

// isStroke reports whether a character strikes the one before it out.
func isStroke(r rune) bool {
	return 0x0334 <= r && r <= 0x0338 || r == 0x20D2 || r == 0x20D3 || 0x20E5 <= r && r <= 0x20EB
}

// tag sees an opening or closing HTML tag.
func (s *sight) tag(name string, attributes []html.Attribute) {
	switch {
	case strikes(name):
		s.struck("<" + name + ">")
	case isPicture(name):
		s.pictured("<" + name + ">")
	case breaksLine(name):
		s.write("\n")
	}
	if name == "sup" || name == "sub" || name == "rt" {
		s.seen.raised = "<" + name + ">"
	}
	s.seen.hidden = cmp.Or(s.seen.hidden, hiding(name, attributes))
	s.seen.denied = cmp.Or(s.seen.denied, denying(name, attributes))
}

// denying says what of a tag denies what stands in it: a title or the like, which
// shows where one points at it; empty where nothing does.
func denying(name string, attributes []html.Attribute) string {
	for _, a := range attributes {
		switch a.Key {
		case "title", "alt", "aria-label", "aria-description", "summary":
			if denialIn(a.Val) != "" {
				return "<" + name + " " + a.Key + "=" + quoted(a.Val) + ">"
			}
		}
	}
	return ""
}

func (s *sight) struck(how string) {
	if s.seen.struck == "" {
		s.seen.struck = how
	}
}

func (s *sight) pictured(what string) {
	s.write(" ")
	if s.seen.picture == "" {
		s.seen.picture = what
	}
}

func strikes(name string) bool { return name == "del" || name == "s" || name == "strike" }

func isPicture(name string) bool { return name == "img" || name == "svg" || name == "picture" }

// breaksLine reports whether a browser shows what stands in an element, or behind
// it, in a line or a cell of its own.
func breaksLine(name string) bool { return name == "br" || name == "pre" || isBlockTag(name) }

// hiding says what of a tag hides what stands in it, as a reader finds it in the
// page; empty where nothing does.
func hiding(name string, attributes []html.Attribute) string {
	switch name {
	case "script", "style", "template", "noscript", "textarea", "select", "input", "dialog", "datalist",
		"iframe", "object", "embed", "canvas", "audio", "video", "noframes", "noembed", "title", "font", "marquee", "bdo":
		return "<" + name + ">"
	case "details":
		if !slices.ContainsFunc(attributes, func(a html.Attribute) bool { return a.Key == "open" }) {
			return "<details>"
		}
	}
	for _, a := range attributes {
		switch a.Key {
		case "hidden", "popover", "bgcolor":
			return "<" + name + " " + a.Key + ">"
		case "aria-hidden", "aria-disabled":
			if a.Val != "false" {
				return "<" + name + " " + a.Key + ">"
			}
		case "style":
			if !isPlainStyle(a.Val) {
				return "<" + name + " style=" + quoted(a.Val) + ">"
			}
		case "class":
			for class := range strings.FieldsSeq(strings.ToLower(a.Val)) {
				if hidesByClass(class) {
					return "<" + name + " class=" + quoted(a.Val) + ">"
				}
			}
		}
	}
	return ""
}

// isPlainStyle reports whether a style only arranges what it applies to.
func isPlainStyle(style string) bool {
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		property, _, _ := strings.Cut(declaration, ":")
		switch strings.TrimSpace(property) {
		case "", "text-align", "vertical-align", "white-space", "font-weight", "font-style", "font-family", "min-width", "word-break":
		default:
			return false
		}
	}
	return true
}

// deniesByClass reports whether a word of a class denies what has the class. Some
// words that deny are names of how a page is arranged.
func deniesByClass(word string) bool {
	return isDenial(word) && !slices.Contains([]string{"block", "blocks", "close", "drop", "bloc", "blocs"}, word)
}

// hidingClasses are classes that hide or strike out as a whole word alone.
const hidingClasses = " d-none none del collapse barre barré barrée raye rayé rayée cache caché cachée masque masqué masquée "

func hidesByClass(class string) bool {
	if strings.Contains(hidingClasses, " "+class+" ") || slices.ContainsFunc(strings.Fields(words(class)), deniesByClass) {
		return true
	}
	for _, part := range []string{"hidden", "hide", "invisible", "strike", "line-through", "deleted", "removed", "sr-only", "visually", "muted", "danger"} {
		if strings.Contains(class, part) {
			return true
		}
	}
	return false
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }
