package acceptance_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/ec2"
)

// What AWS does with rules: the real AWS provider, and for an account the
// stand-in on loopback. Traps that need no Terraform are tests of the package
// firewall, under the same names.

const vpc = "vpc-0123456789abcdef0"

// makeGroup makes a security group that is there before Terraform comes.
func makeGroup(t *testing.T, server *ec2.Server, name string) string {
	t.Helper()
	response, err := http.PostForm(server.URL, url.Values{
		"Action": {"CreateSecurityGroup"}, "Version": {"2016-11-15"},
		"GroupName": {name}, "GroupDescription": {name}, "VpcId": {vpc},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var group struct {
		ID string `xml:"groupId"`
	}
	if err := xml.NewDecoder(response.Body).Decode(&group); err != nil || group.ID == "" {
		t.Fatalf("making the group %s: %s: %v", name, response.Status, err)
	}
	return group.ID
}

// namesOf returns what puts names in place of the stand-in's ids.
func namesOf(server *ec2.Server) *strings.Replacer {
	var names []string
	for _, r := range server.Rules() {
		names = append(names, r.GroupID, r.GroupName)
		if r.PrefixListID != "" {
			names = append(names, r.PrefixListID, "the prefix list")
		}
	}
	return strings.NewReplacer(names...)
}

// openings returns the stand-in's rules in words: with names in place of ids.
func openings(server *ec2.Server) []string {
	named := namesOf(server)
	var lines []string
	for _, r := range server.Rules() {
		lines = append(lines, named.Replace(r.String()))
	}
	return lines
}

// touched returns which calls touched which rules since the log was emptied.
func touched(server *ec2.Server) []string {
	var lines []string
	for _, call := range server.Calls() {
		for _, r := range call.Rules {
			lines = append(lines, call.Action+": "+r.String())
		}
	}
	slices.Sort(lines)
	return lines
}

// checkCalls fails the test where the stand-in lacks something that the
// provider asks for, and where it refused anything.
func checkCalls(t *testing.T, server *ec2.Server) {
	t.Helper()
	for _, call := range server.Calls() {
		if call.Code != "" && !strings.HasSuffix(call.Code, ".NotFound") { // after a deletion the provider looks whether it is gone
			t.Errorf("the stand-in refused %s: %s: %s", call.Action, call.Code, call.Message)
		}
	}
}

// TestAWSUsualDeployment takes the example through its life: what is applied
// plans to nothing, a change touches what changed, and a destroy leaves nothing.
func TestAWSUsualDeployment(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "aws-usual"))
	server := w.useStandIn()
	bastion := makeGroup(t, server, "bastion")
	variables := []string{"vpc_id=" + vpc, "bastion_security_group_id=" + bastion}
	w.init()

	w.apply(variables...).mustSucceed(t)
	same(t, "rules after the first apply", openings(server), []string{
		"egress of bastion: -1 -1--1 with 0.0.0.0/0", // its owner's
		"ingress of canopsis-canopsis: tcp 22-22 with bastion",
		"ingress of canopsis-canopsis: tcp 5672-5672 with 10.30.1.0/24",
		"ingress of canopsis-canopsis: tcp 5672-5672 with 10.30.2.0/24",
		"ingress of canopsis-canopsis: tcp 8080-8080 with 10.30.1.0/24",
		"ingress of canopsis-canopsis: tcp 8080-8080 with 10.30.2.0/24",
		"ingress of canopsis-canopsis: tcp 8080-8080 with the prefix list",
		"ingress of canopsis-canopsis: tcp 8443-8443 with 10.30.1.0/24",
		"ingress of canopsis-canopsis: tcp 8443-8443 with 10.30.2.0/24",
		"ingress of canopsis-canopsis: tcp 8443-8443 with the prefix list",
		"ingress of canopsis-canopsis: tcp 15672-15672 with bastion",
		"ingress of canopsis-canopsis: udp 162-162 with 10.30.0.0/16",
		"egress of canopsis-canopsis: tcp 389-389 with 10.1.0.10/32",
		"egress of canopsis-canopsis: tcp 389-389 with 10.1.0.11/32",
		"egress of canopsis-canopsis: tcp 443-443 with 10.2.0.8/32",
		"egress of canopsis-canopsis: tcp 636-636 with 10.1.0.10/32",
		"egress of canopsis-canopsis: tcp 636-636 with 10.1.0.11/32",
		"egress of canopsis-canopsis: tcp 5432-5432 with canopsis-postgresql",
		"egress of canopsis-canopsis: tcp 6379-6379 with canopsis-redis",
		"egress of canopsis-canopsis: tcp 27017-27017 with canopsis-mongodb",
		"ingress of canopsis-mongodb: tcp 22-22 with bastion",
		"ingress of canopsis-mongodb: tcp 27017-27017 with canopsis-canopsis",
		"ingress of canopsis-postgresql: tcp 22-22 with bastion",
		"ingress of canopsis-postgresql: tcp 5432-5432 with canopsis-canopsis",
		"ingress of canopsis-redis: tcp 22-22 with bastion",
		"ingress of canopsis-redis: tcp 6379-6379 with canopsis-canopsis",
	})
	again := w.plan(variables...).mustSucceed(t)
	same(t, "plan after the apply", again.changes, nil)
	same(t, "warnings", again.warnings, nil)

	checkCalls(t, server)
	server.ForgetCalls()
	moved := append(slices.Clone(variables), `event_source_cidrs=["10.30.1.0/24","10.30.3.0/24"]`)
	w.apply(moved...).mustSucceed(t)
	same(t, "rules touched when one CIDR came and one went", touched(server), []string{
		"AuthorizeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 5672-5672 with 10.30.3.0/24",
		"AuthorizeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 8080-8080 with 10.30.3.0/24",
		"AuthorizeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 8443-8443 with 10.30.3.0/24",
		"RevokeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 5672-5672 with 10.30.2.0/24",
		"RevokeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 8080-8080 with 10.30.2.0/24",
		"RevokeSecurityGroupIngress: ingress of canopsis-canopsis: tcp 8443-8443 with 10.30.2.0/24",
	})

	// The quota warns, and what is not enforced refuses.
	tight := w.plan(append(moved, "rules_per_security_group=20", "snmp_trap_source_cidrs=[]")...)
	same(t, "warnings over the quota", tight.warnings, []string{"Check block assertion failed"})
	says(t, tight.errors, "Module output value precondition failed", "snmp_trap_sources-to-canopsis-snmp/udp-162: snmp_trap_sources has no addresses")

	w.destroy(moved...).mustSucceed(t)
	same(t, "rules after destroy", openings(server), []string{"egress of bastion: -1 -1--1 with 0.0.0.0/0"})
	if left := server.Leftovers(); len(left) != 2 { // the bastion's group and its own rule
		t.Errorf("destroy left %q, want what was there before", left)
	}
	checkCalls(t, server)
}

// Users filter rules by what is always known of them; by an identifier, which is
// not, no plan passes. And an unknown CIDR is of unknown family: null for one of
// the two would be a promise that apply breaks.
func TestAWSTrap03UnknownValues(t *testing.T) {
	t.Parallel()
	for family, test := range map[string]struct{ address, prefix, ipv4, ipv6 string }{
		"IPv4": {"10.0.0.5", "10.0.0.5/32", "cidr_ipv4", "cidr_ipv6"},
		"IPv6": {"2001:db8::5", "2001:db8::5/128", "cidr_ipv6", "cidr_ipv4"},
	} {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			length := test.prefix[strings.Index(test.prefix, "/"):]
			at := `terraform_data.ingress["bastion-to-mongodb/tcp-22"]`
			accept(t, resource.TestStep{
				Config: groups + `
resource "terraform_data" "bastion" {
  input = "` + test.address + `"
}

locals {
  bound = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "${terraform_data.bastion.output}` + length + `" } }
  }))
  aws = {
    ingress = { for key, r in local.bound.ingress : key => r if r.host == "mongodb" && r.peer_kind == "cidr" }
    egress  = { for key, r in local.bound.egress : key => r if r.peer == "mongodb" && r.peer_kind == "security_group" }
  }
}
` + rules,
				ConfigPlanChecks: before(
					slices.Concat(
						do("create", []string{"terraform_data.bastion"}),
						do("create", each("terraform_data.egress", "canopsis-to-mongodb/tcp-27017")),
						do("create", hostGroups),
						do("create", each("terraform_data.ingress", "bastion-to-mongodb/tcp-22")),
					),
					plancheck.ExpectUnknownValue(at, tfjsonpath.New("input").AtMapKey("cidr_ipv4")),
					plancheck.ExpectUnknownValue(at, tfjsonpath.New("input").AtMapKey("cidr_ipv6")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("output").AtMapKey(test.ipv4), knownvalue.StringExact(test.prefix)),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("output").AtMapKey(test.ipv6), knownvalue.Null()),
				},
			})
		})
	}
	t.Run("by an identifier", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t, "")
		w.write("main.tf", required+groups+`
locals {
  bound = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { cidrs = ["10.0.0.5/32"] }
  }))
  aws = {
    ingress = { for key, r in local.bound.ingress : key => r if r.referenced_security_group_id == null }
    egress  = {}
  }
}
`+rules)
		w.init()
		says(t, w.plan().errors, "Invalid for_each argument") // as the documentation says
	})
}

// A new key is a new rule, and the old one goes while it comes. So no key may
// change with an identifier, a named CIDR's value, the edition or its words.
func TestAWSTrap07KeysStay(t *testing.T) {
	t.Parallel()
	configuration := func(source, group, bastion string) string {
		return fmt.Sprintf(`
data "canopsis_flows" "this" {
  corrections = "apply"
  exclude     = ["ldap", "installation", "events"]
%s
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host in keys(data.canopsis_flows.this.hosts) : host => { security_group_id = "sg-${md5("%s ${host}")}" } },
    {
      users          = { prefix_list_id = "pl-${md5("%[2]s")}", prefix_list_max_entries = %[4]d }
      administrators = { named_cidrs = { bastion = "%[3]s" } }
    },
  ))
}
`, source, group, bastion, len(group)) + rules
	}
	keys := slices.Concat(bastionKeys("bastion"), internalKeys, webKeys("users"))
	inPlace := slices.Concat(do("update", each("terraform_data.egress", internalKeys...)), do("update", each("terraform_data.ingress", keys...)))
	accept(t,
		resource.TestStep{Config: configuration("", "sg", "10.0.0.5/32")},
		resource.TestStep{
			Config:           configuration("page = file("+vendorPage(t)+")", "sg", "10.0.0.5/32"),
			ConfigPlanChecks: before(plancheck.ExpectEmptyPlan()),
		},
		resource.TestStep{
			Config: configuration(`
  canopsis_version = "24.10"
  options          = ["packages"]
  placement        = { rabbitmq = "canopsis" }
`, "sg", "10.0.0.5/32"),
			ConfigPlanChecks: before(plancheck.ExpectEmptyPlan()),
		},
		resource.TestStep{
			Config:           configuration("", "other", "2001:db8::5/128"),
			ConfigPlanChecks: before(inPlace),
		},
	)
}

// A group that Terraform makes lets nothing out, so our egress rules are all
// that leaves the host.
func TestAWSTrap08NewGroupHasNoEgress(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "aws-single-host"))
	server := w.useStandIn()
	w.init()
	w.apply("vpc_id=" + vpc).mustSucceed(t)
	var egress []string
	for _, line := range openings(server) {
		if strings.HasPrefix(line, "egress") {
			egress = append(egress, line)
		}
	}
	same(t, "what leaves the host", egress, []string{"egress of canopsis: tcp 443-443 with 0.0.0.0/0"})
	checkCalls(t, server)
}

// legacyRules are rules of the AWS provider's older resource, as a deployment
// may have them.
const legacyRules = `
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    canopsis = {
      source = "canopsis/canopsis"
    }
  }
}

resource "aws_security_group" "this" {
  for_each = toset(["canopsis"])
  name     = each.key
  vpc_id   = "` + vpc + `"
}
`

// What aws_security_group_rule manages cannot be moved to the newer resources:
// it is forgotten with removed and taken over with import, and no packet is
// lost meanwhile.
func TestAWSTrap11Migration(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	server := w.useStandIn()
	w.write("main.tf", legacyRules)
	w.write("rules.tf", `
resource "aws_security_group_rule" "in" {
  for_each          = toset(["8080", "8443"])
  security_group_id = aws_security_group.this["canopsis"].id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = each.key
  to_port           = each.key
  cidr_blocks       = ["10.20.0.0/16"]
}

resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.this["canopsis"].id
  type              = "egress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.2.0.8/32"]
}
`)
	w.init()
	w.apply().mustSucceed(t)
	open := []string{
		"ingress of canopsis: tcp 8080-8080 with 10.20.0.0/16",
		"ingress of canopsis: tcp 8443-8443 with 10.20.0.0/16",
		"egress of canopsis: tcp 443-443 with 10.2.0.8/32",
	}
	same(t, "rules of old", openings(server), open)
	ids := make(map[string]string)
	for _, r := range server.Rules() {
		ids[fmt.Sprintf("%s %d", r.Direction, r.FromPort)] = r.ID
	}

	w.write("rules.tf", fmt.Sprintf(`
data "canopsis_flows" "this" {
  corrections = "apply"
  placement   = { mongodb = "canopsis", postgresql = "canopsis", redis = "canopsis" }
  exclude     = ["administration", "events", "ldap"]
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for host, group in aws_security_group.this : host => { security_group_id = group.id } },
    {
      users                = { cidrs = ["10.20.0.0/16"] }
      package_repositories = { cidrs = ["10.2.0.8/32"] }
    },
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each          = local.aws.ingress
  security_group_id = each.value.security_group_id
  ip_protocol       = each.value.ip_protocol
  from_port         = each.value.from_port
  to_port           = each.value.to_port
  cidr_ipv4         = each.value.cidr_ipv4
  description       = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each          = local.aws.egress
  security_group_id = each.value.security_group_id
  ip_protocol       = each.value.ip_protocol
  from_port         = each.value.from_port
  to_port           = each.value.to_port
  cidr_ipv4         = each.value.cidr_ipv4
  description       = each.value.description
}

removed {
  from = aws_security_group_rule.in

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_security_group_rule.out

  lifecycle {
    destroy = false
  }
}

import {
  for_each = {
    "10.20.0.0/16-to-canopsis/tcp-8080" = %q
    "10.20.0.0/16-to-canopsis/tcp-8443" = %q
  }
  to = aws_vpc_security_group_ingress_rule.this[each.key]
  id = each.value
}

import {
  to = aws_vpc_security_group_egress_rule.this["canopsis-to-10.2.0.8/32/tcp-443"]
  id = %q
}
`, ids["ingress 8080"], ids["ingress 8443"], ids["egress 443"]))
	server.ForgetCalls()
	w.apply().mustSucceed(t)
	same(t, "rules of new", openings(server), open)
	for _, line := range touched(server) {
		if strings.HasPrefix(line, "Authorize") || strings.HasPrefix(line, "Revoke") {
			t.Errorf("the migration closes and opens: %s", line)
		}
	}
	same(t, "plan after the migration", w.plan().mustSucceed(t).changes, nil)
	checkCalls(t, server)
}
