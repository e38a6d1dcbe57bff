package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// BenchmarkCallAuditRules is a call as Terraform makes it: 10,000 rules that are
// wanted, and 100,000 that are there, as a text.
func BenchmarkCallAuditRules(b *testing.B) {
	const wanted, there = 10_000, 100_000
	bound := object{}
	var rules []string
	for i := range there {
		prefix := fmt.Sprintf("10.%d.%d.%d/32", i>>16, i>>8&255, i&255)
		if i < wanted {
			key := prefix + "-to-canopsis/tcp-8443"
			bound[key] = writtenBound().with(object{"cidr_ipv4": prefix, "peer": prefix, "description": key})
		}
		rules = append(rules, printedRule(fmt.Sprint(i), "sg-0c", 8443, 8443, prefix))
	}
	given := object{"expected": writtenExpected().with(object{"ingress": bound}), "actual": workedActual(rules...), "settings": object{"directions": list{"ingress"}}}
	req := &tfprotov6.CallFunctionRequest{Name: "audit_rules"}
	for _, name := range []string{"expected", "actual", "settings"} {
		value, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, untyped(given[name]))
		if err != nil {
			b.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &value)
	}
	b.SetBytes(int64(len(strings.Join(rules, ""))))
	b.ReportAllocs()
	for b.Loop() {
		resp, err := providerserver.NewProtocol6(New("test")())().CallFunction(b.Context(), req)
		if err != nil || resp.Error != nil || resp.Result == nil {
			b.Fatal(err, resp.Error)
		}
	}
}
