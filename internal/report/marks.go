package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// changeColumns has a column that says which flows are opened, where another
// deployment is given. What is closed has no row: a table is also what a firewall
// is filled from.
func (s *sheet) changeColumns() []column {
	if s.change == nil {
		return nil
	}
	return []column{{s.words.change.change, s.opened}}
}

// opened says what is opened of a line's ports since the other deployment, which is
// given; empty where nothing is.
func (s *sheet) opened(l line) string {
	return s.marked(l, s.words.change.isOpened, s.change.Opened)
}

// marked says that a line's ports change, and which of them where not all do; empty
// where none does.
func (s *sheet) marked(l line, words string, changes map[string]audit.Change) string {
	_, texts, all := s.changed(l, changes)
	switch {
	case len(texts) == 0:
		return ""
	case all:
		return words
	}
	return words + s.words.colon + strings.Join(texts, ", ")
}

// changed returns those of a line's ports whose rules change, in words as well,
// and whether these are all of its packets.
func (s *sheet) changed(l line, changes map[string]audit.Change) (ports []matrix.PortRange, texts []string, all bool) {
	f := l.flow
	f.Ports = l.ports
	all = true
	for _, rule := range f.Rules() {
		o, ok := changes[rule.Key()]
		if !ok {
			all = false
			continue
		}
		text := s.words.packets(o)
		ports, texts = append(ports, rule.Ports), append(texts, text)
		all = all && text == s.words.specs(o.SpellPorts())
	}
	return ports, texts, all
}

// closed returns the flows of the other deployment whose ports are closed, with
// these ports alone.
func (s *sheet) closed() []deployment.Flow {
	if s.change == nil {
		return nil
	}
	var flows []deployment.Flow
	for _, f := range s.before.flows {
		if ports, _, _ := s.changed(line{f, f.Ports}, s.change.Closed); len(ports) > 0 {
			f.Ports = matrix.NewPorts(ports...)
			flows = append(flows, f)
		}
	}
	return flows
}

// lines returns the flows that are there and those that are closed, as they are
// sorted: what is closed stands behind what is there.
func (s *sheet) lines() []change {
	var lines []change
	for _, f := range s.flows {
		lines = append(lines, change{Flow: f})
	}
	for _, f := range s.closed() {
		lines = append(lines, change{f, true})
	}
	slices.SortStableFunc(lines, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.ID, b.ID))
	})
	return lines
}

// change is a flow, and whether it is closed.
type change struct {
	deployment.Flow
	closed bool
}

// changeOf names what happens to a line's flow, for the page's filter, and says it
// in words.
func (s *sheet) changeOf(l change) (id, words string) {
	switch {
	case s.change == nil:
		return "", ""
	case l.closed:
		return "closed", s.marked(line{l.Flow, l.Ports}, s.words.change.isClosed, s.change.Closed)
	}
	if words := s.opened(line{l.Flow, l.Ports}); words != "" {
		return "opened", words
	}
	return "unchanged", ""
}
