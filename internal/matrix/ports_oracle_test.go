package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// portTable is a set of ports without any cleverness: one boolean for each port
// of each protocol. A second boolean for each pair of neighbours says whether a
// range has both, since 80 beside 81 is not 80-81.
type portTable map[matrix.Protocol]*struct {
	admits [65536]bool // by port; 0 is never set
	joined [65536]bool // joined[p]: some range has p and p+1
}

func newPortTable() portTable {
	return portTable{matrix.TCP: {}, matrix.UDP: {}}
}

func (table portTable) add(r matrix.PortRange) {
	of := table[r.Protocol()]
	for port := r.From(); port <= r.To(); port++ {
		of.admits[port] = true
		of.joined[port] = of.joined[port] || port < r.To()
	}
}

func (table portTable) replace(wrong, right matrix.PortRange) {
	of := table[wrong.Protocol()]
	first, last := wrong.From(), wrong.To()
	if of.joined[first-1] || of.joined[last] || // part of a longer range
		!of.admits[first] || slices.Contains(of.joined[first:last], false) {
		return
	}
	clear(of.admits[first : last+1])
	clear(of.joined[first:last])
	table.add(right)
}

// ranges spells the table's ranges in ascending order.
func (table portTable) ranges() []string {
	var specs []string
	for _, protocol := range []matrix.Protocol{matrix.TCP, matrix.UDP} {
		of := table[protocol]
		for first := 1; first <= 65535; first++ {
			if !of.admits[first] {
				continue
			}
			last := first
			for of.joined[last] {
				last++
			}
			specs = append(specs, spell(protocol, first, last))
			first = last
		}
	}
	return specs
}

// TestPortsAgainstBooleans replays random operations on Ports and on a table of
// booleans, and compares every port of the universe.
func TestPortsAgainstBooleans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ports matrix.Ports
		table := newPortTable()
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				ranges := drawPortRanges(t)
				ports = ports.Union(matrix.NewPorts(ranges...))
				for _, r := range ranges {
					table.add(r)
				}
			},
			"replace": func(t *rapid.T) {
				wrong, right := drawPortRange(t), drawPortRange(t)
				if present := slices.Collect(ports.All()); len(present) > 0 && rapid.Bool().Draw(t, "present") {
					wrong = rapid.SampledFrom(present).Draw(t, "wrong")
				}
				ports = ports.Replace(wrong, right)
				table.replace(wrong, right)
			},
			"overlap": func(t *rapid.T) {
				r := drawPortRange(t)
				want := slices.Contains(table[r.Protocol()].admits[r.From():r.To()+1], true)
				if got := ports.Overlaps(matrix.NewPorts(r)); got != want {
					t.Fatalf("(%v).Overlaps(%v) = %t; want %t", ports, r, got, want)
				}
			},
		})
		if got, want := ports.String(), strings.Join(table.ranges(), ", "); got != want {
			t.Fatalf("ports are (%s); the booleans say (%s)", got, want)
		}
		for protocol, of := range table {
			for port, want := range of.admits {
				if got := ports.Contains(protocol, port); got != want {
					t.Fatalf("(%v).Contains(%v, %d) = %t; the booleans say %t", ports, protocol, port, got, want)
				}
			}
		}
	})
}
