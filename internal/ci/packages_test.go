package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every package has its line in CONTRIBUTING.md and its border in .golangci.yml:
// one that nobody named may import what it likes.
func TestPackagesAreNamedAndHaveBorders(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	guide, linters := readText(t, filepath.Join(root, "CONTRIBUTING.md")), readText(t, filepath.Join(root, ".golangci.yml"))
	entries, err := os.ReadDir(filepath.Join(root, "internal"))
	if err != nil {
		t.Fatal(err)
	}
	const unbound = "acceptance provider" // the last room of each house: it may import all of the others
	for _, entry := range entries {
		folder := "internal/" + entry.Name()
		if !entry.IsDir() {
			continue
		}
		if !strings.Contains(guide, "| `"+folder+"` |") {
			t.Errorf("CONTRIBUTING.md has no line for %s", folder)
		}
		border := `"**/` + folder + `/`
		if hasGo(t, filepath.Join(root, folder)) && !strings.Contains(unbound, entry.Name()) && !strings.Contains(linters, border+`*.go"`) && !strings.Contains(linters, border+`**/*.go"`) {
			t.Errorf(".golangci.yml has no border for %s", folder)
		}
	}
}

func hasGo(t *testing.T, folder string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		found = found || filepath.Ext(path) == ".go"
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
