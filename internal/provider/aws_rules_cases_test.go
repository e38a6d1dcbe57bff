package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func awsRulesSurface() surface {
	base := object{"rules": writtenRules(), "bindings": awsBindings}
	return surface{
		name:      "function aws_rules",
		base:      base,
		arguments: rulesArguments(firewall.AWS()),
		run:       functionRun(func() function.Function { return newRulesFunction(firewall.AWS()) }, base),
		cases:     slices.Concat(rulesCases(base), bindingCases(base), awsBindingCases(base)),
	}
}

// awsBindings bind every endpoint of writtenRules.
var awsBindings = object{
	"canopsis":          object{"security_group_id": "sg-000000ca"},
	"mongodb":           object{"security_group_id": "sg-000000db"},
	"users":             object{"cidrs": list{"10.20.0.0/16"}},
	"administrators":    object{"cidrs": list{"192.0.2.0/28"}},
	"snmp_trap_sources": object{"cidrs": list{"10.30.0.0/16"}},
	"ldap":              object{"cidrs": list{"10.40.0.5/32"}},
}

// awsPeers are bindings with which every kind of peer comes out.
func awsPeers() []object {
	return []object{awsBindings.with(object{"ldap": object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 5}})}
}

// allBound is what writtenRules give where each endpoint is one peer.
const allBound = "4 ingress, 2 egress, unenforced: none"

// usersLack is what they give where users have no address.
const usersLack = "3 ingress, 2 egress, unenforced: users-to-canopsis-nginx/tcp-8443"

const usersRule = `rules["users-to-canopsis-nginx/tcp-8443"]`

// rulesCases are the cases of the first argument, which all targets share.
func rulesCases(base object) []diagnosticCase {
	everyRule, _ := base["rules"].(object)
	toNginx, _ := everyRule["users-to-canopsis-nginx/tcp-8443"].(object)
	one := func(attributes object) object { return rule(base, attributes) }
	cases := []diagnosticCase{
		{argument: "rules", kind: isUnknown, given: object{"rules": unknown},
			gives: "(known after apply)"},
		{argument: "rules", kind: isUnknown, what: "rule", given: object{"rules": everyRule.with(object{"users-to-canopsis-nginx/tcp-8443": unknown})},
			says: []string{usersRule, "not known yet", "depends_on"}},
		{argument: "rules", kind: isNull, given: object{"rules": nil},
			says: []string{"rules", "null stands here", "{}"}},
		{argument: "rules", kind: isNull, what: "rule", given: object{"rules": everyRule.with(object{"users-to-canopsis-nginx/tcp-8443": nil})},
			says: []string{usersRule, "null", "leave"}},
		{argument: "rules", kind: isEmpty, given: object{"rules": object{}},
			gives: "0 ingress, 0 egress, unenforced: none"},
		{argument: "rules", kind: isEmpty, what: "key", given: object{"rules": object{"": everyRule["users-to-canopsis-nginx/tcp-8443"]}},
			says: []string{`rules[""]`, "empty", "users-to-canopsis-nginx/tcp-8443"}},
		{argument: "rules", kind: isEmpty, what: "rule", given: object{"rules": object{"users-to-canopsis-nginx/tcp-8443": object{}}},
			says: []string{usersRule + ".purpose", "null", "leave the whole rule out"}},
		{argument: "rules", kind: isWrong, what: "a text", given: object{"rules": "all"},
			says: []string{"rules", `the text "all"`, "data.canopsis_flows"}},
		{argument: "rules", kind: isWrong, what: "a list", given: object{"rules": list{}},
			says: []string{"rules", "a list", "data.canopsis_flows"}},
		{argument: "rules", kind: isWrong, what: "a rule that is a text", given: object{"rules": object{"a": "tcp/443"}},
			says: []string{`rules["a"]`, `the text "tcp/443"`, "from_port"}},
		{argument: "rules", kind: isWrong, what: "a rule with seven attributes", given: object{"rules": everyRule.with(object{
			"users-to-canopsis-nginx/tcp-8443": toNginx.without("purpose"),
		})},
			says: []string{usersRule + ".purpose", "null", "leave the whole rule out"}},
		{argument: "rules", kind: isRight, what: "a rule with more attributes", given: object{"rules": everyRule.with(object{
			"users-to-canopsis-nginx/tcp-8443": toNginx.with(object{"origin": "published", "team": unknown}),
		})},
			gives: allBound},
		{argument: "rules", kind: isWrong, what: "the whole data source", given: object{"rules": object{
			"rules": everyRule, "flows": object{"users-to-canopsis-nginx": writtenFlow}, "errata": object{}, "canopsis_version": nil,
		}},
			says: []string{"rules", "the data source itself", "data.canopsis_flows.this.rules"}},
		{argument: "rules", kind: isWrong, what: "several data sources", given: object{"rules": object{
			"paris": object{"rules": everyRule, "flows": object{}}, "lyon": object{"rules": everyRule, "flows": object{}},
		}},
			says: []string{"rules", "data sources stand here", `data.canopsis_flows.this["lyon"].rules`}},
		{argument: "rules", kind: isWrong, what: "flows", given: object{"rules": object{"users-to-canopsis-nginx": writtenFlow}},
			says: []string{"rules", "flows stand here", "data.canopsis_flows.this.rules"}},
		{argument: "rules", kind: isWrong, what: "a protocol that another's name resembles", given: one(object{"protocol": "tpc"}),
			says: []string{".protocol", `"tpc" is not a protocol`, `Did you mean "tcp"?`}},
		{argument: "rules", kind: isWrong, what: "a misspelt attribute", given: object{"rules": object{"own": toNginx.without("from_port").with(object{"form_port": 8443})}},
			says: []string{`rules["own"].from_port`, `"form_port", which stands there, is not looked at`, "leave the whole rule out"}},
		{argument: "rules", kind: isWrong, what: "a misspelt type of ICMP", given: object{"rules": object{"own": toNginx.without("from_port").with(object{"protocol": "icmp", "form_port": 8, "to_port": nil})}},
			says: []string{`rules["own"].from_port`, `"form_port", which stands there, is not looked at`, "leave the whole rule out"}},
		{argument: "rules", kind: isWrong, what: "a protocol without a port", given: one(object{"protocol": "vrrp"}),
			says: []string{usersRule, "vrrp has no ports", "null in from_port and in to_port"}},
		{argument: "rules", kind: isRight, what: "a protocol without ports", given: one(object{"protocol": "vrrp", "from_port": nil, "to_port": nil}),
			gives: allBound},
		{argument: "rules", kind: isRight, what: "a protocol whose ports are left out", given: object{"rules": everyRule.with(object{
			"users-to-canopsis-nginx/tcp-8443": toNginx.without("from_port").without("to_port").with(object{"protocol": "ip/253"}),
		})},
			gives: allBound},
		{argument: "rules", kind: isRight, what: "any type of ICMP", given: one(object{"protocol": "icmp", "from_port": nil, "to_port": nil}),
			gives: allBound},
		{argument: "rules", kind: isRight, what: "one type of ICMP", given: one(object{"protocol": "icmp", "from_port": 8, "to_port": nil}),
			gives: allBound},
		{argument: "rules", kind: isWrong, what: "a code without a type", given: one(object{"protocol": "icmp", "from_port": nil, "to_port": 4}),
			says: []string{usersRule, "is not a type of icmp", "null for any"}},
		{argument: "rules", kind: isWrong, what: "a type that is none", given: one(object{"protocol": "icmp", "from_port": 256, "to_port": nil}),
			says: []string{usersRule, "256 is not a type of icmp", "from 0 to 255"}},
		{argument: "rules", kind: isWrong, what: "every protocol", given: one(object{"protocol": "-1"}),
			says: []string{usersRule + ".protocol", `"-1" would be every protocol`, "tcp, udp, sctp"}},
		{argument: "rules", kind: isWrong, what: "thirty of them", given: object{"rules": manyRules(30)},
			says: []string{`rules["rule_00"].protocol`, `rules["rule_19"].protocol`, "10 more errors"}},
	}
	for _, name := range []string{"flow", "source", "destination", "component", "purpose", "protocol", "from_port", "to_port"} {
		argument := "rules." + name
		cases = append(cases,
			diagnosticCase{argument: argument, kind: isUnknown, given: one(object{name: unknown}),
				says: []string{usersRule + "." + name, "not known yet", "depends_on"}},
			diagnosticCase{argument: argument, kind: isNull, given: one(object{name: nil}),
				says: []string{usersRule + "." + name, "null", "leave the whole rule out"}},
		)
		if strings.HasSuffix(name, "_port") {
			cases = append(cases,
				diagnosticCase{argument: argument, kind: isEmpty, what: "which is 0 for a port", given: one(object{name: 0}),
					says: []string{usersRule + "." + name, "0", "from 1 to 65535"}},
				diagnosticCase{argument: argument, kind: isWrong, what: "beyond the last", given: one(object{name: 65536}),
					says: []string{usersRule + "." + name, "65536", "from 1 to 65535"}},
				diagnosticCase{argument: argument, kind: isWrong, what: "negative", given: one(object{name: -1}),
					says: []string{usersRule + "." + name, "-1", "from 1 to 65535"}},
				diagnosticCase{argument: argument, kind: isWrong, what: "fraction", given: one(object{name: 443.5}),
					says: []string{usersRule + "." + name, "443.5", "from 1 to 65535"}},
				diagnosticCase{argument: argument, kind: isWrong, what: "astronomic", given: one(object{name: 1e300}),
					says: []string{usersRule + "." + name, "is not a port", "from 1 to 65535"}},
			)
			continue
		}
		cases = append(cases, diagnosticCase{argument: argument, kind: isEmpty, given: one(object{name: ""}),
			says: []string{usersRule + "." + name, `""`, "Allowed: "}})
	}
	return append(cases, []diagnosticCase{
		{argument: "rules.flow", kind: isWrong, what: "nothing is: any text will do", given: one(object{"flow": "Accès des utilisateurs"}),
			gives: allBound},
		{argument: "rules.source", kind: isWrong, what: "a CIDR", given: one(object{"source": "10.0.0.0/8"}),
			says: []string{usersRule + ".source", `"10.0.0.0/8"`, "lower-case"}},
		{argument: "rules.source", kind: isWrong, what: "an endpoint without a binding", given: one(object{"source": "user"}),
			says: []string{"bindings", "user, needed by users-to-canopsis-nginx", "given: users"}},
		{argument: "rules.destination", kind: isWrong, what: "capitals", given: one(object{"destination": "Canopsis"}),
			says: []string{usersRule + ".destination", `"Canopsis"`, `Did you mean "canopsis"?`}},
		{argument: "rules.component", kind: isWrong, what: "a space", given: one(object{"component": "web server"}),
			says: []string{usersRule + ".component", `"web server"`, `Did you mean "web_server"?`}},
		{argument: "rules.purpose", kind: isWrong, what: "misspelt", given: one(object{"purpose": "useraccess"}),
			says: []string{usersRule + ".purpose", `"useraccess"`, `Did you mean "user_access"?`, "installation"}},
		{argument: "rules.protocol", kind: isRight, what: "capitals", given: one(object{"protocol": "TCP"}),
			gives: allBound},
		{argument: "rules.protocol", kind: isWrong, what: "every protocol", given: one(object{"protocol": "-1"}),
			says: []string{usersRule + ".protocol", `"-1"`, "Allowed: tcp, udp"}},
		{argument: "rules.to_port", kind: isWrong, what: "reversed range", given: one(object{"from_port": 8010, "to_port": 8000}),
			says: []string{usersRule, "8010", "8000", "ends before it starts"}},
	}...)
}

// manyRules returns bad rules by the dozen.
func manyRules(n int) object {
	rules := object{}
	for i := range n {
		_, written := writtenRule("users", "canopsis", "nginx", "user_access", "stcp", 1+i)
		rules[fmt.Sprintf("rule_%02d", i)] = written
	}
	return rules
}

// bindingCases are the cases of what a binding is to every target.
func bindingCases(base object) []diagnosticCase {
	all, _ := base["bindings"].(object)
	users := func(attributes any) object { return binding(base, attributes) }
	const at = `bindings["users"]`
	return []diagnosticCase{
		{argument: "bindings", kind: isUnknown, given: object{"bindings": unknown},
			gives: "(known after apply)"},
		{argument: "bindings", kind: isUnknown, what: "binding", given: users(unknown),
			says: []string{at, "not known yet", "attributes one by one"}},
		{argument: "bindings", kind: isUnknown, what: "binding of a known type", given: users(notKnown{tftypes.Object{AttributeTypes: map[string]tftypes.Type{"cidrs": tftypes.List{ElementType: tftypes.String}}}}),
			says: []string{at, "not known yet", "attributes one by one"}},
		{argument: "bindings", kind: isNull, given: object{"bindings": nil},
			says: []string{"bindings", "null stands here", `{ users = { cidrs = ["10.20.0.0/16"] } }`}},
		{argument: "bindings", kind: isNull, what: "binding", given: users(nil),
			says: []string{"bindings", "users, needed by users-to-canopsis-nginx", "Write a binding"}},
		{argument: "bindings", kind: isEmpty, given: object{"bindings": object{}},
			says: []string{"bindings", "administrators, needed by administrators-to-canopsis-ssh", "Given: none", "refreshes or destroys"}},
		{argument: "bindings", kind: isEmpty, what: "binding", given: users(object{}),
			says: []string{at, "none of its attributes", "security_group_id", "cidrs = []"}},
		{argument: "bindings", kind: isEmpty, what: "name", given: bindings(base, object{"": object{"cidrs": list{}}}),
			says: []string{`bindings[""]`, `""`, "lower-case"}},
		{argument: "bindings", kind: isWrong, what: "a list", given: object{"bindings": list{"sg-00000001"}},
			says: []string{"bindings", "a list", `{ users = { cidrs = ["10.20.0.0/16"] } }`}},
		{argument: "bindings", kind: isWrong, what: "a binding that is a text", given: users("10.20.0.0/16"),
			says: []string{at, `the text "10.20.0.0/16"`, `{ cidrs = ["10.20.0.0/16"] }`}},
		{argument: "bindings", kind: isWrong, what: "misspelt attribute", given: users(object{"cidr": list{"10.20.0.0/16"}}),
			says: []string{at + ".cidr", `"cidr"`, `Did you mean "cidrs"?`, "same_as"}},
		{argument: "bindings", kind: isWrong, what: "misspelt attribute that is null", given: users(object{"cidr": nil, "cidrs": list{}}),
			says: []string{at + ".cidr", `"cidr"`, `Did you mean "cidrs"?`}},
		{argument: "bindings", kind: isWrong, what: "misspelt endpoint", given: object{"bindings": all.without("users").with(object{"user": object{"cidrs": list{}}})},
			says: []string{"bindings", "users, needed by users-to-canopsis-nginx (given: user)", "Given: administrators"}},
		{argument: "bindings", kind: isWrong, what: "the vendor's other name of an endpoint", given: object{"bindings": all.without("ldap").with(object{"serveur_ldap": object{"cidrs": list{}}})},
			says: []string{"bindings", "- ldap, needed by", "(given: serveur_ldap)"}},
		{argument: "bindings", kind: isWrong, what: "endpoint in capitals", given: bindings(base, object{"Users": object{"cidrs": list{}}}),
			says: []string{`bindings["Users"]`, `"Users"`, `Did you mean "users"?`}},
		{argument: "bindings", kind: isWrong, what: "missing host", given: object{"bindings": all.without("mongodb")},
			says: []string{"bindings", "mongodb, needed by canopsis-to-mongodb", "refreshes or destroys"}},
		{argument: "bindings", kind: isRight, what: "one too many", given: bindings(base, object{"snmp": object{"cidrs": list{"10.0.0.0/8"}}}),
			gives: allBound},

		{argument: "bindings.cidrs", kind: isUnknown, given: users(object{"cidrs": unknown}),
			says: []string{at + ".cidrs", "not known yet", "named_cidrs"}},
		{argument: "bindings.cidrs", kind: isUnknown, what: "list of a known type", given: users(object{"cidrs": notKnown{tftypes.List{ElementType: tftypes.String}}}),
			says: []string{at + ".cidrs", "not known yet", "named_cidrs"}},
		{argument: "bindings.cidrs", kind: isUnknown, what: "element", given: users(object{"cidrs": list{"10.20.0.0/16", unknown}}),
			says: []string{at + ".cidrs[1]", "not known yet", "named_cidrs"}},
		{argument: "bindings.cidrs", kind: isNull, given: users(object{"cidrs": nil}),
			says: []string{at, "null", "cidrs = []"}},
		{argument: "bindings.cidrs", kind: isNull, what: "element", given: users(object{"cidrs": list{"10.20.0.0/16", nil}}),
			says: []string{at + ".cidrs[1]", "null", "leave the element out"}},
		{argument: "bindings.cidrs", kind: isEmpty, given: users(object{"cidrs": list{}}),
			gives: usersLack},
		{argument: "bindings.cidrs", kind: isEmpty, what: "element", given: users(object{"cidrs": list{""}}),
			says: []string{at + ".cidrs[0]", `""`, "10.20.0.0/16"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "a text", given: users(object{"cidrs": "10.20.0.0/16"}),
			says: []string{at + ".cidrs", `the text "10.20.0.0/16"`, `["10.20.0.0/16"]`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "a map", given: users(object{"cidrs": object{"office": "10.20.0.0/16"}}),
			says: []string{at + ".cidrs", "an object", `["10.20.0.0/16"]`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "numbers", given: users(object{"cidrs": list{10}}),
			says: []string{at + ".cidrs[0]", "the number 10", `"10.20.0.0/16"`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "host bits", given: users(object{"cidrs": list{"10.20.0.1/16"}}),
			says: []string{at + ".cidrs[0]", `"10.20.0.1/16"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "bare address", given: users(object{"cidrs": list{"10.20.0.1"}}),
			says: []string{at + ".cidrs[0]", `"10.20.0.1"`, `Did you mean "10.20.0.1/32"?`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "bare IPv6 address", given: users(object{"cidrs": list{"2001:DB8::1"}}),
			says: []string{at + ".cidrs[0]", `"2001:DB8::1"`, `Did you mean "2001:db8::1/128"?`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "shortened", given: users(object{"cidrs": list{"10/8"}}),
			says: []string{at + ".cidrs[0]", `"10/8"`, "10.20.0.0/16"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "too long a prefix", given: users(object{"cidrs": list{"10.20.0.0/33"}}),
			says: []string{at + ".cidrs[0]", `"10.20.0.0/33"`, "Allowed: "}},
		{argument: "bindings.cidrs", kind: isWrong, what: "IPv4 in IPv6", given: users(object{"cidrs": list{"::ffff:10.20.0.0/112"}}),
			says: []string{at + ".cidrs[0]", `"::ffff:10.20.0.0/112"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "a host name", given: users(object{"cidrs": list{"vpn.example.com"}}),
			says: []string{at + ".cidrs[0]", `"vpn.example.com"`, "Allowed: "}},
		{argument: "bindings.cidrs", kind: isWrong, what: "a space before it", given: users(object{"cidrs": list{" 10.20.0.0/16"}}),
			says: []string{at + ".cidrs[0]", `" 10.20.0.0/16"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "bindings.cidrs", kind: isWrong, what: "everybody", given: users(object{"cidrs": list{"0.0.0.0/0"}}),
			says: []string{at, "0.0.0.0/0", "allow_public = true"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "everybody in halves", given: users(object{"cidrs": list{"0.0.0.0/1", "128.0.0.0/1"}}),
			says: []string{at, "0.0.0.0/0", "allow_public = true"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "everybody in IPv6", given: users(object{"cidrs": list{"2000::/3"}}),
			says: []string{at, "2000::/3", "allow_public = true"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "a hundred thousand", given: users(object{"cidrs": wrongCIDRs(100_000)}),
			says: []string{at + ".cidrs[0]", `"10.0.0.1/24"`, "99980 more errors"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "loopback", given: users(object{"cidrs": list{"127.0.0.1/32"}}),
			says: []string{at + ".cidrs[0]", `"127.0.0.1/32" is loopback`, "prefixes of machines"}},
		{argument: "bindings.cidrs", kind: isWrong, what: "half of the Internet for administrators", given: bindings(base, object{"administrators": object{"cidrs": everySecondBlock()}}),
			says: []string{"bindings", `the sources of administration rules at "canopsis" add up to 55 blocks of /8`, "up to 14 blocks"}},
		{argument: "bindings.cidrs", kind: isRight, what: "repeated and covered", given: users(object{"cidrs": list{"10.20.0.0/16", "10.20.0.0/16", "10.20.3.0/24"}}),
			gives: allBound},

		{argument: "bindings.named_cidrs", kind: isUnknown, given: users(object{"named_cidrs": unknown}),
			says: []string{at + ".named_cidrs", "names are not known yet", "named_cidrs = {"}},
		{argument: "bindings.named_cidrs", kind: isUnknown, what: "prefix", given: users(object{"named_cidrs": object{"vpn": unknown}}),
			gives: allBound},
		{argument: "bindings.named_cidrs", kind: isNull, given: users(object{"named_cidrs": nil, "cidrs": list{"10.20.0.0/16"}}),
			gives: allBound},
		{argument: "bindings.named_cidrs", kind: isNull, what: "prefix", given: users(object{"named_cidrs": object{"vpn": nil}}),
			says: []string{at + `.named_cidrs["vpn"]`, "null", "leave"}},
		{argument: "bindings.named_cidrs", kind: isEmpty, given: users(object{"named_cidrs": object{}}),
			gives: usersLack},
		{argument: "bindings.named_cidrs", kind: isEmpty, what: "prefix", given: users(object{"named_cidrs": object{"vpn": ""}}),
			says: []string{at + `.named_cidrs["vpn"]`, `""`, "10.20.0.0/16"}},
		{argument: "bindings.named_cidrs", kind: isEmpty, what: "name", given: users(object{"named_cidrs": object{"": "10.20.0.0/16"}}),
			says: []string{at + `.named_cidrs[""]`, `""`, "lower-case"}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "a list", given: users(object{"named_cidrs": list{"10.20.0.0/16"}}),
			says: []string{at + ".named_cidrs", "a list", `{ bastion = "10.0.0.5/32" }`}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "a prefix in a list", given: users(object{"named_cidrs": object{"vpn": list{"10.20.0.0/16"}}}),
			says: []string{at + `.named_cidrs["vpn"]`, "a list", `"10.0.0.5/32"`}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "name with a hyphen", given: users(object{"named_cidrs": object{"paris-1": "10.20.0.0/16"}}),
			says: []string{at + `.named_cidrs["paris-1"]`, `"paris-1"`, `Did you mean "paris_1"?`}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "host bits", given: users(object{"named_cidrs": object{"vpn": "10.20.0.1/16"}}),
			says: []string{at + `.named_cidrs["vpn"]`, `"10.20.0.1/16"`, `Did you mean "10.20.0.0/16"?`}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "an endpoint's name", given: users(object{"named_cidrs": object{"ldap": "10.20.0.0/16"}}),
			says: []string{at + `.named_cidrs["ldap"]`, `"ldap" is an endpoint`, "another name"}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "two names of one prefix", given: users(object{"named_cidrs": object{"paris": "10.20.0.0/16", "vpn": "10.20.0.0/16"}}),
			says: []string{at + `.named_cidrs["vpn"]`, `"paris" and "vpn" name one prefix`, "one name"}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "one name of two prefixes", given: bindings(base, object{
			"ldap":  object{"named_cidrs": object{"paris": "10.20.0.0/16"}},
			"users": object{"named_cidrs": object{"paris": "10.21.0.0/16"}},
		}),
			says: []string{at + `.named_cidrs["paris"]`, `"paris" names another prefix`, "a name of its own"}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "listed too", given: users(object{"cidrs": list{"10.20.0.0/16"}, "named_cidrs": object{"paris": "10.20.0.0/16"}}),
			says: []string{at + `.named_cidrs["paris"]`, "the prefix", `cidrs of "users"`, "Keep it in one"}},
		{argument: "bindings.named_cidrs", kind: isWrong, what: "everybody", given: users(object{"named_cidrs": object{"all": "0.0.0.0/0"}}),
			says: []string{at, "0.0.0.0/0", "allow_public = true"}},

		{argument: "bindings.attach", kind: isUnknown, given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "attach": unknown}}),
			says: []string{`bindings["mongodb"].attach`, "not known yet", "true or false"}},
		{argument: "bindings.attach", kind: isNull, given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "attach": nil}}),
			gives: allBound},
		{argument: "bindings.attach", kind: isEmpty, given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "attach": ""}}),
			says: []string{`bindings["mongodb"].attach`, `the text ""`, "true or false"}},
		{argument: "bindings.attach", kind: isWrong, what: "a text", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "attach": "no"}}),
			says: []string{`bindings["mongodb"].attach`, `the text "no"`, "true or false"}},
		{argument: "bindings.attach", kind: isWrong, what: "a number", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "attach": 0}}),
			says: []string{`bindings["mongodb"].attach`, "the number 0", "true or false"}},
		{argument: "bindings.attach", kind: isWrong, what: "alone", given: users(object{"attach": true}),
			says: []string{at, "none of its attributes", "security_group_id", "cidrs = []"}},
		{argument: "bindings.attach", kind: isWrong, what: "without a group", given: users(object{"attach": true, "cidrs": list{"10.20.0.0/16"}}),
			says: []string{at + ".attach", "has no security_group_id", "leave attach out"}},
		{argument: "bindings.attach", kind: isWrong, what: "left out", given: users(object{"security_group_id": "sg-000000f0"}),
			says: []string{at + ".security_group_id", "only ever a source of user_access rules", "referenced_security_group_id", "attach = true"}},
		{argument: "bindings.attach", kind: isWrong, what: "left out of an outside system", given: bindings(base, object{"ldap": object{"security_group_id": "sg-000000d1"}}),
			says: []string{`bindings["ldap"].security_group_id`, "only ever a destination of external rules", "referenced_security_group_id", "attach = true"}},
		{argument: "bindings.attach", kind: isWrong, what: "left out of administrators whom others are the same as", given: bindings(base, object{"administrators": object{"security_group_id": "sg-000000f0"}, "users": object{"same_as": "administrators"}}),
			says: []string{`bindings["administrators"].security_group_id`, "only ever a source of", "referenced_security_group_id"}},
		{argument: "bindings.attach", kind: isRight, what: "of an actor", given: users(object{"security_group_id": "sg-000000f0", "attach": true}),
			gives: "4 ingress, 3 egress, unenforced: none"},
		{argument: "bindings", kind: isWrong, what: "managed, which is no attribute", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "managed": false}}),
			says: []string{`bindings["mongodb"].managed`, `"managed" is not an attribute of a binding`, "named_cidrs"}},

		{argument: "bindings.allow_public", kind: isUnknown, given: users(object{"cidrs": list{"10.20.0.0/16"}, "allow_public": unknown}),
			says: []string{at + ".allow_public", "not known yet", "true or false"}},
		{argument: "bindings.allow_public", kind: isNull, given: users(object{"cidrs": list{"0.0.0.0/0"}, "allow_public": nil}),
			says: []string{at, "0.0.0.0/0", "allow_public = true"}},
		{argument: "bindings.allow_public", kind: isEmpty, given: users(object{"cidrs": list{"10.20.0.0/16"}, "allow_public": ""}),
			says: []string{at + ".allow_public", `the text ""`, "true or false"}},
		{argument: "bindings.allow_public", kind: isWrong, what: "a text", given: users(object{"cidrs": list{"0.0.0.0/0"}, "allow_public": "yes"}),
			says: []string{at + ".allow_public", `the text "yes"`, "true or false"}},
		{argument: "bindings.allow_public", kind: isWrong, what: "for administration", given: bindings(base, object{"administrators": object{"cidrs": list{"0.0.0.0/0"}, "allow_public": true}}),
			says: []string{`bindings["administrators"]`, "0.0.0.0/0", "administration", "allow_public does not"}},
		{argument: "bindings.allow_public", kind: isRight, what: "for users", given: users(object{"cidrs": list{"0.0.0.0/0"}, "allow_public": true}),
			gives: allBound},

		{argument: "bindings.same_as", kind: isUnknown, given: users(object{"same_as": unknown}),
			says: []string{at + ".same_as", "not known yet", `same_as = "`}},
		{argument: "bindings.same_as", kind: isNull, given: users(object{"same_as": nil, "cidrs": list{"10.20.0.0/16"}}),
			gives: allBound},
		{argument: "bindings.same_as", kind: isEmpty, given: users(object{"same_as": ""}),
			says: []string{at + ".same_as", "empty", `same_as = "users"`}},
		{argument: "bindings.same_as", kind: isWrong, what: "a list", given: users(object{"same_as": list{"ldap"}}),
			says: []string{at + ".same_as", "a list", `same_as = "users"`}},
		{argument: "bindings.same_as", kind: isWrong, what: "the vendor's other name of an endpoint", given: users(object{"same_as": "serveur_ldap"}),
			says: []string{at + ".same_as", `"serveur_ldap" is not an endpoint`, `Did you mean "ldap"?`}},
		{argument: "bindings.same_as", kind: isWrong, what: "misspelt", given: users(object{"same_as": "administrator"}),
			says: []string{at + ".same_as", `"administrator"`, `Did you mean "administrators"?`, "Allowed: "}},
		{argument: "bindings.same_as", kind: isWrong, what: "itself", given: users(object{"same_as": "users"}),
			says: []string{at + ".same_as", `"users"`, "another endpoint"}},
		{argument: "bindings.same_as", kind: isWrong, what: "a detour", given: bindings(base, object{"users": object{"same_as": "ldap"}, "ldap": object{"same_as": "administrators"}}),
			says: []string{at + ".same_as", `"ldap"`, `Did you mean "administrators"?`}},
		{argument: "bindings.same_as", kind: isWrong, what: "beside CIDRs", given: users(object{"same_as": "ldap", "cidrs": list{"10.20.0.0/16"}}),
			says: []string{at + ".same_as", `"ldap"`, "Leave same_as out"}},
		{argument: "bindings.same_as", kind: isRight, what: "another endpoint", given: users(object{"same_as": "ldap"}),
			gives: allBound},
	}
}

// everySecondBlock returns blocks of which none is public by itself.
func everySecondBlock() list {
	var cidrs list
	for i := range 55 {
		cidrs = append(cidrs, fmt.Sprintf("%d.0.0.0/8", 1+2*i))
	}
	return cidrs
}

// wrongCIDRs returns prefixes with host bits.
func wrongCIDRs(n int) list {
	var cidrs list
	for i := range n {
		cidrs = append(cidrs, fmt.Sprintf("10.%d.%d.1/24", i>>8&0xff, i&0xff))
	}
	return cidrs
}

// awsBindingCases are the cases of what only AWS has.
func awsBindingCases(base object) []diagnosticCase {
	users := func(attributes any) object { return binding(base, attributes) }
	const at = `bindings["users"]`
	return []diagnosticCase{
		{argument: "bindings.security_group_id", kind: isUnknown, given: bindings(base, object{"mongodb": object{"security_group_id": unknown}}),
			gives: allBound},
		{argument: "bindings.security_group_id", kind: isNull, given: bindings(base, object{"mongodb": object{"security_group_id": nil}}),
			says: []string{`bindings["mongodb"]`, "null", "cidrs = []"}},
		{argument: "bindings.security_group_id", kind: isEmpty, given: bindings(base, object{"mongodb": object{"security_group_id": ""}}),
			says: []string{`bindings["mongodb"].security_group_id`, "the text is empty", "or null"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a resource", given: bindings(base, object{"mongodb": object{"security_group_id": object{"id": "sg-000000db"}}}),
			says: []string{`bindings["mongodb"].security_group_id`, "an object", "as in RESOURCE.id"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a list", given: bindings(base, object{"mongodb": object{"security_group_id": list{"sg-000000db"}}}),
			says: []string{`bindings["mongodb"].security_group_id`, "a list", "as in RESOURCE.id"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "two hosts with one", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000ca"}}),
			says: []string{`bindings["mongodb"]`, `the same security_group_id`, `mongodb = { same_as = "canopsis" }`, "clusters"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "two others with one", given: bindings(base, object{
			"users":          object{"referenced_security_group_id": "sg-000000f0"},
			"administrators": object{"referenced_security_group_id": "sg-000000f0"},
		}),
			says: []string{at, `the same referenced_security_group_id`, `users = { same_as = "administrators" }`}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "another's beside a prefix list", given: users(object{"referenced_security_group_id": "sg-00000001", "prefix_list_id": "pl-00000001", "prefix_list_max_entries": 5}),
			says: []string{at, "referenced_security_group_id", "prefix_list_id", "Keep one"}},
		{argument: "bindings.security_group_id", kind: isRight, what: "beside a prefix list", given: bindings(base, object{"canopsis": object{"security_group_id": "sg-00000001", "prefix_list_id": "pl-00000001", "prefix_list_max_entries": 5}}),
			gives: allBound},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a name", given: bindings(base, object{"mongodb": object{"security_group_id": "mongodb"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `"mongodb"`, "sg-0123456789abcdef0"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "an ARN", given: bindings(base, object{"mongodb": object{"security_group_id": "arn:aws:ec2:eu-west-3:123456789012:security-group/sg-00000001"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `"arn:aws:ec2:eu-west-3:123456789012:security-group/sg-00000001"`, "not a name, an ARN"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a space", given: bindings(base, object{"mongodb": object{"security_group_id": " "}}),
			says: []string{`bindings["mongodb"].security_group_id`, `" "`, "sg-0123456789abcdef0"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a name as ids begin", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-web"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `"sg-web"`, "sg- and the digits that EC2 made"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "another cloud's", given: bindings(base, object{"mongodb": object{"security_group_id": "2a3c5d7e-0b1f-4c6d-8e9f-0a1b2c3d4e5f"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `"2a3c5d7e-0b1f-4c6d-8e9f-0a1b2c3d4e5f"`, "sg- and the digits that EC2 made"}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "a space before it", given: bindings(base, object{"mongodb": object{"security_group_id": " sg-00000001"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `" sg-00000001"`, `Did you mean "sg-00000001"?`}},
		{argument: "bindings.security_group_id", kind: isWrong, what: "another account's", given: bindings(base, object{"mongodb": object{"security_group_id": "123456789012/sg-00000001"}}),
			says: []string{`bindings["mongodb"].security_group_id`, `"123456789012/sg-00000001"`, "another account's group"}},

		{argument: "bindings.referenced_security_group_id", kind: isUnknown, given: users(object{"referenced_security_group_id": unknown}),
			gives: allBound},
		{argument: "bindings.referenced_security_group_id", kind: isNull, given: bindings(base, object{"mongodb": object{"security_group_id": "sg-000000db", "referenced_security_group_id": nil}}),
			gives: allBound},
		{argument: "bindings.referenced_security_group_id", kind: isEmpty, given: users(object{"referenced_security_group_id": ""}),
			says: []string{at + ".referenced_security_group_id", "the text is empty", "or null"}},
		{argument: "bindings.referenced_security_group_id", kind: isWrong, what: "an account that is none", given: users(object{"referenced_security_group_id": "1234/sg-00000001"}),
			says: []string{at + ".referenced_security_group_id", `"1234/sg-00000001"`, "ACCOUNT/"}},
		{argument: "bindings.referenced_security_group_id", kind: isWrong, what: "a host's", given: users(object{"referenced_security_group_id": "sg-000000ca"}),
			says: []string{at, "security_group_id and referenced_security_group_id", `users = { same_as = "canopsis" }`}},
		{argument: "bindings.referenced_security_group_id", kind: isRight, what: "another account's", given: users(object{"referenced_security_group_id": "123456789012/sg-00000001"}),
			gives: allBound},
		{argument: "bindings.referenced_security_group_id", kind: isRight, what: "beside the group to attach to", given: bindings(base, object{"mongodb": object{"security_group_id": "sg-00000001", "referenced_security_group_id": "sg-00000002"}}),
			gives: allBound},

		{argument: "bindings.prefix_list_id", kind: isUnknown, given: users(object{"prefix_list_id": unknown, "prefix_list_max_entries": unknown}),
			gives: allBound},
		{argument: "bindings.prefix_list_id", kind: isNull, given: users(object{"prefix_list_id": nil, "cidrs": list{"10.20.0.0/16"}}),
			gives: allBound},
		{argument: "bindings.prefix_list_id", kind: isEmpty, given: users(object{"prefix_list_id": "", "prefix_list_max_entries": 5}),
			says: []string{at + ".prefix_list_id", "the text is empty", "or null"}},
		{argument: "bindings.prefix_list_id", kind: isWrong, what: "a list", given: users(object{"prefix_list_id": list{"pl-00000001"}, "prefix_list_max_entries": 5}),
			says: []string{at + ".prefix_list_id", "a list", "as in RESOURCE.id"}},
		{argument: "bindings.prefix_list_id", kind: isWrong, what: "a name as ids begin", given: users(object{"prefix_list_id": "pl-offices", "prefix_list_max_entries": 5}),
			says: []string{`bindings["users"].prefix_list_id`, `"pl-offices"`, "pl- and the digits that EC2 made"}},
		{argument: "bindings.prefix_list_id", kind: isWrong, what: "without its size", given: users(object{"prefix_list_id": "pl-00000001"}),
			says: []string{at, "prefix_list_max_entries", "max_entries"}},
		{argument: "bindings.prefix_list_id", kind: isWrong, what: "two endpoints with one", given: bindings(base, object{
			"users": object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 5},
			"ldap":  object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 5},
		}),
			says: []string{at, `the same prefix_list_id`, `users = { same_as = "ldap" }`}},

		{argument: "bindings.prefix_list_max_entries", kind: isUnknown, given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": unknown}),
			gives: allBound},
		{argument: "bindings.prefix_list_max_entries", kind: isNull, given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": nil}),
			says: []string{at, "prefix_list_max_entries", "max_entries"}},
		{argument: "bindings.prefix_list_max_entries", kind: isEmpty, what: "which is 0 for a size", given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 0}),
			says: []string{at + ".prefix_list_max_entries", "0", "a whole number from 1"}},
		{argument: "bindings.prefix_list_max_entries", kind: isEmpty, what: "text", given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": ""}),
			says: []string{at + ".prefix_list_max_entries", `the text ""`, "a whole number from 1"}},
		{argument: "bindings.prefix_list_max_entries", kind: isWrong, what: "fraction", given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 2.5}),
			says: []string{at + ".prefix_list_max_entries", "the number 2.5", "a whole number from 1"}},
		{argument: "bindings.prefix_list_max_entries", kind: isWrong, what: "astronomic", given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": 9e18}),
			says: []string{at + ".prefix_list_max_entries", "9000000000000000000", "from 1 to 1000"}},
		{argument: "bindings.prefix_list_id", kind: isWrong, what: "a name", given: users(object{"prefix_list_id": "sites", "prefix_list_max_entries": 5}),
			says: []string{at + ".prefix_list_id", `"sites"`, "pl-0123456789abcdef0"}},
		{argument: "bindings.prefix_list_max_entries", kind: isWrong, what: "negative", given: users(object{"prefix_list_id": "pl-00000001", "prefix_list_max_entries": -4}),
			says: []string{at + ".prefix_list_max_entries", "-4", "a whole number from 1"}},
		{argument: "bindings.prefix_list_max_entries", kind: isWrong, what: "without a list", given: users(object{"cidrs": list{"10.20.0.0/16"}, "prefix_list_max_entries": 5}),
			says: []string{at + ".prefix_list_max_entries", "prefix_list_id", "leave prefix_list_max_entries out"}},
	}
}
