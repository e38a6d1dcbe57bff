package edition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	components := map[string]bool{"engines": true}
	for _, e := range edition.All() {
		m, err := e.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		for c := range m.Components() {
			components[c.ID] = true
		}
	}
	for _, c := range edition.Interconnections() {
		if !matrix.IsID(c.ID) || c.Name == "" || c.Evidence == "" || c.Confidence.String() == "invalid" {
			t.Errorf("incomplete: %+v", c)
		}
		if (c.Instead == "") == (len(c.Links) == 0) {
			t.Errorf("%s has %d flows and says %q instead", c.ID, len(c.Links), c.Instead)
		}
		used := make(map[string]bool)
		for _, link := range c.Links {
			for _, end := range []string{link.From, link.To} {
				used[end] = true
				if _, ok := c.Party(end); !ok && !components[end] && end != edition.EveryHost {
					t.Errorf("%s: %q is neither a component nor a party", c.ID, end)
				}
			}
			if link.Description == "" {
				t.Errorf("%s: %s to %s says not what for", c.ID, link.From, link.To)
			}
			if p, ok := c.Party(link.To); ok && p.Ports.IsEmpty() != (p.PortsHint != "") {
				t.Errorf("%s: %s listens on %q and hints %q", c.ID, p.ID, p.Ports, p.PortsHint)
			}
		}
		for _, p := range c.Parties {
			if !matrix.IsID(p.ID) || p.Name == "" || !used[p.ID] {
				t.Errorf("%s: party %+v is incomplete or no end of a flow", c.ID, p)
			}
		}
	}
}

func TestDirectionAndNeeds(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"zabbix_webhook":          "inbound nginx",
		"rundeck":                 "outbound engines",
		"prometheus_alertmanager": "inbound rabbitmq",
		"email_pop3":              "outbound rabbitmq",
		"logstash_out":            "internal engines",
		"patroni_etcd":            "internal postgresql",
		"dns":                     "outbound ",
		"syslog":                  "none ",
	}
	for _, c := range edition.Interconnections() {
		if text, ok := want[c.ID]; ok {
			if got := c.Direction() + " " + strings.Join(c.Needs(), " "); got != text {
				t.Errorf("%s: %q; want %q", c.ID, got, text)
			}
			delete(want, c.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("not in the catalogue: %v", want)
	}
}

func TestFindInterconnections(t *testing.T) {
	t.Parallel()
	found, err := edition.FindInterconnections([]string{"ntp", "dns", "ntp"})
	if err != nil || len(found) != 2 || found[0].ID != "dns" || found[1].ID != "ntp" {
		t.Errorf("dns and ntp, named three times: %+v, %v", found, err)
	}
	found, err = edition.FindInterconnections([]string{"syslog", "dsn", "dns"})
	if len(found) != 1 || found[0].ID != "dns" {
		t.Errorf("found %+v; want dns alone", found)
	}
	text := fmt.Sprint(err)
	for _, want := range []string{`"dsn" is not an interconnection of the catalogue. Did you mean "dns"?`, `"syslog" (Syslog) opens nothing`, "logstash_in"} {
		if !strings.Contains(text, want) {
			t.Errorf("errors are %q; want them to say %q", text, want)
		}
	}
}

func TestWithPartiesKeepsWhatThePageKnows(t *testing.T) {
	t.Parallel()
	e, err := edition.Find("25.10")
	if err != nil {
		t.Fatal(err)
	}
	published, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := edition.FindInterconnections([]string{"ldap", "cas", "webhooks", "snmp_trap_connector", "logstash_in", "email_out", "awx"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := edition.WithParties(published, chosen)
	if err != nil {
		t.Fatal(err)
	}
	var added []string
	for e := range m.Endpoints() {
		if _, ok := published.Endpoint(e.ID); !ok {
			added = append(added, e.ID+" "+e.Kind.String())
		}
	}
	for c := range m.Components() {
		if _, ok := published.Component(c.ID); !ok {
			added = append(added, c.ID+" on "+c.Host+" "+c.Ports().String())
		}
	}
	want := []string{
		"awx external", "log_sources actor", "logstash host", "smtp_server external",
		"logstash_beats on logstash tcp/5044", "logstash_http on logstash tcp/31311",
	}
	if !slices.Equal(added, want) {
		t.Errorf("added %q; want %q", added, want)
	}
	if !edition.IsConnector("logstash_beats") || edition.IsConnector("awx") || edition.IsConnector("logstash") {
		t.Error("a connector is a component that the catalogue brings")
	}
}

func TestConfidenceInWords(t *testing.T) {
	t.Parallel()
	for confidence, want := range map[edition.Confidence]string{
		edition.VendorFile:      "the vendor's own files",
		edition.VendorExample:   "the vendor's own files, by example",
		edition.UpstreamDefault: "upstream default",
		0:                       "invalid",
	} {
		if got := confidence.String(); got != want {
			t.Errorf("%d is %q; want %q", confidence, got, want)
		}
	}
}

func TestMembershipsAreComponentsWithEvidence(t *testing.T) {
	t.Parallel()
	var got []string
	for _, m := range edition.Memberships() {
		got = append(got, fmt.Sprintf("%s own=%t %s %s", m.Component, m.OwnPorts, m.Ports, m.Confidence))
		if !matrix.IsID(m.Component) || m.Evidence == "" || m.Description == "" {
			t.Errorf("incomplete: %+v", m)
		}
	}
	want := []string{
		"consul own=false tcp/8300-8302, udp/8301-8302 upstream default",
		"etcd own=false tcp/2380 upstream default",
		"mongodb own=true  the vendor's own files",
		"postgresql own=true tcp/8008 upstream default",
		"rabbitmq own=false tcp/4369, tcp/25672 upstream default",
		"redis own=true  upstream default",
		"redis_sentinel own=true  upstream default",
		"valkey own=true  upstream default",
		"valkey_sentinel own=true  upstream default",
		"vrrp own=false vrrp upstream default",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}
