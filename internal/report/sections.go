package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
)

// Audited is what an audit found of rules that are there.
type Audited struct {
	Name      string // of the person's own
	OK        bool
	Summary   string
	Missing   []string // rules that are wanted, and what they lack
	Excess    []string // rules that are there, where, and what they open
	Redundant []string // ids of rules whose work others do
	Undecided []string // rules and hosts of which what is there does not decide, and what to write
	Limits    []string // what rules cannot show
}

// section is a part of a document behind its flows: lists under a title.
type section struct {
	Title, Text string
	Lists       []sectionList
}

type sectionList struct {
	Title, Class string
	Items        []string
}

// sections returns what audits found, and what another deployment had.
func (s *sheet) sections() []section {
	var sections []section
	w := s.words.deployed
	for _, a := range s.Audits {
		verdict := w.differs
		if a.OK {
			verdict = w.right
		}
		of := section{Title: a.Name + s.words.colon + w.title, Text: verdict + " " + a.Summary}
		for _, list := range []sectionList{
			{w.missing, "closed", a.Missing}, {w.excess, "opened", a.Excess}, {w.redundant, "", a.Redundant},
			{w.undecided, "", a.Undecided}, {w.limits, "", a.Limits},
		} {
			if len(list.Items) > 0 {
				of.Lists = append(of.Lists, list)
			}
		}
		sections = append(sections, of)
	}
	if s.change != nil {
		sections = append(sections, s.changes())
	}
	return sections
}

// changes says what is opened and closed since another deployment.
func (s *sheet) changes() section {
	from, to := s.before.side(), s.side()
	w := s.words.change
	of := section{Title: w.title, Text: from.release() + " → " + to.release() + s.words.colon + w.stay(len(s.change.Unchanged))}
	if s.change.Equal {
		of.Text = from.release() + " → " + to.release() + s.words.colon + w.nothing
	}
	for _, list := range []struct {
		title, class, mark string
		side               compared
		changes            map[string]audit.Change
	}{{w.opened, "opened", "+ ", to, s.change.Opened}, {w.closed, "closed", "− ", from, s.change.Closed}} {
		var items []string
		for _, key := range slices.Sorted(maps.Keys(list.changes)) {
			o := list.changes[key]
			text := list.mark + list.side.end(o.Source) + " → " + list.side.end(o.Destination) + ", " + s.words.packets(o)
			if why := list.side.why(o); why != "" {
				text += s.words.colon + why
			}
			items = append(items, text)
		}
		if len(items) > 0 {
			of.Lists = append(of.Lists, sectionList{list.title, list.class, items})
		}
	}
	return of
}

// writeSections writes the sections of a Markdown document.
func (s *sheet) writeSections(doc *strings.Builder) {
	for _, of := range s.sections() {
		doc.WriteString("\n## " + inline(of.Title) + "\n\n" + inline(of.Text) + "\n")
		for _, list := range of.Lists {
			doc.WriteString("\n### " + inline(list.Title) + "\n\n")
			for _, item := range list.Items {
				doc.WriteString("- " + inline(item) + "\n")
			}
		}
	}
}

// deployedWords has what is said of an audit.
type deployedWords struct {
	title, right, differs                         string
	missing, excess, redundant, undecided, limits string
}

func deployedInEnglish() deployedWords {
	return deployedWords{
		title: "as deployed", right: "The rules that are there are those that are wanted.", differs: "The rules that are there differ from those that are wanted.",
		missing: "Missing", excess: "Open beyond the matrix", redundant: "Done by other rules already", undecided: "Not decided", limits: "What rules cannot show",
	}
}

func deployedInFrench() deployedWords {
	return deployedWords{
		title: "tel que déployé", right: "Les règles en place sont celles qui sont voulues.", differs: "Les règles en place diffèrent de celles qui sont voulues.",
		missing: "Absent", excess: "Ouvert au-delà de la matrice", redundant: "Déjà fait par d'autres règles", undecided: "Indécis", limits: "Ce que des règles ne peuvent pas montrer",
	}
}
