package edition_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/page"
)

// TestKnownPorts compares what a page is read against with what the editions and
// the errata have.
func TestKnownPorts(t *testing.T) {
	t.Parallel()
	rows, listed, errata := map[string]matrix.Ports{}, map[string]matrix.Ports{}, map[string]matrix.Ports{}
	for _, e := range edition.All() {
		m, err := e.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		for c := range m.Components() {
			if c.Listed {
				listed[c.ID] = listed[c.ID].Union(c.Ports())
			}
		}
		for f := range m.Flows() {
			at := m.EndpointAt(f.Destination)
			rows[at] = rows[at].Union(f.Ports)
		}
	}
	for _, e := range edition.Errata() {
		if e.Kind == edition.WrongPort && e.Subject != "" && listed[e.Subject].Len() > 0 {
			right := matrix.MustPorts(e.Corrected[:len("tcp/")+portDigits(e.Corrected)])
			errata[e.Subject] = errata[e.Subject].Union(right)
		}
	}
	compare := func(what string, got, want map[string]matrix.Ports) {
		for _, id := range slices.Sorted(maps.Keys(want)) {
			if !got[id].Equal(want[id]) {
				t.Errorf("%s of %s: the page is read against %s, the editions have %s", what, id, got[id], want[id])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d names, want %d", what, len(got), len(want))
		}
	}
	known := page.KnownPorts()
	compare("rows", known.Rows, rows)
	compare("port lists", known.Listed, listed)
	compare("errata", known.Errata, errata)
}

func portDigits(text string) int {
	n := 0
	for n+len("tcp/") < len(text) && text[n+len("tcp/")] >= '0' && text[n+len("tcp/")] <= '9' {
		n++
	}
	return n
}
