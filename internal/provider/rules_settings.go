package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// rulesSetting is a target's setting, as the documentation lists it.
type rulesSetting struct{ firewall.Setting }

func (s rulesSetting) document() settingDoc {
	return settingDoc{typeInWords(argumentType(s.Kind)), s.Doc}
}

func rulesSettings(target firewall.Target) map[string]rulesSetting {
	settings := make(map[string]rulesSetting, len(target.Settings))
	for _, setting := range target.Settings {
		settings[setting.Name] = rulesSetting{setting}
	}
	return settings
}

// documentedRulesSettings lists the settings of a target that has some.
func documentedRulesSettings(target firewall.Target) string {
	if len(target.Settings) == 0 {
		return ""
	}
	return documentedSettings("settings", rulesSettings(target))
}

// readRulesSettings reads the third argument: an object, or null for none. All of it
// must be known, since priorities follow from it.
func readRulesSettings(target firewall.Target, v tftypes.Value, errs *refusal.Errors) map[string]firewall.Cell {
	r := &reader{known: &mustBeKnown{"the value is not known yet, and the rules depend on it", "Write it in the configuration"}}
	read := make(map[string]firewall.Cell)
	o, ok := r.Root("settings", v).Optional().Object("an object of settings, or {} for none")
	if ok {
		settings := rulesSettings(target)
		names := make([]string, 0, len(settings))
		for _, setting := range target.Settings {
			names = append(names, setting.Name)
		}
		o.RefuseOthers("a setting of "+target.FunctionName(), names)
		for _, name := range names {
			if part := o.Optional(name); !part.IsNull() {
				read[name] = readRulesSetting(settings[name].Kind, part)
			}
		}
	}
	errs.Merge(r.Err())
	return read
}

func readRulesSetting(kind firewall.Kind, f field) firewall.Cell {
	switch kind {
	case firewall.Bool:
		return firewall.Cell{Bool: firewall.Known(f.Bool())}
	case firewall.Number:
		return firewall.Cell{Number: numberOf(f)}
	case firewall.NumberMap:
		numbers := make(map[string]firewall.Cell)
		for name, element := range f.Like("a map of whole numbers, by the keys of rules").Entries() {
			numbers[name] = firewall.Cell{Number: numberOf(element)}
		}
		return firewall.Cell{Nested: &firewall.NestedCell{Object: numbers}}
	case firewall.Text, firewall.TextList, firewall.TextSet, firewall.Nested, firewall.TextMap, firewall.RangeMap:
	}
	return firewall.Cell{}
}

// numberOf reads a whole number that is known.
func numberOf(f field) firewall.Value[int64] {
	if n, ok := f.Like("a whole number").Number(); ok {
		return firewall.Known(n)
	}
	return firewall.Value[int64]{}
}
