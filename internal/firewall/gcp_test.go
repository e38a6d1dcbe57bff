package firewall_test

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// withoutName checks the form of a rule's name and returns the other arguments.
func withoutName(t *testing.T, rule firewall.Bound) map[string]string {
	t.Helper()
	row := written(firewall.GCP(), rule)
	name := row["name"]
	delete(row, "name")
	words := strings.NewReplacer("/", "-", "_", "-").Replace(rule.Key)
	if len(words) <= 41 && name != "?" && !regexp.MustCompile("^"+words+"-[0-9a-f]{10}$").MatchString(name) {
		t.Errorf("%s is named %q", rule.Key, name)
	}
	return row
}

func equalGCP(t *testing.T, rules []firewall.Bound, key string, want map[string]string) {
	t.Helper()
	rule := find(t, rules, key)
	want["description"] = key
	if got := withoutName(t, rule); !maps.Equal(got, want) {
		t.Errorf("%s:\ngot  %v\nwant %v", key, got, want)
	}
}

func TestGCPRules(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}},
		"mongodb":  {Forms: firewall.Forms{"network_tags": {Texts: texts("mongodb", "data")}}, CIDRs: []string{"10.1.0.0/24"}},
		"users":    {CIDRs: []string{"10.20.0.0/16", "10.20.1.0/24", "2001:db8::/32", "10.19.0.0/16"}},
		"vpn":      {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Unknown[string](), "six": firewall.Known("2001:db8:1::/48")}},
		"bastion":  {Forms: firewall.Forms{"source_tags": {Texts: texts("bastion")}}},
	},
		"users canopsis tcp/8443", "users canopsis tcp/8080", "users canopsis tcp/8000-8010", "users canopsis tcp/8005", "users canopsis udp/162",
		"canopsis mongodb tcp/27017", "vpn canopsis tcp/22", "bastion canopsis tcp/22", "mongodb canopsis tcp/1-65535", "canopsis canopsis tcp/4369")
	equalKeys(t, result.Rules(firewall.Ingress),
		"bastion-to-canopsis/tcp",
		"canopsis-to-canopsis/tcp",
		"canopsis-to-mongodb/tcp",
		"jump-to-canopsis/tcp",
		"mongodb-to-canopsis/tcp",
		"six-to-canopsis/tcp",
		"users-to-canopsis/tcp",
		"users-to-canopsis/tcp-ipv6",
		"users-to-canopsis/udp",
		"users-to-canopsis/udp-ipv6",
	)
	in := func(key string, more map[string]string) {
		t.Helper()
		want := map[string]string{"direction": "INGRESS", "target_tags": "[canopsis]", "protocol": "tcp", "ports": "[22]"}
		maps.Copy(want, more)
		equalGCP(t, result.Rules(firewall.Ingress), key, want)
	}
	in("bastion-to-canopsis/tcp", map[string]string{"source_tags": "[bastion]"})
	in("canopsis-to-canopsis/tcp", map[string]string{"source_tags": "[canopsis]", "ports": "[4369]"})
	in("canopsis-to-mongodb/tcp", map[string]string{"source_tags": "[canopsis]", "ports": "[27017]", "target_tags": "[data mongodb]"})
	in("jump-to-canopsis/tcp", map[string]string{"source_ranges": "[?]"})
	in("six-to-canopsis/tcp", map[string]string{"source_ranges": "[2001:db8:1::/48]"})
	in("mongodb-to-canopsis/tcp", map[string]string{"source_tags": "[data mongodb]", "source_ranges": "[10.1.0.0/24]", "ports": "[1-65535]"})
	in("users-to-canopsis/tcp", map[string]string{"source_ranges": "[10.19.0.0/16 10.20.0.0/16]", "ports": "[8000-8010 8080 8443]"})
	in("users-to-canopsis/tcp-ipv6", map[string]string{"source_ranges": "[2001:db8::/32]", "ports": "[8000-8010 8080 8443]"})
	in("users-to-canopsis/udp", map[string]string{"source_ranges": "[10.19.0.0/16 10.20.0.0/16]", "protocol": "udp", "ports": "[162]"})
	equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp")
	equalGCP(t, result.Rules(firewall.Egress), "canopsis-to-mongodb/tcp", map[string]string{
		"direction": "EGRESS", "destination_ranges": "[10.1.0.0/24]", "target_tags": "[canopsis]", "protocol": "tcp", "ports": "[27017]",
	})
	if want := map[string]string{
		"mongodb-to-canopsis/tcp-1-65535": "Google names the destinations of egress by ranges alone, and canopsis has none: to enforce the egress of mongodb, give canopsis cidrs or named_cidrs too",
		"canopsis-to-canopsis/tcp-4369":   "Google names the destinations of egress by ranges alone, and canopsis has none: to enforce the egress of canopsis, give canopsis cidrs or named_cidrs too",
	}; !maps.Equal(result.Unenforced, want) {
		t.Errorf("unenforced is %v", result.Unenforced)
	}
	kinds := make(map[string]firewall.PeerKind)
	for _, rule := range result.Rules(firewall.Ingress) {
		kinds[rule.Peer] = rule.PeerKind
	}
	if want := map[string]firewall.PeerKind{
		"bastion": "network_tags", "canopsis": "network_tags", "jump": "cidr", "mongodb": "cidr_and_network_tags", "six": "cidr", "users": "cidr",
	}; !maps.Equal(kinds, want) {
		t.Errorf("peer kinds are %v, not %v", kinds, want)
	}
	if flows := find(t, result.Rules(firewall.Ingress), "users-to-canopsis/tcp").Flows; !slices.Equal(flows, []string{"users-to-canopsis"}) {
		t.Errorf("flows are %v", flows)
	}
}

func TestGCPServiceAccounts(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"service_accounts": {Texts: texts("c@p.iam.gserviceaccount.com")}}, CIDRs: []string{"10.1.0.0/24"}},
		"mongodb":  {Forms: firewall.Forms{"service_accounts": {Texts: firewall.Known([]firewall.Value[string]{firewall.Unknown[string](), firewall.Known("m@p.iam.gserviceaccount.com")})}}},
	}, "canopsis mongodb tcp/27017", "mongodb canopsis tcp/443")
	equalGCP(t, result.Rules(firewall.Ingress), "canopsis-to-mongodb/tcp", map[string]string{
		"direction": "INGRESS", "protocol": "tcp", "ports": "[27017]", "source_ranges": "[10.1.0.0/24]",
		"source_service_accounts": "[c@p.iam.gserviceaccount.com]", "target_service_accounts": "[m@p.iam.gserviceaccount.com ?]",
	})
	toCanopsis := find(t, result.Rules(firewall.Ingress), "mongodb-to-canopsis/tcp")
	if name := written(firewall.GCP(), toCanopsis)["name"]; name != "?" {
		t.Errorf("the name %q is known before the peers are", name)
	}
	if toCanopsis.PeerKind != firewall.ServiceAccountsPeer {
		t.Errorf("the peer is %q", toCanopsis.PeerKind)
	}
	if kind := find(t, result.Rules(firewall.Ingress), "canopsis-to-mongodb/tcp").PeerKind; kind != firewall.CIDRAndServiceAccountsPeer {
		t.Errorf("the peer is %q", kind)
	}
}

// Ports of one endpoint never leak to another's ranges, though one range covers
// the other.
func TestGCPCoveredRangesKeepTheirPorts(t *testing.T) {
	t.Parallel()
	result := render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis":       {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}},
		"users":          {CIDRs: []string{"10.0.0.0/8"}},
		"administrators": {CIDRs: []string{"10.1.0.0/16"}},
	}, "users canopsis tcp/8080", "administrators canopsis tcp/22", "administrators canopsis tcp/8080")
	for key, want := range map[string][2]string{
		"users-to-canopsis/tcp":          {"[10.0.0.0/8]", "[8080]"},
		"administrators-to-canopsis/tcp": {"[10.1.0.0/16]", "[22 8080]"},
	} {
		row := written(firewall.GCP(), find(t, result.Rules(firewall.Ingress), key))
		if row["source_ranges"] != want[0] || row["ports"] != want[1] {
			t.Errorf("%s opens %s on %s", key, row["ports"], row["source_ranges"])
		}
	}
}

// A name that two endpoints share may be known in one binding alone.
func TestGCPNameOfAPrefixIsKnownFromEither(t *testing.T) {
	t.Parallel()
	for _, bindings := range []map[string]firewall.Binding{
		{"a": {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Unknown[string]()}}, "b": {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Known("10.0.0.5/32")}}},
		{"b": {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Unknown[string]()}}, "a": {NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Known("10.0.0.5/32")}}},
	} {
		bindings["canopsis"] = firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}}
		result := render(t, firewall.GCP(), bindings, "a canopsis tcp/22", "b canopsis tcp/443")
		equalKeys(t, result.Rules(firewall.Ingress), "jump-to-canopsis/tcp")
		equalGCP(t, result.Rules(firewall.Ingress), "jump-to-canopsis/tcp", map[string]string{
			"direction": "INGRESS", "source_ranges": "[10.0.0.5/32]", "target_tags": "[canopsis]", "protocol": "tcp", "ports": "[22 443]",
		})
	}
}

func TestGCPRefusesBindings(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	for name, c := range map[string]struct {
		binding     firewall.Binding
		summary, at string
		text        string
	}{
		"tags and accounts":          {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("a")}, "service_accounts": {Texts: texts("a@b.iam.gserviceaccount.com")}}}, "Tags beside service accounts", `bindings["peer"]`, "network_tags and service_accounts are both set"},
		"accounts beside tags":       {firewall.Binding{Forms: firewall.Forms{"service_accounts": {Texts: texts("a@b.iam.gserviceaccount.com")}}}, "Tags beside service accounts", `bindings`, `"canopsis" has network_tags and "peer" has service_accounts`},
		"referred accounts":          {firewall.Binding{Forms: firewall.Forms{"source_service_accounts": {Texts: texts("a@b.iam.gserviceaccount.com")}}}, "Tags beside service accounts", `bindings`, `"canopsis" has network_tags and "peer" has source_service_accounts`},
		"unknown accounts":           {firewall.Binding{Forms: firewall.Forms{"service_accounts": {Texts: firewall.Unknown[[]firewall.Value[string]]()}}}, "Tags beside service accounts", `bindings`, `"peer" has service_accounts`},
		"no tag":                     {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts()}}}, "Empty list", `bindings["peer"].network_tags`, "every machine of the network"},
		"no account":                 {firewall.Binding{Forms: firewall.Forms{"service_accounts": {Texts: texts()}}}, "Empty list", `bindings["peer"].service_accounts`, "every machine of the network"},
		"capital tag":                {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("Canopsis")}}}, "Invalid network tag", `bindings["peer"].network_tags[0]`, `"Canopsis"`},
		"long tag":                   {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("a", long)}}}, "Invalid network tag", `bindings["peer"].network_tags[1]`, long},
		"tag with hyphen at the end": {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("a-")}}}, "Invalid network tag", `bindings["peer"].network_tags[0]`, `"a-"`},
		"empty tag":                  {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("")}}}, "Invalid network tag", `bindings["peer"].network_tags[0]`, `""`},
		"account without domain":     {firewall.Binding{Forms: firewall.Forms{"service_accounts": {Texts: texts("canopsis")}}}, "Invalid service account", `bindings["peer"].service_accounts[0]`, `"canopsis"`},
		"the host's tags":            {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("shared", "canopsis")}}}, "Two endpoints that are one", `bindings["peer"]`, `"canopsis" and "peer" have the same network_tags`},
		"one of the host's tags":     {firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("shared", "other")}}}, "Two hosts that share machines", `bindings["peer"]`, `"canopsis" and "peer" share one of their network_tags`},
	} {
		wrong := refused(t, firewall.GCP(), map[string]firewall.Binding{"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis", "shared")}}}, "peer": c.binding}, "peer canopsis tcp/8080")
		if wrong.Summary != c.summary || wrong.At.String() != c.at || !strings.Contains(wrong.Found, c.text) {
			t.Errorf("%s: %s at %s: %s", name, wrong.Summary, wrong.At, wrong.Found)
		}
	}
	// What is not managed may share a tag with others, as prefixes may overlap.
	render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}},
		"users":    {Forms: firewall.Forms{"source_tags": {Texts: texts("bastion", "office")}}},
		"vpn":      {Forms: firewall.Forms{"source_tags": {Texts: texts("bastion")}}},
	}, "users canopsis tcp/8080", "vpn canopsis tcp/8080")
}

// gcpName returns the name of the only rule that lets a peer in.
func gcpName(t *testing.T, host, peer firewall.Binding, ports ...string) string {
	t.Helper()
	var lines []string
	for _, p := range ports {
		lines = append(lines, "users canopsis "+p)
	}
	result := render(t, firewall.GCP(), map[string]firewall.Binding{"canopsis": host, "users": peer}, lines...)
	if len(result.Rules(firewall.Ingress)) != 1 {
		t.Fatalf("%v is %d rules", peer, len(result.Rules(firewall.Ingress)))
	}
	return written(firewall.GCP(), result.Rules(firewall.Ingress)[0])["name"]
}

// Trap 1: a rule whose peers change must be another resource.
func TestGCPTrap1OtherPeersAreAnotherResource(t *testing.T) {
	t.Parallel()
	tagged := firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}}
	names := make(map[string]string)
	for peer, binding := range map[string]firewall.Binding{
		"everyone": {CIDRs: []string{"0.0.0.0/0"}, Public: true},
		"one":      {CIDRs: []string{"10.0.0.0/8"}},
		"two":      {CIDRs: []string{"10.0.0.0/8", "192.168.0.0/16"}},
		"tag":      {Forms: firewall.Forms{"source_tags": {Texts: texts("office")}}},
		"both":     {Forms: firewall.Forms{"source_tags": {Texts: texts("office")}}, CIDRs: []string{"10.0.0.0/8"}},
	} {
		name := gcpName(t, tagged, binding, "tcp/8080")
		if other, ok := names[name]; ok {
			t.Errorf("%s and %s are both named %s", peer, other, name)
		}
		names[name] = peer
	}
	// So is one of another host: two installations in one project do not meet.
	for host, binding := range map[string]firewall.Binding{
		"other tag": {Forms: firewall.Forms{"network_tags": {Texts: texts("other")}}}, "account": {Forms: firewall.Forms{"service_accounts": {Texts: texts("c@d.iam.gserviceaccount.com")}}},
	} {
		name := gcpName(t, binding, firewall.Binding{CIDRs: []string{"10.0.0.0/8"}}, "tcp/8080")
		if other, ok := names[name]; ok {
			t.Errorf("%s and %s are both named %s", host, other, name)
		}
		names[name] = host
	}
	// Ports change in place.
	one := gcpName(t, tagged, firewall.Binding{CIDRs: []string{"10.0.0.0/8"}}, "tcp/8080", "tcp/8443")
	if names[one] != "one" {
		t.Errorf("another port makes another resource: %s", one)
	}
	for _, unknown := range []firewall.Binding{
		{NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Unknown[string]()}},
		{Forms: firewall.Forms{"source_tags": {Texts: firewall.Unknown[[]firewall.Value[string]]()}}},
		{Forms: firewall.Forms{"source_tags": {Texts: firewall.Known([]firewall.Value[string]{firewall.Known("a"), firewall.Unknown[string]()})}}},
	} {
		if name := gcpName(t, tagged, unknown, "tcp/8080"); name != "?" {
			t.Errorf("the name %s is known before the peers are", name)
		}
	}
	if name := gcpName(t, firewall.Binding{Forms: firewall.Forms{"network_tags": {Texts: firewall.Unknown[[]firewall.Value[string]]()}}}, firewall.Binding{CIDRs: []string{"10.0.0.0/8"}}, "tcp/8080"); name != "?" {
		t.Errorf("the name %s is known before the host is", name)
	}
	// The two ends of one flow are two rules with the same key.
	result := render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}, CIDRs: []string{"10.0.0.0/8"}}, "mongodb": {Forms: firewall.Forms{"network_tags": {Texts: texts("mongodb")}}, CIDRs: []string{"10.0.0.0/8"}},
	}, "canopsis mongodb tcp/27017")
	if in, out := written(firewall.GCP(), result.Rules(firewall.Ingress)[0])["name"], written(firewall.GCP(), result.Rules(firewall.Egress)[0])["name"]; in == out {
		t.Errorf("both ends of a flow are named %s", in)
	}
}

// gcpRandom renders whatever bindings may hold.
func gcpRandom(t *rapid.T) *firewall.Result {
	cidrs := rapid.SliceOfN(rapid.SampledFrom([]string{"10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32", "fd00::/8"}), 0, 4)
	tags := rapid.Custom(func(t *rapid.T) firewall.Texts {
		return rapid.SampledFrom([]firewall.Texts{{}, texts("a"), texts("b", "c"), firewall.Unknown[[]firewall.Value[string]]()}).Draw(t, "tags")
	})
	bindings := map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}, CIDRs: cidrs.Draw(t, "canopsis"), Public: true, Attach: true},
		"mongodb":  {Forms: firewall.Forms{"network_tags": {Texts: texts("mongodb")}}, Attach: true},
		"users":    {Forms: firewall.Forms{"source_tags": {Texts: tags.Draw(t, "tags of users")}}, CIDRs: cidrs.Draw(t, "users"), Public: true},
		"vpn":      {CIDRs: []string{}, NamedCIDRs: map[string]firewall.Value[string]{"jump": firewall.Unknown[string](), "six": firewall.Known("2001:db8:1::/48")}},
		"nobody":   {CIDRs: []string{}},
	}
	rules := make(map[string]deployment.Rule)
	ends := rapid.SampledFrom(slices.Sorted(maps.Keys(bindings)))
	for range rapid.IntRange(1, 12).Draw(t, "rules") {
		r := deployment.Rule{Source: ends.Draw(t, "source"), Destination: ends.Draw(t, "destination"), Purpose: matrix.Events}
		r.Flow = r.Source + "-to-" + r.Destination
		r.Ports = matrix.MustPortRange(rapid.SampledFrom([]string{"tcp/80", "tcp/1-65535", "udp/80", "tcp/70-90", "tcp/65535"}).Draw(t, "ports"))
		rules[r.Key()] = r
	}
	result, err := firewall.GCP().Render(rules, bindings)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

var (
	gcpSources      = []string{"source_ranges", "source_tags", "source_service_accounts"}
	gcpDestinations = []string{"destination_ranges"}
)

// Trap 2: an empty set of sources is read as everyone.
func TestGCPTrap2SourcesAreNeverEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		result := gcpRandom(t)
		for _, rules := range [][]firewall.Bound{result.Rules(firewall.Ingress), result.Rules(firewall.Egress)} {
			for _, rule := range rules {
				row := written(firewall.GCP(), rule)
				named, unnamed := gcpSources, gcpDestinations
				if row["direction"] == "EGRESS" {
					named, unnamed = unnamed, named
				}
				peers := 0
				for _, argument := range named {
					if value, ok := row[argument]; ok && value != "[]" {
						peers++
					}
				}
				if peers == 0 {
					t.Fatalf("%s names no peer: %v", rule.Key, row)
				}
				for _, argument := range unnamed {
					if value, ok := row[argument]; ok {
						t.Fatalf("%s of direction %s has %s %s", rule.Key, row["direction"], argument, value)
					}
				}
				for argument, value := range row {
					if value == "[]" {
						t.Fatalf("%s has an empty %s instead of null", rule.Key, argument)
					}
				}
				if row["target_tags"] != "["+rule.Host+"]" {
					t.Fatalf("%s is attached to %q", rule.Key, row["target_tags"])
				}
			}
		}
	})
}

// Trap 3: what only the API checks.
func TestGCPTrap3RulesAreWhatTheAPITakes(t *testing.T) {
	t.Parallel()
	port := regexp.MustCompile(`^[1-9][0-9]*(-[1-9][0-9]*)?$`)
	rapid.Check(t, func(t *rapid.T) {
		result := gcpRandom(t)
		for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
			row := written(firewall.GCP(), rule)
			if protocol := row["protocol"]; protocol != "tcp" && protocol != "udp" {
				t.Fatalf("%s has protocol %q beside ports", rule.Key, protocol)
			}
			ports := strings.Fields(strings.Trim(row["ports"], "[]"))
			if len(ports) == 0 {
				t.Fatalf("%s has no ports, which is every port", rule.Key)
			}
			for _, text := range ports {
				var first, last int
				if _, err := fmt.Sscanf(text, "%d-%d", &first, &last); err == nil && first >= last {
					t.Fatalf("%s has ports %s", rule.Key, text)
				}
				if !port.MatchString(text) {
					t.Fatalf("%s has ports %s", rule.Key, text)
				}
			}
			families := make(map[bool]bool)
			for _, argument := range []string{"source_ranges", "destination_ranges"} {
				if row[argument] == "[?]" {
					continue
				}
				for _, prefix := range prefixesOf(row[argument]) {
					families[prefix.Addr().Is4()] = true
					if prefix != prefix.Masked() {
						t.Fatalf("%s has %s with host bits", rule.Key, prefix)
					}
				}
			}
			if len(families) > 1 {
				t.Fatalf("%s mixes families: %v", rule.Key, row)
			}
			if ipv6 := strings.HasSuffix(rule.Key, "-ipv6"); ipv6 && !families[false] || !ipv6 && families[false] && rule.Peer != "six" {
				t.Fatalf("%s has %v", rule.Key, row)
			}
		}
	})
}

// Trap 4: names have a form, and at most 63 characters.
func TestGCPTrap4NamesFit(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	seen := make(map[string]string)
	check := func(rule firewall.Bound) {
		name := written(firewall.GCP(), rule)["name"]
		if !form.MatchString(name) || len(name) > 52 {
			t.Errorf("%s is named %q (%d)", rule.Key, name, len(name))
		}
		if other, ok := seen[name]; ok {
			t.Errorf("%s and %s are both named %s", other, rule.Key, name)
		}
		seen[name] = rule.Key
	}
	for length := 1; length <= 63; length++ {
		host, peer := "h"+strings.Repeat("_", length-1), "p"+strings.Repeat("a", length-1)
		result := render(t, firewall.GCP(), map[string]firewall.Binding{host: {Forms: firewall.Forms{"network_tags": {Texts: texts("h")}}}, peer: {CIDRs: []string{"10.0.0.0/8", "2001:db8::/32"}}},
			host+" "+peer+" tcp/1", peer+" "+host+" tcp/1")
		for _, rule := range slices.Concat(result.Rules(firewall.Ingress), result.Rules(firewall.Egress)) {
			check(rule)
		}
	}
	if len(seen) != 63*4 {
		t.Errorf("%d names", len(seen))
	}
}

// Trap 6: the order in which things are given makes no difference.
func TestGCPTrap6OrderMakesNoDifference(t *testing.T) {
	t.Parallel()
	row := func(cidrs, tags []string, lines ...string) string {
		result := render(t, firewall.GCP(), map[string]firewall.Binding{
			"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}}, "users": {Forms: firewall.Forms{"source_tags": {Texts: texts(tags...)}}, CIDRs: cidrs},
		}, lines...)
		return fmt.Sprint(written(firewall.GCP(), result.Rules(firewall.Ingress)[0]))
	}
	one := row([]string{"10.0.0.0/8", "192.168.0.0/16"}, []string{"a", "b"}, "users canopsis tcp/8080", "users canopsis tcp/443")
	two := row([]string{"192.168.0.0/16", "10.0.0.0/8", "10.0.0.0/8"}, []string{"b", "a", "b"}, "users canopsis tcp/443", "users canopsis tcp/8080")
	if one != two {
		t.Errorf("order makes %s of %s", two, one)
	}
	if want := "ports:[443 8080]"; !strings.Contains(one, want) {
		t.Errorf("%s is not in %s", want, one)
	}
}

// Trap 7: a rule has at most 256 ranges.
func TestGCPTrap7RangesAreDealtIntoParts(t *testing.T) {
	t.Parallel()
	sites := func(n int) []string {
		var cidrs []string
		for i := range n {
			cidrs = append(cidrs, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24).String())
		}
		return cidrs
	}
	parts := func(cidrs []string) map[string]string {
		result := render(t, firewall.GCP(), map[string]firewall.Binding{
			"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}}, "users": {Forms: firewall.Forms{"source_tags": {Texts: texts("office")}}, CIDRs: cidrs},
		}, "users canopsis tcp/8080")
		found := make(map[string]string)
		all := make(map[netip.Prefix]bool)
		for _, rule := range result.Rules(firewall.Ingress) {
			row := written(firewall.GCP(), rule)
			prefixes := prefixesOf(row["source_ranges"])
			if len(prefixes) > 256 {
				t.Errorf("%s has %d ranges", rule.Key, len(prefixes))
			}
			for _, prefix := range prefixes {
				if all[prefix] {
					t.Errorf("%s is opened twice", prefix)
				}
				all[prefix] = true
			}
			found[rule.Key] = fmt.Sprint(row)
			if tags := row["source_tags"]; (tags != "") != (rule.Key == "users-to-canopsis/tcp") {
				t.Errorf("%s has tags %q", rule.Key, tags)
			}
		}
		if len(all) != len(cidrs) {
			t.Errorf("%d of %d ranges are open", len(all), len(cidrs))
		}
		return found
	}
	if got := parts(sites(256)); len(got) != 1 {
		t.Errorf("256 ranges are %v", slices.Sorted(maps.Keys(got)))
	}
	want := []string{"users-to-canopsis/tcp", "users-to-canopsis/tcp-part-1-of-2", "users-to-canopsis/tcp-part-2-of-2"}
	if got := slices.Sorted(maps.Keys(parts(sites(257)))); !slices.Equal(got, want) {
		t.Errorf("257 ranges are %v, not %v", got, want)
	}
	before, after := parts(sites(1500)), parts(append(sites(1500), "192.168.0.0/16"))
	if len(before) != 1+8 || len(after) != len(before) {
		t.Fatalf("1500 ranges are %v", slices.Sorted(maps.Keys(before)))
	}
	changed := 0
	for key, row := range after {
		if before[key] != row {
			changed++
		}
	}
	if changed != 1 {
		t.Errorf("one range more changes %d parts", changed)
	}
}

// The second family is dealt into parts of its own.
func TestGCPPartsOfTheSecondFamily(t *testing.T) {
	t.Parallel()
	var cidrs []string
	for i := range 300 {
		cidrs = append(cidrs, fmt.Sprintf("2001:db8:%x::/48", i))
	}
	result := render(t, firewall.GCP(), map[string]firewall.Binding{
		"canopsis": {Forms: firewall.Forms{"network_tags": {Texts: texts("canopsis")}}}, "users": {CIDRs: append(cidrs, "10.0.0.0/8")},
	}, "canopsis users tcp/443")
	equalKeys(t, result.Rules(firewall.Egress), "canopsis-to-users/tcp", "canopsis-to-users/tcp-ipv6-part-1-of-2", "canopsis-to-users/tcp-ipv6-part-2-of-2")
}

// Trap 8: egress names ranges alone, and tags do not mix with accounts, which
// TestGCPRefusesBindings shows.
func TestGCPTrap8EgressNamesRangesAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, rule := range gcpRandom(t).Rules(firewall.Egress) {
			row := written(firewall.GCP(), rule)
			if row["destination_ranges"] == "" {
				t.Fatalf("%s has no ranges: %v", rule.Key, row)
			}
			if rule.PeerKind != firewall.CIDRPeer {
				t.Fatalf("the peer of %s is %s", rule.Key, rule.PeerKind)
			}
		}
	})
}
