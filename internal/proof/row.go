package proof

import (
	"fmt"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// row is a rendered rule by the names of its arguments; what is null is absent.
type row struct {
	text   map[string]string
	number map[string]int64
	texts  map[string][]string
}

// rowOf reads a rule's cells. A value that is still unknown is an error: the
// cloud gets values.
func rowOf(target firewall.Target, bound firewall.Bound) (row, error) {
	r := row{make(map[string]string), make(map[string]int64), make(map[string][]string)}
	if len(bound.Cells) != len(target.Arguments) {
		return r, fmt.Errorf("%d values for %d arguments", len(bound.Cells), len(target.Arguments))
	}
	for i, argument := range target.Arguments {
		cell := bound.Cells[i]
		if cell.Text.IsUnknown() {
			return r, fmt.Errorf("%s is unknown", argument.Name)
		}
		if text, ok := cell.Text.Get(); ok {
			r.text[argument.Name] = text
		}
		if cell.Number != 0 {
			r.number[argument.Name] = cell.Number
		}
		if cell.Texts.IsUnknown() {
			return r, fmt.Errorf("%s is unknown", argument.Name)
		}
		if texts, ok := cell.Texts.Get(); ok {
			r.texts[argument.Name] = make([]string, 0, len(texts))
			for _, text := range texts {
				value, ok := text.Get()
				if !ok {
					return r, fmt.Errorf("an element of %s is unknown", argument.Name)
				}
				r.texts[argument.Name] = append(r.texts[argument.Name], value)
			}
		}
	}
	return r, nil
}
