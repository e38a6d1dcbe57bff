package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const profile = `mode: set
example.org/p/main.go:3.13,5.2 7 0
example.org/p/internal/a/a.go:3.13,5.2 3 1
example.org/p/internal/a/a.go:7.13,9.2 1 0
example.org/p/internal/a/deep/b.go:3.13,5.2 2 12
example.org/p/internal/skin/s.go:3.13,5.2 50 0
example.org/p/internal/skinny/s.go:3.13,5.2 4 1
`

func TestShares(t *testing.T) {
	t.Parallel()
	got, err := shares(strings.NewReader(profile), []string{"internal/skin"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]share{"internal/a": {3, 4}, "internal/a/deep": {2, 2}, "internal/skinny": {4, 4}}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v: main.go and the folder left out do not count", got, want)
	}
}

func TestSharesRefusesWhatIsNoProfile(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"a.go:1.1,2.2 3":     "line 2: \"a.go:1.1,2.2 3\" is not a block of a coverage profile",
		"a.go:1.1,2.2 few 1": "line 2: the number of statements: strconv.Atoi: parsing \"few\": invalid syntax",
	} {
		if _, err := shares(strings.NewReader("mode: set\n"+line+"\n"), nil); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", line, err, want)
		}
	}
}

func TestCoverGate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "coverage.out")
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	skin := []string{"internal/skin"} // without it 9 of 10 statements are reached
	if err := cover(file, 90, skin); err != nil {
		t.Errorf("90 %% of 90 %%: got %v", err)
	}
	if err := cover(file, 90.1, skin); err == nil || !strings.HasPrefix(err.Error(), "too few statements") {
		t.Errorf("90.1 %% of 90 %%: got %v", err)
	}
	if err := cover(file, 90, nil); err == nil || !strings.HasPrefix(err.Error(), "too few statements") {
		t.Errorf("90 %% with what nothing tests: got %v", err)
	}
	if err := cover(file, 0, []string{"internal"}); err == nil || !strings.HasSuffix(err.Error(), "has no statement that counts") {
		t.Errorf("nothing counts: got %v", err)
	}
}
