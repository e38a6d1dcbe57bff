// Package edition keeps the published editions of the vendor's page, what is
// wrong with them, and what the page leaves out.
//
// The editions are Markdown pages in the vendor's format with the vendor's
// names and ports and descriptions of our own. The page parser reads them, as
// it reads a user's own copy: there is no second way into the matrix.
package edition

import (
	"cmp"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/page"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
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
			Version:  "4.4",
			Releases: []string{"4.4"},
			Date:     "2021-10-04",
			Note:     dockerMongoDB,
		},
		{
			Version:  "4.5",
			Releases: []string{"4.5"},
			Date:     "2021-11-19",
			Note:     dockerMongoDB,
		},
		{
			Version:  "4.6",
			Releases: []string{"4.6"},
			Date:     "2022-02-18",
			Note: "Nginx's ports are those of Docker hosts. Installed from packages, Nginx of 4.6 listens on 8080, and on 8443 once HTTPS is switched on. " +
				dockerMongoDB,
		},
		{
			Version:  "22.10",
			Releases: []string{"22.10"},
			Date:     "2022-10-17",
			Note: "Written for 22.10 on the documentation's main line, with Nginx's ports as packages use them: on Docker hosts they are 80 and 443. " +
				"The 22.10 releases themselves still shipped the text of 4.6. " + dockerMongoDB,
		},
		{
			Version:  "23.04",
			Releases: []string{"23.04", "23.10", "24.04", "24.10"},
			Date:     "2022-11-09",
		},
		{
			Version:  "25.10",
			Releases: []string{"25.10"},
			Note: "The text has no date and no branch: it was found in an index of the documentation. " +
				"It names Valkey, which replaced Redis with 25.04.",
		},
	}
}

// dockerMongoDB is what the editions before 23.04 cannot be asked: they have no
// option that says whether Canopsis runs in Docker.
const dockerMongoDB = "Docker hosts of these releases publish MongoDB on 27027, not on 27017."

var (
	// Canopsis counts its releases by year and month since 22.10; before, by a
	// major and a minor number. A third number is a patch.
	releaseExpression = regexp.MustCompile(`^([0-9]\.[0-9]{1,2}|[0-9]{2}\.[0-9]{2})(?:\.[0-9]+)?$`)
	numbersExpression = regexp.MustCompile(`[0-9]+\.[0-9]+`)
)

// releaseOf returns the release that a patch release (24.04.2) belongs to, and a
// release itself; false for what is not one.
func releaseOf(text string) (release string, ok bool) {
	match := releaseExpression.FindStringSubmatch(text)
	if match == nil {
		return "", false
	}
	return match[1], true
}

// Find returns the edition that the documentation of a release carries. Patch
// releases (24.04.2) carry the text of their release. A release of which no
// page is known, and what is no release, is an error that lists the known ones.
func Find(text string) (Edition, error) {
	release, ok := releaseOf(text)
	var known []string
	for _, e := range All() {
		if ok && slices.Contains(e.Releases, release) {
			return e, nil
		}
		known = append(known, e.Releases...)
	}
	err := &refusal.Error{
		At:      refusal.At("canopsis_version"),
		Summary: "Unknown Canopsis release",
		Found:   fmt.Sprintf("%q is no Canopsis release", text),
		Allowed: strings.Join(known, ", ") + ", and their patch releases (24.04.2)",
		Remedy:  `For any other release give its page instead: page = file("matrix.md")`,
	}
	if ok {
		err.Found = whereUnknown(text, release, known)
		return Edition{}, err
	}
	err.Nearest = nearestRelease(text, known)
	if err.Nearest == text+"0" {
		err.Remedy = fmt.Sprintf("Write canopsis_version = %q in quotes: without them it is a number, which loses its last zero", err.Nearest)
	}
	return Edition{}, err
}

// whereUnknown says where a release lies beside those whose page is known. It
// proposes none of them: the page of another release opens other ports.
func whereUnknown(text, release string, known []string) string {
	after := slices.IndexFunc(known, func(k string) bool { return compareReleases(release, k) < 0 })
	switch after {
	case 0:
		return fmt.Sprintf("%q is older than %s, the first release whose page is known", text, known[0])
	case -1:
		return fmt.Sprintf("%q is newer than %s, the last release whose page is known", text, known[len(known)-1])
	}
	return fmt.Sprintf("%q lies between %s and %s, and its page is not known", text, known[after-1], known[after])
}

// nearestRelease returns the release that was probably meant: the first known
// one that stands in the text, the newest of a year that stands there alone
// ("24"), or the nearest spelling.
func nearestRelease(text string, known []string) string {
	for _, numbers := range numbersExpression.FindAllString(text, -1) {
		if slices.Contains(known, numbers) {
			return numbers
		}
	}
	if numbers := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }); len(numbers) == 1 {
		for _, release := range slices.Backward(known) {
			if major, _, _ := strings.Cut(release, "."); major == numbers[0] {
				return release
			}
		}
	}
	return refusal.Nearest(text, known)
}

// IDOf returns the id of a name that the vendor has, or had, for something:
// "timescaledb" is postgresql.
func IDOf(name string) (id string, ok bool) { return page.IDOf(name) }

// compareReleases orders releases by their numbers: 4.6 before 22.10.
func compareReleases(a, b string) int {
	majorA, minorA, _ := strings.Cut(a, ".")
	majorB, minorB, _ := strings.Cut(b, ".")
	return cmp.Or(compareNumbers(majorA, majorB), compareNumbers(minorA, minorB))
}

// compareNumbers orders runs of digits by value.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
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
	return e.withReasons(parsed.Matrix)
}

// withReasons returns the edition's matrix with its descriptions known as the
// product's own sentences: the vendor's rows are quoted, their descriptions are
// not.
func (e Edition) withReasons(m *matrix.Matrix) (*matrix.Matrix, error) {
	d := m.Draft()
	for i, f := range d.Flows {
		d.Flows[i].Description = matrix.Because(matrix.RowReason, f.Description.String(), e.Version, m.EndpointAt(f.Source), f.Component)
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
