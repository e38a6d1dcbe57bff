package matrix_test

import (
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		place               matrix.Place
		endpoint, component string
		text                string
	}{
		"endpoint":  {matrix.At("canopsis"), "canopsis", "", "canopsis"},
		"component": {matrix.HostOf("nginx"), "", "nginx", "host of nginx"},
		"zero":      {matrix.Place{}, "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if id, ok := test.place.Endpoint(); id != test.endpoint || ok != (test.endpoint != "") {
				t.Errorf("Endpoint() = %q, %t; want %q", id, ok, test.endpoint)
			}
			if id, ok := test.place.Component(); id != test.component || ok != (test.component != "") {
				t.Errorf("Component() = %q, %t; want %q", id, ok, test.component)
			}
			if got := test.place.String(); got != test.text {
				t.Errorf("String() = %q; want %q", got, test.text)
			}
		})
	}
	if matrix.At("redis") == matrix.HostOf("redis") {
		t.Error("the endpoint redis and the host of the component redis are one place")
	}
}

func TestOriginString(t *testing.T) {
	t.Parallel()
	for origin, want := range []string{"invalid", "published", "erratum", "interconnection", "cluster", "additional", "relay", "invalid"} {
		if got := matrix.Origin(origin).String(); got != want {
			t.Errorf("Origin(%d) = %q; want %q", origin, got, want)
		}
	}
	ascending := []matrix.Origin{matrix.Published, matrix.Corrected, matrix.Interconnection, matrix.Cluster, matrix.Additional, matrix.Relayed}
	if want := []matrix.Origin{1, 2, 3, 4, 5, 6}; !slices.Equal(ascending, want) {
		t.Errorf("origins win in the order %v; want %v", ascending, want)
	}
}

func TestPurpose(t *testing.T) {
	t.Parallel()
	want := map[matrix.Purpose]string{
		matrix.Installation:   "installation",
		matrix.Administration: "administration",
		matrix.UserAccess:     "user_access",
		matrix.Events:         "events",
		matrix.Internal:       "internal",
		matrix.Outbound:       "external",
	}
	if got := matrix.Purposes(); len(got) != len(want) {
		t.Errorf("Purposes() = %v; want %d", got, len(want))
	}
	for _, purpose := range matrix.Purposes() {
		if got := purpose.String(); got != want[purpose] {
			t.Errorf("Purpose(%d) = %q; want %q", purpose, got, want[purpose])
		}
		if got, err := matrix.ParsePurpose(want[purpose]); got != purpose || err != nil {
			t.Errorf("ParsePurpose(%q) = %d, %v; want %d", want[purpose], got, err, purpose)
		}
	}
	for _, none := range []matrix.Purpose{0, 7, 255} {
		if got := none.String(); got != "" {
			t.Errorf("Purpose(%d) = %q; want nothing", none, got)
		}
	}
}

func TestParsePurposeRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":         `"" is no purpose`,
		"Events":   `"Events" is no purpose`,
		"outbound": `"outbound" is no purpose`, // the constant's name; users write external
		"event":    `"event" is no purpose`,
	} {
		got, err := matrix.ParsePurpose(text)
		if err == nil || err.Error() != want {
			t.Errorf("ParsePurpose(%q): error %v; want %s", text, err, want)
		}
		if got != 0 {
			t.Errorf("ParsePurpose(%q) = %d beside its error", text, got)
		}
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	for kind, want := range []string{"invalid", "actor", "host", "relay", "external", "invalid"} {
		if got := matrix.Kind(kind).String(); got != want {
			t.Errorf("Kind(%d) = %q; want %q", kind, got, want)
		}
	}
	if kinds := []matrix.Kind{matrix.Actor, matrix.Host, matrix.Relay, matrix.External}; !slices.Equal(kinds, []matrix.Kind{1, 2, 3, 4}) {
		t.Errorf("kinds are %d", kinds)
	}
}

func TestComponentPorts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		offers  []matrix.Offer
		want    string
		process bool
	}{
		"engines, without ports": {nil, "", true},
		"an offer of nothing":    {[]matrix.Offer{{}}, "", true},
		"one offer":              {[]matrix.Offer{{Ports: matrix.MustPorts("tcp/27017")}}, "tcp/27017", false},
		"two options": {[]matrix.Offer{
			{Option: "docker", Ports: matrix.MustPorts("tcp/443", "tcp/80")},
			{Option: "packages", Ports: matrix.MustPorts("tcp/8443", "tcp/443")},
		}, "tcp/80, tcp/443, tcp/8443", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := matrix.Component{ID: "x", Offers: test.offers}
			if got := c.Ports().String(); got != test.want {
				t.Errorf("Ports() = %q; want %q", got, test.want)
			}
			if got := c.IsProcess(); got != test.process {
				t.Errorf("IsProcess() = %t; want %t", got, test.process)
			}
		})
	}
}
