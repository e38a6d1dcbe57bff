package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// separated reads a text that is no name as a whole: several known names with a
// separator between them, or one new name.
func (r *reading) separated(text string, c cell, terms map[string]string) []name {
	parts := separate(text)
	names, known := r.group(text, parts, terms)
	switch {
	case known == len(names):
		return names
	case len(parts) > 1 && known > 0:
		r.twoReadings(text, names, c)
		return nil
	}
	for _, part := range strings.FieldsFunc(text, isWeakSeparator) {
		if n, ok := r.knownName(strings.TrimSpace(part), terms); ok && len(part) < len(text) && n.host == "" {
			r.twoReadings(text, []name{n}, c)
			return nil
		}
	}
	if n, ok := r.newName(text, c); ok {
		return []name{n}
	}
	return nil
}

func (r *reading) twoReadings(text string, names []name, c cell) {
	var texts []string
	for _, n := range names {
		texts = append(texts, quoted(n.text))
	}
	reading := strings.Join(texts, " and ")
	if len(names) == 1 {
		reading += " and something else"
	}
	r.faults.add(c.place, &refusal.Error{
		Summary: "Name that can be read in two ways",
		Found:   c.found("%s can be one name, or %s", quoted(text), reading),
		Remedy:  "Separate names by commas, and put remarks into the description",
	})
}

// part is a part of a text between separators, without the spaces around it.
type part struct{ start, end int }

// separate cuts a text at what separates names where both sides are known: "/",
// "+", "&", "→", "et", "and", a dash, and a hyphen between spaces.
func separate(text string) []part {
	var parts []part
	start := 0
	add := func(end int) {
		piece := text[start:end]
		left := len(piece) - len(strings.TrimLeft(piece, " "))
		parts = append(parts, part{start + left, start + max(left, len(strings.TrimRight(piece, " ")))})
	}
	for i := 0; i < len(text); {
		n := separatorAt(text, i)
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		add(i)
		i += n
		start = i
	}
	add(len(text))
	return parts
}

// separatorAt returns the length of the separator at a position, or 0.
func separatorAt(text string, i int) int {
	for _, sign := range []string{"/", "+", "&", "→", "–", "—", "‒", "―", "−"} {
		if strings.HasPrefix(text[i:], sign) {
			return len(sign)
		}
	}
	for _, word := range []string{" et ", " and ", " - "} {
		if end := i + len(word); end <= len(text) && strings.EqualFold(text[i:end], word) {
			return len(word)
		}
	}
	return 0
}

// group finds the known names among the parts of a text, the longest first, and
// says how many of the names are known. The others are as they stand.
func (r *reading) group(text string, parts []part, terms map[string]string) (names []name, known int) {
	const longest = 4 // parts of a name of the vocabulary
	for i := 0; i < len(parts); {
		j := min(len(parts), i+longest)
		for ; j > i; j-- {
			start, end := parts[i].start, parts[j-1].end
			if n, ok := r.knownName(text[start:end], terms); ok && (n.host == "" || standsApart(text, start, end)) {
				names = append(names, n)
				known++
				break
			}
		}
		if j == i {
			names = append(names, name{text: text[parts[i].start:parts[i].end]})
			j = i + 1
		}
		i = j
	}
	return names, known
}

// standsApart reports whether a part of a text has spaces around it, or the end of
// the text: a host name with a separator beside it may be a part of an address.
func standsApart(text string, start, end int) bool {
	return (start == 0 || text[start-1] == ' ') && (end == len(text) || text[end] == ' ')
}

// isWeakSeparator reports whether a character stands between names rather than
// inside one.
func isWeakSeparator(r rune) bool {
	switch r {
	case '-', '_', '\'', '’', '‘', 'ʼ', '`', '´', '.', ' ', '‐', '‑':
		return false
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
}
