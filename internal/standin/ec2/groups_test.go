package ec2

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A new group lets everything out; the AWS provider asks for the removal of
// that rule, and of its IPv6 sister that is not there.
func TestNewGroupHasTheDefaultEgressRule(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	body := do(t, srv, "CreateSecurityGroup", "GroupName", "web", "GroupDescription", "for a test", "VpcId", "vpc-1")
	id := element(t, body, "groupId")
	if want := fmt.Sprintf("<CreateSecurityGroupResponse><groupId>%[1]s</groupId><securityGroupArn>arn:aws:ec2:eu-west-3:123456789012:security-group/%[1]s</securityGroupArn><tagSet></tagSet></CreateSecurityGroupResponse>", id); body != want {
		t.Errorf("got %s, want %s", body, want)
	}

	rules := srv.Rules()
	want := Rule{GroupID: id, GroupName: "web", Direction: "egress", Protocol: "-1", FromPort: -1, ToPort: -1, CIDRIPv4: "0.0.0.0/0"}
	if len(rules) != 1 || rules[0].opening() != want {
		t.Fatalf("rules of a new group: %v, want %v", rules, want)
	}

	do(t, srv, "RevokeSecurityGroupEgress", append([]string{"GroupId", id}, allIPv4...)...)
	refused(t, srv, "InvalidPermission.NotFound", "does not exist in this security group", "RevokeSecurityGroupEgress",
		"GroupId", id, "IpPermissions.1.IpProtocol", "-1", "IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "::/0")
	if rules := srv.Rules(); len(rules) != 0 {
		t.Errorf("rules after the revocation: %v", rules)
	}
}

func TestGroupsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	newGroup(t, srv, "web")
	long := strings.Repeat("x", 256)
	for _, test := range []struct {
		name, description, vpc string
		code, text             string
	}{
		{"", "d", "vpc-1", "MissingParameter", "groupName"},
		{"n", "", "vpc-1", "MissingParameter", "groupDescription"},
		{"sg-n", "d", "vpc-1", "InvalidParameterValue", "Value (sg-n) for parameter groupName"},
		{"é", "d", "vpc-1", "InvalidParameterValue", "Value (é) for parameter groupName"},
		{long, "d", "vpc-1", "InvalidParameterValue", "for parameter groupName"},
		{"n", "é", "vpc-1", "InvalidParameterValue", "Value (é) for parameter groupDescription"},
		{"n", long, "vpc-1", "InvalidParameterValue", "for parameter groupDescription"},
		{"web", "d", "vpc-1", "InvalidGroup.Duplicate", "'web' already exists for VPC 'vpc-1'"},
	} {
		refused(t, srv, test.code, test.text, "CreateSecurityGroup", "GroupName", test.name, "GroupDescription", test.description, "VpcId", test.vpc)
	}
	refused(t, srv, "InvalidParameterValue", "want 'security-group'", "CreateSecurityGroup",
		"GroupName", "n", "GroupDescription", "d", "TagSpecification.1.ResourceType", "instance")
	if left := srv.Leftovers(); len(left) != 1 {
		t.Errorf("refused groups were made: %q", left)
	}
	do(t, srv, "CreateSecurityGroup", "GroupName", "web", "GroupDescription", "the same name in another network")
}

func TestDeleteGroup(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, data := newGroup(t, srv, "web"), newGroup(t, srv, "data")
	do(t, srv, "AuthorizeSecurityGroupEgress", permission(web, "5432", "5432", groupMember, data)...)
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(data, "5432", "5432", groupMember, data)...)

	refused(t, srv, "MissingParameter", "groupId", "DeleteSecurityGroup")
	refused(t, srv, "InvalidGroup.NotFound", "'sg-0' does not exist", "DeleteSecurityGroup", "GroupId", "sg-0")
	refused(t, srv, "DependencyViolation", "resource "+data+" has a dependent object", "DeleteSecurityGroup", "GroupId", data)
	if left := srv.Leftovers(); len(left) != 4 {
		t.Errorf("left before the deletions: %q", left)
	}
	do(t, srv, "DeleteSecurityGroup", "GroupId", web)
	body := do(t, srv, "DeleteSecurityGroup", "GroupId", data) // that refers to itself alone
	if want := "<DeleteSecurityGroupResponse><return>true</return><groupId>" + data + "</groupId></DeleteSecurityGroupResponse>"; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
	if left := srv.Leftovers(); len(left) != 0 {
		t.Errorf("left after the deletions: %q", left)
	}
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, users := newGroup(t, srv, "web"), newList(t, srv, "users", "5")
	rule := element(t, do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "81", listMember, users)...), "securityGroupRuleId")
	want := []string{
		"prefix list " + users + " (users)",
		"security group rule " + rule + " (ingress of web: tcp 80-81 with " + users + ")",
		"security group " + web + " (web)",
	}
	if got := srv.Leftovers(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A permission gathers the peers of one port range; ports are left out where
// the protocol is -1.
func TestDescribeGroups(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, users := newGroup(t, srv, "web"), newList(t, srv, "users", "5")
	other := newGroup(t, srv, "other")
	do(t, srv, "CreateTags", "ResourceId.1", web, "Tag.1.Key", "Name", "Tag.1.Value", "front")
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", ipv4Member, "10.0.0.0/8",
		"IpPermissions.1.IpRanges.1.Description", "four",
		"IpPermissions.1."+ipv6Member, "2001:db8::/32", "IpPermissions.1.Ipv6Ranges.1.Description", "six",
		"IpPermissions.1."+listMember, users, "IpPermissions.1."+groupMember, other)...)
	do(t, srv, "AuthorizeSecurityGroupEgress", append([]string{"GroupId", web}, allIPv4...)...)

	want := "<DescribeSecurityGroupsResponse><securityGroupInfo><item>" +
		"<groupId>" + web + "</groupId><groupName>web</groupName><groupDescription>for a test</groupDescription>" +
		"<vpcId>vpc-1</vpcId><ownerId>123456789012</ownerId>" +
		"<securityGroupArn>arn:aws:ec2:eu-west-3:123456789012:security-group/" + web + "</securityGroupArn>" +
		"<ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>80</toPort>" +
		"<groups><item><groupId>" + other + "</groupId><userId>123456789012</userId></item></groups>" +
		"<ipRanges><item><cidrIp>10.0.0.0/8</cidrIp><description>four</description></item></ipRanges>" +
		"<ipv6Ranges><item><cidrIpv6>2001:db8::/32</cidrIpv6><description>six</description></item></ipv6Ranges>" +
		"<prefixListIds><item><prefixListId>" + users + "</prefixListId></item></prefixListIds>" +
		"</item></ipPermissions>" +
		"<ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups></groups>" +
		"<ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges><ipv6Ranges></ipv6Ranges><prefixListIds></prefixListIds>" +
		"</item></ipPermissionsEgress>" +
		"<tagSet><item><key>Name</key><value>front</value></item></tagSet>" +
		"</item></securityGroupInfo></DescribeSecurityGroupsResponse>"
	for _, query := range [][]string{
		{"GroupId.1", web},
		{"Filter.1.Name", "group-name", "Filter.1.Value.1", "web"},
		{"Filter.1.Name", "group-id", "Filter.1.Value.1", "sg-0", "Filter.1.Value.2", web},
		{"Filter.1.Name", "tag:Name", "Filter.1.Value.1", "front", "Filter.2.Name", "vpc-id", "Filter.2.Value.1", "vpc-1"},
		{"Filter.1.Name", "tag-key", "Filter.1.Value.1", "Name"},
	} {
		if got := do(t, srv, "DescribeSecurityGroups", query...); got != want {
			t.Errorf("%v:\n got %s\nwant %s", query, got, want)
		}
	}
	for _, query := range [][]string{
		{"Filter.1.Name", "group-name", "Filter.1.Value.1", "nobody"},
		{"Filter.1.Name", "tag:Name", "Filter.1.Value.1", "back"},
		{"Filter.1.Name", "tag-key", "Filter.1.Value.1", "name"},
		{"GroupId.1", web, "Filter.1.Name", "vpc-id", "Filter.1.Value.1", "vpc-2"},
	} {
		if got := do(t, srv, "DescribeSecurityGroups", query...); got != "<DescribeSecurityGroupsResponse><securityGroupInfo></securityGroupInfo></DescribeSecurityGroupsResponse>" {
			t.Errorf("%v finds %s", query, got)
		}
	}
	refused(t, srv, "InvalidGroup.NotFound", "'sg-0' does not exist", "DescribeSecurityGroups", "GroupId.1", "sg-0")
}
