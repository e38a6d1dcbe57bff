package proof

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// atPlan returns the bindings as a first plan sees them: no identifier is known,
// and of the named CIDRs every second one.
func atPlan(seed uint64, bindings map[string]firewall.Binding) map[string]firewall.Binding {
	planned := make(map[string]firewall.Binding, len(bindings))
	n := seed
	for _, id := range slices.Sorted(maps.Keys(bindings)) {
		b := bindings[id]
		n++
		b.Forms = maps.Clone(b.Forms)
		for name, value := range b.Forms {
			switch {
			case name == "ethertypes" || name == "network_security_group_name" || name == "resource_group_name": // must be known
			case n%3 == 0:
				b.Forms[name] = firewall.Cell{Text: concealed(value.Text), Number: concealed(value.Number), Texts: concealed(value.Texts), Nested: concealedIn(value.Nested)}
			default:
				b.Forms[name] = firewall.Cell{Text: concealed(value.Text), Number: concealed(value.Number), Texts: concealedEach(value.Texts), Nested: concealedIn(value.Nested)}
			}
		}
		b.NamedCIDRs = maps.Clone(b.NamedCIDRs)
		for _, name := range slices.Sorted(maps.Keys(b.NamedCIDRs)) {
			if n++; n%2 == 0 {
				b.NamedCIDRs[name] = firewall.Unknown[string]()
			}
		}
		planned[id] = b
	}
	return planned
}

func concealed[T any](v firewall.Value[T]) firewall.Value[T] {
	if v.IsAbsent() {
		return v
	}
	return firewall.Unknown[T]()
}

// concealedEach leaves it known how many texts there are.
func concealedEach(texts firewall.Texts) firewall.Texts {
	values, ok := texts.Get()
	if !ok {
		return texts
	}
	hidden := make([]firewall.Value[string], len(values))
	for i := range hidden {
		hidden[i] = firewall.Unknown[string]()
	}
	return firewall.Known(hidden)
}

// keepsPromise reports what of the plan the apply breaks: keys that come or go,
// and values that were known, or null, and are something else.
func keepsPromise(planned, applied *firewall.Result) error {
	for _, part := range slices.Sorted(maps.Keys(planned.Entries)) {
		if err := keepsEntries(part, planned.Entries[part], applied.Entries[part]); err != nil {
			return err
		}
	}
	for part, rules := range applied.Entries {
		if len(planned.Entries[part]) == 0 && len(rules) > 0 {
			return fmt.Errorf("no %s rules planned, %d applied", part, len(rules))
		}
	}
	return nil
}

func keepsEntries(part string, planned, applied []firewall.Bound) error {
	if len(planned) != len(applied) {
		return fmt.Errorf("%d %s rules planned, %d applied", len(planned), part, len(applied))
	}
	for i, before := range planned {
		after := applied[i]
		switch {
		case before.Key != after.Key:
			return fmt.Errorf("%s rule %q planned, %q applied", part, before.Key, after.Key)
		case before.Host != after.Host, before.Peer != after.Peer, before.PeerKind != after.PeerKind, !slices.Equal(before.Flows, after.Flows):
			return fmt.Errorf("%s rule %q planned as %+v, applied as %+v", part, before.Key, before, after)
		}
		for j := range before.Cells {
			if !keepsCell(before.Cells[j], after.Cells[j]) {
				return fmt.Errorf("%s rule %q: argument %d planned as %+v, applied as %+v", part, before.Key, j, before.Cells[j], after.Cells[j])
			}
		}
	}
	return nil
}

// keepsCell reports whether a cell became what it was planned as, in all that was
// known of it.
func keepsCell(before, after firewall.Cell) bool {
	if before.Nested == nil || after.Nested == nil {
		return before.Text.IsUnknown() || anyUnknown(before.Texts) || reflect.DeepEqual(before, after)
	}
	return slices.EqualFunc(before.Nested.List, after.Nested.List, keepsCell) && maps.EqualFunc(before.Nested.Object, after.Nested.Object, keepsCell)
}

// concealedIn leaves it known which names an object has.
func concealedIn(nested *firewall.NestedCell) *firewall.NestedCell {
	if nested == nil {
		return nil
	}
	hidden := make(map[string]firewall.Cell, len(nested.Object))
	for name := range nested.Object {
		hidden[name] = firewall.Cell{Text: firewall.Unknown[string]()}
	}
	return &firewall.NestedCell{Object: hidden}
}

// anyUnknown reports whether a set may still become another one.
func anyUnknown(texts firewall.Texts) bool {
	values, _ := texts.Get()
	return texts.IsUnknown() || slices.ContainsFunc(values, firewall.Value[string].IsUnknown)
}
