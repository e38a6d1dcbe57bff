package proof

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// azureFacts: the virtual network enters and everything leaves where no rule denies
// it; a priority is unique in a group and direction, and so is a name in a group;
// families do not mix in a rule, nor groups with prefixes; five protocols have words,
// and ICMP no types.
// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
var azureFacts = facts{
	oneGroup: true,
	group:    func(_ *Case, id string) string { return strings.ToLower(azureApplication + id) },
	bind: func(c *Case, id string, b *firewall.Binding) {
		e := c.World[id]
		if !e.Group {
			return
		}
		b.Forms["application_security_group_id"] = firewall.TextCell(azureApplication + id)
		if e.Unmanaged {
			return
		}
		b.Attach = true
		b.Forms["resource_group_name"] = firewall.TextCell("canopsis")
		b.Forms["network_security_group_name"] = firewall.TextCell(azureShared(c, id))
	},
	says: func(_ firewall.Direction, ports matrix.PortRange, _ Form, _, _ Endpoint, _ bool) bool {
		switch protocol := ports.Protocol(); protocol.String() {
		case "tcp", "udp", "ah", "esp":
			return true
		case "icmp":
			return ports.From() == matrix.None
		}
		return false
	},
	closing: map[cloud.Direction]string{cloud.Egress: "egress_deny"},
	refuses: func() func(cloud.Row, cloud.Rule) error {
		places := make(map[string]string)
		names := make(map[string]bool)
		valid := regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9_.]{0,78}[A-Za-z0-9_])?$`)
		return func(row cloud.Row, rule cloud.Rule) error {
			group := fmt.Sprint(row["resource_group_name"], "/", row["network_security_group_name"])
			place := fmt.Sprint(group, rule.Direction, rule.Priority)
			if other, taken := places[place]; taken {
				return fmt.Errorf("priority %d is that of %s too", rule.Priority, other)
			}
			places[place] = rule.ID
			if name := group + "/" + rule.ID; !valid.MatchString(rule.ID) || names[name] {
				return fmt.Errorf("name %q, of which there is one: %t", rule.ID, names[name])
			}
			names[group+"/"+rule.ID] = true
			if text := fmt.Sprint(row["description"]); len(text) > 140 {
				return fmt.Errorf("description %q", text)
			}
			for argument, value := range row {
				if list, ok := value.([]any); ok && (len(list) == 0 || len(list) > 4000) {
					return fmt.Errorf("%s has %d entries", argument, len(list))
				}
			}
			if rule.Deny {
				return nil // everybody, of both families
			}
			return mixed(rule)
		}
	},
}

const azureApplication = "/subscriptions/s/resourceGroups/canopsis/providers/Microsoft.Network/applicationSecurityGroups/"

// azureShared is the network security group of an endpoint: one of its own, or one
// that several share.
func azureShared(c *Case, id string) string {
	if c.Seed%2 == 1 {
		return id
	}
	return "shared-" + strings.Repeat("x", 1+int(id[0])%3)
}
