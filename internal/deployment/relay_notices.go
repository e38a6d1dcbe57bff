package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// noticeShared says where a source reaches, on a port on which a relay listens for
// several things, what it had no flow to: who may is the relay's to decide there.
func (b *builder) noticeShared(l listening, ways map[way]*carried) {
	entries := make(map[string][]*entry) // by relay, those that somebody wants
	for _, e := range l.entries {
		if len(e.wanted) > 0 {
			entries[e.relay] = append(entries[e.relay], e)
		}
	}
	type from struct{ relay, source string }
	reached := make(map[from]map[*entry]bool)
	for way, c := range ways {
		key := from{way.relay, endpointOf(way.source)}
		if reached[key] == nil {
			reached[key] = make(map[*entry]bool)
		}
		maps.Copy(reached[key], c.entries)
	}
	sources := make(map[string][]string) // by relay, those that reach more than they had flows to
	for key, has := range reached {
		var open matrix.Ports
		for e := range has {
			open = open.Union(e.ports)
		}
		for _, e := range entries[key.relay] {
			if !has[e] && e.ports.Overlaps(open) {
				sources[key.relay] = append(sources[key.relay], fmt.Sprintf("%s (%s)", key.source, e.key))
			}
		}
	}
	for _, relay := range slices.Sorted(maps.Keys(sources)) {
		at := refusal.At("relays").Key(relay)
		b.notices = append(b.notices, Notice{
			At:      at,
			Summary: "Relay that decides who reaches what",
			Text: fmt.Sprintf("%s: the relay listens for several things on one port, so that who connects there for one of them may ask it for another: "+
				"that is the relay's to decide, no firewall can.\n"+
				"Who reaches such a port without a flow to what stands in parentheses: %s.\n"+
				"To let firewalls decide, give each of them ports of its own under listeners.", at, few(sources[relay])),
		})
	}
}

// few lists names, sorted, up to a number that can be read at a glance.
func few(names []string) string {
	const most = 6
	slices.Sort(names)
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}
