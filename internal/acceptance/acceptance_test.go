// These tests take the provider through Terraform or OpenTofu itself: through
// terraform-plugin-testing where the configuration needs this provider alone,
// and as a program from a filesystem mirror where another provider stands beside
// it, or where warnings, validate and refused plans are looked at.
package acceptance_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
	"github.com/canopsis/terraform-provider-canopsis/internal/provider"
)

// terraform is the program that the tests run, and providers the mirror from which
// it installs providers. Set by TestMain.
var (
	terraform string
	providers mirror.Mirror
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); terraform == "" && err == nil {
			terraform = path
		}
	}
	// What Terraform reads from the user's environment would make the tests
	// others on every machine.
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "AWS_") {
			check(os.Unsetenv(name))
		}
	}
	scratch, err := os.MkdirTemp("", "canopsis-acceptance-")
	check(err)
	defer func() { check(os.RemoveAll(scratch)) }()
	providers.Root = filepath.Join(scratch, "mirror")
	check(os.Mkdir(providers.Root, 0o700))
	configuration := filepath.Join(scratch, "terraform.tfrc")
	check(os.WriteFile(configuration, []byte(providers.Configuration()), 0o600))
	for name, value := range map[string]string{
		"CHECKPOINT_DISABLE":        "1",
		"TF_CLI_CONFIG_FILE":        configuration,
		"TF_ACC_TERRAFORM_PATH":     terraform,
		"TF_ACC_PROVIDER_HOST":      "registry.terraform.io", // as in source, under tofu too
		"TF_ACC_PROVIDER_NAMESPACE": "canopsis",

		// Nobody's account, and no question to the network about one.
		"AWS_ACCESS_KEY_ID":           "test",
		"AWS_SECRET_ACCESS_KEY":       "test",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_REGION":                  "eu-west-3",
	} {
		check(os.Setenv(name, value))
	}
	return m.Run()
}

// check stops the test binary: nothing can be tested without what failed.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

func isTofu() bool { return strings.HasPrefix(filepath.Base(terraform), "tofu") }

func needTerraform(t *testing.T) {
	t.Helper()
	if terraform == "" {
		t.Skip("neither terraform nor tofu is on PATH, and TF_ACC_TERRAFORM_PATH names none")
	}
}

// required is the beginning of every configuration that stands in a test.
const required = `
terraform {
  required_providers {
    canopsis = {
      source = "registry.terraform.io/canopsis/canopsis"
    }
  }
}
`

// accept takes the provider of this process through the steps.
func accept(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	needTerraform(t)
	// The framework's own destroy cannot read a state with for_each.
	steps = append(steps, resource.TestStep{Config: "# nothing is left"})
	for i := range steps {
		steps[i].Config = required + steps[i].Config
	}
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{
			tfversion.SkipBelow(tfversion.Version1_8_0), // provider functions
		},
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"canopsis": providerserver.NewProtocol6WithError(provider.New("test")()),
		},
		Steps: steps,
	})
}

// clouds are the providers that a mirror of the machine's may have, and what the
// tests build where it has not: schemas with a version, or nothing.
var clouds = map[string]struct{ version string }{
	"hashicorp/aws":                          {},
	"hashicorp/google":                       {"7.45.0"},
	"hashicorp/http":                         {"3.5.0"},
	"hashicorp/azurerm":                      {"4.50.0"},
	"hashicorp/kubernetes":                   {"2.38.0"},
	"bpg/proxmox":                            {"0.111.1"},
	"exoscale/exoscale":                      {"0.70.0"},
	"paloaltonetworks/panos":                 {"2.0.12"},
	"fortinetdev/fortios":                    {"1.25.0"},
	"hetznercloud/hcloud":                    {"1.68.0"},
	"outscale/outscale":                      {"1.8.0"},
	"scaleway/scaleway":                      {"2.81.0"},
	"vmware/nsxt":                            {"3.12.0"},
	"terraform-provider-openstack/openstack": {"3.4.0"},
}

// install fills the mirror, once: with the provider built from this checkout, and
// the clouds'.
var install = sync.OnceValue(func() error {
	errs := []error{providers.Build(mirror.Module, "canopsis/canopsis", "0.1.0")}
	machine := mirror.Mirror{Root: os.Getenv(mirror.Variable)}
	for address, cloud := range clouds {
		switch {
		case machine.Root != "" && machine.Has(address):
			errs = append(errs, providers.Link(machine, address))
		case cloud.version != "":
			errs = append(errs, providers.Build(mirror.Module+"/internal/acceptance/schemas", address, cloud.version))
		}
	}
	return errors.Join(errs...)
})

// workspace is a folder with a configuration, in which the tests run Terraform
// as a program.
type workspace struct {
	t       *testing.T
	folder  string
	program *tfexec.Terraform
	plugins mirror.Mirror // instead of everybody's, where it has a root
}

// newWorkspace copies the configuration in a folder, or begins without any where
// the folder is "". Files are added to it with write, and init comes next.
func newWorkspace(t *testing.T, configuration string) *workspace {
	t.Helper()
	needTerraform(t)
	if err := install(); err != nil {
		t.Fatal(err)
	}
	w := &workspace{t: t, folder: t.TempDir()}
	if configuration != "" {
		besides := absolute(t, modules) // an example that takes one finds it where it is
		var files []string
		for _, kind := range []string{"*.tf", "*.html", "*.json", "*.sh", "*.service"} {
			of, err := filepath.Glob(filepath.Join(configuration, kind))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, of...)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w.write(filepath.Base(file), strings.ReplaceAll(string(text), `"../modules/`, `"`+besides+`/`))
		}
	}
	program, err := tfexec.NewTerraform(w.folder, terraform)
	if err != nil {
		t.Fatal(err)
	}
	w.program = program
	return w
}

// absolute returns a path that means the same in a workspace.
func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *workspace) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// init installs providers from the mirror alone. The test is skipped where it
// lacks one.
func (w *workspace) init() {
	w.t.Helper()
	w.needModulesVersion()
	if err := w.program.Get(w.t.Context()); err != nil { // modules may need providers too
		w.t.Fatal(err)
	}
	for _, address := range w.providers() {
		if strings.HasSuffix(address, "/hashicorp/canopsis") {
			w.t.Fatal("what stands here uses canopsis, and no required_providers says that its source is canopsis/canopsis")
		}
		_, address, _ := strings.Cut(address, "/")
		if _, known := clouds[address]; !known && address != "canopsis/canopsis" {
			w.t.Fatalf("the provider %s is none of clouds, which says what the tests have in its place", address)
		}
		if !providers.Has(address) {
			w.t.Skipf("no filesystem mirror has the provider %s: set %s to one that does", address, mirror.Variable)
		}
	}
	var options []tfexec.InitOption
	if w.plugins.Root != "" {
		options = append(options, tfexec.PluginDir(w.plugins.Root))
	}
	if err := w.program.Init(w.t.Context(), options...); err != nil {
		w.t.Fatal(err)
	}
}

// needModulesVersion skips the test where it plans a module and the program is
// older than the modules need.
func (w *workspace) needModulesVersion() {
	w.t.Helper()
	for _, file := range filesOf(w.t, w.folder, ".tf") {
		text := readFile(w.t, filepath.Join(w.folder, file))
		if !strings.Contains(text, `">= 1.9"`) && !strings.Contains(text, "/examples/modules/") {
			continue
		}
		version, _, err := w.program.Version(w.t.Context(), false)
		if err != nil {
			w.t.Fatal(err)
		}
		if segments := version.Segments(); segments[0] == 1 && segments[1] < 9 {
			w.t.Skipf("the modules need version 1.9, and this is %s", version)
		}
		return
	}
}

// providers returns the addresses of the providers that the configuration needs
// and Terraform does not bring along.
func (w *workspace) providers() []string {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), terraform, "providers")
	command.Dir = w.folder
	out, err := command.CombinedOutput()
	if err != nil {
		w.t.Fatalf("terraform providers: %v\n%s", err, out)
	}
	var addresses []string
	for line := range strings.Lines(string(out)) {
		_, rest, _ := strings.Cut(line, "provider[")
		address, _, found := strings.Cut(rest, "]")
		if found && !strings.Contains(address, "/builtin/") {
			addresses = append(addresses, address)
		}
	}
	if len(addresses) == 0 {
		w.t.Fatalf("terraform providers names none:\n%s", out)
	}
	return addresses
}

// outcome is what a plan or an apply said.
type outcome struct {
	changes  []string // "create ADDRESS" and the like, sorted
	warnings []string // summaries, sorted
	reported []string // the warnings' summaries with details, sorted
	errors   []string // summaries with details, sorted
}

// validate returns the errors of terraform validate.
func (w *workspace) validate() []string {
	w.t.Helper()
	result, err := w.program.Validate(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var errs []string
	for _, d := range result.Diagnostics {
		errs = append(errs, fmt.Sprintf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
	}
	return errs
}

// plan plans with variables, each as "name=value".
func (w *workspace) plan(variables ...string) outcome {
	w.t.Helper()
	var log bytes.Buffer
	options := make([]tfexec.PlanOption, 0, len(variables))
	for _, v := range variables {
		options = append(options, tfexec.Var(v))
	}
	_, err := w.program.PlanJSON(w.t.Context(), &log, options...)
	return w.read(log, err)
}

// apply plans and applies with variables, each as "name=value".
func (w *workspace) apply(variables ...string) outcome {
	w.t.Helper()
	var log bytes.Buffer
	options := make([]tfexec.ApplyOption, 0, len(variables))
	for _, v := range variables {
		options = append(options, tfexec.Var(v))
	}
	err := w.program.ApplyJSON(w.t.Context(), &log, options...)
	return w.read(log, err)
}

// destroy removes everything that is in the state.
func (w *workspace) destroy(variables ...string) outcome {
	w.t.Helper()
	var log bytes.Buffer
	options := []tfexec.DestroyOption{tfexec.Refresh(false)} // it was just applied
	for _, v := range variables {
		options = append(options, tfexec.Var(v))
	}
	err := w.program.DestroyJSON(w.t.Context(), &log, options...)
	return w.read(log, err)
}

// read reads Terraform's machine-readable output. A failure without a
// diagnostic in it is no outcome of a test.
func (w *workspace) read(log bytes.Buffer, failure error) outcome {
	w.t.Helper()
	var o outcome
	for decoder := json.NewDecoder(&log); decoder.More(); {
		var event struct {
			Type   string `json:"type"`
			Change struct {
				Action   string `json:"action"`
				Resource struct {
					Address string `json:"addr"`
				} `json:"resource"`
			} `json:"change"`
			Diagnostic struct {
				Severity string `json:"severity"`
				Summary  string `json:"summary"`
				Detail   string `json:"detail"`
			} `json:"diagnostic"`
		}
		if err := decoder.Decode(&event); err != nil {
			w.t.Fatalf("reading what terraform printed: %v", errors.Join(err, failure))
		}
		switch {
		case event.Type == "planned_change":
			o.changes = append(o.changes, event.Change.Action+" "+event.Change.Resource.Address)
		case event.Type == "diagnostic" && event.Diagnostic.Severity == "warning":
			o.warnings = append(o.warnings, event.Diagnostic.Summary)
			o.reported = append(o.reported, event.Diagnostic.Summary+"\n"+event.Diagnostic.Detail)
		case event.Type == "diagnostic":
			o.errors = append(o.errors, event.Diagnostic.Summary+"\n"+event.Diagnostic.Detail)
		}
	}
	if failure != nil && len(o.errors) == 0 {
		w.t.Fatal(failure)
	}
	slices.Sort(o.changes)
	slices.Sort(o.warnings)
	slices.Sort(o.reported)
	slices.Sort(o.errors)
	return o
}

// mustSucceed fails the test where the plan or apply was refused.
func (o outcome) mustSucceed(t *testing.T) outcome {
	t.Helper()
	if len(o.errors) > 0 {
		t.Fatalf("terraform refuses:\n%s", strings.Join(o.errors, "\n"))
	}
	return o
}

// same compares lists as texts of one line each.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got:\n  %s\nwant:\n  %s", what,
			cmp.Or(strings.Join(got, "\n  "), "nothing"), cmp.Or(strings.Join(want, "\n  "), "nothing"))
	}
}

// says checks that there are errors, and that each has all the words, however
// their lines are broken.
func says(t *testing.T, errs []string, words ...string) {
	t.Helper()
	if len(errs) == 0 {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, err := range errs {
		text := strings.Join(strings.Fields(err), " ")
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("got %q, want it to say %q", text, word)
			}
		}
	}
}
