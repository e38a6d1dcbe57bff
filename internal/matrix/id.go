package matrix

import "regexp"

// IDPattern is what an id (of an endpoint, a component, a host, a relay or a
// CIDR's name) matches as a whole. With no hyphen and no slash in an id, a key
// that joins ids reads one way only.
const IDPattern = `^[a-z][a-z0-9_]{0,62}$`

var idExpression = regexp.MustCompile(IDPattern)

// IsID reports whether text is an id.
func IsID(text string) bool { return idExpression.MatchString(text) }

// Ids that mean the same in every edition.
const (
	Users               = "users"                // whoever opens the web interface (utilisateurs)
	Administrators      = "administrators"       // who keeps the machines, bastions included (administrateurs)
	Canopsis            = "canopsis"             // the application host
	PackageRepositories = "package_repositories" // where installations fetch packages and images
)
