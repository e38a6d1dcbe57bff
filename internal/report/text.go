package report

import (
	"strings"
	"unicode"
)

// visible replaces what no reader sees but what may change what is read: control
// characters, and those that turn the direction of writing or join words unseen.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar, !unicode.IsPrint(r) && !unicode.IsSpace(r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// flat is visible text on one line.
func flat(text string) string { return strings.Join(strings.Fields(visible(text)), " ") }
