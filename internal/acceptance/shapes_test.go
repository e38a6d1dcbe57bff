package acceptance_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// figures are the rules that a firewall in front of a host has.
type figures struct{ in, out int }

// shapes are the installations that examples/ shows, as an administrator would
// describe them, and the figures of those that say them in a README.md.
var shapes = map[string]struct {
	installation proof.Shape
	rules        map[string]figures
}{
	"all-in-one": {
		proof.Shape{
			Release: "24.10",
			On:      map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "rabbitmq": "canopsis", "redis": "canopsis"},
		},
		map[string]figures{"canopsis": {8, 3}},
	},
	"pinned-page": {proof.Shape{Release: "24.10"}, nil},
	"databases-apart": {
		proof.Shape{
			Release: "24.10",
			On:      map[string]string{"rabbitmq": "canopsis", "mongodb": "data", "postgresql": "data", "redis": "data"},
		},
		map[string]figures{"canopsis": {8, 6}, "data": {4, 0}},
	},
	"highly-available": {
		proof.Shape{
			Release:  "24.10",
			Sentinel: true,
			On:       map[string]string{"redis_sentinel": "redis", "etcd": "postgresql"},
			Several:  []string{"canopsis", "haproxy", "mongodb", "postgresql", "rabbitmq", "redis"},
			Lacks:    []string{"ldap"},
			Relays: map[string]deployment.Relay{"haproxy": {Listeners: map[string][]string{
				"nginx": {"tcp/443"}, "rabbitmq": {"tcp/5672"}, "postgresql": {"tcp/5432"},
			}}},
			More: []proof.Connection{
				{From: "canopsis_api", To: "nfs", Ports: []string{"tcp/2049"}},
				{From: "postgresql", To: "etcd", Ports: []string{"tcp/2379"}},
				{From: "haproxy", To: "postgresql", Ports: []string{"tcp/8008"}},
			},
		},
		map[string]figures{"canopsis": {5, 8}, "mongodb": {3, 1}, "postgresql": {7, 4}, "rabbitmq": {5, 2}, "redis": {5, 2}},
	},
	"closed-network": {
		proof.Shape{
			Release: "25.10",
			On:      map[string]string{"rabbitmq": "canopsis", "snmp": "canopsis", "mongodb": "data", "postgresql": "data", "valkey": "data"},
			Lacks:   []string{"remediation_tools", "cmdb_drivers"},
			Ports: map[string][]string{
				"identity_provider": {"tcp/443"}, "webhook_targets": {"tcp/443"}, "ticketing_tools": {"tcp/443"},
			},
			Relays: map[string]deployment.Relay{
				"web_proxy": {
					InFrontOf: []string{
						"border_proxy/package_repositories", "border_proxy/identity_provider", "border_proxy/webhook_targets", "border_proxy/ticketing_tools",
					},
					Ports: []string{"tcp/3128"},
				},
				"border_proxy": {
					InFrontOf: []string{"package_repositories", "identity_provider", "webhook_targets", "ticketing_tools"},
					Ports:     []string{"tcp/3128"},
				},
			},
			More: []proof.Connection{
				{From: "canopsis", To: "dns", Ports: []string{"tcp/53", "udp/53"}},
				{From: "data", To: "dns", Ports: []string{"tcp/53", "udp/53"}},
				{From: "canopsis", To: "ntp", Ports: []string{"udp/123"}},
				{From: "data", To: "ntp", Ports: []string{"udp/123"}},
			},
		},
		map[string]figures{"canopsis": {7, 9}, "data": {4, 3}},
	},
	"docker-compose": {
		proof.Shape{
			Release: "24.10",
			Docker:  true,
			On:      map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "rabbitmq": "canopsis", "redis": "canopsis"},
			Lacks:   []string{"snmp_trap_sources"},
		},
		map[string]figures{"canopsis": {7, 3}},
	},
	"kubernetes": {
		proof.Shape{
			Release: "24.10",
			Docker:  true,
			Several: []string{"canopsis"},
			Ports:   map[string][]string{"nginx": {"tcp/8443"}},
			Lacks:   []string{"snmp_trap_sources"},
			Relays:  map[string]deployment.Relay{"ingress": {InFrontOf: []string{"nginx"}, Ports: []string{"tcp/443"}}},
			More:    []proof.Connection{{From: "canopsis_api", To: "nfs", Ports: []string{"tcp/2049"}}},
		},
		map[string]figures{"canopsis": {3, 9}, "mongodb": {2, 0}, "postgresql": {2, 0}, "rabbitmq": {4, 0}, "redis": {2, 0}},
	},
	"functions/address_rules":               {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"functions/azure_rules":                 {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"azure-usual":                           {installation: proof.Shape{Release: "22.10", Lacks: []string{"snmp_trap_sources"}, More: nameAndTime}},
	"kubernetes-usual":                      {installation: policies("administrators", "package_repositories", "snmp_trap_sources")},
	"functions/kubernetes_network_policies": {installation: policies("administrators", "package_repositories", "snmp_trap_sources", "ldap")},
	"quickstart":                            {installation: proof.Shape{Release: "22.10"}},
	"data-sources/canopsis_flows": {installation: proof.Shape{
		Release:  "22.10",
		Sentinel: true,
		On:       map[string]string{"postgresql": "data", "redis": "data", "redis_sentinel": "data"},
		Several:  []string{"mongodb"},
		Ports:    map[string][]string{"nginx": {"tcp/443"}},
		Lacks:    []string{"ldap", "snmp_trap_sources"},
		More:     []proof.Connection{{From: "monitoring", To: "data", Ports: []string{"tcp/9100"}}},
	}},
	"functions/audit_listeners": {installation: proof.Shape{Release: "22.10"}},
	"functions/aws_rules":       {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"functions/audit_rules":     {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"functions/csv_report":      {installation: proof.Shape{Release: "22.10"}},
	"functions/diff_report":     {installation: proof.Shape{Release: "24.10"}},
	"functions/diff_rules":      {installation: proof.Shape{Release: "24.10"}},
	"functions/html_report":     {installation: proof.Shape{Release: "22.10"}},
	"functions/markdown_report": {installation: proof.Shape{Release: "22.10"}},
	"functions/mermaid_diagram": {installation: proof.Shape{Release: "22.10", On: map[string]string{"postgresql": "data", "redis": "data"}}},
	"functions/svg_diagram":     {installation: proof.Shape{Release: "22.10", On: map[string]string{"postgresql": "data", "redis": "data"}}},
	"firewall-request":          {installation: proof.Shape{Release: "22.10", Lacks: []string{"snmp_trap_sources"}}},
	"openstack-existing":        {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"gcp-existing":              {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"aws-existing":              {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"aws-usual":                 {installation: proof.Shape{Release: "22.10"}},
	"aws-single-host":           {installation: singleHost},
	"openstack-single-host":     {installation: singleHost},
	"gcp-single-host":           {installation: singleHost},
	"openstack-usual":           {installation: proof.Shape{Release: "22.10"}},
	"gcp-usual":                 {installation: proof.Shape{Release: "22.10"}},
	"aws-closed-egress":         {installation: proof.Shape{Release: "22.10", More: nameAndTime}},
	"openstack-closed-egress":   {installation: proof.Shape{Release: "22.10", More: nameAndTime}},
	"gcp-closed-egress":         {installation: proof.Shape{Release: "22.10", More: nameAndTime}},
	"openstack-databases-apart": {installation: proof.Shape{
		Release: "22.10",
		On:      map[string]string{"mongodb": "data", "postgresql": "data", "redis": "data"},
		More:    namesAndTimeOf("canopsis", "data"),
	}},
	"aws-load-balancer-rds": {installation: proof.Shape{
		Release: "22.10",
		Cloud:   []string{"postgresql"},
		Ports:   map[string][]string{"nginx": {"tcp/8443"}},
		Lacks:   []string{"ldap", "snmp_trap_sources"},
		Relays:  map[string]deployment.Relay{"load_balancer": {Listeners: map[string][]string{"nginx": {"tcp/443"}}}},
	}},
	"openstack-many-sites": {installation: proof.Shape{
		Release: "22.10",
		On:      singleHost.On,
		Lacks:   []string{"ldap", "snmp_trap_sources", "amqp_event_sources"},
	}},
	"aws-many-sites": {installation: proof.Shape{
		Release: "22.10",
		On:      singleHost.On,
		Lacks:   []string{"ldap", "snmp_trap_sources", "amqp_event_sources"},
		Ports:   map[string][]string{"nginx": {"tcp/8443"}},
	}},
	"functions/nftables_ruleset": {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
	"nftables-single-host": {installation: proof.Shape{
		Release: "24.10",
		Docker:  true,
		On:      map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "rabbitmq": "canopsis", "redis": "canopsis"},
		Lacks:   []string{"ldap"},
	}},
	"functions/openstack_rules": {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}, More: nameAndTime}},
	"functions/gcp_rules":       {installation: proof.Shape{Release: "22.10", Lacks: []string{"ldap", "snmp_trap_sources"}}},
}

// singleHost has everything on one machine, and users of its own.
var singleHost = proof.Shape{
	Release: "22.10",
	On:      map[string]string{"mongodb": "canopsis", "postgresql": "canopsis", "redis": "canopsis"},
	Lacks:   []string{"ldap"},
}

// policies are pods of the chart, with backends outside of the cluster.
func policies(lacks ...string) proof.Shape {
	shape := proof.Shape{Release: "24.10", Docker: true, Several: []string{"canopsis"}, Ports: map[string][]string{"nginx": {"tcp/8443"}}, Lacks: lacks}
	for _, host := range []string{"canopsis", "mongodb", "postgresql", "rabbitmq", "redis"} {
		shape.More = append(shape.More, proof.Connection{From: host, To: "dns", Ports: []string{"tcp/53", "udp/53"}})
	}
	return shape
}

// nameAndTime is what every host of the usual deployment asks for where egress is
// closed.
var nameAndTime = namesAndTimeOf("canopsis", "mongodb", "postgresql", "redis")

func namesAndTimeOf(hosts ...string) (asked []proof.Connection) {
	for _, host := range hosts {
		asked = append(asked,
			proof.Connection{From: host, To: "dns", Ports: []string{"tcp/53", "udp/53"}},
			proof.Connection{From: host, To: "ntp", Ports: []string{"udp/123"}})
	}
	return asked
}

// TestExamplesOpenWhatProcessesNeed compares the rules of every example with
// what its processes open, and its figures and its picture against its page.
func TestExamplesOpenWhatProcessesNeed(t *testing.T) {
	t.Parallel()
	var withFlows []string
	for _, folder := range rootModules(t) {
		if readsFlows(t, folder) {
			withFlows = append(withFlows, folder)
		}
	}
	for _, folder := range withFlows {
		if _, ok := shapes[folder]; !ok {
			t.Errorf("examples/%s reads canopsis_flows, and shapes does not say what its processes need", folder)
		}
	}
	for folder, shape := range shapes {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			planned := planOf(t, folder)
			if difference := proof.Differ(shape.installation.Connections(), openedBy(t, planned)); difference != "" {
				t.Error(difference)
			}
			if shape.rules != nil {
				checkPage(t, folder, planned, shape.rules)
			}
		})
	}
}

func readsFlows(t *testing.T, folder string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		return strings.Contains(readFile(t, file), `data "canopsis_flows"`)
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// planOf plans an example and returns the plan.
func planOf(t *testing.T, folder string) *tfjson.Plan {
	t.Helper()
	w := newWorkspace(t, filepath.Join(root, filepath.FromSlash(folder)))
	if cloud := examples[folder].cloud; cloud != "" {
		w.withoutCloud(cloud)
	}
	if examples[folder].existing && examples[folder].cloud == "openstack" { // what the operator puts there first
		for _, host := range []string{"canopsis", "mongodb", "postgresql", "redis"} {
			w.write("rules/"+host+".json", `{"id": "01234567-89ab-4cde-8f01-23456789abcf", "name": "by-hand", "rules": []}`)
		}
	}
	w.init()
	file := filepath.Join(w.folder, "plan")
	options := []tfexec.PlanOption{tfexec.Out(file)}
	if examples[folder].standIn || examples[folder].existing { // the rules are all that is looked at, and they need no cloud
		options = append(options, tfexec.Target("data.canopsis_flows.this"))
	}
	for _, v := range examples[folder].variables {
		options = append(options, tfexec.Var(v))
	}
	if _, err := w.program.Plan(t.Context(), options...); err != nil {
		t.Fatal(err)
	}
	planned, err := w.program.ShowPlanFile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return planned
}

// openedBy returns what the rules of data.canopsis_flows.this open, as
// proof.Shape spells it.
func openedBy(t *testing.T, planned *tfjson.Plan) []string {
	t.Helper()
	var opened []string
	for _, resource := range planned.PriorState.Values.RootModule.Resources {
		if resource.Address != "data.canopsis_flows.this" {
			continue
		}
		var rules map[string]struct {
			Source      string `json:"source"`
			Destination string `json:"destination"`
			Protocol    string `json:"protocol"`
			FromPort    int    `json:"from_port"`
			ToPort      int    `json:"to_port"`
		}
		decode(t, resource.AttributeValues["rules"], &rules)
		for key, rule := range rules {
			if rule.FromPort != rule.ToPort {
				t.Errorf("%s is a range, which no process of these examples needs", key)
			}
			ports := rule.Protocol
			if rule.FromPort != 0 { // null for a protocol without ports
				ports = fmt.Sprintf("%s/%d", rule.Protocol, rule.FromPort)
			}
			opened = append(opened, fmt.Sprintf("%s %s %s", rule.Source, rule.Destination, ports))
		}
	}
	if len(opened) == 0 {
		t.Fatal("the plan has no data.canopsis_flows.this with rules")
	}
	slices.Sort(opened)
	return slices.Compact(opened)
}

// decode takes a value of Terraform's JSON apart.
func decode(t *testing.T, value, into any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

var update = flag.Bool("update", false, "write the examples' README.md anew")

// checkPage compares an example's README.md with its outputs.
func checkPage(t *testing.T, folder string, planned *tfjson.Plan, want map[string]figures) {
	t.Helper()
	var counted map[string]struct{ Ingress, Egress int }
	decode(t, planned.OutputChanges["rules_per_host"].After, &counted)
	got := make(map[string]figures)
	var table strings.Builder
	table.WriteString("Host | in | out\n-----|----|----\n")
	for _, host := range slices.Sorted(maps.Keys(counted)) {
		got[host] = figures{counted[host].Ingress, counted[host].Egress}
		fmt.Fprintf(&table, "`%s` | %d | %d\n", host, counted[host].Ingress, counted[host].Egress)
	}
	if !maps.Equal(got, want) {
		t.Errorf("rules per host: %v; want %v", got, want)
	}
	var diagram string
	decode(t, planned.OutputChanges["diagram"].After, &diagram)
	file := filepath.Join(root, folder, "README.md")
	page := readFile(t, file)
	written := picture.ReplaceAllLiteralString(page, "```mermaid\n"+strings.TrimSpace(diagram)+"\n```\n")
	written = tableOfFigures.ReplaceAllLiteralString(written, table.String()+"\n")
	if written == page {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(written), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("README.md is stale; go test ./internal/acceptance -run TestExamplesOpen -update writes it anew:\n%s", written)
}

var (
	picture        = regexp.MustCompile("(?s)```mermaid\n.*?\n```\n")
	tableOfFigures = regexp.MustCompile(`(?s)Host \| in \| out\n.*?\n\n`)
)

// TestDockerPublishesMoreThanIsNeeded: what the vendor's compose file publishes
// is the example's reason to be.
func TestDockerPublishesMoreThanIsNeeded(t *testing.T) {
	t.Parallel()
	var surplus map[string][]int
	decode(t, planOf(t, "docker-compose").OutputChanges["published_and_not_needed"].After, &surplus)
	var got []string
	for _, component := range slices.Sorted(maps.Keys(surplus)) {
		got = append(got, fmt.Sprint(component, surplus[component]))
	}
	same(t, "published and not needed", got, []string{"canopsis_api[8082]", "mongodb[27017]", "postgresql[5432]", "redis[6379]"})
}

// groupsAndRules gives every host and every relay of an example a security group
// on AWS.
const groupsAndRules = `
resource "aws_security_group" "this" {
  for_each = toset([for id, end in data.canopsis_flows.this.endpoints : id if contains(["host", "relay"], end.kind)])
  name     = "canopsis-${each.key}"
  vpc_id   = "vpc-0123456789abcdef0"
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(
    { for id, group in aws_security_group.this : id => { security_group_id = group.id } },
    {
      users                = { cidrs = ["10.20.0.0/16"] }
      administrators       = { cidrs = ["10.1.0.0/24"] }
      amqp_event_sources   = { cidrs = ["10.30.0.0/16"] }
      api_event_sources    = { same_as = "users" }
      snmp_trap_sources    = { cidrs = ["10.40.0.0/16"] }
      nfs                  = { cidrs = ["10.2.0.9/32"] }
      package_repositories = { cidrs = ["10.2.0.8/32"] }
    }
  ))
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.aws.ingress
  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.aws.egress
  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}
`

// TestClustersAndRelaysOnAWS: groups that refer to themselves and groups of
// relays apply at once, and the next plan is empty.
func TestClustersAndRelaysOnAWS(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "highly-available"))
	w.write("aws.tf", groupsAndRules)
	server := w.useStandIn()
	w.init()
	applied := w.apply().mustSucceed(t)
	for _, address := range slices.Concat(
		each("aws_security_group.this", "haproxy", "mongodb"),
		each("aws_vpc_security_group_ingress_rule.this", "mongodb-to-mongodb/tcp-27017", "postgresql-to-postgresql/tcp-2380", "10.20.0.0/16-to-haproxy/tcp-443", "haproxy-to-canopsis/tcp-8443"),
		each("aws_vpc_security_group_egress_rule.this", "mongodb-to-mongodb/tcp-27017", "postgresql-to-postgresql/tcp-2380", "haproxy-to-canopsis/tcp-8443"),
	) {
		if !slices.Contains(applied.changes, "create "+address) {
			t.Errorf("apply does not create %s", address)
		}
	}
	toThemselves := 0
	for _, rule := range server.Rules() {
		if rule.ReferencedGroupID == rule.GroupID {
			toThemselves++
		}
	}
	// In each direction: the API 8082; MongoDB 27017; PostgreSQL 5432 and 8008;
	// etcd 2379 and 2380; RabbitMQ 4369 and 25672; Redis 6379; Sentinel 26379;
	// HAProxy VRRP.
	if want := 2 * 11; toThemselves != want {
		t.Errorf("%d rules from a group to itself; want %d", toThemselves, want)
	}
	same(t, "changes of the next plan", w.plan().mustSucceed(t).changes, nil)
}
