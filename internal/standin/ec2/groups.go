package ec2

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// DefaultVPC is the network of a group that is created without one. Any other
// id is taken as given: the stand-in has no networks of its own.
const DefaultVPC = "vpc-00000000000000000"

type group struct {
	id, name, description, vpcID string
}

// ec2Text is what EC2 allows in the names and descriptions of groups and in the
// descriptions of their rules: at most 255 of these characters.
var ec2Text = regexp.MustCompile(`^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}$`)

func (s *Server) findGroup(id string) (group, error) {
	if id == "" {
		return group{}, missing("groupId")
	}
	g, ok := s.groups[id]
	if !ok {
		return group{}, refuse("InvalidGroup.NotFound", "The security group '%s' does not exist", id)
	}
	return g, nil
}

type createGroupReply struct {
	GroupID string    `xml:"groupId"`
	ARN     string    `xml:"securityGroupArn"`
	Tags    []tagItem `xml:"tagSet>item"`
}

// createSecurityGroup makes a group that lets everything out, as EC2 does.
// Terraform revokes that rule at once, so that its groups have none.
func (s *Server) createSecurityGroup(f form, _ *Call) (any, error) {
	g := group{name: f.text("GroupName"), description: f.text("GroupDescription"), vpcID: f.text("VpcId")}
	if g.vpcID == "" {
		g.vpcID = DefaultVPC
	}
	switch {
	case g.name == "":
		return nil, missing("groupName")
	case g.description == "":
		return nil, missing("groupDescription")
	case !ec2Text.MatchString(g.name) || strings.HasPrefix(g.name, "sg-"):
		return nil, invalidValue("Value (%s) for parameter groupName is invalid: at most 255 characters of a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*, and not sg- at the start", g.name)
	case !ec2Text.MatchString(g.description):
		return nil, invalidValue("Value (%s) for parameter groupDescription is invalid: at most 255 characters of a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*", g.description)
	}
	for _, other := range s.groups {
		if other.name == g.name && other.vpcID == g.vpcID {
			return nil, refuse("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", g.name, g.vpcID)
		}
	}
	tags, err := f.tagSpecification("security-group")
	if err != nil {
		return nil, err
	}

	g.id = s.newID("sg")
	s.groups[g.id] = g
	s.tags[g.id] = tags
	out := Rule{ID: s.newID("sgr"), GroupID: g.id, GroupName: g.name, Direction: Egress,
		Protocol: "-1", FromPort: -1, ToPort: -1, CIDRIPv4: "0.0.0.0/0"}
	s.rules[out.ID] = out
	return createGroupReply{GroupID: g.id, ARN: arn("security-group", g.id), Tags: tagSet(tags)}, nil
}

type deleteGroupReply struct {
	Return  bool   `xml:"return"`
	GroupID string `xml:"groupId"`
}

func (s *Server) deleteSecurityGroup(f form, _ *Call) (any, error) {
	g, err := s.findGroup(f.text("GroupId"))
	if err != nil {
		return nil, err
	}
	for _, r := range s.rules {
		if r.ReferencedGroupID == g.id && r.GroupID != g.id {
			return nil, refuse("DependencyViolation", "resource %s has a dependent object", g.id)
		}
	}
	for id, r := range s.rules {
		if r.GroupID == g.id {
			s.removeRule(id)
		}
	}
	delete(s.groups, g.id)
	delete(s.tags, g.id)
	return deleteGroupReply{Return: true, GroupID: g.id}, nil
}

type groupItem struct {
	ID          string           `xml:"groupId"`
	Name        string           `xml:"groupName"`
	Description string           `xml:"groupDescription"`
	VPCID       string           `xml:"vpcId"`
	OwnerID     string           `xml:"ownerId"`
	ARN         string           `xml:"securityGroupArn"`
	Ingress     []permissionItem `xml:"ipPermissions>item"`
	Egress      []permissionItem `xml:"ipPermissionsEgress>item"`
	Tags        []tagItem        `xml:"tagSet>item"`
}

type describeGroupsReply struct {
	Groups []groupItem `xml:"securityGroupInfo>item"`
}

func (s *Server) describeSecurityGroups(f form, _ *Call) (any, error) {
	wanted, err := f.filters("group-id", "group-name", "description", "vpc-id", "owner-id")
	if err != nil {
		return nil, err
	}
	ids := f.texts("GroupId")
	for _, id := range ids {
		if _, err := s.findGroup(id); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		ids = slices.Sorted(maps.Keys(s.groups))
	}

	var reply describeGroupsReply
	for _, id := range ids {
		g := s.groups[id]
		if !wanted.match(map[string]string{
			"group-id": id, "group-name": g.name, "description": g.description, "vpc-id": g.vpcID, "owner-id": AccountID,
		}, s.tags[id]) {
			continue
		}
		reply.Groups = append(reply.Groups, groupItem{
			ID: id, Name: g.name, Description: g.description, VPCID: g.vpcID, OwnerID: AccountID,
			ARN:     arn("security-group", id),
			Ingress: permissionItems(s.groupRules(id, Ingress)),
			Egress:  permissionItems(s.groupRules(id, Egress)),
			Tags:    tagSet(s.tags[id]),
		})
	}
	return reply, nil
}
