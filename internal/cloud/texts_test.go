package cloud_test

import (
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// whole has an answer of each cloud with one rule, as it is printed.
var whole = map[string]string{
	"aws":       `{"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "10.0.0.0/8", "Description": "b\u00fcro \"x\"", "Tags": []}]}`,
	"gcp":       `[{"name": "a", "sourceRanges": ["10.0.0.0/8"], "targetTags": ["web"], "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}], "logConfig": {"enable": false}}]`,
	"openstack": `{"security_group_rules": [{"id": "1", "security_group_id": "g", "direction": "ingress", "ethertype": "IPv4", "protocol": null, "tags": []}], "security_group_rules_links": []}`,
	"kubernetes": `{"apiVersion": "v1", "items": [{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p", "namespace": "n"},
		"spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 22, "protocol": "TCP"}]}]}}], "kind": "List", "metadata": {"resourceVersion": ""}}`,
	"azure": `[{"access": "Allow", "destinationAddressPrefix": "*", "destinationPortRange": "22", "direction": "Inbound", "etag": "x", "name": "a", "priority": 100, "protocol": "Tcp", "sourceAddressPrefix": "10.0.0.0/8",
		"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/securityRules/a"}]`,
}

// A text that ends anywhere before its end is an error, never fewer rules.
func TestEveryCutIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range cloud.All() {
		text := whole[c.Name]
		seen, err := c.Parse(text)
		if err != nil || len(seen.Rules) != 1 {
			t.Fatalf("%s: %d rules, %v; want one", c.Name, len(seen.Rules), err)
		}
		for i := range text {
			seen, err := c.Parse(text[:i])
			if err == nil || i > 0 && !strings.Contains(err.Error(), "it ends before it is complete") {
				t.Errorf("%s: cut off behind %q: %d rules, %v", c.Name, text[:i], len(seen.Rules), err)
			}
		}
	}
}

// Notes that are skipped are no places for anything else, and names are compared as
// they are read, not as they are written.
func TestNamesInOtherSpellings(t *testing.T) {
	t.Parallel()
	text := strings.Replace(whole["aws"], `"CidrIpv4"`, `"Cidr\u0049pv4"`, 1)
	seen, err := cloud.AWS().Parse(text)
	if err != nil || len(seen.Rules) != 1 || seen.Rules[0].Row["cidr_ipv4"] != "10.0.0.0/8" {
		t.Errorf("%+v, %v", seen, err)
	}
	if seen, err = cloud.AWS().Parse(strings.Replace(whole["aws"], `"Description"`, `""`, 1)); err != nil {
		t.Fatal(err)
	}
	if rule, _, err := cloud.AWS().Read(seen.Rules[0].Row, "", cloud.World{}); err == nil {
		t.Errorf("an attribute without a name is not refused: %+v", rule)
	}
}

// What many rules have in common is read once, and each of them has all of it.
func TestRepeatedValues(t *testing.T) {
	t.Parallel()
	firewall := func(name, ports, more string) string {
		return `{"name": "` + name + `", "sourceRanges": ["10.0.0.0/8"], "targetTags": ["web"], "` + more + `": [{"IPProtocol": "tcp", "ports": [` + ports + `]}]}`
	}
	text := "[" + strings.Join([]string{firewall("a", `"22"`, "allowed"), firewall("b", `"22"`, "allowed"), firewall("c", `"23"`, "allowed"), firewall("d", `"22"`, "denied")}, ",") + "]"
	seen, err := cloud.GCP().Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 2 { // reading changes nothing
		for _, printed := range seen.Rules {
			rule, known, err := cloud.GCP().Read(printed.Row, "", cloud.World{})
			if err != nil || !known {
				t.Fatal(known, err)
			}
			got = append(got, rule.ID+map[bool]string{true: " denies ", false: " allows "}[rule.Deny]+rule.Packets.String()+strings.Join(rule.Groups, ","))
		}
	}
	want := []string{"a allows 10.0.0.0/8 6/22\nweb", "b allows 10.0.0.0/8 6/22\nweb", "c allows 10.0.0.0/8 6/23\nweb", "d denies 10.0.0.0/8 6/22\nweb"}
	if want = append(want, want...); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, twice := range []string{`"IPProtocol": "tcp", "IPProtocol": "udp"`, `"IPProtocol": "tcp", "IPProtocol": "tcp"`} {
		wrong := strings.Replace(text, `"IPProtocol": "tcp"`, twice, 1)
		if seen, err := cloud.GCP().Parse(wrong); err == nil || !strings.Contains(err.Error(), "duplicate") {
			t.Errorf("%s: %+v, %v", twice, seen.Rules, err)
		}
	}
	if _, err := cloud.GCP().Parse(strings.Repeat(`{"allowed": `, 5000) + `"` + strings.Repeat("x", 1<<20) + `"` + strings.Repeat("}", 5000)); err == nil {
		t.Error("values inside of each other are rules")
	}
}

// What OpenStack prints as null is as what it does not print, and two rules do not
// share what is wrong with one of them.
func TestNulls(t *testing.T) {
	t.Parallel()
	nulls := strings.Replace(whole["openstack"], `"tags": []`, `"remote_group_id": null, "remote_address_group_id": null, "port_range_min": null`, 1)
	for _, text := range []string{whole["openstack"], nulls} {
		seen, err := cloud.OpenStack().Parse(text)
		if err != nil || len(seen.Rules) != 1 {
			t.Fatal(seen, err)
		}
		wrong := maps.Clone(seen.Rules[0].Row)
		wrong["protokol"] = "tcp"
		if _, _, err := cloud.OpenStack().Read(wrong, "", cloud.World{}); err == nil || !strings.Contains(err.Error(), "protokol") {
			t.Errorf("%s: %v", text, err)
		}
		rule, known, err := cloud.OpenStack().Read(seen.Rules[0].Row, "", cloud.World{})
		if err != nil || !known || rule.Packets.String() != "0.0.0.0/0 everything\nevery other group (IPv4) everything\n" {
			t.Errorf("%s: %q, %v", text, rule.Packets, err)
		}
	}
}

// A hundred megabytes are an answer or an error, in memory that has bounds. What is
// allocated is counted in a process of its own, where no other test allocates.
func TestHundredMegabytes(t *testing.T) {
	t.Parallel()
	if os.Getenv("COUNT_ALLOCATIONS") == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestHundredMegabytes$", "-test.v")
		command.Env = append(os.Environ(), "COUNT_ALLOCATIONS=1")
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	const size = 100 << 20
	rule := whole["aws"][len(`{"SecurityGroupRules": [`) : len(whole["aws"])-len(`]}`)]
	rules := strings.Repeat(rule+",\n", size/len(rule))
	for _, c := range []struct {
		name, text string
		rules      int
		says       string
		most       int // bytes that are allocated, for each of the text's
	}{
		{"rules", `{"SecurityGroupRules": [` + rules + rule + `]}`, size/len(rule) + 1, "", 6},
		{"cut off", `{"SecurityGroupRules": [` + rules, 0, "it ends before it is complete", 6},
		{"a page", `{"SecurityGroupRules": [` + rules + rule + `], "NextToken": "x"}`, 0, "NextToken", 6},
		{"another tool's", `{"Reservations": [` + rules + rule + `]}`, 0, "it has no rules where they are known to stand", 6},
		{"HTML", "<html>" + rules, 0, "HTML", 1},
		{"one text", `"` + strings.Repeat("x", size) + `"`, 0, "it has no rules where they are known to stand", 6},
		{"brackets", strings.Repeat("[", size), 0, "it is not JSON", 1},
		{"blanks", strings.Repeat(" ", size), 0, "it is empty", 1},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		seen, err := cloud.AWS().Parse(c.text)
		runtime.ReadMemStats(&after)
		if len(seen.Rules) != c.rules || (err == nil) != (c.says == "") {
			t.Errorf("%s: %d rules, %.300v", c.name, len(seen.Rules), err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.says) || len(err.Error()) > 600) {
			t.Errorf("%s: %.900v", c.name, err)
		}
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > uint64(c.most)*size {
			t.Errorf("%s: %d bytes are allocated for one of the text's, more than %d", c.name, allocated/size, c.most)
		}
	}
}
