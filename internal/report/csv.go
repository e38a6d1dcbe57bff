package report

import (
	"cmp"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// CSVForm is how a table is written. The zero value is RFC 4180: commas, and
// nothing before the first cell.
type CSVForm struct {
	Separator rune // between cells; 0 is a comma
	BOM       bool // a byte order mark first, without which Excel takes UTF-8 for the machine's own encoding
}

// CSV returns the report as a table after RFC 4180, one row for each port or
// range of ports, with CRLF at the end of each. A cell that a spreadsheet would
// take for a formula begins with an apostrophe.
func (r Report) CSV() (string, error) {
	s := r.sheet()
	columns := s.csvColumns()
	rows := [][]string{make([]string, 0, len(columns))}
	for _, c := range columns {
		rows[0] = append(rows[0], harmless(c.title)) // a target has a name of the user's own
	}
	for _, f := range s.flows {
		for ports := range f.Ports.All() {
			cells := make([]string, 0, len(columns))
			for _, c := range columns {
				cells = append(cells, harmless(c.cell(line{f, matrix.NewPorts(ports)})))
			}
			rows = append(rows, cells)
		}
	}
	var text strings.Builder
	if r.Table.BOM {
		text.WriteString("\ufeff")
	}
	w := csv.NewWriter(&text)
	w.Comma = cmp.Or(r.Table.Separator, ',')
	w.UseCRLF = true
	err := w.WriteAll(rows)
	return text.String(), err
}

// csvColumns has the columns of the table: ids and names, protocol and ports
// stand apart, so that a program reads them without taking text to pieces.
func (s *sheet) csvColumns() []column {
	t := s.words.columns
	only := func(cell func(matrix.PortRange) string) func(line) string {
		return func(l line) string {
			for r := range l.ports.All() {
				return cell(r)
			}
			return ""
		}
	}
	return append([]column{
		{t.flow, func(l line) string { return l.flow.ID }},
		{t.source, func(l line) string { return l.flow.Source }},
		{t.sourceName, func(l line) string { return s.name(l.flow.Source) }},
		{t.sourceAddresses, func(l line) string { return s.addresses(l.flow.Source) }},
		{t.destination, func(l line) string { return l.flow.Destination }},
		{t.destinationName, func(l line) string { return s.name(l.flow.Destination) }},
		{t.destinationAddresses, func(l line) string { return s.addresses(l.flow.Destination) }},
		{t.component, func(l line) string { return l.flow.Component }},
		{t.protocol, only(func(r matrix.PortRange) string { return r.Protocol().String() })},
		{t.first, only(func(r matrix.PortRange) string { return bound(r.From()) })},
		{t.last, only(func(r matrix.PortRange) string { return bound(r.To()) })},
		{t.encryption, func(l line) string { return s.words.encryption(l.ports) }},
		{t.purpose, func(l line) string { return s.words.purposes[l.flow.Purpose] }},
		{t.justification, func(l line) string { return s.words.description(l.flow.Description) }},
		{t.origin, func(l line) string { return s.origin(l.flow) }},
		{t.notes, func(l line) string { return s.notes(l.flow) }},
	}, append(s.changeColumns(), s.enforcedColumns()...)...)
}

// bound is a port, ICMP's type or its code; empty where there is none.
func bound(n int) string {
	if n == matrix.None {
		return ""
	}
	return strconv.Itoa(n)
}

// harmless keeps spreadsheets from computing what a user wrote, and from showing
// it other than it is.
func harmless(cell string) string {
	cell = visible(lineEnds.Replace(cell))
	if first := strings.TrimLeft(cell, " \n"); first != "" && strings.Contains("=+-@\t＝＋－＠", string([]rune(first)[:1])) {
		return "'" + cell
	}
	return cell
}

// lineEnds leaves one kind of line end inside cells: the writer makes it CRLF.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
