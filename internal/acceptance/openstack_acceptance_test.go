package acceptance_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/addressgroups"
	secgroups "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	secrules "github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/neutron"
)

// TestOpenStackExamplesOnNeutron sends every rule of the examples to a real
// Neutron: each is created, reads back as it was sent, and is refused when it is
// sent again.
func TestOpenStackExamplesOnNeutron(t *testing.T) {
	t.Parallel()
	if reason := neutron.Missing(t.Context()); reason != "" {
		t.Skip(reason)
	}
	cloud := startNeutron(t)
	client, err := cloud.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// One after the other: a project has a quota.
	for folder, bound := range map[string]int{"openstack-single-host": 8, "openstack-usual": 17, "openstack-closed-egress": 36} {
		p := &project{t: t, client: client, ids: make(map[string]string)}
		var variables []string
		if folder == "openstack-usual" {
			bastion := p.group("bastion", false)
			p.ids[bastion] = bastion
			variables = append(variables, "bastion_security_group_id="+bastion)
		}
		resources := applied(t, folder, variables...)
		for address, r := range resources { // trap 6: or no rule of egress has any effect
			if closes := r.input["delete_default_rules"] == true; r.kind == "openstack_networking_secgroup_v2" && closes != (folder == "openstack-closed-egress") {
				t.Errorf("%s: egress of %s is closed: %t", folder, address, closes)
			}
		}
		sent := p.send(resources)
		if len(sent) != bound {
			t.Errorf("%s sends %d rules; want %d", folder, len(sent), bound)
		}
		if folder == "openstack-closed-egress" {
			p.overflow()
		}
		p.clear()
	}
}

// startNeutron starts a cloud that ends with the test.
func startNeutron(t *testing.T) *neutron.Cloud {
	t.Helper()
	cloud, err := neutron.Start(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	})
	return cloud
}

// row is a resource of an applied example.
type row struct {
	kind  string // "openstack_networking_secgroup_rule_v2"
	id    string
	input map[string]any
}

// applied applies an example without its cloud, and returns its resources by
// address. A second plan has nothing to do.
func applied(t *testing.T, folder string, variables ...string) map[string]row {
	t.Helper()
	w := newWorkspace(t, root+"/"+folder)
	w.withoutCloud(examples[folder].cloud)
	w.init()
	w.apply(variables...).mustSucceed(t)
	same(t, folder+": changes of a second plan", w.plan(variables...).mustSucceed(t).changes, nil)
	state, err := w.program.Show(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]row)
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Type != "terraform_data" {
			continue
		}
		kind, _, _ := strings.Cut(resource.Name, "__")
		r := row{kind: kind}
		decode(t, resource.AttributeValues["id"], &r.id)
		decode(t, resource.AttributeValues["input"], &r.input)
		rows[resource.Address] = r
	}
	return rows
}

// project puts an example's resources into Neutron.
type project struct {
	t      *testing.T
	client *gophercloud.ServiceClient
	ids    map[string]string // from Terraform's ids to Neutron's
	lists  []string
	groups []string
}

func (p *project) group(name string, closed bool) string {
	p.t.Helper()
	group, err := secgroups.Create(p.t.Context(), p.client, secgroups.CreateOpts{Name: name}).Extract()
	if err != nil {
		p.t.Fatal(err)
	}
	p.groups = append(p.groups, group.ID)
	if closed { // as delete_default_rules does
		for _, rule := range group.Rules {
			if err := secrules.Delete(p.t.Context(), p.client, rule.ID).ExtractErr(); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	return group.ID
}

// send creates groups first, then the rules between them.
func (p *project) send(rows map[string]row) []string {
	p.t.Helper()
	for address, r := range rows {
		switch r.kind {
		case "openstack_networking_secgroup_v2":
			p.ids[r.id] = p.group(address, r.input["delete_default_rules"] == true)
		case "openstack_networking_address_group_v2":
			var addresses []string
			decode(p.t, r.input["addresses"], &addresses)
			list, err := addressgroups.Create(p.t.Context(), p.client, addressgroups.CreateOpts{Name: "list", Addresses: addresses}).Extract()
			if err != nil {
				p.t.Fatal(err)
			}
			p.lists = append(p.lists, list.ID)
			p.ids[r.id] = list.ID
		}
	}
	var sent []string
	for address, r := range rows {
		if r.kind == "openstack_networking_secgroup_rule_v2" {
			p.rule(address, r.input)
			sent = append(sent, address)
		}
	}
	return sent
}

// rule creates a rule as Terraform's provider would, reads it back and sends it
// again.
func (p *project) rule(address string, input map[string]any) {
	p.t.Helper()
	var arguments struct {
		SecurityGroup      string `json:"security_group_id"`
		Direction          string `json:"direction"`
		Ethertype          string `json:"ethertype"`
		Protocol           string `json:"protocol"`
		First              int    `json:"port_range_min"`
		Last               int    `json:"port_range_max"`
		RemotePrefix       string `json:"remote_ip_prefix"`
		RemoteGroup        string `json:"remote_group_id"`
		RemoteAddressGroup string `json:"remote_address_group_id"`
		Description        string `json:"description"`
	}
	decode(p.t, input, &arguments)
	opts := secrules.CreateOpts{
		SecGroupID:           p.ids[arguments.SecurityGroup],
		Direction:            secrules.RuleDirection(arguments.Direction),
		EtherType:            secrules.RuleEtherType(arguments.Ethertype),
		Protocol:             secrules.RuleProtocol(arguments.Protocol),
		PortRangeMin:         arguments.First,
		PortRangeMax:         arguments.Last,
		RemoteIPPrefix:       arguments.RemotePrefix,
		RemoteGroupID:        p.ids[arguments.RemoteGroup],
		RemoteAddressGroupID: p.ids[arguments.RemoteAddressGroup],
		Description:          arguments.Description,
	}
	created, err := secrules.Create(p.t.Context(), p.client, opts).Extract()
	if err != nil {
		p.t.Fatalf("%s: %v", address, err)
	}
	kept, err := secrules.Get(p.t.Context(), p.client, created.ID).Extract()
	if err != nil {
		p.t.Fatal(err)
	}
	if got := (secrules.CreateOpts{
		SecGroupID: kept.SecGroupID, Direction: secrules.RuleDirection(kept.Direction), EtherType: secrules.RuleEtherType(kept.EtherType),
		Protocol: secrules.RuleProtocol(kept.Protocol), PortRangeMin: kept.PortRangeMin, PortRangeMax: kept.PortRangeMax,
		RemoteIPPrefix: kept.RemoteIPPrefix, RemoteGroupID: kept.RemoteGroupID, RemoteAddressGroupID: kept.RemoteAddressGroupID,
		Description: kept.Description,
	}); got != opts {
		p.t.Errorf("%s: sent\n%+v\nkept\n%+v", address, opts, got)
	}
	opts.Description = "another one"
	if _, err := secrules.Create(p.t.Context(), p.client, opts).Extract(); !gophercloud.ResponseCodeIs(err, http.StatusConflict) {
		p.t.Errorf("%s sent again: %v", address, err)
	}
}

// overflow shows what a user reads where the quota does not suffice.
func (p *project) overflow() {
	p.t.Helper()
	var err error
	for port := 1; err == nil && port <= 100; port++ {
		_, err = secrules.Create(p.t.Context(), p.client, secrules.CreateOpts{
			SecGroupID: p.groups[0], Direction: secrules.DirIngress, EtherType: secrules.EtherType4,
			Protocol: secrules.ProtocolTCP, PortRangeMin: port, PortRangeMax: port, RemoteIPPrefix: "192.0.2.0/24",
		}).Extract()
	}
	if !gophercloud.ResponseCodeIs(err, http.StatusConflict) || !strings.Contains(fmt.Sprint(err), "Quota exceeded for resources: ['security_group_rule']") {
		p.t.Errorf("100 rules more: %v", err)
	}
}

// clear removes everything, the groups with their rules first: a list goes once
// no rule names it.
func (p *project) clear() {
	p.t.Helper()
	// A group goes once no other one's rule names it either.
	left := p.groups
	for range p.groups {
		left = slices.DeleteFunc(left, func(id string) bool {
			return secgroups.Delete(p.t.Context(), p.client, id).ExtractErr() == nil
		})
	}
	var errs []error
	for _, id := range p.lists {
		errs = append(errs, addressgroups.Delete(p.t.Context(), p.client, id).ExtractErr())
	}
	if err := errors.Join(errs...); err != nil || len(left) > 0 {
		p.t.Fatalf("groups %v stay, and %v", left, err)
	}
}
