package refusal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func wrong(i int) *refusal.Error {
	return &refusal.Error{At: refusal.At("list").Index(i), Summary: "Wrong", Found: fmt.Sprintf("%d stands here", i)}
}

func TestErrorsWithoutAnyAreNoError(t *testing.T) {
	t.Parallel()
	var none refusal.Errors
	none.Add(nil)
	none.Merge(nil)
	if err := none.Err(); err != nil {
		t.Errorf("Err() = %v, want nil", err)
	}
	var absent *refusal.Errors
	if err := absent.Err(); err != nil {
		t.Errorf("Err() of a nil *Errors = %v, want nil", err)
	}
}

func TestErrorsShowTwentyAndCountTheRest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		count int
		shown int
		last  string
	}{
		{1, 1, "Wrong: list[0]: 0 stands here."},
		{20, 20, "Wrong: list[19]: 19 stands here."},
		{21, 21, "More errors: 1 more error is not shown. Correct those above first."},
		{2020, 21, "More errors: 2000 more errors are not shown. Correct those above first."},
	} {
		var found refusal.Errors
		for i := range test.count {
			found.Add(wrong(i))
		}
		all := found.All()
		if len(all) != test.shown || found.Len() != test.count || all[len(all)-1].Error() != test.last {
			t.Errorf("%d errors: %d shown of %d, the last %q; want %d, the last %q",
				test.count, len(all), found.Len(), all[len(all)-1].Error(), test.shown, test.last)
		}
		lines := strings.Split(found.Err().Error(), "\n")
		if len(lines) != test.shown || lines[len(lines)-1] != test.last {
			t.Errorf("%d errors: the text has %d lines and ends with %q", test.count, len(lines), lines[len(lines)-1])
		}
	}
}

func TestErrorsMergeKeepsOrderAndCount(t *testing.T) {
	t.Parallel()
	var first, second refusal.Errors
	for i := range 15 {
		first.Add(wrong(i))
		second.Add(wrong(100 + i))
	}
	first.Merge(second.Err())
	first.Merge(wrong(7))
	first.Merge(errors.New("the disk is full"))
	if first.Len() != 32 {
		t.Errorf("Len() = %d, want 32", first.Len())
	}
	all := first.All()
	if got, want := all[15].Found, "100 stands here"; got != want {
		t.Errorf("the sixteenth says %q, want %q", got, want)
	}
	if got, want := all[20].Found, "12 more errors are not shown"; got != want {
		t.Errorf("the last says %q, want %q", got, want)
	}
	var foreign refusal.Errors
	foreign.Merge(errors.New("the disk is full"))
	if got, want := foreign.Err().Error(), "Invalid input: the disk is full."; got != want {
		t.Errorf("a foreign error reads %q, want %q", got, want)
	}
}

func TestErrorsLookForNoNearestThatNobodySees(t *testing.T) {
	t.Parallel()
	var found refusal.Errors
	for range 21 {
		found.Unknown(refusal.At("name"), "mongodbb", "a component", []string{"mongodb"})
	}
	all := found.All()
	if all[0].Nearest != "mongodb" || all[20].Found != "1 more error is not shown" {
		t.Errorf("the first: %+v, the last: %+v", all[0], all[20])
	}
}
