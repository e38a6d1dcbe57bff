package page

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// denials are words that say of what they are about that it is not open, without
// case and accents.
const denials = " interdit interdits interdite interdites interdire interdisons interdisez interdiction interdictions" +
	" obsolete obsoletes proscrit proscrits proscrite proscrites proscrire exclu exclus exclue exclues exclure" +
	" clos close closes caduc caducs caduque caduques inactif inactifs inactive inactives" +
	" suspendu suspendus suspendue suspendues banni bannis bannie bannies defendu defendus defendue defendues" +
	" deny denied denies forbid forbids forbidden prohibited block blocked blocks blocking closed deprecated drop dropped" +
	" reject rejected rejects disallow disallowed disable disabled remove removed revoked retired decommissioned" +
	" unauthorized unauthorised unallowed banned brouillon brouillons draft "

// denyingVerbs are stems of French verbs that deny, and verbEndings what makes
// a word of one: "fermé", "fermeture".
var (
	denyingVerbs = []string{
		"refus", "bloqu", "bloc", "ferm", "supprim", "desactiv", "rejet", "prohib", "retir", "annul", "abandonn", "condamn", "revoqu",
		"decommissionn", "perim", "invalid",
	}
	verbEndings = []string{"", "s", "e", "es", "ee", "ees", "er", "ons", "ez", "ent", "ant", "age", "ages", "ation", "eture"}
)

// isDenial reports whether a folded word says that something is not open.
func isDenial(word string) bool {
	if strings.Contains(denials, " "+word+" ") {
		return true
	}
	return slices.ContainsFunc(denyingVerbs, func(stem string) bool {
		ending, ok := strings.CutPrefix(word, stem)
		return ok && slices.Contains(verbEndings, ending)
	})
}

// negations are words that deny one of openings behind them: "ne pas ouvrir",
// "non autorisés".
const negations = " ne n pas non not never jamais no aucun aucune "

var openings = []string{
	"ouvr", "ouvert", "autoris", "permi", "permett", "allow", "accept", "activ", "valid", "open", "enabled",
	"utilis", "appliqu", "necess", "requis", "needed", "required", "used",
}

// outOf are words behind "hors" that make a denial of it: "hors service".
const outOf = " service usage d production exploitation "

// denialIn returns the first word of a text that denies what it is about, or what
// negates one that opens it, or a sign; empty where there is none.
func denialIn(text string) string {
	if i := strings.IndexAny(text, "🚫⛔❌✗✘✖❎"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		return text[i : i+size]
	}
	const near = 4 // words behind a negation that it is about
	said := strings.Fields(words(text))
	for i, word := range said {
		if farm := word == "ferme" && i+1 < len(said) && strings.HasPrefix(said[i+1], "d"); isDenial(word) && !farm {
			return word // "ferme de serveurs" is no "fermé"
		}
		if word == "hors" && i+1 < len(said) && strings.Contains(outOf, " "+said[i+1]+" ") {
			return word + " " + said[i+1]
		}
		if !strings.Contains(negations, " "+word+" ") {
			continue
		}
		for j := i + 1; j < len(said) && j <= i+near; j++ {
			if slices.ContainsFunc(openings, func(opening string) bool { return strings.HasPrefix(said[j], opening) }) {
				return strings.Join(said[i:j+1], " ")
			}
		}
	}
	return ""
}

// isException reports whether a folded word takes something out of what is said.
func isException(word string) bool {
	return slices.Contains([]string{"sauf", "hormis", "excepte", "except", "excluding", "hors"}, word)
}

// exceptionIn returns the first word of a text that takes something out; empty
// where there is none.
func exceptionIn(text string) string {
	for word := range strings.FieldsSeq(words(text)) {
		if isException(word) {
			return word
		}
	}
	return ""
}

// isAboutOthers reports whether a text that denies can be about what stands in no
// table: "Tout autre flux est interdit".
func isAboutOthers(text string) bool {
	return slices.ContainsFunc(strings.Fields(words(text)), func(word string) bool {
		return isException(word) || slices.Contains([]string{"autre", "autres", "reste", "other", "others", "else", "rest"}, word)
	})
}

// turningIn returns the word of a text that says that connections are made the other
// way, too; empty where there is none.
func turningIn(text string) string {
	said := words(text)
	for _, sign := range []string{"bidirection", "deux sens", "double sens", "sens inverse", "both directions", "both ways"} {
		if strings.Contains(said, sign) {
			return sign
		}
	}
	return ""
}
