package acceptance_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	secgroups "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	secrules "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/ec2"
)

// authorize opens a port of a group by hand; the peer is a CIDR or a group's id.
func authorize(t *testing.T, server *ec2.Server, group string, first, last int, peer string) {
	t.Helper()
	form := url.Values{
		"GroupId": {group}, "IpPermissions.1.IpProtocol": {"tcp"},
		"IpPermissions.1.FromPort": {fmt.Sprint(first)}, "IpPermissions.1.ToPort": {fmt.Sprint(last)},
	}
	if strings.HasPrefix(peer, "sg-") {
		form.Set("IpPermissions.1.Groups.1.GroupId", peer)
	} else {
		form.Set("IpPermissions.1.IpRanges.1.CidrIp", peer)
	}
	call(t, server, "AuthorizeSecurityGroupIngress", form)
}

func call(t *testing.T, server *ec2.Server, action string, form url.Values) {
	t.Helper()
	form.Set("Action", action)
	form.Set("Version", "2016-11-15")
	response, err := http.PostForm(server.URL, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", action, response.Status)
	}
}

// outputs reads all outputs of the state.
func (w *workspace) outputs(into map[string]any) {
	w.t.Helper()
	read, err := w.program.Output(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range into {
		output, ok := read[name]
		if !ok {
			w.t.Fatalf("there is no output %s", name)
		}
		decode(w.t, output.Value, value)
	}
}

// An installation that somebody made by hand: its groups and right rules are taken
// over as they are, what is missing is made, what is open beyond the matrix goes by
// hand, and then nothing is left to say.
func TestAWSAdoption(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "aws-existing"))
	server := w.useStandIn()
	groups := make(map[string]string)
	for _, name := range []string{"canopsis-web", "canopsis-mongo", "canopsis-pg", "canopsis-redis"} {
		groups[name] = makeGroup(t, server, name)
	}
	const users, administrators, events = "10.20.0.0/16", "10.0.5.0/28", "10.30.0.0/16"
	for _, rule := range []struct {
		group       string
		first, last int
		peer        string
	}{
		{"canopsis-web", 8443, 8443, "10.20.0.0/17"},
		{"canopsis-web", 8443, 8443, "10.20.128.0/17"},
		{"canopsis-web", 8080, 8080, users},
		{"canopsis-web", 22, 22, administrators},
		{"canopsis-web", 22, 22, "0.0.0.0/0"},
		{"canopsis-web", 15672, 15672, administrators},
		{"canopsis-web", 5672, 5672, events},
		{"canopsis-web", 8080, 8080, events},
		{"canopsis-web", 8443, 8443, events},
		{"canopsis-mongo", 22, 22, administrators},
		{"canopsis-mongo", 0, 65535, groups["canopsis-web"]},
		{"canopsis-pg", 22, 22, administrators},
		{"canopsis-redis", 22, 22, administrators},
		{"canopsis-redis", 6739, 6739, groups["canopsis-web"]},
	} {
		authorize(t, server, groups[rule.group], rule.first, rule.last, rule.peer)
	}
	w.init()
	vpcID := "vpc_id=" + vpc

	first := w.apply(vpcID).mustSucceed(t)
	adopted := each("aws_vpc_security_group_ingress_rule.this",
		"10.0.5.0/28-to-canopsis/tcp-15672",
		"10.0.5.0/28-to-canopsis/tcp-22",
		"10.0.5.0/28-to-mongodb/tcp-22",
		"10.0.5.0/28-to-postgresql/tcp-22",
		"10.0.5.0/28-to-redis/tcp-22",
		"10.20.0.0/16-to-canopsis/tcp-8080",
		"10.30.0.0/16-to-canopsis/tcp-5672",
		"10.30.0.0/16-to-canopsis/tcp-8080",
		"10.30.0.0/16-to-canopsis/tcp-8443",
	)
	var changes []string
	for _, address := range each("aws_vpc_security_group_ingress_rule.this",
		"10.20.0.0/16-to-canopsis/tcp-8443", // by two, which are within
		"canopsis-to-mongodb/tcp-27017",     // by every port, which is too much
		"canopsis-to-postgresql/tcp-5432",
		"canopsis-to-redis/tcp-6379",
	) {
		changes = append(changes, "create "+address)
	}
	for _, address := range each("aws_security_group.this", "canopsis", "mongodb", "postgresql", "redis") {
		changes = append(changes, "import "+address)
	}
	for _, address := range adopted { // imported, and described
		changes = append(changes, "update "+address)
	}
	same(t, "changes of the first apply", first.changes, changes)
	says(t, first.reported, "Check block assertion failed", "2 missing, 3 excess, 9 present, 2 covered, 9 matched, 2 within. Worst: sgr-")
	checkCalls(t, server)

	var excess map[string]struct{ Opens, Wanted []string }
	var redundant []string
	w.apply(vpcID).mustSucceed(t) // reads what the first one made
	w.outputs(map[string]any{"excess": &excess, "redundant": &redundant})
	byID := make(map[string]ec2.Rule)
	named := namesOf(server)
	for _, r := range server.Rules() {
		byID[r.ID] = r
	}
	var goes []string
	for id := range excess {
		goes = append(goes, "excess: "+named.Replace(byID[id].String()))
	}
	for _, id := range redundant {
		goes = append(goes, "redundant: "+named.Replace(byID[id].String()))
	}
	slices.Sort(goes)
	same(t, "what is to go", goes, []string{
		"excess: ingress of canopsis-mongo: tcp 0-65535 with canopsis-web",
		"excess: ingress of canopsis-redis: tcp 6739-6739 with canopsis-web",
		"excess: ingress of canopsis-web: tcp 22-22 with 0.0.0.0/0",
		"redundant: ingress of canopsis-web: tcp 8443-8443 with 10.20.0.0/17",
		"redundant: ingress of canopsis-web: tcp 8443-8443 with 10.20.128.0/17",
	})
	for id := range excess {
		call(t, server, "RevokeSecurityGroupIngress", url.Values{"GroupId": {byID[id].GroupID}, "SecurityGroupRuleId.1": {id}})
	}
	for _, id := range redundant {
		call(t, server, "RevokeSecurityGroupIngress", url.Values{"GroupId": {byID[id].GroupID}, "SecurityGroupRuleId.1": {id}})
	}
	last := w.plan(vpcID).mustSucceed(t)
	same(t, "the last plan", last.changes, nil)
	same(t, "warnings of the last plan", last.reported, nil)
	var open []string
	for _, line := range openings(server) {
		if strings.HasPrefix(line, "ingress") {
			open = append(open, line)
		}
	}
	same(t, "rules at the end", open, []string{
		"ingress of canopsis-mongo: tcp 22-22 with 10.0.5.0/28",
		"ingress of canopsis-mongo: tcp 27017-27017 with canopsis-web",
		"ingress of canopsis-pg: tcp 22-22 with 10.0.5.0/28",
		"ingress of canopsis-pg: tcp 5432-5432 with canopsis-web",
		"ingress of canopsis-redis: tcp 22-22 with 10.0.5.0/28",
		"ingress of canopsis-redis: tcp 6379-6379 with canopsis-web",
		"ingress of canopsis-web: tcp 22-22 with 10.0.5.0/28",
		"ingress of canopsis-web: tcp 5672-5672 with 10.30.0.0/16",
		"ingress of canopsis-web: tcp 8080-8080 with 10.20.0.0/16",
		"ingress of canopsis-web: tcp 8080-8080 with 10.30.0.0/16",
		"ingress of canopsis-web: tcp 8443-8443 with 10.20.0.0/16",
		"ingress of canopsis-web: tcp 8443-8443 with 10.30.0.0/16",
		"ingress of canopsis-web: tcp 15672-15672 with 10.0.5.0/28",
	})
}

// The same in a module: the guide's own block audits what the module puts out, and
// imports into the module's resources.
func TestAWSAdoptionIntoTheModule(t *testing.T) {
	t.Parallel()
	const guide = "../../docs/guides/existing-rules.md"
	inModule := blocks(readFile(t, guide), "tf")
	if len(inModule) != 1 {
		t.Fatalf("%s has %d blocks of the module, not one", guide, len(inModule))
	}
	w := newWorkspace(t, "")
	w.write("main.tf", `
terraform {
  required_providers {
    aws      = { source = "hashicorp/aws" }
    canopsis = { source = "canopsis/canopsis" }
  }
}

data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
  exclude          = ["ldap", "snmp_trap_sources"]
}

variable "security_group_ids" {
  type = map(string)
}

output "adopted" {
  value = local.audit.adopt.ingress
}
`)
	w.write("module.tf", strings.NewReplacer("vpc-0123456789abcdef0", vpc, `"./modules/`, `"`+absolute(t, modules)+`/`).Replace(inModule[0]))
	server := w.useStandIn()
	var ids []string
	groups := make(map[string]string)
	for _, host := range []string{"canopsis", "mongodb", "postgresql", "redis"} {
		groups[host] = makeGroup(t, server, "canopsis-"+host)
		ids = append(ids, fmt.Sprintf("%s = %q", host, groups[host]))
		authorize(t, server, groups[host], 22, 22, "10.0.5.0/28")
	}
	authorize(t, server, groups["redis"], 6739, 6739, groups["canopsis"])
	for host, group := range groups {
		w.write(filepath.Join("rules", host+".json"), described(t, server, group))
	}
	w.write("terraform.tfvars", "security_group_ids = {\n"+strings.Join(ids, "\n")+"\n}\n")
	w.init()

	plan := w.apply().mustSucceed(t)
	var updated []string
	for _, change := range plan.changes {
		if address, ok := strings.CutPrefix(change, "update "); ok {
			updated = append(updated, address)
		}
		if strings.HasPrefix(change, "delete") || strings.HasPrefix(change, "replace") {
			t.Errorf("the first apply is to destroy nothing: %s", change)
		}
	}
	same(t, "rules that are taken over", updated, each("module.firewall.aws_vpc_security_group_ingress_rule.this",
		"10.0.5.0/28-to-canopsis/tcp-22",
		"10.0.5.0/28-to-mongodb/tcp-22",
		"10.0.5.0/28-to-postgresql/tcp-22",
		"10.0.5.0/28-to-redis/tcp-22",
	))
	checkCalls(t, server)
	same(t, "the next plan", w.plan().mustSucceed(t).changes, nil)
}

// described returns the ingress rules of a group as describe-security-group-rules
// prints them.
func described(t *testing.T, server *ec2.Server, group string) string {
	t.Helper()
	rules := []map[string]any{}
	for _, r := range server.Rules() {
		if r.GroupID != group || r.Direction != ec2.Ingress {
			continue
		}
		rule := map[string]any{
			"SecurityGroupRuleId": r.ID, "GroupId": r.GroupID, "IsEgress": false, "IpProtocol": r.Protocol, "FromPort": r.FromPort, "ToPort": r.ToPort,
		}
		if r.ReferencedGroupID != "" {
			rule["ReferencedGroupInfo"] = map[string]any{"GroupId": r.ReferencedGroupID}
		} else {
			rule["CidrIpv4"] = r.CIDRIPv4
		}
		rules = append(rules, rule)
	}
	text, err := json.Marshal(map[string]any{"SecurityGroupRules": rules})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The same mistakes on Google Cloud, from gcloud's text.
func TestGoogleRulesThatAreThere(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "gcp-existing"))
	w.init()
	applied := w.apply().mustSucceed(t)
	says(t, applied.reported, "Check block assertion failed", "2 missing, 3 excess")
	var excess map[string]struct{ Opens, Wanted []string }
	var missing map[string][]string
	var redundant []string
	w.outputs(map[string]any{"excess": &excess, "missing": &missing, "redundant": &redundant})
	var found []string
	for name, rule := range excess {
		found = append(found, name+" opens "+strings.Join(rule.Opens, ", "))
	}
	for _, lacks := range missing {
		found = append(found, "missing: "+strings.Join(lacks, ", "))
	}
	slices.Sort(found)
	same(t, "what is to be done", append(found, redundant...), []string{
		"missing: canopsis-web (IPv4) tcp/5432",
		"missing: canopsis-web (IPv4) tcp/6379",
		"mongo opens canopsis-web (IPv4) tcp/0-27016, canopsis-web (IPv4) tcp/27018-65535",
		"redis opens canopsis-web (IPv4) tcp/6739",
		"ssh-from-everywhere opens 0.0.0.0/0 except 10.0.5.0/28 tcp/22",
	})
}

// The same on a real Neutron, with OpenStack's own provider.
func TestOpenStackAdoption(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "openstack-existing"))
	example := readFile(t, filepath.Join(w.folder, "main.tf"))
	at := strings.Index(example, `data "canopsis_flows"`)
	w.write("main.tf", example[at:]) // the cloud's own file says which providers
	client := w.useNeutron()
	groups := make(map[string]string)
	var ids []string
	for _, host := range []string{"canopsis", "mongodb", "postgresql", "redis"} {
		group, err := secgroups.Create(t.Context(), client, secgroups.CreateOpts{Name: "by-hand-" + host}).Extract()
		if err != nil {
			t.Fatal(err)
		}
		groups[host] = group.ID
		ids = append(ids, fmt.Sprintf("%s = %q", host, group.ID))
	}
	w.write("terraform.tfvars", "security_group_ids = {\n"+strings.Join(ids, "\n")+"\n}\n")
	const users, administrators, events = "10.20.0.0/16", "10.0.5.0/28", "10.30.0.0/16"
	for _, rule := range []struct {
		host        string
		first, last int
		peer        string // a prefix, or a host
	}{
		{"canopsis", 8443, 8443, "10.20.0.0/17"}, {"canopsis", 8443, 8443, "10.20.128.0/17"}, {"canopsis", 8080, 8080, users},
		{"canopsis", 22, 22, administrators}, {"canopsis", 22, 22, "0.0.0.0/0"}, {"canopsis", 15672, 15672, administrators},
		{"canopsis", 5672, 5672, events}, {"canopsis", 8080, 8080, events}, {"canopsis", 8443, 8443, events},
		{"mongodb", 22, 22, administrators}, {"mongodb", 1, 65535, "canopsis"},
		{"postgresql", 22, 22, administrators}, {"redis", 22, 22, administrators}, {"redis", 6739, 6739, "canopsis"},
	} {
		opts := secrules.CreateOpts{
			Direction: secrules.DirIngress, EtherType: secrules.EtherType4, Protocol: secrules.ProtocolTCP, SecGroupID: groups[rule.host],
			PortRangeMin: rule.first, PortRangeMax: rule.last, RemoteIPPrefix: rule.peer,
		}
		if group, ok := groups[rule.peer]; ok {
			opts.RemoteIPPrefix, opts.RemoteGroupID = "", group
		}
		if _, err := secrules.Create(t.Context(), client, opts).Extract(); err != nil {
			t.Fatal(err)
		}
	}
	show := func() {
		t.Helper()
		for host, id := range groups {
			text, err := json.Marshal(secgroups.Get(t.Context(), client, id).Body)
			if err != nil {
				t.Fatal(err)
			}
			w.write(filepath.Join("rules", host+".json"), string(text))
		}
	}
	show()
	w.init()

	first := w.apply().mustSucceed(t)
	says(t, first.reported, "Check block assertion failed", "2 missing, 3 excess, 9 present, 2 covered, 9 matched, 2 within.")
	var changes []string
	for _, address := range each("openstack_networking_secgroup_rule_v2.this",
		"10.20.0.0/16-to-canopsis/tcp-8443", "canopsis-to-mongodb/tcp-27017", "canopsis-to-postgresql/tcp-5432", "canopsis-to-redis/tcp-6379",
	) {
		changes = append(changes, "create "+address)
	}
	for _, address := range each("openstack_networking_secgroup_rule_v2.this",
		"10.0.5.0/28-to-canopsis/tcp-15672", "10.0.5.0/28-to-canopsis/tcp-22", "10.0.5.0/28-to-mongodb/tcp-22", "10.0.5.0/28-to-postgresql/tcp-22",
		"10.0.5.0/28-to-redis/tcp-22", "10.20.0.0/16-to-canopsis/tcp-8080", "10.30.0.0/16-to-canopsis/tcp-5672", "10.30.0.0/16-to-canopsis/tcp-8080", "10.30.0.0/16-to-canopsis/tcp-8443",
	) {
		changes = append(changes, "import "+address)
	}
	same(t, "changes of the first apply", first.changes, changes)

	show()
	w.apply().mustSucceed(t)
	var excess map[string]struct{ Opens, Wanted []string }
	var redundant []string
	w.outputs(map[string]any{"excess": &excess, "redundant": &redundant})
	if len(excess) != 3 || len(redundant) != 2 {
		t.Fatalf("excess: %v, redundant: %v", excess, redundant)
	}
	for _, id := range slices.AppendSeq(redundant, maps.Keys(excess)) {
		if err := secrules.Delete(t.Context(), client, id).ExtractErr(); err != nil {
			t.Fatal(err)
		}
	}
	show()
	last := w.plan().mustSucceed(t)
	same(t, "the last plan", last.changes, nil)
	same(t, "warnings of the last plan", last.reported, nil)
}
