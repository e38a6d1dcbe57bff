package ec2

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// EC2's limits on tags, all inclusive; lengths are in characters.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

var tagSpecificationParameters = []string{
	"TagSpecification.N.ResourceType", "TagSpecification.N.Tag.N.Key", "TagSpecification.N.Tag.N.Value",
}

type tagItem struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

func tagSet(tags map[string]string) []tagItem {
	var set []tagItem
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		set = append(set, tagItem{key, tags[key]})
	}
	return set
}

// tagSpecification reads the tags with which a call creates something.
func (f form) tagSpecification(resourceType string) (map[string]string, error) {
	tags := map[string]string{}
	for _, specification := range f.items("TagSpecification") {
		if given := specification.text("ResourceType"); given != resourceType {
			return nil, invalidValue("'%s' is not a valid taggable resource type for this operation: want '%s'", given, resourceType)
		}
		if err := specification.readTags(tags); err != nil {
			return nil, err
		}
	}
	return tags, nil
}

// readTags writes the request's tags over those given, and checks the whole.
func (f form) readTags(tags map[string]string) error {
	for _, tag := range f.items("Tag") {
		key, value := tag.text("Key"), tag.text("Value")
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxTagKey:
			return invalidValue("Tag key '%s' must have 1 to %d characters", key, maxTagKey)
		case utf8.RuneCountInString(value) > maxTagValue:
			return invalidValue("Tag value exceeds the maximum length of %d characters: '%s'", maxTagValue, value)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalidValue("Tag keys starting with 'aws:' are reserved for internal use: '%s'", key)
		}
		tags[key] = value
	}
	if len(tags) > maxTags {
		return refuse("TagLimitExceeded", "The maximum number of tags for a resource is %d", maxTags)
	}
	return nil
}

// findTaggable refuses an id that nothing has, with the code that belongs to
// its kind.
func (s *Server) findTaggable(id string) error {
	var err error
	kind, _, _ := strings.Cut(id, "-")
	switch kind {
	case "sg":
		_, err = s.findGroup(id)
	case "sgr":
		_, err = s.findRule(id)
	case "pl":
		_, err = s.findPrefixList(id)
	default:
		err = refuse("InvalidID", "The ID '%s' is not valid", id)
	}
	return err
}

func (s *Server) createTags(f form, _ *Call) (any, error) {
	after := map[string]map[string]string{}
	for _, id := range f.texts("ResourceId") {
		if err := s.findTaggable(id); err != nil {
			return nil, err
		}
		after[id] = map[string]string{}
		maps.Copy(after[id], s.tags[id])
		if err := f.readTags(after[id]); err != nil {
			return nil, err
		}
	}
	maps.Copy(s.tags, after)
	return done{true}, nil
}

// deleteTags takes away the named tags; one that is given with a value only if
// it has that value. Without names it takes away all.
func (s *Server) deleteTags(f form, _ *Call) (any, error) {
	ids := f.texts("ResourceId")
	for _, id := range ids {
		if err := s.findTaggable(id); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		named := f.items("Tag")
		if len(named) == 0 {
			delete(s.tags, id)
		}
		for _, tag := range named {
			key := tag.text("Key")
			if !tag.has("Value") || tag.text("Value") == s.tags[id][key] {
				delete(s.tags[id], key)
			}
		}
	}
	return done{true}, nil
}
