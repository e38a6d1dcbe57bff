package report

import (
	"maps"
	"slices"
)

// Request is the form that stands before the flows where they are asked for: an
// answer for each field, to be filled in by hand where it is empty. Nil means
// that there is no form.
type Request map[string]string

// requestOrder lists the fields of a form, in the order of the form.
var requestOrder = [...]string{"requester", "reason", "environment", "ticket", "date", "expiry", "nat", "encryption", "approval"}

// RequestFields returns the names of a form's fields, sorted.
func RequestFields() []string { return slices.Sorted(slices.Values(requestOrder[:])) }

// answer is one line of a form.
type answer struct{ Field, Answer string }

// form returns the lines of the form. Where nothing else is said about
// encryption, it says how many flows are readable by others.
func (s *sheet) form() []answer {
	if s.Request == nil {
		return nil
	}
	given := maps.Clone(s.Request)
	if given["encryption"] == "" {
		given["encryption"] = s.words.cleartextOf(s.inCleartext(), len(s.flows))
	}
	var form []answer
	for _, field := range requestOrder {
		form = append(form, answer{s.words.request.fields[field], given[field]})
		if field == "expiry" {
			form = append(form, answer{s.words.request.direction, s.words.request.directionWords})
		}
	}
	return form
}
