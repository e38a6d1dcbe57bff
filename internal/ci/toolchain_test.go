package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The toolchain that go.mod names is the one that makes a release's bytes.
func TestReleaseIsBuiltByTheToolchainOfGoMod(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	releaser, err := os.ReadFile("../../.goreleaser.yml")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^toolchain (go\S+)$`).FindStringSubmatch(string(module))
	if line == nil {
		t.Fatal("go.mod names no toolchain, so a release is built by any that happens to be there")
	}
	if want := "      - GOTOOLCHAIN=" + line[1] + "\n"; !strings.Contains(string(releaser), want) {
		t.Errorf(".goreleaser.yml does not set GOTOOLCHAIN=%s, the toolchain of go.mod", line[1])
	}
}

// A Go that cannot read go.mod answers with riddles; make says which one it needs.
func TestMakeSaysWhichGoItNeeds(t *testing.T) {
	t.Parallel()
	for found, want := range map[string]string{
		"go version go1.19.8 linux/amd64": "This needs Go 1.21 or later, and go1.19.8 is on PATH. From 1.21 on, Go fetches go1.",
		"go version go1.20 linux/amd64":   "and go1.20 is on PATH",
		"go version go1.20.14 linux/arm":  "and go1.20.14 is on PATH",
		"":                                "there is no go on PATH",
		"go version go1.21 linux/amd64":   "",
		"go version go1.26.8 linux/amd64": "",
		"go version go1.200 linux/amd64":  "",
	} {
		folder := t.TempDir()
		script := "#!/bin/sh\necho '" + found + "'\n"
		if err := os.WriteFile(filepath.Join(folder, "go"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "make", "-C", "../..", "--dry-run", "build")
		command.Env = append(os.Environ(), "PATH="+folder+string(filepath.ListSeparator)+os.Getenv("PATH"), "MAKEFLAGS=")
		out, err := command.CombinedOutput()
		if (want == "") != (err == nil) || !strings.Contains(string(out), want) {
			t.Errorf("%q: make says %v: %s, want %q", found, err, out, want)
		}
	}
}
