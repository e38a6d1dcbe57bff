package provider

import (
	"strings"
	"testing"
)

// An import takes what the cloud calls a rule, once; where a name is the rule's
// identity, of the very same name alone.
func TestAdoption(t *testing.T) {
	t.Parallel()
	const azure = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/canopsis/securityRules/"
	azureRule := func(name string) string {
		return `[{"access": "Allow", "destinationAddressPrefix": "*", "destinationPortRange": "8443", "direction": "Inbound", "id": "` + azure + name + `", "name": "` + name + `",
			"priority": 200, "protocol": "Tcp", "resourceGroup": "rg", "sourceAddressPrefix": "10.20.0.0/16", "sourcePortRange": "*"}]`
	}
	gcpRule := func(name string) string {
		return `{"name": "` + name + `", "direction": "INGRESS", "allowed": [{"IPProtocol": "tcp", "ports": ["8443"]}], "sourceRanges": ["10.20.0.0/16"], "targetTags": ["canopsis"]}`
	}
	gcpExpected := auditExpected(t, "gcp")
	var gcpName string
	ingress, _ := part(t, gcpExpected, "ingress").(object)
	for _, rule := range ingress {
		gcpName, _ = part(t, rule, "name").(string)
	}
	const once = `{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-0000000c", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "CidrIpv4": "10.20.0.0/16"}`
	for what, c := range map[string]struct{ target, actual, adopt string }{
		"Azure, another name":       {"azure", azureRule("by-hand"), ""},
		"Azure, the same name":      {"azure", azureRule("users-to-canopsis.tcp"), azure + "users-to-canopsis.tcp"},
		"Google, another name":      {"gcp", "[" + gcpRule("by-hand") + "]", ""},
		"Google, both names":        {"gcp", "[" + gcpRule("a-by-hand") + "," + gcpRule(gcpName) + "," + gcpRule("z-by-hand") + "]", gcpName},
		"AWS":                       {"aws", `{"SecurityGroupRules": [` + once + `]}`, "sgr-1"},
		"AWS, one rule twice":       {"aws", `{"SecurityGroupRules": [` + once + "," + once + `]}`, "sgr-1"},
		"AWS, one id for two rules": {"aws", `{"SecurityGroupRules": [` + once + "," + strings.ReplaceAll(once, "8443", "443") + `]}`, ""},
	} {
		got := audited(t, object{"expected": auditExpected(t, c.target), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
		adopted, _ := part(t, got, "adopt", "ingress").(object)
		if len(adopted) > 1 || c.adopt == "" && len(adopted) > 0 || c.adopt != "" && len(adopted) == 0 {
			t.Errorf("%s: adopted is %s", what, spell(adopted))
		}
		for _, id := range adopted {
			if id != c.adopt {
				t.Errorf("%s: adopted is %v", what, id)
			}
		}
	}
}
