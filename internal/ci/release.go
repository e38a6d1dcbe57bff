package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// compareReleases checks two builds of one release: the same archives, byte for
// byte, whose SHA256SUMS name them and the registry's manifest, each once and with
// its digest, and nothing else.
func compareReleases(manifest, first, second string) error {
	archives, err := archivesIn(first)
	if err != nil {
		return err
	}
	others, err := archivesIn(second)
	if err != nil {
		return err
	}
	if len(archives) == 0 || !slices.Equal(archives, others) {
		return fmt.Errorf("%s has the archives %v, %s has %v", first, archives, second, others)
	}
	declared, err := os.ReadFile(manifest)
	if err != nil {
		return err
	}
	var errs []error
	digests := map[string]string{}
	for _, name := range archives {
		one, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			return err
		}
		other, err := os.ReadFile(filepath.Join(second, name))
		if err != nil {
			return err
		}
		if !bytes.Equal(one, other) {
			errs = append(errs, fmt.Errorf("%s is not the same in both builds", name))
		}
		digests[name] = digestOf(one)
	}
	if err := errors.Join(append(errs, checkSums(first, digests, digestOf(declared)))...); err != nil {
		return err
	}
	fmt.Printf("%d archives are byte-equal in two builds, and SHA256SUMS names what the registry wants.\n", len(archives))
	return nil
}

// archivesIn returns the names of a folder's archives, sorted.
func archivesIn(folder string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.zip"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	slices.Sort(names)
	return names, nil
}

func digestOf(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// checkSums reads the folder's SHA256SUMS, whose lines are DIGEST  NAME, and
// compares it with the digests of the archives and of the manifest.
func checkSums(folder string, digests map[string]string, manifest string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*_SHA256SUMS"))
	if err != nil {
		return err
	}
	if len(paths) != 1 {
		return fmt.Errorf("%s has %d files named *_SHA256SUMS, not one", folder, len(paths))
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		return err
	}
	var errs []error
	manifests := 0
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		digest, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		want, expected := digests[name]
		if strings.HasSuffix(name, "_manifest.json") {
			want, expected = manifest, true
			manifests++
		}
		switch {
		case !expected:
			errs = append(errs, fmt.Errorf("SHA256SUMS names %s, which the registry does not expect", name))
		case digest != want:
			errs = append(errs, fmt.Errorf("SHA256SUMS: the digest of %s is %s, not %s", name, want, digest))
		case listed[name]:
			errs = append(errs, fmt.Errorf("SHA256SUMS names %s twice", name))
		}
		listed[name] = true
	}
	for name := range digests {
		if !listed[name] {
			errs = append(errs, fmt.Errorf("SHA256SUMS does not name %s", name))
		}
	}
	if manifests != 1 {
		errs = append(errs, fmt.Errorf("SHA256SUMS names %d manifests, not one", manifests))
	}
	return errors.Join(errs...)
}
