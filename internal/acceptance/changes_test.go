package acceptance_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	secrules "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
	"github.com/canopsis/terraform-provider-canopsis/internal/standin/compute"
	"github.com/canopsis/terraform-provider-canopsis/internal/standin/ec2"
	"github.com/canopsis/terraform-provider-canopsis/internal/standin/neutron"
)

// These tests take a module that is ready to use through changes that operators
// make. Each is applied at the first try, as the guide on changes says, and the
// plan after it is empty.

// operator is what the operator's own configuration says around the module.
type operator struct {
	module   string
	bindings string // of everybody but the hosts
	prefix   string
	moved    [][2]string // keys of rules, from and to
	more     string
}

// rules are two hosts' flows, by a port that nine others want too: all of them are
// reasons of one rule, and their names do not fit into a tag.
const operatorsRules = `
locals {
  hosts = { canopsis = ["nginx"], mongodb = ["mongodb"] }
  rules = merge(
    { for n in range(9) : "users-to-canopsis-a_component_with_a_long_name_${n}/tcp-8443" => {
      flow    = "users-to-canopsis-a_component_with_a_long_name_${n}", source = "users", destination = "canopsis"
      purpose = "user_access", component = "a_component_with_a_long_name_${n}", protocol = "tcp", from_port = 8443, to_port = 8443
    } },
    { for host in keys(local.hosts) : "administrators-to-${host}-ssh/tcp-22" => {
      flow    = "administrators-to-${host}-ssh", source = "administrators", destination = host, component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    } },
    { "canopsis-to-mongodb/tcp-27017" = {
      flow    = "canopsis-to-mongodb", source = "canopsis", destination = "mongodb", component = "mongodb"
      purpose = "internal", protocol = "tcp", from_port = 27017, to_port = 27017
    } },
  )
}
`

// The bindings through which every operator goes, one after the other.
const (
	bindingsListed = `
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "10.0.0.1/32", vpn = "10.0.0.2/32" } }
`
	bindingsSwapped = `
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "10.0.0.2/32", vpn = "10.0.0.1/32" } }
`
	bindingsRenamed = `
    users          = { named_cidrs = { office = "10.20.0.0/16" } }
    administrators = { named_cidrs = { jump = "10.0.0.2/32", vpn = "10.0.0.1/32" } }
`
	// An address that is not known at plan, and comes out of the other family.
	bindingsUnknown = `
    users          = { named_cidrs = { office = "10.20.0.0/16" } }
    administrators = { named_cidrs = { jump = "10.0.0.2/32", vpn = "${terraform_data.vpn.output}/128" } }
`
	unknownVPN = `
resource "terraform_data" "vpn" {
  input = "2001:db8::1"
}
`
)

// ruleAddress has the address of a rule in each module.
var ruleAddress = map[string]string{
	"aws":       "module.firewall.aws_vpc_security_group_ingress_rule.this",
	"openstack": "module.firewall.openstack_networking_secgroup_rule_v2.this",
	"gcp":       "module.firewall.google_compute_firewall.this",
}

var moduleArguments = map[string]string{
	"aws":       "vpc_id = \"" + vpc + "\"\nname_prefix = ",
	"openstack": "name_prefix = ",
	"gcp":       "network = \"default\"\ntag_prefix = ",
}

// write writes the operator's configuration.
func (o operator) write(w *workspace) {
	w.t.Helper()
	var moved strings.Builder
	for _, m := range o.moved {
		fmt.Fprintf(&moved, "moved {\n  from = %[1]s[%[2]q]\n  to   = %[1]s[%[3]q]\n}\n", ruleAddress[o.module], m[0], m[1])
	}
	w.write("main.tf", fmt.Sprintf(`
module "firewall" {
  source = "./firewall"
  hosts  = local.hosts
  rules  = local.rules
  %s%q
  bindings = {
    %s
  }
}
%s%s`, moduleArguments[o.module], o.prefix, o.bindings, operatorsRules, moved.String()+o.more))
}

// newOperator copies a module into a workspace.
func newOperator(t *testing.T, module string) *workspace {
	t.Helper()
	w := newWorkspace(t, "")
	for _, name := range filesOf(t, filepath.Join(modules, module), ".tf") {
		text, err := os.ReadFile(filepath.Join(modules, module, name))
		if err != nil {
			t.Fatal(err)
		}
		w.write("firewall/"+name, string(text))
	}
	return w
}

// change applies what was written and plans again.
func (w *workspace) change(name string) {
	w.t.Helper()
	w.t.Log(name)
	o := w.apply()
	if len(o.errors) > 0 {
		w.t.Fatalf("%s: terraform refuses:\n%s", name, strings.Join(o.errors, "\n"))
	}
	same(w.t, name+": plan after the apply", w.plan().mustSucceed(w.t).changes, nil)
}

// opened returns what calls opened and closed, with names in place of ids.
func opened(server *ec2.Server) []string {
	named := namesOf(server)
	var lines []string
	for _, call := range server.Calls() {
		for _, r := range call.Rules {
			lines = append(lines, call.Action+": "+named.Replace(r.String()))
		}
	}
	return lines
}

func TestAWSChangesApplyAtTheFirstTry(t *testing.T) {
	t.Parallel()
	w := newOperator(t, "aws")
	server := w.useStandIn()
	o := operator{module: "aws", prefix: "canopsis", bindings: bindingsListed}
	o.write(w)
	w.init()
	w.change("first apply")
	tags := make(map[string]bool)
	for _, r := range server.Rules() {
		tags[server.Tags(r.ID)["flows"]] = true
	}
	if !tags["9 flows"] || !tags["canopsis-to-mongodb"] {
		t.Errorf("tags of the rules: %v", tags)
	}

	// What is revoked stays for a while, and every call takes its time.
	server.Delay(50 * time.Millisecond)
	server.Delay(2*time.Second, "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")

	server.ForgetCalls()
	o.bindings = bindingsSwapped
	o.write(w)
	w.change("two named CIDRs swap")
	calls := opened(server)
	if len(calls) != 8 || slices.ContainsFunc(calls[:4], func(call string) bool { return !strings.HasPrefix(call, "Revoke") }) {
		t.Errorf("the swap is not four rules destroyed and then four created, but:\n%s", strings.Join(calls, "\n"))
	}

	server.ForgetCalls()
	o.bindings = bindingsRenamed
	o.moved = [][2]string{
		{"bastion-to-canopsis/tcp-22", "jump-to-canopsis/tcp-22"},
		{"bastion-to-mongodb/tcp-22", "jump-to-mongodb/tcp-22"},
		{"10.20.0.0/16-to-canopsis/tcp-8443", "office-to-canopsis/tcp-8443"},
	}
	o.write(w)
	w.change("a named CIDR renamed, and a list that becomes a name")
	for _, call := range opened(server) {
		if !strings.HasPrefix(call, "UpdateSecurityGroupRuleDescriptions") && !strings.HasPrefix(call, "Modify") {
			t.Errorf("moved rules are touched: %s", call)
		}
	}

	o.moved, o.more, o.bindings = nil, unknownVPN, bindingsUnknown
	o.write(w)
	w.change("a named CIDR becomes IPv6, unknown at plan")

	o.prefix = "other"
	o.write(w)
	w.change("the groups' name changes")
	for _, r := range server.Rules() {
		if !strings.HasPrefix(r.GroupName, "other-") {
			t.Errorf("a rule of the old group is left: %s", r)
		}
	}
	checkCalls(t, server)
}

// Groups that are there already swap as named CIDRs do: those that two hosts were
// taken for, and those that two peers were.
func TestAWSGroupsSwapAtTheFirstTry(t *testing.T) {
	t.Parallel()
	w := newOperator(t, "aws")
	server := w.useStandIn()
	ids := make([]any, 0, 4)
	for _, name := range []string{"mongodb", "postgresql", "office", "events"} {
		ids = append(ids, makeGroup(t, server, name))
	}
	write := func(ids ...any) {
		w.write("main.tf", fmt.Sprintf(`
module "firewall" {
  source = "./firewall"
  vpc_id = "`+vpc+`"
  hosts  = { canopsis = ["nginx"], mongodb = ["mongodb"], postgresql = ["postgresql"] }
  rules = merge(
    { for host in ["mongodb", "postgresql"] : "administrators-to-${host}-ssh/tcp-22" => {
      flow    = "administrators-to-${host}-ssh", source = "administrators", destination = host, component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    } },
    { for source in ["users", "api_event_sources"] : "${source}-to-canopsis-nginx/tcp-8443" => {
      flow    = "${source}-to-canopsis-nginx", source = source, destination = "canopsis", component = "nginx"
      purpose = source == "users" ? "user_access" : "events", protocol = "tcp", from_port = 8443, to_port = 8443
    } },
  )
  bindings = {
    administrators    = { cidrs = ["10.0.0.1/32"] }
    mongodb           = { security_group_id = %q }
    postgresql        = { security_group_id = %q }
    users             = { referenced_security_group_id = %q }
    api_event_sources = { referenced_security_group_id = %q }
  }
}
`, ids...))
	}
	write(ids...)
	w.init()
	w.change("first apply")

	server.Delay(50 * time.Millisecond)
	server.Delay(2*time.Second, "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
	server.ForgetCalls()
	write(ids[1], ids[0], ids[3], ids[2])
	w.change("groups of hosts and of peers swap")
	if calls := opened(server); len(calls) != 8 || slices.ContainsFunc(calls[:4], func(call string) bool { return !strings.HasPrefix(call, "Revoke") }) {
		t.Errorf("the swap is not four rules destroyed and then four created, but:\n%s", strings.Join(calls, "\n"))
	}
	checkCalls(t, server)
}

// newGoogleOperator copies the module for Google Cloud into a workspace whose cloud is a
// stand-in. The test is skipped where the mirror's provider would not speak to that.
func newGoogleOperator(t *testing.T) (*workspace, *compute.Server) {
	t.Helper()
	if mirrored := (mirror.Mirror{Root: os.Getenv(mirror.Variable)}); mirrored.Root != "" && mirrored.Has("hashicorp/google") {
		t.Skip("the mirror has Google's provider, which asks a Google account what the stand-in's does not")
	}
	server := compute.NewServer()
	t.Cleanup(server.Close)
	w := newOperator(t, "gcp")
	w.write("cloud.tf", server.ProviderBlock("example"))
	return w, server
}

// Google's rules have a digest of both ends in their name, so that a change makes
// another one; the module creates it before the old one goes.
func TestGoogleChangesApplyAtTheFirstTry(t *testing.T) {
	t.Parallel()
	w, server := newGoogleOperator(t)
	o := operator{module: "gcp", prefix: "canopsis", bindings: bindingsListed}
	o.write(w)
	w.init()
	w.change("first apply")

	o.bindings = bindingsSwapped
	o.write(w)
	gapless(t, server, w, "two named CIDRs swap", 4)

	o.bindings = bindingsRenamed
	o.moved = [][2]string{
		{"ingress bastion-to-canopsis/tcp", "ingress jump-to-canopsis/tcp"},
		{"ingress bastion-to-mongodb/tcp", "ingress jump-to-mongodb/tcp"},
		{"ingress users-to-canopsis/tcp", "ingress office-to-canopsis/tcp"},
	}
	o.write(w)
	gapless(t, server, w, "a named CIDR renamed, and a list that becomes a name", 3)

	o.moved, o.more, o.bindings = nil, unknownVPN, bindingsUnknown
	o.write(w)
	gapless(t, server, w, "a named CIDR becomes IPv6, unknown at plan", 2)

	o.prefix = "other"
	o.write(w)
	gapless(t, server, w, "the hosts' tags change", 6)

	// From one rule to two: 256 ranges are the most that one has.
	few, many := make([]string, 0, 256), make([]string, 0, 257)
	for i := range 257 {
		many = append(many, fmt.Sprintf(`"10.%d.%d.0/24"`, 64+i/64, i%64*2))
	}
	few = append(few, many[:256]...)
	o.more = ""
	o.bindings = `
    users          = { cidrs = [` + strings.Join(few, ", ") + `] }
    administrators = { cidrs = ["10.0.0.2/32"] }
`
	o.write(w)
	w.change("256 ranges")
	o.bindings = `
    users          = { cidrs = [` + strings.Join(many, ", ") + `] }
    administrators = { cidrs = ["10.0.0.2/32"] }
`
	o.moved = [][2]string{{"ingress users-to-canopsis/tcp", "ingress users-to-canopsis/tcp-part-1-of-2"}}
	o.write(w)
	gapless(t, server, w, "257 ranges", 2)
	if opened := server.Opened(); len(opened) > 0 {
		t.Errorf("%v open the world", opened)
	}
}

// What denies other egress follows hosts that are known by tags to service accounts, and
// back: Compute keeps what a change in place leaves out, and mixes the two in no rule.
func TestGoogleDenialFollowsItsHosts(t *testing.T) {
	t.Parallel()
	w, server := newGoogleOperator(t)
	write := func(hosts string) {
		w.write("main.tf", `
module "firewall" {
  source            = "./firewall"
  network           = "default"
  hosts             = local.hosts
  rules             = local.rules
  deny_other_egress = true
  bindings = {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { cidrs = ["10.0.0.2/32"] }
    `+hosts+`
  }
}
`+operatorsRules)
	}
	tags := `
    canopsis = { network_tags = ["canopsis"] }
    mongodb  = { network_tags = ["mongodb"], cidrs = ["10.40.2.0/24"] }
`
	write(tags)
	w.init()
	w.change("tags")
	write(`
    canopsis = { service_accounts = ["canopsis@example.iam.gserviceaccount.com"] }
    mongodb  = { service_accounts = ["mongodb@example.iam.gserviceaccount.com"], cidrs = ["10.40.2.0/24"] }
`)
	gapless(t, server, w, "service accounts", 7)
	write(tags)
	gapless(t, server, w, "tags again", 7)
}

// gapless applies a change that replaces so many rules, and looks whether each was created
// before one was deleted: in no order beside each other, on a slow machine.
func gapless(t *testing.T, server *compute.Server, w *workspace, name string, created int) {
	t.Helper()
	server.ForgetCalls()
	w.change(name)
	var changes []string
	posted, deleted, other := 0, 0, 0
	gap := false
	for _, call := range server.Calls() {
		switch {
		case strings.HasPrefix(call, "GET "):
			continue
		case strings.HasPrefix(call, "POST "):
			posted++
		case strings.HasPrefix(call, "DELETE "):
			deleted++
			gap = gap || deleted > posted
		default:
			other++
		}
		changes = append(changes, call)
	}
	if gap || posted != created || other > 0 {
		t.Errorf("%s: not %d rules that are created, each before one is deleted:\n%s", name, created, strings.Join(changes, "\n"))
	}
}

// openStack returns a mirror with OpenStack's own provider, built from the version that
// internal/tools/openstack pins, or, where it cannot be built, the machine's.
func openStack(t *testing.T) mirror.Mirror {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	const address, module = "terraform-provider-openstack/openstack", "github.com/terraform-provider-openstack/terraform-provider-openstack/v3"
	m, machine := mirror.Mirror{Root: t.TempDir()}, mirror.Mirror{Root: os.Getenv(mirror.Variable)}
	if err := m.Link(providers, "canopsis/canopsis"); err != nil {
		t.Fatal(err)
	}
	built := m.BuildIn(filepath.Join("..", "tools", "openstack"), module, address, "3.4.0")
	if built == nil {
		return m
	}
	if machine.Root == "" || !machine.Has(address) {
		first, _, _ := strings.Cut(built.Error(), "\n")
		t.Skipf("OpenStack's provider cannot be built, and is in no mirror: %s", first)
	}
	if err := m.Link(machine, address); err != nil {
		t.Fatal(err)
	}
	return m
}

// useNeutron starts a Neutron, to which OpenStack's own provider then applies. The test
// is skipped where either is not to be had.
func (w *workspace) useNeutron() *gophercloud.ServiceClient {
	w.t.Helper()
	if reason := neutron.Missing(w.t.Context()); reason != "" {
		w.t.Skip(reason)
	}
	w.plugins = openStack(w.t)
	cloud := startNeutron(w.t)
	client, err := cloud.Client(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("cloud.tf", `
terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}
`+cloud.ProviderBlock())
	return client
}

// tcpRules returns the rules for tcp that a Neutron has: ours, of which its own default
// rules are none.
func tcpRules(t *testing.T, client *gophercloud.ServiceClient) []secrules.SecGroupRule {
	t.Helper()
	pages, err := secrules.List(client, secrules.ListOpts{Protocol: "tcp"}).AllPages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rules, err := secrules.ExtractRules(pages)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestOpenStackChangesApplyAtTheFirstTry(t *testing.T) {
	t.Parallel()
	w := newOperator(t, "openstack")
	client := w.useNeutron()
	// ids returns the ids of our rules by what they open.
	ids := func() map[string]string {
		t.Helper()
		found := make(map[string]string)
		for _, r := range tcpRules(t, client) {
			found[fmt.Sprint(r.Direction, r.SecGroupID, r.PortRangeMin, r.RemoteIPPrefix, r.RemoteGroupID)] = r.ID
		}
		return found
	}

	o := operator{module: "openstack", prefix: "canopsis", bindings: bindingsListed}
	o.write(w)
	w.init()
	w.change("first apply")
	if found := ids(); len(found) != 7 {
		t.Errorf("%d rules: %v", len(found), found)
	}

	o.bindings = bindingsSwapped
	o.write(w)
	w.change("two named CIDRs swap")

	before := ids()
	o.prefix = "other"
	o.bindings = bindingsRenamed
	o.moved = [][2]string{
		{"ingress bastion-to-canopsis/tcp-22", "ingress jump-to-canopsis/tcp-22"},
		{"ingress bastion-to-mongodb/tcp-22", "ingress jump-to-mongodb/tcp-22"},
		{"ingress 10.20.0.0/16-to-canopsis/tcp-8443", "ingress office-to-canopsis/tcp-8443"},
	}
	o.write(w)
	w.change("a named CIDR renamed, a list that becomes a name, and groups renamed in use")
	if after := ids(); !maps.Equal(before, after) {
		t.Errorf("moved rules are other rules: %v, before %v", after, before)
	}

	o.moved, o.more, o.bindings = nil, unknownVPN, bindingsUnknown
	o.write(w)
	w.change("a named CIDR becomes IPv6, unknown at plan")
}
