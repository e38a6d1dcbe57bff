package ec2

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

func TestTags(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, users := newGroup(t, srv, "web"), newList(t, srv, "users", "2")
	rule := element(t, do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", listMember, users)...), "securityGroupRuleId")
	expect := func(want map[string]string) {
		t.Helper()
		for _, id := range []string{web, users, rule} {
			if got := srv.Tags(id); !maps.Equal(got, want) {
				t.Errorf("%s has the tags %v, want %v", id, got, want)
			}
		}
	}
	all := []string{"ResourceId.1", web, "ResourceId.2", users, "ResourceId.3", rule}

	do(t, srv, "CreateTags", append(all, "Tag.1.Key", "a", "Tag.1.Value", "1", "Tag.2.Key", "b", "Tag.2.Value", "2")...)
	do(t, srv, "CreateTags", append(all, "Tag.1.Key", "b", "Tag.1.Value", "3", "Tag.2.Key", "c", "Tag.2.Value", "")...)
	expect(map[string]string{"a": "1", "b": "3", "c": ""})
	do(t, srv, "DeleteTags", append(all, "Tag.1.Key", "a", "Tag.2.Key", "b", "Tag.2.Value", "another")...)
	expect(map[string]string{"b": "3", "c": ""})
	do(t, srv, "DeleteTags", append(all, "Tag.1.Key", "b", "Tag.1.Value", "3")...)
	expect(map[string]string{"c": ""})
	do(t, srv, "DeleteTags", all...)
	expect(nil)

	do(t, srv, "CreateTags", append(all, "Tag.1.Key", "a", "Tag.1.Value", "1")...)
	do(t, srv, "DeleteSecurityGroup", "GroupId", web)
	do(t, srv, "DeleteManagedPrefixList", "PrefixListId", users)
	expect(nil)
}

func TestTagsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	var fiftyOne []string
	for i := range 51 {
		fiftyOne = append(fiftyOne, fmt.Sprintf("Tag.%d.Key", i+1), fmt.Sprintf("key %d", i))
	}
	for _, test := range []struct {
		code, text string
		form       []string
	}{
		{"InvalidParameterValue", "must have 1 to 128 characters", []string{"Tag.1.Key", ""}},
		{"InvalidParameterValue", "must have 1 to 128 characters", []string{"Tag.1.Key", strings.Repeat("é", 129)}},
		{"InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters", []string{"Tag.1.Key", "flows", "Tag.1.Value", strings.Repeat("x", 257)}},
		{"InvalidParameterValue", "Tag keys starting with 'aws:' are reserved", []string{"Tag.1.Key", "AWS:name"}},
		{"TagLimitExceeded", "is 50", fiftyOne},
		{"InvalidGroup.NotFound", "'sg-0'", []string{"ResourceId.2", "sg-0", "Tag.1.Key", "a"}},
		{"InvalidSecurityGroupRuleId.NotFound", "'sgr-0'", []string{"ResourceId.2", "sgr-0", "Tag.1.Key", "a"}},
		{"InvalidPrefixListID.NotFound", "'pl-0'", []string{"ResourceId.2", "pl-0", "Tag.1.Key", "a"}},
		{"InvalidID", "The ID 'i-0' is not valid", []string{"ResourceId.2", "i-0", "Tag.1.Key", "a"}},
	} {
		refused(t, srv, test.code, test.text, "CreateTags", append([]string{"ResourceId.1", web}, test.form...)...)
	}
	refused(t, srv, "InvalidGroup.NotFound", "'sg-0'", "DeleteTags", "ResourceId.1", "sg-0")
	refused(t, srv, "InvalidParameterValue", "must have 1 to 128", "CreateSecurityGroup", "GroupName", "n", "GroupDescription", "d",
		"TagSpecification.1.ResourceType", "security-group", "TagSpecification.1.Tag.1.Key", "")
	if got := srv.Tags(web); len(got) != 0 {
		t.Errorf("refused tags were set: %v", got)
	}
	do(t, srv, "CreateTags", "ResourceId.1", web, "Tag.1.Key", strings.Repeat("é", 128), "Tag.1.Value", strings.Repeat("é", 256))
}
