package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// BenchmarkCallAWSRules is a call of aws_rules as Terraform makes it, from the
// bytes of its arguments to those of its result: one rule, and users with many
// prefixes.
func BenchmarkCallAWSRules(b *testing.B) {
	for _, prefixes := range []int{10_000, 50_000} {
		b.Run(fmt.Sprint(prefixes), func(b *testing.B) {
			server, err := providerserver.NewProtocol6WithError(New("test")())()
			if err != nil {
				b.Fatal(err)
			}
			arguments := manyPrefixes(b, prefixes)
			b.ReportAllocs()
			for b.Loop() {
				resp, err := server.CallFunction(b.Context(), &tfprotov6.CallFunctionRequest{Name: "aws_rules", Arguments: arguments})
				if err != nil || resp.Error != nil || resp.Result == nil {
					b.Fatal(err, resp.Error)
				}
			}
		})
	}
}

// manyPrefixes returns the arguments of a call: users reach Nginx on one port from
// so many prefixes.
func manyPrefixes(b *testing.B, count int) []*tfprotov6.DynamicValue {
	b.Helper()
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	cidrs := make([]tftypes.Value, count)
	types := make([]tftypes.Type, count)
	for i := range cidrs {
		cidrs[i], types[i] = text(fmt.Sprintf("10.%d.%d.0/24", i/250, i%250)), tftypes.String
	}
	rules := tftypes.NewValue(tftypes.Map{ElementType: ruleType}, map[string]tftypes.Value{
		"users-to-canopsis-nginx/tcp-8443": tftypes.NewValue(ruleType, map[string]tftypes.Value{
			"flow": text("users-to-canopsis-nginx"), "source": text("users"), "destination": text("canopsis"),
			"component": text("nginx"), "purpose": text("user_access"), "protocol": text("tcp"),
			"from_port": tftypes.NewValue(tftypes.Number, 8443), "to_port": tftypes.NewValue(tftypes.Number, 8443),
		}),
	})
	host := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"security_group_id": tftypes.String}}
	users := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"cidrs": tftypes.Tuple{ElementTypes: types}}}
	all := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"canopsis": host, "users": users}}
	bindings := tftypes.NewValue(all, map[string]tftypes.Value{
		"canopsis": tftypes.NewValue(host, map[string]tftypes.Value{"security_group_id": text("sg-0123456789abcdef0")}),
		"users":    tftypes.NewValue(users, map[string]tftypes.Value{"cidrs": tftypes.NewValue(users.AttributeTypes["cidrs"], cidrs)}),
	})
	arguments := make([]*tfprotov6.DynamicValue, 2)
	for i, argument := range []struct {
		t tftypes.Type
		v tftypes.Value
	}{{tftypes.Map{ElementType: ruleType}, rules}, {tftypes.DynamicPseudoType, bindings}} {
		value, err := tfprotov6.NewDynamicValue(argument.t, argument.v)
		if err != nil {
			b.Fatal(err)
		}
		arguments[i] = &value
	}
	return arguments
}
