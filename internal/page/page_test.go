package page

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// flowLines spells the flows of a matrix, each with its option, its ports, what
// the page marks it with and, where it is no host of its component, where it
// ends.
func flowLines(m *matrix.Matrix) []string {
	var lines []string
	for f := range m.Flows() {
		line := m.FlowID(f)
		if f.Option != "" {
			line += " [" + f.Option + "]"
		}
		line += " " + f.Ports.String()
		if f.Optional {
			line += " optional"
		}
		if f.ViaProxy {
			line += " proxy"
		}
		if f.ConfigurationDependent {
			line += " configuration"
		}
		if _, ok := f.Destination.Component(); !ok {
			line += " at"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func componentLines(m *matrix.Matrix) []string {
	var lines []string
	for c := range m.Components() {
		line := c.ID + "@" + c.Host
		for _, o := range c.Offers {
			if o.Option != "" {
				line += " [" + o.Option + "]"
			}
			line += " " + o.Ports.String()
		}
		if c.Optional {
			line += " optional"
		}
		if !c.Listed {
			line += " unlisted"
		}
		lines = append(lines, line)
	}
	return lines
}

func endpointLines(m *matrix.Matrix) []string {
	var lines []string
	for e := range m.Endpoints() {
		line := e.ID + " " + e.Kind.String()
		if len(e.FQDNs) > 0 {
			line += " " + strings.Join(e.FQDNs, " ")
		}
		lines = append(lines, line)
	}
	return lines
}

func alternativeLines(m *matrix.Matrix) []string {
	var lines []string
	for a := range m.Alternatives() {
		line := a.ID + ": " + strings.Join(a.Options, ", ")
		if a.Labelled {
			line += " labelled"
		}
		lines = append(lines, line)
	}
	return lines
}

func diff(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestEdition2210(t *testing.T) {
	t.Parallel()
	p := mustParse(t, readFile(t, "22.10.md"))
	diff(t, "warnings", warningLines(p), nil)
	diff(t, "components", componentLines(p.Matrix), []string{
		"canopsis_api@canopsis tcp/8082",
		"mongodb@mongodb tcp/27017",
		"nginx@canopsis tcp/8080, tcp/8443",
		"postgresql@postgresql tcp/5432",
		"rabbitmq@canopsis tcp/5672",
		"rabbitmq_ui@canopsis tcp/15672",
		"redis@redis tcp/6739",
		"redis_sentinel@redis_sentinel tcp/26739 unlisted",
		"snmp@canopsis udp/162",
	})
	diff(t, "endpoints", endpointLines(p.Matrix), []string{
		"administrators actor",
		"amqp_event_sources actor",
		"api_event_sources actor",
		"canopsis host",
		"ldap external",
		"mongodb host",
		"package_repositories external docker.canopsis.net git.canopsis.net repositories.canopsis.net",
		"postgresql host",
		"redis host",
		"redis_sentinel host",
		"snmp_trap_sources actor",
		"users actor",
	})
	diff(t, "alternatives", alternativeLines(p.Matrix), []string{
		"nginx_or_canopsis_api: nginx, canopsis_api",
		"redis_or_redis_sentinel: redis, redis_sentinel",
	})
	diff(t, "flows", flowLines(p.Matrix), []string{
		"administrators-to-canopsis-rabbitmq_ui tcp/15672",
		"administrators-to-canopsis-ssh tcp/22 at",
		"administrators-to-mongodb-ssh tcp/22 at",
		"amqp_event_sources-to-canopsis-rabbitmq tcp/5672",
		"api_event_sources-to-canopsis-canopsis_api [canopsis_api] tcp/8082",
		"api_event_sources-to-canopsis-nginx [nginx] tcp/8080, tcp/8443",
		"canopsis-to-ldap tcp/389, tcp/636 at",
		"canopsis-to-mongodb tcp/27017",
		"canopsis-to-package_repositories-https tcp/443 proxy at",
		"canopsis-to-postgresql tcp/5432",
		"canopsis-to-redis [redis] tcp/6739",
		"canopsis-to-redis_sentinel [redis_sentinel] tcp/26739",
		"snmp_trap_sources-to-canopsis-snmp udp/162",
		"users-to-canopsis-nginx tcp/8080, tcp/8443 configuration",
	})
	for f := range p.Matrix.Flows() {
		if f.Origin != matrix.Published || f.Purpose != 0 || f.Description.IsEmpty() || strings.Contains(f.Description.String(), "(") {
			t.Errorf("%s: origin %s, purpose %q, description %q", p.Matrix.FlowID(f), f.Origin, f.Purpose, f.Description)
		}
	}
}

func TestEdition2304(t *testing.T) {
	t.Parallel()
	p := mustParse(t, readFile(t, "23.04.md"))
	diff(t, "warnings", warningLines(p), nil)
	diff(t, "components", componentLines(p.Matrix), []string{
		"canopsis_api@canopsis tcp/8082",
		"mongodb@mongodb tcp/27017",
		"nginx@canopsis [docker] tcp/80, tcp/443 [packages] tcp/8080, tcp/8443",
		"postgresql@postgresql tcp/5432",
		"rabbitmq@rabbitmq tcp/5672",
		"rabbitmq_ui@rabbitmq tcp/15672",
		"redis@redis tcp/6739",
		"redis_sentinel@redis_sentinel tcp/26739 optional",
		"snmp@canopsis udp/162",
	})
	diff(t, "alternatives", alternativeLines(p.Matrix), []string{"docker_or_packages: docker, packages labelled"})
	diff(t, "flows", flowLines(p.Matrix), []string{
		"administrators-to-canopsis-rabbitmq_ui tcp/15672 at",
		"administrators-to-canopsis-ssh tcp/22 at",
		"administrators-to-mongodb-ssh tcp/22 at",
		"administrators-to-postgresql-ssh tcp/22 at",
		"administrators-to-rabbitmq-ssh tcp/22 at",
		"administrators-to-redis-ssh tcp/22 at",
		"amqp_event_sources-to-canopsis-rabbitmq tcp/5672 at",
		"api_event_sources-to-canopsis-nginx [docker] tcp/80, tcp/443",
		"api_event_sources-to-canopsis-nginx [packages] tcp/8080, tcp/8443",
		"canopsis-to-ldap tcp/389, tcp/636 at",
		"canopsis-to-mongodb tcp/27017",
		"canopsis-to-package_repositories-https tcp/443 proxy at",
		"canopsis-to-postgresql tcp/5432",
		"canopsis-to-rabbitmq tcp/5672",
		"canopsis-to-redis tcp/6739",
		"canopsis-to-redis_sentinel tcp/26739 optional",
		"snmp_trap_sources-to-canopsis-snmp udp/162",
		"users-to-canopsis-nginx [docker] tcp/80, tcp/443",
		"users-to-canopsis-nginx [packages] tcp/8080, tcp/8443",
	})
}

func TestEdition2510(t *testing.T) {
	t.Parallel()
	p := mustParse(t, readFile(t, "25.10.md"))
	diff(t, "warnings", warningLines(p), nil)
	diff(t, "components", componentLines(p.Matrix), []string{
		"canopsis_api@canopsis tcp/8082",
		"mongodb@mongodb tcp/27017",
		"nginx@canopsis [docker] tcp/443 [packages] tcp/8443",
		"postgresql@postgresql tcp/5432",
		"rabbitmq@rabbitmq tcp/5672",
		"rabbitmq_ui@rabbitmq tcp/15672",
		"snmp@snmp udp/162",
		"valkey@valkey tcp/6739",
		"valkey_sentinel@canopsis tcp/26739 optional",
	})
	diff(t, "endpoints", endpointLines(p.Matrix), []string{
		"amqp_event_sources actor",
		"api_event_sources actor",
		"canopsis host",
		"cmdb_drivers actor",
		"identity_provider external",
		"ldap external",
		"mongodb host",
		"package_repositories external docker.canopsis.net git.canopsis.net hub.docker.com",
		"postgresql host",
		"rabbitmq host",
		"remediation_tools external",
		"snmp host",
		"snmp_trap_sources actor",
		"ticketing_tools external",
		"users actor",
		"valkey host",
		"webhook_targets external",
	})
	diff(t, "alternatives", alternativeLines(p.Matrix), []string{"docker_or_packages: docker, packages labelled"})
	diff(t, "flows", flowLines(p.Matrix), []string{
		"amqp_event_sources-to-canopsis-rabbitmq tcp/5672 at",
		"api_event_sources-to-canopsis-canopsis_api tcp/8082",
		"api_event_sources-to-canopsis-nginx tcp/443",
		"canopsis-to-identity_provider tcp/80, tcp/443 at",
		"canopsis-to-ldap tcp/389, tcp/636 at",
		"canopsis-to-mongodb tcp/27017",
		"canopsis-to-package_repositories-https tcp/443 at",
		"canopsis-to-postgresql tcp/5432",
		"canopsis-to-rabbitmq tcp/5672",
		"canopsis-to-remediation_tools tcp/80, tcp/443 at",
		"canopsis-to-ticketing_tools tcp/80, tcp/443 at",
		"canopsis-to-valkey tcp/6379",
		"canopsis-to-webhook_targets tcp/80, tcp/443 at",
		"cmdb_drivers-to-canopsis-canopsis_api tcp/8082",
		"cmdb_drivers-to-canopsis-nginx tcp/443",
		"snmp_trap_sources-to-snmp udp/162",
		"users-to-canopsis-nginx tcp/443",
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	p := mustParse(t, readFile(t, "22.10.md"))
	tests := map[string]struct{ name, definition string }{
		"users":                {"Utilisateurs", "personnes qui ouvrent l'interface"},
		"amqp_event_sources":   {"Sources d'événements AMQP", "ce qui publie des événements"},
		"snmp_trap_sources":    {"Sources d’événements trap SNMP", "ce qui publie des événements"},
		"mongodb":              {"MongoDB", "machines des bases"},
		"redis":                {"Redis", "machines des bases"},
		"redis_sentinel":       {"Redis Sentinel", ""}, // Redis is a name of its own
		"ldap":                 {"LDAP", ""},
		"package_repositories": {"Package repositories", ""},
	}
	for id, want := range tests {
		e, ok := p.Matrix.Endpoint(id)
		if !ok || e.Name != want.name || e.Definition != want.definition {
			t.Errorf("%s: got %q, %q, want %q, %q", id, e.Name, e.Definition, want.name, want.definition)
		}
	}
	c, _ := p.Matrix.Component("nginx")
	if want := "Porte d'entrée de l'interface et de l'API"; c.Name != "Nginx" || c.Description != want {
		t.Errorf("nginx: got %q, %q, want %q", c.Name, c.Description, want)
	}
	for f := range p.Matrix.Flows() {
		if p.Matrix.FlowID(f) == "users-to-canopsis-nginx" && f.Description.String() != "Interface web et API" {
			t.Errorf("description: got %q", f.Description)
		}
	}
}

func warningLines(p *Page) []string {
	var lines []string
	for _, w := range p.Warnings {
		lines = append(lines, strings.TrimPrefix(w.Place, "line ")+": "+w.Text)
	}
	return lines
}
