package firewall_test

import (
	"fmt"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// At a first plan the host's group and the bastion's address are not known; the
// rules' keys are.
func ExampleTarget_Render() {
	rules := map[string]deployment.Rule{
		"users-to-canopsis-nginx/tcp-8443": {
			Flow: "users-to-canopsis-nginx", Source: "users", Destination: "canopsis", Component: "nginx",
			Purpose: matrix.UserAccess, Ports: matrix.MustPortRange("tcp/8443"),
		},
		"administrators-to-canopsis-ssh/tcp-22": {
			Flow: "administrators-to-canopsis-ssh", Source: "administrators", Destination: "canopsis", Component: "ssh",
			Purpose: matrix.Administration, Ports: matrix.MustPortRange("tcp/22"),
		},
	}
	result, err := firewall.AWS().Render(rules, map[string]firewall.Binding{
		"canopsis":       {Forms: firewall.Forms{"security_group_id": {Text: firewall.Unknown[string]()}}},
		"users":          {CIDRs: []string{"10.20.0.0/16", "10.20.30.0/24"}},
		"administrators": {NamedCIDRs: map[string]firewall.Value[string]{"bastion": firewall.Unknown[string]()}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range result.Rules(firewall.Ingress) {
		fmt.Println(rule.Key, "for", strings.Join(rule.Flows, ", "))
	}
	// Output:
	// 10.20.0.0/16-to-canopsis/tcp-8443 for users-to-canopsis-nginx
	// bastion-to-canopsis/tcp-22 for administrators-to-canopsis-ssh
}
