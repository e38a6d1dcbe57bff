package firewall_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func TestParseCIDR(t *testing.T) {
	t.Parallel()
	for text, canonical := range map[string]string{
		"10.20.0.0/16":             "10.20.0.0/16",
		"0.0.0.0/0":                "0.0.0.0/0",
		"255.255.255.255/32":       "255.255.255.255/32",
		"2001:db8::/32":            "2001:db8::/32",
		"::/0":                     "::/0",
		"2001:DB8::/32":            "2001:db8::/32",
		"2001:0db8:0:0::/64":       "2001:db8::/64",
		"2001:db8:0:0:0:0:0:1/128": "2001:db8::1/128",
	} {
		prefix, err := firewall.ParseCIDR(refusal.At("cidr"), text)
		if err != nil {
			t.Errorf("ParseCIDR(%q): %v", text, err)
		}
		if prefix.String() != canonical {
			t.Errorf("ParseCIDR(%q) = %s, not %s", text, prefix, canonical)
		}
	}
}

// Every wrong form is refused, and says which prefix was meant where that can be
// reported.
func TestParseCIDRSaysWhatWasMeant(t *testing.T) {
	t.Parallel()
	const (
		noPrefix = "is no prefix"
		hostBits = "has bits set behind its prefix's length"
		bare     = "is an address without the length of its prefix"
		short    = "shortens its address"
		mask     = "has a mask in place of its prefix's length"
		plain    = "does not write its length as a plain number"
		spaces   = "has spaces in it"
		zone     = "has a zone, which means something on one machine only"
		mapped   = "is an IPv4 prefix written as IPv6"
		tooLong4 = "has a prefix length of 33, and the address has 32 bits"
		tooLong6 = "has a prefix length of 129, and the address has 128 bits"
	)
	for _, c := range []struct{ text, fault, meant string }{
		{"10.20.1.0/16", hostBits, "10.20.0.0/16"},
		{"10.20.0.1/31", hostBits, "10.20.0.0/31"},
		{"2001:db8::1/64", hostBits, "2001:db8::/64"},
		{"128.0.0.0/0", hostBits, "0.0.0.0/0"},
		{"10.20.0.1", bare, "10.20.0.1/32"},
		{"2001:DB8::1", bare, "2001:db8::1/128"},
		{"10/8", short, "10.0.0.0/8"},
		{"10.20/16", short, "10.20.0.0/16"},
		{"192.168.1/24", short, "192.168.1.0/24"},
		{"192.168.1/16", short, "192.168.0.0/16"},
		{"10.20.0.0/255.255.0.0", mask, "10.20.0.0/16"},
		{"10.20.0.0/255.255.255.255", mask, "10.20.0.0/32"},
		{"0.0.0.0/0.0.0.0", mask, "0.0.0.0/0"},
		{"10.20.0.0/08", plain, "10.0.0.0/8"},
		{"10.20.0.0/+16", plain, "10.20.0.0/16"},
		{" 10.20.0.0/16", spaces, "10.20.0.0/16"},
		{"10.20.0.0 / 16\n", spaces, "10.20.0.0/16"},
		{"\t10.20.0.1", spaces, "10.20.0.1/32"},
		{"fe80::1%eth0/64", zone, "fe80::/64"},
		{"fe80::1%eth0", zone, "fe80::1/128"},
		{"::ffff:10.20.0.0/112", mapped, "10.20.0.0/16"},
		{"::ffff:10.20.0.1/112", mapped, "10.20.0.0/16"},
		{"::ffff:10.20.0.1/96", mapped, "0.0.0.0/0"},
		{"::ffff:10.20.0.1", bare, "10.20.0.1/32"},
		{"::ffff:10.20.0.0/95", mapped, ""},
		{"10.20.0.0/33", tooLong4, ""},
		{"2001:db8::/129", tooLong6, ""},
		{"10.20.0.0/-1", noPrefix, ""},
		{"10.20.0.0/0.0.255.255", noPrefix, ""}, // a wildcard mask
		{"10.20.0.0/255.0.255.0", noPrefix, ""},
		{"10.20.0.0/ffff::", noPrefix, ""},
		{"10.20.0.0/", noPrefix, ""},
		{"/16", noPrefix, ""},
		{"/", noPrefix, ""},
		{"", noPrefix, ""},
		{"10", noPrefix, ""},
		{"010.20.0.0/16", noPrefix, ""}, // octal to some
		{"10.20.0.0.0/16", noPrefix, ""},
		{"10.20.0.256/32", noPrefix, ""},
		{"10.20.0.0/16,10.30.0.0/16", noPrefix, ""},
		{"10.20.0.0-10.20.0.255", noPrefix, ""},
		{"2001:db8/32", noPrefix, ""},
		{"any", noPrefix, ""},
		{"*", noPrefix, ""},
		{"git.canopsis.net", noPrefix, ""},
		{"١٠.0.0.0/8", noPrefix, ""},
		{"10.20.0.0/16\x00", noPrefix, ""},
	} {
		prefix, err := firewall.ParseCIDR(refusal.At("cidrs").Index(3), c.text)
		var wrong *refusal.Error
		if !errors.As(err, &wrong) {
			t.Errorf("ParseCIDR(%q) = %s, %v; want it refused", c.text, prefix, err)
			continue
		}
		if prefix.IsValid() {
			t.Errorf("ParseCIDR(%q) returns %s beside an error", c.text, prefix)
		}
		if want := fmt.Sprintf("%q %s", c.text, c.fault); wrong.Found != want || wrong.Nearest != c.meant {
			t.Errorf("ParseCIDR(%q):\nfound %s, meant %q\nwant  %s, meant %q", c.text, wrong.Found, wrong.Nearest, want, c.meant)
		}
		if wrong.At.String() != "cidrs[3]" || wrong.Summary != "Invalid CIDR" || !strings.Contains(wrong.Allowed, "10.20.0.0/16") {
			t.Errorf("ParseCIDR(%q): %v", c.text, err)
		}
	}
}

func ExampleParseCIDR() {
	_, err := firewall.ParseCIDR(refusal.At("cidrs").Index(0), "10.20.1.0/255.255.0.0")
	fmt.Println(err)
	// Output:
	// Invalid CIDR: cidrs[0]: "10.20.1.0/255.255.0.0" has a mask in place of its prefix's length. Did you mean "10.20.0.0/16"? Allowed: a prefix in CIDR notation, as in 10.20.0.0/16 or 2001:db8::/32.
}

// What is read is canonical and reads back as itself; what is not says a prefix
// that would be.
func FuzzCIDRs(f *testing.F) {
	for _, seed := range []string{
		"10.20.0.0/16", "10.20.0.1/16", "10/8", "2001:DB8::/32", "::ffff:10.0.0.0/104", "fe80::1%eth0/64",
		"10.0.0.0/255.0.0.0", "0.0.0.0/0", "::/0", "10.0.0.0/+8", " 10.0.0.0/8", "", "/", "1...../8", "::ffff:0:0/95",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prefix, err := firewall.ParseCIDR(refusal.At("cidr"), text)
		if err == nil {
			if prefix != prefix.Masked() || prefix.Addr().Is4In6() || prefix.Addr().Zone() != "" {
				t.Fatalf("ParseCIDR(%q) = %s", text, prefix)
			}
			again, err := firewall.ParseCIDR(refusal.At("cidr"), prefix.String())
			if err != nil || again != prefix {
				t.Fatalf("ParseCIDR(%q) = %s, which reads back as %s, %v", text, prefix, again, err)
			}
			if plain, err := netip.ParsePrefix(text); err != nil || plain != prefix {
				t.Fatalf("ParseCIDR(%q) = %s, netip says %s, %v", text, prefix, plain, err)
			}
			return
		}
		var wrong *refusal.Error
		if !errors.As(err, &wrong) || wrong.Found == "" {
			t.Fatalf("ParseCIDR(%q): %v", text, err)
		}
		if wrong.Nearest == "" {
			return
		}
		meant, err := firewall.ParseCIDR(refusal.At("cidr"), wrong.Nearest)
		if err != nil || meant.String() != wrong.Nearest {
			t.Fatalf("ParseCIDR(%q) proposes %q: %v", text, wrong.Nearest, err)
		}
	})
}
