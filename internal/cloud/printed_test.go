package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Each text is as the command line prints it, cut down to a few rules.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		cloud cloud.Cloud
		text  string
		want  []string // direction, groups, id and packets; sorted
	}{
		{"describe-security-group-rules", cloud.AWS(), `{"SecurityGroupRules": [
			{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "123456789012", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "10.0.0.0/8", "Description": "x", "Tags": []},
			{"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "GroupOwnerId": "123456789012", "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv6": "::/0", "Tags": []},
			{"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "GroupOwnerId": "123456789012", "IsEgress": false, "IpProtocol": "udp", "FromPort": 162, "ToPort": 162, "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": "123456789012"}, "Tags": []},
			{"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "GroupOwnerId": "123456789012", "IsEgress": false, "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "PrefixListId": "pl-1", "Tags": []}
		]}`, []string{
			"egress [sg-1] sgr-2 ::/0 everything; every other group (IPv6) everything",
			"ingress [sg-1] sgr-1 10.0.0.0/8 6/22",
			"ingress [sg-1] sgr-3 sg-2 (IPv4) 17/162",
			"ingress [sg-1] sgr-4 pl-1 (IPv4) 1/2048-2303",
		}},
		{"describe-security-groups", cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "IpPermissions": [
			{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "x"}, {"CidrIp": "192.0.2.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}], "PrefixListIds": [], "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "1"}]}
		], "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]}]}`, []string{
			"egress [sg-1]  0.0.0.0/0 everything; every other group (IPv4) everything",
			"ingress [sg-1]  10.0.0.0/8 6/22-23",
			"ingress [sg-1]  192.0.2.0/24 6/22-23",
			"ingress [sg-1]  2001:db8::/32 6/22-23",
			"ingress [sg-1]  sg-2 (IPv4) 6/22-23",
		}},
		{"no rules at all", cloud.AWS(), `{"SecurityGroupRules": []}`, nil},
		{"gcloud", cloud.GCP(), `[{"kind": "compute#firewall", "id": "1", "name": "a", "network": "n", "direction": "INGRESS", "priority": 1000, "sourceRanges": ["10.0.0.0/8"], "targetTags": ["web"], "allowed": [{"IPProtocol": "tcp", "ports": ["22", "80-81"]}], "disabled": false, "logConfig": {"enable": false}, "selfLink": "s", "creationTimestamp": "t"},
			{"name": "b", "direction": "EGRESS", "priority": 65534, "destinationRanges": ["0.0.0.0/0"], "denied": [{"IPProtocol": "all"}]}]`, []string{
			"egress [] b 0.0.0.0/0 everything; every other group (IPv4) everything",
			"ingress [web] a 10.0.0.0/8 6/22; 10.0.0.0/8 6/80-81",
		}},
		{"Google's API", cloud.GCP(), `{"items": [{"name": "a", "sourceTags": ["x"], "targetTags": ["web"], "allowed": [{"IPProtocol": "112"}]}]}`, []string{"ingress [web] a x (IPv4) 112"}},
		{"Neutron's API", cloud.OpenStack(), `{"security_group_rules": [{"id": "1", "security_group_id": "g", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": null, "remote_address_group_id": null, "description": "", "tags": [], "revision_number": 0, "project_id": "p", "tenant_id": "p", "normalized_cidr": "10.0.0.0/8", "standard_attr_id": 3, "belongs_to_default_sg": false}], "security_group_rules_links": []}`,
			[]string{"ingress [g] 1 10.0.0.0/8 6/22"}},
		{"security group show", cloud.OpenStack(), `{"id": "g", "rules": [{"id": "1", "security_group_id": "g", "direction": "egress", "ethertype": "IPv6", "protocol": null, "port_range_min": null}]}`,
			[]string{"egress [g] 1 ::/0 everything; every other group (IPv6) everything"}},
		{"rule list", cloud.OpenStack(), `[
			{"ID": "1", "IP Protocol": "tcp", "Ethertype": "IPv4", "IP Range": "0.0.0.0/0", "Port Range": "27017:27017", "Direction": "ingress", "Remote Security Group": "h", "Remote Address Group": null, "Security Group": "g"},
			{"ID": "2", "IP Protocol": null, "Ethertype": "IPv4", "IP Range": "10.0.0.0/8", "Port Range": "", "Direction": "ingress", "Remote Security Group": null, "Security Group": "g"},
			{"ID": "3", "IP Protocol": "icmp", "Ethertype": "IPv4", "IP Range": "10.0.0.0/8", "Port Range": "type=8", "Direction": "ingress", "Remote Security Group": null, "Security Group": "g"},
			{"ID": "4", "IP Protocol": "icmp", "Ethertype": "IPv4", "IP Range": "10.0.0.0/8", "Port Range": "type=3:code=4", "Direction": "ingress", "Remote Security Group": null, "Security Group": "g"}
		]`, []string{
			"ingress [g] 1 h (IPv4) 6/27017",
			"ingress [g] 2 10.0.0.0/8 everything",
			"ingress [g] 3 10.0.0.0/8 1/2048-2303",
			"ingress [g] 4 10.0.0.0/8 1/772",
		}},
	} {
		seen, err := c.cloud.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, p := range seen.Rules {
			rule, known, err := c.cloud.Read(p.Row, p.Direction, cloud.World{})
			if err != nil || !known {
				t.Errorf("%s: %v: known %t, %v", c.name, p.Row, known, err)
				continue
			}
			packets := strings.ReplaceAll(strings.TrimSpace(packet.New(rule.Packets).String()), "\n", "; ")
			packets = strings.TrimSuffix(packets, "; pl-1 (IPv6) 1/2048-2303")
			got = append(got, string(rule.Direction)+" ["+strings.Join(rule.Groups, " ")+"] "+rule.ID+" "+packets)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s is read as\n  %s\nwant\n  %s", c.name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

func TestWhatIsNotPrintedIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "Unreadable rules: it is empty",
		"{":                         "Unreadable rules: it is not JSON",
		"[] []":                     "Unreadable rules: something stands behind the JSON",
		"null":                      "Unreadable rules: it has no rules where they are known to stand",
		"{}":                        "Unreadable rules: it has no rules where they are known to stand",
		`"text"`:                    "Unreadable rules: it has no rules where they are known to stand",
		"[1]":                       "Unreadable rules: it has no rules where they are known to stand",
		`{"Reservations": []}`:      "Unreadable rules: it has no rules where they are known to stand",
		`{"NextToken": "x"}`:        "Incomplete answer: NextToken says that there are more pages.",
		`{"nextPageToken": "x"}`:    "Incomplete answer: nextPageToken says that there are more pages.",
		`{"nextLink": "https://x"}`: "Incomplete answer: nextLink says that there are more pages.",
		`{"security_group_rules_links": [{"rel": "next"}]}`:            "Incomplete answer: security_group_rules_links says that there are more pages.",
		`{"security_groups_links": [{"rel": "next"}]}`:                 "Incomplete answer: security_groups_links says that there are more pages.",
		`{"kind": "List", "metadata": {"continue": "x"}}`:              "Incomplete answer: metadata.continue says that there are more pages.",
		"{\"SecurityGroupRules\": []}\n{\"SecurityGroupRules\": []}\n": "Unreadable rules: something stands behind the JSON: another document. ",
		`{"SecurityGroupRules": [{}], "SecurityGroupRules": []}`:       `Unreadable rules: it is not JSON: duplicate object member name in line 1. `,
		"{\n\"a\": x}":                     "Unreadable rules: it is not JSON: invalid character 'x' at start of value in line 2. ",
		"apiVersion: v1\nkind: List\n":     "Unreadable rules: it is not JSON: invalid character 'a' at start of value in line 1. ",
		"{\x00\"\x00a\x00":                 "Unreadable rules: it is UTF-16, as > of Windows PowerShell writes it. ",
		"\xff\xfe{\x00\"\x00":              "Unreadable rules: it is UTF-16, as > of Windows PowerShell writes it. ",
		"\ufffd\ufffd{":                    "Unreadable rules: it is UTF-16, as > of Windows PowerShell writes it. ",
		"\x1f\x8b\x08\x00":                 "Unreadable rules: it is compressed, as gzip does it. ",
		"H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==": "Unreadable rules: it is compressed, as gzip does it. ",
		"{\"a\": \"\xe9\"}":                "Unreadable rules: it is not JSON: invalid UTF-8 in line 1. ",
	} {
		for _, c := range cloud.All() {
			if printed, err := c.Parse(text); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %q is read as %v, %v", c.Name, text, printed, err)
			}
		}
	}
	for _, text := range []string{`[{"GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"}]`, `{"Return": true, "SecurityGroupRules": [{"GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"}]}`} {
		if seen, err := cloud.AWS().Parse(text); err == nil || !strings.Contains(err.Error(), "without --query") {
			t.Errorf("%s is read as %v, %v", text, seen, err)
		}
	}
	seen, err := cloud.GCP().Parse(`[{"name": "a", "sourceRanges": ["10.0.0.0/8"], "targetTags": ["web"], "allowed": [{"IPProtocol": "all"}], "enableLogging": false}]`)
	if err != nil || len(seen.Rules) != 1 {
		t.Fatal(seen, err)
	}
	if _, _, err := cloud.GCP().Read(seen.Rules[0].Row, "", cloud.World{}); err != nil {
		t.Error(err)
	}
	// What has no name here is kept, and refused by Read.
	for _, of := range []struct {
		cloud cloud.Cloud
		text  string
	}{
		{cloud.AWS(), `{"SecurityGroupRules": [{"GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8", "SourcePort": 1}]}`},
		{cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": "10.0.0.0/8"}], "IpPermissionsEgress": []}]}`},
		{cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1"}], "IpPermissionsEgress": []}]}`},
		{cloud.GCP(), `[{"name": "a", "allowed": [{"IPProtocol": "tcp"}], "sourceSecureTags": ["x"]}]`},
		{cloud.GCP(), `[{"name": "a", "allowed": "tcp"}]`},
		{cloud.OpenStack(), `[{"ID": "1", "Ethertype": "IPv4", "Port Range": "22", "Direction": "ingress", "Security Group": "g"}]`},
		{cloud.OpenStack(), `{"rules": [{"id": "1", "security_group_id": "g", "direction": "ingress", "ethertype": "IPv4", "remote_fqdn": "x"}]}`},
	} {
		seen, err := of.cloud.Parse(of.text)
		printed := seen.Rules
		if err != nil || len(printed) != 1 {
			t.Errorf("%s: %v, %v", of.text, printed, err)
			continue
		}
		if rule, _, err := of.cloud.Read(printed[0].Row, printed[0].Direction, cloud.World{}); err == nil {
			t.Errorf("%s is read as %+v", of.text, rule)
		}
	}
}

// A list without the column of remote groups does not say for whom a rule is: beside a
// group, everybody stands there, too.
func TestColumnsThatAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ columns, want string }{
		{`"IP Range": "0.0.0.0/0", "Remote Security Group": null, "Remote Address Group": null`, "0.0.0.0/0 6/22"},
		{`"IP Range": "0.0.0.0/0", "Remote Security Group": null`, "0.0.0.0/0 6/22"},
		{`"IP Range": "0.0.0.0/0", "Remote Security Group": "g2"`, "g2 (IPv4) 6/22"},
		{`"IP Range": "10.0.0.0/8"`, "10.0.0.0/8 6/22"},
		{`"IP Range": "0.0.0.0/0"`, `IP Range: "0.0.0.0/0" is printed for a remote group, too, and the column "Remote Security Group" is not there`},
		{`"IP Range": "::/0", "Ethertype": "IPv6"`, `IP Range: "::/0" is printed for a remote group`},
	} {
		text := `{"ID": "1", "IP Protocol": "tcp", "Port Range": "22:22", "Direction": "ingress", "Security Group": "g", ` + c.columns + `}`
		if !strings.Contains(text, "Ethertype") {
			text = strings.Replace(text, "{", `{"Ethertype": "IPv4", `, 1)
		}
		seen, err := cloud.OpenStack().Parse("[" + text + "]")
		if err != nil || len(seen.Rules) != 1 {
			t.Fatalf("%s: %v, %v", text, seen, err)
		}
		rule, _, err := cloud.OpenStack().Read(seen.Rules[0].Row, "", cloud.World{})
		if err == nil && !strings.Contains(rule.Packets.String(), c.want) || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "Unreadable") != 1) {
			t.Errorf("%s: %s, %v", c.columns, rule.Packets, err)
		}
	}
	// As in Neutron's API, where a null is what is not there.
	seen, err := cloud.OpenStack().Parse(`[{"id": "1", "protocol": "tcp", "direction": "ingress", "ethertype": "IPv4", "security_group_id": "g", "remote_ip_prefix": "0.0.0.0/0"}]`)
	if err != nil || len(seen.Rules) != 1 {
		t.Fatal(seen, err)
	}
	if _, _, err := cloud.OpenStack().Read(seen.Rules[0].Row, "", cloud.World{}); err != nil {
		t.Error(err)
	}
}

// What stands where a text or a number belongs is named as JSON writes it.
func TestWrongValuesAreNamedAsWritten(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`{}`: "it is {}", `[null]`: "it is [null]", `{"a": [1, null]}`: `it is {"a":[1,null]}`, `true`: "it is true", `1.5`: "it is 1.5",
		`["` + strings.Repeat("é", 100) + `"]`: `it is ["` + strings.Repeat("é", 39) + "…",
	} {
		for _, text := range []string{
			`{"SecurityGroupRules": [{"GroupId": "g", "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": VALUE}]}`,
			`{"SecurityGroupRules": [{"GroupId": VALUE, "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"}]}`,
		} {
			seen, err := cloud.AWS().Parse(strings.Replace(text, "VALUE", value, 1))
			if err != nil || len(seen.Rules) != 1 {
				t.Fatal(seen, err)
			}
			if _, _, err := cloud.AWS().Read(seen.Rules[0].Row, "", cloud.World{}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, and not %q", value, err, want)
			}
		}
	}
	// A number is no name of a group: the rule would be another group's.
	seen, err := cloud.AWS().Parse(`{"SecurityGroupRules": [{"GroupId": 1, "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := cloud.AWS().Read(seen.Rules[0].Row, "", cloud.World{}); err == nil || !strings.Contains(err.Error(), "security_group_id: it is the number 1") {
		t.Error(err)
	}
}

// What stands among rules and is not one makes a text unreadable, wherever it stands.
func TestNullsAmongRulesAreRefused(t *testing.T) {
	t.Parallel()
	for _, of := range []struct {
		cloud cloud.Cloud
		text  string
	}{
		{cloud.AWS(), `{"SecurityGroupRules": [NULL]}`},
		{cloud.AWS(), `{"SecurityGroups": [NULL]}`},
		{cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [NULL], "IpPermissionsEgress": []}]}`},
		{cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [], "IpPermissionsEgress": [NULL]}]}`},
		{cloud.AWS(), `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [], "IpPermissionsEgress": NULL}]}`},
		{cloud.GCP(), `[NULL]`},
		{cloud.GCP(), `{"items": [NULL]}`},
		{cloud.OpenStack(), `[NULL]`},
		{cloud.OpenStack(), `{"security_group_rules": [NULL]}`},
		{cloud.OpenStack(), `{"security_groups": [NULL]}`},
		{cloud.OpenStack(), `{"rules": [NULL]}`},
		{cloud.Kubernetes(), `{"items": [NULL]}`},
		{cloud.Azure(), `[NULL]`},
		{cloud.Azure(), `{"securityRules": [NULL]}`},
	} {
		for _, other := range []string{"null", "1", `"x"`, "[]"} {
			text := strings.Replace(of.text, "NULL", other, 1)
			if strings.Contains(text, `"IpPermissionsEgress": []}`) && strings.Contains(text, `"IpPermissions": []`) {
				continue // no rules at all
			}
			if seen, err := of.cloud.Parse(text); err == nil || !strings.HasPrefix(err.Error(), "Unreadable rules: ") {
				t.Errorf("%s: %s is read as %+v, %v", of.cloud.Name, text, seen, err)
			}
		}
	}
}

// An error names the same rule each time, whatever the order of a map.
func TestRulesHaveAnOrder(t *testing.T) {
	t.Parallel()
	text := `{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp"}], "IpPermissionsEgress": [{"IpProtocol": "udp"}]}]}`
	for range 32 {
		seen, err := cloud.AWS().Parse(text)
		if err != nil || len(seen.Rules) != 2 || seen.Rules[0].Direction != cloud.Ingress {
			t.Fatalf("%+v, %v", seen.Rules, err)
		}
	}
}

// Whatever stands in a text, reading it ends in rules or in an error.
func FuzzParse(f *testing.F) {
	f.Add(`{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": 1}]}], "IpPermissionsEgress": []}]}`)
	f.Add(`[{"name": "a", "allowed": [{"IPProtocol": "tcp", "ports": ["1"]}]}]`)
	f.Add(`[{"ID": "1", "Port Range": "type=8", "Direction": "ingress"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range cloud.All() {
			seen, err := c.Parse(text)
			if err != nil {
				continue
			}
			for _, p := range seen.Rules {
				rule, known, err := c.Read(p.Row, p.Direction, cloud.World{})
				if err == nil && known && len(rule.Groups) == 0 && !rule.Everywhere {
					t.Errorf("%q is a rule of nobody", text)
				}
			}
		}
	})
}
