package refusal_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid" // random cases that shrink to the smallest failing one

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func TestPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path  refusal.Path
		text  string
		steps []refusal.Step
	}{
		"nowhere":  {refusal.Path{}, "", nil},
		"argument": {refusal.At("placement"), "placement", []refusal.Step{{Kind: refusal.AttributeStep, Name: "placement"}}},
		"map's element": {refusal.At("placement").Key("redis"), `placement["redis"]`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "placement"}, {Kind: refusal.KeyStep, Name: "redis"},
		}},
		"down to a list's element": {refusal.At("bindings").Key("users").Attribute("cidrs").Index(2), `bindings["users"].cidrs[2]`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "bindings"}, {Kind: refusal.KeyStep, Name: "users"},
			{Kind: refusal.AttributeStep, Name: "cidrs"}, {Kind: refusal.IndexStep, Index: 2},
		}},
		"first element": {refusal.At("exclude").Index(0), `exclude[0]`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "exclude"}, {Kind: refusal.IndexStep},
		}},
		"key that needs quoting": {refusal.At("rules").Key("a\"b\nc"), `rules["a\"b\nc"]`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "rules"}, {Kind: refusal.KeyStep, Name: "a\"b\nc"},
		}},
		"empty key": {refusal.At("relays").Key("").Attribute("ports"), `relays[""].ports`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "relays"}, {Kind: refusal.KeyStep}, {Kind: refusal.AttributeStep, Name: "ports"},
		}},
		"key with accents": {refusal.At("relays").Key("répartiteur"), `relays["répartiteur"]`, []refusal.Step{
			{Kind: refusal.AttributeStep, Name: "relays"}, {Kind: refusal.KeyStep, Name: "répartiteur"},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.path.String(); got != test.text {
				t.Errorf("String() = %s; want %s", got, test.text)
			}
			if got := test.path.Steps(); !slices.Equal(got, test.steps) {
				t.Errorf("Steps() = %+v; want %+v", got, test.steps)
			}
		})
	}
}

// TestPathsShareNothing extends one path in many ways: none may overwrite
// another's last step.
func TestPathsShareNothing(t *testing.T) {
	t.Parallel()
	base := refusal.At("a").Key("b").Attribute("c")
	var paths []refusal.Path
	for i := range 8 {
		paths = append(paths, base.Index(i), base.Index(i).Attribute("d"))
	}
	for i := range 8 {
		if got, want := paths[2*i].String(), fmt.Sprintf(`a["b"].c[%d]`, i); got != want {
			t.Errorf("path %s; want %s", got, want)
		}
		if got, want := paths[2*i+1].String(), fmt.Sprintf(`a["b"].c[%d].d`, i); got != want {
			t.Errorf("path %s; want %s", got, want)
		}
	}
	base.Steps()[0].Name = "changed"
	if got, want := base.String(), `a["b"].c`; got != want {
		t.Errorf("a change of Steps() made the path %s; want %s", got, want)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err            refusal.Error
		detail, inline string
	}{
		"everything": {
			refusal.Error{
				At: refusal.At("component_ports").Key("redsi"), Summary: "Unknown name", Found: `"redsi" is not a component`,
				Nearest: "redis", Allowed: "mongodb, redis", Remedy: `Write component_ports = { redis = ["tcp/6379"] }`,
			},
			`component_ports["redsi"]: "redsi" is not a component.` + "\n" +
				`Did you mean "redis"?` + "\n" +
				`Allowed: mongodb, redis.` + "\n" +
				`Write component_ports = { redis = ["tcp/6379"] }.`,
			`Unknown name: component_ports["redsi"]: "redsi" is not a component. Did you mean "redis"? Allowed: mongodb, redis. Write component_ports = { redis = ["tcp/6379"] }.`,
		},
		"nothing near, nothing to say": {
			refusal.Error{At: refusal.At("page"), Summary: "Empty page", Found: "the text is empty"},
			"page: the text is empty.",
			"Empty page: page: the text is empty.",
		},
		"from nowhere": {
			refusal.Error{Summary: "Too few rules", Found: "rules is empty", Remedy: "Pass data.canopsis_flows.this.rules"},
			"rules is empty.\nPass data.canopsis_flows.this.rules.",
			"Too few rules: rules is empty. Pass data.canopsis_flows.this.rules.",
		},
		"allowed alone": {
			refusal.Error{At: refusal.At("corrections"), Summary: "Unknown value", Found: `"all" is no mode`, Allowed: "apply, none, warn"},
			`corrections: "all" is no mode.` + "\nAllowed: apply, none, warn.",
			`Unknown value: corrections: "all" is no mode. Allowed: apply, none, warn.`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.err.Detail(); got != test.detail {
				t.Errorf("Detail():\n%s\nwant:\n%s", got, test.detail)
			}
			if got := test.err.Error(); got != test.inline {
				t.Errorf("Error():\n%s\nwant:\n%s", got, test.inline)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	allowed := []string{"redis", "mongodb", "canopsis", "redis"}
	before := slices.Clone(allowed)
	var err error = refusal.Unknown(refusal.At("placement").Key("redsi"), "redsi", "a component or a host of this edition", allowed)
	var unknown *refusal.Error
	if !errors.As(err, &unknown) {
		t.Fatalf("Unknown returns a %T", err)
	}
	if unknown.Summary != "Unknown name" || unknown.Nearest != "redis" {
		t.Errorf("summary %q, nearest %q; want Unknown name, redis", unknown.Summary, unknown.Nearest)
	}
	want := `placement["redsi"]: "redsi" is not a component or a host of this edition.` + "\n" +
		`Did you mean "redis"?` + "\n" +
		`Allowed: canopsis, mongodb, redis.`
	if got := unknown.Detail(); got != want {
		t.Errorf("Detail():\n%s\nwant:\n%s", got, want)
	}
	if !slices.Equal(allowed, before) {
		t.Errorf("Unknown changed its argument to %v", allowed)
	}

	none := refusal.Unknown(refusal.At("exclude").Index(1), "x", "known here", nil)
	if got, want := none.Detail(), `exclude[1]: "x" is not known here.`; got != want {
		t.Errorf("Detail() = %q; want %q", got, want)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"":        nil,
		"a":       {"a"},
		"a, b, c": {"c", "a", "b", "a", "c"},
	} {
		if got := refusal.List(names); got != want {
			t.Errorf("List(%v) = %q; want %q", names, got, want)
		}
	}
	names := []string{"b", "a", "b"}
	refusal.List(names)
	if !slices.Equal(names, []string{"b", "a", "b"}) {
		t.Errorf("List changed its argument to %v", names)
	}
}

// known are the names that a configuration of 22.10 may use.
var known = []string{
	"administrators", "amqp_event_sources", "api_event_sources", "canopsis", "canopsis_api", "engines", "https", "ldap",
	"mongodb", "nginx", "package_repositories", "postgresql", "rabbitmq", "rabbitmq_ui", "redis", "redis_sentinel",
	"snmp", "snmp_trap_sources", "ssh", "users",
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		// slips of the fingers
		"redsi": "redis", "reddis": "redis", "rediss": "redis", "edis": "redis",
		"canposis": "canopsis", "mogodb": "mongodb", "ngnix": "nginx", "postgressql": "postgresql",
		"usres": "users", "user": "users", "adminstrators": "administrators", "redis_sentinal": "redis_sentinel",
		// what a name is called elsewhere
		"mongo": "mongodb", "postgres": "postgresql", "rabbit": "rabbitmq", "admin": "administrators",
		"admins": "administrators", "snmp_traps": "snmp_trap_sources", "api": "canopsis_api", "sentinel": "redis_sentinel", "repositories": "package_repositories",
		"engine": "engines", "http": "https",
		// another spelling of the same
		"canopsis-api": "canopsis_api", "Canopsis API": "canopsis_api", " redis ": "redis", "MongoDB": "mongodb",
		"Redis-Sentinel": "redis_sentinel", "RABBITMQ UI": "rabbitmq_ui",
		// itself
		"redis": "redis", "rabbitmq": "rabbitmq",
		// nothing like it
		"xyz": "", "": "", " ": "", "x": "", "elasticsearch": "", "memcached": "", "zabbix": "", "canopsis_to_ldap": "", "redis_cluster": "", strings.Repeat("redis", 50): "", "événements": "",
	} {
		if got := refusal.Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q; want %q", name, got, want)
		}
	}
}

func TestNearestAmongFew(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		candidates []string
		want       string
	}{
		{"redis", nil, ""},
		{"redis", []string{""}, ""},
		{"rat", []string{"mat", "cat", "bat"}, "bat"},              // equally near: the first of the alphabet
		{"rats", []string{"bat", "rat"}, "rat"},                    // nearer beats earlier
		{"Redis", []string{"REDIS", "redis"}, "REDIS"},             // case tells nothing apart
		{"CIDRs", []string{"Cidrs", "named_cidrs"}, "Cidrs"},       // spelt as the candidate is
		{"abcdefghijkl", []string{"abcdefghWXYZ"}, "abcdefghWXYZ"}, // a third of the letters may be wrong
		{"abcdefghijkl", []string{"abcdefgVWXYZ"}, ""},             // more may not
		{"abc", []string{"axy"}, "axy"},                            // two wrong letters always may
		{"ab", []string{"xy"}, ""},                                 // but not all
		{"   redis\t", []string{"redis"}, "redis"},                 // space around it costs nothing
		{"a b c d e", []string{"a_b_c_d_e"}, "a_b_c_d_e"},          // nor inside
		{"a-b-c-d-e", []string{"a_b_c_d_e"}, "a_b_c_d_e"},          // nor do hyphens
		{"ab", []string{"éé"}, ""},
		{"éé", []string{"ab"}, ""}, // letters, not bytes
		{"ééé", []string{"éab"}, "éab"},
		{"éééé", []string{"éabc"}, ""},
		{"ab", []string{"ab_something_long", "something_long_ab"}, ""},         // two letters begin too much
		{"api", []string{"api_event_sources", "canopsis_api"}, "canopsis_api"}, // of what it begins or ends, the shortest
		{"rabbit", []string{"rabbitmq_ui", "rabbitmq"}, "rabbitmq"},
		{"event", []string{"event_z", "event_a", "b_event"}, "b_event"}, // then the alphabet
		{"event_long_name", []string{"event"}, ""},                      // the other way round is not near
	}
	for _, test := range tests {
		if got := refusal.Nearest(test.name, test.candidates); got != test.want {
			t.Errorf("Nearest(%q, %q) = %q; want %q", test.name, test.candidates, got, test.want)
		}
	}
}

func TestNearestIsDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		candidates := rapid.SliceOfN(rapid.StringMatching(`[a-c][a-c_]{0,5}`), 0, 6).Draw(t, "candidates")
		name := rapid.StringMatching(`[a-cA-C _-]{0,7}`).Draw(t, "name")
		got := refusal.Nearest(name, candidates)
		if got != "" && !slices.Contains(candidates, got) {
			t.Fatalf("Nearest(%q, %q) = %q, which is no candidate", name, candidates, got)
		}
		permuted := rapid.Permutation(candidates).Draw(t, "permuted")
		if other := refusal.Nearest(name, permuted); other != got {
			t.Fatalf("Nearest(%q, %q) = %q; of %q it is %q", name, candidates, got, permuted, other)
		}
	})
}

func TestNearestFindsOneSlip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		meant := rapid.SampledFrom([]string{"administrators", "canopsis_api", "mongodb", "package_repositories", "postgresql"}).Draw(t, "meant")
		at := rapid.IntRange(0, len(meant)-1).Draw(t, "at")
		typed := rapid.SampledFrom([]string{
			meant[:at] + meant[at+1:],
			meant[:at] + "x" + meant[at:],
			meant[:at] + "x" + meant[at+1:],
			strings.ToUpper(meant[:at]) + meant[at:],
			strings.ReplaceAll(meant, "_", "-"),
		}).Draw(t, "typed")
		if got := refusal.Nearest(typed, known); got != meant {
			t.Fatalf("Nearest(%q) = %q; want %q", typed, got, meant)
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		refusal.Nearest("canposis-api", known)
	}
}
