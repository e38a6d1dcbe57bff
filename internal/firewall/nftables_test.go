package firewall_test

import (
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// The rulesets of testdata were read line by line, and loaded, before they became
// what is wanted.
var update = flag.Bool("update-rulesets", false, "write testdata/*.nft")

// hostRules are rules as rulesOf makes them, with administrators who come in by SSH.
func hostRules(t *testing.T, lines ...string) map[string]deployment.Rule {
	t.Helper()
	rules := rulesOf(t, lines...)
	for _, host := range []string{"canopsis", "mongodb"} {
		r := deployment.Rule{
			Flow: "administrators-to-" + host + "-ssh", Source: "administrators", Destination: host, Component: "ssh",
			Purpose: matrix.Administration, Ports: matrix.MustPortRange("tcp/22"),
		}
		rules[r.Key()] = r
	}
	return rules
}

// hostBindings are addresses for hostRules.
func hostBindings() bindings {
	return bindings{
		"administrators": cidrs("192.0.2.0/28"),
		"users":          cidrs("10.20.0.0/16", "2001:db8:20::/48"),
		"canopsis":       cidrs("10.0.0.1/32"),
		"mongodb":        cidrs("10.0.0.2/32", "10.0.0.3/32"),
		"ldap":           cidrs("10.40.0.5/32"),
	}
}

func ruleset(t *testing.T, rules map[string]deployment.Rule, b bindings, host string, options firewall.RulesetOptions) string {
	t.Helper()
	r, err := firewall.Ruleset(rules, b, host, options)
	if err != nil {
		t.Fatal(err)
	}
	text, ok := r.Text.Get()
	if !ok {
		t.Fatal("the text is not known")
	}
	return text
}

// rulesets are one of each kind of host, by the name of a file.
func rulesets(t *testing.T) map[string]string {
	t.Helper()
	office := hostBindings()
	office["administrators"] = firewall.Binding{CIDRs: []string{"192.0.2.0/28"}, NamedCIDRs: named("bastion", "192.0.2.8/32", "home", "2001:db8:22::5/128")}
	office["users"] = cidrs("10.24.0.0/16", "10.20.0.0/16", "10.22.0.0/16", "10.20.7.0/24", "10.26.0.0/16", "2001:db8:20::/48")
	return map[string]string{
		"host.nft": ruleset(t, hostRules(t, "users canopsis tcp/8443", "users canopsis tcp/8080", "canopsis mongodb tcp/27017", "users mongodb tcp/1"), hostBindings(), "canopsis", firewall.RulesetOptions{}),
		"closed.nft": ruleset(t, hostRules(t, "users canopsis tcp/8443", "canopsis mongodb tcp/27017", "canopsis ldap tcp/389", "canopsis ldap tcp/636"), hostBindings(), "canopsis",
			firewall.RulesetOptions{ClosedEgress: true, ContainerInterfaces: []string{"docker0", "br-canopsis*"}, ExtraInput: texts("ip protocol igmp accept"), ExtraOutput: texts(`udp dport 123 accept comment "time"`)}),
		"cluster.nft": ruleset(t, hostRules(t, "canopsis mongodb tcp/27017", "mongodb mongodb tcp/27017", "mongodb mongodb vrrp"), hostBindings(), "mongodb", firewall.RulesetOptions{ClosedEgress: true}),
		"protocols.nft": ruleset(t, hostRules(t, "users canopsis icmp/8", "users canopsis icmp/3-4", "users canopsis icmpv6", "users canopsis icmpv6/128", "users canopsis sctp/2905-2910",
			"users canopsis udp/162", "users canopsis tcp/8000-8010", "users canopsis tcp/8005-8020", "users canopsis tcp/8021", "users canopsis esp", "users canopsis ip/253"), office, "canopsis", firewall.RulesetOptions{}),
	}
}

func TestRulesets(t *testing.T) {
	t.Parallel()
	for name, got := range rulesets(t) {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

// TestRulesetsLoad asks nft itself, which needs the rights to look into the kernel.
func TestRulesetsLoad(t *testing.T) {
	t.Parallel()
	if out, err := exec.CommandContext(t.Context(), "nft", "list", "tables").CombinedOutput(); err != nil {
		t.Skipf("skipped: nft does not run here: %v %s", err, out)
	}
	texts := rulesets(t)
	// What users call their endpoints stands in comments alone: words of nft's
	// grammar are names like any other.
	words := []string{"ip", "tcp", "log", "meter", "day", "limit", "fwd", "table", "accept", "counter"}
	rules, b := hostRules(t), hostBindings()
	for _, word := range words {
		maps.Copy(rules, rulesOf(t, word+" canopsis tcp/8443"))
		b[word] = cidrs("10.20.0.0/16")
	}
	texts["words of nft"] = ruleset(t, rules, b, "canopsis", firewall.RulesetOptions{ClosedEgress: true})
	long := strings.Repeat("a", 63)
	b[long] = cidrs("10.20.0.0/16")
	texts["a long name"] = ruleset(t, hostRules(t, long+" canopsis ip/253"), b, "canopsis", firewall.RulesetOptions{})
	texts["host whose rules are few"] = ruleset(t, rulesOf(t, "users mongodb tcp/1"), hostBindings(), "canopsis", firewall.RulesetOptions{AllowLockout: true, ClosedEgress: true})
	for name, text := range texts {
		command := exec.CommandContext(t.Context(), "nft", "-c", "-f", "-")
		command.Stdin = strings.NewReader(text)
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s%s", name, err, out, text)
		}
	}
}

// TestRulesetsKeepToOldWords compares the words of every ruleset with those that nft
// 0.9.8, 1.0.6 and 1.1.3 all know: destroy, named flags and sets of patterns are
// later ones.
func TestRulesetsKeepToOldWords(t *testing.T) {
	t.Parallel()
	known := strings.Fields(`table inet canopsis delete chain input forward output matrix_in matrix_icmp_in matrix_out extra_in extra_out refuse refuse_out from_containers
		type filter hook priority policy drop accept ct state established related invalid counter iif oif iifname oifname icmpv6 icmp code ip ip6 saddr daddr hoplimit
		nd-neighbor-solicit nd-neighbor-advert nd-router-advert nd-router-solicit mld-listener-query mld-listener-report mld-listener-done mld2-listener-report
		destination-unreachable packet-too-big time-exceeded parameter-problem meta nfproto ipv4 udp tcp sctp sport dport l4proto ipv6-icmp original proto-dst
		status dnat jump goto limit rate minute burst packets log prefix comment reject with icmpx admin-prohibited protocol igmp`)
	for name, text := range rulesets(t) {
		for line := range strings.Lines(text) {
			line, _, _ = strings.Cut(line, "#")
			for i, part := range strings.Split(line, `"`) {
				if i%2 == 1 {
					continue // quoted
				}
				for _, word := range strings.FieldsFunc(part, func(c rune) bool { return strings.ContainsRune(" \t\n{},;", c) }) {
					word = strings.TrimPrefix(word, "10/")
					if !slices.Contains(known, word) && strings.Trim(word, "0123456789abcdef:./-") != "" {
						t.Errorf("%s: %q is not a word that every release knows: %s", name, word, line)
					}
				}
			}
		}
	}
}

// What a ruleset says follows from what is given, not from the order in which it is.
func TestRulesetsDoNotFollowOrder(t *testing.T) {
	t.Parallel()
	lines := []string{"users canopsis tcp/8443", "users canopsis tcp/8080", "canopsis mongodb tcp/27017", "users canopsis icmp/8", "users canopsis icmp/0"}
	want := ruleset(t, hostRules(t, lines...), hostBindings(), "canopsis", firewall.RulesetOptions{ClosedEgress: true})
	for range 20 { // maps are walked in another order each time
		slices.Reverse(lines)
		b := hostBindings()
		for id := range b {
			slices.Reverse(b[id].CIDRs)
		}
		if got := ruleset(t, hostRules(t, lines...), b, "canopsis", firewall.RulesetOptions{ClosedEgress: true}); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestRulesetsAndUnknowns(t *testing.T) {
	t.Parallel()
	unknown := firewall.Unknown[string]()
	for what, c := range map[string]struct {
		change  func(b bindings, o *firewall.RulesetOptions)
		isKnown bool
	}{
		"nothing": {func(bindings, *firewall.RulesetOptions) {}, true},
		"who comes in": {func(b bindings, _ *firewall.RulesetOptions) {
			b["users"] = firewall.Binding{NamedCIDRs: named("vpn", "?")}
		}, false},
		"where it goes, open": {func(b bindings, _ *firewall.RulesetOptions) {
			b["mongodb"] = firewall.Binding{NamedCIDRs: named("one", "?")}
		}, true},
		"where it goes, closed": {func(b bindings, o *firewall.RulesetOptions) {
			b["mongodb"], o.ClosedEgress = firewall.Binding{NamedCIDRs: named("one", "?")}, true
		}, false},
		"an endpoint of other hosts": {func(b bindings, _ *firewall.RulesetOptions) {
			b["ldap"] = firewall.Binding{NamedCIDRs: named("one", "?")}
		}, true},
		"statements": {func(_ bindings, o *firewall.RulesetOptions) {
			o.ExtraInput = firewall.Unknown[[]firewall.Value[string]]()
		}, false},
		"one statement": {func(_ bindings, o *firewall.RulesetOptions) {
			o.ExtraInput = firewall.Known([]firewall.Value[string]{unknown})
		}, false},
		"one statement on what leaves": {func(_ bindings, o *firewall.RulesetOptions) {
			o.ExtraOutput, o.ClosedEgress = firewall.Known([]firewall.Value[string]{unknown}), true
		}, false},
		"the host's own addresses, which nobody asks": {func(b bindings, _ *firewall.RulesetOptions) {
			b["canopsis"] = firewall.Binding{NamedCIDRs: named("self", "?")}
		}, true},
	} {
		b, options := hostBindings(), firewall.RulesetOptions{}
		b["snmp"] = cidrs()
		c.change(b, &options)
		r, err := firewall.Ruleset(hostRules(t, "users canopsis tcp/8443", "canopsis mongodb tcp/27017", "mongodb ldap tcp/389", "snmp canopsis udp/162"), b, "canopsis", options)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if _, isKnown := r.Text.Get(); isKnown != c.isKnown || r.Text.IsAbsent() {
			t.Errorf("%s is unknown, and the text is known: %t", what, isKnown)
		}
		if got := slices.Sorted(maps.Keys(r.Unenforced)); !slices.Contains(got, "snmp-to-canopsis/udp-162") {
			t.Errorf("%s is unknown, and unenforced has %v", what, got)
		}
	}
}

func TestRulesetsTellWhatTheyDoNotEnforce(t *testing.T) {
	t.Parallel()
	b := hostBindings()
	b["ldap"], b["users"] = cidrs(), cidrs("10.20.0.0/16")
	rules := hostRules(t, "users canopsis icmpv6", "users canopsis tcp/1", "canopsis ldap tcp/389", "mongodb ldap tcp/389", "canopsis mongodb tcp/27017")
	for what, c := range map[string]struct {
		options firewall.RulesetOptions
		want    map[string]string
	}{
		"open": {firewall.RulesetOptions{}, map[string]string{
			"users-to-canopsis/icmpv6": "users has no IPv6 addresses, and icmpv6 exists in IPv6 alone",
		}},
		"closed": {firewall.RulesetOptions{ClosedEgress: true}, map[string]string{
			"users-to-canopsis/icmpv6":     "users has no IPv6 addresses, and icmpv6 exists in IPv6 alone",
			"canopsis-to-ldap/tcp-389":     "ldap has no addresses",
			"options.container_interfaces": "egress is closed for what runs on the host itself; nothing says which interfaces containers send through, so that what they open is not judged",
		}},
		"closed, with containers": {firewall.RulesetOptions{ClosedEgress: true, ContainerInterfaces: []string{"docker0"}}, map[string]string{
			"users-to-canopsis/icmpv6": "users has no IPv6 addresses, and icmpv6 exists in IPv6 alone",
			"canopsis-to-ldap/tcp-389": "ldap has no addresses",
		}},
	} {
		r, err := firewall.Ruleset(rules, b, "canopsis", c.options)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r.Unenforced, c.want) {
			t.Errorf("%s: got %q", what, r.Unenforced)
		}
	}
}

// Only members of a cluster announce themselves to each other.
func TestRulesetsAnnounceToTheClusterAlone(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]bool{"mongodb mongodb vrrp": true, "mongodb canopsis vrrp": false, "mongodb mongodb tcp/27017": false} {
		text := ruleset(t, hostRules(t, lines), hostBindings(), "mongodb", firewall.RulesetOptions{ClosedEgress: true})
		if got := strings.Contains(text, "224.0.0.18"); got != want {
			t.Errorf("with %s the group is let out: %t", lines, got)
		}
	}
}

// A binding's other name is the same host.
func TestRulesetOfAHostUnderTwoNames(t *testing.T) {
	t.Parallel()
	b := hostBindings()
	b["mongodb"] = firewall.Binding{SameAs: "canopsis"}
	for _, host := range []string{"canopsis", "mongodb"} {
		text := ruleset(t, hostRules(t, "users canopsis tcp/8443", "users mongodb tcp/27017"), b, host, firewall.RulesetOptions{})
		if want := "meta l4proto tcp ct original proto-dst { 8443, 27017 } ip saddr 10.20.0.0/16 counter accept"; !strings.Contains(text, want) {
			t.Errorf("the ruleset of %s lacks %q:\n%s", host, want, text)
		}
	}
}

func TestRulesetsRefuse(t *testing.T) {
	t.Parallel()
	with := func(id string, b firewall.Binding) bindings {
		all := hostBindings()
		all[id] = b
		return all
	}
	interfaces := func(names ...string) firewall.RulesetOptions {
		return firewall.RulesetOptions{ContainerInterfaces: names}
	}
	extra := func(statements ...string) firewall.RulesetOptions {
		return firewall.RulesetOptions{ExtraInput: texts(statements...)}
	}
	none := firewall.RulesetOptions{}
	for what, c := range map[string]struct {
		bindings bindings
		host     string
		options  firewall.RulesetOptions
		at, says string
	}{
		"an unknown host":                {hostBindings(), "canopsys", none, "host", `"canopsys" is not a host of these rules`},
		"an actor":                       {hostBindings(), "users", none, "host", `"users" is only ever a source of user_access rules`},
		"an outside system":              {hostBindings(), "ldap", none, "host", `"ldap" is only ever a destination of external rules`},
		"no rule for administrators":     {with("idle", cidrs()), "idle", none, "host", "no rule of component ssh leads to"},
		"administrators without address": {with("administrators", cidrs()), "canopsis", none, "host", "have no addresses"},
		"administrators who are inside":  {with("administrators", firewall.Binding{SameAs: "canopsis"}), "canopsis", none, "host", "are the host itself"},
		"another component":              {hostBindings(), "canopsis", firewall.RulesetOptions{AdminComponent: "sshd"}, "options.admin_component", "no rule of component sshd leads to"},
		"a missing binding":              {bindings{"administrators": cidrs("192.0.2.0/28")}, "canopsis", none, "bindings", "users, needed by users-to-canopsis"},
		"what is bound":                  {bindings{"administrators": cidrs("192.0.2.0/28")}, "canopsis", none, "bindings", "Given: administrators. "},
		"a cluster without addresses":    {bindings{"administrators": cidrs("192.0.2.0/28"), "canopsis": cidrs()}, "mongodb", none, "bindings", "mongodb, needed by administrators-to-mongodb-ssh, mongodb-to-mongodb"},
		"public administrators":          {with("administrators", firewall.Binding{CIDRs: []string{"0.0.0.0/0"}, Public: true}), "canopsis", none, `bindings["administrators"]`, "a public block"},
		"host bits":                      {with("users", cidrs("10.0.0.5/24")), "canopsis", none, `bindings["users"].cidrs[0]`, "bits set behind"},
		"every interface":                {hostBindings(), "canopsis", interfaces("docker0", "*"), "options.container_interfaces[1]", "every interface"},
		"the uplink":                     {hostBindings(), "canopsis", interfaces("eth0"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink by systemd's name":    {hostBindings(), "canopsis", interfaces("enp3s0f1"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink with a function":      {hostBindings(), "canopsis", interfaces("ens1f0"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink with a port":          {hostBindings(), "canopsis", interfaces("enp1s0f0np0"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink of a PCI domain":      {hostBindings(), "canopsis", interfaces("enP2p1s0"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink by its own address":   {hostBindings(), "canopsis", interfaces("enx525400123456"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink of Xen":               {hostBindings(), "canopsis", interfaces("enX0"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"an uplink by biosdevname":       {hostBindings(), "canopsis", interfaces("p2p1"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"a VLAN by its number":           {hostBindings(), "canopsis", interfaces("vlan0100"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"a beginning of uplinks":         {hostBindings(), "canopsis", interfaces("wlx*"), "options.container_interfaces[0]", "begins like one"},
		"a longer beginning of uplinks":  {hostBindings(), "canopsis", interfaces("ens1f*"), "options.container_interfaces[0]", "begins like one"},
		"an uplink's VLAN":               {hostBindings(), "canopsis", interfaces("bond0.100"), "options.container_interfaces[0]", "an interface of the machine itself"},
		"a pattern that covers uplinks":  {hostBindings(), "canopsis", interfaces("e*"), "options.container_interfaces[0]", "begins like one"},
		"an empty interface":             {hostBindings(), "canopsis", interfaces(""), "options.container_interfaces[0]", "not the name of an interface"},
		"a long interface":               {hostBindings(), "canopsis", interfaces("br-0123456789abc"), "options.container_interfaces[0]", "not the name of an interface"},
		"an interface that ends quotes":  {hostBindings(), "canopsis", interfaces(`a"accept`), "options.container_interfaces[0]", "not the name of an interface"},
		"two stars":                      {hostBindings(), "canopsis", interfaces("br-**"), "options.container_interfaces[0]", "not the name of an interface"},
		"an empty statement":             {hostBindings(), "canopsis", extra(" "), "options.extra_input[0]", "empty"},
		"two statements":                 {hostBindings(), "canopsis", extra("accept", "drop; accept"), "options.extra_input[1]", "semicolons"},
		"braces":                         {hostBindings(), "canopsis", extra("tcp dport { 1, 2 } accept"), "options.extra_input[0]", "braces"},
		"two lines":                      {hostBindings(), "canopsis", extra("drop\naccept"), "options.extra_input[0]", "line break"},
		"a comment out of the line":      {hostBindings(), "canopsis", extra("accept # all"), "options.extra_input[0]", "#"},
		"an open quotation mark":         {hostBindings(), "canopsis", extra(`accept comment "x`), "options.extra_input[0]", "not closed"},
		"another file":                   {hostBindings(), "canopsis", extra(`include "/etc/x"`), "options.extra_input[0]", "reserves"},
		"another file without a space":   {hostBindings(), "canopsis", extra(`include"/etc/x"`), "options.extra_input[0]", `"include" is a word that nft reserves`},
		"a chain's comment":              {hostBindings(), "canopsis", extra(`comment"x"`), "options.extra_input[0]", "reserves"},
		"another space":                  {hostBindings(), "canopsis", extra("accept\u00a0"), "options.extra_input[0]", "does not read"},
		"another space in front":         {hostBindings(), "canopsis", extra("\u00a0accept"), "options.extra_input[0]", "does not read"},
		"a long comment without a space": {hostBindings(), "canopsis", extra(`accept comment"` + strings.Repeat("x", 129) + `"`), "options.extra_input[0]", "129 bytes"},
		"a prefix too long":              {hostBindings(), "canopsis", extra(`log prefix "` + strings.Repeat("x", 128) + `" accept`), "options.extra_input[0]", "127 bytes in a prefix"},
		"a policy":                       {hostBindings(), "canopsis", extra("policy accept"), "options.extra_input[0]", "reserves"},
		"a comment too long":             {hostBindings(), "canopsis", extra(`accept comment "` + strings.Repeat("x", 129) + `"`), "options.extra_input[0]", "129 bytes"},
		"a statement on what leaves":     {hostBindings(), "canopsis", firewall.RulesetOptions{ExtraOutput: texts("}")}, "options.extra_output[0]", "braces"},
	} {
		_, err := firewall.Ruleset(hostRules(t, "users canopsis tcp/8443", "canopsis ldap tcp/389", "mongodb mongodb tcp/27017"), c.bindings, c.host, c.options)
		if err == nil {
			t.Errorf("%s is accepted", what)
			continue
		}
		if first := firstRefusal(t, err); first.At.String() != c.at || !strings.Contains(first.Found, c.says) && !strings.Contains(first.Error(), c.says) {
			t.Errorf("%s: at %s: %v", what, first.At, first)
		}
	}
}

// What might be taken for wrong and is not.
func TestRulesetsAccept(t *testing.T) {
	t.Parallel()
	for what, options := range map[string]firewall.RulesetOptions{
		"bridges":                        {ContainerInterfaces: []string{"docker0", "br-0123456789ab", "br-*", "podman1", "cni-podman0", "enterprise", "enc", "enclave0", "slave0", "ethos", "lxdbr0", "virbr0", "team-a"}},
		"the longest comment":            {ExtraInput: texts(`accept comment "` + strings.Repeat("x", 128) + `"`)},
		"the longest prefix":             {ExtraInput: texts(`log prefix "` + strings.Repeat("x", 127) + `" accept`)},
		"letters in a comment":           {ExtraInput: texts(`accept comment "préfixe"`)},
		"nobody needs to come in":        {AllowLockout: true, AdminComponent: "console"},
		"administrators by another door": {AdminComponent: "mongodb"},
	} {
		rules := hostRules(t, "users mongodb tcp/27017")
		if _, err := firewall.Ruleset(rules, hostBindings(), "mongodb", options); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
