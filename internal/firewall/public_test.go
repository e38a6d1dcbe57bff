package firewall_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestPublicBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cidrs, named string // separated by spaces
		block        string // empty: not public
	}{
		{"0.0.0.0/0", "", "0.0.0.0/0"},
		{"0.0.0.0/1 128.0.0.0/1", "", "0.0.0.0/0"},
		{"0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0"},
		{"", "0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0"},
		{"0.0.0.0/2 64.0.0.0/2 192.0.0.0/2 128.0.0.0/2", "", "0.0.0.0/0"},
		{"128.0.0.0/1", "", "128.0.0.0/1"},
		{"8.0.0.0/7", "", "8.0.0.0/7"},
		{"", "8.0.0.0/7", "8.0.0.0/7"},
		{"8.0.0.0/8", "", ""},
		{"8.0.0.0/8 9.0.0.0/8", "", "8.0.0.0/7"},
		{"8.0.0.0/9 8.128.0.0/9 9.0.0.0/8", "", "8.0.0.0/7"},
		{"9.0.0.0/8 10.0.0.0/8", "", ""}, // neighbours that are no block together
		{"8.0.0.0/8 9.0.0.0/9", "", ""},
		{"10.0.0.0/8 172.16.0.0/12 192.168.0.0/16", "", ""},
		{"::/0", "", "::/0"},
		{"2000::/3", "", "2000::/3"},
		{"2000::/15", "", "2000::/15"},
		{"2000::/16", "", ""},
		{"2000::/16 2001::/16", "", "2000::/15"},
		{"2000::/16", "2001::/16", "2000::/15"},
		{"2001::/16 2002::/16", "", ""},
		{"fc00::/7", "", ""},
		{"fc00::/8 fd00::/8", "", ""},
		{"fc00::/7 fe00::/7", "", "fc00::/6"},
		{"fe80::/10", "", "fe80::/10"},
		{"10.0.0.0/8 2000::/3", "", "2000::/3"},
		{"10.0.0.0/8", "::/1", "::/1"},
		{"", "", ""},
	} {
		t.Run(c.cidrs+" and "+c.named, func(t *testing.T) {
			t.Parallel()
			users := cidrs(strings.Fields(c.cidrs)...)
			users.NamedCIDRs = named()
			for i, prefix := range strings.Fields(c.named) {
				users.NamedCIDRs[fmt.Sprintf("name_%d", i)] = firewall.Known(prefix)
			}
			given := bindings{"canopsis": group("sg-00000001"), "users": users}
			rules := rulesOf(t, "users canopsis tcp/8080")
			_, err := firewall.AWS().Render(rules, given)
			var want []string
			if c.block != "" {
				want = []string{`Public addresses: bindings["users"]: the addresses of "users" together hold ` + c.block +
					`, and a block larger than a /8 (IPv4) or a /16 (IPv6) is a good part of the Internet. ` +
					`Name narrower prefixes, or write allow_public = true if that is what you want.`}
			}
			if got := faultsOf(t, err); !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
			users.Public = true
			given["users"] = users
			if _, err := firewall.AWS().Render(rules, given); err != nil {
				t.Errorf("with allow_public: %v", err)
			}
		})
	}
}

// allow_public does not help where the Internet has no business.
func TestPublicPurposes(t *testing.T) {
	t.Parallel()
	internet := firewall.Binding{CIDRs: []string{"0.0.0.0/1", "128.0.0.0/1"}, Public: true}
	given := bindings{
		"canopsis": attached("sg-00000001"), "internet": internet, "anyone": {SameAs: "internet"},
		"users": {CIDRs: []string{"10.20.0.0/16"}, Public: true},
	}
	said := func(endpoint, flow, purpose string) string {
		return `Public addresses where none may be: bindings["internet"]: the addresses of "` + endpoint + `" hold 0.0.0.0/0, a public block, and flow ` + flow + ` is for ` + purpose +
			`. Name the prefixes of your own network; allow_public does not apply to administration and internal flows.`
	}
	for _, c := range []struct {
		line    string
		purpose matrix.Purpose
		want    string // empty: allowed
	}{
		{"internet canopsis tcp/22", matrix.Administration, said("internet", "internet-to-canopsis", "administration")},
		{"canopsis internet tcp/22", matrix.Administration, said("internet", "canopsis-to-internet", "administration")},
		{"anyone canopsis tcp/22", matrix.Administration, said("anyone", "anyone-to-canopsis", "administration")},
		{"internet canopsis tcp/5432", matrix.Internal, said("internet", "internet-to-canopsis", "internal")},
		{"canopsis internet tcp/5432", matrix.Internal, said("internet", "canopsis-to-internet", "internal")},
		{"internet canopsis tcp/8080", 0, said("internet", "internet-to-canopsis", "")},
		{"internet canopsis tcp/8080", matrix.UserAccess, ""},
		{"anyone canopsis tcp/8080", matrix.UserAccess, ""},
		{"internet canopsis tcp/8080", matrix.Events, ""},
		{"canopsis internet tcp/443", matrix.Installation, ""},
		{"canopsis internet tcp/443", matrix.Outbound, ""},
		{"users canopsis tcp/22", matrix.Administration, ""},
	} {
		_, err := firewall.AWS().Render(withPurpose(rulesOf(t, c.line), c.purpose), given)
		if got := strings.Join(faultsOf(t, err), "\n"); got != c.want {
			t.Errorf("%s for %q:\ngot  %s\nwant %s", c.line, c.purpose, got, c.want)
		}
		if c.want == "" {
			continue
		}
		// What would not help is not proposed.
		unallowed := maps.Clone(given)
		unallowed["internet"] = cidrs(internet.CIDRs...)
		_, err = firewall.AWS().Render(withPurpose(rulesOf(t, c.line), c.purpose), unallowed)
		if got := strings.Join(faultsOf(t, err), "\n"); got != c.want {
			t.Errorf("%s for %q without allow_public:\ngot  %s\nwant %s", c.line, c.purpose, got, c.want)
		}
	}
	// A public endpoint is reported once, however many flows it has.
	_, err := firewall.AWS().Render(withPurpose(rulesOf(t, "internet canopsis tcp/22", "internet canopsis tcp/23"), matrix.Administration), given)
	if got := faultsOf(t, err); len(got) != 1 {
		t.Errorf("%d faults for one endpoint: %q", len(got), got)
	}
}

// A list opens a public block exactly if some aligned pair of /8 (or of /16) is
// covered: the oracle marks every /10 (or /18) of a small universe.
func TestPublicBlocksAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var prefixes []string
		ipv4, ipv6 := make([]bool, 1<<10), make([]bool, 1<<6)
		for range rapid.IntRange(1, 12).Draw(t, "count") {
			bits := rapid.IntRange(0, 10).Draw(t, "bits")
			if rapid.Bool().Draw(t, "ipv6") {
				bits = min(bits, 6)
				block := rapid.IntRange(0, 1<<bits-1).Draw(t, "block") << (6 - bits)
				high := 0x2000<<2 | block // the first 18 bits: 2000::/12 and six more
				address := netip.AddrFrom16([16]byte{byte(high >> 10), byte(high >> 2), byte(high << 6)})
				prefixes = append(prefixes, netip.PrefixFrom(address, 12+bits).String())
				for i := range 1 << (6 - bits) {
					ipv6[block+i] = true
				}
				continue
			}
			block := rapid.IntRange(0, 1<<bits-1).Draw(t, "block") << (10 - bits)
			address := netip.AddrFrom4([4]byte{byte(block >> 2), byte(block << 6)})
			if bits >= 8 && address.IsLoopback() || bits >= 4 && address.IsMulticast() {
				continue // refused for what it is
			}
			prefixes = append(prefixes, netip.PrefixFrom(address, bits).String())
			for i := range 1 << (10 - bits) {
				ipv4[block+i] = true
			}
		}
		public := false
		for _, universe := range [][]bool{ipv4, ipv6} {
			for pair := range slices.Chunk(universe, 8) {
				public = public || !slices.Contains(pair, false)
			}
		}
		rules := map[string]firewallRule{"r": {Source: "users", Destination: "canopsis", Flow: "f", Purpose: matrix.Events, Ports: matrix.MustPortRange("tcp/80")}}
		_, err := firewall.AWS().Render(rules, bindings{"canopsis": group("sg-00000001"), "users": cidrs(prefixes...)})
		if (err != nil) != public {
			t.Fatalf("%v: public %t, refused with %v", prefixes, public, err)
		}
	})
}

// What administrators and other hosts are together counts: half of the Internet
// in blocks that are not public one by one is half of the Internet.
func TestSumsOfSources(t *testing.T) {
	t.Parallel()
	blocks := func(n, step int) []string {
		var prefixes []string
		for i := range n {
			prefixes = append(prefixes, fmt.Sprintf("%d.0.0.0/8", 1+i*step))
		}
		return prefixes
	}
	const summary = "Sources that are a good part of the Internet"
	for name, c := range map[string]struct {
		users, vpn []string
		named      map[string]firewall.Value[string]
		purpose    matrix.Purpose
		want       string // in the error; empty: taken
	}{
		"fourteen of /8":              {users: blocks(14, 2), purpose: matrix.Administration},
		"fifteen of /8":               {users: blocks(15, 2), purpose: matrix.Administration, want: "15 blocks of /8"},
		"every second /8":             {users: blocks(55, 2), purpose: matrix.Administration, want: "55 blocks of /8"},
		"a little more than fourteen": {users: append(blocks(14, 2), "200.0.0.0/16"), purpose: matrix.Administration, want: "14.1 blocks of /8"},
		"for internal flows":          {users: blocks(15, 2), purpose: matrix.Internal, want: "the sources of internal rules"},
		"of two sources":              {users: blocks(8, 2), vpn: []string{"101.0.0.0/8", "103.0.0.0/8", "105.0.0.0/8", "107.0.0.0/8", "109.0.0.0/8", "111.0.0.0/8", "113.0.0.0/8"}, purpose: matrix.Administration, want: "15 blocks of /8 of IPv4 and 0 of /16 of IPv6: users, vpn"},
		"the same of two sources":     {users: blocks(14, 2), vpn: blocks(14, 2), purpose: matrix.Administration},
		"with a named one":            {users: blocks(14, 2), named: named("office", "200.0.0.0/8"), purpose: matrix.Administration, want: "15 blocks of /8"},
		"with one that is not known":  {users: blocks(14, 2), named: named("office", "?"), purpose: matrix.Administration},
		"one /16 of IPv6":             {users: []string{"2a01::/16"}, purpose: matrix.Administration},
		"more than a /16 of IPv6":     {users: []string{"2a01::/16", "2a03::/32"}, purpose: matrix.Administration, want: "1.1 of /16 of IPv6"},
		"unique local addresses":      {users: []string{"fc00::/8", "fd00::/9"}, purpose: matrix.Administration},
		"users may be many":           {users: blocks(55, 2), purpose: matrix.UserAccess},
		"event sources may be many":   {users: blocks(55, 2), purpose: matrix.Events},
		"private blocks are far less": {users: []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"}, purpose: matrix.Internal},
	} {
		given := bindings{"canopsis": attached("sg-00000001"), "users": cidrs(c.users...), "vpn": cidrs(c.vpn...)}
		users := given["users"]
		users.NamedCIDRs = c.named
		given["users"] = users
		_, err := firewall.AWS().Render(withPurpose(rulesOf(t, "users canopsis tcp/22", "users canopsis tcp/23", "vpn canopsis tcp/22"), c.purpose), given)
		got := strings.Join(faultsOf(t, err), "\n")
		if c.want == "" && got != "" || c.want != "" && (!strings.Contains(got, summary) || !strings.Contains(got, c.want) || strings.Contains(got, "\n")) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// What no packet between two machines has as an end is a slip in a binding.
func TestPrefixesOfNoMachine(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"0.0.0.0/32": "unspecified", "::/128": "unspecified",
		"127.0.0.1/32": "loopback", "127.0.0.0/8": "loopback", "::1/128": "loopback",
		"224.0.0.18/32": "multicast", "224.0.0.0/4": "multicast", "ff02::1/128": "multicast", "ff00::/8": "multicast",
		"255.255.255.255/32": "broadcast",
		"169.254.169.254/32": "", "fe80::/64": "", "169.254.20.10/32": "", "240.0.0.0/8": "", "10.255.255.255/32": "",
	} {
		for what, users := range map[string]firewall.Binding{"cidrs[0]": cidrs(prefix), `named_cidrs["one"]`: {NamedCIDRs: named("one", prefix)}} {
			_, err := firewall.AWS().Render(rulesOf(t, "users canopsis tcp/8080"), bindings{"canopsis": group("sg-00000001"), "users": users})
			got := strings.Join(faultsOf(t, err), "\n")
			if want == "" && got != "" || want != "" && !strings.HasPrefix(got, `Prefix of no machine: bindings["users"].`+what+`: "`+prefix+`" is `+want) {
				t.Errorf("%s in %s: got %q, want %q", prefix, what, got, want)
			}
		}
	}
}
