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
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// side reads "users canopsis nginx 443-445; ..." as openings: source, destination,
// component, TCP ports. An end in brackets, as in [10.0.0.0/8+10.1.0.0/16], is those
// prefixes.
func side(t *testing.T, text string) []audit.Opening {
	t.Helper()
	var openings []audit.Opening
	peers := func(word string) []packet.Peer {
		list, ok := strings.CutPrefix(word, "[")
		if !ok {
			return audit.Named(word)
		}
		var prefixes []netip.Prefix
		for _, p := range strings.Split(strings.TrimSuffix(list, "]"), "+") {
			prefixes = append(prefixes, netip.MustParsePrefix(p))
		}
		return audit.Prefixes(prefixes...)
	}
	for _, rule := range split(text) {
		words := strings.Fields(rule)
		var first, last uint16
		if n, _ := fmt.Sscanf(words[3], "%d-%d", &first, &last); n == 1 {
			last = first
		}
		openings = append(openings, audit.Opening{
			Key: rule, Source: words[0], Destination: words[1], Component: words[2], Purpose: "internal",
			At: peers(words[1]), Peers: peers(words[0]), Ports: []packet.Ports{packet.PortRange(6, first, last)},
		})
	}
	return openings
}

// differences spells what is opened and closed: "+ KEY: packets", "- KEY: packets".
func differences(d *audit.Diff) string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(d.Opened)) {
		lines = append(lines, "+ "+key+": "+strings.Join(d.Opened[key].Packets, ", "))
	}
	for _, key := range slices.Sorted(maps.Keys(d.Closed)) {
		lines = append(lines, "- "+key+": "+strings.Join(d.Closed[key].Packets, ", "))
	}
	return strings.Join(lines, "; ")
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", "", "", ""},
		{"equal", "a b c 1", "a b c 1", ""},
		{"shared out otherwise", "a b c 8000-8010", "a b c 8000-8005; a b c 8006-8010", ""},
		{"another component of the same ends", "a b c 1", "a b d 1", ""},
		{"opened", "", "a b c 1", "+ a b c 1: tcp/1"},
		{"closed", "a b c 1", "", "- a b c 1: tcp/1"},
		{"wider", "a b c 2", "a b c 1-3", "+ a b c 1-3: tcp/1, tcp/3"},
		{"narrower", "a b c 1-3", "a b c 2", "- a b c 1-3: tcp/1, tcp/3"},
		{"turned round", "a b c 1", "b a c 1", "+ b a c 1: tcp/1; - a b c 1: tcp/1"},
		{"another source", "a b c 1", "x b c 1", "+ x b c 1: tcp/1; - a b c 1: tcp/1"},
		{"a prefix that another source has", "[10.0.0.0/8] b c 1; [11.0.0.0/8] b c 1", "[10.0.0.0/7] b c 1", ""},
		{"half of a prefix", "[10.0.0.0/8] b c 1", "[10.0.0.0/9] b c 1", "- [10.0.0.0/8] b c 1: 10.128.0.0/9 tcp/1"},
		{"both halves of a destination", "a [10.0.0.0/8] c 1", "a [10.0.0.0/9] c 1; a [10.128.0.0/9] c 1", ""},
		{"half of a destination", "a [10.0.0.0/8] c 1", "a [10.0.0.0/9] c 1", "- a [10.0.0.0/8] c 1: tcp/1 at 10.0.0.0/8"},
		{"a host inside a destination", "a [10.0.0.0/8] c 1", "a [10.0.0.0/8] c 1; a [10.1.0.0/16] c 1", ""},
		{"a host inside that has more", "a [10.0.0.0/8] c 1", "a [10.0.0.0/8] c 1; a [10.1.0.0/16] c 2", "+ a [10.1.0.0/16] c 2: tcp/2 at 10.1.0.0/16"},
	} {
		from, to := side(t, c.from), side(t, c.to)
		d := audit.Compare(audit.Side{Openings: from}, audit.Side{Openings: to})
		if got := differences(d); got != c.want || d.Equal != (c.want == "") {
			t.Errorf("%s: equal %t, %s\n  want %s", c.name, d.Equal, got, c.want)
		}
		if len(d.Opened)+len(d.Unchanged) != len(to) {
			t.Errorf("%s: of %d rules, %d are opened and %v unchanged", c.name, len(to), len(d.Opened), d.Unchanged)
		}
		// What opens one way closes the other, and no order matters.
		r := rand.New(rand.NewPCG(1, 2))
		r.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
		r.Shuffle(len(to), func(i, j int) { to[i], to[j] = to[j], to[i] })
		back := audit.Compare(audit.Side{Openings: to}, audit.Side{Openings: from})
		if difference := cmp.Diff(d.Opened, back.Closed, cmp.AllowUnexported(packet.Peer{}, packet.Ports{}), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); difference != "" {
			t.Errorf("%s: backwards, something else is closed than is opened:\n%s", c.name, difference)
		}
	}
}

// What moves and what has other ports is noted, and each rule once.
func TestComparePairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to, want string }{
		{"another destination", "a b c 1", "a x c 1", "destination of c tcp/1 with a: b to x"},
		{"another source", "a b c 1", "x b c 1", "source of c tcp/1 with b: a to x"},
		{"the destination first", "a b c 1", "a x c 1; y b c 1", "destination of c tcp/1 with a: b to x"},
		{"other ports there", "a b c 1", "a x c 2", ""},
		{"another component there", "a b c 1", "a x d 1", ""},
		{"of two, one", "a b c 1", "a x c 1; a y c 1", "destination of c tcp/1 with a: b to x"},
		{"two of one", "a b c 1; a d c 1", "a x c 1", "destination of c tcp/1 with a: b to x"},
		{"other ports", "a b c 1", "a b c 2-3", "a to b c: tcp/1 to tcp/2-3"},
		{"several", "a b c 1; a b c 5", "a b c 2", "a to b c: tcp/1+tcp/5 to tcp/2"},
		{"one that stays", "a b c 1", "a b c 1-2", ""},
	} {
		d := audit.Compare(audit.Side{Openings: side(t, c.from)}, audit.Side{Openings: side(t, c.to)})
		var notes []string
		for _, m := range d.Moved {
			notes = append(notes, fmt.Sprintf("%s of %s %s with %s: %s to %s", m.End, m.Component, m.Ports, m.Other, m.From, m.To))
		}
		for _, p := range d.Changed {
			notes = append(notes, fmt.Sprintf("%s to %s %s: %s to %s", p.Source, p.Destination, p.Component, strings.Join(p.From, "+"), strings.Join(p.To, "+")))
		}
		if got := strings.Join(notes, "; "); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}

// Endpoints and hosts of one side alone are listed, as the purposes tell them apart.
func TestCompareEnds(t *testing.T) {
	t.Parallel()
	from, to := side(t, "users canopsis nginx 1; canopsis redis redis 2"), side(t, "users canopsis nginx 1; canopsis valkey valkey 3; canopsis ldap ldap 4")
	from[0].Purpose, to[0].Purpose, to[2].Purpose = "user_access", "user_access", "external"
	d := audit.Compare(audit.Side{Openings: from}, audit.Side{Openings: to})
	for name, lists := range map[string][2][]string{
		"endpoints of from": {d.OnlyFrom, {"redis"}}, "hosts of from": {d.HostsFrom, {"redis"}},
		"endpoints of to": {d.OnlyTo, {"ldap", "valkey"}}, "hosts of to": {d.HostsTo, {"valkey"}},
	} {
		if !slices.Equal(lists[0], lists[1]) {
			t.Errorf("%s: %v, not %v", name, lists[0], lists[1])
		}
	}
	if want := "2 opened, 1 closed, 1 unchanged. New hosts: valkey. Hosts that go: redis."; d.Summary != want {
		t.Errorf("the summary is %q", d.Summary)
	}
}

// Of an endpoint that no binding names, the ports alone are said, all of them where they
// run across protocols.
func TestPortsOfSeveralProtocols(t *testing.T) {
	t.Parallel()
	opening := func(ports packet.Ports) audit.Side {
		return audit.Side{Openings: []audit.Opening{{
			Key: "users", Source: "users", Destination: "canopsis", Component: "x", Purpose: "internal",
			At: audit.Named("canopsis"), Peers: audit.Named("users"), Ports: []packet.Ports{ports},
		}}}
	}
	const want = "- users: protocols 0-5 and tcp/0-21, tcp/23-65535 and protocols 7-255"
	if got := differences(audit.Compare(opening(packet.Everything()), opening(packet.PortRange(6, 22, 22)))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
