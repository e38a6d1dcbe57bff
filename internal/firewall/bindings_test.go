package firewall_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

type bindings = map[string]firewall.Binding

// named is a map of CIDRs by name; "?" is one that is not known yet.
func named(pairs ...string) map[string]firewall.Value[string] {
	cidrs := make(map[string]firewall.Value[string])
	for i := 0; i < len(pairs); i += 2 {
		cidrs[pairs[i]] = firewall.Known(pairs[i+1])
		if pairs[i+1] == "?" {
			cidrs[pairs[i]] = firewall.Unknown[string]()
		}
	}
	return cidrs
}

func group(id string) firewall.Binding {
	return firewall.Binding{Forms: firewall.Forms{"security_group_id": {Text: firewall.Known(id)}}}
}

func cidrs(prefixes ...string) firewall.Binding {
	return firewall.Binding{CIDRs: append([]string{}, prefixes...)}
}

// attached is a group that rules are attached to though it is an actor's.
func attached(id string) firewall.Binding {
	b := group(id)
	b.Attach = true
	return b
}

// withPurpose gives every rule this purpose.
func withPurpose(rules map[string]deployment.Rule, purpose matrix.Purpose) map[string]deployment.Rule {
	for key, r := range rules {
		r.Purpose = purpose
		rules[key] = r
	}
	return rules
}

// faultsOf returns all that is wrong, each with its path and on one line.
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var all *refusal.Errors
	if !errors.As(err, &all) {
		t.Fatalf("%T is not *refusal.Errors: %v", err, err)
	}
	var lines []string
	for _, wrong := range all.All() {
		lines = append(lines, wrong.Error())
	}
	return lines
}

func TestBindingsAreRefused(t *testing.T) {
	t.Parallel()
	canopsis := group("sg-00000001")
	absent := firewall.Value[string]{}
	for _, c := range []struct {
		name     string
		bindings bindings
		want     []string
	}{
		{"nothing said", bindings{"canopsis": canopsis, "users": {}}, []string{
			`Binding without content: bindings["users"]: none of its attributes says what the endpoint is: all are left out or null (an identifier that was unknown at plan may have become null). ` +
				`Write security_group_id for a host, cidrs = ["10.20.0.0/16"] for a network, or cidrs = [] for what has no addresses yet.`,
		}},
		{"nothing but flags", bindings{"canopsis": canopsis, "users": {Public: true}}, []string{
			`Binding without content: bindings["users"]: none of its attributes says what the endpoint is: all are left out or null (an identifier that was unknown at plan may have become null). ` +
				`Write security_group_id for a host, cidrs = ["10.20.0.0/16"] for a network, or cidrs = [] for what has no addresses yet.`,
		}},
		{"group and list", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000002")}, "prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](5)}}}}, []string{
			`Two answers in one binding: bindings["users"]: referenced_security_group_id and prefix_list_id are both set. Keep one of the two; CIDRs may stand beside either.`,
		}},
		{"list without its size", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Unknown[string]()}}}}, []string{
			`Missing attribute: bindings["users"]: prefix_list_id is set without prefix_list_max_entries; the cloud counts the list as that many rules. ` +
				`Add prefix_list_max_entries = RESOURCE.max_entries, from the resource or data source that the id comes from.`,
		}},
		{"size without a list", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"prefix_list_max_entries": {Number: firewall.Known[int64](5)}}, CIDRs: []string{}}}, []string{
			`Attribute without its own: bindings["users"].prefix_list_max_entries: prefix_list_max_entries is set without prefix_list_id. Add prefix_list_id, or leave prefix_list_max_entries out.`,
		}},
		{"size of nothing", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](0)}}}}, []string{
			`Number out of range: bindings["users"].prefix_list_max_entries: 0 is not a prefix list's size. Allowed: a whole number from 1 to 1000.`,
		}},
		{"empty group", bindings{"canopsis": group(""), "users": cidrs("10.20.0.0/16")}, []string{
			`Empty identifier: bindings["canopsis"].security_group_id: the text is empty. Give the resource's id, or null to leave the attribute out.`,
		}},
		{"empty list", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("")}, "prefix_list_max_entries": {Number: firewall.Known[int64](1)}}}}, []string{
			`Empty identifier: bindings["users"].prefix_list_id: the text is empty. Give the resource's id, or null to leave the attribute out.`,
		}},
		{"name of an endpoint that is none", bindings{"canopsis": canopsis, "users": cidrs(), "Web-Users": cidrs()}, []string{
			`Invalid name: bindings["Web-Users"]: "Web-Users" is not a valid name; names become parts of the rules' keys. Did you mean "web_users"? Allowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores.`,
		}},
		{"name of a CIDR that is none", bindings{"canopsis": canopsis, "users": {NamedCIDRs: named("head office", "10.20.0.0/16")}}, []string{
			`Invalid name: bindings["users"].named_cidrs["head office"]: "head office" is not a valid name; names become parts of the rules' keys. Did you mean "head_office"? ` +
				`Allowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores.`,
		}},
		{"named CIDR with host bits", bindings{"canopsis": canopsis, "users": {NamedCIDRs: named("office", "10.20.0.1/16")}}, []string{
			`Invalid CIDR: bindings["users"].named_cidrs["office"]: "10.20.0.1/16" has bits set behind its prefix's length. Did you mean "10.20.0.0/16"? ` +
				`Allowed: a prefix in CIDR notation, as in 10.20.0.0/16 or 2001:db8::/32.`,
		}},
		{"null CIDR", bindings{"canopsis": canopsis, "users": {NamedCIDRs: map[string]firewall.Value[string]{"office": absent}}}, []string{
			`Null CIDR: bindings["users"].named_cidrs["office"]: the CIDR is null. Give its prefix, or leave its name out of the map.`,
		}},
		{"name of a CIDR that is an endpoint's", bindings{"canopsis": canopsis, "users": {NamedCIDRs: named("canopsis", "?")}}, []string{
			`Name already taken: bindings["users"].named_cidrs["canopsis"]: "canopsis" is an endpoint with a binding of its own, and rule keys could be read two ways. ` +
				`Give the CIDR another name.`,
		}},
		{"name of a CIDR that is an alias", bindings{"canopsis": canopsis, "users": {NamedCIDRs: named("vpn", "?")}, "vpn": {SameAs: "users"}}, []string{
			`Name already taken: bindings["users"].named_cidrs["vpn"]: "vpn" is an endpoint with a binding of its own, and rule keys could be read two ways. ` +
				`Give the CIDR another name.`,
		}},
		{"two names of one prefix in one binding", bindings{"canopsis": canopsis, "users": {NamedCIDRs: named("a", "10.20.0.0/16", "b", "10.20.0.0/16")}}, []string{
			`Prefix with two names: bindings["users"].named_cidrs["b"]: "a" and "b" name one prefix, which would open it twice. Use one name in both places.`,
		}},
		{"two names of one prefix in two bindings", bindings{"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known("sg-00000001")}}, NamedCIDRs: named("b", "2001:DB8::/32")}, "users": {NamedCIDRs: named("a", "2001:db8::/32")}}, []string{
			`Prefix with two names: bindings["users"].named_cidrs["a"]: "b" and "a" name one prefix, which would open it twice. Use one name in both places.`,
		}},
		{"name with two meanings", bindings{"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known("sg-00000001")}}, NamedCIDRs: named("a", "10.20.0.0/16")}, "users": {NamedCIDRs: named("a", "10.30.0.0/16")}}, []string{
			`Name with two meanings: bindings["users"].named_cidrs["a"]: "a" names another prefix in another binding. Give each prefix a name of its own.`,
		}},
		{"prefix named and listed in one binding", bindings{"canopsis": canopsis, "users": {CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("a", "10.20.0.0/16")}}, []string{
			`Prefix named and listed: bindings["users"].named_cidrs["a"]: the prefix also stands in the cidrs of "users", which would open it twice. ` +
				`Keep it in one of the two, or give it the same name in both bindings.`,
		}},
		{"prefix named and listed in two bindings", bindings{"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: firewall.Known("sg-00000001")}}, CIDRs: []string{"10.20.0.0/16"}}, "users": {NamedCIDRs: named("a", "10.20.0.0/16")}}, []string{
			`Prefix named and listed: bindings["users"].named_cidrs["a"]: the prefix also stands in the cidrs of "canopsis", which would open it twice. ` +
				`Keep it in one of the two, or give it the same name in both bindings.`,
		}},
		{"same as nobody", bindings{"canopsis": canopsis, "users": {SameAs: "canopsi"}}, []string{
			`Unknown name: bindings["users"].same_as: "canopsi" is not an endpoint whose binding says what it is. Did you mean "canopsis"? Allowed: canopsis.`,
		}},
		{"same as itself", bindings{"canopsis": canopsis, "users": {SameAs: "users"}}, []string{
			`Endpoint bound to itself: bindings["users"].same_as: "users" is the endpoint that the binding is for. Name another endpoint, or say what this one is.`,
		}},
		{"same as an alias", bindings{"canopsis": canopsis, "users": {SameAs: "vpn"}, "vpn": {SameAs: "canopsis"}}, []string{
			`Chain of same_as: bindings["users"].same_as: "vpn" is itself the same as "canopsis". Did you mean "canopsis"? Name an endpoint whose binding says what it is.`,
		}},
		{"same as each other", bindings{"canopsis": canopsis, "users": {SameAs: "vpn"}, "vpn": {SameAs: "users"}}, []string{
			`Chain of same_as: bindings["users"].same_as: "vpn" is itself the same as "users". Name an endpoint whose binding says what it is.`,
			`Chain of same_as: bindings["vpn"].same_as: "users" is itself the same as "vpn". Name an endpoint whose binding says what it is.`,
		}},
		{"same as an alias of itself", bindings{"canopsis": canopsis, "users": {SameAs: "users"}, "vpn": {SameAs: "users"}}, []string{
			`Endpoint bound to itself: bindings["users"].same_as: "users" is the endpoint that the binding is for. Name another endpoint, or say what this one is.`,
			`Chain of same_as: bindings["vpn"].same_as: "users" is itself the same as "users". Name an endpoint whose binding says what it is.`,
		}},
		{"same as an alias of nobody", bindings{"canopsis": canopsis, "users": {SameAs: "canopsi"}, "vpn": {SameAs: "users"}}, []string{
			`Unknown name: bindings["users"].same_as: "canopsi" is not an endpoint whose binding says what it is. Did you mean "canopsis"? Allowed: canopsis.`,
			`Chain of same_as: bindings["vpn"].same_as: "users" is itself the same as "canopsi". Name an endpoint whose binding says what it is.`,
		}},
		{"two attached endpoints of one group", bindings{"canopsis": canopsis, "users": attached("sg-00000001")}, []string{
			`Two endpoints that are one: bindings["users"]: "canopsis" and "users" have the same security_group_id. Write users = { same_as = "canopsis" }.`,
		}},
		{"attached and referred to by another", bindings{"canopsis": {Forms: firewall.Forms{
			"security_group_id": firewall.TextCell("sg-00000001"), "referenced_security_group_id": firewall.TextCell("sg-00000002"),
		}}, "users": {Forms: firewall.Forms{"referenced_security_group_id": firewall.TextCell("sg-00000001")}}}, []string{
			`Two endpoints that are one: bindings["users"]: "canopsis" and "users" have the same security_group_id and referenced_security_group_id. Write users = { same_as = "canopsis" }.`,
		}},
		{"attached to what is no host", bindings{"canopsis": canopsis, "users": group("sg-00000002")}, []string{
			`Rules attached to what is no host: bindings["users"].security_group_id: "users" is only ever a source of user_access rules, and security_group_id would attach rules to what is probably someone else's. ` +
				`Write referenced_security_group_id in its place, to which peers refer and nothing is attached, or attach = true beside it if the rules belong there.`,
		}},
		{"attach without a group", bindings{"canopsis": canopsis, "users": {Attach: true, CIDRs: []string{"10.20.0.0/16"}}}, []string{
			`Nothing to attach to: bindings["users"].attach: attach is true, and the binding has no security_group_id. Add security_group_id, or leave attach out.`,
		}},
		{"attach without an own group", bindings{"canopsis": canopsis, "users": {Attach: true, Forms: firewall.Forms{"referenced_security_group_id": firewall.TextCell("sg-00000002")}}}, []string{
			`Nothing to attach to: bindings["users"].attach: attach is true, and the binding has no security_group_id. Add security_group_id, or leave attach out.`,
		}},
		{"referred to and attached", bindings{"canopsis": {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000001")}}}, "users": attached("sg-00000001")}, []string{
			`Two endpoints that are one: bindings["canopsis"]: "canopsis" and "users" have the same referenced_security_group_id and security_group_id. Write canopsis = { same_as = "users" }.`,
		}},
		{"attached and referred to", bindings{"canopsis": canopsis, "users": {Forms: firewall.Forms{"referenced_security_group_id": {Text: firewall.Known("sg-00000001")}}}}, []string{
			`Two endpoints that are one: bindings["users"]: "canopsis" and "users" have the same security_group_id and referenced_security_group_id. Write users = { same_as = "canopsis" }.`,
		}},
		{"two endpoints of one list", bindings{
			"canopsis": canopsis,
			"users":    {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](5)}}},
			"vpn":      {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](5)}}},
		}, []string{
			`Two endpoints that are one: bindings["vpn"]: "users" and "vpn" have the same prefix_list_id. Write vpn = { same_as = "users" }.`,
		}},
		{"several faults at once, in order", bindings{"canopsis": group(""), "users": cidrs("10.20.0.1/16", "nonsense")}, []string{
			`Empty identifier: bindings["canopsis"].security_group_id: the text is empty. Give the resource's id, or null to leave the attribute out.`,
			`Invalid CIDR: bindings["users"].cidrs[0]: "10.20.0.1/16" has bits set behind its prefix's length. Did you mean "10.20.0.0/16"? ` +
				`Allowed: a prefix in CIDR notation, as in 10.20.0.0/16 or 2001:db8::/32.`,
			`Invalid CIDR: bindings["users"].cidrs[1]: "nonsense" is no prefix. Allowed: a prefix in CIDR notation, as in 10.20.0.0/16 or 2001:db8::/32.`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			result, err := firewall.AWS().Render(rulesOf(t, "users canopsis tcp/8080"), c.bindings)
			if result != nil {
				t.Errorf("a result beside an error: %+v", result)
			}
			if got := faultsOf(t, err); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

// What stands beside same_as would be ignored, and is refused.
func TestSameAsStandsAlone(t *testing.T) {
	t.Parallel()
	for what, b := range map[string]firewall.Binding{
		"cidrs":                   {CIDRs: []string{}},
		"named_cidrs":             {NamedCIDRs: named()},
		"security_group_id":       {Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}},
		"prefix_list_id":          {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}}},
		"prefix_list_max_entries": {Forms: firewall.Forms{"prefix_list_max_entries": {Number: firewall.Known[int64](1)}}},
		"attach":                  {Attach: true},
		"allow_public":            {Public: true},
	} {
		b.SameAs = "vpn"
		wrong := refused(t, firewall.AWS(), bindings{"canopsis": group("sg-00000001"), "vpn": cidrs(), "users": b}, "users canopsis tcp/8080")
		if wrong.Summary != "Two answers in one binding" || wrong.At.String() != `bindings["users"].same_as` || !strings.Contains(wrong.Found, `"vpn"`) {
			t.Errorf("same_as beside %s: %v", what, wrong)
		}
	}
}

// What is not known yet is no fault; neither is what only looks like one.
func TestBindingsAreTaken(t *testing.T) {
	t.Parallel()
	unknown := firewall.Unknown[string]()
	for name, given := range map[string]bindings{
		"unknown identifiers that may be equal": {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {Forms: firewall.Forms{"referenced_security_group_id": {Text: unknown}}}},
		"unknown prefixes that may be equal":    {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("a", "?", "b", "?")}},
		"one name for one prefix in two places": {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}, NamedCIDRs: named("a", "10.20.0.0/16")}, "users": {NamedCIDRs: named("a", "10.20.0.0/16")}},
		"a name known here and unknown there":   {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}, NamedCIDRs: named("a", "?")}, "users": {NamedCIDRs: named("a", "10.20.0.0/16")}},
		"a named prefix that covers a listed":   {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("a", "10.0.0.0/8")}},
		"a named prefix that covers a named":    {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {NamedCIDRs: named("a", "10.0.0.0/8", "b", "10.20.0.0/16")}},
		"a listed prefix that covers a named":   {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {CIDRs: []string{"10.0.0.0/8"}, NamedCIDRs: named("a", "10.20.0.0/16")}},
		"one prefix listed by two":              {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}, CIDRs: []string{"10.20.0.0/16"}}, "users": cidrs("10.20.0.0/16")},
		"a group and a list of one number":      {"canopsis": group("sg-00000001"), "users": {Forms: firewall.Forms{"prefix_list_id": {Text: firewall.Known("pl-00000001")}, "prefix_list_max_entries": {Number: firewall.Known[int64](1)}}}},
		"an actor that rules are attached to":   {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": attached("sg-00000002")},
		"a group to attach to and another one":  {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}, "referenced_security_group_id": {Text: unknown}}}, "users": cidrs()},
		"a group to attach to and a list":       {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}, "prefix_list_id": {Text: unknown}, "prefix_list_max_entries": {Number: firewall.Unknown[int64]()}}}, "users": cidrs()},
		"a list beside CIDRs of both kinds":     {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {Forms: firewall.Forms{"prefix_list_id": {Text: unknown}, "prefix_list_max_entries": {Number: firewall.Unknown[int64]()}}, CIDRs: []string{"10.20.0.0/16"}, NamedCIDRs: named("a", "?")}},
		"no CIDRs at all":                       {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {NamedCIDRs: named()}},
		"an endpoint that no rule names":        {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": cidrs(), "ldap": cidrs()},
		"allowed to be public, and is not":      {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {CIDRs: []string{"10.20.0.0/16"}, Public: true}},
		"the same as a managed endpoint":        {"canopsis": {Forms: firewall.Forms{"security_group_id": {Text: unknown}}}, "users": {SameAs: "canopsis"}},
	} {
		if _, err := firewall.AWS().Render(rulesOf(t, "users canopsis tcp/8080"), given); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Redis became Valkey in a later edition: the line that keeps its host is named.
func TestMissingBindingOfWhatTookAnothersPlace(t *testing.T) {
	t.Parallel()
	rules := rulesOf(t, "canopsis valkey tcp/6379")
	_, err := firewall.AWS().Render(rules, bindings{})
	want := `write placement = { valkey = "redis" } into the data source: its group and its rules' keys stay`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want it to say %s", err, want)
	}
}

func TestMissingBindings(t *testing.T) {
	t.Parallel()
	rules := rulesOf(t, "users canopsis tcp/8080", "users canopsis tcp/8443", "administrators canopsis tcp/22", "canopsis mongodb tcp/27017", "canopsis ldap tcp/636")
	for key, purpose := range map[string]matrix.Purpose{
		"administrators-to-canopsis/tcp-22": matrix.Administration,
		"canopsis-to-mongodb/tcp-27017":     matrix.Internal,
		"canopsis-to-ldap/tcp-636":          matrix.Outbound,
	} {
		r := rules[key]
		r.Purpose = purpose
		rules[key] = r
	}
	const mayBeGone = ` If the plan only refreshes or destroys, a host may be missing since its group does not exist (yet or any more): apply first, or destroy with the whole state.`
	for _, c := range []struct {
		name  string
		given bindings
		want  string
	}{
		{"all", bindings{}, `Missing bindings: bindings: these endpoints of the rules have no binding: ` +
			`- administrators, needed by administrators-to-canopsis ` +
			`- canopsis, needed by administrators-to-canopsis, canopsis-to-ldap, canopsis-to-mongodb, users-to-canopsis ` +
			`- ldap, needed by canopsis-to-ldap ` +
			`- mongodb, needed by canopsis-to-mongodb ` +
			`- users, needed by users-to-canopsis ` +
			`Given: none. Write a binding for each, as in canopsis = { security_group_id = aws_security_group.this["canopsis"].id } and administrators = { cidrs = ["10.20.0.0/16"] }, or name it in the data source's exclude.` + mayBeGone},
		{"misspelt", bindings{"administrator": cidrs(), "canopsis": group("sg-00000001"), "ldap": cidrs(), "mongo_db": cidrs(), "user": cidrs()},
			`Missing bindings: bindings: these endpoints of the rules have no binding: ` +
				`- administrators, needed by administrators-to-canopsis (given: administrator) ` +
				`- mongodb, needed by canopsis-to-mongodb (given: mongo_db) ` +
				`- users, needed by users-to-canopsis (given: user) ` +
				`Given: administrator, canopsis, ldap, mongo_db, user. ` +
				`Write a binding for each, as in mongodb = { security_group_id = aws_security_group.this["mongodb"].id } and administrators = { cidrs = ["10.20.0.0/16"] }, or name it in the data source's exclude.` + mayBeGone},
		{"no host", bindings{"administrators": cidrs(), "canopsis": group("sg-00000001"), "mongodb": cidrs(), "users": cidrs()},
			`Missing bindings: bindings: these endpoints of the rules have no binding: - ldap, needed by canopsis-to-ldap ` +
				`Given: administrators, canopsis, mongodb, users. Write a binding for each, as in ldap = { cidrs = ["10.20.0.0/16"] }, or name it in the data source's exclude.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := firewall.AWS().Render(rules, c.given)
			if got := faultsOf(t, err); !slices.Equal(got, []string{c.want}) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

// Thousands of faults stay readable, and are reported in seconds: nobody compares
// every misspelt name with every other.
func TestThousandsOfFaultsStayReadable(t *testing.T) {
	t.Parallel()
	wrong := bindings{"canopsis": group("sg-00000001"), "users": cidrs(slices.Repeat([]string{"10.20.0.1/16"}, 1000)...)}
	_, err := firewall.AWS().Render(rulesOf(t, "users canopsis tcp/8080"), wrong)
	got := faultsOf(t, err)
	if want := `More errors: 980 more errors are not shown. Correct those above first.`; len(got) != 21 || got[20] != want {
		t.Errorf("%d faults, the last of which is %s", len(got), got[len(got)-1])
	}

	lines, aliases := make([]string, 5000), make(bindings, 5001)
	for i := range lines {
		lines[i] = fmt.Sprintf("host_number_%d canopsis tcp/8080", i)
		aliases[fmt.Sprintf("host_%d_number", i)] = firewall.Binding{SameAs: fmt.Sprintf("nobody_%d", i)}
	}
	aliases["canopsis"] = group("sg-00000001")
	_, err = firewall.AWS().Render(rulesOf(t, lines...), aliases)
	got = faultsOf(t, err)
	if want := `More errors: 4981 more errors are not shown. Correct those above first.`; len(got) != 21 || got[20] != want {
		t.Errorf("%d faults, the last of which is %s", len(got), got[len(got)-1])
	}
}
