package edition_test

import (
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// A caller that writes into a table that it was given changes its own copy alone.
func TestTablesCannotBeChanged(t *testing.T) {
	t.Parallel()
	edition.Errata()[0].Editions[0] = "changed"
	if e := edition.Errata()[0]; e.Editions[0] == "changed" {
		t.Errorf("Errata: the editions of %s were changed by a caller", e.ID)
	}
	id := edition.Errata()[0].ID
	if e, ok := edition.FindErratum(id); ok {
		e.Editions[0] = "changed"
	}
	if e, ok := edition.FindErratum(id); !ok || e.Editions[0] == "changed" {
		t.Errorf("FindErratum: the editions of %s were changed by a caller, or it is gone (%t)", id, ok)
	}
	for _, i := range edition.Interconnections() {
		if len(i.Parties) > 0 {
			i.Parties[0].ID = "changed"
		}
		if len(i.Links) > 0 {
			i.Links[0].From = "changed"
		}
	}
	for _, i := range edition.Interconnections() {
		if len(i.Parties) > 0 && i.Parties[0].ID == "changed" || len(i.Links) > 0 && i.Links[0].From == "changed" {
			t.Errorf("Interconnections: %s was changed by a caller", i.ID)
		}
	}
	edition.All()[0].Releases[0] = "changed"
	if edition.All()[0].Releases[0] == "changed" {
		t.Error("All: releases were changed by a caller")
	}
}
