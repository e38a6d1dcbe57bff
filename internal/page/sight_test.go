package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTagsBetweenNames has tags between two names that together are a third, which a
// browser shows apart: nothing of them makes the third.
func TestTagsBetweenNames(t *testing.T) {
	t.Parallel()
	page := readFile(t, "23.04.md")
	const row = "Canopsis | LDAP | TCP/389,636 | Annuaire |\n"
	for _, tag := range []string{"td", "th", "caption", "table", "h4", "aside", "nav", "footer", "figure", "address", "article", "summary", "legend", "form", "option", "center", "rt"} {
		for _, format := range []string{"Redis<%s>Sentinel", "Redis<%[1]s>Sentinel</%[1]s>", "<%[1]s>Redis</%[1]s><%[1]s>Sentinel</%[1]s>"} {
			cell := fmt.Sprintf(format, tag)
			text := strings.Replace(page, row, "Canopsis | "+cell+" | TCP/26739 | x |\n", 1)
			for form, text := range map[string]string{"Markdown": text, "HTML": asHTML(t, text)} {
				read, err := Parse(text)
				if err == nil && slices.Contains(rulesOf(read.Matrix), "canopsis > redis_sentinel tcp/26739") {
					t.Errorf("%s is read as Redis Sentinel in %s", cell, form)
				}
			}
		}
	}
}
