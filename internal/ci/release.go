package main

import (
	"bufio"
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
// byte, whose SHA256SUMS name them and the registry's manifest and nothing else.
func compareReleases(first, second string) error {
	archives, err := archivesIn(first)
	if err != nil {
		return err
	}
	others, err := archivesIn(second)
	if err != nil {
		return err
	}
	if len(archives) == 0 || !slices.Equal(archives, others) {
		return fmt.Errorf("%s holds the archives %v, %s holds %v", first, archives, second, others)
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
		digest := sha256.Sum256(one)
		digests[name] = hex.EncodeToString(digest[:])
	}
	if err := errors.Join(append(errs, checkSums(first, digests))...); err != nil {
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

// checkSums reads the folder's SHA256SUMS, whose lines are DIGEST  NAME.
func checkSums(folder string, digests map[string]string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*_SHA256SUMS"))
	if err != nil {
		return err
	}
	if len(paths) != 1 {
		return fmt.Errorf("%s holds %d files named *_SHA256SUMS, not one", folder, len(paths))
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		return err
	}
	var errs []error
	manifests := 0
	listed := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		digest, name, _ := strings.Cut(lines.Text(), "  ")
		listed[name] = true
		switch want, archive := digests[name]; {
		case archive && digest != want:
			errs = append(errs, fmt.Errorf("SHA256SUMS: the digest of %s is %s, not %s", name, want, digest))
		case archive:
		case strings.HasSuffix(name, "_manifest.json"):
			manifests++
		default:
			errs = append(errs, fmt.Errorf("SHA256SUMS names %s, which the registry does not expect", name))
		}
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
