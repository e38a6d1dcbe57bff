package audit_test

import (
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// Neutron's rules: the ethertype decides the family, and what is left out is
// everything.
func TestOpenStack(t *testing.T) {
	t.Parallel()
	rule := func(more cloud.Row) cloud.Row {
		r := cloud.Row{"security_group_id": "g", "direction": "ingress", "ethertype": "IPv4"}
		for name, value := range more {
			r[name] = value
		}
		return r
	}
	tcp := func(first, last any, more cloud.Row) cloud.Row {
		r := rule(cloud.Row{"protocol": "tcp", "port_range_min": first, "port_range_max": last})
		for name, value := range more {
			r[name] = value
		}
		return r
	}
	for _, c := range []struct {
		name             string
		expected, actual cloud.Row
		state            bool
		want             string
	}{
		// 1: a protocol that is null, or any, is the whole line, and one without ports its block.
		{"no protocol covers tcp", tcp(22, 22, nil), rule(nil), false, "key covered; r excess"},
		{"any covers tcp", tcp(22, 22, nil), rule(cloud.Row{"protocol": "any"}), false, "key covered; r excess"},
		{"every port of tcp never covers any", rule(nil), tcp(1, 65535, nil), false, "key partial"},
		{"1 to 65535 is kept without ports", tcp(1, 65535, nil), tcp(nil, nil, nil), false, "key present"},
		{"a type of ICMP is not every type", rule(cloud.Row{"protocol": "icmp"}), rule(cloud.Row{"protocol": "icmp", "port_range_min": 8}), false, "key partial"},

		// 2: the rule's own ethertype decides.
		{"another family", tcp(22, 22, nil), tcp(22, 22, cloud.Row{"ethertype": "IPv6"}), false, "key missing; r excess"},
		{"a group in another family", tcp(22, 22, cloud.Row{"remote_group_id": "h"}), tcp(22, 22, cloud.Row{"remote_group_id": "h", "ethertype": "IPv6"}), false, "key missing; r excess"},
		{"no remote is every address and every group", tcp(22, 22, cloud.Row{"remote_group_id": "h"}), tcp(22, 22, nil), false, "key covered; r excess"},
		{"0.0.0.0/0 is no remote", tcp(22, 22, nil), tcp(22, 22, cloud.Row{"remote_ip_prefix": "0.0.0.0/0"}), false, "key present"},

		// 3: protocols have one name.
		{"6 is tcp", tcp(22, 22, nil), rule(cloud.Row{"protocol": "6", "port_range_min": 22, "port_range_max": 22}), false, "key present"},
		{"icmp of IPv6 is ipv6-icmp", rule(cloud.Row{"protocol": "ipv6-icmp", "ethertype": "IPv6"}), rule(cloud.Row{"protocol": "icmp", "ethertype": "IPv6"}), false, "key present"},
		{"58 is icmpv6", rule(cloud.Row{"protocol": "icmpv6", "ethertype": "IPv6"}), rule(cloud.Row{"protocol": "58", "ethertype": "IPv6"}), false, "key present"},

		// 7: address groups without entries.
		{"the same address group", tcp(22, 22, cloud.Row{"remote_address_group_id": "a"}), tcp(22, 22, cloud.Row{"remote_address_group_id": "a"}), false, "key present"},
		{"one that entries could cover", tcp(22, 22, cloud.Row{"remote_address_group_id": "a"}), tcp(22, 22, cloud.Row{"remote_ip_prefix": "10.0.0.0/8"}), false, "key undecided; r undecided"},

		// Zeros of a state are ports that were left out, of the API they are not.
		{"zeros of a state", tcp(nil, nil, nil), tcp(0, 0, nil), true, "key present"},
	} {
		c.actual["id"] = "r"
		in := audit.Input{Cloud: cloud.OpenStack(), Hosts: []string{"mongodb"}, Settings: audit.Settings{Directions: []cloud.Direction{cloud.Ingress}},
			Expected: []audit.Expected{{Key: "key", Direction: cloud.Ingress, Host: "mongodb", Row: c.expected}}, Actual: []audit.Actual{{Row: c.actual, State: c.state}}}
		if got := verdicts(run(t, in)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A setting says which families groups have, where prefixes would say otherwise.
func TestFamilies(t *testing.T) {
	t.Parallel()
	in := of("sg-1 tcp 27017 sg-2; sg-1 tcp 1 2001:db8::/32", "sg-1 tcp 27017 0.0.0.0/0 a; sg-1 tcp 1 2001:db8::/32 b")
	for families, want := range map[audit.Families]string{
		audit.MentionedFamilies: "key-1 partial; key-2 present; a excess", audit.IPv4Alone: "key-1 covered; key-2 present; a excess", audit.BothFamilies: "key-1 partial; key-2 present; a excess",
	} {
		in.Settings.Families = families
		if got := verdicts(run(t, in)); got != want {
			t.Errorf("families %d: %s, want %s", families, got, want)
		}
	}
}
