package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// many returns a report of so many flows, between as many ends as a large
// installation has.
func many(flows int) Report {
	r := Report{Provider: "1.2.3", Edition: "25.10", Endpoints: make(map[string]matrix.Endpoint)}
	ends := 8 + flows/5
	for i := range flows {
		source, destination := fmt.Sprintf("source_%d", i%ends), fmt.Sprintf("destination_number_%d", (i*7+i/ends)%ends)
		r.Endpoints[source] = matrix.Endpoint{ID: source, Name: "Source number " + strconv.Itoa(i%ends), Kind: matrix.Host}
		r.Endpoints[destination] = matrix.Endpoint{ID: destination, Name: "Destination", Kind: matrix.Host}
		r.Flows = append(r.Flows, deployment.Flow{
			ID: fmt.Sprintf("%s-to-%s-component_%d", source, destination, i), Source: source, Destination: destination, Component: fmt.Sprintf("component_%d", i),
			Ports: matrix.MustPorts("tcp/"+strconv.Itoa(1000+i), "tcp/8080"), Purpose: matrix.Purposes()[i%6], Origin: matrix.Published,
			Description: matrix.InOwnWords("Flow number " + strconv.Itoa(i) + " of a large installation"),
		})
	}
	return r
}

var drawn = regexp.MustCompile(`<(rect|text)[^>]* x="(\d+)" y="(\d+)"(?: width="(\d+)" height="(\d+)")?[^>]*>([^<]*)`)

// A picture of 117 flows is read at 100 % on a laptop's screen, says everything
// that is opened, and no text leaves its cell.
func TestSVGOfManyFlows(t *testing.T) {
	t.Parallel()
	for _, r := range []Report{sample(), sample().in(French), many(117)} {
		svg := r.SVG()
		size := regexp.MustCompile(`width="(\d+)" height="(\d+)"`).FindStringSubmatch(svg)
		width, _ := strconv.Atoi(size[1])
		height, _ := strconv.Atoi(size[2])
		if width > 1240 {
			t.Errorf("%d flows are %d pixels wide", len(r.Flows), width)
		}
		var cell [4]int
		for _, found := range drawn.FindAllStringSubmatch(svg, -1) {
			number := func(i int) int { n, _ := strconv.Atoi(found[i]); return n }
			if found[1] == "rect" {
				cell = [4]int{number(2), number(3), number(2) + number(4), number(3) + number(5)}
				if cell[2] > width || cell[3] > height {
					t.Errorf("a cell leaves the picture: %q", found[0])
				}
				continue
			}
			right := number(2) + len([]rune(found[6]))*charWidth
			if number(2) < cell[0] || right > cell[2] || number(3) < cell[1] || number(3) > cell[3] {
				t.Errorf("%q leaves its cell", found[0])
			}
		}
		text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(svg, " ")), " ")
		for _, f := range r.Flows {
			if want := words()[r.Language].ports(f.Ports); len(want) < 20 && !strings.Contains(text, want) {
				t.Errorf("%s is missing in the picture", want)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"short":                 {"short"},
		"nginx TCP 8080, 8443":  {"nginx TCP", "8080, 8443"},
		"package_repositories":  {"package_", "repositorie", "s"},
		"aaaaaaaaaaaaaaaaaaaaa": {"aaaaaaaaaaa", "aaaaaaaaaa"},
		"éééééééééé éé":         {"éééééééééé", "éé"},
		"":                      {""},
	} {
		if got := wrap(text, 11); !slices.Equal(got, want) {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// Every id is a node that Mermaid can tell from its own words, and from every
// other.
func TestMermaidNodes(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^n_[a-zA-Z0-9_]*$`)
	seen := make(map[string]string)
	for _, id := range []string{"end", "graph", "a_b", "a-b", "a b", "A", `"];click`, "é", ""} {
		name := node(id)
		if !form.MatchString(name) {
			t.Errorf("%q became %q", id, name)
		}
		if seen[name] != "" {
			t.Errorf("%q and %q are one node", id, seen[name])
		}
		seen[name] = id
	}
}

// No arrow has a label: labels are nodes, which a layout program keeps apart.
func TestMermaidHasNoLabelsOnArrows(t *testing.T) {
	t.Parallel()
	text := many(117).Mermaid()
	if strings.Contains(text, "|") || strings.Count(text, "-->") != 117 {
		t.Errorf("%d arrows, some with labels:\n%s", strings.Count(text, "-->"), text)
	}
}
