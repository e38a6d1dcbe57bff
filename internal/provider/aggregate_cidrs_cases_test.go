package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func aggregateCIDRsSurface() surface {
	base := object{"cidrs": list{"10.0.2.0/24", "10.0.0.0/24", "10.9.0.0/24"}, "most": nil, "spread": nil}
	return surface{
		name: "function aggregate_cidrs",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			return []string{"cidrs", "most", "spread", "spread.ipv4", "spread.ipv6"}
		},
		run: typedRun(newAggregateCIDRsFunction(), base, func(t *testing.T, result tftypes.Value) string {
			t.Helper()
			parts := children(t, result)
			return known(t, parts["cidrs"]) + ", widened: " + known(t, parts["widened"])
		}),
		cases: aggregateCIDRsCases(),
	}
}

func aggregateCIDRsCases() []diagnosticCase {
	to := func(most any, spread any) object { return object{"most": most, "spread": spread} }
	const exact = `["10.0.0.0/24", "10.0.2.0/24", "10.9.0.0/24"], widened: {}`
	const widened = `["10.0.0.0/22", "10.9.0.0/24"], widened: { 10.0.0.0/22 = { added = 512, given = ["10.0.0.0/24", "10.0.2.0/24"] } }`
	return []diagnosticCase{
		{argument: "cidrs", kind: isUnknown, given: object{"cidrs": unknown},
			gives: "(known after apply)"},
		{argument: "cidrs", kind: isUnknown, what: "prefix", given: object{"cidrs": list{"10.0.0.0/24", unknown}},
			gives: "(known after apply)"},
		{argument: "cidrs", kind: isUnknown, what: "beside a wrong one", given: object{"cidrs": list{unknown, "10.0.0.1/24"}},
			says: []string{"cidrs[1]", `"10.0.0.1/24"`, `Did you mean "10.0.0.0/24"?`}},
		{argument: "cidrs", kind: isNull, given: object{"cidrs": nil},
			says: []string{"cidrs", "left out or null", `a list of prefixes, as in ["10.20.0.0/16"]`}},
		{argument: "cidrs", kind: isNull, what: "prefix", given: object{"cidrs": list{nil}},
			says: []string{"cidrs[0]", "null stands here", "leave the element out"}},
		{argument: "cidrs", kind: isEmpty, given: object{"cidrs": list{}},
			gives: "[], widened: {}"},
		{argument: "cidrs", kind: isEmpty, what: "with a limit", given: object{"cidrs": list{}, "most": 1},
			gives: "[], widened: {}"},
		{argument: "cidrs", kind: isEmpty, what: "prefix", given: object{"cidrs": list{""}},
			says: []string{"cidrs[0]", `""`, "a prefix in CIDR notation"}},
		{argument: "cidrs", kind: isWrong, what: "bare address", given: object{"cidrs": list{"10.0.0.5"}},
			says: []string{"cidrs[0]", `"10.0.0.5"`, `Did you mean "10.0.0.5/32"?`}},
		{argument: "cidrs", kind: isRight, what: "both families, in any order and several times", given: object{"cidrs": list{"2001:db8:1::/48", "10.0.1.0/24", "2001:db8::/48", "10.0.0.0/24", "10.0.0.7/32", "10.0.1.0/24"}},
			gives: `["10.0.0.0/23", "2001:db8::/47"], widened: {}`},

		{argument: "most", kind: isUnknown, given: object{"most": unknown},
			gives: "(known after apply)"},
		{argument: "most", kind: isNull, given: object{"most": nil},
			gives: exact},
		{argument: "most", kind: isEmpty, what: "which is 0 for a number", given: object{"most": 0},
			says: []string{"most", "the number 0", "a whole number from 1"}},
		{argument: "most", kind: isWrong, what: "negative", given: object{"most": -1},
			says: []string{"most", "the number -1", "a whole number from 1"}},
		{argument: "most", kind: isWrong, what: "fraction", given: object{"most": 1.5},
			says: []string{"most", "the number 1.5", "a whole number from 1"}},
		{argument: "most", kind: isWrong, what: "too low", given: object{"cidrs": list{"10.0.0.0/24", "2001:db8::/32"}, "most": 1},
			says: []string{"most", "need 2 prefixes", "leaves 2 at least", "Write 2 or more"}},
		{argument: "most", kind: isWrong, what: "what would be public", given: object{"cidrs": list{"8.8.8.8/32", "9.9.9.9/32"}, "most": 1},
			says: []string{"most", "need 2 prefixes", "leaves 2 at least", "public block"}},
		{argument: "most", kind: isRight, what: "as many as there are", given: object{"most": 3},
			gives: exact},
		{argument: "most", kind: isRight, what: "astronomic", given: object{"most": 1 << 60},
			gives: exact},
		{argument: "most", kind: isRight, what: "fewer than there are", given: object{"most": 2},
			gives: widened},

		{argument: "spread", kind: isUnknown, given: to(2, unknown),
			gives: "(known after apply)"},
		{argument: "spread", kind: isNull, given: to(2, nil),
			gives: widened},
		{argument: "spread", kind: isEmpty, given: to(2, object{}),
			gives: widened},
		{argument: "spread", kind: isWrong, what: "a number", given: to(2, 20),
			says: []string{"spread", "the number 20", "{ ipv4 = 20, ipv6 = 48 }"}},
		{argument: "spread", kind: isWrong, what: "misspelt family", given: to(2, object{"IPv4": 20}),
			says: []string{"spread.IPv4", `"IPv4" is not an address family`, `Did you mean "ipv4"?`}},
		{argument: "spread", kind: isRight, what: "without a limit", given: to(nil, object{"ipv4": 8}),
			gives: exact},

		{argument: "spread.ipv4", kind: isUnknown, given: to(2, object{"ipv4": unknown}),
			gives: "(known after apply)"},
		{argument: "spread.ipv4", kind: isNull, given: to(2, object{"ipv4": nil}),
			gives: widened},
		{argument: "spread.ipv4", kind: isEmpty, what: "which is 0 for a number", given: to(2, object{"ipv4": 0}),
			says: []string{"spread.ipv4", "the number 0", "from 8 to 32"}},
		{argument: "spread.ipv4", kind: isWrong, what: "public", given: to(2, object{"ipv4": 7}),
			says: []string{"spread.ipv4", "the number 7", "from 8 to 32"}},
		{argument: "spread.ipv4", kind: isWrong, what: "a text", given: to(2, object{"ipv4": "/20"}),
			says: []string{"spread.ipv4", `the text "/20"`, "from 8 to 32"}},
		{argument: "spread.ipv4", kind: isWrong, what: "longer than the limit needs", given: to(2, object{"ipv4": 23}),
			says: []string{"most", "leaves 3 at least", "allow shorter prefixes in spread"}},
		{argument: "spread.ipv4", kind: isRight, given: to(2, object{"ipv4": 22}),
			gives: widened},

		{argument: "spread.ipv6", kind: isUnknown, given: to(2, object{"ipv6": unknown}),
			gives: "(known after apply)"},
		{argument: "spread.ipv6", kind: isNull, given: to(2, object{"ipv6": nil}),
			gives: widened},
		{argument: "spread.ipv6", kind: isEmpty, what: "which is 0 for a number", given: to(2, object{"ipv6": 0}),
			says: []string{"spread.ipv6", "the number 0", "from 16 to 128"}},
		{argument: "spread.ipv6", kind: isWrong, what: "beyond the last", given: to(2, object{"ipv6": 129}),
			says: []string{"spread.ipv6", "the number 129", "from 16 to 128"}},
		{argument: "spread.ipv6", kind: isWrong, what: "longer than the limit needs", given: object{"cidrs": list{"2001:db8::/48", "2001:db8:2::/48"}, "most": 1, "spread": object{"ipv6": 47}},
			says: []string{"most", "leaves 2 at least", "allow shorter prefixes in spread"}},
	}
}
