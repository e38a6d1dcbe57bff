package page

import (
	"cmp"
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
	" unauthorized unauthorised unallowed banned brouillon brouillons draft" +
	" coupe coupes coupee coupees couper coupez arrete arretes arretee arretees eteint eteints eteinte eteintes stoppe stoppes stoppee stoppees" +
	" inutile inutiles inutilise inutilises inutilisee inutilisees inusite inusites inusitee inusitees deconseille deconseilles deconseillee deconseillees" +
	" denie deniee deniees ignorez unused stopped ignored discontinued superseded "

// denyingVerbs are stems of French verbs that deny, and verbEndings what makes
// a word of one: "fermé", "fermeture".
var (
	denyingVerbs = []string{
		"refus", "bloqu", "bloc", "ferm", "supprim", "desactiv", "rejet", "prohib", "retir", "annul", "abandonn", "condamn", "revoqu",
		"decommissionn", "perim", "invalid", "clotur", "neutralis", "demantel", "resili",
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

// judged are words that a negation by itself denies: "n'est valable que pour 24.10"
// has none.
var judged = []string{"valable", "conform"}

// noLonger are words behind "plus", as in "plus utilisé": with "le" before it they say
// the reverse.
var noLonger = []string{"utilis", "necess", "valable", "applicable", "actualite"}

// reminders are words that make of a negation its reverse: "ne pas oublier d'ouvrir".
const reminders = " oublier oubliez omettre omettez hesiter hesitez manquer manquez forget "

// outOf are words behind "hors" that make a denial of it: "hors service".
const outOf = " service usage d production exploitation "

// denialIn returns the first word of a text that denies what it is about, or what
// negates one that opens it, or a sign; empty where there is none.
func denialIn(text string) string {
	if i := strings.IndexAny(text, "🚫⛔❌✗✘✖❎"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		return text[i : i+size]
	}
	said := strings.Fields(words(text))
	for i, word := range said {
		before, behind := "", ""
		if i > 0 {
			before = said[i-1]
		}
		if i+1 < len(said) {
			behind = said[i+1]
		}
		switch {
		case word == "ferme" && strings.HasPrefix(behind, "d"), word == "coupe" && strings.HasPrefix(behind, "feu"), word == "inutile" && (behind == "de" || behind == "d"):
			continue // "ferme de serveurs" is no "fermé", "coupe-feu" no "coupé", and "il est inutile de relancer" is about no flow
		case isDenial(word):
			return word
		case word == "hors" && strings.Contains(outOf, " "+behind+" "),
			word == "a" && behind == "ignorer", word == "sans" && behind == "objet", word == "mauvais" && strings.HasPrefix(behind, "exempl"),
			(word == "existe" || word == "existent") && behind == "plus":
			return word + " " + behind
		}
		if denial := negated(said[i:], before); denial != "" {
			return denial
		}
	}
	return ""
}

// negated returns what the first of some words negates that opens something, up to
// it; empty where there is none.
func negated(said []string, before string) string {
	const near = 4 // words behind a negation that it is about
	word := said[0]
	if word == "plus" && !slices.Contains([]string{"le", "la", "les", "de", "des", "du", "en"}, before) {
		for j := 1; j < len(said) && (j == 1 || said[1] == "d" && j == 2); j++ {
			if isOneOf(noLonger, said[j]) {
				return strings.Join(said[:j+1], " ")
			}
		}
	}
	short := word == "t" && strings.HasSuffix(before, "n") // "don't"
	if !short && !strings.Contains(negations, " "+word+" ") || strings.Contains(reminders, " "+before+" ") {
		return ""
	}
	for j := 1; j < len(said) && j <= near; j++ {
		switch {
		case strings.Contains(reminders, " "+said[j]+" "):
			return ""
		case said[j] == "use", isOneOf(openings, said[j]), word != "n" && word != "ne" && isOneOf(judged, said[j]):
			return strings.Join(said[:j+1], " ")
		}
	}
	return ""
}

// isOneOf reports whether a word begins as one of some stems.
func isOneOf(stems []string, word string) bool {
	return slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

// isException reports whether a folded word takes something out of what is said.
func isException(word string) bool {
	return slices.Contains([]string{"sauf", "hormis", "excepte", "exceptes", "exceptee", "exceptees", "exception", "except", "excluding", "hors"}, word)
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
	for _, sign := range []string{"↔", "⇔", "⇄", "⇆", "<->", "<=>", "<-->"} {
		if strings.Contains(text, sign) {
			return sign
		}
	}
	said := words(text)
	for _, sign := range []string{
		"bidirection", "deux sens", "double sens", "sens inverse", "both directions", "both ways",
		"aller retour", "entrant et sortant", "entrants et sortants", "sortant et entrant", "sortants et entrants",
	} {
		if strings.Contains(said, sign) {
			return sign
		}
	}
	return ""
}

// doubts are words that say of a row that it is perhaps not open, or not yet, or no
// longer.
var doubts = []string{"pas encore", "jusqu au", "jusqu en", "a valider", "en attente", "a confirmer", "a l etude", "tbd", "to be confirmed", "not yet"}

// doubtOf returns what in a description says that its row is not open, or is in part,
// or perhaps; empty where nothing does.
func doubtOf(description string) string {
	if said := cmp.Or(denialOf(description), exceptionIn(description)); said != "" {
		return said
	}
	said := " " + words(description) + " "
	for _, doubt := range doubts {
		if strings.Contains(said, " "+doubt+" ") {
			return doubt
		}
	}
	return ""
}
