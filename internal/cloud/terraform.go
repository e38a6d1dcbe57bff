package cloud

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Objects reads rules as Terraform has them: resources and data sources, one by
// itself, in lists and in maps, and apart by direction in { ingress = ..., egress
// = ... }. What an object is, its attributes say. A value is as in a Row; a text is
// one for Parse. The error is an *refusal.Errors.
func (c Cloud) Objects(at refusal.Path, value any) (Seen, error) {
	o := &objectReader{cloud: c}
	o.read(at, "", value)
	o.oneNetwork(at)
	return o.seen, o.errs.Err()
}

// objectReader collects what objects say.
type objectReader struct {
	cloud Cloud
	seen  Seen
	errs  refusal.Errors
}

func (o *objectReader) read(at refusal.Path, direction Direction, value any) {
	switch v := value.(type) {
	case Unknown:
		o.seen.Unknown = true
	case nil:
		o.refuse(at, "null stands here")
	case []any:
		for i, element := range v {
			o.read(at.Index(i), direction, element)
		}
	case map[string]any:
		o.object(at, direction, v)
	case string:
		o.text(at, v)
	default:
		o.refuse(at, spelt(v)+" stands here")
	}
}

// text reads what a command line or an API printed.
func (o *objectReader) text(at refusal.Path, text string) {
	seen, err := o.cloud.Parse(text)
	var wrong *refusal.Error
	if errors.As(err, &wrong) {
		wrong.At = at
		o.errs.Add(wrong)
		return
	}
	o.errs.Merge(err)
	o.join(seen)
}

// oneNetwork refuses rules of several networks of Google's: those of one do nothing
// at the machines of another, and rules do not say which machines those are.
func (o *objectReader) oneNetwork(at refusal.Path) {
	var networks []string
	for _, rule := range o.seen.Rules {
		if text, ok := rule.Row["network"].(string); ok {
			if name := text[strings.LastIndexByte(text, '/')+1:]; !slices.Contains(networks, name) {
				networks = append(networks, name)
			}
		}
	}
	if len(networks) < 2 {
		return
	}
	slices.Sort(networks)
	o.errs.Add(&refusal.Error{
		At: at, Summary: "Several networks", Found: "rules of the networks " + refusal.List(networks) + " stand here, and only those of its own do anything at a machine",
		Remedy: "Give the rules of one network, as in gcloud compute firewall-rules list --filter=network:" + networks[0] + " --format=json",
	})
}

func (o *objectReader) object(at refusal.Path, direction Direction, object map[string]any) {
	if seen, ok := o.cloud.terraform(object); ok {
		o.add(seen, direction)
		return
	}
	names := slices.Sorted(maps.Keys(object))
	if _, decoded := o.cloud.printed(object); decoded {
		o.refuse(at, "what jsondecode makes of a text stands here")
		return
	}
	byDirection := direction == "" && len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return name != string(Ingress) && name != string(Egress)
	})
	if slices.ContainsFunc(names, func(name string) bool { return !mayHoldRules(object[name]) }) {
		o.refuse(at, "an object with "+refusal.List(names)+" is not a rule of "+o.cloud.Name)
		return
	}
	for _, name := range names {
		if byDirection {
			o.read(at.Attribute(name), Direction(name), object[name])
		} else {
			o.read(at.Key(name), direction, object[name])
		}
	}
}

// mayHoldRules reports whether a value in a map of rules can be one of them, or
// several.
func mayHoldRules(value any) bool {
	switch v := value.(type) {
	case map[string]any, []any, Unknown:
		return true
	case string:
		return isJSON(v)
	}
	return false
}

// isJSON reports whether a text begins as JSON of an object or a list does.
func isJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// add adds what Terraform has.
func (o *objectReader) add(seen Seen, direction Direction) {
	for i := range seen.Rules {
		seen.Rules[i].State = true
		if seen.Rules[i].Direction == "" {
			seen.Rules[i].Direction = direction
		}
	}
	o.join(seen)
}

func (o *objectReader) join(seen Seen) {
	o.seen.Rules = append(o.seen.Rules, seen.Rules...)
	o.seen.Groups = append(o.seen.Groups, seen.Groups...)
	o.seen.Unknown = o.seen.Unknown || seen.Unknown
}

func (o *objectReader) refuse(at refusal.Path, found string) {
	types := slices.Sorted(maps.Keys(o.cloud.resources))
	o.errs.Add(&refusal.Error{
		At: at, Summary: "Not rules", Found: found,
		Allowed: "objects of " + refusal.List(types) + ", lists and maps of them, { ingress = ..., egress = ... }, or a text",
		Remedy:  "What " + o.cloud.prints + " print is given as a text, as in file(\"rules.json\"), without jsondecode",
	})
}

// state reads what terraform show -json prints of a state.
func (c Cloud) state(page map[string]any) (Seen, error) {
	values, ok := page["values"].(map[string]any)
	if !ok {
		found := "it is what terraform show -json prints of a state without any resource"
		if page["planned_values"] != nil {
			found = "it is what terraform show -json prints of a plan, and not of a state"
		}
		return Seen{}, unprinted(found, c)
	}
	root, _ := values["root_module"].(map[string]any)
	o := &objectReader{cloud: c}
	if count := o.module(root); count == 0 && o.errs.Len() == 0 {
		return Seen{}, unprinted("the state has none of "+refusal.List(slices.Sorted(maps.Keys(c.resources))), c)
	}
	if all := o.errs.All(); len(all) > 0 {
		return Seen{}, all[0]
	}
	return o.seen, nil
}

// module reads a module of a state, and those in it, and returns how many objects
// hold rules.
func (o *objectReader) module(module map[string]any) int {
	count := 0
	resources, ok1 := module["resources"].([]any)
	children, ok2 := module["child_modules"].([]any)
	if module != nil && (!ok1 && module["resources"] != nil || !ok2 && module["child_modules"] != nil) {
		o.errs.Add(unprinted("its resources are not a list", o.cloud))
	}
	for _, element := range resources {
		resource, _ := element.(map[string]any)
		name, isText := resource["type"].(string)
		if !isText {
			o.errs.Add(unprinted("one of its resources is not an object with a type", o.cloud))
		}
		direction, known := o.cloud.resources[name]
		if !known {
			continue
		}
		values, _ := resource["values"].(map[string]any)
		seen, ok := o.cloud.terraform(values)
		if !ok {
			o.errs.Add(unprinted(spelt(resource["address"])+" has no rule", o.cloud))
			continue
		}
		count++
		if place, ok := placeOf(resource); ok && len(seen.Rules) == 1 {
			seen.Rules[0].Place = place
		}
		o.add(seen, direction)
	}
	for _, element := range children {
		child, isModule := element.(map[string]any)
		if !isModule {
			o.errs.Add(unprinted("one of its modules is not an object", o.cloud))
		}
		count += o.module(child)
	}
	return count
}

// placeOf returns where an instance of a resource stands; false for a data source.
func placeOf(resource map[string]any) (Place, bool) {
	address, _ := resource["address"].(string)
	kind, _ := resource["type"].(string)
	name, _ := resource["name"].(string)
	key, _ := resource["index"].(string)
	// Keys of modules may hold anything: the last of these is the resource itself.
	i := strings.LastIndex(address, kind+"."+name)
	if resource["mode"] != "managed" || i < 0 {
		return Place{}, false
	}
	p := Place{Resource: address[:i] + kind + "." + name, Key: key}
	if p.String() != address {
		return Place{}, false
	}
	return p, true
}

// has reports whether an object has all of the attributes, null ones too.
func has(object map[string]any, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, ok := object[name]
		return !ok
	})
}

// terraformAWS reads a rule, a security group with its rules, or the older kind of
// rule with several peers. The data source has no attribute that says which it is,
// either.
func terraformAWS(object map[string]any) (Seen, bool) {
	switch {
	case has(object, "ip_protocol"):
		return Seen{Rules: []Printed{{Row: object}}}, true
	case has(object, "ingress", "egress", "vpc_id"):
		return groupOfAWS(object)
	case has(object, "type", "protocol", "security_group_id"):
		row := maps.Clone(object)
		direction, _ := row["type"].(string)
		group := row["security_group_id"]
		row["security_groups"] = absentOr(row["source_security_group_id"])
		for _, name := range []string{"type", "source_security_group_id", "security_group_id", "id", "timeouts", "region"} {
			delete(row, name)
		}
		rules := peersOfAWS(row, group)
		for i := range rules {
			rules[i].Direction = Direction(direction)
		}
		return Seen{Rules: rules}, true
	}
	return Seen{}, false
}

func absentOr(value any) any {
	if isAbsent(value) {
		return nil
	}
	return []any{value}
}

// groupOfAWS reads the rules that stand in a security group.
func groupOfAWS(object map[string]any) (Seen, bool) {
	var seen Seen
	id, ok := object["id"].(string)
	if ok {
		seen.Groups = []string{id}
	}
	for _, direction := range []Direction{Ingress, Egress} {
		switch rules := object[string(direction)].(type) {
		case Unknown:
			seen.Unknown = true
		case []any:
			for _, element := range rules {
				rule, isObject := element.(map[string]any)
				if _, unknown := element.(Unknown); unknown {
					seen.Unknown = true
					continue
				}
				if !isObject {
					return Seen{}, false
				}
				for _, printed := range peersOfAWS(maps.Clone(rule), object["id"]) {
					printed.Direction = direction
					seen.Rules = append(seen.Rules, printed)
				}
			}
		default:
			return Seen{}, false
		}
	}
	return seen, true
}

// peersOfAWS returns a row for each peer of a rule with several. The row is used up.
func peersOfAWS(rule map[string]any, group any) []Printed {
	common := Row(rule)
	common["security_group_id"] = group
	common["ip_protocol"] = common["protocol"]
	delete(common, "protocol")
	var peers []Printed
	for _, kind := range []struct{ list, attribute string }{
		{"cidr_blocks", "cidr_ipv4"}, {"ipv6_cidr_blocks", "cidr_ipv6"}, {"prefix_list_ids", "prefix_list_id"}, {"security_groups", "referenced_security_group_id"},
	} {
		switch list := common[kind.list].(type) {
		case nil:
		case Unknown:
			peers = append(peers, Printed{Row: Row{kind.attribute: list}})
		case []any:
			for _, peer := range list {
				peers = append(peers, Printed{Row: Row{kind.attribute: peer}})
			}
		default:
			continue // it stays in the row, which is refused
		}
		delete(common, kind.list)
	}
	switch self := common["self"].(type) {
	case bool:
		if self {
			peers = append(peers, Printed{Row: Row{"referenced_security_group_id": group}})
		}
		delete(common, "self")
	case Unknown:
		peers = append(peers, Printed{Row: Row{"referenced_security_group_id": self}})
		delete(common, "self")
	}
	for i := range peers {
		maps.Copy(peers[i].Row, common)
	}
	if len(peers) == 0 {
		peers = []Printed{{Row: common}} // without a peer, which is refused
	}
	return peers
}

// terraformGCP reads a firewall.
func terraformGCP(object map[string]any) (Seen, bool) {
	if !has(object, "name") || !has(object, "allow") && !has(object, "deny") && !has(object, "protocol") {
		return Seen{}, false
	}
	return Seen{Rules: []Printed{{Row: object}}}, true
}

// terraformOpenStack reads a rule of a security group. One of Neutron's API, with
// the same names, is not one: its zeros are no absent ports.
func terraformOpenStack(object map[string]any) (Seen, bool) {
	if !has(object, "ethertype") || has(object, "revision_number") {
		return Seen{}, false
	}
	return Seen{Rules: []Printed{{Row: object}}}, true
}
