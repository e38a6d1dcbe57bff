package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckChangelog(t *testing.T) {
	t.Parallel()
	const wanted = `; for the tag v1.2.3 it must be "## 1.2.3 (date)", with a date as in 2026-08-31`
	for name, test := range map[string]struct{ tag, heading, want string }{
		"the tag's":         {"v1.2.3", "## 1.2.3 (2026-08-31)", ""},
		"not released":      {"v1.2.3", "## 1.2.3 (Unreleased)", `CHANGELOG.md begins with "## 1.2.3 (Unreleased)"` + wanted},
		"no such day":       {"v1.2.3", "## 1.2.3 (2026-02-30)", `CHANGELOG.md begins with "## 1.2.3 (2026-02-30)"` + wanted},
		"another version":   {"v1.2.3", "## 1.2.30 (2026-08-31)", `CHANGELOG.md begins with "## 1.2.30 (2026-08-31)"` + wanted},
		"no date":           {"v1.2.3", "## 1.2.3", `CHANGELOG.md begins with "## 1.2.3"` + wanted},
		"nothing":           {"v1.2.3", "", `CHANGELOG.md begins with ""` + wanted},
		"a tag without a v": {"1.2.3", "## 1.2.3 (2026-08-31)", `"1.2.3" is not the tag of a release, as in v1.2.3`},
		"no tag":            {"", "## 1.2.3 (2026-08-31)", `"" is not the tag of a release, as in v1.2.3`},
	} {
		folder := t.TempDir()
		file := filepath.Join(folder, "CHANGELOG.md")
		if err := os.WriteFile(file, []byte(test.heading+"\n\n## 1.2.3 (2026-08-31)\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := checkChangelog(test.tag, file); err != nil {
			got = strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "")
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
