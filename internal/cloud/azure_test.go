package cloud_test

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

func TestAzure(t *testing.T) {
	t.Parallel()
	const ssh = `"protocol": "Tcp", "destination_port_range": "22", `
	const peer = `"source_address_prefix": "10.0.0.0/8", `
	const own = `"destination_address_prefix": "*"`
	check(t, cloud.Azure(), world, `"name": "r", "resource_group_name": "rg", "network_security_group_name": "nsg", "priority": 200, "access": "Allow", "direction": "Inbound", "source_port_range": "*", `, []truth{
		{ssh + peer + own, "10.0.0.0/8 6/22"},
		{`"protocol": "tcp", "destination_port_ranges": ["22", "8000-8010"], "source_address_prefixes": ["10.0.0.0/8", "192.0.2.1"], ` + own, "10.0.0.0/8 6/22; 10.0.0.0/8 6/8000-8010; 192.0.2.1/32 6/22; 192.0.2.1/32 6/8000-8010"},
		{`"protocol": "*", "destination_port_range": "*", ` + peer + own, "10.0.0.0/8 everything"},
		{`"protocol": "*", "destination_port_range": "53", ` + peer + own, "10.0.0.0/8 6/53; 10.0.0.0/8 17/53"},
		{`"protocol": "Icmp", "destination_port_range": "*", ` + peer + own, "10.0.0.0/8 1"},
		{`"protocol": "Esp", "destination_port_range": "*", ` + peer + own, "10.0.0.0/8 50"},
		{ssh + `"source_address_prefix": "AzureMonitor", ` + own, "AzureMonitor (IPv4) 6/22; AzureMonitor (IPv6) 6/22"},
		{ssh + `"source_application_security_group_ids": ["/asg/a"], ` + own, "/asg/a (IPv4) 6/22; /asg/a (IPv6) 6/22"},
		{ssh + `"source_address_prefix": "Internet", ` + own, "0.0.0.0/0 6/22; every other group (IPv4) 6/22; ::/0 6/22; every other group (IPv6) 6/22"},
		{ssh + `"source_address_prefix": "*", "destination_application_security_group_ids": ["/asg/b"]`, "0.0.0.0/0 6/22; every other group (IPv4) 6/22; ::/0 6/22; every other group (IPv6) 6/22"},
		{ssh + own, `error: Unreadable rule: source_address_prefix: the rule names nobody on this side. Allowed: * for everybody.`},
		{ssh + peer + `"destination_address_prefix": "10.0.0.4/32"`, `error: Unreadable rule: destination_address_prefix: it narrows the rule to some addresses of the machines, which is not known here. Allowed: *, VirtualNetwork.`},
		{`"protocol": "Tcp", "destination_port_range": "22-21", ` + peer + own, `error: Unreadable rule: destination_port_range: "22-21" is not a port or a range of ports. Allowed: PORT or FIRST-LAST, 0 to 65535.`},
		{`"protocol": "Tcp", ` + peer + own, `error: Unreadable rule: destination_port_range: there is none. Allowed: * for all of them.`},
		{`"protocol": "Icmp", "destination_port_range": "22", ` + peer + own, `error: Unreadable rule: destination_port_range: ports stand beside a protocol that has none. Allowed: *.`},
		{ssh + peer + own + `, "source_application_security_group_ids": ["/asg/a"]`, `error: Unreadable rule: source_application_security_group_ids: groups stand beside prefixes. Allowed: one of the two.`},
	})
	for text, want := range map[string]string{
		`{"access": "Maybe"}`:                               `it is "Maybe"`,
		`{"direction": "in"}`:                               `it is "in"`,
		`{"priority": 4097}`:                                "it is 4097",
		`{"source_port_range": "1"}`:                        "some ports of the sender",
		`{"source_port_range": null}`:                       "source_port_range: there is none",
		`{"destination_address_prefixes": ["10.0.0.4/32"]}`: "some addresses of the machines",
		`{"fqdn": "a"}`:                                     `"fqdn" is not an attribute`,
	} {
		row := rowOf(t, `{"name": "r", "resource_group_name": "rg", "network_security_group_name": "nsg", "priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "source_port_range": "*", "destination_port_range": "22", "source_address_prefix": "*", "destination_address_prefix": "*"}`)
		for name, value := range rowOf(t, text) {
			row[name] = value
		}
		if _, _, err := cloud.Azure().Read(row, cloud.Ingress, world); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is read with %v, and not refused with %q", text, err, want)
		}
	}
}

// What no rule decides: the virtual network enters, and everything leaves.
func TestAzureDefaults(t *testing.T) {
	t.Parallel()
	row := func(text string) cloud.Rule {
		rule, known, err := cloud.Azure().Read(rowOf(t, `{"name": "r", "resource_group_name": "rg", "network_security_group_name": "nsg", "protocol": "*", "source_port_range": "*", "destination_port_range": "*", "source_address_prefix": "*", "destination_address_prefix": "*", `+text+`}`), "", cloud.World{})
		if err != nil || !known {
			t.Fatal(err)
		}
		return rule
	}
	passes, _ := cloud.Azure().Passes(nil, cloud.Ingress, "rg/nsg")
	if text := passes.String(); !strings.Contains(text, "10.0.0.0/8 everything") || strings.Contains(text, "0.0.0.0/0") {
		t.Errorf("without a rule %s enters", text)
	}
	deny := row(`"priority": 4096, "access": "Deny", "direction": "Inbound"`)
	if passes, _ := cloud.Azure().Passes([]cloud.Rule{deny}, cloud.Ingress, "rg/nsg"); !passes.IsEmpty() {
		t.Errorf("a rule that denies all lets %s enter", passes)
	}
	if passes, _ := cloud.Azure().Passes([]cloud.Rule{deny}, cloud.Egress, "rg/nsg"); !passes.Contains(cloud.Anyone(false), packet.Everything()) {
		t.Error("a rule of ingress closes egress")
	}
}
