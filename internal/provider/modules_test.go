package provider_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// modules is where the modules lie that are ready to use.
var modules = filepath.Join(root, "modules")

// TestModules lets each module run its own tests, with providers that talk to
// nobody.
func TestModules(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir(modules)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, filepath.Join(modules, folder.Name()))
			for _, file := range filesOf(t, filepath.Join(modules, folder.Name(), "tests"), ".tftest.hcl") {
				text, err := os.ReadFile(filepath.Join(modules, folder.Name(), "tests", file))
				if err != nil {
					t.Fatal(err)
				}
				w.write("tests/"+file, string(text))
			}
			w.init()
			var log bytes.Buffer
			if err := w.program.Test(t.Context(), &log); err != nil {
				t.Fatalf("terraform test: %v\n%s", err, &log)
			}
		})
	}
}

// filesOf returns the names of a folder's files with this ending; none is an
// error.
func filesOf(t *testing.T, folder, ending string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*"+ending))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file with the ending %s in %s (%v)", ending, folder, err)
	}
	names := make([]string, 0, len(paths))
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	return names
}
