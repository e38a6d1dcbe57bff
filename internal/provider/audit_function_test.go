package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// auditRun calls audit_rules through the protocol.
func auditRun(t testing.TB, given object) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	return callNamed(t, "audit_rules", auditType, given, "expected", "actual", "settings")
}

// audited returns the result as tables spell it.
func audited(t *testing.T, given object) object {
	t.Helper()
	value, funcErr := auditRun(t, given)
	return spelt(t, value, funcErr)
}

// statuses spells the statuses of a map of rules: "key status", sorted.
func statuses(t *testing.T, rules any) []string {
	t.Helper()
	o, ok := rules.(object)
	if !ok {
		return []string{spell(rules)}
	}
	var all []string
	for _, key := range slices.Sorted(maps.Keys(o)) {
		rule, ok := o[key].(object)
		if !ok {
			t.Fatalf("%s is %v", key, o[key])
		}
		all = append(all, key+" "+strings.Trim(spell(rule["status"]), `"`))
	}
	return all
}

// part returns an attribute at any depth.
func part(t *testing.T, v any, names ...string) any {
	t.Helper()
	for _, name := range names {
		o, ok := v.(object)
		if _, has := o[name]; !ok || !has {
			t.Fatalf("there is no %s in %s", name, spell(v))
		}
		v = o[name]
	}
	return v
}

// workedRules are Canopsis and its data stores, each with a group.
func workedRules(t *testing.T) object {
	t.Helper()
	rules := object{}
	for _, r := range []struct {
		source, destination, component, purpose string
		port                                    int
	}{
		{"users", "canopsis", "nginx", "user_access", 8443},
		{"administrators", "canopsis", "ssh", "administration", 22},
		{"canopsis", "mongodb", "mongodb", "internal", 27017},
		{"canopsis", "redis", "redis", "internal", 6379},
		{"canopsis", "postgresql", "postgresql", "internal", 5432},
	} {
		key, rule := writtenRule(r.source, r.destination, r.component, r.purpose, "tcp", r.port)
		rules[key] = rule
	}
	expected, funcErr := callRules(t, newRulesFunction(firewall.Targets()[0]), rules, object{
		"users": object{"cidrs": list{"10.20.0.0/16"}}, "administrators": object{"cidrs": list{"10.0.5.0/28"}},
		"canopsis": object{"security_group_id": "sg-0000000c"}, "mongodb": object{"security_group_id": "sg-0000000d"},
		"redis": object{"security_group_id": "sg-0000000e"}, "postgresql": object{"security_group_id": "sg-0000000f"},
	})
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	o, _ := plain(t, expected).(object)
	return o
}

// workedActual is what somebody made by hand, as describe-security-group-rules prints it.
func workedActual(rules ...string) string {
	return `{"SecurityGroupRules": [` + strings.Join(rules, ",\n") + `]}`
}

func printedRule(id, group string, first, last int, peer string) string {
	kind := `"CidrIpv4": "` + peer + `"`
	if strings.HasPrefix(peer, "sg-") {
		kind = `"ReferencedGroupInfo": {"GroupId": "` + peer + `", "UserId": "123456789012"}`
	}
	return fmt.Sprintf(`{"SecurityGroupRuleId": "sgr-%s", "GroupId": "%s", "GroupOwnerId": "123456789012", "IsEgress": false, "IpProtocol": "tcp", "FromPort": %d, "ToPort": %d, %s, "Description": "by hand", "Tags": []}`,
		id, group, first, last, kind)
}

// workedExample has a rule for every port, Redis's port as the page has it, no rule
// for PostgreSQL, SSH from everywhere, and two rules that add up to one.
func workedExample() []string {
	return []string{
		printedRule("01", "sg-0000000c", 8443, 8443, "10.20.0.0/17"),
		printedRule("02", "sg-0000000c", 8443, 8443, "10.20.128.0/17"),
		printedRule("03", "sg-0000000c", 22, 22, "10.0.5.0/28"),
		printedRule("04", "sg-0000000c", 22, 22, "0.0.0.0/0"),
		printedRule("05", "sg-0000000d", 0, 65535, "sg-0000000c"),
		printedRule("06", "sg-0000000e", 6739, 6739, "sg-0000000c"),
		printedRule("07", "sg-0000000f", 22, 22, "sg-00000099"),
		printedRule("08", "sg-00000077", 443, 443, "0.0.0.0/0"),
	}
}

// wantedAs is what became of a rule that is wanted.
func wantedAs(status, host, flow string, more object) object {
	return object{"status": status, "host": host, "flows": list{flow}, "by": list{}, "missing": list{}, "instead": nil, "erratum": nil, "remedy": nil}.with(more)
}

// After the hole is closed, the missing rules are there and what nobody wants is
// gone, all is right; the two rules that add up to one may stay.
func TestAuditAfterCleaning(t *testing.T) {
	t.Parallel()
	rules := workedExample()
	cleaned := append(rules[:3:3], printedRule("15", "sg-0000000d", 27017, 27017, "sg-0000000c"), printedRule("16", "sg-0000000e", 6379, 6379, "sg-0000000c"), printedRule("17", "sg-0000000f", 5432, 5432, "sg-0000000c"))
	given := object{"expected": workedRules(t), "actual": workedActual(cleaned...), "settings": object{"directions": list{"ingress"}}}
	got := audited(t, given)
	if part(t, got, "ok") != true {
		t.Errorf("%v", part(t, got, "summary"))
	}
	// Egress was left open: where it is judged, nothing of it is there.
	delete(given, "settings")
	got = audited(t, given)
	if part(t, got, "ok") != false || part(t, got, "expected", "egress", "canopsis-to-redis/tcp-6379", "status") != "missing" {
		t.Errorf("%v", part(t, got, "summary"))
	}
}

func TestAuditOfTheWorkedExample(t *testing.T) {
	t.Parallel()
	given := object{"expected": workedRules(t), "actual": workedActual(workedExample()...), "settings": object{"directions": list{"ingress"}}}
	got := audited(t, given)
	want := object{
		"ok": false,
		"limits": list{
			"Network ACLs may drop what security groups let through.",
			"Other security groups of the same machines may let more through: settings.groups names them.",
		},
		"expected": object{"egress": object{}, "ingress": object{
			"10.20.0.0/16-to-canopsis/tcp-8443": wantedAs("covered", "canopsis", "users-to-canopsis-nginx", object{"by": list{"sgr-01", "sgr-02"}}),
			"10.0.5.0/28-to-canopsis/tcp-22":    wantedAs("present", "canopsis", "administrators-to-canopsis-ssh", object{"by": list{"sgr-03"}}),
			"canopsis-to-mongodb/tcp-27017":     wantedAs("covered", "mongodb", "canopsis-to-mongodb", object{"by": list{"sgr-05"}}),
			"canopsis-to-redis/tcp-6379": wantedAs("missing", "redis", "canopsis-to-redis", object{
				"missing": list{"sg-0000000c (IPv4) tcp/6379"}, "instead": "sgr-06", "erratum": "redis_port",
			}),
			"canopsis-to-postgresql/tcp-5432": wantedAs("missing", "postgresql", "canopsis-to-postgresql", object{"missing": list{"sg-0000000c (IPv4) tcp/5432"}}),
		}},
		"summary": "2 missing, 4 excess, 1 present, 2 covered, 1 matched, 2 within, 1 foreign. Worst: sgr-04 is excess; sgr-05 is excess; sgr-06 is excess.",
		"unseen":  object{},
		"moved":   "",
		"counts": object{
			"present": int64(1), "covered": int64(2), "partial": int64(0), "missing": int64(2), "undecided": int64(0),
			"matched": int64(1), "within": int64(2), "excess": int64(4), "redundant": int64(0), "foreign": int64(1),
		},
		"actual": object{
			"sgr-04": object{"status": "excess", "hosts": list{"canopsis"}, "direction": "ingress", "opens": list{"0.0.0.0/0 except 10.0.5.0/28 tcp/22"}, "wanted": list{"10.0.5.0/28-to-canopsis/tcp-22"}, "by": list{}, "instead_of": nil, "remedy": nil},
			"sgr-05": object{"status": "excess", "hosts": list{"mongodb"}, "direction": "ingress", "opens": list{"sg-0000000c (IPv4) tcp/0-27016", "sg-0000000c (IPv4) tcp/27018-65535"}, "wanted": list{"canopsis-to-mongodb/tcp-27017"}, "by": list{}, "instead_of": nil, "remedy": nil},
			"sgr-06": object{"status": "excess", "hosts": list{"redis"}, "direction": "ingress", "opens": list{"sg-0000000c (IPv4) tcp/6739"}, "wanted": list{}, "by": list{}, "instead_of": "canopsis-to-redis/tcp-6379", "remedy": nil},
			"sgr-07": object{"status": "excess", "hosts": list{"postgresql"}, "direction": "ingress", "opens": list{"sg-00000099 (IPv4) tcp/22"}, "wanted": list{}, "by": list{}, "instead_of": nil, "remedy": nil},
		},
		"adopt": object{"ingress": object{"10.0.5.0/28-to-canopsis/tcp-22": "sgr-03"}, "egress": object{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the audit finds something else (-want +got):\n%s", diff)
	}
}
