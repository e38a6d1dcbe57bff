package acceptance_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
	"github.com/canopsis/terraform-provider-canopsis/internal/standin/hcloud"
)

// TestHetznerFirewalls applies what the guide says of Hetzner Cloud with the real
// provider: firewalls that know addresses alone, of which the last rule can go.
func TestHetznerFirewalls(t *testing.T) {
	t.Parallel()
	needTerraform(t)
	if machine := (mirror.Mirror{Root: os.Getenv(mirror.Variable)}); machine.Root == "" || !machine.Has("hetznercloud/hcloud") {
		t.Skipf("no filesystem mirror has the provider hetznercloud/hcloud: set %s to one that does. The guide was validated by its schema", mirror.Variable)
	}
	server := hcloud.NewServer()
	t.Cleanup(server.Close)
	w := newWorkspace(t, "")
	w.write("hetzner.tf", hetzner(t)+server.ProviderBlock())
	w.init()
	apply := func(variables ...string) map[string][]string {
		t.Helper()
		w.apply(variables...).mustSucceed(t)
		same(t, "plan after the apply", w.plan(variables...).mustSucceed(t).changes, nil)
		return server.Open()
	}
	const nobody, administrators = "in esp from 192.0.2.1/32", "in tcp 22 from 10.0.5.0/28"
	want := map[string][]string{
		"canopsis-canopsis": {
			nobody, "in tcp 15672 from 10.0.5.0/28", administrators, "in tcp 5672 from 10.30.0.0/16",
			"in tcp 8080 from 10.20.0.0/16", "in tcp 8443 from 10.20.0.0/16",
		},
		"canopsis-mongodb":    {nobody, administrators, "in tcp 27017 from 10.0.0.4/32"},
		"canopsis-postgresql": {nobody, administrators, "in tcp 5432 from 10.0.0.4/32"},
		"canopsis-redis":      {nobody, administrators, "in tcp 6379 from 10.0.0.4/32"},
	}
	opens(t, "applied", apply(), want)

	canopsis := slices.Clone(want["canopsis-canopsis"])
	canopsis[slices.Index(canopsis, "in tcp 8080 from 10.20.0.0/16")] = "in tcp 8080 from 10.20.0.0/16 10.21.0.0/16"
	canopsis[slices.Index(canopsis, "in tcp 8443 from 10.20.0.0/16")] = "in tcp 8443 from 10.20.0.0/16 10.21.0.0/16"
	want["canopsis-canopsis"] = canopsis
	opens(t, "one prefix more", apply(`users=["10.20.0.0/16","10.21.0.0/16"]`), want)

	for host := range want { // their last rules go, those of canopsis but SSH
		want[host] = []string{nobody}
	}
	nothing := []string{`users=[]`, `administrators=[]`, `amqp_event_sources=[]`, `canopsis=[]`}
	opens(t, "nobody has addresses", apply(nothing...), want)
	var unenforced map[string]string
	w.outputs(map[string]any{"unenforced": &unenforced})
	if reason := unenforced["users-to-canopsis-nginx/tcp-8443"]; reason != "users has no addresses" {
		t.Errorf("unenforced says of users: %q", reason)
	}
}

// opens compares what firewalls let pass, whatever the order.
func opens(t *testing.T, what string, got, want map[string][]string) {
	t.Helper()
	names := func(open map[string][]string) []string { return slices.Sorted(maps.Keys(open)) }
	same(t, what, names(got), names(want))
	for name, rules := range want {
		same(t, what+": "+name, got[name], slices.Sorted(slices.Values(rules)))
	}
}

// hetzner returns what the guide says to a user of Hetzner Cloud alone, with lists of
// addresses that a test can change.
func hetzner(t *testing.T) string {
	t.Helper()
	page := readFile(t, "../../docs/guides/addresses-only.md")
	all := blocks(page, "terraform")
	_, data, found := strings.Cut(all[0], "\ndata ")
	at := slices.IndexFunc(all, func(block string) bool { return strings.Contains(block, `resource "hcloud_firewall"`) })
	if !found || at < 0 {
		t.Fatal("the guide has no data source, or no block for Hetzner Cloud")
	}
	var text strings.Builder
	text.WriteString(`terraform {
  required_providers {
    canopsis = {
      source = "canopsis/canopsis"
    }
    hcloud = {
      source = "hetznercloud/hcloud"
    }
  }
}

output "unenforced" {
  value = local.firewall.unenforced
}
`)
	data = "\ndata " + data
	for variable, given := range map[string]string{
		"users": `["10.20.0.0/16", "2001:db8:20::/48"]`, "administrators": `["10.0.5.0/28"]`, "amqp_event_sources": `["10.30.0.0/16"]`, "canopsis": `["10.0.0.4/32"]`,
	} {
		if strings.Count(data, given) != 1 {
			t.Fatalf("the guide does not say %s of %s", given, variable)
		}
		data = strings.Replace(data, given, "var."+variable, 1)
		text.WriteString("\nvariable \"" + variable + "\" {\n  type    = list(string)\n  default = " + given + "\n}\n")
	}
	text.WriteString(data + "\n" + all[at])
	return text.String()
}
