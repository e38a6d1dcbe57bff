package acceptance_test

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
)

// newHome returns a home folder, in whose name is what folders' names may have, and
// what runs make install there and returns what it prints.
func newHome(t *testing.T) (string, func() string) {
	t.Helper()
	home := filepath.Join(t.TempDir(), "à la maison")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	goenv, err := exec.CommandContext(t.Context(), "go", "env", "GOPATH", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := strings.Split(strings.TrimSpace(string(goenv)), "\n")
	return home, func() string {
		t.Helper()
		install := exec.CommandContext(t.Context(), "make", "--no-print-directory", "-C", "../..", "install")
		install.Env = append(mirror.Environment(os.Environ(), ""), "HOME="+home, "XDG_CONFIG_HOME=", "GOFLAGS=",
			"GOPATH="+folders[0], "GOCACHE="+folders[1], "GOMODCACHE="+folders[2], "MAKEFLAGS=")
		out, err := install.CombinedOutput()
		if err != nil {
			t.Fatalf("make install: %v\n%s", err, out)
		}
		return string(out)
	}
}

// inHome runs Terraform with nothing but what a home folder has.
func inHome(t *testing.T, home, folder string, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), terraform, append(arguments, "-no-color")...)
	command.Dir = folder
	for _, variable := range mirror.Environment(os.Environ(), "") {
		if !strings.HasPrefix(variable, "TF_CLI_CONFIG_FILE=") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Env = append(command.Env, "HOME="+home, "XDG_CONFIG_HOME=")
	out, err := command.CombinedOutput()
	return string(out), err
}

// A project stays initialised when the provider is installed again, since Terraform
// keeps its checksum; where it is another build, make install says what to do.
func TestInstallTwice(t *testing.T) {
	t.Parallel()
	needTerraform(t)
	home, install := newHome(t)
	printed := install()
	folder := filepath.Join(home, "projet")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(printed, "tofu init:\n")
	if err := os.WriteFile(filepath.Join(folder, "main.tf"), []byte(block+"\ndata \"canopsis_flows\" \"this\" {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must := func(arguments ...string) {
		t.Helper()
		if out, err := inHome(t, home, folder, arguments...); err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(arguments, " "), err, out)
		}
	}
	must("init")
	checksum := func() [sha256.Size]byte {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(home, ".terraform.d", "plugins", "*", "canopsis", "canopsis", "*", "*", "*"))
		if err != nil || len(found) != 2 {
			t.Fatalf("installed: %q, %v, want the provider for Terraform and for OpenTofu", found, err)
		}
		content, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(content)
	}
	first := checksum()
	if again := install(); checksum() != first || again != printed {
		t.Errorf("installed again, the provider is another file, or make prints\n%s", again)
	}
	must("init")
	must("plan")

	// What an earlier build left: another file of this version.
	for _, registry := range mirror.Registries() {
		old, err := filepath.Glob(filepath.Join(home, ".terraform.d", "plugins", registry, "canopsis", "canopsis", "*", "*", "*"))
		if err != nil || len(old) != 1 {
			t.Fatal(old, err)
		}
		build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=earlier", "-o", old[0], mirror.Module)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if err := os.RemoveAll(filepath.Join(folder, ".terraform")); err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(folder, ".terraform.lock.hcl")
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	must("init") // takes the checksum of the earlier build
	if printed := install(); !strings.Contains(printed, "delete the block of canopsis/canopsis\nfrom its .terraform.lock.hcl, and run terraform init") {
		t.Errorf("over another build make install prints\n%s", printed)
	}
	if out, err := inHome(t, home, folder, "init"); err == nil || !strings.Contains(out, "checksums") {
		t.Errorf("terraform init takes another build: %v\n%s", err, out)
	}
	if _, err := inHome(t, home, folder, "init", "-upgrade"); err == nil {
		t.Error("terraform init -upgrade suffices now: say so instead")
	}
	if err := os.Remove(lock); err != nil { // it has that block alone
		t.Fatal(err)
	}
	must("init")
	must("plan")
}

// With a provider_installation block Terraform does not look where make install
// puts the provider. What make then prints is what makes it look.
func TestInstallBesideAProviderInstallationBlock(t *testing.T) {
	t.Parallel()
	needTerraform(t)
	home, install := newHome(t)
	const file = ".terraformrc" // which OpenTofu reads too
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(home, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("plugin_cache_may_break_dependency_lock_file = true\n")
	if printed := install(); strings.Contains(printed, file) {
		t.Errorf("without a provider_installation block make install prints\n%s", printed)
	}
	write("provider_installation {\n  direct {}\n}\n")
	printed := install()
	_, advice, found := strings.Cut(printed, filepath.Join(home, file)+" has a provider_installation block:")
	if !found {
		t.Fatalf("make install prints\n%s", printed)
	}
	_, method, _ := strings.Cut(advice, "first:\n")
	method, rest, _ := strings.Cut(method, "  }\n")
	_, exclude, _ := strings.Cut(rest, "into that: ")
	write("provider_installation {\n" + method + "  }\n  direct {\n    " + strings.TrimSuffix(strings.TrimSpace(exclude), ".") + "\n  }\n}\n")
	folder := filepath.Join(home, "projet")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.tf"), []byte("terraform {\n  required_providers {\n    canopsis = {\n      source = \"canopsis/canopsis\"\n    }\n  }\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := inHome(t, home, folder, "init"); err != nil {
		t.Errorf("terraform init, where the advice is followed: %v\n%s", err, out)
	}
}
