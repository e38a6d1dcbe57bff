package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	cmd.Env = append(withoutTerraform(os.Environ()), "TF_CLI_CONFIG_FILE="+t.config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(t.tool), arguments[0], err, out.String(), messages.String())
	}
	return out.String(), nil
}

// withoutTerraform leaves out the user's own settings of Terraform, which would
// make the demo another one on every machine.
func withoutTerraform(environment []string) []string {
	var kept []string
	for _, variable := range environment {
		if !strings.HasPrefix(variable, "TF_") {
			kept = append(kept, variable)
		}
	}
	return kept
}
