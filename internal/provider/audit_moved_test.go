package provider

import (
	"strings"
	"testing"
)

// Only what terraform show -json prints says under which keys a state has its
// rules: then there is a text to write into a file beside them.
func TestAuditMoved(t *testing.T) {
	t.Parallel()
	keyed := func(text string) string {
		text = strings.ReplaceAll(text, `"name":"web","provider_name"`, `"name":"web","index":"10.20.0.0/16-to-web/tcp-8443","provider_name"`)
		for _, kind := range []string{"aws_vpc_security_group_ingress_rule", "google_compute_firewall", "openstack_networking_secgroup_rule_v2"} {
			text = strings.ReplaceAll(text, kind+`.web"`, kind+`.web[\"10.20.0.0/16-to-web/tcp-8443\"]"`)
		}
		return text
	}
	const to = `10.20.0.0/16-to-canopsis/tcp-8443`
	for _, c := range []struct{ name, target, actual, want string }{
		{"without a key", "aws", shownAWS, ""},
		{"under another key", "aws", keyed(shownAWS), "moved {\n  from = module.firewall.aws_vpc_security_group_ingress_rule.web[\"10.20.0.0/16-to-web/tcp-8443\"]\n  to   = module.firewall.aws_vpc_security_group_ingress_rule.web[\"" + to + "\"]\n}\n"},
		{"under another key", "openstack", keyed(shownOpenStack), "moved {\n  from = openstack_networking_secgroup_rule_v2.web[\"10.20.0.0/16-to-web/tcp-8443\"]\n  to   = openstack_networking_secgroup_rule_v2.web[\"" + to + "\"]\n}\n"},
		{"what a command line prints", "aws", describedRules, ""},
	} {
		got := audited(t, object{"expected": auditExpected(t, c.target), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
		if moved := part(t, got, "moved"); moved != c.want {
			t.Errorf("%s, %s:\n%v\nand not\n%s", c.target, c.name, moved, c.want)
		}
	}
	// The two Google resources have keys of their own shape: the key of the function is what is moved to.
	got := audited(t, object{"expected": auditExpected(t, "gcp"), "actual": keyed(shownGCP), "settings": object{"directions": list{"ingress"}}})
	if moved := part(t, got, "moved"); moved != "moved {\n  from = google_compute_firewall.web[\"10.20.0.0/16-to-web/tcp-8443\"]\n  to   = google_compute_firewall.web[\"users-to-canopsis/tcp\"]\n}\n" {
		t.Errorf("gcp: %v", moved)
	}
	// While anything is unknown, so is the text.
	got = audited(t, object{"expected": auditExpected(t, "aws"), "actual": list{keyed(shownAWS), awsRuleData.with(object{"cidr_ipv4": unknown, "id": "sgr-0a2", "security_group_rule_id": "sgr-0a2"})}, "settings": object{"directions": list{"ingress"}}})
	if moved := spell(part(t, got, "moved")); moved != "(known after apply)" {
		t.Errorf("beside an unknown rule: %s", moved)
	}
}
