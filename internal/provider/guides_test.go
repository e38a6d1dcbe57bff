package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
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

// tfplugindocs runs pages through a template engine, which takes Mermaid's
// hexagons for its own braces: load_balancer{{"load_balancer"}} became
// load_balancerload_balancer.
func TestHexagonsSurvive(t *testing.T) {
	t.Parallel()
	const folder = "../../docs/guides"
	hexagons := 0
	for _, guide := range filesOf(t, folder, ".md") {
		text, err := os.ReadFile(filepath.Join(folder, guide))
		if err != nil {
			t.Fatal(err)
		}
		for _, diagram := range blocks(string(text), "mermaid") {
			hexagons += strings.Count(diagram, `{{"`)
			for word := range strings.FieldsFuncSeq(diagram, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) }) {
				if half := len(word) / 2; word[:half] == word[half:] {
					t.Errorf("%s: %s stands in a diagram", guide, word)
				}
			}
		}
	}
	if hexagons != 4 { // two relays, in two languages
		t.Errorf("the guides' diagrams have %d hexagons, want 4", hexagons)
	}
}

// A page for one cloud that shows another's resources sends its reader astray.
func TestFunctionsShowTheirOwnCloud(t *testing.T) {
	t.Parallel()
	for cloud, others := range map[string][]string{
		"aws":       {"google_", "openstack_"},
		"gcp":       {"aws_", "openstack_"},
		"openstack": {"aws_", "google_"},
	} {
		page := filepath.Join("../../docs/functions", cloud+"_rules.md")
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range others {
			if strings.Contains(string(text), other) {
				t.Errorf("%s shows %s...", page, other)
			}
		}
	}
}
