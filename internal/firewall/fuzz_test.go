package firewall_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// parseBindings reads a line for each binding: its endpoint, then words such as
// cidr=10.0.0.0/8, office~10.0.0.0/8 (a name), group=sg-1, list=pl-1, size=5,
// tag=web, account=a@b, family=IPv4, same=users, unmanaged, public. A value "?"
// is unknown. It takes any text.
func parseBindings(text string) bindings {
	given := make(bindings)
	value := func(text string) firewall.Value[string] {
		if text == "?" {
			return firewall.Unknown[string]()
		}
		return firewall.Known(text)
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var b firewall.Binding
		var tags, accounts []firewall.Value[string]
		for _, word := range words[1:] {
			if name, prefix, ok := strings.Cut(word, "~"); ok {
				if b.NamedCIDRs == nil {
					b.NamedCIDRs = make(map[string]firewall.Value[string])
				}
				b.NamedCIDRs[name] = value(prefix)
				continue
			}
			switch name, text, _ := strings.Cut(word, "="); name {
			case "cidr":
				b.CIDRs = append(b.CIDRs, text)
			case "group":
				b.Group = value(text)
			case "list":
				b.List = value(text)
			case "size":
				b.MaxEntries = firewall.Known(int64(len(text)))
			case "tag":
				tags = append(tags, value(text))
				b.Tags = firewall.Known(tags)
			case "account":
				accounts = append(accounts, value(text))
				b.Accounts = firewall.Known(accounts)
			case "family":
				b.Ethertypes = append(b.Ethertypes, text)
			case "same":
				b.SameAs = text
			case "unmanaged":
				b.Unmanaged = true
			case "public":
				b.Public = true
			}
		}
		given[words[0]] = b
	}
	return given
}

// Whatever the bindings are, there is a result or an error in our own words. A
// result has sorted, unique keys, one peer in each rule, and nothing public that
// was not allowed.
func FuzzBindings(f *testing.F) {
	for _, seed := range []string{
		"canopsis group=sg-1\nusers cidr=10.20.0.0/16 office~?\nmongodb group=?",
		"canopsis tag=web tag=db\nusers account=a@b cidr=0.0.0.0/0 public\nmongodb tag=?",
		"canopsis group=sg-1 family=IPv6\nusers same=mongodb\nmongodb list=pl-1 size=xxxxx",
		"canopsis group=sg-1\nusers cidr=0.0.0.0/1 cidr=128.0.0.0/1\nmongodb group=sg-1",
		"canopsis group=\nusers office~10.0.0.1/8\nmongodb same=mongodb unmanaged\nX",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		given := parseBindings(text)
		rules := rulesOf(t, "users canopsis tcp/8080", "users canopsis tcp/8443", "canopsis mongodb tcp/27017", "mongodb users udp/162", "canopsis canopsis tcp/5672")
		for _, c := range clouds() {
			result, err := c.Render(rules, given)
			if err != nil {
				var wrong *refusal.Error
				if result != nil || !errors.As(err, &wrong) || wrong.Found == "" || !strings.HasPrefix(wrong.At.String(), "bindings") {
					t.Fatalf("%s: %v", c.Name, err)
				}
				continue
			}
			for _, of := range [][]firewall.Bound{result.Ingress, result.Egress} {
				found := keys(of)
				if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
					t.Fatalf("%s: keys are not sorted and unique: %q", c.Name, found)
				}
				for _, rule := range of {
					checkRule(t, c, given, rule)
				}
			}
		}
	})
}

func checkRule(t *testing.T, c cloud, given bindings, rule firewall.Bound) {
	t.Helper()
	if b := given[rule.Host]; b.Unmanaged || b.Group.IsAbsent() && b.Tags.IsAbsent() && b.Accounts.IsAbsent() {
		t.Fatalf("%s: %s is attached to an endpoint that is not managed", c.Name, rule.Key)
	}
	row := written(c.Target, rule)
	hasPeer := false
	for _, argument := range []string{
		"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id",
		"remote_ip_prefix", "remote_group_id", "remote_address_group_id",
		"source_ranges", "source_tags", "source_service_accounts", "destination_ranges",
	} {
		hasPeer = hasPeer || row[argument] != ""
	}
	if !hasPeer {
		t.Fatalf("%s: %s has no peer, which may be everyone: %v", c.Name, rule.Key, row)
	}
	allowed := false
	for _, b := range given {
		allowed = allowed || b.Public
	}
	for _, argument := range c.prefixes {
		for _, prefix := range strings.Fields(strings.Trim(row[argument], "[]")) {
			if strings.HasSuffix(prefix, "/0") && !allowed {
				t.Fatalf("%s: %s opens %s, and nobody allowed it", c.Name, rule.Key, prefix)
			}
		}
	}
}
