package ec2

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

// EC2's limits on prefix lists, inclusive.
const (
	maxListEntries       = 1000
	maxEntriesPerRequest = 100
)

type prefixList struct {
	id, name   string
	family     string // IPv4 or IPv6
	maxEntries int
	version    int // counts the changes of entries, from 1
	entries    []entryItem

	state, stateMessage string
}

type entryItem struct {
	CIDR        string `xml:"cidr"`
	Description string `xml:"description,omitempty"`
}

func (s *Server) findPrefixList(id string) (prefixList, error) {
	if id == "" {
		return prefixList{}, missing("prefixListId")
	}
	l, ok := s.lists[id]
	if !ok {
		return prefixList{}, refuse("InvalidPrefixListID.NotFound", "The prefix list ID '%s' does not exist", id)
	}
	return l, nil
}

// checkCIDR returns a prefix as EC2 stores it, and refuses one of the wrong
// family or with host bits.
func checkCIDR(text, family string) (string, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil || prefix.Addr().Is4() != (family == "IPv4") {
		return "", invalidValue("CIDR block %s is malformed: not an %s prefix", text, family)
	}
	if prefix != prefix.Masked() {
		return "", invalidValue("CIDR block %s is malformed: it has host bits, %s is the block that holds it", text, prefix.Masked())
	}
	return prefix.String(), nil
}

// readEntries reads entries to add, and refuses two of the same block.
func (f form) readEntries(list, family string) ([]entryItem, error) {
	var entries []entryItem
	for _, item := range f.items(list) {
		cidr, err := checkCIDR(item.text("Cidr"), family)
		if err != nil {
			return nil, err
		}
		description := item.text("Description")
		if utf8.RuneCountInString(description) > 255 {
			return nil, invalidValue("The description of entry %s has more than 255 characters", cidr)
		}
		if hasEntry(entries, cidr) {
			return nil, invalidValue("The request contains the CIDR %s more than once", cidr)
		}
		entries = append(entries, entryItem{cidr, description})
	}
	if len(entries) > maxEntriesPerRequest {
		return nil, invalidValue("The number of entries per request cannot exceeds limit (%d).", maxEntriesPerRequest)
	}
	return entries, nil
}

func hasEntry(entries []entryItem, cidr string) bool {
	return slices.ContainsFunc(entries, func(e entryItem) bool { return e.CIDR == cidr })
}

func checkListName(name string) error {
	if name == "" {
		return missing("prefixListName")
	}
	if utf8.RuneCountInString(name) > 255 || strings.HasPrefix(name, "com.amazonaws") {
		return invalidValue("Value (%s) for parameter prefixListName is invalid: at most 255 characters, and not com.amazonaws at the start", name)
	}
	return nil
}

// checkSize refuses a list that holds more than it may, or that may hold more
// than EC2 allows.
func (l prefixList) checkSize() error {
	if l.maxEntries < 1 || l.maxEntries > maxListEntries {
		return invalidValue("Must specify a max size between 1 and %d", maxListEntries)
	}
	if len(l.entries) > l.maxEntries {
		return refuse("PrefixListMaxEntriesExceeded", "The prefix list would have %d entries, and its maximum is %d", len(l.entries), l.maxEntries)
	}
	return nil
}

type prefixListItem struct {
	ID           string    `xml:"prefixListId"`
	Name         string    `xml:"prefixListName"`
	Family       string    `xml:"addressFamily"`
	ARN          string    `xml:"prefixListArn"`
	MaxEntries   int       `xml:"maxEntries"`
	Version      int       `xml:"version"`
	State        string    `xml:"state"`
	StateMessage string    `xml:"stateMessage,omitempty"`
	OwnerID      string    `xml:"ownerId"`
	Tags         []tagItem `xml:"tagSet>item"`
}

type prefixListReply struct {
	List prefixListItem `xml:"prefixList"`
}

func (s *Server) prefixListItem(l prefixList) prefixListItem {
	return prefixListItem{
		ID: l.id, Name: l.name, Family: l.family, ARN: arn("prefix-list", l.id), MaxEntries: l.maxEntries,
		Version: l.version, State: l.state, StateMessage: l.stateMessage, OwnerID: AccountID, Tags: tagSet(s.tags[l.id]),
	}
}

func (s *Server) createManagedPrefixList(f form, _ *Call) (any, error) {
	l := prefixList{name: f.text("PrefixListName"), family: f.text("AddressFamily"), version: 1, state: "create-complete"}
	if err := checkListName(l.name); err != nil {
		return nil, err
	}
	if l.family != "IPv4" && l.family != "IPv6" {
		return nil, invalidValue("Value (%s) for parameter addressFamily is invalid: IPv4 or IPv6", l.family)
	}
	var err error
	if l.maxEntries, err = f.number("MaxEntries", 0); err != nil {
		return nil, err
	}
	if l.entries, err = f.readEntries("Entry", l.family); err != nil {
		return nil, err
	}
	if err := l.checkSize(); err != nil {
		return nil, err
	}
	tags, err := f.tagSpecification("prefix-list")
	if err != nil {
		return nil, err
	}

	l.id = s.newID("pl")
	s.lists[l.id] = l
	s.tags[l.id] = tags
	return prefixListReply{s.prefixListItem(l)}, nil
}

type describePrefixListsReply struct {
	Lists []prefixListItem `xml:"prefixListSet>item"`
}

func (s *Server) describeManagedPrefixLists(f form, _ *Call) (any, error) {
	wanted, err := f.filters("prefix-list-id", "prefix-list-name", "owner-id")
	if err != nil {
		return nil, err
	}
	ids := f.texts("PrefixListId")
	for _, id := range ids {
		if _, err := s.findPrefixList(id); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		ids = slices.Sorted(maps.Keys(s.lists))
	}

	var reply describePrefixListsReply
	for _, id := range ids {
		l := s.lists[id]
		if wanted.match(map[string]string{
			"prefix-list-id": id, "prefix-list-name": l.name, "owner-id": AccountID,
		}, s.tags[id]) {
			reply.Lists = append(reply.Lists, s.prefixListItem(l))
		}
	}
	return reply, nil
}

type listEntriesReply struct {
	Entries []entryItem `xml:"entrySet>item"`
}

func (s *Server) getManagedPrefixListEntries(f form, _ *Call) (any, error) {
	l, err := s.findPrefixList(f.text("PrefixListId"))
	if err != nil {
		return nil, err
	}
	return listEntriesReply{l.entries}, nil
}

// modifyManagedPrefixList changes a list's name, its entries or its size; EC2
// takes entries and size apart only. A new size that a rule's group has no room
// for is not refused at once: the list's state then says that it failed.
func (s *Server) modifyManagedPrefixList(f form, _ *Call) (any, error) {
	l, err := s.findPrefixList(f.text("PrefixListId"))
	if err != nil {
		return nil, err
	}
	resized, renamed := f.has("MaxEntries"), f.has("PrefixListName")
	refilled := len(f.items("AddEntry"))+len(f.items("RemoveEntry")) > 0
	switch {
	case resized && refilled:
		return nil, refuse("InvalidParameterCombination", "You cannot modify the entries and the maximum entries for the prefix list in the same request.")
	case !resized && !refilled && !renamed:
		return nil, refuse("InvalidRequest", "The request received was invalid.")
	}

	current, err := f.number("CurrentVersion", l.version)
	if err != nil {
		return nil, err
	}
	if current != l.version {
		return nil, refuse("PrefixListVersionMismatch", "The prefix list has the incorrect version number: given %d, current %d", current, l.version)
	}
	if renamed {
		l.name = f.text("PrefixListName")
		if err := checkListName(l.name); err != nil {
			return nil, err
		}
	}
	if refilled {
		if l.entries, err = f.changeEntries(l); err != nil {
			return nil, err
		}
		l.version++
	}
	before := l.maxEntries
	if l.maxEntries, err = f.number("MaxEntries", l.maxEntries); err != nil {
		return nil, err
	}
	if err := l.checkSize(); err != nil {
		return nil, err
	}

	l.state, l.stateMessage = "modify-complete", ""
	lists := maps.Clone(s.lists)
	lists[l.id] = l
	if full := overQuota(s.rules, lists); full != "" {
		l.state, l.stateMessage = "modify-failed", fmt.Sprintf("The following resources do not support the new maximum size: %s", full)
		l.maxEntries = before
	}
	s.lists[l.id] = l
	return prefixListReply{s.prefixListItem(l)}, nil
}

// changeEntries returns the list's entries as a modification leaves them.
func (f form) changeEntries(l prefixList) ([]entryItem, error) {
	added, err := f.readEntries("AddEntry", l.family)
	if err != nil {
		return nil, err
	}
	entries := slices.Clone(l.entries)
	for _, item := range f.items("RemoveEntry") {
		cidr := item.text("Cidr")
		if hasEntry(added, cidr) {
			return nil, invalidValue("Request cannot contain Cidr %s in both AddPrefixListEntries and RemovePrefixListEntries", cidr)
		}
		if !hasEntry(entries, cidr) {
			return nil, invalidValue("The prefix list has no entry %s", cidr)
		}
		entries = slices.DeleteFunc(entries, func(e entryItem) bool { return e.CIDR == cidr })
	}
	for _, e := range added {
		if hasEntry(entries, e.CIDR) {
			return nil, invalidValue("The prefix list has an entry %s already", e.CIDR)
		}
	}
	return append(entries, added...), nil
}

func (s *Server) deleteManagedPrefixList(f form, _ *Call) (any, error) {
	l, err := s.findPrefixList(f.text("PrefixListId"))
	if err != nil {
		return nil, err
	}
	for _, r := range s.rules {
		if r.PrefixListID == l.id {
			return nil, refuse("DependencyViolation", "prefix list %s is referenced by rule %s", l.id, r.ID)
		}
	}
	l.state = "delete-complete"
	reply := prefixListReply{s.prefixListItem(l)}
	delete(s.lists, l.id)
	delete(s.tags, l.id)
	return reply, nil
}
