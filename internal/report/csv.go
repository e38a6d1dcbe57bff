package report

import (
	"encoding/csv"
	"strings"
)

// CSV returns the report as a table after RFC 4180: a header, commas, CRLF. A
// cell that a spreadsheet would take for a formula begins with an apostrophe.
func (r Report) CSV() (string, error) {
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	rows := [][]string{r.columns()}
	for _, cells := range r.rows(r.sorted()) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		rows = append(rows, cells)
	}
	err := w.WriteAll(rows)
	return text.String(), err
}

// harmless keeps spreadsheets from computing what a user wrote.
func harmless(cell string) string {
	cell = lineEnds.Replace(cell)
	if cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// lineEnds leaves one kind of line end inside cells: the writer makes it CRLF.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
