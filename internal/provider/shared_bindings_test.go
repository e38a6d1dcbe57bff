package provider

import (
	"slices"
	"strings"
	"testing"
)

// TestSharedAttributesOfBindings gives every target what is unknown, null, empty or
// wrong in the attributes that all have, as the golden file has it of AWS: the same is
// refused, in the same words.
func TestSharedAttributesOfBindings(t *testing.T) {
	t.Parallel()
	for _, target := range rulesTargets() {
		t.Run(target.target.Name, func(t *testing.T) {
			t.Parallel()
			base := object{"rules": writtenRules(), "bindings": target.bindings}
			ran := 0
			for _, c := range bindingCases(base) {
				if c.argument == "bindings.attach" || c.what == "a hundred thousand" || slices.Contains(c.says, "security_group_id") {
					continue // by AWS's own attribute, or too slow to do once a target
				}
				ran++
				c.says = slices.DeleteFunc(slices.Clone(c.says), func(words string) bool {
					return words == "refreshes or destroys" && attachingNames(target.target) == "" // which is of groups that are not there yet
				})
				check(t, target, c)
			}
			if ran < 50 {
				t.Errorf("%d cases ran", ran)
			}
			for _, c := range attachCases(base, target) {
				check(t, target, c)
			}
		})
	}
}

// attachCases are those of attach, beside what each target attaches rules to.
func attachCases(base object, target rulesTarget) []diagnosticCase {
	own, _ := target.bindings["mongodb"].(object)
	const at, summary = `bindings["mongodb"].attach`, "bindings.attach"
	given := func(value any) object { return bindings(base, object{"mongodb": own.with(object{"attach": value})}) }
	if attachingNames(target.target) == "" {
		return []diagnosticCase{{argument: summary, kind: isWrong, given: given(true), says: []string{at, `"attach" is not an attribute of a binding`}}}
	}
	actor := target.host(9)
	return []diagnosticCase{
		{argument: summary, kind: isUnknown, given: given(unknown), says: []string{at, "not known yet", "true or false"}},
		{argument: summary, kind: isNull, given: given(nil), gives: "rules"},
		{argument: summary, kind: isEmpty, given: given(""), says: []string{at, `the text ""`, "true or false"}},
		{argument: summary, kind: isWrong, what: "a number", given: given(0), says: []string{at, "the number 0", "true or false"}},
		{argument: summary, kind: isWrong, what: "false, and attached", given: given(false), says: []string{at, "attach is false", "attaches rules to it", "to which peers refer", "leave attach out"}},
		{argument: summary, kind: isWrong, what: "false, and attached in no rule", given: bindings(base, object{"nobody": target.host(8).with(object{"attach": false})}), says: []string{`bindings["nobody"].attach`, "attach is false"}},
		{argument: summary, kind: isWrong, what: "false, of an actor", given: binding(base, actor.with(object{"attach": false})), says: []string{`bindings["users"].`, "only ever a source of user_access rules"}},
		{argument: summary, kind: isRight, what: "false, and not attached", given: binding(base, object{"cidrs": list{"10.20.0.0/16"}, "attach": false}), gives: "rules"},
		{argument: summary, kind: isWrong, what: "alone", given: binding(base, object{"attach": true}), says: []string{`bindings["users"]`, "none of its attributes", "cidrs = []"}},
		{argument: summary, kind: isWrong, what: "left out", given: binding(base, actor), says: []string{`bindings["users"].`, "only ever a source of user_access rules", "attach = true"}},
		{argument: summary, kind: isRight, what: "of an actor", given: binding(base, actor.with(object{"attach": true})), gives: "rules"},
	}
}

// check runs a case by a target, and compares whether it is refused, and in which words.
func check(t *testing.T, target rulesTarget, c diagnosticCase) {
	t.Helper()
	got := target.cases.run(t, c)
	if got.hasError() != (len(c.says) > 0) {
		t.Errorf("%s: refused is %t; want the other: %s%s", c.name(), got.hasError(), got.text(), got.result)
	}
	for _, words := range c.says {
		if !strings.Contains(got.text(), words) {
			t.Errorf("%s: lacks %q:\n%s", c.name(), words, got.text())
		}
	}
}
