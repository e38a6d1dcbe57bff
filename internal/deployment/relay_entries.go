package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// innerRelay returns the relay that a key names, and what of it: empty where it
// names the relay alone. Ok is false for a key that names no relay.
func (r listenerReader) innerRelay(key string) (relay, rest string, ok bool) {
	relay, rest, _ = strings.Cut(key, "/")
	_, ok = r.typed[relay]
	return relay, rest, ok
}

// entriesOf returns what a relay listens for; keys that mean the same are one.
func (r listenerReader) entriesOf(relay string) []*entry {
	if read, ok := r.read[relay]; ok {
		return read
	}
	if r.choices.Relays[relay].Incomplete {
		return nil
	}
	entries := make([]*entry, 0, len(r.typed[relay]))
	known := make(map[string]*entry) // by what they mean
	for _, key := range slices.Sorted(maps.Keys(r.typed[relay])) {
		e := &entry{relay: relay, key: key, target: key, final: key, ports: r.typed[relay][key]}
		at := r.paths[relay]
		if r.choices.Relays[relay].Listeners != nil {
			at = at.Key(key)
		}
		means := key
		if inner, rest, ok := r.innerRelay(key); ok {
			if e.inner = r.innerEntries(at, key, inner, rest); len(e.inner) == 0 {
				continue
			}
			e.target, e.final, means = "", e.inner[0].final, inner
			for _, to := range e.inner {
				e.level = max(e.level, to.level+1)
				means += " " + to.key
			}
		} else if !r.targets[key] {
			r.unknown[relay] = append(r.unknown[relay], unknownKey{at, key})
			continue
		}
		if same, ok := known[means]; ok {
			same.ports = same.ports.Union(e.ports)
			r.byKey[relay+"/"+key] = same
			continue
		}
		known[means], r.byKey[relay+"/"+key] = e, e
		entries = append(entries, e)
	}
	r.read[relay] = entries
	return entries
}

// innerEntries returns what a key means of another relay: RELAY where that
// listens for one thing, RELAY/KEY, or RELAY/TARGET for all by which it listens
// for what stands at the end. It returns none with an error; of what is wrong
// with that relay itself nothing is said again.
func (r listenerReader) innerEntries(at refusal.Path, key, relay, rest string) []*entry {
	entries := r.entriesOf(relay)
	if r.choices.Relays[relay].Incomplete {
		return nil
	}
	if key == relay {
		if len(entries) > 0 && !r.listensForOne(relay) {
			r.errs.Add(&refusal.Error{
				At:      at,
				Summary: "Relay with several listeners",
				Found:   strconv.Quote(relay) + " listens for several things, and its name alone would open all of them",
				Allowed: refusal.List(qualified(relay, entries)),
				Remedy:  fmt.Sprintf("Name one of them, as in listeners = { %q = [\"tcp/443\"] }", relay+"/"+entries[0].key),
			})
			return nil
		}
		return entries
	}
	if e, ok := r.byKey[key]; ok {
		return []*entry{e}
	}
	var ends []*entry
	for _, e := range entries {
		if e.final == rest {
			ends = append(ends, e)
		}
	}
	if _, written := r.typed[relay][rest]; !written && len(ends) == 0 {
		wrong := refusal.Unknown(at, key, "what the relay "+strconv.Quote(relay)+" listens for", qualified(relay, entries))
		for _, e := range entries {
			if Nearest(rest, []string{e.key}) != "" {
				wrong.Nearest = relay + "/" + e.key
			}
		}
		r.errs.Add(wrong)
	}
	return ends
}

// listensForOne reports whether a relay's name alone says what it listens for:
// whatever was written there means one thing, and none of it is refused.
func (r listenerReader) listensForOne(relay string) bool {
	for key := range r.typed[relay] {
		if _, ok := r.byKey[relay+"/"+key]; !ok {
			return false
		}
	}
	return len(r.entriesOf(relay)) == 1
}

func qualified(relay string, entries []*entry) []string {
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, relay+"/"+e.key)
	}
	return names
}
