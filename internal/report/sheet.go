package report

import (
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// sheet is a report with what its cells look up.
type sheet struct {
	Report
	words   vocabulary
	flows   []deployment.Flow // sorted
	errata  []deployment.Finding
	touched map[string][]deployment.Finding // by flow
	indexes []index                         // one for each target
	change  *audit.Diff                     // since another deployment; nil: none is given
	before  *sheet                          // that deployment
}

func (r Report) sheet() *sheet {
	s := &sheet{Report: r, words: words()[r.Language], flows: r.sorted(), touched: make(map[string][]deployment.Finding)}
	for _, e := range r.listedErrata() {
		e = s.words.erratumOf(e)
		s.errata = append(s.errata, e)
		for _, id := range slices.Compact(slices.Sorted(slices.Values(e.Flows))) {
			s.touched[id] = append(s.touched[id], e)
		}
	}
	for _, target := range r.Enforced {
		s.indexes = append(s.indexes, target.index())
	}
	if r.Before != nil {
		before := *r.Before // it is written like the report itself
		before.Language, before.Addresses, before.Bound = r.Language, r.Addresses, r.Bound
		s.change, s.before = r.diff(), before.sheet()
	}
	return s
}

// line is a row of a table: a flow, and of its ports those that the row is about.
type line struct {
	flow  deployment.Flow
	ports matrix.Ports
}

// column is a column of a table.
type column struct {
	title string
	cell  func(line) string
}

// enforcedColumns has a column for each target.
func (s *sheet) enforcedColumns() []column {
	var columns []column
	for i, target := range s.Enforced {
		columns = append(columns, column{s.words.columns.enforced + " " + target.Name, func(l line) string {
			of := l.flow
			of.Ports = l.ports
			return s.enforcement(i, l.flow, of.Rules())
		}})
	}
	return columns
}

// origin is empty for a flow that does not say.
func (s *sheet) origin(f deployment.Flow) string { return s.words.origins[f.Origin] }

// notes returns what else there is to know about a flow.
func (s *sheet) notes(f deployment.Flow) string {
	var notes []string
	for _, note := range []struct {
		is   bool
		text string
	}{
		{f.ViaProxy, s.words.viaProxy},
		{f.ConfigurationDependent, s.words.configurationDependent},
		{f.Optional, s.words.optional},
	} {
		if note.is {
			notes = append(notes, note.text)
		}
	}
	for _, e := range s.touched[f.ID] {
		notes = append(notes, s.words.erratum+" "+e.ID+" ("+s.words.state(e)+")")
	}
	return strings.Join(notes, s.words.semicolon)
}

// summary says which edition this is, how many flows it has, how many of them
// are in cleartext, and which corrections apply.
func (s *sheet) summary() string {
	w := s.words
	edition := w.ownPage
	if s.Edition != "" {
		edition = w.edition + " " + s.Edition
	}
	parts := []string{edition, count(len(s.flows), w.flow, w.flows)}
	if n := s.inCleartext(); n > 0 {
		parts = append(parts, w.cleartextOf(n, len(s.flows)))
	}
	if len(s.errata) > 0 {
		corrected := 0
		for _, e := range s.errata {
			if e.Applied {
				corrected++
			}
		}
		parts = append(parts, w.found(corrected, len(s.errata)))
	}
	return strings.Join(parts, ". ") + "."
}

// inCleartext returns how many flows have a port that others can usually read.
func (s *sheet) inCleartext() int {
	n := 0
	for _, f := range s.flows {
		if hasCleartext(f.Ports) {
			n++
		}
	}
	return n
}

// erratum writes an erratum as a sentence: what the page says, what is right and
// why.
func (s *sheet) erratum(e deployment.Finding) string {
	text := e.ID + " (" + s.words.state(e) + ")" + s.words.colon + e.Published + " → " + e.Corrected
	if e.Reason != "" {
		text += s.words.colon + e.Reason
	}
	return text
}

// leftOut is a rule that a target does not enforce at each of its ends.
type leftOut struct{ Rule, Reason string }

// leftOut returns what a target leaves out of the flows that the report lists,
// by rule.
func (s *sheet) leftOut(target Enforced) []leftOut {
	var rules []leftOut
	for _, f := range s.flows {
		for _, rule := range f.Rules() {
			if reason, ok := target.Unenforced[rule.Key()]; ok {
				rules = append(rules, leftOut{rule.Key(), reason})
			}
		}
	}
	return rules
}
