package deployment

import (
	"cmp"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// entry is one thing that a relay listens for.
type entry struct {
	relay, key string       // as written
	target     string       // a component or an outside system; empty where it is another relay's
	inner      []*entry     // of another relay, by which it listens for one thing; none where there is a target
	final      string       // the target at the end of the chain
	level      int          // how many relays lie between this one and the target
	ports      matrix.Ports // on which the relay listens for it
	outer      []*entry     // what other relays listen for that leads here
	wanted     []wish
}

// mergeWishes joins the wishes of one source for one purpose.
func (e *entry) mergeWishes() {
	type who struct {
		source  matrix.Place
		purpose matrix.Purpose
	}
	first := make(map[who]int, len(e.wanted))
	var merged []wish
	for _, w := range e.wanted {
		key := who{w.source, w.purpose}
		i, ok := first[key]
		if !ok {
			first[key] = len(merged)
			w.errata, w.flows = slices.Clone(w.errata), slices.Clone(w.flows)
			merged = append(merged, w)
			continue
		}
		merged[i].errata = append(merged[i].errata, w.errata...)
		merged[i].flows = append(merged[i].flows, w.flows...)
	}
	for i := range merged {
		for _, names := range []*[]string{&merged[i].errata, &merged[i].flows} {
			slices.Sort(*names)
			*names = slices.Compact(*names)
		}
	}
	e.wanted = merged
}

// listening is what all relays listen for.
type listening struct {
	entries []*entry
	before  map[string][]*entry // those right in front of a component or an outside system
}

// innermostFirst returns every entry after those to which it leads.
func (l listening) innermostFirst() []*entry {
	return slices.SortedFunc(slices.Values(l.entries), func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.relay, b.relay), cmp.Compare(a.key, b.key))
	})
}

// inFrontOf returns what relays listen for that a flow should take; none where
// it goes straight, as a relay's own flow to what it stands in front of does. Of
// one relay's entries for a component and for the outside system where it listens
// the former is meant.
func (l listening) inFrontOf(m *matrix.Matrix, f matrix.Flow) []*entry {
	source, destination := endpointOf(f.Source), endpointOf(f.Destination)
	if source == destination {
		return nil
	}
	entries := slices.Clone(l.before[f.Component])
	if e, _ := m.Endpoint(destination); e.Kind == matrix.External && destination != f.Component {
		for _, other := range l.before[destination] {
			if !slices.ContainsFunc(entries, func(e *entry) bool { return e.relay == other.relay }) {
				entries = append(entries, other)
			}
		}
	}
	if slices.ContainsFunc(entries, func(e *entry) bool { return e.relay == source || e.relay == destination }) {
		return nil
	}
	return entries
}
