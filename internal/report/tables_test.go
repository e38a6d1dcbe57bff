package report

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// The table is written as it is asked for, and reads back alike.
func TestCSVForms(t *testing.T) {
	t.Parallel()
	plain, err := sample().CSV()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(plain, "\r\n") != strings.Count(plain, "\n") || !strings.HasSuffix(plain, "\r\n") {
		t.Errorf("a row does not end with CRLF: %q", plain)
	}
	want, err := csv.NewReader(strings.NewReader(plain)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, separator := range []rune{',', ';', '\t'} {
		r := sample()
		r.Table = CSVForm{Separator: separator, BOM: true}
		text, err := r.CSV()
		if err != nil {
			t.Fatal(err)
		}
		rest, ok := strings.CutPrefix(text, "\ufeff")
		if !ok {
			t.Errorf("%q: there is no byte order mark", separator)
		}
		reader := csv.NewReader(strings.NewReader(rest))
		reader.Comma = separator
		got, err := reader.ReadAll()
		if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q reads back as %q, %v", separator, got, err)
		}
	}
	if strings.HasPrefix(plain, "\ufeff") {
		t.Error("there is a byte order mark that nobody asked for")
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	w := words()[English]
	for want, specs := range map[string][]string{
		"cleartext":      {"tcp/8080", "tcp/389", "tcp/5672", "tcp/15672", "udp/162", "udp/161"},
		"encrypted":      {"tcp/22", "tcp/443", "tcp/636", "tcp/8443", "tcp/5671", "esp"},
		"as configured":  {"tcp/27017", "tcp/5432", "tcp/6379", "udp/443", "tcp/8000-8100"},
		"not applicable": {"vrrp", "icmp/8", "icmpv6", "ip/253"},
		"cleartext (TCP 389), encrypted (TCP 636)":                            nil,
		"cleartext (TCP 80), as configured (TCP 3000), not applicable (ICMP)": nil,
	} {
		for _, spec := range specs {
			if got := w.encryption(matrix.MustPorts(spec)); got != want {
				t.Errorf("%s is %q, want %q", spec, got, want)
			}
		}
	}
	if got, want := w.encryption(matrix.MustPorts("tcp/389", "tcp/636")), "cleartext (TCP 389), encrypted (TCP 636)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := w.encryption(matrix.MustPorts("icmp", "tcp/80", "tcp/3000")), "cleartext (TCP 80), as configured (TCP 3000), not applicable (ICMP)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPortsInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		specs           []string
		english, french string
	}{
		{[]string{"tcp/8080", "tcp/8443", "udp/8000-8010"}, "TCP 8080, 8443; UDP 8000-8010", "TCP 8080, 8443 ; UDP 8000-8010"},
		{[]string{"vrrp"}, "VRRP", "VRRP"},
		{[]string{"icmp/8"}, "ICMP type 8", "ICMP type 8"},
		{[]string{"icmpv6/1-4"}, "ICMPv6 type 1 code 4", "ICMPv6 type 1 code 4"},
		{[]string{"ip/253"}, "IP protocol 253", "protocole IP 253"},
		{[]string{"sctp/36412"}, "SCTP 36412", "SCTP 36412"},
		{nil, "", ""},
	} {
		ports := matrix.MustPorts(c.specs...)
		if got := words()[English].ports(ports); got != c.english {
			t.Errorf("%q in English is %q, want %q", c.specs, got, c.english)
		}
		if got := words()[French].ports(ports); got != c.french {
			t.Errorf("%q in French is %q, want %q", c.specs, got, c.french)
		}
	}
}

// A flow that several targets and several errata touch says all of them.
func TestNotesNameEveryErratum(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Errata = append(r.Errata, finding("initiators", false, "users-to-front", "canopsis-to-redis", "canopsis-to-redis"))
	text := r.Markdown()
	for _, want := range []string{
		"| erratum redis_port (applied); erratum initiators (not applied) |",
		"| optional; erratum initiators (not applied) |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// A flow without a rule says so, and one that is left out in part says of which
// ports.
func TestEnforcementInWords(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Enforced = append(r.Enforced, Enforced{Name: "gcp", Unenforced: map[string]string{
		"front-to-canopsis-nginx/tcp-8080": "first", "front-to-canopsis-nginx/tcp-8443": "first", "front-to-canopsis-nginx/udp-8443": "second",
	}})
	s := r.sheet()
	i := slices.IndexFunc(s.flows, func(f deployment.Flow) bool { return f.ID == "front-to-canopsis-nginx" })
	f := s.flows[i]
	for target, want := range []string{
		"not enforced TCP 8080: front is not managed",
		"not enforced TCP 8080, TCP 8443: first; not enforced UDP 8443: second",
	} {
		if got := s.enforcement(target, f, f.Rules()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := s.enforcement(1, f, f.Rules()[:2]), "not enforced: first"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := s.enforcement(1, s.flows[0], s.flows[0].Rules()), "no rule"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
