package firewall_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// parseBindings reads a line for each binding: its endpoint, then words such as
// cidr=10.0.0.0/8, office~10.0.0.0/8 (a name), FORM=VALUE for any form of the
// target, where several values of one are a list, same=users, attach, public. A
// value "?" is unknown. It takes any text.
func parseBindings(target firewall.Target, text string) bindings {
	given := make(bindings)
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		b := firewall.Binding{Forms: firewall.Forms{}}
		for _, word := range words[1:] {
			if name, prefix, ok := strings.Cut(word, "~"); ok {
				if b.NamedCIDRs == nil {
					b.NamedCIDRs = make(map[string]firewall.Value[string])
				}
				b.NamedCIDRs[name] = fuzzed(prefix)
				continue
			}
			switch name, text, _ := strings.Cut(word, "="); name {
			case "cidr":
				b.CIDRs = append(b.CIDRs, text)
			case "same":
				b.SameAs = text
			case "attach":
				b.Attach = true
			case "public":
				b.Public = true
			default:
				for _, form := range target.Forms {
					if form.Name == name {
						b.Forms[name] = fuzzedForm(form.Kind, b.Forms[name], text)
					}
				}
			}
		}
		given[words[0]] = b
	}
	return given
}

func fuzzed(text string) firewall.Value[string] {
	if text == "?" {
		return firewall.Unknown[string]()
	}
	return firewall.Known(text)
}

func fuzzedForm(kind firewall.Kind, before firewall.Cell, text string) firewall.Cell {
	switch kind {
	case firewall.Number:
		return firewall.NumberCell(int64(len(text)))
	case firewall.TextSet, firewall.TextList:
		values, _ := before.Texts.Get()
		return firewall.Cell{Texts: firewall.Known(append(values, fuzzed(text)))}
	case firewall.Text, firewall.Bool, firewall.Nested, firewall.TextMap, firewall.RangeMap, firewall.NumberMap:
	}
	return firewall.Cell{Text: fuzzed(text)}
}

// Whatever the bindings are, there is a result or an error in our own words. A
// result has sorted, unique keys, one peer in each rule, and nothing public that
// was not allowed.
func FuzzBindings(f *testing.F) {
	for _, seed := range []string{
		"canopsis security_group_id=sg-00000001\nusers cidr=10.20.0.0/16 office~?\nmongodb security_group_id=?",
		"canopsis network_tags=web network_tags=db\nusers source_service_accounts=a@b.iam.gserviceaccount.com cidr=0.0.0.0/0 public\nmongodb network_tags=?",
		"canopsis security_group_id=sg-00000001 ethertypes=IPv6\nusers same=mongodb\nmongodb prefix_list_id=pl-00000001 prefix_list_max_entries=xxxxx",
		"canopsis security_group_id=sg-00000001\nusers cidr=0.0.0.0/1 cidr=128.0.0.0/1\nmongodb security_group_id=sg-00000001",
		"canopsis security_group_id=\nusers office~10.0.0.1/8\nmongodb same=mongodb attach\nX",
		"canopsis network_tags=web source_tags=front\nusers source_tags=?\nmongodb address_group_id=? remote_group_id=?",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rules := rulesOf(t, "users canopsis tcp/8080", "users canopsis tcp/8443", "canopsis mongodb tcp/27017", "mongodb users udp/162", "canopsis canopsis tcp/5672")
		for _, c := range clouds() {
			given := parseBindings(c.Target, text)
			result, err := c.Render(rules, given)
			if err != nil {
				wrong := firstRefusal(t, err)
				if result != nil || wrong.Found == "" || !strings.HasPrefix(wrong.At.String(), "bindings") {
					t.Fatalf("%s: %v", c.Name, err)
				}
				continue
			}
			for _, of := range [][]firewall.Bound{result.Rules(firewall.Ingress), result.Rules(firewall.Egress)} {
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
	if !slices.ContainsFunc(c.Forms, func(f firewall.Form) bool {
		return f.Attaches && !given[rule.Host].Forms[f.Name].IsAbsent()
	}) {
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
