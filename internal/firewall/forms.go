package firewall

import (
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// wording is a kind of text that a cloud reads in a form of its own.
type wording struct {
	valid   func(text string) bool
	summary string                   // "Invalid network tag"
	what    string                   // "a network tag"
	allowed string                   // what is one
	mend    func(text string) string // what was meant; nil: nothing is near
}

// check returns what is wrong with a text, or nil.
func (w *wording) check(at refusal.Path, text string) *refusal.Error {
	if w.valid(text) {
		return nil
	}
	err := &refusal.Error{At: at, Summary: w.summary, Found: strconv.Quote(text) + " is not " + w.what, Allowed: w.allowed}
	if w.mend != nil {
		if meant := w.mend(text); w.valid(meant) {
			err.Nearest = meant
		}
	}
	return err
}

// read checks a form's value and returns it in its canonical order.
func (f *Form) read(at refusal.Path, value Cell, errs *refusal.Errors) Cell {
	switch f.Kind {
	case Text:
		f.checkText(at, value.Text, errs)
	case Number:
		if n, ok := value.Number.Get(); ok && (n < 1 || f.upTo > 0 && n > f.upTo) {
			err := &refusal.Error{At: at, Summary: "Number out of range", Found: strconv.FormatInt(n, 10) + " is not " + f.One, Allowed: "a whole number from 1"}
			if f.upTo > 0 {
				err.Allowed += " to " + strconv.FormatInt(f.upTo, 10)
			}
			errs.Add(err)
		}
	case TextSet, TextList:
		return Cell{Texts: f.readTexts(at, value.Texts, errs)}
	case Nested:
		if f.inside != nil {
			f.inside(f, at, value, errs)
		}
	case Bool, TextMap, RangeMap, NumberMap:
	}
	return value
}

func (f *Form) checkText(at refusal.Path, text Value[string], errs *refusal.Errors) {
	value, ok := text.Get()
	switch {
	case !ok:
	case value == "":
		give := "Give the resource's id"
		if f.Like != "" {
			give = "Give " + f.Like
		}
		errs.Add(&refusal.Error{
			At:      at,
			Summary: "Empty identifier",
			Found:   "the text is empty",
			Remedy:  give + ", or null to leave the attribute out",
		})
	case f.wrong != nil:
		errs.Add(f.wrong.check(at, value))
	}
}

// readTexts returns texts sorted, those that are unknown last. No text at all
// would be read as "every machine" by the cloud, and is refused.
func (f *Form) readTexts(at refusal.Path, texts Texts, errs *refusal.Errors) Texts {
	values, ok := texts.Get()
	if !ok {
		return texts
	}
	if len(values) == 0 {
		err := &refusal.Error{
			At:      at,
			Summary: "Empty list",
			Found:   "the list is empty, which the cloud would read as every machine of the network",
			Remedy:  "Name " + f.One + ", or write null to leave the attribute out",
		}
		if f.option != nil {
			err.Found = "no " + strings.TrimPrefix(f.One, "an ") + " is named, and no rule could be made"
			err.Remedy = "Name " + strconv.Quote(f.option[0]) + " or another, or write null to leave the attribute out"
		}
		errs.Add(err)
	}
	known := make([]string, 0, len(values))
	for i, value := range values {
		text, ok := value.Get()
		switch {
		case !ok:
		case f.option != nil && !slices.Contains(f.option, text):
			errs.Unknown(at.Index(i), text, f.One, f.option)
		case f.wrong != nil && !f.wrong.valid(text):
			errs.Add(f.wrong.check(at.Index(i), text))
		default:
			known = append(known, text)
		}
	}
	sorted := make([]Value[string], 0, len(values))
	for _, text := range sortedSet(known) {
		sorted = append(sorted, Known(text))
	}
	if f.most > 0 && len(sorted) > f.most {
		errs.Add(f.tooMany(at, len(sorted), f.most))
	}
	for _, value := range values {
		if value.IsUnknown() {
			sorted = append(sorted, value)
		}
	}
	return Known(sorted)
}

func (f *Form) tooMany(at refusal.Path, found, most int) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Too many in one list",
		Found:   strconv.Itoa(found) + " stand here, and one rule takes " + strconv.Itoa(most),
		Allowed: "up to " + strconv.Itoa(most),
		Remedy:  "Give the machines one in common, and name that",
	}
}

// values returns the texts of a cell of one or several that are known, and
// whether all are.
func (c Cell) values() (texts []string, all bool) {
	if text, ok := c.Text.Get(); ok {
		return []string{text}, true
	}
	values, ok := c.Texts.Get()
	for _, v := range values {
		if text, known := v.Get(); known {
			texts = append(texts, text)
		} else {
			ok = false
		}
	}
	return texts, ok
}

func joined(names []string, separator string) string { return strings.Join(names, separator) }

// isHex reports whether a text has nothing but hexadecimal digits, in small letters
// as clouds write them.
func isHex(text string) bool { return strings.Trim(text, "0123456789abcdef") == "" }
