package packet_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// shapes are the ways in which large sets of rules differ.
var shapes = []struct {
	name  string
	bits  func(r *rand.Rand) int
	ports func(r *rand.Rand) packet.Ports
}{
	{"usual_ports", deepBits, func(r *rand.Rand) packet.Ports {
		port := []uint16{22, 53, 80, 123, 161, 162, 389, 443, 636, 5432, 5672, 6379, 8080, 8082, 8443, 9100, 9216, 15672, 26379, 27017}[r.IntN(20)]
		return packet.PortRange(6, port, port)
	}},
	{"any_port", deepBits, anyPort},
	{"wide_ranges", deepBits, func(r *rand.Rand) packet.Ports {
		first, last := uint16(r.IntN(65536)), uint16(r.IntN(65536))
		return packet.PortRange(6, min(first, last), max(first, last))
	}},
	// Wide prefixes have thousands of ports, and tens of thousands of narrow ones
	// lie in them.
	{"nested_any_port", func(r *rand.Rand) int { return 8 + r.IntN(25) }, anyPort},
	{"nested_mixed", func(r *rand.Rand) int { return 8 + r.IntN(25) }, func(r *rand.Rand) packet.Ports {
		if r.IntN(2) == 0 {
			return anyPort(r)
		}
		first := r.IntN(65536)
		return packet.PortRange(6, uint16(first), uint16(min(65535, first+r.IntN(20000))))
	}},
}

func deepBits(r *rand.Rand) int { return 20 + r.IntN(13) }

func anyPort(r *rand.Rand) packet.Ports {
	port := uint16(r.IntN(65536))
	return packet.PortRange(6, port, port)
}

// BenchmarkAudit asks of so many rules on each side what an audit asks: what
// either side lacks of the other, and what is redundant. Of every ten rules, one
// differs. Beside each time it prints by how much it grew with the number of
// rules doubled: 2.1 is n log n, 4 would be n².
func BenchmarkAudit(b *testing.B) {
	for _, shape := range shapes {
		last := 0.0
		for _, count := range []int{12_500, 25_000, 50_000, 100_000, 200_000} {
			b.Run(fmt.Sprintf("%s/rules=%d", shape.name, count), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, uint64(count)))
				expected, actual := make([]packet.Rule, count), make([]packet.Rule, count)
				draw := func() packet.Rule {
					address := netip.AddrFrom4([4]byte{10, byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))})
					peer, err := packet.Prefix(netip.PrefixFrom(address, shape.bits(r)).Masked())
					if err != nil {
						b.Fatal(err)
					}
					return packet.Rule{Peers: []packet.Peer{peer}, Ports: []packet.Ports{shape.ports(r)}}
				}
				for i := range expected {
					expected[i] = draw()
					if actual[i] = expected[i]; i%10 == 0 {
						actual[i] = draw()
					}
				}
				r.Shuffle(count, func(i, j int) { actual[i], actual[j] = actual[j], actual[i] })
				for b.Loop() {
					missing := packet.New(actual...).Attribute(expected)
					excess := packet.New(expected...).Attribute(actual)
					ranking, redundant := packet.NewRanking(actual), 0
					for i := range actual {
						if ranking.IsRedundant(i) {
							redundant++
						}
					}
					if len(missing) == 0 || len(excess) == 0 || len(missing) > count || len(excess) > count {
						b.Fatalf("%d missing, %d excess, %d redundant", len(missing), len(excess), redundant)
					}
				}
				seconds := b.Elapsed().Seconds() / float64(b.N)
				if last > 0 {
					b.ReportMetric(seconds/last, "x-of-half")
				}
				last = seconds
			})
		}
	}
}
