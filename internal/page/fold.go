package page

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm" // decomposes accents; no table of letters is worth keeping here

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// undecomposed are letters that Unicode does not take apart into a plain letter
// and an accent.
var undecomposed = strings.NewReplacer(
	"œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d",
)

// words takes from a text all that spelling may vary: case, accents, quotes,
// punctuation and spacing. What is left is the words in lower-case ASCII,
// separated by single spaces.
func words(text string) string {
	var folded strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(undecomposed.Replace(text)) {
		r = unicode.ToLower(r)
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && folded.Len() > 0 {
				folded.WriteByte(' ')
			}
			gap = false
			folded.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent
		default:
			gap = true
		}
	}
	return folded.String()
}

// squeezed is what of a text decides whether it is a known term: its words
// without the spaces between them.
func squeezed(text string) string { return strings.ReplaceAll(words(text), " ", "") }

// foldedID makes an id of a name that is not in the vocabulary: its words in
// snake_case. An id folds to itself. It is empty where the name gives no id.
func foldedID(name string) string {
	id := strings.ReplaceAll(words(name), " ", "_")
	if id != "" && '0' <= id[0] && id[0] <= '9' {
		id = "n_" + id // an id begins with a letter
	}
	if !matrix.IsID(id) {
		return ""
	}
	return id
}

// keyOf is what of a name decides whether it is a known one: its letters and
// digits without case, accents, apostrophes, spaces and hyphens. What separates
// names stays, so that two names never make a third.
func keyOf(text string) string {
	var key strings.Builder
	runes := []rune(norm.NFKD.String(undecomposed.Replace(text)))
	for i, r := range runes {
		switch {
		case r == ' ' || r == '\n' || r == '_' || isApostrophe(r) || unicode.Is(unicode.Mn, r):
		case isHyphen(r) && (i == 0 || i+1 == len(runes) || runes[i-1] != ' ' || runes[i+1] != ' '):
		default:
			key.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Trim(key.String(), `.:;,*"«»“”`)
}

// isHyphen reports whether a character joins the parts of one word. A dash stands
// between words.
func isHyphen(r rune) bool {
	switch r {
	case '-', '‐', '‑', '﹣', '－':
		return true
	}
	return false
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´':
		return true
	}
	return false
}
