// Package refusal words what is wrong with something that a person typed: which
// attribute, what was found, what is allowed, the nearest right spelling. Every
// package that reads a configuration returns these errors, so that all of them
// speak in one voice, and the Terraform skin can point at the attribute.
package refusal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein" // the edit distance that Terraform's own suggestions use
)

// Path leads from an argument to a value inside it: bindings["users"].cidrs[2].
// The zero value leads nowhere.
type Path struct{ steps []Step }

// Step is one step of a path: an attribute's name, a map's key or a list's
// index, from 0. Exactly one of the three is meant, as Kind says.
type Step struct {
	Kind  StepKind
	Name  string // of an attribute, or a map's key
	Index int    // of a list's element, from 0
}

// StepKind tells the kinds of steps apart.
type StepKind uint8

// The kinds of steps.
const (
	AttributeStep StepKind = iota + 1
	KeyStep
	IndexStep
)

// At starts a path at an argument or attribute.
func At(attribute string) Path { return Path{}.Attribute(attribute) }

// Attribute leads on to an object's attribute.
func (p Path) Attribute(name string) Path { return p.add(Step{Kind: AttributeStep, Name: name}) }

// Key leads on to a map's element.
func (p Path) Key(key string) Path { return p.add(Step{Kind: KeyStep, Name: key}) }

// Index leads on to a list's element, from 0.
func (p Path) Index(i int) Path { return p.add(Step{Kind: IndexStep, Index: i}) }

func (p Path) add(step Step) Path { return Path{append(slices.Clip(p.steps), step)} }

// Steps returns the path's steps, the argument first.
func (p Path) Steps() []Step { return slices.Clone(p.steps) }

// String spells the path as Terraform does: bindings["users"].cidrs[2].
func (p Path) String() string {
	var text strings.Builder
	for i, step := range p.steps {
		switch step.Kind {
		case AttributeStep:
			if i > 0 {
				text.WriteByte('.')
			}
			text.WriteString(step.Name)
		case KeyStep:
			text.WriteString("[" + strconv.Quote(step.Name) + "]")
		case IndexStep:
			text.WriteString("[" + strconv.Itoa(step.Index) + "]")
		}
	}
	return text.String()
}

// Error is one thing that is wrong with the input.
type Error struct {
	// At is where it stands.
	At Path
	// Summary says what is wrong in a few words, without values: "Unknown component".
	Summary string
	// Found says what stands there, as a sentence without its full stop.
	Found string
	// Nearest is the right spelling that was probably meant; empty where none is near.
	Nearest string
	// Allowed lists or describes what may stand there; empty where Remedy says enough.
	Allowed string
	// Remedy says what to type, as a sentence without its full stop.
	Remedy string
}

// Error returns the summary and the detail on one line.
func (e *Error) Error() string {
	return e.Summary + ": " + strings.ReplaceAll(e.Detail(), "\n", " ")
}

// Detail returns the whole explanation, a line for each of: where and what was
// found, the nearest spelling, what is allowed, what to type.
func (e *Error) Detail() string {
	lines := []string{e.At.String() + ": " + e.Found + "."}
	if e.At.String() == "" {
		lines[0] = e.Found + "."
	}
	if e.Nearest != "" {
		lines = append(lines, "Did you mean "+strconv.Quote(e.Nearest)+"?")
	}
	if e.Allowed != "" {
		lines = append(lines, "Allowed: "+e.Allowed+".")
	}
	if e.Remedy != "" {
		lines = append(lines, e.Remedy+".")
	}
	return strings.Join(lines, "\n")
}

// Unknown returns the error for a name that is not one of the allowed ones; what
// says what it should have been ("a component or a host of this edition").
func Unknown(at Path, name, what string, allowed []string) *Error {
	return &Error{
		At:      at,
		Summary: "Unknown name",
		Found:   strconv.Quote(name) + " is not " + what,
		Nearest: Nearest(name, allowed),
		Allowed: List(allowed),
	}
}

// List returns the names sorted, without repetitions, separated by ", ".
func List(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	return strings.Join(slices.Compact(sorted), ", ")
}

// Nearest returns the candidate that name was probably meant to be, or "" where
// none is near. Case, hyphens and spaces cost nothing. A word that begins or
// ends a candidate is near it, and so is one that begins like a
// candidate (admins: administrators); of several such candidates the shortest
// wins (api: canopsis_api, not api_event_sources), and of equally near ones the
// first in alphabetical order.
func Nearest(name string, candidates []string) string {
	const (
		nearAlways = 2   // edits that a short name may have too, such as two letters swapped
		tooLong    = 200 // letters: no misspelt name, and slow to compare
	)
	folded := fold(name)
	length := utf8.RuneCountInString(folded)
	if length > tooLong {
		return ""
	}
	limit := max(nearAlways, length/3)
	var best string
	var bestEdits, bestAway int
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		other := fold(candidate)
		away := levenshtein.Distance(folded, other, nil)
		edits := away
		if length >= 3 && (strings.HasPrefix(other, folded) || strings.HasSuffix(other, folded)) || beginsLike(other, folded) {
			edits = min(edits, nearAlways)
		}
		if edits > limit || edits >= max(length, utf8.RuneCountInString(other)) {
			continue // a name of which every letter differs is not near, however short
		}
		if best == "" || cmp.Or(cmp.Compare(edits, bestEdits), cmp.Compare(away, bestAway)) < 0 {
			best, bestEdits, bestAway = candidate, edits, away
		}
	}
	return best
}

// beginsLike reports whether a candidate begins like a name: with more than half
// of it, four letters at least, and all but three.
func beginsLike(candidate, name string) bool {
	shared := 0
	for shared < min(len(candidate), len(name)) && candidate[shared] == name[shared] {
		shared++
	}
	return shared >= 4 && 2*shared > len(name) && len(name)-shared <= 3
}

var underscores = strings.NewReplacer("-", "_", " ", "_")

func fold(name string) string {
	return underscores.Replace(strings.ToLower(strings.TrimSpace(name)))
}
