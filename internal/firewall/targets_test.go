package firewall_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// cloud is a target with what its bindings and cells are, spelt out by hand.
type cloud struct {
	firewall.Target
	bind     func(name string) firewall.Binding // a managed endpoint
	unknown  firewall.Binding                   // one whose identifier is not known yet
	prefixes []string                           // arguments that hold peers' prefixes

	elsewhere string // whose results are no rules of one peer: where its tests are
}

// clouds ranges over all targets whose results are rules of one peer; each target
// needs an entry here.
func clouds() []cloud {
	all, err := cloudsOf(firewall.Targets())
	if err != nil {
		panic(err)
	}
	return all
}

// digest makes of a name the digits of an id.
func digest(name string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()
}

func cloudsOf(targets []firewall.Target) ([]cloud, error) {
	entries := map[string]cloud{
		"aws": {
			bind: func(name string) firewall.Binding {
				return firewall.Binding{Forms: firewall.Forms{"security_group_id": firewall.TextCell(fmt.Sprintf("sg-%017x", digest(name)))}}
			},
			unknown:  firewall.Binding{Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}},
			prefixes: []string{"cidr_ipv4", "cidr_ipv6"},
		},
		"openstack": {
			bind: func(name string) firewall.Binding {
				return firewall.Binding{Forms: firewall.Forms{"security_group_id": firewall.TextCell(fmt.Sprintf("%08x-0b1f-4c6d-8e9f-0a1b2c3d4e5f", digest(name)))}}
			},
			unknown:  firewall.Binding{Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}},
			prefixes: []string{"remote_ip_prefix"},
		},
		"gcp": {
			bind: func(name string) firewall.Binding {
				return firewall.Binding{Forms: firewall.Forms{"network_tags": firewall.TextsCell(name)}}
			},
			unknown:  firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: firewall.Unknown[[]firewall.Value[string]]()}}},
			prefixes: []string{"source_ranges", "destination_ranges"},
		},
		"address":    {elsewhere: "address_test.go: a row has addresses on both sides, and is attached to neither"},
		"azure":      {elsewhere: "azure_test.go: beside the rules of one peer, each group has one that denies the rest"},
		"kubernetes": {elsewhere: "kubernetes_test.go: a policy has all rules of a host"},
	}
	var all []cloud
	for _, target := range targets {
		c, ok := entries[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q has no entry among the clouds of these tests", target.Name)
		}
		c.Target = target
		if c.elsewhere == "" {
			all = append(all, c)
		}
	}
	return all, nil
}

// TestTablesRefuseATargetWithoutEntry adds a target that renders nothing: it would
// pass every test that looks at what it is given.
func TestTablesRefuseATargetWithoutEntry(t *testing.T) {
	t.Parallel()
	targets := append(firewall.Targets(), firewall.Target{Name: "nothing"})
	if _, err := cloudsOf(targets); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("the clouds of these tests take a target of which they know nothing: %v", err)
	}
	if _, err := protocolsOf(targets); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("the table of protocols takes a target of which it knows nothing: %v", err)
	}
}

// Reports read from a result who the other side of its rules is. A target whose rules
// are attached in a direction and name nobody would be printed without peers.
func TestEveryTargetSaysWhatNamesItsPeers(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		arguments := make(map[string]bool)
		for _, argument := range c.Arguments {
			arguments[argument.Name] = true
		}
		named := make(map[firewall.PeerKind]bool)
		for argument, kind := range c.Naming {
			named[kind] = true
			if !arguments[argument] {
				t.Errorf("%s: %s names peers and is no argument", c.Name, argument)
			}
		}
		for _, form := range c.Forms {
			if form.Peer != "" && form.Peer != firewall.ServiceTagPeer && !named[form.Peer] { // a tag stands where a prefix does
				t.Errorf("%s: %s makes peers of kind %s, and no argument names one", c.Name, form.Name, form.Peer)
			}
		}
		if !named[firewall.CIDRPeer] {
			t.Errorf("%s: no argument names a prefix", c.Name)
		}
	}
}

func texts(values ...string) firewall.Texts {
	var known []firewall.Value[string]
	for _, value := range values {
		known = append(known, firewall.Known(value))
	}
	return firewall.Known(known)
}

// rulesOf returns a rule for each line, as in "users canopsis tcp/8080".
func rulesOf(t *testing.T, lines ...string) map[string]deployment.Rule {
	t.Helper()
	rules := make(map[string]deployment.Rule)
	for _, line := range lines {
		if len(strings.Fields(line)) != 3 {
			t.Fatalf("%q is not SOURCE DESTINATION PORTS", line)
		}
		r := ruleOf(line)
		rules[r.Key()] = r
	}
	return rules
}

func ruleOf(line string) deployment.Rule {
	words := strings.Fields(line)
	return deployment.Rule{
		Flow:        words[0] + "-to-" + words[1],
		Source:      words[0],
		Destination: words[1],
		Component:   words[1],
		Purpose:     purposeOf(words[0], words[1]),
		Ports:       matrix.MustPortRange(words[2]),
	}
}

// purposeOf returns what rules between these endpoints are for, in tests: what a
// host opens goes to hosts or to outside systems, and all else is an actor's.
func purposeOf(source, destination string) matrix.Purpose {
	hosts := []string{"canopsis", "mongodb", "web", "data", "idle", "relay"}
	switch {
	case slices.Contains(hosts, source) && slices.Contains(hosts, destination):
		return matrix.Internal
	case slices.Contains(hosts, source):
		return matrix.Outbound
	}
	return matrix.UserAccess
}

func render(t *testing.T, target firewall.Target, bindings map[string]firewall.Binding, lines ...string) *firewall.Result {
	t.Helper()
	result, err := target.Render(rulesOf(t, lines...), bindings)
	if err != nil {
		t.Fatalf("rendering %q: %v", lines, err)
	}
	return result
}

// refused returns what is wrong with the call, and fails where nothing is.
func refused(t *testing.T, target firewall.Target, bindings map[string]firewall.Binding, lines ...string) *refusal.Error {
	t.Helper()
	_, err := target.Render(rulesOf(t, lines...), bindings)
	if err == nil {
		t.Fatalf("%s renders %q, which it has to refuse", target.Name, lines)
	}
	return firstRefusal(t, err)
}

// firstRefusal returns the first of the errors that a call returned at once.
func firstRefusal(t *testing.T, err error) *refusal.Error {
	t.Helper()
	var all *refusal.Errors
	if !errors.As(err, &all) {
		t.Fatalf("%T is not *refusal.Errors: %v", err, err)
	}
	return all.All()[0]
}

func keys(rules []firewall.Bound) []string {
	var keys []string
	for _, rule := range rules {
		keys = append(keys, rule.Key)
	}
	return keys
}

// written returns a rule's arguments that are not null, as text.
func written(target firewall.Target, rule firewall.Bound) map[string]string {
	row := make(map[string]string)
	for i, argument := range target.Arguments {
		cell := rule.Cells[i]
		switch argument.Kind {
		case firewall.Text:
			if !cell.Text.IsAbsent() {
				row[argument.Name] = spell(cell.Text)
			}
		case firewall.Number:
			if n, ok := cell.Number.Get(); ok {
				row[argument.Name] = fmt.Sprint(n)
			}
		case firewall.TextList, firewall.TextSet:
			if list, ok := cell.Texts.Get(); ok {
				spelt := []string{}
				for _, text := range list {
					spelt = append(spelt, spell(text))
				}
				row[argument.Name] = "[" + strings.Join(spelt, " ") + "]"
			} else if cell.Texts.IsUnknown() {
				row[argument.Name] = "?"
			}
		case firewall.Bool:
			if b, ok := cell.Bool.Get(); ok {
				row[argument.Name] = fmt.Sprint(b)
			}
		case firewall.Nested, firewall.TextMap, firewall.RangeMap, firewall.NumberMap:
			if cell.Nested != nil {
				row[argument.Name] = fmt.Sprintf("%+v", *cell.Nested)
			}
		}
	}
	return row
}

func spell(text firewall.Value[string]) string {
	if value, ok := text.Get(); ok {
		return value
	}
	return "?"
}

func find(t *testing.T, rules []firewall.Bound, key string) firewall.Bound {
	t.Helper()
	i := slices.IndexFunc(rules, func(rule firewall.Bound) bool { return rule.Key == key })
	if i < 0 {
		t.Fatalf("there is no rule %s, but %v", key, keys(rules))
	}
	return rules[i]
}

func equalRow(t *testing.T, target firewall.Target, rule firewall.Bound, want map[string]string) {
	t.Helper()
	if got := written(target, rule); !maps.Equal(got, want) {
		t.Errorf("%s %s:\ngot  %v\nwant %v", target.Name, rule.Key, got, want)
	}
}

func equalKeys(t *testing.T, rules []firewall.Bound, want ...string) {
	t.Helper()
	if got := keys(rules); !slices.Equal(got, want) {
		t.Errorf("keys are\n%v\nnot\n%v", got, want)
	}
}

// The five traps that every target has.

func TestEveryTargetKnowsKeysOverUnknownValues(t *testing.T) {
	t.Parallel()
	lines := []string{"users canopsis tcp/8080", "canopsis ldap tcp/636"}
	named := func(prefix firewall.Value[string]) firewall.Binding {
		return firewall.Binding{NamedCIDRs: map[string]firewall.Value[string]{"jump": prefix}}
	}
	for _, c := range clouds() {
		at := map[string]*firewall.Result{
			"plan": render(t, c.Target, map[string]firewall.Binding{
				"canopsis": c.unknown, "users": named(firewall.Unknown[string]()), "ldap": named(firewall.Unknown[string]()),
			}, lines...),
			"apply": render(t, c.Target, map[string]firewall.Binding{
				"canopsis": c.bind("canopsis"), "users": named(firewall.Known("2001:db8::/32")), "ldap": named(firewall.Known("2001:db8::/32")),
			}, lines...),
		}
		if len(at["plan"].Rules(firewall.Ingress)) != 1 || len(at["plan"].Rules(firewall.Egress)) != 1 {
			t.Errorf("%s: %d rules in and %d out at plan, not one of each", c.Name, len(at["plan"].Rules(firewall.Ingress)), len(at["plan"].Rules(firewall.Egress)))
		}
		equalKeys(t, at["apply"].Rules(firewall.Ingress), keys(at["plan"].Rules(firewall.Ingress))...)
		equalKeys(t, at["apply"].Rules(firewall.Egress), keys(at["plan"].Rules(firewall.Egress))...)
		for i, planned := range at["plan"].Rules(firewall.Ingress) {
			consistent(t, c.Target, planned, at["apply"].Rules(firewall.Ingress)[i])
		}
		for i, planned := range at["plan"].Rules(firewall.Egress) {
			consistent(t, c.Target, planned, at["apply"].Rules(firewall.Egress)[i])
		}
	}
}

// consistent fails where apply breaks what plan promised: a value or a null that
// was known.
func consistent(t *testing.T, target firewall.Target, planned, applied firewall.Bound) {
	t.Helper()
	before, after := written(target, planned), written(target, applied)
	for _, argument := range target.Arguments {
		if was := before[argument.Name]; !strings.Contains(was, "?") && was != after[argument.Name] {
			t.Errorf("%s %s: %s was %q at plan and is %q at apply", target.Name, planned.Key, argument.Name, was, after[argument.Name])
		}
	}
	if planned.Peer != applied.Peer || planned.PeerKind != applied.PeerKind || planned.Host != applied.Host || !slices.Equal(planned.Flows, applied.Flows) {
		t.Errorf("%s: %+v at plan and %+v at apply differ in what is always known", target.Name, planned, applied)
	}
}

func TestEveryTargetOpensNothingTwice(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		bindings := map[string]firewall.Binding{
			"canopsis":  c.bind("canopsis"),
			"users":     {CIDRs: []string{"10.20.0.0/16", "10.20.0.0/16", "10.20.30.0/24", "0.0.0.0/0"}, Public: true},
			"api_users": {SameAs: "users"},
		}
		result := render(t, c.Target, bindings, "users canopsis tcp/8080", "api_users canopsis tcp/8080")
		if len(result.Rules(firewall.Ingress)) != 1 {
			t.Fatalf("%s: rules %v open one thing twice", c.Name, keys(result.Rules(firewall.Ingress)))
		}
		if flows := result.Rules(firewall.Ingress)[0].Flows; !slices.Equal(flows, []string{"api_users-to-canopsis", "users-to-canopsis"}) {
			t.Errorf("%s: the merged rule's flows are %v", c.Name, flows)
		}
		var prefixes []string
		for _, argument := range c.prefixes {
			if text, ok := written(c.Target, result.Rules(firewall.Ingress)[0])[argument]; ok {
				prefixes = append(prefixes, strings.Trim(text, "[]"))
			}
		}
		if !slices.Equal(prefixes, []string{"0.0.0.0/0"}) {
			t.Errorf("%s: the merged rule opens %v", c.Name, prefixes)
		}
	}
}

func TestEveryTargetEmitsCanonicalPrefixesOnly(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		bind := func(cidr string) map[string]firewall.Binding {
			return map[string]firewall.Binding{"canopsis": c.bind("canopsis"), "users": {CIDRs: []string{cidr}, Public: true}}
		}
		for cidr, meant := range map[string]string{
			"10.20.0.1/16":         "10.20.0.0/16",
			"10.20.0.1":            "10.20.0.1/32",
			"10/8":                 "10.0.0.0/8",
			"2001:db8::1/32":       "2001:db8::/32",
			"::ffff:10.0.0.0/104":  "10.0.0.0/8",
			"fe80::1%eth0":         "fe80::1/128",
			"10.20.0.0/33":         "",
			"010.20.0.0/16":        "",
			" 10.20.0.0/16":        "10.20.0.0/16",
			"10.20.0.0/16,10.0./8": "",
		} {
			if wrong := refused(t, c.Target, bind(cidr), "users canopsis tcp/8080"); wrong.Summary != "Invalid CIDR" || wrong.Nearest != meant {
				t.Errorf("%s: %q gives %q near %q, not an invalid CIDR near %q", c.Name, cidr, wrong.Summary, wrong.Nearest, meant)
			}
		}
		for cidr, canonical := range map[string]string{
			"2001:DB8:0:0::/32": "2001:db8::/32",
			"0:0::0/0":          "::/0",
			"10.20.0.0/16":      "10.20.0.0/16",
		} {
			rules := render(t, c.Target, bind(cidr), "users canopsis tcp/8080").Rules(firewall.Ingress)
			found := false
			for _, argument := range c.prefixes {
				text := strings.Trim(written(c.Target, rules[0])[argument], "[]")
				found = found || text == canonical
			}
			if !found {
				t.Errorf("%s: %q is written %v, not as %s", c.Name, cidr, written(c.Target, rules[0]), canonical)
			}
		}
	}
}

func TestEveryTargetCountsWhatQuotasCount(t *testing.T) {
	t.Parallel()
	want := map[string]map[string][2]int64{ // ingress, egress
		// Two IPv4 and one IPv6 prefix on two ports; the other host's group in both families.
		"aws": {"canopsis": {4, 2}, "mongodb": {1, 0}, "idle": {0, 0}},
		// Six rules of prefixes; the group is a rule for each family.
		"openstack": {"canopsis": {6, 3}, "mongodb": {2, 0}, "idle": {0, 0}},
		// One rule for each family; egress to tags is not enforced.
		"gcp": {"canopsis": {2, 1}, "mongodb": {1, 0}, "idle": {0, 0}},
	}
	for _, c := range clouds() {
		result := render(t, c.Target, map[string]firewall.Binding{
			"canopsis": c.bind("canopsis"),
			"mongodb":  c.bind("mongodb"),
			"idle":     c.bind("idle"),
			"users":    {CIDRs: []string{"10.20.0.0/16", "10.30.0.0/16", "2001:db8::/32"}},
			"ldap":     {CIDRs: []string{"10.40.0.5/32"}},
		}, "users canopsis tcp/8080", "users canopsis tcp/8443", "canopsis mongodb tcp/27017", "canopsis ldap tcp/636")
		got := make(map[string][2]int64)
		for host, count := range result.Counts {
			ingress, ok1 := count.Ingress.Get()
			egress, ok2 := count.Egress.Get()
			if !ok1 || !ok2 {
				t.Errorf("%s: the count of %s is not known", c.Name, host)
			}
			got[host] = [2]int64{ingress, egress}
		}
		if !maps.Equal(got, want[c.Name]) {
			t.Errorf("%s counts %v, not %v", c.Name, got, want[c.Name])
		}
	}
}

// Keys may follow from lists alone, so lists must be known: the functions refuse
// unknown ones. Here a list changes, and nothing but its own rules does.
func TestEveryTargetKeepsTheKeysOfOthersWhenAListGrows(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		rows := func(cidrs ...string) map[string]string {
			result := render(t, c.Target, map[string]firewall.Binding{
				"canopsis": c.bind("canopsis"),
				"users":    {CIDRs: cidrs},
				"ldap":     {CIDRs: []string{"10.40.0.5/32"}},
				"vpn":      {CIDRs: []string{"10.50.0.0/16"}},
			}, "users canopsis tcp/8080", "vpn canopsis tcp/8080", "canopsis ldap tcp/636")
			found := make(map[string]string)
			for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
				found[rule.Key] = fmt.Sprint(written(c.Target, rule))
			}
			return found
		}
		few, many := rows("10.20.0.0/16"), rows("2001:db8::/32", "10.21.0.0/16", "10.20.0.0/16")
		for key, row := range few {
			if strings.HasPrefix(key, "users-to-") { // Google's rule of this list is another one
				continue
			}
			if many[key] != row {
				t.Errorf("%s: another peer's prefix changes %s from %s to %s", c.Name, key, row, many[key])
			}
		}
		for key := range few {
			if _, ok := many[key]; !ok {
				t.Errorf("%s: another prefix takes the key %s away", c.Name, key)
			}
		}
	}
}

func TestEveryTargetSaysTheSameOfPermutedInput(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		rows := func(users, ldap []string) string {
			result := render(t, c.Target, map[string]firewall.Binding{
				"canopsis": c.bind("canopsis"),
				"users":    {CIDRs: users},
				"ldap":     {CIDRs: ldap},
			}, "users canopsis tcp/8080", "ldap canopsis tcp/8080", "canopsis ldap tcp/636")
			text := ""
			for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
				text += fmt.Sprintln(rule.Key, written(c.Target, rule), rule.Flows)
			}
			return text
		}
		users, ldap := []string{"10.20.0.0/16", "10.21.0.0/16", "2001:db8::/32"}, []string{"10.20.1.0/24", "10.40.0.0/16"}
		straight := rows(users, ldap)
		slices.Reverse(users)
		slices.Reverse(ldap)
		if reversed := rows(users, ldap); reversed != straight {
			t.Errorf("%s: the order of prefixes changes\n%sto\n%s", c.Name, straight, reversed)
		}
	}
}

func TestEveryTargetSaysWhyARuleIsNotEnforced(t *testing.T) {
	t.Parallel()
	attributes := map[string]string{"aws": "security_group_id", "openstack": "security_group_id", "gcp": "network_tags or service_accounts"}
	for _, c := range clouds() {
		result := render(t, c.Target, map[string]firewall.Binding{
			"canopsis": c.bind("canopsis"), "users": {CIDRs: []string{"10.20.0.0/16"}}, "ldap": {CIDRs: []string{}}, "vpn": {NamedCIDRs: map[string]firewall.Value[string]{}},
		}, "users ldap tcp/636", "canopsis ldap tcp/636", "vpn canopsis tcp/8080")
		want := map[string]string{
			"users-to-ldap/tcp-636":    "neither end is managed here: users and ldap have no " + attributes[c.Name] + " to attach rules to",
			"canopsis-to-ldap/tcp-636": "ldap has no addresses",
			"vpn-to-canopsis/tcp-8080": "vpn has no addresses",
		}
		if !maps.Equal(result.Unenforced, want) {
			t.Errorf("%s: unenforced is\n%v\nnot\n%v", c.Name, result.Unenforced, want)
		}
		if len(result.Rules(firewall.Ingress))+len(result.Rules(firewall.Egress)) != 0 {
			t.Errorf("%s: no peer makes rules %v %v", c.Name, keys(result.Rules(firewall.Ingress)), keys(result.Rules(firewall.Egress)))
		}
	}
}

// Every cell of a rule fits its argument: a text where a text belongs.
func TestEveryTargetFillsEveryArgument(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		result := render(t, c.Target, map[string]firewall.Binding{
			"canopsis": c.bind("canopsis"), "users": {CIDRs: []string{"10.20.0.0/16"}},
		}, "users canopsis tcp/8080")
		for _, rule := range result.Rules(firewall.Ingress) {
			if len(rule.Cells) != len(c.Arguments) {
				t.Fatalf("%s: %d cells for %d arguments", c.Name, len(rule.Cells), len(c.Arguments))
			}
			for i, argument := range c.Arguments {
				cell := rule.Cells[i]
				if argument.Kind != firewall.Text && !cell.Text.IsAbsent() ||
					argument.Kind != firewall.Number && !cell.Number.IsAbsent() ||
					argument.Kind != firewall.TextList && argument.Kind != firewall.TextSet && !cell.Texts.IsAbsent() {
					t.Errorf("%s: the cell of %s is %+v", c.Name, argument.Name, cell)
				}
			}
		}
	}
}

func prefixesOf(text string) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, word := range strings.Fields(strings.Trim(text, "[]")) {
		prefixes = append(prefixes, netip.MustParsePrefix(word))
	}
	return prefixes
}

// What a target's networks do not carry stands on its function's page.
func TestCloudsWithoutMulticastSaySo(t *testing.T) {
	t.Parallel()
	for _, target := range []firewall.Target{firewall.AWS(), firewall.GCP(), firewall.OpenStack()} {
		if !strings.Contains(target.Description, "no multicast") || !strings.Contains(target.Description, "`unicast_peer`") {
			t.Errorf("%s: %s", target.Name, target.Description)
		}
	}
}
