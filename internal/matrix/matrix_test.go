package matrix_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestEdition2210KeysAndPurposes(t *testing.T) {
	t.Parallel()
	m := build(t, edition2210())
	var got []string
	for f := range m.Flows() {
		for r := range f.Ports.All() {
			got = append(got, fmt.Sprintf("%s/%s %s", m.FlowID(f), r.Key(), m.PurposeOf(f)))
		}
	}
	want := []string{
		"administrators-to-canopsis-rabbitmq_ui/tcp-15672 administration",
		"administrators-to-canopsis-ssh/tcp-22 administration",
		"administrators-to-mongodb-ssh/tcp-22 administration",
		"amqp_event_sources-to-canopsis-rabbitmq/tcp-5672 events",
		"api_event_sources-to-canopsis-nginx/tcp-8080 events",
		"api_event_sources-to-canopsis-nginx/tcp-8443 events",
		"canopsis-to-ldap/tcp-389 external",
		"canopsis-to-ldap/tcp-636 external",
		"canopsis-to-mongodb/tcp-27017 internal",
		"canopsis-to-package_repositories-https/tcp-443 installation",
		"canopsis-to-postgresql/tcp-5432 internal",
		"canopsis-to-redis/tcp-6739 internal",
		"snmp_trap_sources-to-canopsis-snmp/udp-162 events",
		"users-to-canopsis-nginx/tcp-8080 user_access",
		"users-to-canopsis-nginx/tcp-8443 user_access",
	}
	if !slices.Equal(got, want) {
		t.Errorf("flows:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// town has one endpoint of each kind that purposes tell apart, and two
// components.
func town(flows ...matrix.Flow) *matrix.Draft {
	return &matrix.Draft{
		Endpoints: []matrix.Endpoint{
			{ID: "users", Kind: matrix.Actor},
			{ID: "administrators", Kind: matrix.Actor},
			{ID: "cmdb_drivers", Kind: matrix.Actor},
			{ID: "canopsis", Kind: matrix.Host},
			{ID: "data", Kind: matrix.Host},
			{ID: "proxy", Kind: matrix.Relay},
			{ID: "ldap", Kind: matrix.External},
			{ID: "package_repositories", Kind: matrix.External},
		},
		Components: []matrix.Component{
			{ID: "engines", Host: "canopsis"},
			{ID: "redis", Host: "data", Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/6379")}}},
		},
		Flows: flows,
	}
}

func TestPurposeOf(t *testing.T) {
	t.Parallel()
	m := build(t, town())
	tests := []struct {
		source, destination matrix.Place
		want                string
	}{
		{matrix.At("users"), matrix.At("canopsis"), "user_access"},
		{matrix.At("users"), matrix.At("proxy"), "user_access"},
		{matrix.At("users"), matrix.At("ldap"), "user_access"},
		{matrix.At("administrators"), matrix.At("canopsis"), "administration"},
		{matrix.At("administrators"), matrix.At("proxy"), "administration"},
		{matrix.At("administrators"), matrix.At("package_repositories"), "installation"},
		{matrix.At("cmdb_drivers"), matrix.At("canopsis"), "events"},
		{matrix.At("cmdb_drivers"), matrix.At("ldap"), "events"},
		{matrix.At("ldap"), matrix.At("canopsis"), "events"},
		{matrix.At("canopsis"), matrix.At("data"), "internal"},
		{matrix.At("canopsis"), matrix.At("canopsis"), "internal"},
		{matrix.HostOf("engines"), matrix.HostOf("redis"), "internal"},
		{matrix.At("proxy"), matrix.At("canopsis"), "internal"},
		{matrix.At("canopsis"), matrix.At("proxy"), "internal"},
		{matrix.At("proxy"), matrix.At("proxy"), "internal"},
		{matrix.At("canopsis"), matrix.At("ldap"), "external"},
		{matrix.HostOf("engines"), matrix.At("ldap"), "external"},
		{matrix.At("proxy"), matrix.At("ldap"), "external"},
		{matrix.At("canopsis"), matrix.At("users"), "external"},
		{matrix.At("canopsis"), matrix.At("package_repositories"), "installation"},
		{matrix.At("proxy"), matrix.At("package_repositories"), "installation"},
	}
	for _, test := range tests {
		f := matrix.Flow{Source: test.source, Destination: test.destination}
		if got := m.PurposeOf(f).String(); got != test.want {
			t.Errorf("PurposeOf(%s to %s) = %q; want %q", test.source, test.destination, got, test.want)
		}
		f.Purpose = matrix.Events
		if got := m.PurposeOf(f); got != matrix.Events {
			t.Errorf("PurposeOf(%s to %s) = %q, although the flow says events", test.source, test.destination, got)
		}
	}
}

func TestFlowID(t *testing.T) {
	t.Parallel()
	m := build(t, town())
	tests := []struct {
		source, destination matrix.Place
		component, want     string
	}{
		{matrix.At("users"), matrix.At("canopsis"), "nginx", "users-to-canopsis-nginx"},
		{matrix.At("canopsis"), matrix.At("ldap"), "ldap", "canopsis-to-ldap"},
		{matrix.At("canopsis"), matrix.At("canopsis"), "canopsis", "canopsis-to-canopsis"},
		{matrix.HostOf("engines"), matrix.HostOf("redis"), "redis", "canopsis-to-data-redis"},
		{matrix.HostOf("engines"), matrix.At("data"), "data", "canopsis-to-data"},
		{matrix.At("redis"), matrix.HostOf("ldap"), "x", "-to--x"}, // a component is no endpoint, an endpoint no component
	}
	for _, test := range tests {
		f := matrix.Flow{Source: test.source, Destination: test.destination, Component: test.component}
		if got := m.FlowID(f); got != test.want {
			t.Errorf("FlowID(%s to %s, %s) = %q; want %q", test.source, test.destination, test.component, got, test.want)
		}
	}
}

func TestLookUps(t *testing.T) {
	t.Parallel()
	m := build(t, edition2210())
	if e, ok := m.Endpoint("package_repositories"); !ok || e.Kind != matrix.External ||
		!slices.Equal(e.FQDNs, []string{"docker.canopsis.net", "git.canopsis.net", "hub.docker.com"}) {
		t.Errorf("Endpoint(package_repositories) = %+v, %t", e, ok)
	}
	if c, ok := m.Component("nginx"); !ok || c.Host != "canopsis" || c.Ports().String() != "tcp/8080, tcp/8443" {
		t.Errorf("Component(nginx) = %+v, %t", c, ok)
	}
	for _, id := range []string{"", "a", "nothing", "zz"} {
		if e, ok := m.Endpoint(id); ok || e.ID != "" {
			t.Errorf("Endpoint(%q) = %+v, %t", id, e, ok)
		}
		if c, ok := m.Component(id); ok || c.ID != "" {
			t.Errorf("Component(%q) = %+v, %t", id, c, ok)
		}
	}
	for place, want := range map[matrix.Place]string{
		matrix.At("redis"):       "redis",
		matrix.HostOf("nginx"):   "canopsis",
		matrix.At("nginx"):       "",
		matrix.HostOf("ldap"):    "",
		matrix.HostOf("nothing"): "",
		{}:                       "",
	} {
		if got := m.EndpointAt(place); got != want {
			t.Errorf("EndpointAt(%s) = %q; want %q", place, got, want)
		}
	}
}

func TestIteratorsStopWhereTheLoopDoes(t *testing.T) {
	t.Parallel()
	m := build(t, edition2210())
	var got []string
	for e := range m.Endpoints() {
		if got = append(got, e.ID); len(got) == 2 {
			break
		}
	}
	if want := []string{"administrators", "amqp_event_sources"}; !slices.Equal(got, want) {
		t.Errorf("the first two endpoints are %v; want %v", got, want)
	}
}

func TestTheZeroMatrixIsEmpty(t *testing.T) {
	t.Parallel()
	var zero matrix.Matrix
	if got := dump(&zero); got != "" {
		t.Errorf("the zero matrix has:\n%s", got)
	}
	if empty := build(t, &matrix.Draft{}); !empty.Equal(&zero) || !zero.Equal(build(t, zero.Draft())) {
		t.Error("the zero matrix, its draft's matrix and an empty draft's differ")
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	flow := func(change func(*matrix.Flow), specs ...string) matrix.Flow {
		f := matrix.Flow{
			Source: matrix.At("canopsis"), Destination: matrix.At("data"), Component: "redis",
			Ports: matrix.MustPorts(specs...), Origin: matrix.Published,
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	as := func(origin matrix.Origin, description string) func(*matrix.Flow) {
		return func(f *matrix.Flow) { f.Origin, f.Description = origin, matrix.InOwnWords(description) }
	}
	tests := map[string]struct {
		a, b matrix.Flow
		want matrix.Flow
	}{
		"ports unite": {
			flow(nil, "tcp/6379", "tcp/80"), flow(nil, "udp/6379", "tcp/70-90"),
			flow(nil, "tcp/70-90", "tcp/6379", "udp/6379"),
		},
		"the lowest origin stays, with its words": {
			flow(as(matrix.Cluster, "a"), "tcp/1"), flow(as(matrix.Corrected, "z"), "tcp/1"),
			flow(as(matrix.Corrected, "z"), "tcp/1"),
		},
		"of one origin, the first words in alphabetical order": {
			flow(as(matrix.Published, "b"), "tcp/1"), flow(as(matrix.Published, "a"), "tcp/1"),
			flow(as(matrix.Published, "a"), "tcp/1"),
		},
		"optional only if both are": {
			flow(func(f *matrix.Flow) { f.Optional = true }, "tcp/1"), flow(nil, "tcp/1"),
			flow(nil, "tcp/1"),
		},
		"optional if both are": {
			flow(func(f *matrix.Flow) { f.Optional = true }, "tcp/1"), flow(func(f *matrix.Flow) { f.Optional = true }, "tcp/2"),
			flow(func(f *matrix.Flow) { f.Optional = true }, "tcp/1", "tcp/2"),
		},
		"proxies and configuration, of one alone": {
			flow(func(f *matrix.Flow) { f.ViaProxy, f.ConfigurationDependent = true, true }, "tcp/1"), flow(nil, "tcp/1"),
			flow(func(f *matrix.Flow) { f.ViaProxy, f.ConfigurationDependent = true, true }, "tcp/1"),
		},
		"every erratum, once": {
			flow(func(f *matrix.Flow) { f.Errata = []string{"c", "a"} }, "tcp/1"), flow(func(f *matrix.Flow) { f.Errata = []string{"b", "a"} }, "tcp/1"),
			flow(func(f *matrix.Flow) { f.Errata = []string{"a", "b", "c"} }, "tcp/1"),
		},
		"a purpose that the ends give too": {
			flow(func(f *matrix.Flow) { f.Purpose = matrix.Internal }, "tcp/1"), flow(nil, "tcp/1"),
			flow(func(f *matrix.Flow) { f.Purpose = matrix.Internal }, "tcp/1"),
		},
		"one purpose that both give": {
			flow(func(f *matrix.Flow) { f.Purpose = matrix.Events }, "tcp/1"), flow(func(f *matrix.Flow) { f.Purpose = matrix.Events }, "tcp/1"),
			flow(func(f *matrix.Flow) { f.Purpose = matrix.Events }, "tcp/1"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][]matrix.Flow{{test.a, test.b}, {test.b, test.a}} {
				flows := slices.Collect(build(t, town(order...)).Flows())
				if len(flows) != 1 {
					t.Fatalf("%d flows; want 1: %+v", len(flows), flows)
				}
				if got, want := fmt.Sprintf("%+v", flows[0]), fmt.Sprintf("%+v", test.want); got != want {
					t.Errorf("merged:\n%s\nwant:\n%s", got, want)
				}
			}
		})
	}
}

func TestAFlowsErrataAreASet(t *testing.T) {
	t.Parallel()
	m := build(t, town(matrix.Flow{
		Source: matrix.At("canopsis"), Destination: matrix.At("data"), Component: "redis",
		Ports: matrix.MustPorts("tcp/6379"), Origin: matrix.Published, Errata: []string{"b", "a", "b"},
	}))
	for f := range m.Flows() {
		if want := []string{"a", "b"}; !slices.Equal(f.Errata, want) {
			t.Errorf("errata %v; want %v", f.Errata, want)
		}
	}
}

func TestWhatStaysApart(t *testing.T) {
	t.Parallel()
	base := matrix.Flow{
		Source: matrix.At("canopsis"), Destination: matrix.At("data"), Component: "redis",
		Ports: matrix.MustPorts("tcp/6379"), Origin: matrix.Published,
	}
	for name, change := range map[string]func(*matrix.Flow){
		"another source":            func(f *matrix.Flow) { f.Source = matrix.At("proxy") },
		"a component's host":        func(f *matrix.Flow) { f.Source = matrix.HostOf("engines") },
		"another destination":       func(f *matrix.Flow) { f.Destination = matrix.At("proxy") },
		"another component":         func(f *matrix.Flow) { f.Component = "ssh" },
		"another alternative":       func(f *matrix.Flow) { f.Alternative = "x_or_y" },
		"another option":            func(f *matrix.Flow) { f.Option = "y" },
		"drawn from elsewhere":      func(f *matrix.Flow) { f.Drawn.Source = "canopsis" },
		"drawn to elsewhere":        func(f *matrix.Flow) { f.Drawn.Destination = "data" },
		"moved by another erratum":  func(f *matrix.Flow) { f.Drawn.Erratum = "x" },
		"within a host":             func(f *matrix.Flow) { f.WithinHost = true },
		"another source, same host": func(f *matrix.Flow) { f.Source = matrix.HostOf("redis") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := base
			change(&other)
			flows := slices.Collect(build(t, town(base, other)).Flows())
			if len(flows) != 2 {
				t.Errorf("%d flows; want 2: %+v", len(flows), flows)
			}
		})
	}
}

func TestPurposeConflict(t *testing.T) {
	t.Parallel()
	flow := func(purpose matrix.Purpose, origin matrix.Origin, description string) matrix.Flow {
		return matrix.Flow{
			Source: matrix.At("canopsis"), Destination: matrix.HostOf("redis"), Component: "redis",
			Ports: matrix.MustPorts("tcp/6379"), Purpose: purpose, Origin: origin, Description: matrix.InOwnWords(description),
		}
	}
	tests := map[string]struct {
		flows         []matrix.Flow
		want          string
		first, second matrix.Purpose
	}{
		"described": {
			[]matrix.Flow{flow(matrix.Events, matrix.Additional, "my webhook"), flow(0, matrix.Published, "cache")},
			`two flows become canopsis-to-data-redis with different purposes: "internal" (published: cache) and "events" (additional: my webhook)`,
			matrix.Internal, matrix.Events,
		},
		"without words": {
			[]matrix.Flow{flow(matrix.Outbound, matrix.Cluster, ""), flow(matrix.Installation, matrix.Corrected, "")},
			`two flows become canopsis-to-data-redis with different purposes: "installation" (erratum) and "external" (cluster)`,
			matrix.Installation, matrix.Outbound,
		},
		"by purpose alone": {
			[]matrix.Flow{flow(matrix.Outbound, matrix.Additional, ""), flow(matrix.Events, matrix.Additional, ""), flow(matrix.Events, matrix.Additional, "")},
			`two flows become canopsis-to-data-redis with different purposes: "events" (additional) and "external" (additional)`,
			matrix.Events, matrix.Outbound,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // in the order given, then in the other
				m, err := town(test.flows...).Matrix()
				var conflict *matrix.PurposeConflictError
				if !errors.As(err, &conflict) || err.Error() != test.want {
					t.Fatalf("error %v; want %s", err, test.want)
				}
				if m != nil {
					t.Error("a matrix comes with the error")
				}
				if conflict.Flow != "canopsis-to-data-redis" || conflict.First.Purpose != test.first || conflict.Second.Purpose != test.second {
					t.Errorf("conflict %+v", conflict)
				}
				slices.Reverse(test.flows)
			}
		})
	}
}

func TestDraftRefuses(t *testing.T) {
	t.Parallel()
	const id = `an id matches ^[a-z][a-z0-9_]{0,62}$`
	redis := matrix.Flow{
		Source: matrix.At("canopsis"), Destination: matrix.At("data"), Component: "redis",
		Ports: matrix.MustPorts("tcp/6379"), Origin: matrix.Published,
	}
	add := func(change func(*matrix.Flow)) func(*matrix.Draft) {
		return func(d *matrix.Draft) {
			f := redis
			change(&f)
			d.Flows = append(d.Flows, f)
		}
	}
	tests := map[string]struct {
		change func(*matrix.Draft)
		want   []string
	}{
		"an endpoint's bad id": {
			func(d *matrix.Draft) {
				d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "Canopsis-1", Kind: matrix.Host})
			},
			[]string{`endpoint "Canopsis-1": ` + id},
		},
		"an endpoint without id or kind": {
			func(d *matrix.Draft) { d.Endpoints = append(d.Endpoints, matrix.Endpoint{}) },
			[]string{`endpoint "": ` + id, `endpoint "" has no kind`},
		},
		"a kind that is none": {
			func(d *matrix.Draft) { d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "x", Kind: 5}) },
			[]string{`endpoint "x" has no kind`},
		},
		"an endpoint twice": {
			func(d *matrix.Draft) {
				d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "data", Kind: matrix.Host})
			},
			[]string{`endpoint "data" is given twice`},
		},
		"a component's bad id": {
			func(d *matrix.Draft) {
				d.Components = append(d.Components, matrix.Component{ID: "rabbit-mq", Host: "data"})
			},
			[]string{`component "rabbit-mq": ` + id},
		},
		"a component without a host": {
			func(d *matrix.Draft) { d.Components = append(d.Components, matrix.Component{ID: "nginx"}) },
			[]string{`component "nginx" runs on "", which is no endpoint`},
		},
		"a component on an unknown host": {
			func(d *matrix.Draft) {
				d.Components = append(d.Components, matrix.Component{ID: "nginx", Host: "web"})
			},
			[]string{`component "nginx" runs on "web", which is no endpoint`},
		},
		"a component twice": {
			func(d *matrix.Draft) {
				d.Components = append(d.Components, matrix.Component{ID: "redis", Host: "canopsis"})
			},
			[]string{`component "redis" is given twice`},
		},
		"an alternative twice, not alike": {
			func(d *matrix.Draft) {
				d.Alternatives = []matrix.Alternative{matrix.NewAlternative(true, "a", "b"), matrix.NewAlternative(false, "a", "b")}
			},
			[]string{`alternative "a_or_b" is given twice, with other options`},
		},
		"everything at once": {
			func(d *matrix.Draft) {
				d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "y", Kind: 9}, matrix.Endpoint{ID: "X", Kind: matrix.Host})
				d.Components = append(d.Components, matrix.Component{ID: "nginx", Host: "web"})
			},
			[]string{`endpoint "X": ` + id, `endpoint "y" has no kind`, `component "nginx" runs on "web", which is no endpoint`},
		},
		"an unknown source": {
			add(func(f *matrix.Flow) { f.Source = matrix.At("canposis") }),
			[]string{`flow from canposis to data: "canposis" is neither an endpoint nor a component`},
		},
		"the host of an unknown component": {
			add(func(f *matrix.Flow) { f.Destination = matrix.HostOf("valkey") }),
			[]string{`flow from canopsis to host of valkey: "host of valkey" is neither an endpoint nor a component`},
		},
		"no destination": {
			add(func(f *matrix.Flow) { f.Destination = matrix.Place{} }),
			[]string{`flow from canopsis to : "" is neither an endpoint nor a component`},
		},
		"a flow's bad component": {
			add(func(f *matrix.Flow) { f.Component = "red-is" }),
			[]string{`flow canopsis-to-data-red-is: component "red-is": ` + id},
		},
		"a flow without ports": {
			add(func(f *matrix.Flow) { f.Ports = matrix.Ports{} }),
			[]string{`flow canopsis-to-data-redis has no ports`},
		},
		"a flow without origin": {
			add(func(f *matrix.Flow) { f.Origin = 0 }),
			[]string{`flow canopsis-to-data-redis has no origin`},
		},
		"an origin that is none": {
			add(func(f *matrix.Flow) { f.Origin = 7 }),
			[]string{`flow canopsis-to-data-redis has no origin`},
		},
		"several flows": {
			func(d *matrix.Draft) {
				add(func(f *matrix.Flow) { f.Source = matrix.At("proxy"); f.Origin = 0 })(d)
				add(func(f *matrix.Flow) { f.Ports = matrix.Ports{} })(d)
			},
			[]string{`flow canopsis-to-data-redis has no ports`, `flow proxy-to-data-redis has no origin`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := town(redis)
			test.change(d)
			m, err := d.Matrix()
			if want := "Invalid matrix: " + strings.Join(test.want, ".\nInvalid matrix: ") + "."; err == nil || err.Error() != want {
				t.Errorf("error:\n%v\nwant:\n%s", err, strings.Join(test.want, "\n"))
			}
			if m != nil {
				t.Error("a matrix comes with the error")
			}
		})
	}
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	options := []string{"packages", "docker"}
	install := matrix.NewAlternative(true, options...)
	options[0] = "changed"
	if install.ID != "packages_or_docker" || !install.Labelled || !slices.Equal(install.Options, []string{"packages", "docker"}) {
		t.Errorf("NewAlternative = %+v", install)
	}
	d := &matrix.Draft{Alternatives: []matrix.Alternative{
		matrix.NewAlternative(false, "redis", "redis_sentinel"), install, install,
	}}
	got := fmt.Sprint(slices.Collect(build(t, d).Alternatives()))
	want := "[{packages_or_docker [packages docker] true} {redis_or_redis_sentinel [redis redis_sentinel] false}]"
	if got != want {
		t.Errorf("alternatives %s; want %s", got, want)
	}
}

func TestOffersAreCanonical(t *testing.T) {
	t.Parallel()
	offers := []matrix.Offer{
		{Option: "packages", Ports: matrix.MustPorts("tcp/8443")},
		{Option: "docker", Ports: matrix.MustPorts("tcp/443")},
		{Option: "packages", Ports: matrix.MustPorts("tcp/8080")},
	}
	d := town()
	d.Components[0].Offers = offers
	c, _ := build(t, d).Component("engines")
	if got, want := fmt.Sprint(c.Offers), "[{docker tcp/443} {packages tcp/8080, tcp/8443}]"; got != want {
		t.Errorf("offers %s; want %s", got, want)
	}
	if got, want := fmt.Sprint(offers), "[{packages tcp/8443} {docker tcp/443} {packages tcp/8080}]"; got != want {
		t.Errorf("the draft's offers became %s; want %s", got, want)
	}
}

// TestEqual changes one thing at a time: what a page says makes matrices
// differ, how it words it does not.
func TestEqual(t *testing.T) {
	t.Parallel()
	last := func(d *matrix.Draft) *matrix.Flow { return &d.Flows[len(d.Flows)-1] }
	tests := map[string]struct {
		change func(*matrix.Draft)
		equal  bool
	}{
		"nothing":                  {func(*matrix.Draft) {}, true},
		"an endpoint's name":       {func(d *matrix.Draft) { d.Endpoints[0].Name = "x" }, true},
		"an endpoint's definition": {func(d *matrix.Draft) { d.Endpoints[0].Definition = "x" }, true},
		"a component's name":       {func(d *matrix.Draft) { d.Components[0].Name = "x" }, true},
		"a component's words":      {func(d *matrix.Draft) { d.Components[0].Description = "x" }, true},
		"a flow's words":           {func(d *matrix.Draft) { last(d).Description = matrix.InOwnWords("x") }, true},
		"a flow twice":             {func(d *matrix.Draft) { d.Flows = append(d.Flows, *last(d)) }, true},

		"an endpoint's id":   {func(d *matrix.Draft) { d.Endpoints[2].ID = "x"; d.Flows[5].Source = matrix.At("x") }, false},
		"one endpoint more":  {func(d *matrix.Draft) { d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: "x", Kind: 1}) }, false},
		"a kind":             {func(d *matrix.Draft) { d.Endpoints[0].Kind = matrix.Relay }, false},
		"a host name":        {func(d *matrix.Draft) { d.Endpoints[0].FQDNs = []string{"x.example"} }, false},
		"a component's id":   {func(d *matrix.Draft) { d.Components[0].ID = "x" }, false},
		"one component less": {func(d *matrix.Draft) { d.Components = d.Components[1:] }, false},
		"a host":             {func(d *matrix.Draft) { d.Components[0].Host = "canopsis" }, false},
		"listed":             {func(d *matrix.Draft) { d.Components[0].Listed = false }, false},
		"an optional one":    {func(d *matrix.Draft) { d.Components[0].Optional = true }, false},
		"offered ports":      {func(d *matrix.Draft) { d.Components[0].Offers[0].Ports = matrix.MustPorts("tcp/1") }, false},
		"an offer's option":  {func(d *matrix.Draft) { d.Components[0].Offers[0].Option = "docker" }, false},

		"one flow less":           {func(d *matrix.Draft) { d.Flows = d.Flows[1:] }, false},
		"a source":                {func(d *matrix.Draft) { last(d).Source = matrix.At("ldap") }, false},
		"ports":                   {func(d *matrix.Draft) { last(d).Ports = matrix.MustPorts("tcp/6379") }, false},
		"a purpose":               {func(d *matrix.Draft) { last(d).Purpose = matrix.Events }, false},
		"an origin":               {func(d *matrix.Draft) { last(d).Origin = matrix.Additional }, false},
		"an option":               {func(d *matrix.Draft) { last(d).Option = "redis_sentinel" }, false},
		"an optional flow":        {func(d *matrix.Draft) { last(d).Optional = true }, false},
		"a proxy":                 {func(d *matrix.Draft) { last(d).ViaProxy = true }, false},
		"configuration":           {func(d *matrix.Draft) { last(d).ConfigurationDependent = true }, false},
		"within a host":           {func(d *matrix.Draft) { last(d).WithinHost = true }, false},
		"errata":                  {func(d *matrix.Draft) { last(d).Errata = nil }, false},
		"drawn elsewhere":         {func(d *matrix.Draft) { last(d).Drawn.Source = "canopsis" }, false},
		"alternatives":            {func(d *matrix.Draft) { d.Alternatives = nil }, false},
		"an alternative's id":     {func(d *matrix.Draft) { d.Alternatives[0].ID = "x" }, false},
		"an alternative's labels": {func(d *matrix.Draft) { d.Alternatives[0].Labelled = true }, false},
		"options in their order":  {func(d *matrix.Draft) { slices.Reverse(d.Alternatives[0].Options) }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := edition2210()
			test.change(d)
			a, b := build(t, edition2210()), build(t, d)
			if got := a.Equal(b); got != test.equal {
				t.Errorf("a.Equal(b) = %t; want %t", got, test.equal)
			}
			if got := b.Equal(a); got != test.equal {
				t.Errorf("b.Equal(a) = %t; want %t", got, test.equal)
			}
		})
	}
}

// scribble overwrites whatever a draft's slices hold, nested ones first.
func scribble(d *matrix.Draft) {
	for i := range d.Endpoints {
		fill(d.Endpoints[i].FQDNs, "scribbled")
	}
	for i := range d.Components {
		fill(d.Components[i].Offers, matrix.Offer{Option: "scribbled"})
	}
	for i := range d.Flows {
		fill(d.Flows[i].Errata, "scribbled")
	}
	for i := range d.Alternatives {
		fill(d.Alternatives[i].Options, "scribbled")
	}
	fill(d.Endpoints, matrix.Endpoint{ID: "scribbled"})
	fill(d.Components, matrix.Component{ID: "scribbled"})
	fill(d.Flows, matrix.Flow{Component: "scribbled"})
	fill(d.Alternatives, matrix.Alternative{ID: "scribbled"})
}

func fill[T any](slice []T, value T) {
	for i := range slice {
		slice[i] = value
	}
}

func TestMatrixIsImmutable(t *testing.T) {
	t.Parallel()
	given := edition2210()
	m := build(t, given)
	before := dump(m)
	unchanged := func(t *testing.T, after string) {
		t.Helper()
		if got := dump(m); got != before {
			t.Fatalf("%s, the matrix is\n%s\nit was\n%s", after, got, before)
		}
	}

	scribble(given)
	unchanged(t, "after a change of the draft that it came from")
	scribble(m.Draft())
	unchanged(t, "after a change of a draft of it")
	scribble(&matrix.Draft{
		Endpoints:    slices.Collect(m.Endpoints()),
		Components:   slices.Collect(m.Components()),
		Flows:        slices.Collect(m.Flows()),
		Alternatives: slices.Collect(m.Alternatives()),
	})
	unchanged(t, "after a change of what its iterators yield")
	e, _ := m.Endpoint("package_repositories")
	fill(e.FQDNs, "scribbled")
	c, _ := m.Component("nginx")
	fill(c.Offers, matrix.Offer{})
	unchanged(t, "after a change of what its look-ups return")
}

// dump writes everything that a matrix has, prose included, in its order.
func dump(m *matrix.Matrix) string {
	var text strings.Builder
	for e := range m.Endpoints() {
		fmt.Fprintf(&text, "endpoint %+v\n", e)
	}
	for c := range m.Components() {
		fmt.Fprintf(&text, "component %+v\n", c)
	}
	for f := range m.Flows() {
		fmt.Fprintf(&text, "flow %+v\n", f)
	}
	for a := range m.Alternatives() {
		fmt.Fprintf(&text, "alternative %+v\n", a)
	}
	return text.String()
}

// drawDraft returns a draft over few names, so that flows merge and conflict.
func drawDraft(t *rapid.T) *matrix.Draft {
	hosts := []string{"canopsis", "data", "mongodb"}
	sources := []matrix.Place{matrix.At("canopsis"), matrix.At("users"), matrix.HostOf("redis"), matrix.HostOf("nginx")}
	word := rapid.SampledFrom([]string{"", "a", "b"})
	set := rapid.SliceOfN(rapid.SampledFrom([]string{"p", "q", "r"}), 0, 3)
	offer := rapid.Custom(func(t *rapid.T) matrix.Offer {
		return matrix.Offer{
			Option: rapid.SampledFrom([]string{"", "docker", "packages"}).Draw(t, "option"),
			Ports:  matrix.NewPorts(drawPortRanges(t)...),
		}
	})
	d := &matrix.Draft{Endpoints: []matrix.Endpoint{{ID: "users", Kind: matrix.Actor}}}
	for _, id := range hosts {
		d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: id, Kind: matrix.Host, FQDNs: set.Draw(t, "fqdns")})
	}
	for _, id := range []string{"redis", "nginx", "engines"} {
		d.Components = append(d.Components, matrix.Component{
			ID:     id,
			Host:   rapid.SampledFrom(hosts).Draw(t, "host"),
			Offers: rapid.SliceOfN(offer, 0, 3).Draw(t, "offers"),
		})
	}
	flow := rapid.Custom(func(t *rapid.T) matrix.Flow {
		return matrix.Flow{
			Source:      rapid.SampledFrom(sources).Draw(t, "source"),
			Destination: rapid.SampledFrom([]matrix.Place{matrix.At("data"), matrix.HostOf("redis")}).Draw(t, "destination"),
			Component:   rapid.SampledFrom([]string{"redis", "ssh"}).Draw(t, "component"),
			Ports:       matrix.NewPorts(drawPortRange(t)),
			Purpose:     rapid.SampledFrom([]matrix.Purpose{0, 0, 0, 0, matrix.Internal, matrix.Events}).Draw(t, "purpose"),
			Origin:      rapid.SampledFrom([]matrix.Origin{matrix.Published, matrix.Corrected, matrix.Additional}).Draw(t, "origin"),
			Description: matrix.InOwnWords(word.Draw(t, "description")),
			Optional:    rapid.Bool().Draw(t, "optional"),
			WithinHost:  rapid.Bool().Draw(t, "within host"),
			Errata:      set.Draw(t, "errata"),
		}
	})
	d.Flows = rapid.SliceOfN(flow, 0, 8).Draw(t, "flows")
	d.Alternatives = rapid.SliceOfN(rapid.SampledFrom([]matrix.Alternative{
		matrix.NewAlternative(false, "redis", "redis_sentinel"),
		matrix.NewAlternative(true, "docker", "packages"),
		matrix.NewAlternative(false, "nginx", "canopsis_api"),
	}), 0, 4).Draw(t, "alternatives")
	return d
}

func permute[T any](t *rapid.T, slice []T) []T {
	return rapid.Permutation(slice).Draw(t, "permuted")
}

func TestDraftOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		permuted := &matrix.Draft{
			Endpoints:    permute(t, d.Endpoints),
			Components:   permute(t, d.Components),
			Flows:        permute(t, d.Flows),
			Alternatives: permute(t, d.Alternatives),
		}
		for i := range permuted.Components {
			permuted.Components[i].Offers = permute(t, permuted.Components[i].Offers)
		}
		m, err := d.Matrix()
		other, otherErr := permuted.Matrix()
		if fmt.Sprint(err) != fmt.Sprint(otherErr) {
			t.Fatalf("error %v; of the permuted draft %v", err, otherErr)
		}
		if err != nil {
			return
		}
		if !m.Equal(other) || !other.Equal(m) {
			t.Fatal("the matrices are not equal")
		}
		if got, want := dump(other), dump(m); got != want {
			t.Fatalf("the permuted draft gives\n%s\nwant\n%s", got, want)
		}
	})
}

func TestDraftOfAMatrixGivesItBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, err := drawDraft(t).Matrix()
		if err != nil {
			t.Skip("the flows that were drawn conflict: " + err.Error())
		}
		again, err := m.Draft().Matrix()
		if err != nil {
			t.Fatal(err)
		}
		if !again.Equal(m) {
			t.Fatal("the matrices are not equal")
		}
		if got, want := dump(again), dump(m); got != want {
			t.Fatalf("the matrix became\n%s\nit was\n%s", got, want)
		}
	})
}

// TestMergeKeepsEveryPort compares with sets of strings.
func TestMergeKeepsEveryPort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		for i := range d.Flows {
			d.Flows[i].Purpose = matrix.Internal
		}
		m, err := d.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		between := func(f matrix.Flow) string {
			return fmt.Sprint(f.Source, ">", f.Destination, ">", f.Component, f.WithinHost)
		}
		merged := map[string]matrix.Flow{}
		for f := range m.Flows() {
			if _, ok := merged[between(f)]; ok {
				t.Fatalf("two flows %s", between(f))
			}
			merged[between(f)] = f
		}
		lowest := map[string]matrix.Origin{}
		for _, f := range d.Flows {
			got, ok := merged[between(f)]
			if !ok {
				t.Fatalf("the flow %s is lost", between(f))
			}
			for r := range f.Ports.All() {
				if !got.Ports.Contains(r.Protocol(), r.From()) || !got.Ports.Contains(r.Protocol(), r.To()) {
					t.Fatalf("%s has %v, without %v", between(f), got.Ports, r)
				}
			}
			if now, ok := lowest[between(f)]; !ok || f.Origin < now {
				lowest[between(f)] = f.Origin
			}
		}
		for key, f := range merged {
			if f.Origin != lowest[key] {
				t.Fatalf("%s has origin %v; want %v", key, f.Origin, lowest[key])
			}
		}
		if len(lowest) != len(merged) {
			t.Fatalf("%d flows; want %d", len(merged), len(lowest))
		}
	})
}

func BenchmarkDraftMatrix(b *testing.B) {
	large := town()
	for i := range 1000 {
		id := fmt.Sprintf("host_%d", i)
		large.Endpoints = append(large.Endpoints, matrix.Endpoint{ID: id, Kind: matrix.Host})
		large.Flows = append(large.Flows, matrix.Flow{
			Source: matrix.At("canopsis"), Destination: matrix.At(id), Component: "redis",
			Ports: matrix.MustPorts("tcp/6379"), Origin: matrix.Additional,
		})
	}
	for name, d := range map[string]*matrix.Draft{"12 flows": edition2210(), "1000 flows": large} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Matrix(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
