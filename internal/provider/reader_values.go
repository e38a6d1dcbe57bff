package provider

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Text reads a text.
func (f field) Text() string {
	s, _ := f.text()
	return s
}

func (f field) text() (string, bool) {
	if !f.usable() {
		return "", false
	}
	s, ok := text(f.value)
	if !ok {
		f.wrong("a text")
	}
	return s, ok
}

// Filled reads a text that may not be empty; like says what it may be.
func (f field) Filled(like string) string {
	s, ok := f.text()
	if ok && s == "" {
		err := &refusal.Error{At: f.Path(), Summary: "Empty text", Found: `the text "" is empty`, Allowed: like}
		if f.optional {
			err.Remedy = "Write null to leave the attribute out"
		}
		f.r.Add(err)
	}
	return s
}

// ID reads the id of an endpoint or a component.
func (f field) ID() string {
	s, ok := f.text()
	if ok && !matrix.IsID(s) {
		f.r.Merge(matrix.InvalidID(f.Path(), s))
	}
	return s
}

// Bool reads a truth value.
func (f field) Bool() bool {
	if !f.usable() {
		return false
	}
	b, ok := boolean(f.value)
	if !ok {
		f.wrong("true or false")
	}
	return b
}

// Number reads a whole number; ok is false where there is none.
func (f field) Number() (n int64, ok bool) {
	if !f.usable() {
		return 0, false
	}
	if n, ok = wholeNumber(f.value); !ok {
		f.wrong("a whole number")
		return 0, false
	}
	return n, true
}

// Texts reads a list or a set of texts. It is nil where there is none, and not
// nil where it is empty.
func (f field) Texts() []string {
	var texts []string
	if f.isSequence() {
		texts = []string{}
	}
	for _, element := range f.Elements() {
		if s, ok := element.text(); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

func (f field) isSequence() bool {
	if f.IsNull() || f.IsUnknown() {
		return false
	}
	_, ok := sequence(f.value)
	return ok
}

// Map reads a map of texts.
func (f field) Map() map[string]string {
	texts := make(map[string]string)
	for key, element := range f.Entries() {
		if s, ok := element.text(); ok {
			texts[key] = s
		}
	}
	return texts
}

// MapOfTexts reads a map of lists of texts.
func (f field) MapOfTexts() map[string][]string {
	lists := make(map[string][]string)
	for key, element := range f.Entries() {
		if texts := element.Texts(); texts != nil {
			lists[key] = texts
		}
	}
	return lists
}

// The following read values that may be unknown: what a cloud will name, and no
// key says. Null, where the field is optional, is absent.

// TextValue reads a text that may be unknown.
func (f field) TextValue() firewall.Value[string] {
	if f.IsUnknown() {
		return firewall.Unknown[string]()
	}
	if s, ok := f.text(); ok {
		return firewall.Known(s)
	}
	return firewall.Value[string]{}
}

// NumberValue reads a whole number that may be unknown.
func (f field) NumberValue() firewall.Value[int64] {
	if f.IsUnknown() {
		return firewall.Unknown[int64]()
	}
	if n, ok := f.Number(); ok {
		return firewall.Known(n)
	}
	return firewall.Value[int64]{}
}

// BoolValue reads a truth value that may be unknown.
func (f field) BoolValue() firewall.Value[bool] {
	if f.IsUnknown() {
		return firewall.Unknown[bool]()
	}
	before := f.r.Len()
	if b := f.Bool(); !f.IsNull() && f.r.Len() == before {
		return firewall.Known(b)
	}
	return firewall.Value[bool]{}
}

// NestedTexts reads a map of texts that may be unknown, whose names are known.
func (f field) NestedTexts() *firewall.NestedCell {
	o := &firewall.NestedCell{Object: make(map[string]firewall.Cell)}
	for name, element := range f.Entries() {
		o.Object[name] = firewall.Cell{Text: element.TextValue()}
	}
	return o
}

// TextValues reads a list of texts that may be unknown, each or all at once.
func (f field) TextValues() firewall.Texts {
	if f.IsUnknown() {
		return firewall.Unknown[[]firewall.Value[string]]()
	}
	if !f.isSequence() {
		for range f.Elements() { // says what is wrong with it
		}
		return firewall.Texts{}
	}
	texts := []firewall.Value[string]{}
	for _, element := range f.Elements() {
		texts = append(texts, element.TextValue())
	}
	return firewall.Known(texts)
}
