package provider

import (
	"fmt"
	"runtime/debug"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
)

// benchmarkAudit returns the arguments for so many rules that are there, as a
// text, of which nine in ten open what nobody wants.
func benchmarkAudit(b *testing.B, there int) (expected, actual, settings tftypes.Value) {
	b.Helper()
	bound := object{}
	var rules []string
	for i := range there {
		prefix := fmt.Sprintf("10.%d.%d.%d/32", i>>16, i>>8&255, i&255)
		if i < there/10 {
			key := prefix + "-to-canopsis/tcp-8443"
			bound[key] = writtenBound().with(object{"cidr_ipv4": prefix, "peer": prefix, "description": key})
		}
		rules = append(rules, printedRule(fmt.Sprint(i), "sg-0000000c", 8443, 8443, prefix))
	}
	return untyped(writtenExpected().with(object{"ingress": bound})), untyped(workedActual(rules...)), untyped(object{"directions": list{"ingress"}})
}

// BenchmarkAuditRules is what a call costs beside Terraform's protocol: texts are
// read, compared, and the result is built. Beside each time it prints by how much
// it grew with the number doubled: 2.1 is n log n, 4 would be n².
func BenchmarkAuditRules(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program has it
	last := 0.0
	for _, there := range []int{12_500, 25_000, 50_000, 100_000, 200_000} {
		b.Run(fmt.Sprintf("rules=%d", there), func(b *testing.B) {
			expected, actual, settings := benchmarkAudit(b, there)
			b.ReportAllocs()
			for b.Loop() {
				r := &auditReader{}
				r.read(r.Root("expected", expected), r.Root("actual", actual), r.Root("settings", settings))
				found, err := audit.Run(r.input)
				if r.Len() > 0 || err != nil || found.Counts[audit.Excess] != there-there/10 || !auditValue(r.input, found).IsKnown() {
					b.Fatal(r.Err(), err, found)
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

// BenchmarkCallAuditRules is a call as Terraform makes it: 10,000 rules that are
// wanted, and 100,000 that are there, as a text.
func BenchmarkCallAuditRules(b *testing.B) {
	req := &tfprotov6.CallFunctionRequest{Name: "audit_rules"}
	expected, actual, settings := benchmarkAudit(b, 100_000)
	for _, given := range []tftypes.Value{expected, actual, settings} {
		value, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, given)
		if err != nil {
			b.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &value)
	}
	b.ReportAllocs()
	for b.Loop() {
		resp, err := providerserver.NewProtocol6(New("test")())().CallFunction(b.Context(), req)
		if err != nil || resp.Error != nil || resp.Result == nil {
			b.Fatal(err, resp.Error)
		}
	}
}
