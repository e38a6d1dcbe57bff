package cloud_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// rowOf reads a row as JSON has it.
func rowOf(t *testing.T, text string) cloud.Row {
	t.Helper()
	var row cloud.Row
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return row
}

// world knows one list and one group.
var world = cloud.World{Addresses: map[string][]netip.Prefix{
	"pl-known": {netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
	"sg-empty": {},
	"sg-known": {netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::1/128")},
}}

// truth is a row, and what it lets pass in our words: the set's lines, joined.
type truth struct{ row, want string }

func check(t *testing.T, c cloud.Cloud, w cloud.World, common string, truths []truth) {
	t.Helper()
	for _, truth := range truths {
		row := rowOf(t, "{"+strings.TrimSuffix(strings.TrimSpace(common+truth.row), ",")+"}")
		got := ""
		if rule, known, err := c.Read(row, cloud.Ingress, w); err != nil || !known {
			got = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		} else {
			got = strings.ReplaceAll(strings.TrimSpace(packet.New(rule.Packets).String()), "\n", "; ")
		}
		if got != truth.want {
			t.Errorf("%s: %s\n  is   %s\n  want %s", c.Name, truth.row, got, truth.want)
		}
	}
}

func TestAWS(t *testing.T) {
	t.Parallel()
	const ports = `"ip_protocol": "tcp", "from_port": 443, "to_port": 443, `
	const peer = `"cidr_ipv4": "10.0.0.0/8", `
	check(t, cloud.AWS(), world, `"security_group_id": "sg-1", "description": "any", "tags": {"a": "b"}, `, []truth{
		{peer + ports, "10.0.0.0/8 6/443"},
		{peer + `"ip_protocol": "tcp", "from_port": 8000, "to_port": 8010`, "10.0.0.0/8 6/8000-8010"},
		{peer + `"ip_protocol": 6, "from_port": "22", "to_port": "22"`, "10.0.0.0/8 6/22"},
		{peer + `"ip_protocol": "tcp", "from_port": 0, "to_port": 65535`, "10.0.0.0/8 6"},
		{peer + `"ip_protocol": "udp", "from_port": 1, "to_port": 65535`, "10.0.0.0/8 17"},
		{peer + `"ip_protocol": "udp", "from_port": 1, "to_port": 9`, "10.0.0.0/8 17/0-9"},
		{peer + `"ip_protocol": "udp", "from_port": 0, "to_port": 0`, ""},
		{peer + `"ip_protocol": "-1"`, "10.0.0.0/8 everything"},
		{peer + `"ip_protocol": "-1", "from_port": -1, "to_port": -1`, "10.0.0.0/8 everything"},
		{peer + `"ip_protocol": -1, "from_port": 22, "to_port": 22`, "10.0.0.0/8 everything"},
		{peer + `"ip_protocol": "all"`, "10.0.0.0/8 everything"},
		{peer + `"ip_protocol": "0"`, "10.0.0.0/8 everything"},
		{peer + `"ip_protocol": "icmp", "from_port": 8, "to_port": 0`, "10.0.0.0/8 1/2048"},
		{peer + `"ip_protocol": "icmp", "from_port": 3, "to_port": -1`, "10.0.0.0/8 1/768-1023"},
		{peer + `"ip_protocol": "icmp", "from_port": -1, "to_port": -1`, "10.0.0.0/8 1"},
		{peer + `"ip_protocol": "1"`, "10.0.0.0/8 1"},
		{peer + `"ip_protocol": "58"`, ""}, // no packet is of ICMPv6 and IPv4
		{peer + `"ip_protocol": "112"`, "10.0.0.0/8 112"},
		{peer + `"ip_protocol": "132", "from_port": 22, "to_port": 22`, "10.0.0.0/8 132"},
		{`"cidr_ipv6": "2001:db8::/32", ` + ports, "2001:db8::/32 6/443"},
		{`"prefix_list_id": "pl-1", ` + ports, "pl-1 (IPv4) 6/443; pl-1 (IPv6) 6/443"},
		{`"prefix_list_id": "pl-known", ` + ports, "192.0.2.0/24 6/443; 2001:db8::/32 6/443"},
		{`"referenced_security_group_id": "sg-2", ` + ports, "sg-2 (IPv4) 6/443"},
		{`"referenced_security_group_id": "123456789012/sg-2", ` + ports, "sg-2 (IPv4) 6/443"},
		{`"referenced_security_group_id": "sg-empty", ` + ports, ""},
		{`"referenced_security_group_id": "sg-known", ` + ports, "192.0.2.1/32 6/443; 2001:db8::1/128 6/443"},
		{ports, `error: Unreadable rule: cidr_ipv4: a rule has one peer, and this one has none. Allowed: one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id.`},
		{peer + `"prefix_list_id": "pl-1", ` + ports, `error: Unreadable rule: cidr_ipv4: a rule has one peer, and this one has several. Allowed: one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id.`},
		{peer, `error: Unreadable rule: ip_protocol: the rule has no protocol. Allowed: -1 for all of them.`},
		{peer + `"ip_protocol": "tcp"`, `error: Unreadable rule: from_port: a range of ports has both bounds, and this one is missing. Allowed: 0 to 65535.`},
		{peer + `"ip_protocol": "tcp", "from_port": 2, "to_port": 1`, `error: Unreadable rule: to_port: the range 2-1 ends before it starts.`},
		{peer + `"ip_protocol": "tcp", "from_port": -1, "to_port": -1`, `error: Unreadable rule: from_port: -1 is not a port. Allowed: 0 to 65535.`},
		{peer + `"ip_protocol": "icmp", "to_port": 4`, `error: Unreadable rule: to_port: the code 4 belongs to no type. Allowed: a type beside the code.`},
		{peer + `"ip_protocol": "tpc", "from_port": 1, "to_port": 1`, `error: Unreadable rule: ip_protocol: "tpc" is not a protocol. Did you mean "tcp"? Allowed: icmp, icmpv6, tcp, udp, a number from 1 to 255, or for all of them -1, all.`},
		{peer + ports + `"source_port": 1`, `error: Unknown attribute: source_port: "source_port" is not an attribute that is known here, and could narrow or widen the rule. Allowed: arn, cidr_ipv4, cidr_ipv6, description, filter, from_port, id, ip_protocol, is_egress, prefix_list_id, referenced_security_group_id, region, security_group_id, security_group_rule_id, tags, tags_all, to_port.`},
		{`"cidr_ipv4": "10.0.0.1/8", ` + ports, `error: Unreadable rule: cidr_ipv4: 10.0.0.1/8 has host bits: the network is 10.0.0.0/8. Allowed: 10.0.0.0/8.`},
		{`"cidr_ipv4": "10.0.0.1", ` + ports, `error: Unreadable rule: cidr_ipv4: "10.0.0.1" has no length. Allowed: 10.0.0.1/32.`},
		{`"cidr_ipv4": "2001:db8::/32", ` + ports, `error: Unreadable rule: cidr_ipv4: 2001:db8::/32 is a prefix of IPv6. Allowed: a prefix of IPv4.`},
		{`"cidr_ipv6": "10.0.0.0/8", ` + ports, `error: Unreadable rule: cidr_ipv6: 10.0.0.0/8 is a prefix of IPv4. Allowed: a prefix of IPv6.`},
		{`"cidr_ipv4": true, ` + ports, `error: Unreadable rule: cidr_ipv4: it is true. Allowed: a text. Unreadable rule: cidr_ipv4: a rule has one peer, and this one has none. Allowed: one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id.`},
		{peer + ports + `"is_egress": true`, `error: Unreadable rule: direction: it is egress, among rules of ingress. Allowed: ingress.`},
	})
}

func TestOpenStack(t *testing.T) {
	t.Parallel()
	const ipv4 = `"ethertype": "IPv4", `
	const ssh = `"protocol": "tcp", "port_range_min": 22, "port_range_max": 22, `
	const peer = `"remote_ip_prefix": "10.0.0.0/8", `
	truths := []truth{
		{ipv4 + peer + ssh, "10.0.0.0/8 6/22"},
		{ipv4 + peer + `"protocol": "6", "port_range_min": 22, "port_range_max": 23`, "10.0.0.0/8 6/22-23"},
		{ipv4 + peer + `"protocol": "tcp"`, "10.0.0.0/8 6"},
		{ipv4 + peer + `"protocol": "tcp", "port_range_min": 1, "port_range_max": 65535`, "10.0.0.0/8 6"},
		{ipv4 + peer + `"protocol": "sctp", "port_range_min": 22, "port_range_max": 22`, "10.0.0.0/8 132/22"},
		{ipv4 + peer, "10.0.0.0/8 everything"},
		{ipv4 + peer + `"protocol": "any"`, "10.0.0.0/8 everything"},
		{ipv4 + peer + `"protocol": null, "port_range_min": null`, "10.0.0.0/8 everything"},
		{ipv4 + peer + `"protocol": "vrrp"`, "10.0.0.0/8 112"},
		{ipv4 + peer + `"protocol": "ipip"`, "10.0.0.0/8 4"},
		{ipv4 + peer + `"protocol": "icmp", "port_range_min": 8, "port_range_max": 0`, "10.0.0.0/8 1/2048"},
		{ipv4 + peer + `"protocol": "icmp", "port_range_min": 8`, "10.0.0.0/8 1/2048-2303"},
		{ipv4 + peer + `"protocol": "icmp"`, "10.0.0.0/8 1"},
		{ipv4 + peer + `"protocol": "ipv6-icmp"`, ""},
		{`"ethertype": "IPv6", "protocol": "icmp", "remote_ip_prefix": "2001:db8::/32"`, "2001:db8::/32 58"},
		{`"ethertype": "IPv6", "protocol": "58", "port_range_min": 128, "remote_ip_prefix": "2001:db8::/32"`, "2001:db8::/32 58/32768-33023"},
		{ipv4 + ssh, "0.0.0.0/0 6/22; every other group (IPv4) 6/22"},
		{`"ethertype": "IPv6", ` + ssh, "::/0 6/22; every other group (IPv6) 6/22"},
		{ipv4 + `"remote_group_id": "sg-2", ` + ssh, "sg-2 (IPv4) 6/22"},
		{`"ethertype": "IPv6", "remote_group_id": "sg-2", ` + ssh, "sg-2 (IPv6) 6/22"},
		{ipv4 + `"remote_address_group_id": "ag-1", ` + ssh, "ag-1 (IPv4) 6/22"},
		{ipv4 + `"remote_address_group_id": "pl-known", ` + ssh, "192.0.2.0/24 6/22"},
		{`"ethertype": "IPv6", "remote_address_group_id": "pl-known", ` + ssh, "2001:db8::/32 6/22"},
		{peer + ssh, `error: Unreadable rule: ethertype: it is "". Allowed: IPv4, IPv6.`},
		{`"ethertype": "IPv6", ` + peer + ssh, `error: Unreadable rule: remote_ip_prefix: 10.0.0.0/8 is a prefix of IPv4. Allowed: a prefix of IPv6.`},
		{ipv4 + peer + `"remote_group_id": "sg-2", ` + ssh, `error: Unreadable rule: remote_ip_prefix: a rule has one remote, and this one has several. Allowed: one of remote_ip_prefix, remote_group_id, remote_address_group_id.`},
		{ipv4 + peer + `"protocol": "tcp", "port_range_min": 0, "port_range_max": 0`, `error: Unreadable rule: port_range_min: 0 is not a port. Allowed: 1 to 65535.`},
		{ipv4 + peer + `"protocol": "tcp", "port_range_min": 22`, `error: Unreadable rule: port_range_max: a range of ports has both bounds, and this one is missing. Allowed: 1 to 65535.`},
		{ipv4 + peer + `"protocol": "vrrp", "port_range_min": 22, "port_range_max": 22`, `error: Unreadable rule: port_range_min: ports stand beside a protocol that has none, or beside no protocol. Allowed: none.`},
		{ipv4 + peer + `"port_range_min": 22, "port_range_max": 22`, `error: Unreadable rule: port_range_min: ports stand beside a protocol that has none, or beside no protocol. Allowed: none.`},
		{ipv4 + peer + ssh + `"remote_ip_prefixes": ["10.0.0.0/8"]`, `error: Unknown attribute: remote_ip_prefixes: "remote_ip_prefixes" is not an attribute that is known here, and could narrow or widen the rule. Did you mean "remote_ip_prefix"? Allowed: belongs_to_default_sg, created_at, description, direction, ethertype, id, normalized_cidr, port_range_max, port_range_min, project_id, protocol, region, remote_address_group_id, remote_group_id, remote_ip_prefix, revision_number, security_group_id, standard_attr_id, tags, tenant_id, timeouts, updated_at.`},
	}
	check(t, cloud.OpenStack(), world, `"security_group_id": "sg-1", `, truths)
}

// A state has 0 where nothing was given; a type 0 of ICMP cannot be told from
// that, nor can the provider create one.
func TestOpenStackStatesHaveZeros(t *testing.T) {
	t.Parallel()
	check(t, cloud.OpenStack(), cloud.World{StateZeros: true}, `"security_group_id": "sg-1", "ethertype": "IPv4", "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": "", `, []truth{
		{`"protocol": "tcp", "port_range_min": 0, "port_range_max": 0`, "10.0.0.0/8 6"},
		{`"protocol": "tcp", "port_range_min": 22, "port_range_max": 22`, "10.0.0.0/8 6/22"},
		{`"protocol": "icmp", "port_range_min": 0, "port_range_max": 0`, "10.0.0.0/8 1"},
		{`"protocol": "icmp", "port_range_min": 8, "port_range_max": 0`, "10.0.0.0/8 1/2048-2303"},
		{`"protocol": "icmp", "port_range_min": 0, "port_range_max": 3`, "10.0.0.0/8 1/3"},
		{`"protocol": "", "port_range_min": 0, "port_range_max": 0`, "10.0.0.0/8 everything"},
	})
}

func TestGCP(t *testing.T) {
	t.Parallel()
	const web = `"allow": [{"protocol": "tcp", "ports": ["443", "8000-8010"]}], `
	const ranges = `"source_ranges": ["10.0.0.0/8", "192.0.2.0/24"], `
	check(t, cloud.GCP(), world, `"name": "a", "network": "default", "target_tags": ["web"], `, []truth{
		{ranges + web, "10.0.0.0/8 6/443; 10.0.0.0/8 6/8000-8010; 192.0.2.0/24 6/443; 192.0.2.0/24 6/8000-8010"},
		{`"source_ranges": ["10.0.0.0/8"], "protocol": "tcp", "ports": ["22"]`, "10.0.0.0/8 6/22"},
		{`"source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "TCP"}]`, "10.0.0.0/8 6"},
		{`"source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "tcp", "ports": []}]`, "10.0.0.0/8 6"},
		{`"source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "all"}]`, "10.0.0.0/8 everything"},
		{`"source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "112"}, {"protocol": "esp"}]`, "10.0.0.0/8 50; 10.0.0.0/8 112"},
		{`"source_ranges": ["10.0.0.0/8", "2001:db8::/32"], "allow": [{"protocol": "icmp"}]`, "10.0.0.0/8 1"},
		{`"source_tags": ["a"], "source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "112"}]`, "10.0.0.0/8 112; a (IPv4) 112"},
		{`"source_service_accounts": ["a@p.example"], "allow": [{"protocol": "112"}]`, "a@p.example (IPv4) 112"},
		{`"allow": [{"protocol": "112"}]`, "0.0.0.0/0 112; every other group (IPv4) 112"},
		{`"source_ranges": [], "source_tags": [], "allow": [{"protocol": "112"}]`, "0.0.0.0/0 112; every other group (IPv4) 112"},
		{`"disabled": true, "allow": [{"protocol": "112"}]`, ""},
		{`"disabled": false, "source_tags": ["a"], "allow": [{"protocol": "112"}]`, "a (IPv4) 112"},
		{ranges + `"target_service_accounts": ["x@p.example"], ` + web, `error: Unreadable rule: target_tags: tags and service accounts stand side by side. Allowed: one of the two.`},
		{ranges, `error: Unreadable rule: allow: the rule neither allows nor denies anything.`},
		{ranges + web + `"deny": [{"protocol": "all"}]`, `error: Unreadable rule: deny: the rule allows and denies. Allowed: either of the two.`},
		{ranges + web + `"destination_ranges": ["10.0.0.1/32"]`, `error: Unreadable rule: destination_ranges: it narrows a rule of ingress to some addresses of the machines, which is not known here. Allowed: none.`},
		{ranges + `"allow": [{"protocol": "icmp", "ports": ["8"]}]`, `error: Unreadable rule: allow[0].ports: ports stand beside icmp. Allowed: none.`},
		{ranges + `"allow": [{"protocol": "tcp", "ports": ["http"]}]`, `error: Unreadable rule: allow[0].ports: "http" is not a port or a range of ports. Allowed: PORT or FIRST-LAST, 0 to 65535.`},
		{ranges + `"allow": [{"protocol": "tcp", "ports": ["70000"]}]`, `error: Unreadable rule: allow[0].ports: "70000" is not a port or a range of ports. Allowed: PORT or FIRST-LAST, 0 to 65535.`},
		{ranges + `"allow": [{"protocol": "tcp", "ports": [22]}]`, `error: Unreadable rule: allow[0].ports[0]: it is 22. Allowed: a text.`},
		{`"source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "ipip"}]`, "10.0.0.0/8 94"},
		{ranges + `"allow": [{"protocol": "ipv6-icmp"}]`, `error: Unreadable rule: allow[0].protocol: "ipv6-icmp" is not a protocol. Allowed: ah, esp, icmp, ipip, sctp, tcp, udp, a number from 1 to 255, or for all of them all.`},
		{ranges + `"allow": [{"ports": ["22"]}]`, `error: Unreadable rule: allow[0].protocol: there is none. Allowed: all, for all of them.`},
		{ranges + `"allow": [{"protocol": "tcp", "port": ["22"]}]`, `error: Unknown attribute: allow[0].port: "port" is not an attribute that is known here, and could narrow or widen the rule. Did you mean "ports"? Allowed: ports, protocol.`},
		{ranges + `"allow": ["tcp"]`, `error: Unreadable rule: allow[0]: it is "tcp". Allowed: an object. Unreadable rule: allow: the rule neither allows nor denies anything.`},
		{ranges + web + `"priority": 70000`, `error: Unreadable rule: priority: it is 70000. Allowed: 0 to 65535.`},
		{ranges + web + `"priority": 1.5`, `error: Unreadable rule: priority: it is 1.5. Allowed: a whole number.`},
		{ranges + web + `"disabled": "yes"`, `error: Unreadable rule: disabled: it is "yes". Allowed: true or false.`},
		{`"source_ranges": "10.0.0.0/8", ` + web, `error: Unreadable rule: source_ranges: it is "10.0.0.0/8". Allowed: a list of texts.`},
		{`"source_ranges": [""], ` + web, `error: Unreadable rule: source_ranges[0]: it is empty.`},
		{`"source_ranges": ["everyone"], ` + web, `error: Unreadable rule: source_ranges: "everyone" is not a prefix. Allowed: ADDRESS/LENGTH.`},
	})
	rule, _, err := cloud.GCP().Read(rowOf(t, `{"direction": "EGRESS", "allow": [{"protocol": "112"}]}`), "", world)
	if err != nil || rule.Direction != cloud.Egress || !rule.Everywhere || rule.Deny || rule.Priority != 1000 {
		t.Errorf("egress everywhere is read as %+v, %v", rule, err)
	}
	if _, _, err := cloud.GCP().Read(rowOf(t, `{"direction": "EGRESS", "source_tags": ["a"], "allow": [{"protocol": "112"}]}`), "", world); err == nil ||
		err.Error() != "Unreadable rule: source_tags: it stands in a rule of egress. Allowed: destination_ranges." {
		t.Errorf("egress from a tag: %v", err)
	}
}

// A value that is not known yet makes no rule, wherever it stands.
func TestUnknownIsNeverAny(t *testing.T) {
	t.Parallel()
	for _, of := range []struct {
		cloud cloud.Cloud
		row   cloud.Row
	}{
		{cloud.AWS(), cloud.Row{"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": int64(22), "to_port": 22, "cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": nil}},
		{cloud.OpenStack(), cloud.Row{"security_group_id": "sg-1", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": nil}},
		{cloud.GCP(), cloud.Row{"target_tags": []string{"web"}, "source_ranges": []string{"10.0.0.0/8"}, "source_tags": nil, "priority": 1, "disabled": false,
			"allow": []cloud.Row{{"protocol": "tcp", "ports": []any{"22"}}}}},
	} {
		if _, known, err := of.cloud.Read(of.row, cloud.Ingress, world); err != nil || !known {
			t.Errorf("%s: the row itself: known %t, %v", of.cloud.Name, known, err)
		}
		unknown := func(name string, value any) {
			before := of.row[name]
			of.row[name] = value
			if rule, known, err := of.cloud.Read(of.row, cloud.Ingress, world); err != nil || known || len(rule.Groups) > 0 || rule.Everywhere {
				t.Errorf("%s: %s is %v and read as %+v, known %t, %v", of.cloud.Name, name, value, rule, known, err)
			}
			of.row[name] = before
		}
		for name := range of.row {
			unknown(name, cloud.Unknown{})
		}
		if of.cloud.Name == "gcp" {
			unknown("source_ranges", []any{"10.0.0.0/8", cloud.Unknown{}})
			unknown("allow", []any{cloud.Unknown{}})
			unknown("allow", []any{map[string]any{"protocol": "tcp", "ports": []any{cloud.Unknown{}}}})
		}
		of.row["description"] = cloud.Unknown{} // decides nothing
		if _, known, err := of.cloud.Read(of.row, cloud.Ingress, world); err != nil || !known {
			t.Errorf("%s: an unknown description: known %t, %v", of.cloud.Name, known, err)
		}
		for _, direction := range []cloud.Direction{"", "inbound"} {
			if _, _, err := of.cloud.Read(of.row, direction, world); (err == nil) != (of.cloud.Name == "gcp" && direction == "") {
				t.Errorf("%s: direction %q: %v", of.cloud.Name, direction, err)
			}
		}
	}
}

// A list whose entries nobody knows is noted: they could decide.
func TestListsWithoutEntriesAreNoted(t *testing.T) {
	t.Parallel()
	row := cloud.Row{"security_group_id": "sg-1", "ip_protocol": "-1"}
	for list, want := range map[string]int{"pl-known": 0, "pl-1": 1} {
		row["prefix_list_id"] = list
		if rule, _, err := cloud.AWS().Read(row, cloud.Ingress, world); err != nil || len(rule.Lists) != want {
			t.Errorf("%s: lists %v, %v", list, rule.Lists, err)
		}
	}
	row = cloud.Row{"security_group_id": "sg-1", "ethertype": "IPv4"}
	for list, want := range map[string]int{"pl-known": 0, "ag-1": 1} {
		row["remote_address_group_id"] = list
		if rule, _, err := cloud.OpenStack().Read(row, cloud.Ingress, world); err != nil || len(rule.Lists) != want {
			t.Errorf("%s: lists %v, %v", list, rule.Lists, err)
		}
	}
}

func TestCloudsAreDifferent(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range cloud.All() {
		names = append(names, c.Name)
		if _, _, err := c.Read(nil, cloud.Ingress, world); err == nil {
			t.Errorf("%s reads a row without any value", c.Name)
		}
	}
	if want := []string{"aws", "gcp", "openstack", "kubernetes", "azure"}; !slices.Equal(names, want) {
		t.Errorf("clouds %v, want %v", names, want)
	}
}

// What Google's priorities decide: each case lists rules as PRIORITY, allow or
// deny, peer, and what passes then.
func TestPriorities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rules            []string
		passes, doubtful string
	}{
		{nil, "", ""},
		{[]string{`1000 allow "source_ranges": ["10.0.0.0/8"]`}, "10.0.0.0/8 6/22", ""},
		{[]string{`1000 allow "source_ranges": ["10.0.0.0/8"]`, `900 deny "source_ranges": ["10.0.0.0/9"]`}, "10.128.0.0/9 6/22", ""},
		{[]string{`1000 allow "source_ranges": ["10.0.0.0/8"]`, `1000 deny "source_ranges": ["10.0.0.0/9"]`}, "10.128.0.0/9 6/22", ""},
		{[]string{`1000 allow "source_ranges": ["10.0.0.0/8"]`, `1100 deny "source_ranges": ["10.0.0.0/9"]`}, "10.0.0.0/8 6/22", ""},
		{[]string{`800 allow "source_ranges": ["10.1.0.0/16"]`, `900 deny "source_ranges": ["0.0.0.0/0"]`, `1000 allow "source_ranges": ["10.0.0.0/8"]`}, "10.1.0.0/16 6/22", ""},
		{[]string{`900 deny "source_tags": ["a"]`, `1000 allow "source_ranges": ["10.0.0.0/8"]`}, "", "10.0.0.0/8 6/22"},
		{[]string{`900 deny "source_tags": ["a"]`, `1000 allow "source_tags": ["a", "b"]`}, "", "b (IPv4) 6/22"},
		{[]string{`900 deny "source_tags": ["a"]`, `1000 allow "source_ranges": ["2001:db8::/32"]`}, "2001:db8::/32 6/22", ""},
		{[]string{`900 deny "source_ranges": ["10.0.0.0/8"]`, `1000 allow "source_tags": ["b"]`}, "", "b (IPv4) 6/22"},
		{[]string{`900 deny "source_ranges": ["0.0.0.0/1"]`, `1000 allow "source_ranges": ["0.0.0.0/0"]`}, "128.0.0.0/1 6/22", "every other group (IPv4) 6/22"},
		{[]string{`900 deny "disabled": true`, `1000 allow "source_ranges": ["10.0.0.0/8"]`}, "10.0.0.0/8 6/22", ""},
	} {
		var rules []cloud.Rule
		for _, text := range c.rules {
			words := strings.SplitN(text, " ", 3)
			row := rowOf(t, `{"priority": `+words[0]+`, "`+words[1]+`": [{"protocol": "tcp", "ports": ["22"]}], "target_tags": ["web"], `+words[2]+`}`)
			rule, _, err := cloud.GCP().Read(row, cloud.Ingress, cloud.World{})
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, rule)
		}
		passes, doubtful := cloud.GCP().Passes(rules, cloud.Ingress, "web")
		if got := strings.TrimSpace(passes.String()); got != c.passes {
			t.Errorf("%q let %q pass, not %q", c.rules, got, c.passes)
		}
		if got := strings.TrimSpace(doubtful.String()); got != c.doubtful {
			t.Errorf("%q may let %q pass, not %q", c.rules, got, c.doubtful)
		}
		if other, _ := cloud.GCP().Passes(rules, cloud.Ingress, "db"); !other.IsEmpty() {
			t.Errorf("%q let %s pass to machines without the tag", c.rules, other)
		}
	}
}

// Without rules, Google lets everything leave, as Kubernetes and Azure do, and the
// others nothing.
func TestEgressWithoutRules(t *testing.T) {
	t.Parallel()
	for _, c := range cloud.All() {
		passes, _ := c.Passes(nil, cloud.Egress, "web")
		anyone := packet.Address(netip.MustParseAddr("192.0.2.1"))
		if got := passes.Contains(anyone, packet.Everything()); got != (c.Name == "gcp" || c.Name == "kubernetes" || c.Name == "azure") {
			t.Errorf("%s lets everything leave: %t", c.Name, got)
		}
	}
	deny, _, err := cloud.GCP().Read(rowOf(t, `{"priority": 65534, "deny": [{"protocol": "all"}], "destination_ranges": ["0.0.0.0/0", "::/0"]}`), cloud.Egress, cloud.World{})
	if err != nil {
		t.Fatal(err)
	}
	if passes, _ := cloud.GCP().Passes([]cloud.Rule{deny}, cloud.Egress, "web"); !passes.IsEmpty() {
		t.Errorf("a rule that denies everything lets %s leave", passes)
	}
}
