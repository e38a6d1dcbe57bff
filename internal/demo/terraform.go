package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
)

// findTerraform returns the program to run: terraform, or else tofu.
func findTerraform() (string, error) {
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH: `make demo` fetches one")
}

// terraform runs one tool in one folder.
type terraform struct {
	tool   string
	folder string
	config string // its CLI configuration, which names our mirror alone
}

// run returns what the tool prints. Where it fails, the error holds that and its
// messages.
func (t terraform) run(arguments ...string) (string, error) {
	cmd := exec.Command(t.tool, arguments...)
	cmd.Dir = t.folder
	cmd.Env = mirror.Environment(os.Environ(), t.config)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(t.tool), arguments[0], err, out.String(), messages.String())
	}
	return out.String(), nil
}
