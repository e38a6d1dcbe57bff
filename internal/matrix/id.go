package matrix

import (
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// IDPattern is what an id (of an endpoint, a component, a host, a relay or a
// CIDR's name) matches as a whole. With no hyphen and no slash in an id, a key
// that joins ids reads one way only.
const IDPattern = `^[a-z][a-z0-9_]{0,62}$`

// IDForm says IDPattern in words, for errors and documentation.
const IDForm = "a lower-case letter, then up to 62 lower-case letters, digits and underscores"

// IsID reports whether text is an id. Every function reads thousands, and a
// provider starts many times: the pattern is read by hand.
func IsID(text string) bool {
	const longest = 63
	if text == "" || len(text) > longest || text[0] < 'a' || text[0] > 'z' {
		return false
	}
	for i := 1; i < len(text); i++ {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// InvalidID returns the error for a text that should have been an id, with the
// id that was probably meant.
func InvalidID(at refusal.Path, text string) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Invalid name",
		Found:   strconv.Quote(text) + " is not a valid name; names become parts of the rules' keys",
		Nearest: nearestID(text),
		Allowed: IDForm,
	}
}

// nearestID returns text in lower case and with underscores for what separates
// words, or "" where that is no id either.
func nearestID(text string) string {
	id := strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(text)))
	if !IsID(id) {
		return ""
	}
	return id
}

// Ids that mean the same in every edition.
const (
	Users               = "users"                // whoever opens the web interface (utilisateurs)
	Administrators      = "administrators"       // who keeps the machines, bastions included (administrateurs)
	Canopsis            = "canopsis"             // the application host
	PackageRepositories = "package_repositories" // where installations fetch packages and images
)
