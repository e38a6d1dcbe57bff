package firewall_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Ids as Neutron makes them.
const (
	groupC = "0000000c-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
	groupD = "0000000d-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
	groupM = "0000000e-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
	groupP = "0000000f-0b1f-4c6d-8e9f-0a1b2c3d4e5f"
)

func TestOpenStackRules(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.OpenStack(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}}},
		"mongodb":  {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupM)}}},
		"users":    {CIDRs: []string{"10.20.0.0/16", "2001:db8::/32"}},
		"vpn":      {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Known("10.0.0.5/32"), "later": firewall.Unknown[string]()}},
		"sites":    {Forms: firewall.Forms{"address_group_id": {Text: firewall.Unknown[string]()}}},
	}, "users canopsis tcp/8080", "canopsis mongodb tcp/27017", "vpn canopsis tcp/22", "sites canopsis udp/162")
	equalKeys(t, result.Rules(firewall.Ingress),
		"10.20.0.0/16-to-canopsis/tcp-8080",
		"2001:db8::/32-to-canopsis/tcp-8080",
		"canopsis-to-mongodb/tcp-27017",
		"canopsis-to-mongodb/tcp-27017-ipv6",
		"jump-to-canopsis/tcp-22",
		"later-to-canopsis/tcp-22",
		"sites-to-canopsis/udp-162",
		"sites-to-canopsis/udp-162-ipv6",
	)
	equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp-27017", "canopsis-to-mongodb/tcp-27017-ipv6")
	row := func(key string, peer map[string]string) {
		t.Helper()
		rule := find(t, result.Rules(firewall.Ingress), key)
		ports := key[strings.LastIndex(key, "/")+1:]
		words := strings.Split(ports, "-")
		want := map[string]string{
			"security_group_id": groupC, "direction": "ingress", "protocol": words[0],
			"port_range_min": words[1], "port_range_max": words[1], "description": key,
		}
		maps.Copy(want, peer)
		equalRow(t, firewall.OpenStack(), rule, want)
	}
	row("10.20.0.0/16-to-canopsis/tcp-8080", map[string]string{"ethertype": "IPv4", "remote_ip_prefix": "10.20.0.0/16"})
	row("2001:db8::/32-to-canopsis/tcp-8080", map[string]string{"ethertype": "IPv6", "remote_ip_prefix": "2001:db8::/32"})
	row("canopsis-to-mongodb/tcp-27017", map[string]string{"security_group_id": groupM, "ethertype": "IPv4", "remote_group_id": groupC})
	row("canopsis-to-mongodb/tcp-27017-ipv6", map[string]string{"security_group_id": groupM, "ethertype": "IPv6", "remote_group_id": groupC})
	row("jump-to-canopsis/tcp-22", map[string]string{"ethertype": "IPv4", "remote_ip_prefix": "10.0.0.5/32"})
	row("later-to-canopsis/tcp-22", map[string]string{"ethertype": "?", "remote_ip_prefix": "?"})
	row("sites-to-canopsis/udp-162", map[string]string{"ethertype": "IPv4", "remote_address_group_id": "?"})
	equalRow(t, firewall.OpenStack(), find(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp-27017-ipv6"), map[string]string{
		"security_group_id": groupC, "direction": "egress", "ethertype": "IPv6", "protocol": "tcp",
		"port_range_min": "27017", "port_range_max": "27017", "remote_group_id": groupM,
		"description": "canopsis-to-mongodb/tcp-27017-ipv6",
	})
	kinds := make(map[string]firewall.PeerKind)
	for _, rule := range result.Rules(firewall.Ingress) {
		kinds[rule.Peer] = rule.PeerKind
	}
	if want := map[string]firewall.PeerKind{
		"10.20.0.0/16": "cidr", "2001:db8::/32": "cidr", "jump": "cidr", "later": "cidr", "canopsis": "security_group", "sites": "address_group",
	}; !maps.Equal(kinds, want) {
		t.Errorf("peer kinds are %v, not %v", kinds, want)
	}
}

// familyNames is the form's value; nil is none.
func familyNames(names []string) firewall.Cell {
	if names == nil {
		return firewall.Cell{}
	}
	return firewall.TextsCell(names...)
}

// A rule between groups or address lists exists in the families that both ends
// have; a prefix says its own.
func TestOpenStackEthertypes(t *testing.T) {
	t.Parallel()
	v4, v6, both := []string{"IPv4"}, []string{"IPv6"}, []string{"IPv6", "IPv4"}
	for _, c := range []struct {
		host, peer []string
		want       []string
	}{
		{nil, nil, []string{"", "-ipv6"}},
		{both, nil, []string{"", "-ipv6"}},
		{nil, v4, []string{""}},
		{v4, both, []string{""}},
		{v6, both, []string{"-ipv6"}},
		{v6, v6, []string{"-ipv6"}},
		{v4, v6, nil},
	} {
		for _, peer := range []firewall.Binding{{Forms: firewall.Forms{"remote_group_id": {Text: firewall.Known(groupP)}}}, {Forms: firewall.Forms{"address_group_id": {Text: firewall.Known(groupP)}}}} {
			peer.Forms["ethertypes"] = familyNames(c.peer)
			result := render(t, firewall.OpenStack(), map[string]firewall.Binding{
				"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}, "ethertypes": familyNames(c.host)}},
				"relay":    peer,
			}, "relay canopsis tcp/8080", "canopsis relay tcp/443")
			var in, out []string
			for _, suffix := range c.want {
				in, out = append(in, "relay-to-canopsis/tcp-8080"+suffix), append(out, "canopsis-to-relay/tcp-443"+suffix)
			}
			equalKeys(t, result.Rules(firewall.Ingress), in...)
			equalKeys(t, result.Rules(firewall.Egress), out...)
			reason := ""
			if c.want == nil {
				reason = "canopsis and relay have no address family in common, by their ethertypes"
			}
			if result.Unenforced["relay-to-canopsis/tcp-8080"] != reason {
				t.Errorf("%v and %v: unenforced is %v", c.host, c.peer, result.Unenforced)
			}
		}
	}
	result := render(t, firewall.OpenStack(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}, "ethertypes": firewall.TextsCell(v4...)}},
		"relay":    {Forms: firewall.Forms{"remote_group_id": {Text: firewall.Known(groupP)}, "ethertypes": firewall.TextsCell(v6...)}, CIDRs: []string{"2001:db8::/32"}},
	}, "relay canopsis tcp/8080")
	equalKeys(t, result.Rules(firewall.Ingress), "2001:db8::/32-to-canopsis/tcp-8080")
}

func TestOpenStackRefusesBindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		binding       firewall.Binding
		summary, at   string
		nearest, text string
	}{
		"group and list": {
			firewall.Binding{Forms: firewall.Forms{"remote_group_id": {Text: firewall.Known(groupP)}, "address_group_id": {Text: firewall.Known(groupD)}}},
			"Two answers in one binding", `bindings["peer"]`, "", "remote_group_id and address_group_id are both set",
		},
		"families of a prefix": {
			firewall.Binding{Forms: firewall.Forms{"ethertypes": firewall.TextsCell("IPv4")}, CIDRs: []string{"10.0.0.0/16"}},
			"Attribute without its own", `bindings["peer"].ethertypes`, "", "security_group_id or remote_group_id or address_group_id",
		},
		"no family": {
			firewall.Binding{Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupP)}, "ethertypes": firewall.TextsCell()}},
			"Empty list", `bindings["peer"].ethertypes`, "", "no address family",
		},
		"unknown family": {
			firewall.Binding{Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupP)}, "ethertypes": firewall.TextsCell("IPv4", "ipv6")}},
			"Unknown name", `bindings["peer"].ethertypes[1]`, "IPv6", `"ipv6"`,
		},
		"the same list twice": {
			firewall.Binding{Forms: firewall.Forms{"address_group_id": {Text: firewall.Known(groupD)}}},
			"Two endpoints that are one", `bindings["peer"]`, "", `"list" and "peer" have the same address_group_id`,
		},
	} {
		wrong := refused(t, firewall.OpenStack(), map[string]firewall.Binding{
			"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}}}, "peer": c.binding, "list": {Forms: firewall.Forms{"address_group_id": {Text: firewall.Known(groupD)}}},
		}, "peer canopsis tcp/8080")
		if wrong.Summary != c.summary || wrong.At.String() != c.at || wrong.Nearest != c.nearest || !strings.Contains(wrong.Found, c.text) {
			t.Errorf("%s: %s at %s near %q: %s", name, wrong.Summary, wrong.At, wrong.Nearest, wrong.Found)
		}
	}
}

// openStackRows renders one rule of every shape of peer for a range of ports.
func openStackRows(t *testing.T, ports string) []map[string]string {
	t.Helper()
	result := render(t, firewall.OpenStack(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}}},
		"mongodb":  {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupM)}}},
		"users":    {CIDRs: []string{"0.0.0.0/0", "::/0"}, Public: true},
		"sites":    {Forms: firewall.Forms{"address_group_id": {Text: firewall.Known(groupD)}}, NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Known("10.0.0.0/8")}},
	}, "users canopsis "+ports, "mongodb canopsis "+ports, "sites canopsis "+ports)
	var rows []map[string]string
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		rows = append(rows, written(firewall.OpenStack(), rule))
	}
	if len(rows) != 9 {
		t.Fatalf("%d rows instead of 9", len(rows))
	}
	return rows
}

// Trap 1: a zero port is read as every port.
func TestOpenStackTrap1NoPortZero(t *testing.T) {
	t.Parallel()
	for ports, want := range map[string][2]string{
		"tcp/1":       {"1", "1"},
		"tcp/1-65534": {"1", "65534"},
		"udp/2-65535": {"2", "65535"},
		"udp/65535":   {"65535", "65535"},
	} {
		for _, row := range openStackRows(t, ports) {
			if row["port_range_min"] != want[0] || row["port_range_max"] != want[1] {
				t.Errorf("%s is rendered %v", ports, row)
			}
		}
	}
}

// Trap 2: what names every port is stored as naming none.
func TestOpenStackTrap2EveryPortIsNoPort(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"tcp", "udp"} {
		for _, row := range openStackRows(t, protocol+"/1-65535") {
			if first, ok := row["port_range_min"]; ok {
				t.Errorf("every port of %s has a first one: %s", protocol, first)
			}
			if last, ok := row["port_range_max"]; ok {
				t.Errorf("every port of %s has a last one: %s", protocol, last)
			}
		}
	}
}

// Trap 3: every argument replaces the rule, its description too.
func TestOpenStackTrap3ReasonsChangeNoArgument(t *testing.T) {
	t.Parallel()
	bindings := map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}}}, "users": {CIDRs: []string{"10.20.0.0/16"}}, "vpn": {CIDRs: []string{"10.20.0.0/16"}},
	}
	one := render(t, firewall.OpenStack(), bindings, "users canopsis tcp/8080").Rules(firewall.Ingress)[0]
	two := render(t, firewall.OpenStack(), bindings, "users canopsis tcp/8080", "vpn canopsis tcp/8080").Rules(firewall.Ingress)[0]
	equalRow(t, firewall.OpenStack(), two, written(firewall.OpenStack(), one))
	if slices.Equal(one.Flows, two.Flows) {
		t.Errorf("the second reason is lost: %v", two.Flows)
	}
}

// Trap 4: a description has at most 255 characters.
func TestOpenStackTrap4DescriptionsFit(t *testing.T) {
	t.Parallel()
	long, longer := "a"+strings.Repeat("b", 62), "c"+strings.Repeat("_", 62)
	result := render(t, firewall.OpenStack(), map[string]firewall.Binding{
		long: attached(groupC), longer: {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupD)}}},
	}, long+" "+longer+" tcp/10000-65535")
	for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
		description := written(firewall.OpenStack(), rule)["description"]
		if description != rule.Key || len(description) > 255 {
			t.Errorf("%d bytes of %q describe %q", len(description), description, rule.Key)
		}
	}
	if len(result.Rules(firewall.Ingress)) != 2 {
		t.Errorf("%d rules instead of 2", len(result.Rules(firewall.Ingress)))
	}
}

// Trap 5: two rules that differ in their description alone are one, and so are
// 0.0.0.0/0 and no prefix. Whatever the bindings, no two rules are equal so.
func TestOpenStackTrap5NoTwoRulesAreEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cidrs := rapid.SliceOfN(rapid.SampledFrom([]string{"10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32"}), 0, 4)
		bindings := map[string]firewall.Binding{
			"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupC)}}, CIDRs: cidrs.Draw(t, "canopsis"), Public: true, Attach: true},
			"mongodb":  {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(groupM)}}, Attach: true},
			"users":    {CIDRs: cidrs.Draw(t, "users"), Public: true},
			"vpn":      {Forms: firewall.Forms{"address_group_id": {Text: firewall.Known(groupD)}}, CIDRs: cidrs.Draw(t, "vpn"), Public: true},
			"sites":    {SameAs: "vpn"},
		}
		rules := make(map[string]deployment.Rule)
		ends := rapid.SampledFrom(slices.Sorted(maps.Keys(bindings)))
		for range rapid.IntRange(1, 12).Draw(t, "rules") {
			r := deployment.Rule{Source: ends.Draw(t, "source"), Destination: ends.Draw(t, "destination"), Purpose: matrix.Events}
			r.Flow = r.Source + "-to-" + r.Destination
			r.Ports = matrix.MustPortRange(rapid.SampledFrom([]string{"tcp/80", "tcp/1-65535", "udp/80"}).Draw(t, "ports"))
			rules[r.Key()] = r
		}
		result, err := firewall.OpenStack().Render(rules, bindings)
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[string]string)
		for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
			row := written(firewall.OpenStack(), rule)
			if row["remote_ip_prefix"] == "0.0.0.0/0" || row["remote_ip_prefix"] == "::/0" {
				delete(row, "remote_ip_prefix")
			}
			delete(row, "description")
			var parts []string
			for _, name := range slices.Sorted(maps.Keys(row)) {
				parts = append(parts, name+"="+row[name])
			}
			text := strings.Join(parts, " ")
			if other, ok := seen[text]; ok {
				t.Fatalf("%s and %s are one rule to Neutron: %s", other, rule.Key, text)
			}
			seen[text] = rule.Key
		}
	})
}

// Trap 7: what Neutron or its provider refuse at plan, or change at apply.
func TestOpenStackTrap7ArgumentsFitTogether(t *testing.T) {
	t.Parallel()
	for _, ports := range []string{"tcp/80", "udp/162", "tcp/8000-8010", "tcp/1-65535"} {
		for _, row := range openStackRows(t, ports) {
			if row["protocol"] != ports[:3] {
				t.Errorf("%s has protocol %q", ports, row["protocol"])
			}
			_, first := row["port_range_min"]
			_, last := row["port_range_max"]
			if first != last {
				t.Errorf("%v has one bound without the other", row)
			}
			remotes := 0
			for _, remote := range []string{"remote_ip_prefix", "remote_group_id", "remote_address_group_id"} {
				if _, ok := row[remote]; ok {
					remotes++
				}
			}
			if remotes != 1 {
				t.Errorf("%v has %d remotes", row, remotes)
			}
			if text, ok := row["remote_ip_prefix"]; ok {
				family := "IPv6"
				if netip.MustParsePrefix(text).Addr().Is4() {
					family = "IPv4"
				}
				if row["ethertype"] != family {
					t.Errorf("%s has ethertype %s", text, row["ethertype"])
				}
			} else if row["ethertype"] != "IPv4" && row["ethertype"] != "IPv6" {
				t.Errorf("a group has ethertype %q", row["ethertype"])
			}
		}
	}
}
