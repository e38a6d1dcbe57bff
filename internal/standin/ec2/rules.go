package ec2

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Direction says which traffic of its group a rule lets pass.
type Direction string

// The two directions.
const (
	Ingress Direction = "ingress"
	Egress  Direction = "egress"
)

// RulesPerGroup is EC2's default quota: so many rules a group may have in each
// direction and for each of IPv4 and IPv6, inclusive. A rule to a group counts
// once in both, one to a prefix list as the list's maximum of entries in both.
// (EC2's page says that a reference counts in both families, and that a list
// counts as its maximum; it does not say whether an IPv4 list spares the IPv6
// quota, so the stricter reading holds here.)
const RulesPerGroup = 60

// Rule is a security group rule as EC2 keeps it: prefixes and protocols are
// canonical, and exactly one of the four peers is set. Rules can be compared
// with ==.
type Rule struct {
	ID        string
	GroupID   string
	GroupName string
	Direction Direction

	// Protocol is tcp, udp, icmp, icmpv6, another protocol's number, or -1 for
	// all.
	Protocol string

	// FromPort and ToPort are the ends of the range, inclusive; with icmp and
	// icmpv6 the type and the code, -1 for any; -1 with every other protocol.
	FromPort, ToPort int

	CIDRIPv4          string
	CIDRIPv6          string
	PrefixListID      string
	ReferencedGroupID string

	// Description is empty where there is none.
	Description string
}

// String says what the rule lets pass, as "ingress of web: tcp 80-80 with
// 10.0.0.0/8".
func (r Rule) String() string {
	return fmt.Sprintf("%s of %s: %s %d-%d with %s", r.Direction, r.GroupName, r.Protocol, r.FromPort, r.ToPort, r.peer())
}

// peer is the one peer that is set.
func (r Rule) peer() string {
	return cmp.Or(r.CIDRIPv4, r.CIDRIPv6, r.PrefixListID, r.ReferencedGroupID)
}

// opening is the rule without what EC2 does not compare: its id and its
// description. Two rules with the same opening are duplicates.
func (r Rule) opening() Rule {
	r.ID, r.Description = "", ""
	return r
}

func sortRules(rules []Rule) []Rule {
	slices.SortFunc(rules, func(a, b Rule) int {
		return cmp.Or(
			strings.Compare(a.GroupName, b.GroupName),
			-strings.Compare(string(a.Direction), string(b.Direction)), // ingress first
			strings.Compare(a.Protocol, b.Protocol),
			cmp.Compare(a.FromPort, b.FromPort),
			cmp.Compare(a.ToPort, b.ToPort),
			strings.Compare(a.peer(), b.peer()),
			strings.Compare(a.ID, b.ID),
		)
	})
	return rules
}

func (s *Server) findRule(id string) (Rule, error) {
	r, ok := s.rules[id]
	if !ok {
		return Rule{}, refuse("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist", id)
	}
	return r, nil
}

// findRuleOf finds a rule of one group, in one of those directions.
func (s *Server) findRuleOf(g group, id string, in ...Direction) (Rule, error) {
	r, err := s.findRule(id)
	if err == nil && (r.GroupID != g.id || !slices.Contains(in, r.Direction)) {
		err = refuse("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist among those of %s that the call is about", id, g.id)
	}
	return r, err
}

// findOpening finds the group's rule with the same opening.
func findOpening(rules map[string]Rule, wanted Rule) (Rule, bool) {
	for _, r := range rules {
		if r.opening() == wanted.opening() {
			return r, true
		}
	}
	return Rule{}, false
}

func (s *Server) groupRules(groupID string, direction Direction) []Rule {
	var rules []Rule
	for _, r := range s.rules {
		if r.GroupID == groupID && r.Direction == direction {
			rules = append(rules, r)
		}
	}
	return sortRules(rules)
}

func (s *Server) removeRule(id string) {
	delete(s.rules, id)
	delete(s.tags, id)
}

// overQuota names the first group that has too many rules, and is empty where
// none has.
func overQuota(rules map[string]Rule, lists map[string]prefixList) string {
	type side struct {
		groupID   string
		direction Direction
	}
	ipv4, ipv6 := map[side]int{}, map[side]int{}
	for _, r := range rules {
		in := side{r.GroupID, r.Direction}
		weight := 1
		if r.PrefixListID != "" {
			weight = lists[r.PrefixListID].maxEntries
		}
		if r.CIDRIPv6 == "" {
			ipv4[in] += weight
		}
		if r.CIDRIPv4 == "" {
			ipv6[in] += weight
		}
	}
	var full []string
	for _, counts := range []map[side]int{ipv4, ipv6} {
		for in, count := range counts {
			if count > RulesPerGroup {
				full = append(full, in.groupID)
			}
		}
	}
	if len(full) == 0 {
		return ""
	}
	return slices.Min(full)
}
