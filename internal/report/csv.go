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
	for _, f := range r.sorted() {
		cells := r.cells(f)
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
	cell = strings.ReplaceAll(cell, "\r\n", "\n")
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
