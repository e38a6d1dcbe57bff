package audit_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// row reads "sg-1 tcp 22 10.0.0.0/8" as a rule of AWS: group, protocol, port or
// range or "-", peer. A fifth word is the rule's id.
func row(text string) cloud.Row {
	words := strings.Fields(text)
	r := cloud.Row{"security_group_id": words[0], "ip_protocol": words[1]}
	if words[2] != "-" {
		from, to, isRange := strings.Cut(words[2], "-")
		if !isRange {
			to = from
		}
		r["from_port"], r["to_port"] = from, to
	}
	switch peer := words[3]; {
	case peer == "?":
		r["cidr_ipv4"] = cloud.Unknown{}
	case strings.HasPrefix(peer, "pl-"):
		r["prefix_list_id"] = peer
	case strings.Contains(peer, "sg-"):
		r["referenced_security_group_id"] = peer
	case strings.Contains(peer, ":"):
		r["cidr_ipv6"] = peer
	default:
		r["cidr_ipv4"] = peer
	}
	if len(words) > 4 {
		r["security_group_rule_id"] = words[4]
	}
	return r
}

// of makes the input of ingress rules of one host, mongodb, with the group sg-1.
func of(expected, actual string) audit.Input {
	in := audit.Input{Cloud: cloud.AWS(), Hosts: []string{"mongodb"}, Settings: audit.Settings{Directions: []cloud.Direction{cloud.Ingress}}}
	for i, text := range split(expected) {
		in.Expected = append(in.Expected, audit.Expected{
			Key: fmt.Sprintf("key-%d", i+1), Direction: cloud.Ingress, Host: "mongodb", Flows: []string{fmt.Sprintf("flow-%d", i+1)}, Row: row(text),
		})
	}
	for _, text := range split(actual) {
		in.Actual = append(in.Actual, audit.Actual{Direction: cloud.Ingress, Row: row(text)})
	}
	return in
}

func split(text string) []string {
	var all []string
	for _, part := range strings.Split(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func run(t *testing.T, in audit.Input) *audit.Result {
	t.Helper()
	in.Actual = slices.Clone(in.Actual) // its rows are used up
	result, err := audit.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// verdicts spells the statuses of ingress: those of keys, then of ids, as in "key-1 missing".
func verdicts(r *audit.Result) string {
	const direction = cloud.Ingress
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(r.Expected[direction])) {
		texts = append(texts, key+" "+string(r.Expected[direction][key].Status))
	}
	for _, id := range slices.Sorted(maps.Keys(r.Actual)) {
		if r.Actual[id].Direction == direction {
			texts = append(texts, id+" "+string(r.Actual[id].Status))
		}
	}
	return strings.Join(texts, "; ")
}

// answers in the order of the type.
const (
	no       = audit.No
	notKnown = audit.NotKnown
	yes      = audit.Yes
)

func TestAudit(t *testing.T) {
	t.Parallel()
	const mongo = "sg-1 tcp 27017 10.0.0.0/8"
	for _, c := range []struct {
		name, expected, actual string
		want                   string
		ok                     audit.Answer
	}{
		{"equal", mongo, mongo + " a", "key-1 present", yes},
		{"missing", mongo, "sg-1 tcp 22 sg-9 a", "key-1 missing; a excess", no},
		{"nothing at all is not seen", mongo, "", "key-1 undecided", no},

		// 1: every protocol is the whole line.
		{"-1 covers tcp", mongo, "sg-1 -1 - 10.0.0.0/8 a", "key-1 covered; a excess", no},
		{"every port of tcp never covers -1", "sg-1 -1 - 10.0.0.0/8", "sg-1 tcp 0-65535 10.0.0.0/8 a", "key-1 partial", no},
		{"a protocol without ports is its block", "sg-1 112 - 10.0.0.0/8", "sg-1 112 5-6 10.0.0.0/8 a", "key-1 present", yes},
		{"a code is not every code", "sg-1 icmp 3--1 10.0.0.0/8", "sg-1 icmp 3-4 10.0.0.0/8 a", "key-1 partial", no},

		// 2: atoms are names.
		{"a group is no CIDR", "sg-1 tcp 27017 sg-2", "sg-1 tcp 27017 10.0.0.0/8 a", "key-1 missing; a excess", no},
		{"a group is no other group", "sg-1 tcp 27017 sg-2", "sg-1 tcp 27017 sg-3 a", "key-1 missing; a excess", no},
		{"0.0.0.0/0 covers a group", "sg-1 tcp 27017 sg-2", "sg-1 tcp 27017 0.0.0.0/0 a", "key-1 covered; a excess", no},
		{"both halves cover a group", "sg-1 tcp 27017 sg-2", "sg-1 tcp 27017 0.0.0.0/1 a; sg-1 tcp 27017 128.0.0.0/1 b", "key-1 covered; a excess; b excess", no},
		{"where IPv6 is mentioned, a group has it", "sg-1 tcp 27017 sg-2; sg-1 tcp 1 2001:db8::/32", "sg-1 tcp 27017 0.0.0.0/0 a; sg-1 tcp 1 2001:db8::/32 b", "key-1 partial; key-2 present; a excess", no},

		// 3: spellings.
		{"6 is tcp", mongo, "sg-1 6 27017 10.0.0.0/8 a", "key-1 present", yes},
		{"an account before a group", "sg-1 tcp 22 sg-2", "sg-1 tcp 22 123456789012/sg-2 a", "key-1 present", yes},

		// 4: unions.
		{"two halves cover", mongo, "sg-1 tcp 27017 10.0.0.0/9 a; sg-1 tcp 27017 10.128.0.0/9 b", "key-1 covered", yes},
		{"ranges add up", "sg-1 tcp 8000-8010 10.0.0.0/8", "sg-1 tcp 8000-8005 10.0.0.0/8 a; sg-1 tcp 8006-8010 10.0.0.0/8 b", "key-1 covered", yes},
		{"a part", mongo, "sg-1 tcp 27017 10.0.0.0/9 a", "key-1 partial", no},
		{"a group that nobody manages is not judged", mongo, mongo + " a; sg-9 -1 - 0.0.0.0/0 b", "key-1 present", yes},

		// 5: what may go, may all go together.
		{"of two equal rules one stays", mongo, mongo + " a; " + mongo + " b", "key-1 present; b redundant", yes},
		{"a narrow rule is redundant", mongo, mongo + " b; sg-1 tcp 27017 10.1.0.0/16 a", "key-1 present; a redundant", yes},
		{"the widest stays", "sg-1 tcp 1-10 10.0.0.0/8", "sg-1 tcp 2-3 10.0.0.0/8 a; sg-1 tcp 1-9 10.0.0.0/8 b", "key-1 partial; a redundant", no},
		{"the matched one stays", "sg-1 tcp 27017 10.0.0.0/9; " + mongo, mongo + " a; sg-1 tcp 27017 10.0.0.0/9 b", "key-1 present; key-2 present", yes},

		// 6: one fault is enough, and what is unknown is not right.
		{"unknown", "sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 27017 ?", "sg-1 tcp 22 10.0.0.0/8 a", "key-1 present; key-2 unknown", notKnown},
		{"unknown beside a fault", "sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 27017 ?; sg-1 tcp 1 10.0.0.0/8", "sg-1 tcp 22 10.0.0.0/8 a", "key-1 present; key-2 unknown; key-3 missing", no},
		{"what an unknown rule may want is not excess", "sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 27017 ?", "sg-1 tcp 22 10.0.0.0/8 a; sg-1 tcp 27017 10.0.0.0/8 b", "key-1 present; key-2 unknown; b unknown", notKnown},
		{"what an unknown rule may open is not missing", mongo, "sg-1 tcp 27017 ? a", "key-1 unknown", notKnown},

		// 7: lists without entries.
		{"the same list", "sg-1 tcp 22 pl-1", "sg-1 tcp 22 pl-1 a", "key-1 present", yes},
		{"a list that entries could cover", "sg-1 tcp 22 pl-1", "sg-1 tcp 22 10.0.0.0/8 a", "key-1 undecided; a undecided", no},
		{"an address that a list could have", mongo, "sg-1 tcp 27017 pl-1 a", "key-1 undecided; a undecided", no},
		{"another port of a list", "sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 22 10.0.0.0/8 b; sg-1 tcp 27017 pl-1 a", "key-1 present; a excess", no},

		// 9: a group that nothing mentions.
		{"another group is all there is", mongo, "sg-9 tcp 27017 10.0.0.0/8 a", "key-1 undecided", no},
		{"a group that a peer is", mongo, "sg-9 tcp 27017 sg-1 a", "key-1 missing", no},
	} {
		in := of(c.expected, c.actual)
		result := run(t, in)
		if got := verdicts(result); got != c.want || result.OK != c.ok {
			t.Errorf("%s: ok %d, %s\n  want ok %d, %s\n  %s", c.name, result.OK, got, c.ok, c.want, result.Summary)
		}
		// 16: order changes nothing.
		r := rand.New(rand.NewPCG(1, 2))
		r.Shuffle(len(in.Expected), func(i, j int) { in.Expected[i], in.Expected[j] = in.Expected[j], in.Expected[i] })
		r.Shuffle(len(in.Actual), func(i, j int) { in.Actual[i], in.Actual[j] = in.Actual[j], in.Actual[i] })
		if difference := cmp.Diff(result, run(t, in)); difference != "" {
			t.Errorf("%s: another order gives another result:\n%s", c.name, difference)
		}
	}
}

// Entries decide where they are given, and the line to write is said where not.
func TestListsAreDecidedByTheirEntries(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 27017 10.0.0.0/8", "sg-1 tcp 27017 pl-1 a")
	if got, want := run(t, in).Expected[cloud.Ingress]["key-1"].Remedy, `settings.prefix_lists = { "pl-1" = [...] }`; got != want {
		t.Errorf("the remedy is %q, not %q", got, want)
	}
	in.Settings.Addresses = map[string][]netip.Prefix{"pl-1": {netip.MustParsePrefix("10.0.0.0/9"), netip.MustParsePrefix("10.128.0.0/9")}}
	if result := run(t, in); result.OK != yes || result.Expected[cloud.Ingress]["key-1"].Status != audit.Present {
		t.Errorf("with entries: %+v", result)
	}
	in.Settings.Addresses["pl-1"] = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/9")}
	if result := run(t, in); result.OK != no || result.Expected[cloud.Ingress]["key-1"].Status != audit.Partial {
		t.Errorf("with other entries: %+v", result)
	}
}

// A host of which nothing is seen is never right, and the line to write is said.
func TestHostsThatAreNotSeen(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 22 10.0.0.0/8 a")
	in.Hosts = []string{"mongodb", "redis"}
	result := run(t, in)
	if want := map[string]string{"redis": "no rule says which group it has: settings.groups = { redis = [...] }"}; result.OK != no || !maps.Equal(result.Undecided, want) {
		t.Errorf("ok %d, undecided %v", result.OK, result.Undecided)
	}
	in.Settings.Groups = map[string][]string{"redis": {"sg-2"}}
	if result := run(t, in); result.OK != yes {
		t.Errorf("with its group: %+v", result)
	}
	in.Actual = append(in.Actual, audit.Actual{Direction: cloud.Ingress, Row: row("sg-2 tcp 22 10.0.0.0/8 b")})
	if result := run(t, in); result.OK != no || result.Actual["b"].Status != audit.Excess {
		t.Errorf("a rule in its group: %+v", result)
	}
	in = of("sg-1 tcp 22 10.0.0.0/8", "sg-9 tcp 22 10.0.0.0/8 a")
	want := `nothing that is there mentions sg-1: read its rules, or, if it has none, write settings.groups = { mongodb = ["sg-1"] }`
	if got := run(t, in).Expected[cloud.Ingress]["key-1"].Remedy; got != want {
		t.Errorf("the remedy is %q, not %q", got, want)
	}
}

// Further groups on the same machines count, and one group may serve several hosts.
func TestFurtherGroups(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 443 sg-7 b; sg-ssh tcp 22 10.0.0.0/8 a")
	in.Settings.Groups = map[string][]string{"mongodb": {"sg-ssh"}}
	if got, want := verdicts(run(t, in)), "key-1 covered; b excess"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	in.Hosts = []string{"mongodb", "redis"}
	in.Expected = append(in.Expected, audit.Expected{Key: "key-2", Direction: cloud.Ingress, Host: "redis", Row: row("sg-2 tcp 6379 10.0.0.0/8")})
	in.Actual = append(in.Actual, audit.Actual{Direction: cloud.Ingress, Row: row("sg-2 tcp 6379 10.0.0.0/8 c")})
	in.Settings.Groups["redis"] = []string{"sg-ssh"}
	result := run(t, in)
	if got, want := verdicts(result), "key-1 covered; key-2 present; a excess; b excess"; got != want {
		t.Errorf("shared: %s, want %s", got, want)
	}
	if got := result.Actual["a"].Hosts; !slices.Equal(got, []string{"mongodb", "redis"}) {
		t.Errorf("the shared group's rule is at %v", got)
	}
}

// Only the directions that are asked for are judged.
func TestDirections(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 22 10.0.0.0/8 a")
	in.Actual = append(in.Actual, audit.Actual{Direction: cloud.Egress, Row: row("sg-1 -1 - 0.0.0.0/0 out")})
	if result := run(t, in); result.OK != yes {
		t.Errorf("ingress alone: %+v", result)
	}
	in.Settings.Directions = nil
	if result := run(t, in); result.OK != no || result.Actual["out"].Status != audit.Excess {
		t.Errorf("both: %+v", result)
	}
}

// Other ports in the place of those that are wanted are a pair, and an erratum that
// knows both is named.
func TestPairs(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 6379 sg-2; sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 6739 sg-2 a; sg-1 tcp 22 10.0.0.0/8 b")
	in.Errata = []audit.Erratum{{ID: "redis-port", Flow: "flow-1", Published: packet.PortRange(6, 6739, 6739), Right: packet.PortRange(6, 6379, 6379)}}
	result := run(t, in)
	wanted, found := result.Expected[cloud.Ingress]["key-1"], result.Actual["a"]
	if wanted.Instead != "a" || found.InsteadOf != "key-1" || wanted.Erratum != "redis-port" {
		t.Errorf("the pair is %+v and %+v", wanted, found)
	}
	in.Errata[0].Flow = "flow-2"
	if wanted := run(t, in).Expected[cloud.Ingress]["key-1"]; wanted.Instead != "a" || wanted.Erratum != "" {
		t.Errorf("another flow's erratum: %+v", wanted)
	}
	in = of("sg-1 tcp 6379 sg-2", "sg-1 tcp 6739 sg-2 a; sg-1 tcp 6740 sg-2 b")
	if wanted := run(t, in).Expected[cloud.Ingress]["key-1"]; wanted.Instead != "" {
		t.Errorf("of two, one is taken: %+v", wanted)
	}
}

// What an import takes: equal rules, each id once, none that is undecided.
func TestAdopt(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 23 10.0.0.0/8; sg-1 tcp 24 10.0.0.0/8; sg-1 tcp 25 10.0.0.0/8; sg-1 tcp 26 ?",
		"sg-1 tcp 22 10.0.0.0/8 sgr-1; sg-1 tcp 23 10.0.0.0/7 sgr-2; sg-1 tcp 25 10.0.0.0/8; sg-1 tcp 24 pl-1 sgr-4")
	// 10.0.0.0/7 covers, and is not equal; the rule on 25 has no id.
	if got, want := run(t, in).Adopt[cloud.Ingress], map[string]string{"key-1": "sgr-1"}; !maps.Equal(got, want) {
		t.Errorf("adopt %v, want %v", got, want)
	}
	gcp := audit.Input{Cloud: cloud.GCP(), Settings: audit.Settings{Directions: []cloud.Direction{cloud.Ingress}}}
	rule := func(name string) cloud.Row {
		return cloud.Row{"name": name, "target_tags": []string{"web"}, "source_ranges": []string{"10.0.0.0/8"}, "allow": []cloud.Row{{"protocol": "tcp"}}}
	}
	gcp.Expected = []audit.Expected{{Key: "key", Direction: cloud.Ingress, Host: "web", Row: rule("a")}}
	for name, want := range map[string]int{"a": 1, "b": 0} {
		gcp.Actual = []audit.Actual{{Row: rule(name)}}
		if got := run(t, gcp); got.OK != yes || len(got.Adopt[cloud.Ingress]) != want {
			t.Errorf("a rule of the name %s: %+v", name, got)
		}
	}
}

// Google: priorities, what is disabled, the default of egress, denied names.
func TestGoogle(t *testing.T) {
	t.Parallel()
	rule := func(text string) cloud.Row {
		r := cloud.Row{"name": text, "target_tags": []string{"web"}}
		block := []cloud.Row{{"protocol": "tcp", "ports": []string{"22"}}}
		for _, word := range strings.Fields(text) {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "allow", "deny":
				r[name] = block
			case "priority":
				r[name] = value
			case "disabled":
				r[name] = true
			case "everywhere":
				delete(r, "target_tags")
			default:
				r[name] = strings.Split(value, ",")
			}
		}
		return r
	}
	for _, c := range []struct {
		name   string
		actual []string
		want   string
		ok     audit.Answer
	}{
		{"equal", []string{"allow source_ranges=10.0.0.0/8"}, "key present", yes},
		{"disabled", []string{"allow source_ranges=10.0.0.0/8 disabled"}, "key missing", no},
		{"to every machine", []string{"allow source_ranges=10.0.0.0/8 everywhere"}, "key covered", yes},
		{"no source is everybody", []string{"allow"}, "key covered; allow excess", no},
		{"denied before", []string{"allow source_ranges=10.0.0.0/8", "deny priority=900 source_ranges=10.0.0.0/9"}, "key partial", no},
		{"denied at the same priority", []string{"allow source_ranges=10.0.0.0/8", "deny priority=1000 source_ranges=10.0.0.0/9"}, "key partial", no},
		{"denied behind", []string{"allow source_ranges=10.0.0.0/8", "deny priority=1001 source_ranges=10.0.0.0/9"}, "key present", yes},
		{"what is denied is not excess", []string{"allow source_ranges=0.0.0.0/0", "deny priority=900 source_ranges=0.0.0.0/5,8.0.0.0/7,11.0.0.0/8,12.0.0.0/6,16.0.0.0/4,32.0.0.0/3,64.0.0.0/2,128.0.0.0/1"}, "key covered", yes},
		{"a name is denied", []string{"allow source_ranges=10.0.0.0/8", "deny priority=900 source_tags=bad"}, "key undecided", no},
	} {
		in := audit.Input{Cloud: cloud.GCP(), Hosts: []string{"web"}, Settings: audit.Settings{Directions: []cloud.Direction{cloud.Ingress}},
			Expected: []audit.Expected{{Key: "key", Direction: cloud.Ingress, Host: "web", Row: rule("allow source_ranges=10.0.0.0/8")}}}
		for _, text := range c.actual {
			in.Actual = append(in.Actual, audit.Actual{Row: rule(text)})
		}
		result := run(t, in)
		if got := verdicts(result); got != c.want || result.OK != c.ok {
			t.Errorf("%s: ok %d, %s\n  want ok %d, %s", c.name, result.OK, got, c.ok, c.want)
		}
		in.Settings.Directions = []cloud.Direction{cloud.Egress}
		in.Expected = append(in.Expected, audit.Expected{Key: "out", Direction: cloud.Egress, Host: "web",
			Row: cloud.Row{"name": "out", "direction": "EGRESS", "target_tags": []string{"web"}, "destination_ranges": []string{"10.0.0.0/8"}, "protocol": "tcp"}})
		if result := run(t, in); result.OK != no || result.Actual["web/egress/default"].Status != audit.Excess {
			t.Errorf("%s: egress is open, and ok is %d: %v", c.name, result.OK, result.Actual)
		}
		in.Actual = append(in.Actual, audit.Actual{Row: cloud.Row{"name": "closed", "direction": "EGRESS", "priority": 65534,
			"destination_ranges": []string{"0.0.0.0/0", "::/0"}, "deny": []cloud.Row{{"protocol": "all"}}}},
			audit.Actual{Row: in.Expected[1].Row})
		if result := run(t, in); result.OK != yes {
			t.Errorf("%s: egress is closed: %+v", c.name, result)
		}
	}
}

// What no rule lets through, and the cloud does where no rule decides, is named beside
// the rules: whoever closes that closes what is wanted, too.
func TestDefaultIsNamedAmongWhatLetsThrough(t *testing.T) {
	t.Parallel()
	out := func(name string, ranges []string, more cloud.Row) cloud.Row {
		r := cloud.Row{"name": name, "direction": "EGRESS", "target_tags": []string{"web"}, "destination_ranges": ranges}
		maps.Copy(r, more)
		return r
	}
	tcp := func(ports ...string) cloud.Row {
		return cloud.Row{"allow": []cloud.Row{{"protocol": "tcp", "ports": ports}}}
	}
	closed := out("closed", []string{"0.0.0.0/0", "::/0"}, cloud.Row{"priority": 65534, "deny": []cloud.Row{{"protocol": "all"}}})
	for _, c := range []struct {
		name   string
		actual []cloud.Row
		status audit.Status
		by     []string
	}{
		{"no rule", nil, audit.Covered, []string{"web/egress/default"}},
		{"a rule for one of two ports", []cloud.Row{out("https", []string{"10.0.0.0/8"}, tcp("443"))}, audit.Covered, []string{"https", "web/egress/default"}},
		{"a rule for both", []cloud.Row{out("wide", []string{"10.0.0.0/7"}, tcp("80", "443"))}, audit.Covered, []string{"wide"}},
		{"a rule for one, and the rest denied", []cloud.Row{out("https", []string{"10.0.0.0/8"}, tcp("443")), closed}, audit.Partial, []string{"https"}},
	} {
		in := audit.Input{Cloud: cloud.GCP(), Hosts: []string{"web"}, Settings: audit.Settings{Directions: []cloud.Direction{cloud.Egress}, Groups: map[string][]string{"web": {"web"}}},
			Expected: []audit.Expected{{Key: "key", Direction: cloud.Egress, Host: "web", Row: out("key", []string{"10.0.0.0/8"}, tcp("80", "443"))}}}
		for _, r := range c.actual {
			in.Actual = append(in.Actual, audit.Actual{Row: r})
		}
		if got := run(t, in).Expected[cloud.Egress]["key"]; got.Status != c.status || !slices.Equal(got.By, c.by) {
			t.Errorf("%s: %+v, want %s by %q", c.name, got, c.status, c.by)
		}
	}
}

// What cannot be read is an error at its place, and nothing is judged.
func TestUnreadableRows(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 22 10.0.0.0/8", "sg-1 tcp 22 10.0.0.1/8 a")
	in.Actual[0].Row["source_port"] = 1
	_, err := audit.Run(in)
	if err == nil || !strings.Contains(err.Error(), "actual[0].cidr_ipv4: 10.0.0.1/8 has host bits") || !strings.Contains(err.Error(), "actual[0].source_port") {
		t.Errorf("error %v", err)
	}
	in = of("sg-1 tcp 22 10.0.0.1/8", "")
	if _, err := audit.Run(in); err == nil || !strings.Contains(err.Error(), `expected.ingress["key-1"].cidr_ipv4`) {
		t.Errorf("error %v", err)
	}
}

// A result says what a person needs: how many, the worst by name, what is open and
// what is missing, and what no rule shows.
func TestResult(t *testing.T) {
	t.Parallel()
	result := run(t, of("sg-1 tcp 22 10.0.0.0/8; sg-1 tcp 443 10.0.0.0/8; sg-1 tcp 80 sg-2", "sg-1 tcp 22 0.0.0.0/0 a; sg-1 tcp 443 10.0.0.0/9; sg-1 udp 53 sg-3"))
	want := "1 missing, 1 partial, 2 excess, 1 covered, 1 within. Worst: a is excess; sg-1/ingress/sg-3 (IPv4) udp/53 is excess; key-3 (ingress) is missing."
	if result.Summary != want {
		t.Errorf("the summary is\n%s\nand should be\n%s", result.Summary, want)
	}
	if got := result.Expected[cloud.Ingress]["key-2"]; !slices.Equal(got.Missing, []string{"10.128.0.0/9 tcp/443"}) || !slices.Equal(got.By, []string{"sg-1/ingress/10.0.0.0/9 tcp/443"}) || !slices.Equal(got.Flows, []string{"flow-2"}) {
		t.Errorf("key-2: %+v", got)
	}
	if got := result.Actual["a"]; !slices.Equal(got.Opens, []string{"0.0.0.0/0 except 10.0.0.0/8 tcp/22"}) || !slices.Equal(got.Hosts, []string{"mongodb"}) {
		t.Errorf("a: %+v", got)
	}
	for _, c := range cloud.All() {
		in := audit.Input{Cloud: c}
		if result := run(t, in); len(result.Limits) == 0 || result.OK != yes || result.Summary != "no rule on either side." {
			t.Errorf("%s: %+v", c.Name, result)
		}
	}
}

// What is open of every protocol but a few ports is spelt by the names of protocols,
// as a person would, and never by places on the line of ports.
func TestOpensNamesProtocols(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, wanted, found string
		want                []string
	}{
		{"all traffic, of which one port is wanted", "sg-1 tcp 22 10.0.0.0/8", "sg-1 -1 - 10.0.0.0/8 a",
			[]string{"10.0.0.0/8 protocols 0-5 and tcp/0-21", "10.0.0.0/8 tcp/23-65535 and protocols 7-255"}},
		{"two protocols", "sg-1 tcp 22 10.0.0.0/8; sg-1 udp 53 10.0.0.0/8", "sg-1 -1 - 10.0.0.0/8 a",
			[]string{"10.0.0.0/8 protocols 0-5 and tcp/0-21", "10.0.0.0/8 tcp/23-65535, protocols 7-16 and udp/0-52", "10.0.0.0/8 udp/54-65535 and protocols 18-255"}},
		{"a type of ICMP", "sg-1 icmp 8--1 10.0.0.0/8; sg-1 tcp 1-65535 10.0.0.0/8", "sg-1 -1 - 10.0.0.0/8 a",
			[]string{"10.0.0.0/8 protocol 0 and icmp/types-0-7", "10.0.0.0/8 icmp/types-9-255 and protocols 2-5", "10.0.0.0/8 protocols 7-255"}},
		{"a type of ICMP with its code", "sg-1 icmp 8-3 10.0.0.0/8", "sg-1 icmp - 10.0.0.0/8 a",
			[]string{"10.0.0.0/8 icmp/type-0-code-0-to-type-8-code-2", "10.0.0.0/8 icmp/type-8-code-4-to-type-255-code-255"}},
		{"a protocol without ports", "sg-1 tcp 22 10.0.0.0/8", "sg-1 50 - 10.0.0.0/8 a", []string{"10.0.0.0/8 esp"}},
		{"one without a name", "sg-1 tcp 22 10.0.0.0/8", "sg-1 253 - 10.0.0.0/8 a", []string{"10.0.0.0/8 ip/253"}},
		{"everything", "sg-1 tcp 22 10.0.0.0/8", "sg-1 -1 - 11.0.0.0/8 a", []string{"11.0.0.0/8 everything"}},
	} {
		result := run(t, of(c.wanted, c.found))
		if got := result.Actual["a"]; got == nil || !slices.Equal(got.Opens, c.want) {
			t.Errorf("%s: %+v, want %q", c.name, got, c.want)
		}
	}
}

// Redundant rules may all be removed together: what is let through stays the same.
func TestRedundantRulesGoTogether(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var lines []string
		for i := range 1 + r.IntN(12) {
			first := 1 + r.IntN(6)
			lines = append(lines, fmt.Sprintf("sg-1 tcp %d-%d 10.0.0.0/%d id-%02d", first, first+r.IntN(4), 8+r.IntN(3), i))
		}
		in := of("sg-1 tcp 1-10 10.0.0.0/8; "+strings.Join(strings.Fields(lines[0])[:4], " "), strings.Join(lines, "; "))
		result := run(t, in)
		var all, kept []packet.Rule
		for i, line := range lines {
			rule, _, err := cloud.AWS().Read(row(line), cloud.Ingress, cloud.World{})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, rule.Packets)
			if found := result.Actual[fmt.Sprintf("id-%02d", i)]; found == nil || found.Status != audit.Redundant {
				kept = append(kept, rule.Packets)
			}
		}
		if !packet.New(kept...).Equal(packet.New(all...)) {
			t.Fatalf("%v: without the redundant rules, something is closed: %v", lines, verdicts(result))
		}
	}
}
