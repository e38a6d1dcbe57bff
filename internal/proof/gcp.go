package proof

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// gcpFacts: an egress rule names destinations by ranges alone; ICMP has no types;
// ranges of both families do not mix in a rule, of which there are 256 at most; a
// name is unique, and short enough for a prefix before it; a rule of lower
// priority denies all egress.
// https://cloud.google.com/firewall/docs/firewalls
var gcpFacts = facts{
	group: gcpLabel,
	bind: func(c *Case, id string, b *firewall.Binding) {
		attaching, referring := "network_tags", "source_tags"
		if byAccount(c) {
			attaching, referring = "service_accounts", "source_service_accounts"
		}
		refer(b, c.World[id], attaching, referring, func(which string) firewall.Cell { return firewall.TextsCell(gcpLabel(c, id+which)) })
	},
	says: func(direction firewall.Direction, ports matrix.PortRange, form Form, _, _ Endpoint, _ bool) bool {
		if ports.Protocol().IsICMP() && ports.From() != matrix.None {
			return false
		}
		return direction == firewall.Ingress || form != GroupForm
	},
	standing: map[cloud.Direction][]cloud.Row{cloud.Egress: {{
		"name": "deny-egress", "priority": 65534, "destination_ranges": []string{"0.0.0.0/0", "::/0"},
		"deny": []cloud.Row{{"protocol": "all"}},
	}}},
	refuses: func() func(cloud.Row, cloud.Rule) error {
		names := make(map[string]bool)
		valid := regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
		return func(row cloud.Row, rule cloud.Rule) error {
			name := rule.ID
			if !valid.MatchString(name) || names[name] {
				return fmt.Errorf("name %q, of which there is one: %t", name, names[name])
			}
			names[name] = true
			for argument, value := range row {
				list, ok := value.([]any)
				if ok && len(list) == 0 {
					return fmt.Errorf("%s is empty, which opens the world", argument)
				}
				if strings.HasSuffix(argument, "_ranges") && len(list) > 256 {
					return fmt.Errorf("%d ranges", len(list))
				}
			}
			return mixed(rule)
		}
	},
}

// mixed refuses ranges of both families in one rule.
func mixed(rule cloud.Rule) error {
	families := make(map[bool]bool)
	for _, peer := range rule.Packets.Peers {
		if _, ok := peer.Prefix(); ok {
			families[peer.Is6()] = true
		}
	}
	if len(families) > 1 {
		return fmt.Errorf("families mix in %v", rule.Packets.Peers)
	}
	return nil
}

// gcpLabel is the tag, or the account, that tells an endpoint's machines apart.
func gcpLabel(c *Case, id string) string {
	if byAccount(c) {
		return id + "@project.iam.gserviceaccount.com"
	}
	return "t-" + strings.ReplaceAll(id, "_", "-")
}

// byAccount reports whether the case's machines are told apart by their service
// accounts rather than by tags.
func byAccount(c *Case) bool { return c.Seed%2 == 1 }
