package provider

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// auditReader reads the audit's arguments.
type auditReader struct {
	reader
	input  audit.Input
	target string // of settings
	// unsettled reports that the rules that are there, or what is said about them,
	// are not known yet as a whole.
	unsettled bool
}

func (r *auditReader) read(expected, actual, settings field) {
	r.settings(settings)
	r.expected(expected)
	if r.Len() > 0 || r.unknown {
		return // the target is not known: of actual, nothing can be said
	}
	r.checkHosts(settings)
	r.actual(actual)
}

// auditSetting is an attribute of the settings.
type auditSetting struct {
	settingDoc
	read func(r *auditReader, f field)
}

// auditSettings returns the settings by name.
func auditSettings() map[string]auditSetting {
	return map[string]auditSetting{
		"groups": {
			settingDoc{"Map of List of String", "Further groups (tags and service accounts on Google Cloud) that machines of a host have, by the host, as in `{ mongodb = [\"sg-0123456789abcdef0\"] }`: their rules count there. Of a host without rules in `expected` it names the group. One group may serve several hosts."},
			(*auditReader).groups,
		},
		"directions": {
			settingDoc{"List of String", "What is judged: `[\"ingress\"]` where everything may leave, `[\"egress\"]`, or both, the default."},
			(*auditReader).directions,
		},
		"prefix_lists": {
			settingDoc{"Map of List of String", "Entries of prefix lists and address groups by their ids, as in `{ \"pl-0123456789abcdef0\" = [\"10.20.0.0/16\"] }`: without them a list is equal to itself alone, and what its entries could decide is undecided."},
			(*auditReader).prefixLists,
		},
		"families": {
			settingDoc{"List of String", "Families of the addresses that groups, tags and accounts have, on AWS and Google Cloud: `[\"ipv4\"]` or `[\"ipv4\", \"ipv6\"]`. The default is IPv4, and IPv6 where a prefix of either side is of IPv6."},
			(*auditReader).families,
		},
		"target": {
			settingDoc{"String", auditedTargets() + ", where `expected` has no rule that says so."},
			(*auditReader).targetName,
		},
	}
}

func (r *auditReader) settings(f field) {
	o, ok := f.Optional().Object(`an object, as in { directions = ["ingress"] }, or {} for none`)
	if !ok {
		return
	}
	settings := auditSettings()
	names := slices.Sorted(maps.Keys(settings))
	o.RefuseOthers("a setting of the audit", names)
	for _, name := range names {
		if part := o.Optional(name); !part.IsNull() {
			settings[name].read(r, part)
		}
	}
}

func (r *auditReader) groups(f field) {
	groups := &reader{} // of its own: what is unknown here leaves the keys known
	of := groups.At(f.Path(), f.value).Like(`a map of lists of groups, as in { mongodb = ["sg-0123456789abcdef0"] }`)
	r.input.Settings.Groups = make(map[string][]string)
	for host, names := range of.Entries() {
		names = names.List(listWords{"a group's id", "a list of groups", `"sg-0123456789abcdef0"`, ""})
		for _, name := range names.Elements() {
			if text := name.Filled("the group's id"); text != "" {
				r.input.Settings.Groups[host] = append(r.input.Settings.Groups[host], text)
			}
		}
		if _, ok := r.input.Settings.Groups[host]; !ok {
			r.input.Settings.Groups[host] = nil
		}
	}
	r.Merge(groups.Err())
	r.unsettled = r.unsettled || groups.unknown
}

func (r *auditReader) directions(f field) {
	const like = `"ingress", "egress" or both`
	directions := []cloud.Direction{}
	for _, element := range f.List(listWords{"a direction", "a list of directions", `"ingress"`, "Write the directions in the configuration"}).Elements() {
		switch text, ok := element.text(); {
		case !ok:
		case text == string(cloud.Ingress), text == string(cloud.Egress):
			directions = append(directions, cloud.Direction(text))
		default:
			r.Unknown(element.Path(), text, "a direction", []string{"ingress", "egress"})
		}
	}
	slices.Sort(directions)
	directions = slices.Compact(directions)
	if f.isSequence() && len(directions) == 0 && r.Len() == 0 {
		r.Add(&refusal.Error{At: f.Path(), Summary: "Empty list", Found: "the list is empty, and nothing would be judged", Allowed: like, Remedy: "Leave the setting out for both"})
	}
	r.input.Settings.Directions = directions
}

func (r *auditReader) prefixLists(f field) {
	lists := &reader{}
	of := lists.At(f.Path(), f.value).Like(`a map of lists of prefixes, as in { "pl-0123456789abcdef0" = ["10.20.0.0/16"] }`)
	r.input.Settings.Addresses = make(map[string][]netip.Prefix)
	for id, entries := range of.Entries() {
		r.input.Settings.Addresses[id] = lists.prefixes(entries)
	}
	r.Merge(lists.Err())
	r.unsettled = r.unsettled || lists.unknown
}

func (r *auditReader) families(f field) {
	const like = `["ipv4"] or ["ipv4", "ipv6"]`
	texts := f.Like(like).List(listWords{"a family", "a list of families", `"ipv4"`, "Write the families in the configuration"}).Texts()
	slices.Sort(texts)
	switch texts = slices.Compact(texts); {
	case slices.Equal(texts, []string{"ipv4"}):
		r.input.Settings.Families = audit.IPv4Alone
	case slices.Equal(texts, []string{"ipv4", "ipv6"}):
		r.input.Settings.Families = audit.BothFamilies
	case r.Len() == 0 && texts != nil:
		r.Add(&refusal.Error{At: f.Path(), Summary: "Unknown families", Found: spellList(texts) + " stands here", Allowed: like, Remedy: "Leave the setting out for what the rules mention"})
	}
}

func spellList(texts []string) string {
	quoted := make([]string, 0, len(texts))
	for _, text := range texts {
		quoted = append(quoted, `"`+text+`"`)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (r *auditReader) targetName(f field) {
	var names []string
	for _, c := range cloud.All() {
		names = append(names, c.Name)
	}
	text := f.Like(refusal.List(names)).MustBeKnown("the target is not known yet, and how rules are read depends on it", "Write it in the configuration").Filled(refusal.List(names))
	if text != "" && !slices.Contains(names, text) {
		r.Unknown(f.Path(), text, "a target whose rules are audited", names)
		return
	}
	r.target = text
}

// checkHosts refuses groups of hosts that are none.
func (r *auditReader) checkHosts(settings field) {
	for _, host := range slices.Sorted(maps.Keys(r.input.Settings.Groups)) {
		if !slices.Contains(r.input.Hosts, host) {
			r.Unknown(settings.Path().Attribute("groups").Key(host), host, "a host of expected.counts", r.input.Hosts)
		}
	}
	if r.input.Settings.Families != audit.MentionedFamilies && r.input.Cloud.Name == cloud.OpenStack().Name {
		r.Add(&refusal.Error{
			At: settings.Path().Attribute("families"), Summary: "Setting without effect",
			Found: "every rule of OpenStack says its family", Remedy: "Leave the setting out",
		})
	}
}

// notReturned is the error of what no rules function returned.
func (r *auditReader) notReturned(at refusal.Path, found string) {
	r.Add(&refusal.Error{
		At: at, Summary: "Not what a rules function returned", Found: found,
		Allowed: resultOfAudited(),
	})
}

// auditedFunctions lists the functions whose results are audited, as documentation writes
// them or as errors do.
func auditedFunctions(quote string) string {
	var names []string
	for _, target := range firewall.Targets() {
		if slices.ContainsFunc(cloud.All(), func(c cloud.Cloud) bool { return c.Name == target.Name }) {
			names = append(names, quote+target.FunctionName()+quote)
		}
	}
	slices.Sort(names)
	return inWords(names, "or")
}

// auditedTargets lists the targets whose rules are audited, as documentation writes them.
func auditedTargets() string {
	var names []string
	for _, c := range cloud.All() {
		names = append(names, "`"+c.Name+"`")
	}
	slices.Sort(names)
	return inWords(names, "or")
}

func resultOfAudited() string {
	return "the whole result of " + auditedFunctions("") + ", as in local.aws"
}

const rulesAsReturned = "the rules as the function returned them"

// expected reads what a rules function returned.
func (r *auditReader) expected(f field) {
	like := resultOfAudited()
	o, ok := f.Like(like).Object(like)
	if !ok {
		return
	}
	for _, name := range []string{"ingress", "egress", "counts"} {
		if o.attributes[name].Type() == nil {
			r.notReturned(f.Path(), "the object has no "+name)
			return
		}
	}
	for _, name := range []string{"ingress", "egress"} {
		if !o.Required(name).Like(rulesAsReturned).usable() {
			return
		}
	}
	for host := range o.Required("counts").Like(like).Entries() {
		r.input.Hosts = append(r.input.Hosts, host)
	}
	if r.Len() > 0 || r.unknown {
		return
	}
	if len(r.input.Hosts) == 0 {
		r.Add(&refusal.Error{
			At: f.Path().Attribute("counts"), Summary: "Nothing to audit", Found: "no rule is attached to any endpoint: nothing would be looked at",
			Remedy: "Bind at least one host to a group, a tag or an account",
		})
		return
	}
	target, ok := r.targetOf(f, o)
	if !ok {
		return
	}
	for _, direction := range []cloud.Direction{cloud.Ingress, cloud.Egress} {
		if target.Name == cloud.Kubernetes().Name {
			r.expectedPolicies(o.Required(string(direction)), direction)
		} else {
			r.expectedRules(o.Required(string(direction)), direction, target)
		}
	}
	r.errata()
}

// targetOf finds out whose rules these are.
func (r *auditReader) targetOf(f field, o fields) (firewall.Target, bool) {
	readers := make(map[string]cloud.Cloud)
	for _, c := range cloud.All() {
		readers[c.Name] = c
	}
	var target firewall.Target
	names := attributeNames(o.attributes["ingress"], o.attributes["egress"])
	for _, t := range firewall.Targets() {
		if t.Name == r.target || r.target == "" && t.Name == cloud.Kubernetes().Name && isPolicies(o.attributes["ingress"], o.attributes["egress"]) ||
			r.target == "" && len(t.Arguments) > len(target.Arguments) && hasArguments(names, t) {
			target = t
		}
	}
	if reader, ok := readers[target.Name]; ok {
		r.input.Cloud = reader
		return target, true
	}
	if len(names) == 0 {
		r.rulesThatSayNothing(o)
	}
	switch known := refusal.List(slices.Sorted(maps.Keys(readers))); {
	case r.Len() > 0 || r.unknown:
	case target.Name != "":
		r.Add(&refusal.Error{At: f.Path(), Summary: "Target without an audit", Found: "these are the rules of " + target.FunctionName(), Allowed: "those of " + known})
	case len(names) > 0:
		r.notReturned(f.Path(), "its rules have the attributes "+refusal.List(names))
	default:
		r.Add(&refusal.Error{
			At: f.Path(), Summary: "Unknown target", Found: "there is no rule, and nothing else says which cloud this is",
			Remedy: `Write settings = { target = "aws" }`, Allowed: known,
		})
	}
	return firewall.Target{}, false
}

// rulesThatSayNothing says what is wrong with rules of which none has an attribute.
func (r *auditReader) rulesThatSayNothing(o fields) {
	const like = "a rule as the function returned it"
	for _, direction := range []cloud.Direction{cloud.Ingress, cloud.Egress} {
		for _, rule := range o.Required(string(direction)).Like(rulesAsReturned).Entries() {
			if _, ok := rule.Like(like).Object(like); ok {
				r.notReturned(rule.Path(), "the rule has no attribute")
			}
		}
	}
}

// attributeNames returns the names of a rule's attributes, from the first rule that
// there is or from a map's type; none where neither says them.
func attributeNames(directions ...tftypes.Value) []string {
	for _, v := range directions {
		if m, ok := v.Type().(tftypes.Map); ok {
			if o, ok := m.ElementType.(tftypes.Object); ok {
				return slices.Sorted(maps.Keys(o.AttributeTypes))
			}
		}
		rules, _ := elements(v)
		for _, rule := range rules {
			if attributes, ok := elements(rule); ok {
				return slices.Sorted(maps.Keys(attributes))
			}
		}
	}
	return nil
}

func hasArguments(names []string, t firewall.Target) bool {
	for _, argument := range t.Arguments {
		if !slices.Contains(names, argument.Name) {
			return false
		}
	}
	return true
}

// expectedRules reads the rules of one direction. An attribute that is left out
// could widen a rule: each has to stand there, null where it is nothing.
func (r *auditReader) expectedRules(f field, direction cloud.Direction, target firewall.Target) {
	const like = "a rule as the function returned it"
	for key, rule := range f.Like(rulesAsReturned).Entries() {
		o, ok := rule.Like(like).Object(like)
		if !ok {
			continue
		}
		if plainOf(o.attributes["access"]) == "Deny" { // it closes what nobody wants
			continue
		}
		row := make(cloud.Row) // without what is null, which is most of it
		for _, argument := range target.Arguments {
			value := o.attributes[argument.Name]
			if value.Type() == nil {
				r.notReturned(rule.Path(), "the rule has no "+argument.Name)
				return
			}
			if value := plainOf(value); value != nil {
				row[argument.Name] = value
			}
		}
		expected := audit.Expected{Key: key, Direction: direction, Row: row, Host: o.Required("host").Text(), Peer: o.Optional("peer").Text()}
		for _, flow := range o.Required("flows").Elements() {
			expected.Flows = append(expected.Flows, flow.Text())
		}
		if !slices.Contains(r.input.Hosts, expected.Host) && r.Len() == 0 && !r.unknown {
			r.notReturned(rule.Path().Attribute("host"), `"`+expected.Host+`" is not in counts`)
		}
		r.input.Expected = append(r.input.Expected, expected)
	}
}
