package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// auditExpected is one host that users reach on one port, on a target.
func auditExpected(t testing.TB, target string) object {
	t.Helper()
	key, rule := writtenRule("users", "canopsis", "nginx", "user_access", "tcp", 8443)
	host := map[string]object{
		"aws":        {"security_group_id": "sg-0000000c"},
		"openstack":  {"security_group_id": "7d9e0c5e-0000-4000-8000-00000000000c"},
		"gcp":        {"network_tags": list{"canopsis"}},
		"azure":      {"network_security_group_name": "canopsis", "resource_group_name": "rg"},
		"kubernetes": {"namespace": "canopsis", "pod_labels": object{"app": "canopsis"}},
	}[target]
	result, funcErr := run(t, targetNamed(target).function(), untyped(object{key: rule}), untyped(object{"users": object{"cidrs": list{"10.20.0.0/16"}}, "canopsis": host}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	o, _ := plain(t, result).(object)
	return o
}

// The fixtures are as the tools write them, with all that they write beside.
const (
	describedRules = `{
    "SecurityGroupRules": [
        {
            "SecurityGroupRuleId": "sgr-0a1",
            "GroupId": "sg-0000000c",
            "GroupOwnerId": "123456789012",
            "IsEgress": false,
            "IpProtocol": "tcp",
            "FromPort": 8443,
            "ToPort": 8443,
            "CidrIpv4": "10.20.0.0/16",
            "Description": "by hand",
            "SecurityGroupRuleArn": "arn:aws:ec2:eu-west-3:123456789012:security-group-rule/sgr-0a1",
            "Tags": []
        }
    ]
}`
	describedGroups = `{
    "SecurityGroups": [
        {
            "GroupId": "sg-0000000c",
            "IpPermissionsEgress": [{"IpProtocol": "-1", "UserIdGroupPairs": [], "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": []}],
            "Tags": [{"Key": "Name", "Value": "canopsis"}],
            "VpcId": "vpc-1",
            "SecurityGroupArn": "arn:aws:ec2:eu-west-3:123456789012:security-group/sg-0000000c",
            "OwnerId": "123456789012",
            "GroupName": "canopsis",
            "Description": "Canopsis",
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "UserIdGroupPairs": [], "IpRanges": [{"CidrIp": "10.20.0.0/16"}], "Ipv6Ranges": [], "PrefixListIds": []}]
        }
    ]
}`
	shownAWS = `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{
"resources":[{"address":"aws_vpc.this","mode":"managed","type":"aws_vpc","name":"this","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1,"values":{"id":"vpc-1"},"sensitive_values":{}}],
"child_modules":[{"address":"module.firewall","resources":[
{"address":"module.firewall.aws_security_group.this[\"canopsis\"]","mode":"managed","type":"aws_security_group","name":"this","index":"canopsis","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1,"values":{"arn":"a","description":"Managed by Terraform","egress":[],"id":"sg-0000000c","ingress":[{"cidr_blocks":["10.20.0.0/16"],"description":"by hand","from_port":8443,"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"tcp","security_groups":[],"self":false,"to_port":8443}],"name":"canopsis","name_prefix":"","owner_id":"123456789012","revoke_rules_on_delete":false,"tags":null,"tags_all":{},"timeouts":null,"vpc_id":"vpc-1"},"sensitive_values":{}},
{"address":"module.firewall.aws_vpc_security_group_ingress_rule.web","mode":"managed","type":"aws_vpc_security_group_ingress_rule","name":"web","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":{"arn":"a","cidr_ipv4":"10.20.0.0/16","cidr_ipv6":null,"description":"by hand","from_port":8443,"id":"sgr-0a1","ip_protocol":"tcp","prefix_list_id":null,"referenced_security_group_id":null,"security_group_id":"sg-0000000c","security_group_rule_id":"sgr-0a1","tags":null,"tags_all":{},"to_port":8443},"sensitive_values":{}}
]}]}}}`
	listedGCP = `[
  {
    "allowed": [{"IPProtocol": "tcp", "ports": ["8443"]}],
    "creationTimestamp": "2024-01-01T00:00:00.000-08:00",
    "description": "",
    "direction": "INGRESS",
    "disabled": false,
    "id": "1234567890123456789",
    "kind": "compute#firewall",
    "logConfig": {"enable": false},
    "name": "web",
    "network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/default",
    "priority": 1000,
    "selfLink": "https://www.googleapis.com/compute/v1/projects/p/global/firewalls/web",
    "sourceRanges": ["10.20.0.0/16"],
    "targetTags": ["canopsis"]
  }
]`
	listedOpenStack = `[
  {
    "ID": "r1",
    "IP Protocol": "tcp",
    "Ethertype": "IPv4",
    "IP Range": "10.20.0.0/16",
    "Port Range": "8443:8443",
    "Direction": "ingress",
    "Remote Security Group": null,
    "Remote Address Group": null,
    "Security Group": "7d9e0c5e-0000-4000-8000-00000000000c"
  }
]`
	neutronRule    = `{"id": "r1", "tenant_id": "p", "project_id": "p", "security_group_id": "7d9e0c5e-0000-4000-8000-00000000000c", "ethertype": "IPv4", "direction": "ingress", "protocol": "tcp", "port_range_min": 8443, "port_range_max": 8443, "remote_ip_prefix": "10.20.0.0/16", "remote_address_group_id": null, "normalized_cidr": "10.20.0.0/16", "remote_group_id": null, "standard_attr_id": 20, "description": "", "belongs_to_default_sg": false, "tags": [], "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z", "revision_number": 0}`
	shownOpenStack = `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[{"address":"openstack_networking_secgroup_rule_v2.web","mode":"managed","type":"openstack_networking_secgroup_rule_v2","name":"web","provider_name":"registry.terraform.io/terraform-provider-openstack/openstack","schema_version":0,"values":{"description":"","direction":"ingress","ethertype":"IPv4","id":"r1","port_range_max":8443,"port_range_min":8443,"protocol":"tcp","region":"RegionOne","remote_address_group_id":"","remote_group_id":"","remote_ip_prefix":"10.20.0.0/16","security_group_id":"7d9e0c5e-0000-4000-8000-00000000000c","tenant_id":"p","timeouts":null},"sensitive_values":{}}]}}}`
	shownGCP       = `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[{"address":"google_compute_firewall.web","mode":"managed","type":"google_compute_firewall","name":"web","provider_name":"registry.terraform.io/hashicorp/google","schema_version":1,"values":{"allow":[{"ports":["8443"],"protocol":"tcp"}],"creation_timestamp":"t","deny":[],"description":"","destination_ranges":[],"direction":"INGRESS","disabled":false,"enable_logging":null,"id":"projects/p/global/firewalls/web","log_config":[],"name":"web","network":"https://www.googleapis.com/compute/v1/projects/p/global/networks/default","params":[],"priority":1000,"project":"p","self_link":"s","source_ranges":["10.20.0.0/16"],"source_service_accounts":null,"source_tags":null,"target_service_accounts":null,"target_tags":["canopsis"],"timeouts":null},"sensitive_values":{}}]}}}`
)

// Objects as Terraform has them.
var (
	awsRuleResource = object{
		"arn": "a", "cidr_ipv4": "10.20.0.0/16", "cidr_ipv6": nil, "description": "by hand", "from_port": 8443, "id": "sgr-0a1", "ip_protocol": "tcp", "prefix_list_id": nil,
		"referenced_security_group_id": nil, "region": "eu-west-3", "security_group_id": "sg-0000000c", "security_group_rule_id": "sgr-0a1", "tags": nil, "tags_all": object{}, "to_port": 8443,
	}
	awsRuleData  = awsRuleResource.without("tags_all").with(object{"is_egress": false, "cidr_ipv6": "", "prefix_list_id": "", "referenced_security_group_id": "", "tags": object{}, "filter": nil})
	awsGroupRule = object{
		"cidr_blocks": list{"10.20.0.0/16"}, "description": "by hand", "from_port": 8443, "ipv6_cidr_blocks": list{}, "prefix_list_ids": list{}, "protocol": "tcp",
		"security_groups": list{}, "self": false, "to_port": 8443,
	}
	awsGroupResource = object{
		"arn": "a", "description": "x", "egress": list{}, "id": "sg-0000000c", "ingress": list{awsGroupRule}, "name": "canopsis", "name_prefix": "", "owner_id": "1",
		"revoke_rules_on_delete": false, "tags": nil, "tags_all": object{}, "timeouts": nil, "vpc_id": "vpc-1",
	}
	awsOlderRule = object{
		"cidr_blocks": list{"10.20.0.0/16"}, "description": nil, "from_port": 8443, "id": "sgrule-1", "ipv6_cidr_blocks": nil, "prefix_list_ids": nil, "protocol": "tcp",
		"security_group_id": "sg-0000000c", "security_group_rule_id": "sgr-0a1", "self": false, "source_security_group_id": nil, "timeouts": nil, "to_port": 8443, "type": "ingress",
	}
	gcpFirewall = object{
		"allow": list{object{"ports": list{"8443"}, "protocol": "tcp"}}, "creation_timestamp": "t", "deny": list{}, "description": "", "destination_ranges": list{}, "direction": "INGRESS",
		"disabled": false, "enable_logging": nil, "id": "projects/p/global/firewalls/web", "log_config": list{}, "name": "web", "network": "default", "params": list{}, "priority": 1000,
		"project": "p", "self_link": "s", "source_ranges": list{"10.20.0.0/16"}, "source_service_accounts": nil, "source_tags": nil, "target_service_accounts": nil, "target_tags": list{"canopsis"}, "timeouts": nil,
	}
	openStackRule = object{
		"description": "", "direction": "ingress", "ethertype": "IPv4", "id": "r1", "port_range_max": 8443, "port_range_min": 8443, "protocol": "tcp", "region": "RegionOne", "remote_address_group_id": "",
		"remote_group_id": "", "remote_ip_prefix": "10.20.0.0/16", "security_group_id": "7d9e0c5e-0000-4000-8000-00000000000c", "tenant_id": "p", "timeouts": nil,
	}
)

// Every form of what is there says the same. Each cloud has its forms here, or in the
// test that is named.
func TestAuditInputs(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{"azure": true /* TestAuditOfAzure */, "kubernetes": true /* TestAuditOfPolicies */}
	for _, c := range []struct {
		name, target string
		actual       any
		id           string // that is adopted; empty where the form has none
	}{
		{"describe-security-group-rules", "aws", describedRules, "sgr-0a1"},
		{"with a byte order mark", "aws", "\ufeff" + describedRules, "sgr-0a1"},
		{"describe-security-groups", "aws", describedGroups, ""},
		{"a state, of which a group shows its rules, too", "aws", shownAWS, "sgr-0a1"},
		{"texts in a list", "aws", list{describedRules, `{"SecurityGroupRules": []}`}, "sgr-0a1"},
		{"a map of texts", "aws", object{"canopsis": describedRules}, "sgr-0a1"},
		{"a data source of each rule", "aws", object{"sgr-0a1": awsRuleData}, "sgr-0a1"},
		{"a list of data sources", "aws", list{awsRuleData}, "sgr-0a1"},
		{"a data source", "aws", awsRuleData, "sgr-0a1"},
		{"resources by direction", "aws", object{"ingress": object{"web": awsRuleResource}, "egress": object{}}, "sgr-0a1"},
		{"resources of one direction", "aws", object{"ingress": list{awsRuleResource}}, "sgr-0a1"},
		{"a security group", "aws", awsGroupResource, ""},
		{"security groups by host", "aws", object{"canopsis": awsGroupResource}, ""},
		{"the older resource", "aws", list{awsOlderRule}, "sgr-0a1"},
		{"gcloud", "gcp", listedGCP, "web"},
		{"Google's API", "gcp", `{"kind": "compute#firewallList", "id": "x", "selfLink": "s", "items": ` + listedGCP + `}`, "web"},
		{"a state", "gcp", shownGCP, "web"},
		{"resources", "gcp", object{"web": gcpFirewall}, "web"},
		{"a resource", "gcp", gcpFirewall, "web"},
		{"security group rule list", "openstack", listedOpenStack, "r1"},
		{"security group show", "openstack", `{"created_at": "x", "description": "", "id": "7d9e0c5e-0000-4000-8000-00000000000c", "name": "canopsis", "project_id": "p", "revision_number": 2, "rules": [` + neutronRule + `], "stateful": true, "tags": []}`, "r1"},
		{"Neutron's rules", "openstack", `{"security_group_rules": [` + neutronRule + `]}`, "r1"},
		{"Neutron's group", "openstack", `{"security_group": {"id": "7d9e0c5e-0000-4000-8000-00000000000c", "security_group_rules": [` + neutronRule + `]}}`, "r1"},
		{"Neutron's groups", "openstack", `{"security_groups": [{"id": "7d9e0c5e-0000-4000-8000-00000000000c", "security_group_rules": [` + neutronRule + `]}, {"id": "other", "security_group_rules": []}]}`, "r1"},
		{"a state", "openstack", shownOpenStack, "r1"},
		{"resources", "openstack", object{"web": openStackRule}, "r1"},
	} {
		tried[c.target] = true
		t.Run(c.target+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			got := audited(t, object{"expected": auditExpected(t, c.target), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
			if part(t, got, "ok") != true {
				t.Errorf("it is not ok: %s %s", part(t, got, "summary"), spell(part(t, got, "unseen")))
			}
			adopted := object{}
			if c.id != "" && c.target != "gcp" { // there, the name is another one
				adopted["10.20.0.0/16-to-canopsis/tcp-8443"] = c.id
			}
			if got := spell(part(t, got, "adopt", "ingress")); got != spell(adopted) {
				t.Errorf("it adopts %s, not %s", got, spell(adopted))
			}
			if actual := part(t, got, "actual"); spell(actual) != "{}" {
				t.Errorf("there is something to look at: %s", spell(actual))
			}
		})
	}
	for _, c := range cloud.All() {
		if !tried[c.Name] {
			t.Errorf("no form of what is there on %s is tried", c.Name)
		}
	}
}

// TestAuditedFormsAreDocumented asks the page of audit_rules for the tools of each cloud
// whose texts are read, and for each resource: the errors name all of them.
func TestAuditedFormsAreDocumented(t *testing.T) {
	t.Parallel()
	for _, c := range cloud.All() {
		_, ofText := c.Parse("")
		_, ofObjects := c.Objects(refusal.At("actual"), []any{1})
		for _, named := range []struct {
			err         error
			before, end string
		}{{ofText, "what these print: ", ", terraform show"}, {ofObjects, "objects of ", ", lists and maps"}} {
			if named.err == nil {
				t.Fatalf("%s: a text without rules is read", c.Name)
			}
			_, names, _ := strings.Cut(named.err.Error(), named.before)
			names, _, ok := strings.Cut(names, named.end)
			for _, name := range strings.Split(names, ", ") {
				if !ok || !regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).MatchString(documentedActual) {
					t.Errorf("%s: %q is read, and not documented", c.Name, name)
				}
			}
		}
	}
}

// A group that was looked into and has no rule lacks its rules; one that nobody
// looked into is undecided.
func TestAuditOfEmptyGroups(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target string
		actual any
		want   string
	}{
		"no rule at all":        {"aws", `{"SecurityGroupRules": []}`, "undecided"},
		"no object":             {"aws", list{}, "undecided"},
		"no object by name":     {"aws", object{}, "undecided"},
		"a group without rules": {"aws", `{"SecurityGroups": [{"GroupId": "sg-0000000c", "IpPermissions": [], "IpPermissionsEgress": []}]}`, "missing"},
		"its resource":          {"aws", awsGroupResource.with(object{"ingress": list{}}), "missing"},
		"another group":         {"aws", `{"SecurityGroups": [{"GroupId": "sg-0000000d", "IpPermissions": [], "IpPermissionsEgress": []}]}`, "undecided"},
		"shown":                 {"openstack", `{"id": "7d9e0c5e-0000-4000-8000-00000000000c", "rules": []}`, "missing"},
	} {
		got := audited(t, object{"expected": auditExpected(t, c.target), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
		status := part(t, got, "expected", "ingress", "10.20.0.0/16-to-canopsis/tcp-8443", "status")
		if part(t, got, "ok") != false || status != c.want {
			t.Errorf("%s: ok is %v, the rule %v, not %s", name, part(t, got, "ok"), status, c.want)
		}
	}
}

// What is not the rules of the target is never read as none.
func TestAuditRefusesWhatIsNotRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target string
		actual any
		want   string
	}{
		"cut off":                          {"aws", describedRules[:len(describedRules)-20], "it ends before it is complete"},
		"a page":                           {"aws", strings.Replace(describedRules, "{", `{"NextToken": "x",`, 1), "NextToken says that there are more pages"},
		"Neutron's page":                   {"openstack", `{"security_group_rules": [], "security_group_rules_links": [{"rel": "next", "href": "x"}]}`, "there are more pages"},
		"a page of Neutron's groups":       {"openstack", `{"security_groups": [], "security_groups_links": [{"rel": "next", "href": "x"}]}`, "there are more pages"},
		"Neutron's groups without rules":   {"openstack", `{"security_groups": [{"id": "g", "name": "x"}]}`, "it has no rules where they are known to stand"},
		"Google's page":                    {"gcp", `{"items": [], "nextPageToken": "x"}`, "there are more pages"},
		"HTML":                             {"gcp", "<!DOCTYPE html><html></html>", "a page of HTML"},
		"empty":                            {"aws", "", "it is empty"},
		"blank":                            {"aws", " \n", "it is empty"},
		"two answers":                      {"aws", describedRules + describedRules, "something stands behind the JSON"},
		"a bracket too many":               {"aws", describedRules + "}", "something stands behind the JSON"},
		"another cloud's text":             {"aws", listedGCP, "it has no rules where they are known to stand"},
		"another answer of AWS":            {"aws", `{"Reservations": []}`, "it has no rules where they are known to stand"},
		"an error of AWS":                  {"aws", `{"Error": {"Code": "UnauthorizedOperation"}}`, "it has no rules where they are known to stand"},
		"a state without rules":            {"openstack", shownGCP, "the state has none of"},
		"an empty state":                   {"aws", `{"format_version":"1.0"}`, "a state without any resource"},
		"a plan":                           {"aws", `{"format_version":"1.2","planned_values":{}}`, "of a plan, and not of a state"},
		"a state file":                     {"aws", `{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": []}`, "it has no rules where they are known to stand"},
		"what jsondecode gives":            {"aws", object{"SecurityGroupRules": list{object{"GroupId": "sg-0000000c"}}}, "without jsondecode"},
		"what jsondecode gives of Neutron": {"openstack", list{openStackRule.with(object{"revision_number": 0})}, "without jsondecode"},
		"another cloud's object":           {"aws", object{"web": openStackRule}, "is not a rule of aws"},
		"another resource":                 {"aws", object{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}, "is not a rule of aws"},
		"a number":                         {"aws", 1, "1 stands here"},
		"a list of numbers":                {"aws", list{1}, "actual[0]: 1 stands here"},
		"null in a list":                   {"aws", list{nil}, "actual[0]: null stands here"},
		"a path":                           {"aws", "rules.json", "it is not JSON"},
		"no direction":                     {"aws", list{awsRuleResource}, "the rule does not say its direction"},
		"an attribute too many":            {"aws", list{awsRuleData.with(object{"source_port": 1})}, `"source_port" is not an attribute that is known here`},
		"two networks":                     {"gcp", list{gcpFirewall, gcpFirewall.with(object{"network": "other", "name": "b"})}, "rules of the networks default, other"},
	} {
		_, funcErr := auditRun(t, object{"expected": auditExpected(t, c.target), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
		if funcErr == nil || !strings.Contains(funcErr.Text, c.want) || funcErr.FunctionArgument == nil || *funcErr.FunctionArgument != 1 {
			t.Errorf("%s: %v, and not an error at actual that says %q", name, funcErr, c.want)
		}
	}
}

// An attribute of what is wanted that somebody took away ends in an error or in a
// result that is not ok, and in no rule for every machine.
func TestAuditOfRulesWithoutAnAttribute(t *testing.T) {
	t.Parallel()
	for target, deciding := range map[string][]string{
		"aws":       {"security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv4"},
		"openstack": {"security_group_id", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix"},
		"gcp":       {"target_tags", "protocol", "ports", "source_ranges"},
		"azure":     {"network_security_group_name", "protocol", "destination_port_ranges", "source_port_range", "source_address_prefixes", "destination_address_prefix"},
	} {
		for _, name := range deciding {
			expected := auditExpected(t, target)
			rules, _ := expected["ingress"].(object)
			for key, rule := range rules {
				o, ok := rule.(object)
				if !ok || o["access"] == "Deny" {
					continue
				}
				if _, ok := o[name]; !ok {
					t.Fatalf("%s: %s has no %s", target, key, name)
				}
				rules[key] = o.with(object{name: nil})
			}
			actual := map[string]any{"aws": describedRules, "openstack": listedOpenStack, "gcp": listedGCP, "azure": list{}}[target]
			value, funcErr := auditRun(t, object{"expected": expected, "actual": actual, "settings": object{"directions": list{"ingress"}, "groups": object{"canopsis": list{"x"}}}})
			if funcErr == nil && part(t, spelt(t, value, nil), "ok") != false {
				t.Errorf("%s without %s is ok", target, name)
			}
		}
	}
	// A rule for every machine is none that the function returned.
	expected := auditExpected(t, "gcp")
	rules, _ := expected["ingress"].(object)
	for key, rule := range rules {
		o, _ := rule.(object)
		rules[key] = o.with(object{"target_tags": list{}})
	}
	_, funcErr := auditRun(t, object{"expected": expected, "actual": `[]`, "settings": object{"directions": list{"ingress"}}})
	if funcErr == nil || !strings.Contains(funcErr.Text, "is every machine") || *funcErr.FunctionArgument != 0 {
		t.Errorf("a rule without targets: %v", funcErr)
	}
}
