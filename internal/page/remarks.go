package page

import (
	"cmp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// withoutRemarks takes remarks in parentheses off a known name, with a warning.
// Off another name they are part of it: two names may differ in them alone. One
// with a number that could be a port is refused.
func (r *reading) withoutRemarks(text string, c cell, terms map[string]string) (string, bool) {
	found := spans(text)
	if len(found) == 0 {
		return text, true
	}
	var base strings.Builder
	start := 0
	for _, s := range found {
		if !r.checkRemark(text[s.start:s.end], c) {
			return "", false
		}
		base.WriteString(text[start:s.start])
		start = s.end
	}
	base.WriteString(text[start:])
	bare := strings.Join(strings.Fields(base.String()), " ")
	// "Redis (Sentinel)" is nearly "Redis Sentinel", and no Redis with a remark.
	if _, ok := r.knownName(bare, terms); !ok || r.near(text).id != "" {
		return text, true
	}
	for _, s := range found {
		r.notes.add(c.place, "the remark %s beside %s was ignored", quoted(text[s.start:s.end]), quoted(bare))
	}
	return bare, true
}

// checkRemark refuses a remark that denies what it stands beside, or that may name
// a port.
func (r *reading) checkRemark(remark string, c cell) bool {
	if denial := cmp.Or(denialOf(remark), exceptionIn(remark)); denial != "" {
		r.faults.add(c.place, &refusal.Error{
			Summary: "Remark that denies",
			Found:   c.found("%s is in parentheses, and %s says that something is not open", quoted(remark), quoted(denial)),
			Remedy:  "Take out what is not open, or put the remark into the description",
		})
		return false
	}
	number := portIn(remark)
	if number == "" {
		return true
	}
	r.faults.add(c.place, &refusal.Error{
		Summary: "Number in parentheses",
		Found:   c.found("%s is in parentheses, and could be a port", number),
		Remedy:  "Write a port that is open beside the others, as in TCP/389,636, and put remarks into the description",
	})
	return false
}

// portIn returns the first number of a text that could be a port; empty where
// there is none.
func portIn(text string) string {
	for word := range strings.FieldsSeq(words(text)) {
		digits := strings.TrimLeft(word, "0")
		if digits != "" && strings.Trim(digits, "0123456789") == "" && (len(digits) < 5 || len(digits) == 5 && digits <= "65535") {
			return word
		}
	}
	return ""
}

// nothing is words that stand where a name does, and say that there is none.
const nothing = " aucun aucune neant rien none "

// denies returns what of a new name denies: a word, or one before a known name, as
// in "hors MongoDB"; empty where nothing does.
func (r *reading) denies(text string) string {
	said := words(text)
	if denial := denialOf(text); denial != "" {
		return denial
	}
	if strings.Contains(nothing, " "+said+" ") {
		return said
	}
	if word := exceptionIn(text); word != "" && word != "hors" {
		return word
	}
	first, rest, _ := strings.Cut(text, " ")
	if word := words(first); isException(word) || strings.Contains(negations+"sans without ", " "+word+" ") {
		if _, ok := r.knownName(rest, vocabulary().place); ok {
			return first
		}
	}
	return ""
}
