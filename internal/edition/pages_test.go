package edition

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/page"
	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

// vendorPage returns a page as the vendor would write it: other words, other
// padding, the same facts.
func vendorPage(t *testing.T, version string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", version+".md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func embedded(t *testing.T, version string) *matrix.Matrix {
	t.Helper()
	e, err := Find(version)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func parse(t *testing.T, text string) *matrix.Matrix {
	t.Helper()
	p, err := page.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range p.Warnings {
		t.Errorf("%s: %s", w.Place, w.Text)
	}
	return p.Matrix
}

// spell writes what a page says, a line for each fact: the port list, what
// each row opens and under which option, the choices and the ends.
func spell(m *matrix.Matrix) []string {
	var lines []string
	for c := range m.Components() {
		if !c.Listed {
			continue
		}
		for _, offer := range c.Offers {
			for r := range offer.Ports.All() {
				lines = append(lines, fmt.Sprintf("lists %s on %s%s%s", c.ID, r, option(offer.Option), mark(c.Optional, " (optional)")))
			}
		}
	}
	for f := range m.Flows() {
		for r := range f.Ports.All() {
			lines = append(lines, m.FlowID(f)+"/"+r.Key()+option(f.Option)+
				mark(f.Optional, " (optional)")+mark(f.ViaProxy, " (via proxy)")+mark(f.ConfigurationDependent, " (configuration decides)"))
		}
	}
	for a := range m.Alternatives() {
		lines = append(lines, "offers "+strings.Join(a.Options, " or ")+mark(a.Labelled, ", without a default"))
	}
	for e := range m.Endpoints() {
		lines = append(lines, fmt.Sprintf("knows %s (%s)", e.ID, e.Kind))
		for _, name := range e.FQDNs {
			lines = append(lines, fmt.Sprintf("knows %s as %s", e.ID, name))
		}
	}
	slices.Sort(lines)
	return lines
}

func option(name string) string { return mark(name != "", " ["+name+"]") }

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// differences returns the lines that a second matrix lacks, with "- ", and those
// that it has beyond the first, with "+ ".
func differences(a, b *matrix.Matrix) []string {
	before, after := spell(a), spell(b)
	var lines []string
	for _, line := range before {
		if !slices.Contains(after, line) {
			lines = append(lines, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			lines = append(lines, "+ "+line)
		}
	}
	return lines
}

func wantLines(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("got:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestVendorsPagesReadLikeTheEmbeddedEditions(t *testing.T) {
	t.Parallel()
	spellings := map[string]func(string) string{
		"as written":              func(text string) string { return text },
		"Windows line ends":       func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"byte-order mark":         func(text string) string { return "\ufeff" + text },
		"typographic apostrophes": func(text string) string { return strings.ReplaceAll(text, "'", "’") },
		"straight apostrophes":    func(text string) string { return strings.ReplaceAll(text, "’", "'") },
		"decomposed accents":      strings.NewReplacer("é", "e\u0301", "è", "e\u0300", "É", "E\u0301", "û", "u\u0302", "ç", "c\u0327").Replace,
		"no accents":              strings.NewReplacer("é", "e", "è", "e", "É", "E").Replace,
		"shouting":                strings.ToUpper,
		"spaces that do not break": func(text string) string {
			return strings.NewReplacer(" :", "\u00a0:", " ou ", "\u00a0ou ", " / ", "\u202f/\u202f").Replace(text)
		},
		"no back-quotes":    func(text string) string { return strings.ReplaceAll(text, "`", "") },
		"no final line end": func(text string) string { return strings.TrimRight(text, "\n") },
		"as the web server sends it": func(text string) string {
			page, err := pagewriter.HTML(text)
			if err != nil {
				t.Fatal(err)
			}
			return page
		},
	}
	for _, e := range All() {
		want := embedded(t, e.Version)
		text := vendorPage(t, e.Version)
		for name, spelt := range spellings {
			t.Run(e.Version+"/"+name, func(t *testing.T) {
				t.Parallel()
				got := parse(t, spelt(text))
				if !got.Equal(want) {
					t.Errorf("the page reads otherwise than the embedded edition:\n%s", strings.Join(differences(want, got), "\n"))
				}
				wantLines(t, spell(got), spell(want))
			})
		}
	}
}

// Semantics 1: an id names a role, whatever the edition calls it.
func TestIDsStayTheSameAcrossEditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ id, before, after string }{
		{"postgresql", "PostgreSQL", "TimescaleDB"},
		{"ldap", "LDAP", "Serveur LDAP"},
		{"snmp_trap_sources", "Sources d'événements trap SNMP", "SNMP"},
		{"amqp_event_sources", "Sources d'événements AMQP", "Connecteurs AMQP"},
		{"api_event_sources", "Sources d'événements API", "Connecteurs API"},
		{"users", "Utilisateurs", "Utilisateurs"},
		{"cmdb_drivers", "", "Drivers (import-context-graph)"},
		{"redis", "Redis", ""},
		{"valkey", "", "Valkey"}, // Redis and Valkey are two products
	} {
		for version, want := range map[string]string{"23.04": test.before, "25.10": test.after} {
			e, _ := embedded(t, version).Endpoint(test.id)
			if e.Name != want {
				t.Errorf("%s: %s is called %q, want %q", version, test.id, e.Name, want)
			}
		}
	}
}

// Semantics 5: a component lists the ports of all options, each with its name.
func TestComponentsListThePortsOfAllOptions(t *testing.T) {
	t.Parallel()
	for version, want := range map[string][]string{
		"4.6":   {"tcp/80, tcp/443"},
		"22.10": {"tcp/8080, tcp/8443"},
		"23.04": {"docker: tcp/80, tcp/443", "packages: tcp/8080, tcp/8443"},
		"25.10": {"docker: tcp/443", "packages: tcp/8443"},
	} {
		nginx, _ := embedded(t, version).Component("nginx")
		var got []string
		for _, offer := range nginx.Offers {
			got = append(got, mark(offer.Option != "", offer.Option+": ")+offer.Ports.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
}

// What came and went, from one published edition to the next.
func TestDifferencesBetweenEditions(t *testing.T) {
	t.Parallel()
	for _, step := range []struct {
		from, to string
		want     []string
	}{
		{"4.4", "4.5", []string{
			"- lists influxdb on tcp/8086",
		}},
		{"4.5", "4.6", []string{
			"+ lists postgresql on tcp/5432",
			"+ knows postgresql (host)",
			"+ knows package_repositories as repositories.canopsis.net",
			"+ knows package_repositories as docker.canopsis.net",
			"+ canopsis-to-postgresql/tcp-5432",
		}},
		{"4.6", "22.10", []string{
			"- lists nginx on tcp/80",
			"- lists nginx on tcp/443",
			"+ lists nginx on tcp/8080",
			"+ lists nginx on tcp/8443",
			"- knows package_repositories as hub.docker.com",
			"- users-to-canopsis-nginx/tcp-80",
			"- users-to-canopsis-nginx/tcp-443",
			"+ users-to-canopsis-nginx/tcp-8080 (configuration decides)",
			"+ users-to-canopsis-nginx/tcp-8443 (configuration decides)",
			"- api_event_sources-to-canopsis-nginx/tcp-80 [nginx]",
			"- api_event_sources-to-canopsis-nginx/tcp-443 [nginx]",
			"+ api_event_sources-to-canopsis-nginx/tcp-8080 [nginx]",
			"+ api_event_sources-to-canopsis-nginx/tcp-8443 [nginx]",
			"+ offers redis or redis_sentinel",
			"+ knows redis (host)",
			"+ knows redis_sentinel (host)",
			"+ canopsis-to-redis/tcp-6739 [redis]",
			"+ canopsis-to-redis_sentinel/tcp-26739 [redis_sentinel]",
		}},
		{"22.10", "23.04", []string{
			"- lists nginx on tcp/8080",
			"- lists nginx on tcp/8443",
			"+ lists nginx on tcp/80 [docker]",
			"+ lists nginx on tcp/443 [docker]",
			"+ lists nginx on tcp/8080 [packages]",
			"+ lists nginx on tcp/8443 [packages]",
			"+ lists redis_sentinel on tcp/26739 (optional)",
			"+ offers docker or packages, without a default",
			"- offers nginx or canopsis_api",
			"- offers redis or redis_sentinel",
			"- knows package_repositories as repositories.canopsis.net",
			"+ knows package_repositories as nexus.canopsis.net",
			"+ knows rabbitmq (host)",
			"- users-to-canopsis-nginx/tcp-8080 (configuration decides)",
			"- users-to-canopsis-nginx/tcp-8443 (configuration decides)",
			"+ users-to-canopsis-nginx/tcp-80 [docker]",
			"+ users-to-canopsis-nginx/tcp-443 [docker]",
			"+ users-to-canopsis-nginx/tcp-8080 [packages]",
			"+ users-to-canopsis-nginx/tcp-8443 [packages]",
			"+ administrators-to-postgresql-ssh/tcp-22",
			"+ administrators-to-rabbitmq-ssh/tcp-22",
			"+ administrators-to-redis-ssh/tcp-22",
			"- api_event_sources-to-canopsis-canopsis_api/tcp-8082 [canopsis_api]",
			"- api_event_sources-to-canopsis-nginx/tcp-8080 [nginx]",
			"- api_event_sources-to-canopsis-nginx/tcp-8443 [nginx]",
			"+ api_event_sources-to-canopsis-nginx/tcp-80 [docker]",
			"+ api_event_sources-to-canopsis-nginx/tcp-443 [docker]",
			"+ api_event_sources-to-canopsis-nginx/tcp-8080 [packages]",
			"+ api_event_sources-to-canopsis-nginx/tcp-8443 [packages]",
			"+ canopsis-to-rabbitmq/tcp-5672",
			"- canopsis-to-redis/tcp-6739 [redis]",
			"+ canopsis-to-redis/tcp-6739",
			"- canopsis-to-redis_sentinel/tcp-26739 [redis_sentinel]",
			"+ canopsis-to-redis_sentinel/tcp-26739 (optional)",
		}},
		{"23.04", "25.10", []string{
			"- lists nginx on tcp/80 [docker]",
			"- lists nginx on tcp/8080 [packages]",
			"- lists redis on tcp/6739",
			"+ lists valkey on tcp/6739",
			"- lists redis_sentinel on tcp/26739 (optional)",
			"+ lists valkey_sentinel on tcp/26739 (optional)",
			"- knows package_repositories as nexus.canopsis.net",
			"+ knows package_repositories as hub.docker.com",
			"- knows administrators (actor)",
			"- knows redis (host)",
			"- knows redis_sentinel (host)",
			"+ knows valkey (host)",
			"+ knows snmp (host)",
			"+ knows cmdb_drivers (actor)",
			"+ knows identity_provider (external)",
			"+ knows remediation_tools (external)",
			"+ knows webhook_targets (external)",
			"+ knows ticketing_tools (external)",
			"- canopsis-to-package_repositories-https/tcp-443 (via proxy)",
			"+ canopsis-to-package_repositories-https/tcp-443",
			"- canopsis-to-redis/tcp-6739",
			"+ canopsis-to-valkey/tcp-6379",
			"- canopsis-to-redis_sentinel/tcp-26739 (optional)",
			"- administrators-to-canopsis-ssh/tcp-22",
			"- administrators-to-mongodb-ssh/tcp-22",
			"- administrators-to-postgresql-ssh/tcp-22",
			"- administrators-to-rabbitmq-ssh/tcp-22",
			"- administrators-to-redis-ssh/tcp-22",
			"- administrators-to-canopsis-rabbitmq_ui/tcp-15672",
			"- snmp_trap_sources-to-canopsis-snmp/udp-162",
			"+ snmp_trap_sources-to-snmp/udp-162",
			"- users-to-canopsis-nginx/tcp-80 [docker]",
			"- users-to-canopsis-nginx/tcp-443 [docker]",
			"- users-to-canopsis-nginx/tcp-8080 [packages]",
			"- users-to-canopsis-nginx/tcp-8443 [packages]",
			"+ users-to-canopsis-nginx/tcp-443",
			"- api_event_sources-to-canopsis-nginx/tcp-80 [docker]",
			"- api_event_sources-to-canopsis-nginx/tcp-443 [docker]",
			"- api_event_sources-to-canopsis-nginx/tcp-8080 [packages]",
			"- api_event_sources-to-canopsis-nginx/tcp-8443 [packages]",
			"+ api_event_sources-to-canopsis-nginx/tcp-443",
			"+ api_event_sources-to-canopsis-canopsis_api/tcp-8082",
			"+ cmdb_drivers-to-canopsis-nginx/tcp-443",
			"+ cmdb_drivers-to-canopsis-canopsis_api/tcp-8082",
			"+ canopsis-to-identity_provider/tcp-80",
			"+ canopsis-to-identity_provider/tcp-443",
			"+ canopsis-to-remediation_tools/tcp-80",
			"+ canopsis-to-remediation_tools/tcp-443",
			"+ canopsis-to-webhook_targets/tcp-80",
			"+ canopsis-to-webhook_targets/tcp-443",
			"+ canopsis-to-ticketing_tools/tcp-80",
			"+ canopsis-to-ticketing_tools/tcp-443",
		}},
	} {
		t.Run(step.from+" to "+step.to, func(t *testing.T) {
			t.Parallel()
			wantLines(t, differences(embedded(t, step.from), embedded(t, step.to)), step.want)
		})
	}
}

// The oldest edition in full, on which the differences build.
func TestEdition44(t *testing.T) {
	t.Parallel()
	wantLines(t, spell(embedded(t, "4.4")), []string{
		"lists mongodb on tcp/27017",
		"lists rabbitmq on tcp/5672",
		"lists rabbitmq_ui on tcp/15672",
		"lists canopsis_api on tcp/8082",
		"lists nginx on tcp/80",
		"lists nginx on tcp/443",
		"lists redis on tcp/6739",
		"lists influxdb on tcp/8086",
		"lists snmp on udp/162",
		"offers nginx or canopsis_api",
		"knows administrators (actor)",
		"knows amqp_event_sources (actor)",
		"knows api_event_sources (actor)",
		"knows canopsis (host)",
		"knows ldap (external)",
		"knows mongodb (host)",
		"knows package_repositories (external)",
		"knows package_repositories as git.canopsis.net",
		"knows package_repositories as hub.docker.com",
		"knows snmp_trap_sources (actor)",
		"knows users (actor)",
		"canopsis-to-package_repositories-https/tcp-443 (via proxy)",
		"users-to-canopsis-nginx/tcp-80",
		"users-to-canopsis-nginx/tcp-443",
		"administrators-to-canopsis-ssh/tcp-22",
		"administrators-to-mongodb-ssh/tcp-22",
		"administrators-to-canopsis-rabbitmq_ui/tcp-15672",
		"amqp_event_sources-to-canopsis-rabbitmq/tcp-5672",
		"api_event_sources-to-canopsis-nginx/tcp-80 [nginx]",
		"api_event_sources-to-canopsis-nginx/tcp-443 [nginx]",
		"api_event_sources-to-canopsis-canopsis_api/tcp-8082 [canopsis_api]",
		"snmp_trap_sources-to-canopsis-snmp/udp-162",
		"canopsis-to-ldap/tcp-389",
		"canopsis-to-ldap/tcp-636",
		"canopsis-to-mongodb/tcp-27017",
	})
}
