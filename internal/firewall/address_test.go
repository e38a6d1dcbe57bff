package firewall_test

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// rowOf spells an entry of a part with the names of its arguments, sorted as they
// are declared; null is left out.
func rowOf(t *testing.T, result *firewall.Result, part, key string) string {
	t.Helper()
	entry := find(t, result.Entries[part], key)
	for _, p := range firewall.Address().Results {
		if p.Name != part {
			continue
		}
		var parts []string
		for i, argument := range p.Arguments {
			text := manifestOf(entry.Cells[i])
			if b, ok := entry.Cells[i].Bool.Get(); ok {
				text = fmt.Sprint(b)
			}
			if text != "null" {
				parts = append(parts, argument.Name+"="+text)
			}
		}
		return strings.Join(parts, " ")
	}
	t.Fatalf("no part %s", part)
	return ""
}

// named6 is the form's value.
func named6(pairs ...string) firewall.Forms {
	return firewall.Forms{"named_ipv6_cidrs": labels(pairs...)}
}

func TestAddressRows(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.Address(), bindings{
		"canopsis": {NamedCIDRs: map[string]firewall.Value[string]{"front": firewall.Unknown[string]()}, Forms: named6("front_ipv6=?")},
		"mongodb":  cidrs("10.2.0.0/28"),
		"users":    cidrs("10.20.0.0/16", "10.20.1.0/24", "2001:db8:20::/48"),
		"office":   {SameAs: "users"},
		"probes":   cidrs("2001:db8:30::/48"),
		"ldap":     {CIDRs: []string{}},
	}, "users canopsis tcp/8443", "users canopsis tcp/8000-8010", "office canopsis tcp/22", "canopsis mongodb tcp/27017", "users canopsis icmp/8",
		"users canopsis icmpv6", "probes canopsis vrrp", "probes mongodb tcp/1", "canopsis ldap tcp/636", "probes canopsis icmp", "users canopsis icmpv6/128")
	equalKeys(t, result.Entries["rows"], "canopsis-to-mongodb/tcp", "probes-to-canopsis/vrrp-ipv6", "users-to-canopsis/icmp", "users-to-canopsis/icmpv6-ipv6", "users-to-canopsis/tcp", "users-to-canopsis/tcp-ipv6")
	equalKeys(t, result.Entries["addresses"], "10.2.0.0/28", "10.20.0.0/16", "2001:db8:20::/48", "2001:db8:30::/48", "front", "front_ipv6")
	equalKeys(t, result.Entries["services"], "icmp-8", "icmpv6", "tcp-22", "tcp-27017", "tcp-8000-8010", "tcp-8443", "vrrp")
	for _, c := range []struct{ part, key, want string }{
		{"rows", "users-to-canopsis/tcp", "name=users-to-canopsis.tcp source=users destination=canopsis protocol=tcp protocol_number=6 ipv6=false " +
			"sources={10.20.0.0/16: 10.20.0.0/16} destinations={front: ?} ports={22: {from_port: 22, to_port: 22}, 8000-8010: {from_port: 8000, to_port: 8010}, 8443: {from_port: 8443, to_port: 8443}} " +
			"services=[tcp-22, tcp-8000-8010, tcp-8443] flows=[office-to-canopsis, users-to-canopsis]"},
		{"rows", "users-to-canopsis/tcp-ipv6", "name=users-to-canopsis.tcp-ipv6 source=users destination=canopsis protocol=tcp protocol_number=6 ipv6=true " +
			"sources={2001:db8:20::/48: 2001:db8:20::/48} destinations={front_ipv6: ?} ports={22: {from_port: 22, to_port: 22}, 8000-8010: {from_port: 8000, to_port: 8010}, 8443: {from_port: 8443, to_port: 8443}} " +
			"services=[tcp-22, tcp-8000-8010, tcp-8443] flows=[office-to-canopsis, users-to-canopsis]"},
		{"rows", "users-to-canopsis/icmp", "name=users-to-canopsis.icmp source=users destination=canopsis protocol=icmp protocol_number=1 ipv6=false " +
			"sources={10.20.0.0/16: 10.20.0.0/16} destinations={front: ?} ports={8: {from_port: 8, to_port: null}} services=[icmp-8] flows=[users-to-canopsis]"},
		{"rows", "users-to-canopsis/icmpv6-ipv6", "name=users-to-canopsis.icmpv6-ipv6 source=users destination=canopsis protocol=icmpv6 protocol_number=58 ipv6=true " +
			"sources={2001:db8:20::/48: 2001:db8:20::/48} destinations={front_ipv6: ?} ports={} services=[icmpv6] flows=[users-to-canopsis]"},
		{"rows", "probes-to-canopsis/vrrp-ipv6", "name=probes-to-canopsis.vrrp-ipv6 source=probes destination=canopsis protocol=vrrp protocol_number=112 ipv6=true " +
			"sources={2001:db8:30::/48: 2001:db8:30::/48} destinations={front_ipv6: ?} ports={} services=[vrrp] flows=[probes-to-canopsis]"},
		{"addresses", "2001:db8:20::/48", "name=2001-db8-20--_48 cidr=2001:db8:20::/48 ipv6=true"},
		{"addresses", "10.20.0.0/16", "name=10.20.0.0_16 cidr=10.20.0.0/16 ipv6=false"},
		{"addresses", "front", "name=front cidr=? ipv6=false"},
		{"services", "tcp-8000-8010", "protocol=tcp protocol_number=6 from_port=8000 to_port=8010"},
		{"services", "icmp-8", "protocol=icmp protocol_number=1 from_port=8"},
		{"services", "vrrp", "protocol=vrrp protocol_number=112"},
	} {
		if got := rowOf(t, result, c.part, c.key); got != c.want {
			t.Errorf("%s %s is\n%s\nnot\n%s", c.part, c.key, got, c.want)
		}
	}
	if want := map[string]string{
		"canopsis-to-ldap/tcp-636": "ldap has no addresses",
		"probes-to-mongodb/tcp-1":  "probes and mongodb have no address family in common",
		"probes-to-canopsis/icmp":  "probes has no IPv4 addresses, and icmp exists in IPv4 alone",
	}; !maps.Equal(result.Unenforced, want) {
		t.Errorf("unenforced is %v", result.Unenforced)
	}
}

// What is known at plan stays when the rest becomes known, and a value that turns
// out to be of another family than its map says is an error.
func TestAddressKeysAreKnown(t *testing.T) {
	t.Parallel()
	given := func(front, front6 string) bindings {
		return bindings{
			"canopsis": {NamedCIDRs: named("front", front), Forms: named6("front_ipv6=" + front6)},
			"users":    cidrs("10.20.0.0/16", "2001:db8:20::/48"),
		}
	}
	planned := render(t, firewall.Address(), given("?", "?"), "users canopsis tcp/8443")
	applied := render(t, firewall.Address(), given("10.0.0.5/32", "2001:db8::5/128"), "users canopsis tcp/8443")
	for part, entries := range planned.Entries {
		equalKeys(t, applied.Entries[part], keys(entries)...)
	}
	if got := rowOf(t, applied, "rows", "users-to-canopsis/tcp-ipv6"); !strings.Contains(got, "destinations={front_ipv6: 2001:db8::5/128}") {
		t.Errorf("applied as %s", got)
	}
	for what, c := range map[string]struct {
		given bindings
		at    string
		says  string
	}{
		"IPv6 among those of IPv4": {given("2001:db8::5/128", "?"), `bindings["canopsis"].named_cidrs["front"]`, "named_ipv6_cidrs"},
		"IPv4 among those of IPv6": {given("?", "10.0.0.5/32"), `bindings["canopsis"].named_ipv6_cidrs["front_ipv6"]`, "named_cidrs"},
		"no prefix":                {given("?", "2001:db8::5"), `bindings["canopsis"].named_ipv6_cidrs["front_ipv6"]`, "2001:db8::5/128"},
		"a name of both families": {bindings{"canopsis": {NamedCIDRs: named("front", "?"), Forms: named6("front=?")}, "users": cidrs("10.20.0.0/16")},
			`bindings["canopsis"].named_ipv6_cidrs["front"]`, "names a prefix of each family"},
		"a name of both families, known": {bindings{"canopsis": {NamedCIDRs: named("front", "10.0.0.5/32"), Forms: named6("front=2001:db8::5/128")}, "users": cidrs("10.20.0.0/16")},
			`bindings["canopsis"].named_ipv6_cidrs["front"]`, "names a prefix of each family"},
		"one prefix twice": {bindings{"canopsis": {Forms: named6("a=2001:db8::5/128", "b=2001:db8::5/128")}, "users": cidrs("10.20.0.0/16")},
			`bindings["canopsis"].named_ipv6_cidrs["b"]`, "name one prefix"},
		"a name that is none": {bindings{"canopsis": {Forms: named6("A-b=2001:db8::5/128")}, "users": cidrs("10.20.0.0/16")},
			`bindings["canopsis"].named_ipv6_cidrs["A-b"]`, "a_b"},
	} {
		wrong := refused(t, firewall.Address(), c.given, "users canopsis tcp/8443")
		if wrong.At.String() != c.at || !strings.Contains(wrong.Error(), c.says) {
			t.Errorf("%s: %v at %s", what, wrong, wrong.At)
		}
	}
}

// Names fit into the narrowest firewall that is known, and differ where keys do.
func TestAddressNamesFit(t *testing.T) {
	t.Parallel()
	first, second := "a"+strings.Repeat("b", 62), "a"+strings.Repeat("b", 61)+"c"
	result := render(t, firewall.Address(), bindings{
		first: cidrs("10.0.0.0/24"), second: {NamedCIDRs: named(strings.Repeat("n", 63), "10.1.0.0/24")}, "web": cidrs("2001:db8:1234:5678:9abc:def0:1234:5678/128", "10.2.0.0/24"),
	}, first+" web tcp/80", second+" web tcp/80", "web web ip/253")
	seen := make(map[string]bool)
	for _, row := range result.Entries["rows"] {
		name := spell(row.Cells[0].Text)
		if len(name) > 35 || seen[name] || strings.ContainsAny(name, "/:") {
			t.Errorf("%s is called %q", row.Key, name)
		}
		seen[name] = true
	}
	for _, address := range result.Entries["addresses"] {
		if name := spell(address.Cells[0].Text); len(name) > 63 || strings.ContainsAny(name, "/:") {
			t.Errorf("%s is called %q", address.Key, name)
		}
	}
	if got := spell(find(t, result.Entries["rows"], "web-to-web/ip-253").Cells[0].Text); got != "web-to-web.ip-253" {
		t.Errorf("a row is called %q", got)
	}
}

// TestAddressRowsPassWhatTheRulesAllow compares rows with the rules, address for
// address: a packet passes where some rule's source and destination have its
// addresses, in one family, and no row names nobody.
func TestAddressRowsPassWhatTheRulesAllow(t *testing.T) {
	t.Parallel()
	universe := []string{"10.0.0.1", "10.0.1.1", "10.1.0.1", "172.16.0.1", "2001:db8::1", "2001:db8:1::1"}
	blocks := []string{"10.0.0.0/16", "10.0.0.0/24", "10.1.0.0/16", "172.16.0.0/12", "2001:db8::/48", "2001:db8:1::/48", "2001:db8::/32"}
	probes := []string{"tcp/80", "tcp/81", "tcp/443", "udp/80", "icmp/8", "icmp/3-4", "icmpv6/128", "vrrp"}
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"canopsis", "mongodb", "users", "ldap"}
		given, has := make(bindings), make(map[string][]netip.Prefix)
		for _, id := range ids {
			prefixes := rapid.SliceOfN(rapid.SampledFrom(blocks), 0, 3).Draw(t, id)
			given[id] = firewall.Binding{CIDRs: append([]string{}, prefixes...)}
			for _, prefix := range prefixes {
				has[id] = append(has[id], netip.MustParsePrefix(prefix))
			}
		}
		rules := make(map[string]firewallRule)
		for range rapid.IntRange(0, 8).Draw(t, "rules") {
			ends := rapid.SampledFrom(ids)
			r := ruleOf(ends.Draw(t, "source") + " " + ends.Draw(t, "destination") + " " +
				rapid.SampledFrom([]string{"tcp/80", "tcp/80-81", "tcp/443", "udp/80", "icmp", "icmp/8", "icmp/3-4", "icmpv6", "icmpv6/128", "vrrp"}).Draw(t, "ports"))
			rules[r.Key()] = r
		}
		result, err := firewall.Address().Render(rules, given)
		if err != nil {
			t.Fatal(err)
		}
		in := func(prefixes []netip.Prefix, address netip.Addr) bool {
			return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(address) })
		}
		for _, from := range universe {
			for _, to := range universe {
				for _, probe := range probes {
					source, destination, ports := netip.MustParseAddr(from), netip.MustParseAddr(to), matrix.MustPortRange(probe)
					if source.Is4() != destination.Is4() || ports.Protocol() == matrix.ICMP && source.Is6() || ports.Protocol() == matrix.ICMPv6 && source.Is4() {
						continue
					}
					allowed := false
					for _, r := range rules {
						first, last, _ := r.Ports.Line()
						low, high, _ := ports.Line()
						allowed = allowed || r.Ports.Protocol() == ports.Protocol() && first <= low && high <= last && in(has[r.Source], source) && in(has[r.Destination], destination)
					}
					if passes := rowsPass(result.Entries["rows"], source, destination, ports); passes != allowed {
						t.Fatalf("%s to %s on %s: the rules allow it: %t, the rows let it pass: %t\nwith %v", from, to, probe, allowed, passes, keys(result.Entries["rows"]))
					}
				}
			}
		}
		for _, row := range result.Entries["rows"] {
			if len(row.Cells[6].Nested.Object) == 0 || len(row.Cells[7].Nested.Object) == 0 {
				t.Fatalf("%s names nobody, which may be everybody", row.Key)
			}
		}
	})
}

// rowsPass reads rows as their documentation says.
func rowsPass(rows []firewall.Bound, source, destination netip.Addr, ports matrix.PortRange) bool {
	side := func(cell firewall.Cell, address netip.Addr) bool {
		for _, prefix := range cell.Nested.Object {
			if text, _ := prefix.Text.Get(); netip.MustParsePrefix(text).Contains(address) {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(rows, func(row firewall.Bound) bool {
		number, _ := row.Cells[4].Number.Get()
		if number != int64(ports.Protocol()) || !side(row.Cells[6], source) || !side(row.Cells[7], destination) {
			return false
		}
		if len(row.Cells[8].Nested.Object) == 0 {
			return true
		}
		for _, one := range row.Cells[8].Nested.Object {
			from, hasFrom := one.Nested.Object["from_port"].Number.Get()
			to, hasTo := one.Nested.Object["to_port"].Number.Get()
			if ports.Protocol().IsICMP() {
				if hasFrom && int64(ports.From()) == from && (!hasTo || ports.To() != matrix.None && int64(ports.To()) == to) {
					return true
				}
			} else if from <= int64(ports.From()) && int64(ports.To()) <= to {
				return true
			}
		}
		return false
	})
}

// No order of the input changes anything, and a prefix more changes no other row.
func TestAddressRowsStay(t *testing.T) {
	t.Parallel()
	of := func(users ...string) *firewall.Result {
		return render(t, firewall.Address(), bindings{"canopsis": cidrs("10.0.0.0/24"), "users": cidrs(users...), "vpn": cidrs("10.50.0.0/16")}, "users canopsis tcp/8443", "vpn canopsis tcp/8443")
	}
	straight := of("10.20.0.0/16", "10.21.0.0/16")
	if reversed := of("10.21.0.0/16", "10.20.0.0/16", "10.20.0.0/16"); !reflect.DeepEqual(straight, reversed) {
		t.Errorf("the order of prefixes changes\n%+v\nto\n%+v", straight, reversed)
	}
	if more := of("10.20.0.0/16", "10.21.0.0/16", "10.22.0.0/16"); !reflect.DeepEqual(find(t, straight.Entries["rows"], "vpn-to-canopsis/tcp"), find(t, more.Entries["rows"], "vpn-to-canopsis/tcp")) {
		t.Errorf("another peer's prefix changes a row")
	}
}
