package ec2

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// form holds the parameters of a request. The Query protocol flattens what is
// nested and numbers lists from 1: IpPermissions.2.IpRanges.1.CidrIp.
type form url.Values

func (f form) has(name string) bool { return url.Values(f).Has(name) }

func (f form) text(name string) string { return url.Values(f).Get(name) }

// number reads a whole number; absent is its value where the parameter is not
// there.
func (f form) number(name string, absent int) (int, error) {
	if !f.has(name) {
		return absent, nil
	}
	n, err := strconv.Atoi(f.text(name))
	if err != nil {
		return 0, invalidValue("Value (%s) for parameter %s is invalid: not a whole number", f.text(name), name)
	}
	return n, nil
}

// items returns a list's elements in the order of their numbers, each as a form
// of its own. An element that is a plain value has the empty name in it.
func (f form) items(list string) []form {
	byNumber := map[int]form{}
	for name, values := range f {
		rest, ok := strings.CutPrefix(name, list+".")
		if !ok {
			continue
		}
		digits, member, _ := strings.Cut(rest, ".")
		n, _ := strconv.Atoi(digits) // checkNames lets nothing else pass
		if byNumber[n] == nil {
			byNumber[n] = form{}
		}
		byNumber[n][member] = values
	}
	var items []form
	for _, n := range slices.Sorted(maps.Keys(byNumber)) {
		items = append(items, byNumber[n])
	}
	return items
}

// under returns the parameters of something nested, by their names in it.
func (f form) under(name string) form {
	nested := form{}
	for full, values := range f {
		if member, ok := strings.CutPrefix(full, name+"."); ok {
			nested[member] = values
		}
	}
	return nested
}

// texts returns the elements of a list of plain values.
func (f form) texts(list string) []string {
	var texts []string
	for _, item := range f.items(list) {
		texts = append(texts, item.text(""))
	}
	return texts
}

// listNumber stops at six digits: a longer number is part of an unknown name.
var listNumber = regexp.MustCompile(`\.[0-9]{1,6}`)

// checkNames refuses a parameter that the action does not read: ignoring it
// would let a test pass on something that EC2 acts upon.
func (f form) checkNames(action string, known []string) error {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		general := listNumber.ReplaceAllString(name, ".N")
		if general == "Action" || general == "Version" || slices.Contains(known, general) {
			continue
		}
		return refuse("UnknownParameter", "the EC2 stand-in does not know the parameter %s of %s", name, action)
	}
	return nil
}

// describeParameters are read by every call that lists something. All results
// come in one page, so MaxResults may be any number.
var describeParameters = []string{"Filter.N.Name", "Filter.N.Value.N", "MaxResults"}

// filters maps a filter's name to the values of which one must be equal.
// EC2's wildcards are not played: they match nothing here.
type filters map[string][]string

// filters reads the filters of a call that knows those names; beside them,
// every call knows tag:KEY and tag-key.
func (f form) filters(known ...string) (filters, error) {
	read := filters{}
	for _, item := range f.items("Filter") {
		name := item.text("Name")
		if !slices.Contains(known, name) && name != "tag-key" && !strings.HasPrefix(name, "tag:") {
			return nil, invalidValue("The filter '%s' is invalid", name)
		}
		read[name] = append(read[name], item.texts("Value")...)
	}
	return read, nil
}

// match tells whether something with these attributes and tags passes.
func (f filters) match(attributes, tags map[string]string) bool {
	for name, allowed := range f {
		key, isTag := strings.CutPrefix(name, "tag:")
		switch {
		case isTag:
			if value, ok := tags[key]; !ok || !slices.Contains(allowed, value) {
				return false
			}
		case name == "tag-key":
			if !slices.ContainsFunc(allowed, func(key string) bool { _, ok := tags[key]; return ok }) {
				return false
			}
		case !slices.Contains(allowed, attributes[name]):
			return false
		}
	}
	return true
}
