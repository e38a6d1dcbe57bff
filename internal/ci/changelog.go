package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// checkChangelog checks that the changelog begins with the version of a tag and
// its date, as in "## 1.2.3 (2026-08-31)" for v1.2.3.
func checkChangelog(tag, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	version, ok := strings.CutPrefix(tag, "v")
	if !ok || version == "" {
		return fmt.Errorf("%q is not the tag of a release, as in v1.2.3", tag)
	}
	heading, _, _ := strings.Cut(string(text), "\n")
	date, ok := strings.CutPrefix(heading, "## "+version+" (")
	if ok {
		date, ok = strings.CutSuffix(date, ")")
	}
	if ok {
		_, err = time.Parse(time.DateOnly, date)
	}
	if !ok || err != nil {
		return fmt.Errorf("%s begins with %q; for the tag %s it must be \"## %s (date)\", with a date as in 2026-08-31", file, heading, tag, version)
	}
	return nil
}
