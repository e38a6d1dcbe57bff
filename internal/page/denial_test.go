package page

import (
	"strings"
	"testing"
)

// TestNothingIsOpenedThatATextDenies changes a page in ways that say of a row, of
// a table or of a name that it is not open, or is another: in Markdown and in HTML
// it is refused, or a warning names it.
func TestNothingIsOpenedThatATextDenies(t *testing.T) {
	t.Parallel()
	const heading = "## Matrice des flux\n\n"
	page := readFile(t, "23.04.md")
	for _, change := range []struct{ old, with, in string }{
		{"| LDAP |", `| <span aria-hidden="true">LDAP</span> |`, "both"},
		{"| LDAP |", "| LDAP\\* |", "both"},
		{"| Annuaire |", "| Annuaire (interdit) |", "both"},
		{"| Annuaire |", "| Fermé |", "both"},
		{"| Annuaire |", "| NON |", "both"},
		{"| Annuaire |", "| Annuaire : ne pas ouvrir |", "both"},
		{"| Annuaire |", "| Annuaire 🚫 |", "both"},
		{"| Annuaire |", "| Annuaire (facultatif) |", "both"},
		{"| TCP/389,636 |", "| TCP/389 (optionnel) ou TCP/636 |", "both"},
		{heading, "## Matrice des flux 🚫\n\n", "both"},
		{heading, "## Matrice des flux ?\n\n", "both"},
		{heading, "## Matrice des flux { .hidden }\n\n", "Markdown"},
		{heading, "## Matrice des flux {: style='display:none' }\n\n", "Markdown"},
		{heading, "## Flux non autorisés\n\n", "both"},
		{heading, heading + "{: .hidden }\n\n", "Markdown"},
		{heading, heading + "Ne pas ouvrir :\n\n", "both"},
		{heading, heading + "Les flux suivants ne sont pas autorisés :\n\n", "both"},
		{heading, heading + "* interdits :\n\n", "both"},
		{heading, heading + "1. Refusés :\n\n", "both"},
		{heading, heading + "> interdits\n\n", "both"},
		{heading, heading + "<center>interdit</center>\n\n", "both"},
		{heading, heading + "<h3>Flux interdits</h3>\n\nTexte.\n\n", "both"},
		{heading, heading + "<details>\n\n", "both"},
		{heading, heading + "<details><summary>Anciens</summary>\n\n", "both"},
		{heading, heading + "<div aria-hidden=true>\n\n", "both"},
		{"| Redis Sentinel |", "| Redis–Sentinel |", "both"},
		{"API Canopsis  ", "API—Canopsis", "both"},
		{"\nCanopsis | MongoDB |", "\nCanopsis〜API | MongoDB |", "both"},
	} {
		if !strings.Contains(page, change.old) {
			t.Fatalf("the page has no %q", change.old)
		}
		text := strings.Replace(page, change.old, change.with, 1)
		forms := map[string]string{"Markdown": text}
		if change.in == "both" {
			forms["HTML"] = asHTML(t, text)
		}
		for form, text := range forms {
			if read, err := Parse(text); err == nil && len(read.Warnings) == 0 {
				t.Errorf("%q is read without a word in %s", change.with, form)
			}
		}
	}
}

// TestColumnsThatDeny has columns that say of a row whether it is open, in other
// words than an issue of the page had.
func TestColumnsThatDeny(t *testing.T) {
	t.Parallel()
	for title, harmless := range map[string]string{
		"Interdit": "non", "À fermer": "no", "Refus": "non", "Sauf": "non", "Deny": "no",
		"Autorisé ?": "oui", "Permis": "oui", "Accès": "allow", "Transport": "TCP", "Règle": "ACCEPT", "TCP/UDP": "tcp",
	} {
		if _, err := Parse(negating(title, harmless)); err != nil {
			t.Errorf("%s, %s: %v", title, harmless, err)
		}
		for _, cell := range []string{"oui ?", "oui, sauf LDAP", "🚫", "X", "non ouvert"} {
			if _, err := Parse(negating(title, cell)); err == nil {
				t.Errorf("%s, %s: read", title, cell)
			}
		}
	}
}
