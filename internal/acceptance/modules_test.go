package acceptance_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modules is where the modules lie that are ready to use.
var modules = filepath.Join(root, "modules")

// TestModules lets each module run its own tests, with providers that talk to
// nobody. Beside them stand the README's first block, which is planned, and
// mistakes, which are refused in so many words.
func TestModules(t *testing.T) {
	t.Parallel()
	for _, name := range moduleNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(modules, name)
			w := newWorkspace(t, folder)
			w.writeTests(folder)
			w.write("tests/readme/versions.tf", readFile(t, filepath.Join(folder, "versions.tf")))
			w.write("tests/readme/main.tf", strings.ReplaceAll(readmeBlocks(t, name)[0], `"./modules/`+name+`"`, `"../.."`))
			w.write("tests/readme.tftest.hcl", mocks(t, folder)+"\nrun \"readme\" {\n  command = plan\n\n  module {\n    source = \"./tests/readme\"\n  }\n}\n")
			slips := slipsOf(t, folder)
			for file, slip := range slips {
				w.write("tests/"+file, slip.test)
			}
			w.init()
			if isTofu() {
				if warnings := w.validate(); len(warnings) > 0 {
					t.Errorf("tofu validate warns: %q", warnings)
				}
				t.Skip("OpenTofu gives every instance of a mocked resource one id, and two hosts cannot have one security group: the module was validated, its own tests were not run")
			}
			var log bytes.Buffer
			if err := w.program.Test(t.Context(), &log); err == nil {
				t.Errorf("terraform test takes every mistake:\n%s", &log)
			}
			for file, outcome := range testOutcomes(t, &log) {
				slip, refused := slips[filepath.Base(file)]
				delete(slips, filepath.Base(file))
				if !refused && (outcome.status != "pass" || len(outcome.diagnostics) > 0) {
					t.Errorf("%s: %s:\n%s", file, outcome.status, strings.Join(outcome.diagnostics, "\n"))
				}
				if refused && outcome.status == "pass" {
					t.Errorf("terraform test takes the mistake in %s", file)
				}
				if refused {
					says(t, []string{strings.Join(outcome.diagnostics, "\n")}, slip.want...)
				}
			}
			for file := range slips {
				t.Errorf("terraform test did not run %s:\n%s", file, &log)
			}
		})
	}
}

// moduleNames returns the names of the modules.
func moduleNames(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(modules)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// writeTests copies a module's own tests, and the configurations that they plan.
func (w *workspace) writeTests(folder string) {
	w.t.Helper()
	err := fs.WalkDir(os.DirFS(folder), "tests", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			w.write(path, readFile(w.t, filepath.Join(folder, path)))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// A slip is a test with a mistake in it, and what Terraform has to say of it.
type slip struct {
	test string
	want []string
}

// slipsOf makes the mistakes of which a module has to warn, of its own tests: in
// two of several installations the name of an endpoint is misspelt, an attribute of
// the typed form is, and one of a binding is; and a rule is null.
func slipsOf(t *testing.T, folder string) map[string]slip {
	t.Helper()
	environments := readFile(t, filepath.Join(folder, "tests", "environments.tftest.hcl"))
	misspelt := func(right, wrong string) string {
		test := strings.ReplaceAll(environments, right, wrong)
		if test == environments {
			t.Fatalf("%s: the tests of several installations have no %q", folder, right)
		}
		return test
	}
	const web = "users-to-canopsis-nginx/tcp-8443"
	slips := map[string]slip{
		"null.tftest.hcl": {variablesOf(t, folder) + "\nrun \"null\" {\n  command = plan\n\n  variables {\n    rules = { \"" + web + "\" = null }\n  }\n}\n", []string{
			`rules["` + web + `"]: this is left out or null.`,
		}},
		"missing.tftest.hcl": {misspelt(" users ", " user "), []string{
			`north" (name`, `south" (name`,
			"no binding for these endpoints of its rules: - users, needed by", "users-to-canopsis-nginx", "user.",
		}},
		"typed.tftest.hcl":    {misspelt(" addresses ", " adresses "), []string{`attribute "addresses" is required`}},
		"misspelt.tftest.hcl": {misspeltIn(t, folder) + "\nrun \"misspelt\" {\n  command = plan\n}\n", []string{`.atach: "atach" is not an attribute of a binding`}},
	}
	if filepath.Base(folder) == "host" { // whose rules have no type, so that the function says all of it
		run := func(variables string) string {
			return variablesOf(t, folder) + "\nrun \"wrong\" {\n  command = plan\n\n  variables {\n    " + variables + "\n  }\n}\n"
		}
		slips["flows.tftest.hcl"] = slip{
			run(`rules = { "users-to-canopsis-nginx" = { source = "users", destination = "canopsis", component = "nginx", purpose = "user_access", ports = [] } }`),
			[]string{"Flows in place of rules"},
		}
		slips["nobody.tftest.hcl"] = slip{run(`host = ""`), []string{`host: "" is not a valid name`}}
	}
	return slips
}

// mocks returns the providers that a module's tests mock.
func mocks(t *testing.T, folder string) string {
	t.Helper()
	var lines strings.Builder
	for line := range strings.Lines(readFile(t, filepath.Join(folder, "tests", "usual.tftest.hcl"))) {
		if strings.HasPrefix(line, "mock_provider ") {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// variablesOf returns the variables that a module's usual tests begin with, behind its
// mocked providers.
func variablesOf(t *testing.T, folder string) string {
	t.Helper()
	head, _, found := strings.Cut(readFile(t, filepath.Join(folder, "tests", "usual.tftest.hcl")), "\nrun ")
	_, variables, begins := strings.Cut(head, "\nvariables {")
	if !found || !begins {
		t.Fatalf("%s: the usual tests do not begin with variables", folder)
	}
	return mocks(t, folder) + "\nvariables {" + variables
}

// misspeltIn returns the same, and in one binding an attribute that there is not.
func misspeltIn(t *testing.T, folder string) string {
	t.Helper()
	const users = `cidrs = ["10.20.0.0/16"]`
	return strings.Replace(variablesOf(t, folder), users, users+", atach = true", 1)
}

// testOutcome is what a file of tests ended with.
type testOutcome struct {
	status      string
	diagnostics []string // with snippets' values left out
}

// testOutcomes reads what terraform test printed, by file.
func testOutcomes(t *testing.T, log *bytes.Buffer) map[string]testOutcome {
	t.Helper()
	outcomes := make(map[string]testOutcome)
	for decoder := json.NewDecoder(bytes.NewReader(log.Bytes())); decoder.More(); {
		var event struct {
			Type string `json:"type"`
			In   string `json:"@testfile"`
			File struct {
				Progress string `json:"progress"`
				Status   string `json:"status"`
			} `json:"test_file"`
			Diagnostic struct {
				Severity string `json:"severity"`
				Summary  string `json:"summary"`
				Detail   string `json:"detail"`
			} `json:"diagnostic"`
		}
		if err := decoder.Decode(&event); err != nil {
			t.Fatalf("reading what terraform test printed: %v\n%s", err, log)
		}
		outcome := outcomes[event.In]
		switch {
		case event.Type == "test_file" && event.File.Progress == "complete":
			outcome.status = event.File.Status
		case event.Type == "diagnostic" && event.Diagnostic.Severity == "error":
			outcome.diagnostics = append(outcome.diagnostics, event.Diagnostic.Summary+"\n"+event.Diagnostic.Detail)
		default:
			continue
		}
		outcomes[event.In] = outcome
	}
	return outcomes
}

// readmeBlocks returns the configurations in a module's README: how it is used, and
// how several installations are.
func readmeBlocks(t *testing.T, name string) []string {
	t.Helper()
	found := blocks(readFile(t, filepath.Join(modules, name, "README.md")), "terraform")
	if len(found) < 2 {
		t.Fatalf("the README of %s has %d configurations, want its use, and that of several installations", name, len(found))
	}
	return found
}

// What a README shows of several installations is what its tests plan.
func TestModulesShowTestedInstallations(t *testing.T) {
	t.Parallel()
	for _, name := range moduleNames(t) {
		tested := readFile(t, filepath.Join(modules, name, "tests", "environments", "main.tf"))
		shown := strings.ReplaceAll(readmeBlocks(t, name)[1], `"./modules/`+name+`"`, `"../.."`)
		if !strings.Contains(tested, shown) {
			t.Errorf("the README of %s shows what tests/environments/main.tf has not:\n%s", name, shown)
		}
		if page, _, _ := strings.Cut(readFile(t, filepath.Join(modules, name, "README.md")), "<!-- BEGIN_TF_DOCS"); !strings.Contains(page, "`required_providers`") {
			t.Errorf("the README of %s does not say that a configuration names the provider's source itself", name)
		}
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

// A group that is there gets the rules of its host, keeps its own, and outlives the
// module; one that is referred to is not touched at all.
func TestModuleOnAWSSharesGroups(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	server := w.useStandIn()
	w.write("main.tf", `
provider "aws" {}

module "firewall" {
  source = "`+absolute(t, filepath.Join(modules, "aws"))+`"

  vpc_id = "`+vpc+`"
  hosts  = { canopsis = ["nginx"], mongodb = ["mongodb"] }
  rules = {
    "administrators-to-canopsis-ssh/tcp-22" = {
      flow    = "administrators-to-canopsis-ssh", source = "administrators", destination = "canopsis", component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    }
    "canopsis-to-mongodb/tcp-27017" = {
      flow    = "canopsis-to-mongodb", source = "canopsis", destination = "mongodb", component = "mongodb"
      purpose = "internal", protocol = "tcp", from_port = 27017, to_port = 27017
    }
  }
  bindings = {
    administrators = { referenced_security_group_id = "`+makeGroup(t, server, "bastion")+`" }
    canopsis       = { security_group_id = "`+makeGroup(t, server, "cluster")+`" }
  }
}
`)
	w.init()
	w.apply().mustSucceed(t)
	made := regexp.MustCompile(`canopsis-mongodb-[0-9a-f]+`) // the name that the provider makes of its prefix
	var open []string
	for _, rule := range openings(server) {
		open = append(open, made.ReplaceAllString(rule, "canopsis-mongodb"))
	}
	owners := []string{"egress of bastion: -1 -1--1 with 0.0.0.0/0", "egress of cluster: -1 -1--1 with 0.0.0.0/0"}
	slices.Sort(open)
	same(t, "rules after the apply", open, []string{
		owners[0],
		owners[1],
		"egress of cluster: tcp 27017-27017 with canopsis-mongodb",
		"ingress of canopsis-mongodb: tcp 27017-27017 with cluster",
		"ingress of cluster: tcp 22-22 with bastion",
	})
	same(t, "plan after the apply", w.plan().mustSucceed(t).changes, nil)
	w.destroy().mustSucceed(t)
	same(t, "rules after the destroy", openings(server), owners)
	checkCalls(t, server)
}
