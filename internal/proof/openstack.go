package proof

import (
	"fmt"
	"unicode/utf8"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// openStackFacts: rules that differ in their description alone are one, and so
// are no prefix and that of every address, and no ports and 1 to 65535: Neutron
// stores the latter as the former, and every plan then wants them back. Its
// Terraform provider takes 0 for nothing, and wants both bounds or none.
// https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules
var openStackFacts = facts{
	lists:      true,
	mixedLists: true,
	families:   true,
	group:      func(_ *Case, id string) string { return openStackID("group", id) },
	list:       func(_ *Case, id string) string { return openStackID("list", id) },
	bind: func(c *Case, id string, b *firewall.Binding) {
		e := c.World[id]
		refer(b, e, "security_group_id", "remote_group_id", func(which string) firewall.Cell { return firewall.TextCell(openStackID("group", id+which)) })
		if e.List {
			b.Forms["address_group_id"] = firewall.TextCell(openStackID("list", id))
		}
		switch {
		case !e.Group && !e.List:
		case e.NoIPv4:
			b.Forms["ethertypes"] = firewall.TextsCell("IPv6")
		case e.NoIPv6:
			b.Forms["ethertypes"] = firewall.TextsCell("IPv4")
		}
	},
	says: func(_ firewall.Direction, ports matrix.PortRange, form Form, host, peer Endpoint, ipv6 bool) bool {
		if ports.Protocol().IsICMP() && (ports.From() == 0 || ports.To() == 0) {
			return false
		}
		if form != GroupForm && form != ListForm {
			return true
		}
		if ipv6 {
			return !host.NoIPv6 && !peer.NoIPv6
		}
		return !host.NoIPv4 && !peer.NoIPv4
	},
	refuses: func() func(cloud.Row, cloud.Rule) error {
		isThere := duplicates()
		return func(row cloud.Row, rule cloud.Rule) error {
			if description := fmt.Sprint(row["description"]); utf8.RuneCountInString(description) > 255 {
				return fmt.Errorf("description %q", description)
			}
			first, last := row["port_range_min"], row["port_range_max"]
			if (first == nil) != (last == nil) {
				return fmt.Errorf("ports %v to %v, of which one is not given", first, last)
			}
			if first == int64(1) && last == int64(65535) {
				return fmt.Errorf("ports %v to %v are stored as none, and every plan wants them back", first, last)
			}
			if row["remote_ip_prefix"] == nil && row["remote_group_id"] == nil && row["remote_address_group_id"] == nil {
				return fmt.Errorf("no remote, which is everybody")
			}
			return isThere(rule)
		}
	},
}

// openStackID spells an id as Neutron does, with digits that follow from the
// endpoint's.
func openStackID(kind, id string) string {
	digits := fmt.Sprintf("%016x", digest(kind+" "+id))
	return digits[:8] + "-" + digits[8:12] + "-4c6d-8e9f-" + digits[4:]
}
