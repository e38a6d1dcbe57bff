package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// The types of the audit's result.
var (
	textsType  = tftypes.List{ElementType: tftypes.String}
	textMap    = tftypes.Map{ElementType: tftypes.String}
	wantedType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"status": tftypes.String, "host": tftypes.String, "flows": textsType, "by": textsType, "missing": textsType,
		"instead": tftypes.String, "erratum": tftypes.String, "remedy": tftypes.String,
	}}
	foundType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"status": tftypes.String, "hosts": textsType, "direction": tftypes.String, "opens": textsType, "wanted": textsType, "by": textsType,
		"instead_of": tftypes.String, "remedy": tftypes.String,
	}}
	auditExpectedType = byDirection(tftypes.Map{ElementType: wantedType})
	auditAdoptType    = byDirection(textMap)
	auditCountsType   = tftypes.Object{AttributeTypes: func() map[string]tftypes.Type {
		types := make(map[string]tftypes.Type)
		for _, status := range auditStatuses {
			types[string(status)] = tftypes.Number
		}
		return types
	}()}
	auditType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"ok": tftypes.Bool, "summary": tftypes.String, "limits": textsType, "unseen": textMap, "counts": auditCountsType,
		"expected": auditExpectedType, "actual": tftypes.Map{ElementType: foundType}, "adopt": auditAdoptType,
		"moved": tftypes.String,
	}}
)

// auditStatuses are the ones that a known result counts.
var auditStatuses = [...]audit.Status{
	audit.Present, audit.Covered, audit.Partial, audit.Missing, audit.Undecided,
	audit.Matched, audit.Within, audit.Excess, audit.Redundant, audit.Foreign,
}

func byDirection(t tftypes.Type) tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{string(cloud.Ingress): t, string(cloud.Egress): t}}
}

// auditValue builds the result in the protocol's form.
func auditValue(in audit.Input, found *audit.Result) tftypes.Value {
	unknown := found.Counts[audit.Unknown] > 0
	whenKnown := func(t tftypes.Type, value any) tftypes.Value {
		if unknown {
			return tftypes.NewValue(t, tftypes.UnknownValue)
		}
		return tftypes.NewValue(t, value)
	}
	counts := make(map[string]tftypes.Value, len(auditStatuses))
	for _, status := range auditStatuses {
		counts[string(status)] = tftypes.NewValue(tftypes.Number, found.Counts[status])
	}
	actual := make(map[string]tftypes.Value, len(found.Actual))
	shared := &sharedValues{texts: make(map[string]tftypes.Value), lists: make(map[string]tftypes.Value)}
	for id, rule := range found.Actual {
		actual[id] = foundValue(rule, shared)
	}
	return tftypes.NewValue(auditType, map[string]tftypes.Value{
		"ok":       answerValue(found.OK),
		"summary":  whenKnown(tftypes.String, found.Summary),
		"limits":   textList(found.Limits),
		"unseen":   whenKnown(textMap, textsByKey(found.Undecided)),
		"counts":   whenKnown(auditCountsType, counts),
		"expected": expectedValue(in, found, unknown),
		"actual":   whenKnown(tftypes.Map{ElementType: foundType}, actual),
		"moved":    whenKnown(tftypes.String, found.Moved),
		"adopt": tftypes.NewValue(auditAdoptType, map[string]tftypes.Value{
			string(cloud.Ingress): tftypes.NewValue(textMap, textsByKey(found.Adopt[cloud.Ingress])),
			string(cloud.Egress):  tftypes.NewValue(textMap, textsByKey(found.Adopt[cloud.Egress])),
		}),
	})
}

// unsettledValue is the result where the rules that are there are not known yet:
// its keys.
func unsettledValue(in audit.Input) tftypes.Value {
	unknown := make(map[string]tftypes.Value, len(auditType.AttributeTypes))
	for name, t := range auditType.AttributeTypes {
		unknown[name] = tftypes.NewValue(t, tftypes.UnknownValue)
	}
	unknown["adopt"] = tftypes.NewValue(auditAdoptType, map[string]tftypes.Value{
		string(cloud.Ingress): tftypes.NewValue(textMap, tftypes.UnknownValue),
		string(cloud.Egress):  tftypes.NewValue(textMap, tftypes.UnknownValue),
	})
	unknown["limits"] = textList(audit.Limits(in.Cloud))
	found := &audit.Result{Expected: make(map[cloud.Direction]map[string]audit.Wanted)}
	for _, e := range in.Expected {
		if !in.Settings.Judges(e.Direction) {
			continue
		}
		if found.Expected[e.Direction] == nil {
			found.Expected[e.Direction] = make(map[string]audit.Wanted)
		}
		found.Expected[e.Direction][e.Key] = audit.Wanted{Status: audit.Unknown, Flows: e.Flows}
	}
	unknown["expected"] = expectedValue(in, found, true)
	return tftypes.NewValue(auditType, unknown)
}

func answerValue(a audit.Answer) tftypes.Value {
	if a == audit.NotKnown {
		return tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)
	}
	return tftypes.NewValue(tftypes.Bool, a == audit.Yes)
}

// expectedValue builds what became of the rules that are wanted. Where something is
// not known yet, ids of rules that let others through are not, either: another
// rule may turn out to be the one.
func expectedValue(in audit.Input, found *audit.Result, unknown bool) tftypes.Value {
	hosts := make(map[cloud.Direction]map[string]string)
	for _, e := range in.Expected {
		if hosts[e.Direction] == nil {
			hosts[e.Direction] = make(map[string]string)
		}
		hosts[e.Direction][e.Key] = e.Host
	}
	directions := make(map[string]tftypes.Value)
	for _, direction := range []cloud.Direction{cloud.Ingress, cloud.Egress} {
		rules := make(map[string]tftypes.Value, len(found.Expected[direction]))
		for key, rule := range found.Expected[direction] {
			rules[key] = wantedRuleValue(rule, hosts[direction][key], unknown)
		}
		directions[string(direction)] = tftypes.NewValue(tftypes.Map{ElementType: wantedType}, rules)
	}
	return tftypes.NewValue(auditExpectedType, directions)
}

func wantedRuleValue(rule audit.Wanted, host string, unknown bool) tftypes.Value {
	attributes := map[string]tftypes.Value{
		"status": tftypes.NewValue(tftypes.String, string(rule.Status)), "by": textList(rule.By), "missing": textList(rule.Missing),
		"instead": orNull(rule.Instead), "erratum": orNull(rule.Erratum), "remedy": orNull(rule.Remedy),
		"host": tftypes.NewValue(tftypes.String, host), "flows": textList(rule.Flows),
	}
	depending := []string{"by", "instead", "erratum"}
	if rule.Status == audit.Unknown {
		depending = append(depending, "status", "missing", "remedy")
	}
	for _, name := range depending {
		if unknown {
			attributes[name] = tftypes.NewValue(wantedType.AttributeTypes[name], tftypes.UnknownValue)
		}
	}
	return tftypes.NewValue(wantedType, attributes)
}

// foundValue builds what became of a rule that is there.
func foundValue(rule *audit.Found, shared *sharedValues) tftypes.Value {
	return tftypes.NewValue(foundType, map[string]tftypes.Value{
		"status": shared.text(string(rule.Status)), "hosts": shared.list(rule.Hosts), "direction": shared.text(string(rule.Direction)),
		"opens": textList(rule.Opens), "wanted": shared.list(rule.Wanted), "by": shared.list(rule.By),
		"instead_of": shared.text(rule.InsteadOf), "remedy": shared.text(rule.Remedy),
	})
}

// sharedValues are those that many rules have, built once: a hundred thousand rules
// open other things, at a few hosts. The empty text is null.
type sharedValues struct{ texts, lists map[string]tftypes.Value }

func (s *sharedValues) text(text string) tftypes.Value {
	value, ok := s.texts[text]
	if !ok {
		value = orNull(text)
		s.texts[text] = value
	}
	return value
}

// list builds a list; those of one text, by it, and the empty one, by "", are kept.
func (s *sharedValues) list(texts []string) tftypes.Value {
	if len(texts) > 1 || len(texts) == 1 && texts[0] == "" {
		return textList(texts)
	}
	key := strings.Join(texts, "")
	value, ok := s.lists[key]
	if !ok {
		value = textList(texts)
		s.lists[key] = value
	}
	return value
}

func orNull(text string) tftypes.Value {
	if text == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, text)
}

func textsByKey(texts map[string]string) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(texts))
	for key, text := range texts {
		values[key] = tftypes.NewValue(tftypes.String, text)
	}
	return values
}
