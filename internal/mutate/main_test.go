package main

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// The faults go with the code that they are made in: each finds its text there,
// once, and differs from all others.
func TestFaultsFitTheCode(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, f := range faults {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(f.file)))
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		changed, err := f.apply(string(text))
		if err != nil {
			t.Errorf("%s: %s: %v", f.file, f.name, err)
		}
		if changed == string(text) {
			t.Errorf("%s: %s changes nothing", f.file, f.name)
		}
		if key := f.file + f.name; seen[key] {
			t.Errorf("%s: %s is there twice", f.file, f.name)
		} else {
			seen[key] = true
		}
	}
	if len(faults) < 30 {
		t.Errorf("%d faults are few", len(faults))
	}
}

// A fault that does not compile is one that no test gets to see.
func TestFaultsCompile(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Dir,GoFiles,Export", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	packages := make(map[string]listed) // by folder
	exports := make(map[string]string)
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages[p.Dir], exports[p.ImportPath] = p, p.Export
	}
	files := token.NewFileSet()
	imported := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	compile := func(path, text string) error {
		p := packages[filepath.Dir(path)]
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			var source any
			if name == filepath.Base(path) {
				source = text
			}
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), source, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			parsed = append(parsed, file)
		}
		_, err := (&types.Config{Importer: imported, GoVersion: "go1.26"}).Check(p.ImportPath, files, parsed, nil)
		return err
	}
	tried := 0
	for _, f := range faults {
		path, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(f.file)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := f.apply(string(text))
		if err != nil {
			continue // which another test says
		}
		if err := compile(path, changed); err != nil {
			t.Errorf("%s: %s: %v", f.file, f.name, err)
		}
		if tried++; tried == 1 && compile(path, string(text)+"\nvar _ = nothing\n") == nil {
			t.Error("what does not compile is not seen")
		}
	}
}

// fewFaults is how many a target's file has at least, and what reads its rules
// back has at least one.
const fewFaults = 10

// untried returns the targets that too few faults are made in.
func untried(targets []firewall.Target) []string {
	var names []string
	for _, target := range targets {
		made := make(map[string]int)
		for _, f := range faults {
			made[f.file]++
		}
		read := target.Name != "address" // rows of addresses are no cloud's, and nobody reads them
		if made["firewall/"+target.Name+".go"] < fewFaults || read && made["cloud/"+target.Name+".go"] == 0 {
			names = append(names, target.Name)
		}
	}
	return names
}

// A target joins with faults of its own, or its tests are believed.
func TestEveryTargetHasFaults(t *testing.T) {
	t.Parallel()
	if names := untried(firewall.Targets()); len(names) > 0 {
		t.Errorf("few faults are made in %v", names)
	}
	if names := untried([]firewall.Target{{Name: "nothing"}}); len(names) != 1 {
		t.Error("a target without any fault is not missed")
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	f := fault{file: "x.go", name: "x", old: "a < b", new: "a <= b"}
	if got, err := f.apply("if a < b {"); err != nil || got != "if a <= b {" {
		t.Errorf("%q, %v", got, err)
	}
	for text, want := range map[string]string{
		"if a > b {":     `the text "a < b" stands there 0 times, not once`,
		"a < b && a < b": `the text "a < b" stands there 2 times, not once`,
	} {
		if got, err := f.apply(text); err == nil || err.Error() != want || got != "" {
			t.Errorf("apply(%q) = %q, %v; want the error %q", text, got, err, want)
		}
	}
}

func TestFailedTestIsNamed(t *testing.T) {
	t.Parallel()
	for output, want := range map[string]string{
		"--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/b (0.00s)\n--- FAIL: TestC\nFAIL": "TestA",
		"panic: runtime error\n\ngoroutine 1":                                           "a panic",
		"# example.org/x\nx.go:1: broken\nFAIL\texample.org/x [build failed]\n":         "",
		"panic: test timed out after 5m0s\n\trunning tests:\n\t\tTestA (5m0s)\n":        "",
		"--- FAIL: TestA (0.00s)\npanic: test timed out after 5m0s\n":                   "TestA",
	} {
		if got := failed(output); got != want {
			t.Errorf("failed(%q) = %q, not %q", output, got, want)
		}
	}
}

// A fault that a test sees, one that none can see, and one that does not fit:
// tried on a module of two files.
func TestTryAll(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                        "module example.org/m\n\ngo 1.26\n",
		"go.sum":                        "",
		"internal/deployment/x.go":      "package deployment\n\nfunc Less(a, b int) bool { return a < b }\n\nfunc Unseen() int { return 1 }\n",
		"internal/deployment/x_test.go": "package deployment\n\nimport \"testing\"\n\nfunc TestLess(t *testing.T) {\n\tif Less(1, 1) {\n\t\tt.Fail()\n\t}\n}\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	seenOne := fault{"deployment/x.go", "not strict", "a < b", "a <= b"}
	unseen := fault{"deployment/x.go", "another number", "return 1", "return 2"}
	var out bytes.Buffer
	seen, err := tryAll(context.Background(), root, []fault{seenOne, unseen}, 1, &out)
	if err != nil {
		t.Fatal(err)
	}
	want := "deployment/x.go: not strict: seen by TestLess\ndeployment/x.go: another number: NOT SEEN\n"
	if seen != 1 || out.String() != want {
		t.Errorf("%d seen:\n%s", seen, out.String())
	}
	for _, broken := range []struct {
		f    fault
		want string
	}{
		{fault{"deployment/x.go", "stale", "a > b", "a"}, "stands there 0 times"},
		{fault{"deployment/x.go", "no Go", "a < b", "a <"}, "does not compile"},
		{fault{"deployment/x.go", "no test builds", "func Less(a, b int)", "func Less(a, b, c int)"}, "internal/deployment: no test failed, and yet"},
	} {
		if _, err := tryAll(context.Background(), root, []fault{broken.f}, 1, &out); err == nil || !strings.Contains(err.Error(), broken.want) {
			t.Errorf("%s: %v", broken.f.name, err)
		}
	}
	broken := "package deployment\n\nimport \"testing\"\n\nfunc TestBroken(t *testing.T) { t.Fail() }\n"
	if err := os.WriteFile(filepath.Join(root, "internal", "deployment", "broken_test.go"), []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tryAll(context.Background(), root, []fault{unseen}, 1, &out); err == nil || !strings.Contains(err.Error(), "the tests of internal/deployment fail without any fault") {
		t.Errorf("a test that fails anyway: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(root, "internal", "deployment", "x.go"))
	if err != nil || !strings.Contains(string(text), "a < b") {
		t.Errorf("the tree itself changed: %s, %v", text, err)
	}
}
