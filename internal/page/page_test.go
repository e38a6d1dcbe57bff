package page

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// readFile returns a page of testdata.
func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mustParse(t testing.TB, text string) *Page {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// defaultFlows spells the flows that open where nobody chose, with their ports.
func defaultFlows(m *matrix.Matrix) []string {
	first := map[string]string{}
	for a := range m.Alternatives() {
		first[a.ID] = a.Options[0]
	}
	var flows []string
	for f := range m.Flows() {
		if f.Option == first[f.Alternative] {
			flows = append(flows, m.FlowID(f)+" "+f.Ports.String())
		}
	}
	slices.Sort(flows)
	return flows
}

func TestEdition2210(t *testing.T) {
	t.Parallel()
	p := mustParse(t, readFile(t, "22.10.md"))
	if len(p.Warnings) != 0 {
		t.Errorf("warnings: %v", p.Warnings)
	}

	want := []string{
		"administrators-to-canopsis-rabbitmq_ui tcp/15672",
		"administrators-to-canopsis-ssh tcp/22",
		"administrators-to-mongodb-ssh tcp/22",
		"amqp_event_sources-to-canopsis-rabbitmq tcp/5672",
		"api_event_sources-to-canopsis-nginx tcp/8080, tcp/8443",
		"canopsis-to-ldap tcp/389, tcp/636",
		"canopsis-to-mongodb tcp/27017",
		"canopsis-to-package_repositories-https tcp/443",
		"canopsis-to-postgresql tcp/5432",
		"canopsis-to-redis tcp/6739",
		"snmp_trap_sources-to-canopsis-snmp udp/162",
		"users-to-canopsis-nginx tcp/8080, tcp/8443",
	}
	if got := defaultFlows(p.Matrix); !slices.Equal(got, want) {
		t.Errorf("flows by default:\n got %q\nwant %q", got, want)
	}

	var listed []string
	for c := range p.Matrix.Components() {
		if c.Listed {
			listed = append(listed, c.ID+"@"+c.Host+" "+c.Ports().String())
		}
	}
	wantListed := []string{
		"canopsis_api@canopsis tcp/8082",
		"mongodb@mongodb tcp/27017",
		"nginx@canopsis tcp/8080, tcp/8443",
		"postgresql@postgresql tcp/5432",
		"rabbitmq@canopsis tcp/5672",
		"rabbitmq_ui@canopsis tcp/15672",
		"redis@redis tcp/6739",
		"snmp@canopsis udp/162",
	}
	if !slices.Equal(listed, wantListed) {
		t.Errorf("listed components:\n got %q\nwant %q", listed, wantListed)
	}

	sentinel, ok := p.Matrix.Component("redis_sentinel")
	if !ok || sentinel.Listed || sentinel.Host != "redis_sentinel" || sentinel.Ports().String() != "tcp/26739" {
		t.Errorf("redis_sentinel: got %+v", sentinel)
	}

	var alternatives []string
	for a := range p.Matrix.Alternatives() {
		alternatives = append(alternatives, a.ID)
		if a.Labelled {
			t.Errorf("%s is labelled", a.ID)
		}
	}
	if want := []string{"nginx_or_canopsis_api", "redis_or_redis_sentinel"}; !slices.Equal(alternatives, want) {
		t.Errorf("alternatives: got %q, want %q", alternatives, want)
	}
}
