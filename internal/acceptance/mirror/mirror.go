// Package mirror makes the filesystem mirrors from which everything in this
// repository that runs Terraform or OpenTofu installs providers, and the CLI
// configuration that makes both look there and nowhere else: neither in the
// user's own mirrors nor in a registry.
package mirror

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Variable names a mirror of the machine's that has the clouds' providers, for
// the tests that run those.
const Variable = "CANOPSIS_TEST_PROVIDER_MIRROR"

// Registries returns the hosts in whose names a source without a host is looked for:
// Terraform's, which mirrors are made for, and OpenTofu's.
func Registries() [2]string { return [...]string{"registry.terraform.io", "registry.opentofu.org"} }

// Module is what Build builds of this repository: its root, the provider.
const Module = "github.com/canopsis/terraform-provider-canopsis"

// Mirror is a filesystem mirror.
type Mirror struct {
	Root string // its folder, absolute
}

// platform is the one of this process, as mirrors spell it.
const platform = runtime.GOOS + "_" + runtime.GOARCH

// folder returns where an unpacked package lies. The address is "NAMESPACE/TYPE",
// the version without a leading v.
func (m Mirror) folder(registry, address, version string) string {
	return filepath.Join(m.Root, registry, filepath.FromSlash(address), version, platform)
}

// binary returns the name that a provider's program must have.
func binary(address, version string) string {
	name := "terraform-provider-" + path.Base(address) + "_v" + version
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}

// Build compiles a provider of this repository into the mirror.
func (m Mirror) Build(module, address, version string) error {
	return m.BuildIn("", module, address, version)
}

// BuildIn compiles a provider that the Go module in a folder requires.
func (m Mirror) BuildIn(folder, module, address, version string) error {
	built := filepath.Join(m.folder(Registries()[0], address, version), binary(address, version))
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-X main.version="+version, "-o", built, module)
	build.Dir = folder
	out, err := build.CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build %s: %w\n%s", module, err, out)
	}
	linked := filepath.Join(m.folder(Registries()[1], address, version), filepath.Base(built))
	return errors.Join(os.MkdirAll(filepath.Dir(linked), 0o755), os.Link(built, linked))
}

// Unpack puts the provider of a release's archive into the mirror.
func (m Mirror) Unpack(archive, address, version string) error {
	files, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer func() { _ = files.Close() }()
	prefix := "terraform-provider-" + path.Base(address) + "_v"
	unpacked := 0
	for _, file := range files.File {
		if !strings.HasPrefix(file.Name, prefix) {
			continue
		}
		unpacked++
		for _, registry := range Registries() {
			if err := extract(file, m.folder(registry, address, version)); err != nil {
				return fmt.Errorf("%s: %s: %w", archive, file.Name, err)
			}
		}
	}
	if unpacked != 1 {
		return fmt.Errorf("%s has %d files named %s..., where Terraform wants one", archive, unpacked, prefix)
	}
	return nil
}

func extract(file *zip.File, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	from, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(filepath.Join(folder, filepath.Base(file.Name)), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		_ = to.Close()
		return err
	}
	return to.Close()
}

// packages returns the packages of a provider, packed and unpacked, for this
// platform, by their paths under the registry's folder.
func (m Mirror) packages(address string) ([]string, error) {
	under := filepath.Join(m.Root, Registries()[0], filepath.FromSlash(address))
	entries, err := os.ReadDir(under)
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		relative := filepath.Join(filepath.FromSlash(address), entry.Name())
		if strings.HasSuffix(entry.Name(), "_"+platform+".zip") {
			found = append(found, relative)
		} else if _, err := os.Stat(filepath.Join(under, entry.Name(), platform)); err == nil {
			found = append(found, filepath.Join(relative, platform))
		}
	}
	return found, nil
}

// Has reports whether the mirror has a package of the provider for this platform,
// under Terraform's registry.
func (m Mirror) Has(address string) bool {
	found, err := m.packages(address)
	return err == nil && len(found) > 0
}

// Link takes the named providers over from another mirror, and nothing else that
// it may have, an older build of this provider least of all. Mirrors have them
// under Terraform's registry; here they are under OpenTofu's too.
func (m Mirror) Link(from Mirror, addresses ...string) error {
	var errs []error
	for _, address := range addresses {
		found, err := from.packages(address)
		errs = append(errs, err)
		for _, relative := range found {
			source, err := filepath.Abs(filepath.Join(from.Root, Registries()[0], relative))
			errs = append(errs, err)
			for _, registry := range Registries() {
				link := filepath.Join(m.Root, registry, relative)
				errs = append(errs, os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(source, link))
			}
		}
	}
	return errors.Join(errs...)
}

// Configuration returns the CLI configuration that makes Terraform and OpenTofu
// look here alone.
func (m Mirror) Configuration() string {
	// HCL reads ${ and %{ in a quoted text as the beginning of a template.
	root := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(m.Root))
	return "provider_installation {\n  filesystem_mirror {\n    path = " + root + "\n  }\n}\ndisable_checkpoint = true\n"
}

// Environment returns the environment of a process without what would make
// Terraform another one on every machine, and with this CLI configuration.
func Environment(environment []string, configuration string) []string {
	kept := slices.DeleteFunc(slices.Clone(environment), func(variable string) bool { return strings.HasPrefix(variable, "TF_") })
	return append(kept, "TF_CLI_CONFIG_FILE="+configuration, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
}
