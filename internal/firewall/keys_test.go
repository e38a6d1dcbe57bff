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

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

type firewallRule = deployment.Rule

func TestKeysAreSentences(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.AWS(), bindings{
		"canopsis":       {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known("sg-00000001")}}, CIDRs: []string{"10.9.0.0/24"}},
		"mongodb":        group("sg-00000002"),
		"users":          {CIDRs: []string{"10.20.0.0/16", "2001:DB8::/32"}},
		"administrators": {NamedCIDRs: named("bastion", "?", "office", "10.30.0.0/24"), CIDRs: []string{"10.40.0.0/16"}},
		"probes":         {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Unknown[string]()}}},
		"vpn":            {SameAs: "users"},
		"sites":          {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Unknown[string]()}, "prefix_list_max_entries": {Number: firewall.Unknown[int64]()}}, CIDRs: []string{"10.50.0.0/16"}},
	},
		"users canopsis tcp/8080", "vpn canopsis tcp/8000-8010", "administrators canopsis tcp/22", "probes canopsis udp/162",
		"sites canopsis tcp/5672", "canopsis mongodb tcp/27017", "mongodb mongodb tcp/27017", "canopsis vpn tcp/443",
	)
	equalKeys(t, result.Rules(firewall.Ingress),
		"10.20.0.0/16-to-canopsis/tcp-8000-8010",
		"10.20.0.0/16-to-canopsis/tcp-8080",
		"10.40.0.0/16-to-canopsis/tcp-22",
		"10.50.0.0/16-to-canopsis/tcp-5672",
		"10.9.0.0/24-to-mongodb/tcp-27017",
		"2001:db8::/32-to-canopsis/tcp-8000-8010",
		"2001:db8::/32-to-canopsis/tcp-8080",
		"bastion-to-canopsis/tcp-22",
		"canopsis-to-mongodb/tcp-27017",
		"mongodb-to-mongodb/tcp-27017",
		"office-to-canopsis/tcp-22",
		"probes-to-canopsis/udp-162",
		"sites-to-canopsis/tcp-5672",
	)
	equalKeys(t, result.Rules(firewall.Egress),
		"canopsis-to-10.20.0.0/16/tcp-443",
		"canopsis-to-2001:db8::/32/tcp-443",
		"canopsis-to-mongodb/tcp-27017",
		"mongodb-to-mongodb/tcp-27017",
	)
	for key, want := range map[string]firewall.Bound{
		"10.20.0.0/16-to-canopsis/tcp-8080": {Host: "canopsis", Peer: "10.20.0.0/16", PeerKind: "cidr", Flows: []string{"users-to-canopsis"}},
		"bastion-to-canopsis/tcp-22":        {Host: "canopsis", Peer: "bastion", PeerKind: "cidr", Flows: []string{"administrators-to-canopsis"}},
		"probes-to-canopsis/udp-162":        {Host: "canopsis", Peer: "probes", PeerKind: "security_group", Flows: []string{"probes-to-canopsis"}},
		"sites-to-canopsis/tcp-5672":        {Host: "canopsis", Peer: "sites", PeerKind: "prefix_list", Flows: []string{"sites-to-canopsis"}},
		"canopsis-to-mongodb/tcp-27017":     {Host: "mongodb", Peer: "canopsis", PeerKind: "security_group", Flows: []string{"canopsis-to-mongodb"}},
	} {
		got := find(t, result.Rules(firewall.Ingress), key)
		if got.Host != want.Host || got.Peer != want.Peer || got.PeerKind != want.PeerKind || !slices.Equal(got.Flows, want.Flows) {
			t.Errorf("%s is %+v, not %+v", key, got, want)
		}
	}
	egress := find(t, result.Rules(firewall.Egress), "canopsis-to-10.20.0.0/16/tcp-443")
	if egress.Host != "canopsis" || egress.Peer != "10.20.0.0/16" || !slices.Equal(egress.Flows, []string{"canopsis-to-vpn"}) {
		t.Errorf("egress is %+v", egress)
	}
}

// A CIDR that another one covers goes, across endpoints too, and its flows go to
// the one that covers it; on other ports it stays. Neighbours are never joined.
func TestCoveredCIDRsHandOverTheirFlows(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.AWS(), bindings{
		"canopsis": group("sg-00000001"),
		"users":    cidrs("10.20.0.0/16", "10.20.3.0/24", "10.21.0.0/16", "2001:db8:1::/48", "10.20.0.0/16"),
		"vpn":      cidrs("10.20.128.0/17", "10.20.3.4/32", "2001:db8::/32"),
		"probes":   cidrs("10.20.3.0/24", "10.22.0.0/16"),
	},
		"users canopsis tcp/8080", "vpn canopsis tcp/8080", "probes canopsis tcp/8080",
		"vpn canopsis tcp/8443", "probes canopsis tcp/8443",
		"canopsis users tcp/8080",
	)
	flows := func(rules []firewall.Bound) map[string]string {
		found := make(map[string]string)
		for _, rule := range rules {
			found[rule.Key] = strings.Join(rule.Flows, " ")
		}
		return found
	}
	want := map[string]string{
		"10.20.0.0/16-to-canopsis/tcp-8080":   "probes-to-canopsis users-to-canopsis vpn-to-canopsis",
		"10.21.0.0/16-to-canopsis/tcp-8080":   "users-to-canopsis",
		"10.22.0.0/16-to-canopsis/tcp-8080":   "probes-to-canopsis",
		"2001:db8::/32-to-canopsis/tcp-8080":  "users-to-canopsis vpn-to-canopsis",
		"10.20.3.0/24-to-canopsis/tcp-8443":   "probes-to-canopsis vpn-to-canopsis",
		"10.20.128.0/17-to-canopsis/tcp-8443": "vpn-to-canopsis",
		"10.22.0.0/16-to-canopsis/tcp-8443":   "probes-to-canopsis",
		"2001:db8::/32-to-canopsis/tcp-8443":  "vpn-to-canopsis",
	}
	if got := flows(result.Rules(firewall.Ingress)); !maps.Equal(got, want) {
		t.Errorf("ingress\n%v\nnot\n%v", got, want)
	}
	want = map[string]string{
		"canopsis-to-10.20.0.0/16/tcp-8080":    "canopsis-to-users",
		"canopsis-to-10.21.0.0/16/tcp-8080":    "canopsis-to-users",
		"canopsis-to-2001:db8:1::/48/tcp-8080": "canopsis-to-users",
	}
	if got := flows(result.Rules(firewall.Egress)); !maps.Equal(got, want) {
		t.Errorf("egress\n%v\nnot\n%v", got, want)
	}
}

// Named CIDRs are never merged by value: at plan nobody knows theirs.
func TestNamedCIDRsAreNeverMergedByValue(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"?", "10.20.3.0/24", "10.0.0.0/8"} {
		result := render(t, firewall.AWS(), bindings{
			"canopsis": group("sg-00000001"),
			"users":    {CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("office", prefix, "other", "10.20.3.4/32")},
			"vpn":      {NamedCIDRs: named("office", prefix)},
		}, "users canopsis tcp/8080", "vpn canopsis tcp/8080")
		equalKeys(t, result.Rules(firewall.Ingress), "10.20.0.0/16-to-canopsis/tcp-8080", "office-to-canopsis/tcp-8080", "other-to-canopsis/tcp-8080")
		if flows := find(t, result.Rules(firewall.Ingress), "office-to-canopsis/tcp-8080").Flows; !slices.Equal(flows, []string{"users-to-canopsis", "vpn-to-canopsis"}) {
			t.Errorf("the flows of a name in two bindings are %v", flows)
		}
	}
}

// A name that is known in one binding is known in the rule, whichever binding
// comes first.
func TestNameIsKnownFromEitherBinding(t *testing.T) {
	t.Parallel()
	for _, given := range []bindings{
		{"canopsis": group("sg-00000001"), "users": {NamedCIDRs: named("office", "?")}, "vpn": {NamedCIDRs: named("office", "10.20.0.0/16")}},
		{"canopsis": group("sg-00000001"), "vpn": {NamedCIDRs: named("office", "?")}, "users": {NamedCIDRs: named("office", "10.20.0.0/16")}},
	} {
		result := render(t, firewall.AWS(), given, "users canopsis tcp/8080", "vpn canopsis tcp/8080")
		rule := find(t, result.Rules(firewall.Ingress), "office-to-canopsis/tcp-8080")
		if got := written(firewall.AWS(), rule)["cidr_ipv4"]; got != "10.20.0.0/16" {
			t.Errorf("cidr_ipv4 is %q", got)
		}
	}
}

// Both ends of a rule may be one party, by same_as or by the rule itself: then
// the host's group may reach itself.
func TestBothEndsAreOneParty(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"canopsis mongodb tcp/27017", "mongodb canopsis tcp/27017", "mongodb mongodb tcp/27017"} {
		result := render(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "mongodb": {SameAs: "canopsis"}}, line)
		want := map[string]string{
			"security_group_id": "sg-00000001", "referenced_security_group_id": "sg-00000001", "ip_protocol": "tcp",
			"from_port": "27017", "to_port": "27017", "description": "canopsis-to-canopsis/tcp-27017",
		}
		equalKeys(t, result.Rules(firewall.Ingress), "canopsis-to-canopsis/tcp-27017")
		equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-canopsis/tcp-27017")
		equalRow(t, firewall.AWS(), result.Rules(firewall.Ingress)[0], want)
		equalRow(t, firewall.AWS(), result.Rules(firewall.Egress)[0], want)
		if len(result.Counts) != 1 || len(result.Unenforced) != 0 {
			t.Errorf("%s: counts %v, unenforced %v", line, result.Counts, result.Unenforced)
		}
	}
}

// An alias is the other endpoint, managed or not.
func TestSameAsIsTheOtherEndpoint(t *testing.T) {
	t.Parallel()
	lines := []string{"users canopsis tcp/8080", "canopsis users tcp/162"}
	aliased := render(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "users": {SameAs: "vpn"}, "vpn": cidrs("10.20.0.0/16")}, lines...)
	direct := render(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "users": cidrs("10.20.0.0/16")}, lines...)
	if !reflect.DeepEqual(aliased, direct) {
		t.Errorf("the alias gives\n%+v\nnot\n%+v", aliased, direct)
	}
	// Attached to the managed endpoint under its own name.
	result := render(t, firewall.AWS(), bindings{"canopsis": {SameAs: "web"}, "web": group("sg-00000001"), "users": cidrs("10.20.0.0/16")}, lines...)
	equalKeys(t, result.Rules(firewall.Ingress), "10.20.0.0/16-to-web/tcp-8080")
	equalKeys(t, result.Rules(firewall.Egress), "web-to-10.20.0.0/16/tcp-162")
	if got := slices.Collect(maps.Keys(result.Counts)); !slices.Equal(got, []string{"web"}) {
		t.Errorf("counts of %v", got)
	}
}

func TestUnmanagedGroupIsAPeerAlone(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.AWS(), bindings{
		"canopsis": group("sg-00000001"), "bastion": {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000009")}}}, "ldap": cidrs("10.1.0.0/24"),
	}, "bastion canopsis tcp/22", "canopsis bastion tcp/162", "bastion ldap tcp/636")
	equalKeys(t, result.Rules(firewall.Ingress), "bastion-to-canopsis/tcp-22")
	equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-bastion/tcp-162")
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		if row := written(firewall.AWS(), rule); row["security_group_id"] != "sg-00000001" || row["referenced_security_group_id"] != "sg-00000009" {
			t.Errorf("%s: %v", rule.Key, row)
		}
	}
	want := map[string]string{"bastion-to-ldap/tcp-636": "neither end is managed here: bastion and ldap have no security_group_id to attach rules to"}
	if !maps.Equal(result.Unenforced, want) {
		t.Errorf("unenforced is %v, not %v", result.Unenforced, want)
	}
	if got := slices.Collect(maps.Keys(result.Counts)); !slices.Equal(got, []string{"canopsis"}) {
		t.Errorf("counts of %v", got)
	}
}

func TestNoRulesGiveNoRules(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		result, err := c.Render(nil, bindings{"canopsis": c.bind("x")})
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		count := result.Counts["canopsis"]
		if len(result.Rules(firewall.Ingress))+len(result.Rules(firewall.Egress))+len(result.Unenforced) != 0 || len(result.Counts) != 1 || count.Ingress != firewall.Known[int64](0) || count.Egress != firewall.Known[int64](0) {
			t.Errorf("%s: %+v", c.Name, result)
		}
		if result, err := c.Render(nil, nil); err != nil || len(result.Counts) != 0 {
			t.Errorf("%s of nothing: %+v, %v", c.Name, result, err)
		}
	}
}

// drawn is a call with random bindings in a small universe, so that prefixes
// meet often.
type drawn struct {
	rules    map[string]firewallRule
	bindings bindings
}

func drawPrefix(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "family") == 0 {
		bits := rapid.IntRange(30, 34).Draw(t, "bits")
		address := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, rapid.Byte().Draw(t, "byte")})
		return netip.PrefixFrom(address, bits).Masked().String()
	}
	bits := rapid.IntRange(12, 16).Draw(t, "bits")
	address := netip.AddrFrom4([4]byte{10, rapid.ByteMax(31).Draw(t, "byte")})
	return netip.PrefixFrom(address, bits).Masked().String()
}

// drawCall draws valid bindings: hosts, lists, names, an alias.
func drawCall(t *rapid.T, c cloud) drawn {
	endpoints := []string{"canopsis", "mongodb", "users", "vpn", "ldap"}
	d := drawn{rules: make(map[string]firewallRule), bindings: make(bindings)}
	for range rapid.IntRange(1, 8).Draw(t, "rules") {
		r := firewallRule{
			Source:      rapid.SampledFrom(endpoints).Draw(t, "source"),
			Destination: rapid.SampledFrom(endpoints).Draw(t, "destination"),
			Component:   "service",
			Purpose:     matrix.UserAccess,
			Ports:       matrix.MustPortRange(rapid.SampledFrom([]string{"tcp/80", "tcp/80-90", "udp/53"}).Draw(t, "ports")),
		}
		r.Flow = r.Source + "-to-" + r.Destination + rapid.SampledFrom([]string{"-a", "-b"}).Draw(t, "component")
		d.rules[r.Key()] = r
	}
	listed := make(map[string]bool)
	for _, id := range endpoints {
		b := cidrs()
		if id == "canopsis" || id == "mongodb" {
			b = c.bind(id)
			b.Attach = true // whatever the rules drawn make of it
		}
		for range rapid.IntRange(0, 5).Draw(t, "cidrs") {
			prefix := drawPrefix(t)
			listed[prefix] = true
			b.CIDRs = append(b.CIDRs, prefix)
		}
		d.bindings[id] = b
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "names") {
		prefix := drawPrefix(t)
		if listed[prefix] {
			continue
		}
		listed[prefix] = true
		for range 2 {
			id := rapid.SampledFrom(endpoints).Draw(t, "named")
			b := d.bindings[id]
			if b.NamedCIDRs == nil {
				b.NamedCIDRs = named()
			}
			b.NamedCIDRs[fmt.Sprintf("name_%d", i)] = firewall.Known(prefix)
			d.bindings[id] = b
		}
	}
	if rapid.Bool().Draw(t, "alias") {
		d.bindings["vpn"] = firewall.Binding{SameAs: rapid.SampledFrom([]string{"canopsis", "mongodb", "users", "ldap"}).Draw(t, "same as")}
	}
	return d
}

func (d drawn) render(t *rapid.T, c cloud) *firewall.Result {
	result, err := c.Render(d.rules, d.bindings)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return result
}

// with returns the call with another binding of an endpoint.
func (d drawn) with(id string, change func(*firewall.Binding)) drawn {
	b := d.bindings[id]
	b.CIDRs = slices.Clone(b.CIDRs)
	b.NamedCIDRs = maps.Clone(b.NamedCIDRs)
	change(&b)
	changed := drawn{d.rules, maps.Clone(d.bindings)}
	changed.bindings[id] = b
	return changed
}

func TestPermutedAndRepeatedInputChangesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				d := drawCall(t, c)
				want := d.render(t, c)
				for _, id := range slices.Sorted(maps.Keys(d.bindings)) {
					d = d.with(id, func(b *firewall.Binding) {
						if len(b.CIDRs) > 0 {
							b.CIDRs = rapid.Permutation(append(b.CIDRs, b.CIDRs[0])).Draw(t, "permutation")
						}
					})
				}
				if got := d.render(t, c); !reflect.DeepEqual(got, want) {
					t.Fatalf("permuted input gives\n%+v\nnot\n%+v", got, want)
				}
			})
		})
	}
}

// One CIDR more adds keys of its own and takes those of listed CIDRs that it
// covers. Google, whose keys name endpoints, loses none.
func TestAnotherCIDRAddsKeys(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				d := drawCall(t, c)
				id := rapid.SampledFrom([]string{"canopsis", "mongodb", "users", "ldap"}).Draw(t, "endpoint")
				prefix := drawPrefix(t)
				for _, b := range d.bindings {
					for _, value := range b.NamedCIDRs {
						if text, _ := value.Get(); text == prefix {
							t.Skip("the prefix has a name")
						}
					}
				}
				before := d.render(t, c)
				after := d.with(id, func(b *firewall.Binding) { b.CIDRs = append(b.CIDRs, prefix) }).render(t, c)
				added := netip.MustParsePrefix(prefix)
				for _, of := range []struct{ before, after []firewall.Bound }{{before.Rules(firewall.Ingress), after.Rules(firewall.Ingress)}, {before.Rules(firewall.Egress), after.Rules(firewall.Egress)}} {
					for _, rule := range of.before {
						if slices.Contains(keys(of.after), rule.Key) {
							continue
						}
						gone, err := netip.ParsePrefix(rule.Peer)
						if err != nil || gone.Bits() <= added.Bits() || !added.Contains(gone.Addr()) {
							t.Fatalf("%s more in %s takes %s away", prefix, id, rule.Key)
						}
					}
					for _, rule := range of.after {
						if !slices.Contains(keys(of.before), rule.Key) && rule.Peer != prefix && (c.Name != "gcp" || rule.Peer != id) {
							t.Fatalf("%s more in %s adds %s", prefix, id, rule.Key)
						}
					}
				}
			})
		})
	}
}

// Identifiers and named prefixes may be anything, or unknown: keys, peers and
// flows stay.
func TestKeysDependOnNoIdentifier(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				d := drawCall(t, c)
				want := d.render(t, c)
				for _, id := range slices.Sorted(maps.Keys(d.bindings)) {
					d = d.with(id, func(b *firewall.Binding) {
						if b.SameAs != "" {
							return
						}
						if id == "canopsis" || id == "mongodb" {
							identified := rapid.SampledFrom([]firewall.Binding{c.unknown, c.bind("other-" + id)}).Draw(t, "identifier")
							b.Forms = identified.Forms
						}
						for name := range b.NamedCIDRs {
							b.NamedCIDRs[name] = firewall.Unknown[string]()
						}
					})
				}
				got := d.render(t, c)
				for _, of := range []struct{ got, want []firewall.Bound }{{got.Rules(firewall.Ingress), want.Rules(firewall.Ingress)}, {got.Rules(firewall.Egress), want.Rules(firewall.Egress)}} {
					if !slices.EqualFunc(of.got, of.want, func(a, b firewall.Bound) bool {
						return a.Key == b.Key && a.Host == b.Host && a.Peer == b.Peer && a.PeerKind == b.PeerKind && slices.Equal(a.Flows, b.Flows)
					}) {
						t.Fatalf("with other identifiers keys are\n%v\nnot\n%v", keys(of.got), keys(of.want))
					}
				}
				if !maps.Equal(got.Unenforced, want.Unenforced) {
					t.Fatalf("with other identifiers unenforced is\n%v\nnot\n%v", got.Unenforced, want.Unenforced)
				}
				if !maps.Equal(got.Counts, want.Counts) {
					t.Fatalf("with other identifiers counts are\n%v\nnot\n%v", got.Counts, want.Counts)
				}
			})
		})
	}
}

// A name means one prefix in the whole call: where one binding knows it, the rule
// that another's binding makes too is known, whichever is read first.
func TestANameThatOneBindingKnowsIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		for range 20 { // bindings have no order
			result := render(t, c.Target, map[string]firewall.Binding{
				"canopsis": c.bind("canopsis"), "users": {NamedCIDRs: named("vpn", "?")}, "partners": {NamedCIDRs: named("vpn", "10.8.0.0/24")},
			}, "users canopsis tcp/8443", "partners canopsis tcp/8443")
			rules := result.Rules(firewall.Ingress)
			if len(rules) != 1 {
				t.Fatalf("%s: %d rules, not one: %v", c.Name, len(rules), keys(rules))
			}
			var prefixes string
			for _, attribute := range c.prefixes {
				prefixes += written(c.Target, rules[0])[attribute]
			}
			if !strings.Contains(prefixes, "10.8.0.0/24") {
				t.Fatalf("%s: the prefix that one binding knows is %q", c.Name, prefixes)
			}
		}
	}
}
