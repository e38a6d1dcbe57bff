package page

import (
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// fenceMark returns the back-quotes or tildes at the beginning of a trimmed line,
// and what stands behind them; none where they are fewer than three.
func fenceMark(trimmed string) (mark, info string) {
	for _, character := range []string{"`", "~"} {
		info = strings.TrimLeft(trimmed, character)
		if n := len(trimmed) - len(info); n >= 3 {
			return trimmed[:n], info
		}
	}
	return "", ""
}

// opensFence reports whether a line opens a block of code. A back-quote behind
// the opening ones is either the end of code within the line, or something that
// Markdown readers do not agree on.
func (s *scanner) opensFence(i int, trimmed string) (mark string, ok bool) {
	mark, info := fenceMark(trimmed)
	if mark == "" {
		return "", false
	}
	if mark[0] == '`' && strings.Contains(info, "`") {
		if strings.Contains(info, mark) {
			return "", false
		}
		p := lineAt(i + 1)
		s.faults.add(p, &refusal.Error{
			Summary: "Block of code that is not understood",
			Found:   fmt.Sprintf("%s, %s, has a back-quote behind those that open the block: Markdown readers do not agree on whether it opens one", p.text, quoted(trimmed)),
			Remedy:  "Leave nothing but a language behind the opening back-quotes",
		})
	}
	return mark, true
}

// fence returns the last line of the block of code that line i opens. One that
// stands in a list or an admonition also ends where the indentation does.
func (s *scanner) fence(i int, open string, indent int) int {
	for j := i + 1; j < len(s.lines); j++ {
		trimmed := strings.TrimSpace(s.lines[j])
		if indent > 0 && trimmed != "" && indentOf(s.lines[j]) < min(indent, 2) {
			return j - 1
		}
		if mark, rest := fenceMark(trimmed); strings.HasPrefix(mark, open) && rest == "" && (indent > 0 || indentOf(s.lines[j]) < 4) {
			return j
		}
	}
	s.unclosed(i, "Block of code without an end", fmt.Sprintf("is the beginning of a block of code, and no line has the %s that end it", quoted(open)))
	return len(s.lines) - 1
}

// outsideCode blanks the code within a line, and what a backslash escapes.
func outsideCode(text string) string {
	if !strings.ContainsAny(text, "`\\") {
		return text
	}
	seen := []byte(text)
	closers := map[int]int{} // length of back-quotes → behind the last that are so many
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '`' {
			end := i + 1
			for i > 0 && text[i-1] == '`' {
				i--
			}
			closers[end-i] = max(closers[end-i], end)
		}
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			seen[i], seen[i+1] = ' ', ' '
			i++
		case text[i] == '`':
			n := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
			if closers[n] <= i+n {
				i += n - 1
				continue
			}
			end := i + n + closing(text[i+n:], n)
			for ; i < end; i++ {
				seen[i] = ' '
			}
			i--
		}
	}
	return string(seen)
}

// closing returns the position behind the first run of exactly n back-quotes.
func closing(text string, n int) int {
	for i := 0; i < len(text); i++ {
		if text[i] != '`' {
			continue
		}
		run := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if i += run; run == n {
			return i
		}
	}
	return len(text)
}
