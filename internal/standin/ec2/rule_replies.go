package ec2

import (
	"maps"
	"slices"
)

type ruleItem struct {
	ID              string           `xml:"securityGroupRuleId"`
	ARN             string           `xml:"securityGroupRuleArn"`
	GroupID         string           `xml:"groupId"`
	OwnerID         string           `xml:"groupOwnerId"`
	IsEgress        bool             `xml:"isEgress"`
	Protocol        string           `xml:"ipProtocol"`
	FromPort        int              `xml:"fromPort"`
	ToPort          int              `xml:"toPort"`
	CIDRIPv4        string           `xml:"cidrIpv4,omitempty"`
	CIDRIPv6        string           `xml:"cidrIpv6,omitempty"`
	PrefixListID    string           `xml:"prefixListId,omitempty"`
	ReferencedGroup *referencedGroup `xml:"referencedGroupInfo"`
	Description     string           `xml:"description,omitempty"`
	Tags            []tagItem        `xml:"tagSet>item"`
}

type referencedGroup struct {
	GroupID string `xml:"groupId"`
	UserID  string `xml:"userId"`
}

func (s *Server) ruleItem(r Rule) ruleItem {
	item := ruleItem{
		ID: r.ID, ARN: arn("security-group-rule", r.ID), GroupID: r.GroupID, OwnerID: AccountID,
		IsEgress: r.Direction == Egress, Protocol: r.Protocol, FromPort: r.FromPort, ToPort: r.ToPort,
		CIDRIPv4: r.CIDRIPv4, CIDRIPv6: r.CIDRIPv6, PrefixListID: r.PrefixListID,
		Description: r.Description, Tags: tagSet(s.tags[r.ID]),
	}
	if r.ReferencedGroupID != "" {
		item.ReferencedGroup = &referencedGroup{r.ReferencedGroupID, AccountID}
	}
	return item
}

type describeRulesReply struct {
	Rules []ruleItem `xml:"securityGroupRuleSet>item"`
}

func (s *Server) describeSecurityGroupRules(f form, _ *Call) (any, error) {
	wanted, err := f.filters("group-id", "security-group-rule-id")
	if err != nil {
		return nil, err
	}
	ids := f.texts("SecurityGroupRuleId")
	for _, id := range ids {
		if _, err := s.findRule(id); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		ids = slices.Sorted(maps.Keys(s.rules))
	}

	var reply describeRulesReply
	for _, id := range ids {
		r := s.rules[id]
		if wanted.match(map[string]string{"group-id": r.GroupID, "security-group-rule-id": id}, s.tags[id]) {
			reply.Rules = append(reply.Rules, s.ruleItem(r))
		}
	}
	return reply, nil
}

// permissionItem is how a group shows its rules: those of one protocol and port
// range together, by the kind of their peers.
type permissionItem struct {
	Protocol    string           `xml:"ipProtocol"`
	FromPort    *int             `xml:"fromPort"`
	ToPort      *int             `xml:"toPort"`
	Groups      []groupPeer      `xml:"groups>item"`
	IPv4        []ipv4Peer       `xml:"ipRanges>item"`
	IPv6        []ipv6Peer       `xml:"ipv6Ranges>item"`
	PrefixLists []prefixListPeer `xml:"prefixListIds>item"`
}

type groupPeer struct {
	GroupID     string `xml:"groupId"`
	UserID      string `xml:"userId"`
	Description string `xml:"description,omitempty"`
}

type ipv4Peer struct {
	CIDR        string `xml:"cidrIp"`
	Description string `xml:"description,omitempty"`
}

type ipv6Peer struct {
	CIDR        string `xml:"cidrIpv6"`
	Description string `xml:"description,omitempty"`
}

type prefixListPeer struct {
	ID          string `xml:"prefixListId"`
	Description string `xml:"description,omitempty"`
}

// permissionItems gathers sorted rules. A permission for all protocols has no
// ports, unlike its rule, whose ports are -1.
func permissionItems(rules []Rule) []permissionItem {
	var items []permissionItem
	for i, r := range rules {
		if i == 0 || r.Protocol != rules[i-1].Protocol || r.FromPort != rules[i-1].FromPort || r.ToPort != rules[i-1].ToPort {
			item := permissionItem{Protocol: r.Protocol}
			if r.Protocol != "-1" {
				item.FromPort, item.ToPort = &r.FromPort, &r.ToPort
			}
			items = append(items, item)
		}
		item := &items[len(items)-1]
		switch {
		case r.CIDRIPv4 != "":
			item.IPv4 = append(item.IPv4, ipv4Peer{r.CIDRIPv4, r.Description})
		case r.CIDRIPv6 != "":
			item.IPv6 = append(item.IPv6, ipv6Peer{r.CIDRIPv6, r.Description})
		case r.PrefixListID != "":
			item.PrefixLists = append(item.PrefixLists, prefixListPeer{r.PrefixListID, r.Description})
		default:
			item.Groups = append(item.Groups, groupPeer{r.ReferencedGroupID, AccountID, r.Description})
		}
	}
	return items
}
