package neutron_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/addressgroups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/neutron"
)

// shared is the cloud of every test here: it takes some seconds to start.
var shared struct {
	sync.Once
	folder string
	cloud  *neutron.Cloud
	err    error
}

func start() {
	if shared.folder, shared.err = os.MkdirTemp("", "neutron-"); shared.err == nil {
		shared.cloud, shared.err = neutron.Start(context.Background(), shared.folder)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.cloud != nil {
		if err := errors.Join(end(shared.cloud), os.RemoveAll(shared.folder)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// end closes the cloud, of which no process may survive.
func end(cloud *neutron.Cloud) error {
	processes := cloud.Processes()
	if len(processes) != 3 {
		return fmt.Errorf("processes %v instead of one for each server and one that watches them", processes)
	}
	if err := cloud.Close(); err != nil {
		return err
	}
	for _, id := range processes {
		for deadline := time.Now().Add(neutron.Patience); syscall.Kill(id, 0) == nil; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				return fmt.Errorf("process %d survives", id)
			}
		}
	}
	return nil
}

// client returns a client of the shared cloud's network service.
func client(t *testing.T) *gophercloud.ServiceClient {
	t.Helper()
	if reason := neutron.Missing(t.Context()); reason != "" {
		t.Skip(reason)
	}
	shared.Do(start)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	client, err := shared.cloud.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// group makes a security group without rules, for this test alone.
func group(t *testing.T, c *gophercloud.ServiceClient) *groups.SecGroup {
	t.Helper()
	g, err := groups.Create(t.Context(), c, groups.CreateOpts{Name: t.Name()}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := groups.Delete(context.Background(), c, g.ID).ExtractErr(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func create(t *testing.T, c *gophercloud.ServiceClient, opts rules.CreateOpts) *rules.SecGroupRule {
	t.Helper()
	rule, err := rules.Create(t.Context(), c, opts).Extract()
	if err != nil {
		t.Fatalf("%+v: %v", opts, err)
	}
	return rule
}

// refused returns what Neutron says to a rule that it does not take.
func refused(t *testing.T, c *gophercloud.ServiceClient, status int, opts rules.CreateOpts) string {
	t.Helper()
	_, err := rules.Create(t.Context(), c, opts).Extract()
	if !gophercloud.ResponseCodeIs(err, status) {
		t.Fatalf("%+v: %v instead of status %d", opts, err, status)
	}
	return err.Error()
}

func tcp(g *groups.SecGroup, first, last int) rules.CreateOpts {
	return rules.CreateOpts{
		SecGroupID: g.ID, Direction: rules.DirIngress, EtherType: rules.EtherType4,
		Protocol: rules.ProtocolTCP, PortRangeMin: first, PortRangeMax: last,
	}
}

// The traps of OpenStack, as Neutron springs them on the clients that Terraform's
// provider uses.

func TestPortZeroOpensEveryPort(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	// The client leaves zero out of what it sends, so Neutron sees no port at all.
	if rule := create(t, c, tcp(g, 0, 0)); rule.PortRangeMin != 0 || rule.PortRangeMax != 0 || rule.Protocol != "tcp" {
		t.Errorf("tcp 0 to 0 is kept as %+v", rule)
	}
	// ... which is the rule for every port: it is there already.
	if text := refused(t, c, http.StatusConflict, tcp(g, 1, 65535)); !strings.Contains(text, "SecurityGroupRuleExists") {
		t.Errorf("1 to 65535 beside it: %s", text)
	}
}

func TestICMPZeroOpensEveryType(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	icmp := rules.CreateOpts{SecGroupID: g.ID, Direction: rules.DirIngress, EtherType: rules.EtherType4, Protocol: rules.ProtocolICMP}
	every := create(t, c, icmp)
	// An echo reply is type 0 and code 0, and the client sends neither.
	if text := refused(t, c, http.StatusConflict, icmp); !strings.Contains(text, every.ID) {
		t.Errorf("type 0 and code 0: %s", text)
	}
	// ICMP in IPv6 is another protocol to Neutron, and every plan wants it back.
	icmp.EtherType = rules.EtherType6
	if rule := create(t, c, icmp); rule.Protocol != "ipv6-icmp" {
		t.Errorf("icmp in IPv6 is kept as %+v", rule)
	}
}

// A protocol is a name that Neutron knows or a number; ports go with those that have
// any, and a type and a code with ICMP.
func TestProtocolsAreNamesOrNumbers(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	of := func(protocol string, first, last int) rules.CreateOpts {
		opts := tcp(g, first, last)
		opts.Protocol = rules.RuleProtocol(protocol)
		if strings.Contains(protocol, "v6") {
			opts.EtherType = rules.EtherType6
		}
		return opts
	}
	for _, protocol := range []string{
		"vrrp", "esp", "ah", "gre", "igmp", "ospf", "pgm", "rsvp", "egp", "dccp", "udplite", "sctp", "ipv6-icmp",
		"4", "89", "94", "115", "253", "254",
	} {
		rule, err := rules.Create(t.Context(), c, of(protocol, 0, 0)).Extract()
		if protocol == "89" { // ospf, which stands above, by its number
			if !gophercloud.ResponseCodeIs(err, http.StatusConflict) {
				t.Errorf("89 beside ospf: %v", err)
			}
			continue
		}
		if err != nil || rule.Protocol != protocol || rule.PortRangeMin != 0 || rule.PortRangeMax != 0 {
			t.Errorf("%s is kept as %+v, %v", protocol, rule, err)
		}
	}
	for _, opts := range []rules.CreateOpts{of("sctp", 2905, 2906), of("icmp", 8, 0), of("icmp", 3, 4), of("ipv6-icmp", 128, 0)} {
		if rule := create(t, c, opts); rule.PortRangeMin != opts.PortRangeMin || rule.PortRangeMax != opts.PortRangeMax {
			t.Errorf("%+v is kept as %+v", opts, rule)
		}
	}
	for what, test := range map[string]struct {
		opts rules.CreateOpts
		says string
	}{
		"ports beside vrrp":     {of("vrrp", 1, 2), "Ports cannot be specified for protocol 112"},
		"ports beside 253":      {of("253", 1, 2), "Ports cannot be specified for protocol 253"},
		"a name of no protocol": {of("carp", 0, 0), "protocol carp not supported"},
		"a number of none":      {of("256", 0, 0), "protocol 256 not supported"},
		"a type of none":        {of("icmp", 256, 0), "ICMP"},
	} {
		if text := refused(t, c, http.StatusBadRequest, test.opts); !strings.Contains(text, test.says) {
			t.Errorf("%s: %s", what, text)
		}
	}
}

// An id is a UUID as Neutron made it, with dashes and in small letters: by its name
// or otherwise spelt a group is not found.
func TestGroupsAreNamedByTheirIDs(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	for what, spelt := range map[string]string{
		"a name":           g.Name,
		"an id, no dashes": strings.ReplaceAll(g.ID, "-", ""),
		"an id, capitals":  strings.ToUpper(g.ID),
	} {
		for where, change := range map[string]func(*rules.CreateOpts){
			"Security group": func(o *rules.CreateOpts) { o.RemoteGroupID = spelt },
			"Address group":  func(o *rules.CreateOpts) { o.RemoteAddressGroupID = spelt },
		} {
			opts := tcp(g, 80, 80)
			change(&opts)
			if text := refused(t, c, http.StatusNotFound, opts); !strings.Contains(text, where+" "+spelt) {
				t.Errorf("%s: %s", what, text)
			}
		}
	}
}

func TestEveryPortIsKeptAsNoPort(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	for _, protocol := range []rules.RuleProtocol{rules.ProtocolTCP, rules.ProtocolUDP} {
		opts := tcp(g, 1, 65535)
		opts.Protocol = protocol
		if rule := create(t, c, opts); rule.PortRangeMin != 0 || rule.PortRangeMax != 0 {
			t.Errorf("%s 1 to 65535 is kept as %+v", protocol, rule)
		}
	}
	if rule := create(t, c, tcp(g, 1, 65534)); rule.PortRangeMin != 1 || rule.PortRangeMax != 65534 {
		t.Errorf("tcp 1 to 65534 is kept as %+v", rule)
	}
}

func TestDescriptionsHold255Characters(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	opts := tcp(g, 80, 80)
	opts.Description = strings.Repeat("é", 255)
	if rule := create(t, c, opts); rule.Description != opts.Description {
		t.Errorf("the description is kept as %q", rule.Description)
	}
	opts.PortRangeMin, opts.PortRangeMax = 81, 81
	opts.Description += "é"
	if text := refused(t, c, http.StatusBadRequest, opts); !strings.Contains(text, "exceeds maximum length of 255") {
		t.Error(text)
	}
}

func TestEqualRulesAreRefused(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	first := create(t, c, tcp(g, 80, 80))
	for name, change := range map[string]func(*rules.CreateOpts){
		"another description":   func(o *rules.CreateOpts) { o.Description = "other" },
		"the protocol's number": func(o *rules.CreateOpts) { o.Protocol = "6" },
		"every address":         func(o *rules.CreateOpts) { o.RemoteIPPrefix = "0.0.0.0/0" },
	} {
		opts := tcp(g, 80, 80)
		change(&opts)
		if text := refused(t, c, http.StatusConflict, opts); !strings.Contains(text, first.ID) {
			t.Errorf("%s: %s", name, text)
		}
	}
	for name, change := range map[string]func(*rules.CreateOpts){
		"a prefix of the other family": func(o *rules.CreateOpts) { o.RemoteIPPrefix = "2001:db8::/32" },
		"two remotes":                  func(o *rules.CreateOpts) { o.RemoteIPPrefix, o.RemoteGroupID = "10.0.0.0/8", g.ID },
		"ports without a protocol":     func(o *rules.CreateOpts) { o.Protocol = "" },
		"ports the wrong way round":    func(o *rules.CreateOpts) { o.PortRangeMin = 81 },
		"ICMP of the other family":     func(o *rules.CreateOpts) { o.Protocol, o.PortRangeMin, o.PortRangeMax = "ipv6-icmp", 0, 0 },
	} {
		opts := tcp(g, 80, 80)
		change(&opts)
		if text := refused(t, c, http.StatusBadRequest, opts); text == "" {
			t.Errorf("%s is refused without a word", name)
		}
	}
}

func TestANewGroupLetsEverythingOut(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	var families []string
	for _, rule := range g.Rules {
		if rule.Direction != "egress" || rule.Protocol != "" || rule.RemoteIPPrefix != "" || rule.RemoteGroupID != "" {
			t.Errorf("a new group has %+v", rule)
		}
		families = append(families, rule.EtherType)
	}
	slices.Sort(families)
	if !slices.Equal(families, []string{"IPv4", "IPv6"}) {
		t.Errorf("a new group has rules for %v", families)
	}
	everything := rules.CreateOpts{SecGroupID: g.ID, Direction: rules.DirEgress, EtherType: rules.EtherType4}
	if text := refused(t, c, http.StatusConflict, everything); !strings.Contains(text, "SecurityGroupRuleExists") {
		t.Error(text)
	}
	for _, rule := range g.Rules { // what delete_default_rules does
		if err := rules.Delete(t.Context(), c, rule.ID).ExtractErr(); err != nil {
			t.Fatal(err)
		}
	}
	create(t, c, everything)
}

func TestGroupsAndAddressGroupsAreRemotes(t *testing.T) {
	t.Parallel()
	c := client(t)
	g := group(t, c)
	sites := make([]string, 0, 300)
	for i := range cap(sites) {
		sites = append(sites, fmt.Sprintf("10.%d.%d.0/24", 64+i/256, i%256))
	}
	list, err := addressgroups.Create(t.Context(), c, addressgroups.CreateOpts{Name: t.Name(), Addresses: append(sites, "2001:db8::/32")}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := addressgroups.Delete(context.Background(), c, list.ID).ExtractErr(); err != nil {
			t.Error(err)
		}
	})
	if len(list.Addresses) != 301 {
		t.Errorf("%d of 301 addresses are kept", len(list.Addresses))
	}
	for _, family := range []rules.RuleEtherType{rules.EtherType4, rules.EtherType6} {
		opts := tcp(g, 80, 80)
		opts.EtherType, opts.RemoteGroupID = family, g.ID
		if rule := create(t, c, opts); rule.RemoteGroupID != g.ID || rule.EtherType != string(family) {
			t.Errorf("%+v is kept as %+v", opts, rule)
		}
		opts.RemoteGroupID, opts.RemoteAddressGroupID = "", list.ID
		rule := create(t, c, opts)
		if rule.RemoteAddressGroupID != list.ID || rule.EtherType != string(family) {
			t.Errorf("%+v is kept as %+v", opts, rule)
		}
		if err := rules.Delete(t.Context(), c, rule.ID).ExtractErr(); err != nil { // or the list stays
			t.Fatal(err)
		}
	}
}

func TestStartSaysWhyItFails(t *testing.T) {
	t.Parallel()
	if reason := neutron.Missing(t.Context()); reason != "" {
		t.Skip(reason)
	}
	folder := t.TempDir()
	if err := os.WriteFile(folder+"/cloud", nil, 0o600); err != nil { // where a folder belongs
		t.Fatal(err)
	}
	if _, err := neutron.Start(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "NotADirectoryError") {
		t.Errorf("starting in a file: %v", err)
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	if reason := neutron.Missing(t.Context()); reason != "" {
		t.Skip(reason)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := neutron.Start(ctx, t.TempDir())
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "signal: killed") {
		t.Errorf("starting in a context that is over: %v", err)
	}
}
