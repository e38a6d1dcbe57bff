package deployment_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// The guide on upgrades lists every option that an edition takes, in both languages,
// and no other.
func TestGuideListsTheOptionsOfEachEdition(t *testing.T) {
	t.Parallel()
	allowed := regexp.MustCompile(`"none_of_them" is not an option of this edition\. Allowed: ([^.]*)\.`)
	row := regexp.MustCompile(`(?m)^\| (\d+\.\d+)(?:(?: to | à )(\d+\.\d+)|((?:, \d+\.\d+)*)) \| (.*) \|$`)
	option := regexp.MustCompile("`([a-z_]+)`")
	for _, guide := range []string{"upgrading-canopsis.md", "upgrading-canopsis-fr.md"} {
		text, err := os.ReadFile("../../docs/guides/" + guide)
		if err != nil {
			t.Fatal(err)
		}
		listed := make(map[string][]string)
		for _, cells := range row.FindAllStringSubmatch(string(text), -1) {
			var options []string
			for _, found := range option.FindAllStringSubmatch(cells[4], -1) {
				options = append(options, found[1])
			}
			slices.Sort(options)
			within := false
			for _, e := range edition.All() {
				within = within || e.Version == cells[1]
				if within && (cells[2] != "" || e.Version == cells[1]) || slices.Contains(strings.Split(cells[3], ", "), e.Version) {
					listed[e.Version] = slices.Compact(options)
				}
				within = within && e.Version != cells[2]
			}
		}
		for _, e := range edition.All() {
			_, err := deployment.New(embeddedPage(e.Version), deployment.Choices{Release: e.Version, Options: []string{"none_of_them"}})
			if err == nil {
				t.Fatalf("%s: an option that no edition has is taken", e.Version)
			}
			found := allowed.FindStringSubmatch(err.Error())
			if found == nil {
				t.Fatalf("%s: %v", e.Version, err)
			}
			if want := strings.Split(found[1], ", "); !slices.Equal(listed[e.Version], want) {
				t.Errorf("%s lists %q for %s, which takes %q", guide, listed[e.Version], e.Version, want)
			}
		}
	}
}
