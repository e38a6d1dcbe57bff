package cloud

import (
	"fmt"
	"maps"
	"strings"
)

// Printed is a rule that a command line or an API printed, or that Terraform has,
// as a row.
type Printed struct {
	Direction Direction // empty where the row has it
	Row       Row
	State     bool // it is as a Terraform state has it, for World.StateZeros
	Place     Place
}

// Place is an instance of a resource in a Terraform state. The zero value is none.
type Place struct {
	Resource string // with its module, as in module.firewall.aws_vpc_security_group_ingress_rule.this
	Key      string // of for_each; empty where there is none
}

// String writes the place as Terraform's language does.
func (p Place) String() string {
	if p.Key == "" {
		return p.Resource
	}
	return p.Resource + "[" + quote(p.Key) + "]"
}

// quote writes a text as Terraform's language does, in which "${" and "%{" begin
// something else.
func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteString(`\` + string(r))
		case r == '\n':
			quoted.WriteString(`\n`)
		case r == '\r':
			quoted.WriteString(`\r`)
		case r == '\t':
			quoted.WriteString(`\t`)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			quoted.WriteString(string(r) + string(r))
		default:
			quoted.WriteRune(r)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}

// Seen is what a text or objects say about rules.
type Seen struct {
	Rules  []Printed
	Groups []string // groups that were looked into, those without a rule too
	// Unknown says that a whole list of rules is not known yet.
	Unknown bool
}

// objects returns the objects of a list; false where it is no list of objects.
func objects(value any) ([]map[string]any, bool) {
	list, ok := value.([]any)
	all := make([]map[string]any, 0, len(list))
	for _, element := range list {
		object, isObject := element.(map[string]any)
		ok = ok && isObject
		all = append(all, object)
	}
	return all, ok
}

// renamed gives some of the object's values other names, and takes those away whose
// other name is empty: they decide nothing. Where the other name is there already,
// the value keeps its own, under which it is refused. The object itself becomes the
// row: there may be hundreds of thousands.
func renamed(object map[string]any, names map[string]string) Row {
	for name, value := range object {
		other, ok := names[name]
		switch _, taken := object[other]; {
		case !ok, taken:
		case other == "":
			delete(object, name)
		default:
			delete(object, name)
			object[other] = value
		}
	}
	return object
}

// awsNames are the names of describe-security-group-rules, and of permissions.
var awsNames = map[string]string{
	"SecurityGroupRuleId": "security_group_rule_id", "SecurityGroupRuleArn": "", "GroupId": "security_group_id", "GroupOwnerId": "",
	"IsEgress": "is_egress", "IpProtocol": "ip_protocol", "FromPort": "from_port", "ToPort": "to_port", "CidrIpv4": "cidr_ipv4",
	"CidrIpv6": "cidr_ipv6", "PrefixListId": "prefix_list_id", "Description": "", "Tags": "",
}

// printedAWS reads SecurityGroupRules[], or SecurityGroups[] with permissions.
func printedAWS(value any) (Seen, bool) {
	page, _ := value.(map[string]any)
	if _, made := page["Return"]; made {
		return Seen{}, false // what authorize-security-group-ingress made, and no other rule
	}
	if rules, ok := objects(page["SecurityGroupRules"]); ok {
		printed := make([]Printed, 0, len(rules))
		for _, rule := range rules {
			row := renamed(rule, awsNames)
			if group, ok := row["ReferencedGroupInfo"].(map[string]any); ok {
				delete(row, "ReferencedGroupInfo")
				row["referenced_security_group_id"] = group["GroupId"]
			}
			printed = append(printed, Printed{Row: row})
		}
		return Seen{Rules: printed}, true
	}
	groups, ok := objects(page["SecurityGroups"])
	var seen Seen
	for _, group := range groups {
		if id, isText := group["GroupId"].(string); isText {
			seen.Groups = append(seen.Groups, id)
		}
		for _, of := range []struct {
			name      string
			direction Direction
		}{{"IpPermissions", Ingress}, {"IpPermissionsEgress", Egress}} {
			permissions, isList := objects(group[of.name])
			if !isList {
				return Seen{}, false
			}
			for _, permission := range permissions {
				seen.Rules = append(seen.Rules, permitted(permission, group["GroupId"], of.direction)...)
			}
		}
	}
	return seen, ok
}

// permitted returns a row for each peer of a permission.
func permitted(permission map[string]any, group any, direction Direction) []Printed {
	common := renamed(permission, awsNames)
	common["security_group_id"] = group
	var printed []Printed
	for _, kind := range []struct{ list, name, attribute string }{
		{"IpRanges", "CidrIp", "cidr_ipv4"},
		{"Ipv6Ranges", "CidrIpv6", "cidr_ipv6"},
		{"PrefixListIds", "PrefixListId", "prefix_list_id"},
		{"UserIdGroupPairs", "GroupId", "referenced_security_group_id"},
	} {
		peers, ok := objects(permission[kind.list])
		if !ok && permission[kind.list] != nil {
			continue // it stays in the row, which is refused
		}
		delete(common, kind.list)
		for _, peer := range peers {
			printed = append(printed, Printed{Direction: direction, Row: Row{kind.attribute: peer[kind.name]}})
		}
	}
	for i := range printed {
		maps.Copy(printed[i].Row, common)
	}
	if len(printed) == 0 && len(common) > 0 {
		printed = []Printed{{Direction: direction, Row: common}} // without a peer, which is refused
	}
	return printed
}

// gcpNames are the names of Google's API.
var gcpNames = map[string]string{
	"sourceRanges": "source_ranges", "sourceTags": "source_tags", "sourceServiceAccounts": "source_service_accounts",
	"destinationRanges": "destination_ranges", "targetTags": "target_tags", "targetServiceAccounts": "target_service_accounts",
	"allowed": "allow", "denied": "deny", "selfLink": "self_link", "creationTimestamp": "creation_timestamp", "logConfig": "log_config",
	"kind": "", "IPProtocol": "protocol",
}

// printedGCP reads a list of firewalls, or items[].
func printedGCP(value any) (Seen, bool) {
	if page, ok := value.(map[string]any); ok {
		value = page["items"]
	}
	firewalls, ok := objects(value)
	printed := make([]Printed, 0, len(firewalls))
	for _, firewall := range firewalls {
		row := renamed(firewall, gcpNames)
		for _, name := range []string{"allow", "deny"} {
			blocks, _ := row[name].([]any)
			for _, element := range blocks {
				if block, isObject := element.(map[string]any); isObject { // else it is refused as it stands
					renamed(block, gcpNames)
				}
			}
		}
		printed = append(printed, Printed{Row: row})
	}
	return Seen{Rules: printed}, ok
}

// printedOpenStack reads security_group_rules[] of the API, security_groups[] with
// their rules, rules[] of security group show, or the list of security group rule
// list.
func printedOpenStack(value any) (Seen, bool) {
	if list, ok := objects(value); ok {
		printed := make([]Printed, 0, len(list))
		for _, rule := range list {
			printed = append(printed, Printed{Row: listed(rule)})
		}
		return Seen{Rules: printed}, true
	}
	page, _ := value.(map[string]any)
	if groups, ok := objects(page["security_groups"]); ok {
		var seen Seen
		for _, group := range groups {
			of, isGroup := printedOpenStack(group)
			if !isGroup {
				return Seen{}, false
			}
			seen.Rules, seen.Groups = append(seen.Rules, of.Rules...), append(seen.Groups, of.Groups...)
		}
		return seen, true
	}
	if group, ok := page["security_group"].(map[string]any); ok {
		page = group
	}
	var seen Seen
	if id, isText := page["id"].(string); isText {
		seen.Groups = []string{id}
	}
	rules, ok := objects(page["security_group_rules"])
	if !ok {
		rules, ok = objects(page["rules"])
	}
	for _, rule := range rules {
		seen.Rules = append(seen.Rules, Printed{Row: renamed(rule, nil)})
	}
	return seen, ok
}

// listed reads a line of security group rule list. Beside a remote group it has
// "0.0.0.0/0" as the range, which is not what the rule is for, and which says nothing
// where the column of remote groups was left out.
func listed(rule map[string]any) Row {
	names := map[string]string{
		"ID": "id", "IP Protocol": "protocol", "Ethertype": "ethertype", rangeColumn: "remote_ip_prefix", "Direction": "direction",
		remoteGroupColumn: "remote_group_id", "Remote Address Group": "remote_address_group_id", "Security Group": "security_group_id",
	}
	if _, beside := rule[remoteGroupColumn]; !beside && (rule[rangeColumn] == "0.0.0.0/0" || rule[rangeColumn] == "::/0") {
		delete(names, rangeColumn) // under its own name it is refused
	}
	row := renamed(rule, names)
	if !isAbsent(row["remote_group_id"]) || !isAbsent(row["remote_address_group_id"]) {
		delete(row, "remote_ip_prefix")
	}
	ports, ok := row["Port Range"].(string)
	if !ok {
		return row
	}
	delete(row, "Port Range")
	first, last, isRange := strings.Cut(ports, ":")
	switch {
	case ports == "":
	case strings.HasPrefix(ports, "type="):
		icmpType, code, _ := strings.Cut(strings.TrimPrefix(ports, "type="), ":code=")
		row["port_range_min"] = icmpType
		row["port_range_max"] = code
	case isRange:
		row["port_range_min"], row["port_range_max"] = first, last
	default:
		row["Port Range"] = fmt.Sprintf("%q", ports) // refused
	}
	return row
}
