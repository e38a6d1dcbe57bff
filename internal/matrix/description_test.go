package matrix_test

import (
	"cmp"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestDescriptionString(t *testing.T) {
	t.Parallel()
	reasons := func(texts ...string) matrix.Description {
		var d matrix.Description
		for _, text := range texts {
			d = append(d, matrix.InOwnWords(text)...)
		}
		return d
	}
	for want, d := range map[string]matrix.Description{
		"":                       nil,
		"Metrics":                matrix.Because(matrix.RowReason, "Metrics", "22.10", "canopsis", "postgresql"),
		"a; b; c; d":             reasons("a", "b", "c", "d"),
		"a; b; c; d; and 2 more": reasons("a", "b", "c", "d", "e", "f"),
	} {
		if got := d.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if d := matrix.InOwnWords(""); !d.IsEmpty() {
		t.Errorf("no words are a reason: %q", d)
	}
}

func TestDescriptionCompare(t *testing.T) {
	t.Parallel()
	ascending := []matrix.Description{
		nil,
		matrix.InOwnWords("Queues"),
		matrix.InOwnWords("Redis replication"),
		matrix.Because(matrix.MembershipReason, "Redis replication", "redis"),
		matrix.Because(matrix.MembershipReason, "Redis replication", "valkey"),
		matrix.Because(matrix.RelayReason, "Redis replication", "redis"),
	}
	for i, a := range ascending {
		for j, b := range ascending {
			if got, want := a.Compare(b), cmp.Compare(i, j); got != want {
				t.Errorf("%d compared with %d is %d", i, j, got)
			}
		}
	}
}

func TestDescriptionSays(t *testing.T) {
	t.Parallel()
	d := append(matrix.InOwnWords("Portal"), matrix.Because(matrix.RelayReason, "Relay in front of redis", "redis")...)
	if !d.Says("Portal") || !d.Says("Relay in front of redis") || d.Says("Relay") {
		t.Errorf("%q says something else", d)
	}
}

func TestReasonKinds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"own", "row", "erratum", "interconnection", "cluster", "relay"} {
		kind, ok := matrix.ParseReasonKind(name)
		if !ok || kind.String() != name {
			t.Errorf("%q became %q, %t", name, kind, ok)
		}
	}
	for _, name := range []string{"", "Row", "invalid", "more"} {
		if kind, ok := matrix.ParseReasonKind(name); ok || kind != matrix.OwnWords {
			t.Errorf("%q is the kind %q", name, kind)
		}
	}
	if got := matrix.ReasonKind(6).String(); got != "invalid" {
		t.Errorf("a kind that is not one is %q", got)
	}
}
