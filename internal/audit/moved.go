package audit

import (
	"cmp"
	"slices"
	"strings"
)

// move is one instance of a resource that is to have another key.
type move struct{ from, to Place }

// move notes that the rule at a place of a state is to be there under a key. What
// stands there under the right key already, or not as an instance with a key, is
// left alone.
func (j *judge) move(place Place, key string) {
	if place.Resource == "" || place.Key == "" || place.Key == key {
		return
	}
	j.moves = append(j.moves, move{place, Place{Resource: place.Resource, Key: key}})
}

// settle leaves out moves onto a place at which the state has another rule, and
// those of a rule whose own place is wanted by another: Terraform reads moves one
// after the other, so that of two that swap neither can be written.
func settle(moves []move, found []found) []move {
	taken := make(map[Place]bool)
	for i := range found {
		taken[found[i].place] = true
	}
	return slices.DeleteFunc(moves, func(m move) bool { return taken[m.to] })
}

// movedBlocks writes the moves as blocks of Terraform's language.
func movedBlocks(moves []move) string {
	slices.SortFunc(moves, func(a, b move) int {
		return cmp.Or(cmp.Compare(a.to.String(), b.to.String()), cmp.Compare(a.from.String(), b.from.String()))
	})
	var text strings.Builder
	for i, m := range moves {
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString("moved {\n  from = " + m.from.String() + "\n  to   = " + m.to.String() + "\n}\n")
	}
	return text.String()
}
