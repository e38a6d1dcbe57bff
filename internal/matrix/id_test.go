package matrix_test

import (
	"strings"
	"testing"

	"regexp"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestIsID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"canopsis":                    true,
		"api_event_sources":           true,
		"a":                           true,
		"x9":                          true,
		"a_":                          true,
		"a" + strings.Repeat("b", 62): true,
		"a" + strings.Repeat("b", 63): false,
		"":                            false,
		"9x":                          false,
		"_x":                          false,
		"Canopsis":                    false,
		"canopsis-api":                false, // a hyphen would make keys ambiguous
		"canopsis/tcp":                false,
		"canopsis ":                   false,
		"canopsis\n":                  false,
		"canopsis\nmongodb":           false,
		"événements":                  false,
	} {
		if got := matrix.IsID(text); got != want {
			t.Errorf("IsID(%q) = %t; want %t", text, got, want)
		}
	}
	for _, id := range []string{matrix.Users, matrix.Administrators, matrix.Canopsis, matrix.PackageRepositories} {
		if !matrix.IsID(id) {
			t.Errorf("the package's own %q is no id", id)
		}
	}
}

// The pattern that messages quote is the one that is read.
func TestIsIDReadsItsPattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(matrix.IDPattern)
	letters := rapid.SampledFrom([]rune("az09_AZ-/ \n\x00é`{@:"))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(letters, 0, 66, -1).Draw(t, "text")
		if rapid.Bool().Draw(t, "nearly an id") {
			text = "a" + rapid.StringOfN(rapid.SampledFrom([]rune("az09_")), 58, 64, -1).Draw(t, "rest") + text[:min(len(text), 1)]
		}
		if got, want := matrix.IsID(text), pattern.MatchString(text); got != want {
			t.Fatalf("IsID(%q) = %t, and %s says %t", text, got, matrix.IDPattern, want)
		}
	})
}
