package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// BenchmarkRun compares so many rules with as many, of which every tenth differs.
// Beside each time it prints by how much it grew with the number doubled: 2.1 is
// n log n, 4 would be n².
func BenchmarkRun(b *testing.B) {
	last := 0.0
	for _, count := range []int{12_500, 25_000, 50_000, 100_000} {
		b.Run(fmt.Sprintf("rules=%d", count), func(b *testing.B) {
			in := audit.Input{Cloud: cloud.AWS(), Hosts: []string{"mongodb"}}
			for i := range count {
				text := fmt.Sprintf("sg-1 tcp %d 10.%d.%d.%d/32", 1+i%20, i>>16, i>>8&255, i&255)
				in.Expected = append(in.Expected, audit.Expected{Key: fmt.Sprint(i), Direction: cloud.Ingress, Host: "mongodb", Row: row(text)})
				if i%10 == 0 {
					text = fmt.Sprintf("sg-1 tcp %d 10.%d.%d.%d/32", 100+i%20, i>>16, i>>8&255, i&255)
				}
				in.Actual = append(in.Actual, audit.Actual{Direction: cloud.Ingress, Row: row(fmt.Sprintf("%s sgr-%d", text, i))})
			}
			for b.Loop() {
				once := in
				once.Actual = slices.Clone(in.Actual) // its rows are used up
				result, err := audit.Run(once)
				if err != nil || result.Counts[audit.Missing] != count/10 || result.Counts[audit.Excess] != count/10 {
					b.Fatalf("%v, %v", result, err)
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
