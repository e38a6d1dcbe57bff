package matrix_test

import (
	"strings"
	"testing"

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
