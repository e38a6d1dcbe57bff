package firewall_test

import (
	"math/big"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// parsePrefixes reads prefixes that are separated by spaces.
func parsePrefixes(text string) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, prefix := range strings.Fields(text) {
		prefixes = append(prefixes, netip.MustParsePrefix(prefix))
	}
	return prefixes
}

func spellPrefixes(prefixes []netip.Prefix) string {
	texts := make([]string, 0, len(prefixes))
	for _, prefix := range prefixes {
		texts = append(texts, prefix.String())
	}
	return strings.Join(texts, " ")
}

func TestAggregate(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                                    "",
		"10.0.0.0/24":                         "10.0.0.0/24",
		"10.0.1.0/24 10.0.0.0/24":             "10.0.0.0/23",
		"10.0.1.0/24 10.0.2.0/24":             "10.0.1.0/24 10.0.2.0/24",
		"10.0.0.0/24 10.0.0.7/32 10.0.0.0/24": "10.0.0.0/24",
		"10.0.0.0/25 10.0.0.128/26 10.0.0.192/27 10.0.0.224/27":                   "10.0.0.0/24",
		"2001:db8:1::/48 10.0.0.0/8 2001:db8::/48":                                "10.0.0.0/8 2001:db8::/47",
		"0.0.0.0/1 128.0.0.0/1 ::/0":                                              "0.0.0.0/0 ::/0",
		"10.0.0.3/32 10.0.0.4/32 10.0.0.5/32 10.0.0.6/32 10.0.0.7/32 10.0.0.8/32": "10.0.0.3/32 10.0.0.4/30 10.0.0.8/32",
	} {
		if got := firewall.Aggregate(parsePrefixes(given)); spellPrefixes(got.Prefixes) != want || len(got.Widened) != 0 {
			t.Errorf("Aggregate(%s) = %s, of which %d are widened; want %s", given, spellPrefixes(got.Prefixes), len(got.Widened), want)
		}
	}
}

func TestAggregateTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, given string
		widening    firewall.Widening
		want        string
		widened     string // PREFIX+ADDED: GIVEN...
	}{
		{"fits as it is", "10.0.0.0/24 10.0.1.0/24 10.9.0.0/24", firewall.Widening{Most: 2}, "10.0.0.0/23 10.9.0.0/24", ""},
		{"the nearest two", "10.0.0.0/24 10.0.2.0/24 10.9.0.0/24", firewall.Widening{Most: 2}, "10.0.0.0/22 10.9.0.0/24",
			"10.0.0.0/22+512: 10.0.0.0/24 10.0.2.0/24"},
		{"all of them", "10.0.0.0/24 10.0.2.0/24 10.9.0.0/24", firewall.Widening{Most: 1}, "10.0.0.0/12",
			"10.0.0.0/12+1047808: 10.0.0.0/24 10.0.2.0/24 10.9.0.0/24"},
		// Two steps that look cheapest one by one are dearer than the one that is.
		{"no step by step", "10.0.0.0/32 10.0.0.64/32 10.0.0.128/32 10.0.0.192/32 10.0.1.0/24 10.0.8.0/24", firewall.Widening{Most: 2},
			"10.0.0.0/23 10.0.8.0/24", "10.0.0.0/23+252: 10.0.0.0/32 10.0.0.64/32 10.0.0.128/32 10.0.0.192/32 10.0.1.0/24"},
		{"of two ways that add as much, the shorter", "10.0.0.0/26 10.0.0.128/26 10.0.0.192/32", firewall.Widening{Most: 2},
			"10.0.0.0/26 10.0.0.128/25", "10.0.0.128/25+63: 10.0.0.128/26 10.0.0.192/32"},
		{"both families share the limit", "10.0.0.0/24 10.0.2.0/24 2001:db8::/48 2001:db8:2::/48", firewall.Widening{Most: 3},
			"10.0.0.0/24 10.0.2.0/24 2001:db8::/46", "2001:db8::/46+2417851639229258349412352: 2001:db8::/48 2001:db8:2::/48"},
		{"no shorter than asked for", "10.0.0.0/24 10.0.2.0/24 10.0.4.0/24 10.0.5.0/24", firewall.Widening{Most: 2, Shortest4: 22},
			"10.0.0.0/22 10.0.4.0/23", "10.0.0.0/22+512: 10.0.0.0/24 10.0.2.0/24"},
		{"unique local addresses have no public blocks", "fc00:1::/32 fd00:1::/32", firewall.Widening{Most: 1},
			"fc00::/7", "fc00::/7+" + new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 121), new(big.Int).Lsh(big.NewInt(1), 97)).String() + ": fc00:1::/32 fd00:1::/32"},
		{"up to the public blocks", "9.0.0.0/16 9.128.0.0/16", firewall.Widening{Most: 1},
			"9.0.0.0/8", "9.0.0.0/8+16646144: 9.0.0.0/16 9.128.0.0/16"},
		{"a public block that is given", "0.0.0.0/1 192.168.0.0/24 192.168.2.0/24", firewall.Widening{Most: 2},
			"0.0.0.0/1 192.168.0.0/22", "192.168.0.0/22+512: 192.168.0.0/24 192.168.2.0/24"},
		{"nothing", "", firewall.Widening{Most: 1}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			given := parsePrefixes(c.given)
			slices.Reverse(given)
			got, err := firewall.AggregateTo(refusal.At("most"), given, c.widening)
			if err != nil {
				t.Fatal(err)
			}
			var widened []string
			for _, w := range got.Widened {
				widened = append(widened, w.Prefix.String()+"+"+w.Added.String()+": "+spellPrefixes(w.Given))
			}
			if spellPrefixes(got.Prefixes) != c.want || strings.Join(widened, "\n") != c.widened {
				t.Errorf("got  %s\n%s\nwant %s\n%s", spellPrefixes(got.Prefixes), strings.Join(widened, "\n"), c.want, c.widened)
			}
		})
	}
}

// What no widening may do, it does not do for the sake of a limit.
func TestAggregateToRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, given string
		widening    firewall.Widening
		needs       int // prefixes that are left at least
	}{
		{"two families", "10.0.0.0/24 2001:db8::/48", firewall.Widening{Most: 1}, 2},
		{"a public block", "8.0.0.0/8 9.0.0.0/9", firewall.Widening{Most: 1}, 2},
		{"halves of a public block", "8.0.0.0/8 9.0.0.0/16 9.2.0.0/16 9.128.0.0/16", firewall.Widening{Most: 2}, 3},
		{"a public block of IPv6", "2001::/16 2000:1::/32", firewall.Widening{Most: 1}, 2},
		{"private addresses and others", "172.16.0.0/16 172.32.0.0/16", firewall.Widening{Most: 1}, 2},
		{"private addresses inside", "192.0.0.0/24 192.255.0.0/24", firewall.Widening{Most: 1}, 2},
		{"shared address space", "100.64.0.0/16 100.32.0.0/16", firewall.Widening{Most: 1}, 2},
		{"unique local addresses and others", "fd00::/32 fe00::/32", firewall.Widening{Most: 1}, 2},
		{"shorter than asked for", "10.0.0.0/24 10.0.2.0/24 10.0.8.0/24 10.0.10.0/24", firewall.Widening{Most: 1, Shortest4: 22}, 2},
		{"halves of one shorter than asked for", "10.0.0.0/24 10.0.2.0/24 10.0.4.0/24 10.0.6.0/24", firewall.Widening{Most: 2, Shortest4: 22}, 3},
		{"shorter than asked for, of IPv6", "2001:db8::/48 2001:db8:2::/48", firewall.Widening{Most: 1, Shortest6: 47}, 2},
		{"shorter than asked for, of IPv6's own", "fd00::/48 fd00:0:2::/48", firewall.Widening{Most: 1, Shortest6: 47}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := firewall.AggregateTo(refusal.At("most"), parsePrefixes(c.given), c.widening)
			if err == nil {
				t.Fatalf("it gives %s", spellPrefixes(got.Prefixes))
			}
			for _, words := range []string{"most: ", "widening leaves " + strconv.Itoa(c.needs) + " at least"} {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("it does not say %q: %v", words, err)
				}
			}
			c.widening.Most = c.needs
			if _, err := firewall.AggregateTo(refusal.At("most"), parsePrefixes(c.given), c.widening); err != nil {
				t.Errorf("with %d: %v", c.needs, err)
			}
		})
	}
}

// tiny is a universe of 16 blocks: /16 of 10.0.0.0/12 or, where it has two
// families, eight of 10.0.0.0/13 and eight /32 of 2001:d00::/29. A set of blocks
// is a mask.
type tiny struct{ families int }

func (u tiny) blocks() int { return 16 / u.families }

// prefix returns the prefix of a block and its neighbours, size in all.
func (u tiny) prefix(first, size int) netip.Prefix {
	shorter := bits.Len(uint(size)) - 1
	if first < u.blocks() {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(first)}), 16-shorter)
	}
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, byte(first - u.blocks())}), 32-shorter)
}

// weight returns what a set of blocks weighs: a block of IPv4 as much as 65,536
// of IPv6, of which each has half of the address's bits more.
func (u tiny) weight(set uint16) int {
	if u.families == 1 {
		return bits.OnesCount16(set) << 16
	}
	return bits.OnesCount16(set&0xff)<<16 + bits.OnesCount16(set>>8)
}

// cover returns the fewest aligned blocks that hold exactly a set, in order.
func (u tiny) cover(set uint16, first, size int) [][2]int {
	mask := uint16((1<<size - 1) << first)
	switch {
	case set&mask == 0:
		return nil
	case set&mask == mask && size <= u.blocks():
		return [][2]int{{first, size}}
	}
	return append(u.cover(set, first, size/2), u.cover(set, first+size/2, size/2)...)
}

func drawTiny(t *rapid.T) (tiny, uint16, []netip.Prefix) {
	u := tiny{rapid.IntRange(1, 2).Draw(t, "families")}
	var set uint16
	var prefixes []netip.Prefix
	for range rapid.IntRange(1, 9).Draw(t, "prefixes") {
		size := 1 << rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "size")
		first := rapid.IntRange(0, 16/size-1).Draw(t, "first") * size
		set |= uint16((1<<size - 1) << first)
		prefixes = append(prefixes, u.prefix(first, size))
	}
	return u, set, prefixes
}

// Exact, and no fewer prefixes hold the same: the oracle halves a mask.
func TestAggregateIsExactAndMinimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u, set, prefixes := drawTiny(t)
		var want []netip.Prefix
		for _, block := range u.cover(set, 0, 16) {
			want = append(want, u.prefix(block[0], block[1]))
		}
		if got := firewall.Aggregate(prefixes); !slices.Equal(got.Prefixes, want) {
			t.Fatalf("Aggregate(%s) = %s; want %s", spellPrefixes(prefixes), spellPrefixes(got.Prefixes), spellPrefixes(want))
		}
	})
}

// The least widening that fits: the oracle tries every set of blocks that contains
// the given one.
func TestAggregateToWidensTheLeast(t *testing.T) {
	t.Parallel()
	outcomes := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		u, given, prefixes := drawTiny(t)
		longest := rapid.SampledFrom([]int{1, 2, 4, 8, 16}).Draw(t, "longest widened block")
		w := firewall.Widening{Most: rapid.IntRange(1, 6).Draw(t, "most")}
		w.Shortest4, w.Shortest6 = 17-bits.Len(uint(longest)), 33-bits.Len(uint(longest))
		whole := map[[2]int]bool{} // given as a whole
		for _, block := range u.cover(given, 0, 16) {
			whole[block] = true
		}
		least, fewestOfLeast, fewest := -1, 0, 17
		for set := given; ; set = (set + 1) | given { // every set that contains the given one
			blocks := u.cover(set, 0, 16)
			allowed := !slices.ContainsFunc(blocks, func(b [2]int) bool { return b[1] > longest && !whole[b] })
			added := u.weight(set &^ given)
			if allowed && len(blocks) <= w.Most && (least < 0 || added < least || added == least && len(blocks) < fewestOfLeast) {
				least, fewestOfLeast = added, len(blocks)
			}
			if allowed {
				fewest = min(fewest, len(blocks))
			}
			if set == 1<<16-1 {
				break
			}
		}
		got, err := firewall.AggregateTo(refusal.At("most"), prefixes, w)
		if least < 0 {
			outcomes["refused"]++
			if err == nil || !strings.Contains(err.Error(), "leaves "+strconv.Itoa(fewest)+" at least") {
				t.Fatalf("AggregateTo(%s, %+v) = %s, %v; %d are the fewest", spellPrefixes(prefixes), w, spellPrefixes(got.Prefixes), err, fewest)
			}
			return
		}
		if err != nil {
			t.Fatalf("AggregateTo(%s, %+v): %v; %d can be had", spellPrefixes(prefixes), w, err, fewestOfLeast)
		}
		var held uint16
		for first := range 16 {
			block := u.prefix(first, 1)
			if slices.ContainsFunc(got.Prefixes, func(p netip.Prefix) bool { return p.Contains(block.Addr()) }) {
				held |= 1 << first
			}
		}
		if held&given != given || u.weight(held&^given) != least || len(got.Prefixes) != fewestOfLeast {
			t.Fatalf("AggregateTo(%s, %+v) = %s, which adds %d; %d in %d prefixes is the least",
				spellPrefixes(prefixes), w, spellPrefixes(got.Prefixes), u.weight(held&^given), least, fewestOfLeast)
		}
		added := new(big.Int)
		for _, widened := range got.Widened {
			added.Add(added, widened.Added)
		}
		want := new(big.Int).Lsh(big.NewInt(int64(bits.OnesCount16(held&^given&uint16(1<<u.blocks()-1)))), 16)
		if u.families == 2 {
			want.Add(want, new(big.Int).Lsh(big.NewInt(int64(bits.OnesCount16((held&^given)>>8))), 96))
		}
		if added.Cmp(want) != 0 {
			t.Fatalf("it says that %d addresses are added; %d are", added, want)
		}
		outcomes["widened"] += min(len(got.Widened), 1)
		outcomes["as given"] += 1 - min(len(got.Widened), 1)
	})
	for _, outcome := range []string{"refused", "widened", "as given"} {
		if outcomes[outcome] == 0 {
			t.Errorf("no list was %s: the test shows less than it should", outcome)
		}
	}
}

func BenchmarkAggregate(b *testing.B) {
	for _, count := range []int{1_000, 10_000, 100_000} {
		var given []netip.Prefix
		for i := range count { // every third of the /28 of a /8 in a scattered order
			at := i * 7919 % count * 48
			given = append(given, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(at >> 16), byte(at >> 8), byte(at)}), 28))
		}
		b.Run("exact/"+strconv.Itoa(count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := firewall.Aggregate(given); len(got.Prefixes) != count {
					b.Fatalf("%d prefixes", len(got.Prefixes))
				}
			}
		})
		b.Run("to 60/"+strconv.Itoa(count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				got, err := firewall.AggregateTo(refusal.At("most"), given, firewall.Widening{Most: 60})
				if err != nil || len(got.Prefixes) > 60 {
					b.Fatalf("%d prefixes, %v", len(got.Prefixes), err)
				}
			}
		})
	}
}
