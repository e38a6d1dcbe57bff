package proof

import (
	"fmt"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// rowOf reads a rendered rule by the names of its arguments; what is null is nil.
func rowOf(target firewall.Target, bound firewall.Bound) (cloud.Row, error) {
	if len(bound.Cells) != len(target.Arguments) {
		return nil, fmt.Errorf("%d values for %d arguments", len(bound.Cells), len(target.Arguments))
	}
	row := make(cloud.Row, len(target.Arguments))
	for i, argument := range target.Arguments {
		row[argument.Name] = valueOf(bound.Cells[i])
	}
	return row, nil
}

func valueOf(cell firewall.Cell) any {
	if cell.Text.IsUnknown() || cell.Number.IsUnknown() || cell.Bool.IsUnknown() || cell.Texts.IsUnknown() {
		return cloud.Unknown{}
	}
	if text, ok := cell.Text.Get(); ok {
		return text
	}
	if number, ok := cell.Number.Get(); ok {
		return number
	}
	if flag, ok := cell.Bool.Get(); ok {
		return flag
	}
	if texts, ok := cell.Texts.Get(); ok {
		values := make([]any, 0, len(texts))
		for _, text := range texts {
			if value, ok := text.Get(); ok {
				values = append(values, value)
			} else {
				values = append(values, cloud.Unknown{})
			}
		}
		return values
	}
	if cell.Nested != nil {
		return nestedOf(*cell.Nested)
	}
	return nil
}

func nestedOf(nested firewall.NestedCell) any {
	if nested.Object == nil {
		values := make([]any, 0, len(nested.List))
		for _, cell := range nested.List {
			values = append(values, valueOf(cell))
		}
		return values
	}
	row := make(cloud.Row, len(nested.Object))
	for name, cell := range nested.Object {
		row[name] = valueOf(cell)
	}
	return row
}
