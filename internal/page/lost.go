package page

import (
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// pipesOf counts what separates cells in a line, outside of code within it.
// Characters that look like a pipe count: a row that is written with them is
// none.
func pipesOf(text string) int {
	if !strings.ContainsAny(text, "|｜│┃¦∣ǀ") {
		return 0
	}
	n := 0
	for _, r := range outsideCode(text) {
		if strings.ContainsRune("|｜│┃¦∣ǀ", r) {
			n++
		}
	}
	return n
}

// look notes a line that may be a row, and stands in no table.
func (s *scanner) look(i int, text, why string) {
	pipes := pipesOf(text)
	if pipes < 2 {
		return
	}
	protocol := namesProtocol(text)
	if n := len(s.lost); n > 0 {
		last := &s.lost[n-1]
		if last.why == why && s.lastLost == i-1 {
			last.pipes, last.protocol = max(last.pipes, pipes), last.protocol || protocol
			s.lastLost = i
			return
		}
	}
	s.lost, s.lastLost = append(s.lost, lostLine{i, pipes, protocol, why}), i
	if s.alike == "" && why != "" && strings.Contains(squeezed(text), "port") {
		s.alike = fmt.Sprintf("line %d, %s, looks like its header, and is %s", i+1, quoted(text), why)
	}
}

// checkLost refuses lines that have as many pipes as the rows of the nearest
// table, or the ports of a row, and stand in no table.
func (s *scanner) checkLost() {
	for _, l := range s.lost {
		p := lineAt(l.line + 1)
		text := quoted(strings.TrimSpace(s.lines[l.line]))
		switch pipes := s.pipesNear(l.line); {
		case pipes == 0, l.pipes < pipes && !l.protocol:
		case strings.HasSuffix(l.why, "code"):
			s.notes.add(p, "%s looks like a row, and was ignored: it is %s", text, l.why)
		default:
			where := ""
			if l.why != "" {
				where = ": it is " + l.why
			}
			s.faults.add(p, &refusal.Error{
				Summary: "Row outside of a table",
				Found:   fmt.Sprintf("%s, %s, looks like a row and stands in no table%s", p.text, text, where),
				Remedy:  "Write the rows of a table one below the other, at the margin, without an empty line, a comment or a list mark between them, or take the line out",
			})
		}
	}
}

// pipesNear returns the fewest pipes of a row of the table that is nearest to a
// line; 0 where no table is read.
func (s *scanner) pipesNear(line int) int {
	for s.near < len(s.read) && s.read[s.near].last < line {
		s.near++
	}
	after, before := s.near, s.near-1
	switch {
	case len(s.read) == 0:
		return 0
	case before < 0:
		return s.read[after].pipes
	case after == len(s.read) || line-s.read[before].last <= s.read[after].first-line:
		return s.read[before].pipes
	}
	return s.read[after].pipes
}
