package acceptance_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// alone are the guides whose blocks each stand alone, below the first.
var alone = map[string]bool{"which-flows": true}

// TestGuides does what each guide says from an empty folder: its first block says
// which providers are needed, and below it every block is validated, alone or with
// all that came before it. Tests among the blocks are run.
func TestGuides(t *testing.T) {
	t.Parallel()
	const folder = "../../docs/guides"
	for _, guide := range filesOf(t, folder, ".md") {
		name := strings.TrimSuffix(guide, ".md")
		if strings.HasSuffix(name, "-fr") {
			continue
		}
		t.Run(name, func(t *testing.T) {
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
			w.write("matrix.md", readFile(t, "../edition/pages/23.04.md")) // the user's own copy
			w.write("main.tf", configuration[0])
			w.init()
			validate := func(what string) {
				t.Helper()
				if errs := w.validate(); len(errs) > 0 {
					t.Errorf("%s: validate:\n%s", what, strings.Join(errs, "\n"))
				}
			}
			validate("the first block")
			for i, block := range configuration[1:] {
				if alone[name] {
					w.write("block.tf", block)
					validate(block)
				} else {
					w.write(fmt.Sprintf("block_%d.tf", i), block)
				}
			}
			if !alone[name] {
				validate("all blocks")
			}
			if try := further[name]; try != nil {
				try(w, string(text))
			}
			tests := blocks(string(text), "hcl")
			if slices.Contains(tested, name) {
				tests = append(tests, readFile(t, "testdata/guides/"+name+".tftest.hcl"))
			}
			for i, block := range tests {
				w.write(fmt.Sprintf("tests/block_%d.tftest.hcl", i), block)
				if isTofu() {
					t.Skip("OpenTofu gives every instance of a mocked resource one id, and two hosts cannot have one security group: the guide was validated, its tests were not run")
				}
				var log bytes.Buffer
				if err := w.program.Test(t.Context(), &log); err != nil || !strings.Contains(log.String(), `"passed":1`) {
					t.Errorf("terraform test: %v\n%s", err, &log)
				}
			}
		})
	}
}

// TestTenMinutesEndInAFirewall does what the guide says, up to the machine that it
// makes: what it opens stands, and nothing is left to change.
func TestTenMinutesEndInAFirewall(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	w.write("main.tf", strings.Join(tenMinutes(t), "\n"))
	server := w.useStandIn()
	w.init()
	w.apply("vpc_id=" + vpc).mustSucceed(t)
	open := openings(server)
	for _, rule := range []string{
		"ingress of canopsis-canopsis: tcp 8443-8443 with 10.20.0.0/16",
		"egress of canopsis-canopsis: tcp 27017-27017 with canopsis-mongodb",
		"ingress of canopsis-mongodb: tcp 27017-27017 with canopsis-canopsis",
	} {
		if !slices.Contains(open, rule) {
			t.Errorf("the guide does not open %s, but:\n%s", rule, strings.Join(open, "\n"))
		}
	}
	same(t, "plan after the apply", w.plan("vpc_id="+vpc).mustSucceed(t).changes, nil)
}

// tenMinutes returns the steps of the guide up to the machine that it makes, which
// no stand-in knows.
func tenMinutes(t *testing.T) []string {
	t.Helper()
	const guide = "../../docs/guides/ten-minutes.md"
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	steps := blocks(string(text), "terraform")
	machine := slices.IndexFunc(steps, func(step string) bool { return strings.Contains(step, `resource "aws_instance"`) })
	if machine < 1 {
		t.Fatalf("%s makes no machine", guide)
	}
	return steps[:machine]
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

// TestReadmeShowsTheFunctionsPicture compares the first picture that people see
// with what the function draws.
func TestReadmeShowsTheFunctionsPicture(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures := blocks(string(text), "mermaid")
	if len(pictures) != 1 {
		t.Fatalf("README.md has %d pictures, want 1", len(pictures))
	}
	accept(t, resource.TestStep{
		Config: `
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
}

output "diagram" {
  value = provider::canopsis::mermaid_diagram(data.canopsis_flows.this)
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("diagram", knownvalue.StringExact(pictures[0])),
		},
	})
}

// A page for one cloud that shows another's resources sends its reader astray.
func TestFunctionsShowTheirOwnCloud(t *testing.T) {
	t.Parallel()
	own := map[string]string{"aws": "aws_", "gcp": "google_", "openstack": "openstack_", "kubernetes": "kubernetes_", "azure": "azurerm_", "address": ""} // of rows, no resource
	for _, target := range firewall.Targets() {
		if _, ok := own[target.Name]; !ok {
			t.Errorf("it is not written here how resources of %s begin", target.Name)
		}
		text := readFile(t, filepath.Join("../../docs/functions", target.FunctionName()+".md"))
		for other, begins := range own {
			if other != target.Name && begins != "" && strings.Contains(text, begins) {
				t.Errorf("the page of %s shows %s...", target.FunctionName(), begins)
			}
		}
	}
}
