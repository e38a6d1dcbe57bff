package page

import (
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func (s *scanner) beginsTable(i int) bool {
	if i+1 >= len(s.lines) {
		return false
	}
	header, delimiter := s.lines[i], s.lines[i+1]
	return strings.Contains(header, "|") && isDelimiter(delimiter)
}

// isDelimiter reports whether a line can be the one below a table's header.
func isDelimiter(text string) bool {
	trimmed := strings.TrimSpace(text)
	return indentOf(text) < 4 && strings.Contains(trimmed, "-") && strings.Trim(trimmed, "-|: \t") == "" && trimmed[0] != ' '
}

// table reads the table whose header is line i, if it is one, and returns the
// last line that belongs to it.
func (s *scanner) table(i int) int {
	s.endParagraph()
	p := lineAt(i + 1)
	if s.isTooLarge(i, p) {
		return s.endOfParagraph(i)
	}
	header, ok := s.markdown.header(s.lines[i], s.lines[i+1])
	if !ok {
		return s.brokenTable(i, p)
	}
	t := s.outline.table(p, header)
	if t == nil {
		return s.endOfParagraph(i)
	}
	if t.kind != ignored && len(s.hiding) > 0 {
		open := s.hiding[len(s.hiding)-1]
		s.faults.add(p, &refusal.Error{
			Summary: "Hidden text",
			Found:   fmt.Sprintf("the %s in %s stands in what the %s in %s hides or strikes out", t.kind, p.text, open.how, open.text),
			Remedy:  "Take the table out, or the tag around it",
		})
	}
	j := s.rowsOf(t, i+2)
	if t.kind != ignored {
		read := readLines{i, j - 1, pipesOf(s.lines[i])}
		for _, text := range s.lines[i+2 : j] {
			read.pipes = min(read.pipes, pipesOf(text))
		}
		read.pipes = max(read.pipes, len(t.titles)-1)
		s.read = append(s.read, read)
	}
	s.end(t)
	return j - 1
}

// rowsOf reads the rows of a table from line j on, and returns the line behind
// the last.
func (s *scanner) rowsOf(t *table, j int) int {
	for ; j < len(s.lines) && strings.TrimSpace(s.lines[j]) != ""; j++ {
		trimmed := strings.TrimSpace(s.lines[j])
		if t.kind != ignored && strings.HasPrefix(trimmed, "<!--") {
			p := lineAt(j + 1)
			s.faults.add(p, &refusal.Error{
				Summary: "Comment inside a table",
				Found:   fmt.Sprintf("%s, %s, ends the table, and the rows below it would be lost", p.text, quoted(trimmed)),
				Remedy:  "Take the comment out, or write it behind an empty line below the table",
			})
			j = s.rawText(j, "<!--", "-->")
			continue
		}
		if ends := s.rowAt(t, j, trimmed); ends {
			break
		}
	}
	return j
}

// rowAt reads line j as a row of a table, and reports whether the table ends
// before it.
func (s *scanner) rowAt(t *table, j int, trimmed string) (ends bool) {
	p := lineAt(j + 1)
	if t.kind == ignored {
		if isBlockStart(trimmed) || opensHTML(trimmed) {
			return true
		}
		s.row(t, p, nil, s.lines[j])
		return false
	}
	if len(s.lines[j]) > maxRow {
		s.faults.add(p, &refusal.Error{
			Summary: "Row too long",
			Found:   fmt.Sprintf("%s has %d bytes", p.text, len(s.lines[j])),
			Remedy:  fmt.Sprintf("A row has at most %d bytes; the vendor's have about 150", maxRow),
		})
		return false
	}
	if s.rows >= maxRows {
		s.row(t, p, nil, s.lines[j]) // which refuses it unread
		return false
	}
	cells := s.markdown.row(s.lines[j], len(t.titles))
	if cells == nil {
		return true
	}
	s.tags(j, trimmed)
	s.row(t, p, cells, s.lines[j])
	return false
}

// columnsOf returns how many columns a line of a table has.
func columnsOf(text string) int {
	trimmed := strings.TrimSpace(text)
	return strings.Count(strings.TrimSuffix(strings.TrimPrefix(trimmed, "|"), "|"), "|") + 1
}

// isTooLarge refuses a header of ours that is too long or has too many columns.
func (s *scanner) isTooLarge(i int, p place) bool {
	header, delimiter := s.lines[i], s.lines[i+1]
	columns := columnsOf(header)
	if len(header) <= maxRow && len(delimiter) <= maxRow && max(columns, columnsOf(delimiter)) <= maxColumns {
		return false
	}
	if s.countTitles(header) == 0 {
		s.notes.add(p, "the table with the columns %s was ignored", quoted(strings.TrimSpace(header)))
		return true
	}
	s.faults.add(p, &refusal.Error{
		Summary: "Table too wide",
		Found:   fmt.Sprintf("%s, %s, has %d bytes and %d columns", p.text, quoted(header), len(header), columns),
		Allowed: listTitles + ", and " + flowTitles,
		Remedy:  fmt.Sprintf("A table has at most %d columns, and its header at most %d bytes", maxColumns, maxRow),
	})
	return true
}

// countTitles returns how many of a header's columns are ours.
func (s *scanner) countTitles(header string) int {
	n := 0
	for title := range strings.SplitSeq(header[:min(len(header), 2*maxRow)], "|") {
		if len(title) <= maxRow && columnOf(title) != "" {
			n++
		}
	}
	return n
}

// brokenTable refuses a table of ours that the Markdown library does not take for
// a table: it would be overlooked.
func (s *scanner) brokenTable(i int, p place) int {
	if s.countTitles(s.lines[i]) == 0 {
		s.paragraph, s.begins = []string{strings.TrimSpace(s.lines[i])}, i
		s.look(i, strings.TrimSpace(s.lines[i]), "")
		return i
	}
	s.faults.add(p, &refusal.Error{
		Summary: "Broken table",
		Found: fmt.Sprintf("%s, %s, has %d columns, and the delimiter row below it, %s, has %d: they do not make a table",
			p.text, quoted(s.lines[i]), columnsOf(s.lines[i]), quoted(s.lines[i+1]), columnsOf(s.lines[i+1])),
		Remedy: "Give both lines the same number of columns, and the second one nothing but dashes, colons and pipes",
	})
	return s.endOfParagraph(i)
}

// endOfParagraph returns the last line before the next empty one.
func (s *scanner) endOfParagraph(i int) int {
	for i+1 < len(s.lines) && strings.TrimSpace(s.lines[i+1]) != "" {
		i++
	}
	return i
}
