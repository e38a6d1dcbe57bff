package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var ours = regexp.MustCompile(`"(github\.com/canopsis/terraform-provider-canopsis/internal/[^"]+)"`)

// TestSecondJudgeRequiresWhatWeRequire: a module of its own that imports packages of
// this one is built on demand alone, and has to name what these need in its own go.mod.
func TestSecondJudgeRequiresWhatWeRequire(t *testing.T) {
	t.Parallel()
	const module = "../proof/cyclonus"
	files, err := filepath.Glob(filepath.Join(module, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	arguments := []string{"list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}"}
	for _, file := range files {
		for _, imported := range ours.FindAllStringSubmatch(readText(t, file), -1) {
			arguments = append(arguments, imported[1])
		}
	}
	output, err := exec.CommandContext(t.Context(), "go", arguments...).Output()
	if err != nil {
		t.Fatal(err)
	}
	needed := strings.Fields(string(output))
	slices.Sort(needed)
	needed = slices.Compact(needed)
	if len(needed) == 0 {
		t.Fatal("nothing is needed: the test shows nothing")
	}
	required, sums := readText(t, filepath.Join(module, "go.mod")), readText(t, filepath.Join(module, "go.sum"))
	for _, path := range needed {
		if !strings.Contains(required, path+" v") || !strings.Contains(sums, path+" v") {
			t.Errorf("internal/proof/cyclonus does not require %s: run go mod tidy there", path)
		}
	}
}
