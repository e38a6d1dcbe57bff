package ec2

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestAuthorizeAnswersWithTheRule(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, data := newGroup(t, srv, "web"), newGroup(t, srv, "data")
	srv.ForgetCalls()
	body := do(t, srv, "AuthorizeSecurityGroupEgress", permission(web, "5432", "5433", groupMember, data,
		"IpPermissions.1.Groups.1.Description", "web to data", "IpPermissions.1.Groups.1.UserId", AccountID,
		"TagSpecification.1.ResourceType", "security-group-rule", "TagSpecification.1.Tag.1.Key", "flows", "TagSpecification.1.Tag.1.Value", "web-to-data")...)

	id := element(t, body, "securityGroupRuleId")
	item := "<item><securityGroupRuleId>" + id + "</securityGroupRuleId>" +
		"<securityGroupRuleArn>arn:aws:ec2:eu-west-3:123456789012:security-group-rule/" + id + "</securityGroupRuleArn>" +
		"<groupId>" + web + "</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>true</isEgress>" +
		"<ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort><toPort>5433</toPort>" +
		"<referencedGroupInfo><groupId>" + data + "</groupId><userId>123456789012</userId></referencedGroupInfo>" +
		"<description>web to data</description>" +
		"<tagSet><item><key>flows</key><value>web-to-data</value></item></tagSet></item>"
	if want := "<AuthorizeSecurityGroupEgressResponse><return>true</return><securityGroupRuleSet>" + item + "</securityGroupRuleSet></AuthorizeSecurityGroupEgressResponse>"; body != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
	rule := Rule{ID: id, GroupID: web, GroupName: "web", Direction: Egress, Protocol: "tcp", FromPort: 5432, ToPort: 5433, ReferencedGroupID: data, Description: "web to data"}
	if got := srv.Rules(); !slices.Equal(got, []Rule{rule}) {
		t.Errorf("rules %v, want %v", got, rule)
	}
	if got := srv.Calls(); len(got) != 1 || got[0].Action != "AuthorizeSecurityGroupEgress" || !slices.Equal(got[0].Rules, []Rule{rule}) || got[0].Code != "" {
		t.Errorf("calls %v, want one that made %v", got, rule)
	}

	for _, query := range [][]string{
		{"SecurityGroupRuleId.1", id},
		{"Filter.1.Name", "group-id", "Filter.1.Value.1", web},
		{"Filter.1.Name", "security-group-rule-id", "Filter.1.Value.1", id, "MaxResults", "1000"},
	} {
		want := "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet>" + item + "</securityGroupRuleSet></DescribeSecurityGroupRulesResponse>"
		if got := do(t, srv, "DescribeSecurityGroupRules", query...); got != want {
			t.Errorf("%v: got %s\nwant %s", query, got, want)
		}
	}
	if got := do(t, srv, "DescribeSecurityGroupRules", "Filter.1.Name", "group-id", "Filter.1.Value.1", data); strings.Contains(got, "item") {
		t.Errorf("the other group has rules: %s", got)
	}
	refused(t, srv, "InvalidParameterValue", "The filter 'x' is invalid", "DescribeSecurityGroupRules", "Filter.1.Name", "x")
	refused(t, srv, "InvalidSecurityGroupRuleId.NotFound", "'sgr-0' does not exist", "DescribeSecurityGroupRules", "SecurityGroupRuleId.1", "sgr-0")
}

// A permission with several peers is one rule for each, as the provider's inline
// blocks use it.
func TestEachPeerIsARule(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, users := newGroup(t, srv, "web"), newList(t, srv, "users", "5")
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8",
		"IpPermissions.1.IpRanges.2.CidrIp", "192.0.2.0/24", "IpPermissions.1."+ipv6Member, "2001:db8::/32", "IpPermissions.1."+groupMember, web,
		"IpPermissions.10.IpProtocol", "udp", "IpPermissions.10.FromPort", "53", "IpPermissions.10.ToPort", "53", "IpPermissions.10."+listMember, users)...)
	want := []string{
		"ingress of web: tcp 80-80 with 10.0.0.0/8",
		"ingress of web: tcp 80-80 with 192.0.2.0/24",
		"ingress of web: tcp 80-80 with 2001:db8::/32",
		"ingress of web: tcp 80-80 with web",
		"ingress of web: udp 53-53 with users",
	}
	if got := named(srv); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Another description, another spelling of the protocol or of the prefix does
// not make a second rule.
func TestTheSameOpeningTwice(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8")...)
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv6Member, "2001:db8::/32")...)
	do(t, srv, "AuthorizeSecurityGroupIngress", append([]string{"GroupId", web}, allIPv4...)...)

	refused(t, srv, "InvalidPermission.Duplicate", `the specified rule "peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW" already exists`,
		"AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpRanges.1.Description", "another")...)
	refused(t, srv, "InvalidPermission.Duplicate", "peer: 10.0.0.0/8, TCP",
		"AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpProtocol", "6")...)
	refused(t, srv, "InvalidPermission.Duplicate", "peer: 2001:db8::/32, TCP",
		"AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv6Member, "2001:0DB8:0::/32")...)
	refused(t, srv, "InvalidPermission.Duplicate", "peer: 0.0.0.0/0, ALL, from port: -1, to port: -1",
		"AuthorizeSecurityGroupIngress", "GroupId", web, "IpPermissions.1.IpProtocol", "-1", "IpPermissions.1."+ipv4Member, "0.0.0.0/0")
	refused(t, srv, "InvalidParameterValue", "The same permission must not appear multiple times",
		"AuthorizeSecurityGroupIngress", permission(web, "81", "81", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpRanges.2.CidrIp", "10.0.0.0/8")...)
	// Nothing of a request that fails is done: port 82 stays closed.
	refused(t, srv, "InvalidPermission.Duplicate", "from port: 80",
		"AuthorizeSecurityGroupIngress", append(permission(web, "82", "82", ipv4Member, "10.0.0.0/8"),
			"IpPermissions.2.IpProtocol", "tcp", "IpPermissions.2.FromPort", "80", "IpPermissions.2.ToPort", "80", "IpPermissions.2.IpRanges.1.CidrIp", "10.0.0.0/8")...)

	do(t, srv, "AuthorizeSecurityGroupEgress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8")...)
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "81", ipv4Member, "10.0.0.0/8")...)
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/9")...)
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(newGroup(t, srv, "other"), "80", "80", ipv4Member, "10.0.0.0/8")...)
}

// Host bits, bare addresses and shortened prefixes are refused, and IPv6
// in capitals comes back in small letters, which is a difference in every plan.
func TestPrefixes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	for _, test := range []struct{ member, cidr, text string }{
		{ipv4Member, "10.0.0.1/8", "10.0.0.1/8 is malformed: it has host bits, 10.0.0.0/8 is the block that holds it"},
		{ipv6Member, "2001:db8::1/32", "it has host bits, 2001:db8::/32"},
		{ipv4Member, "10.0.0.1", "CIDR block 10.0.0.1 is malformed: not an IPv4 prefix"},
		{ipv4Member, "10/8", "CIDR block 10/8 is malformed"},
		{ipv4Member, "10.0.0.0/33", "CIDR block 10.0.0.0/33 is malformed"},
		{ipv4Member, "010.0.0.0/8", "CIDR block 010.0.0.0/8 is malformed"},
		{ipv4Member, "2001:db8::/32", "not an IPv4 prefix"},
		{ipv6Member, "10.0.0.0/8", "not an IPv6 prefix"},
		{ipv4Member, "", "CIDR block  is malformed"},
	} {
		refused(t, srv, "InvalidParameterValue", test.text, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", test.member, test.cidr)...)
	}
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv6Member, "2001:0DB8:0000::/48")...)
	if got := srv.Rules()[0].CIDRIPv6; got != "2001:db8::/48" {
		t.Errorf("stored %s", got)
	}
}

// Accents, quotes, line breaks and a 256th character pass the provider's plan.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	describe := func(text string) []string {
		return permission(web, "80", "80", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpRanges.1.Description", text)
	}
	for _, text := range []string{"réseau", "a\nb", "a'b", `a"b`, "a<b>", "a?", strings.Repeat("x", 256)} {
		refused(t, srv, "InvalidParameterValue", "Invalid rule description", "AuthorizeSecurityGroupIngress", describe(text)...)
	}
	all := "abyz ABYZ 0189. _-:/()#,@[]+=&;{}!$*"
	for _, text := range []string{all, all + strings.Repeat("x", 255-len(all))} {
		do(t, srv, "AuthorizeSecurityGroupIngress", describe(text)...)
		if got := srv.Rules(); len(got) != 1 || got[0].Description != text {
			t.Errorf("stored %v, want the description %q", got, text)
		}
		do(t, srv, "RevokeSecurityGroupIngress", describe("")...)
	}
}

// Reversed ranges, single ports and unknown words pass the provider's plan.
func TestProtocolsAndPorts(t *testing.T) {
	t.Parallel()
	type ports struct{ protocol, from, to string } // an empty port is not sent
	request := func(web string, p ports) []string {
		form := []string{"GroupId", web, "IpPermissions.1.IpProtocol", p.protocol, "IpPermissions.1." + ipv4Member, "10.0.0.0/8"}
		if p.from != "" {
			form = append(form, "IpPermissions.1.FromPort", p.from)
		}
		if p.to != "" {
			form = append(form, "IpPermissions.1.ToPort", p.to)
		}
		return form
	}

	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		web := newGroup(t, srv, "web")
		for p, text := range map[ports]string{
			{"tcp", "", ""}:       "Must specify both from and to ports with TCP/UDP.",
			{"tcp", "80", ""}:     "Must specify both from and to ports with TCP/UDP.",
			{"udp", "", "80"}:     "Must specify both from and to ports with TCP/UDP.",
			{"tcp", "443", "80"}:  "Invalid TCP/UDP port range (443:80)",
			{"tcp", "-1", "-1"}:   "TCP/UDP port (-1) out of range",
			{"udp", "1", "65536"}: "TCP/UDP port (65536) out of range",
			{"tcp", "http", "80"}: "Value (http) for parameter FromPort is invalid",
			{"tcp", "80", "http"}: "Value (http) for parameter ToPort is invalid",
			{"icmp", "", ""}:      "Must specify both from and to ports with ICMP.",
			{"icmp", "256", "0"}:  "ICMP type (256) and code (0) out of range",
			{"icmp", "8", "-2"}:   "ICMP type (8) and code (-2) out of range",
			{"icmp", "-1", "0"}:   "ICMP type (-1) and code (0) out of range",
			{"", "80", "80"}:      "Invalid value 'null' for protocol",
			{"http", "80", "80"}:  "Invalid value 'http' for IP protocol. Unknown protocol.",
			{"256", "80", "80"}:   "Invalid value '256' for IP protocol. Unknown protocol.",
			{"vrrp", "", ""}:      "Invalid value 'vrrp' for IP protocol. Unknown protocol.",
			{"-2", "80", "80"}:    "Invalid value '-2' for IP protocol. Unknown protocol.",
		} {
			refused(t, srv, "InvalidParameterValue", text, "AuthorizeSecurityGroupIngress", request(web, p)...)
		}
	})

	t.Run("stored", func(t *testing.T) {
		t.Parallel()
		for p, want := range map[ports]string{
			{"tcp", "0", "65535"}:  "tcp 0-65535",
			{"6", "80", "80"}:      "tcp 80-80",
			{"17", "53", "53"}:     "udp 53-53",
			{"UDP", "53", "53"}:    "udp 53-53",
			{"1", "8", "-1"}:       "icmp 8--1",
			{"icmp", "-1", "-1"}:   "icmp -1--1",
			{"58", "", ""}:         "icmpv6 -1--1",
			{"icmp", "-1", "-1"}:   "icmp -1--1",
			{"112", "", ""}:        "112 -1--1",
			{"icmpv6", "128", "0"}: "icmpv6 128-0",
			{"50", "80", "80"}:     "50 -1--1",
			{"-1", "", ""}:         "-1 -1--1",
			{"-1", "443", "443"}:   "-1 -1--1", // so a configuration with 443 never settles
		} {
			srv := newServer(t)
			do(t, srv, "AuthorizeSecurityGroupIngress", request(newGroup(t, srv, "web"), p)...)
			if got := srv.Rules()[0].String(); got != "ingress of web: "+want+" with 10.0.0.0/8" {
				t.Errorf("%v is stored as %s", p, got)
			}
		}
	})
}

// No peer at all, and peers that are not there.
func TestPeersThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	elsewhere := element(t, do(t, srv, "CreateSecurityGroup", "GroupName", "elsewhere", "GroupDescription", "d", "VpcId", "vpc-2"), "groupId")
	for _, action := range []string{"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"} {
		refused(t, srv, "MissingParameter", "Missing source specification", action,
			"GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "80", "IpPermissions.1.ToPort", "80")
		refused(t, srv, "MissingParameter", "ipPermissions", action, "GroupId", web)
		refused(t, srv, "MissingParameter", "groupId", action)
		refused(t, srv, "InvalidGroup.NotFound", "'sg-0' does not exist", action, permission("sg-0", "80", "80", ipv4Member, "10.0.0.0/8")...)
		refused(t, srv, "InvalidGroup.NotFound", "'sg-0' does not exist", action, permission(web, "80", "80", groupMember, "sg-0")...)
		refused(t, srv, "InvalidGroup.NotFound", "'210987654321/"+web+"' does not exist", action,
			permission(web, "80", "80", groupMember, web, "IpPermissions.1.Groups.1.UserId", "210987654321")...)
		refused(t, srv, "InvalidGroup.NotFound", "belong to different networks", action, permission(web, "80", "80", groupMember, elsewhere)...)
		refused(t, srv, "InvalidPrefixListID.NotFound", "'pl-0' does not exist", action, permission(web, "80", "80", listMember, "pl-0")...)
		refused(t, srv, "InvalidParameterValue", "want 'security-group-rule'", action,
			permission(web, "80", "80", ipv4Member, "10.0.0.0/8", "TagSpecification.1.ResourceType", "prefix-list")...)
	}
}

// fill gives a group rules for ports 1 to n with one peer.
func fill(t *testing.T, srv *Server, action, group string, n int, member, peer string) {
	t.Helper()
	form := []string{"GroupId", group}
	for port := 1; port <= n; port++ {
		item := fmt.Sprintf("IpPermissions.%d.", port)
		form = append(form, item+"IpProtocol", "tcp", item+"FromPort", fmt.Sprint(port), item+"ToPort", fmt.Sprint(port), item+member, peer)
	}
	do(t, srv, action, form...)
}

// Sixty rules in each direction and for each family.
func TestQuota(t *testing.T) {
	t.Parallel()

	t.Run("families and directions", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		web := newGroup(t, srv, "web")
		fill(t, srv, "AuthorizeSecurityGroupIngress", web, 60, ipv4Member, "10.0.0.0/8")
		full := func(action, member, peer string) {
			t.Helper()
			refused(t, srv, "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached: "+web, action, permission(web, "80", "80", member, peer)...)
		}
		full("AuthorizeSecurityGroupIngress", ipv4Member, "10.0.0.0/8")
		full("AuthorizeSecurityGroupIngress", groupMember, web)
		do(t, srv, "AuthorizeSecurityGroupEgress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8")...)
		do(t, srv, "AuthorizeSecurityGroupIngress", permission(newGroup(t, srv, "other"), "80", "80", ipv4Member, "10.0.0.0/8")...)

		fill(t, srv, "AuthorizeSecurityGroupIngress", web, 60, ipv6Member, "2001:db8::/32")
		full("AuthorizeSecurityGroupIngress", ipv6Member, "2001:db8::/32")

		// A rule that goes makes room for one that comes.
		do(t, srv, "RevokeSecurityGroupIngress", permission(web, "60", "60", ipv4Member, "10.0.0.0/8")...)
		do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8")...)
	})

	t.Run("a group counts in both families", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		web := newGroup(t, srv, "web")
		fill(t, srv, "AuthorizeSecurityGroupEgress", web, 60, groupMember, web)
		for member, cidr := range map[string]string{ipv4Member: "10.0.0.0/8", ipv6Member: "2001:db8::/32"} {
			refused(t, srv, "RulesPerSecurityGroupLimitExceeded", web, "AuthorizeSecurityGroupEgress", permission(web, "80", "80", member, cidr)...)
		}
	})

	t.Run("a list counts as its maximum", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		web, users, more := newGroup(t, srv, "web"), newList(t, srv, "users", "20"), newList(t, srv, "more", "21")
		fill(t, srv, "AuthorizeSecurityGroupIngress", web, 2, listMember, users)
		do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", listMember, users)...)
		refused(t, srv, "RulesPerSecurityGroupLimitExceeded", web, "AuthorizeSecurityGroupIngress", permission(web, "81", "81", ipv4Member, "10.0.0.0/8")...)

		rule := srv.Rules()[0].ID
		refused(t, srv, "RulesPerSecurityGroupLimitExceeded", web, "ModifySecurityGroupRules", modify(web, rule, "PrefixListId", more)...)

		// The list grows in the background, and its state says that it cannot.
		body := do(t, srv, "ModifyManagedPrefixList", "PrefixListId", users, "MaxEntries", "21")
		if state, message := element(t, body, "state"), element(t, body, "stateMessage"); state != "modify-failed" || !strings.Contains(message, web) {
			t.Errorf("state %s: %s", state, message)
		}
		if got := element(t, do(t, srv, "DescribeManagedPrefixLists", "PrefixListId.1", users), "maxEntries"); got != "20" {
			t.Errorf("the list that could not grow has %s entries at most", got)
		}
		if got := element(t, do(t, srv, "ModifyManagedPrefixList", "PrefixListId", users, "MaxEntries", "19"), "state"); got != "modify-complete" {
			t.Errorf("state after the list shrank: %s", got)
		}
	})
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, other := newGroup(t, srv, "web"), newGroup(t, srv, "other")
	fill(t, srv, "AuthorizeSecurityGroupIngress", web, 3, ipv4Member, "10.0.0.0/8")
	rules := srv.Rules()

	refused(t, srv, "MissingParameter", "groupId", "RevokeSecurityGroupIngress", "SecurityGroupRuleId.1", rules[0].ID)
	refused(t, srv, "MissingParameter", "ipPermissions", "RevokeSecurityGroupIngress", "GroupId", web)
	refused(t, srv, "InvalidSecurityGroupRuleId.NotFound", "'sgr-0' does not exist", "RevokeSecurityGroupIngress", "GroupId", web, "SecurityGroupRuleId.1", rules[0].ID, "SecurityGroupRuleId.2", "sgr-0")
	refused(t, srv, "InvalidSecurityGroupRuleId.NotFound", "among those of "+other, "RevokeSecurityGroupIngress", "GroupId", other, "SecurityGroupRuleId.1", rules[0].ID)
	refused(t, srv, "InvalidSecurityGroupRuleId.NotFound", "among those of "+web, "RevokeSecurityGroupEgress", "GroupId", web, "SecurityGroupRuleId.1", rules[0].ID)
	refused(t, srv, "InvalidPermission.NotFound", "does not exist in this security group", "RevokeSecurityGroupIngress", permission(web, "1", "2", ipv4Member, "10.0.0.0/8")...)
	refused(t, srv, "InvalidParameterValue", "malformed", "RevokeSecurityGroupIngress", permission(web, "1", "1", ipv4Member, "10.0.0.1/8")...)

	srv.ForgetCalls()
	do(t, srv, "RevokeSecurityGroupIngress", "GroupId", web, "SecurityGroupRuleId.1", rules[0].ID, "SecurityGroupRuleId.2", rules[2].ID)
	if got := srv.Calls()[0].Rules; !slices.Equal(got, []Rule{rules[0], rules[2]}) {
		t.Errorf("the log has %v", got)
	}
	if got := srv.Rules(); !slices.Equal(got, []Rule{rules[1]}) {
		t.Errorf("left %v, want %v", got, rules[1])
	}
	body := do(t, srv, "RevokeSecurityGroupIngress", permission(web, "2", "2", ipv4Member, "10.0.0.0/8")...)
	if want := "<RevokeSecurityGroupIngressResponse><return>true</return></RevokeSecurityGroupIngressResponse>"; body != want {
		t.Errorf("got %s", body)
	}
	if got := srv.Rules(); len(got) != 0 {
		t.Errorf("left %v", got)
	}
}

// modify is the form that gives a rule TCP port 90 and a peer.
func modify(group, rule, member, peer string, more ...string) []string {
	content := "SecurityGroupRule.1.SecurityGroupRule."
	return append([]string{
		"GroupId", group, "SecurityGroupRule.1.SecurityGroupRuleId", rule,
		content + "IpProtocol", "tcp", content + "FromPort", "90", content + "ToPort", "90", content + member, peer,
	}, more...)
}

func TestModifyRules(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, other := newGroup(t, srv, "web"), newGroup(t, srv, "other")
	id := element(t, do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpRanges.1.Description", "old")...), "securityGroupRuleId")
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "90", "90", ipv4Member, "192.0.2.0/24")...)
	content := "SecurityGroupRule.1.SecurityGroupRule."

	for _, test := range []struct {
		code, text string
		form       []string
	}{
		{"MissingParameter", "groupId", nil},
		{"MissingParameter", "securityGroupRules", []string{"GroupId", web}},
		{"InvalidSecurityGroupRuleId.NotFound", "'sgr-0'", modify(web, "sgr-0", "CidrIpv4", "10.0.0.0/8")},
		{"InvalidSecurityGroupRuleId.NotFound", "among those of " + other, modify(other, id, "CidrIpv4", "10.0.0.0/8")},
		{"InvalidParameterCombination", "exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId; 2 are given", modify(web, id, "CidrIpv4", "10.0.0.0/8", content+"CidrIpv6", "2001:db8::/32")},
		{"InvalidParameterCombination", "0 are given", modify(web, id, "Description", "no peer")},
		{"InvalidParameterValue", "You cannot change the rule type of " + id, modify(web, id, "ReferencedGroupId", other)},
		{"InvalidParameterValue", "host bits", modify(web, id, "CidrIpv4", "10.0.0.1/8")},
		{"InvalidParameterValue", "Invalid rule description", modify(web, id, "CidrIpv4", "10.0.0.0/8", content+"Description", "é")},
		{"InvalidParameterValue", "port range (91:90)", modify(web, id, "CidrIpv4", "10.0.0.0/8", content+"FromPort", "91")},
		{"InvalidPermission.Duplicate", "peer: 192.0.2.0/24, TCP, from port: 90", modify(web, id, "CidrIpv4", "192.0.2.0/24")},
	} {
		refused(t, srv, test.code, test.text, "ModifySecurityGroupRules", test.form...)
	}

	srv.ForgetCalls()
	do(t, srv, "ModifySecurityGroupRules", modify(web, id, "CidrIpv4", "10.64.0.0/10")...)
	want := Rule{ID: id, GroupID: web, GroupName: "web", Direction: Ingress, Protocol: "tcp", FromPort: 90, ToPort: 90, CIDRIPv4: "10.64.0.0/10"}
	if got := srv.Rules()[0]; got != want {
		t.Errorf("the rule is %+v, want %+v", got, want)
	}
	if got := srv.Calls()[0].Rules; !slices.Equal(got, []Rule{want}) {
		t.Errorf("the log has %v, want %v", got, want)
	}
	do(t, srv, "ModifySecurityGroupRules", modify(web, id, "CidrIpv4", "10.64.0.0/10", content+"Description", "new")...) // equal to itself, and no duplicate
	if got := srv.Rules()[0].Description; got != "new" {
		t.Errorf("the description is %q", got)
	}
}

func TestUpdateDescriptions(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	for direction, action := range map[Direction]string{Ingress: "Ingress", Egress: "Egress"} {
		fill(t, srv, "AuthorizeSecurityGroup"+action, web, 2, ipv4Member, "10.0.0.0/8")
		update := "UpdateSecurityGroupRuleDescriptions" + action
		second := srv.groupRules(web, direction)[1].ID

		refused(t, srv, "MissingParameter", "groupId", update)
		refused(t, srv, "MissingParameter", "ipPermissions", update, "GroupId", web)
		refused(t, srv, "InvalidPermission.NotFound", "does not exist", update, permission(web, "3", "3", ipv4Member, "10.0.0.0/8")...)
		refused(t, srv, "InvalidParameterValue", "malformed", update, permission(web, "1", "1", ipv4Member, "10/8")...)
		refused(t, srv, "InvalidSecurityGroupRuleId.NotFound", "'sgr-0'", update, "GroupId", web, "SecurityGroupRuleDescription.1.SecurityGroupRuleId", "sgr-0")
		refused(t, srv, "InvalidParameterValue", "Invalid rule description", update, "GroupId", web,
			"SecurityGroupRuleDescription.1.SecurityGroupRuleId", second, "SecurityGroupRuleDescription.1.Description", "é")

		do(t, srv, update, permission(web, "1", "1", ipv4Member, "10.0.0.0/8", "IpPermissions.1.IpRanges.1.Description", "by opening",
			"SecurityGroupRuleDescription.1.SecurityGroupRuleId", second, "SecurityGroupRuleDescription.1.Description", "by id")...)
		rules := srv.groupRules(web, direction)
		if rules[0].Description != "by opening" || rules[1].Description != "by id" {
			t.Errorf("%s: %q and %q", direction, rules[0].Description, rules[1].Description)
		}
	}
}
