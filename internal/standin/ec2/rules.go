package ec2

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// peers are the four forms of a peer: where a permission lists them, how a
// modified rule names them, and how each is checked and stored.
var peers = []struct {
	list, member, modified string
	set                    func(s *Server, r *Rule, g group, value string) error
}{
	{"IpRanges", "CidrIp", "CidrIpv4", func(_ *Server, r *Rule, _ group, cidr string) (err error) {
		r.CIDRIPv4, err = checkCIDR(cidr, "IPv4")
		return err
	}},
	{"Ipv6Ranges", "CidrIpv6", "CidrIpv6", func(_ *Server, r *Rule, _ group, cidr string) (err error) {
		r.CIDRIPv6, err = checkCIDR(cidr, "IPv6")
		return err
	}},
	{"PrefixListIds", "PrefixListId", "PrefixListId", func(s *Server, r *Rule, _ group, id string) error {
		r.PrefixListID = id
		_, err := s.findPrefixList(id)
		return err
	}},
	{"Groups", "GroupId", "ReferencedGroupId", func(s *Server, r *Rule, g group, id string) error {
		r.ReferencedGroupID = id
		other, err := s.findGroup(id)
		if err == nil && other.vpcID != g.vpcID {
			err = refuse("InvalidGroup.NotFound", "You have specified two resources that belong to different networks: %s and %s", g.id, id)
		}
		return err
	}},
}

var permissionParameters = []string{
	"IpPermissions.N.IpProtocol", "IpPermissions.N.FromPort", "IpPermissions.N.ToPort",
	"IpPermissions.N.IpRanges.N.CidrIp", "IpPermissions.N.IpRanges.N.Description",
	"IpPermissions.N.Ipv6Ranges.N.CidrIpv6", "IpPermissions.N.Ipv6Ranges.N.Description",
	"IpPermissions.N.PrefixListIds.N.PrefixListId", "IpPermissions.N.PrefixListIds.N.Description",
	"IpPermissions.N.Groups.N.GroupId", "IpPermissions.N.Groups.N.UserId", "IpPermissions.N.Groups.N.Description",
}

// permittedRules reads permissions. A permission may name several peers of
// several kinds, and means one rule for each.
func (s *Server) permittedRules(f form, g group, direction Direction) ([]Rule, error) {
	var rules []Rule
	for _, permission := range f.items("IpPermissions") {
		before := len(rules)
		for _, kind := range peers {
			for _, peer := range permission.items(kind.list) {
				r, err := readRule(permission, g, direction, peer.text("Description"))
				if err != nil {
					return nil, err
				}
				if owner := peer.text("UserId"); owner != "" && owner != AccountID {
					return nil, refuse("InvalidGroup.NotFound", "The security group '%s/%s' does not exist", owner, peer.text(kind.member))
				}
				if err := kind.set(s, &r, g, peer.text(kind.member)); err != nil {
					return nil, err
				}
				if slices.ContainsFunc(rules, func(other Rule) bool { return other.opening() == r.opening() }) {
					return nil, invalidValue("The same permission must not appear multiple times")
				}
				rules = append(rules, r)
			}
		}
		if len(rules) == before {
			return nil, refuse("MissingParameter", "Missing source specification: include source security group or CIDR information")
		}
	}
	return rules, nil
}

// readRule reads all of a rule but its peer.
func readRule(f form, g group, direction Direction, description string) (Rule, error) {
	r := Rule{GroupID: g.id, GroupName: g.name, Direction: direction, Description: description}
	err := checkDescription(description)
	if err != nil {
		return Rule{}, err
	}
	if r.Protocol, err = readProtocol(f.text("IpProtocol")); err != nil {
		return Rule{}, err
	}
	r.FromPort, r.ToPort, err = readPorts(f, r.Protocol)
	return r, err
}

func checkDescription(text string) error {
	if ec2Text.MatchString(text) {
		return nil
	}
	return invalidValue("Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
}

// readProtocol returns a protocol as EC2 stores it: by name where it has one.
func readProtocol(text string) (string, error) {
	switch strings.ToLower(text) {
	case "":
		return "", invalidValue("Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.")
	case "-1":
		return "-1", nil
	case "tcp", "6":
		return "tcp", nil
	case "udp", "17":
		return "udp", nil
	case "icmp", "1":
		return "icmp", nil
	case "icmpv6", "58":
		return "icmpv6", nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 255 {
		return strconv.Itoa(n), nil
	}
	return "", invalidValue("Invalid value '%s' for IP protocol. Unknown protocol.", text)
}

// readPorts returns the range as EC2 stores it. Ports beside a protocol that has
// none are dropped, which is why a configuration that names them never settles.
func readPorts(f form, protocol string) (from, to int, err error) {
	if from, err = f.number("FromPort", -1); err != nil {
		return 0, 0, err
	}
	if to, err = f.number("ToPort", -1); err != nil {
		return 0, 0, err
	}
	both := f.has("FromPort") && f.has("ToPort")
	switch protocol {
	case "tcp", "udp":
		if !both {
			return 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		for _, port := range []int{from, to} {
			if port < 0 || port > 65535 {
				return 0, 0, invalidValue("TCP/UDP port (%d) out of range", port)
			}
		}
		if from > to {
			return 0, 0, invalidValue("Invalid TCP/UDP port range (%d:%d)", from, to)
		}
		return from, to, nil
	case "icmp", "icmpv6":
		if protocol == "icmp" && !both {
			return 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with ICMP.' for portRange.")
		}
		if min(from, to) < -1 || max(from, to) > 255 || from == -1 && to != -1 {
			return 0, 0, invalidValue("ICMP type (%d) and code (%d) out of range", from, to)
		}
		return from, to, nil
	default:
		return -1, -1, nil
	}
}

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
