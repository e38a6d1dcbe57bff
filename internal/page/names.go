package page

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// name is one name in a cell.
type name struct {
	text     string // as the page writes it, without notes and remarks
	id       string // empty for a host name
	host     string // the fully qualified host name that it is; empty where it is none
	known    bool   // the vocabulary has it
	optional bool   // marked "(optionnel)"
}

const maxNames = 64 // in a cell, inclusive

// namesOf reads a cell of names: alternatives separated by "ou", each a list. It
// returns none, with a fault, where the cell is wrong. terms has the ids of what
// the cell's role knows.
func (r *reading) namesOf(c cell, terms map[string]string) (alternatives [][]name) {
	before := r.faults.total
	if !r.checkSigns(c) {
		return nil
	}
	total := 0
	for _, alternative := range splitOr(withoutSchemes(c.text)) {
		var names []name
		for _, text := range splitList(alternative) {
			names = append(names, r.namesIn(text, c, terms)...)
			if r.faults.total > before {
				return nil
			}
		}
		total += len(names)
		alternatives = append(alternatives, names)
	}
	if total > maxNames {
		r.faults.add(c.place, &refusal.Error{
			Summary: "Too many names",
			Found:   c.found("the cell has %d names", total),
			Remedy:  fmt.Sprintf("A cell has at most %d names: spread them over several rows", maxNames),
		})
		return nil
	}
	return alternatives
}

// withoutSchemes takes the schemes off addresses.
func withoutSchemes(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return strings.NewReplacer("https://", "", "http://", "", "HTTPS://", "", "HTTP://", "").Replace(text)
}

// checkSigns refuses a cell with a sign that can negate or turn what it says.
func (r *reading) checkSigns(c cell) bool {
	for _, sign := range c.text {
		if !isSign(sign) {
			continue
		}
		r.faults.add(c.place, &refusal.Error{
			Summary: "Sign that can change what a cell means",
			Found:   c.found("the cell has %s", quotedRune(sign)),
			Allowed: "letters, digits, spaces and the usual punctuation",
			Remedy:  "Take the row out if it is not open, and the sign otherwise",
		})
		return false
	}
	return true
}

func quotedRune(r rune) string {
	if unicode.IsGraphic(r) {
		return quoted(string(r))
	}
	return fmt.Sprintf("the character U+%04X, which nobody sees", r)
}

// isSign reports whether a character can change what a name or a port means.
func isSign(r rune) bool {
	switch r {
	case '+', '→', '`', '´', '|', '°':
		return false
	case '!', '~', '?', '\\', '%', '{', '}', '\n':
		return r != '\n'
	}
	return unicode.In(r, unicode.So, unicode.Sm, unicode.Sc, unicode.Sk, unicode.Cf, unicode.Co, unicode.Cc)
}

// namesIn reads one part of a list: one name, or several that what else separates
// names stands between.
func (r *reading) namesIn(text string, c cell, terms map[string]string) []name {
	text, notes := withoutNotes(text)
	text = strings.TrimSpace(strings.TrimSuffix(text, "/"))
	if text == "" {
		r.faults.add(c.place, &refusal.Error{
			Summary: "Missing name",
			Found:   c.found(`a name is missing beside a comma, an "ou" or a note`),
			Remedy:  "Separate the names by single commas",
		})
		return nil
	}
	if first, _ := utf8.DecodeRuneInString(text); !unicode.IsLetter(first) && !unicode.IsDigit(first) && !strings.ContainsRune("(\"«“‘'’`[", first) && !strings.HasPrefix(text, "*.") {
		r.faults.add(c.place, &refusal.Error{
			Summary: "Sign that can change what a cell means",
			Found:   c.found("%s begins with %s, which can negate the name", quoted(text), quotedRune(first)),
			Remedy:  "Take the row out if it is not open, and the sign otherwise",
		})
		return nil
	}
	if n, ok := r.knownName(text, terms); ok {
		n.optional = notes.optional
		switch {
		case strings.HasSuffix(text, "*"):
			r.notes.add(c.place, "the mark behind %s was ignored: what it refers to may change what the row means", quoted(text))
		case strings.HasSuffix(text, "…"), strings.HasSuffix(text, "..."):
			r.notes.add(c.place, "%s was read as one name: what else the dots stand for has no row", quoted(text))
		}
		return []name{n}
	}
	text, ok := r.withoutRemarks(text, c, terms)
	if !ok {
		return nil
	}
	names := r.separated(text, c, terms)
	for i := range names {
		names[i].optional = notes.optional
	}
	return names
}

// knownName returns the name that a text is, if the vocabulary or the port list
// has it, or if it is a host name.
func (r *reading) knownName(text string, terms map[string]string) (name, bool) {
	key := keyOf(text)
	if id, ok := terms[key]; ok {
		return name{text: text, id: id, known: true}, true
	}
	if id, ok := r.listedNames[key]; ok {
		return name{text: text, id: id}, true
	}
	if host, ok := hostName(text); ok && r.near(text).id == "" {
		return name{text: text, host: host}, true
	}
	return name{}, false
}

// newName returns a name that is outside the vocabulary.
func (r *reading) newName(text string, c cell) (name, bool) {
	fail := func(err *refusal.Error) (name, bool) {
		r.faults.add(c.place, err)
		return name{}, false
	}
	near := r.near(text)
	id := foldedID(text)
	switch {
	case isAddress(text):
		return fail(&refusal.Error{
			Summary: "Address instead of a name",
			Found:   c.found("%s is an address, or a host name with something beside it", quoted(text)),
			Remedy:  "Write a name, or a host name alone; ports stand in the Port column, and addresses where the rules are bound",
		})
	case !strings.ContainsFunc(text, unicode.IsLetter):
		return fail(&refusal.Error{
			Summary: "Name without a letter",
			Found:   c.found("%s has no letter: it is no name", quoted(text)),
			Remedy:  "Name what is there, and give its addresses where the rules are bound",
		})
	case slices.Contains([]string{"etc", "idem", "dito", "id"}, id):
		return fail(&refusal.Error{
			Summary: "Word that stands for names",
			Found:   c.found("%s stands for names that this cell does not have", quoted(text)),
			Remedy:  "Write the names",
		})
	case r.denies(text) != "":
		return fail(&refusal.Error{
			Summary: "Name that denies",
			Found:   c.found("%s is not a name of the vocabulary, and %s says that something is not open", quoted(text), quoted(r.denies(text))),
			Remedy:  "Take out what is not open, or put the remark into the description",
		})
	case near.id != "":
		return fail(&refusal.Error{
			Summary: "Misspelt name",
			Found:   c.found("%s is not a name of the vocabulary, and hardly differs from one", quoted(text)),
			Nearest: near.words[0],
			Remedy:  "Correct it, or give what is not the same another name",
		})
	case id == "" || strings.ContainsFunc(text, isForeign):
		return fail(&refusal.Error{
			Summary: "Name that gives no id",
			Found:   c.found("no id can be made of %s", quoted(text)),
			Allowed: "names of letters and digits of the Latin alphabet, up to 63 characters",
			Remedy:  "Give it a name from which an id follows",
		})
	case vocabulary().ids[id] && r.listedNames[keyOf(text)] == "":
		return fail(&refusal.Error{
			Summary: "Name that can be read in two ways",
			Found:   c.found("the id of %s would be %s, which is another's", quoted(text), id),
			Remedy:  "Separate names by commas, or give what is not the same another name",
		})
	}
	if !r.warned[id] {
		r.warned[id] = true
		r.notes.add(c.place, "%s is outside the vocabulary: its id is %s", quoted(text), id)
	}
	return name{text: text, id: id}, true
}

// isAddress reports whether a text is an IP address or a prefix, or has a host name
// with a port, a path or an account beside it.
func isAddress(text string) bool {
	bare := strings.Trim(text, "[]")
	if _, err := netip.ParseAddr(bare); err == nil {
		return true
	}
	if _, err := netip.ParsePrefix(bare); err == nil {
		return true
	}
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		parts := strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune(":/@?#", r) })
		return len(parts) > 1 && slices.ContainsFunc(parts, func(part string) bool {
			_, ok := hostName(part)
			return ok
		})
	})
}

// isForeign reports whether a letter or a digit has no counterpart in an id.
func isForeign(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r)) && words(string(r)) == ""
}

// near returns the known name from which a text differs by at most one edit: a
// letter more, less or other, two swapped, or spaces and punctuation alone. A
// digit more at the end makes a name of its own.
func (r *reading) near(text string) term {
	word := squeezed(text)
	for _, length := range []int{len(word), len(word) + 1, len(word) - 1} {
		for _, known := range slices.Concat(vocabulary().squeezed[length], r.listedSqueezed[length]) {
			name := known.words[1]
			numbered := len(word) == len(name)+1 && strings.HasPrefix(word, name) && '0' <= word[len(word)-1] && word[len(word)-1] <= '9'
			if withinOneEdit(word, name) && !numbered {
				return known
			}
		}
	}
	return term{}
}

// withinOneEdit reports whether two words are equal but for one character more,
// less or other, or for two neighbours that are swapped.
func withinOneEdit(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

// hostName returns the fully qualified host name that a text is, in lower case: a
// name with a dot, and a last label that is no number.
func hostName(text string) (string, bool) {
	text = strings.TrimSuffix(strings.ToLower(text), ".")
	labels := strings.Split(strings.TrimPrefix(text, "*."), ".")
	for _, label := range labels {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
	}
	last := labels[len(labels)-1]
	return text, len(labels) > 1 && len(last) > 1 && 'a' <= last[0] && last[0] <= 'z'
}

// isRepository reports whether a host name is one of the vendor's or Docker's.
func isRepository(host string) bool {
	return slices.ContainsFunc([]string{"canopsis.net", "docker.com", "docker.io"}, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}
