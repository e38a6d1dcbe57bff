package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// atTheTop is everything that stands at the repository's top level.
var atTheTop = []string{
	".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".golangci.yml", ".goreleaser.yml",
	"CHANGELOG.md", "CONTRIBUTING.md", "GNUmakefile", "LICENSE", "README.md",
	"docs", "examples", "go.mod", "go.sum", "internal", "main.go", "main_test.go", "terraform-registry-manifest.json",
}

// TestFilesAreTexts keeps what a build leaves out of the repository: everything in
// it is a text, and nothing new stands at the top.
func TestFilesAreTexts(t *testing.T) {
	t.Parallel()
	output, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("skipped: git lists no files here: %v", err)
	}
	files := strings.Split(strings.TrimSuffix(string(output), "\x00"), "\x00")
	if len(files) < 100 {
		t.Fatalf("git lists %d files", len(files))
	}
	for _, name := range files {
		if top, _, _ := strings.Cut(name, "/"); !slices.Contains(atTheTop, top) {
			t.Errorf("%s stands at the top level", name)
		}
		path := filepath.Join("..", "..", filepath.FromSlash(name))
		if entry, err := os.Lstat(path); err != nil || entry.Mode().Type() != fs.FileMode(0) {
			continue // not there in this tree, or a link
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(text, 0) >= 0 {
			t.Errorf("%s is not a text: it has a zero byte", name)
		}
	}
}
