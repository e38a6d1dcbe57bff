package edition

import (
	"errors"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/page"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func TestAllEditions(t *testing.T) {
	t.Parallel()
	type facts struct {
		version, date string
		releases      []string
		note          bool
	}
	want := []facts{
		{"4.4", "2021-10-04", []string{"4.4"}, true},
		{"4.5", "2021-11-19", []string{"4.5"}, true},
		{"4.6", "2022-02-18", []string{"4.6"}, true},
		{"22.10", "2022-10-17", []string{"22.10"}, true},
		{"23.04", "2022-11-09", []string{"23.04", "23.10", "24.04", "24.10"}, false},
		{"25.10", "", []string{"25.10"}, true},
	}
	got := All()
	if len(got) != len(want) {
		t.Fatalf("%d editions, want %d", len(got), len(want))
	}
	for i, w := range want {
		e := got[i]
		if e.Version != w.version || e.Date != w.date || !slices.Equal(e.Releases, w.releases) || (e.Note != "") != w.note {
			t.Errorf("edition %d: got %+v, want %+v", i, e, w)
		}
		text, err := e.Text()
		if err != nil {
			t.Fatal(err)
		}
		p, err := page.Parse(text)
		if err != nil {
			t.Fatalf("edition %s: %v", e.Version, err)
		}
		if len(p.Warnings) > 0 {
			t.Errorf("edition %s: the parser warns: %v", e.Version, p.Warnings)
		}
	}
}

func TestTextOfNoEdition(t *testing.T) {
	t.Parallel()
	if _, err := (Edition{Version: "1.0"}).Matrix(); err == nil {
		t.Error("an edition without a page gives a matrix")
	}
}

// Semantics 18: a patch release belongs to its release.
func TestPatchReleasesBelongToTheirRelease(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]string{
		"4.4": "4.4", "4.5": "4.5", "4.5.1": "4.5", "4.6": "4.6", "4.6.12": "4.6",
		"22.10": "22.10", "22.10.0": "22.10", "22.10.11": "22.10",
		"23.04": "23.04", "23.10": "23.04", "24.04": "23.04", "24.10": "23.04",
		"23.04.5": "23.04", "24.04.2": "23.04", "24.10.4": "23.04",
		"25.10": "25.10", "25.10.1": "25.10",
	} {
		e, err := Find(release)
		if err != nil {
			t.Errorf("%s: %v", release, err)
			continue
		}
		if e.Version != want {
			t.Errorf("%s: got edition %s, want %s", release, e.Version, want)
		}
	}
}

// Semantics 18: a release inside a gap, or not listed, is an error.
func TestUnknownReleasesAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ release, found, nearest string }{
		{"4.3", `"4.3" is older than 4.4, the first release whose page is known`, ""},
		{"3.48.0", `"3.48.0" is older than 4.4, the first release whose page is known`, ""},
		{"4.7", `"4.7" lies between 4.6 and 22.10, and its page is not known`, ""},
		{"4.10", `"4.10" lies between 4.6 and 22.10, and its page is not known`, ""},
		{"22.04", `"22.04" lies between 4.6 and 22.10, and its page is not known`, ""},
		{"23.07", `"23.07" lies between 23.04 and 23.10, and its page is not known`, ""},
		{"25.04", `"25.04" lies between 24.10 and 25.10, and its page is not known`, ""},
		{"25.04.3", `"25.04.3" lies between 24.10 and 25.10, and its page is not known`, ""},
		{"25.11", `"25.11" is newer than 25.10, the last release whose page is known`, ""},
		{"26.04", `"26.04" is newer than 25.10, the last release whose page is known`, ""},
		{"", `"" is no Canopsis release`, ""},
		{"latest", `"latest" is no Canopsis release`, ""},
		{"v22.10", `"v22.10" is no Canopsis release`, "22.10"},
		{"22.10 ", `"22.10 " is no Canopsis release`, "22.10"},
		{" 24.04.2", `" 24.04.2" is no Canopsis release`, "24.04"},
		{"22.10\n", `"22.10\n" is no Canopsis release`, "22.10"},
		{"24.04.2-rc1", `"24.04.2-rc1" is no Canopsis release`, "24.04"},
		{"24.04.", `"24.04." is no Canopsis release`, "24.04"},
		{"Canopsis 23.10", `"Canopsis 23.10" is no Canopsis release`, "23.10"},
		{"release-24.10", `"release-24.10" is no Canopsis release`, "24.10"},
		{"22.1", `"22.1" is no Canopsis release`, "22.10"},
		{"24.4", `"24.4" is no Canopsis release`, "24.04"},
		{"24", `"24" is no Canopsis release`, "24.10"},
		{"24.x", `"24.x" is no Canopsis release`, "24.10"},
		{"v23", `"v23" is no Canopsis release`, "23.10"},
		{"4", `"4" is no Canopsis release`, "4.6"},
		{"22,10", `"22,10" is no Canopsis release`, "22.10"},
		{"22-10", `"22-10" is no Canopsis release`, "22.10"},
		{"2210", `"2210" is no Canopsis release`, "22.10"},
	} {
		_, err := Find(test.release)
		var wrong *refusal.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %v, want an input error", test.release, err)
			continue
		}
		if at := wrong.At.String(); at != "canopsis_version" {
			t.Errorf("%q: the error is at %q", test.release, at)
		}
		if wrong.Found != test.found {
			t.Errorf("%q: found\n %s\nwant\n %s", test.release, wrong.Found, test.found)
		}
		if wrong.Nearest != test.nearest {
			t.Errorf("%q: nearest %q, want %q", test.release, wrong.Nearest, test.nearest)
		}
		if want := "4.4, 4.5, 4.6, 22.10, 23.04, 23.10, 24.04, 24.10, 25.10, and their patch releases (24.04.2)"; wrong.Allowed != want {
			t.Errorf("%q: allowed %q, want %q", test.release, wrong.Allowed, want)
		}
		remedy := `For any other release give its page instead: page = file("matrix.md")`
		if test.release == "22.1" { // what Terraform makes of 22.10 without quotes
			remedy = `Write canopsis_version = "22.10" in quotes: without them it is a number, which loses its last zero`
		}
		if wrong.Remedy != remedy {
			t.Errorf("%q: remedy %q, want %q", test.release, wrong.Remedy, remedy)
		}
	}
}
