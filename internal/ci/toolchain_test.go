package main

import (
	"os"
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
