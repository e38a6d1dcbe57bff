package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// section is what follows a heading.
type section struct {
	place
	title   string
	level   int
	number  int // of the heading, from 1
	hides   string
	known   bool    // an edition has it
	used    bool    // it has something that is read
	noticed bool    // something was said about it
	denying []block // in it, while it is not used
}

// joint is where the first table of a kind stands: further ones join it under the
// same heading of level 1 or 2 alone.
type joint struct {
	place
	section  int
	title    string
	headings int // before the last table of the kind
}

// The headings of the published editions, squeezed, below the first.
const (
	installationHeading = "installationaccesauxlivrables"
	inboundHeading      = "entrant"
	outboundHeading     = "sortant"
)

// isKnownHeading reports whether a heading is one of the published editions'.
func isKnownHeading(text string) bool {
	if strings.ContainsFunc(text, isSign) {
		return false
	}
	switch squeezed(text) {
	case "matricedesfluxreseau", "listedesportscanopsis", "listedesports", "matricedesflux", "definitiondesobjets",
		"schemadesfluxreseauxdecanopsis", "interactionsavecdesservicesexterieurs", "fonctionnementinterne",
		installationHeading, inboundHeading, outboundHeading:
		return true
	}
	return false
}

// heading opens a section, and closes those of its level and below.
func (o *outline) heading(p place, level int, seen content) {
	text := oneLine(seen.text)
	o.between(nil)
	if text == "" {
		return
	}
	o.headings++
	o.closeSections(level)
	if level == 1 {
		if first, ok := o.titles[squeezed(text)]; ok && !o.second {
			o.twoPages(p, fmt.Sprintf("the heading %s stands in %s and in %s", quoted(text), first.text, p.text))
		}
		o.titles[squeezed(text)] = p
	}
	if strings.Contains(words(text), "flow matrix") {
		o.inEnglish(p, text)
	}
	o.sections = append(o.sections, section{
		place: p, title: text, level: level, number: o.headings,
		known: isKnownHeading(text), used: level == 1 || isKnownHeading(text),
		hides: seen.negated(),
	})
}

// closeSections ends the sections of a level and below, and says which of them
// had nothing to read. What is inside such a section needs no warning of its
// own.
func (o *outline) closeSections(level int) {
	i := slices.IndexFunc(o.sections, func(open section) bool { return open.level >= level })
	if i < 0 {
		return
	}
	if j := slices.IndexFunc(o.sections, func(open section) bool { return !open.used }); j >= i {
		o.notes.add(o.sections[j].place, "the section %s was ignored", quoted(o.sections[j].title))
	}
	o.sections = o.sections[:i]
}

// useSections marks the open sections as read.
func (o *outline) useSections() {
	for i := range o.sections {
		s := &o.sections[i]
		waiting := s.denying
		s.used, s.denying = true, nil
		for _, b := range waiting {
			o.remark(b)
		}
	}
}

// checkSections refuses a table under a heading that denies what it has, and
// warns of headings that no edition has.
func (o *outline) checkSections(t *table) {
	for i := range o.sections {
		s := &o.sections[i]
		t.sections = append(t.sections, squeezed(s.title))
		if s.noticed || s.known && s.hides == "" {
			continue
		}
		s.noticed = true
		switch denial := denialIn(s.title); {
		case denial != "":
			o.denied(t, s.place, "under the heading "+quoted(s.title), denial)
		case s.hides != "":
			o.denied(t, s.place, "under the heading "+quoted(s.title), s.hides)
		default:
			o.notes.add(s.place, "no edition has the heading %s, and a %s stands under it", quoted(s.title), t.kind)
		}
	}
}

func (o *outline) denied(t *table, p place, where, word string) {
	o.faults.add(p, &refusal.Error{
		Summary: "Table of what is not open",
		Found:   fmt.Sprintf("the %s in %s stands %s, and %s says that it is not open", t.kind, t.text, where, quoted(word)),
		Remedy:  "Take the table out, or write this without the word",
	})
}

// join refuses a further table of a kind that stands under another heading than
// the first: two texts would become one.
func (o *outline) join(t *table) {
	here := joint{place: t.place, title: "no heading"}
	for _, s := range o.sections {
		if s.level <= 2 {
			here.section, here.title = s.number, quoted(s.title)
		}
	}
	here.headings = o.headings
	first, ok := o.joints[t.kind]
	if !ok {
		o.joints[t.kind] = here
		return
	}
	first.headings = o.headings
	o.joints[t.kind] = first
	if first.section == here.section || o.second {
		return
	}
	o.faults.add(t.place, &refusal.Error{
		Summary: "Tables under different headings",
		Found: fmt.Sprintf("a %s stands in %s under %s, and another in %s under %s",
			t.kind, first.text, first.title, here.text, here.title),
		Remedy: "Give one page: further tables stand under headings of level 3, below the heading of the first",
	})
}
