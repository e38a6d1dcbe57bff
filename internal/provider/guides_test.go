package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGuides validates the Terraform of each guide. A guide's blocks, put
// together, are one configuration, as its reader makes one of them.
func TestGuides(t *testing.T) {
	t.Parallel()
	const folder = "../../docs/guides"
	for _, guide := range filesOf(t, folder, ".md") {
		t.Run(strings.TrimSuffix(guide, ".md"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(folder, guide))
			if err != nil {
				t.Fatal(err)
			}
			configuration := blocks(string(text), "terraform")
			if len(configuration) == 0 {
				return // prose alone
			}
			w := newWorkspace(t, "")
			w.write("main.tf", strings.Join(configuration, "\n"))
			if !strings.Contains(strings.Join(configuration, "\n"), "required_providers") {
				w.write("providers.tf", "terraform {\n  required_providers {\n    canopsis = {\n      source = \"canopsis/canopsis\"\n    }\n  }\n}\n")
			}
			w.write("matrix.md", "the user's own page")
			w.init()
			if errs := w.validate(); len(errs) > 0 {
				t.Errorf("validate:\n%s", strings.Join(errs, "\n"))
			}
		})
	}
}

// blocks returns the fenced blocks of a Markdown page in one language.
func blocks(page, language string) []string {
	var found []string
	var block []string
	inside := false
	for line := range strings.Lines(page) {
		switch fence := strings.TrimSpace(line); {
		case !inside && fence == "```"+language:
			inside, block = true, nil
		case inside && fence == "```":
			inside = false
			found = append(found, strings.Join(block, ""))
		case inside:
			block = append(block, line)
		}
	}
	return found
}
