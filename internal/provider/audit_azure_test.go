package provider

import (
	"strings"
	"testing"
)

// Where hosts have application security groups, rules of the whole network security
// group are theirs, too, in whatever case Azure prints a name; those of another group
// are not; and what a rule denies of the Internet is not everything.
func TestAuditOfAzureApplicationGroups(t *testing.T) {
	t.Parallel()
	const application = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Network/applicationSecurityGroups/canopsis"
	key, rule := writtenRule("users", "canopsis", "nginx", "user_access", "tcp", 8443)
	result, funcErr := run(t, targetNamed("azure").function(), untyped(object{key: rule}), untyped(object{
		"users":    object{"cidrs": list{"10.20.0.0/16"}},
		"canopsis": object{"network_security_group_name": "canopsis", "resource_group_name": "rg", "application_security_group_id": application},
	}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	printed := func(more object) object {
		return object{
			"name": "by-hand", "resource_group_name": "RG", "network_security_group_name": "Canopsis", "priority": 150, "direction": "Inbound", "access": "Allow", "protocol": "*",
			"source_port_range": "*", "destination_port_range": "*", "source_address_prefix": "10.99.0.0/16", "destination_address_prefix": nil,
			"destination_application_security_group_ids": list{strings.ToUpper(application)},
		}.with(more)
	}
	users := printed(object{"name": "users-to-canopsis.tcp", "protocol": "Tcp", "destination_port_range": "8443", "source_address_prefix": "10.20.0.0/16", "priority": 200})
	closing := printed(object{"name": "close", "access": "Deny", "source_address_prefix": "*", "priority": 4096})
	whole := object{"destination_address_prefix": "*", "destination_application_security_group_ids": nil}
	for what, c := range map[string]struct {
		actual  list
		summary string
	}{
		"as they should be":             {list{users, closing}, "1 present, 1 matched, 1 within."},
		"open to the whole group":       {list{users, closing, printed(whole)}, "1 excess, 1 present, 1 matched, 1 within. Worst: by-hand is excess."},
		"of the whole of another group": {list{users, closing, printed(whole.with(object{"network_security_group_name": "other"}))}, "1 present, 1 matched, 1 within, 1 foreign."},
		"of another group":              {list{users.with(object{"network_security_group_name": "other"}), closing}, "1 missing, 1 within, 1 foreign. Worst: users-to-canopsis/tcp (ingress) is missing."},
		"behind a denied Internet": {list{users, closing, printed(nil), printed(object{"name": "internet", "access": "Deny", "source_address_prefix": "Internet", "priority": 100})},
			"1 excess, 1 undecided, 1 matched, 2 within. Worst: by-hand is excess; users-to-canopsis/tcp (ingress) is undecided."},
	} {
		got := audited(t, object{"expected": plain(t, result), "actual": c.actual, "settings": object{"directions": list{"ingress"}}})
		if summary := part(t, got, "summary"); summary != c.summary {
			t.Errorf("%s: %v", what, summary)
		}
	}
}
