package edition

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func concerns(t *testing.T, id string, i Installation) []string {
	t.Helper()
	e, ok := FindErratum(id)
	if !ok || !e.IsReported() {
		t.Fatalf("%s is applied", id)
	}
	return e.Concerns(i)
}

// Semantics 17.
func TestMongoDBOnDockerHostsIsReportedBefore2404(t *testing.T) {
	t.Parallel()
	m := embedded(t, "23.04")
	moved := m.Draft()
	for i := range moved.Flows {
		if moved.Flows[i].Component == "mongodb" {
			moved.Flows[i].Ports = matrix.MustPorts("tcp/27027")
		}
	}
	right, err := moved.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	touched := []string{"canopsis-to-mongodb"}
	for _, test := range []struct {
		name, release string
		options       []string
		deployed      *matrix.Matrix
		want          []string
	}{
		{"the first release of the edition", "23.04", []string{"docker"}, m, touched},
		{"a patch release", "23.10.2", []string{"docker"}, m, touched},
		{"beside other options", "23.10", []string{"docker", "redis_sentinel"}, m, touched},
		{"from packages", "23.10", []string{"packages"}, m, nil},
		{"the release that changed it", "24.04", []string{"docker"}, m, nil},
		{"later", "24.10.1", []string{"docker"}, m, nil},
		{"a page without a release", "", []string{"docker"}, m, nil},
		{"the user has written the port", "23.04", []string{"docker"}, right, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := concerns(t, "mongodb_docker_port", Installation{Release: test.release, Page: m, Options: test.options, Matrix: test.deployed})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Semantics 17.
func TestAPIWithoutARowIsReported(t *testing.T) {
	t.Parallel()
	text := vendorPage(t, "23.04")
	page := parse(t, text)
	row := "Canopsis | MongoDB |"
	for _, test := range []struct {
		name           string
		page, deployed *matrix.Matrix
		want           []string
	}{
		{"listed, and in no row", page, page, []string{"api_event_sources-to-canopsis-nginx"}},
		{"the page has a row", embedded(t, "22.10"), embedded(t, "22.10"), nil},
		{"the page has a row again", embedded(t, "25.10"), embedded(t, "25.10"), nil},
		{
			"the page has a row that this installation closes",
			embedded(t, "22.10"), page, nil,
		},
		{
			"the user has added it",
			page, parse(t, strings.Replace(text, row, "Sources d'événements API | Canopsis | TCP/8082 | Direct\n"+row, 1)), nil,
		},
		{
			"Nginx reaches the API", page,
			parse(t, strings.Replace(text, row, "Nginx | API Canopsis | TCP/8082 | Requests\n"+row, 1)),
			[]string{"api_event_sources-to-canopsis-nginx"},
		},
		{
			"nobody sends events over HTTP", page,
			parse(t, strings.Replace(text, "Sources d'événements API", "Utilisateurs", 1)), nil,
		},
		{
			"the page does not list it",
			parse(t, strings.Replace(text, "API Canopsis | Interface de programmation | TCP/8082\n", "", 1)), page, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := concerns(t, "canopsis_api_row", Installation{Page: test.page, Matrix: test.deployed})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestErrataThatAreAppliedAreNotReported(t *testing.T) {
	t.Parallel()
	m := embedded(t, "23.04")
	var reported []string
	for _, e := range Errata() {
		if e.IsReported() {
			reported = append(reported, e.ID)
			continue
		}
		if flows := e.Concerns(Installation{Release: "23.04", Page: m, Options: []string{"docker"}, Matrix: m}); flows != nil {
			t.Errorf("%s concerns %q", e.ID, flows)
		}
	}
	if want := []string{"mongodb_docker_port", "docker_host_ports", "canopsis_api_row"}; !slices.Equal(reported, want) {
		t.Errorf("reported: got %q, want %q", reported, want)
	}
}
