package page

import (
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// negatingTitles are words of a title, in the singular, whose column can negate or
// turn a row.
const negatingTitles = " action decision statut etat statu state sen direction protocole protocol verdict politique policy" +
	" autorisation autorise permission permi ouvert ouvrir actif active enabled allow allowed acce transport proto tcp udp" +
	" regle filtrage validation "

// denyingTitles are words of a title whose column says of a row that it is not
// open, beside those of denials.
const denyingTitles = " deny refu exclusion negation suppression sauf fermeture blocage interdiction "

// harmless are cells of such a column that say what a row means anyway.
const harmless = " autorise autorises autorisee autorisees autoriser ouvert ouverts ouverte ouvertes ouvrir valide valides validee validees" +
	" actif actifs active actives oui yes pass permit permitted permis allow allowed accept accepte accepted accepter ok enabled "

// negates reports whether a column can negate or turn its rows.
func negates(title string) bool {
	return slices.ContainsFunc(strings.Fields(words(title)), func(word string) bool {
		return strings.Contains(negatingTitles, " "+strings.TrimSuffix(word, "s")+" ") // "statu" is "status", "sen" is "sens"
	})
}

// denies reports whether a column says of its rows that they are not open.
func denies(title string) bool {
	return denialIn(title) != "" || slices.ContainsFunc(strings.Fields(words(title)), func(word string) bool {
		return strings.Contains(denyingTitles, " "+strings.TrimSuffix(word, "s")+" ")
	})
}

// checkNegating refuses cells that negate or turn their row: in columns that can,
// all that do not say what a row means anyway; in other columns that are not
// read, a word that denies.
func (o *outline) checkNegating(t *table, r row, cells []content) {
	for i, title := range t.titles {
		if t.columns[i] != "" || i >= len(cells) {
			continue
		}
		c := cell{place: r.place, column: title, text: cells[i].text}
		switch {
		case denies(title):
			if said := words(c.text); c.text != "" && said != "non" && said != "no" {
				o.faults.add(r.place, &refusal.Error{
					Summary: "Column that changes what a row means",
					Found:   c.found("the column says of a row that it is not open"),
					Allowed: "non, no, and nothing",
					Remedy:  "Take out the rows that are not open, and then the column",
				})
			}
		case negates(title) && !t.means(r, c.plain()):
			o.faults.add(r.place, &refusal.Error{
				Summary: "Column that changes what a row means",
				Found:   c.found("the column can say that the row is not open, or turn it, and this is not known to leave it as it is"),
				Allowed: "autorisé, ouvert, validé, actif, oui, pass, permit, allow, accept, ok, →; sortant and entrant under these headings; the protocol that the Port cell has",
				Remedy:  "Take out the rows that are not open, and then the column",
			})
		case !negates(title) && len(strings.Fields(words(c.text))) == 1 && denialIn(c.text) != "":
			o.faults.add(r.place, &refusal.Error{
				Summary: "Column that changes what a row means",
				Found:   c.found("the word says that the row is not open"),
				Remedy:  "Take out the rows that are not open, and then the column",
			})
		case title == "" && c.text != "" && !t.warned["untitled"]:
			t.warned["untitled"] = true
			o.notes.add(r.place, "%s stands in a column without a title, and was ignored", quoted(c.plain()))
		}
	}
}

// means reports whether a cell says of a row what the row means anyway.
func (t *table) means(r row, text string) bool {
	switch strings.TrimSpace(text) {
	case "->", "→", "-->", "=>", "⇒":
		return true
	}
	if strings.ContainsAny(text, "?!") || denialIn(text) != "" {
		return false
	}
	said := words(text)
	port := strings.Fields(words(r.cells[portColumn].text))
	switch said {
	case "":
		return false
	case "entrant", "entrants", "sortant", "sortants":
		direction := strings.TrimSuffix(said, "s")
		return slices.ContainsFunc(t.sections, func(title string) bool { return title == direction || title == "flux"+said || title == said })
	}
	// All protocols of the one are those of the other.
	protocols := func(words []string) (found []string, others bool) {
		for _, word := range words {
			if word == "tcp" || word == "udp" {
				found = append(found, word)
			} else {
				others = true
			}
		}
		slices.Sort(found)
		return slices.Compact(found), others
	}
	here, others := protocols(strings.Fields(said))
	there, _ := protocols(port)
	if len(here) > 0 && !others {
		return slices.Equal(here, there)
	}
	return strings.Contains(harmless, " "+said+" ")
}
