package main

import (
	"slices"
	"strings"
	"testing"
)

func TestParseTargets(t *testing.T) {
	t.Parallel()
	list := `FuzzOne
FuzzTwo
ok  	example.org/a	0.003s
ok  	example.org/none	0.004s
?   	example.org/untested	[no test files]
FuzzThree
ok  	example.org/b	(cached)
`
	got, err := parseTargets(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	want := []target{{"example.org/a", "FuzzOne"}, {"example.org/a", "FuzzTwo"}, {"example.org/b", "FuzzThree"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnlyDeadline(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"--- FAIL: FuzzOne (30.10s)\n    context deadline exceeded\nFAIL\n":                                 true,
		"--- FAIL: FuzzOne (2.10s)\n    x_test.go:9: wrong\n\n    Failing input written to testdata/fuzz\n": false,
		"context deadline exceeded\n    Failing input written to testdata/fuzz\n":                           false,
		"panic: context deadline exceeded\n":                                                                false,
		"FAIL example.org/a [build failed]\n":                                                               false,
	} {
		if got := onlyDeadline(text); got != want {
			t.Errorf("onlyDeadline(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestLastCount(t *testing.T) {
	t.Parallel()
	text := "fuzz: elapsed: 0s, execs: 0 (0/sec)\nfuzz: elapsed: 3s, execs: 4711 (1570/sec), new interesting: 1 (total: 9)\nPASS\n"
	if got := lastCount(text); got != "4711 inputs" {
		t.Errorf("got %q, want the last progress, 4711 inputs", got)
	}
	if got := lastCount("PASS\n"); got != "no input tried" {
		t.Errorf("got %q for a run without progress", got)
	}
}

func TestFuzzRefusesToRunNothing(t *testing.T) {
	t.Parallel()
	if err := fuzz("^Fuzz", "1x", 0, nil); err == nil || err.Error() != "-jobs 0: at least one" {
		t.Errorf("no job: got %v", err)
	}
	if err := fuzz("^Fuzz", "1x", 1, []string{"errors"}); err == nil || err.Error() != `no fuzz target that matches "^Fuzz" in errors` {
		t.Errorf("no target: got %v", err)
	}
}

func TestFuzzTargetsThatMatch(t *testing.T) {
	t.Parallel()
	const module = "github.com/canopsis/terraform-provider-canopsis/internal/"
	got, err := fuzzTargets("^FuzzParse$", []string{module + "page", module + "matrix"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []target{{module + "page", "FuzzParse"}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: FuzzParsePortRange is another target, and tests are none", got, want)
	}
}
