package proof

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// awsFacts: two rules of a group and direction with the same protocol, ports and
// peer are refused, whatever their descriptions; of SCTP and every other protocol
// but TCP, UDP and ICMP, all ports are opened or none.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
var awsFacts = facts{
	lists: true,
	group: func(_ *Case, id string) string { return awsID("sg", id) },
	list:  func(_ *Case, id string) string { return awsID("pl", id) },
	bind: func(c *Case, id string, b *firewall.Binding) {
		e := c.World[id]
		refer(b, e, "security_group_id", "referenced_security_group_id", func(which string) firewall.Cell { return firewall.TextCell(awsID("sg", id+which)) })
		if e.List {
			b.Forms["prefix_list_id"] = firewall.TextCell(awsID("pl", id))
			b.Forms["prefix_list_max_entries"] = firewall.NumberCell(int64(len(e.Entries) + 1))
		}
	},
	says: func(_ firewall.Direction, ports matrix.PortRange, _ Form, _, _ Endpoint, _ bool) bool {
		return ports.Protocol() != matrix.SCTP || isEveryPort(ports)
	},
	refuses: func() func(cloud.Row, cloud.Rule) error {
		isThere := duplicates()
		return func(row cloud.Row, rule cloud.Rule) error {
			if description := fmt.Sprint(row["description"]); len(description) > 255 || strings.Trim(description, awsCharacters) != "" {
				return fmt.Errorf("description %q", description)
			}
			return isThere(rule)
		}
	},
}

// awsID spells an id as EC2 does, with digits that follow from the endpoint's.
func awsID(prefix, id string) string { return fmt.Sprintf("%s-%017x", prefix, digest(id)) }

// digest makes of a name the digits of an id.
func digest(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// awsCharacters may stand in a rule's description, says EC2's API reference.
const awsCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"
