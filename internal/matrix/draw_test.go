package matrix_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// drawPort prefers ports that lie close together and at both ends, where ranges
// meet.
func drawPort() *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(65520, 65535), rapid.IntRange(1, 65535))
}

func drawPortRange(t *rapid.T) matrix.PortRange {
	protocol := rapid.SampledFrom([]matrix.Protocol{matrix.TCP, matrix.UDP}).Draw(t, "protocol")
	a, b := drawPort().Draw(t, "port"), drawPort().Draw(t, "port")
	r, err := matrix.NewPortRange(protocol, min(a, b), max(a, b))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func drawPortRanges(t *rapid.T) []matrix.PortRange {
	return rapid.SliceOfN(rapid.Custom(drawPortRange), 0, 6).Draw(t, "ranges")
}

// spell writes a port spec without the package under test.
func spell(protocol matrix.Protocol, first, last int) string {
	name := map[matrix.Protocol]string{6: "tcp", 17: "udp"}[protocol]
	if first == last {
		return fmt.Sprintf("%s/%d", name, first)
	}
	return fmt.Sprintf("%s/%d-%d", name, first, last)
}

// split reads "tcp/80, tcp/443" as two specs, and "" as none.
func split(specs string) []string {
	if specs == "" {
		return nil
	}
	return strings.Split(specs, ", ")
}

func ports(t testing.TB, specs string) matrix.Ports {
	t.Helper()
	ports, err := matrix.ParsePorts(split(specs)...)
	if err != nil {
		t.Fatal(err)
	}
	return ports
}
