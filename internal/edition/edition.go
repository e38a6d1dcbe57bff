// Package edition holds the published editions of the vendor's page, what is
// wrong with them, and what the page leaves out.
//
// The editions are Markdown pages in the vendor's format with the vendor's
// names and ports and descriptions of our own. The page parser reads them, as
// it reads a user's own copy: there is no second way into the matrix.
package edition

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/page"
)

//go:embed pages/*.md
var pages embed.FS

// DefaultVersion is the edition that is used where nothing is asked for.
const DefaultVersion = "22.10"

// Edition is one text of the vendor's page.
type Edition struct {
	Version  string   // the release that first carried it: "22.10"
	Releases []string // every release whose documentation carries it, ascending
	Date     string   // when the text was written, as YYYY-MM-DD; empty where unknown
	Note     string   // what is uncertain about it; empty where nothing is
}

// All returns the editions, the oldest first. The dates are those of the
// commits that wrote the texts.
func All() []Edition {
	return []Edition{
		{
			Version:  "22.10",
			Releases: []string{"22.10"},
			Date:     "2022-10-17",
			Note: "Written for 22.10 on the documentation's main line, with Nginx's ports as packages use them. " +
				"The 22.10 releases themselves still shipped the text of 4.6.",
		},
	}
}

// Find returns the edition that the documentation of a release carries.
// Patch releases (22.10.3) carry the text of their release. A release of which
// no documentation is known is an error that lists the known ones.
func Find(release string) (Edition, error) {
	var known []string
	for _, e := range All() {
		for _, r := range e.Releases {
			if release == r || strings.HasPrefix(release, r+".") {
				return e, nil
			}
		}
		known = append(known, e.Releases...)
	}
	return Edition{}, &input.Error{
		At:      input.At("canopsis_version"),
		Summary: "Unknown Canopsis release",
		Found:   fmt.Sprintf("no edition of the page is known for release %q", release),
		Nearest: input.Nearest(release, known),
		Allowed: strings.Join(known, ", ") + ", and their patch releases (22.10.3)",
		Remedy:  `For any other release, give its page instead: page = file("matrix.md")`,
	}
}

// Text returns the edition's page.
func (e Edition) Text() (string, error) {
	text, err := pages.ReadFile("pages/" + e.Version + ".md")
	if err != nil {
		return "", fmt.Errorf("edition %q: %w", e.Version, err)
	}
	return string(text), nil
}

// Matrix parses the edition's page.
func (e Edition) Matrix() (*matrix.Matrix, error) {
	text, err := e.Text()
	if err != nil {
		return nil, err
	}
	parsed, err := page.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("edition %s: %w", e.Version, err)
	}
	return parsed.Matrix, nil
}

// processes are the components that the page leaves out since they listen
// nowhere. They run on the application host until they are placed.
var processes = []matrix.Component{{
	ID:          "engines",
	Name:        "Engines",
	Description: "Processes that work on events and call outside systems",
	Host:        matrix.Canopsis,
}}

// WithProcesses returns the matrix with the processes that listen nowhere, so
// that they can be placed. A matrix without the application host stays as it is.
func WithProcesses(m *matrix.Matrix) (*matrix.Matrix, error) {
	if _, ok := m.Endpoint(matrix.Canopsis); !ok {
		return m, nil
	}
	d := m.Draft()
	for _, p := range processes {
		if _, ok := m.Component(p.ID); !ok {
			d.Components = append(d.Components, p)
		}
	}
	return d.Matrix()
}

// isAt reports whether a place is the endpoint with this id.
func isAt(place matrix.Place, endpoint string) bool {
	id, ok := place.Endpoint()
	return ok && id == endpoint
}

// hasComponent reports whether the draft knows the component.
func hasComponent(d *matrix.Draft, id string) bool {
	return slices.ContainsFunc(d.Components, func(c matrix.Component) bool { return c.ID == id })
}
