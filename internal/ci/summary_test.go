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

// What go test -json reports of a package that runs into the timeout names no test
// that failed; nor does what it reports of one that is not compiled.
func TestReadCountsPackagesThatDoNotEnd(t *testing.T) {
	t.Parallel()
	const timeout = `{"Action":"start","Package":"example.org/p"}
{"Action":"run","Package":"example.org/p","Test":"TestQuick"}
{"Action":"pass","Package":"example.org/p","Test":"TestQuick","Elapsed":0}
{"Action":"run","Package":"example.org/p","Test":"TestSlow"}
{"Action":"pause","Package":"example.org/p","Test":"TestSlow"}
{"Action":"cont","Package":"example.org/p","Test":"TestSlow"}
{"Action":"run","Package":"example.org/p","Test":"TestSlow/part"}
{"Action":"output","Package":"example.org/p","Test":"TestSlow/part","Output":"panic: test timed out after 1s\n"}
`
	const bad = `{"Action":"run","Package":"example.org/p","Test":"TestBad"}
{"Action":"fail","Package":"example.org/p","Test":"TestBad","Elapsed":0}
`
	const end = `{"Action":"fail","Package":"example.org/p","Elapsed":1.009}
`
	const uncompiled = `{"ImportPath":"example.org/p.test","Action":"build-fail"}
{"Action":"start","Package":"example.org/p"}
{"Action":"output","Package":"example.org/p","Output":"FAIL\texample.org/p [setup failed]\n"}
{"Action":"fail","Package":"example.org/p","Elapsed":0,"FailedBuild":"example.org/p.test"}
`
	ran := "p, while these ran: TestSlow, TestSlow/part"
	for name, test := range map[string]struct {
		report         string
		passed, failed int
		unended        []string
	}{
		"timeout":                       {timeout + end, 1, 1, []string{ran}},
		"timeout beside a failure":      {timeout + bad + end, 1, 2, []string{ran}},
		"go test itself was killed":     {timeout, 1, 1, []string{ran}},
		"not compiled":                  {uncompiled, 0, 1, []string{"p"}},
		"a failure, and all tests end":  {bad + end, 0, 1, nil},
		"killed before any test ran":    {`{"Action":"start","Package":"example.org/p"}`, 0, 1, []string{"p"}},
		"a package without tests is no": {`{"Action":"start","Package":"example.org/p"}` + "\n" + `{"Action":"skip","Package":"example.org/p","Elapsed":0}`, 0, 0, nil},
	} {
		var got outcome
		if err := got.read(strings.NewReader(test.report)); err != nil {
			t.Fatal(err)
		}
		if got.passed != test.passed || got.failed != test.failed || !slices.Equal(got.unended, test.unended) {
			t.Errorf("%s: got %d passed, %d failed, did not end: %q", name, got.passed, got.failed, got.unended)
		}
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
	o = outcome{passed: 8, failed: 1, unended: []string{"p, while these ran: TestSlow"}}
	o.print("")
	// Output:
	// Skipped:
	// - the freshness of docs/: only tofu is on PATH
	// - TestReal in a: no mirror: set a variable
	// 7 passed, 0 failed, 1 skipped
	// Nothing was skipped.
	// 8 passed, 0 failed, 0 skipped
	// Nothing was skipped.
	// Did not end:
	// - p, while these ran: TestSlow
	// 8 passed, 1 failed, 0 skipped
}
