package page

import "strings"

// span is a part of a text in parentheses, the outermost ones: from the opening
// one, inclusive, to behind the closing one.
type span struct{ start, end int }

// spans finds what stands in parentheses. A parenthesis without its counterpart
// is a character like any other.
func spans(text string) []span {
	var open []int
	var found []span
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '(':
			open = append(open, i)
		case text[i] == ')' && len(open) > 0:
			start := open[len(open)-1]
			open = open[:len(open)-1]
			for len(found) > 0 && found[len(found)-1].start > start {
				found = found[:len(found)-1] // it is inside this one
			}
			found = append(found, span{start, i + 1})
		}
	}
	return found
}

// splitOutside cuts a text at separators that stand outside of parentheses;
// separator returns the length of the separator at the beginning of its
// argument, or 0.
func splitOutside(text string, separator func(string) int) []string {
	var parts []string
	inside := spans(text)
	start := 0
	for i := 0; i < len(text); {
		if len(inside) > 0 && inside[0].start == i {
			i = inside[0].end
			inside = inside[1:]
			continue
		}
		if n := separator(text[i:]); n > 0 {
			parts = append(parts, strings.TrimSpace(text[start:i]))
			i += n
			start = i
			continue
		}
		i++
	}
	return append(parts, strings.TrimSpace(text[start:]))
}

// splitOr cuts a text at "ou", the page's word between alternatives.
func splitOr(text string) []string {
	return splitOutside(text, func(rest string) int {
		const word = " ou "
		if len(rest) > len(word) && isSpace(rest[0]) && isSpace(rest[3]) && strings.EqualFold(rest[1:3], "ou") {
			return len(word)
		}
		return 0
	})
}

func isSpace(character byte) bool { return character == ' ' || character == '\n' }

// splitList cuts a list at commas, semicolons and line breaks. A line break beside
// another separator is none of its own.
func splitList(text string) []string {
	lines := strings.Split(text, "\n")
	joined := lines[0]
	for _, line := range lines[1:] {
		before, after := strings.TrimSpace(joined), strings.TrimSpace(line)
		if before == "" || after == "" || strings.ContainsAny(before[len(before)-1:], ",;/+&") || strings.ContainsAny(after[:1], ",;/+&(") {
			joined += " " + line
			continue
		}
		joined += "," + line
	}
	return splitCommas(joined)
}

// splitCommas cuts a list.
func splitCommas(text string) []string {
	return splitOutside(text, func(rest string) int {
		if rest[0] == ',' || rest[0] == ';' {
			return 1
		}
		return 0
	})
}

// marks are the notes in parentheses that mean something.
type marks struct {
	optional               bool
	viaProxy               bool
	configurationDependent bool
}

// with returns what either of two sets of notes says.
func (m marks) with(other marks) marks {
	return marks{m.optional || other.optional, m.viaProxy || other.viaProxy, m.configurationDependent || other.configurationDependent}
}

// withoutNotes takes the notes in parentheses out of a text and returns them.
// Parentheses that mean nothing to us stay.
func withoutNotes(text string) (string, marks) {
	var rest strings.Builder
	var m marks
	start := 0
	for _, s := range spans(text) {
		if m.note(text[s.start+1 : s.end-1]) {
			rest.WriteString(text[start:s.start])
			start = s.end
		}
	}
	rest.WriteString(text[start:])
	tidy := strings.Join(strings.Fields(rest.String()), " ")
	if strings.HasSuffix(tidy, " .") { // the note stood before the full stop
		tidy = strings.TrimSuffix(tidy, " .") + "."
	}
	return tidy, m
}

// likeOptional returns the part of a description that is like the note "optionnel"
// and is not one; empty where there is none. What opens by mistake must be
// noticed.
func likeOptional(text string) string {
	like := func(said string) bool {
		for _, word := range []string{"optionnel", "optionnelle", "optionnels", "optionnelles", "facultatif", "facultative", "optional"} {
			if withinOneEdit(said, word) {
				return true
			}
		}
		return false
	}
	for _, s := range spans(text) {
		if like(squeezed(text[s.start:s.end])) {
			return text[s.start:s.end]
		}
	}
	for word := range strings.FieldsSeq(words(text)) {
		if like(word) {
			return word
		}
	}
	return ""
}

// note reads what stands between parentheses, and reports whether it means
// something.
func (m *marks) note(text string) bool {
	said := words(text)
	switch {
	case isOptional(said):
		m.optional = true
	case strings.Contains(said, "travers un proxy"):
		m.viaProxy = true
	case strings.HasPrefix(said, "dependant de la configuration"), strings.HasPrefix(said, "selon la configuration"):
		m.configurationDependent = true
	default:
		return false
	}
	return true
}

func isOptional(said string) bool {
	switch said {
	case "optionnel", "optionnelle", "optionnels", "optionnelles":
		return true
	}
	return false
}
