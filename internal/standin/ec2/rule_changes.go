package ec2

import (
	"maps"
	"strings"
)

type authorizeReply struct {
	Return bool       `xml:"return"`
	Rules  []ruleItem `xml:"securityGroupRuleSet>item"`
}

// authorize adds the rules of all permissions, or none of them.
func authorize(direction Direction) func(*Server, form, *Call) (any, error) {
	return func(s *Server, f form, call *Call) (any, error) {
		g, err := s.findGroup(f.text("GroupId"))
		if err != nil {
			return nil, err
		}
		added, err := s.permittedRules(f, g, direction)
		if err != nil {
			return nil, err
		}
		if len(added) == 0 {
			return nil, missing("ipPermissions")
		}
		tags, err := f.tagSpecification("security-group-rule")
		if err != nil {
			return nil, err
		}
		after := maps.Clone(s.rules)
		for i, r := range added {
			if _, ok := findOpening(s.rules, r); ok {
				return nil, duplicate(r)
			}
			added[i].ID = s.newID("sgr")
			after[added[i].ID] = added[i]
		}
		if full := overQuota(after, s.lists); full != "" {
			return nil, quotaExceeded(full)
		}

		s.rules = after
		call.Rules = added
		reply := authorizeReply{Return: true}
		for _, r := range added {
			s.tags[r.ID] = maps.Clone(tags)
			reply.Rules = append(reply.Rules, s.ruleItem(r))
		}
		return reply, nil
	}
}

func duplicate(r Rule) error {
	protocol := strings.ToUpper(r.Protocol)
	if r.Protocol == "-1" {
		protocol = "ALL"
	}
	return refuse("InvalidPermission.Duplicate", "the specified rule \"peer: %s, %s, from port: %d, to port: %d, ALLOW\" already exists",
		r.peer(), protocol, r.FromPort, r.ToPort)
}

func quotaExceeded(groupID string) error {
	return refuse("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached: %s may have %d in each direction and for each of IPv4 and IPv6",
		groupID, RulesPerGroup)
}

// revoke removes rules that are named by their ids or by what they permit, all
// or none.
func revoke(direction Direction) func(*Server, form, *Call) (any, error) {
	return func(s *Server, f form, call *Call) (any, error) {
		g, err := s.findGroup(f.text("GroupId"))
		if err != nil {
			return nil, err
		}
		var revoked []Rule
		for _, id := range f.texts("SecurityGroupRuleId") {
			r, err := s.findRuleOf(g, id, direction)
			if err != nil {
				return nil, err
			}
			revoked = append(revoked, r)
		}
		permitted, err := s.findPermitted(f, g, direction)
		if err != nil {
			return nil, err
		}
		revoked = append(revoked, permitted...)
		if len(revoked) == 0 {
			return nil, missing("ipPermissions")
		}
		for _, r := range revoked {
			s.removeRule(r.ID)
		}
		call.Rules = revoked
		return done{true}, nil
	}
}

// findPermitted finds the rules that permissions name, each with the description
// that it has.
func (s *Server) findPermitted(f form, g group, direction Direction) ([]Rule, error) {
	wanted, err := s.permittedRules(f, g, direction)
	if err != nil {
		return nil, err
	}
	var found []Rule
	for _, r := range wanted {
		existing, ok := findOpening(s.rules, r)
		if !ok {
			return nil, refuse("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		found = append(found, existing)
	}
	return found, nil
}

var modifyRuleParameters = []string{
	"GroupId", "SecurityGroupRule.N.SecurityGroupRuleId",
	"SecurityGroupRule.N.SecurityGroupRule.IpProtocol",
	"SecurityGroupRule.N.SecurityGroupRule.FromPort", "SecurityGroupRule.N.SecurityGroupRule.ToPort",
	"SecurityGroupRule.N.SecurityGroupRule.CidrIpv4", "SecurityGroupRule.N.SecurityGroupRule.CidrIpv6",
	"SecurityGroupRule.N.SecurityGroupRule.PrefixListId", "SecurityGroupRule.N.SecurityGroupRule.ReferencedGroupId",
	"SecurityGroupRule.N.SecurityGroupRule.Description",
}

// modifySecurityGroupRules replaces what rules say, all or none; their ids,
// their direction and the kind of their peer stay.
func (s *Server) modifySecurityGroupRules(f form, call *Call) (any, error) {
	g, err := s.findGroup(f.text("GroupId"))
	if err != nil {
		return nil, err
	}
	updates := f.items("SecurityGroupRule")
	if len(updates) == 0 {
		return nil, missing("securityGroupRules")
	}
	after := maps.Clone(s.rules)
	var changed []Rule
	for _, update := range updates {
		old, err := s.findRuleOf(g, update.text("SecurityGroupRuleId"), Ingress, Egress)
		if err != nil {
			return nil, err
		}
		r, err := s.modifiedRule(update.under("SecurityGroupRule"), g, old)
		if err != nil {
			return nil, err
		}
		delete(after, r.ID)
		if _, ok := findOpening(after, r); ok {
			return nil, duplicate(r)
		}
		after[r.ID] = r
		changed = append(changed, r)
	}
	if full := overQuota(after, s.lists); full != "" {
		return nil, quotaExceeded(full)
	}
	s.rules = after
	call.Rules = changed
	return done{true}, nil
}

// modifiedRule reads a rule's new content, which has exactly one peer.
func (s *Server) modifiedRule(f form, g group, old Rule) (Rule, error) {
	r, err := readRule(f, g, old.Direction, f.text("Description"))
	if err != nil {
		return Rule{}, err
	}
	r.ID = old.ID
	given := 0
	for _, kind := range peers {
		if !f.has(kind.modified) {
			continue
		}
		given++
		if err := kind.set(s, &r, g, f.text(kind.modified)); err != nil {
			return Rule{}, err
		}
	}
	if given != 1 {
		return Rule{}, refuse("InvalidParameterCombination", "You must specify exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId; %d are given for %s", given, old.ID)
	}
	if kindOf(r) != kindOf(old) {
		return Rule{}, invalidValue("You cannot change the rule type of %s, which %s is the peer of", old.ID, old.peer())
	}
	return r, nil
}

// kindOf tells which of the four peers is set.
func kindOf(r Rule) [4]bool {
	return [4]bool{r.CIDRIPv4 != "", r.CIDRIPv6 != "", r.PrefixListID != "", r.ReferencedGroupID != ""}
}

var ruleDescriptionParameters = []string{
	"SecurityGroupRuleDescription.N.SecurityGroupRuleId", "SecurityGroupRuleDescription.N.Description",
}

// updateDescriptions replaces descriptions, of rules that are named by their ids
// or by what they permit, all or none.
func updateDescriptions(direction Direction) func(*Server, form, *Call) (any, error) {
	return func(s *Server, f form, call *Call) (any, error) {
		g, err := s.findGroup(f.text("GroupId"))
		if err != nil {
			return nil, err
		}
		permitted, err := s.permittedRules(f, g, direction)
		if err != nil {
			return nil, err
		}
		found, err := s.findPermitted(f, g, direction)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Description = permitted[i].Description
		}
		for _, item := range f.items("SecurityGroupRuleDescription") {
			r, err := s.findRuleOf(g, item.text("SecurityGroupRuleId"), direction)
			if err != nil {
				return nil, err
			}
			r.Description = item.text("Description")
			if err := checkDescription(r.Description); err != nil {
				return nil, err
			}
			found = append(found, r)
		}
		if len(found) == 0 {
			return nil, missing("ipPermissions")
		}
		for _, r := range found {
			s.rules[r.ID] = r
		}
		call.Rules = found
		return done{true}, nil
	}
}
