package provider

import (
	"errors"
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
			call := awsRulesCall(b, prefixes)
			b.ReportAllocs()
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestAWSRulesCall keeps what the benchmark calls a call that the server takes:
// nothing else runs the benchmarks but `make bench`.
func TestAWSRulesCall(t *testing.T) {
	t.Parallel()
	if err := awsRulesCall(t, 10)(); err != nil {
		t.Error(err)
	}
}

// awsRulesCall returns a call of aws_rules with so many prefixes, which fails where
// the server answers anything but a result.
func awsRulesCall(tb testing.TB, prefixes int) func() error {
	tb.Helper()
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		tb.Fatal(err)
	}
	arguments := manyPrefixes(tb, prefixes)
	return func() error {
		resp, err := server.CallFunction(tb.Context(), &tfprotov6.CallFunctionRequest{Name: "aws_rules", Arguments: arguments})
		switch {
		case err != nil:
			return err
		case resp.Error != nil:
			return errors.New(resp.Error.Text)
		case resp.Result == nil:
			return errors.New("aws_rules answered without a result")
		}
		return nil
	}
}

// manyPrefixes returns the arguments of a call: users reach Nginx on one port from
// so many prefixes.
func manyPrefixes(tb testing.TB, count int) []*tfprotov6.DynamicValue {
	tb.Helper()
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
	for i, argument := range []tftypes.Value{rules, bindings} {
		value, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, argument)
		if err != nil {
			tb.Fatal(err)
		}
		arguments[i] = &value
	}
	return arguments
}
