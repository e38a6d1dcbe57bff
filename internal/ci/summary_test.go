package main

import (
	"slices"
	"strings"
	"testing"
)

const report = `{"Action":"start","Package":"example.org/p/a"}
{"Action":"run","Package":"example.org/p/a","Test":"TestGood"}
{"Action":"output","Package":"example.org/p/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"pass","Package":"example.org/p/a","Test":"TestGood","Elapsed":0}
{"Action":"run","Package":"example.org/p/a","Test":"TestReal"}
{"Action":"output","Package":"example.org/p/a","Test":"TestReal","Output":"=== RUN   TestReal\n"}
{"Action":"output","Package":"example.org/p/a","Test":"TestReal","Output":"=== PAUSE TestReal\n"}
{"Action":"output","Package":"example.org/p/a","Test":"TestReal","Output":"    real_test.go:28: no mirror:\n"}
{"Action":"output","Package":"example.org/p/a","Test":"TestReal","Output":"        set a variable\n"}
{"Action":"output","Package":"example.org/p/a","Test":"TestReal","Output":"--- SKIP: TestReal (0.00s)\n"}
{"Action":"skip","Package":"example.org/p/a","Test":"TestReal","Elapsed":0}
{"Action":"fail","Package":"example.org/p/a","Test":"TestBad","Elapsed":0}
{"Action":"output","Package":"example.org/p/a","Output":"FAIL\n"}
{"Action":"fail","Package":"example.org/p/a","Elapsed":0}
{"Action":"skip","Package":"example.org/p/untested","Elapsed":0}
`

func TestReadCountsTestsAndKeepsReasons(t *testing.T) {
	t.Parallel()
	var got outcome
	if err := got.read(strings.NewReader(report)); err != nil {
		t.Fatal(err)
	}
	if got.passed != 1 || got.failed != 1 {
		t.Errorf("got %d passed and %d failed, want one of each: packages are no tests", got.passed, got.failed)
	}
	want := []skip{{"example.org/p/a", "TestReal", "no mirror: set a variable"}}
	if !slices.Equal(got.skipped, want) {
		t.Errorf("skipped: got %v, want %v", got.skipped, want)
	}
}

func TestReadRefusesWhatIsNoReport(t *testing.T) {
	t.Parallel()
	var o outcome
	if err := o.read(strings.NewReader("ok example.org/p/a\n")); err == nil {
		t.Error("a line that is no JSON was read as an event")
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		outcome outcome
		want    string
	}{
		"all good":      {outcome{passed: 2, skipped: []skip{{"p", "TestX", "no mirror"}}}, ""},
		"a silent skip": {outcome{passed: 2, skipped: []skip{{"p", "TestX", ""}}}, "TestX in p skips without a reason"},
		"a failure":     {outcome{passed: 2, failed: 1}, "1 tests failed"},
		"nothing ran":   {outcome{skipped: []skip{{"p", "TestX", "no mirror"}}}, "no test ran"},
	} {
		got := ""
		if err := test.outcome.verdict(); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func Example_summary() {
	o := outcome{passed: 7, skipped: []skip{{"example.org/p/a", "TestReal", "no mirror: set a variable"}}}
	o.print("the freshness of docs/: only tofu is on PATH\n")
	o = outcome{passed: 8}
	o.print("")
	// Output:
	// Skipped:
	// - the freshness of docs/: only tofu is on PATH
	// - TestReal in a: no mirror: set a variable
	// 7 passed, 0 failed, 1 skipped
	// Nothing was skipped.
	// 8 passed, 0 failed, 0 skipped
}
