package ec2

import (
	"fmt"
	"strings"
	"testing"
)

func entriesOf(t *testing.T, srv *Server, list string) string {
	t.Helper()
	body := do(t, srv, "GetManagedPrefixListEntries", "PrefixListId", list, "MaxResults", "100")
	return strings.TrimSuffix(strings.TrimPrefix(body, "<GetManagedPrefixListEntriesResponse>"), "</GetManagedPrefixListEntriesResponse>")
}

func TestPrefixListLife(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	body := do(t, srv, "CreateManagedPrefixList", "PrefixListName", "users", "AddressFamily", "IPv6", "MaxEntries", "3", "ClientToken", "once",
		"Entry.1.Cidr", "2001:DB8::/32", "Entry.1.Description", "réseau", "Entry.2.Cidr", "fd00::/8",
		"TagSpecification.1.ResourceType", "prefix-list", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "users")
	id := element(t, body, "prefixListId")
	item := func(name, version, state string) string {
		return "<prefixListId>" + id + "</prefixListId><prefixListName>" + name + "</prefixListName><addressFamily>IPv6</addressFamily>" +
			"<prefixListArn>arn:aws:ec2:eu-west-3:123456789012:prefix-list/" + id + "</prefixListArn><maxEntries>3</maxEntries>" +
			"<version>" + version + "</version><state>" + state + "</state><ownerId>123456789012</ownerId>" +
			"<tagSet><item><key>Name</key><value>users</value></item></tagSet>"
	}
	if want := "<CreateManagedPrefixListResponse><prefixList>" + item("users", "1", "create-complete") + "</prefixList></CreateManagedPrefixListResponse>"; body != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
	if got, want := entriesOf(t, srv, id), "<entrySet><item><cidr>2001:db8::/32</cidr><description>réseau</description></item><item><cidr>fd00::/8</cidr></item></entrySet>"; got != want {
		t.Errorf("entries %s, want %s", got, want)
	}

	do(t, srv, "ModifyManagedPrefixList", "PrefixListId", id, "CurrentVersion", "1", "RemoveEntry.1.Cidr", "fd00::/8", "AddEntry.1.Cidr", "fc00::/7")
	do(t, srv, "ModifyManagedPrefixList", "PrefixListId", id, "PrefixListName", "people")
	if got, want := entriesOf(t, srv, id), "<entrySet><item><cidr>2001:db8::/32</cidr><description>réseau</description></item><item><cidr>fc00::/7</cidr></item></entrySet>"; got != want {
		t.Errorf("entries %s, want %s", got, want)
	}
	for _, query := range [][]string{
		{"PrefixListId.1", id},
		{"Filter.1.Name", "prefix-list-name", "Filter.1.Value.1", "people"},
		{"Filter.1.Name", "owner-id", "Filter.1.Value.1", AccountID},
	} {
		want := "<DescribeManagedPrefixListsResponse><prefixListSet><item>" + item("people", "2", "modify-complete") + "</item></prefixListSet></DescribeManagedPrefixListsResponse>"
		if got := do(t, srv, "DescribeManagedPrefixLists", query...); got != want {
			t.Errorf("%v: got %s\nwant %s", query, got, want)
		}
	}
	if got := do(t, srv, "DescribeManagedPrefixLists", "Filter.1.Name", "prefix-list-name", "Filter.1.Value.1", "users"); strings.Contains(got, "item") {
		t.Errorf("the old name still finds %s", got)
	}

	body = do(t, srv, "DeleteManagedPrefixList", "PrefixListId", id)
	if want := "<DeleteManagedPrefixListResponse><prefixList>" + item("people", "2", "delete-complete") + "</prefixList></DeleteManagedPrefixListResponse>"; body != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
	if left := srv.Leftovers(); len(left) != 0 {
		t.Errorf("left %q", left)
	}
	for _, action := range []string{"DeleteManagedPrefixList", "GetManagedPrefixListEntries", "ModifyManagedPrefixList"} {
		refused(t, srv, "InvalidPrefixListID.NotFound", "'"+id+"' does not exist", action, "PrefixListId", id)
		refused(t, srv, "MissingParameter", "prefixListId", action)
	}
	refused(t, srv, "InvalidPrefixListID.NotFound", "'"+id+"' does not exist", "DescribeManagedPrefixLists", "PrefixListId.1", id)
	refused(t, srv, "InvalidParameterValue", "The filter 'x' is invalid", "DescribeManagedPrefixLists", "Filter.1.Name", "x")
}

func TestPrefixListsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	tooMany := []string{"MaxEntries", "1000"}
	for i := range 101 {
		tooMany = append(tooMany, fmt.Sprintf("Entry.%d.Cidr", i+1), fmt.Sprintf("10.%d.0.0/16", i))
	}
	for _, test := range []struct {
		code, text string
		form       []string // over a list that would pass
	}{
		{"MissingParameter", "prefixListName", []string{"PrefixListName", ""}},
		{"InvalidParameterValue", "Value (com.amazonaws.x) for parameter prefixListName", []string{"PrefixListName", "com.amazonaws.x"}},
		{"InvalidParameterValue", "for parameter prefixListName", []string{"PrefixListName", strings.Repeat("x", 256)}},
		{"InvalidParameterValue", "Value (ipv4) for parameter addressFamily", []string{"AddressFamily", "ipv4"}},
		{"InvalidParameterValue", "max size between 1 and 1000", []string{"MaxEntries", "0"}},
		{"InvalidParameterValue", "max size between 1 and 1000", []string{"MaxEntries", "1001"}},
		{"InvalidParameterValue", "Value (many) for parameter MaxEntries", []string{"MaxEntries", "many"}},
		{"PrefixListMaxEntriesExceeded", "would have 3 entries, and its maximum is 2", []string{"Entry.2.Cidr", "192.0.2.0/24", "Entry.3.Cidr", "198.51.100.0/24"}},
		{"InvalidParameterValue", "it has host bits, 10.0.0.0/8", []string{"Entry.1.Cidr", "10.0.0.1/8"}},
		{"InvalidParameterValue", "not an IPv4 prefix", []string{"Entry.1.Cidr", "2001:db8::/32"}},
		{"InvalidParameterValue", "contains the CIDR 10.0.0.0/8 more than once", []string{"Entry.2.Cidr", "10.0.0.0/8"}},
		{"InvalidParameterValue", "has more than 255 characters", []string{"Entry.1.Description", strings.Repeat("é", 256)}},
		{"InvalidParameterValue", "cannot exceeds limit (100)", tooMany},
		{"InvalidParameterValue", "want 'prefix-list'", []string{"TagSpecification.1.ResourceType", "security-group"}},
	} {
		form := append([]string{"PrefixListName", "users", "AddressFamily", "IPv4", "MaxEntries", "2", "Entry.1.Cidr", "10.0.0.0/8"}, test.form...)
		refused(t, srv, test.code, test.text, "CreateManagedPrefixList", form...)
	}
	if left := srv.Leftovers(); len(left) != 0 {
		t.Errorf("refused lists were made: %q", left)
	}
}

func TestPrefixListChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	id := element(t, do(t, srv, "CreateManagedPrefixList", "PrefixListName", "users", "AddressFamily", "IPv4", "MaxEntries", "2",
		"Entry.1.Cidr", "10.0.0.0/8", "Entry.2.Cidr", "192.0.2.0/24"), "prefixListId")
	before := do(t, srv, "DescribeManagedPrefixLists") + entriesOf(t, srv, id)
	for _, test := range []struct {
		code, text string
		form       []string
	}{
		{"InvalidRequest", "The request received was invalid", nil},
		{"InvalidParameterCombination", "You cannot modify the entries and the maximum entries", []string{"MaxEntries", "3", "AddEntry.1.Cidr", "198.51.100.0/24"}},
		{"PrefixListVersionMismatch", "given 2, current 1", []string{"CurrentVersion", "2", "RemoveEntry.1.Cidr", "10.0.0.0/8"}},
		{"InvalidParameterValue", "Value (x) for parameter CurrentVersion", []string{"CurrentVersion", "x", "RemoveEntry.1.Cidr", "10.0.0.0/8"}},
		{"InvalidParameterValue", "Value (x) for parameter MaxEntries", []string{"MaxEntries", "x"}},
		{"PrefixListMaxEntriesExceeded", "would have 2 entries, and its maximum is 1", []string{"MaxEntries", "1"}},
		{"PrefixListMaxEntriesExceeded", "would have 3 entries, and its maximum is 2", []string{"AddEntry.1.Cidr", "198.51.100.0/24"}},
		{"MissingParameter", "prefixListName", []string{"PrefixListName", ""}},
		{"InvalidParameterValue", "has an entry 10.0.0.0/8 already", []string{"AddEntry.1.Cidr", "10.0.0.0/8"}},
		{"InvalidParameterValue", "has no entry 172.16.0.0/12", []string{"RemoveEntry.1.Cidr", "172.16.0.0/12"}},
		{"InvalidParameterValue", "in both AddPrefixListEntries and RemovePrefixListEntries", []string{"AddEntry.1.Cidr", "10.0.0.0/8", "RemoveEntry.1.Cidr", "10.0.0.0/8"}},
		{"InvalidParameterValue", "malformed", []string{"AddEntry.1.Cidr", "10/8"}},
	} {
		refused(t, srv, test.code, test.text, "ModifyManagedPrefixList", append([]string{"PrefixListId", id}, test.form...)...)
	}
	if after := do(t, srv, "DescribeManagedPrefixLists") + entriesOf(t, srv, id); after != before {
		t.Errorf("refused changes left %s, want %s", after, before)
	}
}

func TestDeleteReferencedPrefixList(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web, users := newGroup(t, srv, "web"), newList(t, srv, "users", "2")
	do(t, srv, "AuthorizeSecurityGroupIngress", permission(web, "80", "80", listMember, users)...)
	refused(t, srv, "DependencyViolation", "prefix list "+users+" is referenced by rule "+srv.Rules()[0].ID, "DeleteManagedPrefixList", "PrefixListId", users)
	do(t, srv, "RevokeSecurityGroupIngress", permission(web, "80", "80", listMember, users)...)
	do(t, srv, "DeleteManagedPrefixList", "PrefixListId", users)
}
