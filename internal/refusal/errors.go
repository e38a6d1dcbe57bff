package refusal

import (
	"errors"
	"fmt"
	"strings"
)

// MaxShown is how many errors of one input are shown, so that a list of 100,000
// bad CIDRs stays readable. What is beyond is counted.
const MaxShown = 20

// Errors collects what is wrong with one input, in the order in which it was
// found, and is the error that says so. The zero value is empty and ready to use;
// an Errors is handed on as it is, never joined with others.
type Errors struct {
	shown []*Error // at most MaxShown
	more  int      // found beyond those
}

// Add adds an error; nil adds nothing.
func (e *Errors) Add(err *Error) {
	switch {
	case err == nil:
	case len(e.shown) == MaxShown:
		e.more++
	default:
		e.shown = append(e.shown, err)
	}
}

// Unknown adds the error of a name that is not one of the allowed ones, as the
// function Unknown words it. Finding the nearest of thousands of names takes
// long, and is left out where nobody would see it.
func (e *Errors) Unknown(at Path, name, what string, allowed []string) {
	if len(e.shown) == MaxShown {
		e.more++
		return
	}
	e.Add(Unknown(at, name, what, allowed))
}

// Merge adds what err says: the errors of an *Errors, or an *Error by itself.
// Any other error becomes an Error without a place. Nil adds nothing.
func (e *Errors) Merge(err error) {
	var several *Errors
	var one *Error
	switch {
	case err == nil:
	case errors.As(err, &several):
		for _, shown := range several.shown {
			e.Add(shown)
		}
		e.more += several.more
	case errors.As(err, &one):
		e.Add(one)
	default:
		e.Add(&Error{Summary: "Invalid input", Found: err.Error()})
	}
}

// Len returns how many errors there are, those that are not shown too.
func (e *Errors) Len() int { return len(e.shown) + e.more }

// Err returns e itself as an error, or nil where there is nothing wrong.
func (e *Errors) Err() error {
	if e == nil || e.Len() == 0 {
		return nil
	}
	return e
}

// All returns the errors to show: at most MaxShown, then one that says how many
// more there are.
func (e *Errors) All() []*Error {
	all := append(make([]*Error, 0, len(e.shown)+1), e.shown...)
	switch {
	case e.more == 1:
		all = append(all, &Error{Summary: "More errors", Found: "1 more error is not shown", Remedy: "Correct those above first"})
	case e.more > 1:
		all = append(all, &Error{Summary: "More errors", Found: fmt.Sprintf("%d more errors are not shown", e.more), Remedy: "Correct those above first"})
	}
	return all
}

// Error returns all of them, each on a line.
func (e *Errors) Error() string {
	lines := make([]string, 0, len(e.shown)+1)
	for _, err := range e.All() {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}
