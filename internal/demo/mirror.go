package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// mirror is a filesystem mirror that holds our provider and nothing else.
type mirror struct {
	root    string
	version string // without a leading v
}

// hosts are the registries in whose names canopsis/canopsis is looked for:
// Terraform's and OpenTofu's.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// folder returns where the provider stands under a host's name.
func (m mirror) folder(host string) string {
	return filepath.Join(m.root, host, "canopsis", "canopsis", m.version, runtime.GOOS+"_"+runtime.GOARCH)
}

// configuration returns the CLI configuration that makes terraform init look
// here alone.
func (m mirror) configuration() string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", m.root)
}

// build compiles the provider of this checkout into the mirror.
func (m mirror) build() error {
	binary := "terraform-provider-canopsis_v" + m.version
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-X main.version="+m.version, "-o", filepath.Join(m.folder(hosts[0]), binary), ".").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return m.share()
}

// share copies what stands under the first host's name to the others.
func (m mirror) share() error {
	built := os.DirFS(m.folder(hosts[0]))
	for _, host := range hosts[1:] {
		if err := os.CopyFS(m.folder(host), built); err != nil {
			return fmt.Errorf("copying the provider: %w", err)
		}
	}
	return nil
}

// unpack puts the provider of a release's archive into the mirror.
func (m mirror) unpack(archive string) error {
	files, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer func() { _ = files.Close() }()
	unpacked := 0
	for _, file := range files.File {
		if !strings.HasPrefix(file.Name, "terraform-provider-canopsis_v") {
			continue
		}
		unpacked++
		for _, host := range hosts {
			if err := extract(file, m.folder(host)); err != nil {
				return fmt.Errorf("%s: %s: %w", archive, file.Name, err)
			}
		}
	}
	if unpacked != 1 {
		return fmt.Errorf("%s holds %d files named terraform-provider-canopsis_v..., where Terraform wants one", archive, unpacked)
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
